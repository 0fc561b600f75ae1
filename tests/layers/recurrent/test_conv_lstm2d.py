"""ConvLSTM2D in full; what all ranks share is in `test_conv_lstm`."""

import pytest

from minikeras import layers
from tests.helpers import run_layer_test

CASES = [
    {},
    {"return_sequences": True, "use_bias": False, "activation": "softplus"},
    {"go_backwards": True, "return_sequences": True, "bias_initializer": "ones", "kernel_regularizer": "l2"},
    {"unroll": True, "dropout": 0.3, "recurrent_dropout": 0.4, "seed": 1},
    {"dropout": 0.5, "seed": 2, "unit_forget_bias": False},
]


@pytest.mark.parametrize("arguments", CASES, ids=str)
def test_in_full(arguments):
    shape = (2, 2, 2, 1, 2) if arguments.get("return_sequences") else (2, 2, 1, 2)
    order = 2 if arguments == {} else 1
    run_layer_test(lambda: layers.ConvLSTM2D(2, 2, **arguments), (2, 2, 3, 2, 1), shape, order)
