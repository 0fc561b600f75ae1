"""What Python holds may change between two steps: it counts from the next step on, in batches of every size."""

import array
import collections
import datetime
import functools
import importlib
import os
import random
import sys
import threading
import time
import types
import uuid
from dataclasses import dataclass

import numpy as np
import pytest

import minikeras
from minikeras import layers, losses, metrics, ops, regularizers
from minikeras.compiler.step import Step
from minikeras.errors import ReplayWarning, TraceError
from minikeras.optimizers import SGD
from tests.helpers import plans_of

X, Y = np.ones((10, 3), "float32"), np.zeros((10, 1), "float32")
SCALE = 1.0
FACTORS = {"of all": [1.0]}
RNG = np.random.default_rng(3)


def made(*own, loss="mse", **options):
    """Three ones go in, through the layers, and their sum comes out; nothing is learned."""
    model = minikeras.Sequential([layers.Input((3,)), *own, layers.Dense(1, kernel_initializer="ones")])
    model.compile(SGD(0.0), loss, **options)
    return model


def losses_of(model, change=lambda epoch: None, epochs=3):
    """The loss of each batch, of sizes 4, 4 and 2; something is changed before each epoch."""
    found = []

    class Watch(minikeras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            change(epoch)

        def on_train_batch_end(self, batch, logs=None):
            found.append(float(logs["loss"]))
            self.model.reset_metrics()

    model.fit(X, Y, batch_size=4, epochs=epochs, verbose=0, shuffle=False, callbacks=[Watch()])
    return found


def thrice(*values):
    return [value for value in values for _ in range(3)]


@dataclass(slots=True)
class Settings:
    k: float = 1.0


class Scale(layers.Layer):
    k = 1.0

    def __init__(self):
        super().__init__()
        self.held = {
            "list": [1.0, {"deep": 1.0}],
            "namespace": types.SimpleNamespace(k=1.0),
            "settings": Settings(),
            "array": np.ones(3, "float32"),
            "doubles": np.ones(3),
        }
        self.pair = (1.0, [1.0])
        self.mode = "plain"

    def factor(self):
        return self.k

    def call(self, inputs):
        return inputs * self.factor()


def set_global(value):
    global SCALE
    SCALE = value


# How the factor of a layer is read, and how it is set.
PLACES = {
    "attribute": (lambda s: s.k, lambda s, v: setattr(s, "k", v)),
    "item of a list": (lambda s: s.held["list"][0], lambda s, v: s.held["list"].__setitem__(0, v)),
    "deep": (lambda s: s.held["list"][1]["deep"], lambda s, v: s.held["list"][1].update(deep=v)),
    "list in a tuple": (lambda s: s.pair[1][0], lambda s, v: s.pair[1].__setitem__(0, v)),
    "namespace": (lambda s: s.held["namespace"].k, lambda s, v: setattr(s.held["namespace"], "k", v)),
    "slots": (lambda s: s.held["settings"].k, lambda s, v: setattr(s.held["settings"], "k", v)),
    "array in place": (lambda s: s.held["array"], lambda s, v: s.held["array"].fill(v)),
    "array of another type": (
        lambda s: s.held["doubles"].astype("float32"),
        lambda s, v: s.held["doubles"].fill(v),
    ),
    "string": (lambda s: float(s.mode) if s.mode != "plain" else 1.0, lambda s, v: setattr(s, "mode", str(v))),
    "class": (lambda s: type(s).k, lambda s, v: setattr(type(s), "k", v)),
    "global": (lambda s: SCALE, lambda s, v: set_global(v)),
    "item of a global": (lambda s: FACTORS["of all"][0], lambda s, v: FACTORS["of all"].__setitem__(0, v)),
    "sorted list": (lambda s: s.held["list"][0], lambda s, v: s.held["list"].__setitem__(slice(0, 1), [v])),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_value_counts_from_the_next_step_on(place):
    read, write = PLACES[place]

    class Own(Scale):
        def factor(self):
            return read(self)

    scale = Own()
    write(scale, 1.0)
    model = made(scale)
    assert losses_of(model, lambda epoch: write(scale, float(epoch + 1))) == thrice(9, 36, 81)
    write(scale, 10.0)
    assert model.train_on_batch(X, Y) == model.test_on_batch(X, Y) == model.evaluate(X, Y, verbose=0) == 900
    assert model.predict(X, verbose=0)[0, 0] == model.predict_on_batch(X)[0, 0] == model(X)[0, 0] == 30


def test_a_value_set_in_the_middle_of_an_epoch():
    scale, found = Scale(), []

    class Double(minikeras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            found.append(float(logs["loss"]))
            self.model.reset_metrics()
            scale.k *= 2

    made(scale).fit(X, Y, batch_size=4, epochs=2, verbose=0, callbacks=[Double()])
    assert found == [9 * 4**number for number in range(6)]


def test_variables_of_enclosing_functions():
    k = 1.0

    def change(epoch):
        nonlocal k
        k = float(epoch + 1)

    assert losses_of(made(layers.Lambda(lambda x: x * k)), change) == thrice(9, 36, 81)


def test_what_a_helper_reads():
    def factor():
        return FACTORS["of all"][0]

    def change(epoch):
        FACTORS["of all"] = [epoch + 1.0]

    assert losses_of(made(layers.Lambda(lambda x: x * factor())), change) == thrice(9, 36, 81)


@pytest.mark.parametrize(
    ("holder", "key"),
    [
        (np.array([1.0, "other"], dtype=object), 0),
        (np.array([[1.0]], dtype=object), (0, 0)),
        (array.array("d", [1.0]), 0),
        (bytearray(b"\x01"), 0),
        (collections.ChainMap({}, {"k": 1.0}), "k"),
    ],
    ids=["objects", "objects in two axes", "array", "bytes", "chain"],
)
def test_arrays_and_mappings_of_other_kinds(holder, key):
    class Holding(layers.Layer):
        def call(self, x):
            return x * float(holder[key])

    def change(epoch):
        holder[key] = epoch + 1

    assert losses_of(made(Holding()), change) == thrice(9.0, 36.0, 81.0)


def test_what_decorators_and_caches_read():
    factors = {"decorator": 1.0, "cache": 1.0}

    def scaled(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args) * factors["decorator"]

        return wrapper

    @functools.lru_cache
    def cached():
        return factors["cache"]

    class Decorated(layers.Layer):
        @scaled
        def call(self, x):
            return x * cached()

    def change(epoch):
        factors.update([(), [("decorator", 2.0)], [("cache", 3.0)]][epoch])
        cached.cache_clear()

    # 3 k, squared, of no factor, of 2 and of 2 x 3
    assert losses_of(made(Decorated()), change) == thrice(9.0, 36.0, 324.0)


def test_what_a_module_imported_in_the_call_holds(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "factors_of_a_call").mkdir()
    (tmp_path / "factors_of_a_call" / "inner.py").write_text("k = 1.0", encoding="utf-8")

    class Importing(layers.Layer):
        def call(self, x):
            from factors_of_a_call import inner

            return x * inner.k

    def change(epoch):
        importlib.import_module("factors_of_a_call.inner").k = epoch + 1.0

    assert losses_of(made(Importing()), change) == thrice(9.0, 36.0, 81.0)


def test_a_flag_set_and_reset_uses_its_plans_again(monkeypatch):
    class Flag(layers.Layer):
        doubles = False

        def call(self, inputs):
            return inputs * 2.0 if self.doubles else inputs

    flag = Flag()
    model = made(flag)
    assert losses_of(model, lambda epoch: setattr(flag, "doubles", epoch % 2 == 1), 2) == thrice(9, 36)
    monkeypatch.delattr(Step, "trace")
    assert losses_of(model, lambda epoch: setattr(flag, "doubles", epoch % 2 == 1), 6) == thrice(9, 36, 9, 36, 9, 36)


class Weighted(losses.Loss):
    weight = 1.0

    def call(self, y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred), axis=-1) * self.weight


def test_losses_and_regularizers():
    loss = Weighted()
    assert losses_of(made(loss=loss), lambda epoch: setattr(loss, "weight", epoch + 1.0)) == thrice(9, 18, 27)
    loss = losses.MeanSquaredError(reduction="sum")
    change = {0: "sum", 1: "mean", 2: "sum"}
    found = losses_of(made(loss=loss), lambda epoch: setattr(loss, "reduction", change[epoch]))
    assert found == [36, 36, 18, 9, 9, 9, 36, 36, 18]

    def weighted(y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred), axis=-1) * weighted.weight

    weighted.weight = 1.0
    options = {"weight": 1.0}

    def optional(y_true, y_pred, options):
        return ops.mean(ops.square(y_true - y_pred), axis=-1) * options["weight"]

    class Callable:
        weight = 1.0

        def __call__(self, y_true, y_pred):
            return ops.mean(ops.square(y_true - y_pred), axis=-1) * self.weight

        def method(self, y_true, y_pred):
            return self(y_true, y_pred)

    own = Callable()
    for given in (functools.partial(optional, options=options), own, own.method):
        own.weight = options["weight"] = 1.0

        def change_all(epoch):
            own.weight = options["weight"] = epoch + 1.0

        assert losses_of(made(loss=given), change_all) == thrice(9, 18, 27)
    found = losses_of(made(loss=weighted), lambda epoch: setattr(weighted, "weight", epoch + 1.0))
    assert found == thrice(9, 18, 27)
    penalty = regularizers.L2(0.0)
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, "linear", True, "ones")])
    model.layers[0].kernel.regularizer = penalty
    model.compile(SGD(0.0), "mse")
    assert losses_of(model, lambda epoch: setattr(penalty, "l2", float(epoch))) == thrice(9, 12, 15)
    model.layers[0].kernel.regularizer = regularizers.L1(1.0)
    assert losses_of(model, epochs=1) == thrice(12)


