import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("backpropagation")


def test_what_its_docstring_says(ran):
    script, found, printed, files = ran
    assert files == ["backpropagation.png", "backpropagation_steps.png"]
    assert "gives the same, within" in printed
    for costs in found.costs:
        assert costs.passes == (costs.parameters + 1, 2)
    assert found.costs[1].parameters == 13
    best = int(np.argmin(found.errors.estimator))
    assert 1e-9 < script.STEPS[best] < 1e-6
    assert 1e-9 < found.errors.estimator[best] < 1e-6
    assert found.errors.backpropagation < 1e-15
    assert found.errors.estimator[0] > 1e-2 and found.errors.estimator[-1] > 1e-2


def test_steps_on_a_network_worked_by_hand(ran):
    """Weights of 0: all activations are 1/2, and nothing comes back through the weights."""
    script = ran[0]
    w, b = [np.zeros((3, 2)), np.zeros((1, 3))], [np.zeros((3, 1)), np.zeros((1, 1))]
    steps = script.step_by_step(np.array([[1.0, 2.0]]), np.array([[1.0]]), w, b)
    assert steps.a1.ravel().tolist() == [0.5] * 3 and steps.a2.item() == 0.5
    assert steps.cost == 0.25
    assert steps.d_a2.item() == -1 and steps.d_z2.item() == -0.25
    assert steps.d_w1.tolist() == [[-0.125] * 3]
    assert not steps.d_a1.any() and not steps.d_w0.any()
    w[1][:] = 2  # the cost now reaches the hidden layer: a2 = sigmoid(3)
    steps = script.step_by_step(np.array([[1.0, 2.0]]), np.array([[1.0]]), w, b)
    a2 = 1 / (1 + np.exp(-3))
    d_z2 = 2 * (a2 - 1) * a2 * (1 - a2)
    np.testing.assert_allclose(steps.d_z1, np.full((3, 1), 2 * d_z2 / 4))
    np.testing.assert_allclose(steps.d_w0, 2 * d_z2 / 4 * np.array([[1, 2]] * 3))
