"""The `LayerNormalization` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_axes
from ...errors import ArgumentTypeError, warn_legacy
from ...ops.normalization import layer_normalized
from ...typing import ConstraintLike, InitializerLike, LayerArguments, RegularizerLike, Shape, Tensor, TensorLike
from .affine import Affine, checked_axes, in_full, known_sizes


class LayerNormalization(Affine):
    """Normalizes each example along axes to mean 0 and variance 1, then scales and shifts it.

    `y = (x - mean(x)) / (var(x) + epsilon)^(1/2) * gamma + beta`

    Args:
        axis: The axis or axes to normalize over.
        epsilon: Small constant added to the variance to avoid division by zero.
        center: Whether to add the offset `beta`.
        scale: Whether to multiply by the scale `gamma`.
        beta_initializer: Initializer of `beta`, which has the sizes of the axes.
        gamma_initializer: Initializer of `gamma`, which has the sizes of the axes.
        beta_regularizer: Regularizer of `beta`; its penalty is added to the loss.
        gamma_regularizer: Regularizer of `gamma`.
        beta_constraint: Constraint applied to `beta` after each update.
        gamma_constraint: Constraint applied to `gamma` after each update.
        **kwargs: Arguments of every layer, such as `name` and `dtype`; the deprecated `rms_scaling`: whether not to
            subtract the mean.

    Raises:
        ArgumentError: If the input has no such axis, or its size is unknown.

    Source: https://keras.io/api/layers/normalization_layers/layer_normalization/,
        Ba et al. 2016, https://arxiv.org/abs/1607.06450

    Example:
        >>> LayerNormalization(epsilon=0.0)([[1.0, 3.0]])
        array([[-1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
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
        rms_scaling = kwargs.pop("rms_scaling", False)
        if rms_scaling:
            warn_legacy("LayerNormalization(rms_scaling=True)", "RMSNormalization")
        super().__init__(center, scale, **kwargs)
        self._declare_weight("beta", beta_initializer, beta_regularizer, beta_constraint)
        self._declare_weight("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        self.axis = check_axes("LayerNormalization", "axis", axis, error=ArgumentTypeError)
        self.epsilon, self.rms_scaling = epsilon, rms_scaling
        self.autocast = False

    def build(self, input_shape: Shape) -> None:
        """Creates `gamma` and `beta`, which have the sizes of the axes."""
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        axes = checked_axes(self._where(), self.axis, input_shape)
        if self.rms_scaling:
            self.scale, self.center = True, False
        self.add_affine(known_sizes(self._where(), axes, input_shape))

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the normalized inputs."""
        axes = checked_axes(self._where(), self.axis, inputs.shape)
        outputs = layer_normalized(in_full(inputs), self.gamma, self.beta, axes, self.epsilon, self.rms_scaling)
        return ops.cast(outputs, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "rms_scaling": self.rms_scaling,
            **self._weight_config("beta", "gamma"),
        }
