"""`.weights.h5` files: the state of a model, with a checksum behind it that tells a damaged file from a whole one.

HDF5 itself only notices damage to what it needs to find the numbers, and not even that always. Keras reads over what is
behind the HDF5 file; what changes such a file in place takes the checksum away.
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
    """Writes the state of a model.

    Args:
        model: The model.
        path: The file.
        skipped: The ids of objects whose state is left out, with all in them.

    Raises:
        FileWriteError: If the file cannot be written.
    """
    image = state_image(model, skipped)
    write_file(path, [image, checksum(image)])


def load(model: Any, path: str | os.PathLike, skip_mismatch: bool = False, skipped: Container[int] = ()) -> None:
    """Reads the state of a model.

    Args:
        model: The model to read into.
        path: The file.
        skip_mismatch: Whether layers that the file does not fit are passed over, with a warning.
        skipped: The ids of objects whose state is left as it is, with all in them.

    Raises:
        ModelFileError: If the file is damaged or does not fit.
    """
    source = Source(path)
    with source.reading():
        with open(path, "rb") as file:
            data = file.read()
    image = io.BytesIO(checked(data, source))
    load_state(model, image, source, skip_mismatch=skip_mismatch, skipped=skipped, all_of_it=True)


def checksum(image: bytes) -> bytes:
    """Returns what is written behind an HDF5 file.

    Args:
        image: The file.
    """
    import hashlib

    return _MARK + hashlib.sha256(image).digest()


def checked(data: bytes, source: Source) -> bytes:
    """Returns the HDF5 file in the bytes of a file with or without a checksum.

    Args:
        data: The bytes.
        source: Where they are.

    Raises:
        ModelFileError: If the checksum does not fit.
    """
    end = len(data) - len(_MARK) - _DIGEST_SIZE
    if data[:4] != b"\x89HDF":
        raise source.error(None, "it is no HDF5 file" if data else "it is empty")
    if end < 0 or data[end : end + len(_MARK)] != _MARK:
        return data
    if checksum(data[:end]) != data[end:]:
        raise source.error(None, "it is damaged: its checksum is another one than it was written with")
    return data[:end]
