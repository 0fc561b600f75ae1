"""Bad input is refused with a message that helps, and leaves the model bit for bit as it was."""

import warnings

import numpy as np
import pytest

import minikeras
from minikeras import errors, layers
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataError,
    MinikerasError,
    NonFiniteWarning,
    ShapeError,
    StateError,
    UnknownNameError,
)
from minikeras.optimizers import SGD

RNG = np.random.default_rng(0)
X = RNG.random((40, 8), dtype="float32")
NUMBERS = RNG.integers(0, 3, 40)
Y = np.eye(3, dtype="float32")[NUMBERS]
BITS = RNG.integers(0, 2, 40)
METHODS = ["fit", "evaluate", "train_on_batch", "test_on_batch", "predict", "predict_on_batch"]
WITH_LABELS = METHODS[:4]


def made(kind="declared", loss="categorical_crossentropy", units=3, activation="softmax", metrics=("accuracy",)):
    """Returns a model that is "deferred" (not built), "declared" (built, new) or "trained"."""
    entry = [] if kind == "deferred" else [layers.Input((8,))]
    model = minikeras.Sequential([*entry, layers.Dense(4), layers.Dense(units, activation=activation)])
    model.compile(SGD(0.1, momentum=0.9), loss, metrics=list(metrics))
    if kind == "trained":
        model.fit(X, Y if loss == "categorical_crossentropy" else NUMBERS % units, verbose=0)
    return model


def bits(variables):
    return [(variable.path, variable.dtype, variable.shape, variable.numpy().tobytes()) for variable in variables]


def state(model):
    """Returns everything that training or building may change."""
    return {
        "built": (model.built, model.optimizer.built, [layer.built for layer in model.layers]),
        "layers": [layer.name for layer in model.layers],
        "variables": bits(model.variables),
        "optimizer": bits(model.optimizer.variables),
        "metrics": [(metric.name, bits(metric.variables)) for metric in model.metrics],
        "compiled": (model.compiled, id(model.optimizer), model.loss, model.run_eagerly),
        "history": vars(model).get("history"),
    }


def refused(model, call, error, message):
    before = state(model)
    with pytest.raises(error, match=message) as caught:
        call()
    assert isinstance(caught.value, MinikerasError) and "\x1b" not in str(caught.value)
    assert state(model) == before
    return caught.value


def run(model, method, x, y):
    options = {} if "batch" in method else {"verbose": 0}
    labels = () if "predict" in method else (y,)
    return getattr(model, method)(x, *labels, **options)


NOT_NUMBERS = r"`x` must be numeric. Received: an array of dtype {}.*Convert it"
TEXT = "`x` must be numeric. Received: an array of strings. Convert it"

# name: inputs, labels, error, message; the inputs are bad for all methods, also those without labels
BAD_INPUTS = {
    "objects": (X.astype(object), DataError, NOT_NUMBERS.format("object")),
    "text": (X.astype(str), DataError, TEXT),
    "lists of text": ([["a"] * 8] * 40, DataError, TEXT),
    "complex": (X + 1j, DataError, NOT_NUMBERS.format("complex")),
    "dates": (X.astype("int64").astype("datetime64[s]"), DataError, NOT_NUMBERS.format("datetime64")),
    "no examples": (X[:0], DataError, r"`x` is empty: expected at least one example.*Received: shape \(0, 8\)"),
    "no features": (X[:, :0], DataError, r"`x` is empty.*Received: shape \(40, 0\)"),
    "no list": ([], DataError, r"`x` is empty.*Received: shape \(0,\)"),
    "one number": (3, DataError, "`x` must be a numpy array, a list of numbers.*Received: 3"),
    "one value": (np.float32(3), DataError, "`x` must have a batch axis"),
    "a string": ("data", DataError, "`x` must be a numpy array.*Received: 'data'"),
    "nothing": (None, DataError, "There is no data: `x` is None"),
    "ragged": ([[1.0, 2.0], [3.0]] * 20, DataError, "`x` is a list whose rows do not have one length"),
    "one axis": (X[:, 0], ShapeError, r"expected .*received (input of )?shape \(None,\)"),
    "two inputs": ([X, X], DataError, "expected one input array, received a list of 2"),
    "a dict": ({"x": X}, DataError, "expected one input array, received a dict of 1"),
    "an iterator": (iter([]), DataError, "`y` must not be given if `x` is a|yields no batch|must yield whole batches"),
}


