"""`add_weight`, and the initializer, regularizer and constraint arguments of constructors."""

from functools import wraps
from typing import Any

from .. import constraints, initializers, regularizers
from ..argument_checks import is_int
from ..engine import naming
from ..engine.dtypes import is_float, standardize_dtype
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, warn_legacy
from ..graph.operation import check_initialized
from ..tracebacks import Filtered
from ..typing import ConstraintLike, DTypeLike, F, InitializerLike, RegularizerLike, ShapeLike

_KINDS = {"initializer": initializers, "regularizer": regularizers, "constraint": constraints}

# The parameters of `add_weight` in Keras 2, by position.
_OLD_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")


def _takes_name_first(add_weight: F) -> F:
    """Accepts the name of the weight as first argument, as Keras 2 does, with a warning; used as a decorator."""

    @wraps(add_weight)
    def adding(self: "Weights", *args: Any, **kwargs: Any) -> Variable:
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


class Weights(Filtered):
    """The part of `Layer` that creates its weights."""

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
            initializer: A name, a function of shape and dtype, or an array; by default Glorot uniform for
                floating-point dtypes and zeros for all others.
            dtype: The dtype; by default the layer's variable dtype.
            trainable: Whether training updates it.
            autocast: Whether `call` reads it cast to the compute dtype.
            regularizer: Regularizer; its penalty is added to the loss.
            constraint: Constraint applied after each update.
            aggregation: Has no effect: processes that share a training have the same weights.
            overwrite_with_gradient: Whether the optimizer replaces the value by the gradient.
            name: The name: the last component of the weight's path.

        Returns:
            The variable.

        Raises:
            ArgumentError: If the shape has a free size, or an argument is invalid.
            StateError: If the layer is built already.
        """
        check_initialized(self)
        shape = self._weight_shape(shape)
        dtype = self.variable_dtype if dtype is None else standardize_dtype(dtype)
        if initializer is None:
            initializer = "glorot_uniform" if is_float(dtype) else "zeros"
        initializer = initializers.get(initializer)
        regularizer, constraint = regularizers.get(regularizer), constraints.get(constraint)
        # A weight added to a layer of a model later, as by `enable_lora`, has the path of the layer, too.
        own = self.built and self._path and naming.scope_owner() is not self
        with naming.path_scope(self._path) if own else self._scope():
            variable = Variable(initializer, shape, dtype, trainable, autocast, aggregation or "none", name=name)
        variable.regularizer, variable.constraint = regularizer, constraint
        variable.overwrite_with_gradient = bool(overwrite_with_gradient)
        self._weights.append(variable)
        if not self._trainable:
            variable.trainable = False
        return variable

    add_variable = add_weight

    def _remove_weight(self, attribute: str) -> None:
        """Removes a weight that the layer no longer needs, and the attribute that holds it."""
        variable = getattr(self, attribute)
        delattr(self, attribute)
        del self._weights[[each is variable for each in self._weights].index(True)]

    def _declare_weight(self, name: str, initializer: object, regularizer: object, constraint: object) -> None:
        """Stores the `{name}_initializer`, `{name}_regularizer` and `{name}_constraint` of a weight.

        Args:
            name: The prefix of the three arguments of the constructor, such as "kernel".
            initializer: The argument `{name}_initializer`.
            regularizer: The argument `{name}_regularizer`.
            constraint: The argument `{name}_constraint`.
        """
        for (kind, package), value in zip(_KINDS.items(), (initializer, regularizer, constraint), strict=True):
            setattr(self, f"{name}_{kind}", package.get(value))

    def _add_declared_weight(self, name: str, shape: tuple, /, initializer: object = None, **options: Any) -> Variable:
        """Adds a weight with the initializer, regularizer and constraint stored by `_declare_weight`.

        Args:
            name: As in `_declare_weight`; also the name of the weight.
            shape: The shape of the weight.
            initializer: An initializer to use instead of the stored one.
            **options: Further arguments of `add_weight`.
        """
        return self.add_weight(
            shape,
            getattr(self, f"{name}_initializer") if initializer is None else initializer,
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
            **{"name": name, **options},
        )

    def _weight_config(self, *names: str, before_constraints: dict | None = None) -> dict:
        """Returns the initializers, regularizers and constraints of weights as arguments of the constructor.

        Args:
            *names: As in `_declare_weight`. Settings that the layer lacks are left out.
            before_constraints: Other arguments, which Keras lists between the regularizers and the constraints.
        """
        config: dict = {}
        for kind, package in _KINDS.items():
            if kind == "constraint" and before_constraints:
                config |= before_constraints
            for setting in (f"{name}_{kind}" for name in names):
                if hasattr(self, setting):
                    config[setting] = package.serialize(getattr(self, setting))
        return config

    def _weight_shape(self, shape: object) -> tuple:
        shape = () if shape is None else (shape,) if is_int(shape) else tuple(shape)
        if not all(is_int(size, minimum=0) for size in shape):
            raise ArgumentError(f"{self._where()}: all sizes of a weight must be known. Received: shape={shape}")
        return shape
