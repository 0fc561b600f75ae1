"""The `MixUp` layer."""

from typing import Any

from .... import ops, random
from ....argument_checks import check_number
from ....errors import ArgumentError
from ....typing import Tensor
from .mixing import mixed, mixed_labels
from .random_layer import RandomLayer


class MixUp(RandomLayer):
    """Blends each image, and its label, with another one of the batch in training.

    `w x + (1 - w) x'`, with w from the beta distribution with both parameters `alpha`. Images get the bounding boxes of
    both.

    Args:
        alpha: The parameter of the beta distribution; positive.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/mix_up/,
        Zhang et al. 2017, https://arxiv.org/abs/1710.09412

    Example:
        >>> mixed = MixUp(seed=0)({"images": np.ones((2, 1, 1, 1)), "labels": np.eye(2)})
        >>> mixed["labels"].sum(axis=-1)
        array([1., 1.], dtype=float32)
    """

    def __init__(self, alpha: float = 0.2, data_format: str | None = None, seed: int | None = None, **kwargs: Any):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.alpha = check_number("MixUp", "alpha", alpha, above=0, error=ArgumentError)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns the other image of each image, and their weights."""
        if not training:
            return None
        count, seed = self._sizes(data)[0], self.generator if seed is None else seed
        order = random.shuffle(ops.arange(count, dtype="int64"), seed=seed)
        weight = random.beta((count,), self.alpha, self.alpha, dtype="float32", seed=seed)
        return {"mix_weight": weight, "permutation_order": order}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns blended images."""
        weight = ops.cast(transformation["mix_weight"], images.dtype)
        return mixed(images, weight, transformation["permutation_order"])

    def transform_labels(self, labels: Tensor, transformation: Any = None, training: bool = True) -> Tensor:
        """Returns blended labels."""
        if not training or transformation is None:
            return labels
        return mixed_labels(self._where(), labels, transformation["mix_weight"], transformation["permutation_order"])

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns blended masks."""
        if not training or transformation is None:
            return segmentation_masks
        return mixed(segmentation_masks, transformation["mix_weight"], transformation["permutation_order"])

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns the boxes of each image followed by those of the other one, with their labels."""
        if not training or transformation is None:
            return bounding_boxes
        order = transformation["permutation_order"]
        both = {
            name: ops.concatenate([bounding_boxes[name], ops.take(bounding_boxes[name], order, axis=0)], axis=1)
            for name in ("boxes", "labels")
        }
        return {**bounding_boxes, **both}

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "alpha": self.alpha, "seed": self.seed}
