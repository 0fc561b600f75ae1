"""Objects that say when one of their attributes is set, so that no step is replayed with what they held before."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from ..tracebacks import Filtered, hide_frames


class _Changes:
    """Counts the attributes that were set, in the whole process; a count is never there twice."""

    number = 0
    next = count(1).__next__


changes = _Changes()


def note_change() -> None:
    """Says that something was set on which a step may depend."""
    changes.number = changes.next()  # not `+= 1`, which another thread might undo


class Watched(Filtered):
    """The base of what a step depends on: setting an attribute is noticed before the next step.

    Example:
        >>> thing, before = Watched(), changes.number
        >>> thing.rate = 0.5
        >>> changes.number > before
        True
    """

    _bookkeeping: frozenset[str] = frozenset()  # attributes that no step depends on
    _may_keep_state = True  # whether a step that changes attributes in Python may run eagerly

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
        except BaseException as error:
            hide_frames(error)
            raise
        if name not in self._bookkeeping:
            note_change()

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        if name not in self._bookkeeping:
            note_change()

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields what a step depends on, by name."""
        left_out = self._bookkeeping
        return ((name, value) for name, value in list(vars(self).items()) if name not in left_out)
