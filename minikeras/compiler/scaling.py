"""Numbers that multiply a matrix product multiply the smaller matrix of it instead.

c (A B) = A (c B), and a batch of 32 gradients has far fewer elements than the gradient of the weights that is made
of them: the learning rate of SGD costs next to nothing there. Each element may be rounded differently in its last bit.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry

_WORTH = 4  # the product must have this many times the elements of the operand


def scale_early(entries: Sequence[Entry], outputs: Sequence, fixed: dict[Tensor, object]) -> list[Entry]:
    """Rewrites products with a number.

    Args:
        entries: The calls.
        outputs: The values the plan has to deliver.
        fixed: The tensors that stand for variables: what reads them must not move past an assignment.

    Returns:
        The calls, some of them replaced.
    """
    made = {entry.output: entry for entry in entries if entry.output is not None}
    readers = Counter(value for entry in entries for value in entry.inputs if isinstance(value, Tensor))
    readers.update(value for value in outputs if isinstance(value, Tensor))
    dropped: set[Tensor] = set()
    found: list[Entry] = []
    for entry in entries:
        pair = _number_and_product(entry, made)
        if pair is None or readers[pair[1].output] > 1 or not _may_move(pair[1], made, fixed):
            found.append(entry)
            continue
        number, product = pair
        # A transposed one would have to be gathered from all over its memory.
        ordered = [place for place, value in enumerate(product.inputs) if value.array.flags.c_contiguous]
        position = min(ordered, key=lambda place: product.inputs[place].size, default=None)
        if position is None or entry.output.size < _WORTH * product.inputs[position].size:
            found.append(entry)
            continue
        operand = product.inputs[position]
        dropped.add(product.output)
        scaled = Tensor(np.asarray(entry.primitive.kernel(number.array, operand.array), order="C"), operand.trace)
        inputs = tuple(scaled if index == position else value for index, value in enumerate(product.inputs))
        found.append(Entry(entry.primitive, (number, operand), {}, scaled))
        found.append(Entry(product.primitive, inputs, product.params, entry.output))
    return [entry for entry in found if entry.output not in dropped]


def _number_and_product(entry: Entry, made: dict[Tensor, Entry]) -> tuple[Tensor, Entry] | None:
    """Returns what a call multiplies, if it is a traced number with a product of two traced matrices."""
    if entry.primitive.kernel is not np.multiply or entry.output.dtype not in (np.float32, np.float64):
        return None
    for number, value in (entry.inputs, entry.inputs[::-1]):
        product = made.get(value) if isinstance(value, Tensor) else None
        if product is None or product.primitive.name != "matmul" or value.shape != entry.output.shape:
            continue
        operands = [each for each in (number, *product.inputs) if isinstance(each, Tensor)]
        if len(operands) == 3 and number.ndim == 0 and all(each.dtype == value.dtype for each in operands):
            return (number, product) if all(each.ndim == 2 for each in operands[1:]) else None
    return None


def _may_move(product: Entry, made: dict[Tensor, Entry], fixed: dict[Tensor, object]) -> bool:
    for value in product.inputs:
        while value in made and made[value].primitive.view and isinstance(made[value].inputs[0], Tensor):
            value = made[value].inputs[0]
        if value in fixed:
            return False
    return True
