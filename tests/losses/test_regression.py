import numpy as np
import pytest

from minikeras import losses
from minikeras.errors import ShapeError
from minikeras.losses import MeanAbsoluteError, MeanSquaredError


@pytest.mark.parametrize(
    ("cls", "expected"), [(MeanSquaredError, (1 + 9 + 0 + 4) / 4), (MeanAbsoluteError, (1 + 3 + 0 + 2) / 4)]
)
def test_values(cls, expected):
    loss = cls()
    np.testing.assert_allclose(loss([[0, 0], [1, 1]], [[1.0, 3.0], [1.0, -1.0]]), expected)
    assert list(loss.get_config()) == ["name", "reduction"]


@pytest.mark.parametrize("cls", [MeanSquaredError, MeanAbsoluteError])
def test_weights_per_step_of_a_sequence(cls):
    y_pred = np.float32([[[1], [2]], [[1], [1]]])
    weights = np.float32([[1, 0], [0, 2]])
    np.testing.assert_allclose(cls()(np.zeros((2, 2, 1)), y_pred, sample_weight=weights), (1 + 2) / 4)


def test_wrong_shapes():
    with pytest.raises(ShapeError, match=r"`mean_squared_error`.*\(4, 2\).*\(4, 3\)"):
        MeanSquaredError()(np.zeros((4, 2)), np.zeros((4, 3)))


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (losses.MeanAbsolutePercentageError(), (50 + 0 + 25 + 100) / 4),
        (losses.MeanSquaredLogarithmicError(reduction="sum"), np.log(4 / 3) ** 2 / 2 + np.log(2) ** 2),
        (losses.CosineSimilarity(), -(2 * 3 + 4) / 20**0.5 / 10**0.5 / 2 - (4 * 3 + 0) / 4 / 3 / 2),
        (losses.Huber(), (0.5 + 0 + 0.5 + 0) / 4),
        (losses.Huber(delta=0.5), (0.375 + 0 + 0.375 + 0) / 4),
        (losses.LogCosh(), np.log(np.cosh(1)) / 2),
    ],
)
def test_values_of_others(loss, expected):
    y_true, y_pred = {
        "mean_absolute_percentage_error": ([[2, 4], [4, 1]], [[3.0, 4.0], [3.0, 2.0]]),
        "mean_squared_logarithmic_error": ([[3, 1], [3, 1]], [[2.0, 1.0], [7.0, 3.0]]),
        "cosine_similarity": ([[2, 4], [4, 0]], [[3.0, 1.0], [3.0, 0.0]]),
    }.get(loss.name, ([[2, 4], [4, 1]], [[3.0, 4.0], [3.0, 1.0]]))
    np.testing.assert_allclose(loss(y_true, y_pred), expected, rtol=1e-6)


def test_configs_keep_what_keras_loses():
    """Keras leaves these arguments out of the config, always; here only their defaults."""
    assert losses.Huber().get_config() == {"name": "huber_loss", "reduction": "sum_over_batch_size"}
    assert losses.Huber(delta=2.0).get_config()["delta"] == 2.0
    assert losses.CosineSimilarity().get_config() == {"name": "cosine_similarity", "reduction": "sum_over_batch_size"}
    assert losses.CosineSimilarity(axis=0).get_config()["axis"] == 0
    assert losses.get({"class_name": "Huber", "config": {"delta": 2.0}}).delta == 2.0
