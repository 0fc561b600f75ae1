"""`.weights.h5` files: the state of a model, followed by a checksum that detects corrupt files.

HDF5 itself detects corruption only in its metadata, and not always. Keras ignores data after the HDF5 file; programs
that modify such a file in place remove the checksum.
"""

import io
import os
from collections.abc import Container
from typing import Any

from .atomic import write_file
from .source import Source
from .state import load_state, state_image

_MARK = b"\x89minikeras sha256\r\n"
_DIGEST_SIZE = 32


def save(model: Any, path: str | os.PathLike, skipped: Container[int] = ()) -> None:
    """Saves the state of a model.

    Args:
        model: The model.
        path: The file.
        skipped: The ids of objects to leave out, with everything in them.

    Raises:
        FileWriteError: If the file cannot be written.
    """
    image = state_image(model, skipped)
    write_file(path, [image, checksum(image)])


def load(model: Any, path: str | os.PathLike, skip_mismatch: bool = False, skipped: Container[int] = ()) -> None:
    """Loads the state of a model.

    Args:
        model: The model to update.
        path: The file.
        skip_mismatch: Whether to skip layers that do not match the file, with a warning.
        skipped: The ids of objects whose state is not loaded, with everything in them.

    Raises:
        ModelFileError: If the file is corrupt or does not match the model.
    """
    source = Source(path)
    image = io.BytesIO(checked(source.content(), source))
    load_state(model, image, source, skip_mismatch=skip_mismatch, skipped=skipped, all_of_it=True)


def checksum(image: bytes) -> bytes:
    """Returns the checksum to append to an HDF5 file.

    Args:
        image: The file.
    """
    import hashlib

    return _MARK + hashlib.sha256(image).digest()


def checked(data: bytes, source: Source) -> bytes:
    """Returns the HDF5 file without its checksum, if it has one.

    Args:
        data: The bytes.
        source: Their origin, for error messages.

    Raises:
        ModelFileError: If the checksum does not match.
    """
    end = len(data) - len(_MARK) - _DIGEST_SIZE
    if data[:4] != b"\x89HDF":
        raise source.error(None, "it is not an HDF5 file" if data else "it is empty")
    if end < 0 or data[end : end + len(_MARK)] != _MARK:
        return data
    if checksum(data[:end]) != data[end:]:
        raise source.error(None, "it is corrupt: its checksum does not match")
    return data[:end]
