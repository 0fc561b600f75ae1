"""In which order elements come: shuffled, and again and again."""

import itertools
import random
from collections.abc import Callable, Iterator

import numpy as np


class Draws:
    """The random generators of the passes: a new one for each, or the same again.

    Args:
        seed: Same seed, same generators; None: they follow numpy's global generator.
        anew: Whether each pass has another one.
    """

    def __init__(self, seed: int | None, anew: bool):
        self._seed = seed
        self._first = int(np.random.randint(2**31)) if seed is None and not anew else seed
        self._own = random.Random(self._first)
        self._anew = anew

    def next(self) -> random.Random:
        """Returns the generator of the next pass."""
        if not self._anew:
            return random.Random(self._first)
        if self._seed is None:
            return random.Random(int(np.random.randint(2**31)))
        return random.Random(self._own.getrandbits(64))


def shuffled(items: Iterator, size: int, draw: random.Random) -> Iterator:
    """Yields items drawn at random from a buffer of the next `size` ones."""
    buffer = list(itertools.islice(items, size))
    for item in items:
        index = draw.randrange(size)
        yield buffer[index]
        buffer[index] = item
    draw.shuffle(buffer)
    yield from buffer


def endless(items: Callable[[], Iterator]) -> Iterator:
    """Yields the items of one pass after the other; ends if a pass has none."""
    while True:
        is_empty = True
        for item in items():
            is_empty = False
            yield item
        if is_empty:
            return
