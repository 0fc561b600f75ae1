"""Training in constant memory: on files larger than what may be resident, and on generators without end."""

import re
from pathlib import Path

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.callbacks import Callback
from minikeras.training.data import ArrayData
from minikeras.training.memory_maps import MemoryMaps

ROWS, COLUMNS = 100_000, 750  # 300 MB
ALLOWED = 60.0  # MB; most is what the system maps around rows that are read from all over the file


def used():
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


class Peak(Callback):
    """The most memory that the process had during a training."""

    def __init__(self):
        super().__init__()
        self.value = 0.0

    def on_train_batch_end(self, batch, logs=None):
        self.value = max(self.value, used())

    on_predict_batch_end = on_train_batch_end


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("mapped") / "x"
    with path.open("wb") as sparse:
        sparse.truncate(ROWS * COLUMNS * 4)
    yield path
    path.unlink()


def made():
    model = minikeras.Sequential([layers.Input((COLUMNS,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.zeros((500, COLUMNS)), np.zeros(500), batch_size=500, verbose=0)
    return model


@pytest.mark.parametrize("shuffle", [False, True, "batch"])
def test_a_file_is_trained_on_in_constant_memory(file, shuffle):
    x, y = np.memmap(file, "float32", "r", shape=(ROWS, COLUMNS)), np.zeros((ROWS, 1), "float32")
    model, peak = made(), Peak()
    before = used()
    model.fit(x, y, batch_size=500, verbose=0, shuffle=shuffle, callbacks=[peak], validation_split=0.1)
    assert peak.value - before <= ALLOWED
    if not shuffle:
        model.predict(x, batch_size=500, verbose=0, callbacks=[peak])
        assert peak.value and peak.value - before <= ALLOWED


def test_the_measurement_sees_a_file_that_is_kept(file):
    x = np.memmap(file, "float32", "r", shape=(ROWS, COLUMNS))
    before = used()
    assert x[: ROWS // 2].sum() == 0 and used() - before > 2 * ALLOWED
    MemoryMaps([x]).release()
    assert used() - before <= ALLOWED


def test_a_generator_without_end_is_trained_on_in_constant_memory():
    def endless():
        while True:
            yield np.zeros((500, COLUMNS)), np.zeros((500, 1))

    model, peak = made(), Peak()
    before = used()
    model.fit(endless(), steps_per_epoch=100, verbose=0, callbacks=[peak])  # 300 MB
    assert peak.value and peak.value - before <= ALLOWED


def test_what_was_written_is_there(tmp_path):
    """Batches are those of an array, also of files that may be changed; what is only in memory is left alone."""
    x = np.arange(3000, dtype="float32").reshape(300, 10)
    x.tofile(tmp_path / "x")
    for mode in ("r", "r+", "c"):
        mapped = np.memmap(tmp_path / "x", "float32", mode, shape=(300, 10))
        assert bool(MemoryMaps([x, mapped[5:].T])) == (mode != "c")
        if mode != "r":
            x[7] = mapped[7] = 5.0
        for shuffle in (False, True, "batch"):
            data = ArrayData((mapped[:, ::2], mapped[:, 0].astype("int64")), ("x", "y"), 32)
            seen = [batch.arrays() for batch in data.batches(shuffle)]
            rows = np.concatenate([part for part, _ in seen])
            assert sorted(map(tuple, rows)) == sorted(map(tuple, x[:, ::2]))
            assert np.concatenate([part for _, part in seen]).tolist() == rows[:, 0].tolist()
        np.testing.assert_array_equal(mapped, x)
