"""The `BatchNormalization` layer."""

from collections.abc import Mapping
from typing import Any, Unpack

from ... import config as settings
from ... import initializers, ops
from ...activations.legacy import renamed
from ...argument_checks import as_bool, as_float, as_int
from ...engine.dtypes import dtype_of
from ...engine.replicas import sharing
from ...errors import NotSupportedError, ShapeError, brief, warn_legacy
from ...ops.common.allreduce import mean_of_processes as in_all_processes
from ...ops.common.allreduce import sum_of_processes
from ...typing import ConstraintLike, InitializerLike, LayerArguments, RegularizerLike, Shape, Tensor, TensorLike
from ..input_spec import InputSpec
from .affine import checked_axes, in_full, known_sizes
from .renormalization import Renormalization


class BatchNormalization(Renormalization):
    """Normalizes each feature over the batch to mean 0 and variance 1, then scales and shifts it.

    `y = (x - mean) / (variance + epsilon)^(1/2) * gamma + beta`

    In training, mean and variance are those of the batch, over all axes but one. In inference, and if `trainable` is
    False, they are moving averages: `moving = momentum * moving + (1 - momentum) * batch`.

    With `renorm`, training normalizes nearly as inference: what is normalized by the batch becomes `r * x + d` before
    it is scaled, where r and d are what it lacks to being normalized by moving averages.

    Args:
        axis: The axis of the features.
        momentum: Momentum of the moving averages.
        epsilon: Small constant added to the variance to avoid division by zero.
        center: Whether to add the offset `beta`.
        scale: Whether to multiply by the scale `gamma`.
        beta_initializer: Initializer of `beta`, shape (features,).
        gamma_initializer: Initializer of `gamma`, shape (features,).
        moving_mean_initializer: Initializer of the moving mean.
        moving_variance_initializer: Initializer of the moving variance.
        beta_regularizer: Regularizer of `beta`; its penalty is added to the loss.
        gamma_regularizer: Regularizer of `gamma`.
        beta_constraint: Constraint applied to `beta` after each update.
        gamma_constraint: Constraint applied to `gamma` after each update.
        renorm: Whether to use batch renormalization. Inference is not affected.
        renorm_clipping: Bounds of the corrections: a dict with "rmin" and "rmax" of r, and "dmax" of the absolute value
            of d; what is missing is not bounded.
        renorm_momentum: Momentum of the moving averages `renorm_mean` and `renorm_stddev`, which training uses.
        synchronized: Whether moments are those of the whole batch where several processes share it; each normalizes
            its part by the moments of that otherwise, and the moving averages become their means after each epoch.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid, the input has no such axis, or its size is unknown.

    Source: https://keras.io/api/layers/normalization_layers/batch_normalization/,
        Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167, Ioffe 2017, https://arxiv.org/abs/1702.03275

    Example:
        >>> layer = BatchNormalization(momentum=0.5, epsilon=0.0)
        >>> layer([[1.0], [3.0]], training=True)
        array([[-1.],
               [ 1.]], dtype=float32)
        >>> layer.moving_mean.numpy()
        array([1.], dtype=float32)
    """

    @renamed(beta_init="beta_initializer", gamma_init="gamma_initializer")
    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: InitializerLike = "zeros",
        gamma_initializer: InitializerLike = "ones",
        moving_mean_initializer: InitializerLike = "zeros",
        moving_variance_initializer: InitializerLike = "ones",
        beta_regularizer: RegularizerLike = None,
        gamma_regularizer: RegularizerLike = None,
        beta_constraint: ConstraintLike = None,
        gamma_constraint: ConstraintLike = None,
        renorm: bool = False,
        renorm_clipping: Mapping[str, float] | None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Unpack[LayerArguments],
    ):
        _take_old_arguments(kwargs)
        super().__init__(center, scale, renorm, renorm_clipping, renorm_momentum, **kwargs)
        self._declare_weight("beta", beta_initializer, beta_regularizer, beta_constraint)
        self._declare_weight("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        self.axis = as_int("BatchNormalization", "axis", axis)
        self.momentum = as_float("BatchNormalization", "momentum", momentum)
        self.epsilon = as_float("BatchNormalization", "epsilon", epsilon)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.synchronized = as_bool("BatchNormalization", "synchronized", synchronized)
        self.moving_mean = self.moving_variance = None

    def build(self, input_shape: Shape) -> None:
        """Creates `gamma`, `beta` and the moving averages, shape (features,)."""
        axes = checked_axes(self._where(), self.axis, input_shape)
        shape = known_sizes(self._where(), axes, input_shape)
        self.add_affine(shape)
        self._add_statistics(shape, self.moving_mean_initializer, self.moving_variance_initializer)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: shape[0]})

    def call(self, inputs: TensorLike, training: bool | None = None, mask: TensorLike | None = None) -> Tensor:
        """Returns the normalized inputs; mean and variance ignore masked positions."""
        if mask is not None and len(mask.shape) != len(inputs.shape) - 1:
            raise ShapeError(
                f"{self._where()}: the mask must have one axis less than the inputs. Received: a mask of shape "
                f"{tuple(mask.shape)} and inputs of shape {tuple(inputs.shape)}"
            )
        x = in_full(inputs)
        feature = self.axis % len(inputs.shape)
        shape = tuple(size if axis == feature else 1 for axis, size in enumerate(inputs.shape))
        correction = over = None
        if training and self.trainable:
            others = [axis for axis in range(len(shape)) if axis != feature]
            is_shared = self.synchronized and sharing("train") is not None
            mean, variance = self._moments(x, mask, others, is_shared)
            if self.renorm:
                correction = self._corrections(mean, variance)
            elif mask is None and not is_shared:
                over = others
            self._update_statistics(mean, variance)
        else:
            mean = ops.reshape(ops.cast(self.moving_mean, dtype_of(x)), shape)
            variance = ops.reshape(ops.cast(self.moving_variance, dtype_of(x)), shape)
        return ops.cast(self.transformed(x, mean, variance, shape, correction, over), self.compute_dtype)

    def _moments(self, x: object, mask: object, axes: list[int], is_shared: bool) -> tuple:
        if mask is None and not is_shared:
            return ops.moments(x, axes, keepdims=True)
        if mask is None:
            mean = in_all_processes(ops.mean(x, axes, keepdims=True))
            return mean, in_all_processes(ops.mean(ops.square(x - mean), axes, keepdims=True))
        summed = sum_of_processes if is_shared else lambda value: value
        counts = ops.cast(ops.broadcast_to(ops.expand_dims(mask, -1), ops.shape(x)), "bool")
        # As in Keras, with an epsilon: if all positions are masked, mean and variance are 0.
        total = summed(ops.sum(ops.cast(counts, dtype_of(x)), axes, keepdims=True)) + settings.epsilon()
        mean = summed(ops.sum(ops.where(counts, x, 0), axes, keepdims=True)) / total
        return mean, summed(ops.sum(ops.square(ops.where(counts, x - mean, 0)), axes, keepdims=True)) / total

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            **self._weight_config("beta", "gamma", "moving_mean", "moving_variance"),
            "synchronized": self.synchronized,
            "renorm": self.renorm,
            "renorm_clipping": self.renorm_clipping,
            "renorm_momentum": self.renorm_momentum,
        }


def _take_old_arguments(kwargs: dict) -> None:
    """Removes the arguments that only older Keras has; those that request different behavior are refused."""
    expected = {"mode": (0, None), "fused": (True, False, None), "virtual_batch_size": (None,), "adjustment": (None,)}
    for name, accepted in expected.items():
        if name not in kwargs:
            continue
        value = kwargs.pop(name)
        if value not in accepted:
            raise NotSupportedError(
                f"BatchNormalization: only {name}={accepted[0]!r} of older Keras is in minikeras. "
                f"Received: {name}={brief(value)}"
            )
        warn_legacy(f"`BatchNormalization({name}={value!r})`", "nothing: it has no effect")
