"""compile, fit, evaluate and single batches beside those of real Keras: from the same weights, the same numbers."""

import os
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

import minikeras
from compat.side_by_side import compare, outcome, plain, set_weights

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 6)).astype("float32")  # in batches of 16 the last one is smaller
NUMBERS = RNG.integers(0, 4, 50)
ONE_HOT = np.eye(4, dtype="float32")[NUMBERS]
YES_NO = (X[:, :1] > 0).astype("float32")
REAL = RNG.normal(size=(50, 4)).astype("float32")
WEIGHTS = RNG.random(50).astype("float32")


def classifier(k, classes=4, activation="softmax", declared=True):
    layers = k.layers
    stack = [
        layers.Dense(5, activation="tanh"),
        layers.Dropout(0.0),
        layers.Dense(classes),
        layers.Activation(activation),
    ]
    model = k.Sequential([k.Input((6,)), *stack] if declared else stack)
    if not declared:
        model.build((None, 6))
    return set_weights(model)


def trained(k, compile_options=None, fit_options=None, y=ONE_HOT, **model_options):
    """Everything a user can see of a training of two epochs."""
    model = classifier(k, **model_options)
    options = {"optimizer": k.optimizers.SGD(0.1), "loss": "categorical_crossentropy", **(compile_options or {})}
    model.compile(**options)
    options = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0, **(fit_options or {})}
    history = model.fit(X, y, **options)
    return {
        "history": history.history,
        "epoch": history.epoch,
        "params": history.params,
        "is the model's": history is model.history and history.model is model,
        "weights": model.get_weights(),
        "outputs": np.asarray(model(X)),
        "evaluate": model.evaluate(X, y, batch_size=16, verbose=0),
        "as dict": model.evaluate(X, y, batch_size=16, verbose=0, return_dict=True),
        "iterations": int(model.optimizer.iterations),
        "learning rate": float(model.optimizer.learning_rate),
        "optimizer": [(v.path, tuple(v.shape), str(v.dtype)) for v in model.optimizer.variables],
    }


FIT = {
    "plain": {},
    "batches of one size": {"batch_size": 25},
    "default batches": {"batch_size": None},
    "one batch": {"batch_size": 100},
    "validation_split": {"validation_split": 0.3},
    "small validation_split": {"validation_split": 0.05},
    "validation_data": {"validation_data": (X[:20], ONE_HOT[:20])},
    "validation_data as a list": {"validation_data": [X[:20], ONE_HOT[:20]]},
    "weighted validation_data": {"validation_data": (X[:20], ONE_HOT[:20], WEIGHTS[:20])},
    "data before split": {"validation_data": (X[:20], ONE_HOT[:20]), "validation_split": 0.3},
    "validation_batch_size": {"validation_data": (X, ONE_HOT), "validation_batch_size": 7},
    "validation_steps": {"validation_data": (X, ONE_HOT), "validation_batch_size": 7, "validation_steps": 2},
    "validation_freq": {"validation_split": 0.3, "validation_freq": 2, "epochs": 5},
    "list of validation_freq": {"validation_split": 0.3, "validation_freq": [1, 4], "epochs": 5},
    "steps_per_epoch": {"steps_per_epoch": 2},
    "initial_epoch": {"initial_epoch": 1, "epochs": 3},
    "initial_epoch after the end": {"initial_epoch": 3, "epochs": 3},
    "class_weight": {"class_weight": {0: 0.5, 1: 2.0, 2: 1.0, 3: 0.0}},
    "class_weight of some": {"class_weight": {2: 3.0}},
    "sample_weight": {"sample_weight": WEIGHTS},
    "column of sample_weight": {"sample_weight": WEIGHTS[:, None]},
    "split sample_weight": {"sample_weight": WEIGHTS, "validation_split": 0.3},
    "split class_weight": {"class_weight": {0: 0.5, 1: 2.0}, "validation_split": 0.3},
}


