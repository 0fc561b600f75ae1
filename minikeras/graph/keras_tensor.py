"""Symbolic values: shape and dtype without data. Models are built from them."""

import operator
from collections.abc import Callable, Iterator
from math import ceil, floor, trunc
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.dispatch import spec_of
from ..engine.dtypes import standardize_dtype
from ..engine.memory_budget import MOST_AXES, charge_symbol
from ..engine.naming import unique_name
from ..engine.operators import Operators
from ..engine.primitive import Primitive, Spec
from ..engine.registry import Symbolic, call, find
from ..engine.shapes_only import is_small, shapes_only
from ..errors import ArgumentTypeError, MinikerasError, NotSupportedError, ShapeError, StateError, brief
from ..typing import DTypeLike, Shape, ShapeLike
from .operation import FunctionOperation, KerasHistory, Node, is_recording, paused_recording, record
from .stand_in_sizes import COUNT, common, filled, reads_of, turn_to_read

_NUMBERS = (bool, int, float)


class KerasTensor(Symbolic, Operators):
    """A value of which only shape and dtype are known.

    Args:
        shape: The sizes of the axes; None for a free size, such as that of the batch.
        dtype: The type of the elements.
        sparse: Only False: minikeras has no sparse tensors.
        ragged: Only False: minikeras has no ragged tensors.
        record_history: Only True: operations on it are always recorded in the graph.
        name: Its name; generated if None.

    Raises:
        NotSupportedError: For a sparse or a ragged tensor.

    Source: https://keras.io/api/models/model_training_apis/

    Example:
        >>> KerasTensor((None, 3), name="x")
        <KerasTensor shape=(None, 3), dtype=float32, sparse=False, ragged=False, name=x>
    """

    ragged_rank = row_splits_dtype = None  # those of a ragged tensor, as a tensor that is none has them in Keras
    _keras_history: KerasHistory | None = None
    _keras_mask: "KerasTensor | None" = None
    _stand_ins: tuple[tuple[int, ...], ...] | None = None
    _sizes: "tuple[Size, ...] | None" = None

    def __init__(
        self,
        shape: ShapeLike,
        dtype: DTypeLike = "float32",
        sparse: bool = False,
        ragged: bool = False,
        record_history: bool = True,
        name: str | None = None,
    ):
        for argument, given, only in (
            ("sparse", sparse, False),
            ("ragged", ragged, False),
            ("record_history", record_history, True),
        ):
            if bool(given) is not only:
                raise NotSupportedError(
                    f"KerasTensor: `{argument}` can only be {only}. Received: {argument}={brief(given)}"
                )
        charge_symbol()
        self.shape: Shape = tuple(shape)
        if len(self.shape) > MOST_AXES:
            raise ShapeError(f"KerasTensor: arrays have up to {MOST_AXES} axes. Received: {len(self.shape)} axes")
        self.dtype = standardize_dtype(dtype)
        self.sparse = self.ragged = False
        # Values inside an operation get a name only if they become its outputs.
        self.name = name or (unique_name("keras_tensor") if is_recording() else None)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def twin(self) -> "KerasTensor":
        """Returns a new symbolic value of the same shape and dtype."""
        return self.in_type(self.dtype)

    def in_type(self, dtype: object) -> "KerasTensor":
        """Returns a new symbolic value of the same shape, with another dtype."""
        return KerasTensor(self.shape, dtype).with_stand_ins(self._stand_ins)

    def with_stand_ins(self, shapes: tuple[tuple[int, ...], ...] | None) -> "KerasTensor":
        """Sets the shapes in the runs with stand-in sizes, if not the default ones; returns the value itself."""
        is_usual = shapes is None or all(shapes[turn] == filled(self.shape, turn) for turn in range(COUNT))
        self._stand_ins = None if is_usual else shapes
        return self

    def has_sizes_of(self, other: "KerasTensor") -> bool:
        """Whether the shape equals that of another value, also in the runs with stand-in sizes."""
        return self.shape == other.shape and self._stand_ins == other._stand_ins

    @property
    def has_usual_sizes(self) -> bool:
        """Whether free sizes have the default stand-in sizes, those of the inputs of models."""
        return self._stand_ins is None

    def stand_in_shape(self, turn: int) -> tuple[int, ...]:
        """Returns the shape in one of the runs with stand-in sizes."""
        return filled(self.shape, turn, None if self._stand_ins is None else self._stand_ins[turn])

    def sizes(self) -> tuple:
        """Returns the sizes of the axes as integers; free ones are symbolic."""
        return tuple(
            size if known is None else known for size, known in zip(self._own_sizes(), self.shape, strict=True)
        )

    def note_sizes(self, operation: FunctionOperation) -> tuple:
        """Records the node of an operation whose outputs are the sizes of this value; returns them."""
        Node(operation, (self,), {}, self._own_sizes())
        return self._own_sizes()

    def _own_sizes(self) -> "tuple[Size, ...]":
        if self._sizes is None:
            columns = zip(*[self.stand_in_shape(turn) for turn in range(COUNT)], strict=True)
            self._sizes = tuple(Size(values, source=self) for values in columns)
        return self._sizes

    def take_over(self, function: Callable, args: tuple, kwargs: dict) -> Any:
        """Records the call of an op on this value as a node, and returns its symbolic outputs."""
        return record(function, args, kwargs)

    def apply(self, primitive: Primitive, inputs: tuple, params: dict) -> "KerasTensor":
        """Returns the symbolic result of a primitive."""
        specs = [spec_of(value) for value in inputs]
        shape, dtype = primitive.shape(*specs, **params)
        primitive.check_dtypes(*[spec.dtype for spec in specs])
        output = KerasTensor(shape, dtype)
        if None not in shape:
            return output
        first = inputs[0]
        if primitive.elementwise and isinstance(first, KerasTensor) and first.shape == shape:
            return output.with_stand_ins(first._stand_ins)
        return output.with_stand_ins(
            tuple(_stand_in_shape(primitive, inputs, params, shape, turn) for turn in range(COUNT))
        )

    def compute(self, function: Callable, args: tuple, kwargs: dict) -> Any:
        """Calls a function of `ops` in each run with stand-in sizes."""
        results, errors = {}, []
        for turn in range(COUNT):
            # Shapes that fit only while they are free (unlike 168 and 5) stay free: all, or those of batches, of which
            # images have one that another argument may determine, while height and width must be numbers.
            for start in (0, None, 1):
                given = tree.map_structure(
                    lambda leaf, start=start, turn=turn: _given(leaf, turn, start), (args, kwargs)
                )
                try:
                    with shapes_only(KerasTensor):
                        results[turn] = function(*given[0], **given[1])
                    break
                except Exception as error:
                    errors.append(error)
        if len(results) < 2:  # a single result does not show which sizes are free
            filled_error, error = errors[:2]
            is_vague = type(error) is TypeError  # Python's own, as in a comparison of None with a number
            raise filled_error if is_vague and isinstance(filled_error, MinikerasError) else error
        return _joined(results)

    def describe(self, call: Callable, args: tuple, kwargs: dict) -> Any:
        """Returns the symbolic outputs of a user-defined function, in which Python may read free sizes as integers."""
        results, errors = {}, []
        for turn in range(COUNT):
            with reads_of(turn) as reads:
                try:
                    results[turn] = tree.map_structure(_as_symbolic, call(*args, **kwargs))
                except Exception as error:  # the other stand-in sizes may still work
                    if not reads.happened:
                        raise
                    errors.append(error)
            if not reads.happened:
                return results[turn]
        if len(results) < 2:  # a single result does not show which sizes are free
            raise errors[0]
        return _joined(results)

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse=False, ragged=False, name={self.name}>"

    def read(self) -> None:
        """Raises an error: there is no array."""
        raise StateError(f"{self!r} is symbolic: it has a shape but no values to compute with.")

    def __array__(self, dtype=None, copy=None):
        raise StateError(
            f"{self!r} is symbolic: it has a shape but no values, so it cannot be converted to a numpy array. "
            "Use a function of `minikeras.ops`, or call the model on data."
        )

    def __bool__(self) -> bool:
        raise StateError(f"{self!r} is symbolic and has no truth value. Use `minikeras.ops.where` instead of `if`.")

    def __int__(self) -> int:
        raise self._no_number()

    def __float__(self) -> float:
        raise self._no_number()

    def _no_number(self) -> ArgumentTypeError:
        return ArgumentTypeError(
            f"{self!r} is symbolic: it has no value yet, but a number known while the graph is built is needed here. "
            "Pass a Python number, or compute with it in the `call` of a layer."
        )

    # Iterating would never end on a free axis, and `in` would compare symbols.
    def __iter__(self):
        raise StateError(f"{self!r} is symbolic and cannot be iterated over.")

    # Identity, as in Keras, so that `in` and `index` find it in a list; `!=` compares elements nevertheless.
    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class Size(KerasTensor):
    """A free size, or a number computed from sizes alone.

    Inside a layer's `call`, Python may use it like any number: then it reads stand-in sizes. In a graph it represents
    the size in each run.

    Args:
        values: Its value for each of the stand-in sizes: numbers, or small arrays.
        source: The value that it is a size of; None if it is computed.
    """

    _history: KerasHistory | None = None

    def __init__(self, values: tuple, source: KerasTensor | None = None):
        if not _are_numbers(values):
            values = [np.asarray(value).view(np.ndarray) for value in values]
        self._source = source
        shapes = tuple(np.shape(value) for value in values)
        with paused_recording(source is not None or not is_recording()):  # the node that uses it names it
            super().__init__(common(shapes), _type_of(values[0]))
        self.values, self._stand_ins = tuple(values), shapes

    # The sizes of a value are recorded when one of them is used in the graph.
    @property
    def _keras_history(self) -> KerasHistory | None:
        if self._history is None and self._source is not None and is_recording():
            self._source.note_sizes(FunctionOperation(find("shape").__wrapped__, {}))
        return self._history

    @_keras_history.setter
    def _keras_history(self, history: KerasHistory) -> None:
        self._history = history

    def twin(self) -> "Size":
        """Returns a new size with these values."""
        return Size(self.values)

    # ---------------------------------------------------------------- as a Python number

    def _read(self) -> Any:
        turn = turn_to_read()
        if turn is None:
            raise StateError(
                "The size of a free axis is not known while a graph is built, so Python cannot use it as a "
                "number. Pass it to functions of `minikeras.ops`, or read it inside the `call` of a layer."
            )
        return self.values[turn]

    def __repr__(self) -> str:
        return "None" if self._source is not None else super().__repr__()  # as a free size in a printed `shape`

    def __format__(self, spec: str) -> str:
        return format(self._read(), spec) if spec else repr(self)

    def __array__(self, dtype=None, copy=None):
        return np.array(self._read(), dtype=dtype)

    def __bool__(self) -> bool:
        return bool(self._read())

    def __int__(self) -> int:
        return int(self._read())

    def __float__(self) -> float:
        return float(self._read())

    def __index__(self) -> int:
        return operator.index(self._read())

    def __iter__(self) -> Iterator:
        return (self[index] for index in range(len(self)))

    def __round__(self, digits: int | None = None) -> Any:
        return self._reckon("round", lambda value: round(value, digits))

    def __trunc__(self) -> Any:
        return self._reckon("trunc", trunc)

    def __floor__(self) -> Any:
        return self._reckon("floor", floor)

    def __ceil__(self) -> Any:
        return self._reckon("ceil", ceil)

    def _reckon(self, name: str, function: Callable, *operands: Any) -> Any:
        """Computes in Python if all operands are numbers in a `call`; otherwise calls the op of that name."""
        operands = operands or (self,)
        if any(isinstance(operand, (list, tuple, str)) for operand in operands):
            return NotImplemented  # `[0] * size`
        values = [operand.values if isinstance(operand, Size) else (operand,) * COUNT for operand in operands]
        if is_recording() or not all(map(_are_numbers, values)):
            return call(name, *operands)
        return Size(tuple(function(*turn) for turn in zip(*values, strict=True)))

    def __add__(self, other):
        return self._reckon("add", operator.add, self, other)

    def __radd__(self, other):
        return self._reckon("add", operator.add, other, self)

    def __sub__(self, other):
        return self._reckon("subtract", operator.sub, self, other)

    def __rsub__(self, other):
        return self._reckon("subtract", operator.sub, other, self)

    def __mul__(self, other):
        return self._reckon("multiply", operator.mul, self, other)

    def __rmul__(self, other):
        return self._reckon("multiply", operator.mul, other, self)

    def __truediv__(self, other):
        return self._reckon("true_divide", operator.truediv, self, other)

    def __rtruediv__(self, other):
        return self._reckon("true_divide", operator.truediv, other, self)

    def __floordiv__(self, other):
        return self._reckon("floor_divide", operator.floordiv, self, other)

    def __rfloordiv__(self, other):
        return self._reckon("floor_divide", operator.floordiv, other, self)

    def __mod__(self, other):
        return self._reckon("mod", operator.mod, self, other)

    def __rmod__(self, other):
        return self._reckon("mod", operator.mod, other, self)

    def __divmod__(self, other):
        return self // other, self % other

    def __rdivmod__(self, other):
        return other // self, other % self

    def __pow__(self, other):
        return self._reckon("power", operator.pow, self, other)

    def __rpow__(self, other):
        return self._reckon("power", operator.pow, other, self)

    def __neg__(self):
        return self._reckon("negative", operator.neg)

    def __pos__(self):
        return self

    def __abs__(self):
        return self._reckon("absolute", abs)

    def __lt__(self, other):
        return self._reckon("less", operator.lt, self, other)

    def __le__(self, other):
        return self._reckon("less_equal", operator.le, self, other)

    def __gt__(self, other):
        return self._reckon("greater", operator.gt, self, other)

    def __ge__(self, other):
        return self._reckon("greater_equal", operator.ge, self, other)

    # In a `call`, numbers are compared. In a graph, a free size equals any size computed in the same way, and None,
    # which# is its entry in `shape`.
    def __eq__(self, other):
        if not is_recording():
            return other is not None and self._reckon("equal", operator.eq, self, other)
        if other is None:
            return self._source is not None
        return isinstance(other, Size) and all(map(np.array_equal, self.values, other.values))

    def __ne__(self, other):
        if not is_recording():
            return other is None or self._reckon("not_equal", operator.ne, self, other)
        return not self == other

    def __hash__(self) -> int:
        return hash(self.values[0]) if _are_numbers(self.values) else object.__hash__(self)


