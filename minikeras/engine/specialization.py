"""Specialized ops: what an op computes for given shapes and dtypes, without its Python code.

An op made of other ops spends microseconds on checks, on promotion and on axes, which shapes and dtypes determine. So
an op called outside of traces is traced once for each signature: the shapes, strides and dtypes of its arrays and all
other arguments. From then on, the kernels in the trace are called one after the other, elementwise ones in place where
they can: writing into new memory takes longer than computing.
"""

from collections.abc import Callable
from functools import partial, wraps
from operator import itemgetter, methodcaller
from typing import Any, TypeVar

import numpy as np

from .. import config
from ..tracebacks import filtered
from .dispatch import operand
from .errstate import call_quietly
from .immutable_arrays import copied, returns_plain_arrays
from .memory_budget import is_loading
from .primitive import Primitive
from .registry import names, register
from .shapes_only import is_shapes_only
from .tensor import Tensor
from .trace import Trace, current_trace

_LARGEST = 1 << 22  # elements of all arrays together: from here on, the trace of an op is not worth its memory
_MOST_BYTES = 1 << 16  # of constants that a recipe keeps
_MOST_SIGNATURES = 256  # per op
_CALLS_BEFORE = 2  # tracing takes as long as several calls
_NO_PARAMS: dict = {}
_recipes: dict[str, dict[tuple, Callable]] = {}  # by the name of the op, by signature
_STATIC = frozenset((int, float, bool, str, type(None)))  # types of arguments that belong to the signature
F = TypeVar("F", bound=Callable)


class SpecializingTrace(Trace):
    """A trace that becomes a recipe, in which an operation may have several outputs."""

    def parts_of(self, name: str, kernel: Callable, inputs: tuple, params: dict) -> list[Tensor]:
        """Records an operation with several outputs, and returns these.

        Args:
            name: Its name.
            kernel: Computes the outputs, as a sequence of arrays.
            inputs: Its inputs.
            params: Further parameters of the kernel.
        """
        inputs = tuple(operand(value) for value in inputs)
        parts = call_quietly(kernel, [_array_of(value) for value in inputs], params)
        both = Tensor(parts, self)
        self.record(Primitive(name, kernel, shape=_no_rule), inputs, params, both)
        outputs = [Tensor(np.asarray(part, order="C"), self) for part in parts]
        for index, output in enumerate(outputs):
            self.record(Primitive("part", itemgetter(index), shape=_no_rule), (both,), {}, output)
        return outputs


def _no_rule(*specs: object, **params: object) -> tuple:
    raise NotImplementedError  # recipes do not infer shapes


def _array_of(value: Any) -> Any:
    return value.array if isinstance(value, Tensor) else value


def _recipe_of(constants: list, steps: list[tuple], result: Callable) -> Callable:
    """Returns the function that computes an op for one signature.

    Args:
        constants: Arrays that the op made of shapes and other arguments.
        steps: The calls of kernels: the kernel; what takes its arguments from the list of values, or None if there is
            one; the index of that one. Each appends its result to the list, after the inputs and the constants.
        result: Takes the result of the op from that list.
    """

    def run(*arrays: np.ndarray) -> Any:
        values = [*arrays, *constants]
        append = values.append
        for kernel, pick, only in steps:
            append(kernel(values[only]) if pick is None else kernel(*pick(values)))
        return result(values)

    return run


def specialized(function: F) -> F:
    """Decorator of ops that are specialized for shapes and dtypes, above `op`.

    Their results must depend on nothing but their arguments, `floatx` and `epsilon`, and they must not look at the
    elements of arrays outside of kernels.
    """
    recipes = _recipes[function.__name__] = {}
    calls: dict[tuple, int] = {}  # by signature

    @filtered
    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if current_trace() is not None or is_shapes_only() or is_loading() or not returns_plain_arrays():
            return function(*args, **kwargs)
        parts: list = [config.floatx(), config.epsilon(), *kwargs]
        arrays: list[np.ndarray] = []
        if not _add_parts((*args, *kwargs.values()) if kwargs else args, parts.append, arrays) or not arrays:
            return function(*args, **kwargs)
        signature = tuple(parts)
        recipe = recipes.get(signature)
        if recipe is not None:
            try:
                return call_quietly(recipe, arrays, _NO_PARAMS)
            except Exception:
                return function(*args, **kwargs)  # which raises an error that names what is wrong
        result = function(*args, **kwargs)
        count(signature, args, kwargs)
        return result

    def count(signature: tuple, args: tuple, kwargs: dict) -> None:
        if len(calls) >= _MOST_SIGNATURES:
            calls.clear()
            recipes.clear()
        calls[signature] = calls.get(signature, 0) + 1
        if calls[signature] == _CALLS_BEFORE:
            recipe = _recipe(function, args, kwargs)
            if recipe is not None:
                recipes[signature] = recipe

    register(called)
    return called


