"""`keras.src.saving.saving_lib`, which packages import to write models into open files; `scikeras` pickles so."""

import os
from typing import Any

from .. import saving

__all__ = ["load_model", "save_model"]


def save_model(model: Any, filepath: Any, weights_format: str = "h5", zipped: bool = True) -> None:
    """Writes a model in the `.keras` format, to a path or into a file that is open for bytes."""
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
    """Reads a model in the `.keras` format, from a path or from a file that is open for bytes."""
    if not hasattr(filepath, "read"):
        return saving.load_model(filepath, custom_objects, compile, safe_mode)
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        with open(path, "wb") as file:
            file.write(filepath.read())
        return saving.load_model(path, custom_objects, compile, safe_mode)
