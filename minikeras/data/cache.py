"""Elements kept in memory or in a file, so that they are made once."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, FileIO
from typing import Any, BinaryIO

import numpy as np

from ..engine import tree
from ..errors import FileReadError, FileWriteError, FolderMissingError, brief, reason
from .sources import Source, as_strings

_MAGIC = b"minikeras dataset 1\n"
_LONGEST_LINE = 2**20


class Cached(Source):
    """The elements of another source, kept at the end of the first complete pass.

    Args:
        source: The other one.
        filename: Where to keep them, and what is read if it is there; "" for memory.
    """

    def __init__(self, source: Source, filename: Any = ""):
        self._source, self._filename = source, os.fspath(filename)
        self._kept: list | None = None
        self.size, self.spec = source.size, source.spec  # type: ignore[method-assign]

    def items(self) -> Iterator:
        if self._filename:
            return read(self._filename) if os.path.exists(self._filename) else self._written()
        return iter(self._kept) if self._kept is not None else self._filled()

    def _filled(self) -> Iterator:
        kept = []
        for element in self._source.elements():
            kept.append(element)
            yield element
        self._kept = kept

    def _written(self) -> Iterator:
        """Yields the elements, and writes them to a file beside the one of that name, which gets it at the end."""
        folder = os.path.dirname(os.path.abspath(self._filename))
        with self._writing():
            handle, path = tempfile.mkstemp(prefix=os.path.basename(self._filename), suffix=".part", dir=folder)
        try:
            # Without a buffer: closing the file would try to write it once more.
            with os.fdopen(handle, "wb", buffering=0) as file:
                self._append(file, _MAGIC)
                for element in self._source.elements():
                    self._append(file, _encoded(element))
                    yield element
            with self._writing():
                os.replace(path, self._filename)
        except BaseException:
            os.unlink(path)
            raise

    def _append(self, file: FileIO, data: bytes) -> None:
        with self._writing():
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Says which file could not be written; errors of the elements are not among these."""
        try:
            yield
        except OSError as error:
            kind = FolderMissingError if isinstance(error, FileNotFoundError) else FileWriteError
            raise kind(
                error.errno, f"Dataset.cache: {self._filename!r} could not be written: {error.strerror or error}"
            ) from error


def _encoded(element: Any) -> bytes:
    """Returns an element as bytes: a line of JSON, its structure, and its arrays in the format of `np.save`."""
    file = BytesIO(json.dumps(_skeleton(element)).encode() + b"\n")
    file.seek(0, os.SEEK_END)
    for part in tree.flatten(element):
        array = np.asarray(part)
        texts_or_numbers = as_strings(array) if array.dtype.hasobject else array  # elements hold no other objects
        np.lib.format.write_array(file, texts_or_numbers, allow_pickle=False)
    return file.getvalue()


def read(filename: str) -> Iterator:
    """Yields the elements written to a file.

    Raises:
        FileReadError: If it is not such a file, or damaged.
    """
    with open(filename, "rb") as file:
        if file.readline(len(_MAGIC)) != _MAGIC:
            raise FileReadError(
                f"Dataset.cache: {filename!r} was not written by `Dataset.cache`. Delete it, or choose another name."
            )
        while line := file.readline(_LONGEST_LINE):
            try:
                skeleton = json.loads(line)
                yield _filled(skeleton, file)
            except (ValueError, TypeError, EOFError, RecursionError) as error:
                raise FileReadError(
                    f"Dataset.cache: {filename!r} is damaged: {reason(error)}. Delete it, so that it is written again."
                ) from error


def _skeleton(element: Any) -> Any:
    """Returns the structure of an element as JSON: lists for tuples, dicts, and 0 for arrays."""
    if isinstance(element, dict):
        return {str(key): _skeleton(element[key]) for key in tree.sorted_keys(element)}
    return [_skeleton(part) for part in element] if isinstance(element, (list, tuple)) else 0


def _filled(skeleton: Any, file: BinaryIO) -> Any:
    if isinstance(skeleton, dict):
        return {key: _filled(part, file) for key, part in skeleton.items()}
    if isinstance(skeleton, list):
        return tuple(_filled(part, file) for part in skeleton)
    if skeleton != 0:
        raise ValueError(f"unexpected {brief(skeleton)}")
    left = os.fstat(file.fileno()).st_size - file.tell()
    start = file.tell()
    version = np.lib.format.read_magic(file)
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise ValueError(f"unknown version {version}")
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = header(file)
    # A header may name any size: what the file does not hold is not allocated.
    if np.prod(shape, dtype=object) * dtype.itemsize > left:
        raise ValueError("an array is cut off")
    file.seek(start)
    return np.lib.format.read_array(file, allow_pickle=False)
