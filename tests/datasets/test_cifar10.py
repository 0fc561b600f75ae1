import io
import tarfile

import numpy as np
import pytest

from minikeras.datasets import cifar10
from minikeras.errors import DownloadError, FileReadError

from .test_cifar import images_of, python2_pickle


def archive(path, names, **labels):
    with tarfile.open(path, "w:gz") as tar:
        for number, name in enumerate(names):
            data = python2_pickle(images_of(2, number), **labels)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


NAMES = [f"cifar-10-batches-py/{name}" for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")]


def test_loading(cache, requests):
    archive(cache / "cifar-10-batches-py-target_archive", NAMES, labels=[3, 5])
    for _ in range(2):  # from the archive, and from the folder
        (x_train, y_train), (x_test, y_test) = cifar10.load_data()
        assert x_train.shape == (10, 32, 32, 3) and x_test.shape == (2, 32, 32, 3)
        assert x_train.dtype == y_train.dtype == x_test.dtype == y_test.dtype == np.uint8
        assert y_train.tolist() == [[3], [5]] * 5 and y_test.shape == (2, 1)
        assert [int(image[0, 0, 0]) for image in x_train[::2]] == [0, 1, 2, 3, 4] and x_test[0, 0, 0, 0] == 5
        assert requests == []
    (cache / "cifar-10-batches-py-target" / NAMES[2]).unlink()
    with pytest.raises(FileReadError, match="data_batch_3"):
        cifar10.load_data()


def test_without_network(cache, requests):
    with pytest.raises(DownloadError) as error:
        cifar10.load_data()
    text = str(error.value)
    assert "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz" in text and str(cache) in text
    assert "'cifar-10-batches-py-target_archive'" in text
