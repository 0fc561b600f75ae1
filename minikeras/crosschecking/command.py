"""The command `minikeras crosscheck`: a script up to its first `fit`, or a saved model."""

import os
import sys
from collections.abc import Sequence
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import numpy as np

from ..dropin.script import run_script
from ..errors import ArgumentError, DataError, MinikerasError, StateError
from ..training.fit_watcher import watch_fit
from ..utils.paths import opened
from .check import crosscheck
from .quiet import without_log_of_tensorflow
from .reference import real_keras

MODEL_FILES = (".keras", ".h5", ".hdf5")


class _FirstFit(BaseException):
    """Ends the script; no `except Exception` of its own may stop that."""


def run(
    path: str,
    arguments: Sequence[str] = (),
    data: str | None = None,
    html: str | None = None,
    custom: str | None = None,
    **settings: Any,
) -> int:
    """Cross-checks the model of the first `fit` of a script, or a saved model, and prints the result.

    Args:
        path: A script, or a `.keras` or `.h5` file.
        arguments: The script's `sys.argv[1:]`.
        data: For a saved model: an .npz file with `x`, `y` and optionally `sample_weight`.
        html: Path of an HTML page to write the result to, with curves.
        custom: A Python file with your own classes, written for real Keras.
        **settings: `steps`, `tolerance` and `batch_size` of `crosscheck`.

    Returns:
        The exit status: 0 if the two sides agree, 1 if they differ, 2 if they could not be compared.
    """
    settings = {name: value for name, value in settings.items() if value is not None}
    try:
        _check_paths(path, arguments, data, html, custom)
        given = _saved(path, data) if path.endswith(MODEL_FILES) else _of_script(path, arguments)
        if given is None:
            return 2
        with without_log_of_tensorflow():
            if custom is not None:
                _import_file(custom)
            found = crosscheck(**{**given, **settings})
        if html is not None:
            with open(html, "w", encoding="utf-8") as file:
                file.write(found.html())
    except Exception as error:
        known = isinstance(error, (MinikerasError, OSError))
        return _failed(str(error) if known else f"{type(error).__name__}: {error}")
    print(found)
    return 0 if found.agrees else 1


def _failed(text: str) -> int:
    print(f"minikeras crosscheck: {text}", file=sys.stderr)
    return 2


def _check_paths(path: str, arguments: Sequence[str], data: str | None, html: str | None, custom: str | None) -> None:
    """Validates the paths before a script is run or models are compared."""
    is_model = path.endswith(MODEL_FILES)
    if is_model and arguments:
        raise ArgumentError(f"{path} is a saved model, which accepts no arguments. Received: {' '.join(arguments)}")
    if not is_model and data is not None:
        raise ArgumentError(f"`--data` is for saved models, but {path} is a script. Received: {data}")
    for each in (data, custom):
        if each is not None and not os.path.isfile(each):
            raise ArgumentError(f"There is no file {each}.")
    folder = os.path.dirname(os.path.abspath(html)) if html is not None else os.curdir
    if html is not None and (os.path.isdir(html) or not os.path.isdir(folder)):
        raise ArgumentError(f"`--html` must be a file in an existing folder. Received: {html}")


def _of_script(path: str, arguments: Sequence[str]) -> dict | None:
    """Runs a script up to its first `fit`; returns its model and data, or None if it failed and printed why."""
    given: dict[str, Any] = {}

    def watcher(model: Any, fit: dict) -> None:
        given.update({name: fit[name] for name in ("x", "y", "sample_weight")}, model=model)
        if fit["batch_size"] is not None:
            given["batch_size"] = fit["batch_size"]
        raise _FirstFit

    watch_fit(watcher)
    try:
        status = run_script(path, arguments)
    except _FirstFit:
        return given
    except SystemExit as error:
        raise StateError(f"{path} exited (with {error.code!r}) before it called `fit`: nothing to compare.") from None
    finally:
        watch_fit(None)
    if status == 0:
        raise StateError(f"{path} ended without calling `fit`, so there is nothing to compare.")
    return None


def _saved(path: str, data: str | None) -> dict:
    from ..saving import load_model

    given: dict[str, Any] = {"model": load_model(path)}
    if data is not None:
        with opened(data) as stream, np.load(stream) as file:
            arrays = dict(file)
        known = [name for name in ("x", "y", "sample_weight") if name in arrays]
        if "x" not in known or len(known) != len(arrays):
            raise DataError(f"{data}: expected arrays `x`, `y`, optionally `sample_weight`. Received: {list(arrays)}")
        given |= arrays
    return given


def _import_file(path: str) -> None:
    real_keras()  # so that imports in the file resolve to it
    spec = spec_from_file_location("crosscheck_custom", path)
    spec.loader.exec_module(module_from_spec(spec))
