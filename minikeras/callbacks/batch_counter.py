"""Tells when so many batches have passed, also where the hooks run once for several."""


class BatchCounter:
    """Counts the batches of a training, through all its epochs.

    Example:
        >>> counter = BatchCounter()
        >>> [counter.is_due(batch, every=3) for batch in (0, 1, 2, 0, 1, 2, 3)]
        [False, False, True, False, False, True, False]
    """

    def __init__(self) -> None:
        self.last_seen: int | None = None
        self._passed = 0

    def is_due(self, batch: int, every: int) -> bool:
        """Takes a batch into account; returns whether there were enough since this was last so.

        Args:
            batch: Index of the batch in its epoch, from 0; the last one, if the hook runs once for several.
            every: How many are enough.
        """
        starts_epoch = self.last_seen is None or batch <= self.last_seen
        self._passed += batch + 1 if starts_epoch else batch - self.last_seen
        self.last_seen = batch
        if self._passed < every:
            return False
        self._passed = 0
        return True
