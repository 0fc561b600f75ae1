"""Variables next to `keras.Variable`: the ways to make one, and its operators."""

import operator

import keras
import numpy as np
import pytest

import minikeras

MADE = {
    "a name": lambda k: k.Variable("zeros", (2,)),
    "keywords": lambda k: k.Variable(initializer="ones", shape=[2, 3], dtype="int32", trainable=False, name="v"),
    "a scalar": lambda k: k.Variable("zeros", shape=(), dtype="float16"),
    "an initializer": lambda k: k.Variable(k.initializers.Constant(2.5), (2,)),
    "a function": lambda k: k.Variable(lambda shape, dtype: np.full(shape, 3, dtype), (2,)),
    "a list": lambda k: k.Variable([1.5, 2]),
    "a number": lambda k: k.Variable(2.5),
    "a boolean": lambda k: k.Variable(True),
    "an array": lambda k: k.Variable(np.ones((2, 3), "float32"), shape=(2, 3)),
    "a variable": lambda k: k.Variable(k.Variable([1.0])),
    "int": lambda k: k.Variable("zeros", (2,), "int32" if k is keras else "int"),
    "complex": lambda k: k.Variable("ones", (2,), "complex64"),
}

UNARY = [operator.neg, operator.pos, abs, operator.invert, round, lambda x: round(x, 1), float, int, len, list]
UNARY += [lambda x: x[0], lambda x: x[1:], lambda x: x == x, lambda x: np.asarray(x)]
BINARY = "add sub mul truediv floordiv mod pow lt le gt ge eq ne and_ or_ xor".split()
BINARY += "iadd isub imul itruediv iand".split()
VALUES = {
    "float32": np.float32([1.25, -2.5, 3]),
    "int32": np.int32([7, -3, 2]),
    "bool": np.array([True, False, True]),
    "scalar": np.float32(2.5),
}


@pytest.mark.parametrize("way", MADE)
def test_made(way):
    ours, theirs = MADE[way](minikeras), MADE[way](keras)
    assert (ours.dtype, tuple(ours.shape), ours.trainable) == (theirs.dtype, tuple(theirs.shape), theirs.trainable)
    np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize("arguments", [("zeros", (-1,)), ("zeros", ("a",)), ("zeros", (None, 2))])
def test_refused(arguments):
    for library in (minikeras, keras):
        with pytest.raises(ValueError):
            library.Variable(*arguments)
    with pytest.raises(ValueError):
        minikeras.Variable("zeros", 2)


def outcome(library, function, *values):
    try:
        return np.asarray(library.ops.convert_to_tensor(function(*values)))
    except Exception:
        return None


def assert_same(function, make, *others):
    ours, theirs = (outcome(k, function, *make(k), *others) for k in (minikeras, keras))
    if theirs is None:  # Keras refuses it
        return 0
    assert ours is not None and ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    return 1


@pytest.mark.parametrize("name", VALUES)
def test_operators(name):
    compared = 0
    for function in UNARY:
        compared += assert_same(function, lambda k: [k.Variable(VALUES[name])])
    for each in BINARY:
        function = getattr(operator, each)
        for other in (2, 2.5, True, *VALUES.values()):
            compared += assert_same(function, lambda k: [k.Variable(VALUES[name])], other)
            if not hasattr(other, "dtype"):  # an array on the left takes a variable of Keras apart
                swapped = lambda a, b, function=function: function(b, a)  # noqa: E731
                compared += assert_same(swapped, lambda k: [k.Variable(VALUES[name])], other)
    assert compared > 40
