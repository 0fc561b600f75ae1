"""The `RandomCrop` layer."""

from typing import Any

from .... import ops, random
from ....random.seed_generator import make_default_seed
from ....typing import Tensor
from .sizing import Sizing


class RandomCrop(Sizing):
    """Cuts a part out of images, in training at a random place, the same for all images of a batch.

    Otherwise, and if images are too small, the largest centered part with the aspect ratio of the result is resized.

    Args:
        height: The height of the result.
        width: Its width.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        name: The layer's name.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_crop/

    Example:
        >>> image = [[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]]
        >>> RandomCrop(1, 2, seed=1)(image)[:, :, 0]
        array([[4., 5.]], dtype=float32)
        >>> RandomCrop(1, 1)(image, training=False)[:, :, 0]
        array([[3.]], dtype=float32)
    """

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(height, width, data_format=data_format, name=name, **kwargs)
        self.seed = make_default_seed() if seed is None else seed
        self.generator = random.SeedGenerator(seed)
        self.supports_masking = False

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any]:
        """Returns the part of the images that is seen."""
        _, height, width = self._sizes(data)
        window: tuple = self._fitted((height, width))
        if training and height > self.height and width > self.width:
            seed = self.generator if seed is None else seed
            window = *(_start(*each, seed) for each in ((height, self.height), (width, self.width))), *self.size
        return {"window": window, "size": (height, width)}

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        own = {"height": self.height, "width": self.width, "seed": self.seed}
        return {**super().get_config(), **own}


def _start(length: int, part: int, seed: Any) -> Tensor:
    """Draws where a part of an axis begins."""
    return ops.cast(random.uniform((), 0, float(length - part + 1), seed=seed), "int32")
