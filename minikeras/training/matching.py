"""Matches what users give per output (losses, loss weights, metrics, labels, sample weights) to a model's outputs.

Outputs are indexed in the order of `tree.flatten`. Lists and tuples are interchangeable. Here, None is a leaf.
"""

from collections.abc import Sequence
from typing import Any

from ..engine import tree
from ..errors import ArgumentError, DataError

Path = tuple


def is_nested(structure: object) -> bool:
    """Tells whether a structure is a list, tuple or dict rather than a leaf.

    Example:
        >>> is_nested([1]), is_nested({}), is_nested(1)
        (True, True, False)
    """
    return isinstance(structure, (list, tuple, dict))


def leaves(structure: object, path: Path = (), sort: bool = True) -> list[tuple[Path, Any]]:
    """Returns each leaf with the keys and indices that lead to it; None is a leaf, too.

    Args:
        structure: Nested lists, tuples and dicts.
        path: The keys and indices that lead to the structure itself.
        sort: Whether the keys of a dict are sorted, as in `tree.flatten`, or keep their order.

    Example:
        >>> leaves({"b": (1, None), "a": 2})
        [(('a',), 2), (('b', 0), 1), (('b', 1), None)]
    """
    if not is_nested(structure):
        return [(path, structure)]
    if isinstance(structure, dict):
        keys = tree.sorted_keys(structure) if sort else list(structure)
    else:
        keys = range(len(structure))
    return [leaf for key in keys for leaf in leaves(structure[key], (*path, key), sort)]


class OutputLayout:
    """How a model nests its outputs, and what they are called.

    Args:
        outputs: The outputs, values or symbolic values.
        names: Their names, in the order of `tree.flatten`; ignored if there are not as many names as outputs, since a
            model may hand other outputs to its losses than it returns.

    Attributes:
        structure: The outputs, each replaced by its index.
        paths: The keys and indices that lead to each output.
        names: The names of the outputs; None if they have none.

    Example:
        >>> layout = OutputLayout({"b": ("x", "y"), "a": "z"}, ["p", "q", "r"])
        >>> layout.structure, layout.paths[1], len(layout)
        ({'b': (1, 2), 'a': 0}, ('b', 0), 3)
    """

    def __init__(self, outputs: object, names: Sequence[str] | None = None):
        count = len(tree.flatten(outputs))
        self.structure: Any = tree.pack_like(outputs, list(range(count)))
        self.paths = [path for path, index in leaves(self.structure) if index is not None]
        self.names = list(names) if names is not None and len(names) == count else None

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def is_nested(self) -> bool:
        """Whether the outputs are in a list, tuple or dict."""
        return is_nested(self.structure)

    @property
    def is_flat(self) -> bool:
        """Whether no output is nested deeper than in one list, tuple or dict."""
        return all(len(path) == 1 for path in self.paths)

    @property
    def known_keys(self) -> list | None:
        """The keys by which outputs may be given in a dict: those of the dict they are in, or their names."""
        return list(self.structure) if isinstance(self.structure, dict) else self.names

    def by_name(self, given: dict) -> list | None:
        """Returns the values of a dict in the order of the outputs if its keys are output names, else None.

        For outputs in a dict, its keys count instead of their names.

        Example:
            >>> OutputLayout(["x", "y"], ["a", "b"]).by_name({"b": 2})
            [None, 2]
        """
        if self.names is None or isinstance(self.structure, dict) or not set(given) <= set(self.names):
            return None
        return [given.get(name) for name in self.names]

    def check_keys(self, what: str, given: object, error: type[Exception] = DataError) -> None:
        """Refuses a dict with a key that is no output's; anything but a dict passes, as do outputs without names.

        Args:
            what: What the error calls the dict.
            given: What the user gave.
            error: The class of the error.
        """
        known = self.known_keys
        unknown = [key for key in given if key not in known] if isinstance(given, dict) and known is not None else []
        if unknown:
            raise error(
                f"`{what}` has an entry {unknown[0]!r}, but the model has no output of that name. "
                f"The names of its outputs: {known}"
            )

    def __repr__(self) -> str:
        return repr(tree.pack_like(self.structure, self.names or ["*"] * len(self)))


class MismatchError(Exception):
    """A structure does not fit the outputs.

    Attributes:
        path: The keys and indices that lead to the part that has no output.
    """

    def __init__(self, path: Path):
        super().__init__(path)
        self.path = path


def match(given: Any, outputs: Any, path: Path = (), shared: bool = False, exact: bool = False) -> list[tuple]:
    """Splits what a user gave among the outputs: the one matcher behind losses, weights, metrics and labels.

    Args:
        given: A structure nested as the outputs are, or a list with one leaf per output.
        outputs: Nested indices, as in `OutputLayout.structure`.
        path: The keys and indices that lead to these outputs.
        shared: Whether a leaf instead of several outputs applies to each of them.
        exact: Whether each list and dict must have as many entries as its counterpart.

    Returns:
        For each output that has a part of `given`: its index, its path, the part.

    Raises:
        MismatchError: If a part has no counterpart among the outputs.

    Example:
        >>> match(["mse", ["mae", "ce"]], [0, 1])
        [(0, (0,), 'mse'), (1, (1,), ['mae', 'ce'])]
        >>> match({"b": "mse"}, {"a": 0, "b": [1, 2]}, shared=True)
        [(1, ('b', 0), 'mse'), (2, ('b', 1), 'mse')]
    """
    if not is_nested(outputs):
        return [(outputs, path, given)]
    if given is None and not exact:
        return []
    if not is_nested(given):
        if not shared:
            raise MismatchError(path)
        return [(index, output, given) for output, index in leaves(outputs, path, sort=False)]
    if isinstance(given, dict):
        keys = list(given)
        unknown = [key for key in keys if not isinstance(outputs, dict) or key not in outputs]
    else:
        flat = [index for _, index in leaves(outputs)]
        if len(given) == len(flat) and not exact and not any(map(is_nested, given)):
            parts = dict(zip(flat, given, strict=True))
            return [(index, output, parts[index]) for output, index in leaves(outputs, path, sort=False)]
        keys = list(range(len(given)))
        unknown = keys if isinstance(outputs, dict) else keys[len(outputs) :]
    if unknown or (exact and len(keys) != len(outputs)):
        raise MismatchError((*path, *unknown[:1]))
    return [found for key in keys for found in match(given[key], outputs[key], (*path, key), shared, exact)]


