"""The moments of training at which code of the user's can run."""

from collections.abc import Mapping
from typing import Any

from ..tracebacks import Filtered


class Callback(Filtered):
    """The base class of all callbacks: every hook is here, and does nothing until it is overridden.

    Every hook is called with `logs`, a dict of Python floats that all callbacks of one call share: what
    one adds, the following see. Calls that cover several steps (`steps_per_execution`) run the hooks of
    a batch once for all of them.

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

    # Whether it is to see the state in which all others leave a hook, and to restore theirs: `BackupAndRestore`.
    _surrounds = False
    # Whether it goes on with a file of earlier trainings.
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
            model: The model that is trained or evaluated, or that predicts.
        """
        self._model = model

    def get_state(self) -> dict[str, Any]:
        """Returns what the callback needs to go on after an interruption; `BackupAndRestore` saves it.

        Override it together with `set_state`. It is called when a backup is made: after all other callbacks have seen
        the end of the epoch, or of the batch.

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
        """Goes on with what `get_state` returned before the interruption.

        It is called after `on_train_begin` of all callbacks, which may forget earlier trainings, and in the middle of
        an epoch once more after `on_epoch_begin`. The weights and the state of the optimizer are restored after it.

        Args:
            state: What `get_state` returned, read from the backup.
        """

    def _distinction(self) -> tuple[str, ...]:
        """Returns what tells the callback from others of its class, if only one of them fits a saved state."""
        return ()

    def _before_resume(self) -> None:
        """Runs before `on_train_begin` if `set_state` comes after it."""

    def _idle_hooks(self) -> tuple:
        """Returns those methods for batches that do nothing with the present settings: they need not be called."""
        return ()

    def _late_hooks(self) -> tuple:
        """Returns those methods for batches that also take a function for the logs, and call it only if need be."""
        return ()

    def _close(self) -> None:
        """Runs when `fit`, `evaluate` or `predict` is over, also if it raised."""

    @property
    def model(self) -> Any:
        """The model the callback is used with; set it with `set_model`."""
        return self._model

    def on_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Another name for `on_train_batch_begin`, as older scripts have it.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for later use.
        """

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Another name for `on_train_batch_end`, as older scripts have it.

        Args:
            batch: Index of the batch, from 0.
            logs: The loss and the metrics so far in this epoch or evaluation, by name.
        """

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each epoch of `fit`.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Empty; reserved for later use.
        """

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each epoch of `fit`, and after its validation.

        Args:
            epoch: Index of the epoch, from 0.
            logs: The loss and the metrics of the epoch, by name; those of the validation start with `val_`.
        """

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each training step of `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for later use.
        """
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each training step of `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: The loss and the metrics so far in this epoch or evaluation, by name.
        """
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each step of `evaluate`, and of a validation inside `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for later use.
        """

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each step of `evaluate`, and of a validation inside `fit`.

        Args:
            batch: Index of the batch, from 0.
            logs: The loss and the metrics so far in this epoch or evaluation, by name.
        """

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs before each step of `predict`.

        Args:
            batch: Index of the batch, from 0.
            logs: Empty; reserved for later use.
        """

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Runs after each step of `predict`.

        Args:
            batch: Index of the batch, from 0.
            logs: The predictions of this batch, under the name `outputs`.
        """

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the start of `fit`.

        Args:
            logs: Empty; reserved for later use.
        """

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the end of `fit`.

        Args:
            logs: The logs of the last epoch.
        """

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Runs at the start of `evaluate`, and of a validation inside `fit`.

        Args:
            logs: Empty; reserved for later use.
        """

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Runs at the end of `evaluate`, and of a validation inside `fit`.

        Args:
            logs: The loss and the metrics over all batches, by name.
        """

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the start of `predict`.

        Args:
            logs: Empty; reserved for later use.
        """

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Runs once at the end of `predict`.

        Args:
            logs: Empty; reserved for later use.
        """
