"""The `Equalization` layer."""

from typing import Any

import numpy as np

from .... import ops
from ....argument_checks import check_int
from ....engine.dispatch import apply
from ....engine.primitive import Primitive
from ....ops.image.axes import axes_of
from ....typing import Tensor
from .arguments import check_value_range
from .base_image_preprocessing_layer import BaseImagePreprocessingLayer


class Equalization(BaseImagePreprocessingLayer):
    """Equalizes the histogram of each channel in training, so that all values occur about as often.

    As in Keras, all images of a batch have one histogram.

    Args:
        value_range: The least and the greatest value of a pixel.
        bins: The number of bins of the histogram.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/equalization/

    Example:
        >>> Equalization()([[[10.0], [20.0], [20.0], [30.0]]])[:, :, 0]
        array([[  0., 170., 170., 255.]], dtype=float32)
    """

    def __init__(self, value_range: Any = (0, 255), bins: int = 256, data_format: str | None = None, **kwargs: Any):
        super().__init__(data_format=data_format, **kwargs)
        self.bins = check_int("Equalization", "bins", bins, minimum=1)
        self.value_range = sorted(check_value_range("Equalization", value_range))

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns an empty dict in training: nothing is random."""
        return {} if training else None

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns equalized images."""
        axis = axes_of("Equalization", self.data_format).channels
        low, high = self.value_range
        # In one multiplication, as in Keras: values at the limits of bins fall on the same side.
        pixels = ops.cast(images * (255 / (high - low)) - low * (255 / (high - low)), "float32")
        pixels = ops.cast(apply(_EQUALIZED, pixels, bins=self.bins, axis=axis), images.dtype)
        return pixels * ((high - low) / 255) + low

    def compute_output_spec(self, inputs: Any = None, **kwargs: Any) -> Any:
        """Returns symbolic outputs: of images in the compute dtype, of a dict by tracing the call."""
        data = kwargs.pop("data") if inputs is None else inputs  # the name of the argument of `call`
        return super().compute_output_spec(data, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "bins": self.bins, "value_range": self.value_range}


def _equalized_kernel(pixels: np.ndarray, bins: int, axis: int) -> np.ndarray:
    result = np.empty_like(pixels)
    for own, equal in zip(np.moveaxis(pixels, axis, 0), np.moveaxis(result, axis, 0), strict=True):
        counts = np.bincount(_numbers(own * (bins - 1) / np.float32(255), bins).ravel(), minlength=bins)
        if np.count_nonzero(counts) < 2:
            equal[...] = own
            continue
        sums = np.cumsum(counts)
        least = sums[sums > 0][0]
        table = np.clip(np.round((sums - least) * 255 / (sums[-1] - least)), 0, 255).astype(pixels.dtype)
        equal[...] = table[_numbers(own / np.float32(255) * (bins - 1), bins)]
    return result


def _numbers(scaled: np.ndarray, bins: int) -> np.ndarray:
    """Returns the numbers of bins; undefined values are in the first."""
    return np.nan_to_num(np.clip(scaled, 0, bins - 1)).astype("int32")


_EQUALIZED = Primitive("equalized", _equalized_kernel, shape=lambda x, bins, axis: (x.shape, x.dtype))
