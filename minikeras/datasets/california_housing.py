"""California Housing: prices in 20,640 districts, with 8 attributes each, from the census of 1990."""

from typing import Any

from ..errors import unknown_name
from ..tracebacks import filtered
from .sources import STORAGE, cached_file, npz_arrays, read
from .splits import Split, check_test_split, shuffled_split

__all__ = ["load_data"]

_HASH = "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"
_VERSIONS = ("small", "large")
_SMALL = 600  # examples


@filtered
def load_data(
    version: str = "large", path: Any = "california_housing.npz", test_split: float = 0.2, seed: int = 113
) -> tuple[Split, Split]:
    """Loads the California Housing dataset from the Keras cache, or downloads it.

    The attributes are median income, house age, average rooms, average bedrooms, population, average occupation,
    latitude and longitude.

    Args:
        version: "large" for all examples, or "small" for the first 600.
        path: Name of the file in `$KERAS_HOME/datasets`.
        test_split: The fraction of the examples that is for testing.
        seed: Seed of the order of the examples.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: float32 arrays of shape (examples, 8), and of shape (examples,): median
        prices in dollars.

    Raises:
        ArgumentError: If `test_split` is not in [0, 1), or the version is unknown.
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If the file is damaged.

    Source: https://keras.io/api/datasets/california_housing/
    """
    check_test_split("california_housing.load_data", test_split)
    if version not in _VERSIONS:
        raise unknown_name("version of california_housing", version, _VERSIONS)
    file = cached_file(path, f"{STORAGE}california_housing.npz", _HASH)
    x, y = read(file, lambda stream: npz_arrays(stream, ("x", "y")))
    count = _SMALL if version == "small" else len(x)
    return shuffled_split(x[:count], y[:count], test_split, seed)
