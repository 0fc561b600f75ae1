"""Archives, harmless and hostile: nothing outside of the folder, everything or nothing."""

import errno
import io
import os
import shutil
import tarfile
import zipfile

import pytest

from minikeras.errors import FileReadError, FileWriteError, NotSupportedError
from minikeras.utils.archives import checked_formats, extract

FORMATS = ("tar", "zip")


def tar(path, *members, mode="w"):
    """Writes a tar archive of members (name, content), or (name, type, target of a link)."""
    with tarfile.open(path, mode) as file:
        for name, *rest in members:
            info = tarfile.TarInfo(name)
            if len(rest) == 2:
                info.type, info.linkname = rest
                file.addfile(info)
            else:
                info.size = len(rest[0])
                file.addfile(info, io.BytesIO(rest[0]))
    return str(path)


def files(folder):
    """The files below a folder with their contents, and links with their targets."""
    found = {}
    for root, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(root, name)
            if os.path.islink(path):
                found[os.path.relpath(path, folder)] = f"-> {os.readlink(path)}"
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    found[os.path.relpath(path, folder)] = file.read()
    return found


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_archives(tmp_path, mode):
    path = tar(tmp_path / "a", ("d/x", b"1"), ("y", b"2"), ("h", tarfile.LNKTYPE, "d/x"), mode=mode)
    assert extract(path, str(tmp_path / "out"), FORMATS)
    assert files(tmp_path / "out") == {"d/x": b"1", "y": b"2", "h": b"1"}
    assert sorted(os.listdir(tmp_path)) == ["a", "out"]
    assert not extract(path, str(tmp_path / "no"), ("zip",)) and not os.path.exists(tmp_path / "no")


def test_zip_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w") as file:
        file.writestr("d/x", "1")
        file.writestr("e/", "")
        link = zipfile.ZipInfo("d/link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "x")
        script = zipfile.ZipInfo("run")
        script.external_attr = 0o100755 << 16
        file.writestr(script, "2")
    assert extract(str(tmp_path / "a"), str(tmp_path / "out"), FORMATS)
    assert files(tmp_path / "out") == {"d/x": b"1", "d/link": "-> x", "run": b"2"}
    assert os.path.isdir(tmp_path / "out" / "e")
    assert os.access(tmp_path / "out" / "run", os.X_OK) and not os.access(tmp_path / "out" / "d" / "x", os.X_OK)


def test_what_is_no_archive(tmp_path):
    (tmp_path / "a").write_bytes(b"text")
    assert not extract(str(tmp_path / "a"), str(tmp_path / "out"), FORMATS)
    assert os.listdir(tmp_path) == ["a"]


def test_formats():
    assert checked_formats("auto") == FORMATS and checked_formats("tar") == ("tar",)
    assert checked_formats(["zip", "tar"]) == ("zip", "tar") and checked_formats(None) == checked_formats([]) == ()
    with pytest.raises(NotSupportedError, match="archive_format='rar'"):
        checked_formats("rar")


HOSTILE = [
    [("../evil", b"!")],
    [("a/../../evil", b"!")],
    [("/tmp/evil", b"!")],
    [("link", tarfile.SYMTYPE, ".."), ("link/evil", b"!")],
    [("link", tarfile.SYMTYPE, "/tmp")],
    [("a/link", tarfile.SYMTYPE, "../../evil")],
    [("here", tarfile.SYMTYPE, "."), ("up", tarfile.SYMTYPE, "here/.."), ("up/evil", b"!")],
    [("here", tarfile.SYMTYPE, "."), ("here/evil", b"!")],
    [("sub/x", b"1"), ("link", tarfile.SYMTYPE, "sub"), ("link/../../evil", b"!")],
    [("hard", tarfile.LNKTYPE, "../secret")],
    [("hard", tarfile.LNKTYPE, "/etc/passwd")],
    [("fifo", tarfile.FIFOTYPE, "")],
    [("null", tarfile.CHRTYPE, "")],
    [("disk", tarfile.BLKTYPE, "")],
]


@pytest.mark.parametrize("members", HOSTILE, ids=lambda members: members[-1][0])
def test_hostile_members_are_left_out(tmp_path, members):
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "in").mkdir()
    path = tar(tmp_path / "in" / "a", ("good", b"1"), *members)
    with pytest.warns(UserWarning, match="a member of the archive is not extracted"):
        extract(path, str(tmp_path / "in" / "out"), FORMATS)
    out = tmp_path / "in" / "out"
    found = files(out)
    assert found["good"] == b"1" and b"secret" not in found.values()
    # what else was extracted is inside, also where links lead
    assert all(str((out / name).resolve()).startswith(str(out)) for name in found)
    assert sorted(os.listdir(tmp_path)) == ["in", "secret"] and sorted(os.listdir(tmp_path / "in")) == ["a", "out"]


