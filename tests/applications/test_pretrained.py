"""Files of weights."""

import hashlib

import pytest

from minikeras.applications.pretrained import STORAGE, Weights, kernels, two_files
from minikeras.errors import DownloadError


def test_urls():
    files = two_files("https://x.org/m", ("a", None), (".h5", "_no_top.h5"))
    assert files.top == Weights("https://x.org/m.h5", "a")
    assert files.features == Weights("https://x.org/m_no_top.h5", None)
    assert kernels("f", "m", ("a", "b")).top.url == f"{STORAGE}f/m_weights_tf_dim_ordering_tf_kernels.h5"


def test_a_file_is_downloaded_once_and_checked(cache, tmp_path, capsys):
    there = tmp_path / "there.h5"
    there.write_bytes(b"weights")
    weights = Weights(there.as_uri(), hashlib.md5(b"weights").hexdigest(), "here.h5")
    assert weights.fetch() == str(cache / "here.h5")
    there.unlink()
    assert weights.fetch() == str(cache / "here.h5")
    assert (cache / "here.h5").read_bytes() == b"weights"


def test_the_name_in_the_cache_is_that_in_the_storage(cache, tmp_path, capsys):
    (tmp_path / "there.h5").write_bytes(b"weights")
    assert Weights((tmp_path / "there.h5").as_uri()).fetch() == str(cache / "there.h5")


def test_a_wrong_hash(cache, tmp_path, capsys):
    (tmp_path / "there.h5").write_bytes(b"other")
    with pytest.raises(DownloadError, match="hash"):
        Weights((tmp_path / "there.h5").as_uri(), hashlib.md5(b"weights").hexdigest()).fetch()
    assert list(cache.iterdir()) == []
