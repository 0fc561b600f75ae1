"""One neuron: the perceptron, which says yes or no, and the sigmoid neuron, which can be taught in small steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .arguments import as_array, as_number


def perceptron(x: ArrayLike, w: ArrayLike, b: float | None = None, threshold: float | None = None) -> Any:
    """Decides by weighing: yes if the sum of the weighted inputs is large enough.

    `1 if w·x + b > 0, else 0`

    A weight tells how much an input speaks for yes, or against it if negative; the bias b, how ready the neuron is
    to say yes without any input. The same with a threshold, which is -b: `1 if w·x > threshold, else 0`. The bias
    is what later replaces it, since it can be learned like any weight.

    Args:
        x: The inputs, of shape (n,), or (m, n) for m examples.
        w: The weights, of shape (n,).
        b: The bias.
        threshold: What w·x has to exceed, in place of a bias.

    Returns:
        1 or 0; for m examples an array of them, of shape (m,).

    Raises:
        TypeError: If not exactly one of `b` and `threshold` is given, or an argument is not made of numbers.
        ValueError: If shapes do not match, or a number is not finite.

    Source: Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain",
        Psychological Review 65 (1958).

    Example:
        Attend? Inputs: quarantine, Alican is presenting, interesting topic.

        >>> perceptron([1, 0, 1], w=[5, -8, 5], b=1)
        1
        >>> perceptron([[1, 0, 1], [0, 1, 1]], w=[5, -8, 5], threshold=-1)
        array([1, 0])
    """
    if (b is None) == (threshold is None):
        raise TypeError(f"perceptron: expected either b or threshold; received b={b!r}, threshold={threshold!r}.")
    weighted = _weighted_sum("perceptron", x, w)
    if threshold is None:
        fires = weighted + as_number("perceptron", "b", b) > 0
    else:
        fires = weighted > as_number("perceptron", "threshold", threshold)
    return fires.astype(int) if fires.ndim else int(fires)


def sigmoid(z: ArrayLike) -> float | np.ndarray:
    """Squeezes any number into 0 to 1: a soft step.

    `sigmoid(z) = 1 / (1 + e^-z)`

    The step of the perceptron is flat, and jumps: a small change of a weight changes nothing, or all. The sigmoid
    has a slope everywhere, `sigmoid(z) (1 - sigmoid(z))`, which tells in which direction to change a weight.

    Args:
        z: A number, or an array of any shape.

    Returns:
        The sigmoid of each: a float, or an array of the same shape; float32 stays float32. There is no overflow: for
        a negative z, `e^z / (1 + e^z)`, which is the same, is computed.

    Raises:
        TypeError: If z is not made of numbers.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        >>> sigmoid(0)
        0.5
        >>> sigmoid([-1000, 0, 1000])
        array([0. , 0.5, 1. ])
    """
    result = soft_step(as_array("sigmoid", "z", z, finite=False))
    return result if result.ndim else result.item()


def sigmoid_unit(x: ArrayLike, w: ArrayLike, b: float) -> float | np.ndarray:
    """Decides softly: a perceptron with a sigmoid in place of the step.

    `sigmoid(w·x + b)`

    Its answer is a degree: 0.5 where the perceptron is undecided, near 0 or 1 where it is sure.

    Args:
        x: The inputs, of shape (n,), or (m, n) for m examples.
        w: The weights, of shape (n,).
        b: The bias.

    Returns:
        A float from 0 to 1; for m examples an array of them, of shape (m,).

    Raises:
        TypeError: If an argument does not consist of numbers.
        ValueError: If shapes do not match, or a number is not finite.

    Source: Nielsen, "Neural Networks and Deep Learning" (2015), chapter 1,
        http://neuralnetworksanddeeplearning.com/chap1.html

    Example:
        >>> sigmoid_unit([1, 0, 1], w=[1, -2, 1], b=-2)
        0.5
    """
    weighted = _weighted_sum("sigmoid_unit", x, w)
    result = soft_step(weighted + as_number("sigmoid_unit", "b", b))
    return result if result.ndim else result.item()


def soft_step(z: np.ndarray) -> np.ndarray:
    """The sigmoid of an array that has been checked.

    `1 / (1 + e^-z)`, or `e^z / (1 + e^z)` for a negative z: the power of e is then at most 1.

    Args:
        z: An array of floats, of any shape.

    Returns:
        An array of the same shape and dtype.
    """
    power = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, power) / (1.0 + power)


def _weighted_sum(where: str, x: ArrayLike, w: ArrayLike) -> np.ndarray:
    """w·x, as an array of shape () or (m,)."""
    inputs, weights = as_array(where, "x", x), as_array(where, "w", w)
    if weights.ndim != 1 or weights.size == 0:
        raise ValueError(f"{where}: w: expected shape (n,), one weight for each input; received shape {weights.shape}.")
    if inputs.ndim not in (1, 2) or inputs.shape[-1] != weights.size:
        raise ValueError(
            f"{where}: x: expected shape ({weights.size},) or (m, {weights.size}), since there are {weights.size} "
            f"weights; received shape {inputs.shape}."
        )
    return np.asarray(inputs @ weights)
