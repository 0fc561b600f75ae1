import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentTypeError


def scaled(x, factor=2.0):
    return x * factor


def test_lambda():
    assert layers.Lambda(scaled, arguments={"factor": 3.0})([[1.0]]).tolist() == [[3]]
    layer = layers.Lambda(scaled, output_shape=(2,), name="twice")
    assert layer(layers.Input((2,))).shape == (None, 2)
    again = layers.Lambda.from_config(layer.get_config(), {"scaled": scaled})
    assert again([[1.0, 2.0]]).tolist() == [[2, 4]]
    assert layers.Lambda(lambda x, training: x if training else -x)([[1.0]], training=True).tolist() == [[1]]
    masked = layers.Lambda(lambda x: x, mask=lambda inputs, mask: ops.any(inputs > 0, axis=-1))
    assert get_mask(masked(np.array([[[1.0], [-1.0]]]))).tolist() == [[True, False]]
    with pytest.raises(ArgumentTypeError, match="Lambda: `function` must be a function"):
        layers.Lambda(3)


def test_a_lambda_is_differentiated():
    model = minikeras.Sequential(
        [layers.Input((1,)), layers.Dense(1, kernel_initializer="ones"), layers.Lambda(scaled)]
    )
    model.compile(minikeras.optimizers.SGD(0.125), "mse")
    model.fit(np.ones((1, 1)), np.zeros((1, 1)), verbose=0)
    assert model.get_weights()[0].tolist() == [[0]]  # 1 - 0.125 * 2 * 2 * 2
