"""The benchmark's augmentation of images: both libraries do the same work, and it has a bound."""

import json

import keras
import numpy as np
import pytest

import minikeras
from compat import benchmark
from compat.benchmarks import keras_augmentation, processes
from compat.benchmarks.bounds import AUGMENTATION_BOUNDS
from compat.benchmarks.contenders import KERAS
from compat.benchmarks.workloads import AUGMENTATION, AUGMENTATION_WORKLOADS, load_data, save_data


@pytest.mark.parametrize("k", [keras, minikeras], ids=["keras", "minikeras"])
def test_all_images_are_changed_each_time_differently(k, tmp_path):
    save_data(tmp_path, 150)
    x = load_data(tmp_path).images(AUGMENTATION)
    assert x.shape == (150, 32, 32, 3) and x.dtype == "float32" and 250 < x.max() < 256
    augmented = keras_augmentation.augmented(k, AUGMENTATION, x)
    first, second = augmented(), augmented()
    assert [batch.shape for batch in first] == [(128, 32, 32, 3), (22, 32, 32, 3)]
    for given, one, other in zip((x[:128], x[128:]), first, second, strict=True):
        for a, b in ((given, one), (given, other), (one, other)):
            assert (np.abs(a - b).mean((1, 2, 3)) > 1).all()
        # Contrast keeps the mean of an image, and the others nearly do: noise of 3,072 numbers averages to 127.5.
        np.testing.assert_allclose(one.mean((1, 2, 3)), 127.5, atol=15)
        # A blend of noise varies less than noise, and not at all if all of it were averaged.
        assert 20 < one.std() < given.std()


def test_the_bound():
    assert [(b.workload, b.kind, b.limit, b.others) for b in AUGMENTATION_BOUNDS] == [
        ("augmentation", "ratio", 1.2, KERAS)
    ]
    assert set(AUGMENTATION_WORKLOADS) == {"augmentation"}
    assert not set(benchmark.options_of([]).workload) & set(AUGMENTATION_WORKLOADS)


def test_end_to_end(tmp_path, monkeypatch):
    path = tmp_path / "augmentation.json"
    monkeypatch.setattr(processes, "PAUSE", 0.0)
    command = ["--images", "20", "--repeats", "1", "--keep-blas-settings", "--json", str(path)]
    benchmark.main([*command, "--workload", "augmentation", "--contender", "minikeras", "numpy"])
    content = json.loads(path.read_text(encoding="utf-8"))
    results = content["workloads"]["augmentation"]["results"]
    assert results["minikeras"]["samples"] and not results["minikeras"]["failed"]
    assert results["numpy"]["missing"] == "layers that augment images" and not results["numpy"]["failed"]
