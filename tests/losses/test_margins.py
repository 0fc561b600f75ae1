import numpy as np
import pytest

from minikeras import losses


@pytest.mark.parametrize(
    ("cls", "labels", "expected"),
    [
        (losses.Hinge, [[0, 1], [1, 0]], (0.5 + 2 + 0.5 + 1) / 4),
        (losses.SquaredHinge, [[-1, 1], [1, -1]], (0.25 + 4 + 0.25 + 1) / 4),
        (losses.CategoricalHinge, [[0, 1], [1, 0]], (0 + 1 + 1 + 0 - 0.5 + 1) / 2),
    ],
)
def test_values(cls, labels, expected):
    loss = cls()
    np.testing.assert_allclose(loss(labels, [[-0.5, -1.0], [0.5, 0.0]]), expected, rtol=1e-6)
    assert list(loss.get_config()) == ["name", "reduction"]
