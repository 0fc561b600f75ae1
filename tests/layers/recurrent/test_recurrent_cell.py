"""What all cells share: rates, masks by gate."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.layers.recurrent.recurrent_cell import placed, product

X = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")


@pytest.mark.parametrize("name", ["SimpleRNNCell", "LSTMCell", "GRUCell"])
def test_rates_are_clipped_as_in_keras(name):
    cell = getattr(layers, name)(2, dropout=-1, recurrent_dropout=3)
    assert (cell.dropout, cell.recurrent_dropout) == (0, 1)


def test_a_rate_of_1():
    """As in Keras, gates ignore it; a cell without gates drops everything."""
    for kind, is_zero in (("SimpleRNN", True), ("LSTM", False), ("GRU", False)):
        layer = getattr(layers, kind)(2, dropout=1.0)
        assert (not layer(X[:, None], training=True).any()) is is_zero


def test_product_of_parts():
    kernel = np.random.default_rng(1).normal(size=(3, 4)).astype("float32")
    assert np.array_equal(product(X, kernel), X @ kernel)
    found = product([X, 2 * X], kernel)
    np.testing.assert_allclose(found, (X @ kernel) * [1, 1, 2, 2], rtol=1e-6)


def test_place_of_an_argument():
    assert list(placed({"a": 1, "b": 2}, "c", 3, after="a").items()) == [("a", 1), ("c", 3), ("b", 2)]
