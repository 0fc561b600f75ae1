import numpy as np
import pytest

from minikeras import metrics, ops
from minikeras.compiler.step import Step

LN2 = np.log(2)


@pytest.mark.parametrize(
    ("cls", "options", "y_true", "y_pred", "expected"),
    [
        (metrics.BinaryCrossentropy, {}, [[1.0], [0.0]], [[0.5], [0.75]], 1.5 * LN2),
        (metrics.BinaryCrossentropy, {"from_logits": True}, [[1.0], [0.0]], [[0.0], [0.0]], LN2),
        (
            metrics.BinaryCrossentropy,
            {"label_smoothing": 0.2},
            [[1.0]],
            [[0.75]],
            2 * LN2 - 0.9 * np.log(3),
        ),
        (metrics.CategoricalCrossentropy, {}, [[0, 1], [1, 0]], [[0.5, 0.5], [0.25, 0.75]], 1.5 * LN2),
        (metrics.CategoricalCrossentropy, {"from_logits": True}, [[0, 1]], [[3.0, 3.0]], LN2),
        (metrics.CategoricalCrossentropy, {"axis": 0}, [[0], [1]], [[0.5], [0.5]], LN2),
        (metrics.SparseCategoricalCrossentropy, {}, [1, 0], [[0.5, 0.5], [0.25, 0.75]], 1.5 * LN2),
        (metrics.SparseCategoricalCrossentropy, {"from_logits": True}, [1], [[3.0, 3.0]], LN2),
        (metrics.SparseCategoricalCrossentropy, {"ignore_class": 1}, [1, 0], [[0.5, 0.5], [0.25, 0.75]], LN2),
    ],
)
def test_values(cls, options, y_true, y_pred, expected):
    metric = cls(**options)
    np.testing.assert_allclose(metric(np.array(y_true), np.float32(y_pred)), expected, rtol=1e-5)
    config = metric.get_config()
    assert {name: config[name] for name in options} == options
    assert all(getattr(metric, name) == value for name, value in options.items())
    assert cls.from_config(config).get_config() == config


def test_scores_behind_a_softmax_are_found():
    metric = metrics.CategoricalCrossentropy()
    step = Step(lambda scores: metric(np.float32([[0, 1]]), ops.softmax(scores)), name="step")
    for _ in range(2):
        assert step(np.float32([[200, 0]])) == 200
