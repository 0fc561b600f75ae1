"""F scores, by hand."""

import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ShapeError, StateError
from minikeras.metrics import F1Score, FBetaScore

# At the threshold 0.5: 1, 2, 1 hits, 0, 1, 1 false ones, 2, 0, 0 missed; precision 1, 2/3, 1/2 and recall 1/3, 1, 1
Y = np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0]])
P = np.float32([[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]])
F1, F2 = np.array([1 / 2, 4 / 5, 2 / 3]), np.array([5 / 13, 10 / 11, 5 / 6])


@pytest.mark.parametrize(
    ("average", "one", "two"),
    [
        (None, F1, F2),
        ("macro", F1.mean(), F2.mean()),
        ("weighted", F1 @ [3 / 6, 2 / 6, 1 / 6], F2 @ [3 / 6, 2 / 6, 1 / 6]),
        ("micro", 2 / 3, 2 / 3),  # 4 hits, 2 false, 2 missed
    ],
)
def test_averages(average, one, two):
    for metric, expected in (
        (F1Score(average, threshold=0.5), one),
        (FBetaScore(average, beta=2.0, threshold=0.5), two),
    ):
        np.testing.assert_allclose(metric(Y, P), expected, rtol=1e-6)
        np.testing.assert_allclose(metric(Y, P), expected, rtol=1e-6)
        assert {variable.shape for variable in metric.variables} == {() if average == "micro" else (3,)}


def test_without_a_threshold_the_largest_is_chosen():
    metric = F1Score()
    metric.update_state([[1, 0], [0, 1], [0, 1]], [[0.2, 0.1], [0.4, 0.3], [0.1, 0.9]])
    assert [variable.numpy().tolist() for variable in metric.variables] == [[1, 1], [1, 0], [0, 1], [1, 2]]
    metric.reset_state()
    metric.update_state([[1, 1]], [[0.3, 0.3]])  # on a tie both are
    assert metric.true_positives.numpy().tolist() == [1, 1]
    metric.reset_state()
    metric.update_state([[1, 1]], [[0.0, 0.0]])  # but nothing is where all are 0
    assert metric.true_positives.numpy().tolist() == [0, 0]


def test_weights():
    # only the last row counts: hits 1, 1, 0, nothing else
    for weights in ([0, 0, 2], [[0], [0], [2]]):
        np.testing.assert_allclose(F1Score(threshold=0.5)(Y, P, weights), [1, 1, 0], rtol=1e-6)
    # of the first two columns: 2 and 1 + 2 hits, 1 false one, 1 + 1 missed
    np.testing.assert_allclose(
        F1Score("micro", threshold=0.5)(Y[:, :2], P[:, :2], [1, 1, 2]), 10 / (10 + 1 + 2), rtol=1e-6
    )


def test_nothing_yet():
    with pytest.raises(StateError, match="does not know the number of classes before its first batch"):
        F1Score().result()
    metric = F1Score()
    metric.update_state(Y, P)
    metric.reset_state()
    assert metric.result().tolist() == [0, 0, 0]


def test_state_made_inside_of_a_step():
    metric = F1Score("macro", threshold=0.5)

    def update(data):
        metric.update_state(*data)
        return metric.result()

    step = Step(update, name="step")
    for _ in range(3):
        np.testing.assert_allclose(step((Y, P)), F1.mean(), rtol=1e-6)
    assert metric.intermediate_weights.numpy().tolist() == [9, 6, 3]


def test_configs():
    assert F1Score("macro", 0.5, name="f").get_config() == {
        **{"name": "f", "dtype": "float32"},
        **{"average": "macro", "threshold": 0.5},
    }
    assert FBetaScore(beta=0.5).get_config()["beta"] == 0.5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"average": "mean"}, "Invalid `average`: expected one of .* Received: average='mean'"),
        ({"beta": 1}, "Invalid `beta`: expected a Python float above 0. Received: beta=1"),
        ({"beta": -1.0}, "Invalid `beta`"),
        ({"threshold": 1}, "Invalid `threshold`: expected a Python float in"),
        ({"threshold": 0.0}, "Invalid `threshold`"),
        ({"threshold": 1.5}, "Invalid `threshold`"),
    ],
)
def test_arguments_that_are_refused(options, message):
    with pytest.raises(ArgumentError, match=message):
        FBetaScore(**options)


@pytest.mark.parametrize(
    ("labels", "outputs", "weights"),
    [((3,), (3,), None), ((3, 2), (3, 3), None), ((2, 3, 2), (2, 3, 2), None), ((3, 2), (3, 2), (2,)), ((3, 2),) * 3],
)
def test_shapes_that_are_refused(labels, outputs, weights):
    metric = F1Score()
    with pytest.raises(ShapeError, match="expected (labels and predictions|one sample weight)"):
        metric.update_state(np.ones(labels), np.ones(outputs), None if weights is None else np.ones(weights))


def test_another_number_of_classes():
    metric = F1Score()
    metric.update_state(Y, P)
    with pytest.raises(ShapeError, match=r"of shape \(batch, 3\). Received: y_true of shape \(3, 2\)"):
        metric.update_state(Y[:, :2], P[:, :2])
