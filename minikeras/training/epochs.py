"""Which batches an epoch has: one pass over the data, or a number of steps that go on where the last epoch ended."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ..errors import warn_user
from .data import ArrayData, Batch
from .stream import StreamBatch, StreamData


class Epochs:
    """The batches of each epoch of arrays.

    An epoch ends with a pass, even if steps are missing; then it warns, as Keras does.

    Args:
        data: The dataset.
        shuffle: See `ArrayData.batches`.
        steps: The number of steps in an epoch; None for one pass.
        prepared_for: What tells the `compile` for which the data was checked against the model: its mean loss.

    Attributes:
        steps: The number of steps in an epoch.
        data: The dataset.
        prepared_for: As the argument.
    """

    def __init__(self, data: ArrayData, shuffle: bool | str, steps: int | None, prepared_for: Any = None):
        self.steps = data.steps if steps is None else steps
        self.data, self._shuffle, self.prepared_for = data, shuffle, prepared_for
        self._pass: Any = iter(())
        self._left = 0

    def prepare_for(self, tracker: Any) -> None:
        """Takes note that the data was checked against the model as it is compiled now."""
        if tracker is not self.prepared_for:
            self.data.forget_plans()
            self.prepared_for = tracker

    def restart(self) -> None:
        """Begins the next epoch with a new pass."""
        self.close()
        self._left = 0

    def ready(self) -> bool:
        """Returns True: there always is a next epoch."""
        return True

    def next(self) -> Iterator[Batch]:
        """Returns the batches of the next epoch."""
        if not self._left:
            self._pass, self._left = self.data.batches(self._shuffle), self.data.steps
        count = min(self.steps, self._left)
        self._left -= count
        if count < self.steps:
            warn_user(
                f"The data ran out: expected {self.steps} steps, but the pass over the data ends after {count}. "
                f"A whole pass has {self.data.steps} batches; ask for a number of steps that divides it.",
                UserWarning,
            )
        return islice(self._pass, count)

    def close(self) -> None:
        """Ends what prepares batches ahead."""
        if hasattr(self._pass, "close"):
            self._pass.close()


class StreamEpochs:
    """The batches of each epoch of a stream.

    When the only pass of a generator ends although there are steps or epochs left, it warns and is not ready any more.

    Args:
        data: The stream.
        shuffle: Whether each pass over a `PyDataset` has a new order; other streams have their own.
        steps: The number of steps in an epoch; None for one pass.
        prepared_for: What tells the `compile` for which the data was checked against the model: its mean loss.

    Attributes:
        steps: The number of steps in an epoch; None if nobody knows.
        data: The stream.
        prepared_for: As the argument.
    """

    def __init__(self, data: StreamData, shuffle: bool | str, steps: int | None, prepared_for: Any = None):
        self.steps = data.steps if steps is None else steps
        self.data, self._shuffle, self.prepared_for = data, shuffle, prepared_for
        self._asked, self._seen = steps, 0
        self._started = self._ended = False

    def prepare_for(self, tracker: Any) -> None:
        """Takes note that the data was checked against the model as it is compiled now."""
        self.prepared_for = tracker

    def restart(self) -> None:
        """Begins the next epoch with a new pass; a generator goes on. A `PyDataset` is told that an epoch ended.

        It is told before the first epoch, too, as in Keras: one that shuffles itself then does it as often.
        """
        self._seen, self._started = 0, False
        self.data.source.end_epoch()

    def ready(self) -> bool:
        """Returns whether there are batches for another epoch; a generator that is used up has none."""
        if self._ended or not self.data.source.may_end:
            return not self._ended
        self._start()
        if self.data.source.has_next():
            return True
        self._ended = True
        self._warn(0)
        return False

    def next(self) -> Iterator[StreamBatch]:
        """Yields the batches of the next epoch, each when it is asked for."""
        source, size = self.data.source, self.data.steps
        self._start()
        limit = self.steps if self.steps is None or size is None else min(self.steps, size - self._seen)
        source.begin_epoch()
        count = 0
        for batch in self.data.batches(limit):
            count += 1
            yield batch
        source.end_epoch()
        self._started = False
        self._seen += count
        if self._asked is None or count != limit or self._seen == size:
            self._seen = 0
        if self._asked is not None and count < self._asked:
            self._ended = source.once
            self._warn(count)

    def close(self) -> None:
        """Ends what prepares batches ahead."""
        self.data.source.close()

    def _start(self) -> None:
        """Begins a pass if the last one is done with."""
        if self._seen == 0 and not self._started:
            self.data.source.start(self._shuffle)
            self._started = True

    def _warn(self, count: int) -> None:
        expected = "another epoch" if self._asked is None else f"an epoch of {self._asked} steps"
        ends = "Training is interrupted. " if self._ended else ""
        warn_user(
            f"The data ran out: expected {expected}, received {count} batches. {ends}Make sure that a generator yields "
            "at least `steps_per_epoch * epochs` batches, and that `steps_per_epoch` divides the size of a dataset.",
            UserWarning,
        )


def epochs_of(
    data: ArrayData | StreamData, shuffle: bool | str, steps: int | None, prepared_for: Any = None
) -> Epochs | StreamEpochs:
    """Returns the epochs of a dataset of either kind; see `Epochs` for the arguments."""
    return (StreamEpochs if isinstance(data, StreamData) else Epochs)(data, shuffle, steps, prepared_for)
