import numpy as np
import pytest

from minikeras import losses
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ShapeError

SCORES = np.float32([[-0.5, -1, 2], [0.5, 0, -3]])


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([[-1, 1, 1], [1, 1, -1]], [(0.5 + 2 + 0) / 3, (0.5 + 1 + 0) / 3]),
        ([[0, 1, 1], [1, 1, 0]], [(0.5 + 2 + 0) / 3, (0.5 + 1 + 0) / 3]),  # 0 means -1
        ([[0, 1, 1], [1, 1, -1]], [(1 + 2 + 0) / 3, (0.5 + 1 + 0) / 3]),  # not if there is a -1
    ],
)
def test_hinge(labels, expected):
    np.testing.assert_allclose(losses.hinge(labels, SCORES), expected, rtol=1e-6)
    np.testing.assert_allclose(losses.hinge(np.float64(labels), SCORES), expected, rtol=1e-6)


def test_squared_hinge():
    expected = [(0.25 + 4 + 0) / 3, (0.25 + 1 + 0) / 3]
    np.testing.assert_allclose(losses.squared_hinge([[0, 1, 1], [1, 1, 0]], SCORES), expected, rtol=1e-6)


def test_categorical_hinge():
    labels = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    scores = np.float32([[0.5, 1, 0.25], [0, 0.5, 3], [-1, -2, -2]])
    # The right class counts as 0 among the others: in the third row -1 is not larger than 0 by 1.
    np.testing.assert_allclose(losses.categorical_hinge(labels, scores), [0.5, 0, 2], rtol=1e-6)


def test_each_batch_decides_what_0_means_in_a_replayed_step():
    step = Step(lambda batch: losses.hinge(*batch), "hinge")
    for labels in ([[0, 1]], [[-1, 0]], [[1, 1]], [[0, -1]]):
        batch = (np.float32(labels), np.float32([[0.5, 0.5]]))
        np.testing.assert_array_equal(step(batch), losses.hinge(*batch))
    assert len(step.plans()) == 1


@pytest.mark.parametrize(
    ("function", "labels", "scores", "expected"),
    [
        (losses.hinge, [[1, -1]], [[1, -1]], [[-0.5, 0.5]]),  # on the margin, as before it
        (losses.squared_hinge, [[1, -1]], [[1, -1]], [[0, 0]]),
        (losses.categorical_hinge, [[1, 0, 0]], [[1, 0, 0]], [[-1, 1 / 3 + 0, 1 / 3 + 0]]),  # the three zeros share
        (losses.hinge, [[1, 1]], [[1e4, -1e4]], [[0, -0.5]]),
    ],
)
def test_slopes_at_corners_and_far_out(function, labels, scores, expected):
    with Trace() as trace:
        source = Tensor(np.float32(scores), trace)
        (grad,) = gradients(function(np.array(labels), source), [source])
    np.testing.assert_allclose(grad.array, expected, rtol=1e-6)


@pytest.mark.parametrize("function", [losses.hinge, losses.squared_hinge, losses.categorical_hinge])
def test_wrong_shapes(function):
    with pytest.raises(ShapeError, match=rf"`{function.__name__}`.*\(4, 2\).*\(4, 3\)"):
        function(np.zeros((4, 2)), np.zeros((4, 3)))
