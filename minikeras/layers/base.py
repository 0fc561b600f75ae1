"""The base of every layer: building on first use, checking inputs, computing outputs, describing itself."""

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Unpack

import numpy as np

from .. import dtype_policies, regularizers
from ..dtype_policies import DTypePolicy
from ..engine import naming, tree
from ..engine.dispatch import to_array
from ..engine.dtypes import dtype_of, is_float
from ..engine.immutable_arrays import handed_in, immutable_results, unshared
from ..engine.masks import get_mask, set_mask
from ..engine.scopes import StatelessScope, computing_in, local, real_state
from ..engine.trace import paused_tracing
from ..engine.watched import note_change
from ..errors import (
    ArgumentError,
    ArgumentTypeError,
    NotSupportedError,
    ShapeError,
    StateError,
    add_place,
    brief,
    warn_legacy,
    warn_user,
)
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import (
    Operation,
    check_initialized,
    default,
    has_symbolic,
    is_recording,
    paused_recording,
    refuse_symbolic,
)
from ..tracebacks import filtered
from ..typing import DTypePolicyLike, F, HasCall, OldLayerArguments, RegularizerLike, Result
from .arguments import Arguments, checked_as, is_tensor, map_shapes, signature_of
from .input_spec import InputSpec
from .legacy import LegacyLayer, take_input_declaration
from .outside import note_call, warn_of_outside
from .state import State


class _Calls(threading.local):
    training: bool | None = None

    def __init__(self) -> None:
        self.running: list[Layer] = []  # the layers whose call runs, the innermost last


_calls = _Calls()


def _as_build(build: F) -> F | Any:
    """Lets `build`, when it is called, make the weights in the scope of the layer and note what it was built for."""

    @filtered
    @wraps(build)
    def building(self: "Layer", *args: Any, **kwargs: Any) -> None:
        if self._is_building:  # `super().build(...)`
            build(self, *args, **kwargs)
        else:
            self._run_build(building, lambda: build(self, *args, **kwargs), args, kwargs)

    building.is_of_layer = True
    return building


