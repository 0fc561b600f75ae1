"""The functions of `ops.image` next to those of Keras on JAX."""

import os
import subprocess
import sys

import numpy as np
import pytest

from compat.image_results import CASES, results
from minikeras import ops


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