def test_metrics_and_optimizers():
    class Times(metrics.Mean):
        factor = 1.0

        def update_state(self, y_true, y_pred, sample_weight=None):
            super().update_state(y_pred * self.factor)

    metric = Times(name="times")
    change = minikeras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: setattr(metric, "factor", epoch + 1))
    model = made(metrics=[metric])
    assert model.fit(X, Y, epochs=3, verbose=0, callbacks=[change]).history["times"] == [3, 6, 9]

    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(SGD(1.0, clipvalue=0.5), "mae")
    for limit, expected in ((0.5, 0.5), (0.25, 0.75), (0.125, 0.875)):
        model.optimizer.clipvalue = limit
        model.train_on_batch(X, Y + 10)
        assert model.get_weights()[0].tolist() == [[expected]] * 3


def test_attributes_of_layers_of_minikeras():
    dense, dropout = layers.Dense(3, kernel_initializer="identity"), layers.Dropout(0.5)
    model = made(dense, dropout)
    dropout.rate = 0.0
    assert losses_of(model, epochs=1) == thrice(9)
    dense.activation = ops.square
    model.layers[-1].activation = lambda x: x * 2
    assert losses_of(model, epochs=1) == thrice(36)


def test_operations_and_layers_of_inner_models():
    class Times(minikeras.Operation):
        def __init__(self, factor):
            super().__init__()
            self.factor = factor

        def call(self, x):
            return x * self.factor

        def compute_output_spec(self, x):
            return minikeras.KerasTensor(x.shape, x.dtype)

    times, scale, x = Times(1.0), Scale(), layers.Input((3,))
    inner = minikeras.Sequential([layers.Input((3,)), scale])
    model = minikeras.Model(x, layers.Dense(1, kernel_initializer="ones")(times(inner(x))))
    model.compile(SGD(0.0), "mse")
    assert losses_of(model, lambda epoch: setattr(times, "factor", epoch + 1)) == thrice(9, 36, 81)
    assert losses_of(model, lambda epoch: setattr(scale, "k", 1 / (epoch + 1)), 1) == thrice(81)


