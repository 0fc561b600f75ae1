"""Zip archives of models: members are stored uncompressed, and read into memory, never extracted to disk."""

import io
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ..utils import paths
from .source import Source

_MOST_OF_DIRECTORY = 1 << 22  # bytes: about ten thousand members
_LARGEST_RATIO = 20  # compression ratio of a member; weights are noise and hardly compress
_MANY_BYTES = 1 << 24  # members up to this size may have a higher ratio
_HARD_LINK_FIELD = 0x000D  # the old Unix extra field, which can hold the target of a link
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"


def archive_of(members: dict[str, bytes]) -> bytes:
    """Returns the bytes of a zip archive whose members are stored uncompressed.

    Args:
        members: The content of each member by name.
    """
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)  # dated 1980, so that the same model yields the same bytes
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


@contextmanager
def opened(path: str | os.PathLike, source: Source) -> Iterator["Archive"]:
    """Context manager that opens the archive at a path.

    Raises:
        ModelFileError: If it is not a zip archive, or has members that no model has.
    """
    import zipfile

    with source.reading():
        file = paths.opened(path)
    with file:
        with source.reading():
            _check_directory_size(file, source)
            archive = zipfile.ZipFile(file)
        with archive:
            yield Archive(archive, source)


class Archive:
    """Validated access to the members of a zip archive.

    Args:
        archive: The open `zipfile.ZipFile`.
        source: Its origin, for error messages.

    Raises:
        ModelFileError: If a member has a name or is of a kind that a model does not have.
    """

    def __init__(self, archive: Any, source: Source):
        self._archive, self._source = archive, source
        end = archive.start_dir  # where the central directory begins
        self._members: dict[str, Any] = {}
        for info in archive.infolist():
            if info.filename in self._members:
                raise source.error(info.filename, "there are two members of that name")
            self._check(info)
            if info.header_offset + info.compress_size > end:
                raise source.error(info.filename, "its declared size exceeds the archive")
            self._members[info.filename] = info
        for name in self._members:
            above = name.rpartition("/")[0]
            if above in self._members:
                raise source.error(name, f"its folder '{above}' is a file")

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> list[str]:
        """The names of the members."""
        return list(self._members)

    def read(self, name: str, most: int | None = None) -> bytes:
        """Returns the content of a member, verified against its checksum.

        Args:
            name: Its name.
            most: The maximum size in bytes; None for no limit besides the size in the archive.

        Raises:
            ModelFileError: If it is missing, too large or corrupt.
        """
        if name not in self._members:
            raise self._source.error(name, f"there is no such member; the archive has {self.names[:20]}")
        info = self._members[name]
        if most is not None and info.file_size > most:
            raise self._source.error(name, f"it has {info.file_size:,} bytes, but at most {most:,} are allowed")
        with self._source.reading(name):
            data = self._archive.read(info)
        if len(data) != info.file_size:
            raise self._source.error(name, f"it has {len(data):,} bytes instead of {info.file_size:,}")
        return data

    def _check(self, info: Any) -> None:
        import zipfile

        name = info.filename
        parts = name.rstrip("/").split("/")
        if "\\" in name or ":" in name or "\0" in info.orig_filename or any(part in ("", ".", "..") for part in parts):
            raise self._source.error(name, "its name points outside the archive")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise self._source.error(name, "it is not a regular file, but a link or another special file")
        if _HARD_LINK_FIELD in _extra_fields(info.extra):
            raise self._source.error(name, "it is a link to another file")
        if info.flag_bits & 1:
            raise self._source.error(name, "it is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._source.error(name, f"its compression method {info.compress_type} is not supported")
        most = info.compress_size
        if info.compress_type == zipfile.ZIP_DEFLATED:
            most = max(most * _LARGEST_RATIO, min(_MANY_BYTES, most * 1100))
        if info.file_size > most:
            raise self._source.error(
                name, f"it claims {info.file_size:,} bytes, but {info.compress_size:,} are in the archive"
            )


def _extra_fields(extra: bytes) -> set[int]:
    """Returns the header IDs of the extra fields of a member."""
    kinds, position = set(), 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, position)
        kinds.add(kind)
        position += 4 + size
    return kinds


def _check_directory_size(file: BinaryIO, source: Source) -> None:
    """Raises an error if the central directory at the end of the file is missing, or too long for a model."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise source.error(None, "it is empty")
    start = max(0, size - (1 << 16) - 22)  # the comment at the end has at most 64 KB
    file.seek(start)
    tail = file.read()
    position = tail.rfind(_END)
    if position < 0 or position + 22 > len(tail):
        raise source.error(None, "it is not a zip archive, or it is truncated")
    length = struct.unpack_from("<I", tail, position + 12)[0]
    if length == 0xFFFFFFFF:
        large = tail.rfind(_END64, 0, position)
        if large < 0 or large + 56 > len(tail):
            raise source.error(None, "it is not a zip archive, or its end is corrupt")
        length = struct.unpack_from("<Q", tail, large + 40)[0]
    if length > min(size, _MOST_OF_DIRECTORY):
        raise source.error(None, f"its central directory has {length:,} bytes, too many for a model")
    file.seek(0)