@pytest.mark.parametrize("case", FIT, ids=str)
def test_fit(case):
    result = compare(lambda k: trained(k, {"metrics": ["accuracy"], "weighted_metrics": ["mse"]}, FIT[case]))
    assert set(result) >= {"history", "weights"}


def test_epochs_end_with_the_pass():
    """50 examples make 4 batches: epochs of 3 steps run 3, 1, 3 and 1."""

    def code(k):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = trained(k, fit_options={"steps_per_epoch": 3, "epochs": 4})
        return result, len([entry for entry in caught if "ran out" in str(entry.message)])

    result, count = compare(code)
    assert (result["iterations"], count) == (8, 2)


def test_evaluate():
    def code(k):
        model = classifier(k)
        model.compile("sgd", "categorical_crossentropy", metrics=["acc"], weighted_metrics=["mse"])
        return [
            model.evaluate(X, ONE_HOT, verbose=0),
            model.evaluate(X, ONE_HOT, verbose=0, sample_weight=WEIGHTS),
            model.evaluate(X, ONE_HOT, verbose=0, batch_size=7, steps=3),
            model.evaluate(X, ONE_HOT, verbose=0, batch_size=7, steps=3, return_dict=True),
            model.evaluate(X[:1], ONE_HOT[:1], verbose=0),
        ]

    compare(code)


@pytest.mark.parametrize("activation", ["softmax", "linear"])
def test_a_model_without_declared_input(activation):
    compare(lambda k: trained(k, {"loss": "mse"}, activation=activation, declared=False))


COMPILE = {
    "loss object": lambda k: {"loss": k.losses.CategoricalCrossentropy(label_smoothing=0.1)},
    "loss function": lambda k: {"loss": k.losses.categorical_crossentropy},
    "mse": lambda k: {"loss": "mse"},
    "mean_squared_error": lambda k: {"loss": "mean_squared_error", "metrics": ["mae"]},
    "MeanAbsoluteError": lambda k: {"loss": k.losses.MeanAbsoluteError(), "metrics": ["mse"]},
    "sum": lambda k: {"loss": k.losses.MeanSquaredError(reduction="sum")},
    "lambda": lambda k: {"loss": lambda y, p: k.ops.mean(k.ops.square(y - p), axis=-1)},
    "list of one loss": lambda k: {"loss": ["mse"]},
    "loss_weights": lambda k: {"loss_weights": 0.3, "metrics": ["mse"]},
    "list of loss_weights": lambda k: {"loss_weights": [0.3]},
    "run_eagerly": lambda k: {"run_eagerly": True, "metrics": ["accuracy"]},
    "steps_per_execution": lambda k: {"steps_per_execution": 2, "metrics": ["accuracy"]},
    "momentum": lambda k: {"optimizer": k.optimizers.SGD(0.1, momentum=0.9)},
    "nesterov": lambda k: {"optimizer": k.optimizers.SGD(0.1, momentum=0.9, nesterov=True)},
    "weight_decay": lambda k: {"optimizer": k.optimizers.SGD(0.1, weight_decay=0.1)},
    "clipnorm": lambda k: {"optimizer": k.optimizers.SGD(0.1, clipnorm=0.02)},
    "clipvalue": lambda k: {"optimizer": k.optimizers.SGD(0.1, clipvalue=0.002)},
    "global_clipnorm": lambda k: {"optimizer": k.optimizers.SGD(0.1, global_clipnorm=0.02)},
    "use_ema": lambda k: {"optimizer": k.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)},
    "ema_overwrite": lambda k: {"optimizer": k.optimizers.SGD(0.1, use_ema=True, ema_overwrite_frequency=3)},
    "accumulation": lambda k: {"optimizer": k.optimizers.SGD(0.1, momentum=0.5, gradient_accumulation_steps=3)},
    "loss_scale": lambda k: {"optimizer": k.optimizers.SGD(0.1, loss_scale_factor=8.0)},
    "exponential": lambda k: {
        "optimizer": k.optimizers.SGD(k.optimizers.schedules.ExponentialDecay(0.2, 2, 0.5), momentum=0.5)
    },
    "piecewise": lambda k: {
        "optimizer": k.optimizers.SGD(k.optimizers.schedules.PiecewiseConstantDecay([2, 4], [0.5, 0.1, 0.01]))
    },
    "optimizer by name": lambda k: {"optimizer": "sgd"},
    "optimizer by config": lambda k: {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.2}}},
    "optimizer class name": lambda k: {"optimizer": "SGD"},
}