def test_layers_of_an_installed_package(tmp_path, monkeypatch):
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "scaling_layers.py").write_text(
        "from minikeras.layers import Layer\n"
        "class Scaling(Layer):\n"
        "    k = 1.0\n"
        "    def call(self, x):\n"
        "        return x * self.factor()\n"
        "    def factor(self):\n"
        "        return self.k\n"
    )
    monkeypatch.syspath_prepend(folder)
    scaling = importlib.import_module("scaling_layers").Scaling()
    assert losses_of(made(scaling), lambda epoch: setattr(scaling, "k", epoch + 1.0)) == thrice(9, 36, 81)


def test_own_steps():
    class Own(minikeras.Sequential):
        beta = 1.0

        def train_step(self, data):
            x, y = data
            return {"loss": ops.mean(ops.square(self(x) - y)) * self.beta}

    model = Own([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd")
    assert losses_of(model, lambda epoch: setattr(model, "beta", epoch + 1.0)) == thrice(9, 18, 27)


def test_what_no_code_reads_leaves_the_plans_alone():
    scale = Scale()
    model = made(scale)

    class Note(minikeras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.current = scale.note = self.model.optimizer.tag = batch

    losses_of(model, epochs=1)
    plans = [plans_of(model)]
    model.fit(X, Y, batch_size=1, epochs=4, verbose=0, callbacks=[Note()])
    assert plans_of(model) is plans[0]


def test_what_only_other_code_reads_leaves_the_plans_alone():
    class Own(minikeras.Sequential):
        seen, log = 0, []

        def note(self):  # called by a callback, so that no step depends on what it reads
            self.seen += 1
            self.log.append(self.seen)
            FACTORS["seen"] = self.seen

    model = Own([layers.Input((3,)), Scale(), layers.Dense(1)])
    model.compile("sgd", "mse")
    losses_of(model, epochs=1)
    plans = plans_of(model)
    note = minikeras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: model.note())
    model.fit(X, Y, batch_size=4, epochs=10, verbose=0, callbacks=[note])
    assert plans_of(model) is plans and model.seen == len(model.log) == 30
    del FACTORS["seen"]


def test_a_value_that_is_another_in_each_step_runs_eagerly():
    scale, found = Scale(), []

    class Next(minikeras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            scale.k += 1.0

        def on_train_batch_end(self, batch, logs=None):
            found.append(float(logs["loss"]))
            self.model.reset_metrics()

    with pytest.warns(ReplayWarning, match=r"train_step.*`k` of Scale 'scale.*' differs in each step.*`Variable`"):
        made(scale).fit(X, Y, batch_size=1, epochs=2, verbose=0, callbacks=[Next()])
    assert found == [9.0 * (number + 2) ** 2 for number in range(20)]


# ---------------------------------------------------------------- what comes from outside


def test_random_numbers_and_the_time_run_eagerly():
    class Own(layers.Layer):
        def __init__(self):
            super().__init__()
            self.generators = [random.Random(1)]
            self.legacy = np.random.RandomState(1)

    own, counter = Own(), iter(range(100))
    for draw, message in (
        (lambda: np.random.normal(), r"drawn from `np.random` at .*test_python_values.py:\d+"),
        (lambda: random.random(), r"drawn from `random` at .*test_python_values.py:\d+"),
        (lambda: RNG.normal(), r"drawn from the global `RNG` of module .* at .*test_python_values.py:\d+"),
        (lambda: own.generators[0].gauss(0, 1), r"drawn from `generators\[0\]` of Own .*test_python_values.py:\d+"),
        (lambda: own.legacy.normal(), r"drawn from `legacy` of Own '.*' at .*test_python_values.py:\d+"),
        (lambda: np.random.default_rng().normal(), r"`urandom` was called at .*test_python_values.py:\d+"),
        (lambda: time.time_ns() % 1000 / 1000, r"`time.time_ns` was called at .*test_python_values.py:\d+"),
        (lambda: time.perf_counter() * 1e6 % 1000, r"`time.perf_counter` was called at"),  # float32 is coarse
        (lambda: datetime.datetime.now().microsecond, r"`datetime.now` was called at"),
        (lambda: os.urandom(1)[0], r"`urandom` was called at"),
        (lambda: uuid.uuid4().int % 97, r"`urandom` was called at .*test_python_values.py:\d+"),
        (lambda: float(next(counter)), r"`next` was called at .*test_python_values.py:\d+"),
    ):
        model = made(layers.Lambda(lambda x, draw=draw: x * 0 + draw()))
        with pytest.warns(ReplayWarning, match=message):
            found = losses_of(model)
        assert len(set(found)) > 6, message


def test_while_a_profiler_runs_it_is_left_alone():
    seen = []
    sys.setprofile(profiler := lambda frame, event, called: seen.append(event))
    try:
        for draw, message in (
            (lambda: np.random.normal(), "drawn from `np.random` at"),
            (lambda: time.perf_counter(), r"may be read at .*test_python_values.py:\d+, while a profiler runs"),
        ):
            with pytest.warns(ReplayWarning, match=message):
                assert len(set(losses_of(made(layers.Lambda(lambda x, draw=draw: x * 0 + draw()))))) > 6
        assert losses_of(made(layers.Lambda(lambda x: x * 2))) == thrice(36, 36, 36)
        assert sys.getprofile() is profiler and len(seen) > 1000
    finally:
        sys.setprofile(None)


def test_a_loss_that_draws():
    def noisy(y_true, y_pred):
        return ops.mean(ops.square(y_pred), axis=-1) * np.random.uniform(1, 2)

    with pytest.warns(ReplayWarning, match=r"drawn from `np.random` at"):
        assert len(set(losses_of(made(loss=noisy)))) == 9


def test_what_is_drawn_once_does_no_harm():
    class Masked(layers.Layer):
        mask = None

        def build(self, input_shape):
            self.start = np.random.normal(size=3).astype("float32")

        def call(self, inputs):
            if self.mask is None:
                self.mask = np.random.normal(size=3).astype("float32")
            return inputs * self.mask * np.random.default_rng(0).normal() + self.start

    assert len(set(losses_of(made(Masked())))) == 1


def test_what_other_threads_draw_does_no_harm():
    stop = threading.Event()

    def draw():
        while not stop.is_set():
            np.random.normal()

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        assert losses_of(made(layers.Lambda(lambda x: x * 2))) == thrice(36, 36, 36)
    finally:
        stop.set()
        thread.join()


# ---------------------------------------------------------------- what a step changes in Python


def test_counters_and_lists_in_a_step_run_eagerly():
    class Counting(layers.Layer):
        def __init__(self):
            super().__init__()
            self.count, self.history = 0, []

        def call(self, inputs):
            self.count += 1
            self.history.append(self.count)
            return inputs * self.count

    counting = Counting()
    model = made(counting)
    counting.count, counting.history = 0, []
    with pytest.warns(ReplayWarning, match=r"`count` of Counting 'counting.*' is changed in each step"):
        assert losses_of(model) == [9.0 * number**2 for number in range(1, 10)]
    assert counting.count == 9 and list(counting.history) == list(range(1, 10))

    class Own(minikeras.Sequential):
        done = 0

        def train_step(self, data):
            self.done += 1
            return super().train_step(data)

    model = Own([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile(SGD(0.0), "mse")
    with pytest.warns(ReplayWarning, match=r"Own.train_step.*`done` of Own"):
        losses_of(model)
    assert model.done == 9


def test_a_loss_that_counts():
    class Counting(losses.Loss):
        count = 0

        def call(self, y_true, y_pred):
            self.count += 1
            return ops.mean(ops.square(y_pred), axis=-1) * self.count

    for eager in (False, True):
        loss = Counting()
        model = made(loss=loss, run_eagerly=eager)
        if eager:
            found = losses_of(model)
        else:
            with pytest.warns(ReplayWarning, match=r"`count` of Counting"):
                found = losses_of(model)
        assert found == [9.0 * number for number in range(1, 10)]


def test_a_cache_does_no_harm():
    class Caching(layers.Layer):
        def __init__(self):
            super().__init__()
            self.masks = {}

        def call(self, inputs):
            if len(inputs) not in self.masks:
                self.masks[len(inputs)] = np.full(3, 2.0, "float32")
            return inputs * self.masks[len(inputs)]

        def compute_output_shape(self, input_shape):
            return input_shape

    caching = Caching()
    model = made(caching)
    assert losses_of(model) == thrice(36, 36, 36) and set(caching.masks) == {4, 2}
    assert len(plans_of(model)) == 2


def test_a_value_kept_from_a_step():
    class Keeping(layers.Layer):
        last = None

        def call(self, inputs):
            self.last = inputs * 2
            return inputs

    keeping = Keeping()
    model = made(keeping)
    model.fit(X, Y, batch_size=5, verbose=0)
    np.testing.assert_array_equal(keeping.last, 2 * X[:5])  # of the step that was traced: it was the last one
    model.fit(X, Y, batch_size=5, verbose=0)
    for look in (np.asarray, float, lambda value: value + 1, lambda value: value.numpy()):
        with pytest.raises(TraceError, match="a step that has been replayed since"):
            look(keeping.last)
    model = made(keeping, run_eagerly=True)
    model.fit(X, Y, batch_size=5, verbose=0, epochs=2)
    np.testing.assert_array_equal(keeping.last, 2 * X[:5])


class Total(metrics.Metric):
    """Keeps all it has in Python."""

    def __init__(self, **options):
        super().__init__(**options)
        self.total = self.count = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total = self.total + ops.sum(ops.abs(y_true - y_pred))
        self.count += 1

    def result(self):
        return self.total / self.count if self.count else 0.0

    def reset_state(self):
        self.total = self.count = 0.0


class Seen(metrics.Metric):
    def __init__(self, **options):
        super().__init__(**options)
        self.seen = []

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.seen.append(y_pred)

    def result(self):
        return float(sum(np.sum(np.asarray(each)) for each in self.seen))

    def reset_state(self):
        self.seen.clear()


class Last(metrics.Metric):
    seen = None

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.seen = y_pred

    def result(self):
        return float(np.max(self.seen)) if self.seen is not None else 0.0

    def reset_state(self):
        self.seen = None


def test_a_metric_that_keeps_state_in_python():
    expected = {Total: [6.0, 6.0, 6.0], Seen: [30.0, 30.0, 30.0], Last: [3.0, 3.0, 3.0]}
    for cls, attribute in ((Total, "total"), (Seen, "seen"), (Last, "seen")):
        model = made(metrics=[cls(name="own")], run_eagerly=True)
        assert model.fit(X, Y, batch_size=2, epochs=3, verbose=0).history["own"] == expected[cls]
        assert model.evaluate(X, Y, batch_size=2, verbose=0)[1] == expected[cls][0]
        metric = cls(name="own")
        model = made(metrics=[metric])
        for method in (model.fit, model.evaluate, model.train_on_batch):
            before = model.get_weights()
            with pytest.raises(TraceError, match=rf"`{attribute}` of {cls.__name__} 'own'.*add_variable.*run_eagerly"):
                method(X, Y)
            assert all(map(np.array_equal, before, model.get_weights()))
            assert not metric.seen if cls is not Total else metric.total == metric.count == 0


def test_a_metric_of_an_own_step_that_keeps_state_in_python():
    class Own(minikeras.Sequential):
        def train_step(self, data):
            x, y = data
            self.own.update_state(y, self(x))
            return {"own": self.own.count}

    model = Own([layers.Input((3,)), layers.Dense(1)])
    model.own = Total(name="own")
    model.compile("sgd")
    with pytest.raises(TraceError, match=r"`total` of Total 'own' is changed in `update_state`"):
        model.fit(X, Y, verbose=0)


def test_a_metric_that_makes_its_state_on_the_first_batch():
    class Late(metrics.Metric):
        made = False

        def update_state(self, y_true, y_pred, sample_weight=None):
            if not self.made:
                self.sum = self.add_variable((), "zeros")
                self.made = True
            self.sum.assign_add(ops.sum(y_pred))

        def result(self):
            return self.sum.value

    for eager in (False, True):
        model = made(metrics=[Late(name="late")], run_eagerly=eager)
        assert model.fit(X, Y, batch_size=4, epochs=3, verbose=0).history["late"] == [30, 30, 30]


def test_how_often_the_code_of_the_user_runs_eagerly():
    """As often as in Keras 3.15.1: once to build symbolically, then once for each batch."""

    class Layer(layers.Layer):
        calls = 0

        def call(self, inputs):
            self.calls += 1
            return inputs * 1.0

    class Model(minikeras.Model):
        calls = 0

        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, inputs):
            self.calls += 1
            return self.dense(inputs)

    class Loss(losses.Loss):
        calls = 0

        def call(self, y_true, y_pred):
            self.calls += 1
            return ops.mean(y_pred - y_true)

    class Batches(metrics.Metric):
        calls = 0

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.calls += 1

        def result(self):
            return float(self.calls)

        def reset_state(self):
            self.calls = 0

    inner = Layer()
    for model, counted in (
        (minikeras.Sequential([inner, layers.Dense(1)]), inner),
        (Model(), None),
    ):
        loss = Loss()
        model.compile("sgd", loss, metrics=[Batches(name="batches")], run_eagerly=True)
        history = model.fit(X, Y, batch_size=2, epochs=2, verbose=0).history
        assert history["batches"] == [5, 5] and loss.calls == 10 and (counted or model).calls == 11


# ---------------------------------------------------------------- steps inside steps


def test_a_prediction_inside_of_a_step():
    other = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])

    class Own(minikeras.Sequential):
        def train_step(self, data):
            return {"loss": float(other.predict_on_batch(X)[0, 0])}

    for _ in range(2):  # at first without a plan of the other model, then with one
        other.set_weights([np.ones((3, 1)), np.zeros(1)])
        model = Own([layers.Input((3,)), layers.Dense(1)])
        model.compile("sgd")
        with pytest.warns(ReplayWarning, match="`predict` of Sequential was called inside a step"):
            assert model.train_on_batch(X, Y) == 3
        other.set_weights([np.full((3, 1), 2.0), np.zeros(1)])
        assert model.train_on_batch(X, Y) == 6


def test_training_inside_of_a_step_is_refused():
    other = made()
    other.train_on_batch(X, Y)

    class Own(minikeras.Sequential):
        def train_step(self, data):
            return {"loss": other.train_on_batch(X, Y)}

    model = Own([layers.Input((3,)), layers.Dense(1)])
    model.compile("sgd")
    with pytest.raises(TraceError, match="trained or evaluated inside a step"):
        model.train_on_batch(X, Y)


def test_code_without_a_module():
    """As a notebook or a tool runs it."""
    names = {"layers": layers}
    exec("class Own(layers.Layer):\n    k = 1.0\n    def call(self, x): return x * self.k * SCALE\nSCALE = 1.0", names)
    own = names["Own"]()
    model = made(own)
    assert model.train_on_batch(X, Y) == 9
    own.k = 2.0
    assert model.train_on_batch(X, Y) == 36
    names["SCALE"] = 2.0
    assert model.train_on_batch(X, Y) == 144
