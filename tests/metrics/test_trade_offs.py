"""The best of one rate while another is large enough, by hand."""

import numpy as np
import pytest

from minikeras import metrics
from minikeras.errors import ArgumentError, ArgumentTypeError

Y, P = [0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8]


@pytest.mark.parametrize(
    ("metric", "data", "expected"),
    [
        # below 0.3 the specificity is 1/3, from there to 0.8 it is 2/3 and finds one of two
        (metrics.SensitivityAtSpecificity(0.5), (Y, P), 1 / 2),
        (metrics.SensitivityAtSpecificity(0.5), (Y, P, [1, 1, 2, 2, 1]), 1 / 3),
        (metrics.SensitivityAtSpecificity(0.3), (Y, P), 1),
        (metrics.SensitivityAtSpecificity(1), (Y, P), 0),
        (metrics.SpecificityAtSensitivity(0.5), (Y, P), 2 / 3),
        (metrics.SpecificityAtSensitivity(0.5), (Y, P, [1, 1, 2, 2, 2]), 1 / 2),
        (metrics.SpecificityAtSensitivity(0.6), (Y, P), 1 / 3),
        (metrics.PrecisionAtRecall(0.5), (Y, P), 1 / 2),
        (metrics.PrecisionAtRecall(0.8), (Y, P, [2, 2, 2, 1, 1]), 1 / 3),
        (metrics.RecallAtPrecision(0.8), ([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]), 1 / 2),
        (metrics.RecallAtPrecision(0.8), ([0, 0, 1, 1], [0, 0.5, 0.3, 0.9], [1, 0, 0, 1]), 1),
        (metrics.RecallAtPrecision(1.0), ([0, 1], [0.9, 0.1]), 0),  # no threshold is good enough
        (metrics.SensitivityAtSpecificity(0.5, num_thresholds=1), (Y, P), 1 / 2),  # at 0.5
        (metrics.SensitivityAtSpecificity(0.5, num_thresholds=2), (Y, P), 0),  # at 0 and at 1
        (metrics.SensitivityAtSpecificity(0.5, class_id=1), ([[0, y] for y in Y], [[1, p] for p in P]), 1 / 2),
    ],
)
def test_values(metric, data, expected):
    assert metric.result() == 0
    np.testing.assert_allclose(metric(*data), expected, rtol=1e-6)
    np.testing.assert_allclose(metric(*data), expected, rtol=1e-6)
    assert [variable.name for variable in metric.variables] == [
        *("true_positives", "false_positives", "true_negatives", "false_negatives")
    ]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("SensitivityAtSpecificity", "specificity"),
        ("SpecificityAtSensitivity", "sensitivity"),
        ("PrecisionAtRecall", "recall"),
        ("RecallAtPrecision", "precision"),
    ],
)
def test_arguments(name, given):
    metric = getattr(metrics, name)(0.25, num_thresholds=5, class_id=2, name="t")
    assert (metric.value, getattr(metric, given), metric.thresholds) == (0.25, 0.25, [0, 0.25, 0.5, 0.75, 1])
    assert list(metric.get_config().items()) == [
        *(("name", "t"), ("dtype", "float32"), ("class_id", 2), ("num_thresholds", 5), (given, 0.25))
    ]
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(
            ArgumentError, match=rf"`{given}` must be a finite number in \[0, 1\]. Received: {given}={wrong}"
        ):
            getattr(metrics, name)(wrong)
    with pytest.raises(ArgumentError, match="`num_thresholds` must be a positive integer"):
        getattr(metrics, name)(0.5, num_thresholds=0)
    with pytest.raises(ArgumentTypeError, match="`num_thresholds` must be a positive integer"):
        getattr(metrics, name)(0.5, num_thresholds=2.0)
