"""Models with several outputs and inputs beside those of real Keras: losses, weights and metrics in all their forms.

Real Keras runs eagerly here: it takes seconds to trace a step, and milliseconds to run it. It also is more exact so:
the losses of single outputs are means over examples, as in minikeras; traced by TensorFlow, which does not know the
size of a batch then, they are means over batches.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

import minikeras
from compat.side_by_side import compare, outcome, set_weights

RNG = np.random.default_rng(0)
X = RNG.normal(size=(20, 3)).astype("float32")  # in batches of 12 the last one is smaller
A = RNG.normal(size=(20, 2)).astype("float32")
B = (RNG.random((20, 1)) > 0.5).astype("float32")
W = RNG.random(20).astype("float32")
V = RNG.random(20).astype("float32")


def made(k, kind):
    """Returns a model whose outputs are in a list, tuple or dict; the names are not in their order."""
    x = k.Input((3,), name="x")
    a, b = k.layers.Dense(2, name="zed")(x), k.layers.Dense(1, activation="sigmoid", name="b")(x)
    outputs = {
        "list": [a, b],
        "tuple": (a, b),
        "dict": {"p": a, "k": b},
        "named": {"zed": a, "b": b},
        "nested": {"q": [a, b], "r": b},
        "one": [a],
    }
    return set_weights(k.Model(x, outputs[kind]))


def trained(k, kind, y, compile_options, sample_weight=None):
    model = made(k, kind)
    options = compile_options(k) if callable(compile_options) else compile_options
    model.compile(k.optimizers.SGD(0.1), run_eagerly=k is keras, **options)
    history = model.fit(X, y, batch_size=12, epochs=2, verbose=0, shuffle=False, sample_weight=sample_weight)
    logs = model.evaluate(X, y, verbose=0, sample_weight=sample_weight, return_dict=True)
    return {
        "history": history.history,
        "weights": model.get_weights(),
        "logs": logs,
        "list": model.evaluate(X, y, verbose=0, sample_weight=sample_weight),
        "outputs": model.predict(X, verbose=0, batch_size=12),
        "batch": {name: float(value) for name, value in model.test_on_batch(X, y, return_dict=True).items()},
    }


L, D = [A, B], {"p": A, "k": B}
CASES = {
    "one loss for all": ("list", L, {"loss": "mse"}),
    "lists": ("tuple", L, {"loss": ["mse", "bce"], "metrics": ["mae", "acc"], "loss_weights": [0.3, 2.0]}),
    "tuples": (
        "list",
        (A, B),
        {"loss": ("mse", "bce"), "metrics": [["mae", "mse"], None], "weighted_metrics": (None, ["acc", "mae"])},
    ),
    "names": (
        "list",
        {"zed": A, "b": B},
        {
            "loss": {"zed": "mse", "b": "bce"},
            "loss_weights": {"b": 2.0, "zed": 0.5},
            "metrics": {"b": "acc", "zed": ["mse", "mae"]},
            "weighted_metrics": {"b": ["acc", "acc"]},
        },
    ),
    "names, labels in a list": ("list", L, {"loss": {"b": "bce", "zed": "mse"}, "metrics": {"b": ["acc"]}}),
    "an output without a loss": ("list", L, {"loss": ["mse", None], "metrics": [None, "acc"]}),
    "labels of an output only": ("list", [A], {"loss": ["mse", None], "metrics": ["mae", None]}),
    "labels of an output only, without metrics": ("list", A, {"loss": ["mse", None]}),
    "fewer losses than outputs": ("list", L, {"loss": ["mse"]}),
    "crossentropies": ("list", [np.abs(A), B], {"loss": ["crossentropy", "ce"]}),
    "objects": (
        "list",
        L,
        lambda k: {
            "loss": [k.losses.MeanSquaredError(name="mine"), k.losses.Huber()],
            "metrics": [[k.metrics.MeanAbsoluteError(name="mae")], [k.metrics.BinaryAccuracy(), "mse"]],
        },
    ),
    "several losses of an output": ("list", L, {"loss": ["mse", ["mse", "bce"]]}),
    "dict": ("dict", D, {"loss": "mse", "metrics": {"p": ["mae", "mse"], "k": ["acc"]}}),
    "dict, sorted lists": ("dict", [B, A], {"loss": ["bce", "mse"], "metrics": ["acc", "mae"]}),
    "dict, some losses": ("dict", {"p": A}, {"loss": {"p": "mse"}}),
    "dict of names": (
        "named",
        {"b": B, "zed": A},
        {
            "loss": {"zed": "mse", "b": "bce"},
            "loss_weights": {"b": 2.0, "zed": 0.5},
            "metrics": {"zed": "mae", "b": "acc"},
            "weighted_metrics": {"zed": "mae", "b": "acc"},
        },
    ),
    "nested": (
        "nested",
        {"q": [A, B], "r": B},
        {
            "loss": {"q": ["mse", "bce"], "r": "bce"},
            "loss_weights": {"q": [1.0, 2.0], "r": 0.5},
            "metrics": {"q": ["mae", "acc"], "r": ["acc", "mae"]},
        },
    ),
    "nested, flat lists": ("nested", [A, B, B], {"loss": ["mse", "bce", "mse"]}),
    "nested, one loss": ("nested", {"q": [A, B], "r": B}, {"loss": "mse"}),
    "one output in a list": ("one", A, {"loss": {"zed": ["mse"]}, "metrics": {"zed": ["mae"]}, "loss_weights": [0.5]}),
}


NO_GRADIENTS = "ignore:Optimizer .* there are no gradients for the variables"  # of an output without a loss


@pytest.mark.filterwarnings(NO_GRADIENTS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_outputs(case):
    kind, y, options = CASES[case]

    def code(k):
        result = trained(k, kind, y, options)
        if case == "several losses of an output":  # Keras gives values of one name twice
            del result["list"]
        return result

    compare(code)


def test_sample_weights():
    def code(k):
        options = {"loss": ["mse", "bce"], "metrics": ["mae", "acc"], "weighted_metrics": ["mae", "acc"]}
        found = [trained(k, "list", L, options, weights) for weights in (W[:, None], [W, V], [W, None])]
        options = {"loss": "mse", "weighted_metrics": {"p": "mae", "k": "acc"}}
        return [*found, *[trained(k, "dict", D, options, weights) for weights in ({"p": W, "k": V},)]]

    compare(code)


@pytest.mark.filterwarnings(NO_GRADIENTS)
def test_subclassed():
    """Outputs without names: the logs name the losses."""

    def code(k):
        class Own(k.Model):
            def __init__(self, as_dict):
                super().__init__()
                self.as_dict = as_dict
                self.a, self.b = k.layers.Dense(2), k.layers.Dense(1, activation="sigmoid")

            def call(self, x):
                a, b = self.a(x), self.b(x)
                return {"u": a, "t": b} if self.as_dict else [a, b]

        seen = []
        for as_dict, y, options in (
            (False, L, {"loss": "mse", "metrics": ["mae", "acc"]}),
            (False, L, {"loss": ["mse", "bce"], "metrics": [["mae", "mse"], ["acc"]]}),
            (False, L, {"loss": [k.losses.MeanSquaredError(), None]}),
            (True, {"u": A, "t": B}, {"loss": {"u": "mse", "t": "bce"}, "metrics": {"u": ["mae"], "t": ["acc"]}}),
        ):
            model = Own(as_dict)
            model(X)
            set_weights(model)
            model.compile(k.optimizers.SGD(0.1), **options, run_eagerly=k is keras)
            history = model.fit(X, y, batch_size=12, verbose=0, shuffle=False).history
            seen.append((history, model.evaluate(X, y, verbose=0, return_dict=True), model.predict(X, verbose=0)))
        return seen

    compare(code)


def test_several_inputs():
    def code(k):
        x, z = k.Input((3,), name="x"), k.Input((2,), name="z")
        joined = k.layers.Concatenate()([k.layers.Dense(2, name="d")(x), z])
        models = [k.Model(inputs, k.layers.Dense(1, name="o")(joined)) for inputs in ([x, z], {"x": x, "z": z})]
        seen = []
        for model, data in zip(models, ([X, A], {"z": A, "x": X}), strict=True):
            set_weights(model)
            model.compile(k.optimizers.SGD(0.1), "mse", run_eagerly=k is keras, metrics=["mae"])
            for inputs in (data, {"x": X, "z": A}):
                options = {"batch_size": 12, "verbose": 0}
                history = model.fit(inputs, B, shuffle=False, validation_split=0.3, **options).history
                seen.append((history, model.evaluate(inputs, B, **options), model.predict(inputs, **options)))
        return seen, models[0].get_weights()

    compare(code)


def test_callbacks_and_names():
    """The order of the values, what `reset_metrics` does to them, and what `metrics` holds."""

    def code(k):
        class Look(k.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                seen.append((batch, list(logs)))

        model, seen = made(k, "list"), []
        model.compile(k.optimizers.SGD(0.1), ["mse", "bce"], run_eagerly=k is keras, metrics=["mae", "acc"])
        model.fit(X, L, batch_size=12, verbose=0, shuffle=False, callbacks=[Look()])
        values = {name: float(value) for name, value in model.get_metrics_result().items()}
        names = [metric.name for metric in model.metrics]
        model.reset_metrics()
        return seen, values, names, {name: float(value) for name, value in model.get_metrics_result().items()}

    compare(code)


REFUSED = {
    "a loss too many": ("list", L, {"loss": ["mse", "bce", "mse"]}),
    "a wrong key": ("list", L, {"loss": {"zed": "mse", "c": "bce"}}),
    "a missing key": ("list", L, {"loss": {"zed": "mse"}}),
    "a wrong key of a dict": ("dict", D, {"loss": {"p": "mse", "zed": "mse"}}),
    "a list for a dict": ("dict", D, {"loss": ["mse"]}),
    "a name of one output": ("one", A, {"loss": {"other": "mse"}}),
    "one list of metrics for all": ("list", L, {"loss": "mse", "metrics": ["mae"]}),
    "a wrong key of metrics": ("list", L, {"loss": "mse", "metrics": {"zed": "mae", "c": "mse"}}),
    "a missing key of nested metrics": ("nested", [A, B, B], {"loss": "mse", "metrics": {"r": "acc"}}),
    "too few weights": ("list", L, {"loss": ["mse", "bce"], "loss_weights": [1.0]}),
    "weights of one loss": ("list", L, {"loss": "mse", "loss_weights": [1.0, 2.0]}),
    "one array of labels": ("list", A, {"loss": "mse"}),
    "labels too many": ("list", [A, B, B], {"loss": "mse"}),
    "labels of other names": ("list", {"zed": A, "c": B}, {"loss": "mse"}),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_refused(case):
    kind, y, options = REFUSED[case]
    theirs, ours = (outcome(k, lambda k: trained(k, kind, y, options)) for k in (keras, minikeras))
    assert theirs[0] == "raises" and ours == ("raises", "ValueError")


def test_refused_sample_weights():
    for weights in (np.ones((20, 2)), [W], {"c": W}, W[:4]):
        for k in (keras, minikeras):
            assert outcome(k, lambda k, w=weights: trained(k, "list", L, {"loss": "mse"}, w)) == (
                "raises",
                "ValueError",
            )
