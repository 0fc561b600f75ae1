"""Models with several outputs: values by hand, names of logs, and what is refused with nothing changed."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, losses, ops
from minikeras.errors import ArgumentError, DataError, MinikerasError, StateError
from minikeras.optimizers import SGD
from minikeras.training.compiled_loss import CompiledLoss
from minikeras.training.compiled_metrics import CompiledMetrics

X = np.float32([[1.0], [2.0]])
ONE, TWO = np.float32([[1.0], [1.0]]), np.float32([[0.0], [0.0]])


def made(kind="list", **options):
    """Returns a model with the outputs x and 2x, called "first" and "second"."""
    x = layers.Input((1,))
    first = layers.Dense(1, use_bias=False, kernel_initializer="ones", name="first")(x)
    second = layers.Dense(1, use_bias=False, kernel_initializer=lambda s, dtype=None: 2 * np.ones(s), name="second")(x)
    outputs = {"list": [first, second], "dict": {"b": first, "a": second}, "nested": {"b": [first, second]}}[kind]
    model = minikeras.Model(x, outputs)
    model.compile(SGD(0.1), **{"loss": "mse", **options})
    return model


def test_values_by_hand():
    # first: errors 0 and 1, mean square 0.5; second: 2 and 4, mean square 10
    model = made(loss=["mse", "mse"], metrics=[["mae"], ["mse", "mae"]], loss_weights=[2.0, 0.1])
    logs = model.evaluate(X, [ONE, TWO], verbose=0, return_dict=True)
    assert logs == pytest.approx(
        {
            "loss": 2.0,
            "first_loss": 0.5,
            "second_loss": 10.0,
            "first_mae": 0.5,
            "second_mae": 3.0,
            "second_mse": 10.0,
        }
    )
    names = ["loss", "first_loss", "second_loss", "first_mae", "second_mae", "second_mse"]
    assert model.evaluate(X, [ONE, TWO], verbose=0) == [logs[name] for name in names]
    assert [metric.name for metric in model.metrics] == ["loss", "compile_metrics", "first_loss", "second_loss"]
    model.fit(X, [ONE, TWO], verbose=0)
    # gradients: mean(2 * (x - 1) * x) = 2, times 2; mean(2 * 2x * x) = 10, times 0.1
    np.testing.assert_allclose([w[0, 0] for w in model.get_weights()], [1 - 0.1 * 4, 2 - 0.1 * 1], rtol=1e-6)


def test_labels_of_the_only_output_with_a_loss():
    """A single array, as for a language model whose second output is for inference alone."""
    model = made(loss=["mse", None])
    assert model.evaluate(X, ONE, verbose=0) == 0.5
    with pytest.warns(UserWarning, match="second"):  # which is not trained
        model.fit(X, ONE, verbose=0)
    # gradient of the first: mean(2 * (x - 1) * x) = 2
    np.testing.assert_allclose([w[0, 0] for w in model.get_weights()], [1 - 0.1 * 2, 2], rtol=1e-6)


def test_sample_weights_by_hand():
    model = made(weighted_metrics=["mae", "mae"])
    weights = np.float32([1.0, 3.0])
    logs = model.evaluate(X, [ONE, TWO], sample_weight=weights, verbose=0, return_dict=True)
    assert logs["first_loss"] == 1.5 and logs["second_loss"] == 26.0 and logs["first_mae"] == 0.75
    logs = model.evaluate(X, [ONE, TWO], sample_weight=[weights, None], verbose=0, return_dict=True)
    assert logs["first_loss"] == 1.5 and logs["second_loss"] == 10.0 and logs["second_mae"] == 3.0


def test_losses_are_means_over_examples():
    model = made(loss=["mse", None])
    x = np.float32([[1], [1], [1], [5]])
    assert model.evaluate(x, [x - 1, x], batch_size=3, verbose=0) == 1.0
    model.compile("sgd", "mse")
    logs = model.evaluate(x, [x * 0, x * 0], batch_size=3, verbose=0, return_dict=True)
    assert logs == {"loss": 35.0, "first_loss": 7.0, "second_loss": 28.0}  # of squares 1, 1, 1, 25


def test_steps_are_replayed_as_run_eagerly():
    results = []
    for eager in (False, True):
        model = made("dict", loss={"a": "mse", "b": "mae"}, metrics={"a": "mse"}, run_eagerly=eager)
        data = X.repeat(5, 0), {"a": TWO.repeat(5, 0), "b": ONE.repeat(5, 0)}
        history = model.fit(*data, batch_size=4, epochs=3, shuffle=False, verbose=0).history
        outputs = model.predict(data[0], batch_size=4, verbose=0)
        assert list(outputs) == ["b", "a"] and outputs["a"].shape == (10, 1)
        results.append((history, [w.tobytes() for w in model.get_weights()], outputs["a"].tobytes()))
    assert results[0] == results[1]


def test_a_step_of_ones_own_has_all_of_them():
    class Own(minikeras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return super().compute_loss(x, [y, y], [y_pred[:, :1], y_pred[:, 1:]], sample_weight)

    x = layers.Input((1,))
    model = Own(x, layers.Dense(2, kernel_initializer="ones", name="out")(x))
    model.compile("sgd", ["mse", losses.MeanAbsoluteError(name="off")])
    assert sorted(model.fit(X, X + 1, verbose=0).history) == ["loss", "mse_loss", "off_loss"]


def test_a_crossentropy_is_the_one_that_fits():
    labels, outputs = np.float32([[1.0]]), np.float32([[0.5]])
    for name in ("crossentropy", "ce"):
        assert float(CompiledLoss(name)(labels, outputs)) == pytest.approx(np.log(2))
    sparse = CompiledLoss(["ce", "ce"])([np.int64([1]), labels], [np.float32([[0.25, 0.75]]), outputs])
    assert float(sparse) == pytest.approx(np.log(2) - np.log(0.75))


def test_names_of_metrics():
    compiled = CompiledMetrics(["mae", ["mae", "mse"]], [None, ["mae", "mae"]])
    compiled.update([ONE, TWO], [TWO, ONE])
    assert list(compiled.result()) == ["mae", "mae_1", "mse", "weighted_mae", "weighted_mae_1"]
    compiled = CompiledMetrics({"b": "mae"}, {"b": "mae", "a": ["mse"]}, names=["a", "b"])
    compiled.update([ONE, TWO], [TWO, ONE])
    assert list(compiled.result()) == ["b_mae", "a_mse", "b_weighted_mae"] and compiled.unnamed == []


BAD = {
    "a loss too many": ({"loss": ["mse"] * 3}, ArgumentError, r"`loss` has an entry \[2\], but the model has no such"),
    "a wrong key": (
        {"loss": {"first": "mse", "other": "mse"}},
        ArgumentError,
        r"keys, \['first', 'second'\]. Received",
    ),
    "a missing key": ({"loss": {"first": "mse"}}, ArgumentError, "Give None for an output without a loss"),
    "metrics of one": (
        {"metrics": ["mae"]},
        ArgumentError,
        "`metrics` must be a list with one entry for each of the 2",
    ),
    "metrics of another": (
        {"weighted_metrics": {"other": "mae"}},
        ArgumentError,
        "`weighted_metrics` has an entry 'other'",
    ),
    "weights": ({"loss_weights": [1.0, 2.0]}, ArgumentError, r"`loss_weights`.*Received: 1 loss\(es\) and 2 weights"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_compile_that_fails_changes_nothing(case):
    options, error, message = BAD[case]
    model = made(metrics=["mse", "mae"])
    optimizer = model.optimizer
    with pytest.raises(error, match=message) as caught:
        model.compile("adam", **{"loss": "mae", **options})
    assert isinstance(caught.value, MinikerasError) and model.optimizer is optimizer and model.loss == "mse"
    assert "second_mae" in model.fit(X, [ONE, TWO], verbose=0).history


def test_keys_of_a_dict():
    with pytest.raises(ArgumentError, match=r"`loss` has an entry \['first'\].*nested as the outputs are \(\{'b': "):
        made("dict", loss={"b": "mse", "first": "mse"})
    with pytest.raises(ArgumentError, match=r"`loss` has an entry \['b'\]\[2\]"):
        made("nested", loss={"b": ["mse", "mse", "mse"]})
    with pytest.raises(ArgumentError, match="the outputs of the model have no names"):
        CompiledLoss({"a": "mse", "b": "mse"})([ONE, ONE], [TWO, TWO])


LABELS = {
    "one array": (ONE, DataError, "different structures. Expected: .'first', 'second'"),
    "three": ([ONE] * 3, DataError, "different structures"),
    "other names": ({"first": ONE, "third": TWO}, DataError, "`y` has an entry 'third', but the model"),
    "none": (None, StateError, "labels missing"),
    "one of two": ({"first": ONE}, StateError, "labels missing: the loss of output 'second'"),
    "another shape": ([ONE, np.ones((2, 3, 4))], ArgumentError, "the labels have shape"),
    "another length": ([ONE, ONE[:1]], DataError, "same number of examples"),
}


@pytest.mark.parametrize("case", LABELS)
def test_labels_that_are_refused(case):
    y, error, message = LABELS[case]
    for kind in ("fit", "evaluate", "train_on_batch"):
        model = made(metrics=["mae", None])
        before = [w.tobytes() for w in model.get_weights()], [m.name for m in model.metrics]
        with pytest.raises(error, match=message):
            getattr(model, kind)(X, y)
        assert ([w.tobytes() for w in model.get_weights()], [m.name for m in model.metrics]) == before
        assert not model.optimizer.built


def test_class_numbers_of_each_output_are_checked():
    x = layers.Input((1,))
    model = minikeras.Model(x, [layers.Dense(2, activation="softmax")(x), layers.Dense(3, activation="softmax")(x)])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["acc", "acc"])
    with pytest.raises(DataError, match="from 0 to 1, as the model has 2 outputs. Received: labels from 0 to 2"):
        model.fit(X, [np.int64([0, 2]), np.int64([0, 2])], verbose=0)
    assert np.isfinite(model.fit(X, [np.int64([0, 1]), np.int64([0, 2])], verbose=0).history["loss"]).all()


def test_losses_added_by_layers_count_once():
    class Adds(layers.Layer):
        def call(self, inputs):
            self.add_loss(ops.mean(inputs))
            return inputs

    x = layers.Input((1,))
    model = minikeras.Model(x, [Adds()(x), layers.Identity()(x)])
    model.compile("sgd", "mse")
    assert model.evaluate(X, [X, X + 1], verbose=0) == [2.5, 0.0, 1.0]
