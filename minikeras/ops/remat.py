"""Rematerialization: a function whose values are not kept for the backward pass, but computed again in it.

What the function computed is described by a `Recipe`: its calls, in which values are numbers. The backward pass
records these calls again, on operands that depend on the gradients that have arrived: so they can neither be merged
with those of the forward pass nor be moved before them, and between the two passes only the operands are kept.
"""

import threading
import weakref
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from ..engine import tree
from ..engine.dispatch import IDENTITY, apply
from ..engine.gradients import pull_back
from ..engine.masks import get_mask, set_mask
from ..engine.primitive import Primitive
from ..engine.registry import call
from ..engine.tensor import Tensor
from ..engine.trace import CustomVJP, Trace, current_trace
from ..errors import ArgumentTypeError, brief
from ..graph.operation import has_symbolic
from ..tracebacks import filtered
from .common.recipes import Recipe

F = TypeVar("F", bound=Callable[..., Any])

# Its first operand, once all others are computed, too.
AFTER = Primitive(
    "after",
    lambda x, *others: x,
    view=True,
    shape=lambda x, *others: (x.shape, x.dtype),
    vjps=lambda g, y, x, *others: [g, *[None] * len(others)],
)


class _Local(threading.local):
    is_dropping = False  # whether a function is running whose values will be dropped


_local = _Local()


@filtered
def remat(f: F) -> F:
    """Decorator of a function whose values are computed again in the backward pass, instead of being kept for it.

    Only its arguments, the variables it reads, its results and the states of random draws are kept. So a deep model of
    such functions takes less memory, and a training step up to a third more time. Python runs the function only once.

    Args:
        f: A function of tensors, or a layer.

    Returns:
        The function. Outside of steps and tapes, where nothing is differentiated, it is `f`.

    Source: https://keras.io/api/, Chen et al. 2016, https://arxiv.org/abs/1604.06174

    Example:
        >>> from minikeras import grad, ops
        >>> block = remat(lambda x: ops.sin(ops.exp(x)))
        >>> print(grad(block)(0.0).round(4))  # cos(1)
        0.5403
    """
    if not callable(f):
        raise ArgumentTypeError(f"`remat` expects a function or a layer. Received: {brief(f)}")

    @wraps(f, updated=())  # the attributes of a layer are not those of the function
    def rematerialized(*args: Any, **kwargs: Any) -> Any:
        return run_again_in_backward(f, args, kwargs)

    return rematerialized


def run_again_in_backward(f: Callable, args: tuple, kwargs: dict, wanted: Callable[[Any], bool] | None = None) -> Any:
    """Calls a function; what it records is recorded again in the backward pass.

    Args:
        f: The function.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
        wanted: Tells by its results whether that is wanted; None: always.

    Returns:
        The results.
    """
    trace = current_trace()
    if trace is None or not trace.differentiated or has_symbolic(args, kwargs) or _local.is_dropping:
        return f(*args, **kwargs)
    drops = (trace.eager or not trace.replayed) and trace.captures is None
    start, tapes = len(trace.entries), trace.tapes
    _local.is_dropping = drops
    try:
        result = f(*args, **kwargs)
    finally:
        _local.is_dropping = False
    if wanted is not None and not wanted(result):
        return result
    made = {entry.output for entry in trace.entries[start:] if entry.output is not None}
    leaves = [leaf.current() if isinstance(leaf, Tensor) else leaf for leaf in tree.flatten(result)]
    found = dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, Tensor) and leaf in made)
    if not found:
        return result
    # A loss may compute from the logits instead of the probabilities.
    logits = [trace.logits[each][1] for each in found if each in trace.logits]
    outputs = list(found | dict.fromkeys(each for each in logits if each in made))
    recipe = Recipe.of(trace, start)
    if drops and trace.tapes == tapes:
        del made, logits, found
        new = _dropped(trace, start, recipe, outputs)
    else:
        new = [apply(IDENTITY, each) for each in outputs]
        _set_rule(trace, recipe, [recipe.slots[each] for each in outputs], new)
    replaced = dict(zip(outputs, new, strict=True))
    for old, other in replaced.items():
        if get_mask(old) is not None:
            set_mask(other, get_mask(old))
        if old in trace.logits:
            name, source, *rest = trace.logits[old]
            trace.logits[other] = (name, replaced.get(source, source), *rest)
    return tree.pack_like(result, [replaced.get(leaf, leaf) if isinstance(leaf, Tensor) else leaf for leaf in leaves])


def _dropped(trace: Trace, start: int, recipe: Recipe, outputs: list[Tensor]) -> list[Tensor]:
    """Drops the entries from an index on, with their values; returns new tensors of the outputs.

    What something else, such as a list of losses, still refers to is an output of the function, too.
    """
    slots, recipe.slots = recipe.slots, {}
    outside = set(recipe.operand_numbers)
    references = {slot: weakref.ref(tensor) for tensor, slot in slots.items() if slot not in outside}
    own, needed = [slots[each] for each in outputs], set(outputs)
    made = {entry.output for entry in trace.entries[start:]}
    for tensor in [each for each in trace.logits if each in made and each not in needed]:
        del trace.logits[tensor]
    del trace.entries[start:]
    for index in [each for each in trace.custom_vjps if each >= start]:
        del trace.custom_vjps[index]
    made.clear()
    slots.clear()
    tensor = None
    kept = {slot: tensor for slot, reference in references.items() if (tensor := reference()) is not None}
    new = [apply(AFTER, each, *recipe.operands) for each in outputs]
    _set_rule(trace, recipe, [*kept, *own], [*kept.values(), *new])
    return new


def _set_rule(trace: Trace, recipe: Recipe, numbers: list[int], outputs: Sequence[Tensor]) -> None:
    operands, recipe.operands = tuple(recipe.operands), []

    def vjp(found: list, _: tuple, *inputs: Any) -> list:
        seeds: dict[int, list] = {}
        for number, gradient in zip(numbers, found, strict=True):
            if gradient is not None:
                seeds.setdefault(number, []).append(gradient)
        return _pulled_back(recipe, seeds, inputs)

    trace.custom_vjps[len(trace.entries) - 1] = CustomVJP(operands, tuple(outputs), vjp, takes_none=True)


def _pulled_back(recipe: Recipe, seeds: dict[int, list], inputs: Sequence) -> list:
    """Records the calls of a recipe again, and returns the gradients of its operands.

    Args:
        recipe: The recipe.
        seeds: The gradients of values, by their numbers.
        inputs: The operands.
    """
    trace = current_trace()
    if trace is not None and (trace.captures is not None or all(each.trace is trace for each in inputs)):
        gradients = [each for many in seeds.values() for each in many if isinstance(each, Tensor)]
        return _recorded_gradients(trace, recipe, seeds, [apply(AFTER, each, *gradients) for each in inputs])
    with Trace(eager=True) as own:  # the trace of a tape that is closed
        values = [Tensor(each.current().array, own) for each in inputs]
        found = _recorded_gradients(own, recipe, seeds, values)
        found = [each.array if isinstance(each, Tensor) else each for each in found]
    own.clear()
    return found


def _recorded_gradients(trace: Trace, recipe: Recipe, seeds: dict[int, list], operands: list[Tensor]) -> list:
    start = len(trace.entries)
    values = recipe.record(trace, operands, seeds)
    targets: dict[Tensor, Any] = {}
    for number, many in seeds.items():
        for gradient in many:
            known = targets.get(values[number])
            targets[values[number]] = gradient if known is None else call("add", known, gradient)
    return pull_back(trace, targets, [[each] for each in operands], range(start, len(trace.entries)))
