"""GRUCell: a step by itself, as in a loop of the user's."""

import numpy as np

from minikeras import layers

X = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")


def test_a_loop_over_steps_is_the_layer():
    layer = layers.GRU(2, return_sequences=True)
    expected = layer(X)
    states, outputs = layer.cell.get_initial_state(3), []
    assert len(states) == 1 and states[0].shape == (3, 2)
    for step in range(4):
        output, states = layer.cell(X[:, step], states)
        outputs.append(output)
    np.testing.assert_allclose(np.stack(outputs, 1), expected, rtol=1e-5)


def test_config():
    cell = layers.GRUCell(2, dropout=0.1, recurrent_dropout=0.2, seed=4, name="c")
    again = layers.GRUCell.from_config(cell.get_config())
    assert again.get_config() == cell.get_config() and again.seed == 4 and again.name == "c"
    assert cell.state_size == 2 and cell.output_size == 2
