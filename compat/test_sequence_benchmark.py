"""The benchmark's networks over sequences: the contenders do the same work, and every workload has a bound."""

import json
from dataclasses import replace

import keras
import numpy as np
import pytest

import minikeras
from compat import benchmark
from compat.benchmarks import keras_sequences, numpy_lstm, processes
from compat.benchmarks.bounds import LONG_ARRAY_MB, OPEN, SEQUENCE_BOUNDS
from compat.benchmarks.contenders import CONTENDERS
from compat.benchmarks.workloads import (
    CONVOLUTION_WORKLOADS,
    GATED,
    LONG,
    ROWS,
    SEQUENCE_WORKLOADS,
    STATEFUL,
    TRANSFORMER,
    MissingError,
    load_data,
    save_data,
)

LOSS_BOUND = 2e-6  # relative
WEIGHT_BOUND = 2e-6
LIBRARIES = pytest.mark.parametrize("k", [keras, minikeras], ids=["keras", "minikeras"])


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    save_data(path, 320)
    return load_data(path)


def both(k, data, network=ROWS):
    """A model of a library with the Keras API and the hand-written LSTM, with the same weights."""
    k.utils.set_random_seed(1)
    model, loop = keras_sequences.compiled(k, network), numpy_lstm.Trained(network, *data.sequences(network))
    loop.weights.set(model.get_weights())
    for ours, theirs in zip(model.get_weights(), loop.weights.get(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    return model, loop


@LIBRARIES
def test_the_lstm_of_numpy_does_the_same_work(k, data):
    model, loop = both(k, data)  # the last batch is smaller than the others
    first = model.get_weights()
    history = model.fit(*data.sequences(ROWS), batch_size=ROWS.batch_size, shuffle=False, verbose=0).history
    loss, accuracy = loop.epoch(shuffle=False)
    assert loss == pytest.approx(history["loss"][0], rel=LOSS_BOUND)
    assert accuracy == pytest.approx(history["accuracy"][0], rel=1e-6)
    for ours, theirs, before in zip(model.get_weights(), loop.weights.get(), first, strict=True):
        # Adam moves a weight by the learning rate even where the gradient is not more than rounding.
        assert np.abs(theirs - ours).mean() < 0.01 * np.abs(ours - before).mean()
    rows = data.x_test[:70].reshape(-1, *ROWS.shape)
    np.testing.assert_allclose(loop.predict(rows, 32), model.predict(rows, verbose=0), rtol=0, atol=1e-4)


@LIBRARIES
def test_the_gradients_of_the_lstm_of_numpy(k, data):
    model, loop = both(k, data, replace(ROWS, examples=60))
    first, (inputs, units) = model.get_weights(), (ROWS.shape[1], ROWS.units)
    gradients = numpy_lstm.Weights(inputs, units, 10)
    loop._adam = lambda flat: np.copyto(gradients.flat, flat)
    loop.epoch(shuffle=False)
    model.compile(k.optimizers.SGD(1.0), "categorical_crossentropy")
    model.fit(*data.sequences(replace(ROWS, examples=60)), batch_size=60, shuffle=False, verbose=0)
    for gradient, before, after in zip(gradients.get(), first, model.get_weights(), strict=True):
        np.testing.assert_allclose(before - after, gradient, rtol=0, atol=2e-7)
        assert np.abs(gradient).mean() > 1e-4


def test_the_lstm_of_numpy_shuffles_and_learns(data):
    np.random.seed(0)
    loop = numpy_lstm.Trained(ROWS, *data.sequences(ROWS))
    first = loop.weights.flat.copy()
    loop.epoch()
    shuffled = loop.weights.flat.copy()
    other = numpy_lstm.Trained(ROWS, *data.sequences(ROWS))
    np.testing.assert_array_equal(other.weights.flat, first)
    other.epoch(shuffle=False)
    assert np.abs(shuffled - other.weights.flat).max() > 100 * WEIGHT_BOUND
    losses = [loop.epoch()[0] for _ in range(4)]
    assert losses == sorted(losses, reverse=True)
    kernel, recurrent, bias, *_ = numpy_lstm.Trained(ROWS, *data.sequences(ROWS)).weights.get()
    assert kernel.shape == (28, 256) and bias.tolist() == np.repeat([0, 1, 0, 0], 64).tolist()
    np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(64), atol=1e-5)


# How many weights are trained, counted by hand: recurrent and dense layers; blocks, embeddings and the last layers.
BLOCK = 4 * (128 * 128 + 128) + 128 * 512 + 512 + 512 * 128 + 128 + 4 * 128
WEIGHTS = {
    ROWS: 4 * 64 * (28 + 64 + 1) + 650,
    GATED: 3 * 128 * (32 + 128 + 2) + 1290,
    LONG: 4 * 64 * (8 + 64 + 1) + 650,
    STATEFUL: 4 * 64 * (28 + 64 + 1) + 650,
    TRANSFORMER: 256 * 128 + 128 * 128 + 4 * BLOCK + 2 * 128 + 128 * 256 + 256,
}
NETWORKS = pytest.mark.parametrize("network", WEIGHTS, ids=["rows", "gated", "long", "stateful", "transformer"])


def weight_count(trained):
    if hasattr(trained, "module"):
        return sum(parameter.numel() for parameter in trained.module.parameters())
    return sum(int(np.prod(weight.shape)) for weight in trained._model.trainable_weights)


@NETWORKS
@pytest.mark.parametrize("contender", [name for name in ("minikeras", "torch") if not CONTENDERS[name].missing])
def test_the_networks_over_sequences(contender, network, data):
    few = replace(network, examples=min(3, network.examples), batch_size=min(2, network.batch_size))
    x, y = data.sequences(few)
    assert x.shape == (few.examples, *network.shape)
    trained = CONTENDERS[contender].side(data).start(few)
    second_bias = 4 * network.units if (contender, network.model) == ("torch", "lstm") else 0
    assert weight_count(trained) == WEIGHTS[network] + second_bias
    before = trained.predict(x, few.batch_size).copy()
    trained.epoch()
    after = trained.predict(x, few.batch_size)
    assert after.shape == ((*y.shape, 256) if network is TRANSFORMER else (few.examples, 10))
    assert np.abs(after - before).max() > 1e-5
    if network is STATEFUL:
        assert np.abs(trained.advance() - trained.advance()).max() > 1e-6
    if network is TRANSFORMER:
        tokens = trained.generate(few.shape[0] + 5)
        assert len(tokens) == few.shape[0] + 6 and set(tokens) <= set(range(256))
        assert trained.generate(4) == tokens[:5]


@NETWORKS
@pytest.mark.parametrize("contender", [name for name in ("numpy", "scikit-learn") if not CONTENDERS[name].missing])
def test_who_has_no_such_network_says_so(contender, network, data):
    if (contender, network) == ("numpy", ROWS):
        return
    with pytest.raises(MissingError, match="over sequences"):
        CONTENDERS[contender].side(data).start(network)


def test_data(data):
    x, y = data.sequences(ROWS)
    assert x.shape == (320, 28, 28) and y.shape == (320, 10)
    np.testing.assert_array_equal(x[3].ravel(), data.x_train[3])
    tokens, following = data.sequences(TRANSFORMER)
    assert tokens.dtype == following.dtype == np.int32 and tokens.max() < 256
    np.testing.assert_array_equal(tokens[:, 1:], following[:, :-1])
    x, y = data.sequences(LONG)
    assert x.shape == (8, 2000, 8) and y.shape == (8,)


def test_the_limits():
    assert [(b.workload, b.kind, b.limit, len(b.others)) for b in SEQUENCE_BOUNDS] == [
        ("lstm-epoch", "ratio", 1.0, 1),
        ("lstm-epoch", "ratio", 1.2, 4),
        ("lstm-first-epoch", "ratio", 0.6, 3),
        ("gru-step", "ratio", 1.2, 4),
        ("lstm-tracing", "value", 80.0, 0),
        ("lstm-memory", "value", 30 * LONG_ARRAY_MB, 0),
        ("transformer-step", "ratio", 1.3, 4),
        ("generate", "ratio", 0.1, 1),
        ("stateful-step", "value", 0.3, 0),
    ]
    assert pytest.approx(4.096) == LONG_ARRAY_MB
    assert {bound.workload for bound in SEQUENCE_BOUNDS} == set(SEQUENCE_WORKLOADS)


def test_they_run_only_when_named():
    assert not set(benchmark.options_of([]).workload) & set(SEQUENCE_WORKLOADS)
    assert benchmark.options_of(["--workload", "sequence"]).workload == list(SEQUENCE_WORKLOADS)
    both = benchmark.options_of(["--workload", "sequence", "epoch", "convolution", "gru-step"]).workload
    rest = [name for name in SEQUENCE_WORKLOADS if name != "gru-step"]
    assert both == ["epoch", "gru-step", *rest, *CONVOLUTION_WORKLOADS]


def test_end_to_end(tmp_path, monkeypatch):
    path = tmp_path / "sequence.json"
    monkeypatch.setattr(processes, "PAUSE", 0.0)
    command = ["--images", "20", "--repeats", "1", "--keep-blas-settings", "--json", str(path)]
    benchmark.main([*command, "--workload", "sequence", "--contender", "minikeras", "numpy"])
    content = json.loads(path.read_text(encoding="utf-8"))
    assert set(content["workloads"]) == set(SEQUENCE_WORKLOADS)
    for name, workload in content["workloads"].items():
        ours, loop = workload["results"]["minikeras"], workload["results"]["numpy"]
        assert ours["samples"] and not ours["failed"], (name, ours["failed"])
        assert bool(loop["samples"]) == (name in ("lstm-epoch", "lstm-first-epoch")) and not loop["failed"]
    outcomes = {bound["bound"]["workload"] + bound["bound"]["kind"]: bound["outcome"] for bound in content["bounds"]}
    assert {name for name, outcome in outcomes.items() if outcome == OPEN} == {
        *("lstm-first-epochratio", "gru-stepratio", "transformer-stepratio", "generateratio"),
        "lstm-epochratio",
    }