# ---------------------------------------------------------------- runs with stand-in sizes


def stand_in_shape(value: Any, turn: int) -> tuple[int, ...]:
    """Returns the shape of a value in one of the runs."""
    return value.stand_in_shape(turn) if isinstance(value, KerasTensor) else tuple(value.shape)


def _type_of(value: Any) -> Any:
    if not isinstance(value, _NUMBERS):
        return value.dtype
    return "bool" if isinstance(value, bool) else "int32" if isinstance(value, int) else None


def _are_numbers(values: tuple) -> bool:
    return all(isinstance(value, _NUMBERS) for value in values)


def _given(leaf: Any, turn: int, start: int | None) -> Any:
    """Returns an argument of an op for one of the runs, with stand-in sizes from an axis on; None: with free sizes."""
    if isinstance(leaf, Size):
        return leaf.values[turn]
    if start is None or not isinstance(leaf, KerasTensor):
        return leaf
    return KerasTensor((*leaf.shape[:start], *leaf.stand_in_shape(turn)[start:]), leaf.dtype)


def _as_symbolic(leaf: Any) -> Any:
    """Returns a result of a `call` as a symbolic output; it may be an array that does not depend on the inputs."""
    if isinstance(leaf, Size):
        return leaf.twin()
    is_constant = isinstance(leaf, np.ndarray) or (isinstance(leaf, Operators) and not isinstance(leaf, Symbolic))
    return KerasTensor(leaf.shape, leaf.dtype) if is_constant else leaf


