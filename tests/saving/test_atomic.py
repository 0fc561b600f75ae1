"""Files are replaced in one step, or not at all."""

import os
import stat

import pytest

from minikeras.errors import FileWriteError
from minikeras.saving.atomic import replace_file, write_file


def test_it_is_written(tmp_path):
    path = tmp_path / "a"
    write_file(path, b"one")
    assert path.read_bytes() == b"one"
    write_file(str(path), [b"t", b"wo"])
    assert path.read_bytes() == b"two" and os.listdir(tmp_path) == ["a"]

    def backwards(file):
        file.write(b"  ee")
        file.seek(0)
        file.write(b"th")

    replace_file(path, backwards)
    assert path.read_bytes() == b"thee"
    write_file(tmp_path / ("n" * 255), b"a long name")
    assert (tmp_path / ("n" * 255)).read_bytes() == b"a long name"


def test_permissions_and_links_stay(tmp_path):
    old = os.umask(0o027)
    try:
        write_file(tmp_path / "a", b"")
    finally:
        os.umask(old)
    assert stat.S_IMODE(os.stat(tmp_path / "a").st_mode) == 0o640
    os.chmod(tmp_path / "a", 0o604)
    os.symlink(tmp_path / "a", tmp_path / "link")
    write_file(tmp_path / "link", b"new")
    assert stat.S_IMODE(os.stat(tmp_path / "a").st_mode) == 0o604
    assert (tmp_path / "a").read_bytes() == b"new" and os.path.islink(tmp_path / "link")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("mine"), KeyboardInterrupt()])
def test_a_failure_changes_nothing(error, tmp_path):
    write_file(tmp_path / "a", b"old")

    def pieces():
        yield b"new"
        raise error

    with pytest.raises(FileWriteError if isinstance(error, OSError) else type(error)) as e:
        write_file(tmp_path / "a", pieces())
    assert (tmp_path / "a").read_bytes() == b"old" and os.listdir(tmp_path) == ["a"]
    if isinstance(error, OSError):
        assert str(e.value) == (
            f"[Errno 28] The file '{tmp_path}/a' could not be written: No space left on device. "
            "What was there before is unchanged."
        )
        assert e.value.errno == 28


def test_no_folder(tmp_path):
    for path in (tmp_path / "no" / "a", tmp_path, os.devnull + "/a"):
        with pytest.raises(OSError, match="could not be written"):
            write_file(path, b"")
    assert os.listdir(tmp_path) == []
