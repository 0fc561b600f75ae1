import warnings

import ml_dtypes
import numpy as np

from minikeras import ops
from minikeras.engine.memory_budget import LoadingScope
from minikeras.engine.shapes_only import shapes_only
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.common.eager import computed, is_eager, last_axis_at

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


def test_results_are_arrays_and_there_are_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = computed(lambda x: np.add.reduce(1 / x), np.float32([0, 2]))
    assert type(found) is np.ndarray and found == np.inf and found.dtype == "float32"


def test_the_last_axis_elsewhere():
    x = np.arange(24).reshape(2, 3, 4)
    for axis in range(3):
        np.testing.assert_array_equal(last_axis_at(x, axis), np.moveaxis(x, -1, axis))


def test_arrays_in_another_order_are_left_to_the_ops():
    x = np.random.default_rng(0).normal(size=(6, 7)).astype("float32").T
    for name in ("mean", "var", "std", "median", "prod", "nanmean", "nanvar", "trapezoid", "average", "sort", "diff"):
        found, expected = getattr(ops, name)(x), getattr(ops, name)(np.ascontiguousarray(x))
        assert found.dtype == expected.dtype and found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-5)
