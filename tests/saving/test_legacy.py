import os

import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, LegacyWarning
from minikeras.saving import load_model


def made():
    model = Sequential([layers.Input((2,)), layers.Dense(3), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def test_weights_in_h5_files(tmp_path):
    model, other, path = made(), made(), tmp_path / "net.h5"
    with pytest.warns(LegacyWarning, match=r"save_weights\(.*net.h5'\)` .* write .*net.weights.h5'\)`") as caught:
        model.save_weights(path)
    assert [warning.filename for warning in caught] == [__file__]
    other.load_weights(path)
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), other.get_weights(), strict=True))
    third = Sequential([layers.Input((2,)), layers.Dense(3, name=model.layers[0].name)])
    third.load_weights(path, by_name=True)
    assert np.array_equal(third.get_weights()[0], model.get_weights()[0])


def test_files_without_an_ending(tmp_path):
    model, path = made(), str(tmp_path / "net")
    with pytest.warns(
        LegacyWarning, match=r"`model.save\(.*net'\)` .* `model.save\(.*net.keras'\)`, which is the file"
    ):
        model.save(path)
    with pytest.warns(LegacyWarning, match="net.weights.h5"):
        model.save_weights(path)
    assert sorted(os.listdir(tmp_path)) == ["net.keras", "net.weights.h5"]
    again, other = load_model(path), made()
    other.load_weights(path)
    for each in (again, other):
        assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), each.get_weights(), strict=True))
    with pytest.raises(ArgumentError, match="has to end in"):
        load_model(str(tmp_path / "none"))
    with pytest.raises(ArgumentError, match="has to end in"):
        model.save(tmp_path / "net.txt")
