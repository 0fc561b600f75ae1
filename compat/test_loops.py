"""Loops and branches beside those of Keras: values, refusals, and models that one library saves and the other opens."""

import keras
import numpy as np
import pytest

import minikeras
from minikeras.engine import tree

X = np.float32([1, 2, 3])
ROWS = np.float32([[1, 2], [3, 4], [5, 6]])
ZERO = np.float32(0)

# Each a function of the ops of either library.
SAME = {
    "scan": lambda k: k.scan(lambda c, x: (c + x, c * x), ZERO, X),
    "scan backwards": lambda k: k.scan(lambda c, x: (c + x, c), ZERO, X, reverse=True),
    "scan of nested values": lambda k: k.scan(lambda c, x: ({"a": c["a"] + x[0]}, {"a": x[1]}), {"a": ZERO}, (X, X)),
    "scan without xs": lambda k: k.scan(lambda c, x: (c * 2, c), np.float32(1), length=3),
    "scan of nothing": lambda k: k.scan(lambda c, x: (c + x, c), ZERO, X[:0]),
    "scan, unrolled": lambda k: k.scan(lambda c, x: (c + x, c), ZERO, X, unroll=True),
    "map": lambda k: k.map(lambda x: {"a": x * 2, "b": k.sum(x)}, ROWS),
    "map of a tuple": lambda k: k.map(lambda x: x[0] * x[1], (X, X)),
    "map of a list": lambda k: k.map(lambda x: x[0] * x[1], [X, X]),
    "while": lambda k: k.while_loop(lambda i: i < 10, lambda i: i + 1, 0),
    "while of a tuple": lambda k: k.while_loop(lambda i, j: i < 10, lambda i, j: (i + 1, j + 1), (0, 1)),
    "while of a list": lambda k: k.while_loop(lambda i, j: i < 10, lambda i, j: [i + 1, j + 1], [0, 1]),
    "while of a dict": lambda k: k.while_loop(lambda d: d["i"] < 10, lambda d: {"i": d["i"] + 1}, {"i": 0}),
    "while with a limit": lambda k: k.while_loop(lambda i: i < 10, lambda i: i + 1, 0, maximum_iterations=3),
    "while with none": lambda k: k.while_loop(lambda i: i < 10, lambda i: i + 1, 0, maximum_iterations=0),
    "fori": lambda k: k.fori_loop(0, 5, lambda i, s: s + i, 0),
    "fori of floats": lambda k: k.fori_loop(1, 4, lambda i, s: s * 2, X),
    "fori of nested values": lambda k: k.fori_loop(0, 3, lambda i, s: (s[0] * 2, s[1]), (X, ZERO)),
    "fori without a turn": lambda k: k.fori_loop(5, 2, lambda i, s: s * 2, X),
    "cond": lambda k: [k.cond(pred, lambda: X, lambda: X * 2) for pred in (True, False, k.convert_to_tensor(True))],
    "cond of a value": lambda k: k.cond(k.sum(k.convert_to_tensor(X)) > 9, lambda: {"a": X}, lambda: {"a": X * 2}),
    "cond of None": lambda k: k.cond(True, lambda: None, lambda: None),
    "switch": lambda k: [k.switch(i, [lambda x: x, lambda x: x * 2], X) for i in (-7, 0, 1, 99)],
    "associative scan": lambda k: k.associative_scan(lambda a, b: a + b, np.int32([1, 2, 3, 4, 5])),
    "associative scan, reversed": lambda k: k.associative_scan(lambda a, b: a * b, X, reverse=True),
    "associative scan of columns": lambda k: k.associative_scan(lambda a, b: a + b, ROWS, axis=-1),
    "associative scan of two": lambda k: k.associative_scan(
        lambda a, b: (a[0] * b[0], a[1] * b[0] + b[1]), (ROWS, ROWS), axis=0
    ),
    "associative scan of nothing": lambda k: k.associative_scan(lambda a, b: a + b, X[:0]),
    "vectorized map": lambda k: k.vectorized_map(lambda x: x * 2, ROWS),
    "vectorized map of a list": lambda k: k.vectorized_map(lambda x: x[0] * x[1], [X, X]),
    "vectorized map of a tuple": lambda k: k.vectorized_map(lambda x: (x[0] * x[1], x[0]), (X, X)),
}


