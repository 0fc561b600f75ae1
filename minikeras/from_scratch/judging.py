"""Diagnoses a student's function: calls it, and compares its results with the expected ones.

A wrong result is also compared with the results of typical mistakes, so that the mistake can be named.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

Parameters = tuple[Sequence[np.ndarray], Sequence[np.ndarray]]  # w and b, or what belongs to them


class MistakeError(Exception):
    """What is wrong with an answer.

    Args:
        kind: In a word or two: "shape", "sign", "transpose", "missing bias", "changed input", ...
        text: In a sentence.
    """

    def __init__(self, kind: str, text: str):
        super().__init__(f"{kind[0].upper()}{kind[1:]}: {text}")
        self.kind = kind


class Suspicion(NamedTuple):
    """A typical mistake, and what it gives.

    Args:
        kind: In a word or two.
        text: What to look at.
        result: The result of a function that makes this mistake.
        tolerance: How far a number may be off to be that result; by default as far as from the right one.
    """

    kind: str
    text: str
    result: object
    tolerance: float | None = None

    def matches(self, arrays: Sequence[Sequence[np.ndarray]], tolerance: float) -> bool:
        """Whether a student's lists of arrays, those of weights and those of biases, come from this mistake."""
        return _all_close(arrays, self.result, tolerance if self.tolerance is None else self.tolerance)


def judge(name: str, function: object, check: Callable[[Callable], str | None]) -> None:
    """Prints whether a function is right, and if not, what is wrong.

    Args:
        name: What it is called.
        function: The student's function.
        check: Raises a `MistakeError` if something is wrong; may return a remark.
    """
    try:
        if not callable(function):
            raise MistakeError("not a function", f"expected a function; received {function!r}.")
        remark = check(function)
    except MistakeError as mistake:
        print(f"{name}: not yet. {mistake}")
    else:
        print(f"{name}: right.{f' {remark}' if remark else ''}")


def call(function: Callable, **arguments: object) -> object:
    """Calls a student's function, with copies, and makes sure that it leaves them as they were.

    Args:
        function: The student's function.
        **arguments: Its arguments in order; their names are those of the lecture, for the messages.

    Returns:
        What it returns.

    Raises:
        MistakeError: If it stops with an error, changes an argument, or returns nothing.
    """
    given = copy.deepcopy(arguments)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = function(*given.values())
    except Exception as error:  # whatever a student's function may do wrong
        where = ", ".join(f"{name} {_shape_text(value)}" for name, value in arguments.items())
        raise MistakeError("error", f"it stopped with {type(error).__name__}: {error} ({where})") from error
    for name, value in arguments.items():
        if not _same(given[name], value):
            raise MistakeError(
                "changed input",
                f"{name} is not what it was before the call. Work on a copy; of a list of arrays, copy the arrays too: "
                f"[array.copy() for array in {name}].",
            )
    if result is None:
        raise MistakeError("nothing returned", "it returns None. Is the body still empty, or the `return` missing?")
    return result


def compare(
    what: str, received: object, expected: object, suspicions: Sequence[Suspicion] = (), tolerance: float = 1e-9
) -> None:
    """Compares a number or an array with what it should be.

    Args:
        what: What it is, for the message.
        received: The student's.
        expected: What it should be.
        suspicions: Typical mistakes, the likeliest first.
        tolerance: How far a number may be off.

    Raises:
        MistakeError: If it is wrong.
    """
    ours, theirs = np.asarray(expected, dtype=np.float64), _as_numbers(what, received)
    _compare_shapes(what, theirs, ours)
    if _close(theirs, ours, tolerance):
        return
    for suspicion in suspicions:
        if _close(theirs, np.asarray(suspicion.result, dtype=np.float64), tolerance):
            raise MistakeError(suspicion.kind, f"{what}: {suspicion.text}")
    if theirs.ndim == 2 and _close(theirs, ours.T, tolerance):
        raise MistakeError("transpose", f"{what}: rows and columns are exchanged.")
    if _close(theirs, -ours, tolerance):
        raise MistakeError("sign", f"{what}: every number has the wrong sign.")
    raise MistakeError("value", f"{what}: expected {_show(ours)}, received {_show(theirs)}.")


def single_number(what: str, received: object) -> float:
    """Makes sure that something is one number.

    Args:
        what: What it is, for the message.
        received: The student's.

    Returns:
        The number.

    Raises:
        MistakeError: If it is not.
    """
    number = _as_numbers(what, received)
    _compare_shapes(what, number, np.empty(()))
    return float(number)


def compare_parameters(
    names: tuple[str, str],
    received: object,
    expected: Parameters,
    suspicions: Sequence[Suspicion] = (),
    tolerance: float = 1e-9,
) -> None:
    """Compares a pair of lists, for weights and for biases, with what it should be.

    Args:
        names: What the lists are called, such as `("w_pds", "b_pds")`.
        received: The student's.
        expected: What it should be.
        suspicions: Typical mistakes, the likeliest first.
        tolerance: How far a number may be off.

    Raises:
        MistakeError: If it is wrong.
    """
    pair = compare_structure(names, received, [[array.shape for array in arrays] for arrays in expected])
    if _all_close(pair, expected, tolerance):
        return
    for suspicion in suspicions:
        if suspicion.matches(pair, tolerance):
            raise MistakeError(suspicion.kind, suspicion.text)
    for name, ours, theirs in zip(names, expected, pair, strict=True):
        for k, (array, other) in enumerate(zip(ours, theirs, strict=True)):
            compare(f"{name}[{k}]", other, array, tolerance=tolerance)


