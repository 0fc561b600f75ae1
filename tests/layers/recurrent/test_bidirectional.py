"""Bidirectional: merging, masks, states, configs, and what is refused."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentError, NotStatefulError, UnknownNameError
from tests.helpers import run_layer_test

X = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")


def summing(**arguments):
    given = {"activation": None, "use_bias": False, "kernel_initializer": "ones", "recurrent_initializer": "ones"}
    return layers.SimpleRNN(1, **given, **arguments)


@pytest.mark.parametrize("mode", ["concat", "sum", "ave", "mul"])
def test_in_full(mode):
    size = 4 if mode == "concat" else 2
    double = {"dtype": "float64"}
    inner = {"return_sequences": True, **double}
    run_layer_test(lambda: layers.Bidirectional(layers.GRU(2, **inner), mode, **double), (2, 3, 2), (2, 3, size))


def test_modes_by_hand():
    x = np.float32([[[1], [2], [4]]])
    forward, backward = np.float32([1, 3, 7]), np.float32([7, 6, 4])
    merged = {"sum": forward + backward, "mul": forward * backward, "ave": (forward + backward) / 2}
    for mode, expected in merged.items():
        assert np.array_equal(layers.Bidirectional(summing(return_sequences=True), mode)(x)[0, :, 0], expected)
    first, second = layers.Bidirectional(summing(return_sequences=True), None)(x)
    assert np.array_equal(first[0, :, 0], forward) and np.array_equal(second[0, :, 0], backward)
    assert layers.Bidirectional(summing())(x).tolist() == [[7, 7]]


def test_masked_steps_are_zero_in_both_directions():
    x, mask = np.float32([[[1], [2], [3], [9]]]), np.array([[True, True, True, False]])
    layer = layers.Bidirectional(summing(return_sequences=True))
    assert layer(x, mask=mask)[0].tolist() == [[1, 6], [3, 5], [6, 3], [0, 0]]
    assert layers.Bidirectional(summing())(x, mask=mask).tolist() == [[6, 6]]
    masked = layers.Masking(9.0)(x)
    assert get_mask(layer(masked)).tolist() == mask.tolist()
    first, second = layers.Bidirectional(summing(return_sequences=True), None)(masked)
    assert get_mask(first) is not None and get_mask(second) is not None
    assert get_mask(layers.Bidirectional(summing())(masked)) is None


def test_states():
    layer = layers.Bidirectional(layers.LSTM(2, return_state=True, return_sequences=True))
    output, *states = layer(X)
    assert (
        len(states) == 4
        and np.array_equal(output[:, -1, :2], states[0])
        and np.array_equal(output[:, 0, 2:], states[2])
    )
    again = layer(X, initial_state=states)
    assert not np.allclose(again[0], output)
    assert [each.shape for each in layer(minikeras.Input((4, 2)))] == [(None, 4, 4)] + [(None, 2)] * 4
    for count in (1, 3):
        with pytest.raises(ArgumentError, match=f"as many states .* Received: {count} state"):
            layer(X, initial_state=states[:count])


def test_stateful():
    layer = layers.Bidirectional(summing(stateful=True))
    x = np.ones((1, 2, 1), "float32")
    assert layer.states is None
    assert layer(x).tolist() == [[2, 2]] and layer(x).tolist() == [[4, 4]] and len(layer.states) == 2
    layer.reset_states()
    assert layer(x).tolist() == [[2, 2]]
    with pytest.raises(NotStatefulError, match="has no states to reset. Make its layer with stateful=True"):
        layers.Bidirectional(summing()).reset_state()


def test_another_layer_backwards():
    backward = layers.GRU(3, go_backwards=True, name="b")
    layer = layers.Bidirectional(layers.LSTM(2, name="a"), backward_layer=backward)
    assert layer(X).shape == layer.compute_output_shape(X.shape) == (3, 5) and layer.backward_layer is backward
    again = layers.Bidirectional.from_config(layer.get_config())
    again.build(X.shape)
    again.set_weights(layer.get_weights())
    assert np.array_equal(again(X), layer(X)) and type(again.backward_layer) is layers.GRU


def test_names_and_weights():
    layer = layers.Bidirectional(layers.LSTM(2, name="l"), name="both")
    layer.build(X.shape)
    assert [w.path.split("/")[:3] for w in layer.weights[::3]] == [
        ["both", "forward_l", "lstm_cell"],
        ["both", "backward_l", "lstm_cell"],
    ]
    again = layers.Bidirectional(layers.LSTM(2), weights=layer.get_weights())
    assert np.array_equal(again(X), layer(X))
    layer.trainable = False
    assert not layer.trainable_weights


def test_dropout_in_training():
    layer = layers.Bidirectional(layers.LSTM(20, dropout=0.5, recurrent_dropout=0.5, seed=1))
    assert not np.allclose(layer(X), layer(X, training=True))


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="`layer` must be a layer"):
        layers.Bidirectional(3)
    with pytest.raises(ArgumentError, match="must be a recurrent layer.*no attribute `go_backwards`"):
        layers.Bidirectional(layers.Dense(3))
    with pytest.raises(UnknownNameError, match="merge_mode of Bidirectional"):
        layers.Bidirectional(layers.GRU(3), "add")
    with pytest.raises(ArgumentError, match="one of the layers must run backwards"):
        layers.Bidirectional(layers.GRU(3), backward_layer=layers.GRU(3))
    with pytest.raises(ArgumentError, match="`return_sequences` must be the same"):
        layers.Bidirectional(layers.GRU(3), backward_layer=layers.GRU(3, go_backwards=True, return_sequences=True))


def test_stateful_in_half_precision_with_masks():
    x = np.random.default_rng(5).normal(size=(2, 3, 2)).astype("float32")
    mask = np.array([[True, True, False], [False, False, False]])
    half, full = (
        layers.Bidirectional(layers.GRU(2, stateful=True, dtype=dtype), dtype=dtype)
        for dtype in ("mixed_float16", "float32")
    )
    for layer in (half, full):
        layer.build(x.shape)
    half.set_weights(full.get_weights())
    for _ in range(2):  # the second time it goes on from its states
        found, expected = half(x, mask=mask), full(x, mask=mask)
        assert found.dtype == "float16"
        np.testing.assert_allclose(found, expected, atol=2e-3)  # three digits
    assert not found[1].any() and {state.dtype for state in half.states} == {"float32"}
