import json

import numpy as np
import pytest

from minikeras import initializers
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, UnknownNameError
from minikeras.initializers import STFT

S = np.sin(np.pi / 4)


def test_both_sides():
    real = STFT("real", window=None)((4, 1, 3))
    assert real.dtype == "float32" and real.shape == (4, 1, 3)
    np.testing.assert_allclose(real[:, 0], [[1, 1, 1], [1, 0, -1], [1, -1, 1], [1, 0, -1]], atol=1e-6)
    imag = STFT("imag", window=None)((4, 1, 3))
    np.testing.assert_allclose(imag[:, 0], [[0, 0, 0], [0, -1, 0], [0, 0, 0], [0, 1, 0]], atol=1e-6)


def test_it_is_the_spectrum():
    x = np.random.default_rng(1).normal(size=8)
    parts = [np.tensordot(x, STFT(side, window=None)((8, 1, 5), "float64")[:, 0], 1) for side in ("real", "imag")]
    np.testing.assert_allclose(parts[0] + 1j * parts[1], np.fft.rfft(x), atol=1e-12)


@pytest.mark.parametrize(
    ("scaling", "divisor"), [(None, 1), ("density", np.sqrt(0.25 + 1 + 0.25)), ("spectrum", 0.5 + 1 + 0.5)]
)
def test_scaled_windows(scaling, divisor):
    expected = np.array([0, 0.5, 1, 0.5, 0]) / divisor
    kernel = STFT(scaling=scaling)((5, 1, 5), "float64")
    np.testing.assert_allclose(kernel[:, 0, 0], expected, atol=1e-15)
    for window in (np.array([0, 0.5, 1, 0.5, 0], "float32"), [0, 0.5, 1, 0.5, 0]):
        np.testing.assert_array_equal(STFT(window=window, scaling=scaling)((5, 1, 5), "float64"), kernel)


def test_periodic():
    np.testing.assert_allclose(STFT(periodic=True, scaling=None)((4, 1, 3))[:, 0, 0], [0, 0.5, 1, 0.5], atol=1e-7)


def test_a_window_of_values_goes_through_the_config():
    initializer = STFT(window=np.array([1.0, 2.0, 1.0], "float32"))
    config = json.loads(json.dumps(initializers.serialize(initializer)))
    for copy in (initializers.deserialize(config), initializer.clone()):
        np.testing.assert_array_equal(copy((3, 1, 3)), initializer((3, 1, 3)))


def test_bad_arguments():
    with pytest.raises(UnknownNameError, match="Unknown side of `STFT`: 'reel'. Did you mean 'real'"):
        STFT("reel")
    with pytest.raises(UnknownNameError, match="Unknown scaling of `STFT`: 'densty'. Did you mean 'density'"):
        STFT(scaling="densty")
    with pytest.raises(UnknownNameError, match="Unknown window: 'hamm1ng'. Did you mean 'hamming'"):
        STFT(window="hamm1ng")
    with pytest.raises(ArgumentTypeError, match="`periodic` must be True or False. Received: periodic=1"):
        STFT(periodic=1)
    for window in (3, [[1.0]], ["a"], ("kaiser", 2.0)):
        with pytest.raises(ArgumentError, match="`STFT` expects `window`"):
            STFT(window=window)


@pytest.mark.parametrize("shape", [(8,), 8, (8, 1), (8, 2, 5), (8, 1, 1), (8, 1, 0)])
def test_bad_shapes(shape):
    with pytest.raises(ShapeError, match=r"`STFT` makes kernels of shape \(frame length, 1, frequencies\)"):
        STFT()(shape)


def test_a_window_of_another_length():
    with pytest.raises(ShapeError, match="window of 3 values; the kernel has frames of length 4"):
        STFT(window=[1, 2, 1])((4, 1, 3))


def test_no_kernel_of_integers():
    with pytest.raises(ArgumentError, match="'int32'"):
        STFT()((4, 1, 3), "int32")
