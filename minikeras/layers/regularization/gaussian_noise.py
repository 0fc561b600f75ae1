"""The `GaussianNoise` layer."""

from typing import Unpack

from ... import ops, random
from ...activations.legacy import renamed
from ...typing import LayerArguments, Tensor, TensorLike
from .noise import Noise


class GaussianNoise(Noise):
    """Adds Gaussian noise in training.

    `y = x + stddev * n`, n of mean 0 and variance 1

    Args:
        stddev: The standard deviation of the noise, in [0, 1].
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/regularization_layers/gaussian_noise/

    Example:
        >>> GaussianNoise(0.5, seed=0)([[1.0, 2.0]])  # not training: unchanged
        array([[1., 2.]], dtype=float32)
    """

    @renamed(sigma="stddev")
    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__("stddev", stddev, seed, **kwargs)

    def changed(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs plus the noise."""
        shape, dtype = ops.shape(inputs), self.compute_dtype
        return inputs + random.normal(shape, stddev=self.stddev, dtype=dtype, seed=self._seeds())
