"""What every test and doctest starts from: an empty Keras folder, and a Keras that runs on TensorFlow.

The variables are set here, at import, since both libraries read them when they are imported.
"""

import gc
import os
import signal
import tempfile

import numpy as np
import pytest

_keras_home = tempfile.TemporaryDirectory(prefix="keras_home_")

# A `keras.json` in the home folder would change what both libraries compute, and Keras writes one.
os.environ["KERAS_HOME"] = _keras_home.name
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# By default, TensorFlow uses oneDNN on some CPUs only; without it, it has no convolution of channels-first images.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"


def pytest_collection_finish() -> None:
    """Leaves what exists before the first test, the tests and TensorFlow, to no search for garbage.

    Keras collects garbage whenever a session is cleared and whenever a layer is quantized: half a second each time with
    60,000 tests in memory.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _settings_as_before():
    """Undoes what is set for the whole process: names, seeds and a dtype policy, by the test or in a test's module."""
    from minikeras import config
    from minikeras.random.seed_generator import seed_defaults
    from minikeras.utils import clear_session

    clear_session()
    seed_defaults(None)
    before = dict(config._settings)
    filters = config.is_traceback_filtering_enabled()
    config.disable_traceback_filtering()  # who reads of a failed test needs the lines of minikeras
    yield
    config._settings.clear()
    config._settings.update(before)
    (config.enable_traceback_filtering if filters else config.disable_traceback_filtering)()


@pytest.fixture(autouse=True)
def _interrupts_arrive():
    """Lets tests interrupt themselves and what they start, also where SIGINT is ignored, as in background jobs."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def _doctest_names(doctest_namespace):
    """Lets the examples in docstrings write `np`, as every user of numpy does."""
    doctest_namespace["np"] = np
