import numpy as np
import pytest

from minikeras.datasets import california_housing
from minikeras.errors import ArgumentError, DownloadError


@pytest.fixture
def file(cache):
    x = np.arange(700 * 8, dtype="float32").reshape(700, 8)
    np.savez(cache / "california_housing.npz", x=x, y=x[:, 0])


def test_loading(file):
    (x_train, y_train), (x_test, y_test) = california_housing.load_data()
    assert x_train.shape == (560, 8) and x_test.shape == (140, 8) and x_train.dtype == np.float32
    np.testing.assert_array_equal(x_train[:, 0], y_train)
    (x_train, _), (x_test, _) = california_housing.load_data("small", test_split=0.1)
    assert len(x_train) == 540 and len(x_test) == 60 and max(x_train.max(), x_test.max()) == 600 * 8 - 1


def test_what_is_refused(cache, requests):
    with pytest.raises(ArgumentError, match="Unknown version of california_housing: 'medium'"):
        california_housing.load_data("medium")
    with pytest.raises(ArgumentError, match="test_split"):
        california_housing.load_data(test_split=-1)
    assert requests == []
    with pytest.raises(DownloadError, match="tf-keras-datasets/california_housing.npz"):
        california_housing.load_data()
