"""Backups of a training: what is written comes back. `test_resume` interrupts whole trainings."""

import random

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.callbacks.states import States
from minikeras.callbacks.training_state import (
    Position,
    Progress,
    RandomState,
    mark_finished,
    read_backup,
    write_backup,
)
from minikeras.errors import ModelFileError


def made(rate=0.5):
    model = minikeras.Sequential([layers.Input((2,)), layers.Dropout(rate, seed=1), layers.Dense(3, lora_rank=1)])
    model.compile("sgd", "mse")
    return model


def backup(path, model, **options):
    progress = Progress.of(model, Position(2, 0), RandomState.now(), States({"History": {"a": 1}}))
    write_backup(model, path, progress)
    return progress


def test_random_states_come_back():
    state = RandomState.now()
    expected = np.random.rand(), random.random()
    again = RandomState.of_arrays(state.arrays())
    again.restore()
    assert (np.random.rand(), random.random()) == expected


def test_a_backup_comes_back(tmp_path):
    path, model = str(tmp_path / "b.weights.h5"), made()
    model.layers[1].lora_kernel_b.assign(np.ones((1, 3)))
    backup(path, model)
    progress, other = read_backup(path, ""), made()
    assert progress.position == Position(2, 0) and progress.callbacks.states == {"History": {"a": 1}}
    assert not progress.stopped and not progress.finished
    progress.restore_model(other, path)
    for ours, theirs in zip(other.variables, model.variables, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    mark_finished(path)
    assert read_backup(path, "").finished


def test_another_model_is_refused(tmp_path):
    path = str(tmp_path / "b.weights.h5")
    backup(path, made())
    other = made(rate=0.0)  # without a seed generator
    before = other.get_weights()
    with pytest.raises(ModelFileError, match="variables that no file of weights holds"):
        read_backup(path, "").restore_model(other, path)
    assert all(map(np.array_equal, other.get_weights(), before))
