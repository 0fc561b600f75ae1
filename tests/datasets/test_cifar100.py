import numpy as np
import pytest

from minikeras.datasets import cifar100
from minikeras.errors import ArgumentError, DownloadError

from .test_cifar10 import archive


def test_loading(cache, requests):
    names = ["cifar-100-python/train", "cifar-100-python/test"]
    archive(cache / "cifar-100-python-target_archive", names, fine_labels=[99, 5], coarse_labels=[19, 0])
    (x_train, y_train), (x_test, y_test) = cifar100.load_data()
    assert x_train.shape == x_test.shape == (2, 32, 32, 3) and x_train.dtype == np.uint8
    assert y_train.tolist() == y_test.tolist() == [[99], [5]] and y_train.dtype == np.int64
    assert cifar100.load_data("coarse")[0][1].tolist() == [[19], [0]] and requests == []


def test_what_is_refused(cache, requests):
    with pytest.raises(ArgumentError, match="Unknown label_mode of cifar100: 'medium'"):
        cifar100.load_data(label_mode="medium")
    assert requests == []
    with pytest.raises(DownloadError, match="cifar-100-python.tar.gz"):
        cifar100.load_data()
