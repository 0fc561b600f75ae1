"""Coordinates of images that are transformed: worked by hand, and in parts."""

import numpy as np
import pytest

from minikeras.ops.image.coordinates import AffineCoordinates, GivenCoordinates, is_affine, projected

RNG = np.random.default_rng(0)
MAPS = np.concatenate([RNG.uniform(-2, 2, (4, 6)), np.zeros((4, 2))], 1).astype("float32")


def test_worked_by_hand():
    # x' = (2 x + 3 y + 4) / k and y' = (5 x + 6 y + 7) / k, where k = x + 2 y + 1, at (0, 0), (1, 0), (0, 1), (1, 1).
    y, x = projected(np.float32([[2, 3, 4, 5, 6, 7, 1, 2]]), 2, 2)[0]
    np.testing.assert_allclose(x, [[4, 6 / 2], [7 / 3, 9 / 4]], rtol=1e-6)
    np.testing.assert_allclose(y, [[7, 12 / 2], [13 / 3, 18 / 4]], rtol=1e-6)


def test_affine_maps_in_parts():
    whole, coordinates = projected(MAPS, 5, 6), AffineCoordinates(MAPS, 5, 6)
    assert (coordinates.images, coordinates.shape, coordinates.dtype) == (4, (5, 6), "float32")
    out = np.empty((2, 2, 3, 6), "float32")
    coordinates.write(slice(1, 3), slice(2, 5), out)
    np.testing.assert_array_equal(out, whole[1:3, :, 2:5].swapaxes(0, 1))
    low, high = coordinates.limits()
    np.testing.assert_array_equal(low, whole.min((0, 2, 3)))
    np.testing.assert_array_equal(high, whole.max((0, 2, 3)))


def test_given_coordinates_in_parts():
    array = RNG.uniform(-2, 2, (4, 2, 3, 5, 2)).astype("float32")
    coordinates = GivenCoordinates(array)
    assert (coordinates.images, coordinates.shape, coordinates.dtype) == (4, (3, 5, 2), "float32")
    out = np.empty((2, 1, 2, 10), "float32")
    coordinates.write(slice(3, 4), slice(1, 3), out)
    np.testing.assert_array_equal(out, array[3:, :, 1:].swapaxes(0, 1).reshape(out.shape))
    low, high = coordinates.limits()
    np.testing.assert_array_equal(low, array.min((0, 2, 3, 4)))
    np.testing.assert_array_equal(high, array.max((0, 2, 3, 4)))


@pytest.mark.parametrize("number", [6, 7])
def test_maps_that_divide(number):
    assert is_affine(MAPS)
    for value in (0.5, np.nan):
        maps = MAPS.copy()
        maps[2, number] = value
        assert not is_affine(maps)


def test_undefined_limits():
    maps = MAPS.copy()
    maps[1, 2] = np.nan
    low, high = AffineCoordinates(maps, 5, 6).limits()
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True]


def test_rows_and_columns_of_zooms_and_shifts():
    assert not AffineCoordinates(MAPS, 5, 6).keeps_lines
    maps = MAPS.copy()
    maps[:, [1, 3]] = 0
    coordinates = AffineCoordinates(maps, 5, 6)
    assert coordinates.keeps_lines
    y, x = coordinates.along_lines()
    whole = projected(maps, 5, 6)
    np.testing.assert_array_equal(y, whole[:, 0, :, 3])
    np.testing.assert_array_equal(x, whole[:, 1, 2])
    maps[3, 1] = 0.5  # one image is enough
    assert not AffineCoordinates(maps, 5, 6).keeps_lines
