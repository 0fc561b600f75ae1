"""The batches of an epoch: one pass over the data, or a number of steps that continue where the last epoch ended."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from ..engine.replicas import current
from ..errors import warn_user
from .data import ArrayData, Batch
from .shared_data import shared
from .stream import StreamBatch, StreamData


class Epochs:
    """The batches of each epoch of arrays.

    An epoch ends with the pass, even if steps are missing; it then warns, as Keras does.

    Args:
        data: The dataset.
        shuffle: See `ArrayData.batches`.
        steps: The number of steps in an epoch; None for one pass.
        prepared_for: The mean loss, which identifies the `compile` that the data was checked for.

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
        """Records that the data was checked against the model as it is compiled now."""
        if tracker is not self.prepared_for:
            self.data.forget_plans()
            self.prepared_for = tracker

    def restart(self) -> None:
        """Starts the next epoch with a new pass."""
        self.close()
        self._left = 0

    def ready(self) -> bool:
        """Returns True: there is always a next epoch."""
        return True

    def next(self) -> Iterator[Batch]:
        """Returns the batches of the next epoch."""
        if not self._left:
            self.close()  # left to the garbage collector, it would swallow an interrupt
            self._pass, self._left = self.data.batches(self._shuffle), self.data.steps
        count = min(self.steps, self._left)
        self._left -= count
        if count < self.steps:
            warn_user(
                f"The data ran out: expected {self.steps} steps, but the pass over the data ends after {count}. "
                f"A whole pass has {self.data.steps} batches; pass a number of steps that divides it.",
                UserWarning,
            )
        return islice(self._pass, count)

    def close(self) -> None:
        """Stops prefetching."""
        if hasattr(self._pass, "close"):
            self._pass.close()


class _Use(NamedTuple):
    """The wording of warnings about a stream, by its use."""

    data: str
    round: str
    steps: str
    needed: str  # the number of batches a generator has to yield
    end: str  # the consequence if a generator is exhausted


_USES = {
    "training": _Use("data", "epoch", "steps_per_epoch", "steps_per_epoch * epochs", "Training is interrupted."),
    "validation": _Use(
        "validation data",
        "pass",
        "validation_steps",
        "validation_steps * epochs",
        "Training goes on, but there are no values with `val_` for epochs without such batches.",
    ),
    "evaluation": _Use("data", "pass", "steps", "steps", "The values are those of the batches received."),
    "prediction": _Use("data", "pass", "steps", "steps", "The outputs are those of the batches received."),
}


class StreamEpochs:
    """The batches of each epoch of a stream; a `PyDataset` may have another length in each.

    If a generator is exhausted although there are steps or epochs left, it warns and is not ready any more.

    Args:
        data: The stream.
        shuffle: Whether each pass over a `PyDataset` is shuffled; other streams keep their order.
        steps: The number of steps in an epoch; None for one pass.
        use: "training", "validation", "evaluation" or "prediction", for warnings.
        prepared_for: The mean loss, which identifies the `compile` that the data was checked for.

    Attributes:
        data: The stream.
        prepared_for: As the argument.
    """

    def __init__(
        self, data: StreamData, shuffle: bool | str, steps: int | None, use: str = "training", prepared_for: Any = None
    ):
        self.data, self._shuffle, self.prepared_for = data, shuffle, prepared_for
        self._asked, self._use = steps, use
        self._started = self._goes_on = self._ended = False

    @property
    def steps(self) -> int | None:
        """The number of steps in an epoch as far as it is known; None if it is not."""
        return self.data.steps if self._asked is None else self._asked

    def prepare_for(self, tracker: Any) -> None:
        """Records that the data was checked against the model as it is compiled now."""
        self.prepared_for = tracker

    def restart(self) -> None:
        """Starts the next epoch with a new pass; a generator continues. Calls `on_epoch_end` of a `PyDataset`.

        As in Keras, it is called before the first epoch, too: a dataset that shuffles itself does so equally often.
        """
        self._goes_on = self._started = False
        self.data.source.end_epoch()

    def ready(self) -> bool:
        """Returns whether there are batches for another epoch: an exhausted or empty stream has none."""
        if self._ended:
            return False
        source = self.data.source
        if source.may_end:
            self._start()
        if source.has_next() if source.may_end else self.data.steps != 0:
            return True
        self._ended = True
        self._warn(0)
        return False

    def next(self) -> Iterator[StreamBatch]:
        """Yields the batches of the next epoch lazily."""
        source = self.data.source
        source.begin_epoch()  # a dataset may change its length in it
        self._start()
        limit = min((size for size in (self._asked, source.left) if size is not None), default=None)
        count = 0
        for batch in self.data.batches(limit):
            count += 1
            yield batch
        source.end_epoch()
        self._started = False
        self._goes_on = self._asked is not None and count == limit and source.left != 0
        if count < (self._asked or 1):
            self._ended = source.once
            self._warn(count)

    def close(self) -> None:
        """Stops prefetching."""
        self.data.source.close()

    def _start(self) -> None:
        """Starts a pass if the last one is finished."""
        if not self._goes_on and not self._started:
            self.data.source.start(self._shuffle)
            self._started = True

    def _warn(self, count: int) -> None:
        use = _USES[self._use]
        expected = f"another {use.round}" if self._asked is None else f"{self._asked} steps for this {use.round}"
        end = f"{use.end} " if self._ended else ""
        warn_user(
            f"The {use.data} ran out: expected {expected}, received {count} batches. {end}Make sure that a generator "
            f"yields at least `{use.needed}` batches, and that `{use.steps}` divides the size of a dataset.",
            UserWarning,
        )


def epochs_of(
    data: ArrayData | StreamData,
    shuffle: bool | str,
    steps: int | None,
    use: str = "training",
    prepared_for: Any = None,
) -> Epochs | StreamEpochs:
    """Returns the epochs of a dataset of either kind; see `StreamEpochs` for the arguments.

    If several processes share the training, they are those of the part of this one.

    Raises:
        ArgumentError: If batches cannot be shared.
    """
    replicas = current()
    if replicas is not None:
        data = shared(data, replicas, exact=use != "prediction")
    if isinstance(data, StreamData):
        return StreamEpochs(data, shuffle, steps, use, prepared_for)
    return Epochs(data, shuffle, steps, prepared_for)
