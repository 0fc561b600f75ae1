"""Loops as in `keras.ops`: `scan` and `map`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...compiler.control_flow.for_loops import LAST, STACKED, Loop
from ...engine import tree
from ...engine.body_trace import Recorded, outer_operand, record_body
from ...engine.deferred import ValuesNeededError, deferring_trace
from ...engine.dispatch import operand
from ...engine.promoting_arrays import as_body_input, as_plain
from ...engine.registry import op
from ...engine.tensor import Tensor
from ...engine.trace import current_trace
from ...errors import ArgumentError, ArgumentTypeError, brief
from ..common.arguments import as_value
from ..joining import stack
from .carry import Carried, check_function
from .hoisting import Hoisted
from .leading_axes import as_symbol, first_slice, is_symbolic, length_of, stacked_symbol
from .recording import closed
from .scan_gradient import run_loop


@op("core.Scan", settings="length reverse unroll")
def scan(
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,
) -> tuple[Any, Any]:
    """Scans a function over leading axes while carrying along state.

    Args:
        f: Called with the carry and a slice of `xs`; returns a pair of the next carry and a slice of the output.
        init: The initial carry: a value or nested values.
        xs: Values of shape (length, ...), possibly nested; None: `f` is called with None.
        length: The number of iterations; required if `xs` is None.
        reverse: Whether to start with the last slice.
        unroll: How many iterations to unroll; has no effect, since the loop is always run iteration by iteration.

    Returns:
        A pair of the final carry, and the outputs, stacked along a new leading axis.

    Raises:
        ArgumentTypeError: If `f` is not callable, or returns a carry of another structure, shape or dtype.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> scan(lambda total, x: (total + x, total + x), np.array(0), np.array([1, 2, 3]))
        (array(6), array([1, 3, 6]))
    """
    _check_arguments(f, xs, length, unroll)
    length = None if length is None else int(length)
    loop = _Scan("`scan`", f, init, xs, length, reverse)
    if is_symbolic(init, xs):
        return loop.symbolic()
    return loop.run_eagerly() if current_trace() is None and loop.length else loop.run()


@op("core.Map")
def map(f: Callable[[Any], Any], xs: Any) -> Any:
    """Maps a function over the leading axis, one slice at a time.

    Args:
        f: Called with a slice; returns a value or nested values.
        xs: Values of shape (length, ...), possibly nested.

    Returns:
        The results, stacked along a new leading axis.

    Raises:
        ArgumentTypeError: If `f` is not callable.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> map(lambda x: x**2, np.arange(4))
        array([0, 1, 4, 9])
    """
    check_function("f", f)
    return scan(lambda carry, x: (carry, f(x)), (), xs)[1]


def _check_arguments(f: object, xs: object, length: object, unroll: object) -> None:
    check_function("f", f)
    if not isinstance(unroll, bool) and (not isinstance(unroll, int) or unroll < 1):
        raise ArgumentError(f"`unroll` must be a positive integer or a boolean. Received: unroll={brief(unroll)}")
    if length is None and not tree.flatten(xs):
        raise ArgumentError("`scan`: without `xs`, `length` is required. Received: xs=None, length=None")
    if length is not None and length < 0:
        raise ArgumentError(f"`scan` expects a non-negative `length`. Received: length={brief(length)}")


class _Scan:
    """A call of `scan`."""

    def __init__(self, where: str, f: Callable, init: Any, xs: Any, length: int | None, reverse: bool):
        self._where, self._f, self._xs, self._reverse = where, f, xs, bool(reverse)
        self._carried = Carried(where, "init", init)
        self._stacks = [as_value(leaf) if is_symbolic(leaf) else operand(leaf) for leaf in tree.flatten(xs)]
        self._given_length = length
        self.length = length_of(where, self._stacks, length)

    def _call(self, values: Sequence) -> tuple:
        """Calls the function with the leaves of the carry and of the slice."""
        count = len(self._carried.first)
        result = self._f(self._carried.packed(values[:count]), tree.pack_like(self._xs, list(values[count:])))
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise ArgumentTypeError(
                f"{self._where}: the function must return a pair of the carry and a slice of the output. "
                f"Received: {brief(result)}"
            )
        self._carried.check_structure(result[0])
        return tuple(result)

    def symbolic(self) -> tuple:
        """Returns the symbolic results."""
        first = [as_value(each) for each in self._carried.first]
        carry, y = self._call([*first, *(first_slice(each) for each in self._stacks)])
        if not self._carried.check(tree.flatten(carry)):
            return self.symbolic()
        ys = tree.map_structure(lambda leaf: stacked_symbol(leaf, self._stacks, self._given_length), y)
        return tree.map_structure(as_symbol, carry), ys

    def run_eagerly(self) -> tuple:
        """Runs the loop in Python, on arrays."""
        carry, outputs = self._carried.first, []
        iterations = range(self.length)
        for index in reversed(iterations) if self._reverse else iterations:
            given = [as_body_input(value) for value in (*carry, *(each[index] for each in self._stacks))]
            result, y = self._call(given)
            carry = [np.asarray(operand(leaf)) for leaf in tree.flatten(result)]
            if not self._carried.check(carry):
                return self.run_eagerly()
            outputs.append(y)
        columns = zip(*[[as_plain(leaf) for leaf in tree.flatten(y)] for y in outputs], strict=True)
        stacked = [stack(column[::-1] if self._reverse else column) for column in columns]
        return self._carried.packed(carry), tree.pack_like(outputs[-1], stacked)

    def run(self) -> tuple:
        """Records the body once, and runs the loop."""
        first = self._carried.first
        count = len(first)
        recorded = self._recorded()
        results, parameters = recorded.body.outputs, recorded.body.parameters
        if not self._carried.check(results[:count]):
            return self.run()
        end = len(recorded.leaves)
        before = [recorded.start_of(variable) for variable in recorded.variables]
        carry, after, ys = [*parameters[:count], *before], results[:count] + results[end:], results[count:end]
        recorded.body.parameters = [*carry, *parameters[count:]]
        updated = dict(zip(before, recorded.variables, strict=True))
        stacks = dict(zip(parameters[count:], self._stacks, strict=True))
        hoisted = Hoisted(self._where, recorded.body, stacks, updated)
        stacked = [each for each in dict.fromkeys(ys) if each not in hoisted.stacks]
        body = hoisted.body.of([*carry, *hoisted.stacks], [*after, *stacked])
        over = [each for each in hoisted.stacks if each in body.used()]
        body, others = closed(body.of([*carry, *over], body.outputs), hoisted.shared)
        loop = Loop(body, len(carry), len(over), self.length, self._reverse)
        starts = [*first, *(outer_operand(variable) for variable in recorded.variables)]
        wanted = [(each, LAST) for each in carry] + [(each, STACKED) for each in stacked]
        operands = [*starts, *(hoisted.stacks[each] for each in over), *others]
        found = dict(zip(wanted, run_loop(loop, operands, wanted), strict=True))
        for parameter, variable in updated.items():
            variable.assign(found[parameter, LAST])
        hoisted.stacks |= {each: found[each, STACKED] for each in stacked}
        y = tree.pack_like(recorded.result[1], [hoisted.stacks[each] for each in ys])
        return self._carried.packed([found[each, LAST] for each in carry[:count]]), y

    def _recorded(self) -> Recorded:
        """Records the body: by shapes alone if the step is deferred."""
        operands, trace = [*self._carried.first, *self._stacks], deferring_trace()
        if trace is not None:
            forms = [value.form if isinstance(value, Tensor) else value for value in operands]
            try:
                return self._recorded_on(forms, has_values=False)
            except ValuesNeededError:
                trace.materialize()
        arrays = [value.array if isinstance(value, Tensor) else value for value in operands]
        return self._recorded_on(arrays, has_values=True)

    def _recorded_on(self, arrays: list[np.ndarray], has_values: bool) -> Recorded:
        count = len(self._carried.first)
        slices = [_slice(array, self._reverse) for array in arrays[count:]]
        return record_body(self._where, self._call, [*arrays[:count], *slices], has_values)


def _slice(array: np.ndarray, reverse: bool) -> np.ndarray:
    """Returns the slice of the first iteration; zeros if there are no iterations."""
    return array[-1 if reverse else 0] if len(array) else np.zeros(array.shape[1:], array.dtype)
