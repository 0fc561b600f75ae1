"""SimpleRNN: values by hand, every argument, weights and attributes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test

CASES = [
    {},
    {"return_sequences": True, "use_bias": False, "activation": "softplus"},
    {"go_backwards": True, "return_sequences": True, "bias_initializer": "ones", "kernel_regularizer": "l2"},
    {"unroll": True, "dropout": 0.3, "recurrent_dropout": 0.4, "seed": 1},
    {"dropout": 0.5, "seed": 2, "zero_output_for_mask": True},
]


@pytest.mark.parametrize("arguments", CASES, ids=str)
def test_in_full(arguments):
    shape = (2, 3, 2) if arguments.get("return_sequences") else (2, 2)
    order = 1 if "unroll" in arguments or "dropout" in arguments else 2
    run_layer_test(lambda: layers.SimpleRNN(2, **arguments), (2, 3, 2), shape, order)


def test_by_hand():
    layer = layers.SimpleRNN(1, activation=None, return_sequences=True)
    layer.build((None, 3, 1))
    layer.set_weights([[[2.0]], [[0.5]], [1.0]])
    # h = 2 x + h / 2 + 1
    assert layer(np.float32([[[1], [0], [2]]]))[0, :, 0].tolist() == [3, 2.5, 6.25]


def test_weights_and_attributes():
    layer = layers.SimpleRNN(2, name="r", kernel_constraint="non_neg", recurrent_regularizer="l2", dropout=0.2, seed=3)
    layer.build((None, 5, 3))
    assert [w.path for w in layer.weights] == [
        f"r/simple_rnn_cell/{name}" for name in ("kernel", "recurrent_kernel", "bias")
    ]
    assert layer.units == 2 and layer.dropout == 0.2 and layer.recurrent_dropout == 0 and layer.use_bias
    assert layer.kernel_constraint is layer.cell.kernel_constraint is layer.cell.kernel.constraint
    assert layer.recurrent_regularizer is layer.cell.recurrent_kernel.regularizer
    config = layer.get_config()
    assert "cell" not in config and config["seed"] == 3 and config["units"] == 2
    frozen = layers.SimpleRNN(2, trainable=False, dtype="float64")
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
        layers.SimpleRNN(**arguments)
