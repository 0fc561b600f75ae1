"""The `GaussianDropout` layer."""

import math
from typing import Unpack

from ... import ops, random
from ...activations.legacy import renamed
from ...errors import ArgumentError
from ...typing import LayerArguments, Tensor, TensorLike
from .noise import Noise


class GaussianDropout(Noise):
    """Multiplies the input by Gaussian noise in training; the noise has the variance of dropout.

    `y = x * n`, n of mean 1 and variance `rate / (1 - rate)`

    Args:
        rate: The rate of the dropout with the same variance, in [0, 1).
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid; for a rate of 1 the variance is infinite.

    Source: https://keras.io/api/layers/regularization_layers/gaussian_dropout/,
        Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html

    Example:
        >>> GaussianDropout(0.5, seed=0)([[1.0, 2.0]])  # not training: unchanged
        array([[1., 2.]], dtype=float32)
    """

    @renamed(p="rate")
    def __init__(self, rate: float, seed: int | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__("rate", rate, seed, **kwargs)
        if rate == 1:
            raise ArgumentError("GaussianDropout: `rate` must be less than 1, for the variance rate / (1 - rate).")

    def changed(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs times the noise."""
        stddev = math.sqrt(self.rate / (1 - self.rate))
        dtype = self.compute_dtype
        return inputs * random.normal(ops.shape(inputs), 1.0, stddev, dtype=dtype, seed=self._seeds())
