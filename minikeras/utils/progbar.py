"""The progress bar, which displays the progress of a loop without slowing it down.

The training loop reports every step, but most updates draw nothing. Such an update costs about a microsecond, and
values may be passed as a function that is called only when they are displayed.

Where the output cannot be redrawn, as in a log file, only finished lines are written.
"""

import math
import numbers
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Any

import numpy as np

from minikeras import config
from minikeras.engine.naming import printable
from minikeras.engine.replicas import is_first
from minikeras.errors import ArgumentError, ArgumentTypeError, FileWriteError, brief

from ..tracebacks import Filtered

_BLOCK = "━"
_BOLD, _GREEN, _WHITE, _RESET = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"

Pairs = Iterable[tuple[str, Any]]
Values = Pairs | Mapping[str, Any] | Callable[[], Pairs | Mapping[str, Any]] | None


class Progbar(Filtered):
    """Displays a progress bar with the time per step and running values.

    On a terminal and in a notebook the line is redrawn in place. Anywhere else (a file, a pipe) only
    the finished line is written, without colors or control characters.

    Args:
        target: Number of steps expected, or `None` if unknown.
        width: Length of the bar, in characters.
        verbose: 0 prints nothing, 1 draws the bar, 2 prints one line when the last step is done.
        interval: Shortest time between two redraws, in seconds.
        stateful_metrics: Names of values displayed as they are; all others are averaged over the steps.
        stateless_metrics: Names of values averaged over the steps; all others are displayed as they are. Pass at most
            one of the two; with neither, all values are averaged.
        unit_name: The display name of a step, as in `2ms/step`.

    Raises:
        ArgumentError: If both `stateful_metrics` and `stateless_metrics` are given.
        ArgumentTypeError: If `target` is neither a number nor `None`.

    Source:
        https://keras.io/api/utils/python_utils/#progbar-class

    Example:
        >>> bar = Progbar(2, verbose=0)
        >>> bar.update(1, [("loss", 0.5)])
        >>> bar.add(1, {"loss": 0.3})
    """

    def __init__(
        self,
        target: float | None,
        width: int = 20,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ArgumentError(
                "Progbar: expected `stateful_metrics` or `stateless_metrics`, received both "
                f"({brief(stateful_metrics)} and {brief(stateless_metrics)}). Name either the values to display as "
                "they are or the values to average, not both."
            )
        if target is not None and not isinstance(target, numbers.Real):
            raise ArgumentTypeError(
                f"Progbar: expected `target` to be the number of steps, or None if unknown; received {brief(target)}."
            )
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.unit_name = unit_name
        # The listed names are treated one way and all others the other way.
        self._listed = frozenset(stateful_metrics or stateless_metrics or ())
        self._listed_are_averaged = stateless_metrics is not None
        self._in_place = _can_redraw()
        self._redraws = verbose == 1 and self._in_place
        self._totals: dict[str, tuple[Any, int]] = {}
        self._seen = 0
        self._averaged_until = 0
        self._start = perf_counter()
        self._first_step_done: float | None = None
        self._last_draw = -math.inf
        self._drawn_width = 0
        self._line_is_open = False
        self._output = _NotebookOutput()

    def update(self, current: int, values: Values = None, finalize: bool | None = None) -> None:
        """Reports that `current` steps are done.

        Args:
            current: Number of steps done so far.
            values: Pairs `(name, value)` or a dict: the values of the last step. Or a function
                without arguments that returns these: it is called only when something is drawn or the bar is finalized,
                and its values then count, in averages, for all steps since the last call.
            finalize: Whether this was the last step. `None` means: if `current` has reached `target`.

        Raises:
            ArgumentTypeError: If `values` has an entry that is not a pair.

        Example:
            >>> bar = Progbar(100, verbose=0)
            >>> bar.update(1, lambda: {"loss": 0.25})
        """
        now = perf_counter()
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        if finalize or self.is_due():
            if self.verbose == 1 or self.verbose == 2:
                self._collect(current, values() if callable(values) else values, finalize)
                self._show(current, now, finalize)
        elif self.verbose and not callable(values):
            self._collect(current, values, finalize)
        self._seen = current
        if current == 1:
            self._first_step_done = now

    def is_due(self) -> bool:
        """Returns whether an update in the middle of the loop would be drawn now.

        Example:
            >>> Progbar(10, verbose=0).is_due()
            False
        """
        return self._redraws and perf_counter() - self._last_draw >= self.interval

    def add(self, n: int, values: Values = None) -> None:
        """Reports that `n` more steps are done.

        Args:
            n: Number of steps done since the last report.
            values: As in `update`.

        Example:
            >>> bar = Progbar(10, verbose=0)
            >>> bar.add(5)
        """
        self.update(self._seen + n, values)

    def close(self) -> None:
        """Ends an unfinished line, so that the next output starts on a new line.

        Call it when a loop may have been interrupted. A second call, or a call after the last step,
        does nothing.

        Example:
            >>> Progbar(10, verbose=0).close()
        """
        if self._line_is_open:
            self._line_is_open = False
            self._drawn_width = 0
            # On Ctrl-C a terminal discards pending output, including escape codes that reset the color.
            write_text(f"{_RESET}\n")

    def _collect(self, current: int, values: Pairs | Mapping[str, Any] | None, finalize: bool) -> None:
        """Adds the values of one step."""
        # Values reported again for the same step still count once.
        steps = max(current - self._averaged_until, 1)
        self._averaged_until = current
        if not values:
            return
        for pair in values.items() if isinstance(values, Mapping) else values:
            try:
                name, value = pair
            except (TypeError, ValueError):
                raise ArgumentTypeError(
                    "Progbar.update: expected `values` to be pairs (name, value) or a dict; "
                    f"received the entry {brief(pair)}."
                ) from None
            averaged = (name in self._listed) == self._listed_are_averaged
            # The last values are those of the whole loop, so they replace the average.
            self._totals[name] = self._summed(name, value, steps) if averaged and not finalize else (value, 1)

    def _summed(self, name: str, value: Any, steps: int) -> tuple[Any, int]:
        """Returns the sum and the count of all values of one name, with `value` counted `steps` times."""
        try:
            if name not in self._totals:
                return value * steps, steps
            total, count = self._totals[name]
            return total + value * steps, count + steps
        except TypeError:
            raise _not_a_number(name, value) from None

    def _show(self, current: int, now: float, finalize: bool) -> None:
        """Draws the line, or prints it where it cannot be redrawn."""
        if self.verbose == 2:
            if self._has_target():
                write_text(self._plain_line(current, now, " - "))
        elif self._in_place:
            self._draw(current, now, finalize)
        else:
            write_text(self._plain_line(current, now, " "))

    def _plain_line(self, current: int, now: float, separator: str) -> str:
        """The finished line, for a log file or `verbose=2`."""
        count = self._count(current) if self._has_target() else f"{int(current)}/Unknown"
        pace = _format_pace(self._seconds_per_step(current, now), self.unit_name)
        return f"{count} - {now - self._start:.0f}s{separator}{pace}{self._format_values()}\n"

    def _draw(self, current: int, now: float, finalize: bool) -> None:
        """Writes the line over the one drawn before."""
        pace = self._seconds_per_step(current, now)
        if self._has_target():
            done = int(self.width * (float(current) / self.target))
            pieces = [(self._count(current), _BOLD), (" ", "")]
            if done > 0:
                pieces.append((_BLOCK * done, _GREEN))
            pieces.append((_BLOCK * (self.width - done), _WHITE))
        else:
            pieces = [(f"{int(current):7d}/Unknown", "")]
        if self._has_target() and not finalize:
            clock = _format_remaining(pace * (self.target - current))
        else:
            clock = f"{now - self._start:.0f}s"
        pieces += [(" ", ""), (clock, _BOLD), (f" {_format_pace(pace, self.unit_name)}{self._format_values()}", "")]

        width = sum(len(text) for text, _ in pieces)
        line = "".join(f"{colour}{text}{_RESET}" if colour else text for text, colour in pieces)
        if _writes_to_notebook():
            self._output.show(line)
        else:
            # Backspaces and a carriage return, as in Keras; what is captured in a notebook shows backspaces as boxes.
            rewind = "\r" if _is_notebook() else "\b" * self._drawn_width + "\r"
            leftover = " " * (self._drawn_width - width)
            # Before the write, so that an interrupt during it leaves an open line to be ended.
            self._line_is_open = True
            write_text(rewind + line + leftover + ("\n" if finalize else ""))
            self._line_is_open = not finalize
        self._drawn_width = width
        self._last_draw = now

    def _has_target(self) -> bool:
        return self.target is not None and self.target > 0

    def _count(self, current: int) -> str:
        """The number of steps, as in ` 5/10`, right-aligned so that the line does not jump."""
        target = str(int(self.target))
        return f"{int(current):{len(target)}d}/{target}"

    def _seconds_per_step(self, current: int, now: float) -> float:
        """The mean time of a step, without the first one, which is often slower, if there are others."""
        if not current:
            return 0.0
        if current > 1 and self._first_step_done is not None:
            return (now - self._first_step_done) / (current - 1)
        return (now - self._start) / current

    def _format_values(self) -> str:
        """The values, as in ` - accuracy: 0.9123 - loss: 1.2000e-05`."""
        text = ""
        for name, (total, count) in self._totals.items():
            try:
                mean = (total if isinstance(total, float) else np.mean(total)) / max(1, count)
            except TypeError:
                raise _not_a_number(name, total) from None
            # The one-line mode of Keras compares without `abs`, which affects negative values.
            size = mean if self.verbose == 2 else abs(mean)
            shown = printable(str(name)).replace("\n", "\\n")
            text += f" - {shown}: {mean:.4f}" if size > 1e-3 else f" - {shown}: {mean:.4e}"
        return text


class _NotebookOutput:
    """A line of a notebook's output that is replaced as a whole.

    A live notebook goes back to the start of the line at a carriage return, but a page that it is converted to starts a
    new row; an output that is updated has its last text alone in all of them.
    """

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, text: str) -> None:
        """Shows the text in place of that before."""
        data = {"text/plain": text}
        if self._handle is None:
            from IPython.display import display

            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


