import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("cnn_and_rnn")


def test_what_its_docstring_says(ran):
    script, found, _, files = ran
    assert files == ["cnn_and_rnn_digits.png", "cnn_and_rnn_sequences.png"]
    for moved in (found.down, found.right):
        assert moved["convolutional"][-1] > 0.4  # moved by 8 pixels
        assert moved["dense"][-1] < 0.25 and moved["recurrent"][-1] < 0.35
        assert min(accuracies[0] for accuracies in moved.values()) > 0.65
    longest = {kind: accuracies[-1] for kind, accuracies in found.lengths.items()}
    assert script.LENGTHS[-1] == 100
    assert longest["recurrent"] > 0.9
    assert longest["dense"] < 0.65 and longest["convolutional"] < 0.8
    assert min(accuracies[1] for accuracies in found.lengths.values()) > 0.8  # 10 steps


def test_networks_are_of_one_size(ran):
    from minikeras import Sequential
    from minikeras.layers import Dense, Input

    script = ran[0]
    for kind in script.KINDS:
        model = Sequential([Input((28, 28)), *script.digit_layers(kind), Dense(10)])
        assert 8_000 < model.count_params() < 11_000


def test_moved(ran):
    x = np.zeros((1, 28, 28))
    x[0, 3, 4] = 1
    assert np.argwhere(ran[0].moved(x, 1, 2)).tolist() == [[0, 5, 4]]
    assert np.argwhere(ran[0].moved(x, 2, 8)).tolist() == [[0, 3, 12]]
    assert ran[0].moved(x, 2, 0).tolist() == x.tolist()
    assert not ran[0].moved(x, 2, 24).any()


def test_sequences(ran):
    lengths = np.array([2, 5, 100] * 20)
    x, y = ran[0].make_sequences(lengths, np.random.default_rng(0))
    assert x.shape == (60, 100, 3) and y.shape == (60, 1)
    assert x.sum(axis=(1, 2)).tolist() == lengths.tolist()  # one of three at each step, then zeros
    for sequence, last in zip(x, y[:, 0], strict=True):
        symbols = [step for step in sequence if step[:2].any()]
        assert np.argmax(symbols[-1]) == last
    assert set(y.ravel()) == {0, 1}
