"""What layers share that mix each image of a batch with another one."""

from typing import Any

from .... import ops
from ....errors import ShapeError
from ....typing import Tensor, TensorLike


def mixed_labels(where: str, labels: TensorLike, weight: Tensor, order: Tensor) -> Tensor:
    """Returns `weight * labels + (1 - weight) * labels of the other images`.

    Args:
        where: The layer, for error messages.
        labels: One-hot labels, or probabilities, of shape (batch, classes).
        weight: Shape (batch,).
        order: The numbers of the other images.

    Raises:
        ShapeError: If the labels are not one-hot: class indices cannot be mixed.

    Example:
        >>> import numpy as np
        >>> mixed_labels("MixUp", np.eye(2), np.float32([0.75, 0.5]), np.array([1, 0])).tolist()
        [[0.75, 0.25], [0.5, 0.5]]
    """
    labels = ops.convert_to_tensor(labels)
    if len(labels.shape) < 2:
        raise ShapeError(
            f"{where} mixes labels, so it expects them one-hot, of shape (batch, classes): "
            f"`ops.one_hot(labels, num_classes)`. Received: labels of shape {tuple(labels.shape)}"
        )
    weight = ops.reshape(weight, (-1, *[1] * (len(labels.shape) - 1)))
    labels = ops.cast(labels, weight.dtype)
    return weight * labels + (1.0 - weight) * ops.take(labels, order, axis=0)


def mixed(images: Tensor, weight: Any, order: Tensor) -> Tensor:
    """Returns `weight * images + (1 - weight) * the other images`.

    Args:
        images: A batch of images.
        weight: Shape (batch,).
        order: The numbers of the other images.

    Example:
        >>> import numpy as np
        >>> mixed(np.float32([0, 4]).reshape(2, 1, 1, 1), np.float32([0.75, 0.5]), np.array([1, 0])).ravel()
        array([1., 2.], dtype=float32)
    """
    weight = ops.reshape(weight, (-1, 1, 1, 1))
    images = ops.cast(images, weight.dtype)
    return weight * images + (1.0 - weight) * ops.take(images, order, axis=0)