def write_text(text: str) -> None:
    """Writes to standard output and flushes it, with ASCII replacements for characters that its encoding lacks.

    A bar is then drawn with `=` and anything else becomes `?`, so the length of the text is unchanged. Where
    `config.disable_interactive_logging` was called, the text is logged instead.

    Args:
        text: The text, written without a newline.

    Raises:
        FileWriteError: If standard output is a file that cannot be written; a closed pipe raises `BrokenPipeError`.

    Example:
        >>> write_text("Epoch 1/5" + chr(10))
        Epoch 1/5
    """
    if not is_first():
        return
    if not config.is_interactive_logging_enabled():
        if text.strip():
            import logging

            logging.getLogger("minikeras").info("%s", text.strip())
        return
    stream = sys.stdout
    if stream is None:  # pythonw.exe has no standard output.
        return
    try:
        try:
            stream.write(_encodable(text, getattr(stream, "encoding", None)))
        except UnicodeEncodeError:
            # A redirecting stream may not know the final encoding.
            stream.write(_encodable(text, "ascii"))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        name = getattr(stream, "name", "<stdout>")
        raise FileWriteError(
            error.errno, f"standard output, {name!r}, could not be written: {error.strerror}"
        ) from error


def _encodable(text: str, encoding: str | None) -> str:
    """Returns the text, with characters that the encoding lacks replaced."""
    if encoding is None:
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.replace(_BLOCK, "=").encode(encoding, "replace").decode(encoding)
    return text


