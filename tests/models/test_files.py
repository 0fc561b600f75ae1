"""The methods by which a model is saved, loaded and exported."""

import json

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, NotSupportedError


def made():
    return minikeras.Sequential([layers.Input((2,)), layers.Dense(3, name="d")], name="m")


def test_weights_go_into_a_file_and_back(tmp_path):
    model, other = made(), made()
    model.save_weights(tmp_path / "m.weights.h5")
    other.load_weights(tmp_path / "m.weights.h5")
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_model_goes_into_a_file_and_back(tmp_path):
    model = made()
    model.save(tmp_path / "m.keras")
    again = minikeras.models.load_model(tmp_path / "m.keras")
    assert again.name == "m" and again.get_config() == model.get_config()


def test_json():
    config = json.loads(made().to_json(indent=2))
    assert config["class_name"] == "Sequential" and config["config"]["name"] == "m"


def test_refused(tmp_path):
    with pytest.raises(NotSupportedError, match="minikeras writes format='onnx', and format='tf_saved_model' needs"):
        made().export(tmp_path / "m")
    with pytest.raises(ArgumentError, match="Unknown `format` of `export`: 'tf'"):
        made().export(tmp_path / "m", format="tf")
    with pytest.raises(ArgumentError, match=r"`export` has no arguments \['opset'\]"):
        made().export(tmp_path / "m", format="onnx", opset=3)
