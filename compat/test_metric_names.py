"""The names of metrics next to Keras: arguments, strings, configs, paths, functions, and what both refuse."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.metrics import ALL_OBJECTS_DICT  # what `get` knows; not public in Keras
from keras.src.trainers.compile_utils import get_loss, get_metric

from compat.side_by_side import compare, set_weights
from minikeras import metrics
from minikeras.engine.naming import reset_names
from minikeras.metrics.accuracy import accuracy
from minikeras.metrics.resolve import resolve_accuracy
from tests.metrics.cases import CASES, each_case

NAMES = [name for name in dir(keras.metrics) if not name.startswith("_")]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.metrics, name))]
FUNCTIONS = [name for name in NAMES if name not in (*CLASSES, "deserialize", "get", "serialize")]


@pytest.mark.parametrize("name", NAMES)
def test_arguments(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (metrics, keras.metrics))
    described = [[(each.name, each.default) for each in side.parameters.values()] for side in (ours, theirs)]
    assert described[0] == described[1]


def without_tensors(config, options):
    """Keras keeps the weights of labels as a tensor, which its own `from_config` does not read back.

    And it leaves out the axis of `CosineSimilarity`.
    """
    if config["name"].startswith("cosine") and options.get("axis", -1) != -1:
        return {**config, "axis": options["axis"]}
    weights = config.get("label_weights")
    if weights is None or isinstance(weights, list):
        return config
    weights = weights["config"]["value"] if isinstance(weights, dict) else np.asarray(weights).tolist()
    return {**config, "label_weights": weights}


def pairs():
    keras.utils.clear_session(free_memory=False)
    reset_names()
    cases = [(name, options) for _, name, options, _ in each_case()]
    cases += [(name, {**CASES[name][0][0], "name": "a/b", "dtype": "float64"}) for name in CASES if CASES[name]]
    cases += [(name, options) for name in ("Mean", "Sum", "Metric") for options in ({}, {"name": "x"})]
    for name, options in cases:
        yield getattr(metrics, name)(**options), getattr(keras.metrics, name)(**options), options


def test_configs():
    for ours, theirs, options in pairs():
        config = ours.get_config()
        assert (ours.name, ours.dtype, repr(ours)) == (theirs.name, theirs.dtype, repr(theirs))
        assert list(config.items()) == list(without_tensors(theirs.get_config(), options).items())
        assert ours._direction == getattr(theirs, "_direction", None)
        written = keras.metrics.serialize(theirs)
        written["config"] = without_tensors(written["config"], options)
        read = metrics.deserialize(written)
        assert type(read) is type(ours) and list(read.get_config().items()) == list(config.items())
        assert metrics.serialize(ours) == written
        if type(ours) is not metrics.Metric:
            again = keras.metrics.deserialize(metrics.serialize(ours))
            assert without_tensors(again.get_config(), options) == config


def test_methods_and_attributes():
    for ours, theirs, _ in pairs():
        assert [name for name in dir(theirs) if not name.startswith("_") and not hasattr(ours, name)] == []
        for method in ("update_state", "result", "reset_state", "add_variable", "add_weight", "stateless_update_state"):
            described = [inspect.signature(getattr(side, method)).parameters.values() for side in (ours, theirs)]
            first, second = ([(each.name, each.default) for each in side] for side in described)
            assert first == second


def test_state():
    for ours, theirs, _ in pairs():
        for variable, other in zip(ours.variables, theirs.variables, strict=True):
            assert (variable.path, variable.dtype, variable.shape) == (other.path, other.dtype, other.shape)
            assert (variable.trainable, variable.aggregation) == (other.trainable, other.aggregation)


def test_state_that_waits_for_the_first_batch():
    keras.utils.clear_session(free_memory=False)
    reset_names()
    data = np.float32([[1, 0, 0], [0, 1, 0]]), np.float32([[0.7, 0.2, 0.1], [0.1, 0.5, 0.2]])
    for name, options in (("AUC", {"multi_label": True}), ("F1Score", {}), ("FBetaScore", {"average": "micro"})):
        ours, theirs = (getattr(module, name)(**options) for module in (metrics, keras.metrics))
        assert ours.variables == theirs.variables == []
        for metric in (ours, theirs):
            metric.update_state(*data)
        assert [(each.path, each.shape) for each in ours.variables] == [
            (each.path, each.shape) for each in theirs.variables
        ]
    ours, theirs = metrics.R2Score(), keras.metrics.R2Score()
    for metric in (ours, theirs):
        metric.update_state(*data)
    assert [each.path for each in ours.variables] == [each.path for each in theirs.variables]


def test_wrapped_function():
    keras.utils.clear_session(free_memory=False)
    reset_names()
    for options in ({}, {"name": "b", "threshold": 0.2}):
        ours = metrics.MeanMetricWrapper(metrics.binary_accuracy, **options)
        theirs = keras.metrics.MeanMetricWrapper(keras.metrics.binary_accuracy, **options)
        assert metrics.serialize(ours) == keras.metrics.serialize(theirs)
    for name in FUNCTIONS:
        ours, theirs = (
            module.MeanMetricWrapper(getattr(module, name), name="m") for module in (metrics, keras.metrics)
        )
        assert ours._direction == getattr(theirs, "_direction", None)
        config, written = metrics.serialize(ours), keras.metrics.serialize(theirs)
        assert config["config"]["fn"]["config"] == written["config"]["fn"]["config"] == name
        assert metrics.deserialize(config)._fn is getattr(metrics, name)
        assert metrics.deserialize(written)._fn is getattr(metrics, name)


NEEDS_ARGUMENTS = (
    "IoU MeanIoU OneHotIoU OneHotMeanIoU MeanMetricWrapper PrecisionAtRecall RecallAtPrecision "
    "SensitivityAtSpecificity SpecificityAtSensitivity"
).split()


@pytest.mark.parametrize("name", sorted(ALL_OBJECTS_DICT))
def test_strings(name):
    if ALL_OBJECTS_DICT[name].__name__ in NEEDS_ARGUMENTS:
        for module in (metrics, keras.metrics):
            with pytest.raises(TypeError, match="missing .* required positional argument"):
                module.get(name)
        return
    keras.utils.clear_session(free_memory=False)
    reset_names()
    for found in ("get", "deserialize"):
        ours, theirs = getattr(metrics, found)(name), keras.metrics.get(name)
        assert (type(ours).__name__, ours.name) == (type(theirs).__name__, theirs.name) or found == "deserialize"
        assert type(ours).__name__ == type(theirs).__name__


@pytest.mark.parametrize("name", ["Auc", "AUROC", "precission", "huber", "fbeta_score", "ROC", "iou", ""])
def test_strings_that_both_refuse(name):
    for module in (metrics, keras.metrics):
        with pytest.raises(ValueError):
            module.get(name)


def test_other_identifiers():
    for module in (metrics, keras.metrics):
        made = module.Precision(top_k=3)
        assert module.get(made) is made and module.get(None) is None
        assert type(module.get(module.AUC)) is module.AUC
        assert module.get(module.hinge) is module.hinge
        assert module.get({"class_name": "AUC", "config": {"num_thresholds": 7}}).num_thresholds == 7
        for wrong in (3, ["AUC"], 2.5):
            with pytest.raises((ValueError, TypeError)):
                module.get(wrong)


RANKS = [(5,), (5, 1), (5, 4), (5, 3, 1), (5, 3, 4), (None, 1), (None, 4), (5, 3)]


@pytest.mark.parametrize("outputs", RANKS)
@pytest.mark.parametrize("labels", RANKS)
def test_what_accuracy_and_crossentropy_mean(labels, outputs):
    y_true, y_pred = keras.KerasTensor(labels), keras.KerasTensor(outputs)
    for which in ("accuracy", "acc", "ACC", "Accuracy"):
        ours, theirs = resolve_accuracy(labels, outputs, which), get_metric(which, y_true, y_pred)
        assert (type(ours).__name__, ours.name) == (type(theirs).__name__, theirs.name)
    for which in ("crossentropy", "ce"):
        ours, theirs = resolve_accuracy(labels, outputs, which), get_loss(which, y_true, y_pred)
        assert ours.__name__ == theirs.fn.__name__


IN_FIT = [
    ["acc", "accuracy", "ACC", "AUC", "auc", "mse", "MSE", "mean_squared_error"],
    ["Precision", "recall", "true_positives", "FalseNegatives", "BinaryIoU", "binary_io_u", "f1_score", "F1Score"],
    ["categorical_accuracy", "top_k_categorical_accuracy", "cosine_similarity", "r2_score", "RootMeanSquaredError"],
    ["MAPE", "msle", "kl_divergence", "Hinge", "squared_hinge", "categorical_hinge", "poisson", "log_cosh_error"],
]


@pytest.mark.parametrize("given", IN_FIT)
def test_strings_in_compile(given):
    rng = np.random.default_rng(0)
    x, y = rng.random((20, 6), dtype="float32"), np.eye(6, dtype="float32")[rng.integers(0, 6, 20)]
    weights = rng.random(20, dtype="float32")

    def history(k):
        model = set_weights(k.Sequential([k.layers.Input((6,)), k.layers.Dense(6, activation="softmax")]))
        model.compile("sgd", "categorical_crossentropy", metrics=given, weighted_metrics=given[:1])
        fitted = model.fit(x, y, sample_weight=weights, batch_size=8, epochs=2, verbose=0, shuffle=False).history
        logs = model.evaluate(x, y, sample_weight=weights, batch_size=8, verbose=0, return_dict=True)
        return {"fit": sorted(fitted.items()), "evaluate": logs}

    def numbers(k):
        found = history(k)
        fitted = {name: [np.asarray(value, "float64") for value in values] for name, values in found["fit"]}
        return fitted, {name: np.asarray(value, "float64") for name, value in found["evaluate"].items()}

    compare(numbers, rtol=2e-5, atol=2e-6)


def test_objects_in_compile():
    rng = np.random.default_rng(1)
    x, y = rng.random((20, 3), dtype="float32"), rng.integers(0, 2, (20, 2)).astype("float32")

    def history(k):
        model = set_weights(k.Sequential([k.layers.Input((3,)), k.layers.Dense(2, activation="sigmoid")]))
        given = [
            k.metrics.AUC(multi_label=True, curve="PR"),
            k.metrics.Precision(thresholds=[0.3, 0.6]),
            k.metrics.SensitivityAtSpecificity(0.5, class_id=1),
            k.metrics.F1Score(average="macro", threshold=0.5),
            k.metrics.R2Score(),
            k.metrics.MeanIoU(2, sparse_y_true=False, sparse_y_pred=False),
            k.metrics.MeanMetricWrapper(k.metrics.hinge, name="h"),
            k.metrics.pearson_correlation,
        ]
        model.compile("sgd", "mse", metrics=given)
        logs = model.fit(x, y, batch_size=8, epochs=2, verbose=0, shuffle=False).history
        return {name: [np.asarray(value, "float64") for value in values] for name, values in logs.items()}

    compare(history, rtol=2e-5, atol=2e-6)


Y, P = np.float32([[1, 0], [0, 1]]), np.float32([[0.7, 0.2], [0.1, 0.9]])
BAD = {
    "threshold above 1": lambda k: k.Precision(thresholds=1.5),
    "threshold below 0": lambda k: k.Recall(thresholds=[0.3, -0.1]),
    "threshold None": lambda k: k.TruePositives(thresholds=[None]),
    "threshold of text": lambda k: k.FalsePositives(thresholds="half"),
    "top_k too large": lambda k: k.Precision(top_k=3)(Y, P),
    "class_id too large": lambda k: k.Recall(class_id=2)(Y, P),
    "class_id without classes": lambda k: k.Recall(class_id=0)(Y[0], P[0]),
    "other shapes": lambda k: k.Precision()(Y, P[0]),
    "other sizes": lambda k: k.FalsePositives()(Y, P[:, :1]),
    "weights of another size": lambda k: k.Precision()(Y, P, [1.0, 2.0, 3.0]),
    "weights of another rank": lambda k: k.AUC()(Y[0], P[0], [[[1.0]]] * 2),
    "curve": lambda k: k.AUC(curve="RCO"),
    "summation_method": lambda k: k.AUC(summation_method="trapezoid"),
    "num_thresholds of AUC": lambda k: k.AUC(num_thresholds=1),
    "num_labels without multi_label": lambda k: k.AUC(num_labels=2),
    "one axis with multi_label": lambda k: k.AUC(multi_label=True)(Y[0], P[0]),
    "another number of labels": lambda k: k.AUC(multi_label=True, num_labels=3)(Y, P),
    "label weights of another size": lambda k: k.AUC(label_weights=[1.0, 2.0, 3.0])(Y, P),
    "label weights of text": lambda k: k.AUC(label_weights=["a", "b"]),
    "specificity": lambda k: k.SensitivityAtSpecificity(1.1),
    "sensitivity": lambda k: k.SpecificityAtSensitivity(-0.1),
    "recall": lambda k: k.PrecisionAtRecall(2),
    "precision": lambda k: k.RecallAtPrecision(-1),
    "num_thresholds": lambda k: k.RecallAtPrecision(0.5, num_thresholds=0),
    "average": lambda k: k.F1Score(average="mean"),
    "beta of an integer": lambda k: k.FBetaScore(beta=1),
    "beta of 0": lambda k: k.FBetaScore(beta=0.0),
    "threshold of an integer": lambda k: k.F1Score(threshold=1),
    "threshold of 0": lambda k: k.F1Score(threshold=0.0),
    "scores of one axis": lambda k: k.F1Score()(Y[0], P[0]),
    "scores of another size": lambda k: [metric(y, y) for metric in [k.R2Score()] for y in (Y, np.ones((2, 3)))],
    "weights of F1Score": lambda k: k.F1Score()(Y, P, [1.0, 2.0, 3.0]),
    "class_aggregation": lambda k: k.R2Score(class_aggregation="mean"),
    "num_regressors": lambda k: k.R2Score(num_regressors=-1),
    "labels of one axis": lambda k: k.R2Score()(Y[0], P[0]),
    "weights of R2Score": lambda k: k.R2Score()(Y, P, [1.0, 2.0, 3.0]),
    "target class": lambda k: k.IoU(2, [2]),
    "no target class": lambda k: k.IoU(2, []),
    "no class": lambda k: k.MeanIoU(0),
    "other numbers of elements": lambda k: k.MeanIoU(2)([0, 1], [0, 1, 1]),
    "weights of IoU": lambda k: k.MeanIoU(2)([0, 1], [0, 1], [1, 2, 3]),
    "labels of another size": lambda k: k.SparseTopKCategoricalAccuracy()([0, 1, 1], P),
    "one-hot labels of another size": lambda k: k.TopKCategoricalAccuracy()(np.eye(3), P),
    "shapes of an error": lambda k: k.RootMeanSquaredError()(np.ones((2, 3)), np.ones((3, 2))),
    "shapes of a correlation": lambda k: k.PearsonCorrelation()(np.ones((2, 3)), np.ones((3, 2))),
    "axis of a correlation": lambda k: k.ConcordanceCorrelation(axis=2)(Y, P),
    "before the first batch": lambda k: [k.F1Score().result()],
    "R2 before the first batch": lambda k: [k.R2Score().result()],
    "AUC before the first batch": lambda k: [k.AUC(multi_label=True).result()],
    "argument": lambda k: k.AUC(thresh=3),
    "dtype": lambda k: k.AUC(dtype="flaot32"),
    "a function that is none": lambda k: k.MeanMetricWrapper(3)(Y, P),
}
REFUSED = (ValueError, TypeError, AttributeError, tf.errors.InvalidArgumentError)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_by_both(name):
    with pytest.raises(REFUSED):
        BAD[name](keras.metrics)
    with pytest.raises((ValueError, TypeError)):
        BAD[name](metrics)


FUNCTION_DATA = {
    "sparse_top_k_categorical_accuracy": ((6,), (6, 4)),
    "sparse_categorical_accuracy": ((6,), (6, 4)),
    "sparse_categorical_crossentropy": ((6,), (6, 4)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", ["int32", "float32", "float64"])
@pytest.mark.parametrize("inner", [(), (3,)])
def test_functions(name, dtype, inner):
    rng = np.random.default_rng(0)
    labels, outputs = FUNCTION_DATA.get(name, ((6, 4), (6, 4)))
    labels, outputs = ((*sizes[:1], *inner, *sizes[1:]) for sizes in (labels, outputs))
    y_true = rng.integers(0, 2, labels)
    if "categorical" in name and "sparse" not in name:
        y_true = np.eye(4)[rng.integers(0, 4, outputs[:-1])]
    y_true, y_pred = y_true.astype(dtype), rng.uniform(0.05, 0.95, outputs).astype("float32")
    ours, theirs = getattr(metrics, name)(y_true, y_pred), getattr(keras.metrics, name)(y_true, y_pred).numpy()
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_allclose(ours, theirs, rtol=3e-6, atol=1e-6)


def test_plain_accuracy_function():
    y_true, y_pred = np.array([1, 2, 3]), np.float32([[1], [2], [4]])
    ours, theirs = accuracy(y_true, y_pred), keras.metrics.get("accuracy")._fn(y_true, y_pred).numpy()
    assert (ours.dtype, ours.tolist()) == (theirs.dtype, theirs.tolist())