def specialized_names() -> list[str]:
    """Returns the sorted names of all specialized ops."""
    return [name for name in names() if name in _recipes]


def recipes_of(name: str) -> dict[tuple, Callable]:
    """Returns the recipes of an op by signature; empty if it is not specialized.

    Args:
        name: The name of the op.
    """
    return _recipes.get(name, {})


def _add_parts(values: tuple | list, append: Callable[[Any], None], arrays: list[np.ndarray]) -> bool:
    """Appends the parts of a signature, and the arrays; returns whether all values are arrays or of static types."""
    for value in values:
        kind = type(value)
        if kind is np.ndarray:
            append(value.dtype)
            append(value.shape)
            append(value.strides)
            arrays.append(value)
        elif kind in _STATIC:
            append(kind)
            append(value if value or kind is not float else repr(value))  # 0.0 equals -0.0
        elif kind is list or kind is tuple:
            append(kind)
            append(len(value))
            if not _add_parts(value, append, arrays):
                return False
        else:
            return False
    return True


def _recipe(function: Callable, args: tuple, kwargs: dict) -> Callable | None:
    """Traces an op; returns None if it does not depend on arrays alone, or if the arrays are large."""
    inputs: list[Tensor] = []
    trace = SpecializingTrace()
    with trace:
        args, kwargs = _traced(args, trace, inputs), _traced(kwargs, trace, inputs)
        if not inputs or sum(tensor.size for tensor in inputs) > _LARGEST:
            return None
        result = function(*args, **kwargs)
    outputs = list(result) if type(result) in (tuple, list) else [result]
    is_pure = all(isinstance(each, Tensor) for each in outputs) and not trace.reads and trace.replay_blocker is None
    if not is_pure or any(entry.output is None or entry.primitive.effect for entry in trace.entries):
        return None
    return _Compiler(trace, inputs).recipe(outputs, type(result))


def _traced(value: Any, trace: Trace, inputs: list[Tensor]) -> Any:
    """Returns an argument with tensors of the trace in place of arrays."""
    if type(value) is np.ndarray:
        inputs.append(Tensor(value, trace))
        return inputs[-1]
    if type(value) is dict:
        return {name: _traced(each, trace, inputs) for name, each in value.items()}
    return type(value)(_traced(each, trace, inputs) for each in value) if type(value) in (tuple, list) else value


class _Compiler:
    """Turns the trace of an op into a recipe."""

    def __init__(self, trace: Trace, inputs: list[Tensor]):
        self._trace = trace
        self._inputs = inputs
        self._aliases: dict[int, Any] = {}  # by id: what has the same elements, strides included
        self._wholes: dict[int, Any] = {}  # by id of a view: the array that it shows in another shape
        self._calls: list[tuple] = []  # kernel, inputs, output
        self._into: dict[int, Callable] = {}  # by id of an output: the kernel with an array to write into
        self._own: set[int] = set()  # by id: new arrays, which no view shows

    def recipe(self, outputs: list[Tensor], kind: type) -> Callable | None:
        """Returns the function that computes the given outputs; None if it would keep large constants."""
        for entry in self._trace.entries:
            self._add(entry)
        given = [*self._inputs, *self._constants_of(self._calls)]
        outputs = [self._delivered(self._root(each), given) for each in outputs]
        calls = _needed(self._calls, outputs)
        constants = self._constants_of(calls)
        if sum(array.nbytes for array in constants) > _MOST_BYTES:
            return None
        if len(calls) == 1 and kind is Tensor and [*map(id, calls[0][1])] == [*map(id, self._inputs)]:
            return calls[0][0]
        values = [*self._inputs, *constants, *(output for _, _, output in calls)]
        places = {id(each): place for place, each in enumerate(values)}
        steps = []
        for kernel, inputs, _ in self._in_place(calls, outputs):
            indices = [places[id(each)] for each in inputs]
            steps.append((kernel, None if len(indices) == 1 else itemgetter(*indices), indices[0]))
        return _recipe_of(constants, steps, _result(kind, [places[id(each)] for each in outputs]))

    def _in_place(self, calls: list[tuple], outputs: list) -> list[tuple]:
        """Returns the calls; one takes an array that no other one needs as its last input, to write into it."""
        last = {id(each): number for number, (_, inputs, _) in enumerate(calls) for each in inputs}
        last.update((id(each), len(calls)) for each in outputs)
        found = []
        for number, (kernel, inputs, output) in enumerate(calls):
            into = self._into.get(id(output))
            for each in inputs if into is not None else ():
                if id(each) in self._own and last[id(each)] == number and _is_alike(each.array, output.array):
                    kernel, inputs = into, [*inputs, each]
                    break
            found.append((kernel, inputs, output))
        return found

    def _constants_of(self, calls: list[tuple]) -> list[np.ndarray]:
        found = {id(each): each for _, inputs, _ in calls for each in inputs if not isinstance(each, Tensor)}
        return list(found.values())

    def _root(self, value: Any) -> Any:
        return self._aliases.get(id(value), value)

    def _add(self, entry: Any) -> None:
        """Appends the call of an entry. Views that only change the shape are views of what they show."""
        output, inputs = entry.output, [self._root(each) for each in entry.inputs]
        if not entry.primitive.view:
            self._calls.append((_kernel(entry), inputs, output))
            self._note_memory(entry, inputs)
        elif _is_same_view(output.array, _array_of(inputs[0])):
            self._aliases[id(output)] = inputs[0]
        else:
            whole = self._wholes.get(id(inputs[0]), inputs[0])
            self._own.discard(id(whole))
            if _is_reshaped(output.array, _array_of(whole)):
                self._wholes[id(output)] = whole
                self._calls.append((methodcaller("reshape", output.shape), [whole], output))
            else:
                self._calls.append((_kernel(entry), inputs, output))

    def _note_memory(self, entry: Any, inputs: list) -> None:
        """Notes whether the output of an entry may be written into, and whether it may be written elsewhere."""
        output = entry.output
        if not isinstance(output.array, np.ndarray):
            return
        arrays = [each for each in inputs if isinstance(_array_of(each), np.ndarray)]
        shared = [each for each in arrays if np.may_share_memory(_array_of(each), output.array)]
        self._own.difference_update(map(id, shared))
        if entry.primitive.elementwise and output.array.ndim and not shared:
            self._own.add(id(output))
            if entry.primitive.has_out:
                self._into[id(output)] = _kernel_into(entry)

    def _delivered(self, output: Tensor, given: list) -> Tensor:
        """Returns an output, or a copy if it shares memory with inputs or constants."""
        if not any(np.may_share_memory(_array_of(output), _array_of(each)) for each in given):
            return output
        copy = Tensor(output.array, self._trace)
        self._calls.append((copied, [output], copy))
        return copy


