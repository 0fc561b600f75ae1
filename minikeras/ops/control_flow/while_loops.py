"""Loops whose number of iterations may depend on values, as in `keras.ops`: `while_loop` and `fori_loop`."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ...compiler.control_flow.while_loops import WhileGradient, WhileLoop
from ...engine import tree
from ...engine.body_trace import Body, Recorded, outer_operand, record_body
from ...engine.dispatch import operand
from ...engine.dtypes import dtype_of, is_differentiable
from ...engine.promoting_arrays import as_body_input
from ...engine.registry import op
from ...engine.tensor import Tensor
from ...engine.trace import current_trace
from ...engine.variable import Variable
from ...errors import ArgumentTypeError, NotSupportedError, brief
from ...typing import TensorLike
from ..arithmetic import add
from ..common.arguments import as_value
from ..comparison import less
from ..logic import logical_and
from .backward_bodies import BackwardBody, zeros
from .carry import Carried, check_function
from .hoisting import Hoisted
from .leading_axes import as_symbol, is_symbolic
from .recording import closed, run_recorded
from .scans import scan


@op("core.WhileLoop", settings="cond body maximum_iterations")
def while_loop(
    cond: Callable[..., TensorLike], body: Callable[..., Any], loop_vars: Any, maximum_iterations: int | None = None
) -> Any:
    """Runs a function repeatedly as long as a condition holds.

    In a step, both functions are traced once, and the number of iterations of each run depends on its values. Unlike in
    JAX, the loop is reverse-mode differentiable, to first order.

    Args:
        cond: Called with the loop variables; returns whether to continue, a boolean of shape ().
        body: Called with the loop variables; returns new ones of the same shapes and dtypes.
        loop_vars: The initial values: a tuple or list, which is unpacked to arguments, or any other value.
        maximum_iterations: The maximum number of iterations; None for no limit.

    Returns:
        The final values, in the structure of `loop_vars`; a tuple for a list.

    Raises:
        ArgumentTypeError: If `body` returns values of other shapes or dtypes, or `cond` does not return a
            scalar boolean.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> while_loop(lambda x, y: x < 10, lambda x, y: (x + 1, y + x), (0, 1))
        (array(10, dtype=int32), array(46, dtype=int32))
    """
    check_function("cond", cond)
    check_function("body", body)
    loop = _While(cond, body, loop_vars, maximum_iterations)
    if is_symbolic(loop_vars, maximum_iterations):
        return loop.symbolic()
    trace = current_trace()
    return loop.run_eagerly() if trace is None or trace.unrolls else loop.run()


class _While:
    """A call of `while_loop`."""

    def __init__(self, cond: Callable, body: Callable, loop_vars: Any, maximum: object):
        self._cond, self._body, self._maximum = cond, body, maximum
        self._is_sequence = isinstance(loop_vars, (tuple, list))
        self._structure = tuple(loop_vars) if self._is_sequence else (loop_vars,)
        self._carried = Carried("`while_loop`", "loop_vars", self._structure)

    def _holds(self, values: Sequence) -> object:
        result = as_value(self._cond(*tree.pack_like(self._structure, list(values))))
        if tuple(result.shape) != () or dtype_of(result) != "bool":
            raise ArgumentTypeError(
                f"`while_loop`: `cond` must return a scalar boolean. Received: a value of shape {tuple(result.shape)} "
                f"and dtype {dtype_of(result)}"
            )
        return result

    def _next(self, values: Sequence) -> tuple:
        result = self._body(*tree.pack_like(self._structure, list(values)))
        result = tuple(result) if isinstance(result, (tuple, list)) and self._is_sequence else (result,)
        self._carried.check_structure(result)
        return result

    def _packed(self, values: Sequence) -> Any:
        result = tree.pack_like(self._structure, list(values))
        return result if self._is_sequence else result[0]

    def symbolic(self) -> Any:
        """Returns the symbolic results."""
        values = list(map(as_value, self._carried.first))
        self._holds(values)
        results = tree.flatten(self._next(values))
        return self._packed(map(as_symbol, results)) if self._carried.check(results) else self.symbolic()

    def run_eagerly(self) -> Any:
        """Runs the loop in Python, on arrays, or on the tensors of a trace that unrolls it."""
        values, iteration = list(self._carried.first), 0
        while bool(self._holds(given := list(map(as_body_input, values)))) and not self._is_over(iteration):
            values = [_value(leaf) for leaf in tree.flatten(self._next(given))]
            if not self._carried.check(values):
                return self.run_eagerly()
            iteration += 1
        return self._packed(values)

    def _is_over(self, iteration: int) -> bool:
        return self._maximum is not None and iteration >= self._maximum

    def run(self) -> Any:
        """Records condition and body once, and runs the loop."""
        where, carried = "`while_loop`", self._carried
        count, counter = len(carried.first), [] if self._maximum is None else [np.int32(0)]
        arrays = [*carried.arrays(), *counter]
        iteration = record_body(
            where, lambda values: self._next(values[:count]) + self._counted(values[count:]), arrays
        )
        if not carried.check(iteration.leaves[:count]):
            return self.run()
        test = record_body(where, lambda values: self._holds_below(values[:count], values[count:]), arrays)
        if test.variables:
            raise NotSupportedError("`while_loop`: `cond` cannot assign to variables; do it in `body`.")
        body, of_body = self._closed(iteration, iteration.variables)
        tested, of_test = self._closed(test, iteration.variables)
        loop = WhileLoop(tested, body, len(arrays) + len(iteration.variables))
        starts = [*carried.first, *counter, *map(outer_operand, iteration.variables)]
        wanted = range(loop.carried)
        values = run_recorded(loop, [*starts, *of_body, *of_test], wanted, partial(_vjp, loop))
        for variable, value in zip(iteration.variables, values[len(arrays) :], strict=True):
            variable.assign(value)
        return self._packed(values[:count])

    def _counted(self, counter: Sequence) -> tuple:
        return tuple(add(each, 1) for each in counter)

    def _holds_below(self, values: Sequence, counter: Sequence) -> object:
        """Returns whether to continue, given the condition and the number of iterations."""
        holds = self._holds(values)
        return logical_and(holds, less(counter[0], self._maximum)) if counter else holds

    def _closed(self, recorded: Recorded, variables: Sequence[Variable]) -> tuple[Body, list]:
        """Returns a body that carries variables, without loop-invariant entries, and its additional operands."""
        before = [recorded.start_of(variable) for variable in variables]
        body = recorded.body.of([*recorded.body.parameters, *before], recorded.body.outputs)
        hoisted = Hoisted("`while_loop`", body, {}, dict(zip(before, variables, strict=True)))
        return closed(hoisted.body, hoisted.shared)


def _value(leaf: object) -> "np.ndarray | Tensor":
    value = operand(leaf)
    return value if isinstance(value, Tensor) else np.asarray(value)


def _vjp(loop: WhileLoop, grads: Sequence, outputs: Sequence, *operands: object) -> list:
    """Returns the gradients of the operands: the loop is run again, and keeps residuals of each iteration."""
    parameters = loop.body.parameters
    of = dict(zip(parameters, operands, strict=False))
    pairs = zip(parameters, grads, strict=False)
    last = {each: gradient for each, gradient in pairs if gradient is not None and is_differentiable(each.dtype)}
    back = BackwardBody(loop.body, loop.carried, [], last, {}, large_products=False)
    body, others = closed(back.body, {each: of[each] for each in parameters[loop.carried :]})
    gradient = WhileGradient(loop, back.kept, body, len(back.carry))
    starts = [last.get(each, zeros(each).array) for each in back.cotangents] + [each.array for each in back.sums.before]
    found = run_recorded(gradient, [*operands, *starts, *others], range(len(back.carry)), _no_second_gradient)
    lasts = dict(zip(back.carry, found, strict=True))
    result = {each: lasts[cotangent] for each, cotangent in back.cotangents.items()} | back.sums.totals({}, lasts)
    return [result.get(each) for each in parameters] + [None] * (len(operands) - len(parameters))


def _no_second_gradient(*args: object) -> None:
    raise NotSupportedError(
        "`while_loop` has first-order gradients only. `scan`, and `fori_loop` with Python integers as bounds, have "
        "gradients of any order."
    )


@op("core.ForiLoop", settings="lower upper body_fun")
def fori_loop(lower: TensorLike, upper: TensorLike, body_fun: Callable[[Any, Any], Any], init_val: Any) -> Any:
    """Runs a function for each integer from a lower to an upper bound.

    Args:
        lower: The first integer.
        upper: The integer after the last. If one of the bounds is a traced value, this is a `while_loop`.
        body_fun: Called with the integer and the carry; returns the next carry.
        init_val: The initial carry: a value or nested values.

    Returns:
        The final carry.

    Raises:
        ArgumentTypeError: If a bound is not an integer, or `body_fun` returns a carry of another structure, shape or
            dtype.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> fori_loop(0, 4, lambda i, total: total + i, 0)
        array(6, dtype=int32)
    """
    check_function("body_fun", body_fun)
    bounds = [_bound(each) for each in (lower, upper)]
    if is_symbolic(bounds) or any(isinstance(each, Tensor) for each in bounds):
        start = [*bounds, init_val]
        iteration = lambda i, end, state: (add(i, 1), end, body_fun(i, state))  # noqa: E731
        return while_loop(lambda i, end, state: less(i, end), iteration, start)[2]
    integers = range(*map(int, bounds))
    if current_trace() is None and not is_symbolic(init_val):
        return _eager_fori_loop(integers, body_fun, Carried("`fori_loop`", "init_val", init_val))
    stack = np.arange(integers.start, integers.stop, dtype=bounds[0].dtype)
    return scan(lambda state, i: (body_fun(i, state), None), init_val, stack)[0]


def _bound(value: object) -> object:
    value = value if is_symbolic(value) else operand(value)
    if "int" not in dtype_of(value) or tuple(value.shape) != ():
        raise ArgumentTypeError(f"`fori_loop` expects integers as `lower` and `upper`. Received: {brief(value)}")
    return value


def _eager_fori_loop(integers: range, body_fun: Callable, carried: Carried) -> Any:
    """Runs the loop in Python, on arrays."""
    values = carried.first
    for i in integers:
        result = body_fun(i, carried.packed(map(as_body_input, values)))
        carried.check_structure(result)
        values = [np.asarray(operand(leaf)) for leaf in tree.flatten(result)]
        if not carried.check(values):
            return _eager_fori_loop(integers, body_fun, carried)
    return carried.packed(values)
