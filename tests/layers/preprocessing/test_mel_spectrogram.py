"""MelSpectrogram: bands, decibels, shapes; compat/ compares the numbers with Keras's."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

RATE = 8000


def sound(frequency, samples=8000):
    return np.sin(2 * np.pi * frequency * np.arange(samples) / RATE).astype("float32")


def layer(**options):
    return layers.MelSpectrogram(fft_length=512, sequence_stride=128, sampling_rate=RATE, num_mel_bins=20, **options)


def test_a_higher_tone_is_in_a_higher_band():
    spectra = layer()(np.stack([sound(200), sound(2000)]))
    loudest = spectra.mean(-1).argmax(-1)
    # 20 bands between 20 and 4000 Hz: 1127 ln(1 + f / 700) of the centers
    mels = lambda f: 1127 * np.log(1 + f / 700)  # noqa: E731
    centers = np.linspace(mels(20), mels(4000), 22)[1:-1]
    assert loudest.tolist() == [np.abs(centers - mels(f)).argmin() for f in (200, 2000)]


def test_decibels():
    power = layer(power_to_db=False)(sound(500))
    decibels = layer(top_db=60.0)(sound(500))
    expected = 10 * np.log10(np.maximum(power, 1e-10))
    np.testing.assert_allclose(decibels, np.maximum(expected, expected.max() - 60), rtol=1e-4, atol=1e-4)


def test_shapes():
    for shape in ((8000,), (2, 8000), (2, 8001)):
        own = layer()
        found = own(np.zeros(shape, "float32")).shape
        assert found == own.compute_output_shape(shape) == own(KerasTensor(shape)).shape
    assert layer()(KerasTensor((None, 8000))).shape == (None, 20, 63)


def test_bands_are_triangles():
    matrix = layer().linear_to_mel_weight_matrix(5, 257, RATE, 100.0, 3000.0)
    assert matrix.shape == (257, 5) and matrix.dtype == np.float32 and not matrix[0].any()
    assert (matrix >= 0).all() and (matrix <= 1).all() and (matrix.max(0) > 0.8).all()


def test_refused():
    with pytest.raises(ArgumentError, match="`fft_length` must not be less than `sequence_length`"):
        layers.MelSpectrogram(fft_length=64, sequence_length=100)
    with pytest.raises(ShapeError, match="expected sound of shape"):
        layer()(np.zeros((1, 2, 8000), "float32"))
    with pytest.raises(ShapeError, match="more than"):
        layer()(np.zeros((1, 100), "float32"))
