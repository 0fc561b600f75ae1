"""GPTQ: quantizing the columns of a matrix one after the other, and correcting later ones for the errors.

Columns are corrected with rows of the Cholesky factor of the inverse Hessian, as in the paper. Keras takes rows of the
inverse itself, which leaves two to five times the error.
"""

import numpy as np

from ..errors import MatrixError
from .calibrated_configs import GPTQConfig
from .calibration_data import input_rows
from .zero_points import compute_quantization_parameters, dequantize_with_zero_point, quantize_with_zero_point

_BLOCK = 128  # columns that are corrected one at a time; those after them are corrected once for all


class Hessian:
    """The second derivatives of a layer's squared error: `2 * mean(outer(x, x))` over all inputs `x`.

    Args:
        features: The size of an input.

    Source: Frantar et al. 2022, https://arxiv.org/abs/2210.17323

    Example:
        >>> hessian = Hessian(2)
        >>> hessian.add(np.array([[1.0, 2.0]]))
        >>> hessian.matrix.tolist()
        [[2.0, 4.0], [4.0, 8.0]]
    """

    def __init__(self, features: int):
        self.matrix = np.zeros((features, features), "float32")
        self.samples = 0

    def add(self, inputs: np.ndarray) -> None:
        """Adds inputs.

        Args:
            inputs: Their values, shape (..., features).

        Raises:
            ShapeError: If they are of another size.
        """
        x = input_rows("GPTQ", inputs, len(self.matrix))
        if not len(x):
            return
        total = self.samples + len(x)
        self.matrix *= np.float32(self.samples / total)
        self.matrix += np.float32(2 / total) * (x.T @ x)
        self.samples = total

    def damped(self, damping: float) -> np.ndarray:
        """Returns the matrix with ones for inputs that are always 0, and a fraction of the mean added to its diagonal.

        Args:
            damping: The fraction.
        """
        matrix = self.matrix.copy()
        diagonal = np.diagonal(matrix)
        diagonal = np.where(diagonal == 0, np.float32(1), diagonal)
        np.fill_diagonal(matrix, diagonal + np.float32(damping) * diagonal.mean())
        return matrix


def gptq_quantize(
    weights: np.ndarray, hessian: Hessian, config: GPTQConfig
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Quantizes the weights of a layer.

    With the Cholesky factor `u` of the inverse Hessian, `inverse = u.T @ u`, for each column `i`:
    `error = (w[i] - dequantized(quantized(w[i]))) / u[i, i]`, and `w[j] -= error * u[i, j]` for all later columns `j`

    Args:
        weights: The weights, shape (outputs, inputs).
        hessian: The Hessian of the inputs.
        config: The number of bits, the size of groups, and more.

    Returns:
        The quantized weights, uint8, (outputs, inputs); their scales and zero points, (outputs, groups); and for each
        input the index of its group, float32, with a fraction that says where in the group it is.

    Raises:
        MatrixError: If the Hessian is singular.

    Source: Frantar et al. 2022, https://arxiv.org/abs/2210.17323
    """
    inputs = weights.shape[1]
    matrix = hessian.damped(config.hessian_damping)
    order = np.arange(inputs)
    if config.activation_order:
        order = np.argsort(-np.diagonal(matrix), kind="stable")
    factor = _factor_of_inverse(matrix[np.ix_(order, order)])
    group = inputs if config.group_size == -1 else config.group_size
    quantized, scales, zeros = _columns(weights[:, order].astype("float32"), factor, group, config)
    back = np.argsort(order)
    position = (np.arange(inputs) / group).astype("float32")
    return quantized[:, back], np.concatenate(scales, 1), np.concatenate(zeros, 1), position[back]


def _factor_of_inverse(matrix: np.ndarray) -> np.ndarray:
    """Returns the upper triangular Cholesky factor of the inverse of a matrix, computed in float64."""
    try:
        inverse = np.linalg.inv(matrix.astype("float64"))
        return np.linalg.cholesky((inverse + inverse.T) / 2).T.astype("float32")
    except np.linalg.LinAlgError:
        raise MatrixError(
            "GPTQ: the Hessian of a layer's inputs is singular, as there are too few of them. Use a larger "
            "`hessian_damping`, or more samples."
        ) from None


def _columns(weights: np.ndarray, factor: np.ndarray, group: int, config: GPTQConfig) -> tuple:
    """Quantizes the columns in their order; returns the result, and the scales and zero points of the groups."""
    quantized = np.zeros(weights.shape, "uint8")
    scales: list[np.ndarray] = []
    zeros: list[np.ndarray] = []
    inputs = weights.shape[1]
    for start in range(0, inputs, _BLOCK):
        end = min(start + _BLOCK, inputs)
        block, errors = weights[:, start:end].copy(), np.zeros((len(weights), end - start), "float32")
        for column in range(start, end):
            if column % group == 0:
                scale, zero, levels = compute_quantization_parameters(
                    weights[:, column : column + group],
                    bits=config.weight_bits,
                    symmetric=config.symmetric,
                    per_channel=config.per_channel,
                    with_zero=True,
                )
                scales.append(scale)
                zeros.append(zero)
            at = column - start
            rounded = quantize_with_zero_point(block[:, at : at + 1], scale, zero, levels)
            quantized[:, column] = rounded[:, 0]
            error = block[:, at] - dequantize_with_zero_point(rounded, scale, zero)[:, 0]
            errors[:, at] = error / factor[column, column]
            block[:, at + 1 :] -= np.outer(errors[:, at], factor[column, column + 1 : end])
        weights[:, end:] -= errors @ factor[start:end, end:]
    return quantized, scales, zeros
