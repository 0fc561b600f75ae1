"""The same seed gives the same bits as Keras on its numpy backend: samplers, initializers, whole models."""

import importlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from compat import draws

SUBMODULES = ("initializers", "random", "utils")


@pytest.fixture(scope="module")
def keras_on_numpy(tmp_path_factory):
    """What Keras draws, from the one process that runs it on numpy."""
    path = tmp_path_factory.mktemp("draws") / "keras.npz"
    environment = {**os.environ, "KERAS_BACKEND": "numpy"}
    result = subprocess.run(
        [sys.executable, "-m", "compat.draws", str(path)],
        cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    with np.load(path) as stored:
        return {name: stored[name] for name in stored.files}


@pytest.fixture(scope="module")
def minikeras():
    for name in SUBMODULES:
        importlib.import_module(f"minikeras.{name}")
    return importlib.import_module("minikeras")


@pytest.fixture(scope="module")
def names(keras_on_numpy):
    return json.loads(str(keras_on_numpy["names"]))


def test_names_of_samplers(minikeras, names):
    assert set(names["random"]) <= set(minikeras.random.__all__)


def test_names_of_initializers(minikeras, names):
    assert sorted(names["initializers"]) == sorted(minikeras.initializers.__all__)


@pytest.mark.parametrize("part", draws.PARTS, ids=lambda part: part.__name__)
def test_bits(part, minikeras, keras_on_numpy, names):
    classes = [name for name in names["initializers"] if name in draws.initializer_names(minikeras.initializers)]
    ours = draws.collect(minikeras, classes, [part])
    assert len(ours) > 20
    wrong = []
    for name, value in ours.items():
        theirs = keras_on_numpy[f"draw:{name}"]
        if (value.dtype, value.shape, value.tobytes()) != (theirs.dtype, theirs.shape, theirs.tobytes()):
            wrong.append(name)
    assert wrong == []


def test_nothing_is_left_out(keras_on_numpy):
    prefixes = {name.removeprefix("draw:").partition("/")[0] for name in keras_on_numpy if name.startswith("draw:")}
    assert {*draws.SAMPLERS, "seeds", "get", "model", "layer", "GlorotUniform", "glorot_uniform"} <= prefixes
