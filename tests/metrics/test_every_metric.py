"""What holds for every metric: steps replay, float32 stays, configs round trip, state is saved, reset and lent."""

import inspect
import json

import numpy as np
import pytest

import minikeras
from minikeras import metrics
from minikeras.engine.naming import reset_names
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.metrics import Metric
from minikeras.training.checks import checked_metrics
from minikeras.training.compiled_metrics import CompiledMetrics
from tests.helpers import run_step_test
from tests.metrics.cases import CASES, each_case, weights_of

ALL = list(each_case())
every_case = pytest.mark.parametrize(("name", "options", "where"), [case[1:] for case in ALL], ids=[c[0] for c in ALL])
WITHOUT = {"Mean", "MeanMetricWrapper", "Metric", "Sum"}  # these are in test_metric.py and test_reduction.py


def made(name, options, where=None):
    metric = getattr(metrics, name)(**options)
    if where is not None:  # some metrics make their state when they see the first batch
        metric.update_state(*where.make(9))
        metric.reset_state()
    return metric


def batches(name, where, weights=None, count=3):
    for seed in range(count):
        y_true, y_pred = where.make(seed)
        rng = np.random.default_rng(seed)
        yield (y_true, y_pred) if weights is None else (y_true, y_pred, weight(rng, name, weights))


def weight(rng, name, shape):
    whole = name.endswith("IoU")  # these count in whole numbers
    return rng.integers(0, 4, shape) if whole else rng.uniform(0.1, 2, shape).astype("float32")


def values(metric):
    return [variable.numpy() for variable in metric.variables]


def test_every_metric_has_cases():
    classes = [name for name in metrics.__all__ if inspect.isclass(getattr(metrics, name))]
    assert sorted(CASES) == classes
    assert {name for name, cases in CASES.items() if not cases} == WITHOUT


@every_case
def test_symbolic_updates_change_no_state(name, options, where):
    metric = made(name, options, where)
    before = values(metric)
    y_true, y_pred = where.make(0)
    symbols = [KerasTensor(array.shape, array.dtype.name) for array in (y_true, y_pred)]
    (entry,) = checked_metrics(CompiledMetrics([metric]), *symbols)
    assert entry.metric is metric and all(map(np.array_equal, before, values(metric)))


@every_case
def test_eager_traced_and_replayed_give_the_same_bits(name, options, where):
    for weights in (None, *weights_of(name, options, where)):
        data = list(batches(name, where, weights))
        metric, eager = made(name, options, where), made(name, options, where)

        def step(batch, metric=metric):
            metric.update_state(*batch)
            return metric.result()

        for replayed, batch in zip(run_step_test(step, *data, variables=metric.variables), data, strict=True):
            result = eager(*batch)
            assert (replayed.dtype, replayed.shape) == (result.dtype, result.shape)
            np.testing.assert_array_equal(replayed, result)
        for ours, theirs in zip(values(metric), values(eager), strict=True):
            np.testing.assert_array_equal(ours, theirs)


@every_case
def test_float32_stays(name, options, where):
    dtype = options.get("dtype", "int64" if name.endswith("IoU") else "float32")
    metric = made(name, options)
    for data in batches(name, where):
        result = metric(*(value.astype("float64") for value in data))
        assert result.dtype == "float32" and isinstance(result, np.ndarray)
    assert {variable.dtype for variable in metric.variables} == {dtype}
    assert not any(variable.trainable for variable in metric.variables)


@every_case
def test_config(name, options, where):
    metric = made(name, options)
    config = metric.get_config()
    again = type(metric).from_config(json.loads(json.dumps(config)))
    restored = metrics.deserialize(json.loads(json.dumps(metrics.serialize(metric))))
    for other in (again, restored):
        assert type(other) is type(metric) and other.get_config() == config and list(other.get_config()) == list(config)
        for data in batches(name, where, count=2):
            np.testing.assert_array_equal(other(*data), metric(*data))
        metric.reset_state()


@every_case
def test_reset(name, options, where):
    metric = made(name, options)
    first = [metric(*data) for data in batches(name, where)]
    metric.reset_state()
    assert all(not value.any() for value in values(metric))
    np.testing.assert_array_equal([metric(*data) for data in batches(name, where)], first)


