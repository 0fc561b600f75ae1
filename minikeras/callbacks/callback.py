"""The `Callback` class: the points at which custom code can run."""

from collections.abc import Mapping
from typing import Any

from ..tracebacks import Filtered


class Callback(Filtered):
    """The base class of callbacks: every hook is here and does nothing until it is overridden.

    Every hook is called with `logs`, a dict of Python floats that is shared by all callbacks of one call:
    what one adds, the following see. With `steps_per_execution`, the batch hooks run once for several steps.

    Attributes:
        params: Dict with `verbose`, `epochs` and `steps`, set before the first hook runs.

    Source:
        https://keras.io/api/callbacks/base_callback/

    Example:
        >>> class PrintLoss(Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(epoch, logs["loss"])
        >>> PrintLoss().on_epoch_end(0, {"loss": 0.5})
        0 0.5
    """

    # Whether it runs after all others, and restores their states: `BackupAndRestore`.
    _surrounds = False
    # Whether it appends to a file of earlier trainings.
    _adds_to_file = False

    def __init__(self) -> None:
        self.params: Any = None  # a mapping once `fit` runs
        self._model: Any = None

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Sets `params`; called before the first hook runs.

        Args:
            params: Dict with `verbose`, `epochs` and `steps`.
        """
        self.params = params

    def set_model(self, model: Any) -> None:
        """Sets `model`; called before the first hook runs.

        Args:
            model: The model that is trained, evaluated or predicts.
        """
        self._model = model

    def get_state(self) -> dict[str, Any]:
        """Returns the state that the callback needs to resume after an interruption; `BackupAndRestore` saves it.

        Override it together with `set_state`. It is called when a backup is made, after all callbacks have handled the
        end of the batch or epoch.

        Returns:
            A dict with strings as keys, of numbers, strings, booleans, None, arrays of numbers, and lists and dicts of
            these. Tuples come back as lists.

        Example:
            >>> class CountEpochs(Callback):
            ...     count = 0
            ...     def on_epoch_end(self, epoch, logs=None):
            ...         self.count += 1
            ...     def get_state(self):
            ...         return {"count": self.count}
            ...     def set_state(self, state):
            ...         self.count = state["count"]
        """
        return {}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restores the state that `get_state` returned before the interruption.

        It is called after `on_train_begin` of all callbacks, which may reset them, and in the middle of an epoch again
        after `on_epoch_begin`. The weights and the optimizer state are restored after it.

        Args:
            state: What `get_state` returned, read from the backup.
        """

    def _distinction(self) -> tuple[str, ...]:
        """Returns what distinguishes the callback from others of its class, for matching saved states."""
        return ()

    def _before_resume(self) -> None:
        """Runs before `on_train_begin` if `set_state` follows it."""

    def _idle_hooks(self) -> tuple:
        """Returns the batch hooks that do nothing with the present settings, and need not be called."""
        return ()

    def _late_hooks(self) -> tuple:
        """Returns the batch hooks that also accept a function for the logs, which they call only if necessary."""
        return ()

    def _close(self) -> None:
        """Runs when `fit`, `evaluate` or `predict` has ended, also by an error."""

    @property
    def model(self) -> Any:
        """The model, as set by `set_model`."""
        return self._model

    def on_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Alias of `on_train_batch_begin`, for backward compatibility.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for future use.
        """

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Alias of `on_train_batch_end`, for backward compatibility.

        Args:
            batch: Index of the batch, from 0.
            logs: The loss and metrics so far in this epoch or evaluation, by name.
        """

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each epoch of `fit`.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Empty; reserved for future use.
        """

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each epoch of `fit`, and after its validation.

        Args:
            epoch: Index of the epoch, from 0.
            logs: The loss and metrics of the epoch, by name; those of the validation start with `val_`.
        """

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each training step of `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for future use.
        """
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each training step of `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: The loss and metrics so far in this epoch or evaluation, by name.
        """
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each step of `evaluate`, and of the validation in `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for future use.
        """

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each step of `evaluate`, and of the validation in `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: The loss and metrics so far in this epoch or evaluation, by name.
        """

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each step of `predict`.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for future use.
        """

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each step of `predict`.

        Args:
            batch: Index of the batch, from 0.
            logs: The predictions of this batch, under the key `outputs`.
        """

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the start of `fit`.

        Args:
            logs: Empty; reserved for future use.
        """

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the end of `fit`.

        Args:
            logs: The logs of the last epoch.
        """

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Runs at the start of `evaluate`, and of the validation in `fit`.

        Args:
            logs: Empty; reserved for future use.
        """

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Runs at the end of `evaluate`, and of the validation in `fit`.

        Args:
            logs: The loss and metrics over all batches, by name.
        """

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the start of `predict`.

        Args:
            logs: Empty; reserved for future use.
        """

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the end of `predict`.

        Args:
            logs: Empty; reserved for future use.
        """
