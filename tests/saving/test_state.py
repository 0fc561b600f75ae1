"""The state of a model in HDF5."""

import io

import h5py
import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentTypeError, ModelFileError
from minikeras.saving.source import Source
from minikeras.saving.state import load_state, state_image

SOURCE = Source("a.h5")


def make(units=2):
    model = Sequential([layers.Input((3,)), layers.Dense(units, name="first"), layers.Dense(1, name="second")])
    for number, variable in enumerate(model.variables):
        variable.assign(np.full(variable.shape, number + 1))
    return model


def load(model, image, **options):
    load_state(model, io.BytesIO(image), SOURCE, **options)


def values(model):
    return [float(variable.numpy().flat[0]) for variable in model.variables]


def zeroed(model):
    for variable in model.variables:
        variable.assign(np.zeros(variable.shape))
    return model


def test_the_file():
    with h5py.File(io.BytesIO(state_image(make())), "r") as file:
        assert sorted(file["layers"]) == ["dense", "dense_1"]
        assert file["layers/dense/vars"].attrs["name"] == "first"
        assert file["layers/dense/vars/0"].shape == (3, 2) and file["layers/dense/vars/1"][()].tolist() == [2, 2]


def test_there_and_back():
    model = zeroed(make())
    load(model, state_image(make()))
    assert values(model) == [1, 2, 3, 4]


def test_what_is_skipped():
    model = make()
    image = state_image(model, skipped={id(model.layers[0])})
    with h5py.File(io.BytesIO(image), "r") as file:
        assert list(file["layers"]) == ["dense_1"]
    model = zeroed(make())
    load(model, state_image(make()), skipped={id(model.layers[1])})
    assert values(model) == [1, 2, 0, 0]


def test_nothing_is_changed_by_a_file_that_does_not_fit():
    other = Sequential([layers.Input((3,)), layers.Dense(2), layers.Dense(5)])
    model = make()
    with pytest.raises(ModelFileError, match="in 'layers/dense_1/vars"):
        load(model, state_image(other))
    assert values(model) == [1, 2, 3, 4]


def test_mismatches_are_skipped_with_a_warning():
    model = zeroed(make(units=4))
    with pytest.warns(UserWarning, match=r"2 object\(s\) could not be loaded and keep their weights"):
        load(model, state_image(make()), skip_mismatch=True)
    assert values(model) == [0, 0, 0, 0]


def test_a_file_with_more_layers():
    more = Sequential([layers.Input((3,)), layers.Dense(2), layers.Dense(1), layers.Dense(1)])
    model = zeroed(make())
    with pytest.raises(ModelFileError, match=r"weights of 1 object\(s\) .* 'layers/dense_2'"):
        load(model, state_image(more), all_of_it=True)
    with pytest.warns(UserWarning, match="Weights are skipped"):
        load(model, state_image(more), all_of_it=True, skip_mismatch=True)
    load(model, state_image(more))


class Counter(layers.Layer):
    """Keeps its state itself."""

    count = 0

    def save_own_variables(self, store):
        store["count"] = np.array(self.count)

    def load_own_variables(self, store):
        self.count = int(store["count"])

    def call(self, inputs):
        return inputs


def test_layers_that_keep_their_state_themselves():
    model = Sequential([layers.Input((3,)), Counter()])
    model.layers[0].count = 7
    image = state_image(model)
    model.layers[0].count = 0
    load(model, image)
    assert model.layers[0].count == 7
    model.layers[0].count = "seven"
    with pytest.raises(ArgumentTypeError, match="must store numeric arrays. Received: 'count'"):
        state_image(model)
