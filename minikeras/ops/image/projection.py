"""Images whose pixels are moved by affine and projective maps.

The coordinates of a block of images are computed just before it is interpolated, so that they stay in the cache.
"""

import numpy as np

from ...engine.batch_rules import together_at_once
from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive, Spec
from ...typing import Shape, Tensor
from ..arithmetic import add, multiply, negative, true_divide
from ..common.arguments import static_shape
from ..indexing import get_item
from ..joining import concatenate
from ..products import matmul
from ..reductions import sum
from ..shaping import expand_dims, reshape
from .bilinear import bilinear
from .coordinates import AffineCoordinates, is_affine, projected
from .interpolation import gradient_of_coordinates, gradient_of_elements, in_dtype_of, interpolated, result_dtype

_FIXED = {"slopes": (), "is_batch": True}  # parameters of the interpolation


def _gradient_of_transform(g: Tensor, coordinates: Tensor, transform: Tensor, height: int, width: int) -> Tensor:
    """Returns the gradient of maps: with p = (x, y, 1), coordinates are (a p / k, b p / k), where k = c p."""
    y, x = np.indices((height, width)).reshape(2, -1)
    p = np.stack([x, y, np.ones_like(x)], 1).astype(dtype_of(transform))
    count = static_shape(transform)[0]
    g, coordinates = (reshape(each, (count, 2, height * width)) for each in (g, coordinates))
    k = add(matmul(get_item(transform, np.s_[:, 6:]), p[:, :2].T), p[:, 2])
    g = true_divide(g, expand_dims(k, 1))
    of_k = negative(sum(multiply(g, coordinates), axis=1, keepdims=True))
    sums = matmul(concatenate([get_item(g, np.s_[:, ::-1]), of_k], 1), p)
    return get_item(reshape(sums, (count, 9)), np.s_[:, :8])


_COORDINATES = Primitive(
    "projected_coordinates",
    projected,
    shape=lambda transform, height, width: ((transform.shape[0], 2, height, width), transform.dtype),
    vjps=(lambda g, y, transform, height, width: _gradient_of_transform(g, y, transform, height, width),),
)


def _kernel(x: np.ndarray, transform: np.ndarray, order: int, mode: str, fill_value: float) -> np.ndarray:
    height, width = x.shape[1:3]
    if order and is_affine(transform):
        result = bilinear(x, AffineCoordinates(transform, height, width), mode, fill_value)
        if result is not None:
            return result
    return interpolated(x, projected(transform, height, width), order, mode, fill_value, **_FIXED)


def _rule(x: Spec, transform: Spec, order: int, **params: object) -> tuple[Shape, str]:
    return x.shape, result_dtype(x, transform, order)


def _coordinates_for(x: Tensor, transform: Tensor) -> Tensor:
    _, height, width, _ = static_shape(x)
    return apply(_COORDINATES, transform, height=height, width=width)


def _image_gradient(g: Tensor, y: Tensor, x: Tensor, transform: Tensor, **params: object) -> Tensor:
    return gradient_of_elements(g, y, x, _coordinates_for(x, transform), **params, **_FIXED)


def _map_gradient(g: Tensor, y: Tensor, x: Tensor, transform: Tensor, fill_value: float, **params: object) -> Tensor:
    coordinates = _coordinates_for(x, transform)
    g = gradient_of_coordinates(g, x, coordinates, fill_value, {**params, **_FIXED})
    return _gradient_of_transform(g, coordinates, transform, *static_shape(x)[1:3])


_PROJECT = Primitive("project", _kernel, shape=_rule, vjps=(_image_gradient, _map_gradient), batch=together_at_once)


def project(x: Tensor, transform: Tensor, order: int, fill_mode: str, fill_value: float) -> Tensor:
    """Moves the pixels of each image of a batch by a projective map.

    Args:
        x: The images, shape (batch, height, width, channels); height and width are not 0.
        transform: The maps as `ops.image.affine_transform` takes them, shape (batch or 1, 8).
        order: 0 for the nearest pixel, 1 for linear interpolation.
        fill_mode: One of `FILL_MODES`.
        fill_value: The value outside of the images in the mode "constant".

    Returns:
        The images, in their shape and dtype; integers are rounded.

    Example:
        >>> row = np.float32([1, 2, 3]).reshape(1, 1, 3, 1)
        >>> project(row, np.float32([[1, 0, 0.5, 0, 1, 0, 0, 0]]), 1, "nearest", 0.0).ravel()
        array([1.5, 2.5, 3. ], dtype=float32)
    """
    y = apply(_PROJECT, x, transform, order=order, mode=fill_mode, fill_value=fill_value)
    return in_dtype_of(x, y, order)
