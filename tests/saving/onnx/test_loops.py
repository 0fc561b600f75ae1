"""Loops in ONNX files, run by onnxruntime: recurrent layers and scans, for any number of examples and time steps."""

import numpy as np
import pytest

from minikeras import Model, Sequential, layers, ops
from minikeras.errors import NotSupportedError

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

RNG = np.random.default_rng(4)
X = RNG.normal(size=(3, 5, 4)).astype("float32")
X[0, 2:] = X[1, :1] = 0  # what `Masking` masks
LONGER = RNG.normal(size=(2, 9, 4)).astype("float32")
WORDS = RNG.integers(0, 7, (3, 5)).astype("int32")
CLOSE = {"rtol": 1e-5, "atol": 1e-6}


def compare(model, path, *data):
    """Exports a model, asserts that the file gives what the model does, and returns the kinds of its nodes."""
    model.set_weights([RNG.normal(size=weight.shape).astype(weight.dtype) / 2 for weight in model.get_weights()])
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(path))
    for x in data:
        for part in (x, x[:1]):
            expected = model(part)
            found = session.run(None, {session.get_inputs()[0].name: part})
            expected = expected if isinstance(expected, (list, tuple)) else [expected]
            for mine, other in zip(expected, found, strict=True):
                np.testing.assert_allclose(other, mine, **CLOSE)
    return [node.op_type for node in onnx.load(path).graph.node]


MADE = {
    "LSTM": lambda: layers.LSTM(3),
    "GRU": lambda: layers.GRU(3, return_sequences=True),
    "GRU of Keras 2": lambda: layers.GRU(3, reset_after=False),
    "SimpleRNN": lambda: layers.SimpleRNN(3, return_sequences=True),
    "backwards": lambda: layers.LSTM(3, go_backwards=True, return_sequences=True),
    "both ways": lambda: layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
    "other activations": lambda: layers.LSTM(3, "relu", "hard_sigmoid"),
    "cells": lambda: layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True),
    "zeros": lambda: layers.GRU(3, return_sequences=True, zero_output_for_mask=True),
    "dropout": lambda: layers.LSTM(3, dropout=0.5, recurrent_dropout=0.5),
}


@pytest.mark.parametrize("masked", [False, True], ids=["all", "masked"])
@pytest.mark.parametrize("case", MADE)
def test_recurrent_layers(case, masked, tmp_path):
    parts = [layers.Masking()] if masked else []
    model = Sequential([layers.Input((None, 4)), *parts, MADE[case]()])
    assert "Scan" in compare(model, tmp_path / "a.onnx", X, LONGER)


def test_several_layers_of_a_fixed_length(tmp_path):
    parts = [layers.LSTM(3, return_sequences=True), layers.GRU(2), layers.Dense(1)]
    kinds = compare(Sequential([layers.Input((5, 4)), *parts]), tmp_path / "a.onnx", X)
    assert kinds.count("Scan") == 2


def test_an_unrolled_layer_has_no_loop(tmp_path):
    model = Sequential([layers.Input((5, 4)), layers.LSTM(3, unroll=True)])
    assert "Scan" not in compare(model, tmp_path / "a.onnx", X)


def test_masks_of_words(tmp_path):
    parts = [layers.Embedding(7, 3, mask_zero=True), layers.LSTM(3)]
    compare(Sequential([layers.Input((None,), dtype="int32"), *parts]), tmp_path / "a.onnx", WORDS, WORDS[:, :2])


class Difference(layers.Layer):
    """A cell with two states, whose output is none of them."""

    state_size, output_size = [4, 1], 4

    def call(self, inputs, states):
        return inputs - states[0] / (1 + states[1]), [inputs, states[1] + 1]


class Scaling(layers.Layer):
    """A cell with nested states and a constant."""

    state_size, output_size = [4, (4, 4)], 4

    def call(self, inputs, states, constants):
        kept, (first, second) = states
        return kept * constants[0], [inputs + first, (second, kept)]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_cells_of_users(masked, backwards, tmp_path):
    parts = [layers.Masking()] if masked else []
    layer = layers.RNN(Difference(), return_sequences=True, go_backwards=backwards)
    assert "Scan" in compare(Sequential([layers.Input((None, 4)), *parts, layer]), tmp_path / "a.onnx", X, LONGER)


def test_constants_and_nested_states(tmp_path):
    x = layers.Input((None, 4))
    found = layers.RNN(Scaling(), return_sequences=True)(x, constants=[x[:, 0] * 3])
    compare(Model(x, found), tmp_path / "a.onnx", X, LONGER)


