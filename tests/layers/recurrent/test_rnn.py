"""RNN: cells of the user, masks, states, and what is refused."""

import json

import numpy as np
import pytest

import minikeras
from minikeras import Sequential, layers, ops
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentError, MinikerasError, NotSupportedError, ShapeError
from tests.distribution.groups import Twins, shared
from tests.helpers import plans_of, run_layer_test, run_step_test

X = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")


def ramp(*values):
    return np.float32(values).reshape(1, -1, 1)


def summing(**arguments):
    """A layer that adds all inputs up."""
    given = {"activation": None, "use_bias": False, "kernel_initializer": "ones", "recurrent_initializer": "ones"}
    return layers.SimpleRNN(1, **given, **arguments)


@minikeras.saving.register_keras_serializable("tests_of_rnn")
class Counter(layers.Layer):
    """Its output is none of its states: the input, and how many inputs there were so far."""

    state_size = output_size = 1

    def call(self, inputs, states):
        return inputs, [states[0] + 1]


@minikeras.saving.register_keras_serializable("tests_of_rnn")
class Nested(layers.Layer):
    """A cell with nested states and weights, and without initial states of its own."""

    state_size = [[2, 3], 2]
    output_size = 3

    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[-1], 3), "ones", name="kernel")

    def call(self, inputs, states):
        (first, second), third = states
        second = ops.tanh(second + inputs @ self.kernel)
        return second, [[first + inputs, second], third * 0.5 + 1]


class Matrices(layers.Layer):
    """A cell whose state is a matrix for each sequence."""

    state_size, output_size = 4, 2

    def get_initial_state(self, batch_size=None):
        return [ops.zeros((batch_size, 2, 2))]

    def call(self, inputs, states):
        state = states[0] + inputs[:, None, :] * inputs[:, :, None]
        return ops.sum(state, axis=-1), [state]


class Plain:
    """A cell that is no layer."""

    state_size = 2

    def call(self, inputs, states):
        return inputs + states[0], [inputs + states[0]]


def test_cells_of_the_user_in_full():
    double = {"dtype": "float64"}
    run_layer_test(lambda: layers.RNN(Nested(**double), return_sequences=True, **double), (2, 3, 2), (2, 3, 3))
    run_layer_test(lambda: layers.RNN(layers.LSTMCell(2, **double), unroll=True, **double), (2, 3, 2), (2, 2), 1)


def test_states_keep_their_dtype():
    class Half(layers.Layer):
        state_size = 2

        def call(self, inputs, states):
            return inputs, [ops.cast(states[0] + inputs, "float16")]

    output, state = layers.RNN(Half(), return_state=True)(X)
    assert output.dtype == state.dtype == "float32"
    np.testing.assert_allclose(state, X.sum(axis=1), atol=1e-2)


def test_a_stack_with_cells_of_the_user_in_full():
    run_layer_test(lambda: layers.RNN([Nested(), layers.GRUCell(2, dropout=0.5, seed=1)]), (2, 3, 2), (2, 2), order=0)


def test_nested_states():
    output, (first, second), third = layers.RNN(Nested(), return_state=True)(X)
    np.testing.assert_allclose(first, X.sum(axis=1), rtol=1e-5)
    assert np.array_equal(output, second) and third.tolist() == [[1.875, 1.875]] * 3
    symbolic = layers.RNN(Nested(), return_state=True)(minikeras.Input((None, 2)))
    assert [each.shape for each in minikeras.tree.flatten(symbolic)] == [(None, 3), (None, 2), (None, 3), (None, 2)]


