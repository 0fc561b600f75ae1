"""Arguments and attributes of Keras 1 and 2, which older scripts still use."""

import functools
from collections.abc import Callable
from typing import Any

from .. import config
from ..errors import ArgumentError, ArgumentTypeError, unknown_name, warn_legacy
from ..graph.operation import Node
from ..tracebacks import Filtered

# The names of arguments in Keras 1, for `renamed`.
OLD_WEIGHT_ARGUMENTS = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "init": "kernel_initializer",
}

# The names of data formats in Keras 1.
_ORDERINGS = {"tf": "channels_last", "th": "channels_first"}


def takes_dim_ordering(init: Callable) -> Callable:
    """Accepts `dim_ordering` of Keras 1, now `data_format`; a decorator for `__init__`.

    Args:
        init: The method.

    Returns:
        The method, with its docstring and signature unchanged.
    """

    @functools.wraps(init)
    def translate(self: Any, *args: Any, **kwargs: Any) -> None:
        if "dim_ordering" in kwargs:
            where, ordering = type(self).__name__, kwargs.pop("dim_ordering")
            if "data_format" in kwargs:
                raise ArgumentTypeError(
                    f"{where}: `dim_ordering` is the older name of `data_format`; give only one of them."
                )
            if ordering not in (*_ORDERINGS, "default"):
                raise unknown_name(f"dim_ordering of {where}", ordering, (*_ORDERINGS, "default"))
            kwargs["data_format"] = _ORDERINGS.get(ordering) or config.image_data_format()
            warn_legacy(f"{where}(dim_ordering={ordering!r})", f"{where}(data_format={kwargs['data_format']!r})")
        init(self, *args, **kwargs)

    return translate


def take_input_declaration(where: str, kwargs: dict) -> tuple[tuple | None, Any]:
    """Removes the arguments by which Keras 1 and 2 declared the input of a first layer.

    Args:
        where: The class of the layer, for messages.
        kwargs: The arguments, modified in place.

    Returns:
        The shape of the input, batch axis included, and its dtype; None for what was not declared.

    Raises:
        ArgumentError: If a batch size or a dtype is given without the shape.
    """
    old = {name: kwargs.pop(name) for name in _DECLARATIONS if kwargs.get(name) is not None}
    for name in _DECLARATIONS:
        kwargs.pop(name, None)
    if not old:
        return None, None
    given = ", ".join(f"{name}={value!r}" for name, value in old.items())
    if "batch_input_shape" in old:
        shape = _as_tuple(old["batch_input_shape"])
    elif "input_shape" in old:
        shape = (old.get("batch_size"), *_as_tuple(old["input_shape"]))
    elif "input_dim" in old:
        length = (old["input_length"],) if "input_length" in old else ()
        shape = (old.get("batch_size"), *length, old["input_dim"])
    elif "input_length" in old:
        shape = (old.get("batch_size"), *_as_tuple(old["input_length"]))
    else:
        raise ArgumentError(
            f"{where}: {given} needs `input_shape` beside it. Today `Input(...)` stands before the layer instead."
        )
    dtype = f", dtype={old['input_dtype']!r}" if "input_dtype" in old else ""
    new = f"Input({shape[1:]!r}{dtype})" if shape[0] is None else f"Input(batch_shape={shape!r}{dtype})"
    warn_legacy(f"{where}({given})", f"`{new}` as the first layer")
    return shape, old.get("input_dtype")


_DECLARATIONS = ("input_shape", "input_dim", "input_length", "batch_input_shape", "batch_size", "input_dtype")


def _as_tuple(value: Any) -> tuple:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


class LegacyLayer(Filtered):
    """The attributes and methods of layers that Keras 3 removed."""

    _inbound_nodes: list[Node]

    @property
    def output_shape(self) -> Any:
        """The shape of the output of the first symbolic call; a list of shapes if there are several.

        Raises:
            AttributeError: If there was no such call.
        """
        output = self.output
        warn_legacy("`layer.output_shape`", "`layer.output.shape`")
        return _shapes(output)

    @property
    def input_shape(self) -> Any:
        """The shape of the input of the first symbolic call; a list of shapes if there are several.

        Raises:
            AttributeError: If there was no such call.
        """
        inputs = self.input
        warn_legacy("`layer.input_shape`", "`layer.input.shape`")
        return _shapes(inputs)

    def get_output_at(self, node_index: int) -> Any:
        """Returns the symbolic output of a call."""
        warn_legacy("`layer.get_output_at(index)`", "what the call returned")
        return _one_or_all(self._inbound_nodes[node_index].outputs)

    def get_input_at(self, node_index: int) -> Any:
        """Returns the symbolic input of a call."""
        warn_legacy("`layer.get_input_at(index)`", "what the layer was called on")
        return _one_or_all(self._inbound_nodes[node_index].input_tensors)

    def get_output_shape_at(self, node_index: int) -> Any:
        """Returns the shape of the symbolic output of a call."""
        return _shapes(self.get_output_at(node_index))

    def get_input_shape_at(self, node_index: int) -> Any:
        """Returns the shape of the symbolic input of a call."""
        return _shapes(self.get_input_at(node_index))


def _one_or_all(tensors: list) -> Any:
    return tensors[0] if len(tensors) == 1 else list(tensors)


def _shapes(tensors: Any) -> Any:
    return [tuple(each.shape) for each in tensors] if isinstance(tensors, (list, tuple)) else tuple(tensors.shape)
