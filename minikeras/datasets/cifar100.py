"""CIFAR100: 60,000 color images of 32 x 32 pixels in 100 classes, which form 20 groups."""

import os

from ..errors import unknown_name
from ..tracebacks import filtered
from .cifar import load_batches
from .sources import cached_folder
from .splits import Split

__all__ = ["load_data"]

_URL = "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz"
_HASH = "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"
_MODES = ("fine", "coarse")


@filtered
def load_data(label_mode: str = "fine") -> tuple[Split, Split]:
    """Loads CIFAR100 from the Keras cache, or downloads it.

    Args:
        label_mode: "fine" for the 100 classes, or "coarse" for the 20 groups.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: images, uint8 of shape (50000, 32, 32, 3) and (10000, 32, 32, 3), or
        with (3, 32, 32) for "channels_first"; labels, int64 of shape (50000, 1) and (10000, 1).

    Raises:
        UnknownNameError: If `label_mode` is unknown.
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If a file is missing in the cache or damaged.

    Source: https://keras.io/api/datasets/cifar100/
    """
    if label_mode not in _MODES:
        raise unknown_name("label_mode of cifar100", label_mode, _MODES)
    folder = os.path.join(cached_folder("cifar-100-python-target", _URL, _HASH), "cifar-100-python")
    key = f"{label_mode}_labels"
    return load_batches(folder, ["train"], key), load_batches(folder, ["test"], key)
