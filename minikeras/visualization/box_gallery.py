"""Galleries of images with true and predicted bounding boxes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import ops
from ..config import resolved_data_format
from ..errors import ArgumentError, ShapeError
from ..tracebacks import filtered
from ..typing import TensorLike
from .boxes import draw_bounding_boxes
from .gallery import plot_image_gallery, require_matplotlib

_WHERE = "plot_bounding_box_gallery"


@filtered
def plot_bounding_box_gallery(
    images: TensorLike,
    bounding_box_format: str,
    y_true: Mapping[str, TensorLike] | None = None,
    y_pred: Mapping[str, TensorLike] | None = None,
    value_range: Sequence[float] = (0, 255),
    true_color: Sequence[float] = (0, 188, 212),
    pred_color: Sequence[float] = (255, 235, 59),
    line_thickness: int = 2,
    font_scale: float = 1.0,
    text_thickness: int | None = None,
    class_mapping: Mapping[int, str] | None = None,
    ground_truth_mapping: Mapping[int, str] | None = None,
    prediction_mapping: Mapping[int, str] | None = None,
    legend: bool = False,
    legend_handles: Sequence[Any] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    data_format: str | None = None,
    **kwargs: Any,
) -> None:
    """Shows a gallery of images with true and predicted bounding boxes, or saves it.

    Args:
        images: A batch of images of shape (batch, height, width, channels), or as `data_format` says.
        bounding_box_format: The format of the boxes, as in `utils.bounding_boxes.convert_format`.
        y_true: The true boxes, a dict as in `draw_bounding_boxes`.
        y_pred: The predicted boxes, likewise.
        value_range: The smallest and the largest value of the images.
        true_color: The color of true boxes, numbers from 0 to 255.
        pred_color: The color of predicted boxes.
        line_thickness: The thickness of lines, in pixels.
        font_scale: The size of texts.
        text_thickness: The thickness of the strokes of texts; `line_thickness` by default.
        class_mapping: The names of classes by label.
        ground_truth_mapping: Those of true boxes; `class_mapping` by default.
        prediction_mapping: Those of predicted boxes; `class_mapping` by default.
        legend: Whether to explain the two colors below the images.
        legend_handles: Patches of matplotlib for a legend of your own.
        rows: The number of rows.
        cols: The number of columns.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: Further arguments of `plot_image_gallery`, such as `path` and `show`.

    Raises:
        ShapeError: If it is not a batch of images.
        ArgumentError: If both `legend` and `legend_handles` are given, or another argument is invalid.
        ImportError: If matplotlib is not installed.

    Source: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/visualization/plot_bounding_box_gallery.py

    Example:
        >>> import os, tempfile
        >>> boxes = {"boxes": [[[1, 1, 5, 5]]], "labels": [[0]]}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     plot_bounding_box_gallery(np.zeros((1, 8, 8, 3)), "xyxy", boxes, path=f"{folder}/gallery.png")
        ...     os.listdir(folder)
        ['gallery.png']
    """
    require_matplotlib(_WHERE)
    x = ops.convert_to_numpy(images)
    if x.ndim != 4:
        raise ShapeError(f"`{_WHERE}` expects a batch of images, of 4 axes. Received: shape {x.shape}")
    if legend and legend_handles:
        raise ArgumentError(f"`{_WHERE}` takes either `legend` or `legend_handles`, not both.")
    if resolved_data_format(_WHERE, data_format) == "channels_first":
        x = x.transpose(0, 2, 3, 1)
    drawings = (
        (y_true, true_color, ground_truth_mapping or class_mapping),
        (y_pred, pred_color, prediction_mapping or class_mapping),
    )
    for boxes, color, names in drawings:
        if boxes is not None:
            x = draw_bounding_boxes(
                x,
                boxes,
                bounding_box_format,
                names,
                color,
                line_thickness,
                text_thickness,
                font_scale,
                data_format="channels_last",
            )
    if legend:
        from matplotlib.patches import Patch

        legend_handles = [
            Patch(color=np.array(color) / 255, label=label)
            for color, label in ((true_color, "Ground Truth"), (pred_color, "Prediction"))
        ]
    layout = {"rows": rows, "cols": cols, "legend_handles": legend_handles, "data_format": "channels_last"}
    plot_image_gallery(x, value_range=value_range, **layout, **kwargs)
