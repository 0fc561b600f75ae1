"""The share of variance that is explained, by hand."""

import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, StateError
from minikeras.metrics import R2Score

# squared errors 1 + 0 + 1, variance 26 - 8^2 / 3 = 14 / 3: 4 / 7. Second column: errors 4, variance 5 - 1 = 4: 0
Y, P = np.float32([[1, 0], [4, 2], [3, 1]]), np.float32([[2, 0], [4, 2], [4, 3]])
FIRST, SECOND = 4 / 7, 1 - 4 / 2


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        (None, [FIRST, SECOND]),
        ("uniform_average", (FIRST + SECOND) / 2),
        ("variance_weighted_average", (FIRST * 14 / 3 + SECOND * 2) / (14 / 3 + 2)),
    ],
)
def test_aggregations(aggregation, expected):
    metric = R2Score(aggregation)
    np.testing.assert_allclose(metric(Y, P), expected, rtol=1e-5)
    metric.update_state(Y, P)
    np.testing.assert_allclose(metric.result(), expected, rtol=1e-5)
    assert [variable.name for variable in metric.variables] == [
        "num_samples",
        "squared_sum",
        "sum",
        "residual",
        "count",
    ]
    assert metric.num_samples.numpy() == 12 and metric.count.numpy().tolist() == [6, 6]


def test_weights():
    # the weights leave 1 and 4 of the first column: 1 - 1 / 4.5
    for weights in ([1, 1, 0], [[1], [1], [0]], [[2, 1], [2, 1], [0, 0]]):
        np.testing.assert_allclose(R2Score(None)(Y, P, weights)[0], 1 - 1 / 4.5, rtol=1e-5)
    np.testing.assert_allclose(R2Score(None)(Y, P, 3.0), [FIRST, SECOND], rtol=1e-5)
    np.testing.assert_allclose(R2Score()(Y[:, 0], P[:, :1]), FIRST, rtol=1e-5)


def test_labels_that_do_not_vary():
    assert R2Score()([[1.0], [1.0]], [[1.0], [2.0]]) == 0
    assert np.isnan(R2Score()([[1.0], [1.0]], [[1.0], [1.0]]))
    metric = R2Score()
    metric.update_state(Y, P)
    metric.reset_state()
    assert np.isnan(metric.result())


def test_adjustment():
    # 3 labels, 1 regressor: 1 - (3 / 7) * 2 / 1
    np.testing.assert_allclose(R2Score(num_regressors=1)(Y[:, :1], P[:, :1]), 1 - 6 / 7, rtol=1e-5)
    for regressors in (2, 3):
        metric = R2Score(num_regressors=regressors)
        metric.update_state(Y[:, :1], P[:, :1])
        with pytest.warns(
            UserWarning, match=f"needs more than num_regressors \\+ 1 = {regressors + 1} labels, but .* 3"
        ):
            np.testing.assert_allclose(metric.result(), FIRST, rtol=1e-5)


def test_adjustment_in_a_step_depends_on_the_labels_of_each_run():
    metric = R2Score(num_regressors=3)

    def update(data):
        metric.update_state(*data)
        return metric.result()

    step = Step(update, name="step")
    first, second = (float(step((Y[:, :1], P[:, :1]))) for _ in range(2))
    np.testing.assert_allclose(first, FIRST, rtol=1e-5)  # 3 labels are not enough, 6 are
    np.testing.assert_allclose(second, 1 - 3 / 7 * 5 / 2, rtol=1e-5)


def test_refused():
    with pytest.raises(ArgumentError, match="Invalid `class_aggregation`: expected one of .* Received: .*'mean'"):
        R2Score("mean")
    with pytest.raises(ArgumentError, match="`num_regressors` must be an integer >= 0"):
        R2Score(num_regressors=-1)
    with pytest.raises(ArgumentTypeError, match="`num_regressors` must be an integer >= 0"):
        R2Score(num_regressors=1.5)
    with pytest.raises(StateError, match="number of columns before its first batch"):
        R2Score().result()
    metric = R2Score()
    metric.update_state(Y, P)
    for bad in ((Y[:, 0], P[:, 0]), (Y, P[:, :1]), (Y[:, :1], P[:, :1]), (Y, P, [1, 2]), (Y, P, np.ones((2, 3, 2)))):
        with pytest.raises(ShapeError):
            metric.update_state(*bad)
    assert metric.num_samples.numpy() == 6
