"""Models in the `.keras` format, also in open files."""

import io
import zipfile

import numpy as np

from minikeras import Sequential, layers
from minikeras.dropin import saving_lib

X = np.ones((2, 3), "float32")


def make():
    return Sequential([layers.Input((3,)), layers.Dense(2)])


def test_open_files():
    model, buffer = make(), io.BytesIO()
    saving_lib.save_model(model, buffer)
    assert zipfile.is_zipfile(buffer)
    buffer.seek(0)
    np.testing.assert_array_equal(saving_lib.load_model(buffer)(X), model(X))


def test_paths(tmp_path):
    model, path = make(), tmp_path / "a.keras"
    saving_lib.save_model(model, path)
    np.testing.assert_array_equal(saving_lib.load_model(path)(X), model(X))