@pytest.mark.parametrize("case", COMPILE, ids=str)
def test_compile(case):
    compare(lambda k: trained(k, COMPILE[case](k)))


def double(y_true, y_pred):
    return abs(y_true - y_pred) * 2


METRICS = {
    "none": lambda k: {},
    "empty": lambda k: {"metrics": []},
    "acc": lambda k: {"metrics": ["acc"]},
    "Accuracy": lambda k: {"metrics": ["Accuracy"]},
    "mse": lambda k: {"metrics": ["mse"]},
    "MSE": lambda k: {"metrics": ["MSE"]},
    "MeanSquaredError": lambda k: {"metrics": ["MeanSquaredError"]},
    "mean_squared_error": lambda k: {"metrics": ["mean_squared_error"]},
    "several": lambda k: {"metrics": ["accuracy", "mae", "categorical_accuracy", "categorical_crossentropy"]},
    "crossentropy": lambda k: {"metrics": ["crossentropy", "ce"]},
    "same name twice": lambda k: {"metrics": ["mse", "mse"]},
    "two names of one": lambda k: {"metrics": ["mse", "mean_squared_error", "accuracy", "acc"]},
    "objects": lambda k: {"metrics": [k.metrics.CategoricalAccuracy(name="mine"), k.metrics.MeanSquaredError()]},
    "objects of one name": lambda k: {"metrics": [k.metrics.MeanSquaredError(), k.metrics.MeanSquaredError()]},
    "function": lambda k: {"metrics": [double]},
    "function of the library": lambda k: {"metrics": [k.losses.mean_squared_error]},
    "lambda": lambda k: {"metrics": [lambda y, p: abs(y - p)]},
    "two lambdas": lambda k: {"metrics": [lambda y, p: abs(y - p), lambda y, p: y - p]},
    "class": lambda k: {"metrics": [k.metrics.MeanSquaredError]},
    "weighted": lambda k: {"weighted_metrics": ["accuracy"]},
    "both": lambda k: {"metrics": ["accuracy"], "weighted_metrics": ["accuracy"]},
    "both, more": lambda k: {"metrics": ["mse", "acc"], "weighted_metrics": ["acc", "mae", "mse", "mse"]},
    "nested list": lambda k: {"metrics": [["accuracy", "mse"]]},
    "not a metric": lambda k: {"metrics": [3]},
    "unknown": lambda k: {"metrics": ["accuraci"]},
}


# Where two metrics have one name, Keras gives the first one's value twice in the list that `evaluate` returns.
OF_ONE_NAME = ("same name twice", "objects of one name", "two lambdas", "both", "both, more")


@pytest.mark.parametrize("case", METRICS, ids=str)
def test_metrics(case):
    def code(k):
        result = trained(k, METRICS[case](k), {"sample_weight": WEIGHTS, "validation_split": 0.2})
        if case in OF_ONE_NAME:
            assert len(result.pop("evaluate")) >= len(result["as dict"])
        return result

    compare(code)


def test_names_of_metrics():
    """Both keep those of `compile` in one metric; the names in minikeras, as in older Keras, are those of each."""

    def names(k):
        model = classifier(k)
        model.compile("sgd", "mse", metrics=["acc", "mae"])
        before = model.metrics_names
        model.evaluate(X, ONE_HOT, verbose=0)
        return before, model.metrics_names, [metric.name for metric in model.metrics]

    assert outcome(keras, names) == (["loss", "compile_metrics"],) * 3
    assert outcome(minikeras, names) == (["loss"], ["loss", "acc", "mae"], ["loss", "compile_metrics"])


