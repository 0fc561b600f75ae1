"""Argument checks with readable messages: numpy's own errors name neither the argument nor the layer.

The rest of the package can then compute without further checks.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence

import numpy as np

Layers = list[np.ndarray]  # one array per layer: the weights w, the biases b, or what belongs to them


def as_array(where: str, name: str, value: object, finite: bool = True) -> np.ndarray:
    """Reads numbers as an array of floats; a float32 array stays float32.

    Args:
        where: The name of the function, for the message.
        name: The name of the argument, for the message.
        value: Numbers, nested lists of them, or an array of any shape.
        finite: Whether to refuse infinities and NaN.

    Returns:
        The array, not copied if it already contains floats.

    Raises:
        TypeError: If it does not contain numbers.
        ValueError: If lists in it have different lengths, or a number is not finite.

    Example:
        >>> as_array("f", "x", [1, 2]).dtype
        dtype('float64')
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{where}: {name}: expected lists of the same length; received {value!r}.") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{where}: {name}: expected numbers; received {_describe(value)}.")
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if finite and not np.isfinite(array).all():
        place = tuple(int(index) for index in np.argwhere(~np.isfinite(array))[0])
        found = f"{name}[{', '.join(map(str, place))}]" if place else name
        raise ValueError(f"{where}: {found} is {array[place]}; expected finite numbers.")
    return array


