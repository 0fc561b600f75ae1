"""What the layers share that change their input at random while training."""

from typing import Any, Unpack

from ... import random
from ...argument_checks import check_number
from ...engine.trace import paused_tracing
from ...errors import ArgumentError
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer


def seeds_of(layer: Layer) -> random.SeedGenerator:
    """Returns the generator of seeds of a layer; one that began without noise, and thus without it, gets it now.

    Args:
        layer: The layer.
    """
    if not hasattr(layer, "seed_generator"):
        locked, layer._tracker.locked = layer._tracker.locked, False
        with paused_tracing():
            layer.seed_generator = random.SeedGenerator(layer.seed)
        layer._tracker.locked = locked
    return layer.seed_generator


class Noise(Layer):
    """The base of layers that change their input at random while training; a subclass defines `changed`.

    Args:
        strength: The name of the argument that tells how much, from 0 to 1.
        value: Its value; 0 for no change at all.
        seed: A whole number for repeatable draws.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/regularization_layers/
    """

    def __init__(self, strength: str, value: float, seed: int | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        value = check_number(type(self).__name__, strength, value, minimum=0, maximum=1, error=ArgumentError)
        setattr(self, strength, value)
        self.strength, self.seed = strength, seed
        if value > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True
        self.built = True

    def changed(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs, changed at random."""
        raise NotImplementedError(f"{self._where()} has no method `changed`.")

    def call(self, inputs: TensorLike, training: bool = False) -> Tensor:
        """Returns the inputs, changed if `training`."""
        return self.changed(inputs) if training and getattr(self, self.strength) > 0 else inputs

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        return {**super().get_config(), self.strength: getattr(self, self.strength), "seed": self.seed}