@pytest.mark.parametrize("kind", ["deferred", "declared", "trained"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", BAD_INPUTS)
def test_inputs(kind, method, case):
    x, error, message = BAD_INPUTS[case]
    model = made(kind)
    refused(model, lambda: run(model, method, x, Y), error, message)
    assert np.isfinite(run(model, "predict", X, Y)).all()


@pytest.mark.parametrize("kind", ["declared", "trained", "trained deferred"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("width", [5, 9, 1])
def test_number_of_features(kind, method, width):
    model = made("deferred") if kind == "trained deferred" else made(kind)
    if kind == "trained deferred":
        model.fit(X, Y, verbose=0)
    x = RNG.random((40, width), dtype="float32")
    message = rf"Sequential model '.*': expected inputs of shape \(None, 8\), received shape \(None, {width}\). Was"
    refused(model, lambda: run(model, method, x, Y), ShapeError, message)
    assert run(model, "predict", X, Y).shape == (40, 3)


def test_features_of_a_direct_call():
    model = made()
    refused(model, lambda: model(X[:, :5]), ShapeError, r"expected inputs of shape \(None, 8\)")
    free = made("deferred")
    refused(free, lambda: free(X[:, 0]), ShapeError, "expected at least 2 axes")


ONE_HOT = r"'categorical_crossentropy' expects one-hot labels of shape \('batch', 3\). Received: y of shape {}. For int"

BAD_LABELS = {
    "lengths": (Y[:7], DataError, "All arrays must have the same number of examples. Received: x: 40, y: 7"),
    "text": (Y.astype(str), DataError, "`y` must be numeric. Received: an array of dtype <U"),
    "objects": (Y.astype(object), DataError, "`y` must be numeric. Received: an array of dtype object"),
    "empty": (Y[:, :0], DataError, "`y` is empty"),
    "missing": (None, StateError, "the loss needs `y`. Received: y=None"),
    "class indices": (NUMBERS, DataError, ONE_HOT.format(r"\(40,\)")),
    "class indices in a column": (NUMBERS[:, None], DataError, ONE_HOT.format(r"\(40, 1\)")),
    "other classes": (np.ones((40, 4)), DataError, ONE_HOT.format(r"\(40, 4\)")),
    "another rank": (Y[:, None], DataError, ONE_HOT.format(r"\(40, 1, 3\)")),
    "two outputs": (
        [Y, Y],
        DataError,
        r"`y` and the outputs of the model have different structures.*Received: \['\*', '\*'\]",
    ),
}


@pytest.mark.parametrize("kind", ["deferred", "declared", "trained"])
@pytest.mark.parametrize("method", WITH_LABELS)
@pytest.mark.parametrize("case", BAD_LABELS)
def test_labels(kind, method, case):
    y, error, message = BAD_LABELS[case]
    model = made(kind)
    refused(model, lambda: run(model, method, X, y), error, message)
    run(model, method, X, Y)


SPARSE, BINARY = "sparse_categorical_crossentropy", "binary_crossentropy"
RANGE = "'sparse_categorical_crossentropy' expects class indices from 0 to 2, as the model has 3 outputs. Received: "

BAD_LABELS_OF_LOSSES = {
    "too large": (SPARSE, 3, NUMBERS + 1, RANGE + "labels from 1 to 3"),
    "one too large": (SPARSE, 3, np.append(NUMBERS[1:], 3), RANGE + "labels from 0 to 3"),
    "negative": (SPARSE, 3, NUMBERS - 1, RANGE + "labels from -1 to 1"),
    "not a number": (SPARSE, 3, np.where(NUMBERS, np.nan, 0), RANGE),
    "one-hot": (SPARSE, 3, Y, r"expects one class index per example.*For one-hot labels use 'categorical_cross"),
    "not binary": (BINARY, 1, NUMBERS, "expects labels 0 and 1. Received: integers from 0 to 2"),
    "binary of two outputs": (BINARY, 2, BITS, r"`binary_crossentropy` expects y_true of shape \(\d+, 2\)"),
    "binary column of two outputs": (BINARY, 2, BITS[:, None], r"`binary_crossentropy` expects y_true of shape"),
    "one-hot of one output": (BINARY, 1, Y, r"`binary_crossentropy` expects y_true of shape \(\d+, 1\)"),
    "mse": ("mse", 3, BITS, r"the labels have shape \(\d+,\) and the predictions shape \(\d+, 3\)"),
    "mae": ("mae", 3, np.ones((40, 2)), r"the labels have shape \(\d+, 2\) and the predictions shape \(\d+, 3\)"),
}


@pytest.mark.parametrize("kind", ["deferred", "declared"])
@pytest.mark.parametrize("method", WITH_LABELS)
@pytest.mark.parametrize("case", BAD_LABELS_OF_LOSSES)
def test_labels_of_other_losses(kind, method, case):
    loss, units, y, message = BAD_LABELS_OF_LOSSES[case]
    model = made(kind, loss, units, "sigmoid")
    error = refused(model, lambda: run(model, method, X, y), ArgumentError, message)
    assert "Received" in str(error) or "the labels have shape" in str(error)


@pytest.mark.parametrize("method", WITH_LABELS)
def test_labels_of_a_model_whose_shapes_only_it_knows(method):
    class Own(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3, activation="softmax")

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    model.compile(SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    for _ in range(2):
        run(model, method, X, NUMBERS)
        for bad, message in ((NUMBERS + 1, RANGE), (Y, "expects one class index per example")):
            refused(model, lambda bad=bad: run(model, method, X, bad), DataError, message)
    x = X[:, :5]
    refused(model, lambda: run(model, method, x, NUMBERS), ShapeError, "expected last input dimension 8")


@pytest.mark.parametrize("method", ["fit", "train_on_batch"])
def test_a_metric_that_cannot_work_is_refused_before_training(method):
    def broken(y_true, y_pred):
        return y_pred[:, 7:] - y_true  # there are three outputs

    model = made(metrics=[broken])
    before = state(model)
    with pytest.raises(ValueError):
        run(model, method, X, Y)
    assert state(model) == before


# ---------------------------------------------------------------- arguments

POSITIVE = "`{}` must be a positive integer, or None. Received: {}="

BAD_ARGUMENTS = {
    "batch_size": ([0, -1, 2.5, True, "all", "a", [3]], ArgumentError, POSITIVE.format("batch_size", "batch_size")),
    "epochs": ([-1, 1.5, None, "2", True], ArgumentError, "`epochs` must be an integer >= 0. Received: epochs="),
    "initial_epoch": ([-1, 1.5, None], ArgumentError, "`initial_epoch` must be an integer >= 0"),
    "validation_split": (
        [1.0, 1, 1.5, -0.1, float("nan"), float("inf"), "a", True, 0.99],
        ArgumentError,
        "`validation_split` must be a finite number in .0, 1.. Received: validation_split="
        "|leaves 0 for training and 40",
    ),
    "steps_per_epoch": ([0, -1, 1.5], ArgumentError, POSITIVE.format("steps_per_epoch", "steps_per_epoch")),
    "validation_steps": ([0, 1.5], ArgumentError, POSITIVE.format("validation_steps", "validation_steps")),
    "validation_batch_size": ([0, -2, 1.5], ArgumentError, POSITIVE.format(*["validation_batch_size"] * 2)),
    "validation_freq": ([0, -1, 1.5, "a", None], ArgumentError, "`validation_freq` must be a positive integer"),
    "verbose": ([3, -1, "loud", None, [1]], ArgumentError, "`verbose` must be 0, 1, 2 or 'auto'. Received: verbose="),
    "shuffle": (["yes", None, 2, [True]], ArgumentError, "`shuffle` must be True, False or 'batch'. Received: shuffle"),
    "class_weight": (
        [[1, 2], {"a": 1}, {0: "a"}, {0.5: 1}, {0: None}, 3],
        ArgumentError,
        "`class_weight` (must be a dict|expects class indices as keys and numbers as values)",
    ),
    "sample_weight": (
        [np.ones(5), np.ones((40, 3)), np.ones((40, 2, 2)), np.array(["a"] * 40), "a", 3.0],
        ArgumentError,
        "sample_weight|the sample weights have shape",
    ),
    "validation_data": (
        [X, (X,), (X, Y, None, None), 3, {"x": X, "y": Y}, (X, None)],
        (DataError, StateError),
        r"`validation_data` must be a tuple \(x, y\) or \(x, y, sample_weight\). Received: |the loss needs `y`",
    ),
    "callbacks": ([[3], 3, "a", minikeras.callbacks.History], ArgumentTypeError, "expected `callbacks` to be a Call"),
}


@pytest.mark.parametrize("kind", ["deferred", "trained"])
@pytest.mark.parametrize(("name", "value"), [(n, v) for n, case in BAD_ARGUMENTS.items() for v in case[0]], ids=str)
def test_arguments_of_fit(kind, name, value):
    _, error, message = BAD_ARGUMENTS[name]
    model = made(kind)
    refused(model, lambda: model.fit(X, Y, **{"verbose": 0, name: value}), error, message)


VALIDATION_SHAPES = {
    "features": (X[:, :4], Y, ShapeError, r"received shape \(None, 4\)|the validation data \(None, 4\)"),
    "labels": (X, NUMBERS, DataError, "expects one-hot labels"),
    "lengths": (X, Y[:5], DataError, "Received: validation x: 40, validation y: 5"),
    "text": (X.astype(str), Y, DataError, "`validation x` must be numeric"),
    "empty": (X[:0], Y[:0], DataError, "`validation x` is empty"),
}


@pytest.mark.parametrize("kind", ["deferred", "declared", "trained"])
@pytest.mark.parametrize("case", VALIDATION_SHAPES)
def test_validation_data_is_refused_before_training(kind, case):
    x, y, error, message = VALIDATION_SHAPES[case]
    model = made(kind)
    refused(model, lambda: model.fit(X, Y, verbose=0, validation_data=(x, y)), error, message)
    weights = np.ones(3)
    refused(model, lambda: model.fit(X, Y, verbose=0, validation_data=(X, Y, weights)), DataError, "sample_weight: 3")


@pytest.mark.parametrize("method", ["evaluate", "predict"])
@pytest.mark.parametrize("name", ["batch_size", "verbose", "callbacks", "steps"])
def test_arguments_of_evaluate_and_predict(method, name):
    values, error, message = BAD_ARGUMENTS[{"steps": "steps_per_epoch"}.get(name, name)]
    model = made("deferred")
    for value in values:
        arguments = {"verbose": 0, name: value, **({"y": Y} if method == "evaluate" else {})}
        refused(model, lambda a=arguments: getattr(model, method)(X, **a), error, message.replace("_per_epoch", ""))


def test_class_and_sample_weights_together():
    model, both = made(), {"class_weight": {0: 1.0}, "sample_weight": np.ones(40)}
    for method in (model.fit, model.train_on_batch):
        refused(model, lambda m=method: m(X, Y, **both), ArgumentError, "cannot both be given")


@pytest.mark.parametrize("method", METHODS)
def test_unknown_keyword_arguments(method):
    model = made()
    before = state(model)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'epoch'"):
        getattr(model, method)(X, epoch=3)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'metric'"):
        model.compile("sgd", "mse", metric=["accuracy"])
    assert state(model) == before


# ---------------------------------------------------------------- compile

BAD_COMPILES = {
    "optimizer": ({"optimizer": "sdg"}, UnknownNameError, "Unknown optimizer: 'sdg'. Did you mean 'sgd'"),
    "loss": ({"loss": "categorical_crosentropy"}, UnknownNameError, "Unknown loss.*Did you mean 'categorical_cross"),
    "metric": ({"metrics": ["acuracy"]}, UnknownNameError, "Unknown metric: 'acuracy'. Did you mean 'accuracy'"),
    "weighted metric": ({"weighted_metrics": ["mea"]}, UnknownNameError, "Unknown metric: 'mea'. Did you mean 'mae'"),
    "metrics of one name": ({"metrics": "accuracy"}, ArgumentTypeError, "`metrics` must be a list such as"),
    "no metric": ({"metrics": [3]}, ArgumentError, "A metric is a name, a function or a Metric. Received: 3"),
    "no optimizer": ({"optimizer": 3}, ArgumentTypeError, "optimizer.*3"),
    "no loss": ({"loss": 3}, ArgumentTypeError, "Received: 3"),
    "losses": ({"loss": {"out": "mse", "more": "mae"}, "loss_weights": [1]}, ArgumentError, "2 loss.* and 1 weights"),
    "loss weight": ({"loss_weights": "a"}, ArgumentError, "`loss_weights` must be a number"),
    "steps": ({"steps_per_execution": 0}, ArgumentError, "`steps_per_execution` must be a positive integer"),
    "jit": ({"jit_compile": "yes"}, ArgumentError, "`jit_compile` must be 'auto', True or False"),
}


@pytest.mark.parametrize("kind", ["declared", "trained"])
@pytest.mark.parametrize("case", BAD_COMPILES)
def test_a_compile_that_fails_changes_nothing(kind, case):
    arguments, error, message = BAD_COMPILES[case]
    model = made(kind)
    arguments = {"optimizer": "sgd", "loss": "mse", "metrics": ["mse"], "run_eagerly": True, **arguments}
    refused(model, lambda: model.compile(**arguments), error, message)
    assert sorted(model.fit(X, Y, verbose=0).history) == ["accuracy", "loss"]
    new = minikeras.Sequential([layers.Input((8,)), layers.Dense(3)])
    with pytest.raises(error):
        new.compile(**arguments)
    assert not new.compiled and new.optimizer is None


@pytest.mark.parametrize("method", WITH_LABELS)
def test_before_compile(method):
    for entry in ([], [layers.Input((8,))]):
        model = minikeras.Sequential([*entry, layers.Dense(3)])
        built, variables = model.built, bits(model.variables)
        with pytest.raises(StateError, match=rf"`{method}` needs a compiled model: call `model.compile\(optimizer"):
            getattr(model, method)(X, Y)
        assert (model.built, bits(model.variables), model.compiled) == (built, variables, False)
    assert model.predict(X, verbose=0).shape == (40, 3)


@pytest.mark.parametrize("kind", ["deferred", "declared"])
def test_a_model_without_a_loss(kind):
    model = made(kind, loss=None)
    for method in WITH_LABELS:
        refused(model, lambda m=method: run(model, m, X, Y), StateError, "There is no loss to compute. Give `compile`")


def test_a_model_without_layers():
    model = minikeras.Sequential()
    model.compile("sgd", "mse")
    for method in METHODS:
        refused(model, lambda m=method: run(model, m, X, Y), StateError, "has no layers. Call `model.add")


# ---------------------------------------------------------------- values that are not finite


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("eager", [False, True])
def test_a_loss_that_is_not_finite_is_named_once(value, eager):
    bad = X.copy()
    bad[20, 3] = value
    model = made()
    model.run_eagerly = eager
    with pytest.warns(
        NonFiniteWarning, match="from epoch 1, step 3 on.*Look for NaN or infinity in the data"
    ) as caught:
        model.fit(bad, Y, batch_size=8, epochs=3, shuffle=False, verbose=0, validation_data=(bad, Y))
    assert len(caught) == 1 and caught[0].filename == __file__
    with pytest.warns(NonFiniteWarning, match="from epoch 5, step 1 on") as caught:  # once per training
        model.fit(bad, Y, batch_size=8, epochs=6, initial_epoch=4, verbose=0)
    assert len(caught) == 1


def test_a_later_epoch_is_named():
    model = made()
    x = X.copy()

    class Spoil(minikeras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                x[-1, 0] = np.nan

    with pytest.warns(NonFiniteWarning, match="from epoch 3, step 5 on"):
        model.fit(x, Y, batch_size=8, epochs=4, shuffle=False, verbose=0, callbacks=[Spoil()])


def test_labels_and_weights_that_are_not_finite():
    y = Y.copy()
    y[0, 0] = np.nan
    with pytest.warns(NonFiniteWarning, match="from epoch 1, step 1 on"):
        made().fit(X, y, shuffle=False, verbose=0)
    with pytest.warns(NonFiniteWarning, match="from epoch 1, step 2 on"):
        made().fit(X, Y, sample_weight=np.append(np.ones(39), np.inf), shuffle=False, verbose=0)


def test_a_learning_rate_that_is_too_large():
    model = made(loss="mse", activation="linear")
    model.optimizer.learning_rate = 1e30
    with pytest.warns(NonFiniteWarning, match="a learning rate that is too large"):
        model.fit(X, Y, epochs=4, verbose=0)


def test_train_on_batch_names_the_update():
    bad = X.copy()
    bad[0, 0] = np.nan
    model = made()
    for _ in range(2):
        model.train_on_batch(X, Y)
    model.reset_metrics()
    with pytest.warns(NonFiniteWarning, match="after update 3") as caught:
        for _ in range(3):
            model.train_on_batch(bad, Y)
    assert len(caught) == 1


# ---------------------------------------------------------------- what is allowed


def test_what_keras_allows():
    free = minikeras.Sequential([layers.Dense(3)])
    assert free.predict(X, verbose=0).shape == (40, 3)
    model = made()
    expected = model.predict(X, verbose=0)
    for same in (X.astype("float64"), X.tolist(), [X], (X,), np.asfortranarray(X), X[::-1][::-1], X.astype(">f4")):
        found = model.predict(same, verbose=0)
        np.testing.assert_allclose(found, expected, rtol=1e-6)
        assert found.dtype == np.float32
    whole = np.arange(16).reshape(2, 8)
    for dtype in ("int8", "uint8", "int32", "int64", "float16", "bool"):
        assert model.predict(whole.astype(dtype), verbose=0).dtype == np.float32


def test_numbers_of_numpy_are_numbers():
    model = made()
    model.fit(
        X,
        Y,
        verbose=0,
        batch_size=np.int64(8),
        epochs=np.int32(2),
        validation_split=np.float32(0.25),
        shuffle=np.bool_(True),
        class_weight={np.int64(0): np.float32(2.0)},
    )
    assert model.history.epoch == [0, 1]


def test_arguments_at_their_limits():
    model = made("trained")
    before = [w.tobytes() for w in model.get_weights()]
    for none in ({"epochs": 0}, {"epochs": 2, "initial_epoch": 2}, {"epochs": 2, "initial_epoch": 5}):
        assert model.fit(X, Y, verbose=0, **none).history == {}
    assert [w.tobytes() for w in model.get_weights()] == before
    for split in (0, 0.0, None):
        assert "val_loss" not in model.fit(X, Y, verbose=0, validation_split=split).history
    model.fit(X, Y, verbose=0, batch_size=1000)
    model.fit(X, Y, verbose=0, class_weight={})
    with pytest.warns(UserWarning, match=r"has weights for the classes \[7\]"):
        model.fit(X, Y, verbose=0, class_weight={7: 2.0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X[:1], Y[:1], verbose=0)


def test_errors_are_of_the_builtin_classes():
    assert issubclass(errors.DataError, ValueError) and issubclass(errors.StateError, ValueError)
    assert issubclass(errors.ArgumentTypeError, TypeError) and issubclass(NonFiniteWarning, RuntimeWarning)
