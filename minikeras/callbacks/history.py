"""The `History` callback, which `fit` returns."""

from typing import Any

from minikeras.callbacks.callback import Callback
from minikeras.callbacks.logs import LogDict


class History(Callback):
    """Records the logs of every epoch; added to every `fit`, which returns it.

    Attributes:
        history: A dict of lists with one value per epoch, by name; names of Keras 2 are found, too.
        epoch: The indices of the epochs recorded since training last began.

    Source:
        https://keras.io/api/models/model_training_apis/#fit-method

    Example:
        >>> history = History()
        >>> history.on_epoch_end(0, {"loss": 0.5})
        >>> history.on_epoch_end(1, {"loss": 0.25})
        >>> history.history, history.epoch
        ({'loss': [0.5, 0.25]}, [0, 1])
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[float]] = LogDict()
        self.epoch: list[int] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Resets the list of epochs; earlier values are kept.

        Args:
            logs: Not used.
        """
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Records one epoch.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch.
        """
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        # A validation may have set another one.
        if self.model is not None:
            self.model.history = self
