"""The `PReLU` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...activations.legacy import renamed
from ...errors import ArgumentError
from ...typing import ConstraintLike, InitializerLike, LayerArguments, RegularizerLike, Shape, Tensor, TensorLike
from ..input_spec import InputSpec
from ..same_shape import SameShape


class PReLU(SameShape):
    """Parametric rectified linear unit, with a learned slope for negative inputs.

    `x` for `x > 0`, else `alpha * x`

    Args:
        alpha_initializer: Initializer of the slopes, which have the shape of one example.
        alpha_regularizer: Regularizer of the slopes; its penalty is added to the loss.
        alpha_constraint: Constraint applied to the slopes after each update.
        shared_axes: The axes along which slopes are shared, counted from 1; an axis or a list of them.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the size of an axis that is not shared is unknown.

    Source: https://keras.io/api/layers/activation_layers/prelu/, He et al. 2015, https://arxiv.org/abs/1502.01852

    Example:
        >>> PReLU("ones")([[-1.0, 0.0, 3.0]])
        array([[-1.,  0.,  3.]], dtype=float32)
    """

    @renamed(init="alpha_initializer")
    def __init__(
        self,
        alpha_initializer: InitializerLike = "Zeros",
        alpha_regularizer: RegularizerLike = None,
        alpha_constraint: ConstraintLike = None,
        shared_axes: int | Sequence[int] | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        self._declare_weight("alpha", alpha_initializer, alpha_regularizer, alpha_constraint)
        several = isinstance(shared_axes, (list, tuple))
        self.shared_axes = None if shared_axes is None else list(shared_axes) if several else [shared_axes]

    def build(self, input_shape: Shape) -> None:
        """Creates the slopes, with size 1 along shared axes."""
        sizes = list(input_shape[1:])
        for axis in self.shared_axes or ():
            if not 1 <= axis <= len(sizes):
                raise ArgumentError(
                    f"{self._where()}: `shared_axes` must be axes of the input, counted from 1. Received: "
                    f"shared_axes={self.shared_axes} and an input of shape {tuple(input_shape)}"
                )
            sizes[axis - 1] = 1
        if None in sizes:
            raise ArgumentError(
                f"{self._where()}: sizes that are not shared must be known. Received: an input of shape "
                f"{tuple(input_shape)} and shared_axes={self.shared_axes}"
            )
        self.alpha = self._add_declared_weight("alpha", tuple(sizes))
        shared = self.shared_axes or ()
        axes = {axis: size for axis, size in enumerate(input_shape[1:], 1) if axis not in shared}
        self.input_spec = InputSpec(ndim=len(input_shape), axes=axes)

    def call(self, inputs: TensorLike) -> Tensor:
        """Applies the activation element-wise."""
        return ops.relu(inputs) - self.alpha * ops.relu(-inputs)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            **self._weight_config("alpha"),
            "shared_axes": self.shared_axes,
        }
