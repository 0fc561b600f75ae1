"""The states of cells: sizes, shapes and initial values."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from minikeras.layers.recurrent.states import initial_state_of, output_size_of, shapes_of


class Cell:
    state_size = [[2, 3], 4]

    def call(self, inputs, states):
        return inputs, states


def test_of_a_cell_that_says_only_the_sizes():
    (first, second), third = initial_state_of(Cell(), 5, "float16")
    assert [each.shape for each in (first, second, third)] == [(5, 2), (5, 3), (5, 4)] and third.dtype == "float16"
    assert shapes_of(Cell(), None) == [[(None, 2), (None, 3)], (None, 4)] and output_size_of(Cell()) == 2


def test_of_a_cell_that_makes_them():
    assert [each.shape for each in initial_state_of(layers.LSTMCell(2), 3, "float32")] == [(3, 2), (3, 2)]
    assert output_size_of(layers.GRUCell(4)) == 4 and not np.any(initial_state_of(layers.GRUCell(4), 3, "float32")[0])


def test_negative_sizes():
    """Cells that make their initial states themselves may have any, as those of Keras with convolutions."""

    class Cell(layers.Layer):
        state_size = -1

        def call(self, inputs, states):
            return inputs, states

    with pytest.raises(ArgumentError, match="state_size=-1"):
        layers.RNN(Cell())

    class Own(Cell):
        def get_initial_state(self, batch_size=None):
            return [np.zeros((batch_size, 3), "float32")]

    assert layers.RNN(Own(), return_state=True)(np.ones((2, 4, 3), "float32"))[1].shape == (2, 3)
