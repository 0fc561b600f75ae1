"""Weights of recurrent layers as Keras 1 and cuDNN have them: an array for each gate, or in another layout."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

_GATES_OF_LSTM = 4
_NEW_ORDER = {3: (0, 1, 2), 4: (0, 2, 1, 3)}  # of the gates in Keras 1: z, r, h, and i, c, f, o instead of i, f, c, o


def converted(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Returns the arrays of a layer in the layout of today; unchanged if they have it, or fit nowhere.

    Args:
        layer: The layer, possibly one that contains recurrent layers.
        arrays: Its arrays in a file.
    """
    gates = getattr(getattr(layer, "cell", None), "gates", 1)
    if gates > 1:
        return _of_cell(gates, layer.cell.units, arrays)
    if hasattr(layer, "forward_layer"):
        parts, sizes = [layer.forward_layer, layer.backward_layer], [len(arrays) // 2] * 2
    elif hasattr(layer, "layers") and not layer.non_trainable_weights:
        parts = list(layer.layers)
        sizes = [len(part.weights) for part in parts]
    else:
        return arrays
    if sum(sizes) != len(arrays):
        return arrays
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    pieces = [arrays[start : start + size] for start, size in zip(starts, sizes, strict=True)]
    return [array for part, piece in zip(parts, pieces, strict=True) for array in converted(part, piece)]


def _of_cell(gates: int, units: int, arrays: list[np.ndarray]) -> list[np.ndarray]:
    if len(arrays) == 3 * gates:  # Keras 1
        triples = [arrays[3 * number : 3 * number + 3] for number in _NEW_ORDER[gates]]
        return [np.concatenate(parts, axis=-1) for parts in zip(*triples, strict=True)]
    if len(arrays) != 3 or arrays[2].shape != (2 * gates * units,) or arrays[1].shape != (units, gates * units):
        return arrays
    kernel, recurrent_kernel, bias = arrays  # of cuDNN
    return [
        _of_gates(lambda part: part.T.reshape(part.shape, order="F"), kernel, gates),
        _of_gates(np.transpose, recurrent_kernel, gates),
        bias.reshape(2, -1).sum(axis=0) if gates == _GATES_OF_LSTM else bias.reshape(2, -1),
    ]


def _of_gates(change: Callable, kernel: np.ndarray, gates: int) -> np.ndarray:
    parts: Sequence[np.ndarray] = np.split(kernel, gates, axis=1)
    return np.concatenate([change(part) for part in parts], axis=1)
