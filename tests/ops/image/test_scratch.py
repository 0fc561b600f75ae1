"""Memory for intermediate arrays: kept for the next call, never lent twice."""

import threading

import numpy as np
import pytest

from minikeras.ops.image.scratch import cut, scratch


def test_kept_for_the_next_call():
    with scratch(100, 20) as first:
        assert first.floats.dtype == "float32" and first.indices.dtype == "intp"
        assert first.floats.size >= 100 and first.indices.size >= 20
    with scratch(50, 20) as second:
        assert second.floats is first.floats and second.indices is first.indices
    with scratch(first.floats.size + 1, 5) as third:
        assert third.floats.size > first.floats.size and third.indices is first.indices


def test_never_lent_twice():
    with scratch(10, 10) as outer:
        with scratch(10, 10) as inner:
            assert not np.shares_memory(outer.floats, inner.floats)
            assert not np.shares_memory(outer.indices, inner.indices)
        others = []

        def elsewhere():
            with scratch(10, 10) as memory:
                others.append(memory)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert not np.shares_memory(outer.floats, others[0].floats)


def test_much_memory_and_that_of_a_failed_call_are_not_kept():
    with scratch(1 << 20, 1 << 20) as large:
        pass
    with scratch(1, 1) as small:
        assert small.floats is not large.floats and small.indices is not large.indices
    with pytest.raises(RuntimeError), scratch(10, 10) as failed:
        raise RuntimeError
    with scratch(10, 10) as after:
        assert after.floats is not failed.floats


def test_cut():
    memory = np.arange(20)
    first, second, none = cut(memory, (2, 3), (4,), (0, 5))
    assert first.tolist() == [[0, 1, 2], [3, 4, 5]] and second.tolist() == [6, 7, 8, 9] and none.shape == (0, 5)
    assert np.shares_memory(first, memory) and np.shares_memory(second, memory)
