"""Curves as SVG for the HTML page, without a plotting library."""

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT, _MARGIN = 640, 240, 60
_COLORS = ("#1f77b4", "#d62728", "#2ca02c")


def curve(series: Mapping[str, Sequence[float]], logarithmic: bool = False, line_at: float | None = None) -> str:
    """Returns an SVG plot of curves over training steps.

    Args:
        series: The values of each curve by name; values that are not finite, or not positive on a log scale, are
            skipped.
        logarithmic: Whether the vertical axis has a log scale.
        line_at: A value to mark by a horizontal line.

    Example:
        >>> curve({"a": [1.0, 2.0]}).count("<polyline")
        1
    """
    levels = {name: [_level(value, logarithmic) for value in values] for name, values in series.items()}
    line = None if line_at is None else _level(line_at, logarithmic)
    known = [level for values in [*levels.values(), [line]] for level in values if level is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    span = (high - low) or 1.0
    count = max((len(values) for values in levels.values()), default=1)

    def point(index: int, level: float) -> tuple[float, float]:
        across = index / max(count - 1, 1)
        return _MARGIN + across * (_WIDTH - 2 * _MARGIN), _HEIGHT - 30 - (level - low) / span * (_HEIGHT - 60)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" role="img">']
    for level in (low, high):
        text = f"{10**level:.1e}" if logarithmic else f"{level:.4g}"
        parts.append(f'<text x="2" y="{point(0, level)[1]:.1f}" font-size="11">{text}</text>')
    for index in (0, count - 1):
        parts.append(f'<text x="{point(index, low)[0]:.1f}" y="{_HEIGHT - 8}" font-size="11">{index + 1}</text>')
    if line is not None:
        (left, height), right = point(0, line), point(count - 1, line)[0]
        parts.append(f'<line x1="{left}" x2="{right}" y1="{height:.1f}" y2="{height:.1f}" stroke="#999"/>')
    for number, (name, values) in enumerate(levels.items()):
        color = _COLORS[number % len(_COLORS)]
        points = [point(index, level) for index, level in enumerate(values) if level is not None]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="6 4"' if number else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{dash}/>')
        position = f'x="{_WIDTH - _MARGIN + 4}" y="{30 + 16 * number}"'
        parts.append(f'<text {position} font-size="11" fill="{color}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"])


def _level(value: float, logarithmic: bool) -> float | None:
    if not math.isfinite(value) or (logarithmic and value <= 0):
        return None
    return math.log10(value) if logarithmic else float(value)
