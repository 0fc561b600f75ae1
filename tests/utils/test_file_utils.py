"""`get_file`: what is downloaded, when, and where it is kept. Paths were compared with those of Keras."""

import hashlib
import io
import os
import tarfile

import pytest

from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    DownloadError,
    FileReadError,
    FileWriteError,
    NotSupportedError,
    UnknownNameError,
)
from minikeras.utils.file_utils import cache_paths, get_file

from .conftest import answer


def archive(**contents):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    return buffer.getvalue()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_a_file_is_downloaded_once(site, tmp_path, monkeypatch):
    site.pages["/a.txt?b=/c"] = answer(b"abc")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "new" / "home"))
    for _ in range(2):
        path = get_file(origin=site.url("/a.txt?b=/c"))
        assert path == str(tmp_path / "new" / "home" / "datasets" / "a.txt") and read(path) == b"abc"
    assert len(site.requests) == 1
    site.pages["/a.txt?b=/c"] = answer(b"def")
    assert read(get_file(origin=site.url("/a.txt?b=/c"), force_download=True)) == b"def"
    assert len(site.requests) == 2


def test_where_files_are_kept(site, tmp_path):
    site.pages["/x"] = answer(b"abc")
    get = lambda **settings: get_file("n.txt", site.url("/x"), cache_dir=tmp_path, **settings)  # noqa: E731
    assert get() == str(tmp_path / "datasets" / "n.txt")
    assert get(cache_subdir="a/b") == str(tmp_path / "a" / "b" / "n.txt")
    assert get(cache_subdir=str(tmp_path / "abs")) == str(tmp_path / "abs" / "n.txt")


def test_a_stale_file_is_downloaded_again(site, tmp_path, capsys):
    site.pages["/x"] = answer(b"new")
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "x").write_bytes(b"old")
    get = lambda **settings: read(get_file("x", site.url("/x"), cache_dir=tmp_path, **settings))  # noqa: E731
    assert get() == b"old"
    assert get(file_hash=hashlib.md5(b"old").hexdigest()) == b"old" and not site.requests
    with pytest.raises(DownloadError, match="not the expected file"):
        get(file_hash=hashlib.sha256(b"other").hexdigest())
    assert get() == b"old" and "is incomplete or outdated" in capsys.readouterr().out
    assert get(md5_hash=hashlib.md5(b"new").hexdigest()) == b"new"
    assert get(file_hash=hashlib.sha256(b"new").hexdigest(), hash_algorithm="sha256") == b"new"
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("fname", "file", "folder"),
    [
        ("a.tar.gz", "a.tar.gz", "a_extracted"),
        ("a", "a_archive", "a"),
        (None, "b.tgz_archive", "b.tgz"),
    ],
)
def test_archives_are_extracted(site, tmp_path, fname, file, folder):
    site.pages["/b.tgz"] = answer(archive(x=b"1"))
    path = get_file(fname, site.url("/b.tgz"), extract=True, cache_dir=tmp_path, cache_subdir="")
    assert path == str(tmp_path / folder) and read(os.path.join(path, "x")) == b"1"
    assert sorted(os.listdir(tmp_path)) == sorted([file, folder])
    os.remove(os.path.join(path, "x"))  # the folder is completed from the archive, as in Keras
    get_file(fname, site.url("/b.tgz"), untar=True, cache_dir=tmp_path, cache_subdir="")
    assert read(os.path.join(path, "x")) == b"1" and len(site.requests) == 1


def test_what_is_no_archive(site, tmp_path):
    site.pages["/x"] = answer(b"text")
    for settings in ({}, {"archive_format": None}, {"archive_format": ["zip"]}):
        with pytest.warns(UserWarning, match="is not extracted: it is no archive"):
            path = get_file("a", site.url("/x"), extract=True, cache_dir=tmp_path, **settings)
        assert path == str(tmp_path / "datasets" / "a") and not os.path.exists(path)


def test_a_damaged_archive(site, tmp_path):
    site.pages["/x"] = answer(archive(x=os.urandom(9000))[:5000])
    with pytest.raises(FileReadError, match=r"a.tgz' is damaged .*force_download=True"):
        get_file("a.tgz", site.url("/x"), extract=True, cache_dir=tmp_path)
    assert os.listdir(tmp_path / "datasets") == ["a.tgz"]


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({}, ArgumentError, "must be the URL"),
        ({"origin": 3}, ArgumentTypeError, "origin=3"),
        ({"origin": "http://x.org/"}, ArgumentError, "so pass `fname`"),
        ({"origin": "http://x.org/.."}, ArgumentError, "without folders"),
        ({"origin": "http://x.org/a", "fname": "a/b"}, ArgumentError, "fname='a/b'"),
        ({"origin": "http://x.org/a", "fname": ".."}, ArgumentError, "without folders"),
        ({"origin": "http://x.org/a", "fname": 3}, ArgumentError, "expected a path"),
        ({"origin": "http://x.org/a", "archive_format": "rar"}, NotSupportedError, "archive_format='rar'"),
        ({"origin": "http://x.org/a", "hash_algorithm": "sha1"}, UnknownNameError, "'sha1'"),
    ],
)
def test_bad_arguments(tmp_path, settings, error, text):
    with pytest.raises(error, match=text):
        get_file(cache_dir=tmp_path, **settings)
    assert os.listdir(tmp_path) == []


def test_a_cache_that_cannot_be_made(site, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileWriteError, match="pass `cache_dir`"):
        get_file("a", site.url("/x"), cache_dir=tmp_path / "file")
    assert site.requests == []


def test_names():
    assert cache_paths("c", "v1.2.zip", "u", True) == ("c/v1.2.zip", "c/v1_extracted")
    assert cache_paths("c", None, "http://x/y/z.txt", False) == ("c/z.txt", None)
