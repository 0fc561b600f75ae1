"""Where something is read from, so that every error names the file, the part of it, and the reason."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import ModelFileError, ModelFileMissingError

_LONGEST_REASON = 2000  # characters: errors about configs quote them


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

    def within(self, member: str) -> "Source":
        """Returns the source for what is in a part of the file."""
        return Source(self.path, self._whole(member))

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
