"""What the generators of Keras 2 share: batches by their number, and passes over them without end."""

from collections.abc import Iterator
from typing import Any

from ..errors import NotSupportedError


class Batches:
    """A dataset of batches; a subclass defines `__len__` and `__getitem__`."""

    def __len__(self) -> int:
        raise NotSupportedError(f"{type(self).__name__} needs a method `__len__`.")

    def __getitem__(self, index: int) -> Any:
        raise NotSupportedError(f"{type(self).__name__} needs a method `__getitem__`.")

    def __iter__(self) -> Iterator:
        return (self[index] for index in range(len(self)))

    def on_epoch_end(self) -> None:
        """Called when a pass is over."""
