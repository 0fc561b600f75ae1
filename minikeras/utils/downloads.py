"""Downloads of files over the network: complete, checked, or not at all."""

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from typing import Any

from ..errors import DownloadError, brief, reason, unknown_name
from ..lazy import namespace
from .paths import opened
from .progbar import Progbar, write_text

ALGORITHMS = ("auto", "md5", "sha256")
_TIMEOUT = 60.0  # seconds without a byte from the server
_PIECE = 2**16


def hasher_of(file_hash: Any, algorithm: str) -> Any:
    """Returns an object of `hashlib` for a hash algorithm; "auto" takes the one that gives hashes of that length.

    Raises:
        UnknownNameError: If the algorithm is unknown.

    Example:
        >>> hasher_of("0" * 64, "auto").name, hasher_of("0" * 32, "auto").name
        ('sha256', 'md5')
    """
    if algorithm not in ALGORITHMS:
        raise unknown_name("hash_algorithm of get_file", algorithm, ALGORITHMS)
    is_long = algorithm == "sha256" or (algorithm == "auto" and len(str(file_hash)) == 64)
    return hashlib.sha256() if is_long else hashlib.md5(usedforsecurity=False)


def has_hash(path: str, file_hash: str, algorithm: str) -> bool:
    """Returns whether a file has a hash.

    Args:
        path: The file.
        file_hash: The hash in hexadecimal digits.
        algorithm: "sha256", "md5" or "auto".

    Raises:
        OSError: If the file cannot be read.
    """
    hasher = hasher_of(file_hash, algorithm)
    with opened(path) as file:
        while piece := file.read(2**20):
            hasher.update(piece)
    return hasher.hexdigest() == str(file_hash).lower()


def download(origin: str, target: str, file_hash: str | None, algorithm: str) -> None:
    """Downloads a file with a progress bar, and puts it into place when it is complete.

    It is written to a temporary file beside its place, which is removed after any failure, so that a file that was
    there before is kept.

    Args:
        origin: The URL.
        target: The path of the file; its folder exists.
        file_hash: The hash it must have, or None.
        algorithm: "sha256", "md5" or "auto".

    Raises:
        DownloadError: If the server cannot be reached, sends nothing for a minute, ends early, or if the hash is wrong.
        FileWriteError: If the file cannot be written.
    """
    hasher = hasher_of(file_hash, algorithm)

    def write(file: Any) -> None:
        with _opened(origin, target) as response:
            length = _length_of(response)
            progress = Progbar(length)
            try:
                received = 0
                while piece := _read(response, origin, target):
                    file.write(piece)
                    hasher.update(piece)
                    received += len(piece)
                    if length is None or received < length:
                        progress.update(received, finalize=False)
                if length not in (None, received):
                    raise _failed(origin, target, f"{length} bytes were announced, and {received} came")
                progress.update(received, finalize=True)
            finally:
                progress.close()
        if file_hash is not None and hasher.hexdigest() != str(file_hash).lower():
            raise DownloadError(
                f"get_file: what was downloaded from {origin} is not the expected file, and was deleted. Expected the "
                f"{hasher.name} hash {file_hash}. Received: {hasher.hexdigest()}"
            )

    write_text(f"Downloading data from {origin}\n")
    namespace("saving.atomic").replace_file(target, write)


def _opened(origin: str, target: str) -> Any:
    """Opens a URL; follows redirects."""
    try:
        return urllib.request.urlopen(origin, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        with error:
            raise _failed(origin, target, f"the server answered {error.code} ({error.reason})") from error
    except (OSError, http.client.HTTPException) as error:
        raise _failed(origin, target, _why(error)) from error
    except ValueError as error:
        raise DownloadError(f"get_file: `origin` must be a URL. Received: origin={brief(origin)}") from error


def _read(response: Any, origin: str, target: str) -> bytes:
    try:
        return response.read(_PIECE)
    except (OSError, http.client.HTTPException) as error:
        raise _failed(origin, target, _why(error)) from error


def _why(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError) and not cause.errno:
        return f"the server sent nothing for {_TIMEOUT:g} s"
    return f"{type(cause).__name__}: {cause}" if isinstance(cause, Exception) else str(cause)


def _length_of(response: Any) -> int | None:
    """Returns the number of bytes that a server announces; None if it does not say, or says nonsense."""
    text = str(response.headers.get("Content-Length", ""))
    return int(text) if text.isascii() and text.isdigit() else None


def _failed(origin: str, target: str, why: str) -> DownloadError:
    folder, name = os.path.split(target)
    return DownloadError(
        f"get_file: {origin} could not be downloaded: {reason(why)}. Without network access, download it elsewhere, "
        f"and put it into the folder '{folder}' under the name '{name}'."
    )
