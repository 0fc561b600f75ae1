"""What a model is written to and read from: the part of it that is about files."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from .. import saving
from ..errors import ArgumentError, NotSupportedError, brief
from ..serialization.configs import serialize_keras_object
from ..tracebacks import Filtered


def _takes_older_arguments(save_weights: Callable) -> Callable:
    """Lets `saving.save_weights` have what today's method does not name, such as `save_format` of Keras 2."""

    @wraps(save_weights)
    def saved(self: "Files", *args: Any, **kwargs: Any) -> None:
        if kwargs.keys() <= {"filepath", "overwrite", "max_shard_size"}:
            save_weights(self, *args, **kwargs)
        else:
            saving.save_weights(self, *args, **kwargs)

    return saved


class Files(Filtered):
    """The methods of a model that save, load and export it."""

    def save(
        self, filepath: str | os.PathLike, overwrite: bool = True, zipped: bool | None = None, **kwargs: Any
    ) -> None:
        """Saves the model, as `saving.save_model` does: its layers, weights, and how far it is trained.

        Args:
            filepath: The file, ending in `.keras`; in `.h5` for the format of Keras 2.
            overwrite: False: ask before a file is replaced.
            zipped: Only None or True.
            **kwargs: `include_optimizer`: False leaves out what it was compiled with.

        Raises:
            FileWriteError: If the file cannot be written; what was there before is unchanged.

        Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
        """
        saving.save_model(self, filepath, overwrite=overwrite, zipped=zipped, **kwargs)

    @_takes_older_arguments
    def save_weights(
        self, filepath: str | os.PathLike, overwrite: bool = True, max_shard_size: float | None = None
    ) -> None:
        """Saves the weights, and the state of the optimizer, as `saving.save_weights` does.

        Args:
            filepath: The file, ending in `.weights.h5`.
            overwrite: False: ask before a file is replaced.
            max_shard_size: Only None.

        Raises:
            FileWriteError: If the file cannot be written; what was there before is unchanged.

        Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
        """
        saving.save_weights(self, filepath, overwrite=overwrite, max_shard_size=max_shard_size)

    def load_weights(self, filepath: str | os.PathLike, skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Loads weights, as `saving.load_weights` does; all are checked before one is set.

        Args:
            filepath: The file.
            skip_mismatch: Whether layers that the file does not fit are passed over, with a warning.
            **kwargs: Those of `saving.load_weights`.

        Raises:
            ModelFileError: If the file is missing, damaged, or does not fit; the weights stay as they are.

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
        """Writes what the model computes for prediction as a file that other programs run.

        Args:
            filepath: The file.
            format: Only "onnx"; it needs the package onnx.
            verbose: Whether a line says that the file was written; True by default.
            input_signature: What the inputs are, nested as they are, each with a `shape` and a `dtype` (an `InputSpec`,
                a `KerasTensor`, an array, ...); found out by default. Sizes that are None are free in the file, too.
            **kwargs: `opset_version`: Only 18.

        Raises:
            NotSupportedError: For other formats, and for models that cannot be written so.
            StateError: If it is not known what the inputs are.
            FileWriteError: If the file cannot be written; what was there before is unchanged.

        Source: https://keras.io/api/models/model_saving_apis/export/
        """
        if format != "onnx":
            raise NotSupportedError(f"`export`: minikeras writes format='onnx' alone. Received: format={brief(format)}")
        opset_version = kwargs.pop("opset_version", None)
        if kwargs:
            raise ArgumentError(f"`export` has no arguments {sorted(kwargs)} for format='onnx'.")
        from ..saving.onnx import export_onnx

        export_onnx(self, filepath, input_signature, opset_version)
        if verbose is None or verbose:
            print(f"Saved artifact at '{os.fspath(filepath)}'.")

    def to_json(self, **kwargs: Any) -> str:
        """Returns the config of the model as JSON text; `models.model_from_json` reads it.

        Args:
            **kwargs: Those of `json.dumps`.

        Source: https://keras.io/api/models/model_saving_apis/model_config_serialization/
        """
        import json

        return json.dumps(serialize_keras_object(self), **kwargs)
