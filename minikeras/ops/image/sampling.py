"""Weights with which the samples of one axis are interpolated at other positions."""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from ...engine.memory_budget import charge_array
from ...typing import Tensor, TensorLike
from ..arithmetic import abs
from ..extrema import maximum
from ..logic import logical_and
from ..reductions import sum
from ..selection import where
from ..trigonometry import sin

_NEGLIGIBLE = 1000 * float(np.finfo("float32").eps)  # total weight of a sample that is outside


def _triangle(x: Tensor) -> Tensor:
    return maximum(1 - x, 0)


def _cubic(x: Tensor) -> Tensor:
    """Returns the kernel of Keys, with a = -0.5."""
    near = ((1.5 * x - 2.5) * x) * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return where(x >= 2, 0, where(x >= 1, far, near))


def _lanczos(x: Tensor, radius: int) -> Tensor:
    waves = radius * sin(np.pi * x) * sin(np.pi * x / radius)
    inside = where(x > 1e-3, waves / where(x != 0, np.pi**2 * x * x, 1), 1)
    return where(x > radius, 0, inside)


KERNELS: dict[str, Callable] = {
    "bicubic": _cubic,
    "bilinear": _triangle,
    "lanczos3": partial(_lanczos, radius=3),
    "lanczos5": partial(_lanczos, radius=5),
}


@np.errstate(all="ignore")  # operators on arrays are numpy's own
def sampling_matrix(
    size: int, new_size: int, scale: TensorLike, translation: TensorLike, method: str, antialias: bool
) -> Tensor:
    """Returns the weights of each sample of an axis in each new one, at half-pixel centers.

    New sample j is at `(j + 0.5 - translation) / scale - 0.5`. Its weights add up to 1; they are 0 if it is outside.

    Args:
        size: The number of samples.
        new_size: The number of new samples.
        scale: The spacing of the samples in units of that of the new ones: above 1 enlarges.
        translation: How far the result is moved, in units of the spacing of new samples.
        method: One of `KERNELS`.
        antialias: Whether to stretch the kernel when the scale is below 1.

    Returns:
        Shape (size, new_size).

    Example:
        >>> sampling_matrix(2, 4, 2.0, 0.0, "bilinear", False)
        array([[1.  , 0.75, 0.25, 0.  ],
               [0.  , 0.25, 0.75, 1.  ]])
    """
    charge_array((size, new_size, 8), "float64", "The weights of samples")
    dtype = getattr(scale, "dtype", "float64")
    places = np.arange(size, dtype=dtype)[:, None]
    inverse = 1 / scale
    samples = (np.arange(new_size, dtype=dtype) + 0.5 - translation) * inverse - 0.5
    distances = abs(samples - places)
    if antialias:
        distances = distances / maximum(inverse, 1)
    weights = KERNELS[method](distances)
    totals = sum(weights, axis=0, keepdims=True)
    weights = where(abs(totals) > _NEGLIGIBLE, weights / where(totals != 0, totals, 1), 0)
    return where(logical_and(samples >= -0.5, samples <= size - 0.5), weights, 0)


@lru_cache(maxsize=16)
def resizing_matrix(size: int, new_size: int, method: str, antialias: bool, dtype: str) -> np.ndarray:
    """Returns the `sampling_matrix` that resizes an axis; steps of training ask for the same ones again and again."""
    # Computed in the dtype of the images, as on JAX: halves are then rounded to the same integers.
    number = np.dtype(dtype).type
    matrix = sampling_matrix(size, new_size, number(new_size / size), number(0), method, antialias)
    matrix.flags.writeable = False
    return matrix
