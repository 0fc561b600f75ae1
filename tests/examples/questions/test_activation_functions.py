import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("activation_functions")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["activation_functions.png"]
    assert found["sigmoid"].arrives < 0.01
    assert all(found[name].arrives > 0.5 for name in ("tanh", "relu"))
    assert max(found["linear"].accuracy, found["sigmoid"].accuracy) < 0.75
    assert min(found["relu"].accuracy, found["gelu"].accuracy) > 0.9
    assert found["relu"].accuracy > found["tanh"].accuracy


def test_slopes(ran):
    script = ran[0]
    z = np.array([-1.0, 2.0])
    assert script.slope("linear", z).tolist() == [1, 1]
    assert script.slope("relu", z).tolist() == [0, 1]
    np.testing.assert_allclose(script.slope("sigmoid", np.zeros(1)), 0.25)
    np.testing.assert_allclose(script.slope("tanh", z), 1 - np.tanh(z) ** 2)
