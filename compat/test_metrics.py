"""Every metric next to that of Keras: values and state over batches, weights, dtypes, bad input."""

import inspect
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.backend import set_keras_mask  # layers do this; not public in Keras

from minikeras import metrics
from minikeras.compiler.step import Step
from minikeras.engine.masks import set_mask
from tests.metrics.cases import CASES, THRESHOLDS, each_case, weights_of

ALL = list(each_case())
every_case = pytest.mark.parametrize(("name", "options", "where"), [case[1:] for case in ALL], ids=[c[0] for c in ALL])
NAMES = [name for name in dir(keras.metrics) if not name.startswith("_")]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.metrics, name))]

BOUND = 3e-6  # float32 adds in another order; of differences, relative to the largest number of the array


def same(ours, theirs, bound=BOUND):
    theirs = theirs.numpy() if hasattr(theirs, "numpy") else theirs
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    largest = float(np.max(np.abs(theirs[np.isfinite(theirs)]), initial=1))
    np.testing.assert_allclose(ours, theirs, rtol=bound, atol=bound * largest, equal_nan=True)


def pair(cls, **options):
    return getattr(metrics, cls)(**options), getattr(keras.metrics, cls)(**options)


def same_state(ours, theirs, bound=BOUND):
    assert [variable.name for variable in ours.variables] == [variable.name for variable in theirs.variables]
    for variable, other in zip(ours.variables, theirs.variables, strict=True):
        same(variable.numpy(), other.numpy(), bound)


def weight(seed, name, shape):
    rng = np.random.default_rng(seed)
    whole = name.endswith("IoU")  # which count in whole numbers
    return rng.integers(0, 4, shape) if whole else rng.uniform(0.1, 2, shape).astype("float32")


def result_of(metric):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return metric.result(), len(caught)


def same_result(ours, theirs):
    (mine, warned), (other, also_warned) = result_of(ours), result_of(theirs)
    assert warned == also_warned
    same(mine, other)


def test_every_name_is_there():
    assert [name for name in NAMES if not hasattr(metrics, name)] == []
    assert [name for name in metrics.__all__ if name not in NAMES] == []
    assert sorted(CASES) == CLASSES


@every_case
def test_values_over_batches(name, options, where):
    ours, theirs = pair(name, **options)
    stepped = getattr(metrics, name)(**options)
    step = Step(lambda batch: stepped.update_state(*batch), name="step")
    shapes = [None, *weights_of(name, options, where), None]
    for seed, shape in enumerate(shapes):
        batch = (*where.make(seed), *([] if shape is None else [weight(seed, name, shape)]))
        for metric in (ours, theirs):
            metric.update_state(*batch)
        step(batch)
        same_state(ours, theirs)
        same_state(stepped, theirs)
        same_result(ours, theirs)
    ours.reset_state()
    theirs.reset_state()
    same_state(ours, theirs)
    same_result(ours, theirs)


FEW = [(name, *case) for name, cases in CASES.items() for case in cases[:1] + cases[1:][-1:]]
few_cases = pytest.mark.parametrize(("name", "options", "where"), FEW)


@few_cases
def test_stateless(name, options, where):
    ours, theirs = pair(name, **options)
    for metric in (ours, theirs):
        metric.update_state(*where.make(7))  # some make their state when they see the first batch
    state, expected = ours.stateless_reset_state(), theirs.stateless_reset_state()
    for seed in range(2):
        state = ours.stateless_update_state(state, *where.make(seed))
        expected = theirs.stateless_update_state(expected, *where.make(seed))
        for value, other in zip(state, expected, strict=True):
            same(value, other)
        same(ours.stateless_result(state), theirs.stateless_result(expected))
    same_state(ours, theirs)


@few_cases
@pytest.mark.parametrize("dtype", ["float16", "float64", "mixed_float16"])
def test_dtypes(name, options, where, dtype):
    if "dtype" in options:
        return  # that dtype is compared above
    dtype = keras.DTypePolicy(dtype) if dtype == "mixed_float16" else dtype
    ours, theirs = pair(name, **options, dtype=dtype)
    assert ours.dtype == theirs.dtype
    for seed in range(2):
        for metric in (ours, theirs):
            metric.update_state(*where.make(seed))
    same_state(ours, theirs, 1e-2 if ours.dtype == "float16" else BOUND)
    mine, other = ours.result(), theirs.result()
    assert mine.dtype == other.dtype
    same(mine, other, 1e-2 if ours.dtype == "float16" else BOUND)


