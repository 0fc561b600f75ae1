"""The dtypes of a layer, and what its inputs are cast to."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.layers import Layer


class Same(Layer):
    def call(self, inputs, scale=None):
        return inputs


def test_the_policy():
    layer = layers.Dense(2, dtype="mixed_float16")
    assert (layer.dtype, layer.variable_dtype, layer.compute_dtype, layer.input_dtype) == (
        "float32",
        "float32",
        "float16",
        "float16",
    )
    y = layer(np.ones((1, 3)))
    assert y.dtype == "float16" and layer.kernel.dtype == "float32"
    layer.dtype_policy = "float64"
    assert layer.compute_dtype == "float64"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_are_cast_and_integers_are_not(dtype):
    assert Same(dtype=dtype)(np.ones((1, 2), "float64")).dtype == dtype
    assert Same(dtype=dtype)(np.ones((1, 2), "int32")).dtype == "int32"
    assert Same(dtype=dtype, autocast=False)(np.ones((1, 2), "float64")).dtype == "float64"


def test_lists_of_numbers_become_arrays():
    y = Same()([[1, 2.5]])
    assert isinstance(y, np.ndarray) and y.tolist() == [[1, 2.5]]


def test_refused():
    with pytest.raises(ArgumentTypeError, match="expected numbers, received an array of dtype object"):
        Same()(np.array([[{}]]))
    with pytest.raises(ArgumentError, match="only tensors can be passed by position. Pass 'a' by its name"):
        Same()(np.ones((1, 2)), "a")
