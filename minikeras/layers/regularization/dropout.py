"""Dropout: forgets some inputs at random while training."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import random
from ...activations.legacy import renamed
from ...argument_checks import check_number
from ...errors import ArgumentError, brief
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from .noise import seeds_of


class Dropout(Layer):
    """Sets inputs to 0 at random while training, and scales the others up by `1 / (1 - rate)`.

    Args:
        rate: The share of inputs to drop, from 0 to 1.
        noise_shape: The shape of the random mask, which broadcasts to the inputs; None for their size.
        seed: A whole number for repeatable masks.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/regularization_layers/dropout/,
        Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html

    Example:
        >>> Dropout(0.5, seed=0)([[1.0, 2.0]])  # not training: unchanged
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
        super().__init__(**kwargs)
        rate = check_number(type(self).__name__, "rate", rate, minimum=0, maximum=1, error=ArgumentError)
        if noise_shape is not None:
            noise_shape = _checked_noise_shape(noise_shape, type(self).__name__)
        self.rate = rate
        self.seed = seed
        self.noise_shape = noise_shape
        self.supports_masking = True
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.built = True

    def call(self, inputs: TensorLike, training: bool = False) -> Tensor:
        """Returns the inputs, some of them dropped if `training`."""
        if not training or self.rate == 0:
            return inputs
        return random.dropout(inputs, self.rate, noise_shape=self._mask_shape(inputs), seed=seeds_of(self))

    def _mask_shape(self, inputs: object) -> tuple | None:
        if self.noise_shape is None:
            return None
        if len(self.noise_shape) != len(inputs.shape):
            raise ArgumentError(
                f"{self._where()}: `noise_shape` has {len(self.noise_shape)} sizes, the input has shape {inputs.shape}."
            )
        return tuple(own if own is not None else size for own, size in zip(self.noise_shape, inputs.shape, strict=True))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        return {**super().get_config(), "rate": self.rate, "seed": self.seed, "noise_shape": self.noise_shape}


def _checked_noise_shape(noise_shape: object, where: str) -> tuple:
    sizes = tuple(noise_shape) if isinstance(noise_shape, (list, tuple)) else ()
    if not sizes or not all(size is None or (isinstance(size, int) and size > 0) for size in sizes):
        raise ArgumentError(
            f"{where}: `noise_shape` must be a tuple of positive whole numbers, None for the input's size. "
            f"Received: noise_shape={brief(noise_shape)}"
        )
    return sizes
