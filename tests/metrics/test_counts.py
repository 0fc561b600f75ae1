"""Counts at thresholds: each as it is defined, in whatever way it is computed."""

import numpy as np
import pytest

from minikeras import metrics
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.metrics.counts import COUNTS, Counter, checked_count, prepare, spaced_evenly, standardize_thresholds

RNG = np.random.default_rng(0)
P = np.round(RNG.uniform(-0.2, 1.2, (40, 3)), 1).astype("float32")  # hits thresholds, and lies outside of [0, 1], too
Y = RNG.integers(0, 2, P.shape)
W = RNG.uniform(0.1, 2, P.shape).astype("float32")
METRIC = metrics.Metric(name="m")


def by_definition(thresholds, y_true, y_pred, weights, axis):
    positive = y_pred[None] > np.float32(thresholds).reshape((-1,) + (1,) * y_pred.ndim)
    sides = {"true_positives": positive & (y_true == 1), "false_positives": positive & (y_true == 0)}
    sides |= {"true_negatives": ~positive & (y_true == 0), "false_negatives": ~positive & (y_true == 1)}
    return [(sides[name] * weights).sum(axis) for name in COUNTS]


def evenly(number):
    return [place / (number - 1) for place in range(number)]


@pytest.mark.parametrize(
    ("thresholds", "even"),
    [
        ([0.5], False),
        ([0.9, 0.1, 0.5], False),
        ([0.3, 0.3, 1.0, 0.0], False),
        ([-1e-7, 0.25, 1 + 1e-7], False),
        (evenly(3), True),
        (evenly(6), True),
        (evenly(2), True),
        ([-1e-7, *evenly(11)[1:-1], 1 + 1e-7], True),
    ],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_counts_are_those_of_the_definition(thresholds, even, weighted):
    weights = W if weighted else None
    y_pred = P.clip(0, 1) if even else P  # even thresholds take predictions to be probabilities
    counter = Counter(thresholds, even)
    for by_label, axis in ((False, (1, 2)), (True, 1)):
        expected = by_definition(thresholds, Y, y_pred, W if weighted else 1, axis)
        found = counter.count(COUNTS, Y, y_pred, weights, by_label)
        for ours, theirs in zip(found, expected, strict=True):
            assert ours.dtype == "float32"
            np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    for name, count in zip(COUNTS, by_definition(thresholds, Y, y_pred, 1, (1, 2)), strict=True):
        np.testing.assert_array_equal(counter.count([name], Y, y_pred)[0], count)


@pytest.mark.parametrize(("thresholds", "even"), [([0.5], False), ([0.3, 0.7], False), (evenly(5), True)])
def test_nan_exceeds_no_threshold(thresholds, even):
    count = Counter(thresholds, even).count(COUNTS, np.array([1, 0]), np.float32([np.nan, np.nan]))
    assert [part.tolist() for part in count] == [[0] * len(thresholds)] * 2 + [[1] * len(thresholds)] * 2


def test_a_first_threshold_below_0_is_exceeded_by_0():
    (below,) = Counter([-1e-7, 0.5, 1.0], True).count(["true_positives"], np.array([1]), np.float32([0]))
    (at,) = Counter([0.0, 0.5, 1.0], True).count(["true_positives"], np.array([1]), np.float32([0]))
    assert below.tolist() == [1, 0, 0] and at.tolist() == [0, 0, 0]


def test_counts_of_many_elements_are_exact():
    y_pred = np.ones(300_000, "float32")
    (count,) = Counter([0.5], False).count(["true_positives"], np.ones(300_000, "int8"), y_pred)
    assert count.tolist() == [300_000]
    (count,) = Counter([0.5], False).count(
        ["true_positives"], np.ones(300_000), y_pred, np.full(300_000, 0.1, "float32")
    )
    np.testing.assert_allclose(count, [30_000], rtol=1e-6)


def test_what_is_not_0_is_true():
    (count,) = Counter([0.5], False).count(["true_positives"], np.float32([0.5, -2, 0]), np.float32([1, 1, 1]))
    assert count.tolist() == [2]


def test_thresholds():
    assert standardize_thresholds(None) == [0.5] and standardize_thresholds(None, default=-1e10) == [-1e10]
    assert standardize_thresholds((0, 1)) == standardize_thresholds(np.array([0, 1])) == [0.0, 1.0]
    assert standardize_thresholds(np.float32(0.25)) == [0.25]
    for wrong in (1.5, -0.1, [0.5, None], ["a"], [[0.1]], True, float("nan")):
        with pytest.raises(ArgumentError, match=r"must be in \[0, 1\]"):
            standardize_thresholds(wrong)
    with pytest.raises(ArgumentError, match="at least one threshold"):
        standardize_thresholds([])


def test_even_spacing():
    assert spaced_evenly([0, 0.25, 0.5, 0.75, 1]) and spaced_evenly(np.linspace(0, 1, 200))
    assert not spaced_evenly([0, 0.5]) and not spaced_evenly([1, 0.5, 0]) and not spaced_evenly([0.1, 0.5, 0.9])


def test_whole_numbers():
    assert checked_count("k", np.int64(3)) == 3 and type(checked_count("k", np.int64(3))) is int
    for wrong in (1.5, "1", True, None):
        with pytest.raises(ArgumentTypeError, match="`k` must be a.* integer"):
            checked_count("k", wrong)
    with pytest.raises(ArgumentError, match="`k` must be an integer >= 2. Received: k=1"):
        checked_count("k", 1, minimum=2)


SHAPES = [
    ((5,), (5,), (5,)),
    ((5,), (5,), ()),
    ((5,), (5, 1), (5,)),
    ((5, 1), (5,), (5, 1)),
    ((5, 2), (5, 2), (5,)),
    ((5, 2), (5, 2), (5, 1)),
    ((5, 2), (5, 2), (5, 2)),
    ((5, 2), (5, 2), (1, 2)),
    ((5, 3, 2), (5, 3, 2), (5, 3)),
    ((5, 3, 2), (5, 3, 2), (5, 1)),
]


@pytest.mark.parametrize(("labels", "outputs", "weights"), SHAPES)
def test_weights_are_spread(labels, outputs, weights):
    sample_weight = np.random.default_rng(0).uniform(size=weights).astype("float32")
    y_true, y_pred, found = prepare(METRIC, np.zeros(labels), np.zeros(outputs), sample_weight)
    assert y_true.shape == y_pred.shape == found.shape
    spread = sample_weight if sample_weight.ndim in (0, y_pred.ndim) else sample_weight[..., None]
    np.testing.assert_array_equal(found, np.broadcast_to(spread, y_pred.shape))


def test_label_weights_multiply():
    weights = prepare(METRIC, np.zeros((2, 2)), np.zeros((2, 2)), np.float32([1, 10]), np.float32([2, 3]))[2]
    assert weights.tolist() == [[2, 3], [20, 30]]


def test_the_largest_only():
    y_pred = np.float32([[0.1, 0.9, 0.9, 0.3], [0.5, 0.5, 0.5, 0.2]])
    assert (prepare(METRIC, y_pred, y_pred, top_k=2)[1] > -1).tolist() == [
        [False, True, True, False],
        [True, True, False, False],  # of equal ones the first
    ]


def test_one_class():
    for class_id in (1, -2):
        y_true, y_pred, _ = prepare(METRIC, [[0, 1, 0]], [[0.1, 0.2, 0.3]], class_id=class_id)
        assert y_true.tolist() == [[1]] and y_pred.tolist() == [[np.float32(0.2)]]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (((5,), (6,)), {}, r"'m': expected labels and predictions of one shape. Received: y_true of shape \(5,\)"),
        (((5, 2), (5, 1)), {}, "of one shape"),
        (((5,), (5,), (4,)), {}, "sample weights"),
        (((5, 2), (5, 2), (5, 3)), {}, "sample weights"),
        (((5, 3, 2), (5, 3, 2), (5,)), {}, "sample weights"),
        (((5,), (5,), (1, 5)), {}, "sample weights"),
        (((5, 2), (5, 2), None, (3,)), {}, "label weights"),
        (((5, 2), (5, 2)), {"top_k": 3}, r"at least top_k=3 predictions .* Received: y_pred of shape \(5, 2\)"),
        (((), ()), {"top_k": 1}, "top_k=1"),
        (((5, 2), (5, 2)), {"class_id": 2}, r"class_id=2 needs .* Received: shape \(5, 2\)"),
        (((5, 2), (5, 2)), {"class_id": -3}, "class_id=-3"),
        (((5,), (5,)), {"class_id": 0}, "class_id=0"),
    ],
)
def test_shapes_that_do_not_fit(arguments, options, message):
    with pytest.raises(ArgumentError, match=message) as caught:
        prepare(METRIC, *(None if shape is None else np.zeros(shape, "float32") for shape in arguments), **options)
    assert isinstance(caught.value, ShapeError) or "class_id" in options
