"""Structural similarity: by its formula."""

import numpy as np
import pytest

from minikeras import Input, Model, ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

RNG = np.random.default_rng(0)
FIRST, SECOND = (RNG.uniform(0, 1, (2, 13, 12, 3)).astype("float32") for _ in range(2))
ssim = ops.image.ssim


def by_the_formula(x, y, size, sigma, c1, c2):
    window = np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * sigma**2))
    window = np.outer(window, window) / window.sum() ** 2
    found = []
    for row in range(x.shape[0] - size + 1):
        for column in range(x.shape[1] - size + 1):
            a, b = (each[row : row + size, column : column + size] for each in (x, y))
            m1, m2 = (window * a).sum(), (window * b).sum()
            s1, s2, s12 = (
                (window * a * a).sum() - m1**2,
                (window * b * b).sum() - m2**2,
                (window * a * b).sum() - m1 * m2,
            )
            found.append((2 * m1 * m2 + c1) * (2 * s12 + c2) / ((m1**2 + m2**2 + c1) * (s1 + s2 + c2)))
    return np.mean(found)


def test_the_formula():
    expected = np.mean([by_the_formula(FIRST[0, ..., c], SECOND[0, ..., c], 11, 1.5, 1e-4, 9e-4) for c in range(3)])
    assert ssim(FIRST, SECOND)[0] == pytest.approx(expected, rel=1e-4)
    assert float(ssim(FIRST[0], SECOND[0])) == pytest.approx(expected, rel=1e-4)
    other = ssim(FIRST[..., :1], SECOND[..., :1], 2.0, 4, 0.8, 0.1, 0.3)
    expected = by_the_formula(FIRST[1, ..., 0], SECOND[1, ..., 0], 4, 0.8, 0.04, 0.36)
    assert other[1] == pytest.approx(expected, rel=1e-4)


def test_equal_images_and_data_formats():
    assert ssim(FIRST, FIRST).tolist() == pytest.approx([1, 1])
    first = ssim(FIRST.transpose(0, 3, 1, 2), SECOND.transpose(0, 3, 1, 2), data_format="channels_first")
    np.testing.assert_allclose(first, ssim(FIRST, SECOND), rtol=1e-5)
    assert ssim(np.uint8(255 * FIRST), np.uint8(255 * FIRST), 255).dtype == "uint8"
    assert ssim(FIRST[:0], SECOND[:0]).shape == (0,)


@pytest.mark.parametrize("sizes", [(None, None, None, 3), (2, None, None, 3), (None, 13, None, 3)])
def test_images_of_free_sizes(sizes):
    x = Input(batch_shape=sizes)
    for first, second in ((x, SECOND), (SECOND, x), (x, KerasTensor(SECOND.shape)), (x, KerasTensor(sizes))):
        assert ssim(first, second).shape in ((2,), (None,))
    model = Model(x, ssim(x, SECOND))
    np.testing.assert_array_equal(model(FIRST), ssim(FIRST, SECOND))
    with pytest.raises(ShapeError, match="at least filter_size=11 rows"):
        ssim(x, SECOND[:, :, :10])


def test_refused():
    with pytest.raises(ShapeError, match="images of the same shape"):
        ssim(FIRST, SECOND[0])
    with pytest.raises(ShapeError, match="at least filter_size=13 rows and columns"):
        ssim(FIRST, SECOND, filter_size=13)
    with pytest.raises(ArgumentError, match="filter_size"):
        ssim(FIRST, SECOND, filter_size=0)
    for name in ("filter_sigma", "max_val", "k1", "k2"):
        with pytest.raises(ArgumentError, match=f"ssim: `{name}` must be a finite number"):
            ssim(FIRST, SECOND, **{name: "1"})
