"""A Keras folder of its own for each test, and no network."""

import urllib.request

import pytest


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder `$KERAS_HOME/datasets`; requests are recorded in `cache.requests` and fail."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    folder = tmp_path / "datasets"
    folder.mkdir()
    return folder


@pytest.fixture
def requests(monkeypatch):
    """The URLs that were asked for, none of which can be reached."""
    urls = []

    def refuse(url, timeout=None):
        urls.append(url)
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    return urls
