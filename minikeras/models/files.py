"""Saving, loading and exporting models."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from .. import saving
from ..errors import ArgumentError
from ..saving.export_formats import refusal
from ..serialization.configs import serialize_keras_object
from ..tracebacks import Filtered


def _takes_older_arguments(save_weights: Callable) -> Callable:
    """Accepts arguments that only older Keras has, such as `save_format`; used as a decorator."""

    @wraps(save_weights)
    def saved(self: "Files", *args: Any, **kwargs: Any) -> None:
        if kwargs.keys() <= {"filepath", "overwrite", "max_shard_size"}:
            save_weights(self, *args, **kwargs)
        else:
            saving.save_weights(self, *args, **kwargs)

    return saved


class Files(Filtered):
    """The part of a model that saves, loads and exports it."""

    def save(
        self, filepath: str | os.PathLike, overwrite: bool = True, zipped: bool | None = None, **kwargs: Any
    ) -> None:
        """Saves the model: its architecture, weights and training state; as `saving.save_model`.

        Args:
            filepath: The path, ending in `.keras`, or in `.h5` for the format of Keras 2.
            overwrite: Whether to replace an existing file without asking.
            zipped: Only None or True.
            **kwargs: `include_optimizer`: Whether to save the optimizer and the compile arguments.

        Raises:
            FileWriteError: If the file cannot be written; an existing file is left unchanged.

        Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
        """
        saving.save_model(self, filepath, overwrite=overwrite, zipped=zipped, **kwargs)

    @_takes_older_arguments
    def save_weights(
        self, filepath: str | os.PathLike, overwrite: bool = True, max_shard_size: float | None = None
    ) -> None:
        """Saves the weights and the optimizer state, as `saving.save_weights`.

        Args:
            filepath: The path, ending in `.weights.h5`.
            overwrite: Whether to replace an existing file without asking.
            max_shard_size: Only None.

        Raises:
            FileWriteError: If the file cannot be written; an existing file is left unchanged.

        Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
        """
        saving.save_weights(self, filepath, overwrite=overwrite, max_shard_size=max_shard_size)

    def load_weights(self, filepath: str | os.PathLike, skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Loads weights, as `saving.load_weights`; all are checked before any is assigned.

        Args:
            filepath: The file.
            skip_mismatch: Whether to skip layers that do not match the file, with a warning.
            **kwargs: Further arguments of `saving.load_weights`.

        Raises:
            ModelFileError: If the file is missing or damaged, or does not match; the weights are left unchanged.

        Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
        """
        saving.load_weights(self, filepath, skip_mismatch=skip_mismatch, **kwargs)

    def export(
        self,
        filepath: str | os.PathLike,
        format: str = "tf_saved_model",
        verbose: bool | None = None,
        input_signature: Any = None,
        **kwargs: Any,
    ) -> None:
        """Exports the inference graph of the model.

        Args:
            filepath: The file.
            format: Only "onnx", which needs the package onnx. The others, such as "tf_saved_model" and "litert", are
                refused with the command by which real Keras makes them of a `.keras` file.
            verbose: Whether to print that the file was written; True by default.
            input_signature: The shapes and dtypes of the inputs, nested as these, as `InputSpec`, `KerasTensor` or
                array; inferred by default. Sizes of None stay free.
            **kwargs: `opset_version`: Only 18.

        Raises:
            NotSupportedError: If the format is another one, or the model cannot be exported.
            StateError: If the inputs are unknown.
            FileWriteError: If the file cannot be written; an existing file is left unchanged.

        Source: https://keras.io/api/models/model_saving_apis/export/
        """
        if format != "onnx":
            raise refusal(format, os.fspath(filepath))
        opset_version = kwargs.pop("opset_version", None)
        if kwargs:
            raise ArgumentError(f"`export` has no arguments {sorted(kwargs)} for format='onnx'.")
        from ..saving.onnx import export_onnx

        export_onnx(self, filepath, input_signature, opset_version)
        if verbose is None or verbose:
            print(f"Saved artifact at '{os.fspath(filepath)}'.")

    def to_json(self, **kwargs: Any) -> str:
        """Returns the config of the model as JSON, for `models.model_from_json`.

        Args:
            **kwargs: Arguments of `json.dumps`.

        Source: https://keras.io/api/models/model_saving_apis/model_config_serialization/
        """
        import json

        return json.dumps(serialize_keras_object(self), **kwargs)
