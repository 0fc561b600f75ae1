"""Leading axes: their length, and symbolic tensors along them."""

import numpy as np
import pytest

from minikeras.errors import ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.control_flow.leading_axes import as_symbol, is_symbolic, length_of, stacked_symbol


def test_length():
    x = np.zeros((3, 2))
    assert length_of("`test`", [x, x[:, 0]], None) == length_of("`test`", [], 3) == length_of("`test`", [x], 3) == 3
    assert length_of("`test`", [KerasTensor((None, 2)), x], None) == 3
    assert length_of("`test`", [KerasTensor((None, 2))], None) is None
    for stacks, length in (([x, x[:2]], None), ([x], 2), ([x[0, 0]], None)):
        with pytest.raises(ShapeError, match="`test`: all scanned values"):
            length_of("`test`", stacks, length)


def test_symbols():
    free = KerasTensor((None, 3))
    assert is_symbolic([{"a": free}]) and not is_symbolic(np.zeros(1), None)
    assert as_symbol(free) is free and as_symbol(np.zeros((2,), "int32")).dtype == "int32"
    assert stacked_symbol(KerasTensor((3,)), [free], None).shape == (None, 3)
    assert stacked_symbol(free, [], 5).shape == (5, None, 3)
    fixed = stacked_symbol(np.zeros((2,), "float16"), [np.zeros((4, 1)), free], 4)
    assert fixed.shape == (4, 2) and fixed.dtype == "float16"
    assert stacked_symbol(KerasTensor((3,)), [free], None).stand_in_shape(0) == (free.stand_in_shape(0)[0], 3)
