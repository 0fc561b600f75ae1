"""Seeds that continue those of a generator without a variable."""

from typing import Any

import numpy as np

from .... import random
from ....typing import Tensor

_STEP = np.array([0, 1], "uint32")


class SeedSequence(random.SeedGenerator):
    """Gives the seeds that a generator in that state would give.

    Args:
        state: The state, of shape (2,) and dtype uint32.

    Source: https://keras.io/api/random/seed_generator/

    Example:
        >>> sequence = SeedSequence(np.array([7, 3], "uint32"))
        >>> sequence.next().tolist(), sequence.next().tolist()
        ([7, 3], [7, 4])
    """

    def __init__(self, state: Tensor):
        self.state: Any = state

    def next(self, ordered: bool = True) -> Tensor:
        """Returns the next seed."""
        seed = self.state
        self.state = seed + _STEP
        return seed


def draws_of(layer: Any) -> int:
    """Returns how many seeds an image layer takes for a call."""
    sequence = SeedSequence(np.zeros(2, "uint32"))
    layer.get_random_transformation(np.zeros((1, 1, 1, 1), "float32"), seed=sequence)
    return int(sequence.state[1])
