"""Shapes are inferred without computing large values."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.shapes_only import is_shapes_only, is_small, shapes_only, symbol_for
from minikeras.graph.keras_tensor import KerasTensor


def test_outside_everything_is_computed():
    assert not is_shapes_only()
    assert symbol_for((1000, 1000), "float32") is None


def test_only_small_values_are_computed_inside():
    with shapes_only(lambda shape, dtype: (shape, dtype)):
        assert is_shapes_only()
        assert symbol_for((8, 8), "float32") is None
        assert symbol_for((8, 9), "int32") == ((8, 9), "int32")
        assert symbol_for(65, "float32") == ((65,), "float32")
    assert not is_shapes_only()


def test_small():
    assert is_small(()) and is_small((64,)) and is_small((0, 1000)) and not is_small((65,))


def test_errors_and_blocks_inside_of_blocks():
    with shapes_only(lambda shape, dtype: 1):
        with pytest.raises(ValueError), shapes_only(lambda shape, dtype: 2):
            assert symbol_for(100, "float32") == 2
            raise ValueError
        assert symbol_for(100, "float32") == 1
    assert not is_shapes_only()


def test_ops_on_arrays_give_symbols():
    large = np.ones((100, 100), "float32")
    with shapes_only(KerasTensor):
        product, size = ops.matmul(large, large), ops.add(np.int32(2), np.int32(3))
    assert isinstance(product, KerasTensor) and product.shape == (100, 100) and int(size) == 5
