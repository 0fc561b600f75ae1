"""The cell: formula, shapes, config."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ShapeError
from minikeras.layers.recurrent.conv_lstm_cell import ConvLSTMCell


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_by_hand():
    """Windows of 2, stride 2 on inputs; "same" adds one place at the end of states."""
    cell = ConvLSTMCell(1, 1, 2, strides=2)
    cell.build((None, 4, 1))
    kernel, recurrent = np.float32([[0.5, -1, 2, 1], [1, 0, -1, 0.5]]), np.float32([[1, 0.5, -0.5, 2], [0, 1, 2, -1]])
    bias = np.float32([0, 1, 0.5, 0])
    cell.set_weights([kernel[:, None], recurrent[:, None], bias])
    x, h, c = np.float32([1, -2, 3, 0.5]), np.float32([0.5, -1]), np.float32([0.25, 2])
    output, (hidden, state) = cell(x[None, :, None], [h[None, :, None], c[None, :, None]])
    for place, after in ((0, h[1]), (1, 0.0)):
        z = x[2 * place] * kernel[0] + x[2 * place + 1] * kernel[1] + bias
        i, f, g, o = z + h[place] * recurrent[0] + after * recurrent[1]
        expected = sigmoid(f) * c[place] + sigmoid(i) * np.tanh(g)
        np.testing.assert_allclose(state[0, place, 0], expected, rtol=1e-5)
        np.testing.assert_allclose(output[0, place, 0], sigmoid(o) * np.tanh(expected), rtol=1e-5)
    assert np.array_equal(hidden, output)


def test_shapes():
    cell = ConvLSTMCell(2, 3, 2, data_format="channels_first", dtype="float64")
    shape = (None, 3, 4, 5)
    assert cell.compute_output_shape((None, 1, 5, 6)) == (shape, [shape, shape])
    cell.build((None, 1, 5, 6))
    assert [(state.shape, state.dtype) for state in cell.get_initial_state(2)] == [((2, 3, 4, 5), "float64")] * 2
    with pytest.raises(ShapeError, match="expects inputs with 4 axes"):
        ConvLSTMCell(2, 3, 2).build((None, 5, 1))
    with pytest.raises(ShapeError, match="Raised in `compute_output_shape`"):
        ConvLSTMCell(2, 3, 7).compute_output_shape((None, 5, 6, 1))
    with pytest.raises(ArgumentError, match="`rank` must be 1, 2 or 3"):
        ConvLSTMCell(4, 3, 2)


def test_states_need_spatial_sizes():
    with pytest.raises(AttributeError, match="ConvLSTMCell layer '.*' has no initial states before it is built"):
        ConvLSTMCell(2, 3, 2).get_initial_state(2)


def test_each_gate_has_masks_of_its_own():
    cell = ConvLSTMCell(1, 1, 1, dropout=0.5, seed=2)
    masks = cell.get_dropout_mask(np.ones((1, 40, 1), "float32"))
    assert len(masks) == 4 and len({mask.tobytes() for mask in masks}) == 4
    assert cell.get_recurrent_dropout_mask(np.ones((1, 40, 1), "float32")) is None


def test_config():
    config = ConvLSTMCell(1, 2, 3, padding="same", seed=4, name="c").get_config()
    assert list(config)[3:12] == [
        "filters",
        "kernel_size",
        "strides",
        "padding",
        "data_format",
        "dilation_rate",
        "activation",
        "recurrent_activation",
        "use_bias",
    ]
    assert config["seed"] == 4 and "units" not in config and "rank" not in config  # as in Keras
