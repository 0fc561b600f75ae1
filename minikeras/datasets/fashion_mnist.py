"""Fashion-MNIST: 70,000 grayscale images of 28 x 28 pixels of clothes in 10 classes.

They are T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag and ankle boot. Zalando SE holds the
copyright; the data are under the MIT license.
"""

import gzip
import os
from typing import BinaryIO

import numpy as np

from ..tracebacks import filtered
from .sources import STORAGE, cached_file, read
from .splits import Split

__all__ = ["load_data"]

_SIDE = 28


@filtered
def load_data() -> tuple[Split, Split]:
    """Loads Fashion-MNIST from the Keras cache, or downloads it.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: uint8 arrays of shape (60000, 28, 28), (60000,), (10000, 28, 28) and
        (10000,). The labels are 0 to 9.

    Raises:
        DownloadError: If a file is not there and cannot be downloaded.
        FileReadError: If a file is damaged.

    Source: https://keras.io/api/datasets/fashion_mnist/
    """
    return _load("train"), _load("t10k")


def _load(part: str) -> Split:
    labels = _array(f"{part}-labels-idx1-ubyte.gz", ())
    return _array(f"{part}-images-idx3-ubyte.gz", (_SIDE, _SIDE), len(labels)), labels


def _array(name: str, shape: tuple[int, ...], count: int | None = None) -> np.ndarray:
    """Returns the array of bytes in an IDX file, which must have `count` rows of a shape."""

    def reader(file: BinaryIO) -> np.ndarray:
        with gzip.open(file) as stream:
            header = np.frombuffer(stream.read(8 + 4 * len(shape)), ">u4").tolist()
            # 8: unsigned bytes; then the number of axes
            if header[:1] != [0x801 + len(shape)] or tuple(header[2:]) != shape or count not in (None, header[1]):
                raise ValueError(f"an IDX file of bytes of shape {(count, *shape)} was expected")
            size = int(np.prod([header[1], *shape]))
            data = stream.read(size + 1)
        if len(data) != size:
            raise ValueError(f"it has another size than its header says, {size}")
        return np.frombuffer(data, "uint8").reshape(header[1], *shape)

    # Keras knows no hashes of these files; their checksums, headers and sizes are verified.
    return read(cached_file(name, STORAGE + name, None, os.path.join("datasets", "fashion-mnist")), reader)
