"""Complex numbers: values, dtypes, gradients as in JAX, and what is refused. Gradients: those of JAX, by hand."""

import numpy as np
import pytest

from minikeras import Variable, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import DTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

Z = np.complex64([3 + 4j, -2j, 0])


def gradient(function, z):
    with Trace() as trace:
        z = Tensor(z, trace)
        (grad,) = gradients(ops.sum(function(z)), [z])
        return np.array(getattr(grad, "array", grad))


def test_numbers_of_python_are_complex64():
    for value in (2j, [2j], np.complex64(2j)):
        assert ops.convert_to_tensor(value).dtype == "complex64"
    assert ops.convert_to_tensor(np.complex128(2j)).dtype == "complex128"
    assert (ops.add(np.ones(2, "float32"), 1j)).tolist() == [1 + 1j, 1 + 1j]
    assert (np.ones(1, "float64") * Variable([2j])).dtype == "complex128"


def test_parts():
    for function, expected in ((ops.real, [3, 0, 0]), (ops.imag, [4, -2, 0]), (ops.abs, [5, 2, 0])):
        assert function(Z).dtype == "float32" and function(Z).tolist() == expected
        assert function(Z.astype("complex128")).dtype == "float64"
    assert ops.angle(Z).tolist() == pytest.approx([np.arctan2(4, 3), -np.pi / 2, 0])
    assert ops.conj(Z).tolist() == ops.conjugate(Z).tolist() == [3 - 4j, 2j, 0]
    assert ops.isreal(Z).tolist() == [False, False, True] and ops.isreal([2]).tolist() == [True]


def test_parts_of_what_is_not_complex():
    x = np.int8([-2, 0, 3])
    for function in (ops.real, ops.conj, ops.abs):
        assert function(x).dtype == "int8" and function(x).tolist() == np.abs(x).tolist() or function is not ops.abs
    assert ops.imag(x).dtype == "int8" and ops.imag(x).tolist() == [0, 0, 0]
    assert ops.angle(x).dtype == "float32" and ops.angle(x).tolist() == pytest.approx([np.pi, 0, 0])


def test_casts_keep_the_real_part():
    assert ops.cast(Z, "float32").tolist() == [3, 0, 0] and ops.cast(Z, "int32").tolist() == [3, 0, 0]
    assert ops.cast(Z, "bool").tolist() == [True, False, False]  # as JAX does
    assert ops.cast(True, "complex64") == 1 and ops.cast(1j, "complex128").dtype == "complex128"
    assert gradient(lambda z: ops.cast(z, "float32") * 2, Z).tolist() == [2, 2, 2]
    assert gradient(lambda z: ops.real(ops.cast(z, "complex64") * 2j), np.ones(2, "float32")).tolist() == [0, 0]


def test_gradients_are_df_dx_minus_i_df_dy():
    assert gradient(ops.real, Z).tolist() == [1, 1, 1]
    assert gradient(ops.imag, Z).tolist() == [-1j, -1j, -1j]
    assert gradient(ops.abs, Z).tolist() == pytest.approx([0.6 - 0.8j, 1j, 0])
    assert gradient(lambda z: ops.real(ops.conj(z) * z), Z).tolist() == [6 - 8j, 4j, 0]
    assert gradient(lambda z: ops.imag(ops.square(z)), Z).tolist() == [8 - 6j, -4, 0]


@pytest.mark.parametrize(
    "function",
    [
        lambda z: z * z / (z + 3j),
        lambda z: z**1.5,
        lambda z: ops.exp(ops.sin(z)) - ops.sqrt(z),
        lambda z: ops.log(z) @ ops.conj(ops.transpose(z)),
        lambda z: ops.abs(z) * z,
        lambda z: ops.angle(z) + 1j,
        lambda z: ops.cumsum(ops.where(ops.real(z) > 1.1, z, 2j)),
    ],
)
def test_gradients_by_differences(function):
    def of_pairs(x):
        return ops.view_as_real(function(ops.view_as_complex(x)))

    check_grads(of_pairs, np.random.default_rng(0).uniform(0.5, 1.5, (2, 3, 2)))


def test_eager_traced_replayed_and_symbolic():
    def step(z):
        result = ops.tanh(z) * 2j + ops.mean(z, axis=0, keepdims=True)
        return [result, ops.abs(result), ops.cast(result, "float16"), ops.cast(result, "bool"), ops.equal(z, z)]

    data = [np.complex64(np.random.default_rng(n).normal(size=(4, 2)) * (1 + 1j)) for n in range(3)]
    eager = run_step_test(step, *data)[0]
    symbols = step(KerasTensor((None, 2), "complex64"))
    assert [item.dtype for item in symbols] == [item.dtype.name for item in eager]
    assert [item.shape for item in symbols] == [(None, 2)] * 5


def test_complex_variables():
    variable = Variable("zeros", (2,), "complex64")
    variable.assign([1j, 2])
    variable.assign_add(Z[:2])
    assert variable.dtype == "complex64" and variable.numpy().tolist() == [3 + 5j, 2 - 2j]
    real = Variable([1.0])
    with pytest.warns(np.exceptions.ComplexWarning):  # as in Keras
        real.assign(np.complex64([2 + 3j]))
    assert real.numpy().tolist() == [2]


def test_pairs():
    assert ops.polar([1.0, 2], [0.0, np.pi]).tolist() == pytest.approx([1, -2], abs=1e-6)
    assert ops.polar(2, 0).dtype == "complex64" and ops.polar(np.float64(2), 0.0).dtype == "complex128"
    assert ops.view_as_complex(np.zeros((0, 2))).shape == (0,) and ops.view_as_real(Z).shape == (3, 2)
    assert KerasTensor((None, 2)).shape == (None, 2) and ops.view_as_complex(KerasTensor((None, 2))).shape == (None,)
    for wrong in ([1.0, 2, 3], 1.0, KerasTensor((2, 3))):
        with pytest.raises(ShapeError, match="last axis of size 2"):
            ops.view_as_complex(wrong)
    for function in (lambda: ops.view_as_complex([1j, 2j]), lambda: ops.polar(1j, 1.0)):
        with pytest.raises(DTypeError, match="complex64"):
            function()
