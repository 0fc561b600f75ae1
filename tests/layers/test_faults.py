"""Layers of users that go wrong: the error says in which layer, and what was there before is there afterwards."""

import inspect

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.errors import ArgumentError, NotSupportedError, ReplayWarning
from tests.helpers import check_grads

X = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")


class Applies(layers.Layer):
    """Applies a function in `call`, or fails in `build`."""

    def __init__(self, function, fails=None, **options):
        super().__init__(**options)
        self.function, self.fails = function, fails

    def build(self, input_shape):
        self.scale = self.add_weight((3,), "ones", name="scale")
        if self.fails is not None:
            raise self.fails

    def call(self, inputs):
        return self.function(inputs * self.scale)


class Network(minikeras.Model):
    def __init__(self, *arguments):
        super().__init__(name="net")
        self.inner = Applies(*arguments, name="inner")
        self.block = minikeras.Sequential([layers.Dense(3, name="first"), self.inner], name="block")

    def call(self, inputs):
        return self.block(inputs)


def raising(error):
    def function(x):
        raise error

    return function


def uses(model):
    """Ways to run into an error: the first call, a training, a graph."""
    model.compile("sgd", "mse")
    return [
        lambda: model(X),
        lambda: model.fit(X, X, verbose=0),
        lambda: model.predict(X, verbose=0),
        lambda: model(layers.Input((3,))),
    ]


class OwnError(Exception):
    """An error that has no text as its argument."""

    def __init__(self):
        super().__init__(7, "seven")


@pytest.mark.parametrize("error", [ValueError("too large"), ZeroDivisionError("by zero"), KeyError("k"), OwnError()])
def test_the_layer_is_named(error):
    for arguments, place in (
        ((raising(error), None), "Raised in the call of layer 'net/block/inner' (Applies)."),
        ((ops.tanh, error), "Raised in `build` of layer 'net/block/inner' (Applies)."),
    ):
        model = Network(*arguments)
        for use in uses(model):
            with pytest.raises(type(error)) as caught:
                use()
            assert caught.value is error  # the very object, with all it carries
            told = str(error) + "".join(getattr(error, "__notes__", []))
            assert told.count("Raised in") == 1 and place in told
            assert model.weights == [] or [w.name for w in model.weights] == ["scale", "kernel", "bias"]
            error.__dict__.pop("_minikeras_location", None)
            error.args = tuple(arg.split("\n")[0] if isinstance(arg, str) else arg for arg in error.args)
            error.__dict__.pop("__notes__", None)
        # Once the fault is mended, it works.
        model.inner.function, model.inner.fails = ops.tanh, None
        assert model(X).shape == (4, 3) and [w.name for w in model.weights] == ["scale", "kernel", "bias"]
        assert model.fit(X, X, verbose=0).history["loss"][0] > 0


def test_a_call_that_returns_nothing():
    for use in uses(Network(lambda x: None)):
        with pytest.raises(ArgumentError, match="Applies layer 'inner': `call` returned None(.|\n)*net/block/inner"):
            use()


