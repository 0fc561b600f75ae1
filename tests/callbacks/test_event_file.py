"""Event files: the numbers in them. `test_tensorboard` reads whole files."""

import os

import numpy as np

from minikeras.callbacks.event_file import EventFile, histogram_buckets


def test_histogram_buckets_by_hand():
    buckets = histogram_buckets(np.array([0.0, 1.0, 1.0, 4.0]), 4)
    assert buckets.tolist() == [[0, 1, 1], [1, 2, 2], [2, 3, 0], [3, 4, 1]]


def test_equal_values_and_none():
    buckets = histogram_buckets(np.full(5, 2.0), 3)
    assert buckets[:, 2].tolist() == [0, 0, 5]
    assert histogram_buckets(np.array([]), 2).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_a_file_in_a_new_directory_grows(tmp_path):
    file = EventFile(str(tmp_path / "logs" / "train"))
    (name,) = os.listdir(tmp_path / "logs" / "train")
    before = os.path.getsize(tmp_path / "logs" / "train" / name)
    file.scalar("loss", 0.5, 3)
    file.flush()
    assert os.path.getsize(tmp_path / "logs" / "train" / name) > before
    file.close()
    file.close()
