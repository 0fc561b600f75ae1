"""AWQ: scaling up the weights of inputs with large values before they are quantized."""

import numpy as np

from .calibrated_configs import AWQConfig
from .calibration_data import input_rows
from .zero_points import compute_quantization_parameters, dequantize_with_sz_map, quantize_with_sz_map


class Magnitudes:
    """The largest magnitude of each input of a layer.

    Args:
        features: The size of an input.

    Source: Lin et al. 2023, https://arxiv.org/abs/2306.00978

    Example:
        >>> magnitudes = Magnitudes(2)
        >>> magnitudes.add(np.array([[1.0, -2.0], [-3.0, 0.0]]))
        >>> magnitudes.values
        array([3., 2.], dtype=float32)
    """

    def __init__(self, features: int):
        self.values = np.zeros(features, "float32")

    def add(self, inputs: np.ndarray) -> None:
        """Adds inputs.

        Args:
            inputs: Their values, shape (..., features).

        Raises:
            ShapeError: If they are of another size.
        """
        x = np.abs(input_rows("AWQ", inputs, len(self.values)))
        self.values = np.maximum(self.values, x.max(0, initial=0))


def awq_quantize(
    weights: np.ndarray, magnitudes: Magnitudes, config: AWQConfig
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Quantizes the weights of a layer, with the scales of its inputs that give the smallest error.

    Tried are powers of the inputs' magnitudes, `scales = magnitudes**exponent` for exponents from 0 to 1, divided by
    the geometric mean of the largest and the smallest of them. The error is
    `mean((weights - dequantized(quantized(weights * scales)) / scales)**2 * magnitudes**2)`.

    Args:
        weights: The weights, shape (outputs, inputs).
        magnitudes: The magnitudes of the inputs.
        config: The size of groups, and the number of exponents.

    Returns:
        The quantized weights, uint8, (outputs, inputs); their scales and zero points, (outputs, groups); the scales of
        the inputs, (inputs,); and for each input the index of its group, float32.

    Source: Lin et al. 2023, https://arxiv.org/abs/2306.00978
    """
    weights = weights.astype("float32")
    inputs = weights.shape[1]
    group = inputs if config.group_size == -1 else config.group_size
    groups = (np.arange(inputs) // group).astype("float32")
    sizes = np.where(magnitudes.values < 1e-8, np.float32(1), magnitudes.values)
    best, smallest = None, np.inf
    for point in range(config.num_grid_points + 1):
        scales = np.maximum(sizes ** np.float32(point / config.num_grid_points), np.float32(1e-4))
        scales = scales / np.maximum(np.sqrt(scales.max() * scales.min()), np.float32(1e-8))
        quantized, scale, zero = _quantized(weights * scales, config.group_size, groups)
        restored = dequantize_with_sz_map(quantized, scale, zero, groups) / scales
        error = np.mean(np.square(weights - restored) * np.square(sizes))
        if best is None or error < smallest:
            best, smallest = (quantized.astype("uint8"), scale, zero, scales, groups), error
    return best


def _quantized(weights: np.ndarray, group_size: int, groups: np.ndarray) -> tuple:
    scale, zero, levels = compute_quantization_parameters(
        weights, bits=4, per_channel=True, group_size=group_size, with_zero=True
    )
    return quantize_with_sz_map(weights, scale, zero, groups, levels), scale, zero
