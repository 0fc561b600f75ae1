import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("regression")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["regression.png"]
    constant, quantiles = found["mean, constant width"], found["quantiles"]
    assert 0.86 < constant.mean() < 0.94 and 0.86 < quantiles.mean() < 0.94
    assert constant[:4].min() > 0.98 and constant[-1] < 0.8
    assert quantiles.min() > 0.8


def test_the_pinball_loss_is_least_for_the_quantile(ran):
    y = np.arange(101.0)[:, None]
    losses = [np.mean(np.asarray(ran[0].pinball_loss(y, np.full((101, 3), each)))) for each in (4.0, 5.0, 6.0)]
    assert len(set(losses)) == 3
    error = 3.0  # too low by 3: the mean of 0.05 * 3, 0.5 * 3, 0.95 * 3
    found = np.asarray(ran[0].pinball_loss(np.full((1, 1), error), np.zeros((1, 3))))
    np.testing.assert_allclose(found, [1.5], rtol=1e-6)
    found = np.asarray(ran[0].pinball_loss(np.zeros((1, 1)), np.array([[2.0, 0.0, 0.0]])))
    np.testing.assert_allclose(found, [0.95 * 2 / 3], rtol=1e-6)


def test_coverage(ran):
    script = ran[0]
    x, y = np.array([[0.1], [0.1], [0.99]]), np.array([[0.0], [5.0], [0.0]])
    band = script.Band("", "", np.full(3, -1.0), np.zeros(3), np.ones(3))
    x = np.concatenate([x, (np.arange(script.BINS)[:, None] + 0.5) / script.BINS])
    y = np.concatenate([y, np.zeros((script.BINS, 1))])
    band = script.Band("", "", np.full(len(x), -1.0), np.zeros(len(x)), np.ones(len(x)))
    np.testing.assert_allclose(script.covered(band, x, y), [2 / 3, *[1.0] * (script.BINS - 1)])
