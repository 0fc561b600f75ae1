import numpy as np
import pytest

from minikeras.datasets import boston_housing
from minikeras.errors import ArgumentError, DownloadError, FileReadError


def test_loading(cache):
    np.savez(cache / "boston_housing.npz", x=np.arange(65.0).reshape(5, 13), y=np.arange(5.0))
    (x_train, y_train), (x_test, y_test) = boston_housing.load_data(seed=0)
    assert x_train.shape == (4, 13) and x_train.dtype == y_test.dtype == np.float64
    # np.random.RandomState(0) shuffles 0..4 to 2, 0, 1, 3, 4, with which Keras agrees
    assert y_train.tolist() == [2, 0, 1, 3] and y_test.tolist() == [4] and x_test[0, 0] == 52
    (x_train, _), (x_test, _) = boston_housing.load_data(test_split=0)
    assert len(x_train) == 5 and x_test.shape == (0, 13)


def test_what_is_refused(cache, requests):
    with pytest.raises(ArgumentError, match="test_split"):
        boston_housing.load_data(test_split=1)
    assert requests == []
    with pytest.raises(DownloadError, match="tf-keras-datasets/boston_housing.npz could not be downloaded"):
        boston_housing.load_data()
    (cache / "boston_housing.npz").write_bytes(b"half")
    with pytest.raises(FileReadError, match=r"boston_housing.npz' is not the expected one"):
        boston_housing.load_data()