def test_a_fault_in_the_middle_of_training_keeps_the_last_step():
    steps = []

    class Fails(minikeras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps.append(model.get_weights())
            if batch == 1:
                model.inner.function = raising(OverflowError("at last"))

    model = Network(ops.tanh)
    model.compile("sgd", "mse", run_eagerly=True)
    with pytest.raises(OverflowError, match=r"at last\nRaised in the call of layer 'net/block/inner'"):
        model.fit(X, X, batch_size=1, verbose=0, callbacks=[Fails()])
    assert len(steps) == 2 and all(map(np.array_equal, model.get_weights(), steps[1]))
    model.inner.function = ops.tanh
    model.fit(X, X, verbose=0)


# ---------------------------------------------------------------- defaults that layers would share


def test_defaults_that_hold_layers_are_refused():
    class Shares(layers.Layer):
        def __init__(self, parts=[layers.Dense(2)], *, head=layers.Dense(1), **options):  # noqa: B006, B008
            super().__init__(**options)
            if options.get("name") == "head":
                self.head = head
            elif options.get("name") == "dict":
                self.parts = {"parts": parts}
            else:
                self.parts = parts

    with pytest.raises(ArgumentError, match=r"Shares: `self.parts` is the default of a parameter of `__init__`"):
        Shares()
    with pytest.raises(ArgumentError, match="`self.head` is the default"):
        Shares(name="head")
    assert Shares([layers.Dense(2)]).parts[0].units == 2  # given ones are fine


def test_a_default_list_stays_empty():
    class Appends(layers.Layer):
        def __init__(self, parts=[], options={}):  # noqa: B006
            super().__init__()
            self.parts, self.options = parts, options
            self.parts.append(layers.Dense(2))
            self.options["dense"] = layers.Dense(3)

    first, second = Appends(), Appends()
    assert len(first.parts) == len(second.parts) == 1 and first.parts[0] is not second.parts[0]
    assert first.options["dense"] is not second.options["dense"]
    assert inspect.unwrap(Appends.__init__).__defaults__ == ([], {})


# ---------------------------------------------------------------- numpy inside of `call`

NUMPY = {
    "tanh": (lambda x: np.tanh(x) * np.exp(-x / 2), lambda x: ops.tanh(x) * ops.exp(-x / 2)),
    "where": (lambda x: np.where(x > 0, x, 0.1 * x), lambda x: ops.where(x > 0, x, 0.1 * x)),
    "sums": (lambda x: x - np.mean(x, axis=1, keepdims=True), lambda x: x - ops.mean(x, axis=1, keepdims=True)),
    "products": (lambda x: np.dot(x, np.eye(3, dtype="float32")) @ np.ones((3, 3), "float32"), None),
    "shapes": (lambda x: np.concatenate([x[:, ::-1], np.reshape(x, (-1, 3))], axis=-1)[:, 1:4], None),
    "methods": (lambda x: x.reshape(-1, 3).T.T - x.sum(axis=-1, keepdims=True), None),
    "sort": (lambda x: np.sort(x, axis=-1) * np.array([1, 2, 3], "float32"), None),
    "einsum": (lambda x: np.einsum("bi,bj->bj", x, np.sqrt(np.square(x) + 1)), None),
}


@pytest.mark.parametrize("name", NUMPY)
def test_numpy_functions_are_differentiated(name):
    function, alike = NUMPY[name]
    check_grads(function, X, order=1)
    results = []
    for used in (function, alike or function):
        for eager in (False, True):
            minikeras.utils.set_random_seed(1)
            model = Network(used)
            model.compile("sgd", "mse", run_eagerly=eager)
            history = model.fit(X, X, batch_size=2, epochs=2, verbose=0, shuffle=False).history["loss"]
            results.append((history, [weight.tobytes() for weight in model.get_weights()]))
    assert all(result == results[0] for result in results)
    minikeras.utils.set_random_seed(1)
    start = Network(function)
    start(X)
    assert results[0][1][0] != start.get_weights()[0].tobytes()  # the layer before it was trained


@pytest.mark.parametrize(
    ("function", "called"),
    [
        (lambda x: np.interp(x, [0, 1], [0, 1]), "np.interp"),
        (np.i0, "np.i0"),
        (lambda x: np.linalg.cond(x), "np.linalg.cond"),
        (lambda x: np.fft.fft(x).real, "np.fft.fft"),
        (lambda x: np.spacing(x), "np.spacing"),
        (lambda x: np.multiply.accumulate(x), "np.multiply.accumulate"),
    ],
)
def test_numpy_functions_without_a_rule(function, called):
    model = Network(function)
    model.block.build((None, 3))
    before = model.get_weights()
    model.compile("sgd", "mse")
    with pytest.raises(NotSupportedError, match="has no gradient rule for it. Use a function of") as caught:
        model.fit(X, X, verbose=0)
    assert str(caught.value).startswith(called) and "in layer 'net/block/inner'" in str(caught.value)
    assert all(map(np.array_equal, model.get_weights(), before))


def test_what_leaves_the_trace_is_told():
    class Alone(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.inner = Applies(lambda x: x * np.float32(np.asarray(x).mean() > 0))

        def call(self, inputs):
            return self.inner(inputs)

    model = Alone()
    model.compile("sgd", "mse")
    with pytest.warns(ReplayWarning, match=r"turned into an array at .*test_faults.py"):
        model.fit(X, X, verbose=0)
