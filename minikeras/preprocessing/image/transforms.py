"""Random image transformations, drawn from numpy's global generator, which `np.random.seed` seeds."""

from typing import Any

import numpy as np

from ...errors import ArgumentError, brief
from ...tracebacks import filtered
from ...utils import array_to_img, img_to_array
from .affine import apply_affine_transform


@filtered
def random_rotation(x: np.ndarray, rg: float, *axes: int, interpolation_order: int = 1, **options: Any) -> np.ndarray:
    """Rotates an image by a random angle of up to `rg` degrees.

    Args:
        x: The image.
        rg: Maximum angle.
        *axes: `row_axis`, `col_axis` and `channel_axis`.
        interpolation_order: See `order` of `apply_affine_transform`.
        **options: See `apply_affine_transform`.

    Example:
        >>> random_rotation(np.ones((1, 8, 8)), 20).shape
        (1, 8, 8)
    """
    return _moved(x, axes, interpolation_order, options, theta=np.random.uniform(-rg, rg))


@filtered
def random_shift(
    x: np.ndarray, wrg: float, hrg: float, *axes: int, interpolation_order: int = 1, **options: Any
) -> np.ndarray:
    """Shifts an image randomly, by up to the fractions `wrg` of its width and `hrg` of its height.

    Example:
        >>> random_shift(np.ones((1, 8, 8)), 0.2, 0.2).shape
        (1, 8, 8)
    """
    rows, columns = _axes(axes, options)[:2]
    tx = np.random.uniform(-hrg, hrg) * x.shape[rows]
    ty = np.random.uniform(-wrg, wrg) * x.shape[columns]
    return _moved(x, axes, interpolation_order, options, tx=tx, ty=ty)


@filtered
def random_shear(
    x: np.ndarray, intensity: float, *axes: int, interpolation_order: int = 1, **options: Any
) -> np.ndarray:
    """Shears an image by a random angle of up to `intensity` degrees.

    Example:
        >>> random_shear(np.ones((1, 8, 8)), 20).shape
        (1, 8, 8)
    """
    return _moved(x, axes, interpolation_order, options, shear=np.random.uniform(-intensity, intensity))


@filtered
def random_zoom(
    x: np.ndarray, zoom_range: tuple[float, float], *axes: int, interpolation_order: int = 1, **options: Any
) -> np.ndarray:
    """Zooms the height and width of an image by random factors from a range.

    Raises:
        ArgumentError: If the range is not a pair.

    Example:
        >>> random_zoom(np.ones((1, 8, 8)), (0.8, 1.2)).shape
        (1, 8, 8)
    """
    zx, zy = (1, 1) if tuple(pair_of("zoom_range", zoom_range)) == (1, 1) else np.random.uniform(*zoom_range, 2)
    return _moved(x, axes, interpolation_order, options, zx=zx, zy=zy)


@filtered
def apply_channel_shift(x: np.ndarray, intensity: float, channel_axis: int = 0) -> np.ndarray:
    """Adds a number to all values of an image, clipped to its original range.

    Example:
        >>> apply_channel_shift(np.float32([0, 5, 9]), 2)
        array([2., 7., 9.], dtype=float32)
    """
    return np.clip(x + np.asarray(intensity, x.dtype), x.min(), x.max())


@filtered
def random_channel_shift(x: np.ndarray, intensity_range: float, channel_axis: int = 0) -> np.ndarray:
    """Adds a random number to all values of an image; see `apply_channel_shift`.

    Example:
        >>> random_channel_shift(np.float32([0, 5, 9]), 2).shape
        (3,)
    """
    return apply_channel_shift(x, np.random.uniform(-intensity_range, intensity_range), channel_axis)


@filtered
def apply_brightness_shift(x: np.ndarray, brightness: float, scale: bool = True) -> np.ndarray:
    """Scales the brightness of an image by a factor, with Pillow.

    Args:
        x: The image.
        brightness: The factor.
        scale: Whether to rescale the values to [0, 255] first.

    Example:
        >>> apply_brightness_shift(np.full((1, 1, 3), 100.0), 0.5, scale=False)
        array([[[50., 50., 50.]]], dtype=float32)
    """
    image = array_to_img(x, scale=scale or x.min() < 0 or x.max() > 255)
    from PIL import ImageEnhance

    found = img_to_array(ImageEnhance.Brightness(image).enhance(brightness))
    if not scale and (x.min() < 0 or x.max() > 255):
        found = found / 255 * (x.max() - x.min()) + x.min()
    return found


@filtered
def random_brightness(x: np.ndarray, brightness_range: tuple[float, float], scale: bool = True) -> np.ndarray:
    """Scales the brightness of an image by a random factor from a range.

    Raises:
        ArgumentError: If the range is not a pair.

    Example:
        >>> random_brightness(np.full((1, 1, 3), 100.0), (0.5, 0.5), scale=False)
        array([[[50., 50., 50.]]], dtype=float32)
    """
    return apply_brightness_shift(x, np.random.uniform(*pair_of("brightness_range", brightness_range)), scale)


def pair_of(name: str, value: Any) -> Any:
    """Checks that a range is a pair of numbers, and returns it.

    Raises:
        ArgumentError: If it is not.
    """
    if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != 2:
        raise ArgumentError(f"`{name}` must be a pair of numbers. Received: {name}={brief(value)}")
    return value


def _axes(axes: tuple, options: dict) -> tuple[int, ...]:
    names = ("row_axis", "col_axis", "channel_axis")
    given = {**dict(zip(names, (1, 2, 0), strict=True)), **dict(zip(names, axes, strict=False)), **options}
    return tuple(given[name] for name in names)


def _moved(x: np.ndarray, axes: tuple, order: int, options: dict, **how: float) -> np.ndarray:
    rows, columns, channels = _axes(axes, options)
    settings = {**options, "row_axis": rows, "col_axis": columns, "channel_axis": channels, "order": order}
    return apply_affine_transform(x, **how, **settings)
