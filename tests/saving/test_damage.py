"""Files with bytes that were changed, cut out or cut off: each loads as what was saved, or ends in the error."""

import os
import tempfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minikeras import Sequential, layers, saving
from minikeras.errors import ModelFileError

MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None  # thousands of files, which need not reach the disk
MANY = settings(
    max_examples=800, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
CHANGES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4)
CUTS = st.tuples(st.floats(0, 1, exclude_max=True), st.floats(0, 1))


def damaged(data, damage):
    """Returns bytes with some of them changed, or without those between two places, given as shares of the length."""
    if isinstance(damage, tuple):
        first, last = sorted(int(place * len(data)) for place in damage)
        return data[:first] + data[last:]
    data = bytearray(data)
    for place, flip in damage:
        data[int(place * len(data))] ^= flip
    return bytes(data)


@pytest.fixture(scope="module")
def saved():
    """A small trained model, a folder, and its files' bytes by name."""
    model = Sequential([layers.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        model.save(f"{folder}/a.keras")
        model.save_weights(f"{folder}/a.weights.h5")
        model.save(f"{folder}/a.h5")
        yield Saved(model, folder)


class Saved:
    """A model, a folder, and the bytes of its files."""

    def __init__(self, model, folder):
        self.model, self.folder = model, folder
        self.other = Sequential([layers.Input((2,)), layers.Dense(1)])
        self.other.compile("sgd", "mse")
        names = ("a.keras", "a.weights.h5", "a.h5")
        self.model_file, self.weights_file, self.old_file = (self.bytes(name) for name in names)

    def bytes(self, name):
        with open(f"{self.folder}/{name}", "rb") as file:
            return file.read()

    def reads(self, name, data):
        """Asserts that a file is refused, or gives what was saved; returns whether it was read."""
        path, before, again = f"{self.folder}/{name}", state(self.model), self.model
        with open(path, "wb") as file:
            file.write(data)
        try:
            if name.endswith(".keras"):
                again = saving.load_model(path)
                assert again.get_config() == self.model.get_config()
                assert again.get_compile_config() == self.model.get_compile_config()
            else:
                again.load_weights(path)
        except ModelFileError as error:
            assert error.path == path and state(self.model) == before
            return False
        assert state(again) == before
        return True


def state(model):
    return [(v.name, v.dtype, v.shape, v.numpy().tobytes()) for v in (*model.weights, *model.optimizer.variables)]


@MANY
@given(damage=CHANGES | CUTS)
def test_models(saved, damage):
    saved.reads("b.keras", damaged(saved.model_file, damage))


@MANY
@given(damage=CHANGES | CUTS)
def test_weights(saved, damage):
    saved.reads("b.weights.h5", damaged(saved.weights_file, damage))


@MANY
@pytest.mark.filterwarnings("ignore:Optimizer")
@given(damage=CHANGES)
def test_weights_without_a_checksum(saved, damage):
    """Those that Keras writes: HDF5 notices only some of the damage, but never ends in anything but the error."""
    path = f"{saved.folder}/d.weights.h5"
    with open(path, "wb") as file:
        file.write(damaged(saved.weights_file[:-51], damage))
    other, before = saved.other, state(saved.other)
    try:
        other.load_weights(path)
    except ModelFileError as error:
        assert error.path == path and state(other) == before


@settings(MANY, max_examples=600)
@pytest.mark.filterwarnings("ignore:Optimizer")
@given(damage=CHANGES)
def test_old_models_without_a_checksum(saved, damage):
    path = f"{saved.folder}/d.h5"
    with open(path, "wb") as file:
        file.write(damaged(saved.old_file[:-51], damage))
    try:
        saving.load_model(path)
    except ModelFileError as error:
        assert error.path == path


def test_texts_without_an_end(saved):
    """What is free among the texts has no size: HDF5 would look at it again and again. It is not asked for texts."""
    data = bytearray(saved.old_file[:-51])
    place = data.find(b"GCOL") + 16
    while int.from_bytes(data[place : place + 2], "little"):
        place += 16 + (int.from_bytes(data[place + 8 : place + 16], "little") + 7) // 8 * 8
    data[place + 8 : place + 16] = bytes(8)
    path = f"{saved.folder}/e.h5"
    with open(path, "wb") as file:
        file.write(data)
    assert state(saving.load_model(path)) == state(saved.model)


def test_every_end(saved):
    """Cut off after any of its bytes, a file is refused; without its checksum, weights are read unchecked."""
    data = saved.model_file
    assert saved.reads("c.keras", data) and not any(
        saved.reads("c.keras", data[:end]) for end in range(0, len(data), 7)
    )
    data = saved.weights_file
    assert saved.reads("c.weights.h5", data)
    read = [end for end in range(0, len(data), 5) if saved.reads("c.weights.h5", data[:end])]
    assert min(read) >= len(data) - 52
