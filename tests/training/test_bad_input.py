"""Bad input is refused with a message that helps, and leaves the model as it was."""

import warnings

import numpy as np
import pytest

import minikeras
from minikeras import errors, layers
from minikeras.errors import ArgumentError, DataError, NonFiniteWarning, NotSupportedError, ShapeError, StateError

RNG = np.random.default_rng(0)
X = RNG.random((40, 8), dtype="float32")
NUMBERS = RNG.integers(0, 3, 40)
Y = np.eye(3, dtype="float32")[NUMBERS]


def made(loss="categorical_crossentropy", declared=True, **options):
    entry = [layers.Input((8,))] if declared else []
    model = minikeras.Sequential([*entry, layers.Dense(3, activation="softmax")])
    model.compile(minikeras.optimizers.SGD(0.1, momentum=0.9), loss, metrics=["accuracy"], **options)
    return model


def state(model):
    return [v.numpy().tobytes() for v in [*model.variables, *model.optimizer.variables]]


DATA = {
    "features": (X[:, :5], Y, ShapeError, r"expected inputs of shape \(None, 8\), received shape \(None, 5\)"),
    "lengths": (X, Y[:7], DataError, "same number of examples. Received: x: 40, y: 7"),
    "objects": (X.astype(object), Y, DataError, "`x` must hold numbers. Received: an array of dtype object"),
    "text": (X.astype(str), Y, DataError, "`x` must hold numbers"),
    "text labels": (X, Y.astype(str), DataError, "`y` must hold numbers"),
    "empty": (X[:0], Y[:0], DataError, "`x` is empty"),
    "class numbers": (X, NUMBERS, DataError, "expects one-hot labels.*sparse_categorical_crossentropy"),
    "other classes": (X, np.ones((40, 4)), DataError, "expects one-hot labels"),
    "iterator": (iter([(X, Y)]), None, NotSupportedError, "Generators"),
}


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
@pytest.mark.parametrize("case", DATA)
def test_data(method, case):
    x, y, error, message = DATA[case]
    model = made()
    model.fit(X, Y, verbose=0)
    before = state(model)
    options = {} if "batch" in method else {"verbose": 0}
    with pytest.raises(error, match=message):
        getattr(model, method)(x, y, **options)
    assert state(model) == before
    model.fit(X, Y, verbose=0)


@pytest.mark.parametrize("case", ["features", "objects", "text", "empty"])
@pytest.mark.parametrize("method", ["predict", "predict_on_batch"])
def test_data_to_predict(method, case):
    x, _, error, message = DATA[case]
    with pytest.raises(error, match=message):
        getattr(made(), method)(x)


@pytest.mark.parametrize("labels", [NUMBERS + 1, NUMBERS - 1, Y], ids=["too large", "negative", "one-hot"])
def test_labels_of_a_sparse_loss(labels):
    model = made("sparse_categorical_crossentropy")
    before = state(model)
    with pytest.raises(DataError, match="expects (class numbers from 0 to 2|one class number per example)"):
        model.fit(X, labels, verbose=0)
    assert state(model)[: len(before)][:2] == before[:2]


ARGUMENTS = {
    "batch_size": [0, -1, 2.5, True],
    "epochs": [-1, 1.5],
    "validation_split": [1.0, 1.5, -0.1, float("nan"), "a"],
    "steps_per_epoch": [0],
    "verbose": [3, "loud"],
    "shuffle": ["yes"],
    "class_weight": [[1, 2]],
    "sample_weight": [np.ones(5)],
    "validation_data": [X, (X,), (X[:, :4], Y), (X, NUMBERS)],
    "callbacks": [[3]],
    "validation_freq": [0],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in ARGUMENTS.items() for v in values])
def test_arguments_of_fit(name, value):
    model = made()
    model.fit(X, Y, verbose=0)
    before = state(model)
    with pytest.raises((ValueError, TypeError)) as caught:
        model.fit(X, Y, **{"verbose": 0, name: value})
    assert isinstance(caught.value, errors.MinikerasError)
    assert state(model) == before


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        ({"optimizer": "sdg", "loss": "mse"}, "sgd"),
        ({"optimizer": "sgd", "loss": "categorical_crosentropy"}, "categorical_crossentropy"),
        ({"optimizer": "sgd", "loss": "mse", "metrics": ["acuracy"]}, "accuracy"),
    ],
)
def test_unknown_names(arguments, nearest):
    model = made()
    optimizer, loss = model.optimizer, model.loss
    with pytest.raises(errors.UnknownNameError, match=f"Did you mean '{nearest}'"):
        model.compile(**arguments)
    assert model.optimizer is optimizer and model.loss == loss
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'relu'"):
        layers.Dense(3, activation="relo")


@pytest.mark.parametrize("units", [0, -3, 2.5, "a", None, True])
def test_units(units):
    with pytest.raises(ArgumentError, match="`units` must be a positive whole number"):
        layers.Dense(units)


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
def test_before_compile(method):
    model = minikeras.Sequential([layers.Input((8,)), layers.Dense(3)])
    with pytest.raises(StateError, match=f"`{method}` needs a compiled model"):
        getattr(model, method)(X, Y)


@pytest.mark.parametrize(
    "weights", [[1], 5, [np.ones((8, 3))], [np.ones((8, 3)), np.ones(4)], [np.ones((8, 3)), np.array(["a"] * 3)]]
)
def test_set_weights(weights):
    model = made()
    before = state(model)
    with pytest.raises((ValueError, TypeError)):
        model.set_weights(weights)
    assert state(model) == before


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_loss_that_is_not_finite(value):
    bad = X.copy()
    bad[20, 3] = value
    with pytest.warns(NonFiniteWarning, match="from epoch 1, step 3 on") as caught:
        made().fit(bad, Y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    assert len(caught) == 1 and caught[0].filename == __file__
    with pytest.warns(NonFiniteWarning, match="after update 1"):
        made().train_on_batch(bad, Y)


@pytest.mark.parametrize(
    "argument",
    [
        "kernel_regularizer",
        "bias_regularizer",
        "activity_regularizer",
        "kernel_constraint",
        "bias_constraint",
        "quantization_config",
    ],
)
def test_what_is_not_there_is_refused(argument):
    with pytest.raises(NotSupportedError, match=f"`{argument}` is not in minikeras yet"):
        layers.Dense(3, **{argument: "l2"})


def test_what_keras_allows():
    free = minikeras.Sequential([layers.Dense(3)])
    assert free.predict(X, verbose=0).shape == (40, 3)
    model = made()
    expected = model.predict(X, verbose=0)
    for same in (X.astype("float64"), X.tolist(), [X]):
        np.testing.assert_allclose(model.predict(same, verbose=0), expected, rtol=1e-6)
    assert model.predict(np.arange(16).reshape(2, 8), verbose=0).dtype == np.float32


@pytest.mark.parametrize("hook", ["on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end"])
def test_interrupt(hook, capsys):
    class Stop(minikeras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            setattr(self, hook, self.stop)

        def stop(self, *args, **kwargs):
            raise KeyboardInterrupt

    model = made()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, verbose=1, callbacks=[Stop()])
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X, Y, verbose=0)
        assert model.predict(X, verbose=0).shape == (40, 3)
    assert not capsys.readouterr().out.strip("\n").endswith("\b")
