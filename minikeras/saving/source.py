"""Where something is read from, so that every error names the file, the part of it, and the reason."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import ModelFileError, ModelFileMissingError
from ..utils import paths

_LARGEST_RATIO = (
    6  # of all arrays in a file to the file: weights are noise, which hardly shrinks, but slots may be zeros
)
_MANY_BYTES = 1 << 26  # what may come of less than that ratio says
_LONGEST_REASON = 2000  # characters: errors about configs quote them


class _Arrays:
    """What was read of a file, under which names, and how many bytes may still be.

    Args:
        size: The size of the file, unpacked.
    """

    def __init__(self, size: int = 0):
        self.places: dict[int, str | None] = {}
        self.most = self.left = _LARGEST_RATIO * size + _MANY_BYTES


class Source:
    """A file of a model, for errors.

    Args:
        path: The file.
        member: The part that everything is in, if it is a part.

    Example:
        >>> Source("a.keras").error("config.json", "it is empty")
        ModelFileError("The file 'a.keras' cannot be read, in 'config.json': it is empty")
    """

    def __init__(self, path: str | os.PathLike, member: str | None = None):
        self.path = os.fspath(path)
        self.member = member
        self._arrays = _Arrays()

    def within(self, member: str) -> "Source":
        """Returns the source for what is in a part of the file."""
        inner = Source(self.path, self._whole(member))
        inner._arrays = self._arrays
        return inner

    def content(self) -> bytes:
        """Returns the bytes of the file.

        Raises:
            ModelFileError: If it is no regular file, or cannot be read.
        """
        with self.reading(), paths.opened(self.path) as file:
            return file.read()

    def limit_arrays(self, size: int) -> None:
        """Says how large a file with arrays is, from now on the only one of this source."""
        self._arrays = _Arrays(size)

    def take_array(self, name: str, address: int, size: int) -> None:
        """Counts an array that is going to be read.

        Args:
            name: The name.
            address: Where in the file it is.
            size: Its bytes.

        Raises:
            ModelFileError: If it was read under another name, or that is more than such a file may ask for.
        """
        place = self._whole(name)
        if self._arrays.places.setdefault(address, place) != place:
            raise self.error(name, f"it is also '{self._arrays.places[address]}', and an array has one name")
        if size > self._arrays.left:
            raise self.error(
                name, f"it has {size:,} bytes, and a file like this may have arrays of {self._arrays.most:,} in all"
            )
        self._arrays.left -= size

    def error(self, member: str | None, reason: object) -> ModelFileError:
        """Returns an error, ready to be raised.

        Args:
            member: The part of the file.
            reason: What is wrong with it; an exception tells its class, too.
        """
        member = self._whole(member)
        text = str(reason)
        if isinstance(reason, Exception) and not isinstance(reason, ValueError):
            text = f"{type(reason).__name__}: {reason}"
        text = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
        place = f", in '{member}'" if member else ""
        cls = ModelFileMissingError if isinstance(reason, FileNotFoundError) else ModelFileError
        error = cls(f"The file '{self.path}' cannot be read{place}: {text}")
        error.path, error.member, error.reason = self.path, member, text
        return error

    @contextmanager
    def reading(self, member: str | None = None) -> Iterator[None]:
        """Turns whatever is raised inside of a `with` block into an error that names the file and the part."""
        try:
            yield
        except ModelFileError:
            raise
        except Exception as error:
            raise self.error(member, error) from error

    def _whole(self, member: str | None) -> str | None:
        return "/".join(part for part in (self.member, member) if part) or None
