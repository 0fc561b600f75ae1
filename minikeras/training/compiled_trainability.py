"""`compile` fixes what is trained: layers frozen or unfrozen afterwards count from the next `compile` on.

Scripts of adversarial networks rely on it: the discriminator is compiled, frozen, and made a part of the combined
model, which is compiled, too. The discriminator still trains by itself, and stays fixed within the combined model.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..engine.variable import Variable
from ..layers import Layer


class CompiledTrainability:
    """Which layers and variables of a model were trainable when it was compiled.

    What is added later, such as the weights of layers that are built on the first batch, is recorded as it is when it
    is first seen.

    Args:
        model: The model.
    """

    def __init__(self, model: Layer):
        self._layers: dict[Layer, bool] = {}
        self._variables: dict[Variable, bool] = {}
        self._record(model)

    def _record(self, model: Layer) -> None:
        for layer in model._walk():
            compiled = self._layers.setdefault(layer, layer._trainable)
            for variable in layer._own_variables():
                if variable not in self._variables:
                    # One created while the layer was frozen, although it was not when the model was compiled.
                    same = compiled == layer._trainable
                    self._variables[variable] = variable.trainable if same else compiled and variable.made_trainable

    @contextmanager
    def as_compiled(self, model: Layer) -> Iterator[None]:
        """Context manager in which layers and variables are as trainable as when the model was compiled.

        What the block itself freezes or unfreezes stays so.

        Args:
            model: The model.
        """
        self._record(model)
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
