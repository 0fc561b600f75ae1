import numpy as np
import pytest

from minikeras import losses
from minikeras.errors import ShapeError

TRUE = np.float32([[[0, 1], [1, 1]], [[1, 0], [0, 0]]])
PRED = np.float32([[[0, 1], [0.5, 0]], [[1, 1], [0, 0]]])


def test_dice():
    # Together the regions are 4 and 3.5 large, and overlap by 1 + 0.5 + 1.
    np.testing.assert_allclose(losses.dice(TRUE, PRED), 1 - 2 * 2.5 / 7.5, rtol=1e-6)
    by_example = [1 - 2 * 1.5 / 4.5, 1 - 2 * 1 / 3]
    np.testing.assert_allclose(losses.dice(TRUE, PRED, axis=(1, 2)), by_example, rtol=1e-6)


def test_tversky():
    # 1.5 are in the labels alone, 1 in the predictions alone.
    np.testing.assert_allclose(losses.tversky(TRUE, PRED), losses.dice(TRUE, PRED), rtol=1e-6)
    expected = 1 - 2.5 / (2.5 + 0.2 * 1.5 + 0.6 * 1)
    np.testing.assert_allclose(losses.tversky(TRUE, PRED, alpha=0.2, beta=0.6), expected, rtol=1e-6)
    by_example = [1 - 1.5 / (1.5 + 1.5 / 2), 1 - 1 / (1 + 1 / 2)]
    np.testing.assert_allclose(losses.tversky(TRUE, PRED, axis=(1, 2)), by_example, rtol=1e-6)


@pytest.mark.parametrize("function", [losses.dice, losses.tversky])
def test_nothing_in_both(function):
    assert function(np.zeros((2, 3)), np.zeros((2, 3), "float32")) == 1


@pytest.mark.parametrize("function", [losses.dice, losses.tversky])
def test_wrong_shapes(function):
    with pytest.raises(ShapeError, match=rf"`{function.__name__}`.*\(4, 2\).*\(4, 3\)"):
        function(np.zeros((4, 2)), np.zeros((4, 3)))
