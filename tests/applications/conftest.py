"""Models without values: weights are zeros that take no memory until they are used. A Keras folder, and no network."""

import urllib.error
import urllib.request

import numpy as np
import pytest

from minikeras.initializers import VarianceScaling


@pytest.fixture
def no_draws(monkeypatch):
    """Makes random weights zeros, which the system hands out untouched."""
    monkeypatch.setattr(VarianceScaling, "__call__", lambda self, shape, dtype=None: np.zeros(shape, dtype))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder `$KERAS_HOME/models`."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def requests(monkeypatch):
    """The URLs that were asked for, none of which can be reached."""
    urls = []

    def refuse(url, timeout=None):
        urls.append(getattr(url, "full_url", url))
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    return urls
