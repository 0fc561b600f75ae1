"""Model files, and the commands as users run them."""

import numpy as np
import pytest

import minikeras
from minikeras import cli, layers

OWN = """
import keras

class Twice(keras.layers.Layer):
    def call(self, x):
        return 2 * x
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    minikeras.dropin.uninstall()


@pytest.fixture
def command(folder, capsys):
    """`command("summary", "a.keras")` returns the exit status, and what was printed on both streams."""

    def call(*arguments):
        capsys.readouterr()
        status = cli.main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def linear():
    """The sum of four numbers, and 10 more."""
    model = minikeras.Sequential([layers.Input((4,), name="x"), layers.Dense(1, name="sum")], name="linear")
    model.set_weights([np.ones((4, 1)), [10.0]])
    return model


@pytest.fixture
def saved(folder):
    """A file of the model `linear`, which trained for one step."""
    model = linear()
    model.compile("adam", "mse")
    model.fit(np.ones((1, 4)), np.full((1, 1), 14.0), verbose=0)
    model.set_weights([np.ones((4, 1)), [10.0]])
    for name in ("a.keras", "a.h5"):
        model.save(name)
    model.save_weights("a.weights.h5")
    return "a.keras"


@pytest.fixture
def custom(folder):
    """A file of a model with a layer that is in own.py alone."""
    (folder / "own.py").write_text(OWN)
    minikeras.dropin.install()
    namespace = {"__name__": "own"}
    exec(OWN, namespace)
    layer = namespace["Twice"](name="twice")
    minikeras.Sequential([layers.Input((4,)), layer], name="custom").save("custom.keras")
    minikeras.dropin.uninstall()
    return "custom.keras"
