import numpy as np
import pytest
import scipy.signal

from minikeras import config, grad, ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.windows import _ALIASES, _COSINE_SUMS, _OTHERS, check_window, window
from tests.helpers import check_grads, run_step_test

NAMES = [*_COSINE_SUMS, *_OTHERS]
HALF = np.sqrt(0.5)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("barthann", [0, 0.5, 1, 0.5, 0]),
        ("bartlett", [0, 0.5, 1, 0.5, 0]),
        ("blackman", [0, 0.34, 1, 0.34, 0]),
        ("blackmanharris", [0.00006, 0.21747, 1, 0.21747, 0.00006]),
        ("bohman", [0, 1 / np.pi, 1, 1 / np.pi, 0]),
        ("boxcar", [1, 1, 1, 1, 1]),
        ("cosine", np.sin(np.pi * np.array([0.1, 0.3, 0.5, 0.7, 0.9]))),
        ("exponential", np.exp([-2, -1, 0, -1, -2])),
        ("hamming", [0.08, 0.54, 1, 0.54, 0.08]),
        ("hann", [0, 0.5, 1, 0.5, 0]),
        ("lanczos", [0, 2 / np.pi, 1, 2 / np.pi, 0]),
        ("nuttall", [0.0003628, 0.2269824, 1, 0.2269824, 0.0003628]),
        ("parzen", [0.016, 0.424, 1, 0.424, 0.016]),
        ("triangle", [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]),
        ("tukey", [0, 1, 1, 1, 0]),
    ],
)
def test_values(name, values):
    np.testing.assert_allclose(window(name, 5, periodic=False), values, atol=1e-15)
    np.testing.assert_allclose(window(name, 4, periodic=True), values[:4], atol=1e-15)


def test_an_even_triangle():
    np.testing.assert_allclose(window("triangle", 4, periodic=False), [0.25, 0.75, 0.75, 0.25])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [2, 3, 8, 25])
def test_every_window_is_symmetric_and_at_most_1(name, size):
    values = window(name, size, periodic=False)
    assert values.shape == (size,) and values.dtype == "float64"
    np.testing.assert_allclose(values, values[::-1], atol=1e-15)
    # The coefficients of flattop add up to 1.000000003.
    assert values.max() <= 1 + 4e-9 and (size % 2 == 0 or abs(values[size // 2] - 1) < 4e-9)
    np.testing.assert_array_equal(window(name, size), window(name, size + 1, periodic=False)[:-1])


@pytest.mark.parametrize("name", NAMES)
def test_a_single_value_is_1(name):
    assert window(name, 1).tolist() == window(name, 1, periodic=False).tolist() == [1.0]


@pytest.mark.parametrize("alias", _ALIASES)
def test_aliases(alias):
    np.testing.assert_array_equal(window(alias, 6), window(_ALIASES[alias], 6))


def test_refused():
    with pytest.raises(UnknownNameError, match="Unknown window: 'hanning'. Did you mean 'hann'"):
        window("hanning", 5)
    with pytest.raises(ArgumentError, match="'kaiser' has parameters"):
        check_window("kaiser")
    with pytest.raises(ArgumentError, match="size=0"):
        window("hann", 0)


@pytest.mark.parametrize("name", ["bartlett", "blackman", "hamming", "hanning"])
def test_ops(name):
    for size in (0, 1, 2, 5, np.int64(6), np.array(7, "int32"), 4.0):
        found = getattr(ops, name)(size)
        assert found.dtype == "float32" and found.shape == (int(size),)
        np.testing.assert_allclose(found, getattr(np, name)(int(size)), atol=1e-7)
    if name != "hanning":
        np.testing.assert_allclose(getattr(ops, name)(9), window(name, 9, periodic=False), atol=1e-7)


def test_kaiser():
    np.testing.assert_allclose(ops.kaiser(9, 8.6), scipy.signal.windows.kaiser(9, 8.6), atol=1e-7)
    assert ops.kaiser(4, np.float32(0)).tolist() == [1] * 4 and ops.kaiser(0, 1.0).shape == (0,)


def test_the_parameter_of_kaiser_has_a_gradient():
    np.testing.assert_allclose(grad(lambda beta: ops.sum(ops.kaiser(5, beta)))(3.0), -0.53340054, rtol=1e-6)  # Keras
    results = run_step_test(lambda beta: ops.kaiser(5, beta), np.float32(1), np.float32(600))
    np.testing.assert_allclose(results, [np.kaiser(5, 1), np.kaiser(5, 600)], atol=1e-7)
    several = np.array([1.0, 2.0, 3.0, 4.0, 5.0], "float32")
    expected = [0.7898484, 0.8347615, 1.0, 0.63343185, 0.0367109]  # of Keras
    np.testing.assert_allclose(ops.kaiser(5, several), expected, rtol=1e-6)
    config.set_floatx("float64")  # float32 is too coarse for differences
    check_grads(lambda beta: ops.kaiser(6, beta), 3.0)
    check_grads(lambda beta: ops.kaiser(3, beta), [0.5, 1.0, 2.0])


def test_bad_parameter_of_kaiser():
    for beta in (1j, "3", None, KerasTensor(())):
        with pytest.raises(ArgumentTypeError):
            ops.kaiser(5, beta)
    with pytest.raises(ShapeError, match="one `beta`, or 5"):
        ops.kaiser(5, [1.0, 2.0])


def test_no_number_of_values():
    for size in (-1, 2.5, float("inf"), [3], [3, 4], np.array([3])):
        with pytest.raises(ArgumentError, match="`hamming` expects a non-negative number of values"):
            ops.hamming(size)
    with pytest.raises(ArgumentTypeError, match="`kaiser` expects the number of values as a number"):
        ops.kaiser(KerasTensor((), "int32"), 2.0)
