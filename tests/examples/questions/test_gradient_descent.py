import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("gradient_descent")


def test_what_its_docstring_says(ran):
    script, found, _, files = ran
    assert files == ["gradient_descent_batches.png", "gradient_descent_paths.gif", "gradient_descent_paths.png"]
    left = {name: np.linalg.norm(path[-1] - script.BOTTOM) for name, path in found.paths.items()}
    fast = ("momentum", "Nesterov", "Adam")
    assert max(left[name] for name in fast) < min(left["gradient descent"], left["RMSprop"])
    batch, mini, single = found.curves.values()
    assert batch.losses[-1] > mini.losses[-1] + 0.3
    assert single.losses[-1] < mini.losses[-1]
    assert single.seconds > 2 * mini.seconds
    for curve in found.curves.values():
        assert curve.passes[0] == 0 and curve.passes[-1] == pytest.approx(3, abs=0.06)


def test_the_valley(ran):
    script = ran[0]
    assert script.height(*script.BOTTOM) == 0
    assert script.height(0.0, 1.0) == 21


def test_plain_steps_are_those_of_the_formula(ran):
    from minikeras.optimizers import SGD

    script = ran[0]
    x, y = script.START
    path = script.descend(SGD(0.001), 2)
    for point in path:
        np.testing.assert_allclose(point, (x, y), rtol=1e-5)
        slopes = (-2 * (1 - x) - 80 * x * (y - x**2), 40 * (y - x**2))
        x, y = x - 0.001 * slopes[0], y - 0.001 * slopes[1]


def test_steps_that_are_too_large_end(ran):
    from minikeras.optimizers import SGD

    with np.errstate(over="ignore", invalid="ignore"):
        path = ran[0].descend(SGD(1.0), 100)
    assert len(path) < 100 and np.isnan(path[-1]).all()
