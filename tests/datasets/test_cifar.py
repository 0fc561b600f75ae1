"""Batches of CIFAR, written as Python 2 pickled them."""

import struct

import numpy as np
import pytest

from minikeras import config
from minikeras.datasets.cifar import load_batch, load_batches
from minikeras.errors import FileReadError


def python2_pickle(images, **labels):
    """The bytes of a pickled dictionary of Python 2: its strings are bytes, and numpy's module has its old name."""
    data = images.tobytes()
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R"
        b"(K\1M" + struct.pack("<H", images.shape[0]) + b"M" + struct.pack("<H", images.shape[1]) + b"\x86"
        b"cnumpy\ndtype\nU\2u1K\0K\1\x87R(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
        b"\x89T" + struct.pack("<I", len(data)) + data + b"tb"
    )
    text = b"\x80\2}(U\4data" + array
    for name, numbers in labels.items():
        text += b"U" + bytes([len(name)]) + name.encode() + b"]("
        text += b"".join(b"K" + bytes([number]) for number in numbers) + b"e"
    return text + b"u."


def images_of(count, start=0):
    return (np.arange(count * 3072) + start).astype("uint8").reshape(count, 3072)


def test_a_batch(tmp_path):
    (tmp_path / "a").write_bytes(python2_pickle(images_of(2), labels=[3, 5], coarse_labels=[1, 0]))
    data, labels = load_batch(str(tmp_path / "a"))
    np.testing.assert_array_equal(data, images_of(2).reshape(2, 3, 32, 32))
    assert labels == [3, 5] and load_batch(str(tmp_path / "a"), "coarse_labels")[1] == [1, 0]


def test_batches_in_both_layouts(tmp_path):
    (tmp_path / "a").write_bytes(python2_pickle(images_of(1), labels=[3]))
    (tmp_path / "b").write_bytes(python2_pickle(images_of(2, 7), labels=[4, 5]))
    images, labels = load_batches(str(tmp_path), ["a", "b"])
    assert images.shape == (3, 32, 32, 3) and images.dtype == np.uint8
    assert labels.tolist() == [[3], [4], [5]] and labels.dtype == np.int64
    assert images[0, 0, 1, 2] == (2 * 1024 + 1) % 256 and images[1, 0, 0, 0] == 7
    config.set_image_data_format("channels_first")
    assert load_batches(str(tmp_path), ["a"])[0].shape == (1, 3, 32, 32)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (python2_pickle(images_of(2), labels=[1]), "1 labels do not fit"),
        (python2_pickle(images_of(2), names=[1, 2]), "KeyError: 'labels'"),
        (python2_pickle(images_of(2), labels=[1, 2])[:-100], "UnpicklingError|EOFError"),
        (b"cos\nsystem\n(S'true'\ntR.", "os.system"),
        (b"K\1.", "AttributeError"),
    ],
)
def test_damaged_batches(tmp_path, content, text):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(FileReadError, match=text):
        load_batch(str(tmp_path / "a"))
    with pytest.raises(FileReadError, match="No such file"):
        load_batch(str(tmp_path / "none"))
