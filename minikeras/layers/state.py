"""The state of a layer: its weights, other variables and sublayers. Nothing here recurses, whatever the depth."""

from collections import deque
from collections.abc import Iterator, Sequence
from inspect import unwrap
from typing import Any

import numpy as np

from ..engine import naming
from ..engine.variable import Variable, assign_all, check_assignable, check_stored
from ..engine.watched import Watched, note_change
from ..errors import ArgumentError, ArgumentTypeError, StateError, brief
from ..graph.operation import Operation
from ..metrics import Metric
from ..random import SeedGenerator
from ..serialization.attributes import attributes_of
from ..tracebacks import hide_frames
from ..typing import TensorLike
from .losses import Losses
from .tracking import Tracker, _leaves
from .unsupported import Unsupported
from .weights import Weights


class State(Weights, Losses, Unsupported, Watched, Operation):
    """The part of `Layer` that holds its state."""

    built = False
    _trainable = True
    # Attributes that do not make a traced step stale: `compile` fixes what is trained, the others are bookkeeping.
    _bookkeeping = frozenset(
        "built declared_input_shape input_spec name _auto_config _build_shapes_dict _inbound_nodes _is_building "
        "_losses _path _tracked _trainable _weights".split()
    )
    _untracked: frozenset[str] = frozenset()  # attributes whose content is not tracked

    # ---------------------------------------------------------------- what attributes hold

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            if name == "name":
                naming.check_name(value, type(self).__name__)
            if name not in self._untracked:
                if isinstance(value, (State, Variable, list, tuple, dict, set)):
                    self._refuse_default(name, value)
                value = self._tracker.set(name, value)
        except BaseException as error:
            hide_frames(error)
            raise
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        self._tracker.forget(name)

    @property
    def _tracker(self) -> Tracker:
        # Created on first use: attributes may be set before `super().__init__()`.
        if "_tracked" not in vars(self):
            tracker = Tracker((State, Variable, Metric, SeedGenerator), self._where)
            vars(self).update(_tracked=tracker, _weights=tracker.set("_weights", []))
        return vars(self)["_tracked"]

    def _refuse_default(self, name: str, value: Any) -> None:
        """Refuses a default value of `__init__` that holds state, which all layers of the class would share."""
        init = unwrap(type(self).__init__)
        defaults = (*(init.__defaults__ or ()), *(init.__kwdefaults__ or {}).values())
        if any(value is default for default in defaults) and any(
            isinstance(leaf, (State, Variable)) for leaf in _leaves(value)
        ):
            raise ArgumentError(
                f"{type(self).__name__}: `self.{name}` is the default of a parameter of `__init__`, which all layers "
                "of this class would share, and it holds layers or variables. Use None as the default, and make new "
                f"ones in `__init__`. Received: {brief(value)}"
            )

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        yield from super()._python_parts()
        yield "layers inside", tuple(self._sublayers)

    def _held(self, kind: type) -> list:
        """Returns the tracked objects of a class, in the order in which they were added."""
        return list(self._tracker.held(kind))

    @property
    def _sublayers(self) -> list["State"]:
        return self._tracker.held(State)

    def _walk(self) -> Iterator["State"]:
        """Yields the layer and its sublayers at all depths in pre-order, each once."""
        seen, stack = set(), [self]
        while stack:
            layer = stack.pop()
            if id(layer) not in seen:
                seen.add(id(layer))
                yield layer
                stack.extend(reversed(layer._sublayers))

    def _flat_layers(self) -> list["State"]:
        """Returns the sublayers at all depths."""
        found: dict[int, State] = {id(self): self}
        queue = deque(self._sublayers)
        while queue:
            layer = queue.popleft()
            if id(layer) not in found:
                found[id(layer)] = layer
                queue.extendleft(layer._sublayers)
        return list(found.values())[1:]

    # ---------------------------------------------------------------- weights

    def _scope(self) -> naming.name_scope:
        return naming.name_scope("", self) if naming.scope_owner() is self else naming.name_scope(self.name, self)

    def _own_variables(self) -> list[Variable]:
        own = self._tracker.held(Variable)
        # By how they were created: freezing a layer does not change the order of its weights.
        return [v for v in own if v.made_trainable] + [v for v in own if not v.made_trainable]

    @property
    def variables(self) -> list[Variable]:
        """All variables: the weights, and the states of seed generators."""
        found: dict[int, Variable] = {}
        for layer in self._walk():
            generators = [generator.state for generator in layer._tracker.held(SeedGenerator)]
            found.update((id(variable), variable) for variable in [*layer._own_variables(), *generators])
        return list(found.values())

    @property
    def weights(self) -> list[Variable]:
        """The weights of the layer and its sublayers."""
        found: dict[int, Variable] = {}
        for layer in self._walk():
            found.update((id(variable), variable) for variable in layer._own_variables())
        return list(found.values())

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that training updates."""
        return [variable for variable in self.variables if variable.trainable] if self.trainable else []

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The variables that training does not update."""
        return [variable for variable in self.variables if not (self.trainable and variable.trainable)]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training updates."""
        return [weight for weight in self.weights if weight.trainable] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training does not update."""
        return [weight for weight in self.weights if not (self.trainable and weight.trainable)]

    @property
    def trainable(self) -> bool:
        """Whether training updates the layer's weights; setting it applies to all sublayers."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self._walk():
            layer._trainable = bool(value)
            for variable in layer._own_variables():
                variable.trainable = bool(value) and variable.made_trainable
        note_change()

    @property
    def metrics(self) -> list[Metric]:
        """The metrics of the layer and its sublayers."""
        found = {id(metric): metric for layer in self._walk() for metric in layer._tracker.held(Metric)}
        return list(found.values())

    @property
    def metrics_variables(self) -> list[Variable]:
        """The variables of the metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def get_weights(self) -> list[np.ndarray]:
        """Returns copies of the weights."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: Sequence[TensorLike]) -> None:
        """Sets the values of the weights; all are checked before any is changed.

        Args:
            weights: Arrays, in the order and with the shapes of `get_weights()`.

        Raises:
            ArgumentError: If the number of arrays differs.
            ShapeError: If a shape differs.
        """
        if not isinstance(weights, (list, tuple)):
            raise ArgumentTypeError(
                f"{self._where()}: `set_weights` expects a list of arrays. Received: {brief(weights)}"
            )
        self._assign_all(self.weights, weights, "set_weights")

    def _assign_all(self, variables: list[Variable], values: list, method: str) -> None:
        if len(values) != len(variables):
            raise ArgumentError(
                f"{self._where()}: `{method}` expects {len(variables)} arrays, received {len(values)}."
                + ("" if variables else " The layer has no weights; is it built?")
            )
        assign_all(variables, values, f"{self._where()}.{method}", check_assignable)

    def save_own_variables(self, store: Any) -> None:
        """Writes the layer's own variables, not those of sublayers, to a store.

        Args:
            store: A mutable mapping; the keys are "0", "1", ...
        """
        for index, variable in enumerate(self._stored_variables()):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Reads what `save_own_variables` wrote; all arrays are checked before any variable is changed.

        Raises:
            ArgumentError: If the number of arrays, or the shape or kind of one, differs.
        """
        own, where = self._stored_variables(), f"{self._where()}.load_own_variables"
        if len(store.keys()) != len(own):
            raise ArgumentError(
                f"{where} expects {len(own)} arrays, received {len(store.keys())}."
                + ("" if own or self.built else " The layer is not built, so it has no variables yet.")
            )
        assign_all(own, [store[str(index)] for index in range(len(own))], where, check_stored)

    def _stored_variables(self) -> list[Variable]:
        """Returns the variables that `save_own_variables` writes, in order."""
        return self._own_variables()

    def _saved_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields the attributes that a subclass adds to those of every layer; files refer to sublayers by them."""
        return attributes_of(self, self._names_of_base())

    @classmethod
    def _names_of_base(cls) -> frozenset[str]:
        """Returns the names of the attributes that every layer has."""
        return frozenset(dir(State("state")))

    def count_params(self) -> int:
        """Returns the number of parameters: of elements in all weights.

        Raises:
            StateError: If the layer is not built.
        """
        if not self.built:
            raise StateError(
                f"{self._where()} is not built, so its parameters cannot be counted. "
                "Call it on data, or call `build(input_shape)`."
            )
        return sum(weight.size for weight in self.weights)
