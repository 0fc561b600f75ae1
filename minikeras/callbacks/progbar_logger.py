"""The `ProgbarLogger` callback."""

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from minikeras.callbacks.callback import Callback
from minikeras.callbacks.logs import Logs, python_logs
from minikeras.errors import ArgumentError, brief
from minikeras.utils.progbar import Progbar, write_text

_shown: dict[str, Any] = {"bar": None, "stream": None}  # the last progress bar, and the stream it is written to


class ProgbarLogger(Callback):
    """Prints progress and metrics to standard output; added automatically unless `verbose=0`.

    The batch-end hooks also accept a function that returns the logs, and call it only when the bar is redrawn.

    Source:
        https://keras.io/api/callbacks/progbar_logger/

    Example:
        >>> logger = ProgbarLogger()
        >>> logger.set_params({"verbose": 2, "epochs": 3, "steps": 1})
        >>> logger.on_epoch_begin(0)
        Epoch 1/3
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.progbar: Progbar | None = None
        self.target: int | None = None
        self.verbose: int = 1
        self.epochs = 1
        self._called_in_fit = False

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Sets the verbosity and the numbers of epochs and steps.

        Args:
            params: Dict with `verbose` (0, 1, 2 or `"auto"`), `epochs`, and `steps` (the number of
                steps in an epoch, `None` if unknown).

        Raises:
            ArgumentError: If one of them is missing.
        """
        missing = [name for name in ("verbose", "epochs", "steps") if name not in params]
        if missing:
            raise ArgumentError(
                f"ProgbarLogger.set_params: expected `verbose`, `epochs` and `steps`, received {brief(dict(params))}. "
                f"Add {', '.join(missing)}, for example as in CallbackList(verbose=1, epochs=1, steps=None)."
            )
        super().set_params(params)
        self.verbose = 1 if params["verbose"] == "auto" else params["verbose"]
        self.epochs = params["epochs"]
        self.target = params["steps"]

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Notes that validations in `fit` have no bar.

        Args:
            logs: Not used.
        """
        self._called_in_fit = True

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the bar of `evaluate`.

        Args:
            logs: Not used.
        """
        if not self._called_in_fit:
            self._start_bar()

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the bar of `predict`.

        Args:
            logs: Not used.
        """
        self._start_bar()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Starts the bar of an epoch, after a line with its number if there are several epochs.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.
        """
        self._start_bar()
        if self.verbose and self.epochs > 1:
            write_text(f"Epoch {epoch + 1}/{self.epochs}\n")

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Updates the bar of an epoch.

        Args:
            batch: Index of the batch, from 0.
            logs: Values so far in the epoch, or a function that returns them.
        """
        self._move_bar(batch, logs)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Updates the bar of `evaluate`.

        Args:
            batch: Index of the batch, from 0.
            logs: Values so far, or a function that returns them.
        """
        if not self._called_in_fit:
            self._move_bar(batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Updates the bar of `predict`.

        Args:
            batch: Index of the batch, from 0.
            logs: Not used: these are the predictions.
        """
        self._move_bar(batch, None)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Finishes the line of an epoch.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch.
        """
        self._finish_bar(logs)

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Finishes the line of `evaluate`.

        Args:
            logs: Values of the whole evaluation.
        """
        if not self._called_in_fit:
            self._finish_bar(logs)

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Finishes the line of `predict`.

        Args:
            logs: Values to print at the end of the line; usually none.
        """
        self._finish_bar(logs)

    def close(self) -> None:
        """Ends the line that an interruption left unfinished; has no effect after a finished one.

        Example:
            >>> ProgbarLogger().close()
        """
        if self.progbar is not None:
            self.progbar.close()

    def _late_hooks(self) -> tuple:
        return (ProgbarLogger.on_train_batch_end, ProgbarLogger.on_test_batch_end, ProgbarLogger.on_predict_batch_end)

    def _close(self) -> None:
        self.close()
        if _shown["bar"] is self.progbar:
            _shown["bar"] = None

    def _start_bar(self) -> None:
        self.seen = 0
        if _shown["bar"] is not None and _shown["stream"] is sys.stdout:
            _shown["bar"].close()  # a callback evaluates in the middle of an epoch, whose line is kept
        self.progbar = Progbar(target=self.target, verbose=self.verbose, stateless_metrics=())
        _shown.update(bar=self.progbar, stream=sys.stdout)

    def _move_bar(self, batch: int, logs: Logs) -> None:
        if self.progbar is None:
            self._start_bar()
        self.seen = batch + 1
        # The first step is always reported: the time per step is that of the others.
        logs = getattr(logs, "own", logs)  # when it is due differs between processes that share a training
        if self.verbose == 1 and (batch == 0 or self.progbar.is_due()):
            self.progbar.update(self.seen, None if logs is None else partial(python_logs, logs), finalize=False)

    def _finish_bar(self, logs: Mapping[str, Any] | None) -> None:
        if self.progbar is None:
            self._start_bar()
        if self.target is None:
            # The first pass over data of unknown length has determined it.
            self.target = self.progbar.target = self.seen
        self.progbar.update(self.target, logs, finalize=True)
