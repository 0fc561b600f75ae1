"""The gradient of the cost: estimated by finite differences, or computed by backpropagation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Layers, as_number, as_problem
from .network import activations, mean_squares, replaced
from .passes import note_backward


def gradient_estimator(X: ArrayLike, y: ArrayLike, w: Layers, b: Layers, eps: float = 1e-4) -> tuple[Layers, Layers]:
    """Estimates the partial derivative of the cost with respect to each parameter, by changing each one a little.

    `dC/dp = (C(p + eps) - C(p)) / eps` (forward differences)

    Easy to believe, and slow: one pass for C, and one more for each parameter. The 2-3-1 network has 9 weights and 4
    biases: 13. The estimate is off by about `eps/2` times the curvature of C; a much smaller eps loses the difference
    in the rounding of C, so it wants float64.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        y: The target outputs, of shape (m, n[-1]); with one output also (m,).
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1).
        eps: The change of each parameter.

    Returns:
        `w_pds, b_pds`: the partial derivatives, in lists of arrays with the shapes of w and b.

    Raises:
        TypeError: If an argument does not consist of numbers, or w or b is not a list.
        ValueError: If shapes do not match (the message names the layer), X and y have different lengths, a list is
            empty, or eps is not a positive number.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 2,
        http://neuralnetworksanddeeplearning.com/chap2.html

    Example:
        At p = 0 the slope is (sigmoid(0) - 1) / 2, exactly -0.25.

        >>> w_pds, b_pds = gradient_estimator([[1.0]], [1], w=[[[0.0]]], b=[[[0.0]]])
        >>> print(w_pds[0].round(4), b_pds[0].round(4))
        [[-0.25]] [[-0.25]]
    """
    problem = as_problem("gradient_estimator", X, y, w, b)
    step = as_number("gradient_estimator", "eps", eps)
    if step <= 0:
        raise ValueError(f"gradient_estimator: eps: expected a positive number; received {eps}.")
    return estimated_gradients(*problem, step)[1:]


def backpropagation(X: ArrayLike, y: ArrayLike, w: Layers, b: Layers) -> tuple[Layers, Layers]:
    """Computes the partial derivatives of the cost with one forward pass and one backward pass.

    With z[k+1] = w[k] a[k] + b[k], delta[k] = dC/dz[k], L the last layer, and * element by element:

    `delta[L] = 2/m (a[L] - y) * a[L] * (1 - a[L])`
    `delta[k] = w[k]^T delta[k+1] * a[k] * (1 - a[k])`
    `dC/dw[k] = delta[k+1] a[k]^T`, `dC/db[k] = sum_examples delta[k+1]`

    This is the chain rule, from the end to the start. delta[k+1] tells how much each neuron of layer k+1 is to blame;
    it is passed on to layer k through the weights it came by, so w[k]^T; `a (1 - a)` is the slope of the sigmoid.
    Each layer uses what the one after it has found, so nothing is computed twice: two passes for thirteen parameters,
    and two for a million.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        y: The target outputs, of shape (m, n[-1]); with one output also (m,).
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1).

    Returns:
        `w_pds, b_pds`: the partial derivatives, in lists of arrays with the shapes of w and b.

    Raises:
        TypeError: If an argument does not consist of numbers, or w or b is not a list.
        ValueError: If shapes do not match (the message names the layer), X and y have different lengths, or a list is
            empty.

    Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323 (1986).

    Example:
        At p = 0 the slope is 2 (1/2 - 1) 1/2 (1 - 1/2).

        >>> backpropagation([[1.0]], [1], w=[[[0.0]]], b=[[[0.0]]])
        ([array([[-0.25]])], [array([[-0.25]])])
    """
    return backward_gradients(*as_problem("backpropagation", X, y, w, b))[1:]


def estimated_gradients(
    X: np.ndarray, y: np.ndarray, w: Layers, b: Layers, eps: float = 1e-4
) -> tuple[float, Layers, Layers]:
    """`gradient_estimator` for arguments that have been checked.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        y: The target outputs, of shape (m, n[-1]).
        w: The weights.
        b: The biases.
        eps: The change of each parameter.

    Returns:
        The cost, and the partial derivatives by weights and by biases.
    """
    cost = _cost(X, y, w, b)
    w_pds, b_pds = [np.empty_like(array) for array in w], [np.empty_like(array) for array in b]
    for k in range(len(w)):
        for place in np.ndindex(w[k].shape):
            moved = replaced(w, k, place, w[k][place] + eps)
            w_pds[k][place] = (_cost(X, y, moved, b) - cost) / eps
        for place in np.ndindex(b[k].shape):
            moved = replaced(b, k, place, b[k][place] + eps)
            b_pds[k][place] = (_cost(X, y, w, moved) - cost) / eps
    return cost, w_pds, b_pds


def backward_gradients(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers) -> tuple[float, Layers, Layers]:
    """`backpropagation` for arguments that have been checked.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        y: The target outputs, of shape (m, n[-1]).
        w: The weights.
        b: The biases.

    Returns:
        The cost, a by-product of the forward pass, and the partial derivatives by weights and by biases.
    """
    a = activations(X.T, w, b)
    note_backward()
    w_pds, b_pds = [], []
    delta = (2.0 / len(X)) * (a[-1] - y.T) * a[-1] * (1.0 - a[-1])
    for k in reversed(range(len(w))):
        w_pds.insert(0, delta @ a[k].T)
        b_pds.insert(0, delta.sum(axis=1, keepdims=True))
        if k:
            delta = (w[k].T @ delta) * a[k] * (1.0 - a[k])
    return mean_squares(a[-1], y.T), w_pds, b_pds


def _cost(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers) -> float:
    return mean_squares(activations(X.T, w, b)[-1], y.T)
