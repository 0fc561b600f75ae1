"""A line of text that shows how far the training is."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

_WIDTH = 30
_INTERVAL = 0.1  # seconds between two updates: more frequent ones would cost time for nothing
_BLOCK = "█"


class ProgressBar:
    """Shows the completed epochs, their rate and the error, in one line that is redrawn.

    Where output cannot be redrawn, as in a file, only the last line is written.

    Args:
        total: The number of epochs.
        visible: Whether to write anything.

    Example:
        >>> with ProgressBar(2) as bar:  # doctest: +ELLIPSIS
        ...     for epoch in range(2):
        ...         bar.advance(error=0.25)
        100%|...| 2/2 [00:00, ... epochs/s, error 0.25]
    """

    def __init__(self, total: int, visible: bool = True):
        self.total = total
        self.done = 0
        self.error: float | None = None
        self._visible = visible
        self._in_place = visible and _can_redraw()
        self._start = time.monotonic()
        self._last_draw = float("-inf")
        self._drawn_width = 0
        self._output: Any = None

    def __enter__(self) -> ProgressBar:
        self._start = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # After an interrupt too, so that the line shows how far it came.
        if self._visible:
            self._draw("\n")

    def advance(self, error: float) -> None:
        """Counts one more epoch.

        Args:
            error: The error to show.
        """
        self.done += 1
        self.error = error
        if self._in_place and time.monotonic() - self._last_draw >= _INTERVAL:
            self._draw()

    def _draw(self, end: str = "") -> None:
        line = self._line()
        if type(sys.stdout).__module__.startswith("ipykernel"):
            # A carriage return starts a new row in the pages that notebooks are converted to.
            self._draw_in_notebook({"text/plain": line})
            return
        padding = " " * (self._drawn_width - len(line))
        _write(("\r" if self._drawn_width else "") + line + padding + end)
        self._drawn_width = len(line)
        self._last_draw = time.monotonic()

    def _draw_in_notebook(self, data: dict[str, str]) -> None:
        if self._output is None:
            from IPython.display import display

            self._output = display(data, raw=True, display_id=True)
        else:
            self._output.update(data, raw=True)
        self._last_draw = time.monotonic()

    def _line(self) -> str:
        seconds = time.monotonic() - self._start
        filled = _WIDTH * self.done // self.total
        bar = _BLOCK * filled + " " * (_WIDTH - filled)
        minutes, rest = divmod(int(seconds), 60)
        pace = f"{self.done / seconds:.0f}" if seconds > 0 else "?"
        error = "" if self.error is None else f", error {self.error:.4g}"
        percent = 100 * self.done // self.total
        return f"{percent:3d}%|{bar}| {self.done}/{self.total} [{minutes:02d}:{rest:02d}, {pace} epochs/s{error}]"


def _write(text: str) -> None:
    """Writes at once, with ASCII in place of what standard output cannot show."""
    stream = sys.stdout
    if stream is None:  # a windowed Python has none
        return
    try:
        stream.write(text)
    except UnicodeEncodeError:
        stream.write(text.replace(_BLOCK, "#"))
    stream.flush()


def _can_redraw() -> bool:
    """Whether standard output is a screen: a terminal or a notebook."""
    is_terminal = hasattr(sys.stdout, "isatty") and sys.stdout.isatty()
    return bool(is_terminal or "ipykernel" in sys.modules)
