"""Downloads from a server on the loopback address that drops, lies, redirects and stalls."""

import errno
import hashlib
import os
import socket

import pytest

from minikeras.errors import DownloadError, FileWriteError, UnknownNameError
from minikeras.utils import downloads
from minikeras.utils.downloads import download, has_hash, hasher_of

from .conftest import answer

BODY = bytes(range(256)) * 1000


@pytest.fixture
def target(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    return str(tmp_path / "file")


def content(target):
    """The content of the target, which is alone in its folder: no temporary file is left."""
    assert os.listdir(os.path.dirname(target)) == ["file"]
    with open(target, "rb") as file:
        return file.read()


def refused(site, target, path="/x", file_hash=None, error=DownloadError):
    with pytest.raises(error) as info:
        download(site.url(path), target, file_hash, "auto")
    assert content(target) == b"old"
    return str(info.value)


@pytest.mark.parametrize("length", [None, "none", "abc"])
def test_a_download(site, target, capsys, length):
    site.pages["/x"] = answer(BODY, length)
    download(site.url("/x"), target, hashlib.sha256(BODY).hexdigest(), "auto")
    assert content(target) == BODY
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Downloading data from {site.url('/x')}"
    assert (f"{len(BODY)}/{len(BODY)} " in lines[1]) == (length is None) and str(len(BODY)) in lines[1]
    assert os.stat(target).st_mode & 0o777 == 0o666 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_an_empty_file(site, target):
    site.pages["/x"] = answer(b"")
    download(site.url("/x"), target, None, "auto")
    assert content(target) == b""


def test_redirects(site, target):
    site.pages["/a"] = answer(b"", status=302, Location="/b")
    site.pages["/b"] = answer(b"", status=301, Location="/x")
    site.pages["/x"] = answer(BODY)
    download(site.url("/a"), target, None, "auto")
    assert content(target) == BODY and site.requests == ["/a", "/b", "/x"]


def test_redirects_in_a_circle_and_to_files(site, target, tmp_path):
    site.pages["/x"] = answer(b"", status=302, Location="/x")
    assert "the server answered 302" in refused(site, target)
    site.pages["/x"] = answer(b"", status=302, Location=f"file://{target}")
    assert "the server answered 302" in refused(site, target)


def test_a_server_that_drops(site, target):
    def page(handler):
        answer(BODY[:1000], length=len(BODY))(handler)
        handler.connection.shutdown(socket.SHUT_RDWR)

    site.pages["/x"] = page
    assert f"{len(BODY)} bytes were announced, and 1000 came" in refused(site, target)


def test_a_server_that_resets_the_connection(site, target):
    def page(handler):
        answer(BODY[:1000], length=len(BODY))(handler)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        handler.connection.close()

    site.pages["/x"] = page
    text = refused(site, target)
    assert "could not be downloaded" in text


def test_a_server_that_sends_more_than_it_said(site, target):
    site.pages["/x"] = answer(BODY, length=10)
    wrong = refused(site, target, file_hash=hashlib.sha256(BODY).hexdigest())
    assert "not the expected file" in wrong and hashlib.sha256(BODY[:10]).hexdigest() in wrong


def test_a_server_that_stalls(site, target, monkeypatch):
    monkeypatch.setattr(downloads, "_TIMEOUT", 0.1)

    def page(handler):
        answer(BODY[:1000], length=len(BODY))(handler)
        site.over.wait()

    site.pages["/x"] = page
    assert "the server sent nothing for 0.1 s" in refused(site, target)
    site.pages["/x"] = lambda handler: site.over.wait()
    assert "the server sent nothing for 0.1 s" in refused(site, target)


@pytest.mark.parametrize("status", [404, 500])
def test_answers_of_errors(site, target, status):
    site.pages["/x"] = answer(b"no", status=status)
    assert f"the server answered {status}" in refused(site, target)


def test_a_server_that_speaks_another_language(site, target):
    site.pages["/x"] = lambda handler: handler.wfile.write(b"SSH-2.0\r\n")
    assert "BadStatusLine" in refused(site, target)


def test_no_server(site, target):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/y.zip"
    with pytest.raises(DownloadError) as error:
        download(url, target, None, "auto")
    text = str(error.value)
    assert url in text and os.path.dirname(target) in text and "under the name 'file'" in text and content(target)


@pytest.mark.parametrize("url", ["file:///does/not/exist", "nothing", "gopher://x/y", "http://[x/y", "http://"])
def test_urls_that_lead_nowhere(target, url):
    with pytest.raises(DownloadError):
        download(url, target, None, "auto")
    assert content(target) == b"old"


def test_a_wrong_hash(site, target):
    site.pages["/x"] = answer(BODY)
    text = refused(site, target, file_hash="0" * 32)
    assert "not the expected file" in text and hashlib.md5(BODY).hexdigest() in text


def test_a_full_disk(site, target, monkeypatch):
    site.pages["/x"] = answer(BODY)
    opened = os.fdopen

    class Full:
        def __init__(self, *args):
            self.file = opened(*args)

        def __enter__(self):
            return self

        def __exit__(self, *exception):
            self.file.close()

        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdopen", Full)
    assert "No space left on device" in refused(site, target, error=FileWriteError)


def test_an_interrupt(site, target, monkeypatch):
    site.pages["/x"] = answer(BODY)

    def interrupted(self, *args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(downloads.Progbar, "update", interrupted)
    refused(site, target, error=KeyboardInterrupt)


def test_hashes_of_files(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of FIPS 180-2
    md5 = "900150983cd24fb0d6963f7d28e17f72"  # of RFC 1321
    assert has_hash(tmp_path / "a", sha, "auto") and has_hash(tmp_path / "a", sha.upper(), "sha256")
    assert has_hash(tmp_path / "a", md5, "auto") and has_hash(tmp_path / "a", md5, "md5")
    assert not has_hash(tmp_path / "a", md5, "sha256") and not has_hash(tmp_path / "a", "x" * 32, "auto")
    with pytest.raises(UnknownNameError, match="Known: 'auto', 'md5', 'sha256'"):
        hasher_of(sha, "sha1")
