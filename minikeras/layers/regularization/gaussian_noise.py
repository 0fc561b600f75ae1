"""Random numbers that are added."""

from typing import Unpack

from ... import ops, random
from ...activations.legacy import renamed
from ...typing import LayerArguments, Tensor, TensorLike
from .noise import Noise


class GaussianNoise(Noise):
    """Adds normally distributed numbers while training.

    `y = x + stddev * n`, n of mean 0 and variance 1

    Args:
        stddev: Their standard deviation, from 0 to 1.
        seed: A whole number for repeatable draws.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/regularization_layers/gaussian_noise/

    Example:
        >>> GaussianNoise(0.5, seed=0)([[1.0, 2.0]])  # not training: unchanged
        array([[1., 2.]], dtype=float32)
    """

    @renamed(sigma="stddev")
    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__("stddev", stddev, seed, **kwargs)

    def changed(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs and the noise."""
        shape, dtype = ops.shape(inputs), self.compute_dtype
        return inputs + random.normal(shape, stddev=self.stddev, dtype=dtype, seed=self._seeds())
