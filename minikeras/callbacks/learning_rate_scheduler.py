"""The `LearningRateScheduler` callback."""

from collections.abc import Callable
from typing import Any

import numpy as np

from minikeras.callbacks.arguments import check_verbose
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.learning_rates import rate_logs, rate_of, single_optimizers
from minikeras.errors import ArgumentError, ArgumentTypeError, brief
from minikeras.utils.progbar import write_text


class LearningRateScheduler(Callback):
    """Sets the learning rate at the start of every epoch, and adds it to the logs at the end.

    Args:
        schedule: `schedule(epoch, learning_rate)` or `schedule(epoch)` returns the new learning rate as a
            float; epochs count from 0.
        verbose: 1: print a message when it sets the learning rate.

    Raises:
        ArgumentTypeError: If `schedule` is not a function of one or two arguments.

    Source: https://keras.io/api/callbacks/learning_rate_scheduler/

    Example:
        >>> from types import SimpleNamespace
        >>> from minikeras.optimizers import SGD
        >>> scheduler = LearningRateScheduler(lambda epoch, rate: rate * 0.5, verbose=1)
        >>> scheduler.set_model(SimpleNamespace(optimizer=SGD(learning_rate=1.0)))
        >>> scheduler.on_epoch_begin(0)
        <BLANKLINE>
        Epoch 1: LearningRateScheduler setting learning rate to 0.5.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.verbose = check_verbose(type(self).__name__, verbose)
        self._takes_rate = _takes_rate(schedule)
        self.schedule = schedule

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the learning rate.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.

        Raises:
            ArgumentError: If the schedule does not return a float.
        """
        for name, part in single_optimizers(self.model.optimizer).items():
            rate = rate_of(part)
            rate = self.schedule(epoch, rate) if self._takes_rate else self.schedule(epoch)
            if not isinstance(rate, (float, np.float32)):
                raise ArgumentError(
                    f"LearningRateScheduler: expected `schedule` to return a float for epoch {epoch}. "
                    f"Received: {brief(rate)} of type {type(rate).__name__}"
                )
            part.learning_rate = rate
            if self.verbose > 0:
                which = f"{name} " if name else ""
                write_text(f"\nEpoch {epoch + 1}: LearningRateScheduler setting {which}learning rate to {rate}.\n")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Adds the learning rate to the logs.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch, to which the learning rate is added.
        """
        if logs is not None:
            logs.update(rate_logs(self.model.optimizer))


def _takes_rate(schedule: object) -> bool:
    """Tells whether a schedule takes the current learning rate as second argument."""
    import inspect

    if not callable(schedule):
        raise ArgumentTypeError(
            "LearningRateScheduler: expected `schedule` to be a function of the epoch and the learning rate. "
            f"Received: schedule={brief(schedule)}"
        )
    try:
        signature = inspect.signature(schedule)
    except ValueError:  # some builtin functions have no signature
        return True
    for arguments in ((0, 0.1), (0,)):
        try:
            signature.bind(*arguments)
        except TypeError:
            continue
        return len(arguments) == 2
    raise ArgumentTypeError(
        "LearningRateScheduler: expected `schedule` to take the epoch and the learning rate, or the epoch alone. "
        f"Received: a function with the signature {signature}"
    )
