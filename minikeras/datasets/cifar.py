"""What CIFAR10 and CIFAR100 have in common: pickled batches of images in an archive."""

import os
from typing import Any, BinaryIO

import numpy as np

from ..config import image_data_format
from .sources import read, unpickled

_SIDE = 32


def load_batch(path: str, labels: str = "labels") -> tuple[np.ndarray, list]:
    """Returns the images of a batch, uint8 of shape (images, 3, 32, 32), and their labels.

    Args:
        path: The file.
        labels: The key of the labels.

    Raises:
        FileReadError: If it is not as expected.
    """

    def reader(file: BinaryIO) -> tuple[np.ndarray, list]:
        content: Any = {
            key.decode() if isinstance(key, bytes) else key: value for key, value in unpickled(file).items()
        }
        data, numbers = np.asarray(content["data"]), list(content[labels])
        if data.dtype != np.uint8 or data.size != len(numbers) * 3 * _SIDE**2:
            raise ValueError(f"{len(numbers)} labels do not fit to data of shape {data.shape} and dtype {data.dtype}")
        return data.reshape(-1, 3, _SIDE, _SIDE), numbers

    return read(path, reader)


def load_batches(folder: str, names: list[str], labels: str = "labels") -> tuple[np.ndarray, np.ndarray]:
    """Returns the images of several batches in the layout of the configuration, and their labels.

    Args:
        folder: The folder of the files.
        names: Their names.
        labels: The key of the labels.

    Returns:
        Images, uint8 of shape (images, 32, 32, 3), or (images, 3, 32, 32) with "channels_first"; labels, int64 of shape
        (images, 1).
    """
    batches = [load_batch(os.path.join(folder, name), labels) for name in names]
    images = np.concatenate([data for data, _ in batches])
    numbers = np.array([number for _, part in batches for number in part], "int64")
    if image_data_format() == "channels_last":
        images = images.transpose(0, 2, 3, 1)
    return images, numbers.reshape(-1, 1)
