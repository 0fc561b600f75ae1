import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("vanishing_gradients")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["vanishing_gradients.png"]
    ratio = {kind: each.gradients[0] / each.gradients[-1] for kind, each in found.networks.items()}
    assert ratio["sigmoid"] < 1e-15 and ratio["relu, weights twice too large"] > 1e6
    assert 0.1 < ratio["relu, He"] < 10 and 0.1 < ratio["residual"] < 10
    assert found.networks["residual"].accuracy > 0.7
    assert found.networks["residual"].accuracy == max(each.accuracy for each in found.networks.values())
    for kind in ("sigmoid", "relu, weights twice too large"):
        assert found.networks[kind].accuracy < 0.2
    ratio = {kind: gradients[0] / gradients[-1] for kind, gradients in found.recurrent.items()}
    assert ratio["simple, weights too small"] < 1e-6 < ratio["LSTM"] < 1e-3
    assert ratio["simple, weights too large"] > 1e4
    assert 0.01 < ratio["simple, orthogonal"] < 100 and 0.1 < ratio["LSTM, forget gates open"] < 1_000


def test_all_networks_are_as_deep(ran):
    script = ran[0]
    for kind in script.NETWORKS:
        model = script.build_model(kind)
        assert sum(weight.name == "kernel" for weight in model.weights) == script.LAYERS + 1


def test_forget_gates(ran):
    script = ran[0]
    layer = script.build_recurrent("LSTM, forget gates open")
    layer.build((None, None, 3))
    bias = layer.get_weights()[-1]
    n = script.UNITS
    assert bias.tolist() == [0] * n + [5] * n + [0] * 2 * n
    assert np.array_equal(np.flatnonzero(bias), np.arange(n, 2 * n))
