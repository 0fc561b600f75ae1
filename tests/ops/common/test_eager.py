"""Eager ops, also from recipes, give what the ops give that a trace records."""

import ml_dtypes
import numpy as np
import pytest

from minikeras import ops
from minikeras.engine import tree
from minikeras.engine.memory_budget import LoadingScope
from minikeras.engine.shapes_only import shapes_only
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.common.eager import is_eager

X = np.zeros((2, 3), "float32")


def test_only_arrays_of_numpy_in_c_order_are_eager():
    assert is_eager() and is_eager(X) and is_eager(X, X[:1], np.array(1))
    for other in (
        X.T,
        X[:, :2],
        1.0,
        [1.0],
        np.float32(1),
        KerasTensor((2,)),
        Variable(X),
        X.astype(ml_dtypes.bfloat16),
    ):
        assert not is_eager(other) and not is_eager(X, other)


def test_nothing_is_eager_where_ops_are_recorded_inferred_or_charged():
    for scope in (Trace(), shapes_only(KerasTensor), LoadingScope(0)):
        with scope:
            assert not is_eager(X)
        assert is_eager(X)


def test_arrays_in_another_order_are_left_to_the_ops():
    x = np.random.default_rng(0).normal(size=(6, 7)).astype("float32").T
    for name in ("mean", "var", "std", "median", "prod", "nanmean", "nanvar", "trapezoid", "average", "sort", "diff"):
        found, expected = getattr(ops, name)(x), getattr(ops, name)(np.ascontiguousarray(x))
        assert found.dtype == expected.dtype and found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-5)


REDUCTIONS = """
    all any argmax argmin average mean median nanargmax nanargmin nanmax nanmean nanmedian nanprod nanstd nansum nanvar
    prod ptp std var
""".split()
ALONG_AXES = "cumprod cumsum diff flip nancumprod nancumsum sort trapezoid".split()
OF_ONE = """
    angle corrcoef count_nonzero deg2rad diagflat histogram i0 imag logical_not nan_to_num nonzero rad2deg ravel rot90
    sinc trace trunc unique vander
""".split()
OF_TWO = """
    allclose correlate fmax fmin geomspace heaviside isclose isin linspace logical_and logical_or logical_xor logspace
    meshgrid nextafter
""".split()
METHODS = ("linear", "lower", "midpoint", "nearest")
CALLS = {
    **{name: lambda x, f: [f(x), f(x, axis=0), f(x, axis=-1)] for name in REDUCTIONS},
    **{name: lambda x, f: [f(x, axis=0), f(x, axis=-1)] for name in ALONG_AXES},
    **{name: lambda x, f: f(x) for name in OF_ONE},
    **{name: lambda x, f: f(x, ops.flip(x, 0)) for name in OF_TWO},
    "array_split": lambda x, f: f(x, 2),
    "clip": lambda x, f: [f(x, 0, 2), f(x, -0.5, 2.0)],
    "nanquantile": lambda x, f: [f(x, [0.0, 0.3, 1.0], 0, method) for method in METHODS],
    "pad": lambda x, f: [f(x, 1), f(x, 2, "reflect"), f(x, 2, "symmetric")],
    "quantile": lambda x, f: [f(x, [0.0, 0.3, 1.0], -1, method, keepdims=True) for method in METHODS],
    "repeat": lambda x, f: [f(x, 2), f(x, 3, 0), f(x, np.arange(len(x)), 0)],
    "roll": lambda x, f: [f(x, 3), f(x, -2, 0)],
    "round": lambda x, f: f(x, 1),
    "tile": lambda x, f: f(x, (2, 3)),
}
DTYPES = ("bool", "uint8", "int32", "float16", "float32", "float64", "complex64")


def bits(values):
    return [(value.dtype, value.shape, np.nan_to_num(value, nan=7).tobytes()) for value in map(np.asarray, values)]


def outcome(name, x):
    try:
        found = tree.flatten(CALLS[name](x, getattr(ops, name)))
        return bits([item.array if isinstance(item, Tensor) else item for item in found])
    except (ArithmeticError, TypeError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize("name", CALLS)
def test_arrays_give_the_bits_of_a_trace(name):
    """Also signs of zeros; NaNs are all the same. What is refused is refused by the same error."""
    for shape in ((7,), (6, 5), (4, 3, 3), (0,), (3, 0)):
        for dtype in DTYPES:
            x = np.random.default_rng(0).integers(0 if dtype == "uint8" else -3, 4, shape) / 2
            x.reshape(-1)[::5] = -0.0
            if dtype.startswith("float"):
                x.reshape(-1)[1::7] = np.nan
            x = x.astype(dtype)
            eager = outcome(name, x)
            with Trace() as trace:
                assert outcome(name, Tensor(x, trace)) == eager, (shape, dtype)
            for _ in range(2):  # from a recipe
                assert outcome(name, x) == eager, (shape, dtype)