def _result(kind: type, places: list[int]) -> Callable:
    if kind is not tuple and kind is not list:
        return itemgetter(places[0])
    return itemgetter(*places) if kind is tuple and len(places) > 1 else partial(_picked, kind, places)


def _picked(kind: type, places: list[int], values: list) -> Any:
    return kind(values[place] for place in places)


def _needed(calls: list[tuple], outputs: list) -> list[tuple]:
    """Returns the calls that the outputs depend on."""
    needed, kept = {id(each) for each in outputs}, []
    for call in reversed(calls):
        if id(call[2]) in needed:
            needed.update(id(each) for each in call[1])
            kept.append(call)
    return kept[::-1]


def _is_same_view(array: np.ndarray, other: np.ndarray) -> bool:
    same = array.shape == other.shape and array.strides == other.strides and array.dtype == other.dtype
    return same and array.ctypes.data == other.ctypes.data


def _is_reshaped(array: np.ndarray, whole: np.ndarray) -> bool:
    """Returns whether an array shows all elements of another one in the same order; both are contiguous."""
    contiguous = array.flags.c_contiguous and whole.flags.c_contiguous and array.dtype == whole.dtype
    return contiguous and array.size == whole.size and array.ctypes.data == whole.ctypes.data


def _is_alike(array: np.ndarray, other: np.ndarray) -> bool:
    return array.shape == other.shape and array.dtype == other.dtype and array.strides == other.strides


def _kernel_into(entry: Any) -> Callable:
    """Returns the kernel of an entry as a function of its inputs and an array to write into."""
    kernel = entry.primitive.kernel
    if isinstance(kernel, np.ufunc) and kernel not in (np.maximum, np.minimum):  # two ufuncs deprecate it
        return kernel
    return partial(_written, partial(kernel, **entry.params))


def _written(kernel: Callable, *arrays: np.ndarray) -> np.ndarray:
    return kernel(*arrays[:-1], out=arrays[-1])


def _kernel(entry: Any) -> Callable:
    """Returns a kernel that computes an entry from its inputs, to an array in C order unless it is a view."""
    primitive: Primitive = entry.primitive
    arrays = [_array_of(each) for each in entry.inputs]
    kernel = primitive.kernel_for(arrays, entry.params)
    raw = call_quietly(kernel, arrays, _NO_PARAMS)
    if not isinstance(entry.output.array, np.ndarray):
        return kernel  # of several outputs
    if type(raw) is np.ndarray and (primitive.view or raw.flags.c_contiguous):
        return kernel
    return partial(_in_order, kernel, None if primitive.view else "C")


def _in_order(kernel: Callable, order: str | None, *arrays: np.ndarray) -> np.ndarray:
    return np.asarray(kernel(*arrays), order=order)
