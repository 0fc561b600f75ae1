"""The metrics of a model, their names and order, and the logs made of them."""

import copy
from collections import OrderedDict

import numpy as np

import minikeras
from minikeras import layers, metrics

X, Y = np.float32([[1.0], [2.0]]), np.float32([[0.0], [0.0]])


class Counts(layers.Layer):
    """A layer with a metric of its own."""

    def __init__(self, name="counts"):
        super().__init__(name=name)
        self.seen = metrics.Sum(name=f"{name}_seen")

    def call(self, inputs):
        self.seen.update_state(inputs)
        return inputs


def made(*parts, **options):
    model = minikeras.Sequential([layers.Input((1,)), *parts])
    model.compile("sgd", **{"loss": "mse", **options})
    return model


class Holds(layers.Layer):
    """A layer with containers of metrics."""

    def __init__(self):
        super().__init__()
        self.listed, self.ordered = [], OrderedDict()
        self.inner = Counts("inner")

    def call(self, inputs):
        return self.inner(inputs)


def test_metrics_that_are_added_and_removed_later():
    layer = Holds()
    model = minikeras.Sequential([layer])  # not built: built layers get no more state
    model.compile("sgd", "mse")

    def names():
        return [metric.name for metric in model.metrics]

    assert names() == names() == ["loss", "inner_seen"]
    layer.listed.append(metrics.Sum(name="a"))
    assert names() == names() == ["loss", "a", "inner_seen"]
    layer.ordered["b"] = metrics.Sum(name="b")  # a container that tells nobody
    assert names() == names() == ["loss", "a", "b", "inner_seen"]
    layer.listed.clear()
    layer.inner = Counts("other")
    assert names() == names() == ["loss", "b", "other_seen"]
    copied = copy.deepcopy(model)
    assert [metric.name for metric in copied.metrics] == names()
    assert not {id(metric) for metric in copied.metrics} & {id(metric) for metric in model.metrics}
    model.pop()
    assert names() == ["loss"]


def test_the_metrics_of_a_model():
    model = made(Counts(), metrics=["mae"])
    assert [metric.name for metric in model.metrics] == ["loss", "compile_metrics", "counts_seen"]
    model.evaluate(X, Y, verbose=0)
    assert model.metrics_names == ["loss", "counts_seen", "mae"] or model.metrics_names == [
        "loss",
        "mae",
        "counts_seen",
    ]
    assert model.evaluate(X, Y, verbose=0, return_dict=True) == {"loss": 2.5, "mae": 1.5, "counts_seen": 3.0}


def test_a_metric_given_as_an_object_counts_once():
    metric = metrics.MeanAbsoluteError(name="m")
    model = made(Counts(), metrics=[metric])
    model.kept = metric
    assert [each.name for each in model.metrics] == ["loss", "compile_metrics", "counts_seen"]


def test_what_a_model_inside_was_compiled_with_does_not_count():
    inner = made(Counts("inner"), metrics=["mae"])
    model = made(inner, Counts("outer"))
    assert [metric.name for metric in model.metrics] == ["loss", "inner_seen", "outer_seen"]


def test_nothing_is_measured_before_compile():
    model = minikeras.Sequential([layers.Input((1,)), layers.Dense(1)])
    assert model.metrics == [] and model.metrics_names == []


def test_reset():
    model = made(Counts(), metrics=["mae"])
    model.evaluate(X, Y, verbose=0)
    assert any(variable.numpy().any() for metric in model.metrics for variable in metric.variables)
    model.reset_metrics()
    assert not any(variable.numpy().any() for metric in model.metrics for variable in metric.variables)


def test_one_value_is_no_list():
    assert made(Counts("a")).evaluate(X, Y, verbose=0) == [2.5, 3.0]
    assert made(layers.Identity()).evaluate(X, Y, verbose=0) == 2.5


def test_logs_are_python_numbers():
    class Logs(minikeras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            seen.append(logs)

    seen = []
    made(layers.Identity(), metrics=["mae"]).evaluate(X, Y, batch_size=1, verbose=0, callbacks=[Logs()])
    assert seen == [{"loss": 1.0, "mae": 1.0}, {"loss": 2.5, "mae": 1.5}]
    assert all(type(value) is float for logs in seen for value in logs.values())
