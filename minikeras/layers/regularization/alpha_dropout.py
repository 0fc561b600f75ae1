"""The `AlphaDropout` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops, random
from ...activations.legacy import renamed
from ...errors import ArgumentError
from ...typing import LayerArguments, Tensor, TensorLike
from .noise import Noise, check_noise_shape, fitted_noise_shape

_LOWEST = -1.6732632423543772 * 1.0507009873554805  # the limit of SELU at minus infinity


class AlphaDropout(Noise):
    """Dropout for SELU, which preserves mean and variance: sets inputs to the negative saturation value of SELU.

    `y = a * (x where kept, else l) + b` with l = -1.758, `a = ((1 - rate) (1 + rate l^2))^(-1/2)`, `b = -a l rate`

    Args:
        rate: The fraction of inputs to drop, in [0, 1].
        noise_shape: The shape of the random mask, which broadcasts to the input; None in it is the size of that axis.
        seed: An integer, for reproducible masks.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/regularization_layers/alpha_dropout/,
        Klambauer et al. 2017, https://arxiv.org/abs/1706.02515

    Example:
        >>> AlphaDropout(0.5, seed=0)([[1.0, 2.0]])  # not training: unchanged
        array([[1., 2.]], dtype=float32)
    """

    @renamed(p="rate")
    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__("rate", rate, seed, **kwargs)
        if rate == 1:
            raise ArgumentError("AlphaDropout: `rate` must be less than 1: nothing is left if all is dropped.")
        self.noise_shape = check_noise_shape("AlphaDropout", noise_shape)

    def changed(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs with dropout applied."""
        shape = ops.shape(inputs)
        shape = fitted_noise_shape(self._where(), self.noise_shape, shape) or shape
        kept = random.uniform(shape, seed=self._seeds()) >= self.rate
        scale = ((1 - self.rate) * (1 + self.rate * _LOWEST**2)) ** -0.5
        lowest = ops.cast(_LOWEST, self.compute_dtype)
        return scale * ops.where(kept, inputs, lowest) - scale * _LOWEST * self.rate

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "noise_shape": self.noise_shape}
