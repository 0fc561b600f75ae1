"""The axes of einsum equations, next to numpy's broadcasting and einsum."""

import numpy as np
import pytest

from minikeras.layers.core.quantization.einsum_axes import EinsumAxes

SIZES = dict(zip("abcdefghij", range(2, 12), strict=True))
EQUATIONS = [
    ("ab", "bc", "ac", None, 2),
    ("ab", "cb", "ac", None, 2),
    ("abc", "cde", "abde", None, 3),
    ("abc", "edc", "abde", None, 3),
    ("abcd", "cde", "abe", None, 4),
    ("abcd", "dec", "abe", None, 4),
    ("abc", "bcd", "abd", None, 3),
    ("abcd", "bcde", "ae", None, 4),
    ("c", "cd", "d", "left", 3),
    ("ab", "bc", "ac", "right", 4),
]


def shapes(axes):
    sizes = {letter: SIZES.get(letter, 2) for letter in axes._inputs + axes._kernel}
    return [tuple(sizes[letter] for letter in letters) for letters in (axes._inputs, axes._kernel, axes._outputs)]


@pytest.mark.parametrize("equation", EQUATIONS)
def test_scales(equation):
    """Dividing the outputs by scales equals dividing inputs and kernel."""
    axes, random = EinsumAxes(*equation[:4], rank=equation[4]), np.random.default_rng(0)
    inputs_shape, kernel_shape, _ = shapes(axes)
    inputs, kernel = random.normal(size=inputs_shape), random.normal(size=kernel_shape)
    scale = random.uniform(1, 2, [1 if axis in axes.summed_of_kernel else n for axis, n in enumerate(kernel_shape)])
    factor = random.uniform(1, 2, [1 if axis in axes.summed_of_inputs else n for axis, n in enumerate(inputs_shape)])
    letters = f"{axes._inputs},{axes._kernel}->{axes._outputs}"
    expected = np.einsum(letters, inputs / factor, kernel / scale)
    of_outputs = axes.to_outputs(scale, "kernel")
    received = np.einsum(letters, inputs, kernel) / of_outputs / axes.to_outputs(factor, "inputs")
    np.testing.assert_allclose(received, expected)
    np.testing.assert_array_equal(axes.to_kernel(of_outputs), scale)


@pytest.mark.parametrize("equation", EQUATIONS)
def test_matrices(equation):
    axes, random = EinsumAxes(*equation[:4], rank=equation[4]), np.random.default_rng(0)
    inputs_shape, kernel_shape, outputs_shape = shapes(axes)
    inputs, kernel = random.normal(size=inputs_shape), random.normal(size=kernel_shape)
    matrix = axes.as_matrix(kernel)
    assert matrix.shape == axes.matrix_shape(kernel_shape)
    np.testing.assert_array_equal(axes.from_matrix(matrix, kernel_shape), kernel)
    if set(axes._inputs) & set(axes._kernel) <= {axes._kernel[axis] for axis in axes.summed_of_kernel}:
        product = axes.inputs_as_matrix(inputs) @ matrix
        expected = np.einsum(f"{axes._inputs},{axes._kernel}->{axes._outputs}", inputs, kernel)
        assert np.sort(product, axis=None) == pytest.approx(np.sort(expected, axis=None))
    upstream = random.normal(size=outputs_shape)
    assert np.einsum(axes.equation_of_gradient, upstream, kernel).shape == inputs_shape


def test_by_hand():
    axes = EinsumAxes("ab", "bc", "ac", "right", 4)
    assert (axes.summed_of_inputs, axes.summed_of_kernel) == ((1,), (0,))
    assert axes.to_outputs(np.ones((1, 4)), "kernel").shape == (1, 4, 1, 1)
    axes = EinsumAxes("abc", "cde", "abde", None, 3)
    assert axes.equation_of_gradient == "abde,cde->abc"
    assert axes.to_outputs(np.ones((1, 5, 6)), "kernel").shape == (1, 1, 5, 6)
    assert axes.matrix_shape((4, 5, 6)) == (4, 30)
