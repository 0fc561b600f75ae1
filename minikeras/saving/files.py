"""Saving and loading, by what a file is called: `.keras`, `.weights.h5`, and `.h5` of older Keras."""

import os
from typing import Any

from ..errors import ArgumentError, NotSupportedError, StateError, brief, warn_legacy
from ..tracebacks import filtered
from . import keras_format, weights_format
from .legacy import in_format, read_path, written_path

_OLD = (".h5", ".hdf5")


@filtered
def save_model(
    model: Any, filepath: str | os.PathLike, overwrite: bool = True, zipped: bool | None = None, **kwargs: Any
) -> None:
    """Saves a model: what it is made of, its weights, what it was compiled with and the state of its optimizer.

    The file is there in one step: a crash or a full disk leaves what was there before.

    Args:
        model: The model.
        filepath: The file, ending in `.keras`; in `.h5` for the format of Keras 2.
        overwrite: False: ask before a file is replaced.
        zipped: Only None or True: minikeras writes no folders.
        **kwargs: `include_optimizer`: False leaves out what the model was compiled with, and the optimizer's state.

    Raises:
        ArgumentError: If the ending is another one.
        SerializationError: If no config can describe the model.
        FileWriteError: If the file cannot be written.

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
        raise NotSupportedError("`save_model`: minikeras writes no folders. Received: zipped=False")
    path = written_path(filepath, "model.save", ".keras")
    _warn_of_outside(model)
    if not path.endswith((".keras", *_OLD)):
        raise ArgumentError(
            f"`save_model`: the file has to end in '.keras', or in '.h5' for the format of Keras 2. "
            f"Received: filepath={brief(path)}"
        )
    if _may_write(path, overwrite):
        _format_of(path).save(model, path, include_optimizer)


@filtered
def load_model(
    filepath: str | os.PathLike, custom_objects: dict | None = None, compile: bool = True, safe_mode: bool = True
) -> Any:
    """Loads a model that `save_model` saved, here or in Keras.

    Nothing that the file says is imported or run: it can name the classes of minikeras, what was registered with
    `register_keras_serializable`, and the custom objects.

    Args:
        filepath: The file.
        custom_objects: The user's own classes and functions, by the names in the file.
        compile: Whether the model is compiled as it was.
        safe_mode: False: run the code of lambdas in the file. It can do anything: trust whoever wrote the file.

    Returns:
        The model.

    Raises:
        ModelFileError: If the file is missing, damaged, describes no model, or might do harm.

    Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/

    Example:
        >>> load_model("nowhere.keras")
        Traceback (most recent call last):
        ...
        minikeras.errors.ModelFileMissingError: The file 'nowhere.keras' cannot be read: ...
    """
    path = read_path(filepath, "load_model", ".keras")
    if not path.endswith((".keras", *_OLD)):
        raise ArgumentError(f"`load_model`: the file has to end in '.keras' or '.h5'. Received: filepath={brief(path)}")
    return _format_of(path).load(path, custom_objects, compile, safe_mode)


def _warn_of_outside(model: Any) -> None:
    """Lets a model warn of layers whose weights will not be in the file; what is no layer holds none."""
    if hasattr(model, "_warn_of_outside"):
        model._warn_of_outside()


@filtered
def save_weights(
    model: Any, filepath: str | os.PathLike, overwrite: bool = True, max_shard_size: float | None = None, **kwargs: Any
) -> None:
    """Saves the weights of a model, and the state of its optimizer if it is compiled.

    Args:
        model: The model, built.
        filepath: The file, ending in `.weights.h5`; `.h5` is the format of Keras 2, and warns.
        overwrite: False: ask before a file is replaced.
        max_shard_size: Only None: minikeras writes one file.
        **kwargs: `objects_to_skip`: layers whose weights are left out.

    Raises:
        ArgumentError: If the ending is another one.
        StateError: If the model is not built.
        FileWriteError: If the file cannot be written.

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
        raise NotSupportedError(f"`save_weights`: minikeras writes one file. Received: {max_shard_size=}")
    path = written_path(filepath, "model.save_weights", ".weights.h5")
    is_old = path.endswith(_OLD) and not path.endswith(".weights.h5")
    if is_old and skipped:
        raise ArgumentError("`save_weights`: `objects_to_skip` is for '.weights.h5' files.")
    if not path.endswith(".weights.h5") and not is_old:
        raise ArgumentError(f"`save_weights`: the file has to end in '.weights.h5'. Received: filepath={brief(path)}")
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
    """Loads weights that `save_weights` or `save_model` saved, here or in Keras. All are checked before one is set.

    Args:
        model: The model, built.
        filepath: The file: `.weights.h5`, `.keras`, or `.h5` of Keras 2.
        skip_mismatch: Whether layers that the file does not fit are passed over, with a warning.
        **kwargs: For `.weights.h5`, `objects_to_skip`: layers whose weights stay as they are. For `.h5`, `by_name`:
            take the weights of layers of the same name, instead of the same place.

    Raises:
        ModelFileError: If the file is missing, damaged, or does not fit; the weights stay as they are.
        StateError: If the model is not built.

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
            f"`load_weights`: the file has to end in '.weights.h5', '.keras' or '.h5'. Received: filepath={brief(path)}"
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
    """Returns the module that writes and reads models in the format that a name tells."""
    if not path.endswith(_OLD):
        return keras_format
    from . import legacy_format  # few programs need it

    return legacy_format


def _require_built(model: Any, method: str) -> None:
    if not model.built:
        raise StateError(
            f"`{method}`: {model!r} is not built, so it has no weights yet. Call it on data, or call `build`."
        )


def _ids(objects: Any) -> frozenset[int]:
    return frozenset(id(each) for each in objects or ())


def _may_write(path: str, overwrite: bool) -> bool:
    """Returns whether a file may be written; the user is asked if one is there that is not to be overwritten."""
    if overwrite or not os.path.exists(path):
        return True
    answer = input(f"[WARNING] {path} already exists - overwrite? [y/n]").strip().lower()
    while answer not in ("y", "n"):
        answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    if answer == "y":
        print("[TIP] Next time specify overwrite=True!")
    return answer == "y"
