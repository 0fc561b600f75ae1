"""Which axes of the inputs, the kernel and the outputs of `EinsumDense` belong together."""

import math
import string

import numpy as np

from .... import ops
from ....typing import Tensor, TensorLike


class EinsumAxes:
    """The axes of an einsum equation of inputs and a kernel.

    Args:
        inputs: The letters of the inputs, without the ellipsis.
        kernel: The letters of the kernel.
        outputs: The letters of the outputs, without the ellipsis.
        ellipsis: On which side of the letters it is, "left" or "right"; None: there is none.
        rank: The number of axes of the inputs.

    Attributes:
        summed_of_inputs: The axes of the inputs that are summed.
        summed_of_kernel: The axes of the kernel that are summed.
        equation_of_gradient: The equation of the gradient of the inputs, of that of the outputs and the kernel.

    Example:
        >>> axes = EinsumAxes("abc", "cd", "abd", None, 3)
        >>> axes.summed_of_inputs, axes.summed_of_kernel, axes.equation_of_gradient
        ((2,), (0,), 'abd,cd->abc')
    """

    def __init__(self, inputs: str, kernel: str, outputs: str, ellipsis: str | None, rank: int):
        spare = [letter for letter in string.ascii_letters if letter not in inputs + kernel + outputs]
        elided = "".join(spare[: rank - len(inputs)])
        before, after = (elided, "") if ellipsis == "left" else ("", elided)
        self._inputs, self._kernel, self._outputs = before + inputs + after, kernel, before + outputs + after
        self.summed_of_inputs = _without(self._inputs, self._outputs)
        self.summed_of_kernel = _without(kernel, self._outputs)
        self.equation_of_gradient = f"{self._outputs},{kernel}->{self._inputs}"

    def to_outputs(self, scale: TensorLike, of: str) -> Tensor:
        """Returns a scale in a shape that can be broadcast to the outputs.

        Args:
            scale: The scale, with all axes of the inputs or the kernel, of size 1 along those that are summed.
            of: "inputs" or "kernel".
        """
        letters = self._inputs if of == "inputs" else self._kernel
        kept = [letters.index(letter) for letter in self._outputs if letter in letters]
        summed = [axis for axis in range(len(letters)) if axis not in kept]
        values = ops.transpose(scale, summed + kept)
        sizes = iter(values.shape[len(summed) :])
        return ops.reshape(values, tuple(next(sizes) if letter in letters else 1 for letter in self._outputs))

    def to_kernel(self, scale: Tensor) -> Tensor:
        """Returns a scale in a shape that can be broadcast to the kernel.

        Args:
            scale: What `to_outputs` returned for that of the kernel.
        """
        kept = [letter for letter in self._outputs if letter in self._kernel]
        sizes = {letter: scale.shape[self._outputs.index(letter)] for letter in kept}
        values = ops.reshape(scale, tuple(sizes.values()))
        values = ops.transpose(values, [kept.index(letter) for letter in self._kernel if letter in kept])
        return ops.reshape(values, tuple(sizes.get(letter, 1) for letter in self._kernel))

    def matrix_shape(self, kernel_shape: tuple) -> tuple[int, int]:
        """Returns the number of weights that are summed, and that of the others.

        Args:
            kernel_shape: The shape of the kernel.
        """
        rows = math.prod(kernel_shape[axis] for axis in self.summed_of_kernel)
        return rows, math.prod(kernel_shape) // rows

    def as_matrix(self, kernel: np.ndarray) -> np.ndarray:
        """Returns the kernel as a matrix, shape (summed, others).

        Args:
            kernel: The kernel.
        """
        return kernel.transpose(self._order).reshape(self.matrix_shape(kernel.shape))

    def from_matrix(self, matrix: Tensor, kernel_shape: tuple) -> Tensor:
        """Returns the kernel for the matrix that `as_matrix` returned.

        Args:
            matrix: The matrix.
            kernel_shape: The shape of the kernel.
        """
        values = ops.reshape(matrix, tuple(kernel_shape[axis] for axis in self._order))
        return ops.transpose(values, np.argsort(self._order).tolist())

    def inputs_as_matrix(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the inputs as a matrix whose columns are in the order of the rows of the kernel's.

        Args:
            inputs: The inputs.
        """
        summed = [self._inputs.index(self._kernel[axis]) for axis in self.summed_of_kernel]
        others = [axis for axis in range(len(self._inputs)) if axis not in summed]
        count = math.prod(inputs.shape[axis] for axis in summed)
        return inputs.transpose(others + summed).reshape(-1, count)

    @property
    def _order(self) -> list[int]:
        others = [axis for axis in range(len(self._kernel)) if axis not in self.summed_of_kernel]
        return [*self.summed_of_kernel, *others]


def _without(letters: str, others: str) -> tuple[int, ...]:
    return tuple(axis for axis, letter in enumerate(letters) if letter not in others)
