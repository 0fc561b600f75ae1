"""Conversion to tensors, numpy arrays and other dtypes."""

import numpy as np
import pytest

from minikeras import Variable, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentTypeError, DTypeError, NotSupportedError, StateError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import run_step_test


def test_convert_to_tensor():
    x = np.float64([1.5, 2.5])
    found = ops.convert_to_tensor(x)
    assert found.tolist() == [1.5, 2.5] and found.dtype == "float64" and not np.shares_memory(found, x)
    assert ops.convert_to_tensor(x, "float32").dtype == "float32"
    assert ops.convert_to_tensor([1.5], dtype="int32").tolist() == [1]
    symbolic = KerasTensor((None,))
    assert ops.convert_to_tensor(symbolic) is symbolic
    assert ops.convert_to_tensor(symbolic, "int32").dtype == "int32"
    with Trace() as trace:
        tensor = Tensor(x, trace)
        assert ops.convert_to_tensor(tensor) is tensor
        assert isinstance(ops.convert_to_tensor(Variable(x)), Tensor)


@pytest.mark.parametrize("arguments", [{"sparse": True}, {"sparse": False}, {"ragged": True}])
def test_no_sparse_or_ragged_tensors(arguments):
    with pytest.raises(NotSupportedError, match=f"{next(iter(arguments))}="):
        ops.convert_to_tensor([1.0], **arguments)


def test_python_floats_become_float64_unrounded():
    assert ops.convert_to_tensor(1.1, "float64") == 1.1
    assert ops.convert_to_tensor([[1.1]], dtype="float64").tolist() == [[1.1]]
    assert ops.array(1.1, "float64") == 1.1
    assert ops.linspace(0.1, 1.1, 2, dtype="float64").tolist() == [0.1, 1.1]


def test_convert_to_numpy():
    assert ops.convert_to_numpy([1, 2]).dtype == "int32"
    assert ops.convert_to_numpy(Variable([1.5])).tolist() == [1.5]
    with pytest.raises(StateError, match="symbolic"):
        ops.convert_to_numpy(KerasTensor((1,)))


def test_is_tensor():
    for value in (np.ones(1), Variable([1.0]), KerasTensor((1,)), Tensor(np.ones(1), Trace())):
        assert ops.is_tensor(value)
    for value in (1.0, [1.0], None, "x", np.float32(1)):
        assert not ops.is_tensor(value)


def test_cast():
    assert ops.cast([1.9, -1.9], "int32").tolist() == [1, -1]
    assert ops.cast([0.0, 0.5, np.nan], "bool").tolist() == [False, True, True]
    assert ops.cast(True, "float16") == 1 and ops.cast(3, None).dtype == "float32"
    x = np.ones(1, "float32")
    for dtype in ("float32", np.float32):
        assert ops.cast(x, dtype).tolist() == [1.0] and not np.shares_memory(ops.cast(x, dtype), x)


@pytest.mark.parametrize(
    ("value", "dtype", "error"),
    [([1.0], "flaot32", UnknownNameError), ("1", "float32", ArgumentTypeError), (None, "float32", ArgumentTypeError)],
)
def test_cast_refuses(value, dtype, error):
    with pytest.raises(error):
        ops.cast(value, dtype)


def test_a_cast_to_the_same_type_is_not_recorded():
    with Trace() as trace:
        x = Tensor(np.ones(1, "float32"), trace)
        ops.cast(x, "float32"), ops.convert_to_tensor(x, "float32"), x + np.ones(1, "float32")
    assert [entry.primitive.name for entry in trace.entries] == ["add"]


def test_the_gradient_of_a_cast_has_the_type_of_its_input():
    with Trace() as trace:
        x = Tensor(np.ones(2, "float16"), trace)
        (grad,) = gradients(ops.sum(ops.cast(x, "float64") * 3), [x])
        assert grad.dtype == "float16" and grad.tolist() == [3, 3]


def test_dtype():
    for x in (np.float16(1), np.zeros(2, "float16"), Variable([1.0], dtype="float16"), KerasTensor((2,), "float16")):
        assert ops.dtype(x) == "float16"
    with Trace() as trace:
        assert ops.dtype(Tensor(np.ones(1, "int8"), trace)) == "int8"
    for x in ([1.0], 2.5):
        with pytest.raises(AttributeError, match="`dtype` expects a tensor"):
            ops.dtype(x)


