"""The `Dropout` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import random
from ...activations.legacy import renamed
from ...typing import LayerArguments, Tensor, TensorLike
from .noise import Noise, check_noise_shape, fitted_noise_shape


class Dropout(Noise):
    """Sets elements of the input to 0 at random in training, and scales the others by `1 / (1 - rate)`.

    Args:
        rate: The fraction of elements to drop, in [0, 1].
        noise_shape: The shape of the random mask, which broadcasts to the input; None in it is the size of that axis.
        seed: An integer, for reproducible masks.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

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
        super().__init__("rate", rate, seed, **kwargs)
        self.noise_shape = check_noise_shape(type(self).__name__, noise_shape)

    def changed(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs with dropout applied."""
        shape = fitted_noise_shape(self._where(), self.noise_shape, inputs.shape)
        return random.dropout(inputs, self.rate, noise_shape=shape, seed=self._seeds())

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "noise_shape": self.noise_shape}
