"""Galleries of images with true and predicted segmentation masks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import ops
from ..config import resolved_data_format
from ..errors import ShapeError
from ..tracebacks import filtered
from ..typing import TensorLike
from .gallery import plot_image_gallery, require_matplotlib
from .masks import draw_segmentation_masks

_WHERE = "plot_segmentation_mask_gallery"


@filtered
def plot_segmentation_mask_gallery(
    images: TensorLike,
    num_classes: int | None,
    value_range: Sequence[float] = (0, 255),
    y_true: TensorLike | None = None,
    y_pred: TensorLike | None = None,
    color_mapping: Mapping[int, Sequence[float]] | None = None,
    blend: bool = True,
    alpha: float = 0.8,
    ignore_index: int = -1,
    data_format: str | None = None,
    **kwargs: Any,
) -> None:
    """Shows a gallery of images, each beside copies with its true and its predicted segmentation mask, or saves it.

    Args:
        images: A batch of images of shape (batch, height, width, channels), or as `data_format` says.
        num_classes: The number of classes, as in `draw_segmentation_masks`.
        value_range: The smallest and the largest value of the images.
        y_true: The true masks, class indices of shape (batch, height, width, 1) or (batch, height, width).
        y_pred: The predicted masks, likewise.
        color_mapping: The colors by class.
        blend: False to draw the colors opaquely.
        alpha: The opacity of the colors, from 0 to 1.
        ignore_index: The class whose pixels stay as they are.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: Further arguments of `plot_image_gallery`, such as `path` and `show`.

    Raises:
        ShapeError: If it is not a batch of images, or masks do not match.
        ImportError: If matplotlib is not installed.

    Source: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/visualization/plot_segmentation_mask_gallery.py

    Example:
        >>> import os, tempfile
        >>> images, masks = np.zeros((2, 8, 8, 3)), np.ones((2, 8, 8, 1), int)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     plot_segmentation_mask_gallery(images, 2, y_true=masks, path=f"{folder}/gallery.png")
        ...     os.listdir(folder)
        ['gallery.png']
    """
    require_matplotlib(_WHERE)
    x = ops.convert_to_numpy(images)
    if x.ndim != 4:
        raise ShapeError(f"`{_WHERE}` expects a batch of images, of 4 axes. Received: shape {x.shape}")
    data_format = resolved_data_format(_WHERE, data_format)
    columns = [x.transpose(0, 2, 3, 1) if data_format == "channels_first" else x]
    for masks in (y_true, y_pred):
        if masks is not None:
            labels = ops.convert_to_numpy(masks).astype("int32")
            columns.append(
                draw_segmentation_masks(x, labels, num_classes, color_mapping, alpha, blend, ignore_index, data_format)
            )
    shown = np.stack(columns, axis=1).reshape(-1, *columns[0].shape[1:])
    layout = {"rows": len(x), "cols": len(columns), "data_format": "channels_last"}
    plot_image_gallery(shown, value_range=value_range, **layout, **kwargs)
