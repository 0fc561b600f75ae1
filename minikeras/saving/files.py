"""Saving and loading in the format given by the file extension: `.keras`, `.weights.h5`, and `.h5` of Keras 2."""

import os
from typing import Any

from ..engine.replicas import written_by_first
from ..errors import ArgumentError, NotSupportedError, StateError, brief, warn_legacy
from ..tracebacks import filtered
from . import keras_format, weights_format
from .legacy import in_format, read_path, written_path

_OLD = (".h5", ".hdf5")


@filtered
@written_by_first
def save_model(
    model: Any, filepath: str | os.PathLike, overwrite: bool = True, zipped: bool | None = None, **kwargs: Any
) -> None:
    """Saves a model: its architecture, weights, compile configuration and optimizer state.

    The file is replaced atomically: after a crash or on a full disk, the old one is unchanged.

    Args:
        model: The model.
        filepath: Path of the file, ending in `.keras`, or in `.h5` for the format of Keras 2.
        overwrite: Whether to replace an existing file without asking.
        zipped: None or True: saving to a directory is not supported.
        **kwargs: `include_optimizer`: False omits the compile configuration and the optimizer state.

    Raises:
        ArgumentError: If the file extension is not supported.
        SerializationError: If the model cannot be serialized.
        FileWriteError: If the file cannot be written.
        ImportError: If h5py is not installed.

    Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/

    Example:
        >>> import tempfile
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((2,)), layers.Dense(1)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_model(model, f"{folder}/a.keras")
        ...     load_model(f"{folder}/a.keras").count_params()
        3
    """
    include_optimizer = kwargs.pop("include_optimizer", True)
    filepath = in_format(filepath, kwargs.pop("save_format", None), "save_model")
    if kwargs:
        raise ArgumentError(f"`save_model` has no arguments {sorted(kwargs)}.")
    if zipped is False:
        raise NotSupportedError("`save_model`: saving to a directory is not supported. Received: zipped=False")
    path = written_path(filepath, "model.save", ".keras")
    _warn_of_outside(model)
    if not path.endswith((".keras", *_OLD)):
        raise ArgumentError(
            f"`save_model`: the file must end in '.keras', or in '.h5' for the format of Keras 2. "
            f"Received: filepath={brief(path)}"
        )
    if _may_write(path, overwrite):
        _format_of(path).save(model, path, include_optimizer)


@filtered
def load_model(
    filepath: str | os.PathLike, custom_objects: dict | None = None, compile: bool = True, safe_mode: bool = True
) -> Any:
    """Loads a model that `save_model` saved, here or in Keras.

    Loading imports and runs no other code: a file can only name classes of minikeras, objects registered with
    `register_keras_serializable`, and custom objects.

    Args:
        filepath: The file.
        custom_objects: Your own classes and functions, by the names in the file.
        compile: Whether to compile the model with the saved configuration.
        safe_mode: Whether to refuse lambdas. They can run arbitrary code: pass False only for files that you trust.

    Returns:
        The model.

    Raises:
        ModelFileError: If the file is missing, corrupt, malicious, or does not contain a model.
        ImportError: If h5py is not installed.

    Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/

    Example:
        >>> load_model("nowhere.keras")
        Traceback (most recent call last):
        ...
        minikeras.errors.ModelFileMissingError: The file 'nowhere.keras' cannot be read: ...
    """
    path = read_path(filepath, "load_model", ".keras")
    if not path.endswith((".keras", *_OLD)):
        raise ArgumentError(f"`load_model`: the file must end in '.keras' or '.h5'. Received: filepath={brief(path)}")
    return _format_of(path).load(path, custom_objects, compile, safe_mode)


def _warn_of_outside(model: Any) -> None:
    """Calls the model's check that warns about layers whose weights will be missing from the file."""
    if hasattr(model, "_warn_of_outside"):
        model._warn_of_outside()


