"""The variables of a model as nested dicts, keyed by the components of their paths."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..engine.variable import Variable, check_assignable
from ..errors import ArgumentError, brief, unknown_name

GROUPS = ("trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables")
FORMATS = ("backend_tensor", "numpy_array")


def variables_of(model: Any) -> dict[str, list[Variable]]:
    """Returns the variables of a model, its optimizer and its metrics, by group."""
    optimizer = model.optimizer
    return {
        "trainable_variables": model.trainable_variables,
        "non_trainable_variables": model.non_trainable_variables,
        "optimizer_variables": [] if optimizer is None else list(optimizer.variables),
        "metrics_variables": model.metrics_variables,
    }


def state_tree(model: Any, value_format: str) -> dict[str, dict]:
    """Returns copies of the values of all variables.

    Args:
        model: The model.
        value_format: "backend_tensor" or "numpy_array", which are both arrays here.

    Raises:
        UnknownNameError: If it is invalid.
        ArgumentError: If two variables have the same path.
    """
    if value_format not in FORMATS:
        raise unknown_name("value_format of `get_state_tree`", value_format, FORMATS)
    return {group: _nested(variables) for group, variables in variables_of(model).items()}


def _nested(variables: list[Variable]) -> dict:
    tree: dict = {}
    for variable in variables:
        *parts, last = variable.path.split("/")
        node = tree
        for part in parts:
            node = node.setdefault(part, {})
        if last in node:
            raise ArgumentError(
                f"`get_state_tree`: there are two variables with the path '{variable.path}', which a tree cannot tell "
                "apart. Give the layers different names."
            )
        node[last] = variable.numpy()
    return tree


def assign_state_tree(model: Any, tree: dict) -> None:
    """Assigns the values of a tree to the variables; all are checked before any is assigned.

    Args:
        model: The model.
        tree: What `get_state_tree` returned, or a part of it.

    Raises:
        ArgumentError: If there is no such group or variable.
        ShapeError: If the shape of a value differs from that of its variable.
    """
    known, pairs = variables_of(model), []
    for group, nested in tree.items():
        if group not in known:
            raise unknown_name("group of variables in `set_state_tree`", group, GROUPS)
        by_path = {variable.path: variable for variable in known[group]}
        for path, value in _leaves(group, nested):
            if path not in by_path:
                raise unknown_name(f"variable among the {group} of `set_state_tree`", path, sorted(by_path))
            variable = by_path[path]
            pairs.append((variable, check_assignable(variable, np.asarray(value), "set_state_tree")))
    for variable, value in pairs:
        variable.assign(value)


def _leaves(group: str, nested: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(nested, dict):
        raise ArgumentError(f"`set_state_tree`: expected nested dicts for '{group}'. Received: {brief(nested)}")
    stack = [("", nested)]
    while stack:
        prefix, node = stack.pop()
        for key, value in node.items():
            if isinstance(value, dict):
                stack.append((f"{prefix}{key}/", value))
            else:
                yield f"{prefix}{key}", value
