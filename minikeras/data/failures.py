"""Elements that could not be made, for those who go on without them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..errors import warn_user
from .sources import Iterated, Source
from .threads import prefetched


class Failure(NamedTuple):
    """What stands for an element that could not be made."""

    error: Exception


def attempted(function: Callable) -> Callable:
    """Returns a function that returns a `Failure` instead of raising, and passes failures on.

    Example:
        >>> invert = attempted(lambda number: 1 / number)
        >>> invert(4), invert(0), invert(Failure(ValueError()))
        (0.25, Failure(error=ZeroDivisionError('division by zero')), Failure(error=ValueError()))
    """

    def attempt(value: Any) -> Any:
        if isinstance(value, Failure):
            return value
        try:
            return function(value)
        except Exception as error:
            return Failure(error)

    return attempt


def succeeded(source: Source, is_logged: bool) -> Iterator:
    """Yields the elements of a source without those that could not be made.

    Args:
        source: The source.
        is_logged: Whether a warning says what is left out.
    """
    for value in source.attempts():
        if not isinstance(value, Failure):
            yield value
        elif is_logged:
            warn_user(f"An element of the dataset is left out: {value.error}", UserWarning)


class Prefetched(Iterated):
    """Elements that a thread reads ahead of their use.

    Args:
        source: The elements.
        count: How many it is ahead.
    """

    def __init__(self, source: Source, count: int):
        super().__init__(lambda: prefetched(source.elements, count), source.size, source.spec)
        self.source, self.count = source, count

    def attempts(self) -> Iterator:
        return prefetched(self.source.attempts, self.count)
