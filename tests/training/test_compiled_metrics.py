"""The metrics of a compiled model: names, weights, and what is refused."""

import numpy as np
import pytest

from minikeras import metrics
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.training.checks import checked_metrics
from minikeras.training.compiled_metrics import CompiledMetrics

Y, P = np.float32([[1.0], [0.0]]), np.float32([[0.9], [0.6]])


def off(y_true, y_pred):
    return abs(y_true - y_pred)


def check(compiled, y_true, y_pred):
    checked_metrics(compiled, KerasTensor(y_true.shape), KerasTensor(y_pred.shape))


def results(given, weighted=None, weights=None):
    compiled = CompiledMetrics(given, weighted)
    compiled.update(Y, P, weights)
    return {name: round(float(value), 6) for name, value in compiled.result().items()}


def test_names_and_values():
    assert results(["accuracy"]) == {"accuracy": 0.5}
    assert results(["acc", "mae"]) == {"acc": 0.5, "mae": 0.35}
    assert results(["MeanAbsoluteError", off]) == {"MeanAbsoluteError": 0.35, "off": 0.35}
    assert results([metrics.MeanAbsoluteError(name="m"), lambda a, b: b]) == {"m": 0.35, "lambda": 0.75}
    assert results([["mae"]]) == results({"output": ["mae"]}) == {"mae": 0.35}
    assert results(["mae", "mae"]) == {"mae": 0.35, "mae_1": 0.35}
    assert results(None) == results([]) == {}


def test_weights():
    weights = np.float32([1.0, 3.0])
    # errors 0.1 and 0.6: (0.1 + 3 * 0.6) / 4
    assert results(["mae"], ["mae"], weights) == {"mae": 0.35, "weighted_mae": 0.475}
    assert results([], ["accuracy"], weights) == {"accuracy": 0.25}


def test_reset_and_check():
    compiled = CompiledMetrics(["mae"])
    assert compiled.metrics == [] and compiled.result() == {}
    check(compiled, Y, P)
    assert compiled.metrics == []
    compiled.update(Y, P)
    check(compiled, Y, P + 100)
    assert round(float(compiled.result()["mae"]), 6) == 0.35
    compiled.reset()
    assert float(compiled.result()["mae"]) == 0
    with pytest.raises(ValueError, match="shape"):
        check(compiled, np.ones((2, 2, 2, 2)), np.ones((3, 3)))


def test_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'accuracy'"):
        CompiledMetrics(["acuracy"])
    with pytest.raises(ArgumentTypeError, match="`metrics` must be a list such as"):
        CompiledMetrics("accuracy")
    with pytest.raises(ArgumentTypeError, match="`weighted_metrics` must be a list"):
        CompiledMetrics(None, 3)
    with pytest.raises(ArgumentError, match="A metric is a name, a function or a Metric. Received: 3 in `metrics`"):
        CompiledMetrics([3])
