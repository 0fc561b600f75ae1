"""The `SwapEMAWeights` callback."""

from typing import Any

from minikeras.argument_checks import check_bool
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.learning_rates import single_optimizers
from minikeras.callbacks.states import entries
from minikeras.errors import StateError, brief


class SwapEMAWeights(Callback):
    """Swaps the weights with their exponential moving averages for evaluation and prediction.

    For optimizers with `use_ema=True`. The weights are swapped back however the evaluation ends.

    Args:
        swap_on_epoch: Whether to swap at the end of every epoch, too, until the next one begins, so that callbacks
            after this one, such as `ModelCheckpoint`, see the averages.

    Raises:
        ArgumentTypeError: If `swap_on_epoch` is not a boolean.

    Source: https://keras.io/api/callbacks/swap_ema_weights/

    Example:
        >>> SwapEMAWeights(swap_on_epoch=True).swap_on_epoch
        True
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        self.swap_on_epoch = check_bool(type(self).__name__, "swap_on_epoch", swap_on_epoch)
        self._ema_weights_in_model = False

    def get_state(self) -> dict[str, Any]:
        """Returns whether the model has the averages at present."""
        return {"ema_weights_in_model": self._ema_weights_in_model}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restores the state after an interruption; the weights are restored as they were, swapped or not.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is invalid.
        """
        (self._ema_weights_in_model,) = entries(type(self).__name__, state, ema_weights_in_model=bool)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Refuses an optimizer without moving averages, before anything is trained.

        Args:
            logs: Not used.

        Raises:
            StateError: If the optimizer keeps no moving averages.
        """
        self._optimizers()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Swaps back if `swap_on_epoch` is set.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.
        """
        if self.swap_on_epoch:
            self._show_averages(False)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Swaps if `swap_on_epoch` is set.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.
        """
        if self.swap_on_epoch:
            self._show_averages(True)
            if epoch == self.params["epochs"] - 1:
                # `fit` ends by copying the optimizer's averages to the weights.
                for variable, average in self._pairs():
                    average.assign(variable)

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps.

        Args:
            logs: Not used.

        Raises:
            StateError: If the optimizer keeps no moving averages.
        """
        self._show_averages(True)

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps back.

        Args:
            logs: Not used.
        """
        self._show_averages(False)

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps.

        Args:
            logs: Not used.

        Raises:
            StateError: If the optimizer keeps no moving averages.
        """
        self._show_averages(True)

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps back.

        Args:
            logs: Not used.
        """
        self._show_averages(False)

    def _close(self) -> None:
        # There may have been an error in between.
        self._show_averages(False)

    def _show_averages(self, shown: bool) -> None:
        """Swaps, unless the model already has the requested weights."""
        if shown != self._ema_weights_in_model:
            for variable, average in self._pairs():
                value = variable.numpy()
                variable.assign(average)
                average.assign(value)
            self._ema_weights_in_model = shown

    def _pairs(self) -> list[tuple]:
        """Returns the variables of the model with their moving averages."""
        pairs: list[tuple] = []
        for optimizer in self._optimizers():
            if not optimizer.built:
                raise StateError(
                    f"SwapEMAWeights: optimizer '{optimizer.name}' has no moving averages yet. Train the model first."
                )
            pairs += zip(optimizer._trainable_variables, optimizer._model_variables_moving_average, strict=True)
        return [(variable, average) for variable, average in pairs if average is not None]

    def _optimizers(self) -> list[Any]:
        parts = single_optimizers(self.model.optimizer).values()
        found = [part for part in parts if getattr(part, "use_ema", False)]
        if not found:
            raise StateError(
                "SwapEMAWeights: expected an optimizer with `use_ema=True`. "
                f"Received: {brief(self.model.optimizer)}, which keeps no moving averages of the weights."
            )
        return found
