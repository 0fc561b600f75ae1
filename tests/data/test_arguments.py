import os

import pytest

from minikeras.data.arguments import AUTOTUNE, cores, positive, threads_of
from minikeras.errors import ArgumentError


def test_positive():
    assert positive("batch", "batch_size", 3) == 3
    for value in (0, -1, None, "many", 0.5):
        with pytest.raises(ArgumentError, match=r"batch: expected a positive `batch_size`. Received"):
            positive("batch", "batch_size", value)


def test_threads():
    assert threads_of("map", None) == 0 and threads_of("map", 3) == 3
    assert threads_of("map", AUTOTUNE) == cores() <= os.cpu_count()
    with pytest.raises(ArgumentError, match="map: expected a positive `num_parallel_calls`. Received: 0"):
        threads_of("map", 0)
