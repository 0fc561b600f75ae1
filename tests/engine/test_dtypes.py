"""Keras's rules for the types of results. The whole table is compared with Keras in compat/test_ops.py."""

import itertools
import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest

from minikeras import config
from minikeras.engine import dtypes
from minikeras.errors import ArgumentError, DTypeError, UnknownNameError

EVERY = [*dtypes.ALLOWED, bool, int, float]


@pytest.fixture
def float64():
    config.set_floatx("float64")
    yield
    config.set_floatx("float32")


@pytest.mark.parametrize(
    ("operands", "result"),
    [
        (("int32", "float32"), "float32"),
        (("int64", "float16"), "float16"),
        (("int64", "float32"), "float32"),
        (("float16", "float32"), "float32"),
        (("float32", "float64"), "float64"),
        (("bool", "uint8"), "uint8"),
        (("uint8", "int8"), "int16"),
        (("uint8", "int32"), "int32"),
        (("uint32", "int32"), "int64"),
        (("uint64", "int64"), "float32"),
        (("bool", "bool"), "bool"),
        (("uint8", int), "uint8"),
        (("bool", int), "int32"),
        (("float16", float), "float16"),
        (("int32", float), "float32"),
        (("bool", float), "float32"),
        ((int, float), "float32"),
        ((int,), "int32"),
        ((float,), "float32"),
        ((bool,), "bool"),
        (("int8", "uint8", "float16"), "float16"),
        (("int32", float, "float16"), "float16"),
        (("complex64", "int64"), "complex64"),
        (("complex64", "float16"), "complex64"),
        (("complex64", "float64"), "complex128"),
        (("complex64", "complex128"), "complex128"),
        (("float64", complex), "complex128"),
        (("bool", complex), "complex64"),
        (("complex128", int, float), "complex128"),
        (("bfloat16", float, int), "bfloat16"),
        (("bfloat16", "int64"), "bfloat16"),
        (("bfloat16", "float16"), "float32"),
        (("bfloat16", "float32"), "float32"),
        (("bfloat16", "float64"), "float64"),
        (("uint64", "int8", "float16"), "float16"),
    ],
)
def test_result_type(operands, result):
    assert dtypes.result_type(*operands) == result
    assert dtypes.result_type(*reversed(operands)) == result


def test_result_type_does_not_depend_on_the_order():
    for first, second in itertools.product(EVERY, repeat=2):
        assert dtypes.result_type(first, second) == dtypes.result_type(second, first)


def test_one_type_stays():
    for dtype in dtypes.ALLOWED:
        assert dtypes.result_type(dtype) == dtypes.result_type(dtype, dtype) == dtype


def test_floatx_decides_for_python_floats(float64):
    assert dtypes.result_type("int32", float) == "float64"
    assert dtypes.result_type("float32", float) == "float32"
    assert dtypes.standardize_dtype(None) == dtypes.standardize_dtype(float) == "float64"


def test_no_operands():
    with pytest.raises(ArgumentError, match="at least one"):
        dtypes.result_type()


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        (None, "float32"),
        ("int8", "int8"),
        (np.float16, "float16"),
        (np.dtype("uint8"), "uint8"),
        (np.dtype(">f4"), "float32"),
        (bool, "bool"),
        (int, "int32"),
        (float, "float32"),
        (complex, "complex64"),
        (np.complex128, "complex128"),
        ("int", "int32"),
        ("float", "float32"),
        ("bfloat16", "bfloat16"),
        (np.dtype(ml_dtypes.bfloat16), "bfloat16"),
    ],
)
def test_standardize_dtype(dtype, name):
    assert dtypes.standardize_dtype(dtype) == name


@pytest.mark.parametrize("dtype", ["flaot32", "complex256", "object", object, np.dtype("U3"), 3, "long", [1]])
def test_unknown_dtypes(dtype):
    with pytest.raises(UnknownNameError, match="Unknown dtype"):
        dtypes.standardize_dtype(dtype)


def test_the_nearest_dtype_is_named():
    with pytest.raises(UnknownNameError, match="Did you mean 'float32'"):
        dtypes.standardize_dtype("flaot32")


def test_is_float():
    assert [dtype for dtype in dtypes.ALLOWED if dtypes.is_float(dtype)] == ["float16", "float32", "float64"]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (True, "bool"),
        (3, "int"),
        (2.5, "float"),
        (2j, "complex64"),
        (np.float64(2.5), "float64"),
        (np.int8(3), "int8"),
        (np.zeros(2, "float16"), "float16"),
    ],
)
def test_dtype_of(value, name):
    assert dtypes.dtype_of(value) == name


@pytest.mark.parametrize("name", ["float8_e4m3fn", "float8_e5m2", "int4"])
def test_what_is_not_converted_implicitly(name):
    assert dtypes.standardize_dtype(name) == name and dtypes.is_float(name) == ("float" in name)
    assert dtypes.promote([name, "int", name]) == name
    for others in ([name], [name, name], [name, "float32"]):
        with pytest.raises(DTypeError, match="no implicit conversion"):
            dtypes.result_type(*others)
    with pytest.raises(DTypeError, match=f"between {name} and int32"):
        dtypes.promote(["int32", name])


def test_dtypes_are_imported_when_named(monkeypatch):
    code = """
import sys
import minikeras
from minikeras.engine.dtypes import standardize_dtype
minikeras.ops.ones(2) + 1
assert "ml_dtypes" not in sys.modules
standardize_dtype("bfloat16")
assert "ml_dtypes" in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    dtypes.load_low_precision.cache_clear()
    with pytest.raises(ImportError, match="lowprecision"):
        dtypes.standardize_dtype("bfloat16")


def test_limits():
    assert float(dtypes.limits_of("bfloat16").max) > 3e38 and float(dtypes.limits_of("float8_e4m3fn").max) == 448
    assert dtypes.limits_of("float32").eps == np.finfo("float32").eps


def test_strings_of_any_length():
    for dtype in (str, np.dtype(str), "string"):
        assert dtypes.standardize_dtype(dtype) == "string"
