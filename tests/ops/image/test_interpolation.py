"""Interpolation at coordinates: worked by hand, and by SciPy, of which three modes are equal."""

import numpy as np
import pytest
from scipy import ndimage

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.image import interpolation
from minikeras.ops.image.interpolation import sample
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
ROW = np.float32([10, 20, 40])
interpolated = ops.image.map_coordinates


@pytest.mark.parametrize(
    ("mode", "nearest", "linear"),
    [
        ("constant", [7, 7, 10, 20, 40, 7, 7], [7, 8.5, 10, 30, 23.5, 7, 7]),
        ("nearest", [10, 10, 10, 20, 40, 40, 40], [10, 10, 10, 30, 40, 40, 40]),
        ("mirror", [40, 20, 10, 20, 40, 20, 10], [40, 15, 10, 30, 30, 20, 10]),
        ("reflect", [20, 10, 10, 20, 40, 40, 20], [20, 10, 10, 30, 40, 40, 20]),
        ("wrap", [20, 40, 10, 20, 40, 10, 20], [20, 25, 10, 30, 25, 10, 20]),
    ],
)
def test_fill_modes(mode, nearest, linear):
    places = np.float32([[-2, -0.5, 0, 1.5, 2.5, 3, 4]])
    assert interpolated(ROW, places, 1, mode, 7).tolist() == linear
    whole = np.float32([[-2, -1, 0, 1, 2, 3, 4]])
    assert interpolated(ROW, whole, 0, mode, 7).tolist() == nearest


@pytest.mark.parametrize("mode", ["nearest", "mirror", "reflect"])
def test_as_scipy(mode):
    x, places = RNG.normal(size=(4, 1, 5)), RNG.uniform(-9, 12, (3, 6, 7))
    expected = ndimage.map_coordinates(x, places, order=1, mode=mode)
    np.testing.assert_allclose(interpolated(x, places, 1, mode), expected, rtol=1e-9, atol=1e-12)


def test_halves_are_rounded_away_from_zero():
    assert interpolated(ROW, [[0.5, 1.5, -0.5, 0.49]], 0, "wrap").tolist() == [20, 40, 40, 10]
    integers = interpolated(np.int32([-1, 0, 1, 4]), [[0.5, 1.5, 2.5]], 1)
    assert (integers.dtype, integers.tolist()) == ("int32", [-1, 1, 3])


def test_far_and_undefined_coordinates():
    places = np.float32([[np.inf, -np.inf, 1e30, -1e30]])
    assert interpolated(ROW, places, 0, "nearest").tolist() == [40, 10, 40, 10]
    assert interpolated(ROW, places, 0, "constant", 7).tolist() == [7, 7, 7, 7]
    assert np.isnan(interpolated(ROW, [[np.nan]], 1)).all()


def test_sequences_of_coordinates_and_no_points():
    x = np.arange(12, dtype="float32").reshape(3, 4)
    assert interpolated(x, [np.float32([1, 2]), np.int32([0, 3])], 1).tolist() == [4, 11]
    assert interpolated(x, np.zeros((2, 0, 3)), 1).shape == (0, 3)
    assert interpolated(KerasTensor((None, 4)), KerasTensor((2, None, 3)), 1).shape == (None, 3)


def test_samples_of_a_batch():
    x = RNG.normal(size=(2, 3, 4, 2))
    places = RNG.uniform(-1, 4, (2, 2, 5))
    together = sample(x, places, 1, "reflect", 0.0)
    for number in range(2):
        for channel in range(2):
            alone = interpolated(x[number, ..., channel], places[number], 1, "reflect")
            np.testing.assert_allclose(together[number, :, channel], alone, rtol=1e-12)
    assert sample(x[:0], places[:1], 1, "reflect", 0.0).shape == (0, 5, 2)


@pytest.mark.parametrize("mode", ["constant", "wrap"])
@pytest.mark.parametrize("count", [1, 2])
def test_gradients_of_a_batch(mode, count):
    x, places = RNG.normal(size=(2, 2, 3, 2)), RNG.uniform(-1, 4, (count, 2, 3))
    check_grads(lambda x, places: sample(x, places, 1, mode, 1.5) ** 2, x, places)


def test_points_are_computed_in_blocks(monkeypatch):
    x, places = RNG.normal(size=(2, 3, 4, 20)), RNG.uniform(-1, 4, (2, 2, 9))
    expected = sample(x, places, 1, "constant", 1.5)
    monkeypatch.setattr(interpolation, "_BLOCK", 4)
    np.testing.assert_array_equal(sample(x, places, 1, "constant", 1.5), expected)


def test_refused():
    for order in (2, -1, 0.5, None):
        with pytest.raises(ArgumentError, match=f"order of 0 or 1. Received: order={order}"):
            interpolated(ROW, [[0.0]], order)
    with pytest.raises(UnknownNameError, match="Did you mean 'reflect'"):
        interpolated(ROW, [[0.0]], 1, "reflekt")
    for places in ([0.0], [[0.0], [1.0]]):
        with pytest.raises(ShapeError, match=r"\(number of axes of `inputs`, ...\)"):
            interpolated(ROW, places, 1)
    with pytest.raises(ShapeError, match="an array with elements"):
        interpolated(ROW[:0], [[0.0]], 1)
