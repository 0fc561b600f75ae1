"""LSTM: values by hand, every argument, weights and attributes."""

import numpy as np
import pytest

from minikeras import initializers, layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test

CASES = [
    {},
    {"return_sequences": True, "use_bias": False, "activation": "softplus"},
    {"go_backwards": True, "return_sequences": True, "bias_initializer": "ones", "kernel_regularizer": "l2"},
    {"unroll": True, "dropout": 0.3, "recurrent_dropout": 0.4, "seed": 1},
    {"dropout": 0.5, "seed": 2, "zero_output_for_mask": True},
    {"unit_forget_bias": False},
    {"recurrent_activation": "hard_sigmoid"},
    {"implementation": 1, "dropout": 0.4, "seed": 1},
]


@pytest.mark.parametrize("arguments", CASES, ids=str)
def test_in_full(arguments):
    shape = (2, 3, 2) if arguments.get("return_sequences") else (2, 2)
    order = 1 if "unroll" in arguments or "dropout" in arguments else 2
    run_layer_test(lambda: layers.LSTM(2, **arguments), (2, 3, 2), shape, order)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_by_hand():
    layer = layers.LSTM(1, return_sequences=True, return_state=True)
    layer.build((None, 2, 1))
    kernel, recurrent, bias = np.float32([[0.5, -1, 2, 1]]), np.float32([[1, 0.5, -0.5, 2]]), np.float32([0, 1, 0.5, 0])
    layer.set_weights([kernel, recurrent, bias])
    h = c = 0.0
    expected = []
    for x in (1.0, -2.0):
        i, f, g, o = x * kernel[0] + h * recurrent[0] + bias
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        expected.append(h)
    outputs, hidden, cell = layer(np.float32([[[1], [-2]]]))
    np.testing.assert_allclose(outputs[0, :, 0], expected, rtol=1e-5)
    np.testing.assert_allclose([hidden[0, 0], cell[0, 0]], [h, c], rtol=1e-5)


def test_bias():
    layer = layers.LSTM(2, bias_initializer=initializers.Constant(0.25))
    layer.build((None, 3, 1))
    assert layer.cell.bias.numpy().tolist() == [0.25, 0.25, 1, 1, 0.25, 0.25, 0.25, 0.25]
    layer = layers.LSTM(2, unit_forget_bias=False)
    layer.build((None, 3, 1))
    assert not layer.cell.bias.numpy().any()


def test_weights_and_attributes():
    layer = layers.LSTM(2, name="r", kernel_constraint="non_neg", recurrent_regularizer="l2", dropout=0.2, seed=3)
    layer.build((None, 5, 3))
    assert [w.path for w in layer.weights] == [f"r/lstm_cell/{name}" for name in ("kernel", "recurrent_kernel", "bias")]
    assert layer.units == 2 and layer.dropout == 0.2 and layer.recurrent_dropout == 0 and layer.use_bias
    assert layer.kernel_constraint is layer.cell.kernel_constraint is layer.cell.kernel.constraint
    assert layer.recurrent_regularizer is layer.cell.recurrent_kernel.regularizer
    config = layer.get_config()
    assert "cell" not in config and config["seed"] == 3 and config["units"] == 2
    frozen = layers.LSTM(2, trainable=False, dtype="float64")
    frozen.build((None, 5, 3))
    assert not frozen.trainable_weights and {w.dtype for w in frozen.weights} == {"float64"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "`units` must be a positive integer"),
        ({"units": 2, "dropout": "a"}, "`dropout` must be a finite number"),
        ({"units": 2, "implementation": 3}, "`implementation` must be 0, 1 or 2. Received: implementation=3"),
        ({"units": 2, "input_size": 3}, "Unrecognized keyword arguments"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        layers.LSTM(**arguments)


def test_there_is_no_cudnn():
    assert layers.LSTM(2).use_cudnn == "auto" and layers.LSTM(2, use_cudnn=False)(np.zeros((1, 2, 3))).shape == (1, 2)
    with pytest.raises(ArgumentError, match='there is no cuDNN. Pass use_cudnn="auto". Received: use_cudnn=True'):
        layers.LSTM(2, use_cudnn=True)(np.zeros((1, 2, 3)))
    with pytest.raises(ArgumentError, match="`use_cudnn` must be"):
        layers.LSTM(2, use_cudnn="x")