AWKWARD = np.float32([np.nan, np.inf, -np.inf, -0.5, 1.5, 0.0, 1.0, 0.5, 1e4, -1e4, 1e-8, 1 - 1e-7])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        *[(name, options) for name in ("Precision", "TrueNegatives") for options in THRESHOLDS],
        *[("AUC", options) for options in ({}, {"thresholds": [0.4, 0.6]}, {"num_thresholds": 2}, {"curve": "PR"})],
        ("AUC", {"multi_label": True}),
        ("AUC", {"multi_label": True, "thresholds": [0.3]}),
        ("SensitivityAtSpecificity", {"specificity": 0.2}),
        ("SpecificityAtSensitivity", {"sensitivity": 0.2, "num_thresholds": 1}),
        ("RootMeanSquaredError", {}),
        ("R2Score", {}),
        ("F1Score", {}),
        ("F1Score", {"threshold": 0.5}),
        ("BinaryAccuracy", {}),
        ("BinaryIoU", {}),
        ("TopKCategoricalAccuracy", {"k": 2}),
        ("PearsonCorrelation", {}),
        ("ConcordanceCorrelation", {}),
        ("CosineSimilarity", {}),
    ],
)
def test_awkward_predictions(name, options):
    ours, theirs = pair(name, **options)
    y_pred = np.stack([AWKWARD, AWKWARD[::-1], np.roll(AWKWARD, 5)], axis=1)
    y_true = np.float32(np.random.default_rng(0).integers(0, 2, y_pred.shape))
    for metric in (ours, theirs):
        metric.update_state(y_true, y_pred)
    same_state(ours, theirs)
    same_result(ours, theirs)


@few_cases
def test_empty_batch(name, options, where):
    ours, theirs = pair(name, **options)
    empty = where.make(0, 0)
    for metric in (ours, theirs):
        metric.update_state(*where.make(0))
    ours.update_state(*empty)
    if name in ("CategoricalHinge", "F1Score", "FBetaScore"):  # TensorFlow has no largest one of no rows
        with pytest.raises(tf.errors.InvalidArgumentError):
            theirs.update_state(*empty)
    else:
        theirs.update_state(*empty)
    same_state(ours, theirs)
    same_result(ours, theirs)


MASKED = [case for case in FEW if issubclass(getattr(keras.metrics, case[0]), keras.metrics.MeanMetricWrapper)]


@pytest.mark.parametrize(("name", "options", "where"), MASKED)
def test_masks(name, options, where):
    ours, theirs = pair(name, **options)
    rng = np.random.default_rng(4)
    shape = weights_of(name, options, where)[-1]  # of the function's values, as far as they can be weighted
    masks = [rng.integers(0, 2, shape) > 0, np.ones(shape, bool), np.zeros(shape, bool)]
    for seed, (mask, weighted) in enumerate((mask, weighted) for mask in masks for weighted in (False, True)):
        y_true, y_pred = where.make(seed)
        weights = [weight(seed, name, shape)] if weighted else []
        set_mask(y_pred, mask)
        masked = tf.convert_to_tensor(np.array(y_pred))
        set_keras_mask(masked, tf.constant(mask))
        ours.update_state(y_true, y_pred, *weights)
        theirs.update_state(y_true, masked, *weights)
        same_state(ours, theirs)
        same_result(ours, theirs)


@pytest.mark.parametrize("name", ["Mean", "Sum"])
def test_masked_values(name):
    ours, theirs = pair(name)
    values, mask = np.float32([[1, 2], [3, 4]]), np.array([[True, False], [True, True]])
    masked = tf.constant(values)
    set_mask(values, mask)
    set_keras_mask(masked, tf.constant(mask))
    for weights in ([], [np.float32([[1, 2], [3, 4]])], [2.0]):  # a mask of values only matters with weights
        ours.update_state(values, *weights)
        theirs.update_state(masked, *weights)
        same_state(ours, theirs)