def _not_a_number(name: str, value: object) -> ArgumentTypeError:
    return ArgumentTypeError(
        f"Progbar.update: expected the value of {name!r} to be a number or a numeric array; received {brief(value)}."
    )


def _can_redraw() -> bool:
    """Whether standard output is interactive: a terminal, a notebook or the console of an IDE."""
    is_terminal = hasattr(sys.stdout, "isatty") and sys.stdout.isatty()
    return bool(is_terminal or _is_notebook() or "PYCHARM_HOSTED" in os.environ)


def _is_notebook() -> bool:
    return "ipykernel" in sys.modules


def _writes_to_notebook() -> bool:
    """Whether what is written now is seen in a notebook: it is neither captured nor logged."""
    is_kernel = type(sys.stdout).__module__.partition(".")[0] == "ipykernel"
    return is_kernel and is_first() and config.is_interactive_logging_enabled()


def _format_remaining(seconds: float) -> str:
    """The remaining time, as in `1:02:03`, `2:03` or `3s`."""
    whole = int(seconds)
    if seconds > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    if seconds > 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole}s"


def _format_pace(seconds: float, unit_name: str) -> str:
    """The time of one step, as in `2s/step`, `2ms/step` or `2us/step`."""
    if seconds >= 1 or seconds == 0:
        return f"{seconds:.0f}s/{unit_name}"
    if seconds >= 1e-3:
        return f"{seconds * 1000.0:.0f}ms/{unit_name}"
    return f"{seconds * 1000000.0:.0f}us/{unit_name}"
