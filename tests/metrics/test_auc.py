"""Areas under curves, by hand."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, StateError
from minikeras.metrics import AUC

# At the thresholds below 0, 0.5 and above 1: 2, 1, 0 true and 2, 0, 0 false positives.
# recall 1, 1/2, 0; rate of false positives 1, 0, 0; precision 1/2, 1, 0 (of nothing)
Y, P = np.array([0, 0, 1, 1]), np.float32([0, 0.5, 0.3, 0.9])
LN4 = np.log(4)


@pytest.mark.parametrize(
    ("curve", "method", "expected"),
    [
        ("ROC", "interpolation", 3 / 4),
        ("ROC", "minoring", 1 / 2),
        ("ROC", "majoring", 1),
        # one more true of three more positives, so tp = 2/3 + p/3 from p=1 to 4; then tp = p
        ("PR", "interpolation", (1 + 2 / 3 * LN4) / 3 / 2 + 1 / 2),
        ("PR", "minoring", 1 / 4),
        ("PR", "majoring", 1),
        # gains of recall 1, 0, 0, and of precision 0, 1, 1
        ("PRGAIN", "interpolation", 1 / 2),
        ("PRGAIN", "minoring", 0),
        ("PRGAIN", "majoring", 1),
        ("roc", "Interpolation", 3 / 4),
        ("pr", "Minoring", 1 / 4),
        ("prgain", "Majoring", 1),
    ],
)
def test_curves(curve, method, expected):
    metric = AUC(num_thresholds=3, curve=curve, summation_method=method)
    np.testing.assert_allclose(metric(Y, P), expected, rtol=1e-6)
    assert [variable.numpy().tolist() for variable in metric.variables] == [[2, 1, 0], [2, 0, 0], [0, 2, 2], [0, 1, 2]]
    np.testing.assert_allclose(metric(Y, P), expected, rtol=1e-6)
    assert metric.get_config()["curve"] == curve.upper()
    assert metric.get_config()["summation_method"] == method.lower()


def test_empty_and_one_sided():
    for curve in ("ROC", "PR"):
        assert AUC(curve=curve).result() == 0
        assert AUC(curve=curve)([0, 0], [0.1, 0.9]) == 0
    assert AUC()([1, 1], [0.1, 0.9]) == 0  # without false labels there is no rate
    np.testing.assert_allclose(AUC(curve="PR")([1, 1], [0.1, 0.9]), 1, rtol=1e-6)


def test_perfect_and_perfectly_wrong():
    assert AUC()([0, 0, 1], [0.1, 0.2, 0.9]) == 1 and AUC()([1, 1, 0], [0.1, 0.2, 0.9]) == 0


def test_weights():
    assert AUC(num_thresholds=3)(Y, P, [1, 0, 0, 1]) == 1
    assert AUC(num_thresholds=3)(Y[:, None], P[:, None], sample_weight=2.0) == 3 / 4


def test_own_thresholds():
    metric = AUC(thresholds=[0.6, 0.2])
    assert metric.thresholds == [-1e-7, 0.2, 0.6, 1 + 1e-7] and metric.num_thresholds == 4
    # true positives 2, 2, 1, 0 and false ones 2, 1, 0, 0
    np.testing.assert_allclose(metric(Y, P), (1 + 1) / 2 / 2 + (1 + 1 / 2) / 2 / 2, rtol=1e-6)
    assert metric.get_config()["thresholds"] == [0.2, 0.6] and "thresholds" not in AUC().get_config()
    assert AUC(thresholds=[0.5])(Y, P) == AUC(num_thresholds=3)(Y, P)
    assert AUC(thresholds=[]).thresholds == [-1e-7, 1 + 1e-7]


def test_labels_by_themselves():
    y_true, y_pred = np.stack([Y, Y], 1), np.stack([P, Y], 1)
    metric = AUC(num_thresholds=3, multi_label=True)
    assert metric.variables == []
    np.testing.assert_allclose(metric(y_true, y_pred), (3 / 4 + 1) / 2, rtol=1e-6)
    assert metric.true_positives.numpy().tolist() == [[2, 2], [1, 2], [0, 0]]
    weighted = AUC(num_thresholds=3, multi_label=True, num_labels=2, label_weights=[3, 1])
    np.testing.assert_allclose(weighted(y_true, y_pred), (3 * 3 / 4 + 1) / 4, rtol=1e-6)
    together = AUC(num_thresholds=3)
    assert together(y_true, y_pred) == 7 / 8 and together.true_positives.numpy().tolist() == [4, 3, 0]
    weights = AUC(num_thresholds=3, label_weights=[1, 0])
    assert weights(y_true, y_pred) == 3 / 4 and weights.true_positives.numpy().tolist() == [2, 1, 0]


def test_the_state_that_the_first_batch_made_is_reset():
    metric = AUC(multi_label=True)
    metric.reset_state()
    metric.update_state([[1, 0], [0, 1]], [[0.3, 0.6], [0.7, 0.1]])
    metric.reset_state()
    assert metric([[1, 0], [0, 1]], [[0.8, 0.6], [0.2, 0.7]]) == 1


def test_scores():
    logits = np.log(P[1:] / (1 - P[1:]))
    np.testing.assert_allclose(AUC(from_logits=True)(Y[1:], logits), AUC()(Y[1:], P[1:]), rtol=1e-6)
    assert AUC(from_logits=True)([0, 1], [-1e4, 1e4]) == 1


def test_a_config_that_keras_wrote():
    config = AUC(multi_label=True, label_weights=[0.5, 2.0]).get_config()
    assert config["label_weights"] == [0.5, 2.0]
    config["label_weights"] = {"class_name": "__tensor__", "config": {"value": [0.5, 2.0], "dtype": "float32"}}
    assert AUC.from_config(config).get_config()["label_weights"] == [0.5, 2.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"curve": "RCO"}, r"Invalid `curve`: expected one of \['ROC', 'PR', 'PRGAIN'\]. Received: curve='RCO'"),
        ({"curve": "Roc"}, "Invalid `curve`"),
        ({"curve": None}, "Invalid `curve`"),
        ({"summation_method": "mean"}, "Invalid `summation_method`: expected one of"),
        ({"num_thresholds": 1}, "`num_thresholds` must be an integer >= 2"),
        ({"thresholds": [0.5, 1.5]}, r"must be in \[0, 1\]"),
        ({"num_labels": 3}, "`num_labels` is needed only when `multi_label` is True"),
        ({"multi_label": True, "num_labels": 3, "label_weights": [1, 2]}, "one weight for each of 3 labels"),
    ],
)
def test_arguments_that_are_refused(options, message):
    with pytest.raises(ArgumentError, match=message):
        AUC(**options)


def test_other_things_that_are_refused():
    with pytest.raises(ArgumentTypeError, match="`label_weights` must be numbers"):
        AUC(label_weights=["a"])
    with pytest.raises(StateError, match="does not know the number of labels before its first batch"):
        AUC(multi_label=True).result()
    with pytest.raises(ShapeError, match=r"must have rank 2 when `multi_label` is True. Received: shape \(4,\)"):
        AUC(multi_label=True)(Y, P)
    with pytest.raises(ShapeError, match=r"predictions of 3 labels. Received: y_pred of shape \(4, 2\)"):
        AUC(multi_label=True, num_labels=3)(np.stack([Y, Y], 1), np.stack([P, P], 1))
    with pytest.raises(ShapeError, match="label weights"):
        AUC(label_weights=[1, 2, 3])(np.stack([Y, Y], 1), np.stack([P, P], 1))
