"""STFTSpectrogram: beside numpy's transform; compat/ compares the numbers with Keras's."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import run_layer_test

SIGNAL = np.random.default_rng(0).normal(size=(2, 32, 3)).astype("float32")


def layer(**options):
    return layers.STFTSpectrogram(**{"frame_length": 8, "frame_step": 4, "window": None, "scaling": None, **options})


def transformed():
    """The transforms of all windows, (batch, time, channels, frequencies)."""
    windows = np.lib.stride_tricks.sliding_window_view(SIGNAL, 8, axis=1)[:, ::4]
    return np.fft.rfft(windows)


def test_in_full():
    run_layer_test(lambda: layer(mode="real"), (2, 16, 1), (2, 3, 5), order=1)


@pytest.mark.parametrize(
    ("mode", "function"),
    [("real", np.real), ("imag", np.imag), ("magnitude", np.abs), ("log", lambda x: np.log(np.abs(x)))],
)
def test_modes(mode, function):
    expected = function(transformed()).reshape(2, 7, 15)
    np.testing.assert_allclose(layer(mode=mode)(SIGNAL), expected, rtol=2e-3, atol=2e-3)  # float32, small magnitudes


def test_both_parts_and_layouts():
    expected = np.concatenate([transformed().real, transformed().imag], -1)
    found = layer(mode="stft", expand_dims=True)(SIGNAL)
    np.testing.assert_allclose(found, expected.swapaxes(2, 3), atol=1e-4)
    first = layer(mode="stft", expand_dims=True, data_format="channels_first")(SIGNAL.swapaxes(1, 2))
    np.testing.assert_allclose(first, expected.swapaxes(1, 2), atol=1e-4)


@pytest.mark.parametrize("mode", ["log", "psd", "stft", "angle"])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("expand_dims", [False, True])
def test_shapes(mode, padding, data_format, expand_dims):
    own = layer(mode=mode, padding=padding, data_format=data_format, expand_dims=expand_dims)
    found = own(SIGNAL).shape if data_format == "channels_last" else own(SIGNAL.swapaxes(1, 2)).shape
    shape = (2, 32, 3) if data_format == "channels_last" else (2, 3, 32)
    assert found == own.compute_output_shape(shape) == own(KerasTensor(shape)).shape


def test_weights():
    own = layers.STFTSpectrogram(mode="imag", frame_length=6)
    own.build((None, 32, 1))
    assert [(weight.name, weight.shape) for weight in own.weights] == [("imag_kernel", (6, 1, 5))]  # transforms of 8


def test_refused():
    with pytest.raises(UnknownNameError, match="mode of STFTSpectrogram: 'lag'"):
        layer(mode="lag")
    with pytest.raises(ArgumentError, match="must not exceed frame_length=8"):
        layer(frame_step=9)
    with pytest.raises(ArgumentTypeError, match="expected signals of float"):
        layer()(np.zeros((1, 32, 1), "int32"))
    with pytest.warns(UserWarning, match="power of two"):
        layer(fft_length=12)
