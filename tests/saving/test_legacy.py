"""Paths and formats as Keras 2 took them."""

import numpy as np
import pytest

from minikeras import Sequential, layers, saving
from minikeras.callbacks import ModelCheckpoint
from minikeras.errors import ArgumentError, LegacyWarning, UnknownNameError
from minikeras.saving.legacy import in_format


def made():
    model = Sequential([layers.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize(
    ("path", "save_format", "file"),
    [
        ("net", "h5", "net.h5"),
        ("net.h5", "h5", "net.h5"),
        ("net.hdf5", "h5", "net.hdf5"),
        ("net", "keras", "net.keras"),
        ("net", "tf", "net.keras"),
    ],
)
def test_formats(tmp_path, path, save_format, file):
    model = made()
    with pytest.warns(LegacyWarning, match="a path that ends in|which is the file") as caught:
        model.save(tmp_path / path, save_format=save_format)
    assert [each.name for each in tmp_path.iterdir()] == [file] and len(caught) == 1
    x = np.ones((1, 2))
    assert saving.load_model(tmp_path / file).predict(x, verbose=0) == model.predict(x, verbose=0)


def test_formats_that_do_not_fit(tmp_path):
    with pytest.raises(ArgumentError, match="file extension determines the format"):
        made().save(tmp_path / "net.h5", save_format="tf")
    with pytest.raises(UnknownNameError, match="save_format of `model.save`: 'h6'"):
        in_format("net", "h6", "model.save")
    assert list(tmp_path.iterdir()) == [] and in_format("net", None, "model.save") == "net"


@pytest.mark.parametrize("name", ["checkpoints/net", "checkpoints/cp.ckpt"])
def test_checkpoints_of_tensorflow(tmp_path, name):
    model = made()
    with pytest.warns(LegacyWarning, match="which is the file that is written"):
        model.save_weights(tmp_path / name)
    other = made()
    other.load_weights(tmp_path / name)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])
    checkpoint = ModelCheckpoint(tmp_path / "more" / name, save_weights_only=True)
    with pytest.warns(LegacyWarning):
        model.fit(np.ones((2, 2)), np.ones(2), verbose=0, callbacks=[checkpoint])
    assert (tmp_path / "more" / f"{name}.weights.h5").exists()
    with pytest.raises(ArgumentError):
        ModelCheckpoint(tmp_path / name)
