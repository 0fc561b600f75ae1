"""The `ReduceLROnPlateau` callback."""

from types import NoneType
from typing import Any

import numpy as np

from minikeras.argument_checks import check_number
from minikeras.callbacks.arguments import check_verbose
from minikeras.callbacks.learning_rates import rate_logs, rate_of, single_optimizers
from minikeras.callbacks.monitor_callback import MonitorCallback
from minikeras.callbacks.states import entries
from minikeras.errors import ArgumentTypeError, warn_legacy, warn_user
from minikeras.utils.progbar import write_text


class ReduceLROnPlateau(MonitorCallback):
    """Reduces the learning rate when a monitored value has stopped improving.

    Args:
        monitor: The name of the value in the logs.
        factor: The learning rate becomes `max(learning_rate * factor, min_lr)`; less than 1.
        patience: The number of epochs without improvement after which it is reduced.
        verbose: 1: print a message when it is reduced.
        mode: "min": smaller is better; "max": larger is better; "auto": inferred from the metric.
        min_delta: The minimum change that counts as an improvement.
        cooldown: The number of epochs after a reduction during which the value is not monitored.
        min_lr: The lower bound of the learning rate.
        **kwargs: `epsilon` of Keras 2, accepted with a warning.

    Raises:
        ArgumentTypeError: If an argument has the wrong type or is unknown.
        ArgumentError: If `factor` is not in [0, 1), or another number is negative.

    Source: https://keras.io/api/callbacks/reduce_lr_on_plateau/

    Example:
        >>> from types import SimpleNamespace
        >>> from minikeras.optimizers import SGD
        >>> plateau = ReduceLROnPlateau("loss", factor=0.5, patience=1)
        >>> plateau.set_model(SimpleNamespace(optimizer=SGD(learning_rate=1.0)))
        >>> plateau.on_train_begin()
        >>> plateau.on_epoch_end(0, {"loss": 2.0})
        >>> plateau.on_epoch_end(1, {"loss": 2.0})
        >>> float(plateau.model.optimizer.learning_rate)
        0.5
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **kwargs: Any,
    ) -> None:
        where = type(self).__name__
        if "epsilon" in kwargs:
            warn_legacy("`epsilon`", "`min_delta`")
            min_delta = kwargs.pop("epsilon")
        if kwargs:
            raise ArgumentTypeError(f"{where}: unknown arguments. Received: {', '.join(kwargs)}")
        super().__init__(monitor, mode, min_delta=min_delta)
        self.factor = check_number(where, "factor", factor, minimum=0, below=1)
        self.patience = check_number(where, "patience", patience, minimum=0)
        self.verbose = check_verbose(where, verbose)
        self.cooldown = check_number(where, "cooldown", cooldown, minimum=0)
        self.min_lr = check_number(where, "min_lr", min_lr, minimum=0)
        self.cooldown_counter = 0
        self.wait = 0

    def get_state(self) -> dict[str, Any]:
        """Returns the best value so far and the counters; the learning rate is part of the optimizer."""
        return {"best": self.best, "wait": self.wait, "cooldown_counter": self.cooldown_counter}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restores the state after an interruption.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is invalid.
        """
        kinds = {"best": (int, float, np.ndarray, NoneType), "wait": int, "cooldown_counter": (int, float)}
        self.best, self.wait, self.cooldown_counter = entries(type(self).__name__, state, **kinds)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Resets the state.

        Args:
            logs: Not used.
        """
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Adds the learning rate to the logs, and reduces it if the value has not improved for `patience` epochs.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch; there is a warning if the monitored one is missing.
        """
        self._set_monitor_op()
        logs = {} if logs is None else logs
        logs.update(rate_logs(self.model.optimizer))
        current = logs.get(self.monitor)
        if current is None:
            warn_user(
                f"Learning rate reduction is conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs)}.",
                UserWarning,
            )
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter = self.cooldown
                self.wait = 0

    def _reduce(self, epoch: int) -> bool:
        """Reduces the learning rates above `min_lr`; returns whether there were any."""
        reduced = False
        for name, part in single_optimizers(self.model.optimizer).items():
            old = rate_of(part)
            if old <= np.float32(self.min_lr):
                continue
            new = max(old * self.factor, self.min_lr)
            part.learning_rate = new
            reduced = True
            if self.verbose > 0:
                which = f" {name}" if name else ""
                write_text(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing{which} learning rate to {new}.\n")
        return reduced

    def in_cooldown(self) -> bool:
        """Returns whether the learning rate was reduced within the last `cooldown` epochs."""
        return self.cooldown_counter > 0
