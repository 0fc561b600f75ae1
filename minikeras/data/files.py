"""Datasets of files: paths that match patterns, lines of text, rows of CSV files."""

import csv
import glob
import gzip
import itertools
import os
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..engine.dtypes import standardize_dtype
from ..errors import ArgumentError, DataError, brief
from .arguments import UNKNOWN_CARDINALITY
from .dataset import Dataset
from .sources import Iterated
from .specs import TensorSpec

_COMPRESSIONS = ("", "GZIP", "ZLIB")


class TextLineDataset(Dataset):
    """A dataset of the lines of text files, without their line ends.

    Args:
        filenames: A path, a list of paths, or a dataset of paths.
        compression_type: "", "GZIP" or "ZLIB".
        buffer_size: Has no effect: the buffers are those of Python.
        num_parallel_reads: Has no effect: the files are read one after the other, in order.
        name: Has no effect.

    Raises:
        ArgumentError: If the compression is unknown.
        DataError: If a file is not UTF-8; raised when the line is read.

    Source: https://www.tensorflow.org/api_docs/python/tf/data/TextLineDataset

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "lines.txt")
        ...     np.savetxt(path, ["one", "two"], fmt="%s")
        ...     [line.item() for line in TextLineDataset(path)]
        ['one', 'two']
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: str | None = None,
        buffer_size: int | None = None,
        num_parallel_reads: int | None = None,
        name: str | None = None,
    ):
        _check_compression("TextLineDataset", compression_type)
        paths = _paths(filenames)

        def elements() -> Iterator:
            return map(np.str_, itertools.chain.from_iterable(_lines(path, compression_type) for path in paths()))

        super().__init__(Iterated(elements, UNKNOWN_CARDINALITY, TensorSpec((), "string")))


class CsvDataset(Dataset):
    """A dataset of the rows of CSV files, each a tuple of its columns.

    Args:
        filenames: A path, a list of paths, or a dataset of paths.
        record_defaults: For each column that is read its default, for empty fields, or its dtype, where a value must be
            there.
        compression_type: "", "GZIP" or "ZLIB".
        buffer_size: Has no effect.
        header: Whether the first row of each file is left out.
        field_delim: What separates fields.
        use_quote_delim: Whether double quotes enclose fields.
        na_value: What stands for an empty field, besides nothing.
        select_cols: The numbers of the columns that are read, in ascending order; by default all.
        exclude_cols: The numbers of those that are not.

    Raises:
        ArgumentError: If both `select_cols` and `exclude_cols` are given.
        DataError: If a row does not fit; raised, with file and line, when it is read.

    Source: https://www.tensorflow.org/api_docs/python/tf/data/experimental/CsvDataset

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "table.csv")
        ...     np.savetxt(path, ["1,a", "2,b"], fmt="%s")
        ...     [(number.item(), word.item()) for number, word in CsvDataset(path, [0, ""])]
        [(1, 'a'), (2, 'b')]
    """

    def __init__(
        self,
        filenames: Any,
        record_defaults: list,
        compression_type: str | None = None,
        buffer_size: int | None = None,
        header: bool = False,
        field_delim: str = ",",
        use_quote_delim: bool = True,
        na_value: str = "",
        select_cols: list[int] | None = None,
        exclude_cols: list[int] | None = None,
    ):
        _check_compression("CsvDataset", compression_type)
        if select_cols is not None and exclude_cols is not None:
            raise ArgumentError("CsvDataset: give `select_cols` or `exclude_cols`, not both.")
        if select_cols is not None and len(select_cols) != len(record_defaults):
            raise ArgumentError(
                "CsvDataset: expected as many `select_cols` as `record_defaults`. "
                f"Received: {len(select_cols)} and {len(record_defaults)}"
            )
        columns = [_Column(number, default) for number, default in enumerate(record_defaults)]
        paths = _paths(filenames)
        quoting = csv.QUOTE_MINIMAL if use_quote_delim else csv.QUOTE_NONE

        def rows(path: str) -> Iterator:
            reader = csv.reader(_lines(path, compression_type), delimiter=field_delim, quoting=quoting, strict=True)
            try:
                for fields in itertools.islice(reader, int(header), None):
                    chosen = _chosen(fields, select_cols, exclude_cols)
                    if len(chosen) != len(columns):
                        raise DataError(f"expected {len(columns)} fields. Received: {len(chosen)}")
                    yield tuple(column.read(field, na_value) for column, field in zip(columns, chosen, strict=True))
            except (csv.Error, DataError) as error:
                raise DataError(f"CsvDataset: line {reader.line_num} of {path!r}: {error}") from error

        elements = lambda: itertools.chain.from_iterable(rows(path) for path in paths())  # noqa: E731
        super().__init__(
            Iterated(elements, UNKNOWN_CARDINALITY, tuple(TensorSpec((), column.dtype) for column in columns))
        )


class _Column:
    """A column of a CSV file: its dtype, and what stands for an empty field."""

    def __init__(self, number: int, default: Any):
        self.number, self.default = number, None
        if isinstance(default, (str, type, np.dtype)) and not _is_text_default(default):
            self.dtype = standardize_dtype(default)
            return
        values = np.asarray(default)
        if values.dtype == np.float64:
            values = values.astype("float32")
        elif values.dtype == np.int64 and not hasattr(default, "dtype"):
            values = values.astype("int32")
        self.dtype = "string" if values.dtype.kind in "US" else standardize_dtype(values.dtype)
        if values.size:  # [] is a required field of floatx
            self.default = values.reshape(-1)[0]

    def read(self, field: str, na_value: str) -> Any:
        if field in ("", na_value):
            if self.default is None:
                raise DataError(f"column {self.number} is empty, and its `record_defaults` has no value")
            return self.default
        if self.dtype == "string":
            return np.str_(field)
        try:
            return np.dtype(self.dtype).type(field)
        except (ValueError, OverflowError):
            raise DataError(f"column {self.number} is no {self.dtype}. Received: {brief(field)}") from None


def _is_text_default(default: Any) -> bool:
    """Returns whether a string is a default value rather than the name of a dtype."""
    try:
        standardize_dtype(default)
    except ValueError:
        return True
    return False


def _chosen(fields: list[str], selected: list[int] | None, excluded: list[int] | None) -> list[str]:
    if selected is not None:
        if selected and max(selected) >= len(fields):
            raise DataError(f"there is no column {max(selected)}. Received: {len(fields)} fields")
        return [fields[number] for number in selected]
    left_out = set(excluded or ())
    return [field for number, field in enumerate(fields) if number not in left_out]


def matching_files(patterns: Any) -> list[str]:
    """Returns the sorted paths of the files that match glob patterns.

    Raises:
        DataError: If there is none.
    """
    listed = [patterns] if isinstance(patterns, (str, os.PathLike)) else list(np.ravel(np.asarray(patterns)))
    paths = [path for pattern in listed for path in glob.glob(os.fspath(pattern)) if os.path.isfile(path)]
    if not paths:
        raise DataError(f"list_files: no file matches. Received: {brief(patterns)}")
    return sorted(paths)


def _paths(filenames: Any) -> Any:
    """Returns a function that returns an iterator over the paths."""
    if isinstance(filenames, Dataset):
        return lambda: map(os.fsdecode, map(np.ndarray.item, filenames))
    given = [filenames] if isinstance(filenames, os.PathLike) else np.ravel(np.asarray(filenames, object)).tolist()
    listed = [os.fsdecode(each) for each in given]
    return lambda: iter(listed)


def _check_compression(where: str, compression: str | None) -> None:
    if (compression or "") not in _COMPRESSIONS:
        raise ArgumentError(f"{where}: expected a compression_type of {_COMPRESSIONS}. Received: {brief(compression)}")


def _lines(path: str, compression: str | None) -> Iterator[str]:
    """Yields the lines of a text file without their ends."""
    with _opened(path, compression) as file:
        for number, line in enumerate(_whole_lines(file), 1):
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise DataError(f"line {number} of {path!r} is not UTF-8: {error}") from error


def _opened(path: str, compression: str | None) -> Any:
    return (
        gzip.open(path, "rb")
        if compression == "GZIP"
        else _Inflated(path)
        if compression == "ZLIB"
        else open(path, "rb")
    )


def _whole_lines(file: Iterable[bytes]) -> Iterator[bytes]:
    for line in file:
        yield line.removesuffix(b"\n").removesuffix(b"\r")


class _Inflated:
    """The lines of a zlib stream, inflated piece by piece."""

    def __init__(self, path: str):
        self._file = open(path, "rb")

    def __enter__(self) -> "_Inflated":
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        inflate, rest = zlib.decompressobj(), b""
        while True:
            piece = self._file.read(2**16)
            # At most 1 MB at a time: a small stream may inflate to terabytes.
            data = inflate.decompress(inflate.unconsumed_tail + piece, 2**20)
            if not piece and not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            yield from (line + b"\n" for line in lines)
        if rest:
            yield rest
