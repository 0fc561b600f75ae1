"""Stand-in sizes: concrete integers substituted for free sizes while a model is built.

A computation that needs a free size as an integer runs several times, with a different one each time; sizes of the
results that differ between the runs are free, too. The first size has many divisors, as real sizes often do; the second
is one less, so that remainders differ; the third is tiny, so that limits such as `x[:10]` show; the fourth is neither
large nor tiny; the fifth, like the third, is for code that only works for tiny sizes, such as a padding of `10 - size`.
"""

import threading

Shape = tuple[int | None, ...]

COUNT = 5


class _Local(threading.local):
    reads: "reads_of | None" = None


_local = _Local()


def stand_in(axis: int, turn: int) -> int:
    """Returns the stand-in size of a free axis. All inputs share that of the batch axis.

    Example:
        >>> [stand_in(0, turn) for turn in range(COUNT)]
        [168, 167, 2, 12, 3]
    """
    usual = 168 + 96 * axis
    return (usual, usual - 1, 2, 12 + 12 * axis, 3)[turn]


def filled(shape: Shape, turn: int, known: Shape | None = None) -> tuple[int, ...]:
    """Returns a shape with its free sizes replaced by stand-in sizes.

    Args:
        shape: The shape.
        turn: The index of the run, below `COUNT`.
        known: The sizes to use instead, where they are not None.
    """
    known = shape if known is None or len(known) != len(shape) else known
    pairs = enumerate(zip(shape, known, strict=True))
    return tuple(
        own if own is not None else (stand_in(axis, turn) if number is None else number)
        for axis, (own, number) in pairs
    )


def common(shapes: list[Shape]) -> Shape:
    """Returns the shape of a value whose shape was different in each run: None where the sizes differ.

    Example:
        >>> common([(168, 4), (167, 4), (2, 4), (12, 4)])
        (None, 4)
    """
    return tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes, strict=True))


class reads_of:
    """Context manager in which Python can read free sizes as integers.

    Args:
        turn: The index of the run whose stand-in sizes are read.

    Attributes:
        happened: Whether a size was read.
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
    """Reports that Python reads a size, and returns the index of the run; None if sizes cannot be read."""
    if _local.reads is None:
        return None
    _local.reads.happened = True
    return _local.reads.turn
