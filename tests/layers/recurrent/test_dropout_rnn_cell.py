"""Dropout in recurrent cells: one mask for a sequence, seeds that advance, and steps that are replayed."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from tests.helpers import run_step_test

ONES = np.ones((2, 5, 40), "float32")


class Echo(layers.SimpleRNNCell):
    """Returns the inputs after dropout."""

    def call(self, inputs, states, training=False):
        return self._dropped(inputs, states[0], training)[0], states


@pytest.mark.parametrize("unroll", [False, True])
def test_one_mask_for_all_steps(unroll):
    layer = layers.RNN(Echo(40, dropout=0.5, seed=1), return_sequences=True, unroll=unroll)
    first, second = layer(ONES, training=True), layer(ONES, training=True)
    for found in (first, second):
        assert set(np.unique(found)) == {0, 2} and all(np.array_equal(found[:, 0], found[:, step]) for step in range(5))
    assert not np.array_equal(first, second) and np.array_equal(layer(ONES), ONES)


def test_each_gate_has_a_mask_if_the_hidden_state_is_dropped():
    cell = layers.LSTMCell(3, dropout=0.5, recurrent_dropout=0.5, seed=1)
    masks = cell.get_dropout_mask(ONES[:, 0])
    assert len(masks) == 4 and len(cell.get_recurrent_dropout_mask(ONES[:, 0, :3])) == 4
    assert not np.array_equal(masks[0], masks[1]) and cell.get_dropout_mask(ONES[:, 0])[0] is masks[0]
    cell.reset_dropout_mask()
    assert not np.array_equal(cell.get_dropout_mask(ONES[:, 0])[0], masks[0])
    cell.reset_recurrent_dropout_mask()
    assert layers.GRUCell(3, dropout=0.5).get_recurrent_dropout_mask(ONES[:, 0]) is None
    assert isinstance(layers.GRUCell(3, dropout=0.5).get_dropout_mask(ONES[:, 0]), np.ndarray)


def test_seeds():
    def output(seed):
        minikeras.utils.set_random_seed(3)
        return layers.GRU(3, dropout=0.5, recurrent_dropout=0.5, seed=seed)(ONES, training=True)

    assert output(1).tobytes() == output(1).tobytes() != output(2).tobytes()


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_replayed_steps_draw_new_masks(kind):
    layer = getattr(layers, kind)(3, dropout=0.5, recurrent_dropout=0.3, seed=1)
    layer.build(ONES.shape)
    found = run_step_test(lambda x: layer(x, training=True), ONES, ONES, ONES, variables=layer.variables)
    assert not np.array_equal(found[0], found[1])


def test_a_mask_of_a_step_is_not_used_in_another():
    cell = layers.SimpleRNNCell(3, dropout=0.5, seed=1)
    cell.build((2, 40))
    states = cell.get_initial_state(2)
    run_step_test(lambda x: cell(x, states, training=True)[0], ONES[:, 0], ONES[:, 0], variables=cell.variables)
    assert cell(ONES[:, 0], states, training=True)[0].shape == (2, 3)


def test_inference_ignores_rates_with_states_of_all_kinds():
    """States that are inputs of the model, and those of a stateful layer."""
    x, state = np.random.default_rng(2).normal(size=(2, 3, 2)).astype("float32"), np.float32([[0.5, -0.5], [1, 2]])
    inputs = layers.Input((3, 2)), layers.Input((2,))
    dropping, plain = layers.GRU(2, dropout=0.5, recurrent_dropout=0.5), layers.GRU(2)
    model = minikeras.Model(inputs, dropping(inputs[0], initial_state=inputs[1]))
    plain.build(x.shape)
    plain.set_weights(dropping.get_weights())
    np.testing.assert_allclose(
        model.predict([x, state], verbose=0), plain(x, initial_state=state), rtol=1e-5, atol=1e-7
    )
    stateful = layers.GRU(2, dropout=0.5, recurrent_dropout=0.5, stateful=True)
    stateful.build(x.shape)
    stateful.set_weights(dropping.get_weights())
    np.testing.assert_allclose(stateful(x, initial_state=state), plain(x, initial_state=state), rtol=1e-5, atol=1e-7)
