"""Fourier transforms next to numpy's, lengths, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.spectra import resized
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
RE, IM = RNG.normal(size=(2, 3, 4, 5))


def complex_of(pair):
    real, imag = pair
    return real + 1j * imag


@pytest.mark.parametrize("name", ["fft", "fft2", "ifft2"])
def test_complex_transforms(name):
    found = complex_of(getattr(ops, name)((RE, IM)))
    np.testing.assert_allclose(found, getattr(np.fft, name)(RE + 1j * IM), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("length", [None, 1, 2, 4, 5, 8, 9])
def test_real_transforms(length):
    np.testing.assert_allclose(complex_of(ops.rfft(RE, length)), np.fft.rfft(RE, length), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ops.irfft((RE, IM), length), np.fft.irfft(RE + 1j * IM, length), rtol=1e-12, atol=1e-12)
    check_grads(lambda x: ops.rfft(x, length), RE[0, :2], order=1)
    check_grads(lambda x, y: ops.irfft((x, y), length), RE[0, :2], IM[0, :2], order=1)


def test_inverse():
    for size in (6, 7):
        x = RNG.normal(size=(2, size)).astype("float32")
        np.testing.assert_allclose(ops.irfft(ops.rfft(x), size), x, atol=1e-6)
    real, imag = ops.ifft2(ops.fft2((RE, IM)))
    np.testing.assert_allclose([real, imag], [RE, IM], atol=1e-12)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_types(dtype):
    x = RE.astype(dtype)
    results = [*ops.fft((x, x)), *ops.ifft2((x, x)), *ops.rfft(x), ops.irfft((x, x))]
    assert {str(each.dtype) for each in results} == {dtype}
    np.testing.assert_allclose(ops.rfft(x)[0], np.fft.rfft(x).real, rtol=0.01, atol=0.01)


def test_integers_are_real():
    assert [part.tolist() for part in ops.rfft([1, 0, 2, 0])] == [[3, -1, 3], [0, 0, 0]]
    with pytest.raises(ArgumentError, match="`fft` expects parts of a floating-point dtype. Received: int32 and int32"):
        ops.fft(([1, 2], [3, 4]))


def test_nothing_to_transform():
    assert ops.fft((np.zeros((2, 0)), np.zeros((2, 0))))[0].shape == (2, 0)
    assert ops.fft2((np.zeros((0, 3)), np.zeros((0, 3))))[0].shape == (0, 3)
    assert ops.rfft(np.zeros((0, 4)))[1].shape == (0, 3)
    assert ops.irfft((np.ones(1), np.zeros(1))).shape == (0,)


def test_free_sizes():
    x = KerasTensor((None, None))
    assert [each.shape for each in ops.fft((x, x))] == [(None, None)] * 2
    assert ops.rfft(x)[0].shape == (None, None) and ops.rfft(x, 6)[1].shape == (None, 4)
    assert ops.irfft((x, x)).shape == (None, None) and ops.irfft((x, x), 7).shape == (None, 7)


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ArgumentError, "as a pair of a real and an imaginary part", lambda: ops.fft(RE)),
        (ArgumentError, "`irfft` expects `x` as a pair", lambda: ops.irfft((RE, IM, IM))),
        (ShapeError, r"Received: shapes \(4, 5\) and \(2, 5\)", lambda: ops.fft((RE[0], IM[0, :2]))),
        (ShapeError, "with 2 axes at least", lambda: ops.fft2((RE[0, 0], IM[0, 0]))),
        (ShapeError, "with 1 axes at least", lambda: ops.fft((1.0, 2.0))),
        (ShapeError, "`rfft` expects at least one axis", lambda: ops.rfft(1.0)),
        (ArgumentError, "`rfft` expects a positive `fft_length`. Received: fft_length=0", lambda: ops.rfft(RE, 0)),
        (ArgumentError, "`irfft` expects a positive `fft_length`", lambda: ops.irfft((RE, IM), -1)),
    ],
)
def test_refused(error, message, call):
    with pytest.raises(error, match=message):
        call()


def test_resized():
    x = np.float32([[1, 2, 3]])
    assert [resized(x, size).tolist() for size in (2, 3, 4)] == [[[1, 2]], [[1, 2, 3]], [[1, 2, 3, 0]]]
