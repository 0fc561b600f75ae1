"""Which loss, label, weight and metric belongs to which output of a model, in all the forms users give them.

Outputs are numbered in the order of `tree.flatten`. Lists and tuples count as the same; None is an entry here.
"""

from collections.abc import Sequence
from typing import Any

from ..engine import tree
from ..errors import ArgumentError, DataError

Path = tuple


def is_nested(structure: object) -> bool:
    """Tells whether something is a list, tuple or dict of outputs, and no single one.

    Example:
        >>> is_nested([1]), is_nested({}), is_nested(1)
        (True, True, False)
    """
    return isinstance(structure, (list, tuple, dict))


def leaves(structure: object, path: Path = ()) -> list[tuple[Path, Any]]:
    """Returns each leaf with the keys and indices that lead to it; None is one, too.

    Example:
        >>> leaves({"b": (1, None), "a": 2})
        [(('a',), 2), (('b', 0), 1), (('b', 1), None)]
    """
    if not is_nested(structure):
        return [(path, structure)]
    keys = tree.sorted_keys(structure) if isinstance(structure, dict) else range(len(structure))
    return [leaf for key in keys for leaf in leaves(structure[key], (*path, key))]


def names_for(outputs: object, names: Sequence[str] | None) -> Sequence[str] | None:
    """Returns the names of outputs if there are as many; a model may hand other outputs to its losses than it returns.

    Example:
        >>> names_for(["x", "y"], ["a", "b"]), names_for(["x", "y"], ["a"])
        (['a', 'b'], None)
    """
    return names if names is not None and len(names) == len(tree.flatten(outputs)) else None


def numbered(outputs: object) -> Any:
    """Returns outputs with a number in the place of each.

    Example:
        >>> numbered({"b": ("x", "y"), "a": "z"})
        {'b': (1, 2), 'a': 0}
    """
    return tree.pack_like(outputs, list(range(len(tree.flatten(outputs)))))


def shown(outputs: object, names: Sequence[str] | None = None) -> str:
    """Returns how the outputs are nested, in words for an error.

    Example:
        >>> shown(["x", "y"], ["a", "b"]), shown({"k": "x"})
        ("['a', 'b']", "{'k': '*'}")
    """
    labels = list(names_for(outputs, names) or ["*"] * len(tree.flatten(outputs)))
    return repr(tree.pack_like(outputs, labels))


def by_name(given: dict, outputs: object, names: Sequence[str] | None) -> list | None:
    """Returns the entries of a dict in the order of the outputs if its keys are their names; None if they are not.

    Args:
        given: What users gave for some outputs.
        outputs: The outputs; for those in a dict names do not count, but its keys do.
        names: The names of the outputs, in their order; None if they have none.

    Example:
        >>> by_name({"b": 2}, ["x", "y"], ["a", "b"])
        [None, 2]
    """
    if names is None or isinstance(outputs, dict) or not set(given) <= set(names):
        return None
    return [given.get(name) for name in names]


def unknown_names(given: dict, outputs: object, names: Sequence[str] | None) -> list:
    """Returns the keys of a dict that are those of no output; none if the outputs have no names.

    Args:
        given: What users gave for some outputs.
        outputs: The outputs; those in a dict are known by its keys.
        names: The names of the outputs; None if they have none.

    Example:
        >>> unknown_names({"prcie": 1, "price": 2}, "x", ["price"]), unknown_names({"b": 1}, {"a": "x"}, ["b"])
        (['prcie'], ['b'])
    """
    known = outputs if isinstance(outputs, dict) else names
    return [] if known is None else [key for key in given if key not in known]


def refuse_unknown(
    what: str, given: object, outputs: object, names: Sequence[str] | None, error: type[Exception] = DataError
) -> None:
    """Raises if a dict has an entry for an output that there is not.

    Args:
        what: What the error calls the dict.
        given: What users gave for some outputs; if it is no dict, nothing is wrong with it.
        outputs: The outputs.
        names: Their names; None if they have none.
        error: The class of the error.
    """
    unknown = unknown_names(given, outputs, names) if isinstance(given, dict) else []
    if unknown:
        known = list(outputs if isinstance(outputs, dict) else names)
        raise error(
            f"`{what}` has an entry {unknown[0]!r}, but the model has no output of that name. "
            f"The names of its outputs: {known}"
        )


