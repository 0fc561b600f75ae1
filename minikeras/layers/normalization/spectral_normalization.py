"""The `SpectralNormalization` layer."""

from typing import Any, Unpack

from ... import initializers, ops
from ...argument_checks import check_int
from ...engine.dtypes import dtype_of, is_float
from ...errors import ArgumentError
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from ..core.wrapper import Wrapper
from ..input_spec import InputSpec


class SpectralNormalization(Wrapper):
    """Divides the kernel of another layer by its spectral norm, in each call in training.

    `v = normalize(u @ W^T); u = normalize(v @ W); W = W / (v @ W @ u^T)`

    The norm is estimated by power iteration: `u` is kept from call to call.

    Args:
        layer: A layer with a `kernel`, such as `Dense` and `Conv2D`, or with `embeddings`.
        power_iterations: How many times `v` and `u` are computed in each call.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid; when the layer is built, if there is nothing to normalize.

    Source: https://keras.io/api/layers/normalization_layers/spectral_normalization/,
        Miyato et al. 2018, https://arxiv.org/abs/1802.05957

    Example:
        >>> from minikeras.layers import Dense
        >>> layer = SpectralNormalization(Dense(1, kernel_initializer="ones"))
        >>> layer([[1.0, 1.0, 1.0, 1.0]], training=True)  # the norm of four ones is 2
        array([[2.]], dtype=float32)
    """

    def __init__(self, layer: Layer, power_iterations: int = 1, **kwargs: Unpack[LayerArguments]):
        super().__init__(layer, **kwargs)
        self.power_iterations = check_int(type(self).__name__, "power_iterations", power_iterations, minimum=1)

    def build(self, input_shape: Shape) -> None:
        """Builds the wrapped layer, and creates `u`, shape (1, the last size of the kernel)."""
        super().build(input_shape)
        self.input_spec = InputSpec(min_ndim=1, axes={-1: input_shape[-1]})
        kernel = getattr(self.layer, "kernel", getattr(self.layer, "embeddings", None))
        if kernel is None:
            raise ArgumentError(
                f"{self._where()}: {self.layer._where()} has neither a `kernel` nor `embeddings` to normalize."
            )
        self.kernel = kernel
        initializer = initializers.TruncatedNormal(stddev=0.02)
        self.vector_u = self.add_weight(
            (1, kernel.shape[-1]), initializer, kernel.dtype, trainable=False, name="vector_u"
        )

    def call(self, inputs: TensorLike, training: bool = False) -> Tensor:
        """Returns the output of the wrapped layer, after normalizing its kernel if in training."""
        if training:
            u, kernel = self.vector_u.value, self.kernel.value
            normalized = ops.cond(ops.all(ops.equal(kernel, 0)), lambda: (u, kernel), self.normalized_weights)
            self.vector_u.assign(normalized[0])
            self.kernel.assign(normalized[1])
        outputs = self.layer(inputs)
        # Keras casts the vectors of integer ids to integers, too, and so makes them zeros.
        return ops.cast(outputs, dtype_of(inputs)) if is_float(dtype_of(inputs)) else outputs

    def normalized_weights(self) -> tuple[Tensor, Tensor]:
        """Returns the next `u`, and the kernel divided by its spectral norm."""
        kernel, u = ops.reshape(self.kernel, (-1, self.kernel.shape[-1])), self.vector_u.value
        for _ in range(self.power_iterations):
            v = ops.normalize(ops.matmul(u, ops.transpose(kernel)), axis=None)
            u = ops.normalize(ops.matmul(v, kernel), axis=None)
        u, v = ops.stop_gradient(u), ops.stop_gradient(v)
        norm = ops.matmul(ops.matmul(v, kernel), ops.transpose(u))
        kernel = ops.reshape(ops.divide(self.kernel, norm), self.kernel.shape)
        return ops.cast(u, self.vector_u.dtype), ops.cast(kernel, self.kernel.dtype)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the output shape of the wrapped layer."""
        return self.layer.compute_output_shape(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "power_iterations": self.power_iterations}
