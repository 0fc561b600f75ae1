"""Overlapping sequences, short-time Fourier transforms, and the way back."""

import numpy as np
import pytest
import scipy.signal

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

X = np.random.default_rng(0).normal(size=(2, 40)).astype("float32")
WINDOW = np.float32([1, 2, 3, 4, 5, 4, 3, 2])


@pytest.mark.parametrize(("length", "stride"), [(3, 2), (3, 3), (2, 5), (1, 1), (12, 1), (13, 1), (30, 3)])
def test_extract_sequences(length, stride):
    x = np.arange(24.0).reshape(2, 12)
    expected = [[row[start : start + length] for start in range(0, 12 - length + 1, stride)] for row in x]
    found = ops.extract_sequences(x, length, stride)
    np.testing.assert_array_equal(found, np.reshape(expected, (2, -1, length)))
    if found.size:
        check_grads(lambda x: ops.square(ops.extract_sequences(x, length, stride)), x)


@pytest.mark.parametrize("window", ["hann", "hamming", None, WINDOW])
@pytest.mark.parametrize("size", [8, 11])
def test_stft(window, size):
    real, imag = ops.stft(X, 8, 3, size, window=window, center=False)
    values = scipy.signal.get_window(window, 8) if isinstance(window, str) else WINDOW
    values = np.ones(size) if window is None else np.pad(values, ((size - 8) // 2, -((8 - size) // 2)))
    frames = [X[:, start : start + size] for start in range(0, 40 - size + 1, 3)]
    expected = np.fft.rfft(np.stack(frames, 1) * values)
    np.testing.assert_allclose(real + 1j * imag, expected, atol=1e-5)


def test_centered_sequences_reflect_the_signal():
    x = np.float32([1, 2, 3, 4, 5, 6])
    padded = np.float32([3, 2, 1, 2, 3, 4, 5, 6, 5, 4])
    centered, plain = ops.stft(x, 4, 1, 4), ops.stft(padded, 4, 1, 4, center=False)
    np.testing.assert_array_equal(centered, plain)


@pytest.mark.parametrize("window", ["hann", "hamming", WINDOW])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [8, 9])
def test_the_inverse_returns_the_signal_up_to_its_borders(window, stride, size):
    options = {"sequence_length": 8, "sequence_stride": stride, "fft_length": size, "window": window}
    found = ops.istft(ops.stft(X, **options), **options)
    assert found.dtype == "float32" and 40 - found.shape[-1] < stride + 1
    np.testing.assert_allclose(found, X[:, : found.shape[-1]], atol=1e-5)
    np.testing.assert_allclose(ops.istft(ops.stft(X, **options), length=30, **options), X[:, :30], atol=1e-5)
    uncentered = ops.istft(ops.stft(X, center=False, **options), center=False, **options)
    known = slice(2, -2)  # the Hann window is 0 at its border, where nothing is known of the signal
    np.testing.assert_allclose(uncentered[:, known], X[:, : uncentered.shape[-1]][:, known], atol=1e-4)


def test_without_a_window_the_inverse_is_scaled_as_in_keras():
    options = {"sequence_length": 6, "sequence_stride": 2, "fft_length": 6, "window": None}
    np.testing.assert_allclose(ops.istft(ops.stft(X, **options), **options), 3 * X, atol=1e-5)


def test_few_sequences_that_are_shorter_than_the_transform():
    """What no sequence covers is 0; Keras agrees on numpy, while on JAX it cuts results such as these short."""
    x = np.arange(1, 13, dtype="float32")
    for size, expected in ((9, [0, 0, 3, 4, 5, 6, 7, 8, 9, 0, 0]), (12, [0, 0, 0, 0, 5, 6, 7, 8, 9, 0, 0, 0])):
        found = ops.istft(ops.stft(x, 6, 2, size, center=False), 6, 2, size, center=False)
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_gradients_reach_the_window():
    x, window = X[0, :12].astype("float64"), np.float64([1, 2, 3, 2])

    def there_and_back(x, window):
        real, imag = ops.stft(x, 4, 2, 4, window=window)
        return ops.istft((real * real, imag), 4, 2, 4, window=window)

    check_grads(there_and_back, x, window)


def test_shapes():
    x = KerasTensor((None, None))
    assert [each.shape for each in ops.stft(x, 6, 2, 8)] == [(None, None, 5)] * 2
    parts = KerasTensor((None, 10, 5)), KerasTensor((None, 10, 5))
    shapes = [ops.istft(parts, 8, 4, 8, **more).shape for more in ({}, {"length": 13}, {"center": False})]
    assert shapes == [(None, 36), (None, 13), (None, 44)]
    free = KerasTensor((2, None, 5))
    assert ops.istft((free, free), 8, 4, 8).shape == (2, None)
    assert ops.istft((np.zeros((2, 3, 5)), np.zeros((2, 3, 5))), 8, 4, 8, length=99).shape == (2, 12)
    assert ops.extract_sequences(x, 3, 1).shape == (None, None, 3)
    assert ops.stft(np.zeros((0, 8)), 4, 2, 4)[0].shape == (0, 5, 3)


PARTS = np.zeros((5, 3)), np.zeros((5, 3))


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ArgumentError, "positive `sequence_stride`. Received: sequence_stride=0", lambda: ops.stft(X, 4, 0, 4)),
        (ArgumentError, "positive `sequence_stride`", lambda: ops.istft(PARTS, 4, -1, 4)),
        (ArgumentError, "positive `sequence_length`", lambda: ops.extract_sequences(X, 0, 1)),
        (ArgumentTypeError, "consist of integers", lambda: ops.extract_sequences(X, 2.5, 1)),
        (ShapeError, "`extract_sequences` expects at least one axis", lambda: ops.extract_sequences(1.0, 1, 1)),
        (ShapeError, "`stft` expects at least one axis", lambda: ops.stft(1.0, 1, 1, 1)),
        (ArgumentError, "sequence_length=5, fft_length=4", lambda: ops.stft(KerasTensor((None, 9)), 5, 1, 4)),
        (ArgumentError, "'hann' or 'hamming'.*Received: window='kaiser'", lambda: ops.stft(X, 4, 2, 4, "kaiser")),
        (ShapeError, r"shape \(4,\), as long as a sequence", lambda: ops.stft(X, 4, 2, 8, WINDOW)),
        (ArgumentTypeError, "floating-point dtype. Received: int32", lambda: ops.stft([1, 2, 3], 2, 1, 2)),
        (ShapeError, "reflects 4 elements at either end", lambda: ops.stft(X[:, :4], 8, 1, 8)),
        (ShapeError, "at least fft_length=8 samples", lambda: ops.stft(X[:, :7], 8, 1, 8, center=False)),
        (ShapeError, "with 2 axes at least", lambda: ops.istft((X[0], X[0]), 4, 2, 4)),
        (ArgumentError, "non-negative `length`. Received: length=-1", lambda: ops.istft(PARTS, 4, 2, 4, length=-1)),
    ],
)
def test_refused(error, message, call):
    with pytest.raises(error, match=message):
        call()
