"""The dispatcher: the same op serves arrays, traced tensors, variables and symbolic tensors."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ArgumentError, ArgumentTypeError, MinikerasError, TraceError, brief
from . import dtypes
from .batch_rules import aligned
from .errstate import call_quietly
from .immutable_arrays import as_output, copied
from .memory_budget import charge_array, is_loading
from .operators import Operators
from .primitive import Primitive, Spec
from .registry import Symbolic
from .shapes_only import is_shapes_only, symbol_for
from .tensor import Tensor
from .trace import CustomVJP, Trace, check_open, current_trace

# numpy's numbers of its own dtypes of numbers; not of strings, objects and dates, and not of dtypes of other packages.
_OF_NUMBERS = frozenset(np.dtype(char).num for char in "?bBhHiIlLqQefdgFDG")

IDENTITY = Primitive(
    "identity",
    lambda x: x,
    view=True,
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: g,),
    batch=aligned,
)


def apply(primitive: Primitive, *inputs: Any, **params: Any) -> Any:
    """Applies a primitive.

    Args:
        primitive: The operation.
        *inputs: Arrays, tensors, variables or symbolic tensors.
        **params: Further parameters of the kernel: constants, never tensors.

    Returns:
        A symbolic tensor if an input is symbolic; a Tensor, recorded in the trace, if an input is traced; else a numpy
        array.
    """
    for value in inputs:
        if type(value) is not np.ndarray or value.dtype.num not in _OF_NUMBERS:
            break
    else:  # the most frequent case outside of traces, where nothing below applies
        if current_trace() is None and not is_shapes_only() and not is_loading():
            return as_output(_compute(primitive, inputs, params))
    operands = []
    trace = None
    is_low = False
    for value in inputs:
        if not isinstance(value, Symbolic):
            value = operand(value)
        if isinstance(value, Symbolic):
            return value.apply(primitive, inputs, params)
        if isinstance(value, Tensor):
            trace = value.trace
        if value.dtype.num not in _OF_NUMBERS:
            if dtypes.low_precision_of(value.dtype) is not None:
                is_low = True
            elif not primitive.takes_text:
                primitive.check_dtypes(*[spec_of(item).dtype for item in inputs])
        operands.append(value)
    if is_low and not primitive.native:
        primitive = primitive.widened()
    if trace is not None:
        return recorded(trace, primitive, tuple(operands), params)
    if is_shapes_only():
        symbol = symbol_for(*primitive.shape(*[spec_of(item) for item in inputs], **params))
        if symbol is not None:
            return symbol
    if is_loading():
        sizes, dtype = primitive.shape(*[spec_of(value) for value in operands], **params)
        charge_array(sizes, dtype, f"The result of `{primitive.name}`")
    array = _compute(primitive, operands, params)
    if primitive.view and hasattr(inputs[0], "read"):
        array = copied(array)  # results must not change when the variable is assigned
    return as_output(array)


def _compute(primitive: Primitive, arrays: Sequence, params: dict) -> np.ndarray:
    try:
        if primitive.computes:
            result = call_quietly(primitive.kernel, arrays, params)
        else:
            result = primitive.kernel(*arrays, **params)
        if type(result) is np.ndarray and (primitive.view or result.flags.c_contiguous):
            return result
        # In C order, as the buffers of a plan: summation in another order would round differently.
        return np.asarray(result, order=None if primitive.view else "C")
    except TypeError as error:
        primitive.check_dtypes(*[dtypes.dtype_of(array) for array in arrays])
        if isinstance(error, MinikerasError):
            raise
        raise ArgumentTypeError(f"`{primitive.name}`: {error}") from error
    except ValueError as error:
        primitive.shape(*[spec_of(array) for array in arrays], **params)  # better errors about shapes
        if isinstance(error, (MinikerasError, np.linalg.LinAlgError)):
            raise
        raise ArgumentError(f"`{primitive.name}`: {error}") from error


def operand(value: object) -> "np.ndarray | Tensor":
    """Returns a value as an operand of a primitive: a Tensor of the open trace, else an array."""
    if isinstance(value, Tensor):
        trace = current_trace()
        if value.trace is trace:
            return value.current()
        if trace is not None and trace.captures is not None:
            return _captured(trace, value)
        check_open(value)
        value.trace.block_replay("a traced tensor was used while tracing was paused")
        value = value.current().array
    if isinstance(value, np.ndarray):
        trace = current_trace()
        if trace is not None and trace.watched:
            value = _watched(trace.outermost, value)
            if isinstance(value, Tensor) and value.trace is not trace:
                value = _captured(trace, value)
        return value if not isinstance(value, np.ndarray) or type(value) is np.ndarray else value.view(np.ndarray)
    if isinstance(value, Operators):  # a Variable, whose class depends on this module
        value = value.read()
        is_outside = isinstance(value, Tensor) and value.trace is not current_trace()
        return operand(value) if is_outside else value  # a stateless scope may hold values of any trace
    return to_array(value)


def _captured(trace: Trace, value: Tensor) -> Tensor:
    """Returns the tensor of a captured value in the trace of a body."""
    return trace.capture(value.current(), Tensor)


def watch(trace: Trace, array: np.ndarray) -> Tensor:
    """Returns the tensor that replaces an array from now on whenever ops in the trace receive it.

    Arrays are compared by identity: results of numpy functions are other arrays, and constants.
    """
    if id(array) not in trace.watched:
        trace.watched[id(array)] = (array, [])  # a reference, so that its id is not reused
    return _watched(trace, array)


def _watched(trace: Trace, array: np.ndarray) -> "np.ndarray | Tensor":
    if id(array) not in trace.watched:
        if array.base is not None and id(array.base) in trace.watched:
            raise TraceError(
                f"A slice or view of a watched array, of shape {array.shape}, was made by numpy, which no tape can "
                "record. Write `x = tape.watch(x)` and index that tensor, or use functions of `minikeras.ops`."
            )
        return array
    tensors = trace.watched[id(array)][1]
    # Like a variable, an array may change while an eager trace runs; each of its values gets its own tensor.
    if not tensors or (trace.eager and not np.array_equal(tensors[-1].array, array)):
        tensors.append(constant(trace, np.array(array) if trace.eager else np.asarray(array)))
    return tensors[-1]


def constant(trace: Trace, array: np.ndarray) -> Tensor:
    """Returns a new tensor in the trace that holds an array."""
    tensor = Tensor(array, trace)
    trace.record(IDENTITY, (array,), {}, tensor)
    return tensor


def to_array(value: object, dtype: object = None) -> np.ndarray:
    """Converts a value to an array; Python floats become `floatx`, Python integers int32.

    Raises:
        ArgumentTypeError: If its elements are not numeric.
    """
    if isinstance(value, np.ndarray) and dtype is None:
        return value
    try:
        array = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(f"Expected numbers or an array. Received: {brief(value)} ({error})") from error
    if not dtypes.is_numeric(array.dtype):
        raise ArgumentTypeError(f"Expected numbers or a numeric array. Received: {brief(value)}")
    if dtype is None and not hasattr(value, "dtype"):
        if array.dtype == np.float64:
            dtype = dtypes.standardize_dtype(None)
        elif array.dtype == np.complex128:
            dtype = "complex64"
        elif array.dtype == np.int64 and (array.size == 0 or -(2**31) <= array.min() <= array.max() < 2**31):
            dtype = "int32"
    return array if dtype is None else array.astype(dtypes.standardize_dtype(dtype), copy=False)


def spec_of(value: object) -> Spec:
    """Returns the shape and dtype of any value."""
    if not hasattr(value, "shape"):
        value = to_array(value)
    return Spec(tuple(value.shape), dtypes.dtype_of(value))


def recorded(trace: Trace, primitive: Primitive, operands: tuple, params: dict) -> Tensor:
    """Returns the result of a call, which is recorded in the open trace.

    Args:
        trace: The trace.
        primitive: The operation.
        operands: Tensors of this trace, and arrays.
        params: The parameters of the primitive.
    """
    operands = tuple(value if isinstance(value, Tensor) else trace.own(value) for value in operands)
    output = trace.defer(primitive, operands, params)
    if output is None:
        output = Tensor(computed(primitive, operands, params), trace)
    trace.record(primitive, operands, params, output)
    if primitive.view:
        _note_alias(trace, operands[0], output)
    return output


def computed(primitive: Primitive, operands: Sequence, params: dict) -> np.ndarray:
    """Returns what a primitive computes.

    Args:
        primitive: The operation.
        operands: Traced values and arrays.
        params: The parameters of the primitive.
    """
    return _compute(primitive, [value.array if isinstance(value, Tensor) else value for value in operands], params)


def _note_alias(trace: Trace, source: object, view: Tensor) -> None:
    variable = source.alias_of if isinstance(source, Tensor) and source.trace is trace else None
    if variable is not None:
        trace.aliases[variable].append(view)
        view.alias_of = variable


def with_gradient(inputs: tuple, forward: Callable, vjp: Callable) -> Any:
    """Computes `forward(*inputs)` with a custom gradient rule.

    Args:
        inputs: The differentiable inputs.
        forward: Computes the output from the inputs, with ops.
        vjp: `vjp(gradient, output, *inputs)` returns a list of the gradients of the inputs.

    Returns:
        The output of `forward`.
    """
    trace = current_trace()
    start = len(trace.entries) if trace is not None else 0
    output = forward(*inputs)
    if isinstance(output, Tensor) and len(output.trace.entries) > start:
        # Reading variables again returns the tensors that `forward` read.
        operands = tuple(operand(value) for value in inputs)
        rule = CustomVJP(operands, (output,), lambda grads, outputs, *inputs: vjp(grads[0], outputs[0], *inputs))
        output.trace.custom_vjps[len(output.trace.entries) - 1] = rule
    return output
