"""Draws what `fit` has recorded as curves over the epochs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_COLUMNS = 3  # panels in a row


def draw_curves(history: Mapping[str, Sequence[Any]], epochs: Sequence[int]) -> Any:
    """Draws a panel for each entry of the logs that is one number an epoch, validation beside training.

    Args:
        history: The values of the epochs, by name.
        epochs: The indices of the epochs, counted from 0; entries that were not recorded in each of them are left out.

    Returns:
        A figure of matplotlib; None if matplotlib is not installed or there is nothing to draw.

    Example:
        >>> figure = draw_curves({"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}, [0, 1])
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['training', 'validation']
    """
    curves = {name: values for name, values in history.items() if _is_curve(values, len(epochs))}
    panels = [name for name in curves if not (name.startswith("val_") and name[4:] in curves)]
    try:
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    except ImportError:
        return None
    if not panels:
        return None
    rows, columns = -(-len(panels) // _COLUMNS), min(len(panels), _COLUMNS)
    figure = Figure(figsize=(4 * columns, 3 * rows), layout="constrained")
    cells = figure.subplots(rows, columns, squeeze=False).flat
    numbers = [epoch + 1 for epoch in epochs]
    for axes, name in zip(cells, panels, strict=False):
        axes.plot(numbers, curves[name], color="#0072B2", marker="o", ms=4, label="training")
        if f"val_{name}" in curves:
            axes.plot(numbers, curves[f"val_{name}"], color="#D55E00", marker="s", ms=4, ls="--", label="validation")
            axes.legend()
        axes.set(xlabel="epoch", ylabel=name)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
    for axes in figure.axes[len(panels) :]:
        axes.set_axis_off()
    return figure


def _is_curve(values: Sequence[Any], count: int) -> bool:
    return len(values) == count > 0 and all(
        np.ndim(value) == 0 and np.asarray(value).dtype.kind in "fiub" for value in values
    )
