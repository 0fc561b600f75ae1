"""The functions of `ops.image` next to those of Keras on JAX."""

import inspect
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

import minikeras
from compat import image_results
from compat.image_results import CASES, results
from minikeras import ops
from minikeras.engine import registry


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    path = tmp_path_factory.mktemp("images") / "results.npz"
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    subprocess.run([sys.executable, "-m", "compat.image_results", str(path)], env=environment, check=True)
    with np.load(path) as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def ours():
    return results(ops.image)


@pytest.mark.parametrize("name", CASES)
def test_values(name, ours, theirs):
    compared = [key for key in theirs if key.rpartition(" ")[0] == name]
    assert compared
    for key in compared:
        assert (ours[key].dtype, ours[key].shape) == (theirs[key].dtype, theirs[key].shape), key
        bound = 2e-3 if ours[key].dtype == "float16" else 1e-5
        np.testing.assert_allclose(ours[key], theirs[key], bound, bound, err_msg=key)


def test_every_op_is_compared():
    called = " ".join(inspect.getsource(image_results).split())
    # The draws of `elastic_transform` are those of Keras's numpy backend: see tests/ops/image/test_warping.py.
    assert [name for name in ops.image.__all__ if f"k.{name}(" not in called] == ["elastic_transform"]


def test_all_are_there():
    assert ops.image.__all__ == [name for name in dir(keras.ops.image) if not name.startswith("_")]


@pytest.mark.parametrize("name", ops.image.__all__)
def test_arguments_are_named_as_in_keras(name):
    ours, theirs = (inspect.signature(getattr(k.ops.image, name)).parameters.values() for k in (minikeras, keras))
    assert [(each.name, each.default) for each in ours] == [(each.name, each.default) for each in theirs]


@pytest.mark.parametrize("name", ops.image.__all__)
def test_what_keras_calls_it(name):
    """The class is made with the settings, and is called on the other arguments by the same names."""
    saved = registry.saved(name)
    cls = getattr(keras.src.ops.image, saved.class_name)
    assert saved.module == cls.__module__ and f"{saved.class_name}(" in inspect.getsource(
        getattr(keras.ops.image, name)
    )
    assert {*inspect.signature(cls).parameters} - {"name"} == saved.settings
    arguments = [each for each in inspect.signature(getattr(ops.image, name)).parameters if each not in saved.settings]
    if name != "extract_patches_3d":  # which calls its volumes images there
        assert arguments == list(inspect.signature(cls.call).parameters)[1:]
