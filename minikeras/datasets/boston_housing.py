"""Boston Housing: prices of 506 groups of houses, with 13 attributes.

The attribute "B" assumes that racial self-segregation influences prices; use the dataset to discuss that, or
`california_housing` instead.
"""

from typing import Any

from ..tracebacks import filtered
from .sources import STORAGE, cached_file, npz_arrays, read
from .splits import Split, check_test_split, shuffled_split

__all__ = ["load_data"]

_HASH = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"


@filtered
def load_data(path: Any = "boston_housing.npz", test_split: float = 0.2, seed: int = 113) -> tuple[Split, Split]:
    """Loads the Boston Housing dataset from the Keras cache, or downloads it.

    Args:
        path: Name of the file in `$KERAS_HOME/datasets`.
        test_split: The fraction of the examples that is for testing.
        seed: Seed of the order of the examples.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: float64 arrays of shape (examples, 13), and of shape (examples,): prices
        in 1,000 dollars.

    Raises:
        ArgumentError: If `test_split` is not in [0, 1).
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If the file is damaged.

    Source: https://keras.io/api/datasets/boston_housing/
    """
    check_test_split("boston_housing.load_data", test_split)
    file = cached_file(path, f"{STORAGE}boston_housing.npz", _HASH)
    x, y = read(file, lambda stream: npz_arrays(stream, ("x", "y")))
    return shuffled_split(x, y, test_split, seed)
