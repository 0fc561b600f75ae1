"""The neighbors of coordinates, worked by hand."""

import numpy as np
import pytest

from minikeras.ops.image.neighbors import FILL_MODES, combined, half_away, neighbors


def test_halves_are_rounded_away_from_zero():
    for dtype in ("float16", "float32", "float64"):
        below_half = np.nextafter(np.array(0.5, dtype), np.array(0, dtype))
        x = np.array([0.5, -0.5, 1.5, -2.5, below_half, -below_half, 1023, np.inf], dtype)
        assert half_away(x).tolist() == [1, -1, 2, -3, 0, 0, 1023, np.inf]
        assert half_away(x).dtype == dtype
    odd = np.float32([2**23 + 1, 2**24 - 1, -(2**23) - 1])
    assert half_away(odd).tolist() == odd.tolist()


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("mode", FILL_MODES)
def test_elements_inside_next_to_and_far_from_an_array(size, mode):
    continued = {
        "constant": lambda i: i,
        "nearest": lambda i: min(max(i, 0), size - 1),
        "wrap": lambda i: i % size,
        "reflect": lambda i: min(i % (2 * size), 2 * size - 1 - i % (2 * size)),
        "mirror": lambda i: size - 1 - abs(size - 1 - i % max(2 * size - 2, 1)) if size > 1 else 0,
    }[mode]
    for limit in (1, 2 * size, 1000):
        whole = np.arange(-limit, limit + 1)
        found = neighbors(np.float32([whole + 0.25]), (size,), 1, mode)
        nearest = neighbors(np.float32([whole + 0.25]), (size,), 0, mode)
        assert found.weights[:, 0].tolist() == [[0.75] * len(whole), [0.25] * len(whole)]
        assert nearest.weights is None
        for shift in (0, 1):
            inside = [0 <= i + shift < size for i in whole]
            expected = [continued(i + shift) for i in whole.tolist()]
            if mode == "constant":
                assert found.is_outside[shift].tolist() == [not each for each in inside]
                np.testing.assert_array_equal(found.offsets[shift][inside], np.array(expected)[inside])
            else:
                assert found.is_outside is None
                assert found.offsets[shift].tolist() == expected
        np.testing.assert_array_equal(nearest.offsets[0], found.offsets[0])


def test_offsets_and_slopes_of_several_axes():
    found = neighbors(np.array([[0.25], [1.0], [2.5]]), (2, 3, 4), 1, "constant", slopes=(1,))
    assert found.offsets[..., 0].tolist() == [[[6, 7], [10, 11]], [[18, 19], [22, 23]]]
    assert found.weights[..., 0].tolist() == [[0.75, -1.0, 0.5], [0.25, 1.0, 0.5]]
    assert not found.is_outside.any()
    assert combined(np.multiply, found.weights)[1, 0].tolist() == [[-0.125], [-0.125]]


def test_indices_beyond_the_whole_numbers_of_half_precision():
    places = np.float16([[2049.0, 4000.0]])  # the first is rounded to 2048
    assert neighbors(places, (2049,), 0, "constant").is_outside.tolist() == [[False, True]]
    assert neighbors(places, (4001,), 0, "nearest").offsets.tolist() == [[2048, 4000]]
