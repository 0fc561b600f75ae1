"""The `EarlyStopping` callback."""

from types import NoneType
from typing import Any

import numpy as np

from minikeras.argument_checks import check_bool, check_number, check_optional_number
from minikeras.callbacks.arguments import check_verbose
from minikeras.callbacks.monitor_callback import MonitorCallback
from minikeras.callbacks.states import entries
from minikeras.errors import ArgumentError, warn_user
from minikeras.utils.progbar import write_text


class EarlyStopping(MonitorCallback):
    """Stops training when a monitored value has stopped improving.

    Args:
        monitor: The name of the value in the logs.
        min_delta: The minimum change that counts as an improvement.
        patience: The number of epochs without improvement after which training stops.
        verbose: 1: print a message when it stops, and when it restores weights.
        mode: "min": smaller is better; "max": larger is better; "auto": inferred from the metric.
        baseline: The value to improve on; only improvements beyond it reset the patience.
        restore_best_weights: Whether to restore the weights of the best epoch at the end.
        start_from_epoch: The number of warm-up epochs, which are not monitored.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If `patience` or `start_from_epoch` is negative.

    Source: https://keras.io/api/callbacks/early_stopping/

    Example:
        >>> from types import SimpleNamespace
        >>> stopping = EarlyStopping("loss", patience=1)
        >>> stopping.set_model(SimpleNamespace(stop_training=False))
        >>> stopping.on_train_begin()
        >>> stopping.on_epoch_end(0, {"loss": 0.5})
        >>> stopping.on_epoch_end(1, {"loss": 0.75})
        >>> stopping.model.stop_training
        True
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta=min_delta)
        where = type(self).__name__
        self.patience = check_number(where, "patience", patience, minimum=0)
        self.verbose = check_verbose(where, verbose)
        self.baseline = check_optional_number(where, "baseline", baseline)
        self.restore_best_weights = check_bool(where, "restore_best_weights", restore_best_weights)
        self.start_from_epoch = check_number(where, "start_from_epoch", start_from_epoch, minimum=0)
        self.wait = 0
        self.stopped_epoch = 0
        self.best_epoch = 0
        self.best_weights: list | None = None

    def get_state(self) -> dict[str, Any]:
        """Returns the number of epochs waited, and the best value, epoch and weights so far."""
        state = {"wait": self.wait, "stopped_epoch": self.stopped_epoch, "best_epoch": self.best_epoch}
        return {**state, "best": self.best, "best_weights": self.best_weights}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restores the state after an interruption.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is something else, or the weights are those of another model.
        """
        where = type(self).__name__
        wait, stopped, epoch = entries(where, state, wait=int, stopped_epoch=int, best_epoch=int)
        best, weights = entries(where, state, best=(int, float, np.ndarray, NoneType), best_weights=(list, NoneType))
        if weights is not None:
            shapes = [tuple(weight.shape) for weight in self.model.weights]
            if [getattr(weight, "shape", None) for weight in weights] != shapes:
                raise ArgumentError(
                    f"{where}.set_state: the best weights do not fit the model, whose shapes are {shapes}"
                )
        self.wait, self.stopped_epoch, self.best_epoch = wait, stopped, epoch
        self.best, self.best_weights = best, weights

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Resets the state.

        Args:
            logs: Not used.
        """
        self.wait = 0
        self.stopped_epoch = 0
        self.best = None
        self.best_weights = None
        self.best_epoch = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stops training if the value has not improved for `patience` epochs.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch; there is a warning if the monitored one is missing.
        """
        self._set_monitor_op()
        current = self.get_monitor_value(logs)
        if current is None or epoch < self.start_from_epoch:
            return
        self.wait += 1
        if self._is_improvement(current, self.best):
            self.best = current
            self.best_epoch = epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self._is_improvement(current, self.baseline):
                self.wait = 0
            return
        # Keras never stops after the very first epoch.
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Restores the best weights, if `restore_best_weights` is set.

        Args:
            logs: Not used.
        """
        if self.stopped_epoch > 0 and self.verbose > 0:
            write_text(f"Epoch {self.stopped_epoch + 1}: early stopping\n")
        if self.best_weights is not None:
            if self.verbose > 0:
                write_text(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.\n")
            self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs: dict[str, Any] | None) -> Any:
        """Returns the monitored value; warns if it is missing.

        Args:
            logs: Values of the epoch.
        """
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None:
            warn_user(
                f"Early stopping conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs)}",
                UserWarning,
            )
        return value
