"""Runs one piece of user code with real Keras and with minikeras, and compares what came out."""

import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import keras
import numpy as np

import minikeras
from compat.mnist import clear_names

# Of the exceptions both libraries raise, what a user's `except` would name.
_ERRORS = (AttributeError, NotImplementedError, IndexError, KeyError, TypeError, ValueError, RuntimeError)


def outcome(k: ModuleType, code: Callable[[ModuleType], Any]) -> Any:
    """Returns what the code gives with a library, in plain Python and numpy; the class of the error if it raises."""
    clear_names(k)
    k.utils.set_random_seed(0)
    with warnings.catch_warnings():
        if k is keras:  # it warns of what minikeras takes for granted, such as a list of one array
            warnings.simplefilter("ignore", UserWarning)
        return attempt(lambda: code(k))


def attempt(code: Callable[[], Any]) -> Any:
    """Returns what code gives; the class of the error if it raises."""
    try:
        return plain(code())
    except _ERRORS as error:
        return "raises", next(cls.__name__ for cls in _ERRORS if isinstance(error, cls))


def plain(value: Any) -> Any:
    """Returns a value with tensors and variables made arrays, in containers of any depth."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(plain(entry) for entry in value)
    if value is None or isinstance(value, (bool, int, float, str, np.ndarray, np.generic)):
        return value
    if hasattr(value, "__array__"):
        return np.asarray(value)
    raise TypeError(f"The code must return plain values. Received: {value!r}")


def difference(theirs: Any, ours: Any, rtol: float = 1e-5, atol: float = 1e-6, where: str = "result") -> str | None:
    """Returns where two outcomes differ, in type, order, length, shape, dtype or value; None if they do not."""
    if type(theirs) is not type(ours):
        return f"{where}: {type(theirs).__name__} {theirs!r} in Keras, {type(ours).__name__} {ours!r} here"
    if isinstance(theirs, dict):
        if list(theirs) != list(ours):
            return f"{where}: keys {list(theirs)} in Keras, {list(ours)} here"
        pairs = [(theirs[key], ours[key], key) for key in theirs]
    elif isinstance(theirs, (list, tuple)):
        if len(theirs) != len(ours):
            return f"{where}: {theirs!r} in Keras, {ours!r} here"
        pairs = [(a, b, index) for index, (a, b) in enumerate(zip(theirs, ours, strict=True))]
    elif isinstance(theirs, (float, np.ndarray, np.generic)):
        first, second = np.asarray(theirs), np.asarray(ours)
        same = (first.shape, first.dtype) == (second.shape, second.dtype)
        same = same and np.allclose(second.astype("float64"), first.astype("float64"), rtol, atol, equal_nan=True)
        return None if same else f"{where}: {theirs!r} in Keras, {ours!r} here"
    else:
        return None if theirs == ours else f"{where}: {theirs!r} in Keras, {ours!r} here"
    found = (difference(a, b, rtol, atol, f"{where}[{key!r}]") for a, b, key in pairs)
    return next((text for text in found if text), None)


def compare(code: Callable[[ModuleType], Any], **bounds: float) -> Any:
    """Asserts that code gives the same with both libraries, and returns what it gives."""
    theirs = outcome(keras, code)
    ours = outcome(minikeras, code)
    text = difference(theirs, ours, **bounds)
    assert text is None, text
    return ours


def set_weights(model: Any, seed: int = 1) -> Any:
    """Gives a model weights that depend on their number and shapes only; returns the model."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(0, 0.5, np.shape(weight)).astype("float32") for weight in model.get_weights()])
    return model
