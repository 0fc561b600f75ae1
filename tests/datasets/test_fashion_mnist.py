"""Fashion-MNIST in the IDX format of its authors."""

import gzip
import struct

import numpy as np
import pytest

from minikeras.datasets import fashion_mnist
from minikeras.errors import DownloadError, FileReadError


def idx(array, magic=None):
    kind = 0x800 + array.ndim if magic is None else magic
    return gzip.compress(struct.pack(f">{array.ndim + 1}I", kind, *array.shape) + array.tobytes())


IMAGES = np.arange(3 * 784).astype("uint8").reshape(3, 28, 28)
LABELS = np.array([9, 0, 4], "uint8")


@pytest.fixture
def folder(cache):
    folder = cache / "fashion-mnist"
    folder.mkdir()
    for part, count in (("train", 3), ("t10k", 2)):
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(idx(IMAGES[:count]))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(idx(LABELS[:count]))
    return folder


def test_loading(folder, requests):
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    np.testing.assert_array_equal(x_train, IMAGES)
    np.testing.assert_array_equal(x_test, IMAGES[:2])
    assert y_train.tolist() == [9, 0, 4] and y_test.tolist() == [9, 0] and requests == []
    assert x_train.dtype == y_train.dtype == np.uint8


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (idx(IMAGES, magic=0x802), "an IDX file of bytes"),
        (idx(IMAGES[:2]), "an IDX file of bytes"),
        (idx(IMAGES)[:-30], "EOFError|another size"),
        (gzip.compress(gzip.decompress(idx(IMAGES)) + b"1"), "another size"),
        (gzip.compress(gzip.decompress(idx(IMAGES))[:-1]), "another size"),
        (gzip.compress(b"short"), "buffer size|an IDX file"),
        (b"text", "BadGzipFile"),
    ],
    ids=["magic", "images", "cut", "longer", "shorter", "short", "text"],
)
def test_damaged_files(folder, content, text):
    (folder / "train-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(FileReadError, match=text):
        fashion_mnist.load_data()


def test_without_network(cache, requests):
    with pytest.raises(DownloadError, match=r"fashion-mnist' under the name 'train-labels-idx1-ubyte.gz'"):
        fashion_mnist.load_data()
