"""Scaling: a number that multiplies a large matrix product multiplies the smaller factor instead.

c (A B) = A (c B), and a batch of output gradients has far fewer elements than the kernel gradient computed from it. So
the learning rate of SGD costs one pass over a large kernel less. The last bit of an element may differ.
"""

from collections import Counter

import numpy as np

from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program, tensors

_LARGE = 65536  # elements of the product; for smaller ones it saves less than the rounding is worth
_WORTH = 4  # the product must have this many times the elements of the factor


def scale_factors(program: Program) -> Program:
    """Replaces products of a scalar and a large matrix product."""
    made = {entry.output: entry for entry in program.entries if entry.output is not None}
    readers = Counter(value for entry in program.entries for value in tensors(entry.inputs))
    readers.update(tensors(program.outputs))
    dropped: set[Tensor] = set()
    entries: list[Entry] = []
    for entry in program.entries:
        scalar, product = _scalar_and_product(entry, made)
        index = None
        if product is not None and readers[product.output] == 1 and not _reads_variables(product, made, program):
            index = _factor(product)
        if index is None:
            entries.append(entry)
            continue
        factor = product.inputs[index]
        scaled = Tensor(np.empty(factor.shape, factor.dtype), factor.trace, is_deferred=True)
        inputs = (*product.inputs[:index], scaled, *product.inputs[index + 1 :])
        entries.append(Entry(entry.primitive, (scalar, factor), {}, scaled, entry.layer, entry.phase))
        entries.append(Entry(product.primitive, inputs, product.params, entry.output, product.layer, product.phase))
        dropped.add(product.output)
    return program.replace(entries=[entry for entry in entries if entry.output not in dropped])


def _scalar_and_product(entry: Entry, made: dict[Tensor, Entry]) -> tuple[Tensor, Entry] | tuple[None, None]:
    """Returns what an entry multiplies, if it is a traced scalar and a large product of two traced matrices."""
    if entry.primitive.kernel is not np.multiply or entry.output.size < _LARGE:
        return None, None
    for scalar, value in (entry.inputs, entry.inputs[::-1]):
        product = made.get(value) if isinstance(value, Tensor) else None
        if product is None or product.primitive.name != "matmul" or value.shape != entry.output.shape:
            continue
        operands = tensors((scalar, *product.inputs))
        if len(operands) == 3 and scalar.ndim == 0 and {each.dtype for each in operands} == {value.dtype}:
            return (scalar, product) if all(each.ndim == 2 for each in product.inputs) else (None, None)
    return None, None


def _factor(product: Entry) -> int | None:
    """Returns the index of the factor to scale; None if neither is small and contiguous."""
    ordered = [index for index, value in enumerate(product.inputs) if value.form.flags.c_contiguous]
    index = min(ordered, key=lambda index: product.inputs[index].size, default=None)
    is_small = index is not None and product.output.size >= _WORTH * product.inputs[index].size
    return index if is_small else None


def _reads_variables(product: Entry, made: dict[Tensor, Entry], program: Program) -> bool:
    """Whether a factor is (a view of) a variable: the product must not move past an assignment to it."""
    for value in product.inputs:
        while value in made and made[value].primitive.view and isinstance(made[value].inputs[0], Tensor):
            value = made[value].inputs[0]
        if value in program.variables:
            return True
    return False
