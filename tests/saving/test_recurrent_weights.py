"""Weights of recurrent layers as Keras 1, Keras 2 and cuDNN have them."""

import numpy as np
import pytest

from minikeras import Sequential, layers, saving
from minikeras.saving.recurrent_weights import converted
from tests.saving import keras2

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 4, 3)).astype("float32")


def normal(*shape):
    return RNG.normal(size=shape).astype("float32")


def sequential(layer):
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [layer]}}


def built(layer):
    layer.build((None, 4, 3))
    return layer


def with_weights(layer, weights):
    layer.set_weights(weights)
    return layer


def test_an_array_for_each_gate():
    """Keras 1: input, cell, forget and output gate of LSTM, each with kernel, recurrent kernel and bias."""
    for layer, order in ((built(layers.LSTM(2)), "ifco"), (built(layers.GRU(2, reset_after=False)), "zrh")):
        weights = [normal(*weight.shape) for weight in layer.weights]
        by_gate = {
            gate: [weight[..., 2 * number : 2 * number + 2] for weight in weights] for number, gate in enumerate(order)
        }
        saved = [array for gate in ("icfo" if order == "ifco" else "zrh") for array in by_gate[gate]]
        for found, expected in zip(converted(layer, saved), weights, strict=True):
            assert np.array_equal(found, expected)


def cudnn(weights, gates):
    """What cuDNN's layers of Keras 2 store for the weights of today."""
    kernel, recurrent, bias = weights
    turned = [part.reshape(-1, order="F").reshape(part.shape[::-1], order="F").T for part in np.split(kernel, gates, 1)]
    recurrent = np.concatenate([part.T for part in np.split(recurrent, gates, axis=1)], axis=1)
    bias = np.tile(bias / 2, 2) if gates == 4 else bias.reshape(-1)
    return [np.concatenate(turned, axis=1), recurrent, bias]


