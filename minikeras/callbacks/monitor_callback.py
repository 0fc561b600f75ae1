"""The base of callbacks that monitor a value for improvements."""

from collections.abc import Callable
from typing import Any

import numpy as np

from minikeras import config
from minikeras.argument_checks import check_number, check_optional_number
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.logs import name_of_today
from minikeras.errors import ArgumentError, ArgumentTypeError, brief, warn_user


class MonitorCallback(Callback):
    """The base class of callbacks that monitor a value of the logs.

    A value `v` improves on `best` if `v + min_delta < best`, or `v - min_delta > best` if larger is better.

    Args:
        monitor: The name of the value in the logs.
        mode: "min": smaller is better; "max": larger is better; "auto": inferred from the metric.
        baseline: The initial `best`; by default any value is an improvement.
        min_delta: The minimum change that counts as an improvement; its sign does not matter.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.

    Source: https://keras.io/api/callbacks/

    Example:
        >>> callback = MonitorCallback("loss", mode="min", min_delta=0.1)
        >>> callback._set_monitor_op()
        >>> callback._is_improvement(0.75, 0.875), callback._is_improvement(0.8125, 0.875)
        (True, False)
    """

    def __init__(
        self, monitor: str = "val_loss", mode: str = "auto", baseline: float | None = None, min_delta: float = 0
    ) -> None:
        super().__init__()
        where = type(self).__name__
        if not isinstance(monitor, str):
            raise ArgumentTypeError(
                f"{where}: expected `monitor` to be the name of a value, such as 'val_loss'. Received: {brief(monitor)}"
            )
        self.best = check_optional_number(where, "baseline", baseline)
        self.min_delta = abs(check_number(where, "min_delta", min_delta))
        if not isinstance(mode, str) or mode not in ("auto", "min", "max"):
            warn_user(f"{where} mode '{mode}' is unknown, fallback to auto mode.", UserWarning)
            mode = "auto"
        self.monitor = monitor
        self.mode = mode
        self.monitor_op: Callable[[Any, Any], Any] | None = None

    def _distinction(self) -> tuple[str, ...]:
        return (self.monitor,)

    def _set_monitor_op(self) -> None:
        """Sets the direction of improvement; in the first epoch, since metrics are created in training."""
        if self.monitor_op is not None:
            return
        operation = {"min": np.less, "max": np.greater}.get(self.mode) or self._known_direction()
        if operation is None:
            raise ArgumentError(
                f"{type(self).__name__}: no metric of the model tells whether more or less of "
                f"monitor={self.monitor!r} is better. Pass mode='max' or mode='min'."
            )
        self.monitor_op = operation
        if operation is np.less:
            self.min_delta = -self.min_delta

    def _known_direction(self) -> Callable[[Any, Any], Any] | None:
        name = self.monitor.removeprefix("val_")
        compiled = [metric for group in getattr(self.model, "metrics", ()) for metric in getattr(group, "metrics", ())]
        directions = {metric.name: metric._direction for metric in compiled if metric._direction}
        direction = directions.get(name) or directions.get(name_of_today(name, directions))
        if direction is not None:
            return np.greater if direction == "up" else np.less
        if name.endswith("_acc"):  # of one of several outputs, as named in Keras 2
            return np.greater
        return np.less if name == "loss" else None

    def _is_improvement(self, monitor_value: Any, reference_value: Any) -> bool:
        if reference_value is None:
            return True
        # As in Keras, in `floatx`, so that a rounding difference is no improvement.
        dtype = config.floatx()
        moved, reference = np.asarray(monitor_value - self.min_delta, dtype), np.asarray(reference_value, dtype)
        return bool(self.monitor_op(moved, reference))