def match_leaves(values: Any, outputs: Any, count: int, exact: bool = True) -> list | None:
    """Returns one value for each output if the values are nested as the outputs are, else None.

    Args:
        values: Nested values.
        outputs: Nested indices, as in `OutputLayout.structure`.
        count: How many outputs there are.
        exact: False: keys of a dict may be missing; None is returned for them.

    Example:
        >>> match_leaves([["p", "q"], "r"], [[0, 1], 2], 3)
        ['p', 'q', 'r']
    """
    try:
        found = match(values, outputs, exact=exact)
    except MismatchError:
        return None
    if any(is_nested(value) for _, _, value in found):
        return None
    by_index = {index: value for index, _, value in found}
    return [by_index.get(index) for index in range(count)]


def match_losses(given: Any, outputs: Any) -> list[tuple[int, Path, Any]]:
    """Returns the index and path of the output of each loss; an output may have several.

    Args:
        given: One loss for all outputs, or losses nested as the outputs are; a list instead of an output contains
            several for it.
        outputs: Nested indices, as in `OutputLayout.structure`.

    Raises:
        ArgumentError: If there is a loss for an output that does not exist.

    Example:
        >>> match_losses(["mse", ["mae", "ce"]], [0, 1])
        [(0, (0,), 'mse'), (1, (1,), 'mae'), (1, (1,), 'ce')]
    """
    try:
        found = match(given, outputs, shared=True)
        return [(index, path, loss) for index, path, part in found for loss in _several(part, path)]
    except MismatchError as mismatch:
        where = "".join(f"[{key!r}]" for key in mismatch.path)
        raise ArgumentError(
            f"`loss` has an entry {where}, but the model has no such output. Expected losses nested as the outputs are "
            f"({OutputLayout(outputs)!r}), one for all, or one for each in a list."
        ) from None


def _several(part: Any, path: Path) -> list:
    """Returns the losses given for one output; a dict cannot be for a single one."""
    if isinstance(part, dict) and part:
        raise MismatchError((*path, next(iter(part))))
    if isinstance(part, (list, tuple, dict)):
        return [loss for each in part for loss in _several(each, path)]
    return [] if part is None else [part]


def match_labels(values: Any, layout: OutputLayout, used: Sequence[int], what: str) -> list:
    """Returns one value for each output, None for outputs that have none.

    Args:
        values: Labels or sample weights: nested as the outputs are, in a list in their order, in a dict by their
            names, or only those of the outputs in `used`.
        layout: The outputs.
        used: The indices of the outputs that need values.
        what: What errors call the values.

    Raises:
        DataError: If the values cannot be assigned to the outputs.

    Example:
        >>> match_labels({"b": 2, "a": 1}, OutputLayout(["x", "y"], ["a", "b"]), [0, 1], "y")
        [1, 2]
        >>> match_labels([2], OutputLayout(["x", "y"]), [1], "y")
        [None, 2]
    """
    is_part = isinstance(values, dict) and layout.by_name(values) is None  # of outputs in a dict
    found = match_leaves(values, layout.structure, len(layout), exact=not is_part)
    if found is not None:
        return found
    flat = [value for _, value in leaves(values)]
    present = [value for value in flat if value is not None]
    if isinstance(values, dict):
        named = layout.by_name(values)
        if named is not None:
            return named
        layout.check_keys(what, values)
        if len(present) == len(layout) == 1:
            return present
    elif len(flat) == len(layout):
        return flat
    elif len(present) == len(used):
        by_index = dict(zip(sorted(used), present, strict=True))
        return [by_index.get(index) for index in range(len(layout))]
    raise DataError(
        f"`{what}` and the outputs of the model have different structures. Expected: {layout!r}. "
        f"Received: {tree.map_structure(lambda leaf: '*', values)!r}"
    )


def match_sample_weights(values: Any, layout: OutputLayout, used: Sequence[int]) -> list:
    """Returns the sample weights of each output; a single array counts for all of them.

    Args:
        values: The weights, or None.
        layout: The outputs.
        used: The indices of the outputs that have a loss or a metric.

    Raises:
        DataError: If the weights cannot be assigned to the outputs, or an array for several outputs does not hold one
            weight per example.
    """
    if values is None:
        return [None] * len(layout)
    if len(layout) == 1 or is_nested(values):
        return match_labels(values, layout, used, "sample_weight")
    shape = tuple(values.shape)
    if len(shape) > 1 and (len(shape) > 2 or shape[1] != 1):
        raise DataError(
            "One `sample_weight` for several outputs must hold one number for each example. "
            f"Received: shape {shape}. Give one array for each output, nested as the outputs are."
        )
    return [values] * len(layout)
