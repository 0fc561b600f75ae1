"""What a layer keeps: weights, other variables, layers inside, losses. Nothing here recurses, however deep it goes."""

from collections import deque
from collections.abc import Iterator, Sequence
from functools import wraps
from inspect import unwrap
from typing import Any

import numpy as np

from .. import constraints, initializers, regularizers
from ..engine import naming, tree
from ..engine.dtypes import is_float, standardize_dtype
from ..engine.immutable_arrays import unshared
from ..engine.scopes import local
from ..engine.tensor import Tensor
from ..engine.variable import Variable, assign_all, check_assignable, check_stored
from ..engine.watched import Watched, note_change
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, StateError, brief, warn_legacy
from ..graph.operation import Operation, check_initialized, refuse_symbolic
from ..metrics import Metric
from ..random import SeedGenerator
from ..serialization.attributes import attributes_of
from ..tracebacks import hide_frames
from ..typing import ConstraintLike, DTypeLike, F, InitializerLike, Nested, RegularizerLike, ShapeLike, TensorLike
from .arguments import is_tensor
from .tracking import Tracker, _leaves

# The parameters of `add_weight` in Keras 2, by position.
_OLD_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")


def _takes_name_first(add_weight: F) -> F:
    """Lets the name of a weight come first, as in Keras 2, with a warning; used as a decorator."""

    @wraps(add_weight)
    def adding(self: "State", *args: Any, **kwargs: Any) -> Variable:
        if not args or not isinstance(args[0], str):
            return add_weight(self, *args, **kwargs)
        given = dict(zip(_OLD_ORDER, args, strict=False))
        twice = sorted(set(given) & set(kwargs))
        if twice or len(args) > len(_OLD_ORDER):
            what = f"{twice[0]!r} twice" if twice else f"{len(args)} arguments by position"
            raise ArgumentTypeError(f"{self._where()}: `add_weight({args[0]!r}, ...)` was given {what}.")
        if given.get("trainable", True) is None:
            del given["trainable"]
        warn_legacy(f"add_weight({args[0]!r}, ...)", f"add_weight(shape=..., name={args[0]!r})")
        return add_weight(self, **given, **kwargs)

    return adding


