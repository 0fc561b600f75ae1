"""The backward body of a loop: what its gradient computes in each iteration."""

from collections.abc import Iterable, Sequence

import numpy as np

from ...engine.body_trace import Body, as_tensor
from ...engine.dispatch import constant
from ...engine.dtypes import is_differentiable
from ...engine.gradients import dependents, pull_back
from ...engine.registry import call
from ...engine.tensor import Tensor
from ...engine.trace import BodyTrace, Entry
from .recording import subset
from .time_sums import Sums


class BackwardBody:
    """The backward body of a loop, which runs from the last iteration to the first.

    It carries the cotangents of the carry, and the accumulated gradients of loop-invariant values. Residuals of the
    forward iterations are passed to it; only views are recomputed.

    Args:
        body: The body of the loop. Its outputs begin with the next carries.
        carried: How many of its parameters are carried.
        over: The parameters that are scanned over.
        last: The carries whose final values have gradients.
        seeds: By the tensor of its gradient, each tensor that has a gradient in every iteration.
        large_products: Whether products may be computed after the loop, from values stacked along time.

    Attributes:
        cotangents: By carry, the tensor of its gradient after an iteration.
        grads: By parameter of the loop, its gradient in an iteration, unless it is zero.
        sums: The gradients of loop-invariant values.
        kept: The residuals: tensors of the loop whose values in each iteration are needed.
        given: The scanned-over parameters: the residuals, `over` and `seeds`, as far as they are needed.
        stacked: The tensors whose values in each iteration are needed afterwards.
        body: The backward body. Its parameters are its carries, then `given`.
    """

    def __init__(
        self,
        body: Body,
        carried: int,
        over: Sequence[Tensor],
        last: Iterable[Tensor],
        seeds: dict[Tensor, Tensor],
        large_products: bool = True,
    ):
        self._forward, self._count, self._seeds = body, len(body.entries), seeds
        self._after = dict(zip(body.parameters[:carried], body.outputs, strict=False))
        shared = set(body.parameters[carried:]).difference(over)
        with body.extended() as trace:
            self.cotangents = {each: zeros(each) for each in self._carried(last)}
            self.grads = self._pulled(trace)
            before = [
                self.grads[each] if each in self.grads else constant(trace, zeros(each).array)
                for each in self.cotangents
            ]
            of_over = [self.grads[each] for each in over if each in self.grads]
            self.sums = Sums(trace, {*over, *seeds}, large_products)
            for each in body.parameters:
                if each in shared and each in self.grads:
                    self.sums.add(each, self.grads[each])
            self.sums.finish(of_over)
        outputs, self.stacked = [*before, *self.sums.after], list(dict.fromkeys([*of_over, *self.sums.stacked]))
        needed = self._needed(trace, [*outputs, *self.stacked])
        own = set(needed.values())
        entries, rules = subset([each for each in trace.entries if each in own], trace.custom_vjps.values())
        computed = {*self._after, *(entry.output for entry in body.entries)}
        self.kept = [each for each, entry in needed.items() if entry is None and each in computed]
        self.given = [*self.kept, *(each for each in (*over, *seeds) if each in needed)]
        self.carry = [*self.cotangents.values(), *self.sums.before]
        self.body = Body(trace, [*self.carry, *self.given], entries, rules, outputs)

    def _carried(self, last: Iterable[Tensor]) -> list[Tensor]:
        """Returns the carried parameters on which a value with a gradient depends."""
        found = dict.fromkeys(last)
        floats = [each for each in self._after if is_differentiable(each.dtype)]
        depend = {each: dependents(self._forward, [each], range(self._count)) for each in floats}
        while True:
            goals = {*self._seeds.values(), *(self._after[each] for each in found)}
            more = [each for each in floats if each not in found and not depend[each].isdisjoint(goals)]
            if not more:
                return [each for each in floats if each in found]
            found.update(dict.fromkeys(more))

    def _pulled(self, trace: BodyTrace) -> dict[Tensor, Tensor]:
        """Records the gradients of the parameters of the loop, and returns the nonzero ones."""
        pairs = [(self._after[each], cotangent) for each, cotangent in self.cotangents.items()]
        grads = sum_by_tensor([*pairs, *((tensor, seed) for seed, tensor in self._seeds.items())])
        parameters = [each for each in self._forward.parameters if is_differentiable(each.dtype)]
        pulled = pull_back(trace, grads, [[each] for each in parameters], range(self._count))
        found = zip(parameters, pulled, strict=True)
        return {each: as_tensor(trace, gradient) for each, gradient in found if gradient is not None}

    def _needed(self, trace: BodyTrace, goals: Iterable[Tensor]) -> dict[Tensor, Entry | None]:
        """Returns the tensors that the goals depend on, back to values computed by the forward loop.

        By tensor: the entry that computes it; None for values from the forward loop or from outside.
        """
        fixed = [rule for rule in self._forward.custom_vjps.values() if not rule.optional]
        ruled = {each for rule in fixed for each in rule.outputs}
        views = [each for each in self._forward.entries if each.primitive.view and each.output not in ruled]
        made = {entry.output: entry for entry in (*views, *trace.entries[self._count :])}
        rules = {
            output: rule for index, rule in trace.custom_vjps.items() if index >= self._count for output in rule.outputs
        }
        needed: dict[Tensor, Entry | None] = {}
        waiting = list(goals)
        while waiting:
            tensor = waiting.pop()
            if tensor not in needed:
                needed[tensor] = made.get(tensor)
                units = [unit for unit in (made.get(tensor), rules.get(tensor)) if unit is not None]
                waiting.extend(value for unit in units for value in unit.inputs if isinstance(value, Tensor))
                waiting.extend(rules[tensor].outputs if tensor in rules else ())
        return needed


def sum_by_tensor(pairs: Iterable[tuple[Tensor, object]]) -> dict[Tensor, object]:
    """Returns by tensor the sum of its gradients in pairs."""
    grads: dict[Tensor, object] = {}
    for tensor, gradient in pairs:
        grads[tensor] = call("add", grads[tensor], gradient) if tensor in grads else gradient
    return grads


def zeros(like: Tensor) -> Tensor:
    """Returns a tensor of zeros with the trace, shape and dtype of another one."""
    return Tensor(np.zeros(like.shape, like.dtype), like.trace)
