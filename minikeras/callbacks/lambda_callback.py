"""The `LambdaCallback` callback."""

from collections.abc import Callable
from typing import Any

from minikeras.callbacks.callback import Callback
from minikeras.errors import ArgumentTypeError, brief

Hook = Callable[..., Any] | None


class LambdaCallback(Callback):
    """Creates a callback from functions.

    Args:
        on_epoch_begin: Called with `(epoch, logs)` before each epoch.
        on_epoch_end: Called with `(epoch, logs)` after each epoch.
        on_train_begin: Called with `(logs)` at the start of `fit`.
        on_train_end: Called with `(logs)` at the end of `fit`.
        on_train_batch_begin: Called with `(batch, logs=logs)` before each training step.
        on_train_batch_end: Called with `(batch, logs=logs)` after each training step.
        **kwargs: Functions for other methods of `Callback`, by name.

    Raises:
        ArgumentTypeError: If `Callback` has no such method, or the value is not a function.

    Source: https://keras.io/api/callbacks/lambda_callback/

    Example:
        >>> callback = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
        >>> callback.on_epoch_end(0, {"loss": 0.5})
        0 0.5
    """

    def __init__(
        self,
        on_epoch_begin: Hook = None,
        on_epoch_end: Hook = None,
        on_train_begin: Hook = None,
        on_train_end: Hook = None,
        on_train_batch_begin: Hook = None,
        on_train_batch_end: Hook = None,
        **kwargs: Callable[..., Any],
    ) -> None:
        super().__init__()
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
        }
        functions = {name: function for name, function in given.items() if function is not None} | kwargs
        for name, function in functions.items():
            if not callable(function) or name.startswith("_") or not callable(getattr(Callback, name, None)):
                hooks = ", ".join(hook for hook in dir(Callback) if hook.startswith("on_"))
                raise ArgumentTypeError(
                    f"LambdaCallback: expected functions for the methods of a callback ({hooks}). "
                    f"Received: {name}={brief(function)}"
                )
        for name, function in functions.items():
            setattr(self, name, function)
