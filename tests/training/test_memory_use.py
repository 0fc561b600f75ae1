"""Long use of a model takes no more memory than short use, measured as the memory of the process."""

import gc
import re
import threading
from pathlib import Path

import numpy as np
import pytest

import minikeras
from minikeras import layers

X = np.random.default_rng(0).random((256, 20), dtype="float32")
Y = X.sum(axis=1, keepdims=True)

# Python's allocator takes memory in pieces of 256 KB to 1 MB; 10,000 leaked arrays of 32 x 4 numbers would be 5 MB,
# and one leaked object of 100 bytes a call 1 MB.
ALLOWED = 1.0  # MB


def used():
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


def made():
    model = minikeras.Sequential(
        [layers.Input((20,)), layers.Dense(16, activation="relu"), layers.Dropout(0.1), layers.Dense(1)]
    )
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def growth(function, times):
    """Calls a function a fifth of the times to warm up, then all times, and returns how much memory came on top."""
    for _ in range(times // 5):
        function()
    before = used()
    for _ in range(times):
        function()
    return used() - before


def test_predict_ten_thousand_times():
    model = made()
    assert growth(lambda: model.predict(X[:1], verbose=0), 10_000) <= ALLOWED


def test_fit_fifty_times():
    model = made()
    model.fit(X, Y, verbose=0)
    assert growth(lambda: model.fit(X, Y, batch_size=8, epochs=2, validation_split=0.25, verbose=0), 50) <= ALLOWED


def test_many_models():
    def use():
        minikeras.utils.set_random_seed(0)
        made().fit(X[:32], Y[:32], verbose=0)

    # What a process keeps for later comes once, in the pages it happens to get; what leaks comes again and again.
    assert min(growth(use, 50), growth(use, 50)) <= ALLOWED


def test_the_measurement_sees_a_leak():
    kept = []
    # More than what earlier tests may have left to be used again.
    assert growth(lambda: kept.append(np.ones(50_000)), 500) > 5 * ALLOWED


def test_several_threads_predict_with_one_model():
    model = made()
    inputs = [np.full((40, 20), number, "float32") for number in range(4)]
    expected = [model.predict(x, batch_size=8, verbose=0) for x in inputs]
    wrong = []

    def work(number):
        for _ in range(50):
            if not np.array_equal(model.predict(inputs[number], batch_size=8, verbose=0), expected[number]):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("shuffle", [True, False])
def test_training_reads_data_and_leaves_it(shuffle):
    """Steps read unshuffled data where it lies; it may be read-only."""
    x, y = X.copy(), Y.copy()
    x.flags.writeable = y.flags.writeable = False
    model = made()
    model.fit(x, y, batch_size=16, epochs=2, shuffle=shuffle, verbose=0)
    assert model.predict(x, batch_size=16, verbose=0).flags.writeable
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)
