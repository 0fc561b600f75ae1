import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("classification")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["classification.png"]
    one, many = found.values()
    assert abs(one["softmax"].right - one["sigmoid"].right) < 0.05
    assert many["softmax"].by_digits[2] < 0.05 and many["softmax"].by_digits[3] == 0
    assert many["sigmoid"].by_digits[2] > many["softmax"].by_digits[2] + 0.1
    assert many["softmax"].best > many["softmax"].right
    assert many["softmax"].threshold < 0.3
    for each in many.values():
        assert each.probabilities.shape == (2_000, 10)
    np.testing.assert_allclose(many["softmax"].probabilities.sum(axis=1), 1, rtol=1e-5)


def test_pictures(ran):
    images = np.ones((10, 28, 28), "float32") * np.arange(1, 11)[:, None, None]  # the digit d is d + 1 all over
    x, y = ran[0].make_pictures(images, np.arange(10), [0, 3], 50, seed=0)
    assert x.shape == (50, 28, 28, 1) and y.shape == (50, 10)
    places = x[..., 0].reshape(50, 2, 14, 2, 14).mean(axis=(2, 4)).reshape(50, 4).astype(int)
    assert set((places > 0).sum(axis=1)) == {0, 3}
    for there, digits in zip(places, y, strict=True):
        assert set(there[there > 0] - 1) == set(np.flatnonzero(digits))


def test_shared_out(ran):
    shared = ran[0].shared_out(np.array([[0, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0]]))
    assert shared.tolist() == [[0.25] * 4, [0, 1, 0, 0], [0.5, 0.5, 0, 0]]


def test_all_right(ran):
    probabilities = np.array([[0.9, 0.2], [0.9, 0.6], [0.1, 0.1]])
    assert ran[0].all_right(probabilities, np.array([[1, 0], [1, 0], [0, 0]]), 0.5) == pytest.approx(2 / 3)