def _joined(results: dict[int, Any]) -> Any:
    """Returns the outputs; sizes that differ between the runs are free.

    Args:
        results: The outputs by turn: for each of the stand-in sizes.
    """
    first = next(iter(results.values()))
    columns = [tree.flatten(result) for result in results.values()]
    if len({len(column) for column in columns}) > 1:
        raise ShapeError("The number of outputs depends on the size of a free axis. Expected a fixed number.")
    leaves = [_joined_leaf(dict(zip(results, leaves, strict=True))) for leaves in zip(*columns, strict=True)]
    return tree.pack_like(first, leaves)


def _joined_leaf(leaves: dict[int, Any]) -> Any:
    values = [leaf.values[turn] if isinstance(leaf, Size) else leaf for turn, leaf in leaves.items()]
    if all(isinstance(value, (np.ndarray, np.generic, *_NUMBERS)) for value in values):
        if len(values) == COUNT and all(is_small(np.shape(value)) for value in values):
            return Size(tuple(values))
    shapes = [np.shape(value) if isinstance(value, _NUMBERS) else tuple(value.shape) for value in values]
    ranks = {len(shape) for shape in shapes}
    if len(ranks) > 1:
        raise ShapeError(f"The number of axes depends on the size of a free axis. Received: shapes {shapes}")
    known = {
        turn: leaf.stand_in_shape(turn) if isinstance(leaf, KerasTensor) else shape
        for (turn, leaf), shape in zip(leaves.items(), shapes, strict=True)
    }
    shape = common(shapes)
    dtype = next(iter(leaves.values())).dtype
    stand_ins = tuple(filled(shape, turn, known.get(turn)) for turn in range(COUNT))
    return KerasTensor(shape, dtype).with_stand_ins(stand_ins)


def _stand_in_shape(primitive: Primitive, inputs: tuple, params: dict, shape: tuple, turn: int) -> tuple:
    specs = [
        Spec(each.stand_in_shape(turn), each.dtype) if isinstance(each, KerasTensor) else spec_of(each)
        for each in inputs
    ]
    try:
        known = primitive.shape(*specs, **params)[0]
    except Exception:  # shapes that fit only while they are free, or an index beyond a tiny size
        known = shape
    return filled(shape, turn, known)
