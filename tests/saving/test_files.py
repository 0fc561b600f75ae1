"""Saving and loading in the format of the file extension."""

import zipfile

import h5py
import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, ModelFileMissingError, NotSupportedError, StateError
from minikeras.saving import load_model, load_weights, save_model, save_weights


def make(value=1.0):
    model = Sequential([layers.Input((2,)), layers.Dense(1, name="d")])
    model.layers[0].set_weights([np.full((2, 1), value), np.full(1, value)])
    return model


def first_weight(model):
    return float(model.get_weights()[0][0, 0])


@pytest.mark.filterwarnings("ignore::minikeras.errors.LegacyWarning")
@pytest.mark.parametrize(("name", "is_zip"), [("a.keras", True), ("a.h5", False), ("a.hdf5", False)])
def test_models(name, is_zip, tmp_path):
    path = tmp_path / name
    save_model(make(3.0), path)
    assert zipfile.is_zipfile(path) == is_zip and h5py.is_hdf5(path) != is_zip
    assert first_weight(load_model(path)) == 3
    model = make()
    load_weights(model, path)
    assert first_weight(model) == 3


@pytest.mark.filterwarnings("ignore::minikeras.errors.LegacyWarning")
@pytest.mark.parametrize(("name", "has_layer_names"), [("a.weights.h5", False), ("a.h5", True)])
def test_weights(name, has_layer_names, tmp_path):
    path = tmp_path / name
    save_weights(make(3.0), path)
    with h5py.File(path) as file:
        assert ("layer_names" in file.attrs) == has_layer_names  # that is how Keras 2 wrote them
    model = make()
    load_weights(model, path)
    assert first_weight(model) == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda folder: save_model(make(), f"{folder}/a.txt"), "`save_model`: the file must end in '.keras'"),
        (lambda folder: load_model(f"{folder}/a.txt"), "`load_model`: the file must end in '.keras' or '.h5'"),
        (lambda folder: load_weights(make(), f"{folder}/a.txt"), "`load_weights`: the file must end in"),
        (lambda folder: save_model(make(), f"{folder}/a.keras", fast=True), r"has no arguments \['fast'\]"),
        (lambda folder: save_weights(make(), f"{folder}/a.weights.h5", fast=True), r"has no arguments \['fast'\]"),
        (lambda folder: load_weights(make(), f"{folder}/a.weights.h5", fast=True), r"has no arguments \['fast'\]"),
        (lambda folder: load_weights(make(), f"{folder}/a.keras", objects_to_skip=[]), "is for '.weights.h5' files"),
        (lambda folder: load_weights(make(), f"{folder}/a.keras", by_name=True), "is for '.h5' files of Keras 2"),
    ],
)
def test_bad_arguments(call, message, tmp_path):
    with pytest.raises(ArgumentError, match=message):
        call(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_minikeras_does_not_write(tmp_path):
    with pytest.raises(NotSupportedError, match="zipped=False"):
        save_model(make(), tmp_path / "a.keras", zipped=False)
    with pytest.raises(NotSupportedError, match="max_shard_size=1"):
        save_weights(make(), tmp_path / "a.weights.h5", max_shard_size=1)


@pytest.mark.parametrize("call", [save_weights, load_weights])
def test_models_that_are_not_built(call, tmp_path):
    with pytest.raises(StateError, match="is not built, so it has no weights yet"):
        call(Sequential([layers.Dense(1)]), tmp_path / "a.weights.h5")


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(ModelFileMissingError):
        load_model(tmp_path / "a.keras")
    with pytest.raises(ModelFileMissingError):
        load_weights(make(), tmp_path / "a.weights.h5")


def test_layers_that_are_skipped(tmp_path):
    path, model = tmp_path / "a.weights.h5", make(3.0)
    save_weights(model, path)
    other = make()
    load_weights(other, path, objects_to_skip=other.layers)
    assert first_weight(other) == 1


@pytest.mark.parametrize(("answers", "is_written"), [(["y"], True), (["n"], False), (["what?", "Y "], True)])
def test_the_user_is_asked(answers, is_written, tmp_path, monkeypatch, capsys):
    path, questions = tmp_path / "a.weights.h5", []
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or answers[len(questions) - 1])
    save_weights(make(1.0), path, overwrite=False)
    assert questions == []  # there is nothing to overwrite
    save_weights(make(2.0), path, overwrite=False)
    assert len(questions) == len(answers) and "already exists - overwrite? [y/n]" in questions[0]
    assert ("specify overwrite=True" in capsys.readouterr().out) == is_written
    model = make(0.0)
    load_weights(model, path)
    assert first_weight(model) == (2 if is_written else 1)
