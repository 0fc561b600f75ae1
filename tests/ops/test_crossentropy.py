"""Cross-entropies, also where exponentials overflow and logarithms have no end."""

import numpy as np
import pytest

from minikeras import Variable, config, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import check_grads, run_step_test

LOG2 = 0.6931471805599453
FAR = -np.log(1e-7)  # the loss of a probability of 0, which is moved to epsilon
X = np.random.default_rng(0).uniform(-2, 2, (4, 3))
HOT = np.eye(3)[[0, 2, 1, 1]]
NUMBERS = np.int32([0, 2, 1, 1])


def gradient(function, value, dtype="float32"):
    with Trace() as trace:
        x = Tensor(np.asarray(value, dtype), trace)
        (found,) = gradients(function(x), [x])
        return np.asarray(getattr(found, "array", found))


def traced(function, value, dtype="float32"):
    with Trace() as trace:
        return function(Tensor(np.asarray(value, dtype), trace)).array


def test_categorical_crossentropy():
    found = ops.categorical_crossentropy([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8], [0.25, 0.75]])
    np.testing.assert_allclose(found, [LOG2, np.log(5), (np.log(4) + np.log(4 / 3)) / 2], rtol=1e-6)
    # probabilities that do not add up to 1 are scaled
    np.testing.assert_allclose(ops.categorical_crossentropy([[0.0, 1.0]], [[3.0, 1.0]]), [np.log(4)], rtol=1e-6)


def test_probabilities_of_0_and_1():
    sure = np.float32([[1, 0], [1, 0]])
    labels = np.float32([[1, 0], [0, 1]])
    for found in (
        ops.categorical_crossentropy(labels, sure),
        ops.sparse_categorical_crossentropy([0, 1], sure),
        ops.binary_crossentropy([1.0, 1.0], [1.0, 0.0]),
        ops.binary_crossentropy([0.0, 0.0], [0.0, 1.0]),
    ):
        # float32 has no 1 - 1e-7: the nearest number is 1 - 1.2e-7, whose logarithm is 1 % smaller
        np.testing.assert_allclose(found, [0, FAR], rtol=0.02, atol=2e-7)
    for function in (
        lambda x: ops.categorical_crossentropy(labels, x),
        lambda x: ops.sparse_categorical_crossentropy([0, 1], x),
        lambda x: ops.binary_crossentropy(labels, x),
    ):
        assert np.isfinite(gradient(function, sure)).all()


def test_where_keras_computes_nan_there_is_no_warning():
    # in float16 1 - 1e-7 is 1, and 0 ln(0) is NaN; so is infinity times 0
    assert np.isnan(ops.binary_crossentropy(np.float16([1]), np.float16([1]))).all()
    assert np.isnan(ops.binary_crossentropy(np.float32([0]), np.float32([np.inf]), from_logits=True)).all()


def test_epsilon_is_a_setting():
    config.set_epsilon(1e-2)
    try:
        np.testing.assert_allclose(ops.binary_crossentropy([1.0], [0.0]), [-np.log(1e-2)], rtol=1e-6)
    finally:
        config.set_epsilon(1e-7)


FROM_LOGITS = {
    "categorical": lambda x: ops.categorical_crossentropy(HOT, x, from_logits=True),
    "sparse": lambda x: ops.sparse_categorical_crossentropy(NUMBERS, x, from_logits=True),
    "sparse, labels in a column": lambda x: ops.sparse_categorical_crossentropy(NUMBERS[:, None], x, from_logits=True),
    "binary": lambda x: ops.binary_crossentropy(HOT, x, from_logits=True),
    "categorical along axis 0": lambda x: ops.categorical_crossentropy(HOT[:3].T, x[:3], from_logits=True, axis=0),
    "sparse along axis 0": lambda x: ops.sparse_categorical_crossentropy([0, 3, 1], x, from_logits=True, axis=0),
}


@pytest.mark.parametrize("name", FROM_LOGITS)
def test_gradients_from_scores(name):
    check_grads(FROM_LOGITS[name], X)


PROBABILITIES = {
    "categorical": lambda x: ops.categorical_crossentropy(HOT, x),
    "sparse": lambda x: ops.sparse_categorical_crossentropy(NUMBERS, x),
    "binary": lambda x: ops.binary_crossentropy(HOT, x),
}


@pytest.mark.parametrize("name", PROBABILITIES)
def test_gradients_from_probabilities(name):
    check_grads(PROBABILITIES[name], np.random.default_rng(1).uniform(0.1, 0.9, (4, 3)), rtol=1e-3)


def test_scores_and_probabilities_agree():
    for name, from_probabilities in PROBABILITIES.items():
        squash = ops.sigmoid if name == "binary" else ops.softmax
        np.testing.assert_allclose(FROM_LOGITS[name](X), from_probabilities(squash(X)), rtol=1e-5)


