"""Makes smaller steps once a training no longer gets better with those it makes."""

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
    """Multiplies the learning rate by a factor when a value of the logs has not improved for some epochs.

    Args:
        monitor: The name of the value.
        factor: The learning rate becomes `max(learning_rate * factor, min_lr)`; less than 1.
        patience: After how many epochs without an improvement it is reduced.
        verbose: 1: print a line when it is reduced.
        mode: "min": less is better; "max": more is better; "auto": as the metric of that name says.
        min_delta: How much better a value has to be to count as an improvement.
        cooldown: The number of epochs after a reduction in which nothing is counted.
        min_lr: The learning rate is not made smaller than this.
        **kwargs: `epsilon` of Keras 2, accepted with a warning.

    Raises:
        ArgumentTypeError: If an argument has the wrong type or is not known.
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
        """Returns the best value so far and what is counted; the learning rate is a part of the optimizer."""
        return {"best": self.best, "wait": self.wait, "cooldown_counter": self.cooldown_counter}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on counting where it did before an interruption.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is something else.
        """
        kinds = {"best": (int, float, np.ndarray, NoneType), "wait": int, "cooldown_counter": (int, float)}
        self.best, self.wait, self.cooldown_counter = entries(type(self).__name__, state, **kinds)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forgets earlier trainings.

        Args:
            logs: Not read.
        """
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Adds the learning rate to the logs, and reduces it if the value has not improved for long enough.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch; without the one that is watched, there is a warning.
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
        """Reduces the learning rates that can be; returns whether there was one."""
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
        """Whether the learning rate was reduced so lately that nothing is counted yet."""
        return self.cooldown_counter > 0
