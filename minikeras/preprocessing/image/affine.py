"""Affine transformations of images: rotation, shift, shear and zoom, by inverse mapping of pixel coordinates."""

import numpy as np

from ...errors import ArgumentError, NotSupportedError, ShapeError, unknown_name
from ...ops.image.interpolation import sample
from ...tracebacks import filtered

_MODES = ("constant", "nearest", "reflect", "wrap")


@filtered
def apply_affine_transform(
    x: np.ndarray,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
) -> np.ndarray:
    """Applies an affine transformation to an image, about its center.

    Args:
        x: An image, with three axes.
        theta: Rotation angle in degrees.
        tx: Shift along the row axis, in pixels.
        ty: Shift along the column axis, in pixels.
        shear: Shear angle in degrees.
        zx: Zoom factor of the height; 2 shrinks it by half.
        zy: Zoom factor of the width.
        row_axis: The axis of the rows.
        col_axis: The axis of the columns.
        channel_axis: The axis of the channels.
        fill_mode: How to fill points outside the image: "nearest" repeats the border, "constant" uses `cval`, "reflect"
            mirrors the image including its border, "wrap" continues at the opposite side.
        cval: Fill value of the mode "constant".
        order: Interpolation order: 0 for nearest neighbor, 1 for bilinear.

    Returns:
        A new array of the same shape and dtype; `x` itself if the transformation is the identity.

    Raises:
        ShapeError: If the image does not have three axes.
        ArgumentError: If the axes are not 0, 1 and 2.
        NotSupportedError: For higher orders (splines).

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/apply_affine_transform

    Example:
        >>> apply_affine_transform(np.array([[[1.0, 2.0, 3.0]]]), ty=1)
        array([[[2., 3., 3.]]])
    """
    if x.ndim != 3:
        raise ShapeError(f"`apply_affine_transform` expects an image of 3 axes. Received: shape {x.shape}")
    if sorted((row_axis, col_axis, channel_axis)) != [0, 1, 2]:
        raise ArgumentError(f"Expected the axes 0, 1 and 2. Received: {(row_axis, col_axis, channel_axis)}")
    if fill_mode not in _MODES:
        raise unknown_name("`fill_mode`", fill_mode, _MODES)
    if order not in (0, 1):
        raise NotSupportedError(f"Only interpolation of order 0 or 1 is supported. Received: order={order}")
    matrix = _matrix(theta, tx, ty, shear, zx, zy)
    if matrix is None:
        return x
    image = np.moveaxis(x, (row_axis, col_axis, channel_axis), (0, 1, 2))
    rows, columns = _coordinates(matrix, image.shape[:2])
    moved = _read(image, rows, columns, fill_mode, cval, order)
    moved = moved.round() if x.dtype.kind in "iu" else moved
    return np.moveaxis(moved.astype(x.dtype), (0, 1, 2), (row_axis, col_axis, channel_axis))


def _matrix(theta: float, tx: float, ty: float, shear: float, zx: float, zy: float) -> np.ndarray | None:
    """Returns the product of rotation, shift, shear and zoom matrices; None for the identity."""
    if (theta, tx, ty, shear, zx, zy) == (0, 0, 0, 0, 1, 1):
        return None
    angle, slant = np.deg2rad(theta), np.deg2rad(shear)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    shift = np.array([[1, 0, tx], [0, 1, ty], [0, 0, 1]])
    slope = np.array([[1, -np.sin(slant), 0], [0, np.cos(slant), 0], [0, 0, 1]])
    return turn @ shift @ slope @ np.diag([zx, zy, 1])


def _coordinates(matrix: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the fractional row and column coordinates that each pixel is sampled from."""
    middle = np.array([size[0] / 2 - 0.5, size[1] / 2 - 0.5])
    offset = matrix[:2, 2] + middle - matrix[:2, :2] @ middle
    rows, columns = np.mgrid[: size[0], : size[1]]
    coordinates = np.tensordot(matrix[:2, :2], np.stack([rows, columns]), 1) + offset[:, None, None]
    return coordinates[0], coordinates[1]


def _read(image: np.ndarray, rows: np.ndarray, columns: np.ndarray, mode: str, cval: float, order: int) -> np.ndarray:
    outside = (rows < 0) | (rows > image.shape[0] - 1) | (columns < 0) | (columns > image.shape[1] - 1)
    rows, columns = _mapped_inside(rows, image.shape[0], mode), _mapped_inside(columns, image.shape[1], mode)
    coordinates = np.stack([rows.reshape(-1), columns.reshape(-1)])[None]
    found = sample(image[None].astype("float64"), coordinates, order, "nearest", 0.0).reshape(*rows.shape, -1)
    return np.where(outside[..., None], cval, found) if mode == "constant" else found


def _mapped_inside(coordinates: np.ndarray, size: int, mode: str) -> np.ndarray:
    """Maps coordinates outside the image into it, by the fill mode."""
    if mode == "nearest":
        return np.clip(coordinates, 0, size - 1)
    beyond = (coordinates < 0) | (coordinates > size - 1)
    if mode == "wrap":  # the borders coincide, as in scipy
        return np.where(beyond, coordinates % max(size - 1, 1), coordinates)
    if mode == "reflect":
        # for coordinates before the border, the distance from the end of a mirrored image
        turned = np.where(coordinates < 0, -coordinates - 1, coordinates) % (2 * size)
        return np.where(beyond, np.where(turned >= size, 2 * size - 1 - turned, turned), coordinates)
    return coordinates