class Layer(LegacyLayer, State):
    """The base class of layers: `__init__` stores, `build` makes weights, `call` computes.

    Args:
        activity_regularizer: A function of the output whose value, divided by the batch size, is added to the loss.
        trainable: Whether training updates the layer's weights.
        dtype: The type the layer computes in, or a dtype policy; the global policy by default.
        autocast: Cast float inputs to that type.
        name: The layer's name; made from the class name if None.

    Raises:
        ArgumentError: For arguments the layer does not know.

    Source: https://keras.io/api/layers/base_layer/

    Example:
        >>> class Double(Layer):
        ...     def call(self, inputs):
        ...         return inputs * 2
        >>> Double()([[1.0, 2.0]])
        array([[2., 4.]], dtype=float32)
    """

    _path: str | None = None
    _build_shapes_dict: dict | None = None  # what `build` was called with, by its parameters
    _initial_weights: list | None = None  # given to the constructor, as in Keras 2
    _is_building = False
    _locks_when_built = True
    _converts_inputs = True
    input_spec: Any  # of the subclass
    supports_masking: bool
    activity_regularizer: Any

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if not hasattr(cls.build, "is_of_layer"):
            cls.build = _as_build(cls.build)

    def __init__(
        self,
        *,
        activity_regularizer: RegularizerLike = None,
        trainable: bool = True,
        dtype: DTypePolicyLike = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Unpack[OldLayerArguments],
    ):
        self.declared_input_shape, self.declared_input_dtype = take_input_declaration(type(self).__name__, kwargs)
        initial_weights = kwargs.pop("weights", None)
        if kwargs:
            raise ArgumentError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {brief(kwargs)}")
        if not isinstance(trainable, (bool, np.bool_)):
            raise ArgumentError(f"{type(self).__name__}: `trainable` must be a boolean. Received: {brief(trainable)}")
        super().__init__(name)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        vars(self)["_dtype_policy"] = dtype_policies.get(dtype)
        self.autocast = checked_as(bool, type(self).__name__, "autocast", autocast)
        self.supports_masking = type(self).compute_mask is not Layer.compute_mask
        self.built = False
        self.input_spec = None
        self._trainable = checked_as(bool, type(self).__name__, "trainable", trainable)
        if initial_weights is not None:
            warn_legacy(f"{type(self).__name__}(weights=...)", "`layer.set_weights(weights)` once the layer is built")
            vars(self)["_initial_weights"] = initial_weights  # not state of the layer: `build` copies them
        if _calls.running:
            vars(self)["_made_in_call"] = True

    def refuse(self, argument: str, value: object) -> None:
        """Raises if an argument of Keras that minikeras does not offer yet is used."""
        if value is not None:
            raise NotSupportedError(
                f"{type(self).__name__}: `{argument}` is not in minikeras yet, and it is not ignored silently. "
                f"Expected None. Received: {argument}={brief(value)}"
            )

    # ---------------------------------------------------------------- what subclasses write

    @_as_build
    def build(self, input_shape: Any) -> None:
        """Makes the weights; called once, before the first `call`.

        A subclass may have several parameters: `build(self, x_shape, y_shape)` for `call(self, x, y)`.

        Args:
            input_shape: The shape of the input, None for a free size; nested as the input is.
        """
        if type(self).build is Layer.build and self._has_unbuilt_layers():
            self._build_by_call(input_shape)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the output; subclasses write it with `minikeras.ops`."""
        raise NotSupportedError(f"Layer {type(self).__name__} has no `call` method. Write one to compute its output.")

    @default
    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the output for a shape of the input; nested as the output is."""
        spec = map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), input_shape)
        return tree.map_structure(lambda output: output.shape, Operation.compute_output_spec(self, spec))

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs for symbolic arguments, from `compute_output_shape` if there is one."""
        if type(self).compute_output_shape is Layer.compute_output_shape:
            return super().compute_output_spec(*args, **kwargs)
        arguments = Arguments(type(self).call, self._where(), args, dict(kwargs))
        shapes = self.compute_output_shape(**arguments.shapes_for(self.compute_output_shape, self._where()))
        try:
            return map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), shapes)
        except TypeError:
            raise ShapeError(f"{self._where()}: `compute_output_shape` returned {shapes!r}, not a shape.") from None

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """Returns the mask of the output; that of the input by default.

        Args:
            inputs: The first argument of the call.
            previous_mask: Its mask.
        """
        return previous_mask

    @default
    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again.

        A subclass need not override it if the arguments of its `__init__` are numbers, strings, booleans, None,
        or lists, tuples and dicts of them.
        """
        config = {
            **super().get_config(),
            "trainable": self.trainable,
            "dtype": dtype_policies.serialize(self.dtype_policy),
        }
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return config

    def get_build_config(self) -> dict | None:
        """Returns what `build` was called with; None if it was not."""
        if self._build_shapes_dict is None:
            return None
        shapes = list(self._build_shapes_dict.values())
        return {"input_shape": shapes[0]} if len(shapes) == 1 else {"shapes_dict": dict(self._build_shapes_dict)}

    @classmethod
    @cache
    def _names_of_base(cls) -> frozenset[str]:
        return frozenset(dir(Layer(name="layer")))

    def build_from_config(self, config: dict) -> None:
        """Builds the layer for what `get_build_config` returned."""
        if "input_shape" in config:
            self.build(_as_shape(config["input_shape"]))
        elif "shapes_dict" in config:
            shapes = config["shapes_dict"]
            if not isinstance(shapes, dict):
                raise ArgumentError(f"{self._where()}: 'shapes_dict' must be a dict. Received: {brief(shapes)}")
            self.build(**{name: _as_shape(shape) for name, shape in shapes.items()})

    # ---------------------------------------------------------------- dtypes

    @property
    def dtype_policy(self) -> DTypePolicy:
        """The types of computations and weights; setting it concerns what is made from then on."""
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, policy: DTypePolicyLike) -> None:
        vars(self)["_dtype_policy"] = dtype_policies.get(policy)
        note_change()

    @property
    def _own_policy(self) -> DTypePolicy:
        policy = self._dtype_policy
        return policy.for_path(self.path) if self._path and hasattr(policy, "for_path") else policy

    @property
    def dtype(self) -> str:
        """The type of the weights."""
        return self.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """The type the layer computes in."""
        return self._own_policy.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The type of the weights."""
        return self._own_policy.variable_dtype

    @property
    def input_dtype(self) -> str:
        """The type float inputs are cast to."""
        return self.compute_dtype

    @property
    def path(self) -> str | None:
        """The names of the layer and of those it was built in; None before it is built."""
        return self._path

    # ---------------------------------------------------------------- building

    def _run_build(self, build: Callable, make: Callable, args: tuple, kwargs: dict) -> None:
        """Makes the weights in the layer's scope; if that fails, the layer and those inside are as they were."""
        before = [(layer, layer._tracker.snapshot(), len(layer._weights), layer.built) for layer in self._walk()]
        with paused_tracing(), real_state(), paused_recording(False), self._scope():
            self._path, self._is_building = naming.current_path(), True
            try:
                make()
                if self._initial_weights is not None:
                    self.set_weights(self._initial_weights)
                    vars(self)["_initial_weights"] = None
            except BaseException as error:
                for layer, held, count, built in before:
                    del layer._weights[count:]
                    layer._tracker.restore(held)
                    layer.built = built
                if isinstance(error, Exception):
                    add_place(error, f"Raised in `build` of {self._place()}.")
                raise
            finally:
                self._is_building = False
        self._note_built(signature_of(build).bind(*args, **kwargs).arguments)

    def _note_built(self, shapes: dict) -> None:
        self._build_shapes_dict = dict(shapes)
        self.built = True
        if self._locks_when_built:
            self._tracker.lock()

    def _has_unbuilt_layers(self) -> bool:
        return any(not layer.built for layer in self._sublayers)

    def _build_by_call(self, input_shape: Any) -> None:
        """Builds the layers inside by running `call` on symbolic values."""
        try:
            spec = map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), input_shape)
            Operation.compute_output_spec(self, spec)
        except Exception as error:
            warn_user(
                f"{self._where()} has no `build` method, and its layers could not be built by running its `call` on "
                f"symbolic values either. Write a `build` method, or call it on data. The reason: {error}",
                UserWarning,
            )

    def _build_once(self, arguments: Arguments, symbolic: bool) -> None:
        if self.built:
            return
        if type(self).build is not Layer.build:
            self.build(**arguments.shapes_for(self.build, self._where()))
            self._check_input(arguments.first)
            return
        shapes = arguments.shapes_for(lambda input_shape: None, self._where())
        unbuilt = self._has_unbuilt_layers()
        self._path = naming.current_path()
        if symbolic and unbuilt and type(self).compute_output_shape is not Layer.compute_output_shape:
            Operation.compute_output_spec(self, *arguments.args, **arguments.kwargs)
        self._note_built(shapes)
        if unbuilt:
            self._tracker.unlock()  # until the first call, which builds the layers inside, is over

    # ---------------------------------------------------------------- calling

    def __call__(self: HasCall[Result], *args: Any, **kwargs: Any) -> Result:
        """Builds the layer if need be, checks the inputs and computes the output."""
        check_initialized(self)
        with _Call(self) as call:
            try:
                return self._run(call, args, kwargs)
            except Exception as error:
                add_place(error, f"Raised in the call of {self._place()}.")
                raise

    def _run(self, call: "_Call", given_args: tuple, given_kwargs: dict) -> object:
        args, kwargs, converted = self._converted(given_args, given_kwargs)
        arguments = Arguments(type(self).call, self._where(), args, kwargs)
        symbolic = has_symbolic(args, kwargs)
        self._check_input(arguments.first)
        self._build_once(arguments, symbolic)
        call.set_training(arguments)
        mask = arguments.fill_masks()
        if symbolic:
            with paused_recording(), StatelessScope(), computing_in(self._type_of_reads()):
                outputs = self.compute_output_spec(*args, **kwargs)
                if type(self).compute_output_shape is not Layer.compute_output_shape:
                    arguments.note_stand_ins(self.compute_output_shape, self._where(), outputs)
            # As in Keras: what was filled in is a part of the node if the inputs were not converted.
            outputs = self._noted(given_args, given_kwargs if converted else kwargs, outputs)
        else:
            with computing_in(self._type_of_reads()):
                outputs = self._computed(args, kwargs)
            refuse_symbolic(f"`call` of {self._where()}", outputs)
        self._after_call(arguments.first, mask, outputs, symbolic)
        return outputs

    def _computed(self, args: tuple, kwargs: dict) -> object:
        """Runs `call`, which can neither write into what it is given nor return memory of the caller's arrays."""
        given = [leaf for leaf in tree.flatten((args, kwargs)) if isinstance(leaf, np.ndarray)]
        if not given:
            return self.call(*args, **kwargs)
        args, kwargs = tree.map_structure(handed_in, (args, kwargs))
        with immutable_results():
            outputs = self.call(*args, **kwargs)
        # What goes from layer to layer inside of another one may share memory: none of them can write into it.
        return outputs if len(_calls.running) > 1 else tree.map_structure(lambda leaf: unshared(leaf, given), outputs)

    def _after_call(self, inputs: object, mask: object, outputs: object, symbolic: bool) -> None:
        if outputs is None:
            raise ArgumentError(f"{self._where()}: `call` returned None. It must return its output.")
        if self._locks_when_built:
            self._tracker.lock()
        if self.activity_regularizer is not None and not symbolic:
            for output in tree.flatten(outputs):
                loss = self.activity_regularizer(output)
                self.add_loss(loss / output.shape[0] if len(output.shape) else loss)
        self._pass_mask_on(inputs, mask, outputs)

    def _pass_mask_on(self, inputs: object, mask: object, outputs: object) -> None:
        if not self.supports_masking:
            if tree.flatten(mask):
                warn_user(
                    f"{self._where()} does not support masking, but its input has a mask, which ends here: the layers "
                    "after it will not see it.",
                    UserWarning,
                )
            return
        values = tree.flatten(outputs)
        if all(get_mask(value) is not None for value in values):
            return
        masks = self.compute_mask(inputs, mask)
        masks = list(masks) if isinstance(masks, (list, tuple)) and len(masks) == len(values) else tree.flatten(masks)
        for value, new in zip(values, masks, strict=False):
            if new is not None and get_mask(value) is None:
                set_mask(value, new)

    def _converted(self, args: tuple, kwargs: dict) -> tuple[tuple, dict, bool]:
        """Returns the arguments as values of the input type, and whether they were anything else."""
        if not self._converts_inputs:
            return args, dict(kwargs), bool(kwargs) or len(args) != 1
        if not kwargs and len(args) == 1 and is_tensor(args[0]) and dtype_of(args[0]) == self.input_dtype:
            return args, {}, False
        args = tuple(self._convert(argument) for argument in args)
        kwargs = {name: value if name == "training" else self._convert(value) for name, value in kwargs.items()}
        wrong = [leaf for leaf in tree.flatten(args) if not is_tensor(leaf)]
        if wrong:
            raise ArgumentError(
                f"{self._where()}: only tensors can be passed by position. Pass {brief(wrong[0])} by its name instead."
            )
        return args, kwargs, True

    def _convert(self, value: object) -> object:
        """Returns an argument as a value of the input type; what holds no numbers stays as it is."""
        if isinstance(value, (list, tuple)) and tree.flatten(value) and all(map(_is_number, tree.flatten(value))):
            value = to_array(value)
        return tree.map_structure(self._cast, value)

    def _cast(self, value: object) -> object:
        if isinstance(value, np.ndarray) and value.dtype.kind not in "biuf":
            raise ArgumentTypeError(f"{self._where()}: expected numbers, received an array of dtype {value.dtype}.")
        if not is_tensor(value) and not isinstance(value, np.generic):
            return value
        with paused_recording():
            cast = self.dtype_policy.convert_input(value, self.autocast, self.input_dtype)
        mask = get_mask(value)
        if mask is not None and cast is not value:
            set_mask(cast, mask)
        return cast

    def _type_of_reads(self) -> str | None:
        """Returns the type in which `call` reads weights; None: each in its own."""
        outer = local.compute_dtype
        if outer is not None:
            return self.compute_dtype if self.autocast and is_float(self.compute_dtype) else None
        return self.compute_dtype if self.compute_dtype != self.variable_dtype else None

    def _check_input(self, inputs: object) -> None:
        if self.input_spec is None:
            return
        if isinstance(self.input_spec, InputSpec):
            specs, values = [self.input_spec], [inputs]
            if not hasattr(inputs, "shape"):
                values = tree.flatten(inputs)
        else:
            specs, values = tree.flatten(self.input_spec), tree.flatten(inputs)
        if len(specs) != len(values):
            raise ShapeError(f"{self._where()}: expected {len(specs)} input(s), received {len(values)}.")
        for spec, value in zip(specs, values, strict=True):
            spec.check(tuple(value.shape), dtype_of(value), self._where())

    def stateless_call(
        self,
        trainable_variables: list,
        non_trainable_variables: list,
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> tuple[Any, ...]:
        """Computes the output with given values of the variables, and changes none of them.

        Args:
            trainable_variables: Values in the order of `trainable_variables`.
            non_trainable_variables: Values in the order of `non_trainable_variables`.
            *args: What the layer is called on.
            return_losses: Also return the losses.
            **kwargs: What the layer is called with.

        Returns:
            The output, the new values of the non-trainable variables and, if asked for, the list of losses.

        Raises:
            StateError: If the layer is not built.
            ArgumentError: If there are more or fewer values than variables.
        """
        if not self.built:
            raise StateError(f"{self._where()} is not built, so it has no variables yet. Call it on data first.")
        mapping = []
        for name, values in (
            ("trainable_variables", trainable_variables),
            ("non_trainable_variables", non_trainable_variables),
        ):
            own = getattr(self, name)
            if len(own) != len(values):
                raise ArgumentError(
                    f"{self._where()}: `{name}` must have {len(own)} values, one for each. Received: {len(values)}"
                )
            mapping += zip(own, values, strict=True)
        frozen = self.non_trainable_variables
        with StatelessScope(mapping, collect_losses=return_losses) as scope:
            outputs = self(*args, **kwargs)
            losses = self.losses if return_losses else []
        self._clear_losses()
        updated = [unshared(scope.get_current_value(variable), ()) for variable in frozen]
        return (outputs, updated, losses) if return_losses else (outputs, updated)

    def _warn_of_outside(self) -> None:
        """Warns of layers that are called in this one, but are no part of it."""
        warn_of_outside(self)

    def _where(self) -> str:
        return f"{self.class_name} layer '{vars(self).get('name')}'"

    def _place(self) -> str:
        """Returns where the layer is, for errors: its path while it is called or built."""
        path = naming.current_path() or self.name
        return f"layer '{path}' ({self.class_name})"

    def __repr__(self) -> str:
        return f"<{self.class_name} name={self.name}, built={self.built}>"


class _Call:
    """One call of a layer: hands `training` down to the layers called inside, and opens the layer's name scope."""

    def __init__(self, layer: Layer):
        self._layer = layer
        self._scope = layer._scope()

    def __enter__(self) -> "_Call":
        self._outer = _calls.training
        # Inside of a symbolic call no losses are kept, so none are cleared.
        if not _calls.running and is_recording():
            self._layer._clear_losses()
        _calls.running.append(self._layer)
        self._scope.__enter__()
        return self

    def set_training(self, arguments: Arguments) -> None:
        """Decides whether this is training."""
        _calls.training = arguments.resolve_training(self._outer)

    def __exit__(self, *exception: object) -> None:
        self._scope.__exit__()
        _calls.running.pop()
        _calls.training = self._outer
        if _calls.running and exception[0] is None:
            note_call(_calls.running, self._layer)


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float, np.generic))


def _as_shape(shape: Any) -> Any:
    """Returns a shape from a config, where tuples may have become lists."""
    return None if shape is None else map_shapes(tuple, shape)
