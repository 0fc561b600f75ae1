"""Bodies: one iteration of a loop, or a branch, recorded once.

A body is closed: values captured from outside become operands of the loop or branches that run it. So it can be run on
other values any number of times, and differentiated long after it was recorded.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from . import tree
from .deferred import DeferredBodyTrace
from .dispatch import constant, operand
from .scopes import StatelessScope, computing_in, local
from .tensor import Tensor
from .trace import BodyTrace, CustomVJP, Entry
from .variable import Variable


@dataclass(eq=False, repr=False)
class Body:
    """A recorded computation on parameters, like a jaxpr.

    Attributes:
        trace: The trace that its values belong to.
        parameters: The tensors of its arguments.
        entries: The recorded calls.
        custom_vjps: By the index of their last entry, the ranges with a custom gradient rule.
        outputs: The results.
    """

    trace: BodyTrace
    parameters: list[Tensor]
    entries: list[Entry]
    custom_vjps: dict[int, CustomVJP]
    outputs: list[Tensor]

    @contextmanager
    def extended(self) -> Iterator[BodyTrace]:
        """Reopens the trace: entries recorded inside the block are appended to those of the body."""
        self.trace.entries, self.trace.custom_vjps = list(self.entries), dict(self.custom_vjps)
        with self.trace:
            yield self.trace

    def of(self, parameters: list[Tensor], outputs: list[Tensor]) -> "Body":
        """Returns a body with the same entries, but other parameters and outputs."""
        return replace(self, parameters=parameters, outputs=outputs)

    def used(self) -> set[Tensor]:
        """Returns all tensors that the entries, rules and results refer to."""
        units = [*self.entries, *self.custom_vjps.values()]
        return {*self.outputs, *(value for unit in units for value in unit.inputs if isinstance(value, Tensor))}

    def sources(self) -> dict[Tensor, object]:
        """Returns the captured values that are used, by their tensors, without parameters."""
        found = {inner: outer for outer, inner in self.trace.captures.items()}
        found |= {inner: variable for variable, reads in self.trace.past_reads.items() for inner in reads}
        used = self.used().difference(self.parameters)
        return {inner: outer for inner, outer in found.items() if inner in used}


@dataclass(eq=False, repr=False)
class Recorded:
    """The recording of a function.

    Attributes:
        body: Its computation; the outputs are the leaves of the result, then the new values of variables.
        result: The returned structure; its leaves are irrelevant.
        leaves: The leaves of the result.
        variables: The variables that it assigned to.
    """

    body: Body
    result: object
    leaves: list[Tensor]
    variables: list[Variable]
    _starts: dict[int, Tensor]

    def start_of(self, variable: Variable) -> Tensor:
        """Returns the tensor of the value that a variable had before."""
        trace = self.body.trace
        start = self._starts.get(id(variable), trace.reads.get(variable))
        return Tensor(variable.buffer, trace) if start is None else start


def record_body(where: str, function: Callable, arguments: Sequence[np.ndarray], has_values: bool = True) -> Recorded:
    """Records a function.

    Args:
        where: The name of the op that will run the body, for error messages.
        function: Called with the list of the tensors of the arguments; returns nested values.
        arguments: Example arrays.
        has_values: Whether the function is run on them; otherwise only their shapes and dtypes count.

    Raises:
        TraceError: If Python reads a traced value in it.
        ValuesNeededError: If it cannot be recorded without values.
    """
    outer = {} if local.stateless is None else local.stateless.values
    with (BodyTrace if has_values else DeferredBodyTrace)(where) as trace, StatelessScope() as scope:
        parameters = [Tensor(np.asarray(argument), trace, not has_values) for argument in arguments]
        starts = {}
        for key, (variable, value) in outer.items():
            array = value.array if isinstance(value, Tensor) else np.asarray(value)
            starts[key] = Tensor(array, trace)
            trace.past_reads[variable] = [starts[key]]
            scope.add_update((variable, starts[key]))
        result = function(parameters)
        leaves = [as_tensor(trace, leaf) for leaf in tree.flatten(result)]
        updates = [update for key, update in scope.values.items() if update[1] is not starts.get(key)]
        outputs = [*leaves, *(as_tensor(trace, value) for _, value in updates)]
        body = Body(trace, parameters, trace.entries, trace.custom_vjps, outputs)
    return Recorded(body, result, leaves, [variable for variable, _ in updates], starts)


def as_tensor(trace: BodyTrace, value: object) -> Tensor:
    """Returns a value as a tensor of the body that is being recorded."""
    value = operand(value)
    return value if isinstance(value, Tensor) else constant(trace, value)


def outer_operand(value: object) -> "np.ndarray | Tensor":
    """Returns a captured value as an operand where the body is run: a variable's own value, without casts."""
    if not isinstance(value, Variable):
        return operand(value)
    with computing_in(None):
        return operand(value)