def placed(given: Any, outputs: Any, path: Path = ()) -> list[tuple[int, Path, Any]]:
    """Returns for each loss the number and the path of the output it is for.

    Args:
        given: The losses: one for all outputs, or nested as they are. A list for a single output holds several for it.
        outputs: The numbered outputs.
        path: What leads to them.

    Raises:
        ArgumentError: If there is no such output.

    Example:
        >>> placed(["mse", ["mae", "ce"]], [0, 1])
        [(0, (0,), 'mse'), (1, (1,), 'mae'), (1, (1,), 'ce')]
    """
    if given is None:
        return []
    if not is_nested(given):
        return [(number, (*path, *inner), given) for inner, number in _as_made(outputs)]
    if isinstance(given, dict):
        _refuse_keys([key for key in given if not isinstance(outputs, dict) or key not in outputs], path, outputs)
        return [entry for key in given for entry in placed(given[key], outputs[key], (*path, key))]
    inner = leaves(outputs)
    if len(given) == len(inner) and not any(map(is_nested, given)):
        losses = {number: loss for (_, number), loss in zip(inner, given, strict=True)}
        pairs = [(number, (*path, *keys), losses[number]) for keys, number in _as_made(outputs)]
        return [entry for entry in pairs if entry[2] is not None]
    if not is_nested(outputs):
        return [entry for loss in given for entry in placed(loss, outputs, path)]
    _refuse_keys(
        [index for index in range(len(given)) if isinstance(outputs, dict) or index >= len(outputs)], path, outputs
    )
    return [entry for index, loss in enumerate(given) for entry in placed(loss, outputs[index], (*path, index))]


def _as_made(outputs: object, path: Path = ()) -> list[tuple[Path, Any]]:
    """Returns each output with its path, those of a dict in the order in which the model gives them."""
    if not is_nested(outputs):
        return [(path, outputs)]
    pairs = outputs.items() if isinstance(outputs, dict) else enumerate(outputs)
    return [leaf for key, part in pairs for leaf in _as_made(part, (*path, key))]


def _refuse_keys(keys: list, path: Path, outputs: object) -> None:
    if keys:
        where = "".join(f"[{key!r}]" for key in (*path, keys[0]))
        raise ArgumentError(
            f"`loss` has an entry {where}, but the model has no such output. Expected losses nested as the outputs are "
            f"({shown(outputs)}), one for all, or one for each in a list."
        )


def aligned(values: Any, outputs: Any, names: Sequence[str] | None, used: Sequence[int], what: str) -> list:
    """Returns one value for each output, None for outputs that have none.

    Args:
        values: Labels, or weights, nested as the outputs are; or in a list in their order; or in a dict by their names;
            or only those of the outputs that are used.
        outputs: The outputs.
        names: Their names, in their order; None if they have none.
        used: The numbers of the outputs that values are needed for.
        what: What errors call the values.

    Raises:
        DataError: If the values cannot be told apart.

    Example:
        >>> aligned({"b": 2, "a": 1}, ["x", "y"], ["a", "b"], [0, 1], "y"), aligned([2], ["x", "y"], None, [1], "y")
        ([1, 2], [None, 2])
    """
    expected, found = leaves(outputs), leaves(values)
    if [path for path, _ in expected] == [path for path, _ in found]:
        return [value for _, value in found]
    present = [value for _, value in found if value is not None]
    if isinstance(values, dict):
        named = by_name(values, outputs, names)
        if named is not None:
            return named
        paths = dict(found)
        if set(paths) <= {path for path, _ in expected}:
            return [paths.get(path) for path, _ in expected]
        refuse_unknown(what, values, outputs, names)
        if len(present) == len(expected) == 1:
            return present
    elif len(found) == len(expected):
        return [value for _, value in found]
    elif len(present) == len(used):
        spread = dict(zip(sorted(used), present, strict=True))
        return [spread.get(number) for number in range(len(expected))]
    raise DataError(
        f"`{what}` and the outputs of the model have different structures. Expected: {shown(outputs, names)}. "
        f"Received: {tree.map_structure(lambda leaf: '*', values)!r}"
    )


def aligned_weights(values: Any, outputs: Any, names: Sequence[str] | None, used: Sequence[int]) -> list:
    """Returns the sample weights of each output; those given alone count for all.

    Args:
        values: The weights.
        outputs: The outputs.
        names: Their names, in their order; None if they have none.
        used: The numbers of the outputs that have a loss or a metric.

    Raises:
        DataError: If the weights cannot be told apart, or those for several outputs are not one for each example.
    """
    count = len(tree.flatten(outputs))
    if values is None or count == 1 or is_nested(values):
        return [None] * count if values is None else aligned(values, outputs, names, used, "sample_weight")
    shape = tuple(values.shape)
    if len(shape) > 1 and (len(shape) > 2 or shape[1] != 1):
        raise DataError(
            "One `sample_weight` for several outputs must hold one number for each example. "
            f"Received: shape {shape}. Give one array for each output, nested as the outputs are."
        )
    return [values] * count