def test_states_of_any_rank():
    mask = np.array([[True, False, True, True], [False] * 4, [True] * 4])
    layer = layers.RNN(Matrices(), return_state=True, return_sequences=True)
    outputs, state = layer(X, mask=mask)
    expected = np.einsum("btx,bty,bt->bxy", X, X, mask)
    np.testing.assert_allclose(state, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(outputs[:, -1], expected.sum(axis=-1), rtol=1e-5, atol=1e-6)
    start = np.ones((3, 2, 2), "float32")
    np.testing.assert_allclose(layer(X, initial_state=[start], mask=mask)[1], expected + 1, rtol=1e-5, atol=1e-6)
    assert [each.shape for each in layer(minikeras.Input((5, 2)))] == [(None, 5, 2), (None, 2, 2)]
    with pytest.raises(ShapeError, match=r"1 state\(s\) of shape \(3, 2, 2\). Received 1: \(3, 4\)"):
        layer(X, initial_state=[np.zeros((3, 4), "float32")])


def test_cells_that_are_no_layers():
    layer = layers.RNN(Plain(), return_sequences=True)
    np.testing.assert_allclose(layer(X), np.cumsum(X, axis=1), rtol=1e-5)
    assert layer(minikeras.Input((7, 2))).shape == (None, 7, 2)
    stack = layers.RNN([Plain(), Plain()], return_state=True)
    output, first, second = stack(X)
    np.testing.assert_allclose(first, X.sum(axis=1), rtol=1e-5)
    assert np.array_equal(output, second)


def test_constants():
    class Scaled(layers.Layer):
        state_size = 2

        def call(self, inputs, states, constants):
            return states[0] + inputs * constants[0], [states[0] + inputs * constants[0]]

    layer, scale = layers.RNN(Scaled()), np.float32([[1, 2], [3, 4], [5, 6]])
    np.testing.assert_allclose(layer(X, constants=[scale]), X.sum(axis=1) * scale, rtol=1e-4)
    x, c = minikeras.Input((4, 2)), minikeras.Input((2,))
    model = minikeras.Model([x, c], layer(x, constants=[c]))
    np.testing.assert_allclose(model([X, scale]), X.sum(axis=1) * scale, rtol=1e-4)


# ---------------------------------------------------------------- masks


@pytest.mark.parametrize("unroll", [False, True])
def test_masked_steps_repeat_the_last_output(unroll):
    """And not the state, where that is something else."""
    layer = layers.RNN(Counter(), return_sequences=True, return_state=True, unroll=unroll)
    mask = np.array([[False, True, True, False]])
    outputs, count = layer(ramp(4, 5, 6, 7), mask=mask)
    assert outputs[0, :, 0].tolist() == [0, 5, 6, 6] and count.tolist() == [[2]]
    last = layers.RNN(Counter(), unroll=unroll)(ramp(4, 5, 6, 7), mask=mask)
    assert last.tolist() == [[6]]
    backward = layers.RNN(Counter(), return_sequences=True, go_backwards=True, unroll=unroll)
    assert backward(ramp(4, 5, 6, 7), mask=mask)[0, :, 0].tolist() == [0, 6, 5, 5]
    zeros = layers.RNN(Counter(), return_sequences=True, zero_output_for_mask=True, unroll=unroll)
    assert zeros(ramp(4, 5, 6, 7), mask=mask)[0, :, 0].tolist() == [0, 5, 6, 0]
    zeros = layers.RNN(Counter(), zero_output_for_mask=True, unroll=unroll)
    assert zeros(ramp(4, 5, 6, 7), mask=mask).tolist() == [[0]]


@pytest.mark.parametrize("unroll", [False, True])
def test_leading_masked_steps_output_zero(unroll):
    """And not the initial state."""
    layer = summing(return_sequences=True, return_state=True, unroll=unroll)
    mask = np.array([[False, True, False, True], [False] * 4])
    outputs, state = layer(np.ones((2, 4, 1), "float32"), mask=mask, initial_state=np.float32([[10], [20]]))
    assert outputs[:, :, 0].tolist() == [[0, 11, 11, 12], [0, 0, 0, 0]] and state.tolist() == [[12], [20]]
    last = summing(unroll=unroll)(np.ones((2, 4, 1), "float32"), mask=mask, initial_state=np.float32([[10], [20]]))
    assert last.tolist() == [[12], [0]]


def test_go_backwards_reverses_the_mask():
    layer = summing(return_sequences=True, go_backwards=True)
    assert layer(ramp(1, 2, 4, 8))[0, :, 0].tolist() == [8, 12, 14, 15]
    mask = np.array([[True, True, True, False]])
    assert layer(ramp(1, 2, 4, 8), mask=mask)[0, :, 0].tolist() == [0, 4, 6, 7]


def test_masks_of_other_kinds():
    layer, mask = summing(), np.array([[True, False, True]])
    expected = layer(ramp(1, 2, 4), mask=mask)
    assert expected.tolist() == [[5]]
    for other in (mask.astype("int32"), mask[..., None], [mask, None]):
        assert np.array_equal(layer(ramp(1, 2, 4), mask=other), expected)
    for wrong in (np.ones((1, 4), bool), np.ones((1, 3, 2), bool), np.ones(3, bool)):
        with pytest.raises(ShapeError, match=r"expected a mask of shape \(batch, steps\), \(1, 3\). Received"):
            layer(ramp(1, 2, 4), mask=wrong)


def test_where_masks_come_from_and_go_to():
    masked = layers.Masking()(ramp(1, 0, 4))
    found = layers.LSTM(2, return_sequences=True, return_state=True)(masked)
    assert get_mask(found[0]).tolist() == [[True, False, True]] and get_mask(found[1]) is None
    assert get_mask(layers.LSTM(2)(masked)) is None
    model = minikeras.Sequential([layers.Embedding(5, 3, mask_zero=True), layers.GRU(2)])
    found = model(np.array([[1, 2, 0, 0], [1, 0, 2, 0]]))
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize("arguments", [{}, {"return_sequences": True}, {"go_backwards": True}], ids=str)
def test_unroll_equals_the_loop(kind, arguments):
    mask = np.array([[False, True, False, True], [False] * 4, [True] * 4])
    loop, unrolled = (getattr(layers, kind)(2, unroll=unroll, **arguments) for unroll in (False, True))
    for layer in (loop, unrolled):
        layer.build(X.shape)
    unrolled.set_weights(loop.get_weights())
    for given in (None, mask):
        np.testing.assert_allclose(unrolled(X, mask=given), loop(X, mask=given), rtol=1e-5, atol=1e-6)
    model = minikeras.Sequential([layers.Input((None, 2)), unrolled])
    np.testing.assert_allclose(model(X), loop(X), rtol=1e-5, atol=1e-6)


def test_unrolling_needs_the_length():
    with pytest.raises(ArgumentError, match="`unroll=True` needs sequences of a known length"):
        layers.RNN(Counter(), unroll=True)(minikeras.Input((None, 1)))


def test_replays_with_masks():
    layer = layers.GRU(2, return_sequences=True)
    layer.build((3, 4, 2))
    masks = [np.random.default_rng(seed).random((3, 4)) > 0.4 for seed in range(3)]
    run_step_test(lambda given: layer(given[0], mask=given[1]), *[(X * k, mask) for k, mask in enumerate(masks)])


# ---------------------------------------------------------------- states


def test_stateful():
    layer = summing(stateful=True, return_state=True)
    assert layer.states is None
    layer.reset_state()
    assert layer(ramp(1, 2))[0].tolist() == [[3]] and layer(ramp(1, 2))[0].tolist() == [[6]]
    assert layer.states[0].numpy().tolist() == [[6]] and layer.weights == layer.trainable_weights
    layer.reset_states()
    assert layer(ramp(1, 2))[0].tolist() == [[3]]
    layer.reset_state([np.float32([[10]])])
    assert layer(ramp(1, 2))[1].tolist() == [[13]]
    assert layer(ramp(1, 2), initial_state=np.float32([[100]]))[1].tolist() == [[103]]
    assert layer(ramp(1, 2))[1].tolist() == [[106]]
    with pytest.raises(ShapeError, match="keeps the states of a batch of 1 sequences. Received 2 sequences"):
        layer(np.ones((2, 3, 1), "float32"))
    with pytest.raises(ArgumentError, match="the layer has 1 states, received 2"):
        layer.reset_state([np.float32([[1]])] * 2)
    with pytest.raises(ArgumentError, match="with stateful=True the batch size must be known"):
        summing(stateful=True)(minikeras.Input((3, 1)))


def test_stateful_models():
    model = minikeras.Sequential([layers.Input(batch_shape=(1, 2, 1)), summing(stateful=True)])
    assert [model.predict(ramp(1, 2), verbose=0).tolist() for _ in range(3)] == [[[3]], [[6]], [[9]]]
    assert model.predict_on_batch(ramp(1, 2)).tolist() == [[12]]
    model.layers[0].reset_state()
    assert model.predict_on_batch(ramp(1, 2)).tolist() == [[3]]
    with pytest.raises(MinikerasError, match="1"):
        model.predict(np.ones((2, 2, 1), "float32"), verbose=0)


def test_stateful_training_by_parts_of_a_sequence():
    model = minikeras.Sequential([layers.Input(batch_shape=(2, 3, 1)), layers.GRU(2, stateful=True), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.random.default_rng(0).normal(size=(6, 3, 1)), np.ones((6, 1))
    model.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0)
    state = model.layers[0].states[0].numpy()
    assert state.any()
    whole = layers.GRU(2)
    whole.build((2, 9, 1))
    whole.set_weights(model.layers[0].get_weights())
    model.layers[0].reset_state()
    for part in range(3):
        model.predict(x[2 * part : 2 * part + 2], batch_size=2, verbose=0)
    sequences = np.concatenate([x[0:2], x[2:4], x[4:6]], axis=1).astype("float32")
    np.testing.assert_allclose(model.layers[0].states[0].numpy(), whole(sequences), rtol=1e-5, atol=1e-6)


def test_initial_states():
    layer, h, c = layers.LSTM(2), np.ones((3, 2), "float32"), np.zeros((3, 2), "float32")
    expected = layer(X, initial_state=[h, c])
    assert not np.allclose(expected, layer(X))
    x, first, second = minikeras.Input((4, 2)), minikeras.Input((2,)), minikeras.Input((2,))
    model = minikeras.Model([x, first, second], layer(x, initial_state=[first, second]))
    assert model([X, h, c]).tobytes() == expected.tobytes()
    again = minikeras.Model.from_config(json.loads(json.dumps(model.get_config())))
    again.set_weights(model.get_weights())
    assert again([X, h, c]).tobytes() == expected.tobytes()
    for wrong in ([h], [h, c, c], [h[:2], c[:2]], [h[:, :1], c[:, :1]], [h, c[0]]):
        with pytest.raises(ShapeError, match=r"LSTM layer '\w+': expected `initial_state` to have 2 state.* Received"):
            layer(X, initial_state=wrong)


def test_the_states_of_a_model_are_the_inputs_of_another():
    encoder, decoder = layers.GRU(2, return_state=True), layers.GRU(2, return_sequences=True)
    x, y = minikeras.Input((4, 2)), minikeras.Input((None, 2))
    _, state = encoder(x)
    model = minikeras.Model([x, y], decoder(y, initial_state=state))
    np.testing.assert_allclose(model([X, X]), decoder(X, initial_state=encoder(X)[1]), rtol=1e-5)


# ---------------------------------------------------------------- what is refused


def test_what_is_no_cell():
    class NoSize(layers.Layer):
        def call(self, inputs, states):
            return inputs, states

    for wrong, message in ((3, "must have a method `call"), (NoSize(), "attribute `state_size`"), ("LSTM", "`call")):
        with pytest.raises(ArgumentError, match=message):
            layers.RNN(wrong)
    with pytest.raises(ArgumentError, match="`cells` must be a list of cells"):
        layers.RNN([])
    with pytest.raises(ArgumentError, match="time_major"):
        layers.RNN(Counter(), time_major=True)


def test_inputs():
    for wrong in (np.ones((2, 3)), np.ones((2, 0, 3))):
        with pytest.raises(
            ShapeError, match=r"expected sequences of shape \(batch, steps, ...\) with at least one step"
        ):
            layers.RNN(layers.GRUCell(2))(wrong)
    with pytest.raises(ShapeError, match="expected 3 axes"):
        layers.GRU(2)(np.ones((2, 3)))
    with pytest.raises(ArgumentError, match="the number of features must be known"):
        layers.GRU(2)(minikeras.Input((3, None)))


def test_new_states_that_do_not_fit():
    class Wrong(layers.Layer):
        state_size = 2

        def __init__(self, result):
            super().__init__()
            self.result = result

        def call(self, inputs, states):
            return self.result(inputs, states)

    for result in (lambda x, s: (x, [s[0], s[0]]), lambda x, s: (x, [s[0][:, :1]])):
        with pytest.raises(ShapeError, match="the new states of a step must be as many, and have the same shapes"):
            layers.RNN(Wrong(result))(X)
    with pytest.raises(ArgumentError, match="a step must return its output and the new states"):
        layers.RNN(Wrong(lambda x, s: x))(X)


@pytest.mark.parametrize("return_sequences", [True, False])
def test_the_loop_over_all_steps(return_sequences):
    layer = summing(return_sequences=return_sequences, go_backwards=True)
    layer.build((None, 3, 1))
    last, outputs, states = layer.inner_loop(ramp(1, 2, 3), np.float32([[10.0]]), np.array([[True, True, False]]))
    assert float(last[0, 0]) == 13.0 and [each.tolist() for each in states] == [[[13.0]]]
    # The first step is masked: its output is zero, as there was none before.
    assert outputs.tolist() == ([[[0.0], [12.0], [13.0]]] if return_sequences else [[[13.0]]])


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_the_loop_can_be_overridden(kind):
    seen = []

    class Doubled(getattr(layers, kind)):
        def inner_loop(self, sequences, initial_state, mask, training=False):
            seen.append((sequences.shape, len(initial_state), mask, training))
            last, outputs, states = super().inner_loop(sequences, initial_state, mask, training=training)
            return last * 2, outputs * 2, states

    for sequences in (False, True):
        layer, plain = (made(3, return_sequences=sequences) for made in (Doubled, getattr(layers, kind)))
        result = layer(X, training=True)
        plain.build(X.shape)
        plain.set_weights(layer.get_weights())
        np.testing.assert_array_equal(result, plain(X) * 2)
    assert seen == [(X.shape, 2 if kind == "LSTM" else 1, None, True)] * 2


def test_the_mode_that_the_loop_is_given():
    class Evaluated(layers.SimpleRNN):
        def inner_loop(self, sequences, initial_state, mask, training=False):
            assert training
            return super().inner_loop(sequences, initial_state, mask, training=False)

    given = {"dropout": 0.5, "seed": 0}
    layer, plain = Evaluated(3, **given), layers.SimpleRNN(3, **given)
    result = layer(X, training=True)
    plain.build(X.shape)
    plain.set_weights(layer.get_weights())
    np.testing.assert_array_equal(result, plain(X, training=False))
    assert np.any(result != plain(X, training=True))


def test_length_of_the_trace():
    """A step is traced once, whatever the length."""
    model = minikeras.Sequential([layers.Input((50, 2)), layers.LSTM(3), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.train_on_batch(np.ones((4, 50, 2)), np.ones((4, 1)))
    (plan,) = plans_of(model).values()
    assert str(plan).count("scan") == 2 and len(str(plan).splitlines()) < 60


def test_states_of_a_batch_are_not_shared_among_processes():
    model = Sequential([layers.Input(batch_shape=(2, 3, 4)), layers.GRU(2, stateful=True)])
    model.compile("sgd", "mse")
    with shared(Twins()), pytest.raises(NotSupportedError, match="GRU layer .* keeps the states of a whole batch, but"):
        model.fit(np.ones((4, 3, 4)), np.ones((4, 2)), batch_size=4, verbose=0)
    assert model.predict(np.ones((2, 3, 4)), batch_size=2, verbose=0).shape == (2, 2)
