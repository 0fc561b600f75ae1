"""Galleries of images, drawn by matplotlib."""

import io
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import ops
from ..argument_checks import check_int, check_number
from ..config import resolved_data_format
from ..errors import ArgumentError, ShapeError, brief
from ..saving.atomic import write_file
from ..tracebacks import filtered
from ..typing import TensorLike
from ..utils.paths import checked_path

_WHERE = "plot_image_gallery"
_FONT_SIZE = 8  # of titles, in points
_LETTER = 0.55  # width of a letter on average, as a fraction of that


@filtered
def plot_image_gallery(
    images: TensorLike,
    y_true: TensorLike | None = None,
    y_pred: TensorLike | None = None,
    label_map: Mapping[int, str] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    value_range: Sequence[float] = (0, 255),
    scale: float = 2,
    path: str | os.PathLike | None = None,
    show: bool | None = None,
    transparent: bool = True,
    dpi: float = 60,
    legend_handles: Sequence[Any] | None = None,
    data_format: str | None = None,
) -> None:
    """Shows a gallery of images, optionally with their labels and predictions, or saves it.

    Args:
        images: A batch of images of shape (batch, height, width, channels), or as `data_format` says; with 1, 3 or 4
            channels.
        y_true: The labels, class indices of shape (batch,).
        y_pred: The predicted labels, likewise.
        label_map: The names of classes by label; needed for labels.
        rows: The number of rows; by default the gallery is about square.
        cols: The number of columns; by default as many as all images need.
        value_range: The smallest and the largest value of the images.
        scale: The width and height of an image, in inches.
        path: The file to save the gallery to; its ending is the format, PNG without one.
        show: Whether to show the gallery in a window or notebook; by default without `path`. If False, it is the
            current figure of `matplotlib.pyplot`.
        transparent: Whether the background of a file is transparent.
        dpi: Dots per inch of a file.
        legend_handles: Patches of matplotlib for a legend below the images.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Raises:
        ArgumentError: If `path` is given with `show=True`, labels without `label_map`, or another argument is invalid.
        ShapeError: If it is not a batch of images.
        FileWriteError: If the file cannot be written.
        ImportError: If matplotlib is not installed.

    Source: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/visualization/plot_image_gallery.py

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     plot_image_gallery(np.zeros((4, 8, 8, 3)), path=f"{folder}/gallery.png")
        ...     os.listdir(folder)
        ['gallery.png']
    """
    require_matplotlib(_WHERE)
    if path is not None and show:
        raise ArgumentError(f"`{_WHERE}` either saves to `path` or shows. Received: path={brief(path)}, show=True")
    if (y_true is not None or y_pred is not None) and label_map is None:
        raise ArgumentError(f"`{_WHERE}` needs `label_map`, the names of classes, for `y_true` and `y_pred`.")
    check_number(_WHERE, "scale", scale, above=0)
    check_number(_WHERE, "dpi", dpi, above=0)
    is_first = resolved_data_format(_WHERE, data_format) == "channels_first"
    shown = _as_bytes(images, is_first, value_range)
    rows, cols = _grid(len(shown), rows, cols)
    titles = _titles(len(shown), y_true, y_pred, label_map or {}, scale)
    file = None if path is None else checked_path(path, f"`{_WHERE}`")
    kind = "png" if file is None else os.path.splitext(file)[1][1:].lower() or "png"
    figure = _figure(file is None, rows, cols, scale)
    if file is not None and kind not in figure.canvas.get_supported_filetypes():
        kinds = sorted(figure.canvas.get_supported_filetypes())
        raise ArgumentError(f"`{_WHERE}`: expected a `path` that ends in one of {kinds}. Received: .{kind}")
    _fill(figure, shown, titles, rows, cols, legend_handles)
    if file is not None:
        figure.set_frameon(not transparent)
        stream = io.BytesIO()
        options = {"bbox_inches": "tight", "pad_inches": 0, "transparent": transparent, "dpi": dpi}
        figure.savefig(stream, format=kind, **options)
        write_file(file, stream.getvalue())
    elif show is None or show:
        import matplotlib.pyplot as plt

        plt.show()
        plt.close(figure)


