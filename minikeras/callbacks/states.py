"""Serializing the states of callbacks, to JSON and the bytes of their arrays.

They contain no code: only numbers, strings, lists, dicts and numeric arrays, whose sizes are bounded by the file's.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minikeras.callbacks.callback import Callback
from minikeras.engine.dtypes import ALLOWED, standardize_dtype
from minikeras.errors import ArgumentError, ArgumentTypeError, brief


@dataclass
class States:
    """The states of callbacks, by the names that `named` assigns.

    Args:
        states: The results of `get_state`, by name.
    """

    states: dict[str, dict] = field(default_factory=dict)

    @classmethod
    def of(cls, callbacks: Sequence[Callback]) -> "States":
        """Returns the current states of callbacks.

        Args:
            callbacks: The callbacks; those without a state are left out.

        Raises:
            ArgumentTypeError: If a state cannot be serialized.

        Example:
            >>> from minikeras.callbacks import SwapEMAWeights
            >>> States.of([SwapEMAWeights()]).states
            {'SwapEMAWeights': {'ema_weights_in_model': False}}
        """
        found = {}
        for name, callback in named(callbacks).items():
            state = callback.get_state()
            try:
                if not isinstance(state, dict):
                    raise ArgumentTypeError(f"expected a dict. Received: {brief(state)}")
                found[name] = _plain(state, (), lambda at, array: array)
            except ArgumentTypeError as error:
                raise ArgumentTypeError(f"{name}: what `get_state` returns cannot be saved: {error}") from None
        return cls(found)

    def encoded(self) -> tuple[str, bytes]:
        """Returns the states as JSON text and the bytes of all arrays."""
        arrays: list[tuple[tuple, np.ndarray]] = []
        states = _plain(self.states, (), lambda at, array: arrays.append((at, array)))
        headers = [{"at": at, "dtype": array.dtype.name, "shape": array.shape} for at, array in arrays]
        return json.dumps({"states": states, "arrays": headers}), b"".join(array.tobytes() for _, array in arrays)

    @classmethod
    def decoded(cls, text: str, data: bytes) -> "States":
        """Returns the states from the results of `encoded`.

        Args:
            text: The JSON text.
            data: The bytes of the arrays.

        Raises:
            ValueError, TypeError, KeyError, IndexError: If they are malformed.

        Example:
            >>> States.decoded(*States({"Mine": {"best": [np.float32([1.0]), 2]}}).encoded()).states
            {'Mine': {'best': [array([1.], dtype=float32), 2]}}
        """
        described = json.loads(text)
        states, start = described["states"], 0
        for header in described["arrays"]:
            dtype, shape = np.dtype(standardize_dtype(header["dtype"])), tuple(map(_size, header["shape"]))
            stop = start + int(np.prod(shape, dtype=object)) * dtype.itemsize
            if stop > len(data) or len(shape) > 32:
                raise ValueError(f"an array of shape {shape} is larger than its data")
            *way, last = header["at"]
            holder: Any = states
            for key in way:
                holder = holder[key]
            holder[last] = np.frombuffer(data[start:stop], dtype).reshape(shape).copy()
            start = stop
        if not isinstance(states, dict) or not all(isinstance(state, dict) for state in states.values()):
            raise ValueError("expected the states of callbacks by their names")
        return cls(states)


def named(callbacks: Sequence[Callback]) -> dict[str, Callback]:
    """Returns the callbacks by unique names.

    The name is that of the class, with what the callback monitors or writes; equal names are numbered.

    Args:
        callbacks: The callbacks, in their order.

    Example:
        >>> from minikeras.callbacks import EarlyStopping, LambdaCallback
        >>> list(named([EarlyStopping("loss"), LambdaCallback(), EarlyStopping("loss")]))
        ["EarlyStopping('loss')", "EarlyStopping('loss') 2"]
    """
    found: dict[str, Callback] = {}
    for callback in callbacks:
        if getattr(callback.get_state, "__func__", None) is Callback.get_state:
            continue
        settings = ", ".join(map(repr, callback._distinction()))
        first = f"{type(callback).__name__}({settings})" if settings else type(callback).__name__
        name, number = first, 1
        while name in found:
            number += 1
            name = f"{first} {number}"
        found[name] = callback
    return found


def is_own(callback: Callback) -> bool:
    """Returns whether the class of a callback is defined by minikeras."""
    return type(callback).__module__.startswith("minikeras.")


def entries(where: str, state: Mapping[str, Any], **kinds: type | tuple) -> tuple:
    """Returns the entries of a state, after checking their types.

    Args:
        where: The class of the callback, for error messages.
        state: What `set_state` received.
        **kinds: The accepted types of each entry, which determine the order.

    Raises:
        ArgumentError: If an entry is missing or has another type.

    Example:
        >>> entries("EarlyStopping", {"wait": 3, "best": 0.5}, best=(int, float), wait=int)
        (0.5, 3)
    """
    for name, kind in kinds.items():
        allowed = kind if isinstance(kind, tuple) else (kind,)
        value = state.get(name) if isinstance(state, Mapping) and name in state else state
        if value is state or not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            names = " or ".join(each.__name__ for each in allowed)
            raise ArgumentError(f"{where}.set_state: expected {name!r} of type {names}. Received: {_short(value)}")
    return tuple(state[name] for name in kinds)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 200 else f"{text[:200]}…"


def _plain(value: Any, at: tuple, keep: Callable[[tuple, np.ndarray], Any]) -> Any:
    """Returns a copy of a value for JSON, in which arrays are replaced by the result of `keep`."""
    if isinstance(value, (bool, int, float, str, type(None))):
        return value
    if isinstance(value, np.generic) and value.dtype.name in ALLOWED:
        return value.item()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ArgumentTypeError(f"{_location(at)}the keys of a dict must be strings. Received: {_short(key)}")
        return {key: _plain(entry, (*at, key), keep) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry, (*at, index), keep) for index, entry in enumerate(value)]
    if hasattr(value, "__array__"):
        array = np.array(value)
        if array.dtype.name in ALLOWED:
            return keep(at, array)
    raise ArgumentTypeError(
        f"{_location(at)}expected numbers, strings, booleans, None, arrays of numbers, and lists and dicts of them. "
        f"Received: {_short(value)} of type {type(value).__name__}"
    )


def _location(at: tuple) -> str:
    return f"in {''.join(f'[{key!r}]' for key in at)}, " if at else ""


def _size(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"expected the size of an array. Received: {_short(value)}")
    return value
