import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("loss_functions")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["loss_functions_classification.png", "loss_functions_regression.png"]
    assert found.accuracies["cross-entropy"][1] > 0.8
    assert found.accuracies["squared error"][3] < 0.5
    assert found.lines["absolute error"][0] == pytest.approx(2, abs=0.2)
    slopes = [found.lines[name][0] for name in ("squared error", "Huber", "absolute error")]
    assert slopes == sorted(slopes) and slopes[0] < 1


def test_gradients(ran):
    script = ran[0]
    z = np.array([-8.0, 0.0, 2.0])
    p = 1 / (1 + np.exp(-z))
    of = script.CLASSIFICATION
    np.testing.assert_allclose(script.gradient(of["cross-entropy"], np.ones(3), z, True), p - 1, rtol=1e-5)
    expected = 2 * (p - 1) * p * (1 - p)
    np.testing.assert_allclose(script.gradient(of["squared error"], np.ones(3), z, True), expected, rtol=1e-5)
    error = np.array([-2.0, 0.25, 3.0])
    of = script.REGRESSION
    assert script.gradient(of["squared error"], np.zeros(3), error, False).tolist() == [-4, 0.5, 6]
    assert script.gradient(of["absolute error"], np.zeros(3), error, False).tolist() == [-1, 1, 1]
    assert script.gradient(of["Huber"], np.zeros(3), error, False).tolist() == [-0.5, 0.25, 0.5]
