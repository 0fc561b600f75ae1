"""Layers that make their cell themselves: configs and old models."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ShapeError


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_config(kind):
    layer = getattr(layers, kind)(
        3, activation="relu", stateful=True, activity_regularizer="l2", seed=5, dtype="float64"
    )
    config = layer.get_config()
    again = getattr(layers, kind).from_config(config)
    assert again.get_config() == config and again.cell.seed == 5 and again.cell.dtype == "float64"
    assert config["activity_regularizer"]["class_name"] == "L2" and again.stateful


def test_activity_regularizer():
    layer = layers.GRU(2, activity_regularizer="l1", return_sequences=True)
    output = layer(np.ones((2, 3, 1), "float32"))
    np.testing.assert_allclose(layer.losses[0], 0.01 * np.abs(output).sum() / 2, rtol=1e-5)


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_another_number_of_features(kind):
    """It is refused before masks of dropout are drawn."""
    layer = getattr(layers, kind)(2, recurrent_dropout=0.5, seed=1)
    layer(np.ones((1, 3, 4), "float32"))
    before = layer.cell.seed_generator.state.numpy()
    message = rf"{kind} layer '.*': expected shape \(None, None, 4\), received input of shape \(1, 3, 5\)"
    with pytest.raises(ShapeError, match=message):
        layer(np.ones((1, 3, 5), "float32"), training=True)
    assert np.array_equal(layer.cell.seed_generator.state.numpy(), before)
