"""Windows: all ways to walk over them agree."""

import numpy as np
import pytest

from minikeras.ops.common.sliding_windows import extent, numbers_inside, taps, window_counts, windows

CASES = [
    ((5,), (3,), (1,), ((0, 0),), (1,)),
    ((4,), (2,), (3,), ((1, 2),), (2,)),
    ((3, 4), (2, 3), (2, 1), ((0, 1), (1, 1)), (1, 1)),
    ((2,), (7,), (1,), ((3, 3),), (1,)),
    ((0,), (3,), (2,), ((0, 0),), (1,)),
]


@pytest.mark.parametrize(("sizes", "size", "strides", "padding", "dilation"), CASES)
def test_taps_are_the_elements_of_windows(sizes, size, strides, padding, dilation):
    counts = window_counts(sizes, size, strides, padding, dilation)
    x = np.arange(1.0, 1 + 2 * np.prod(sizes)).reshape(1, *sizes, 2)
    view = windows(x, size, counts, strides, padding, dilation, fill=-1)
    again = np.full(view.shape, -1.0)
    for index, inside, elements in taps(sizes, size, counts, strides, padding, dilation):
        again[(slice(None), *inside, *index)] = x[(slice(None), *elements)]
    np.testing.assert_array_equal(view, again)
    numbers = numbers_inside(sizes, size, counts, strides, padding, dilation)
    axes = tuple(range(1 + len(sizes), 1 + 2 * len(sizes)))
    np.testing.assert_array_equal(np.broadcast_to(numbers[None], (view > 0).sum(axes).shape), (view > 0).sum(axes))


def test_extent_and_counts():
    assert [extent(1, 5), extent(3, 1), extent(3, 4)] == [1, 3, 9]
    assert window_counts((None, 2, 9), (3, 3, None), (1, 1, 1), ((0, 0),) * 3, (1, 1, 1)) == (None, 0, None)


def test_a_huge_window_costs_what_lies_inside():
    assert len(list(taps((3,), (10**12,), (1,), (1,), ((10**11, 10**12),), (1,)))) == 3
