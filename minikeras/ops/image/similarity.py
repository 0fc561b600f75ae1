"""The structural similarity of images."""

from ...argument_checks import check_int, check_number
from ...engine.dtypes import dtype_of
from ...engine.memory_budget import charge_list
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError
from ...typing import Tensor, TensorLike
from ..arithmetic import add, multiply, subtract, true_divide
from ..common.arguments import static_shape
from ..conversion import cast
from ..exponents import square
from ..indexing import get_item
from ..reductions import mean
from .axes import Axes, axes_of, checked_images
from .dtypes import computable
from .filters import blurred


@op("image.SSIM", settings="max_val filter_size filter_sigma k1 k2 data_format")
def ssim(
    image1: TensorLike,
    image2: TensorLike,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Tensor:
    """Computes the structural similarity of images.

    `(2 m1 m2 + c1) (2 s12 + c2) / ((m1^2 + m2^2 + c1) (s1 + s2 + c2))` with the means m, the variances s1 and s2 and
    the covariance s12 in Gaussian windows, `c1 = (k1 max_val)^2` and `c2 = (k2 max_val)^2`, averaged over all windows
    inside of the image and all channels.

    Args:
        image1: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        image2: The images to compare with, of the same shape.
        max_val: The largest value that pixels can have.
        filter_size: The size of the windows.
        filter_sigma: Their standard deviation, in pixels.
        k1: The constant that stabilizes the comparison of the means.
        k2: The constant that stabilizes the comparison of the variances.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The similarity of each pair of images, 1 for equal ones: shape (batch,), or () for a single pair; in the dtype
        of `image1`.

    Raises:
        ArgumentError: If the size of the windows is invalid.
        ShapeError: If the images differ in shape, do not have 3 or 4 axes, or are smaller than the windows.

    Source: https://keras.io/api/ops/image/#ssim-function

    Example:
        >>> image = np.eye(16, dtype="float32")[..., None]
        >>> float(ssim(image, image))
        1.0
    """
    filter_size = check_int("ssim", "filter_size", filter_size, minimum=1, error=ArgumentError)
    filter_sigma = check_number("ssim", "filter_sigma", filter_sigma, above=0, error=ArgumentError)
    max_val, k1, k2 = (
        check_number("ssim", name, value, error=ArgumentError)
        for name, value in (("max_val", max_val), ("k1", k1), ("k2", k2))
    )
    charge_list(filter_size, f"`ssim` with filter_size={filter_size}")
    axes = axes_of("ssim", data_format)
    first, second = checked_images("ssim", image1, "image1"), checked_images("ssim", image2, "image2")
    dtype, sizes = dtype_of(first), _common_sizes(static_shape(first), static_shape(second), filter_size, axes)
    first, second = (cast(computable(each), dtype_of(computable(first))) for each in (first, second))

    def filtered(x: Tensor) -> Tensor:
        window = blurred(x, (filter_size,) * 2, (filter_sigma,) * 2, axes)
        key = [slice(None)] * len(sizes)
        before = (filter_size - 1) // 2
        for axis in (axes.height, axes.width):
            key[axis] = slice(before, sizes[axis] - (filter_size - 1 - before))
        return get_item(window, tuple(key))

    mean1, mean2 = filtered(first), filtered(second)
    squares, product = add(square(mean1), square(mean2)), multiply(mean1, mean2)
    variances = subtract(add(filtered(square(first)), filtered(square(second))), squares)
    covariance = subtract(filtered(multiply(first, second)), product)
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    similarity = true_divide(
        multiply(add(multiply(product, 2.0), c1), add(multiply(covariance, 2.0), c2)),
        multiply(add(squares, c1), add(variances, c2)),
    )
    return cast(mean(similarity, axis=(-3, -2, -1)), dtype)


def _common_sizes(first: tuple, second: tuple, filter_size: int, axes: Axes) -> tuple:
    if len(first) != len(second) or any(
        None not in pair and pair[0] != pair[1] for pair in zip(first, second, strict=True)
    ):
        raise ShapeError(f"`ssim` expects images of the same shape. Received: shapes {first} and {second}")
    sizes = tuple(b if a is None else a for a, b in zip(first, second, strict=True))
    if any(sizes[axis] is not None and sizes[axis] < filter_size for axis in (axes.height, axes.width)):
        raise ShapeError(
            f"`ssim` expects images of at least filter_size={filter_size} rows and columns. Received: shape {sizes}"
        )
    return sizes
