"""Gradient descent: follow the negative gradient of the cost, step by step."""

from __future__ import annotations

import os

from numpy.typing import ArrayLike

from .arguments import Layers, as_count, as_number, as_problem
from .drawing import check_picture_path, require_matplotlib, save_errors, show_errors
from .gradients import backward_gradients, estimated_gradients
from .network import activations, mean_squares
from .progress import ProgressBar

_METHODS = {"backpropagation": backward_gradients, "estimator": estimated_gradients}


def one_step_gd(
    X: ArrayLike, y: ArrayLike, w: Layers, b: Layers, lr: float, method: str = "backpropagation"
) -> tuple[Layers, Layers]:
    """Changes each parameter a little, in the direction in which the cost falls.

    `new_w = w - lr dC/dw`, `new_b = b - lr dC/db`

    The derivative points uphill, so it is subtracted. All of them are taken at the old parameters: first all slopes,
    then one step. The learning rate says how far to go: the slope only holds nearby.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        y: The target outputs, of shape (m, n[-1]); with one output also (m,).
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1).
        lr: The learning rate.
        method: How to compute the derivatives: "backpropagation", or "estimator" for `gradient_estimator`.

    Returns:
        `new_w, new_b`, of the shapes of w and b, which are unchanged.

    Raises:
        TypeError: If an argument does not consist of numbers, or w or b is not a list.
        ValueError: If shapes do not match (the message names the layer), X and y have different lengths, a list is
            empty, lr is not finite, or the method is unknown.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        The slopes are -0.25.

        >>> one_step_gd([[1.0]], [1], w=[[[0.0]]], b=[[[0.0]]], lr=2)
        ([array([[0.5]])], [array([[0.5]])])
    """
    problem = as_problem("one_step_gd", X, y, w, b)
    rate = as_number("one_step_gd", "lr", lr)
    _, w_pds, b_pds = _METHODS[_known("one_step_gd", method)](*problem)
    return _step(problem[2], w_pds, rate), _step(problem[3], b_pds, rate)


def GD(
    X: ArrayLike,
    y: ArrayLike,
    w: Layers,
    b: Layers,
    epoch: int,
    lr: float,
    method: str = "backpropagation",
    show: bool = True,
    save_to: str | os.PathLike | None = None,
    progress: bool = True,
    errors: list[float] | None = None,
) -> tuple[Layers, Layers]:
    """Trains the network by gradient descent, and plots its learning curve.

    `epoch` times: `w, b = one_step_gd(X, y, w, b, lr)`

    Each step goes down the slope where it stands, so many small steps lead into a valley of the cost. The curve shows
    whether that works: it falls fast, then flattens; if it jumps up and down the learning rate is too large.

    Args:
        X: The examples, one per row, of shape (m, n[0]).
        y: The target outputs, of shape (m, n[-1]); with one output also (m,).
        w: The weights to start from, w[k] of shape (n[k+1], n[k]).
        b: The biases to start from, b[k] of shape (n[k+1], 1).
        epoch: How many steps to take; each sees all examples once.
        lr: The learning rate.
        method: How to compute the derivatives: "backpropagation", or "estimator" for `gradient_estimator`.
        show: Whether to show the curve, in a window (which blocks until closed) or a notebook. If matplotlib has no
            display, a message says so.
        save_to: A file for the curve, such as "curve.png".
        progress: Whether to print a progress bar.
        errors: A list to which the curve is appended: the cost before the first step and after each, `epoch + 1`
            numbers.

    Returns:
        `w, b`: the trained parameters; those given are unchanged.

    Raises:
        TypeError: If an argument does not consist of numbers, or w, b or errors is not a list.
        ValueError: If shapes do not match (the message names the layer), X and y have different lengths, a list is
            empty, epoch is less than 1, lr is not finite, the method is unknown, or no picture can be written there.
        ImportError: If a curve is wanted and matplotlib is not installed.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        >>> curve = []
        >>> w, b = GD([[1.0]], [1], [[[0.0]]], [[[0.0]]], epoch=100, lr=2, show=False, progress=False, errors=curve)
        >>> print(len(curve), curve[0], round(curve[-1], 4))
        101 0.25 0.0007
    """
    X, y, w, b = as_problem("GD", X, y, w, b)
    epochs, rate = as_count("GD", "epoch", epoch), as_number("GD", "lr", lr)
    gradients = _METHODS[_known("GD", method)]
    if errors is not None and not isinstance(errors, list):
        raise TypeError(f"GD: errors: expected a list to append to; received {errors!r}.")
    if show or save_to is not None:
        require_matplotlib("GD", " Or call it with show=False and without save_to.")
    if save_to is not None:
        check_picture_path("GD", save_to)

    curve = []
    with ProgressBar(epochs, visible=progress) as bar:
        for _ in range(epochs):
            error, w_pds, b_pds = gradients(X, y, w, b)
            w, b = _step(w, w_pds, rate), _step(b, b_pds, rate)
            curve.append(error)
            bar.advance(error)
        curve.append(mean_squares(activations(X.T, w, b)[-1], y.T))
        bar.error = curve[-1]
    if errors is not None:
        errors.extend(curve)
    if save_to is not None:
        save_errors(curve, save_to)
    if show:
        show_errors(curve, saved=save_to is not None)
    return w, b


def _step(parameters: Layers, slopes: Layers, rate: float) -> Layers:
    return [parameter - rate * slope for parameter, slope in zip(parameters, slopes, strict=True)]


def _known(where: str, method: str) -> str:
    if method not in _METHODS:
        names = " or ".join(map(repr, _METHODS))
        raise ValueError(f"{where}: method: expected {names}; received {method!r}.")
    return method
