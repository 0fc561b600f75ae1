"""Arrays in files: `.npy`, `.npz` and `.csv`, read as inputs of a model, and written as its outputs."""

import io
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..engine.dtypes import TEXT
from ..errors import DataError, ShapeError
from ..saving.atomic import write_file
from ..utils.paths import opened
from .running import UsageError

INPUT_FILES = (".npy", ".npz", ".csv")
OUTPUT_FILES = (".npy", ".npz", ".csv")


def read_inputs(path: str, inputs: Sequence[Any], keys: Sequence[str] = ()) -> Any:
    """Reads the inputs of a model.

    Args:
        path: The file: an array in `.npy`; rows of numbers in `.csv`, of which a first row of words is a header;
            several arrays in `.npz`, by the names of the inputs.
        inputs: The symbolic inputs of the model, in order.
        keys: Other names of the inputs, in their order, if the model takes a dict of them.

    Returns:
        An array, or a list of them.

    Raises:
        UsageError: If the extension is another one.
        DataError: If the file cannot be read, or has other arrays.
        ShapeError: If an array does not fit an input.
    """
    names = [own._keras_history.operation.name for own in inputs]
    if not path.endswith(INPUT_FILES):
        raise UsageError(f"{path}: expected a file that ends in {', '.join(INPUT_FILES)}.")
    if path.endswith(".npz"):
        arrays = _read_npz(path, names, list(keys) or names)
    elif len(inputs) > 1:
        raise UsageError(f"The model has {len(inputs)} inputs: {names}. Pass an .npz file with an array for each.")
    elif path.endswith(".npy"):
        arrays = [_read_npy(path)]
    else:
        arrays = [_read_csv(path, inputs[0].dtype == TEXT)]
    fitted = [_fitted(path, name, array, own) for name, array, own in zip(names, arrays, inputs, strict=True)]
    lengths = {len(array) for array in fitted}
    if len(lengths) > 1:
        raise ShapeError(f"{path}: the arrays have {sorted(lengths)} examples, but they must have the same number.")
    if 0 in lengths:
        raise DataError(f"{path} has no examples.")
    return fitted[0] if len(fitted) == 1 else fitted


def _unreadable(path: str, error: Exception) -> DataError:
    return DataError(f"{path} cannot be read: {error}")


def _read_npy(path: str) -> np.ndarray:
    opened(path).close()  # only regular files are read
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)  # refuses an array that is larger than the file
    except (ValueError, EOFError) as error:
        raise _unreadable(path, error) from error


def _read_npz(path: str, names: list[str], keys: list[str]) -> list[np.ndarray]:
    import zipfile
    import zlib

    try:
        with opened(path) as file, np.load(file, allow_pickle=False) as arrays:
            if not hasattr(arrays, "files"):
                raise DataError(f"{path} is no archive of arrays, as `numpy.savez` writes it.")
            found = sorted(arrays.files)
            if found not in (sorted(keys), sorted(names)):
                raise DataError(f"{path}: expected arrays {sorted(keys)}. Received: {found}")
            return [arrays[name] for name in (keys if found == sorted(keys) else names)]
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, DataError):
            raise
        raise _unreadable(path, error) from error


def _read_csv(path: str, is_text: bool) -> np.ndarray:
    import csv

    with opened(path) as file:
        data = file.read()
    try:
        rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from error
    if is_text:
        return np.array(rows, dtype=object) if rows else np.zeros((0, 1), object)
    if rows and not any(map(_is_number, rows[0])):
        rows = rows[1:]  # the header
    width = len(rows[0]) if rows else 0
    numbers = np.empty((len(rows), width), "float64")
    for index, row in enumerate(rows):
        if len(row) != width:
            raise DataError(f"{path}: row {index + 1} of the data has {len(row)} values, but the first has {width}.")
        try:
            numbers[index] = row
        except ValueError:
            wrong = next(value for value in row if not _is_number(value))
            raise DataError(f"{path}: row {index + 1} of the data has {wrong!r}, which is not a number.") from None
    return numbers


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _fitted(path: str, name: str, array: np.ndarray, own: Any) -> np.ndarray:
    """Returns an array with the axes of an input: rows of a table become images, for example."""
    expected = own.shape[1:]
    if array.ndim == 2 and len(expected) != 1 and None not in expected and array.shape[1] == prod(expected):
        array = array.reshape(len(array), *expected)
    fits = array.ndim == len(expected) + 1 and all(
        size in (None, given) for size, given in zip(expected, array.shape[1:], strict=True)
    )
    if not fits:
        sizes = ["any" if size is None else str(size) for size in expected]
        shape = f"(n, {', '.join(sizes)})" if sizes else "(n,)"
        raise ShapeError(
            f"{path}: expected an array of shape {shape} for the input {name!r}, where n "
            f"is the number of examples. Received: shape {array.shape}"
        )
    if own.dtype != TEXT and array.dtype.kind not in "biuf":
        raise DataError(f"{path}: expected numbers for the input {name!r}. Received: dtype {array.dtype}")
    return array if own.dtype == TEXT or array.dtype == own.dtype else _cast(array, own.dtype)


def _cast(array: np.ndarray, dtype: str) -> np.ndarray:
    # Integers stay as they are written: whether a model takes floats for them is its own check.
    if array.dtype == np.float64 and np.dtype(dtype).kind in "iu" and (array == np.trunc(array)).all():
        return array.astype(dtype)
    return array


def check_output(path: str, outputs: int) -> None:
    """Checks the extension of a file for outputs, before they are computed.

    Raises:
        UsageError: If it cannot hold them.
    """
    if not path.endswith(OUTPUT_FILES):
        raise UsageError(f"{path}: expected a file that ends in {', '.join(OUTPUT_FILES)}.")
    if outputs > 1 and not path.endswith(".npz"):
        raise UsageError(f"{path}: the model has {outputs} outputs, which only an .npz file can hold.")


def write_outputs(path: str, outputs: dict[str, np.ndarray]) -> None:
    """Writes the outputs of a model, completely or not at all.

    Args:
        path: The file; a `.csv` file has a row for each example, with all its values.
        outputs: The outputs by name.

    Raises:
        FileWriteError: If it cannot be written.
    """
    stream = io.BytesIO()
    (first, *_) = outputs.values()
    if path.endswith(".npz"):
        np.savez(stream, **outputs)
    elif path.endswith(".npy"):
        np.save(stream, first)
    else:
        stream.write(csv_text(first).encode())
    write_file(path, stream.getvalue())


def csv_text(array: np.ndarray) -> str:
    """Returns an array as rows of comma-separated values, one for each example.

    Example:
        >>> csv_text(np.array([[0.5, 0.1], [1.0, 2.0]], "float32"))
        '0.5,0.1\\n1.0,2.0\\n'
    """
    rows = array.reshape(len(array), -1)
    return "".join(",".join(str(value) for value in row) + "\n" for row in rows)
