"""GPTQ: rounding where inputs are independent, and far smaller errors than rounding where they are not."""

import numpy as np
import pytest

from minikeras.errors import MatrixError, ShapeError
from minikeras.quantizers import GPTQConfig
from minikeras.quantizers.gptq import Hessian, gptq_quantize
from minikeras.quantizers.zero_points import dequantize_with_sz_map

RANDOM = np.random.default_rng(0)
WEIGHTS = RANDOM.normal(size=(16, 160)).astype("float32")  # more inputs than are corrected one at a time
INPUTS = (RANDOM.normal(size=(500, 20)) @ RANDOM.normal(size=(20, 160)) + RANDOM.normal(size=(500, 160))).astype("f4")


def config(**settings):
    return GPTQConfig(["a"], None, **{"group_size": -1, **settings})


def observed(inputs=INPUTS):
    hessian = Hessian(inputs.shape[-1])
    hessian.add(inputs)
    return hessian


def error(result):
    quantized, scale, zero, groups = result
    restored = dequantize_with_sz_map(quantized, scale, zero, groups)
    return np.square(INPUTS @ (restored - WEIGHTS).T).mean()


def test_hessian():
    whole, parts = observed(), Hessian(160)
    for part in np.split(INPUTS.reshape(10, 50, 160), 5):
        parts.add(part)
    assert parts.samples == 500
    np.testing.assert_allclose(parts.matrix, 2 * INPUTS.T.astype("f8") @ INPUTS / 500, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(parts.matrix, whole.matrix, rtol=1e-3, atol=1e-3)


def test_damping():
    hessian = Hessian(2)
    hessian.add(np.array([[2.0, 0.0]]))
    # An input that is always 0 counts as 1; then a tenth of the mean of 8 and 1.
    assert hessian.damped(0.1) == pytest.approx(np.array([[8.45, 0], [0, 1.45]]))


def test_independent_inputs_are_rounded():
    quantized, scale, zero, groups = gptq_quantize(WEIGHTS, Hessian(160), config())
    expected = np.clip(np.round(WEIGHTS / scale + zero), 0, 15)
    np.testing.assert_array_equal(quantized, expected)
    assert quantized.dtype == "uint8" and scale.shape == zero.shape == (16, 1) and (groups < 1).all()


@pytest.mark.parametrize("settings", [{}, {"group_size": 32}, {"activation_order": True}, {"weight_bits": 2}], ids=str)
def test_the_error_is_a_fifth_of_that_of_rounding(settings):
    corrected = error(gptq_quantize(WEIGHTS, observed(), config(**settings)))
    rounded = error(gptq_quantize(WEIGHTS, Hessian(160), config(**settings)))
    assert corrected < 0.2 * rounded


@pytest.mark.parametrize(("size", "groups"), [(32, 5), (100, 2), (150, 2), (200, 1)])
def test_groups_of_any_size(size, groups):
    """Also those that do not fit the 128 inputs that are corrected together."""
    result = gptq_quantize(WEIGHTS, observed(), config(group_size=size))
    assert result[1].shape == result[2].shape == (16, groups)
    np.testing.assert_array_equal(result[3].astype(int), np.arange(160) // size)
    assert error(result) < 0.2 * error(gptq_quantize(WEIGHTS, Hessian(160), config(group_size=size)))


def test_order_of_activations():
    """Groups are of inputs that are quantized one after the other, not of neighbours."""
    quantized, scale, zero, groups = gptq_quantize(WEIGHTS, observed(), config(group_size=80, activation_order=True))
    sizes = np.square(INPUTS).mean(0)
    assert set(np.argsort(-sizes)[:80]) == set(np.flatnonzero(groups < 1))


def test_refused():
    with pytest.raises(ShapeError, match=r"expected inputs with 3 features. Received: an array of shape \(2, 4\)"):
        Hessian(3).add(np.ones((2, 4)))
    with pytest.raises(MatrixError, match="singular.*`hessian_damping`"):
        gptq_quantize(WEIGHTS[:, :2], observed(np.ones((3, 2), "float32")), config(hessian_damping=0))
