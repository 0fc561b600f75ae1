"""AWQ: inputs with large values get small errors."""

import numpy as np
import pytest

from minikeras.errors import ShapeError
from minikeras.quantizers import AWQConfig
from minikeras.quantizers.awq import Magnitudes, awq_quantize
from minikeras.quantizers.zero_points import dequantize_with_sz_map

RANDOM = np.random.default_rng(0)
WEIGHTS = RANDOM.normal(size=(16, 24)).astype("float32")
INPUTS = (RANDOM.normal(size=(200, 24)) * np.where(np.arange(24) % 8 == 0, 20, 1)).astype("float32")


def quantized(inputs, **settings):
    magnitudes = Magnitudes(24)
    magnitudes.add(inputs)
    return awq_quantize(WEIGHTS, magnitudes, AWQConfig(["a"], None, **{"group_size": -1, **settings}))


def error(result):
    values, scale, zero, scales, groups = result
    restored = dequantize_with_sz_map(values, scale, zero, groups) / scales
    return np.square(INPUTS @ (restored - WEIGHTS).T).mean()


def test_magnitudes():
    magnitudes = Magnitudes(2)
    for batch in ([[[1.0, -4.0]], [[0.5, 2.0]]], [[-3.0, 0.0]]):
        magnitudes.add(np.array(batch))
    assert magnitudes.values.tolist() == [3, 4] and magnitudes.values.dtype == "float32"


@pytest.mark.parametrize("group_size", [-1, 8, 7])
def test_the_error_is_half_of_that_of_rounding(group_size):
    result, rounded = quantized(INPUTS, group_size=group_size), quantized(np.ones((1, 24)), group_size=group_size)
    assert error(result) < 0.5 * error(rounded)
    values, scale, zero, scales, groups = result
    assert values.dtype == "uint8" and values.max() <= 15 and scale.shape == zero.shape
    assert scale.shape == (16, 1 if group_size == -1 else -(-24 // group_size)) and groups.max() == scale.shape[1] - 1
    large = np.arange(24) % 8 == 0
    assert scales[large].min() > 2 * scales[~large].max()
    assert np.sqrt(scales.max() * scales.min()) == pytest.approx(1, rel=1e-5)


def test_inputs_of_one_size_are_rounded():
    values, scale, zero, scales, _ = quantized(np.ones((1, 24)))
    assert (scales == 1).all()
    np.testing.assert_array_equal(values, np.clip(np.round(WEIGHTS / scale + zero), 0, 15))


def test_more_exponents_are_no_worse():
    assert error(quantized(INPUTS, num_grid_points=40)) <= error(quantized(INPUTS, num_grid_points=1))


def test_refused():
    with pytest.raises(ShapeError, match=r"expected inputs with 3 features. Received: an array of shape \(2, 4\)"):
        Magnitudes(3).add(np.ones((2, 4)))
