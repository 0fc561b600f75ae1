"""What the commands for files have in common: their exit status, and how they load a model."""

import os
import sys
import warnings
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

from ..dropin import install
from ..engine.naming import printable
from ..errors import ArgumentError, FileWriteError, LegacyWarning, MinikerasError, ModelFileError
from ..saving import load_model
from ..utils.paths import opened

DONE, FAILED, MISUSED = 0, 1, 2
MODEL_FILES = (".keras", ".h5", ".hdf5")


class UsageError(ArgumentError):
    """The arguments of a command cannot be right, whatever is in the files."""


def run(command: str, work: Callable[[], object]) -> int:
    """Runs a command, and prints an error as one line, without traceback.

    Args:
        command: Its name.
        work: What it does.

    Returns:
        The exit status: 0, 1 if a file cannot be read or written or does not fit, 2 if the arguments are wrong.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore", LegacyWarning)  # about the code of whoever wrote the file
    try:
        work()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python prints an error when it exits
        return FAILED
    except UsageError as error:
        return _failed(command, str(error), MISUSED)
    except MemoryError:
        return _failed(command, "there is not enough memory.", FAILED)
    except (MinikerasError, OSError, ImportError) as error:
        return _failed(command, str(error), FAILED)
    return DONE


def _failed(command: str, text: str, status: int) -> int:
    print(printable(f"minikeras {command}: {text}"), file=sys.stderr)
    return status


def loaded(path: str, custom: str | None = None, is_trusted: bool = False, compile: bool = False) -> Any:
    """Loads a model.

    Args:
        path: The file.
        custom: A Python file with classes and functions that the file refers to.
        is_trusted: Whether to load lambdas.
        compile: Whether to compile the model as saved.

    Raises:
        UsageError: If the extension is not that of a model, or `custom` is no file.
        ModelFileError: If the file cannot be read.
    """
    check_model_file(path)
    objects = {} if custom is None else objects_of(custom)
    try:
        return load_model(path, custom_objects=objects, compile=compile, safe_mode=not is_trusted)
    except ModelFileError as error:
        raise type(error)(f"{error}{_advice(str(error), path)}") from error


def check_model_file(path: str) -> None:
    """Checks the extension of a file to read.

    Raises:
        UsageError: If it is not that of a model.
    """
    if path.endswith(".weights.h5"):
        raise UsageError(
            f"{path} has weights, but no layers. Create the model in Python and call `model.load_weights({path!r})`; "
            "`minikeras summary` lists the weights."
        )
    if path.endswith(".onnx"):
        raise UsageError(f"{path}: ONNX files are written, but not read. Use onnxruntime.")
    if not path.endswith(MODEL_FILES):
        raise UsageError(f"{path}: expected a file that ends in {', '.join(MODEL_FILES)}.")


def _advice(text: str, path: str) -> str:
    if "safe_mode" in text:
        return " Here: `--trust`, if you trust its author."
    if "custom_objects" in text or "register_keras_serializable" in text:
        return " Here: `--custom FILE.PY`, with the Python file that defines it."
    return ""


def objects_of(path: str) -> dict[str, Any]:
    """Runs a Python file, in which `keras` means minikeras, and returns the classes and functions that it defines.

    Raises:
        UsageError: If there is no such file, or it fails.
    """
    try:
        opened(path).close()
    except OSError as error:
        raise UsageError(f"--custom: {path} cannot be read: {error.strerror or error}") from error
    install()
    spec = spec_from_file_location("minikeras_custom", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"--custom: {path} is not a Python file, which ends in .py.")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"--custom: {path} fails: {type(error).__name__}: {error}") from error
    return {name: value for name, value in vars(module).items() if callable(value) and value.__module__ == spec.name}


def check_target(path: str, overwrite: bool) -> None:
    """Checks that a file may be written, before any work is done.

    Raises:
        UsageError: If it exists and may not be overwritten.
        FileWriteError: If its folder does not exist.
    """
    if os.path.lexists(path) and not overwrite:
        raise UsageError(f"{path} exists. Pass --overwrite to replace it.")
    folder = os.path.dirname(path) or os.curdir
    if not os.path.isdir(folder):
        raise FileWriteError(f"{path} cannot be written: there is no folder {folder}.")
