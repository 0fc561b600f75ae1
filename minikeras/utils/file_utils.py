"""Files from the network, kept in the cache of Keras."""

import os
import urllib.parse
from typing import Any

from ..config import keras_home
from ..errors import ArgumentError, ArgumentTypeError, FileWriteError, brief, warn_user
from ..tracebacks import filtered
from .archives import checked_formats
from .archives import extract as extract_archive
from .downloads import download, has_hash, hasher_of
from .paths import checked_path
from .progbar import write_text


@filtered
def get_file(
    fname: Any = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: Any = "auto",
    cache_dir: Any = None,
    force_download: bool = False,
) -> str:
    """Downloads a file if it is not in the cache yet, and extracts it if it is an archive.

    A download that fails, is interrupted or has the wrong hash leaves the cache as it was.

    Args:
        fname: The name of the file in the cache, without folders; by default that at the end of `origin`. If an archive
            is extracted and the name has no extension, it is that of the folder.
        origin: The URL.
        untar: The same as `extract`, for tar archives; of older versions of Keras.
        md5_hash: The MD5 hash of the file; of older versions of Keras.
        file_hash: The hash of the file, in hexadecimal digits. A file in the cache with another hash is downloaded
            again.
        cache_subdir: The folder in `cache_dir`, or an absolute path.
        hash_algorithm: "sha256", "md5", or "auto": the one that gives hashes of that length.
        extract: Whether to extract an archive. Members outside of its folder are left out with a warning.
        archive_format: "tar" (also compressed by gzip, bzip2 or xz), "zip", a list of them, "auto" for both, or None.
        cache_dir: The cache; by default `$KERAS_HOME`, or `~/.keras`.
        force_download: Whether to download it in any case.

    Returns:
        The path of the file, or that of the folder that it was extracted to.

    Raises:
        ArgumentError: If `origin` is missing, or no file name can be derived from it, or `fname` has folders.
        DownloadError: If the download fails, or its hash is wrong.
        FileReadError: If an archive is damaged.
        FileWriteError: If the disk is full, or the cache cannot be written to.

    Source: https://keras.io/api/utils/python_utils/#get_file-function

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     there = pathlib.Path(folder, "words.txt")
        ...     _ = there.write_text("one two")
        ...     here = get_file("copy.txt", there.as_uri(), cache_dir=folder)
        ...     print(pathlib.Path(here).read_text())
        Downloading data from file:...
        one two
    """
    if not isinstance(origin, str):
        raise (ArgumentError if origin is None else ArgumentTypeError)(
            f"get_file: `origin` must be the URL of the file. Received: origin={brief(origin)}"
        )
    formats = ("tar",) if untar else checked_formats(archive_format)
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    hasher_of(file_hash, hash_algorithm)
    base = keras_home() if cache_dir is None else os.path.expanduser(checked_path(cache_dir, "`get_file`"))
    cache = os.path.join(base, checked_path(cache_subdir, "`get_file`"))
    target, folder = cache_paths(cache, fname, origin, extract or untar)
    if force_download or not _is_cached(target, file_hash, hash_algorithm):
        _make_folder(cache)
        download(origin, target, file_hash, hash_algorithm)
    if folder is None:
        return target
    if not extract_archive(target, folder, formats):
        warn_user(
            f"get_file: '{target}' is not extracted: it is no archive of a format in {formats}.",
            UserWarning,
        )
    return folder


def cache_paths(cache: str, fname: Any, origin: str, is_archive: bool) -> tuple[str, str | None]:
    """Returns where a file is kept, and where it is extracted to, if it is an archive.

    Args:
        cache: The folder.
        fname: The name of the file, or None.
        origin: The URL.
        is_archive: Whether it is extracted.

    Raises:
        ArgumentError: If the file name is missing, or is not a plain one.

    Example:
        >>> cache_paths("c", "a.tar.gz", "http://x.org/b", True)
        ('c/a.tar.gz', 'c/a_extracted')
        >>> cache_paths("c", None, "http://x.org/b.zip?raw=1", True)
        ('c/b.zip_archive', 'c/b.zip')
    """
    given = checked_path(fname, "`get_file`") if fname else ""
    name = given or urllib.parse.urlsplit(origin).path.rpartition("/")[2]
    if not name:
        raise ArgumentError(f"get_file: `origin` ends without a file name, so pass `fname`. Received: origin={origin}")
    if os.path.basename(name) != name or name in (".", ".."):
        raise ArgumentError(
            "get_file: `fname` must be a file name without folders. Pass the folder as `cache_dir` or `cache_subdir`. "
            f"Received: fname={brief(name)}"
        )
    if not is_archive:
        return os.path.join(cache, name), None
    if "." in given:
        return os.path.join(cache, name), os.path.join(cache, f"{name[: name.find('.')]}_extracted")
    return os.path.join(cache, f"{name}_archive"), os.path.join(cache, name)


def _is_cached(target: str, file_hash: str | None, algorithm: str) -> bool:
    if not os.path.exists(target):
        return False
    if file_hash is None or has_hash(target, file_hash, algorithm):
        return True
    write_text(
        f"'{target}' is incomplete or outdated: its hash is not {file_hash}. The file will be downloaded again.\n"
    )
    return False


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise FileWriteError(
            error.errno,
            f"get_file: the folder '{folder}' cannot be created: {error.strerror}. Set the environment variable "
            "KERAS_HOME, or pass `cache_dir`.",
        ) from error
