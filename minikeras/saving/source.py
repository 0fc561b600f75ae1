"""The file being read, so that every error names the file, the member and the reason."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import ModelFileError, ModelFileMissingError
from ..utils import paths

# The compression ratio of all arrays together: weights are noise and hardly compress, but optimizer slots may be zeros.
_LARGEST_RATIO = 6
_MANY_BYTES = 1 << 26  # arrays up to this total size may have a higher ratio
_LONGEST_REASON = 2000  # characters: errors quote configs


class _Arrays:
    """The arrays that were read from a file, by address, and the bytes that may still be read.

    Args:
        size: The uncompressed size of the file.
    """

    def __init__(self, size: int = 0):
        self.names: dict[int, str | None] = {}
        self.most = self.left = _LARGEST_RATIO * size + _MANY_BYTES


class Source:
    """A model file or one of its members, which creates errors that name it.

    Args:
        path: The path of the file.
        member: The member, or None for the whole file.

    Example:
        >>> Source("a.keras").error("config.json", "it is empty")
        ModelFileError("The file 'a.keras' cannot be read, in 'config.json': it is empty")
    """

    def __init__(self, path: str | os.PathLike, member: str | None = None):
        self.path = os.fspath(path)
        self.member = member
        self._arrays = _Arrays()

    def within(self, member: str) -> "Source":
        """Returns the source of a member."""
        inner = Source(self.path, self._whole(member))
        inner._arrays = self._arrays
        return inner

    def content(self) -> bytes:
        """Returns the content of the file.

        Raises:
            ModelFileError: If it is not a regular file, or cannot be read.
        """
        with self.reading(), paths.opened(self.path) as file:
            return file.read()

    def limit_arrays(self, size: int) -> None:
        """Sets the size of the HDF5 file, which limits the total size of its arrays."""
        self._arrays = _Arrays(size)

    def charge_array(self, name: str, address: int, size: int) -> None:
        """Accounts for an array before it is read.

        Args:
            name: Its name.
            address: Its address in the file.
            size: Its size in bytes.

        Raises:
            ModelFileError: If it was read under another name, or exceeds what a file of this size may contain.
        """
        whole_name = self._whole(name)
        if self._arrays.names.setdefault(address, whole_name) != whole_name:
            raise self.error(name, f"it is also '{self._arrays.names[address]}', but an array must have one name")
        if size > self._arrays.left:
            raise self.error(
                name, f"it has {size:,} bytes, but the arrays of such a file may have {self._arrays.most:,} in total"
            )
        self._arrays.left -= size

    def error(self, member: str | None, reason: object) -> ModelFileError:
        """Returns an error to raise.

        Args:
            member: The member of the file.
            reason: What is wrong with it, or an exception, whose class is named, too.
        """
        member = self._whole(member)
        text = str(reason)
        if isinstance(reason, Exception) and not isinstance(reason, ValueError):
            text = f"{type(reason).__name__}: {reason}"
        text = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
        where = f", in '{member}'" if member else ""
        cls = ModelFileMissingError if isinstance(reason, FileNotFoundError) else ModelFileError
        error = cls(f"The file '{self.path}' cannot be read{where}: {text}")
        error.path, error.member, error.reason = self.path, member, text
        return error

    @contextmanager
    def reading(self, member: str | None = None) -> Iterator[None]:
        """Context manager that converts any exception to an error that names the file and the member."""
        try:
            yield
        except ModelFileError:
            raise
        except Exception as error:
            raise self.error(member, error) from error

    def _whole(self, member: str | None) -> str | None:
        return "/".join(part for part in (self.member, member) if part) or None
