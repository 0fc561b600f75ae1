"""CIFAR10: 60,000 color images of 32 x 32 pixels in 10 classes.

They are airplane, automobile, bird, cat, deer, dog, frog, horse, ship and truck.
"""

import os

from ..tracebacks import filtered
from .cifar import load_batches
from .sources import cached_folder
from .splits import Split

__all__ = ["load_data"]

_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
_HASH = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"


@filtered
def load_data() -> tuple[Split, Split]:
    """Loads CIFAR10 from the Keras cache, or downloads it.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: uint8 arrays of shape (50000, 32, 32, 3), (50000, 1),
        (10000, 32, 32, 3) and (10000, 1); images are (3, 32, 32) with "channels_first". The labels are 0 to 9.

    Raises:
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If a file is missing in the cache or damaged.

    Source: https://keras.io/api/datasets/cifar10/
    """
    folder = os.path.join(cached_folder("cifar-10-batches-py-target", _URL, _HASH), "cifar-10-batches-py")
    x_train, y_train = load_batches(folder, [f"data_batch_{number}" for number in range(1, 6)])
    x_test, y_test = load_batches(folder, ["test_batch"])
    return (x_train, y_train.astype("uint8")), (x_test, y_test.astype("uint8"))