@filtered
@written_by_first
def save_weights(
    model: Any, filepath: str | os.PathLike, overwrite: bool = True, max_shard_size: float | None = None, **kwargs: Any
) -> None:
    """Saves the weights of a model, and the optimizer state if it is compiled.

    Args:
        model: The model, built.
        filepath: Path of the file, ending in `.weights.h5`; `.h5` is the format of Keras 2, with a warning.
        overwrite: Whether to replace an existing file without asking.
        max_shard_size: Must be None: minikeras writes a single file.
        **kwargs: `objects_to_skip`: layers whose weights are not saved.

    Raises:
        ArgumentError: If the file extension is not supported.
        StateError: If the model is not built.
        FileWriteError: If the file cannot be written.
        ImportError: If h5py is not installed.

    Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/

    Example:
        >>> import tempfile
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((2,)), layers.Dense(1)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_weights(model, f"{folder}/a.weights.h5")
        ...     load_weights(model, f"{folder}/a.weights.h5")
    """
    skipped = _ids(kwargs.pop("objects_to_skip", None))
    filepath = in_format(filepath, kwargs.pop("save_format", None), "save_weights")
    if kwargs:
        raise ArgumentError(f"`save_weights` has no arguments {sorted(kwargs)}.")
    if max_shard_size is not None:
        raise NotSupportedError(f"`save_weights`: sharding is not supported. Received: {max_shard_size=}")
    path = written_path(filepath, "model.save_weights", ".weights.h5")
    is_old = path.endswith(_OLD) and not path.endswith(".weights.h5")
    if is_old and skipped:
        raise ArgumentError("`save_weights`: `objects_to_skip` is for '.weights.h5' files.")
    if not path.endswith(".weights.h5") and not is_old:
        raise ArgumentError(f"`save_weights`: the file must end in '.weights.h5'. Received: filepath={brief(path)}")
    _require_built(model, "save_weights")
    _warn_of_outside(model)
    if is_old:
        new = os.path.splitext(path)[0] + ".weights.h5"
        warn_legacy(f"`model.save_weights({path!r})`", f"`model.save_weights({new!r})`, which also keeps the optimizer")
    if not _may_write(path, overwrite):
        return
    if is_old:
        _format_of(path).save_weights(model, path)
    else:
        weights_format.save(model, path, skipped)


@filtered
def load_weights(model: Any, filepath: str | os.PathLike, skip_mismatch: bool = False, **kwargs: Any) -> None:
    """Loads weights that `save_weights` or `save_model` saved, here or in Keras; checks all before assigning any.

    Args:
        model: The model, built.
        filepath: Path of the file: `.weights.h5`, `.keras`, or `.h5` of Keras 2.
        skip_mismatch: Whether to skip layers whose weights do not match the file, with a warning.
        **kwargs: For `.weights.h5`, `objects_to_skip`: layers whose weights are not loaded. For `.h5`, `by_name`:
            match layers by name instead of by position.

    Raises:
        ModelFileError: If the file is missing, corrupt, or does not match the model; the model is then unchanged.
        StateError: If the model is not built.
        ImportError: If h5py is not installed.

    Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/

    Example:
        >>> from minikeras import Sequential, layers
        >>> load_weights(Sequential([layers.Input((2,)), layers.Dense(1)]), "nowhere.weights.h5")
        Traceback (most recent call last):
        ...
        minikeras.errors.ModelFileMissingError: The file 'nowhere.weights.h5' cannot be read: ...
    """
    objects, by_name = kwargs.pop("objects_to_skip", None), kwargs.pop("by_name", None)
    if kwargs:
        raise ArgumentError(f"`load_weights` has no arguments {sorted(kwargs)}.")
    path = read_path(filepath, "load_weights", ".weights.h5")
    if not path.endswith((".keras", *_OLD)):
        raise ArgumentError(
            f"`load_weights`: the file must end in '.weights.h5', '.keras' or '.h5'. Received: filepath={brief(path)}"
        )
    is_state = path.endswith(".weights.h5")
    if objects is not None and not is_state:
        raise ArgumentError("`load_weights`: `objects_to_skip` is for '.weights.h5' files.")
    if by_name is not None and (is_state or path.endswith(".keras")):
        raise ArgumentError("`load_weights`: `by_name` is for '.h5' files of Keras 2.")
    _require_built(model, "load_weights")
    if is_state:
        weights_format.load(model, path, skip_mismatch, _ids(objects))
    elif path.endswith(".keras"):
        keras_format.load_weights(model, path, skip_mismatch)
    else:
        _format_of(path).load_weights(model, path, skip_mismatch, bool(by_name))


def _format_of(path: str) -> Any:
    """Returns the module for the format of a file extension."""
    if not path.endswith(_OLD):
        return keras_format
    from . import legacy_format  # rarely needed

    return legacy_format


def _require_built(model: Any, method: str) -> None:
    if not model.built:
        raise StateError(
            f"`{method}`: {model!r} is not built, so it has no weights yet. Call it on data, or call `build`."
        )


def _ids(objects: Any) -> frozenset[int]:
    return frozenset(id(each) for each in objects or ())


def _may_write(path: str, overwrite: bool) -> bool:
    """Returns whether to write a file; asks the user if it exists and `overwrite` is False."""
    if overwrite or not os.path.exists(path):
        return True
    answer = input(f"[WARNING] {path} already exists - overwrite? [y/n]").strip().lower()
    while answer not in ("y", "n"):
        answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    if answer == "y":
        print("[TIP] Next time specify overwrite=True!")
    return answer == "y"
