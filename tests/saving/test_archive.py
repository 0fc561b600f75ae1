"""Zip archives of models: what is written, and what is refused before it is read."""

import io
import struct
import zipfile

import pytest

from minikeras.errors import ModelFileError
from minikeras.saving.archive import archive_of, opened
from minikeras.saving.source import Source


def write(path, data):
    path.write_bytes(data)
    return path


def read(path, name="a.txt", most=None):
    with opened(path, Source(path)) as members:
        return members.read(name, most)


def zipped(*members, compression=zipfile.ZIP_STORED):
    """An archive of members, each a name or a `ZipInfo`, and its content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for info, data in members:
            archive.writestr(info, data)
    return buffer.getvalue()


def test_there_and_back(tmp_path):
    data = archive_of({"a.txt": b"text", "folder/b": b""})
    path = write(tmp_path / "a.keras", data)
    with opened(path, Source(path)) as members:
        assert members.names == ["a.txt", "folder/b"]
        assert "a.txt" in members and "c" not in members
        assert (members.read("a.txt"), members.read("folder/b")) == (b"text", b"")


def test_the_same_members_give_the_same_bytes():
    assert archive_of({"a": b"1"}) == archive_of({"a": b"1"})
    with zipfile.ZipFile(io.BytesIO(archive_of({"a": bytes(1000)}))) as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED


def test_compressed_members_can_be_read(tmp_path):
    path = write(tmp_path / "a.keras", zipped(("a.txt", bytes(100_000)), compression=zipfile.ZIP_DEFLATED))
    assert read(path) == bytes(100_000)


def test_a_member_that_is_not_there(tmp_path):
    path = write(tmp_path / "a.keras", archive_of({"a.txt": b"text"}))
    with pytest.raises(ModelFileError, match=r"in 'b': there is no such member; the archive has \['a.txt'\]"):
        read(path, "b")


def test_a_member_that_is_too_large(tmp_path):
    path = write(tmp_path / "a.keras", archive_of({"a.txt": bytes(2000)}))
    assert len(read(path, most=2000)) == 2000
    with pytest.raises(ModelFileError, match="it has 2,000 bytes, but at most 1,999"):
        read(path, most=1999)


def test_a_damaged_member(tmp_path):
    data = archive_of({"a.txt": b"the content"})
    path = write(tmp_path / "a.keras", data.replace(b"the content", b"the c0ntent"))
    with pytest.raises(ModelFileError, match="in 'a.txt': .*CRC"):
        read(path)


def info(name, **changes):
    made = zipfile.ZipInfo(name)
    for key, value in changes.items():
        setattr(made, key, value)
    return made


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([("../a.txt", b"")], "points outside the archive"),
        ([("/a.txt", b"")], "points outside the archive"),
        ([("a//b", b"")], "points outside the archive"),
        ([("C:a", b"")], "points outside the archive"),
        ([(info("a.txt", external_attr=0o120777 << 16), b"b")], "a link or another special file"),
        ([(info("a.txt", extra=struct.pack("<HH", 0x000D, 0)), b"")], "a link to another file"),
        ([("a", b""), ("a/b", b"")], "its folder 'a' is a file"),
    ],
)
def test_members_that_no_model_has(members, message, tmp_path):
    path = write(tmp_path / "a.keras", zipped(*members))
    with pytest.raises(ModelFileError, match=message):
        read(path)


def test_two_members_of_one_name(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.txt", b"1"), ("a.txt", b"2"))
    with pytest.raises(ModelFileError, match="two members of that name"):
        read(write(tmp_path / "a.keras", data))


def test_bombs(tmp_path):
    data = zipped(("a.txt", bytes(1 << 25)), compression=zipfile.ZIP_DEFLATED)
    assert len(data) < 1 << 16
    with pytest.raises(ModelFileError, match="it claims 33,554,432 bytes"):
        read(write(tmp_path / "a.keras", data))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"no archive", "it is not a zip archive"),
        (archive_of({"a": b"1"})[:-22], "not a zip archive"),
    ],
)
def test_other_files(data, message, tmp_path):
    with pytest.raises(ModelFileError, match=message):
        read(write(tmp_path / "a.keras", data))


def test_a_directory_that_claims_too_much(tmp_path):
    data = bytearray(archive_of({"a": b"1"}))
    data[-10:-6] = struct.pack("<I", 1 << 30)
    with pytest.raises(ModelFileError, match="has 1,073,741,824 bytes, too many"):
        read(write(tmp_path / "a.keras", bytes(data)))
