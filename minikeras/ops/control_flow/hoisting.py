"""Loop-invariant code motion: what need not be computed in each iteration is computed once, before the loop.

Hoisted are loop-invariant values, and products of scanned-over arrays with a loop-invariant matrix, or convolutions
with a loop-invariant kernel: for all iterations they are one large product, which is faster than many small ones.
Elementwise calls before and after such a product, like dropout and a bias, are hoisted with it, and so are transposes,
with which channels come first or last.
"""

import numpy as np

from ...compiler.control_flow.regions import PROJECT
from ...engine.body_trace import Body, outer_operand
from ...engine.dispatch import apply
from ...engine.registry import call
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ...errors import NotSupportedError
from .recording import subset

_PRODUCTS = ("matmul", "conv")


class Hoisted:
    """A loop body without its hoisted entries.

    Args:
        where: The name of the loop in errors.
        body: The body of the loop.
        stacks: By scanned-over parameter, its stacked values.
        updated: By the parameter that carries the value of a variable, the variable.

    Attributes:
        body: The body, without its hoisted entries.
        stacks: The stacks, including those that were hoisted.
        shared: By tensor of the body, its loop-invariant value.
    """

    def __init__(self, where: str, body: Body, stacks: dict[Tensor, object], updated: dict[Tensor, object]):
        self.stacks = dict(stacks)
        self.shared: dict[Tensor, object] = {}
        self._sources = body.sources()
        self._computed: set[Tensor] = set()  # stacks besides the scanned-over arrays
        self._effects: set[tuple] = set()
        ruled = {each for rule in body.custom_vjps.values() if not rule.optional for each in rule.outputs}
        self._factors = _factors(body)
        kept = []
        for entry in body.entries:
            if entry.output in ruled or "op" in entry.params or entry.primitive is PROJECT:
                kept.append(entry)
            elif all(map(self._is_shared, entry.inputs)) and not entry.primitive.effect:
                self.shared[entry.output] = apply(entry.primitive, *map(self._outer, entry.inputs), **entry.params)
            elif entry.primitive.effect:
                self._run_once(where, entry, updated)
            elif self._is_product(entry) or self._is_beside_products(entry):
                self.stacks[entry.output] = self._stacked(entry)
                self._computed.add(entry.output)
            else:
                kept.append(entry)
        entries, rules = subset(kept, body.custom_vjps.values())
        self.body = Body(body.trace, body.parameters, entries, rules, body.outputs)

    def _run_once(self, where: str, entry: Entry, updated: dict[Tensor, object]) -> None:
        """Runs a call that changes a variable before the first iteration, such as the reset of a seed."""
        name = (entry.primitive, *map(id, entry.params.values()))
        if name not in self._effects:
            if not all(self._is_shared(each) or each in updated for each in entry.inputs):
                raise NotSupportedError(
                    f"{where}: `{entry.primitive.name}` cannot run in each iteration on values of that iteration."
                )
            inputs = [self._outer(each) if self._is_shared(each) else updated[each] for each in entry.inputs]
            apply(entry.primitive, *inputs, **entry.params)
            self._effects.add(name)

    def _is_shared(self, value: object) -> bool:
        return not isinstance(value, Tensor) or value in self._sources or value in self.shared

    def _outer(self, value: object) -> object:
        if not isinstance(value, Tensor):
            return value
        if value not in self.shared:
            self.shared[value] = outer_operand(self._sources[value])
        return self.shared[value]

    def _is_product(self, entry: Entry) -> bool:
        if entry.primitive.name not in _PRODUCTS:
            return False
        first, second = entry.inputs
        is_known = isinstance(first, Tensor) and first in self.stacks and self._is_shared(second)
        return is_known and (first.ndim == 2 == second.ndim or entry.primitive.name == "conv")

    def _is_beside_products(self, entry: Entry) -> bool:
        """Returns whether a call is elementwise on hoisted products or factors, or joins some: it is hoisted, too."""
        if entry.primitive.name == "concatenate":
            return entry.params["axis"] > 0 and all(each in self._computed for each in entry.inputs)
        if entry.primitive.name == "transpose":
            return entry.inputs[0] in (self.stacks if entry.output in self._factors else self._computed)
        if not entry.primitive.elementwise or not isinstance(entry.primitive.kernel, np.ufunc):
            return False
        varying = [each for each in entry.inputs if not self._is_shared(each)]
        stacks = self.stacks if entry.output in self._factors else self._computed
        return all(each in stacks and each.shape == entry.output.shape for each in varying)

    def _stacked(self, entry: Entry) -> object:
        if entry.primitive.name not in _PRODUCTS:
            inputs = [self.stacks[each] if self._is_stack(each) else self._outer(each) for each in entry.inputs]
            return apply(entry.primitive, *inputs, **_one_axis_later(entry.params))
        first, second = self.stacks[entry.inputs[0]], self._outer(entry.inputs[1])
        length, rows, *others = first.shape
        product = apply(entry.primitive, call("reshape", first, (length * rows, *others)), second, **entry.params)
        return call("reshape", product, (length, rows, *product.shape[1:]))

    def _is_stack(self, value: object) -> bool:
        return isinstance(value, Tensor) and value in self.stacks


def _factors(body: Body) -> set[Tensor]:
    """Returns the first factors of products, and what is only transposed before one."""
    products = [entry for entry in body.entries if entry.primitive.name in _PRODUCTS]
    found = {entry.inputs[0] for entry in products if entry.output.ndim == 2 or entry.primitive.name == "conv"}
    for entry in reversed(body.entries):
        if entry.primitive.name == "transpose" and entry.output in found:
            found.add(entry.inputs[0])
    return found


def _one_axis_later(params: dict) -> dict:
    """Returns the parameters of a call for stacks, which have one more axis in front."""
    params = dict(params)
    if "axis" in params:
        params["axis"] += 1
    if "axes" in params:
        params["axes"] = (0, *(axis + 1 for axis in params["axes"]))
    return params
