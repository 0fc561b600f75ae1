"""The base of layers that change their input at random in training."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import random
from ...argument_checks import bad_argument, check_number, is_int
from ...engine.trace import paused_tracing
from ...errors import ArgumentError
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


def check_noise_shape(where: str, noise_shape: object) -> tuple | None:
    """Returns the shape of a random mask as a tuple; None for None.

    Raises:
        ArgumentError: If it is not a tuple of positive integers and None.
    """
    if noise_shape is None:
        return None
    sizes = tuple(noise_shape) if isinstance(noise_shape, (list, tuple)) else ()
    if not sizes or not all(size is None or is_int(size, minimum=1) for size in sizes):
        expected = "a tuple of positive integers, and None for the size of the input"
        raise bad_argument(where, "noise_shape", noise_shape, expected)
    return sizes


def fitted_noise_shape(where: str, noise_shape: Sequence[int | None] | None, shape: tuple) -> tuple | None:
    """Returns the shape of a random mask with the sizes of the input in place of None.

    Raises:
        ArgumentError: If the number of axes differs from that of the input.
    """
    if noise_shape is None:
        return None
    if len(noise_shape) != len(shape):
        raise ArgumentError(f"{where}: `noise_shape` has {len(noise_shape)} sizes, the input has shape {tuple(shape)}.")
    return tuple(size if own is None else own for own, size in zip(noise_shape, shape, strict=True))


class Noise(SameShape):
    """The base of layers that change their input at random in training; a subclass defines `changed`.

    Args:
        strength: The name of the argument that says how much, in [0, 1].
        value: Its value; 0 for no change.
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/regularization_layers/
    """

    def __init__(self, strength: str, value: float, seed: int | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        value = check_number(type(self).__name__, strength, value, minimum=0, maximum=1, error=ArgumentError)
        setattr(self, strength, value)
        self.strength, self.seed = strength, seed
        if value > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def changed(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs, changed at random."""
        raise NotImplementedError(f"{self._where()} has no method `changed`.")

    def call(self, inputs: TensorLike, training: bool = False) -> Tensor:
        """Returns the inputs, changed if `training`."""
        return self.changed(inputs) if training and getattr(self, self.strength) > 0 else inputs

    def _seeds(self) -> random.SeedGenerator:
        """Returns the seed generator, created now if the layer was made with a strength of 0."""
        if not hasattr(self, "seed_generator"):
            locked, self._tracker.locked = self._tracker.locked, False
            with paused_tracing():
                self.seed_generator = random.SeedGenerator(self.seed)
            self._tracker.locked = locked
        return self.seed_generator

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), self.strength: getattr(self, self.strength), "seed": self.seed}
