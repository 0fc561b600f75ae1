"""Gradients of loop-invariant values: sums over time.

A loop could accumulate such a sum in each iteration. Where the summands are products of two matrices, such as the
gradient of the weights of a recurrent layer, the sum is one large product after the loop, of both stacked along time;
where they are gradients of the kernel of a convolution, it is one for the images of all iterations.
"""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from ...engine.dispatch import apply
from ...engine.registry import call
from ...engine.tensor import Tensor
from ...engine.trace import BodyTrace, Entry

Recipe = Callable[[dict[Tensor, object]], object]  # computes a sum from stacks after the loop


class Sums:
    """Sums over the iterations of a loop whose body is being recorded.

    Args:
        trace: The trace of the body.
        known: The tensors that are always stacked along time.
        large_products: Whether stacks are available.

    Attributes:
        before: The parameters that carry the sums accumulated in each iteration.
        after: Their next values.
        stacked: The tensors whose values are needed after the loop, stacked.
    """

    def __init__(self, trace: BodyTrace, known: set[Tensor], large_products: bool = True):
        self.before: list[Tensor] = []
        self.after: list[Tensor] = []
        self.stacked: dict[Tensor, None] = {}  # in order
        self._trace, self._known, self._has_stacks = trace, known, large_products
        self._made = {entry.output: entry for entry in trace.entries}
        self._recipes: dict[Tensor, Recipe] = {}
        self._carried: dict[Tensor, Tensor] = {}
        self._waiting: dict[Tensor, Tensor] = {}

    def add(self, name: Tensor, value: Tensor) -> None:
        """Adds a sum.

        Args:
            name: The name of the sum.
            value: The summand of an iteration.
        """
        recipe = self._recipe(value, products=True) if self._has_stacks else None
        if recipe is None:
            self._waiting[name] = value
        else:
            self._recipes[name] = recipe

    def finish(self, stacked: Iterable[Tensor]) -> None:
        """Decides which sums are accumulated instead of computed as products.

        Args:
            stacked: The tensors that are stacked for another reason.
        """
        self._known = self._known.union(stacked, self.stacked)
        for name, value in self._waiting.items():
            recipe = self._recipe(value, products=False) if self._has_stacks else None
            if recipe is not None:
                self._recipes[name] = recipe
                continue
            total = Tensor(np.zeros(value.shape, value.dtype), self._trace)
            self.before.append(total)
            self.after.append(call("add", total, value))
            self._carried[name] = total

    def totals(self, stacks: dict[Tensor, object], lasts: dict[Tensor, object]) -> dict[Tensor, object]:
        """Returns the sums by name.

        Args:
            stacks: The stacked values.
            lasts: The final value of each carried sum.
        """
        found = {name: recipe(stacks) for name, recipe in self._recipes.items()}
        return found | {name: lasts[total] for name, total in self._carried.items()}

    def _recipe(self, value: Tensor, products: bool) -> Recipe | None:
        entry = self._made.get(value)
        name = None if entry is None else entry.primitive.name
        if name == "matmul" and products and all(isinstance(each, Tensor) and each.ndim == 2 for each in entry.inputs):
            return self._product(*entry.inputs)
        if name == "conv_kernel_gradient" and products and all(isinstance(each, Tensor) for each in entry.inputs):
            return self._kernel_gradient(entry)
        if name == "sum" and not products and entry.inputs[0] in self._known:
            axes = (0, *(axis + 1 for axis in entry.params["axis"]))
            return partial(_sum, entry.inputs[0], axes, value.shape)
        if name == "reshape" and (recipe := self._recipe(entry.inputs[0], products)) is not None:
            return lambda stacks: call("reshape", recipe(stacks), value.shape)
        if name == "transpose" and (recipe := self._recipe(entry.inputs[0], products)) is not None:
            return lambda stacks: call("transpose", recipe(stacks), entry.params["axes"])
        return None

    def _product(self, first: Tensor, second: Tensor) -> Recipe:
        entry = self._made.get(first)
        is_transposed = entry is not None and entry.primitive.name == "transpose" and entry.params["axes"] == (1, 0)
        source = entry.inputs[0] if is_transposed else first
        self._need_stacks(source, second)
        return partial(_large_product, source, is_transposed, second)

    def _kernel_gradient(self, entry: Entry) -> Recipe:
        made = [self._made.get(each) for each in entry.inputs]
        is_transposed = [each is not None and each.primitive.name == "transpose" for each in made]
        sources = [
            (first.inputs[0], first.params["axes"]) if transposed else (each, None)
            for each, first, transposed in zip(entry.inputs, made, is_transposed, strict=True)
        ]
        self._need_stacks(*(source for source, _ in sources))
        return partial(_large_kernel_gradient, entry, sources)

    def _need_stacks(self, *values: Tensor) -> None:
        self.stacked |= dict.fromkeys(each for each in values if each not in self._known)


def _sum(value: Tensor, axes: tuple, shape: tuple, stacks: dict[Tensor, object]) -> object:
    return call("reshape", call("sum", stacks[value], axis=axes), shape)


def _large_product(first: Tensor, is_transposed: bool, second: Tensor, stacks: dict[Tensor, object]) -> object:
    a, b = stacks[first], stacks[second]
    length, rows, columns = b.shape
    if is_transposed:
        a = call("transpose", call("reshape", a, (length * rows, a.shape[-1])), (1, 0))
    else:
        a = call("reshape", call("transpose", a, (1, 0, 2)), (a.shape[1], length * rows))
    return call("matmul", a, call("reshape", b, (length * rows, columns)))


def _large_kernel_gradient(entry: Entry, sources: list[tuple], stacks: dict[Tensor, object]) -> object:
    def images(source: Tensor, axes: tuple | None) -> object:
        value = stacks[source]
        if axes is not None:
            value = call("transpose", value, (0, *(axis + 1 for axis in axes)))
        length, batch_size, *others = value.shape
        return call("reshape", value, (length * batch_size, *others))

    return apply(entry.primitive, *(images(*source) for source in sources), **entry.params)
