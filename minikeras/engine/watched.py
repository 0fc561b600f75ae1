"""Objects that report when an attribute is set, so that no plan is replayed with outdated values."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from ..tracebacks import Filtered, hide_frames


class _Changes:
    """A number that changes whenever an attribute is set anywhere in the process, and never repeats."""

    number = 0
    next = count(1).__next__


changes = _Changes()


def note_change() -> None:
    """Reports a change on which a step may depend."""
    changes.number = changes.next()  # atomic, unlike `+= 1`


class Watched(Filtered):
    """The base class of objects that a step depends on: the next step notices when an attribute was set.

    Example:
        >>> obj, before = Watched(), changes.number
        >>> obj.rate = 0.5
        >>> changes.number > before
        True
    """

    _bookkeeping: frozenset[str] = frozenset()  # attributes that no step reads
    _may_keep_state = True  # False: a step that changes attributes is refused, not run eagerly

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                self._note(name)  # it may come when the attribute is already set
            hide_frames(error)
            raise
        self._note(name)

    def __delattr__(self, name: str) -> None:
        try:
            super().__delattr__(name)
        except KeyboardInterrupt:
            self._note(name)
            raise
        self._note(name)

    def _note(self, name: str) -> None:
        if name not in self._bookkeeping:
            note_change()

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields the names and values of the attributes that a step may depend on."""
        left_out = self._bookkeeping
        return ((name, value) for name, value in list(vars(self).items()) if name not in left_out)