def test_links_inside_are_kept(tmp_path):
    path = tar(tmp_path / "a", ("d/x", b"1"), ("l", tarfile.SYMTYPE, "d/x"), ("e/f/m", tarfile.SYMTYPE, "../../d"))
    extract(path, str(tmp_path / "out"), FORMATS)
    assert files(tmp_path / "out") == {"d/x": b"1", "l": "-> d/x", "e/f/m": "-> ../../d"}


def test_a_link_is_replaced_rather_than_written_through(tmp_path):
    path = tar(tmp_path / "a", ("x", b"1"), ("l", tarfile.SYMTYPE, "x"), ("l", b"2"))
    extract(path, str(tmp_path / "out"), FORMATS)
    assert files(tmp_path / "out") == {"x": b"1", "l": b"2"}


def test_zip_members_outside_are_left_out(tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w") as file:
        file.writestr("good", "1")
        file.writestr("../evil", "!")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "../secret")
    with pytest.warns(UserWarning, match="not extracted"):
        extract(str(tmp_path / "a"), str(tmp_path / "out"), FORMATS)
    assert files(tmp_path / "out") == {"good": b"1"} and sorted(os.listdir(tmp_path)) == ["a", "out"]


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz", "w", "zip"])
def test_damaged_archives(tmp_path, mode):
    noise = os.urandom(50_000)
    if mode == "zip":
        with zipfile.ZipFile(tmp_path / "a", "w") as file:
            file.writestr("x", noise)
    else:
        tar(tmp_path / "a", ("x", b"1"), ("y", noise), mode=mode)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").write_bytes(b"old")
    data = bytearray((tmp_path / "a").read_bytes())
    if mode == "zip":
        data[1000] ^= 255
    else:
        data = data[: len(data) * 2 // 3]
    (tmp_path / "a").write_bytes(data)
    try:
        known = extract(str(tmp_path / "a"), str(tmp_path / "out"), FORMATS)
    except FileReadError as error:
        assert "is damaged" in str(error)
    else:
        assert not known  # so short that it is no archive any more
    assert files(tmp_path / "out") == {"x": b"old"} and sorted(os.listdir(tmp_path)) == ["a", "out"]


def test_encrypted_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w") as file:
        file.writestr("x", b"1")
    data = bytearray((tmp_path / "a").read_bytes())
    data[6] |= 1  # of the member
    data[data.rindex(b"PK\1\2") + 8] |= 1  # in the directory
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(FileReadError, match="encrypted"):
        extract(str(tmp_path / "a"), str(tmp_path / "out"), FORMATS)


def test_a_folder_that_exists_is_completed(tmp_path):
    path = tar(tmp_path / "a", ("d/x", b"new"), ("l", tarfile.SYMTYPE, "d"))
    (tmp_path / "out" / "d").mkdir(parents=True)
    (tmp_path / "out" / "d" / "x").write_bytes(b"old")
    (tmp_path / "out" / "mine").write_bytes(b"mine")
    extract(path, str(tmp_path / "out"), FORMATS)
    assert files(tmp_path / "out") == {"d/x": b"new", "l": "-> d", "mine": b"mine"}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_and_an_interrupt(tmp_path, monkeypatch, error):
    path = tar(tmp_path / "a", ("x", b"1"), ("y", b"2"))

    def copy(source, file, size):
        if source.read() == b"2":
            raise error
        file.write(b"1")

    monkeypatch.setattr(shutil, "copyfileobj", copy)
    with pytest.raises(FileWriteError if isinstance(error, OSError) else KeyboardInterrupt):
        extract(path, str(tmp_path / "out"), FORMATS)
    assert os.listdir(tmp_path) == ["a"]


def test_members_that_contradict_each_other(tmp_path):
    path = tar(tmp_path / "a", ("x", b"1"), ("x/y", b"2"))
    with pytest.raises(FileWriteError, match="could not be extracted"):
        extract(path, str(tmp_path / "out"), FORMATS)
    path = tar(tmp_path / "a", ("one", tarfile.LNKTYPE, "none"))
    with pytest.raises(FileReadError, match="is damaged"):
        extract(path, str(tmp_path / "out"), FORMATS)
    assert os.listdir(tmp_path) == ["a"]