def test_sure_scores():
    far = np.float32([[1e4, 0, -1e4]])
    assert ops.categorical_crossentropy([[0.0, 0.0, 1.0]], far, from_logits=True) == 2e4
    assert ops.sparse_categorical_crossentropy([2], far, from_logits=True) == 2e4
    assert ops.binary_crossentropy([[0.0, 0.5, 1.0]], far, from_logits=True)[0, ::2].tolist() == [1e4, 1e4]
    found = gradient(lambda x: ops.sparse_categorical_crossentropy([2], x, from_logits=True), far)
    assert found.tolist() == [[1, 0, -1]]


SURE = np.float32([[1e4, 0, -1e4], [0, 50, 0], [3, 2, 1], [-1e4, 0, 0]])


@pytest.mark.parametrize(
    ("loss", "activation"),
    [
        (lambda y, **how: ops.categorical_crossentropy(HOT, y, **how), ops.softmax),
        (lambda y, **how: ops.sparse_categorical_crossentropy(NUMBERS, y, **how), ops.softmax),
        (lambda y, **how: ops.binary_crossentropy(HOT, y, **how), ops.sigmoid),
    ],
)
def test_a_traced_loss_finds_the_scores_behind_an_activation(loss, activation):
    expected = traced(lambda x: loss(x, from_logits=True), SURE)
    assert (traced(lambda x: loss(activation(x)), SURE) == expected).all()
    slope = gradient(lambda x: loss(x, from_logits=True), SURE)
    assert (gradient(lambda x: loss(activation(x)), SURE) == slope).all()
    # but not behind anything else
    assert not np.allclose(traced(lambda x: loss(activation(x) * 0.5 + 0.1), SURE), expected)
    run_step_test(lambda x: loss(activation(x)), SURE, SURE[::-1], SURE / 100)


def test_a_softmax_along_another_axis_is_none_of_these():
    x = X[:3]
    for loss in (
        lambda y: ops.categorical_crossentropy(np.eye(3), y),
        lambda y: ops.sparse_categorical_crossentropy([0, 1, 2], y),
    ):
        found = traced(lambda x, loss=loss: loss(ops.softmax(x, axis=0)), x, "float64")
        np.testing.assert_allclose(found, loss(ops.softmax(x, axis=0)), rtol=1e-12)
    # a negative axis is the same axis
    np.testing.assert_allclose(
        traced(lambda x: ops.categorical_crossentropy(np.eye(3), ops.softmax(x, axis=1), axis=-1), SURE[:3]),
        ops.categorical_crossentropy(np.eye(3), SURE[:3], from_logits=True),
        rtol=1e-6,
    )


def test_the_scores_are_those_that_the_activation_saw():
    v = Variable([[1.0, 2.0, 3.0]])

    def step(x):
        y = ops.softmax(v)
        v.assign(x)
        return ops.sparse_categorical_crossentropy([0], y)

    first, second = run_step_test(step, np.float32([[3, 2, 1]]), np.float32([[9, 9, 9]]), variables=[v])
    np.testing.assert_allclose(first, [np.log(1 + np.e + np.e**2)], rtol=1e-6)
    np.testing.assert_allclose(second, [np.log(1 + np.e + np.e**2) - 2], rtol=1e-6)


def test_float32_stays():
    x = X.astype("float32")
    for function in (*FROM_LOGITS.values(), *PROBABILITIES.values()):
        assert function(x).dtype == gradient(function, x).dtype == "float32"


BAD = {
    "other classes": lambda: ops.categorical_crossentropy(HOT, X[:, :2]),
    "another batch": lambda: ops.categorical_crossentropy(HOT[:2], X),
    "numbers for one-hot": lambda: ops.categorical_crossentropy(NUMBERS, X),
    "one-hot for numbers": lambda: ops.sparse_categorical_crossentropy(HOT, X),
    "too many numbers": lambda: ops.sparse_categorical_crossentropy([0, 1], X),
    "another shape": lambda: ops.binary_crossentropy(HOT[:, :1], X),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_shapes(name):
    with pytest.raises(ShapeError, match="crossentropy` expects"):
        BAD[name]()


@pytest.mark.parametrize("labels", [[0, 1, 3, 0], [0, -1, 0, 0]])
@pytest.mark.parametrize("from_logits", [False, True])
def test_class_numbers_out_of_range(labels, from_logits):
    with pytest.raises(ArgumentError, match="class indices from 0 to 2. Received: class indices from"):
        ops.sparse_categorical_crossentropy(labels, np.abs(X), from_logits=from_logits)


def test_rows_of_zeros_do_not_warn():
    x = np.zeros((1, 2), "float32")
    assert np.isnan(ops.categorical_crossentropy([[0.0, 1.0]], x)).all()
    assert np.isfinite(ops.sparse_categorical_crossentropy([0], x)).all()


def test_bfloat16_stays():
    x = ops.cast(np.float32([0.25, 0.5]), "bfloat16")
    assert ops.dtype(ops.binary_crossentropy(x, x)) == "bfloat16"


def test_sparse_targets_without_classes():
    assert ops.sparse_categorical_crossentropy(np.zeros(0, "int32"), np.zeros((0, 0))).shape == (0,)
    with pytest.raises(ArgumentError, match="Axis -1 does not exist"):
        ops.sparse_categorical_crossentropy(0, np.float32(1.0))
