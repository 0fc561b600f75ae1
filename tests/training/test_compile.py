"""What compile keeps and says: the loss and metrics of before, jit_compile, the order of names."""

import numpy as np
import pytest

from minikeras import Input, Model, Sequential, layers, metrics, ops, saving
from minikeras.errors import ArgumentError

X, Y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")


def made(**options):
    model = Sequential([Input((2,)), layers.Dense(1)])
    if options:
        model.compile("sgd", **options)
    return model


def names(model):
    return sorted(model.fit(X, Y, verbose=0).history)


def test_a_second_compile_keeps_what_it_does_not_say():
    model = made(loss="mse", metrics=["mae"])
    model.compile("adam")
    assert model.loss == "mse" and names(model) == ["loss", "mae"]
    model.compile("sgd", "mae")
    assert model.loss == "mae" and names(model) == ["loss", "mae"]
    model.compile("sgd", weighted_metrics=["mse"])
    assert model.loss == "mae" and names(model) == ["loss", "mse"]
    model.compile("sgd", metrics=["mape"])
    assert names(model) == ["loss", "mape"]
    model.compile("sgd", metrics=[])
    assert model.loss == "mae" and names(model) == ["loss"]


def test_what_is_kept_is_saved(tmp_path):
    model = made(loss="mse", metrics=["mae"])
    model.compile("adam")
    model.save(tmp_path / "a.keras")
    assert names(saving.load_model(tmp_path / "a.keras")) == ["loss", "mae"]


def test_weights_of_the_losses_are_kept_and_changed():
    inputs = Input((2,))
    outputs = [layers.Dense(1, name=name, kernel_initializer="ones", use_bias=False)(inputs) for name in "ab"]
    model = Model(inputs, outputs)
    model.compile("sgd", loss=["mae", "mae"], loss_weights=[1.0, 10.0])
    model.compile("sgd")
    assert model.evaluate(X, [Y, Y], verbose=0)[0] == 11.0
    model.compile("sgd", loss_weights=[100.0, 1.0])
    assert model.evaluate(X, [Y, Y], verbose=0)[0] == 101.0
    model.compile("sgd", loss=["mse", "mae"])
    assert model.evaluate(X, [Y, Y], verbose=0)[0] == 2.0


def test_a_metric_object_that_is_kept_begins_anew():
    metric = metrics.MeanSquaredError(name="m")
    model = made(loss="mse", metrics=[metric])
    model.evaluate(X, Y + 5, verbose=0)
    model.compile("sgd", "mae")
    values = model.evaluate(X, Y, verbose=0, return_dict=True)
    np.testing.assert_allclose(values["m"], np.mean((model.predict(X, verbose=0) - Y) ** 2), rtol=1e-6)
    assert model.metrics[1].metrics == [metric]


def test_jit_compile():
    model = made()
    assert model.jit_compile is False
    for given, expected in ((False, False), ("auto", False)):
        model.compile("sgd", "mse", jit_compile=given)
        assert model.jit_compile is expected
    with pytest.warns(UserWarning, match="has no further effect"):
        model.compile("sgd", "mse", jit_compile=True)
    assert model.jit_compile is True
    with pytest.warns(UserWarning, match="has no further effect"):
        model.compile("sgd", "mse", jit_compile=True, run_eagerly=True)
    assert model.jit_compile is False
    with pytest.warns(UserWarning, match="has no further effect"):
        model.jit_compile = True
    assert model.jit_compile is True
    model.jit_compile = "auto"
    assert model.jit_compile is False
    for wrong in (None, 1.5, "yes", []):
        with pytest.raises(ArgumentError, match="`jit_compile` must be"):
            model.jit_compile = wrong


# ---------------------------------------------------------------- one order


def several():
    inputs = Input((3,))
    outputs = [layers.Dense(size, name=name, kernel_initializer="ones")(inputs) for name, size in (("d", 1), ("c", 2))]
    model = Model(inputs, outputs)
    model.compile("sgd", loss={"d": "mse", "c": "mae"}, metrics={"d": "mae", "c": "mse"}, weighted_metrics={"c": "mse"})
    return model, np.ones((8, 3)), [np.zeros((8, 1)), np.zeros((8, 2))]


def test_one_order_for_several_outputs():
    model, x, y = several()
    values = model.evaluate(x, y, verbose=0)
    expected = {"loss": 12.0, "d_loss": 9.0, "c_loss": 3.0, "c_mse": 9.0, "c_weighted_mse": 9.0, "d_mae": 3.0}
    assert dict(zip(model.metrics_names, values, strict=True)) == expected
    assert list(expected) == model.metrics_names
    for found in (
        model.evaluate(x, y, verbose=0, return_dict=True),
        model.test_on_batch(x, y, return_dict=True),
        model.train_on_batch(x, y, return_dict=True),
    ):
        assert found == expected and list(found) == sorted(expected)  # as in Keras
    assert model.evaluate(x, y, verbose=0)[0] != 12.0
    assert len(model.test_on_batch(x, y)) == 6


class Own(Model):
    """A model that measures more than it names, and returns other names than it measures."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1, kernel_initializer="ones")
        self.total = metrics.Sum(name="total")

    def call(self, inputs):
        return self.dense(inputs)


class OwnTestStep(Own):
    def test_step(self, data):
        self.total.update_state(data[1])
        return {"z": ops.sum(data[0]), "total": self.total.result(), "a": ops.sum(data[1])}


class OwnResult(Own):
    def get_metrics_result(self):
        return {"z": 3.0, **super().get_metrics_result(), "a": 2.0}


class OwnMetrics(Own):
    @property
    def metrics(self):
        return []

    def test_step(self, data):
        return {"z": ops.sum(data[0]), "a": ops.sum(data[1])}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Own, {"loss": 1.0, "mae": 1.0, "total": 0.0}),
        (OwnTestStep, {"total": 4.0, "a": 4.0, "z": 8.0}),
        (OwnResult, {"loss": 1.0, "mae": 1.0, "total": 0.0, "a": 2.0, "z": 3.0}),
        (OwnMetrics, {"a": 4.0, "z": 8.0}),
    ],
)
def test_one_order_for_what_is_the_users_own(kind, expected):
    model = kind()
    model.compile("sgd", "mse", metrics=["mae"] if kind in (Own, OwnResult) else None)
    values = model.evaluate(X, Y, verbose=0)
    assert dict(zip(model.metrics_names, values, strict=True)) == expected
    assert model.evaluate(X, Y, verbose=0, return_dict=True) == expected


def test_a_prediction_changes_no_names():
    class Dicts(Own):
        def call(self, inputs):
            return {"x": self.dense(inputs)}

    model = Dicts()
    model.compile("sgd", {"x": "mse"})
    model.evaluate(X, {"x": Y}, verbose=0)
    model.predict(X, verbose=0)
    assert model.metrics_names == ["loss", "total"]


def test_vectors_are_plain_arrays():
    y = np.eye(3, dtype="float32")[[0, 1, 2, 0]]
    model = Sequential([Input((2,)), layers.Dense(3, "softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=[metrics.F1Score()])
    history = model.fit(X, y, epochs=2, verbose=0, validation_data=(X, y)).history
    found = [*history["f1_score"], *history["val_f1_score"], model.evaluate(X, y, verbose=0)[1]]
    assert [type(value) for value in found] == [np.ndarray] * 5
    assert [value.shape for value in found] == [(3,)] * 5
