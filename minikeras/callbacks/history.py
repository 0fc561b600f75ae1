"""The `History` callback, which `fit` returns."""

from typing import Any

import numpy as np

from minikeras.callbacks.callback import Callback
from minikeras.callbacks.curves import draw_curves
from minikeras.callbacks.logs import LogDict
from minikeras.engine.html import html_table


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

    def _repr_html_(self) -> str:
        """Shows itself in notebooks: a row for each epoch, and curves if matplotlib is installed."""
        longest = max(map(len, self.history.values()), default=0)
        # Values of an earlier `fit` are kept, its epochs are not; then, epochs are counted.
        epochs = self.epoch if len(self.epoch) == longest else range(longest)
        columns = [[""] * (longest - len(values)) + [*map(_cell, values)] for values in self.history.values()]
        rows = [[epoch + 1, *cells] for epoch, *cells in zip(epochs, *columns, strict=True)]
        table = html_table("History", ["epoch", *self.history], rows)
        figure = draw_curves(self.history, epochs)
        if figure is None:
            return table
        from base64 import b64encode
        from io import BytesIO

        file = BytesIO()
        figure.savefig(file, format="png", dpi=80)
        picture = b64encode(file.getvalue()).decode("ascii")
        return f'{table}<img alt="curves over the epochs" src="data:image/png;base64,{picture}">'


def _cell(value: Any) -> str:
    """The text of a value: numbers as in the progress bar."""
    if np.ndim(value) or isinstance(value, str):
        return str(value)
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"
