"""The dtypes of results of ops, for every pair of dtypes, next to Keras on JAX."""

import warnings

import ml_dtypes
import numpy as np
import pytest

from compat.jax_dtypes import DTYPES, NUMBERS, OF_ONE, OF_TWO, asked
from minikeras import ops
from minikeras.engine import dtypes
from minikeras.graph.keras_tensor import KerasTensor

CASES = {**OF_TWO, **OF_ONE}
NARROWER = {"int64": "int32", "float64": "float32"}

# numpy has no loops for these; JAX's Bessel function takes the real part.
NOT_OF_COMPLEX = {"arctan2", "logaddexp", "i0"}
# JAX has no loops for integers or booleans; these are computed as floats. It refuses products of some with numbers.
MORE_THAN_JAX = {"sigmoid", "softmax", "erf", "rsqrt", "round", "dot"}
# As in Keras on TensorFlow and on numpy, Python numbers are not weakly typed.
NOT_WEAK = {"mod", "dot", "outer", "append", "hypot", "nextafter"}
OTHERWISE = {("relu", "bool"), ("norm", "complex64")}


@pytest.fixture(scope="module")
def theirs():
    return asked()


def found(function, names, make):
    """The dtype of the result; None if it is refused."""
    values = [NUMBERS[name] if name in NUMBERS else make(name) for name in names]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return dtypes.dtype_of(ops.convert_to_tensor(function(ops, *values)))
    except (TypeError, ValueError):
        return None


def expected_to_differ(case, names, ours, theirs):
    if ours is None:
        return case in NOT_OF_COMPLEX and "complex64" in dtypes.promote([_weak(name) for name in names])
    if theirs is None:
        return case in MORE_THAN_JAX
    return (case in NOT_WEAK and not NUMBERS.keys().isdisjoint(names)) or (case, *names) in OTHERWISE


def _weak(name):
    return dtypes.dtype_of(NUMBERS[name]) if name in NUMBERS else name


def narrowed(ours, names):
    """JAX has no 64 bits, which the pair of an unsigned and a signed type of 32 bits needs."""
    needs_64_bits = len(names) == 2 and dtypes.promote([_weak(name) for name in names]) == "int64"
    return NARROWER.get(ours, ours) if needs_64_bits else ours


@pytest.mark.parametrize("case", CASES)
def test_every_pair(case, theirs):
    different = {}
    for key, expected in theirs[case].items():
        names = key.split()
        ours = found(CASES[case], names, lambda name: np.ones((2, 2), getattr(ml_dtypes, name, name)))
        assert ours == found(CASES[case], names, lambda name: KerasTensor((2, 2), name)), f"{key}: symbolic differs"
        if narrowed(ours, names) != expected and not expected_to_differ(case, names, ours, expected):
            different[key] = (ours, expected)
    assert different == {}


def test_there_are_thousands_of_pairs(theirs):
    assert sum(map(len, theirs.values())) > 6000 and {*theirs} == {*CASES}
    assert {name for table in theirs.values() for name in table.values()} >= {*DTYPES, None}