def as_number(where: str, name: str, value: object) -> float:
    """Reads one finite number.

    Args:
        where: The name of the function, for the message.
        name: The name of the argument, for the message.
        value: The number.

    Returns:
        The number as a float.

    Raises:
        TypeError: If it is not a real number.
        ValueError: If it is not finite.
    """
    if not isinstance(value, numbers.Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{where}: {name}: expected a number; received {_describe(value)}.")
    if not np.isfinite(float(value)):
        raise ValueError(f"{where}: {name}: expected a finite number; received {value}.")
    return float(value)


def as_count(where: str, name: str, value: object, least: int = 1) -> int:
    """Reads an integer with a lower bound.

    Args:
        where: The name of the function, for the message.
        name: The name of the argument, for the message.
        value: The number.
        least: The smallest allowed value.

    Returns:
        The number as an int.

    Raises:
        TypeError: If it is not an integer.
        ValueError: If it is smaller.
    """
    if not _is_integer(value):
        raise TypeError(f"{where}: {name}: expected an integer; received {_describe(value)}.")
    if value < least:
        raise ValueError(f"{where}: {name}: expected an integer of at least {least}; received {value}.")
    return int(value)


def as_index(where: str, name: str, value: object, length: int, what: str) -> int:
    """Reads an index; negative ones, which count from the end, are refused, as they would be mistakes here.

    Args:
        where: The name of the function, for the message.
        name: The name of the argument, for the message.
        value: The index.
        length: The number of elements.
        what: What they are, for the message.

    Returns:
        The index as an int.

    Raises:
        TypeError: If it is not an integer.
        IndexError: If it is out of range.
    """
    if not _is_integer(value):
        raise TypeError(f"{where}: {name}: expected an integer; received {_describe(value)}.")
    if not 0 <= value < length:
        raise IndexError(
            f"{where}: {name} is out of range: there are {length} {what}, 0 to {length - 1}; received {value}."
        )
    return int(value)


def as_sizes(where: str, sizes: object) -> list[int]:
    """Reads the numbers of neurons of all layers, the inputs first.

    Args:
        where: The name of the function, for the message.
        sizes: The list.

    Returns:
        The list as ints.

    Raises:
        TypeError: If it is not a list of integers.
        ValueError: If it has fewer than two, or one is less than 1.
    """
    if isinstance(sizes, str) or not isinstance(sizes, (Sequence, np.ndarray)):
        raise TypeError(f"{where}: sizes: expected a list such as [2, 3, 1]; received {_describe(sizes)}.")
    if len(sizes) < 2:
        raise ValueError(
            f"{where}: sizes: expected at least two numbers, of inputs and of outputs, such as [2, 3, 1]; "
            f"received {list(sizes)}."
        )
    return [as_count(where, f"sizes[{layer}] (layer {layer})", size) for layer, size in enumerate(sizes)]


def as_layers(where: str, name: str, value: object) -> Layers:
    """Reads a list with one array per layer.

    Args:
        where: The name of the function, for the message.
        name: The name of the argument, for the message.
        value: The list or tuple.

    Returns:
        The arrays in a new list.

    Raises:
        TypeError: If it is not a list of arrays of numbers.
        ValueError: If it is empty.
    """
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{where}: {name}: expected a list with one array per layer; received {_describe(value)}.")
    if not value:
        raise ValueError(f"{where}: {name}: expected a list with one array per layer; received an empty list.")
    return [as_array(where, f"{name}[{layer}]", array) for layer, array in enumerate(value)]


def as_weights(where: str, w: object) -> Layers:
    """Reads the weights and checks that each layer's match those of the previous layer.

    Args:
        where: The name of the function, for the message.
        w: One array per layer, w[k] of shape (n[k+1], n[k]).

    Returns:
        The arrays in a new list.

    Raises:
        TypeError: If it is not a list of arrays.
        ValueError: If it is empty, or shapes do not match.
    """
    arrays = as_layers(where, "w", w)
    for k, array in enumerate(arrays):
        name = f"w[{k}] (from layer {k} to layer {k + 1})"
        if array.ndim != 2 or 0 in array.shape:
            raise ValueError(
                f"{where}: {name}: expected two dimensions, a row for each neuron of layer {k + 1} and a column for "
                f"each of layer {k}; received shape {array.shape}."
            )
        if k and array.shape[1] != arrays[k - 1].shape[0]:
            neurons = arrays[k - 1].shape[0]
            raise ValueError(
                f"{where}: {name}: expected {neurons} columns, since w[{k - 1}] has {neurons} rows: one for each "
                f"neuron of layer {k}; received shape {array.shape}.{_hint(array.shape[0] == neurons)}"
            )
    return arrays


def as_network(where: str, w: object, b: object) -> tuple[Layers, Layers]:
    """Reads weights and biases and checks that they match.

    Args:
        where: The name of the function, for the message.
        w: One array per layer, w[k] of shape (n[k+1], n[k]).
        b: One array per layer, b[k] of shape (n[k+1], 1).

    Returns:
        The arrays in two new lists, all of one dtype.

    Raises:
        TypeError: If they are not lists of arrays.
        ValueError: If they are empty, or shapes do not match.
    """
    weights, biases = as_weights(where, w), as_layers(where, "b", b)
    if len(weights) != len(biases):
        raise ValueError(
            f"{where}: expected as many arrays in w as in b, one each a layer; received {len(weights)} and "
            f"{len(biases)}."
        )
    for k, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        expected = (weight.shape[0], 1)
        if bias.shape != expected:
            raise ValueError(
                f"{where}: b[{k}] (of layer {k + 1}): expected shape {expected}, a column with one row for each row of "
                f"w[{k}]; received shape {bias.shape}.{_hint(bias.shape == expected[::-1] != (1, 1))}"
            )
    dtype = np.result_type(*weights, *biases)
    return [array.astype(dtype, copy=False) for array in weights], [array.astype(dtype, copy=False) for array in biases]


def as_columns(where: str, inp: object, w: Layers) -> np.ndarray:
    """Reads inputs of which each column is an example.

    Args:
        where: The name of the function, for the message.
        inp: Of shape (n[0], m).
        w: The weights that take the inputs.

    Returns:
        The array, of the dtype of the weights.

    Raises:
        TypeError: If it does not contain numbers.
        ValueError: If its shape does not fit the first layer.
    """
    array, neurons = as_array(where, "inp", inp), w[0].shape[1]
    if array.ndim != 2 or array.shape[0] != neurons or array.shape[1] == 0:
        hint = f" Write inp.reshape({neurons}, 1) for one example." if array.shape == (neurons,) else ""
        hint = hint or _hint(array.ndim == 2 and array.shape[1] == neurons)
        raise ValueError(
            f"{where}: inp (layer 0): expected shape ({neurons}, m), since w[0] has {neurons} columns: a row for each "
            f"input, a column for each of m examples; received shape {array.shape}.{hint}"
        )
    return array.astype(w[0].dtype, copy=False)


def as_rows(where: str, X: object, w: Layers) -> np.ndarray:
    """Reads inputs of which each row is an example.

    Args:
        where: The name of the function, for the message.
        X: Of shape (m, n[0]).
        w: The weights that take the inputs.

    Returns:
        The array, of the dtype of the weights.

    Raises:
        TypeError: If it does not contain numbers.
        ValueError: If its shape does not fit the first layer, or there is no example.
    """
    array, neurons = as_array(where, "X", X), w[0].shape[1]
    if array.ndim != 2 or array.shape[1] != neurons or array.shape[0] == 0:
        hint = f" Write X.reshape(1, {neurons}) for one example." if array.shape == (neurons,) else ""
        hint = hint or _hint(array.ndim == 2 and array.shape[0] == neurons)
        raise ValueError(
            f"{where}: X (layer 0): expected shape (m, {neurons}), since w[0] has {neurons} columns: a row for each of "
            f"m examples, a column for each input; received shape {array.shape}.{hint}"
        )
    return array.astype(w[0].dtype, copy=False)


def as_problem(where: str, X: object, y: object, w: object, b: object) -> tuple[np.ndarray, np.ndarray, Layers, Layers]:
    """Reads examples, their targets, and the network.

    Args:
        where: The name of the function, for the message.
        X: Of shape (m, n[0]).
        y: Of shape (m, n[-1]); with one output also (m,).
        w: One array per layer, w[k] of shape (n[k+1], n[k]).
        b: One array per layer, b[k] of shape (n[k+1], 1).

    Returns:
        X; y of shape (m, n[-1]); w and b in new lists. All have the dtype of the network: it decides the precision.

    Raises:
        TypeError: If they do not contain numbers, or w and b are not lists of arrays.
        ValueError: If shapes do not match.
    """
    weights, biases = as_network(where, w, b)
    rows = as_rows(where, X, weights)
    wanted = as_array(where, "y", y)
    outputs = weights[-1].shape[0]
    # numpy would broadcast a y of shape (m,) against outputs of shape (m, 1) to (m, m).
    column = wanted[:, np.newaxis] if wanted.ndim == 1 and outputs == 1 else wanted
    if column.ndim >= 1 and column.shape[0] != rows.shape[0]:
        raise ValueError(
            f"{where}: X and y: expected as many rows in both, one for each example; received {rows.shape[0]} and "
            f"{column.shape[0]} (shapes {rows.shape} and {wanted.shape})."
        )
    if column.shape != (rows.shape[0], outputs):
        raise ValueError(
            f"{where}: y (layer {len(weights)}): expected shape {(rows.shape[0], outputs)}, a column for each of the "
            f"{outputs} outputs of w[{len(weights) - 1}]; received shape {wanted.shape}."
        )
    return rows, column.astype(rows.dtype, copy=False), weights, biases


def _is_integer(value: object) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_))


def _hint(transposed: bool) -> str:
    return " Is it transposed?" if transposed else ""


def _describe(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} of {value.dtype}"
    return f"{value!r} ({type(value).__name__})"
