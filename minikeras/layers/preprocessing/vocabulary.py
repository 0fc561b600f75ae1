"""Reading vocabularies: from lists, arrays and files; and what must hold for them."""

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import ArgumentError, ArgumentTypeError, FileReadError, brief
from .values import texts_of, whole_numbers


def plain_list(values: Any) -> Any:
    """Returns an array as a list, for a config; anything else unchanged."""
    if isinstance(values, np.ndarray):
        return values.tolist()
    return list(values) if isinstance(values, (list, tuple)) else values


def terms_from(vocabulary: Any, encoding: str | None, where: str) -> list:
    """Returns the terms of a vocabulary given as a list, tuple or array, as Python strings or integers.

    Args:
        vocabulary: The vocabulary.
        encoding: The encoding of bytes; None if the terms are integers.
        where: The layer, for error messages.

    Raises:
        ArgumentError: If it is empty, or not one-dimensional.
        ArgumentTypeError: If the terms are of another kind.
    """
    values = vocabulary.to_numpy() if hasattr(vocabulary, "to_numpy") else vocabulary
    if not isinstance(values, (list, tuple, np.ndarray)):
        raise ArgumentTypeError(
            f"{where}: `vocabulary` must be a list, a tuple, an array, or the path of a file. Received: {brief(values)}"
        )
    array = np.empty(len(values), object) if np.ndim(values) else np.empty(0, object)
    if isinstance(values, np.ndarray) and values.ndim != 1:
        raise ArgumentError(f"{where}: `vocabulary` must have one axis. Received: shape {values.shape}")
    array[:] = values
    if not len(array):
        raise ArgumentError(f"{where}: cannot set an empty vocabulary. Received: vocabulary={brief(vocabulary)}")
    if encoding is not None:
        wrong = [term for term in array if not isinstance(term, (str, bytes))]
        terms: list = texts_of(array, encoding) if not wrong else []
        terms = [str(term) if type(term) is not str else term for term in terms]
    else:
        wrong = [term for term in array if not _is_integer(term)]
        terms = [] if wrong else whole_numbers(np.array([int(term) for term in array]), where).tolist()
    if wrong:
        kind = "integers" if encoding is None else "strings"
        raise ArgumentTypeError(f"{where}: the terms of `vocabulary` must be {kind}. Received: {brief(wrong[0])}")
    return terms


def _is_integer(term: Any) -> bool:
    if isinstance(term, (bool, np.bool_)):
        return False
    if isinstance(term, str):
        return term.strip().lstrip("+-").isdigit()
    return isinstance(term, (int, np.integer)) or (isinstance(term, (float, np.floating)) and float(term).is_integer())


def read_lines(path: str, where: str) -> list[str]:
    """Returns the lines of a text file in UTF-8.

    Raises:
        FileReadError: If there is no such file, it is no regular file, or it is no text.
    """
    if not os.path.exists(path):
        raise FileReadError(f"{where}: vocabulary file {path} does not exist.")
    if not os.path.isfile(path):
        raise FileReadError(f"{where}: vocabulary file {path} is not a regular file.")
    try:
        with open(path, encoding="utf-8", newline="\n") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise FileReadError(f"{where}: vocabulary file {path} cannot be read as text in UTF-8: {error}") from error
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def check_terms(terms: Sequence, vocabulary: Any, special: Sequence, reserved: dict[str, Any], where: str) -> None:
    """Refuses vocabularies with repeated terms, or with special tokens among the terms.

    Args:
        terms: The vocabulary without special tokens.
        vocabulary: What was given.
        special: The special tokens, in the order in which they may precede the terms.
        reserved: Tokens that may not be terms, by argument; None for none.
        where: The layer, for error messages.

    Raises:
        ArgumentError: If there are any.
    """
    if len(set(terms)) < len(terms):
        repeated = [term for term, count in Counter(terms).items() if count > 1]
        raise ArgumentError(
            f"{where}: the vocabulary has at least one repeated term. Each may occur once. Received: {brief(repeated)}"
        )
    for name, token in reserved.items():
        if token is not None and token in terms:
            raise ArgumentError(
                f"{where}: found the reserved `{name}` {token!r} at an unexpected location in the vocabulary. Special "
                f"tokens need not be given; if they are, then at its start, in this order: {list(special)}. Received: "
                f"{token!r} at index {len(vocabulary) - len(terms) + list(terms).index(token)}"
            )