@pytest.mark.parametrize("merge_mode", ["sum", "mul", "ave", None])
def test_both_directions(merge_mode, tmp_path):
    x = layers.Input((None, 4))
    back = layers.GRU(3, return_sequences=True, go_backwards=True)
    made = layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode, backward_layer=back)
    compare(Model(x, made(layers.Masking()(x))), tmp_path / "a.onnx", X, LONGER)


def test_states(tmp_path):
    x = layers.Input((None, 4))
    outputs, *states = layers.LSTM(3, return_sequences=True, return_state=True)(x)
    compare(Model(x, [outputs, *states]), tmp_path / "a.onnx", X, LONGER)
    decoded = layers.LSTM(3, return_sequences=True)(outputs, initial_state=states)
    compare(Model(x, decoded), tmp_path / "b.onnx", X, LONGER)


def test_time_distributed(tmp_path):
    videos = RNG.normal(size=(2, 3, 5, 4)).astype("float32")
    compare(Sequential([layers.Input((3, 5, 4)), layers.TimeDistributed(layers.LSTM(3))]), tmp_path / "a.onnx", videos)
    alone = layers.TimeDistributed(layers.Lambda(lambda x: x - ops.mean(x)))
    compare(Sequential([layers.Input((5, 4)), alone]), tmp_path / "b.onnx", X)
    free = Sequential([layers.Input((None, 5, 4)), layers.TimeDistributed(layers.GRU(3))])
    compare(free, tmp_path / "c.onnx", videos, videos[:, :1])


def test_convolutions_in_a_loop(tmp_path):
    lines = RNG.normal(size=(2, 4, 6, 2)).astype("float32")
    layer = layers.ConvLSTM1D(3, 3, padding="same", return_sequences=True)
    model = Sequential([layers.Input((None, 6, 2)), layer])
    assert "Scan" in compare(model, tmp_path / "a.onnx", lines, np.concatenate([lines, lines], axis=1))


def test_an_encoder_and_a_decoder(tmp_path):
    """Of sequences of different lengths, with the states of one as the first ones of the other."""
    x, y = layers.Input((None, 4)), layers.Input((None, 2))
    encoded, *states = layers.LSTM(3, return_sequences=True, return_state=True)(x)
    decoded = layers.LSTM(3, return_sequences=True)(y, initial_state=states)
    model = Model([x, y], layers.Attention()([decoded, encoded]))
    model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(tmp_path / "a.onnx"))
    arrays = [X, RNG.normal(size=(3, 8, 2)).astype("float32")]
    found = session.run(None, {each.name: array for each, array in zip(session.get_inputs(), arrays, strict=True)})
    np.testing.assert_allclose(found[0], model(arrays), **CLOSE)


def scanned(function, **options):
    x = layers.Input((5, 4))
    return Model(x, layers.Lambda(function, **options)(x))


def test_scans(tmp_path):
    def halved(x, reverse):
        steps = ops.transpose(x, (1, 0, 2))
        last, found = ops.scan(lambda c, v: (c / 2 + v, c * v), x[:, 0], steps, reverse=reverse)
        return ops.concatenate([ops.transpose(found, (1, 0, 2)), last[:, None]], axis=1)

    for reverse in (False, True):
        compare(scanned(lambda x, reverse=reverse: halved(x, reverse)), tmp_path / "a.onnx", X)


def test_a_scan_over_nothing(tmp_path):
    compare(
        scanned(lambda x: ops.scan(lambda c, _: (c / 2 + x[:, 0], c), x[:, 1], length=6)[0]), tmp_path / "a.onnx", X
    )


def test_a_scan_in_a_scan(tmp_path):
    def powers(x):
        def outer(carry, row):
            inner = ops.scan(lambda c, v: (c * v + row, None), carry, ops.transpose(x, (1, 0, 2)))[0]
            return ops.tanh(inner), inner

        return ops.scan(outer, x[:, 0], ops.transpose(x[:, :2], (1, 0, 2)))[0]

    compare(scanned(powers), tmp_path / "a.onnx", X)


def test_what_is_refused(tmp_path):
    stateful = Sequential([layers.Input(batch_shape=(3, 5, 4)), layers.LSTM(3, stateful=True)])
    with pytest.raises(NotSupportedError, match="stateful=False"):
        stateful.export(tmp_path / "a.onnx", format="onnx")
    doubled = scanned(lambda x: ops.while_loop(lambda v: ops.max(v) < 9, lambda v: v * 2, (x,))[0])
    with pytest.raises(NotSupportedError, match="while_loop"):  # with zeros, it would never end
        doubled.export(tmp_path / "a.onnx", format="onnx")
    chosen = scanned(lambda x: ops.cond(ops.max(x) > 0, lambda: x * 2, lambda: x))
    with pytest.raises(NotSupportedError, match="Use `where`"):
        chosen.export(tmp_path / "a.onnx", format="onnx")
