"""Losses made of functions: eagerly, in a trace and replayed, and what a replayed step consists of."""

import numpy as np
import pytest

from minikeras import losses, ops
from minikeras.compiler.step import Step, signature
from minikeras.engine import tree
from minikeras.errors import ArgumentTypeError, ShapeError, UnknownNameError
from minikeras.losses.wrapper import LossFunctionWrapper

rng = np.random.default_rng(1)


def batch(sparse=False):
    numbers = rng.integers(0, 4, size=6)
    y_true = numbers if sparse else np.eye(4, dtype="float32")[numbers]
    return y_true, rng.uniform(0.1, 0.9, size=(6, 4)).astype("float32"), rng.uniform(size=6).astype("float32")


LOSSES = [
    losses.MeanSquaredError(),
    losses.MeanAbsoluteError(reduction="sum"),
    losses.CategoricalCrossentropy(label_smoothing=0.1),
    losses.CategoricalCrossentropy(from_logits=True, reduction=None),
    losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
    losses.SparseCategoricalCrossentropy(ignore_class=2),
    losses.BinaryCrossentropy(),
    LossFunctionWrapper(lambda y_true, y_pred: ops.max(ops.square(y_true - y_pred), axis=-1)),
]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
def test_eager_traced_and_replayed(loss, weighted):
    step = Step(lambda data: loss(data[0], data[1], data[2] if weighted else None), name="step")
    sparse = isinstance(loss, losses.SparseCategoricalCrossentropy)
    for number in range(3):
        data = batch(sparse)
        result = np.array(step(data))
        eager = loss(data[0], data[1], data[2] if weighted else None)
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, eager, rtol=1e-6, err_msg=f"call {number}")


def instructions(function, data):
    step = Step(function, name="step")
    step(data)
    return step.plan(signature(tree.flatten(data), data)).names


def test_nothing_needless_is_replayed():
    y_true, scores, _ = batch()
    loss = LossFunctionWrapper(losses.categorical_crossentropy)
    alone = instructions(lambda data: ops.categorical_crossentropy(data[0], ops.softmax(data[1])), (y_true, scores))
    names = instructions(lambda data: loss(data[0], ops.softmax(data[1])), (y_true, scores))
    assert names == [*alone, "sum", "true_divide"]

    names = instructions(lambda data: losses.MeanSquaredError()(*data), (y_true, scores))
    assert names == ["subtract", "square", "sum", "true_divide", "sum", "true_divide"]


def test_class_numbers_are_not_turned_into_floats():
    y_true, scores, _ = batch(sparse=True)
    loss = LossFunctionWrapper(losses.sparse_categorical_crossentropy)
    names = instructions(lambda data: loss(*data), (y_true.astype("int32"), scores))
    assert "cast" not in names


def test_labels_and_predictions_get_the_same_rank():
    seen = []

    def record(y_true, y_pred):
        seen.append((y_true.shape, y_pred.shape))
        return y_pred

    LossFunctionWrapper(record)(np.zeros(5), np.zeros((5, 1)))
    LossFunctionWrapper(record)(np.zeros((5, 2, 1)), np.zeros((5, 2)))
    assert seen == [((5, 1), (5, 1)), ((5, 2), (5, 2))]


def test_arguments_reach_the_function():
    loss = LossFunctionWrapper(lambda y_true, y_pred, scale: (y_pred - y_true) * scale, scale=3.0)
    np.testing.assert_allclose(loss([1.0], [2.0]), 3.0)


def test_ignored_examples_do_not_count():
    loss = losses.SparseCategoricalCrossentropy(ignore_class=0)
    y_true, y_pred = np.array([0, 1, 1]), np.float32([[0.5, 0.5]] * 3)
    np.testing.assert_allclose(loss(y_true, y_pred), np.log(2), rtol=1e-6)
    np.testing.assert_allclose(loss(y_true, y_pred, sample_weight=[9.0, 1.0, 3.0]), 2 * np.log(2), rtol=1e-6)


def test_repr():
    function = losses.mean_squared_error
    assert repr(LossFunctionWrapper(function, a=1)) == f"<LossFunctionWrapper({function}, kwargs={{'a': 1}})>"


def test_config_round_trip():
    loss = LossFunctionWrapper(losses.binary_crossentropy, name="bce", reduction="sum", label_smoothing=0.1)
    config = loss.get_config()
    assert config["fn"]["config"] == "binary_crossentropy" and config["label_smoothing"] == 0.1
    again = LossFunctionWrapper.from_config(config)
    assert again.fn is loss.fn and again.get_config() == config


def test_config_of_an_unknown_function():
    def mine(y_true, y_pred):
        return y_pred

    with pytest.raises(UnknownNameError, match="'mine'"):
        LossFunctionWrapper.from_config(LossFunctionWrapper(mine).get_config())


def test_not_a_function():
    with pytest.raises(ArgumentTypeError, match="expects a function as `fn`.*'mse'"):
        LossFunctionWrapper("mse")


def test_wrong_number_of_arrays():
    with pytest.raises(ShapeError, match="2 label arrays and 1 outputs"):
        LossFunctionWrapper(losses.mean_squared_error)([np.zeros(2), np.zeros(2)], np.zeros(2))
