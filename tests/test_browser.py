"""What works in a browser: where Python has no threads, no processes, no terminal and no h5py, as in Pyodide.

Each of these raises there what it raises here. All of it is done in a process of its own, with and without them.
"""

import json
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent

# What Pyodide 314 raises and lacks, measured in it.
AS_IN_A_BROWSER = """
import os, sys, sysconfig, threading
import numpy
def refuse(message, error):
    def refused(*args, **kwargs):
        raise error(message)
    return refused
threading.Thread.start = refuse("can't start new thread", RuntimeError)
os.get_terminal_size = refuse("[Errno 59] Not a tty", OSError)
os.fork = refuse("[Errno 52] Function not implemented", OSError)
os.cpu_count = lambda: 1
if hasattr(os, "sched_getaffinity"):
    del os.sched_getaffinity
sys.modules["h5py"] = sys.modules["_multiprocessing"] = None
sysconfig.get_config_vars()  # Pyodide has what its own platform needs here
sys.platform = "emscripten"
"""

SCRIPT = """
import hashlib, json, sys, warnings
import numpy as np
import minikeras as keras
from minikeras import layers
from minikeras.data import Dataset

class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 4
    def __getitem__(self, index):
        rows = slice(16 * index, 16 * index + 16)
        return x[rows], y[rows]

keras.utils.set_random_seed(0)
x = np.random.random((64, 12, 12, 1)).astype("float32")
y = (x.mean((1, 2, 3)) > 0.5).astype("int32")
model = keras.Sequential([
    layers.Input((12, 12, 1)), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
    layers.Dropout(0.2), layers.Dense(2, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.summary()
found = [model.fit(x, y, epochs=3, batch_size=8, validation_split=0.25, verbose=2).history]
data = Dataset.from_tensor_slices((x, y)).map(lambda x, y: (x * 0.5, y), num_parallel_calls=2).batch(16).prefetch(2)
found.append(model.fit(data, verbose=1).history)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for processes in (False, True):
        data = Batches(workers=2, use_multiprocessing=processes)
        found.append(model.fit(data, epochs=2, verbose=0).history)
found.append(model.evaluate(x, y, verbose=0))
found.append(model.predict(x, verbose=0).tolist())
weights = [weight.tobytes().hex() for weight in model.get_weights()]
try:
    model.save("never.keras")
    error = ""
except ImportError as missing:
    error = str(missing)
print(json.dumps([found, weights, [str(each.message) for each in caught], error]))
"""


def run(before, folder):
    command = [sys.executable, "-W", "error", "-c", before + SCRIPT]
    environment = {"PYTHONPATH": str(ROOT), "KERAS_HOME": str(folder), "PATH": "", "COLUMNS": ""}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    printed, _, last = done.stdout.rstrip().rpartition("\n")
    return printed, *json.loads(last)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    here, there = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("browser")
    return run("", here), run(AS_IN_A_BROWSER, there), there


def test_training_has_the_same_bits(both):
    here, browser, _ = both
    assert browser[1:3] == here[1:3]


def test_summary_and_progress_are_printed(both):
    printed = both[1][0]
    assert "Total params: 482 (" in printed  # 80 + 402
    assert "Epoch 3/3" in printed and printed.count("val_accuracy") >= 3
    assert printed.count("━" * 30) == 2  # columns of the table, which is drawn in full


def test_workers_are_replaced_with_a_warning(both):
    here, browser, _ = both
    assert here[3] == []
    assert len(browser[3]) == 2 and all("no thread can be started here" in message for message in browser[3])


def test_saving_without_h5py_says_what_to_do_and_writes_nothing(both):
    here, browser, folder = both
    assert here[4] == ""
    assert "await micropip.install('h5py')" in browser[4] and "np.savez" in browser[4]
    assert not list(folder.glob("never*"))
