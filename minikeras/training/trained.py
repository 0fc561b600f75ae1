"""What is trained is fixed by `compile`: layers frozen or thawed afterwards count from the next `compile` on.

The script of an adversarial network relies on it: the discriminator is compiled and frozen, then the whole is compiled.
The discriminator goes on to train by itself, and is frozen in the whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..engine.variable import Variable
from ..layers import Layer


class Trained:
    """Which layers and variables of a model were trainable when it was compiled.

    What comes later, such as the weights of layers that are built on the first data, counts as it is when it is first
    seen.

    Args:
        model: The model.
    """

    def __init__(self, model: Layer):
        self._layers: dict[Layer, bool] = {}
        self._variables: dict[Variable, bool] = {}
        self._note(model)

    def _note(self, model: Layer) -> None:
        for layer in model._walk():
            compiled = self._layers.setdefault(layer, layer._trainable)
            for variable in layer._own_variables():
                if variable not in self._variables:
                    # One that was made while the layer was frozen, which it was not when the model was compiled.
                    same = compiled == layer._trainable
                    self._variables[variable] = variable.trainable if same else compiled and variable.made_trainable

    @contextmanager
    def as_compiled(self, model: Layer) -> Iterator[None]:
        """Lets layers and variables be trainable as they were compiled, for the time of a block.

        What the block itself freezes or thaws stays so.

        Args:
            model: The model.
        """
        self._note(model)
        changed: list[tuple[Any, str, bool, bool]] = []
        for name, compiled in (("_trainable", self._layers), ("trainable", self._variables)):
            for each, value in compiled.items():
                now = getattr(each, name)
                if now != value:
                    vars(each)[name] = value
                    changed.append((each, name, now, value))
        try:
            yield
        finally:
            for each, name, now, value in changed:
                if getattr(each, name) == value:
                    vars(each)[name] = now
