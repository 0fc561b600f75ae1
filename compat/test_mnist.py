"""Keras's own loader, on the bundled file, returns what minikeras returns."""

import shutil

import keras
import numpy as np
import pytest
from keras.src.datasets import mnist as keras_mnist  # the loader looks `get_file` up in this module

from minikeras.datasets import mnist


def test_same_arrays(tmp_path, monkeypatch):
    (tmp_path / "datasets").mkdir()
    cached = tmp_path / "datasets" / "mnist.npz"
    shutil.copyfile(mnist._BUNDLED_FILE, cached)

    def get_cached_file(fname, origin, file_hash):
        # Without the hash, which is that of one particular archive of the same arrays. The address
        # leads nowhere, so a download would fail.
        return keras.utils.get_file(fname, origin="http://localhost:0/", cache_dir=tmp_path)

    monkeypatch.setattr(keras_mnist, "get_file", get_cached_file)
    theirs = keras.datasets.mnist.load_data()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(mnist, "_BUNDLED_FILE", "not needed")
    ours = mnist.load_data()
    for our_split, their_split in zip(ours, theirs, strict=True):
        for our_array, their_array in zip(our_split, their_split, strict=True):
            assert our_array.dtype == their_array.dtype
            np.testing.assert_array_equal(our_array, their_array)


def test_both_refuse_a_path_with_folders(tmp_path):
    for module in (keras.datasets.mnist, mnist):
        with pytest.raises(ValueError, match="mnist.npz"):
            module.load_data(str(tmp_path / "mnist.npz"))