@every_case
def test_stateless(name, options, where):
    metric, other = made(name, options, where), made(name, options, where)
    metric.update_state(*where.make(5))
    before = values(metric)
    state = metric.stateless_reset_state()
    for data in batches(name, where):
        state = metric.stateless_update_state(state, *data)
        np.testing.assert_array_equal(metric.stateless_result(state), other(*data))
    for mine, theirs in zip(values(metric), before, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@every_case
def test_lists_and_other_batches(name, options, where):
    arrays, lists = made(name, options), made(name, options)
    for batch in (4, 1, 7):
        data = where.make(batch, batch)
        np.testing.assert_array_equal(lists(*(value.tolist() for value in data)), arrays(*data))


@every_case
def test_weights_of_one_and_zero(name, options, where):
    plain, weighted = made(name, options), made(name, options)
    (y_true, y_pred), shape = where.make(0), weights_of(name, options, where)[-1]
    plain.update_state(y_true, y_pred)
    weighted.update_state(y_true, y_pred, np.ones(shape, "int64"))
    if name != "SparseCategoricalCrossentropy" or "ignore_class" not in options:  # see there
        np.testing.assert_allclose(weighted.result(), plain.result(), rtol=1e-5)  # another order of adding
    weighted.reset_state()
    weighted.update_state(y_true, y_pred, np.zeros(shape, "int64"))
    for variable in weighted.variables:
        assert variable.name == "num_samples" or not variable.numpy().any()


@every_case
def test_what_was_returned_does_not_change(name, options, where):
    metric = made(name, options)
    first = metric(*where.make(0))
    kept = np.array(first)
    metric.update_state(*where.make(1))
    metric.reset_state()
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("name", sorted(set(CASES) - {"Metric", "MeanMetricWrapper"}))
def test_names(name):
    reset_names()
    options = CASES[name][0][0] if CASES[name] else {}
    first, second = made(name, options), made(name, options)
    default = inspect.signature(type(first)).parameters["name"].default
    assert second.name == (default or f"{first.name}_1")
    assert made(name, {**options, "name": "mine"}).name == "mine"
    assert repr(first) == f"<{name} name={first.name}>"


def test_state_made_by_the_first_batch_is_zero_again_when_it_was_lent():
    for name, options in (("F1Score", {}), ("R2Score", {}), ("AUC", {"multi_label": True})):
        metric = made(name, options)
        state = values(metric)
        data = np.float32([[1, 0], [0, 1]]), np.float32([[0.2, 0.4], [0.1, 0.9]])
        new = metric.stateless_update_state(state, *data)
        assert len(new) == len(metric.variables) == (5 if name == "R2Score" else 4)
        assert not any(value.any() for value in values(metric)) and any(value.any() for value in new)
        np.testing.assert_array_equal(metric.stateless_result(new), metric(*data))


def test_every_metric_is_a_metric():
    for name in CASES:
        assert issubclass(getattr(metrics, name), Metric)


IN_FIT = [name for name in CASES if name not in WITHOUT and not name.startswith("Sparse")]


@pytest.mark.parametrize("name", IN_FIT)
def test_in_fit(name):
    options = {key: value for key, value in CASES[name][0][0].items() if key not in ("num_classes", "target_class_ids")}
    if name.endswith("IoU") and name != "BinaryIoU":
        options |= {"num_classes": 3, **({} if "Mean" in name else {"target_class_ids": [0, 2]})}
        options |= {} if "OneHot" in name else {"sparse_y_true": False, "sparse_y_pred": False}
    rng = np.random.default_rng(2)
    x, y = rng.random((20, 4), dtype="float32"), np.eye(3, dtype="float32")[rng.integers(0, 3, 20)]
    histories = []
    for eager in (False, True):
        minikeras.utils.set_random_seed(0)
        layers = [minikeras.layers.Input((4,)), minikeras.layers.Dense(3, activation="softmax")]
        model = minikeras.Sequential(layers)
        model.compile("sgd", "mse", metrics=[getattr(metrics, name)(**options, name="m")], run_eagerly=eager)
        histories.append(model.fit(x, y, batch_size=8, epochs=3, verbose=0, validation_data=(x, y)).history)
        alone = getattr(metrics, name)(**options)
        for start in range(0, 20, 8):  # the last batch is smaller
            alone.update_state(y[start : start + 8], model.predict(x[start : start + 8], verbose=0))
        np.testing.assert_allclose(histories[-1]["val_m"][-1], alone.result(), rtol=1e-6)
    np.testing.assert_array_equal(histories[0]["m"], histories[1]["m"])
    np.testing.assert_array_equal(histories[0]["val_m"], histories[1]["val_m"])
