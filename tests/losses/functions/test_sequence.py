import numpy as np
import pytest

from minikeras import losses, ops
from minikeras.errors import ArgumentError, ShapeError

SCORES = np.log(np.float32([[[0.25, 0.75], [0.5, 0.5]], [[0.25, 0.75], [0.5, 0.5]], [[0.25, 0.75], [0.5, 0.5]]]))


def test_values():
    # All paths but that of two blanks, it alone, and none: 1 1 needs a blank between.
    result = losses.ctc([[1, 0], [0, 0], [1, 1]], SCORES)
    np.testing.assert_allclose(result[:2], [-np.log(1 - 1 / 8), -np.log(1 / 8)], rtol=1e-6)
    assert result[2] > 700


@pytest.mark.parametrize("dtype", ["int64", "float32"])
def test_letters_that_are_not_0_count(dtype):
    scores = np.random.default_rng(0).normal(size=(2, 5, 4))
    labels = np.array([[1, 2, 0], [3, 0, 0]], dtype)
    np.testing.assert_allclose(losses.ctc(labels, scores), ops.ctc_loss(labels, scores, [2, 1], [5, 5]))


def test_wrong_shapes():
    for labels, scores in ([1, 2], SCORES[:2]), ([[1]], SCORES[0]):
        with pytest.raises(ShapeError, match=r"`ctc` expects y_true of shape \(batch, longest text\)"):
            losses.ctc(labels, scores)
    with pytest.raises(ShapeError, match="`ctc_loss`"):
        losses.ctc([[1]], SCORES)


def test_letters_out_of_range():
    with pytest.raises(ArgumentError, match="from 0 to 1. Received: from 2 to 2"):
        losses.ctc([[2]] * 3, SCORES)
