"""What every test and doctest starts from: an empty Keras folder, and a Keras that runs on TensorFlow.

The variables are set here, at import, since both libraries read them when they are imported.
"""

import gc
import os
import pathlib
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


def pytest_collection_modifyitems(config, items):
    """Leaves out what needs Chromium, where there is none."""
    from tests.docs.chromium import find_chromium

    if find_chromium() is None:
        left_out = [item for item in items if item.get_closest_marker("chromium")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter, config):
    """Says what was left out; not if only other folders were tested."""
    from tests.docs.chromium import MISSING, find_chromium

    tests = pathlib.Path(__file__).parent / "tests" / "docs"
    arguments = [pathlib.Path(each.partition("::")[0]).resolve() for each in config.args]
    is_tested = any(each in [tests, *tests.parents] or tests in each.parents for each in arguments)
    if is_tested and find_chromium() is None:
        terminalreporter.write_line(MISSING, yellow=True)
