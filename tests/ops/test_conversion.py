"""Conversion to tensors, numpy arrays and other dtypes."""

import math

import numpy as np
import pytest

from minikeras import Variable, ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    DTypeError,
    NotSupportedError,
    StateError,
    UnknownNameError,
)
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.conversion import weakly_cast
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
    assert ops.cast(2 - 1j, "float32") == ops.cast(np.complex64(2 - 1j), "float32") == 2
    assert ops.cast(True, "float16") == 1 and ops.cast(3, None).dtype == "float32"
    x = np.ones(1, "float32")
    for dtype in ("float32", np.float32):
        assert ops.cast(x, dtype).tolist() == [1.0] and not np.shares_memory(ops.cast(x, dtype), x)


@pytest.mark.parametrize(
    ("value", "dtype", "error"),
    [
        ([1.0], "flaot32", UnknownNameError),
        ("1", "float32", ArgumentTypeError),
        (None, "float32", ArgumentTypeError),
        (-1, "uint8", ArgumentError),
        (math.nan, "int32", ArgumentError),
    ],
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


@pytest.mark.parametrize("dtype", LOW)
def test_low_precision_in_control_flow(dtype):
    """Plans keep the values of loops in buffers of bytes, and tell the dtypes of 1 byte from each other."""

    def step(x):
        x = ops.cast(x, dtype)
        looped = ops.fori_loop(0, 2, lambda i, state: ops.add(state, 1), x)
        carry, outputs = ops.scan(lambda c, row: (ops.add(c, row), ops.maximum(c, row)), ops.zeros_like(x[0]), x)
        chosen = ops.cond(ops.sum(x) > 0, lambda: x, lambda: ops.negative(x))
        counted = ops.while_loop(lambda s: ops.sum(s) < 4, lambda s: ops.add(s, 1), x)
        mapped = ops.map(lambda row: ops.multiply(row, 2), x)
        return looped, carry, outputs, chosen, counted, mapped

    data = [np.float32([[1, 2], [1, -2]]), np.float32([[2, 1], [0, -4]])]
    for x, found in zip(data, run_step_test(step, *data), strict=True):
        below = max(0, -(-(4 - int(x.sum())) // 4))
        sums = np.cumsum(x, axis=0)
        expected = (x + 2, sums[-1], np.maximum([[0, 0], x[0]], x), x if x.sum() > 0 else -x, x + below, 2 * x)
        for ours, theirs in zip(found, expected, strict=True):
            assert ours.dtype == dtype and ours.astype("float32").tolist() == theirs.tolist()


def test_steps_tell_dtypes_of_one_size_apart():
    step = Step(lambda x: ops.cast(x, "float32"), "cast")
    for _ in range(3):
        for dtype in ("float8_e4m3fn", "float8_e5m2", "int8"):
            assert step(ops.cast([1, 2], dtype)).tolist() == [1, 2]
    assert len(step.plans()) == 3


def test_objects_and_dates_are_no_numbers():
    for array in (np.array([1, 2], object), np.array(["2020-01-01"], "datetime64[D]"), np.array(["a"])):
        for function in (ops.sum, ops.exp, ops.add, ops.sign, ops.matmul):
            with pytest.raises((DTypeError, UnknownNameError)):
                function(array, array) if function in (ops.add, ops.matmul) else function(array)
    words = np.array(["b", "a"])
    assert ops.equal(words, np.array(["b", "c"])).tolist() == [True, False]
    assert ops.sort(words).tolist() == ["a", "b"] and ops.unique(words).tolist() == ["a", "b"]
    assert ops.flip(words).tolist() == ["a", "b"] and ops.less(words, words).tolist() == [False, False]
    symbol = KerasTensor((2,), "string")
    assert ops.equal(symbol, symbol).dtype == "bool" and ops.sort(symbol).dtype == "string"
    for function in (ops.sum, ops.exp):
        with pytest.raises(DTypeError):
            function(symbol)


@pytest.mark.parametrize(
    ("value", "dtype", "expected"), [(-1, "uint8", 255), (300, "uint8", 44), (2.7, "int8", 2), (1 + 2j, "float32", 1)]
)
def test_numbers_are_cast_as_arrays_are(value, dtype, expected):
    assert weakly_cast(value, dtype) == expected == ops.cast(np.array(value), dtype)
    assert (
        ops.cast(2.7, "int8") == 2 and ops.cast(1 + 2j, "float32") == 1 and ops.cast(float("inf"), "float16") == np.inf
    )
    assert weakly_cast(float("nan"), "int32").dtype == "int32"


def test_numbers_out_of_range_wrap_as_on_jax():
    x = np.uint8([1, 2])
    assert ops.full_like(x, -1).tolist() == [255, 255] and ops.add(x, 300).tolist() == [45, 46]
    assert ops.maximum(x, -1).tolist() == [255, 255] and ops.full((1,), -1, "uint8").tolist() == [255]
