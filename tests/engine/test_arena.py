"""Small variables lie side by side."""

import threading

import numpy as np
import pytest

from minikeras.engine.arena import allocate, arena_group, release_chunks
from minikeras.engine.variable import Variable


def address(array):
    return array.ctypes.data


def test_small_arrays_of_one_type_lie_side_by_side():
    first, second, other, third = (allocate(np.ones(n, t)) for n, t in ((3, "f4"), (2, "f4"), (5, "f8"), (4, "f4")))
    assert address(first) + first.nbytes == address(second)
    assert address(second) + second.nbytes == address(third)
    assert other.tolist() == [1] * 5 and third.tolist() == [1] * 4


def test_a_copy_is_kept_in_shape_and_order():
    value = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    kept = allocate(value)
    value[:] = 0
    assert kept.tolist() == [[0, 1, 2], [3, 4, 5]] and kept.flags.c_contiguous


def test_large_and_empty_arrays_have_memory_of_their_own():
    for shape in ((5000,), (0, 3)):
        assert allocate(np.zeros(shape, "f4")).base is None


def test_memory_is_given_back_with_the_last_variable():
    variables = [Variable(np.zeros(1000, "float32")) for _ in range(100)]
    assert len({id(variable.buffer.base) for variable in variables}) in (7, 8)  # 16 in each


def test_threads_do_not_share_memory():
    bases = []

    def make():
        bases.append(allocate(np.ones(3, "f4")).base)

    make()
    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    assert bases[0] is not bases[1]


def test_those_of_a_group_lie_side_by_side():
    momentums, velocities = [], []
    for size in (3, 2, 4):
        with arena_group("momentum"):
            momentums.append(allocate(np.zeros(size, "f4")))
        with arena_group("velocity"):
            velocities.append(allocate(np.zeros(size, "f4")))
    for first, second in (*zip(momentums, momentums[1:], strict=False), *zip(velocities, velocities[1:], strict=False)):
        assert address(first) + first.nbytes == address(second)


def test_a_group_ends_on_an_error():
    before = allocate(np.zeros(2, "f4"))
    with pytest.raises(KeyError), arena_group("momentum"):
        raise KeyError
    assert address(allocate(np.zeros(2, "f4"))) == address(before) + before.nbytes


def test_released_chunks_are_filled_no_further():
    before = allocate(np.ones(2, "f4"))
    release_chunks()
    after = allocate(np.ones(2, "f4"))
    assert after.base is not before.base and before.tolist() == after.tolist() == [1, 1]


def test_a_large_new_array_is_not_copied():
    value = np.ones((50, 100), "float32")
    assert allocate(value, is_new=True) is value
    assert allocate(value) is not value
    for other in (np.ones(5, "float32"), value.T, value[:, ::2], np.broadcast_to(np.float32(1), (50, 100))):
        kept = allocate(other, is_new=True)
        assert kept is not other and not np.shares_memory(kept, other) and kept.flags.c_contiguous


def test_what_a_user_keeps_is_copied():
    kept = np.ones((100, 100), "float32")
    variable = Variable(lambda shape, dtype: kept, shape=(100, 100))
    kept[:] = 0
    assert (variable.numpy() == 1).all()
