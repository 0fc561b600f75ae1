"""`keras.src.saving.saving_lib`, which packages such as scikeras import to write models to file objects."""

import os
from typing import Any

from .. import saving

__all__ = ["load_model", "save_model"]


def save_model(model: Any, filepath: Any, weights_format: str = "h5", zipped: bool = True) -> None:
    """Saves a model in the `.keras` format to a path or a binary file object."""
    if not hasattr(filepath, "write"):
        saving.save_model(model, filepath, zipped=zipped)
        return
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        saving.save_model(model, path, zipped=zipped)
        with open(path, "rb") as file:
            filepath.write(file.read())


def load_model(filepath: Any, custom_objects: dict | None = None, compile: bool = True, safe_mode: bool = True) -> Any:
    """Loads a model in the `.keras` format from a path or a binary file object."""
    if not hasattr(filepath, "read"):
        return saving.load_model(filepath, custom_objects, compile, safe_mode)
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        with open(path, "wb") as file:
            file.write(filepath.read())
        return saving.load_model(path, custom_objects, compile, safe_mode)