DTYPES = ["bool", "uint8", "int32", "int64", "float16", "float64"]


@pytest.mark.parametrize("dtype", DTYPES)
@few_cases
def test_dtypes_of_data(name, options, where, dtype):
    ours, theirs = pair(name, **options)
    y_true, y_pred = where.make(1)
    y_true, y_pred = y_true.astype(dtype), y_pred.astype(dtype) if "float" in dtype else y_pred
    try:
        theirs.update_state(y_true, y_pred)
    except (TypeError, ValueError, AttributeError, tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
        return  # TensorFlow has no kernel for it
    ours.update_state(y_true, y_pred)
    bound = 1e-2 if dtype == "float16" else BOUND
    same_state(ours, theirs, bound)
    same(ours.result(), theirs.result(), bound)


WEIGHTS = [
    ((5,), None),
    ((5,), (5,)),
    ((5,), (5, 1)),
    ((5,), ()),
    ((5, 1), (5,)),
    ((5, 3), (5,)),
    ((5, 3), (5, 3)),
    ((5, 3), (1, 3)),
    ((5, 3), (5, 1)),
    ((5, 3), (5, 3, 1)),
    ((5, 3, 2), (5,)),
    ((5, 3, 2), (5, 3)),
    ((5, 3, 2), (5, 3, 1)),
    ((), ()),
    ((), None),
]


@pytest.mark.parametrize(("values", "weights"), WEIGHTS)
@pytest.mark.parametrize("name", ["Mean", "Sum"])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_reductions(name, values, weights, dtype):
    rng = np.random.default_rng(0)
    ours, theirs = pair(name, dtype=dtype)
    for _ in range(2):
        value = rng.uniform(size=values).astype("float32")
        weight = None if weights is None else rng.uniform(size=weights)
        ours.update_state(value, sample_weight=weight)
        theirs.update_state(value, sample_weight=weight)
    bound = 1e-2 if dtype == "float16" else BOUND
    same_state(ours, theirs, bound)
    same(ours.result(), theirs.result(), bound)


@pytest.mark.parametrize(("values", "weights"), [((), (2,)), ((3,), (2,)), ((3,), (3, 2))])
def test_weights_that_keras_refuses(values, weights):
    ours, theirs = pair("Mean")
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        theirs.update_state(np.ones(values, "float32"), np.ones(weights, "float32"))
    with pytest.raises(ValueError, match="sample weights"):
        ours.update_state(np.ones(values, "float32"), np.ones(weights, "float32"))


LABELS = [
    ("sparse_categorical_accuracy", (5,), (5, 4)),
    ("sparse_categorical_accuracy", (5, 1), (5, 4)),
    ("sparse_categorical_accuracy", (5, 3), (5, 3, 4)),
    ("sparse_categorical_accuracy", (5, 3, 1), (5, 3, 4)),
    ("sparse_categorical_accuracy", (5, 1), (5, 1, 4)),
    ("sparse_categorical_accuracy", (5, 1, 1), (5, 1, 4)),
    ("sparse_categorical_accuracy", (5, 1), (5, 1)),
    ("categorical_accuracy", (5, 4), (5, 4)),
    ("categorical_accuracy", (5, 3, 4), (5, 3, 4)),
    ("categorical_accuracy", (5, 1, 4), (5, 4)),
    ("categorical_accuracy", (5, 1), (5, 1)),
    ("binary_accuracy", (5,), (5,)),
    ("binary_accuracy", (5,), (5, 1)),
    ("binary_accuracy", (5, 1), (5,)),
    ("binary_accuracy", (5, 3), (5, 3)),
]


@pytest.mark.parametrize(("name", "labels", "outputs"), LABELS)
@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32", "float64"])
def test_accuracy_functions(name, labels, outputs, dtype):
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 2, size=labels).astype(dtype)
    y_pred = rng.uniform(size=outputs).astype("float32")
    ours, theirs = getattr(metrics, name), getattr(keras.metrics, name)
    same(ours(y_true, y_pred), theirs(y_true, y_pred))
