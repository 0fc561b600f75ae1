"""Counting batches, also if the hooks run once for several of them."""

from types import NoneType
from typing import Any

from minikeras.callbacks.states import entries


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

    def get_state(self) -> dict[str, int | None]:
        """Returns the counts."""
        return {"last_seen": self.last_seen, "passed": self._passed}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restores the counts.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is invalid.
        """
        self.last_seen, self._passed = entries("BatchCounter", state, last_seen=(int, NoneType), passed=int)

    def is_due(self, batch: int, every: int) -> bool:
        """Counts a batch, and returns whether `every` batches have passed since this was last true.

        Args:
            batch: Index of the batch in its epoch, from 0; the last one, if the hook runs once for several.
            every: The number of batches.
        """
        starts_epoch = self.last_seen is None or batch <= self.last_seen
        self._passed += batch + 1 if starts_epoch else batch - self.last_seen
        self.last_seen = batch
        if self._passed < every:
            return False
        self._passed = 0
        return True
