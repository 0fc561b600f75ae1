"""Loops with a fixed number of turns, as entries of a trace; and their gradient, a loop that runs backwards.

The gradient of a loop needs what the body computed each turn. It takes that from the loop itself, stacked along time:
to a trace this is another run of the same loop, but a plan merges the two.
"""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from ..compiler.loops import LAST, STACKED, Loop, Wanted
from ..engine.body_trace import Body, as_tensor
from ..engine.dispatch import constant
from ..engine.gradients import dependents, pull_back
from ..engine.registry import call
from ..engine.tensor import Tensor
from ..engine.trace import BodyTrace, Entry
from .controlling import closed, run_recorded, subset
from .scanning_sums import Sums


def run_loop(loop: Loop, operands: Sequence, wanted: Wanted) -> list:
    """Runs a loop, and records it if an operand is traced.

    Args:
        loop: The loop.
        operands: As many values as its body has parameters.
        wanted: The values to take from it.

    Returns:
        The wanted values.
    """
    return run_recorded(loop, operands, wanted, partial(_vjp, loop, tuple(wanted)))


def _vjp(loop: Loop, wanted: Wanted, grads: Sequence, outputs: Sequence, *operands: object) -> list:
    return _Gradient(loop, wanted, grads, operands).found()


class _Gradient:
    """The gradient of a loop.

    Args:
        loop: The loop.
        wanted: What was taken of it.
        grads: The gradients of that; None: it is zero.
        operands: The operands of the loop.
    """

    def __init__(self, loop: Loop, wanted: Wanted, grads: Sequence, operands: Sequence):
        self._loop, self._count = loop, len(loop.body.entries)
        self._operands = dict(zip(loop.body.parameters, operands, strict=True))
        self._after = dict(zip(loop.carry, loop.body.outputs, strict=False))
        self._last: dict[Tensor, object] = {}  # by what is carried, the gradient of its last value
        self._stacks: dict[Tensor, object] = {each: self._operands[each] for each in loop.over}
        self._seeded: dict[Tensor, Tensor] = {}  # by the tensor that stands for its gradient each turn
        for (tensor, kind), gradient in zip(wanted, grads, strict=True):
            if gradient is not None and tensor.dtype.kind == "f":
                if kind == LAST:
                    self._last[tensor] = gradient
                else:
                    seed = _zeros(tensor)
                    self._stacks[seed], self._seeded[seed] = gradient, tensor

    def found(self) -> list:
        """Returns the gradient of each operand, or None."""
        loop = self._loop
        with loop.body.extended() as trace:
            cotangents = {each: _zeros(each) for each in self._carried()}  # of what is carried, after the turn
            grads = self._pulled(trace, cotangents)
            before = {
                each: grads[each] if each in grads else constant(trace, _zeros(each).array) for each in cotangents
            }
            sums = Sums(trace, set(self._stacks))
            for each in loop.shared:
                if each in grads:
                    sums.add(each, grads[each])
            sums.finish({grads[each] for each in loop.over if each in grads})
        outputs = [*before.values(), *sums.after]
        stacked = dict.fromkeys([*(grads[each] for each in loop.over if each in grads), *sums.stacked])
        needed = self._needed(trace, [*outputs, *stacked])
        kept = set(needed.values())
        entries, rules = subset([each for each in trace.entries if each in kept], trace.custom_vjps.values())
        parameters = [*cotangents.values(), *sums.before]
        forward = {*loop.carry, *(entry.output for entry in loop.body.entries)}
        kept = [each for each, entry in needed.items() if entry is None and each in forward]
        stacks = run_loop(loop, list(self._operands.values()), [(each, STACKED) for each in kept])
        self._stacks |= dict(zip(kept, stacks, strict=True))
        over = [each for each in self._stacks if each in needed]
        body = Body(trace, [*parameters, *over], entries, rules, outputs)
        body, others = closed(body, {each: self._operands[each] for each in loop.shared})
        backward = Loop(body, len(parameters), len(over), loop.length, not loop.reverse)
        stacked = [each for each in stacked if each not in self._stacks]
        starts = [self._last.get(each, _zeros(each).array) for each in cotangents]
        starts += [each.array for each in sums.before]
        operands = [*starts, *map(self._stacks.get, over), *others]
        wanted = [(each, LAST) for each in parameters] + [(each, STACKED) for each in stacked]
        results = dict(zip(wanted, run_loop(backward, operands, wanted), strict=True))
        self._stacks |= {each: results[each, STACKED] for each in stacked}
        lasts = {each: results[each, LAST] for each in parameters}
        totals = sums.totals(self._stacks, lasts)
        found = {each: lasts[cotangent] for each, cotangent in cotangents.items()}
        found |= {each: self._stacks[grads[each]] for each in loop.over if each in grads}
        return [totals.get(each, found.get(each)) for each in loop.body.parameters]

    def _carried(self) -> list[Tensor]:
        """Returns the parameters that are carried and on whose next values outputs with a gradient depend."""
        loop, found = self._loop, dict.fromkeys(self._last)
        floats = [each for each in loop.carry if each.dtype.kind == "f"]
        depend = {each: dependents(loop.body, [each], range(self._count)) for each in floats}
        while True:
            goals = {*self._seeded.values(), *(self._after[each] for each in found)}
            more = [each for each in floats if each not in found and not depend[each].isdisjoint(goals)]
            if not more:
                return [each for each in floats if each in found]
            found.update(dict.fromkeys(more))

    def _pulled(self, trace: BodyTrace, cotangents: dict[Tensor, Tensor]) -> dict[Tensor, Tensor]:
        """Records the gradients of the parameters of the body, and returns those that are not zero."""
        pairs = [(self._after[each], seed) for each, seed in cotangents.items()]
        seeds: dict[Tensor, object] = {}
        for tensor, seed in [*pairs, *((tensor, seed) for seed, tensor in self._seeded.items())]:
            seeds[tensor] = call("add", seeds[tensor], seed) if tensor in seeds else seed
        parameters = [each for each in self._loop.body.parameters if each.dtype.kind == "f"]
        pulled = pull_back(trace, seeds, [[each] for each in parameters], range(self._count))
        pairs = zip(parameters, pulled, strict=True)
        return {each: as_tensor(trace, value) for each, value in pairs if value is not None}

    def _needed(self, trace: BodyTrace, goals: Iterable[Tensor]) -> dict[Tensor, Entry | None]:
        """Returns the tensors that the goals depend on, as far back as to what the loop itself computed.

        By tensor: the entry that makes it; None for what comes from the loop, or from outside. Views are taken again.
        """
        own = trace.entries[self._count :]
        ruled = {each for rule in self._loop.body.custom_vjps.values() for each in rule.outputs}
        own += [each for each in self._loop.body.entries if each.primitive.view and each.output not in ruled]
        made = {entry.output: entry for entry in own}
        rules = {
            each: rule for index, rule in trace.custom_vjps.items() if index >= self._count for each in rule.outputs
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


def _zeros(like: Tensor) -> Tensor:
    return Tensor(np.zeros(like.shape, like.dtype), like.trace)
