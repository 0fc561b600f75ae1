"""The command `minikeras crosscheck`: a script up to its first `fit`, or a saved model."""

import sys
from collections.abc import Sequence
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import numpy as np

from ..dropin.script import run_script
from ..engine.paths import opened
from ..errors import DataError, MinikerasError
from ..training.first_fit import watch_fit
from .check import crosscheck
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
    """Cross-checks the model of a script's first `fit`, or a saved model, and prints what was found.

    Args:
        path: A script, or a file that ends in `.keras` or `.h5`.
        arguments: What the script finds in `sys.argv[1:]`.
        data: A file of numpy with `x`, `y` and perhaps `sample_weight`; for a saved model.
        html: A file to write the same to, as a page with curves.
        custom: A Python file with the classes of the user, written with real Keras.
        **settings: `steps`, `tolerance` and `batch_size` of `crosscheck`.

    Returns:
        The exit status: 0 if both sides agree, 1 if they differ, 2 if they could not be compared.
    """
    given: dict[str, Any] = {}
    if path.endswith(MODEL_FILES):
        try:
            given = _saved(path, data)
        except (MinikerasError, OSError, ValueError) as error:
            return _failed(error)
    else:
        status = _of_script(path, arguments, given)
        if status is not None:
            return status
    try:
        if custom is not None:
            _import_file(custom)
        settings = {name: value for name, value in settings.items() if value is not None}
        found = crosscheck(**{**given, **settings})
    except MinikerasError as error:
        return _failed(error)
    print(found)
    if html is not None:
        with open(html, "w", encoding="utf-8") as file:
            file.write(found.html())
    return 0 if found.agrees else 1


def _failed(error: Exception) -> int:
    print(f"minikeras crosscheck: {error}", file=sys.stderr)
    return 2


def _of_script(path: str, arguments: Sequence[str], given: dict) -> int | None:
    """Runs a script up to its first `fit`, and notes its model and data; returns an exit status if it has none."""

    def watcher(model: Any, fit: dict) -> None:
        given.update({name: fit[name] for name in ("x", "y", "sample_weight")}, model=model)
        if fit["batch_size"] is not None:
            given["batch_size"] = fit["batch_size"]
        raise _FirstFit

    watch_fit(watcher)
    try:
        status = run_script(path, arguments)
    except _FirstFit:
        return None
    finally:
        watch_fit(None)
    if status == 0:
        print(
            f"minikeras crosscheck: {path} ended without calling `fit`, so there is nothing to compare.",
            file=sys.stderr,
        )
    return status or 2


def _saved(path: str, data: str | None) -> dict:
    from ..saving import load_model

    given: dict[str, Any] = {"model": load_model(path)}
    if data is not None:
        with opened(data) as stream, np.load(stream) as file:
            arrays = dict(file)
        known = [name for name in ("x", "y", "sample_weight") if name in arrays]
        if "x" not in known or len(known) != len(arrays):
            raise DataError(f"{data}: expected arrays `x`, `y` and perhaps `sample_weight`. Received: {list(arrays)}")
        given |= arrays
    return given


def _import_file(path: str) -> None:
    real_keras()  # the imports in the file have to lead to it
    spec = spec_from_file_location("crosscheck_custom", path)
    spec.loader.exec_module(module_from_spec(spec))
