"""The `CenterCrop` layer."""

from typing import Any

from ....typing import Tensor
from .sizing import Sizing


class CenterCrop(Sizing):
    """Cuts the center out of images; those that are smaller are cropped to the aspect ratio, and resized.

    Args:
        height: The height of the result.
        width: Its width.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/center_crop/

    Example:
        >>> CenterCrop(1, 2)([[[[1.0], [2.0], [3.0], [4.0]]]])[:, 0, :, 0]
        array([[2., 3.]], dtype=float32)
    """

    def __init__(self, height: int, width: int, data_format: str | None = None, **kwargs: Any):
        super().__init__(height, width, data_format=data_format, **kwargs)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any]:
        """Returns the part of the images that is seen; nothing is random."""
        _, height, width = self._sizes(data)
        window = self._fitted((height, width))
        if height >= self.height and width >= self.width:
            window = (height - self.height) // 2, (width - self.width) // 2, self.height, self.width
        return {"window": window, "size": (height, width)}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the center of the images, which they have without a transformation, too."""
        return super().changed(images, transformation or self.get_random_transformation(images))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "height": self.height, "width": self.width}
