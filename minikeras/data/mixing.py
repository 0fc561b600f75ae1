"""Several datasets in one: elements of datasets that are drawn at random, or chosen by their numbers."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import ArgumentError, DataError, brief
from .sources import Source


def weights_of(weights: Any, count: int) -> list[float]:
    """Returns the weights of datasets; equal ones for None.

    Raises:
        ArgumentError: If there is another number of them, or they are not finite and non-negative.

    Example:
        >>> weights_of(None, 2)
        [1.0, 1.0]
    """
    if weights is None:
        return [1.0] * count
    given = np.asarray(weights, "float64").ravel()
    if len(given) != count or not np.isfinite(given).all() or (given < 0).any() or not given.any():
        raise ArgumentError(
            f"Dataset.sample_from_datasets: expected {count} non-negative weights, not all zero. "
            f"Received: {brief(weights)}"
        )
    return given.tolist()


def sampled(sources: list[Source], weights: list[float], draw: random.Random, stop: bool) -> Iterator:
    """Yields elements of sources drawn at random with these weights.

    Args:
        sources: The sources.
        weights: Their weights.
        draw: The random generator.
        stop: Whether to end with the first source that ends; else the others go on.
    """
    passes = {number: source.elements() for number, source in enumerate(sources) if weights[number]}
    while passes:
        numbers = list(passes)
        (number,) = draw.choices(numbers, [weights[each] for each in numbers])
        try:
            element = next(passes[number])
        except StopIteration:
            if stop:
                return
            del passes[number]
            continue
        yield element


def chosen(sources: list[Source], choices: Iterator[int], stop: bool) -> Iterator:
    """Yields elements of the sources with these numbers.

    Args:
        sources: The sources.
        choices: Their numbers.
        stop: Whether to end with the first source that ends; else its choices are skipped.

    Raises:
        DataError: If there is no source of a number.
    """
    passes = [source.elements() for source in sources]
    for place, number in enumerate(choices):
        if not 0 <= number < len(passes):
            raise DataError(
                f"Dataset.choose_from_datasets: expected numbers from 0 to {len(passes) - 1}. "
                f"Received: {number} as choice {place}"
            )
        try:
            element = next(passes[number])
        except StopIteration:
            if stop:
                return
            continue
        yield element
