"""What every test and doctest starts from: an empty Keras folder, and a Keras that runs on TensorFlow.

The variables are set here, at import, since both libraries read them when they are imported.
"""

import os
import tempfile

import numpy as np
import pytest

_keras_home = tempfile.TemporaryDirectory(prefix="keras_home_")

# A `keras.json` in the home folder would change what both libraries compute, and Keras writes one.
os.environ["KERAS_HOME"] = _keras_home.name
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"


@pytest.fixture(autouse=True)
def _settings_as_before():
    """Undoes what a test sets for the whole process, such as a dtype policy."""
    from minikeras import config

    before = dict(config._settings)
    config.disable_traceback_filtering()  # who reads of a failed test needs the lines of minikeras
    yield
    config._settings.update(before)


@pytest.fixture(autouse=True)
def _doctest_names(doctest_namespace):
    """Lets the examples in docstrings write `np`, as every user of numpy does."""
    doctest_namespace["np"] = np
