import numpy as np
import pytest

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
