"""Loops of a fixed length as entries of a trace, and their gradient, a loop that runs backwards.

The gradient of a loop needs residuals of each iteration. They are outputs of the loop itself, stacked along time: in
the trace this is a second run of the same loop, but a plan merges the two.
"""

from collections.abc import Sequence
from functools import partial

from ...compiler.control_flow.for_loops import LAST, STACKED, Loop, Wanted
from .backward_bodies import BackwardBody, zeros
from .recording import closed, run_recorded


def run_loop(loop: Loop, operands: Sequence, wanted: Wanted) -> list:
    """Runs a loop, and records it if an operand is traced.

    Args:
        loop: The loop.
        operands: A value for each parameter of its body.
        wanted: The keys of the requested outputs.

    Returns:
        The requested outputs.
    """
    return run_recorded(loop, operands, wanted, partial(_vjp, loop, tuple(wanted)))


def _vjp(loop: Loop, wanted: Wanted, grads: Sequence, outputs: Sequence, *operands: object) -> list:
    """Returns the gradients of the operands."""
    of = dict(zip(loop.body.parameters, operands, strict=True))
    known = [(*key, gradient) for key, gradient in zip(wanted, grads, strict=True) if gradient is not None]
    last = {tensor: gradient for tensor, kind, gradient in known if kind == LAST}
    seeds = {zeros(tensor): (tensor, gradient) for tensor, kind, gradient in known if kind == STACKED}
    back = BackwardBody(loop.body, len(loop.carry), loop.over, last, {seed: pair[0] for seed, pair in seeds.items()})
    # Stacked values by tensor: scanned-over arrays, gradients, and residuals of the loop.
    stacks = {each: of[each] for each in loop.over} | {seed: pair[1] for seed, pair in seeds.items()}
    kept = run_loop(loop, operands, [(each, STACKED) for each in back.kept])
    stacks |= dict(zip(back.kept, kept, strict=True))
    body, others = closed(back.body, {each: of[each] for each in loop.shared})
    backward = Loop(body, len(back.carry), len(back.given), loop.length, not loop.reverse)
    starts = [last.get(each, zeros(each).array) for each in back.cotangents] + [each.array for each in back.sums.before]
    keys = [(each, LAST) for each in back.carry] + [(each, STACKED) for each in back.stacked if each not in stacks]
    found = run_loop(backward, [*starts, *(stacks[each] for each in back.given), *others], keys)
    results = dict(zip(keys, found, strict=True))
    stacks |= {tensor: value for (tensor, kind), value in results.items() if kind == STACKED}
    lasts = {tensor: value for (tensor, kind), value in results.items() if kind == LAST}
    grads = {each: lasts[cotangent] for each, cotangent in back.cotangents.items()}
    grads |= {each: stacks[back.grads[each]] for each in loop.over if each in back.grads}
    grads |= back.sums.totals(stacks, lasts)
    return [grads.get(each) for each in loop.body.parameters]
