"""The `TerminateOnNaN` callback."""

from math import isfinite

from minikeras.argument_checks import check_bool
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.logs import Logs, python_logs
from minikeras.errors import NonFiniteError
from minikeras.utils.progbar import write_text


class TerminateOnNaN(Callback):
    """Stops training after the first step whose loss is NaN or infinite.

    Args:
        raise_error: Whether to raise an error instead, so that other callbacks do not see a finished training.

    Raises:
        ArgumentTypeError: If `raise_error` is not a boolean.

    Source: https://keras.io/api/callbacks/terminate_on_nan/

    Example:
        >>> from types import SimpleNamespace
        >>> callback = TerminateOnNaN()
        >>> callback.set_model(SimpleNamespace(stop_training=False))
        >>> callback.on_batch_end(3, {"loss": float("nan")})
        Batch 3: Invalid loss, terminating training
        >>> callback.model.stop_training
        True
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = check_bool(type(self).__name__, "raise_error", raise_error)

    def _late_hooks(self) -> tuple:
        own = getattr(self.on_batch_end, "__func__", None) is TerminateOnNaN.on_batch_end
        return (Callback.on_train_batch_end, TerminateOnNaN.on_batch_end) if own else ()

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Checks the loss.

        Args:
            batch: Index of the batch, from 0.
            logs: The loss so far in this epoch, or a function that returns it.

        Raises:
            NonFiniteError: If the loss is NaN or infinite, and `raise_error` is set.
        """
        if callable(logs) and self.model._loss_is_surely_finite():
            return
        loss = python_logs(logs).get("loss")
        if loss is None or isfinite(loss):
            return
        if self.raise_error:
            raise NonFiniteError(
                f"TerminateOnNaN: NaN or Inf loss encountered at batch {batch}. Loss value: {loss}. "
                "Look for NaN or infinity in the data, or for a learning rate that is too large."
            )
        write_text(f"Batch {batch}: Invalid loss, terminating training\n")
        self.model.stop_training = True
