import numpy as np
import pytest

from minikeras.errors import ShapeError
from minikeras.layers.attention.masks import causal_mask, check_fits, padding_mask, window_mask, with_heads


def test_causal():
    assert np.array_equal(causal_mask(3, 5), np.tri(3, 5, dtype=bool))


def test_window():
    expected = np.abs(np.arange(4)[:, None] - np.arange(5)) < 2
    assert np.array_equal(window_mask(4, 5, 2), expected)


def test_padding():
    mask = np.arange(24).reshape(2, 3, 4) % 3 > 0
    assert padding_mask(mask[..., 0], (1,), True).shape == (2, 1, 3, 1)
    assert padding_mask(mask[..., 0], (1,), False).shape == (2, 1, 1, 3)
    # Attention over axis 2 of (batch, 3, 4, features): scores (batch, 3, heads, 4, keys).
    assert np.array_equal(padding_mask(mask, (2,), True), mask[:, :, None, :, None])
    assert np.array_equal(padding_mask(mask, (1,), False), np.swapaxes(mask, 1, 2)[:, :, None, None])
    assert padding_mask(mask, (1, 2), False).shape == (2, 1, 1, 1, 3, 4)


def test_heads():
    mask = np.ones((2, 3, 4), "int32")
    assert with_heads(mask, 4, 1).shape == (2, 1, 3, 4) and with_heads(mask, 4, 1).dtype == bool
    assert with_heads(mask[0], 4, 1).shape == (1, 1, 3, 4)
    assert with_heads(np.ones((2, 5, 3, 4)), 4, 1).shape == (2, 5, 3, 4)
    assert with_heads(np.ones((2, 3, 4, 3, 4)), 6, 2).shape == (2, 1, 3, 4, 3, 4)


def test_what_fits():
    check_fits("A", "mask", np.ones((1, 4)), (None, 4), "(batch, keys)")
    for shape in ((2, 3), (5, 2, 4), (3, 4)):
        with pytest.raises(ShapeError, match=r"A: `mask` must broadcast to \(batch, keys\) = \(2, 4\). Received"):
            check_fits("A", "mask", np.ones(shape), (2, 4), "(batch, keys)")
