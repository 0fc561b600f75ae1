"""The bases of pooling layers: with windows of a fixed size, adaptive, and over all positions."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Unpack

from ...argument_checks import as_bool, check_sizes, check_string
from ...config import resolved_data_format
from ...engine.memory_budget import charge_list
from ...engine.renamed_arguments import renamed
from ...errors import ShapeError, brief, unknown_name, warn_legacy
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from ..input_spec import InputSpec
from ..legacy import takes_dim_ordering


class Pooling(Layer):
    """The base of all layers that reduce spatial axes.

    A subclass defines `rank`, how many spatial axes there are, and `call`.

    Args:
        data_format: "channels_last", shape (batch, *spatial, channels), or "channels_first", (batch, channels,
            *spatial); by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the data format is unknown.

    Source: https://keras.io/api/layers/pooling_layers/
    """

    rank = 2

    def __init__(self, data_format: str | None, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.data_format = resolved_data_format(type(self).__name__, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the shape of the output, with free spatial sizes where those of the input are free.

        Raises:
            ShapeError: If the input has other axes, or a window does not fit into it.
        """
        if len(input_shape) != self.rank + 2:
            raise ShapeError(
                f"{self._where()} expects inputs with {self.rank + 2} axes: batch, {self.rank} spatial, channels. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        return tuple(self.call(KerasTensor(input_shape)).shape)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the pooled inputs."""
        raise NotImplementedError(f"{self._where()} has no method `call`.")


def takes_old_arguments(init: Callable) -> Callable:
    """Accepts the names of Keras 1 for the arguments of `WindowPooling`; a decorator for `__init__`.

    Args:
        init: The method.

    Returns:
        The method, with its docstring and signature unchanged.
    """
    return takes_dim_ordering(renamed(border_mode="padding", pool_length="pool_size", stride="strides")(init))


def _may_lack_pool_size(init: Callable) -> Callable:
    """Accepts calls without `pool_size`, which is 2 in Keras 1 and 2; a decorator for `__init__`."""

    @functools.wraps(init)
    def with_default(self: Any, *args: Any, **kwargs: Any) -> None:
        if not args and "pool_size" not in kwargs:
            warn_legacy(f"`{type(self).__name__}` without `pool_size`", f"`{type(self).__name__}(2)`")
            kwargs["pool_size"] = 2
        init(self, *args, **kwargs)

    return with_default


class WindowPooling(Pooling):
    """The base of pooling with windows of a fixed size; a subclass defines `pool`, the op.

    Args:
        pool_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; `pool_size` if None.
        padding: "valid": no padding; "same": windows may exceed the inputs, such that the spatial sizes become
            ceil(size / strides).
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        name: The name of the layer.
        **kwargs: Arguments of every layer, such as `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/
    """

    pool: ClassVar[Callable]

    @takes_old_arguments
    @_may_lack_pool_size
    def __init__(
        self,
        pool_size: int | Sequence[int],
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(data_format, name=name, **kwargs)
        where = type(self).__name__
        self.pool_size = check_sizes(where, "pool_size", pool_size, self.rank)
        self.strides = self.pool_size if strides is None else check_sizes(where, "strides", strides, self.rank)
        self.padding = check_string(where, "padding", padding).lower()
        if self.padding not in ("valid", "same"):
            raise unknown_name(f"padding of {where}", padding, ("valid", "same"))
        self.built = type(self).build is Layer.build

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the pooled inputs."""
        return type(self).pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "padding": self.padding,
            "strides": self.strides,
            "data_format": self.data_format,
        }


class AdaptivePooling(Pooling):
    """The base of pooling into a given number of windows; a subclass defines `pool`, the op.

    Args:
        output_size: The number of windows; an integer, or one for each spatial axis.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/
    """

    pool: ClassVar[Callable]

    def __init__(
        self, output_size: int | Sequence[int], data_format: str | None = None, **kwargs: Unpack[LayerArguments]
    ):
        super().__init__(data_format, **kwargs)
        self.output_size = check_sizes(type(self).__name__, "output_size", output_size, self.rank)
        charge_list(sum(self.output_size), f"{type(self).__name__}(output_size={brief(output_size)})")

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the pooled inputs."""
        return type(self).pool(inputs, self.output_size, self.data_format)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "output_size": self.output_size, "data_format": self.data_format}


class GlobalPooling(Pooling):
    """The base of pooling over all positions; a subclass defines `reduce`, the op.

    Args:
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        keepdims: Whether to keep the spatial axes, with size 1.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/
    """

    reduce: ClassVar[Callable]

    @takes_dim_ordering
    def __init__(self, data_format: str | None = None, keepdims: bool = False, **kwargs: Unpack[LayerArguments]):
        super().__init__(data_format, **kwargs)
        self.keepdims = as_bool(type(self).__name__, "keepdims", keepdims)
        self.built = type(self).build is Layer.build

    @property
    def _axes(self) -> tuple[int, ...]:
        first = 1 if self.data_format == "channels_last" else 2
        return tuple(range(first, first + self.rank))

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the pooled inputs."""
        return type(self).reduce(inputs, axis=self._axes, keepdims=self.keepdims)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "data_format": self.data_format, "keepdims": self.keepdims}
