"""The `CutMix` layer."""

from typing import Any

from .... import ops, random
from ....engine.dtypes import is_float
from ....errors import NotSupportedError
from ....typing import Tensor
from .arguments import factor_range
from .mixing import mixed_labels
from .patches import PatchLayer


class CutMix(PatchLayer):
    """Replaces a random box of each image by that of another image of the batch in training.

    Labels are mixed by the areas. A single image, without the axis of the batch, stays as it is.

    Args:
        factor: The parameter of the beta distribution of areas, in [0, 1]: a number f for one between 0 and f, or two
            limits.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/cut_mix/,
        Yun et al. 2019, https://arxiv.org/abs/1905.04899

    Example:
        >>> mixed = CutMix(seed=0)({"images": np.ones((2, 4, 4, 1)), "labels": np.eye(2)})
        >>> mixed["labels"].sum(axis=-1)
        array([1., 1.], dtype=float32)
    """

    def __init__(self, factor: Any = 1.0, seed: int | None = None, data_format: str | None = None, **kwargs: Any):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = factor_range("CutMix", "factor", factor, 0, 1, least=0, is_strict=False)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns the other image of each image, which pixels are replaced, and the share of those that are not."""
        if not training or len(self._images(data).shape) == 3:
            return None
        count, height, width = self._sizes(data)
        seed = self.generator if seed is None else seed
        dtype = self.compute_dtype if is_float(self.compute_dtype) else "float32"
        alpha = self._uniform((), *self.factor, seed, dtype) + 1e-6
        ratio = ops.sqrt(1.0 - random.beta((count,), alpha, alpha, dtype=dtype, seed=seed))
        columns = self._bounds(count, width, ratio, seed)
        rows = self._bounds(count, height, ratio, seed)
        area = (columns[1] - columns[0]) * (rows[1] - rows[0])
        order = random.shuffle(ops.arange(count, dtype="int32"), seed=seed)
        return {
            "permutation_order": order,
            "batch_masks": self._is_inside(columns, rows, height, width),
            "mix_weight": 1.0 - area / (width * height),
        }

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images with boxes of other images."""
        others = ops.take(images, transformation["permutation_order"], axis=0)
        return ops.where(transformation["batch_masks"], others, images)

    def transform_labels(self, labels: Tensor, transformation: Any = None, training: bool = True) -> Tensor:
        """Returns labels mixed by the areas."""
        if not training or transformation is None:
            return labels
        return mixed_labels(self._where(), labels, transformation["mix_weight"], transformation["permutation_order"])

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns masks with boxes of other masks."""
        return self.transform_images(segmentation_masks, transformation, training=training)

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Raises an error: as in Keras, there are no boxes for parts of images."""
        raise NotSupportedError(f"{self._where()} has no bounding boxes of mixed images, as in Keras; use `MixUp`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "factor": self.factor, "seed": self.seed}
