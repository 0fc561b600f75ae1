"""Tells when so many batches have passed, also where the hooks run once for several."""

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
        """Returns what was counted."""
        return {"last_seen": self.last_seen, "passed": self._passed}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on with what was counted.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is something else.
        """
        self.last_seen, self._passed = entries("BatchCounter", state, last_seen=(int, NoneType), passed=int)

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