@pytest.mark.parametrize("name", SAME)
def test_values(name):
    ours, theirs = SAME[name](minikeras.ops), SAME[name](keras.ops)
    assert tree.structure_key(ours) == tree.structure_key(theirs)
    for first, second in zip(tree.flatten(ours), tree.flatten(theirs), strict=True):
        second = np.asarray(second)
        assert (first.dtype, first.shape) == (second.dtype, second.shape)
        np.testing.assert_allclose(first, second)


REFUSED = {
    "scan of no function": lambda k: k.scan(3, ZERO, X),
    "scan without a length": lambda k: k.scan(lambda c, x: (c, c), ZERO),
    "scan of another length": lambda k: k.scan(lambda c, x: (c + x, c), ZERO, X, length=2),
    "scan, unrolled by 0": lambda k: k.scan(lambda c, x: (c + x, c), ZERO, X, unroll=0),
    "scan without a pair": lambda k: k.scan(lambda c, x: c, ZERO, X),
    "while of fewer values": lambda k: k.while_loop(lambda i, j: i < 10, lambda i, j: (i + 1,), (0, 1)),
    "while of a vector": lambda k: k.while_loop(lambda i: i < 10, lambda i: i + 1, np.int32([1, 2])),
    "fori of a tuple": lambda k: k.fori_loop(0, 10, lambda i, s: (i + 1, s + i), 0),
    "cond of a vector": lambda k: k.cond(np.array([True, False]), lambda: X, lambda: X),
    "switch of nothing": lambda k: k.switch(0, [], X),
    "associative scan of sizes": lambda k: k.associative_scan(lambda a, b: a, [X, X[:2]]),
    "vectorize of no function": lambda k: k.vectorize(3),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_both(name):
    with pytest.raises((ValueError, TypeError, IndexError)):
        REFUSED[name](keras.ops)
    with pytest.raises((ValueError, TypeError)):
        REFUSED[name](minikeras.ops)


@minikeras.saving.register_keras_serializable("loops")
@keras.saving.register_keras_serializable("loops")
def cell(carry, x):
    return carry + x, carry * x


@minikeras.saving.register_keras_serializable("loops")
@keras.saving.register_keras_serializable("loops")
def double(x):
    return x * 2


@minikeras.saving.register_keras_serializable("loops")
@keras.saving.register_keras_serializable("loops")
def add(a, b):
    return a + b


SAVED = {
    "scan": lambda k, x: k.scan(cell, x, x),
    "map": lambda k, x: k.map(double, x),
    "associative_scan": lambda k, x: k.associative_scan(add, x, reverse=True),
    "switch": lambda k, x: k.switch(1, [double, double], x),
    "vectorized_map": lambda k, x: k.vectorized_map(double, x),
}


@pytest.mark.parametrize("libraries", [(minikeras, keras), (keras, minikeras)], ids=["ours", "theirs"])
@pytest.mark.parametrize("name", SAVED)
def test_models_are_opened_by_the_other(name, libraries, tmp_path):
    first, second = libraries
    inputs = first.Input(batch_shape=(3,))
    model = first.Model(inputs, tree.flatten(SAVED[name](first.ops, inputs)))
    described = model.get_config()["layers"][-1]
    assert described["module"].startswith("keras.src.ops.") and described["class_name"].lower() == name.replace("_", "")
    model.save(tmp_path / "model.keras")
    opened = second.saving.load_model(tmp_path / "model.keras")
    for ours, theirs in zip(tree.flatten(model(X)), tree.flatten(opened(X)), strict=True):
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs))


def test_the_gradient_of_a_recurrent_cell():
    import tensorflow as tf

    rng = np.random.default_rng(0)
    x, h, w, u = (rng.normal(size=size).astype("float32") for size in ((6, 2, 3), (2, 4), (3, 4), (4, 4)))

    def loss(k, x, h, w, u):
        last, ys = k.scan(lambda c, row: (k.tanh(k.matmul(row, w) + k.matmul(c, u)),) * 2, h, x)
        return k.sum(last * last) + k.sum(ys)

    variables = [tf.Variable(value) for value in (x, h, w, u)]
    with tf.GradientTape() as tape:
        value = loss(keras.ops, *[tf.convert_to_tensor(each) for each in variables])
    expected = tape.gradient(value, variables)
    found = minikeras.grad(lambda *values: loss(minikeras.ops, *values), argnums=(0, 1, 2, 3))(x, h, w, u)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