class State(Watched, Operation):
    """The part of a layer that holds its state; `Layer` is the class to derive from."""

    built = False
    _trainable = True
    # What is trained is fixed by `compile`; the rest is about how the layer came to be.
    _bookkeeping = frozenset(
        "built declared_input_shape input_spec name _auto_config _build_shapes_dict _inbound_nodes _is_building "
        "_losses _path _tracked _trainable _weights".split()
    )
    _untracked: frozenset[str] = frozenset()  # attributes whose content is not the layer's own

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
        # Made when it is first needed: attributes may be set before `super().__init__()`.
        if "_tracked" not in vars(self):
            tracker = Tracker((State, Variable, Metric, SeedGenerator), self._where)
            vars(self).update(_tracked=tracker, _weights=tracker.set("_weights", []))
        return vars(self)["_tracked"]

    def _refuse_default(self, name: str, value: Any) -> None:
        """Refuses what is the default of a parameter of `__init__` and holds state: all such layers would share it."""
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
        """Returns what the layer holds of a class, once each, in the order in which it came."""
        return list(self._tracker.held(kind))

    @property
    def _sublayers(self) -> list["State"]:
        return self._tracker.held(State)

    def _walk(self) -> Iterator["State"]:
        """Yields the layer and all layers inside, each before those inside of it, and once."""
        seen, stack = set(), [self]
        while stack:
            layer = stack.pop()
            if id(layer) not in seen:
                seen.add(id(layer))
                yield layer
                stack.extend(reversed(layer._sublayers))

    def _flat_layers(self) -> list["State"]:
        """Returns the layers inside, and the layers inside of those."""
        found: dict[int, State] = {id(self): self}
        queue = deque(self._sublayers)
        while queue:
            layer = queue.popleft()
            if id(layer) not in found:
                found[id(layer)] = layer
                queue.extendleft(layer._sublayers)
        return list(found.values())[1:]

    # ---------------------------------------------------------------- weights

    @_takes_name_first
    def add_weight(
        self,
        shape: ShapeLike | None = None,
        initializer: InitializerLike = None,
        dtype: DTypeLike | None = None,
        *,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: RegularizerLike = None,
        constraint: ConstraintLike = None,
        aggregation: str | None = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> Variable:
        """Adds a weight to the layer.

        Args:
            shape: The shape of the weight; `()` by default.
            initializer: What makes the first value: a name, a function of a shape and a dtype, or an array; Glorot
                uniform by default for floats, else zeros.
            dtype: The type of the elements; that of the layer by default.
            trainable: Whether training updates it.
            autocast: Whether the layer reads it in the type it computes in.
            regularizer: A function of the weight whose value is added to the loss.
            constraint: A function that gives the weight its value after each update.
            aggregation: How replicas would be merged; there is one.
            overwrite_with_gradient: Let the optimizer put the gradient in the place of the weight.
            name: The last part of the weight's path.

        Returns:
            The variable.

        Raises:
            ArgumentError: If the shape has a free size, or an argument has a value that cannot work.
            StateError: If the layer is built already.
        """
        check_initialized(self)
        shape = self._weight_shape(shape)
        dtype = self.variable_dtype if dtype is None else standardize_dtype(dtype)
        if initializer is None:
            initializer = "glorot_uniform" if is_float(dtype) else "zeros"
        initializer = initializers.get(initializer)
        regularizer, constraint = regularizers.get(regularizer), constraints.get(constraint)
        with self._scope():
            variable = Variable(initializer, shape, dtype, trainable, autocast, aggregation or "none", name=name)
        variable.regularizer, variable.constraint = regularizer, constraint
        variable.overwrite_with_gradient = bool(overwrite_with_gradient)
        self._weights.append(variable)
        if not self._trainable:
            variable.trainable = False
        return variable

    add_variable = add_weight

    def _weight_shape(self, shape: object) -> tuple:
        shape = () if shape is None else (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
        if not all(isinstance(size, (int, np.integer)) and size >= 0 for size in shape):
            raise ArgumentError(f"{self._where()}: all sizes of a weight must be known. Received: shape={shape}")
        return shape

    def _scope(self) -> naming.name_scope:
        return naming.name_scope("", self) if naming.scope_owner() is self else naming.name_scope(self.name, self)

    def _own_variables(self) -> list[Variable]:
        own = self._tracker.held(Variable)
        # By how they were made: freezing a layer does not change the order of its weights.
        return [v for v in own if v.made_trainable] + [v for v in own if not v.made_trainable]

    @property
    def variables(self) -> list[Variable]:
        """All state: weights, and the state of random generators."""
        found: dict[int, Variable] = {}
        for layer in self._walk():
            generators = [generator.state for generator in layer._tracker.held(SeedGenerator)]
            found.update((id(variable), variable) for variable in [*layer._own_variables(), *generators])
        return list(found.values())

    @property
    def weights(self) -> list[Variable]:
        """The weights of the layer and of the layers in it."""
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
        """Whether training updates the layer's weights; setting it reaches the layers inside."""
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
        """The metrics that the layer and the layers in it hold."""
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
        """Sets the values of the weights; all are checked before the first is changed.

        Args:
            weights: Arrays in the order and of the shapes that `get_weights` returns.

        Raises:
            ArgumentError: If the count differs.
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
        """Writes the layer's own variables, not those of layers inside, into a store.

        Args:
            store: A dict, or what takes items like one; the keys are "0", "1", ...
        """
        for index, variable in enumerate(self._own_variables()):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Reads what `save_own_variables` wrote; all is checked before the first variable is changed.

        Raises:
            ArgumentError: If there are more or fewer variables, or one of another shape or kind.
        """
        own, where = self._own_variables(), f"{self._where()}.load_own_variables"
        if len(store.keys()) != len(own):
            raise ArgumentError(
                f"{where} expects {len(own)} arrays, received {len(store.keys())}."
                + ("" if own or self.built else " The layer is not built, so it has no variables yet.")
            )
        assign_all(own, [store[str(index)] for index in range(len(own))], where, check_stored)

    def _saved_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields the attributes that a subclass has beyond those of every layer; files are named after them."""
        return attributes_of(self, self._names_of_base())

    @classmethod
    def _names_of_base(cls) -> frozenset[str]:
        """Returns the attributes that every layer has."""
        return frozenset(dir(State("state")))

    def count_params(self) -> int:
        """Returns how many numbers the weights hold.

        Raises:
            StateError: If the layer is not built.
        """
        if not self.built:
            raise StateError(
                f"{self._where()} is not built, so its parameters cannot be counted. "
                "Call it on data, or call `build(input_shape)`."
            )
        return sum(weight.size for weight in self.weights)

    # ---------------------------------------------------------------- losses

    def add_loss(self, loss: Nested[TensorLike]) -> None:
        """Adds a loss, or several, to what training minimizes; used in `call`, each time anew.

        Args:
            loss: A value, or nested values.

        Raises:
            ArgumentError: If it is not a value that was computed.
        """
        check_initialized(self)
        losses = tree.flatten(loss)
        for value in losses:
            if not (is_tensor(value) or isinstance(value, np.generic)):
                raise ArgumentError(f"{self._where()}: `add_loss` expects a computed value. Received: {brief(value)}")
        losses = [unshared(value, ()) for value in losses]  # the user's `call` computed with immutable arrays
        scope = local.stateless
        if scope is None:
            refuse_symbolic(f"{self._where()}: what is given to `add_loss`", losses)
        else:
            if not scope.collect_losses:
                return
            scope.losses.extend(losses)
        self._own_losses.extend(losses)

    @property
    def _own_losses(self) -> list:
        return vars(self).setdefault("_losses", [])

    @property
    def losses(self) -> list[Tensor]:
        """The losses of the last call: those given to `add_loss`, and the penalties of regularizers on weights.

        Those of a training step are only there inside of it.
        """
        own = [loss for layer in (self, *self._flat_layers()) for loss in layer._own_losses]
        usable = [loss for loss in own if not isinstance(loss, Tensor) or loss.trace.active]
        regularized = [weight for weight in self.trainable_weights if weight.regularizer is not None]
        return usable + [weight.regularizer(weight) for weight in regularized]

    def _clear_losses(self) -> None:
        for layer in self._walk():
            layer._own_losses.clear()

    # ---------------------------------------------------------------- what minikeras does not have

    def add_metric(self, *args: object, **kwargs: object) -> None:
        """Raises: Keras 3 has no such method any more."""
        raise NotSupportedError(
            f"{self._where()}: `add_metric` is not in Keras 3 any more. Give metrics to `compile`, or make one in "
            "`__init__` and call its `update_state` in `call`."
        )

    def quantize(self, *args: object, **kwargs: object) -> None:
        """Raises: minikeras has no quantized layers."""
        raise NotSupportedError(f"{self._where()}: minikeras has no quantized layers, so `quantize` is not possible.")

    quantized_build = quantized_call = quantize

    def rematerialized_call(self, *args: object, **kwargs: object) -> None:
        """Raises: minikeras keeps what the backward pass needs, and computes nothing twice."""
        raise NotSupportedError(f"{self._where()}: minikeras does not rematerialize. Call the layer itself.")