@pytest.mark.parametrize("kind", ["GRU", "LSTM"])
def test_cudnn(kind):
    layer = built(getattr(layers, kind)(2))
    weights = [normal(*weight.shape) for weight in layer.weights]
    for found, expected in zip(converted(layer, cudnn(weights, layer.cell.gates)), weights, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_kernel_of_cudnn_by_hand():
    """Each gate's kernel is stored as a matrix of units x features in the memory of one of features x units."""
    layer = built(layers.LSTM(2))
    kernel = np.concatenate([np.float32([[1, 2], [3, 4], [5, 6]]) + 10 * gate for gate in range(4)], axis=1)
    found = converted(layer, [kernel, np.zeros((2, 8)), np.arange(16.0)])
    assert found[0][:, :2].tolist() == [[1, 4], [2, 5], [3, 6]]
    assert found[2].tolist() == [8 + 2 * number for number in range(8)]


def test_what_has_todays_layout_stays():
    for layer in (
        layers.LSTM(2),
        layers.GRU(2),
        layers.GRU(2, reset_after=False),
        layers.SimpleRNN(2),
        layers.Dense(2),
    ):
        arrays = built(layer).get_weights()
        assert all(map(np.array_equal, converted(layer, arrays), arrays))


def test_layers_inside():
    both = built(layers.Bidirectional(layers.LSTM(2)))
    model = Sequential([layers.Input((4, 3)), layers.LSTM(2, return_sequences=True), layers.GRU(2), layers.Dense(1)])
    for layer in (both, model):
        weights = [normal(*weight.shape) for weight in layer.weights]
        saved = []
        for start in range(0, len(weights) // 3 * 3, 3):
            saved += cudnn(weights[start : start + 3], weights[start].shape[1] // 2)
        for found, expected in zip(converted(layer, saved + weights[len(saved) :]), weights, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-6)


OLD = {
    "LSTM": {"units": 2, "recurrent_activation": "hard_sigmoid", "implementation": 1, "unit_forget_bias": True},
    "GRU": {"units": 2, "recurrent_activation": "hard_sigmoid", "implementation": 2},
    "GRU after": {"units": 2, "reset_after": True, "time_major": False, "implementation": 2},
    "CuDNNLSTM": {"units": 2, "unit_forget_bias": True, "return_sequences": False},
    "CuDNNGRU": {"units": 2},
}


@pytest.mark.parametrize("name", OLD)
def test_files_of_keras_2(name, tmp_path):
    kind = name.split()[0]
    today = {"GRU": layers.GRU(2, recurrent_activation="hard_sigmoid", reset_after=False)}.get(
        name, layers.LSTM(2, recurrent_activation="hard_sigmoid") if name == "LSTM" else None
    )
    today = built(today or getattr(layers, kind.removeprefix("CuDNN"))(2))
    weights = [normal(*weight.shape) for weight in today.weights]
    saved = cudnn(weights, today.cell.gates) if kind.startswith("CuDNN") else weights
    entry = keras2.plain(kind, "rnn", **OLD[name], batch_input_shape=[None, None, 3])
    names = ("kernel", "recurrent_kernel", "bias")
    arrays = {f"rnn/{key}:0": array for key, array in zip(names, saved, strict=True)}
    keras2.write(
        tmp_path / "a.h5", {"class_name": "Sequential", "config": {"name": "s", "layers": [entry]}}, {"rnn": arrays}
    )
    model = saving.load_model(tmp_path / "a.h5")
    np.testing.assert_allclose(model(X), with_weights(today, weights)(X), rtol=1e-5, atol=1e-6)


def test_both_directions_in_a_file_of_keras_2(tmp_path):
    inner = {"class_name": "LSTM", "config": {"name": "lstm", "units": 2, "return_sequences": True, "dtype": "float32"}}
    entry = keras2.plain("Bidirectional", "both", layer=inner, merge_mode="sum", batch_input_shape=[None, None, 3])
    today = built(layers.Bidirectional(layers.LSTM(2, return_sequences=True), "sum"))
    weights = [normal(*weight.shape) for weight in today.weights]
    names = (f"{way}/{name}:0" for way in ("forward", "backward") for name in ("kernel", "recurrent_kernel", "bias"))
    keras2.write(
        tmp_path / "a.h5",
        sequential(entry),
        {"both": dict(zip(names, weights, strict=True))},
    )
    model = saving.load_model(tmp_path / "a.h5")
    np.testing.assert_allclose(model(X), with_weights(today, weights)(X), rtol=1e-5, atol=1e-6)


def test_a_cell_in_a_file_of_keras_2(tmp_path):
    cells = [
        {"class_name": "GRUCell", "config": {"name": "g", "units": 2}},
        {"class_name": "LSTMCell", "config": {"units": 3}},
    ]
    stack = {"class_name": "StackedRNNCells", "config": {"cells": cells, "name": "s"}}
    entry = keras2.plain("RNN", "rnn", cell=stack, batch_input_shape=[None, 4, 3], num_constants=None)
    today = built(layers.RNN([layers.GRUCell(2, reset_after=False), layers.LSTMCell(3)]))
    weights = [normal(*weight.shape) for weight in today.weights]
    arrays = {f"rnn/{number}:0": array for number, array in enumerate(weights)}
    keras2.write(
        tmp_path / "a.h5", {"class_name": "Sequential", "config": {"name": "s", "layers": [entry]}}, {"rnn": arrays}
    )
    model = saving.load_model(tmp_path / "a.h5")
    np.testing.assert_allclose(model(X), with_weights(today, weights)(X), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("is_of_keras_1", [False, True], ids=["Keras 2", "Keras 1"])
def test_convolutions(is_of_keras_1, tmp_path):
    """In Keras 1 the gates, in the order i, c, f, o, had a kernel, a recurrent kernel and a bias each."""
    today = layers.ConvLSTM2D(2, 3, padding="same", recurrent_activation="hard_sigmoid")
    today.build((None, 4, 5, 5, 1))
    weights = [normal(*weight.shape) for weight in today.weights]
    arrays = dict(zip(("c/kernel:0", "c/recurrent_kernel:0", "c/bias:0"), weights, strict=True))
    if is_of_keras_1:
        parts = {gate: [weight[..., 2 * n : 2 * n + 2] for weight in weights] for n, gate in enumerate("ifco")}
        arrays = {f"c/{what}_{gate}": array for gate in "icfo" for what, array in zip("WUb", parts[gate], strict=True)}
    settings = {"filters": 2, "kernel_size": [3, 3], "padding": "same", "recurrent_activation": "hard_sigmoid"}
    entry = keras2.plain("ConvLSTM2D", "c", **settings, strides=[1, 1], batch_input_shape=[None, None, 5, 5, 1])
    keras2.write(tmp_path / "a.h5", sequential(entry), {"c": arrays})
    model, x = saving.load_model(tmp_path / "a.h5"), normal(2, 4, 5, 5, 1)
    np.testing.assert_allclose(model(x), with_weights(today, weights)(x), rtol=1e-5, atol=1e-6)
