"""Stand-in sizes: numbers for the sizes that are free while a model is built.

Whatever has to know a size then is computed several times, each time with another number in its place; what differs
in the results is free, too. The first number can be cut into equal parts, as real sizes often can; the second is one
less, so that remainders differ; the third is tiny, so that a limit like that of `x[:10]` shows; the fourth is for what
needs a number that is neither large nor tiny; the fifth, beside the third, for what only fits tiny ones: a padding of
`10 - size`.
"""

import threading

Shape = tuple[int | None, ...]

COUNT = 5


class _Local(threading.local):
    reads: "reads_of | None" = None


_local = _Local()


def stand_in(axis: int, turn: int) -> int:
    """Returns the number for a free axis; that of the batch is the same for all inputs.

    Example:
        >>> [stand_in(0, turn) for turn in range(COUNT)]
        [168, 167, 2, 12, 3]
    """
    usual = 168 + 96 * axis
    return (usual, usual - 1, 2, 12 + 12 * axis, 3)[turn]


def filled(shape: Shape, turn: int, known: Shape | None = None) -> tuple[int, ...]:
    """Returns a shape with numbers in the place of what is free.

    Args:
        shape: The shape.
        turn: Which of the numbers, below `COUNT`.
        known: The numbers, where they are known.
    """
    known = shape if known is None or len(known) != len(shape) else known
    pairs = enumerate(zip(shape, known, strict=True))
    return tuple(
        own if own is not None else (stand_in(axis, turn) if number is None else number)
        for axis, (own, number) in pairs
    )


def common(shapes: list[Shape]) -> Shape:
    """Returns the shape of what has each of the shapes in one of the turns: None where they differ.

    Example:
        >>> common([(168, 4), (167, 4), (2, 4), (12, 4)])
        (None, 4)
    """
    return tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes, strict=True))


class reads_of:
    """Lets Python read sizes as numbers inside of a `with` block, which notes whether it did.

    Args:
        turn: Which of the numbers it reads.
    """

    def __init__(self, turn: int):
        self.turn = turn
        self.happened = False

    def __enter__(self) -> "reads_of":
        self._outer = _local.reads
        _local.reads = self
        return self

    def __exit__(self, *exception: object) -> None:
        _local.reads = self._outer


def turn_to_read() -> int | None:
    """Notes that Python reads a size, and returns which of the numbers it gets; None if it may not."""
    if _local.reads is None:
        return None
    _local.reads.happened = True
    return _local.reads.turn
