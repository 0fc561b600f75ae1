"""Where the files of datasets come from, and how they are read: as data, never as programs."""

import math
import os
import pickle
import zipfile
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import numpy as np

from ..config import keras_home
from ..errors import FileReadError, brief, reason
from ..utils.file_utils import cache_paths, get_file
from ..utils.paths import opened

STORAGE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


def cached_file(fname: Any, origin: str, file_hash: str | None, cache_subdir: str = "datasets") -> str:
    """Returns the path of a file in the Keras cache; if it is not there, it is downloaded.

    Args:
        fname: The name of the file.
        origin: The URL.
        file_hash: The hash that a download must have, or None.
        cache_subdir: The folder in the cache.

    Raises:
        DownloadError: If it is not there and cannot be downloaded.
    """
    target, _ = cache_paths(os.path.join(keras_home(), cache_subdir), fname, origin, False)
    return target if os.path.isfile(target) else get_file(fname, origin, file_hash=file_hash, cache_subdir=cache_subdir)


def cached_folder(fname: str, origin: str, file_hash: str) -> str:
    """Returns the folder in the Keras cache that an archive was extracted to; what is not there is downloaded.

    Args:
        fname: The name of the folder.
        origin: The URL of the archive.
        file_hash: The hash that a download must have.
    """
    target, folder = cache_paths(os.path.join(keras_home(), "datasets"), fname, origin, True)
    if folder is not None and os.path.isdir(folder):
        return folder
    return get_file(fname, origin, file_hash=None if os.path.isfile(target) else file_hash, extract=True)


def read(path: str, reader: Callable[[BinaryIO], Any]) -> Any:
    """Returns what a function reads from a file.

    Args:
        path: The file.
        reader: The function.

    Raises:
        FileReadError: If the file is not as expected, whatever is wrong with it.
    """
    try:
        with opened(path) as file:
            return reader(file)
    except MemoryError:
        raise
    except Exception as error:  # what damaged files may raise has no end
        raise FileReadError(
            f"The file '{path}' is not the expected one, or damaged: {type(error).__name__}: {reason(error)}. "
            "Delete it, and it will be downloaded again."
        ) from error


def npz_arrays(file: BinaryIO, names: Iterable[str]) -> list[np.ndarray]:
    """Returns arrays of an `.npz` file, also those of Python lists of numbers.

    Args:
        file: The open file.
        names: The names of the arrays.

    Raises:
        Exception: If it is not as expected; see `read`.
    """
    with zipfile.ZipFile(file) as archive:
        return [_npz_array(archive, f"{name}.npy") for name in names]


def _npz_array(archive: zipfile.ZipFile, member: str) -> np.ndarray:
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = header(file)
        if dtype.hasobject:
            array = unpickled(file)
            if not isinstance(array, np.ndarray):
                raise ValueError(f"{member!r} is not an array")
            return array
        data = file.read()
    if len(data) != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"{member!r} has {len(data)} bytes, which is not the size of an array of shape {shape}")
    return np.frombuffer(data, dtype).reshape(shape, order="F" if is_fortran else "C").copy()


def unpickled(file: BinaryIO) -> Any:
    """Returns a pickled object of numbers, strings, lists, dicts and arrays; bytes of Python 2 stay bytes.

    Raises:
        pickle.UnpicklingError: If it has anything else in it: nothing is imported or run.
    """
    return _Unpickler(file, encoding="bytes").load()


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = _ALLOWED.get((module.replace("numpy.core", "numpy._core"), name))
        if found is None:
            raise pickle.UnpicklingError(f"it contains {brief(f'{module}.{name}')}, which is neither data nor an array")
        return found


def _new_array(subtype: Any, shape: Any, dtype: Any) -> np.ndarray:
    """Stands for numpy's `_reconstruct`: an empty array, whose content is set afterwards."""
    return np.empty(0, "uint8")


def _array_of_buffer(buffer: Any, dtype: np.dtype, shape: Any, order: str, axis_order: Any = None) -> np.ndarray:
    """Stands for numpy's `_frombuffer`."""
    if dtype.hasobject:
        raise pickle.UnpicklingError("it contains an array of addresses")
    return np.frombuffer(bytes(buffer), dtype).reshape(shape, order="F" if order == "F" else "C").copy()


def _latin1(text: str, encoding: str) -> bytes:
    """Stands for `_codecs.encode`, with which Python 3 writes bytes into pickles for Python 2."""
    if encoding not in ("latin1", b"latin1"):
        raise pickle.UnpicklingError("it contains text in an unexpected encoding")
    return text.encode("latin1")


# What pickled arrays refer to, and what stands for it here: numpy's own functions would allocate any size.
_ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): "numpy.ndarray",  # only an argument of `_reconstruct`
    ("numpy", "dtype"): np.dtype,
    ("numpy._core.multiarray", "_reconstruct"): _new_array,
    ("numpy._core.numeric", "_frombuffer"): _array_of_buffer,
    ("_codecs", "encode"): _latin1,
}
