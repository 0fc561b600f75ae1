"""The `OrbaxCheckpoint` callback of Keras, which minikeras refuses."""

from typing import Any

from minikeras.callbacks.callback import Callback
from minikeras.errors import NotSupportedError


class OrbaxCheckpoint(Callback):
    """Keras's callback that saves with Orbax, a library for JAX; not supported.

    Args:
        directory: See Keras; as all other arguments, not used.
        monitor: See `ModelCheckpoint`.
        verbose: See `ModelCheckpoint`.
        save_best_only: See `ModelCheckpoint`.
        mode: See `ModelCheckpoint`.
        save_freq: See `ModelCheckpoint`.
        initial_value_threshold: See `ModelCheckpoint`.
        max_to_keep: See Keras.
        save_on_background: See Keras.
        save_weights_only: See `ModelCheckpoint`.

    Raises:
        NotSupportedError: Always.

    Source: https://keras.io/api/callbacks/orbax_checkpoint/

    Example:
        >>> OrbaxCheckpoint("checkpoints")
        Traceback (most recent call last):
            ...
        minikeras.errors.NotSupportedError: OrbaxCheckpoint saves with Orbax, a library for JAX, which minikeras does \
not use. Use ModelCheckpoint or BackupAndRestore.
    """

    def __init__(
        self,
        directory: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        mode: str = "auto",
        save_freq: int | str = "epoch",
        initial_value_threshold: float | None = None,
        max_to_keep: int | None = 1,
        save_on_background: bool = True,
        save_weights_only: bool = False,
    ) -> None:
        raise NotSupportedError(
            "OrbaxCheckpoint saves with Orbax, a library for JAX, which minikeras does not use. "
            "Use ModelCheckpoint or BackupAndRestore."
        )
