"""MNIST, the classic first dataset: 70,000 images of handwritten digits.

The original data is bundled with the package. A copy that Keras has downloaded is read first, so that both libraries
use the same file, but it is validated: if it does not contain the original arrays, a warning names it and the bundled
copy is used.
"""

import hashlib
import os
import zipfile
from typing import NamedTuple

import numpy as np

from ..config import keras_home
from ..errors import ArgumentError, ArgumentTypeError, brief, warn_user
from ..tracebacks import filtered
from ..utils.paths import checked_path, opened

__all__ = ["load_data"]

_BUNDLED_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "mnist.npz")


class _Content(NamedTuple):
    """The expected properties of an array of the dataset. The digest is that of its bytes in C order."""

    shape: tuple[int, ...]
    sha256: str


# The arrays are checked, not the archive: a rewritten archive may contain the same data.
_ARRAYS = {
    "x_train": _Content((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
    "y_train": _Content((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": _Content((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": _Content((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}

Split = tuple[np.ndarray, np.ndarray]


@filtered
def load_data(path: str | os.PathLike = "mnist.npz") -> tuple[Split, Split]:
    """Loads the MNIST images of handwritten digits and their labels.

    Reads `$KERAS_HOME/datasets/mnist.npz` (by default `~/.keras/datasets/mnist.npz`) if it exists and contains the
    original data, otherwise the copy bundled with minikeras. A file with other data is left unchanged, and a
    `UserWarning` states what is wrong.

    The images are 8-bit grayscale (0 is background, 255 is ink). Yann LeCun and Corinna Cortes
    hold the copyright of MNIST; it is available under the Creative Commons Attribution-Share Alike
    3.0 license.

    Args:
        path: Name of the file in the `datasets` folder, without folders.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: uint8 arrays of shape (60000, 28, 28), (60000,),
        (10000, 28, 28) and (10000,). The labels are 0 to 9.

    Raises:
        ArgumentError: If `path` contains a folder.
        ArgumentTypeError: If `path` is not a path.

    Source:
        https://keras.io/api/datasets/mnist/

    Example:
        >>> (x_train, y_train), (x_test, y_test) = load_data()
        >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape
        ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
        >>> y_train[:5].tolist()
        [5, 0, 4, 1, 9]
    """
    arrays = _read_cached(_cache_path(path))
    if arrays is None:
        arrays = _read(_BUNDLED_FILE)
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _cache_path(path: str | os.PathLike) -> str:
    """The path at which Keras caches the file."""
    try:
        name = os.fspath(path)
    except TypeError:
        name = None
    if not isinstance(name, str):
        raise ArgumentTypeError(
            f"mnist.load_data: `path` must be a file name, such as 'mnist.npz'. Received: path={brief(path)}"
        )
    if os.path.basename(name) != name:
        raise ArgumentError(
            f"mnist.load_data: `path` must be a file name without folders, since the file is read from "
            f"$KERAS_HOME/datasets. Set KERAS_HOME to read it from elsewhere. Received: path={brief(name)}"
        )
    return os.path.join(keras_home(), "datasets", checked_path(name, "mnist.load_data") or "mnist.npz")


def _read_cached(path: str) -> dict[str, np.ndarray] | None:
    """Reads the cached copy; None if there is none, or if it does not contain the original data."""
    try:
        return _read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except Exception as error:  # a corrupt archive can raise any error; the warning states it
        warn_user(
            f"mnist.load_data: {path} does not contain the original MNIST data and is not used "
            f"({type(error).__name__}: {error}). The copy bundled with minikeras is used instead; "
            f"delete the file to stop this warning.",
            UserWarning,
        )
        return None


def _read(path: str) -> dict[str, np.ndarray]:
    """Reads the four arrays of an npz file, and raises an error if one is not the original."""
    with opened(path) as file, zipfile.ZipFile(file) as archive:
        return {name: _read_array(archive, name, content) for name, content in _ARRAYS.items()}


def _read_array(archive: zipfile.ZipFile, name: str, expected: _Content) -> np.ndarray:
    with archive.open(f"{name}.npy") as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
    if array.shape != expected.shape or array.dtype != np.uint8:
        raise ValueError(
            f"expected '{name}' to be uint8 of shape {expected.shape}, found {array.dtype} of shape {array.shape}"
        )
    array = np.ascontiguousarray(array)
    if hashlib.sha256(array).hexdigest() != expected.sha256:
        raise ValueError(f"the values of '{name}' are not the original ones")
    return array
