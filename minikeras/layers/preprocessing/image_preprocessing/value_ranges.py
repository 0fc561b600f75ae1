"""Pixels in another range of values."""

from typing import Any

from ....typing import Tensor


def rescaled(images: Tensor, source: Any, target: Any) -> Tensor:
    """Returns pixels between two values moved between two others.

    Example:
        >>> import numpy as np
        >>> rescaled(np.float32([0, 0.5, 1]), (0, 1), [0, 255])
        array([  0. , 127.5, 255. ], dtype=float32)
    """
    if source[0] == target[0] and source[1] == target[1]:
        return images
    return (images - source[0]) / (source[1] - source[0]) * (target[1] - target[0]) + target[0]
