import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.EinsumDense("abc,cd->abd", (2, 3), bias_axes="d"), (2, 2, 2), (2, 2, 3))
    run_layer_test(lambda: layers.EinsumDense("ab...,bc->ac...", 2, bias_axes="c"), (2, 3, 2), (2, 2, 2), order=1)
    run_layer_test(lambda: layers.EinsumDense("...x,xyz->...yz", (2, 2), "tanh"), (2, 2, 3), (2, 2, 2, 2), order=1)


def test_by_hand():
    x = np.array([[1, 2]], "float32")
    layer = layers.EinsumDense("ab,bc->ac", 2, bias_axes="c", activation="relu")
    layer.build((None, 2))
    layer.set_weights([np.array([[1, -1], [3, 0]]), np.array([1, 0])])
    assert layer(x).tolist() == [[8, 0]]  # 1 * 1 + 2 * 3 + 1, and -1 below 0
    assert np.array_equal(layer.kernel.numpy(), [[1, -1], [3, 0]])


@pytest.mark.parametrize(
    ("equation", "output_shape", "bias_axes", "input_shape", "kernel", "bias", "output"),
    [
        ("ab,bc->ac", 4, "c", (None, 3), (3, 4), (4,), (None, 4)),
        ("abc,cd->abd", (None, 4), "bd", (None, 5, 3), (3, 4), (5, 4), (None, None, 4)),
        ("abc,cde->abde", (5, 2, 4), "d", (2, 5, 3), (3, 2, 4), (2, 1), (2, 5, 2, 4)),
        ("...x,xy->...y", 4, "y", (None, 5, 6, 3), (3, 4), (4,), (None, 5, 6, 4)),
        ("...x,xy->...y", 4, None, (None, 3), (3, 4), None, (None, 4)),
        ("ab...,bc->ac...", 4, "c", (None, 3, 5, 6), (3, 4), (4, 1, 1), (None, 4, 5, 6)),
    ],
)
def test_shapes(equation, output_shape, bias_axes, input_shape, kernel, bias, output):
    layer = layers.EinsumDense(equation, output_shape, bias_axes=bias_axes)
    layer.build(input_shape)
    assert layer.kernel.shape == kernel and (layer.bias is None if bias is None else layer.bias.shape == bias)
    assert layer.compute_output_shape(input_shape) == output


def test_first_values_are_scaled_by_the_right_axes():
    layer = layers.EinsumDense("abc,cde->abde", (2, 30, 40))  # 50 inputs and 1,200 outputs
    layer.build((None, 2, 50))
    limit = np.sqrt(6 / (50 + 1200))
    assert 0.95 * limit < np.abs(layer.kernel.numpy()).max() <= limit


@pytest.mark.parametrize("equation", ["ab,bc", "ab->a", "...ab,bc->ac", "...b...,bc->...c...", "a...,bc->c...", 3])
def test_refused_equations(equation):
    with pytest.raises(ArgumentError, match="EinsumDense: `equation` must be of the form"):
        layers.EinsumDense(equation, 3)


@pytest.mark.parametrize(
    ("arguments", "input_shape", "error", "message"),
    [
        (("ab,bc->ac", 3), (2, 3, 4), ShapeError, "the input has 2 axes"),
        (("ab,bc->ac", (3, 4)), (2, 3), ShapeError, "the output has 2 axes"),
        (("abc,cd->abd", (4, 3)), (2, 5, 3), ShapeError, "axis 'b' has size 5 in the input and 4 in the output"),
        (("ab,bd->ac", 3), (2, 3), ArgumentError, "each letter of the kernel must be one of the input or of the"),
        (("ab,bc->ad", 3), (2, 3), ArgumentError, "each letter of the kernel"),
        (("ab,bc->ac", 3, None, "x"), (2, 3), ArgumentError, "`bias_axes` must be letters of the output"),
        (("ab,bc->ac", (None,)), (2, 3), ArgumentError, "all sizes of the kernel must be known"),
        (("ab,bc->ac", 3), (2, None), ArgumentError, "all sizes of the kernel must be known"),
    ],
)
def test_refused_shapes(arguments, input_shape, error, message):
    with pytest.raises(error, match=message):
        layers.EinsumDense(*arguments).build(input_shape)


def test_what_is_not_there():
    with pytest.raises(ArgumentError, match="EinsumDense: `quantization_config` must be None or a"):
        layers.EinsumDense("ab,bc->ac", 3, quantization_config="int8")
    with pytest.raises(AttributeError, match="has no kernel before it is built"):
        _ = layers.EinsumDense("ab,bc->ac", 3).kernel
