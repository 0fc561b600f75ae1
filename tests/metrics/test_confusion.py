"""Counts of right and wrong predictions, and shares of them, by hand."""

import numpy as np
import pytest

from minikeras import metrics
from minikeras.compiler.step import Step, signature
from minikeras.engine import tree
from minikeras.errors import ArgumentError, ArgumentTypeError

Y = np.array([0, 1, 1, 1, 0])
P = np.float32([0.9, 0.1, 0.8, 0.5, 0.5])  # at the threshold 0.5: yes, no, yes, no, no
W = [1, 2, 4, 8, 16]


@pytest.mark.parametrize(
    ("name", "plain", "weighted", "several"),
    [
        ("TruePositives", 1, 4, [3, 1, 0]),
        ("FalsePositives", 1, 1, [2, 1, 0]),
        ("TrueNegatives", 1, 16, [0, 1, 2]),
        ("FalseNegatives", 2, 10, [0, 2, 3]),
    ],
)
def test_counts(name, plain, weighted, several):
    metric = getattr(metrics, name)()
    assert metric(Y, P) == plain and metric(Y, P) == 2 * plain
    metric.reset_state()
    assert metric(Y, P, W) == weighted and metric(Y, P, sample_weight=0.5) == weighted + plain / 2
    metric = getattr(metrics, name)(thresholds=[0.0, 0.5, 0.9])
    assert metric(Y, P).tolist() == several and [each.name for each in metric.variables] == ["accumulator"]
    assert getattr(metrics, name)(thresholds=[0.9, 0.0, 0.5])(Y, P).tolist() == [several[n] for n in (2, 0, 1)]
    assert metric.get_config() == {"name": metric.name, "dtype": "float32", "thresholds": [0.0, 0.5, 0.9]}


def test_precision_and_recall():
    precision, recall = metrics.Precision(), metrics.Recall()
    assert precision.result() == recall.result() == 0
    np.testing.assert_allclose([precision(Y, P), recall(Y, P)], [1 / 2, 1 / 3], rtol=1e-6)
    # weights: 4 right of 5 predicted, 4 found of 14; to both comes what was before
    np.testing.assert_allclose(
        [precision(Y, P, W), recall(Y, P, W)], [(1 + 4) / (2 + 5), (1 + 4) / (3 + 14)], rtol=1e-6
    )
    assert [each.name for each in precision.variables] == ["true_positives", "false_positives"]
    assert [each.name for each in recall.variables] == ["true_positives", "false_negatives"]


def test_several_thresholds():
    np.testing.assert_allclose(metrics.Precision(thresholds=[0.2, 0.8, 0.95])(Y, P), [2 / 4, 0, 0])
    np.testing.assert_allclose(metrics.Recall(thresholds=[0.2, 0.8])(Y, P), [2 / 3, 0], rtol=1e-6)


def test_top_k():
    y_true, y_pred = [[0, 0, 1, 1], [1, 0, 0, 0]], [[0.2, 0.1, 0.4, 0.3], [0.1, 0.4, 0.3, 0.2]]
    # the two largest: both right, both wrong
    assert metrics.Precision(top_k=2)(y_true, y_pred) == 2 / 4
    np.testing.assert_allclose(metrics.Recall(top_k=2)(y_true, y_pred), 2 / 3, rtol=1e-6)
    assert metrics.Precision(top_k=2, thresholds=0.35)(y_true, y_pred) == 1 / 2
    assert metrics.Precision(top_k=2, class_id=2)(y_true, y_pred) == 1 / 2
    assert metrics.Precision(top_k=2)([0, 0, 1, 1], [1, 1, 1, 1]) == 0  # the first of equal ones are taken


def test_class_id():
    y_true, y_pred = [[0, 1], [1, 1], [1, 0]], [[0.9, 0.8], [0.7, 0.1], [0.2, 0.3]]
    assert metrics.Precision(class_id=0)(y_true, y_pred) == 1 / 2
    assert metrics.Recall(class_id=1)(y_true, y_pred) == 1 / 2
    assert metrics.Recall(class_id=-1)(y_true, y_pred, [1, 3, 5]) == 1 / 4


def test_configs():
    config = metrics.Precision(thresholds=0.3, top_k=2, class_id=1, name="p").get_config()
    assert config == {"name": "p", "dtype": "float32", "thresholds": 0.3, "top_k": 2, "class_id": 1}
    config = metrics.Recall(name="r").get_config()
    assert config == {"name": "r", "dtype": "float32", "thresholds": None, "top_k": None, "class_id": None}


def test_refused():
    with pytest.raises(ArgumentError, match=r"Threshold values must be in \[0, 1\]. Received: \[2\]"):
        metrics.Precision(thresholds=[0.5, 2])
    with pytest.raises(ArgumentError, match="`top_k` must be a positive integer. Received: top_k=0"):
        metrics.Recall(top_k=0)
    with pytest.raises(ArgumentTypeError, match="`top_k` must be a positive integer"):
        metrics.Recall(top_k=1.5)


def test_a_refused_batch_changes_nothing():
    metric = metrics.Precision()
    metric.update_state(Y, P)
    for bad in ((Y, P[:2]), (Y, P, [1, 2])):
        with pytest.raises(ArgumentError):
            metric.update_state(*bad)
    assert metric.result() == 1 / 2


def test_few_operations_are_replayed():
    metric = metrics.Precision()
    step = Step(lambda data: metric.update_state(*data), name="step")
    data = (Y.astype("float32"), P)
    step(data)
    names = step.plan(signature(tree.flatten(data), data)).names
    assert names == [
        *("greater", "cast", "cast", "cast", "multiply", "add", "segment_sum", "cast"),  # one histogram
        *("cumsum", "cumsum", "add", "add", "assign", "assign"),
    ]