def test_metrics_must_be_a_list():
    def code(k):
        trained(k, {"metrics": "accuracy"})

    assert outcome(keras, code) == ("raises", "ValueError")
    assert outcome(minikeras, code) == ("raises", "TypeError")


KINDS = {
    "sparse": (NUMBERS, {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}, {}),
    "sparse column": (NUMBERS[:, None], {"loss": "sparse_categorical_crossentropy", "metrics": ["acc", "ce"]}, {}),
    "sparse float": (NUMBERS.astype("float64"), {"loss": "sparse_categorical_crossentropy", "metrics": ["acc"]}, {}),
    "sparse class_weight": (NUMBERS, {"loss": "sparse_categorical_crossentropy"}, {"class_weight": {0: 2.0, 3: 0.1}}),
    "binary": (YES_NO, {"loss": "binary_crossentropy", "metrics": ["accuracy", "mse"]}, {}),
    "binary line": (YES_NO[:, 0], {"loss": "binary_crossentropy", "metrics": ["accuracy"]}, {}),
    "binary integers": (YES_NO.astype(int), {"loss": "binary_crossentropy", "metrics": ["binary_accuracy"]}, {}),
    "binary class_weight": (YES_NO, {"loss": "binary_crossentropy"}, {"class_weight": {0: 2.0, 1: 0.5}}),
    "real": (REAL, {"loss": "mse", "metrics": ["mae", "mse"]}, {}),
    "logits": (
        ONE_HOT,
        lambda k: {"loss": k.losses.CategoricalCrossentropy(from_logits=True), "metrics": ["accuracy"]},
        {},
    ),
    "sparse logits": (
        NUMBERS,
        lambda k: {"loss": k.losses.SparseCategoricalCrossentropy(from_logits=True), "metrics": ["accuracy"]},
        {},
    ),
    "real float64": (REAL.astype("float64"), {"loss": "mae", "metrics": ["mae"]}, {}),
    "one-hot integers": (ONE_HOT.astype(int), {"metrics": ["accuracy"]}, {}),
    "one-hot bool": (ONE_HOT.astype(bool), {"metrics": ["accuracy"]}, {}),
}


@pytest.mark.parametrize("case", KINDS, ids=str)
def test_kinds_of_labels(case):
    y, compile_options, fit_options = KINDS[case]
    model_options = {}
    if "binary" in case:
        model_options |= {"classes": 1, "activation": "sigmoid"}
    if "real" in case or "logits" in case:
        model_options |= {"activation": "linear"}

    def code(k):
        options = compile_options(k) if callable(compile_options) else compile_options
        return trained(k, options, fit_options, y=y, **model_options)

    compare(code)


DATA = {
    "float64": (X.astype("float64"), ONE_HOT.astype("float64")),
    "float16": (X.astype("float16"), ONE_HOT),
    "integers": ((X * 3).astype(int), ONE_HOT),
    "list of one array": ([X], [ONE_HOT]),
    "columns first": (np.asfortranarray(X), ONE_HOT[::1]),
    "views": (X[::-1], ONE_HOT[::-1]),
}


