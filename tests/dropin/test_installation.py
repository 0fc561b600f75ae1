"""The switch of the drop-in."""

import importlib
import sys

import numpy as np
import pytest

import minikeras
from minikeras import dropin
from minikeras.dropin import EagerTensor


@pytest.fixture(autouse=True)
def _uninstalled():
    yield
    dropin.uninstall()


def test_install_and_uninstall():
    assert not dropin.is_installed()
    before = sys.modules.get("keras")  # real Keras, if another test of this process has imported it
    dropin.install()
    assert dropin.is_installed() and importlib.import_module("keras").layers.Dense is minikeras.layers.Dense
    dropin.uninstall()
    assert not dropin.is_installed() and sys.modules.get("keras") is before


def test_results_have_the_methods_of_tensors():
    dropin.install()
    value = minikeras.ops.add(np.float32([1.0]), 2.0)
    assert type(value) is EagerTensor and value.numpy().tolist() == [3]
    dropin.uninstall()
    assert type(minikeras.ops.add(np.float32([1.0]), 2.0)) is np.ndarray


def test_modules_that_were_imported_before_come_back(monkeypatch):
    real = type(sys)("keras.layers")
    monkeypatch.setitem(sys.modules, "keras.layers", real)
    dropin.install()
    assert "keras.layers" not in sys.modules
    assert importlib.import_module("keras.layers") is not real
    dropin.uninstall()
    assert sys.modules["keras.layers"] is real


def test_the_name_of_the_backend_is_reset():
    dropin.install()
    importlib.import_module("tensorflow")
    assert minikeras.config.backend() == "tensorflow"
    dropin.uninstall()
    assert minikeras.config.backend() == "numpy"
