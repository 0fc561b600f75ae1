import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("initialization")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["initialization.png"]
    spread = {name: each.spread[-1] / each.spread[0] for name, each in found.items() if name != "zeros"}
    assert spread["normal, 0.05"] < 1e-8 and spread["normal, 0.3"] > 1e3
    assert 1e-4 < spread["Glorot"] < 1e-2 and 0.3 < spread["He"] < 3
    assert found["normal, 0.05"].gradients[0] < 1e-12
    assert not found["zeros"].spread.any() and not found["zeros"].gradients.any()
    assert np.isnan(found["normal, 0.3"].losses[-1])
    assert found["He"].accuracy > 0.6
    assert max(each.accuracy for name, each in found.items() if name != "He") < 0.3


def test_layers_do_not_begin_equal(ran):
    kernels = [layer.get_weights()[0] for layer in ran[0].build_model("He").layers[1:3]]
    assert kernels[0].shape == kernels[1].shape and not np.array_equal(*kernels)
