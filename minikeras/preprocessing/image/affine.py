"""Images turned, shifted, sheared and zoomed: each pixel is read from where the inverse transformation leads."""

import numpy as np

from ...errors import ArgumentError, NotSupportedError, ShapeError, unknown_name
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
    """Returns an image turned, shifted, sheared and zoomed around its middle.

    Args:
        x: An image of three axes.
        theta: The angle in degrees.
        tx: The shift along the rows' axis, in pixels.
        ty: The shift along the columns' axis, in pixels.
        shear: The angle of the shear in degrees.
        zx: The zoom of the height; 2 halves it.
        zy: The zoom of the width.
        row_axis: The axis of the rows.
        col_axis: The axis of the columns.
        channel_axis: The axis of the channels.
        fill_mode: What is beyond the border: "nearest": the border; "constant": `cval`; "reflect": the image
            mirrored, the border twice; "wrap": the other side.
        cval: The value beyond the border with "constant".
        order: 1: between pixels in proportion to their distance; 0: the nearest pixel.

    Returns:
        A new array of the same shape and type; `x` itself if nothing is to be done.

    Raises:
        ShapeError: If it is not an image of three axes.
        ArgumentError: If the axes are not 0, 1 and 2.
        NotSupportedError: For splines, that is, a higher order.

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
        raise NotSupportedError(f"Images are interpolated with order 0 or 1 in minikeras. Received: order={order}")
    matrix = _matrix(theta, tx, ty, shear, zx, zy)
    if matrix is None:
        return x
    image = np.moveaxis(x, (row_axis, col_axis, channel_axis), (0, 1, 2))
    rows, columns = _places(matrix, image.shape[:2])
    moved = _read(image, rows, columns, fill_mode, cval, order)
    moved = moved.round() if x.dtype.kind in "iu" else moved
    return np.moveaxis(moved.astype(x.dtype), (0, 1, 2), (row_axis, col_axis, channel_axis))


def _matrix(theta: float, tx: float, ty: float, shear: float, zx: float, zy: float) -> np.ndarray | None:
    """Returns the product of turning, shifting, shearing and zooming; None if none of them changes anything."""
    if (theta, tx, ty, shear, zx, zy) == (0, 0, 0, 0, 1, 1):
        return None
    angle, slant = np.deg2rad(theta), np.deg2rad(shear)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    shift = np.array([[1, 0, tx], [0, 1, ty], [0, 0, 1]])
    slope = np.array([[1, -np.sin(slant), 0], [0, np.cos(slant), 0], [0, 0, 1]])
    return turn @ shift @ slope @ np.diag([zx, zy, 1])


def _places(matrix: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Returns for each pixel the row and the column, not whole numbers, from which it is read."""
    middle = np.array([size[0] / 2 - 0.5, size[1] / 2 - 0.5])
    offset = matrix[:2, 2] + middle - matrix[:2, :2] @ middle
    rows, columns = np.mgrid[: size[0], : size[1]]
    places = np.tensordot(matrix[:2, :2], np.stack([rows, columns]), 1) + offset[:, None, None]
    return places[0], places[1]


def _read(image: np.ndarray, rows: np.ndarray, columns: np.ndarray, mode: str, cval: float, order: int) -> np.ndarray:
    outside = (rows < 0) | (rows > image.shape[0] - 1) | (columns < 0) | (columns > image.shape[1] - 1)
    rows, columns = _brought_back(rows, image.shape[0], mode), _brought_back(columns, image.shape[1], mode)
    if order == 0:
        found = _pixels(image, np.floor(rows + 0.5), np.floor(columns + 0.5))
    else:
        found = _between(image, rows, columns)
    if mode == "constant":
        found[outside] = cval
    return found


def _between(image: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Returns what is between four pixels, in proportion to their distance."""
    top, left = np.floor(rows), np.floor(columns)
    down, right = (rows - top)[..., None], (columns - left)[..., None]
    return (
        _pixels(image, top, left) * (1 - down) * (1 - right)
        + _pixels(image, top, left + 1) * (1 - down) * right
        + _pixels(image, top + 1, left) * down * (1 - right)
        + _pixels(image, top + 1, left + 1) * down * right
    )


def _pixels(image: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Returns the pixels at whole places; one beyond the border is that next to it."""
    height, width = image.shape[:2]
    inside = np.clip(rows, 0, height - 1).astype(np.int64), np.clip(columns, 0, width - 1).astype(np.int64)
    return image[inside].astype("float64")


def _brought_back(places: np.ndarray, size: int, mode: str) -> np.ndarray:
    """Returns places beyond the border where the image goes on there."""
    if mode == "nearest":
        return np.clip(places, 0, size - 1)
    beyond = (places < 0) | (places > size - 1)
    if mode == "wrap":  # both borders are one line, as in scipy
        return np.where(beyond, places % max(size - 1, 1), places)
    if mode == "reflect":
        # of a place before the border, how far it is from the end of a mirrored image
        turned = np.where(places < 0, -places - 1, places) % (2 * size)
        return np.where(beyond, np.where(turned >= size, 2 * size - 1 - turned, turned), places)
    return places
