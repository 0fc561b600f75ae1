"""The `GroupNormalization` layer."""

from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_int, is_int
from ...errors import ArgumentError
from ...typing import ConstraintLike, InitializerLike, LayerArguments, RegularizerLike, Shape, Tensor, TensorLike
from ..input_spec import InputSpec
from .affine import Affine, checked_axes, in_full, known_sizes


class GroupNormalization(Affine):
    """Normalizes groups of channels of each example to mean 0 and variance 1, then scales and shifts the channels.

    `y = (x - mean) / (variance + epsilon)^(1/2) * gamma + beta`

    Args:
        groups: The number of groups, a divisor of the number of channels; -1: one group per channel.
        axis: The axis of the channels.
        epsilon: Small constant added to the variance to avoid division by zero.
        center: Whether to add the offset `beta`.
        scale: Whether to multiply by the scale `gamma`.
        beta_initializer: Initializer of `beta`, shape (channels,).
        gamma_initializer: Initializer of `gamma`, shape (channels,).
        beta_regularizer: Regularizer of `beta`; its penalty is added to the loss.
        gamma_regularizer: Regularizer of `gamma`.
        beta_constraint: Constraint applied to `beta` after each update.
        gamma_constraint: Constraint applied to `gamma` after each update.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the number of channels is not a multiple of the number of groups.

    Source: https://keras.io/api/layers/normalization_layers/group_normalization/,
        Wu and He 2018, https://arxiv.org/abs/1803.08494

    Example:
        >>> GroupNormalization(2, epsilon=0.0)([[1.0, 3.0, 10.0, 30.0]])
        array([[-1.,  1., -1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: InitializerLike = "zeros",
        gamma_initializer: InitializerLike = "ones",
        beta_regularizer: RegularizerLike = None,
        gamma_regularizer: RegularizerLike = None,
        beta_constraint: ConstraintLike = None,
        gamma_constraint: ConstraintLike = None,
        **kwargs: Unpack[LayerArguments],
    ):
        if not is_int(groups) or groups != -1:
            groups = check_int("GroupNormalization", "groups", groups, minimum=1, alternative="-1: a group per channel")
        super().__init__(center, scale, **kwargs)
        self._declare_weight("beta", beta_initializer, beta_regularizer, beta_constraint)
        self._declare_weight("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        self.groups, self.axis, self.epsilon = groups, axis, epsilon
        self.autocast = False

    def build(self, input_shape: Shape) -> None:
        """Creates `gamma` and `beta`, shape (channels,)."""
        axes = checked_axes(self._where(), self.axis, input_shape)
        (channels,) = known_sizes(self._where(), axes, input_shape)
        if self.groups == -1:
            self.groups = channels
        if channels % self.groups:
            raise ArgumentError(
                f"{self._where()}: the number of channels must be a multiple of the number of groups. Received: "
                f"{channels} channels and groups={self.groups}"
            )
        self.add_affine((channels,))
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels})

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the normalized inputs."""
        sizes = tuple(inputs.shape)
        axis = self.axis % len(sizes)
        within = sizes[axis] // self.groups
        grouped = (*sizes[:axis], self.groups, within, *sizes[axis + 1 :])
        x = ops.reshape(in_full(inputs), tuple(-1 if size is None else size for size in grouped))
        mean, variance = ops.moments(x, [each for each in range(1, len(grouped)) if each != axis], keepdims=True)
        shape = tuple({axis: self.groups, axis + 1: within}.get(each, 1) for each in range(len(grouped)))
        outputs = self.transformed(x, mean, variance, shape)
        return ops.cast(ops.reshape(outputs, ops.shape(inputs)), self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "groups": self.groups,
            "axis": self.axis,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            **self._weight_config("beta", "gamma"),
        }
