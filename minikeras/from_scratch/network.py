"""The network: layers of sigmoid neurons, each fed by all neurons of the layer before.

Layer 0 is the input, and n[k] is the number of neurons of layer k. The weights between layer k and layer k+1 are one
matrix w[k] of shape (n[k+1], n[k]): its row i belongs to neuron i of layer k+1, its column j to neuron j of layer k.
A whole layer is then one product of matrices, for all examples at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arguments import (
    Layers,
    as_columns,
    as_count,
    as_index,
    as_layers,
    as_network,
    as_number,
    as_problem,
    as_rows,
    as_sizes,
)
from .neurons import soft_step
from .passes import note_forward


def nn_parameter_maker(sizes: list[int], seed: int | None = None) -> tuple[Layers, Layers]:
    """Initializes weights and biases with random numbers from the standard normal distribution.

    `w[k][i, j] ~ N(0, 1)`, `b[k][i, 0] ~ N(0, 1)`

    They have to differ: neurons that start equal get equal corrections and stay copies of each other.

    Args:
        sizes: The number of neurons of each layer, [n[0], n[1], ...], inputs first: at least two numbers.
        seed: Seed of the random numbers: the same seed gives the same parameters. None draws new ones each time.

    Returns:
        `w, b`: two lists of float64 arrays, w[k] of shape (n[k+1], n[k]) and b[k] of shape (n[k+1], 1). A bias is a
        column, so that numpy adds it to each column, that is to each example, of w[k] a[k].

    Raises:
        TypeError: If a size or the seed is not an integer.
        ValueError: If there are fewer than two sizes, one is less than 1, or the seed is negative.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        >>> w, b = nn_parameter_maker([2, 3, 1], seed=0)
        >>> [each.shape for each in w], [each.shape for each in b]
        ([(3, 2), (1, 3)], [(3, 1), (1, 1)])
    """
    counts = as_sizes("nn_parameter_maker", sizes)
    if seed is not None:
        seed = as_count("nn_parameter_maker", "seed", seed, least=0)
    random = np.random.default_rng(seed)
    w = [random.standard_normal((after, before)) for before, after in zip(counts[:-1], counts[1:], strict=True)]
    b = [random.standard_normal((after, 1)) for after in counts[1:]]
    return w, b


def forward_pass(inp: ArrayLike, w: Layers, b: Layers) -> np.ndarray:
    """Sends examples through the network, layer by layer.

    `a[0] = inp`, `a[k+1] = sigmoid(w[k] a[k] + b[k])`

    Args:
        inp: The examples, one per column, of shape (n[0], m): w[k] then stands on the left, as in the formula.
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1).

    Returns:
        The last layer's outputs, one example per column, of shape (n[-1], m), each from 0 to 1.

    Raises:
        TypeError: If an argument does not consist of numbers, or w or b is not a list.
        ValueError: If shapes do not match (the message names the layer), or a list is empty.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        >>> forward_pass([[0.0, 1.0], [0.0, 1.0]], w=[[[1, -1]]], b=[[[0]]])
        array([[0.5, 0.5]])
    """
    weights, biases = as_network("forward_pass", w, b)
    return activations(as_columns("forward_pass", inp, weights), weights, biases)[-1]


def predict(X: ArrayLike, w: Layers, b: Layers) -> np.ndarray:
    """Answers for examples that stand in rows, as in a table.

    `predict(X) = forward_pass(X^T)^T`

    Data comes with a row for each example, the formula wants a column: it is transposed on the way in and out.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1).

    Returns:
        The outputs, one example per row, of shape (m, n[-1]).

    Raises:
        TypeError: If an argument does not consist of numbers, or w or b is not a list.
        ValueError: If shapes do not match (the message names the layer), or a list is empty.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        >>> predict([[0, 0], [1, 1], [2, 2]], w=[[[1, -1]]], b=[[[0]]]).shape
        (3, 1)
    """
    weights, biases = as_network("predict", w, b)
    return activations(as_rows("predict", X, weights).T, weights, biases)[-1].T


def cost_function(X: ArrayLike, y: ArrayLike, w: Layers, b: Layers) -> float:
    """Cost of the network: the sum of squared errors divided by the number of examples.

    `C = 1/m sum_examples sum_outputs (a - y)^2`

    Squares count an error upwards like one downwards, and large ones most; C has a slope everywhere. Over m, so that C
    does not depend on how many examples there are.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        y: The target outputs, of shape (m, n[-1]); with one output also (m,).
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1).

    Returns:
        The cost: 0 if every answer is right.

    Raises:
        TypeError: If an argument does not consist of numbers, or w or b is not a list.
        ValueError: If shapes do not match (the message names the layer), X and y have different lengths, or a list is
            empty.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        >>> cost_function([[0, 0], [1, 1]], [0, 1], w=[[[1, -1]]], b=[[[0]]])
        0.25
    """
    rows, wanted, weights, biases = as_problem("cost_function", X, y, w, b)
    return mean_squares(activations(rows.T, weights, biases)[-1], wanted.T)


def w_update(w: Layers, layer_id: int, i: int, j: int, new_param: float) -> Layers:
    """Replaces one weight, in a copy.

    `w[layer_id][i, j] = new_param`

    A copy, of the arrays too: whoever tries out another weight wants the old ones back. A new list of the same arrays
    would not do, since setting an element of one changes it for both lists.

    Args:
        w: The weights, w[k] of shape (n[k+1], n[k]).
        layer_id: Which w[k]: from 0, the weights after the input layer.
        i: The row: the neuron the weight leads to.
        j: The column: the neuron or input it comes from.
        new_param: The new weight.

    Returns:
        New weights; `w` is unchanged.

    Raises:
        TypeError: If w is not a list of arrays, an index is not an integer, or new_param not a number.
        ValueError: If the list is empty, shapes do not fit, or new_param is not finite.
        IndexError: If there is no such layer, row or column. Negative ones are refused.

    Example:
        >>> w = [np.zeros((1, 2))]
        >>> w_update(w, layer_id=0, i=0, j=1, new_param=0.5), w
        ([array([[0. , 0.5]])], [array([[0., 0.]])])
    """
    weights = _as_matrices("w_update", "w", w)
    layer = as_index("w_update", "layer_id", layer_id, len(weights), "layers of weights")
    rows, columns = weights[layer].shape
    row = as_index("w_update", "i", i, rows, f"rows in w[{layer}]")
    column = as_index("w_update", "j", j, columns, f"columns in w[{layer}]")
    return replaced(weights, layer, (row, column), as_number("w_update", "new_param", new_param))


def b_update(b: Layers, layer_id: int, i: int, new_param: float) -> Layers:
    """Replaces one bias, in a copy.

    `b[layer_id][i, 0] = new_param`

    A copy for the same reason as in `w_update`.

    Args:
        b: The biases, b[k] of shape (n[k+1], 1).
        layer_id: Which b[k]: from 0, the biases of the first layer after the input.
        i: The row: the neuron the bias belongs to.
        new_param: The new bias.

    Returns:
        New biases; `b` is unchanged.

    Raises:
        TypeError: If b is not a list of arrays, an index is not an integer, or new_param not a number.
        ValueError: If the list is empty, an array is not a column, or new_param is not finite.
        IndexError: If there is no such layer or row. Negative ones are refused.

    Example:
        >>> b = [np.zeros((1, 1))]
        >>> b_update(b, layer_id=0, i=0, new_param=0.5), b
        ([array([[0.5]])], [array([[0.]])])
    """
    biases = _as_matrices("b_update", "b", b)
    layer = as_index("b_update", "layer_id", layer_id, len(biases), "layers of biases")
    row = as_index("b_update", "i", i, len(biases[layer]), f"rows in b[{layer}]")
    return replaced(biases, layer, (row, 0), as_number("b_update", "new_param", new_param))


def activations(inp: np.ndarray, w: Layers, b: Layers) -> Layers:
    """The outputs of all layers, for arguments that have been checked; it counts as a forward pass.

    `a[0] = inp`, `a[k+1] = sigmoid(w[k] a[k] + b[k])`

    Args:
        inp: The examples, one per column, of shape (n[0], m).
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1).

    Returns:
        a[0], a[1], ...; a[k] of shape (n[k], m).
    """
    note_forward()
    a = [inp]
    for weight, bias in zip(w, b, strict=True):
        a.append(soft_step(weight @ a[-1] + bias))
    return a


def mean_squares(outputs: np.ndarray, wanted: np.ndarray) -> float:
    """The cost, for arguments that have been checked: the sum of squared errors over the number of columns.

    Args:
        outputs: Of shape (n, m), one example per column.
        wanted: Of the same shape.

    Returns:
        The cost.
    """
    return float(np.sum((outputs - wanted) ** 2) / outputs.shape[1])


def replaced(arrays: Layers, layer: int, place: tuple[int, int], value: float) -> Layers:
    """A copy of all arrays with one number replaced, for arguments that have been checked.

    Args:
        arrays: The weights or the biases.
        layer: Which array.
        place: Row and column.
        value: The new number.

    Returns:
        New arrays.
    """
    copies = [array.copy() for array in arrays]
    copies[layer][place] = value
    return copies


def _as_matrices(where: str, name: str, value: object) -> Layers:
    arrays = as_layers(where, name, value)
    for k, array in enumerate(arrays):
        wanted = "two dimensions" if name == "w" else "a column, of shape (n, 1)"
        if array.ndim != 2 or (name == "b" and array.shape[1] != 1):
            raise ValueError(f"{where}: {name}[{k}]: expected {wanted}; received shape {array.shape}.")
    return arrays
