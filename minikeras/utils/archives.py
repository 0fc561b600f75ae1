"""Extraction of tar and zip archives from untrusted sources: no member may end up outside of the folder."""

import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..errors import FileReadError, FileWriteError, NotSupportedError, brief, reason, warn_user

FORMATS = ("tar", "zip")
_FOLDER, _FILE, _LINK, _OTHER = "folder", "file", "link", "other"
# What damaged archives raise while they are read; errors of compressed data in a tar archive are of other classes.
_DAMAGES = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError)


class _Member(NamedTuple):
    """A member of an archive.

    Attributes:
        name: Its path in the archive.
        kind: A folder, a file, a symbolic link, or something that is never extracted, such as a device.
        entry: How the archive knows it.
        target: What a link points to.
        is_executable: Whether its owner may execute it.
    """

    name: str
    kind: str
    entry: Any
    target: str = ""
    is_executable: bool = False


def checked_formats(archive_format: Any) -> tuple[str, ...]:
    """Returns the formats that `archive_format` of `get_file` allows.

    Raises:
        NotSupportedError: If one is unknown.

    Example:
        >>> checked_formats("auto"), checked_formats("zip"), checked_formats(None)
        (('tar', 'zip'), ('zip',), ())
    """
    if archive_format == "auto":
        return FORMATS
    formats = (archive_format,) if isinstance(archive_format, str) else tuple(archive_format or ())
    for each in formats:
        if each not in FORMATS:
            raise NotSupportedError(
                "get_file: `archive_format` must be 'auto', 'tar', 'zip', a list of the last two, or None. "
                f"Received: archive_format={brief(archive_format)}"
            )
    return formats


def extract(path: str, folder: str, formats: Sequence[str]) -> bool:
    """Extracts an archive completely, or not at all.

    Files that are in the folder already are replaced one by one, others are kept. Members outside of the folder, links
    that point out of it, devices and pipes are left out with a warning that names them.

    Args:
        path: The archive.
        folder: Where its members are written to; created if necessary.
        formats: The formats it may have: "tar" (also compressed), "zip".

    Returns:
        Whether it has one of the formats.

    Raises:
        FileReadError: If it is damaged.
        FileWriteError: If a member cannot be written.
    """
    part = f"{folder}.{os.urandom(6).hex()}.part"
    try:
        if "tar" in formats and tarfile.is_tarfile(path):
            with tarfile.open(path) as tar:
                _extract_all(_members_of_tar(tar), tar.extractfile, part)
        elif "zip" in formats and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                _extract_all(_members_of_zip(archive), archive.open, part)
        else:
            return False
        _merge(part, folder)
    except (FileReadError, FileWriteError):
        raise
    except OSError as error:
        # Damaged gzip, bzip2 and xz data are OSErrors without a number.
        if error.errno is None:
            raise _damaged(path, error) from error
        raise FileWriteError(
            error.errno, f"'{path}' could not be extracted to '{folder}': {error.strerror or error}"
        ) from error
    except _DAMAGES as error:
        raise _damaged(path, error) from error
    except Exception as error:
        if type(error).__name__ != "LZMAError":  # `lzma` is missing in some builds of Python
            raise
        raise _damaged(path, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True


def _damaged(path: str, error: Exception) -> FileReadError:
    return FileReadError(
        f"The archive '{path}' is damaged or cannot be read, and nothing was extracted: "
        f"{type(error).__name__}: {reason(error)}. Delete it, or download it with `force_download=True`."
    )


def _members_of_tar(tar: tarfile.TarFile) -> Iterator[_Member]:
    for info in tar:
        kind = _FOLDER if info.isdir() else _LINK if info.issym() else _FILE if info.isreg() or info.islnk() else _OTHER
        if info.islnk() and not _is_inside(info.linkname):
            kind = _OTHER  # the hard link is to a file outside
        yield _Member(info.name, kind, info, info.linkname, bool(info.mode & stat.S_IXUSR))


def _members_of_zip(archive: zipfile.ZipFile) -> Iterator[_Member]:
    for info in archive.infolist():
        mode = info.external_attr >> 16
        if stat.S_ISLNK(mode):
            target = archive.read(info).decode("utf-8", "surrogateescape") if info.file_size < 4096 else "/"
            yield _Member(info.filename, _LINK, info, target)
        else:
            yield _Member(info.filename, _FOLDER if info.is_dir() else _FILE, info, "", bool(mode & stat.S_IXUSR))


def _parts(name: str) -> list[str]:
    text = name.replace("\\", "/") if os.name == "nt" else name
    return [part for part in text.split("/") if part not in ("", ".")]


def _is_inside(name: str) -> bool:
    """Returns whether a path in an archive is relative and does not go up."""
    drive = os.path.splitdrive(name)[0] or (os.name == "nt" and ":" in name)
    return not (drive or name.startswith(("/", os.sep)) or ".." in _parts(name) or "\0" in name)


def _points_inside(member: _Member) -> bool:
    """Returns whether a symbolic link stays inside of the archive's folder.

    Its target may only go up at the beginning, and not beyond the folder: after the name of another link, ".." would
    lead from where that points to.
    """
    if not member.target or os.path.isabs(member.target) or member.target.startswith("/") or "\0" in member.target:
        return False
    parts = _parts(member.target)
    ups = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
    return ".." not in parts[ups:] and ups < len(_parts(member.name)) and _is_inside("/".join(parts[ups:]))


def _extract_all(members: Iterator[_Member], open_member: Any, root: str) -> None:
    os.mkdir(root)
    for member in members:
        parts = _parts(member.name)
        is_harmless = _is_inside(member.name) and (member.kind != _LINK or _points_inside(member))
        if not is_harmless or member.kind == _OTHER or _passes_link(root, parts[:-1]):
            warn_user(
                f"get_file: a member of the archive is not extracted, because it is a device, or it or its target is "
                f"outside of the folder: {brief(member.name)}",
                UserWarning,
            )
        elif parts:
            _extract_one(member, open_member, root, os.path.join(root, *parts))


def _passes_link(root: str, parts: list[str]) -> bool:
    """Returns whether a folder on the way to a member is a symbolic link, through which nothing is written."""
    return any(os.path.islink(os.path.join(root, *parts[:count])) for count in range(1, len(parts) + 1))


def _extract_one(member: _Member, open_member: Any, root: str, path: str) -> None:
    if member.kind == _FOLDER:
        os.makedirs(path, exist_ok=True)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.remove(path)  # the last of several members of one name counts; nothing is written through a link
    if member.kind == _LINK:
        os.symlink(member.target, path)
        return
    source = open_member(member.entry)
    if source is None:
        raise tarfile.ReadError(f"the target of the link {member.name!r} is not in the archive")
    with source, open(path, "xb") as file:
        shutil.copyfileobj(source, file, 2**20)
    if member.is_executable:
        os.chmod(path, os.stat(path).st_mode | 0o111)


def _merge(part: str, folder: str) -> None:
    """Moves what was extracted to its place, file by file where there are files already."""
    if not os.path.lexists(folder):
        os.rename(part, folder)
        return
    for root, folders, files in os.walk(part):
        place = os.path.normpath(os.path.join(folder, os.path.relpath(root, part)))
        os.makedirs(place, exist_ok=True)
        links = [name for name in folders if os.path.islink(os.path.join(root, name))]
        for name in files + links:
            os.replace(os.path.join(root, name), os.path.join(place, name))
