"""One call that makes a program reproducible."""

import numpy as np

from ..random.seed_generator import check_seed, seed_defaults
from ..tracebacks import filtered

__all__ = ["set_random_seed"]


@filtered
def set_random_seed(seed: int) -> None:
    """Seeds Python's `random`, numpy's global generator and minikeras.

    Random values drawn afterwards without an explicit seed (initial weights, dropout, shuffling of the training data)
    are then the same in each run.

    Args:
        seed: An integer in [0, 2^32).

    Raises:
        ArgumentError: If it is anything else.

    Source: https://keras.io/api/utils/python_utils/

    Example:
        >>> from minikeras.random import normal
        >>> set_random_seed(3)
        >>> first = normal((2,))
        >>> set_random_seed(3)
        >>> bool((normal((2,)) == first).all())
        True
    """
    check_seed(seed, "set_random_seed")
    seed_defaults(None)
    import random

    random.seed(seed)
    np.random.seed(seed)
