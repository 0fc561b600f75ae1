"""How examples are ordered and split, alike for several datasets."""

from typing import Any

import numpy as np

from ..argument_checks import check_number

Split = tuple[np.ndarray, np.ndarray]


def check_test_split(where: str, test_split: Any) -> None:
    """Checks a fraction of examples.

    Raises:
        ArgumentError: If it is not in [0, 1).
    """
    check_number(where, "test_split", test_split, minimum=0, below=1)


def order_of(count: int, seed: Any) -> np.ndarray:
    """Returns the order of examples that a seed determines, as in Keras.

    Example:
        >>> order_of(4, 113).tolist()
        [3, 2, 0, 1]
    """
    order = np.arange(count)
    np.random.RandomState(seed).shuffle(order)
    return order


def shuffled_split(x: np.ndarray, y: np.ndarray, test_split: float, seed: Any) -> tuple[Split, Split]:
    """Shuffles examples, and splits them.

    Args:
        x: The inputs.
        y: The targets.
        test_split: The fraction that is for testing.
        seed: The seed of the order.

    Returns:
        `(x_train, y_train), (x_test, y_test)`.
    """
    order = order_of(len(x), seed)
    x, y = x[order], y[order]
    count = int(len(x) * (1 - test_split))
    return (x[:count].copy(), y[:count].copy()), (x[count:].copy(), y[count:].copy())
