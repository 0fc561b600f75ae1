"""Sizes of the free axes of a model's inputs in the two runs that are recorded."""

from collections.abc import Iterator, Sequence
from itertools import count, islice

Shape = tuple[int | None, ...]
Pair = tuple[int, int]  # a size in the first run, and in the second

# Primes that are unlikely to occur as other sizes or in their products. Halved again and again, they stay different,
# and one of them odd.
BATCH: Pair = (5, 7)
_USUAL = ((11, 29), (17, 19), (13, 23), (31, 37), (41, 61), (43, 59))
_OF_IMAGES = ((47, 97), (53, 107), (59, 113), (67, 101), (71, 109), (73, 103))  # for networks with many windows
_SMALL = ((3, 4), (2, 5), (4, 7))  # for tables with few rows, such as those of positions

_MOST_AXES = 5  # whose groups are all tried: there are 52
_LEAST = 10


def free_sizes(shapes: Sequence[Shape], small: bool = False, least: int = 0) -> Iterator[list[list[Pair]]]:
    """Yields the sizes of inputs in the two runs, for each way in which free axes may have to be equally long.

    First all of them differ; the axes in front, the batch, are always equal.

    Args:
        shapes: The shapes of the inputs, with None for free sizes.
        small: Whether sizes are small.
        least: What other sizes have to be larger than, such as the width of a window.

    Example:
        >>> next(free_sizes([(None, 4), (None, None)]))
        [[(5, 7), (4, 4)], [(5, 7), (11, 29)]]
    """
    axes = [(which, axis) for which, shape in enumerate(shapes) for axis in range(1, len(shape)) if shape[axis] is None]
    of_images = [len(shapes[which]) == 4 for which, _ in axes]
    for groups in _groupings([axis for _, axis in axes]):
        sizes = _sizes(groups, of_images, small, least)
        if sizes is not None:
            known = dict(zip(axes, sizes, strict=True))
            yield [
                [
                    (size, size) if size is not None else known.get((which, axis), BATCH)
                    for axis, size in enumerate(shape)
                ]
                for which, shape in enumerate(shapes)
            ]


def _sizes(groups: Sequence[int], of_images: Sequence[bool], small: bool, least: int) -> list[Pair] | None:
    """Returns the sizes of each axis, given the group of each; None if there are not enough."""
    images = {group for group, is_image in zip(groups, of_images, strict=True) if is_image}
    usual = _SMALL if small else _primes(least, 1 + max(groups, default=0)) if least > _LEAST else _USUAL
    tables = {True: iter(_OF_IMAGES if usual is _USUAL else usual), False: iter(usual)}
    if usual is not _USUAL:
        tables[False] = tables[True]
    pairs = {group: next(tables[group in images], None) for group in dict.fromkeys(groups)}
    found = [pairs[group] for group in groups]
    return None if None in found else [pair for pair in found if pair is not None]


def _primes(least: int, pairs: int) -> list[Pair]:
    """Returns pairs of consecutive primes that are larger than a number."""
    primes = (n for n in count(least + 1) if all(n % factor for factor in range(2, int(n**0.5) + 1)))
    found = list(islice(primes, 2 * pairs))
    return list(zip(found[::2], found[1::2], strict=True))


def _groupings(axes: list[int]) -> list[list[int]]:
    """Returns the groups of axes that are equally long, numbered, from many groups to one.

    Args:
        axes: The index of each axis in its input: of groupings alike, those by this index come first.
    """
    distinct, by_axis = list(range(len(axes))), [axes.index(axis) for axis in axes]
    if len(axes) > _MOST_AXES:
        return [distinct, by_axis, [0] * len(axes)]
    found: list[list[int]] = [[]]
    for _ in axes:
        found = [[*groups, group] for groups in found for group in range(max(groups, default=-1) + 2)]
    numbers = {axis: number for number, axis in enumerate(dict.fromkeys(axes))}
    preferred = [numbers[axis] for axis in axes]
    return sorted(found, key=lambda groups: (-len({*groups}), groups != preferred))