def require_matplotlib(where: str) -> None:
    """Raises an error with an installation hint if matplotlib is missing.

    Args:
        where: The function that needs it.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"`{where}` draws with matplotlib, which is not installed: `pip install minikeras[plot]`."
        ) from error


def _as_bytes(images: TensorLike, is_first: bool, value_range: Sequence[float]) -> np.ndarray:
    x = ops.convert_to_numpy(images)
    if x.ndim != 4 or not len(x):
        raise ShapeError(f"`{_WHERE}` expects a batch of at least one image, of 4 axes. Received: shape {x.shape}")
    x = x.transpose(0, 2, 3, 1) if is_first else x
    if x.shape[-1] not in (1, 3, 4):
        raise ShapeError(f"`{_WHERE}` expects images of 1, 3 or 4 channels. Received: {x.shape[-1]} channels")
    if np.shape(value_range) != (2,) or not value_range[0] < value_range[1]:
        raise ArgumentError(f"{_WHERE}: `value_range` must be two ascending numbers. Received: {brief(value_range)}")
    low, high = value_range
    scaled = x.astype("float32") if (low, high) == (0, 255) else (x.astype("float32") - low) / (high - low) * 255
    return np.clip(np.nan_to_num(scaled), 0, 255).astype("uint8")


def _grid(count: int, rows: int | None, cols: int | None) -> tuple[int, int]:
    rows = None if rows is None else check_int(_WHERE, "rows", rows, minimum=1)
    cols = None if cols is None else check_int(_WHERE, "cols", cols, minimum=1)
    if rows is None:
        rows = math.ceil(math.sqrt(count)) if cols is None else math.ceil(count / cols)
    return rows, math.ceil(count / rows) if cols is None else cols


def _titles(
    count: int, y_true: TensorLike | None, y_pred: TensorLike | None, names: Mapping[int, str], scale: float
) -> list[str]:
    """Returns the titles of the images, in two lines where one would be wider than an image."""
    titles: list[list[str]] = [[] for _ in range(count)]
    for word, labels in (("Label", y_true), ("Pred", y_pred)):
        if labels is None:
            continue
        known = ops.convert_to_numpy(labels)
        if known.ndim != 1:
            raise ShapeError(f"`{_WHERE}` expects class indices of shape (batch,). Received: shape {known.shape}")
        for title, label in zip(titles, known.tolist(), strict=False):
            title.append(f"{word}: {names.get(label, 'Unknown')}")
    longest = max(len("  ".join(title)) for title in titles)
    separator = "\n" if longest * _FONT_SIZE * _LETTER > scale * 72 else "  "
    return [separator.join(title) for title in titles]


def _figure(is_shown: bool, rows: int, cols: int, scale: float) -> Any:
    size = (cols * scale, rows * scale)
    if is_shown:
        import matplotlib.pyplot as plt

        return plt.figure(figsize=size, frameon=False, layout="tight")
    from matplotlib.figure import Figure

    return Figure(figsize=size, frameon=False, layout="tight")


def _fill(
    figure: Any, images: np.ndarray, titles: list[str], rows: int, cols: int, handles: Sequence[Any] | None
) -> None:
    axes = figure.subplots(rows, cols, squeeze=False, sharex="row", sharey="col").ravel()
    if handles is not None:
        figure.legend(handles=handles, loc="lower center")
    for own in axes:
        own.axis("off")
    gray = {"cmap": "gray", "vmin": 0, "vmax": 255} if images.shape[-1] == 1 else {}
    for own, image, title in zip(axes, images, titles, strict=False):
        own.imshow(image[:, :, 0] if gray else image, **gray)
        own.margins(x=0, y=0)
        if title:
            own.set_title(title, fontsize=_FONT_SIZE)