@pytest.mark.parametrize("data", DATA, ids=str)
def test_kinds_of_data(data):
    def code(k):
        x, y = DATA[data]
        model = classifier(k)
        model.compile(k.optimizers.SGD(0.1), "categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=16, epochs=2, shuffle=False, verbose=0).history
        return history, model.get_weights(), model.evaluate(x, y, verbose=0), model.predict(x, verbose=0)

    compare(code)


def test_single_batches():
    """What was measured on a batch is forgotten with the next one."""

    def code(k):
        model = classifier(k)
        model.compile(k.optimizers.SGD(0.1), "categorical_crossentropy", metrics=["acc"], weighted_metrics=["mse"])
        seen = []
        for start in range(0, 48, 12):
            part = slice(start, start + 12)
            seen.append(model.train_on_batch(X[part], ONE_HOT[part]))
            seen.append(model.train_on_batch(X[part], ONE_HOT[part], sample_weight=WEIGHTS[part], return_dict=True))
            seen.append(model.train_on_batch(X[part], ONE_HOT[part], class_weight={1: 3.0}))
        model.reset_metrics()
        seen.append(model.get_metrics_result())
        for start in range(0, 48, 12):
            part = slice(start, start + 12)
            seen.append(model.test_on_batch(X[part], ONE_HOT[part], sample_weight=WEIGHTS[part]))
            seen.append(model.test_on_batch(X[part], ONE_HOT[part], return_dict=True))
        seen.append(model.predict_on_batch(X[:5]))
        return [as_floats(value) for value in seen], model.get_weights()

    compare(code)


def as_floats(value):
    """Single numbers as floats: Keras returns those of a batch as arrays or numbers of numpy, we as Python's."""
    if isinstance(value, dict):
        return {key: as_floats(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [as_floats(entry) for entry in value]
    value = plain(value)
    return float(value) if np.ndim(value) == 0 else value


def test_the_loss_alone_is_no_list():
    def code(k):
        model = classifier(k)
        model.compile("sgd", "categorical_crossentropy")
        batch = as_floats(model.train_on_batch(X, ONE_HOT)), as_floats(model.test_on_batch(X, ONE_HOT))
        return batch, model.evaluate(X, ONE_HOT, verbose=0), model.evaluate(X, ONE_HOT, verbose=0, return_dict=True)

    assert isinstance(compare(code)[1], float)


def hooks(k, calls):
    """A callback that writes down what it is called with."""

    def recording(name):
        def hook(self, *args, logs=None):
            calls.append((name, *args, shown(logs)))

        return hook

    def shown(logs):
        logs = dict(logs or {})
        return {key: value.shape if key == "outputs" else float(value) for key, value in logs.items()}

    events = ["train", "test", "predict", "epoch", "train_batch", "test_batch", "predict_batch"]
    names = [f"on_{event}_{end}" for event in events for end in ("begin", "end")]
    batch_or_not = {name: recording(name) for name in names}
    for name in [n for n in names if n.split("_")[1:-1] in (["train"], ["test"], ["predict"])]:
        batch_or_not[name] = lambda self, logs=None, name=name: calls.append((name, shown(logs)))
    for name in [n for n in names if "batch" in n or "epoch" in n]:
        batch_or_not[name] = lambda self, number, logs=None, name=name: calls.append((name, number, shown(logs)))
    return type("Hooks", (k.callbacks.Callback,), batch_or_not)()


@pytest.mark.parametrize("steps_per_execution", [1, 2])
@pytest.mark.parametrize("eagerly", [False, True], ids=["replayed", "eagerly"])
def test_callbacks(steps_per_execution, eagerly):
    def code(k):
        calls = []
        model = classifier(k)
        model.compile(
            k.optimizers.SGD(0.1),
            "categorical_crossentropy",
            metrics=["acc"],
            steps_per_execution=steps_per_execution,
            run_eagerly=eagerly,
        )
        hook = hooks(k, calls)
        options = {"batch_size": 16, "verbose": 0, "callbacks": [hook]}
        model.fit(X, ONE_HOT, epochs=2, shuffle=False, validation_split=0.36, **options)
        calls.append(("params", dict(hook.params)))
        model.evaluate(X, ONE_HOT, **options)
        calls.append(("params", dict(hook.params)))
        model.predict(X, **options)
        calls.append(("params", dict(hook.params)))
        return calls

    calls = compare(code)
    assert {name for name, *_ in calls} > {"on_train_batch_end", "on_test_batch_end", "on_predict_batch_end"}


def test_stopping():
    def code(k):
        class Stop(k.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                if batch == 1 and self.epoch == 1:
                    self.model.stop_training = True

            def on_epoch_begin(self, epoch, logs=None):
                self.epoch = epoch

        model = classifier(k)
        model.compile(k.optimizers.SGD(0.1), "categorical_crossentropy", metrics=["acc"])
        options = {"batch_size": 16, "epochs": 4, "shuffle": False, "verbose": 0, "validation_split": 0.2}
        history = model.fit(X, ONE_HOT, callbacks=[Stop()], **options)
        return history.history, history.epoch, int(model.optimizer.iterations), model.stop_training

    assert compare(code)[1] == [0, 1]


def test_training_goes_on():
    """A second fit, a new learning rate, a layer frozen and thawed, a new compile: each from where the last stopped."""

    def code(k):
        model = classifier(k)
        seen = []

        def fit():
            history = model.fit(X, ONE_HOT, batch_size=16, shuffle=False, verbose=0)
            seen.append((history.history, history.epoch, model.get_weights(), int(model.optimizer.iterations)))

        # Without metrics: Keras goes on reporting those of an earlier `compile`.
        model.compile(k.optimizers.SGD(0.1, momentum=0.9), "categorical_crossentropy")
        fit()
        fit()
        model.optimizer.learning_rate = 0.01
        fit()
        model.layers[0].trainable = False
        model.compile(k.optimizers.SGD(0.1), "mse")
        fit()
        model.layers[0].trainable = True
        model.compile("sgd", "categorical_crossentropy")
        fit()
        set_weights(model, 5)
        fit()
        return seen

    assert len(compare(code)) == 6


def test_own_steps():
    """What users override in a model of their own."""

    def code(k):
        class Own(k.Sequential):
            def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                return 2 * super().compute_loss(x, y, y_pred, sample_weight) + k.ops.mean(k.ops.square(y_pred))

            def compute_metrics(self, x, y, y_pred, sample_weight=None):
                return {**super().compute_metrics(x, y, y_pred, sample_weight), "more": k.ops.mean(y_pred[:, 0])}

        model = set_weights(Own([k.Input((6,)), k.layers.Dense(4, activation="softmax")]))
        model.compile(k.optimizers.SGD(0.1), "categorical_crossentropy", metrics=["acc"])
        history = model.fit(X, ONE_HOT, batch_size=16, epochs=2, shuffle=False, verbose=0)
        return history.history, model.get_weights()

    compare(code)


def test_dropout_that_drops_changes_training_only():
    """The draws differ from TensorFlow's, so only what does not depend on them is compared."""

    def code(k):
        model = set_weights(k.Sequential([k.Input((6,)), k.layers.Dropout(0.5, seed=1), k.layers.Dense(4)]))
        before = model.predict(X, verbose=0)
        model.compile("sgd", "mse")
        losses = [float(model.train_on_batch(X, REAL)) for _ in range(2)]
        return before, losses[0] != float(model.test_on_batch(X, REAL))

    compare(code)


def test_shuffling_takes_every_example_once():
    for k in (keras, minikeras):
        result = outcome(k, lambda k: order_seen(k))
        assert sorted(result.tolist()) == list(range(50))
        assert result.tolist() != list(range(50))


def order_seen(k):
    """The order in which one epoch shuffled examples, read from the predictions of a model that passes its input on."""
    seen = []

    class Pass(k.Sequential):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return k.ops.mean(y_pred)

    model = Pass([k.Input((1,)), k.layers.Dense(1, use_bias=False, kernel_initializer="ones")])

    class See(k.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.reset_metrics()

        def on_train_batch_end(self, batch, logs=None):
            seen.append(round(float(logs["loss"])))

    model.compile(k.optimizers.SGD(0.0), "mse")
    numbers = np.arange(50, dtype="float32")[:, None]
    model.fit(numbers, numbers, batch_size=1, verbose=0, callbacks=[See()])
    return np.array(seen)