LOW = ["bfloat16", "float8_e4m3fn", "float8_e5m2", "int4"]


@pytest.mark.parametrize("dtype", LOW)
def test_low_precision(dtype):
    def step(x):
        x = ops.cast(x, dtype)
        parts = [x + x, x * 2, ops.maximum(x, 1), ops.matmul(x, x), ops.sort(x), ops.concatenate([x, x[:1]])]
        return [ops.cast(part, "float32") for part in (*parts, ops.sum(x, axis=0), ops.where(x > 1, x, -x))]

    data = [np.float32([[1, 2], [1, -2]]), np.float32([[2, 1], [0, -1]])]
    results = run_step_test(step, *data)
    for x, found in zip(data, results, strict=True):
        for ours, expected in zip(found, step_in_float32(x), strict=True):
            assert ours.tolist() == expected.tolist()
    symbol = KerasTensor((None, 2), dtype)
    assert (symbol + 1).dtype == ops.sum(symbol).dtype == dtype and (symbol > 1).dtype == "bool"
    variable = Variable([1, 2], dtype=dtype)
    variable.assign_add(ops.cast([1, 1], dtype))
    assert variable.dtype == dtype and ops.cast(variable, "float32").tolist() == [2, 3]
    if dtype != "bfloat16":
        with pytest.raises(DTypeError, match=f"conversion between {dtype} and float32"):
            ops.add(variable, data[0])


def step_in_float32(x):
    parts = [x + x, x * 2, np.maximum(x, 1), x @ x, np.sort(x), np.concatenate([x, x[:1]])]
    return [*parts, x.sum(0), np.where(x > 1, x, -x)]


def test_sums_of_bfloat16_are_accumulated_in_float32():
    ones = ops.ones((3000,), "bfloat16")  # a sum in bfloat16 would stop at 256
    assert ops.sum(ones) == 3008 and ops.mean(ones) == 1 and ops.dot(ones, ones) == 3008
    with Trace() as trace:
        x = Tensor(ops.cast([1.5, 2.0], "bfloat16"), trace)
        (grad,) = gradients(ops.sum(ops.exp(x) * x), [x])
        assert grad.dtype == "bfloat16"
        np.testing.assert_allclose(np.float32(grad.array), np.exp([1.5, 2]) * [2.5, 3], rtol=2**-7)


def test_strings_are_carried():
    for text in ("a", ["a", "bc"], np.array([["a"]]), [b"a"]):
        for dtype in (None, "string", str):
            found = ops.convert_to_tensor(text, dtype)
            assert isinstance(found, np.ndarray) and found.tolist() == np.array(text).tolist()
            assert ops.dtype(found) == "string" and ops.convert_to_numpy(found).tolist() == found.tolist()
    symbol = KerasTensor((None,), "string")
    assert symbol.dtype == "string" and ops.convert_to_tensor(symbol, "string") is symbol
    for call in (
        lambda: ops.exp(ops.convert_to_tensor(["a"])),
        lambda: ops.exp(symbol),
        lambda: ops.add(symbol, 1.0),
        lambda: ops.cast([1.0], "string"),
        lambda: ops.convert_to_tensor([1.0], "string"),
        lambda: ops.convert_to_tensor(["a"], "float32"),
    ):
        with pytest.raises(DTypeError):
            call()


@pytest.mark.parametrize(
    ("value", "dtype", "expected"), [(-1, "uint8", 255), (300, "uint8", 44), (2.7, "int8", 2), (1 + 2j, "float32", 1)]
)
def test_numbers_are_cast_as_arrays_are(value, dtype, expected):
    assert ops.cast(value, dtype) == expected == ops.cast(np.array(value), dtype)
    assert ops.cast(float("inf"), "float16") == np.inf and ops.cast(float("nan"), "int32").dtype == "int32"


def test_numbers_out_of_range_wrap_as_on_jax():
    x = np.uint8([1, 2])
    assert ops.full_like(x, -1).tolist() == [255, 255] and ops.add(x, 300).tolist() == [45, 46]
    assert ops.maximum(x, -1).tolist() == [255, 255] and ops.full((1,), -1, "uint8").tolist() == [255]