def compare_structure(names: tuple[str, str], received: object, shapes: Sequence[Sequence[tuple]]) -> list:
    """Makes sure that something is a pair of lists of arrays with the right shapes.

    Args:
        names: What the lists are called, such as `("w", "b")`.
        received: The student's.
        shapes: Those wanted of the arrays in both lists.

    Returns:
        The pair, as two lists of arrays.

    Raises:
        MistakeError: If it is not.
    """
    first, second = names
    if not isinstance(received, (tuple, list)) or len(received) != 2 or not _are_lists(received):
        alone = isinstance(received, (tuple, list)) and len(received) == len(shapes[0])
        if alone and all(isinstance(each, np.ndarray) for each in received):
            raise MistakeError("missing bias", f"it returns one list of arrays. Return both: {first}, {second}.")
        raise MistakeError("shape", f"expected two lists, {first} and {second}; received {_shape_text(received)}.")
    if len(received[1]) == 0:
        raise MistakeError("missing bias", f"{second} is an empty list. Each neuron has a bias.")
    pair = []
    for name, arrays, wanted in zip(names, received, shapes, strict=True):
        if len(arrays) != len(wanted):
            raise MistakeError(
                "shape",
                f"{name}: expected {len(wanted)} arrays, one a layer but the inputs; received {len(arrays)}.",
            )
        pair.append([_as_numbers(f"{name}[{k}]", array) for k, array in enumerate(arrays)])
        for k, (array, shape) in enumerate(zip(pair[-1], wanted, strict=True)):
            _compare_shapes(f"{name}[{k}]", array, np.empty(shape))
    return pair


def compare_layers(
    what: str, received: object, expected: Sequence[np.ndarray], suspicions: Sequence[Suspicion] = ()
) -> None:
    """Compares one list of arrays with what it should be.

    Args:
        what: What the list is called.
        received: The student's.
        expected: What it should be.
        suspicions: Typical mistakes, the likeliest first.

    Raises:
        MistakeError: If it is wrong.
    """
    if not isinstance(received, (tuple, list)) or len(received) != len(expected):
        raise MistakeError(
            "shape",
            f"{what}: expected a list of all {len(expected)} arrays; received {_shape_text(received)}.",
        )
    arrays = [_as_numbers(f"{what}[{k}]", array) for k, array in enumerate(received)]
    for k, (array, wanted) in enumerate(zip(arrays, expected, strict=True)):
        _compare_shapes(f"{what}[{k}]", array, wanted)
    if _all_close([arrays], [expected], 1e-9):
        return
    for suspicion in suspicions:
        if suspicion.matches([arrays], 1e-9):
            raise MistakeError(suspicion.kind, suspicion.text)
    for k, (array, wanted) in enumerate(zip(arrays, expected, strict=True)):
        compare(f"{what}[{k}]", array, wanted)


def _as_numbers(what: str, value: object) -> np.ndarray:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise MistakeError("shape", f"{what}: expected numbers; received {_shape_text(value)}.") from None


def _compare_shapes(what: str, received: np.ndarray, expected: np.ndarray) -> None:
    if received.shape == expected.shape:
        return
    text = f"{what}: expected {_shape_text(expected)}, received {_shape_text(received)}."
    if received.ndim == 2 and received.shape == expected.shape[::-1]:
        raise MistakeError("transpose", f"{text} Rows and columns are exchanged.")
    raise MistakeError("shape", text)


def _close(first: np.ndarray, second: np.ndarray, tolerance: float) -> bool:
    return first.shape == second.shape and np.allclose(first, second, rtol=0, atol=tolerance)


def _all_close(first: Sequence, second: Sequence, tolerance: float) -> bool:
    return all(
        _close(mine, np.asarray(other, dtype=np.float64), tolerance)
        for ours, theirs in zip(first, second, strict=True)
        for mine, other in zip(ours, theirs, strict=True)
    )


def _same(first: object, second: object) -> bool:
    """Whether two arguments are equal to the bit."""
    if isinstance(second, list):
        return len(first) == len(second) and all(map(_same, first, second))
    return np.array_equal(first, second)


def _are_lists(values: Sequence) -> bool:
    return all(isinstance(each, (list, tuple)) for each in values)


def _shape_text(value: object) -> str:
    if isinstance(value, (np.ndarray, np.generic)):
        return f"of shape {value.shape}" if value.ndim else "a single number"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return "a single number" if isinstance(value, (int, float)) else repr(value)


def _show(array: np.ndarray) -> str:
    return np.array2string(array, precision=5, separator=", ").replace("\n", "")
