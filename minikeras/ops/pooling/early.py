"""Pooling before monotone activations: `max_pool(relu(conv(x) + bias))` is `relu(max_pool(conv(x)) + bias)`.

Activations are then computed for a fraction of the elements, and the convolution returns the phases that pooling needs.
The maxima are the same to the last bit, as rounding is monotone, too.
"""

from ...engine.dispatch import apply
from ...engine.tensor import Tensor as TracedTensor
from ...engine.trace import Entry, Trace, current_trace
from ...typing import Tensor
from ..common.sliding_windows import Sizes
from ..convolution.lowering import gains_from_phases
from ..convolution.primitives import CONV
from .phases import PHASE_MAX

_RECENT = 16  # entries of a trace in which the operations before pooling are looked for


def pooled_early(x: Tensor, size: Sizes) -> Tensor | None:
    """Returns max pooling without overlap or padding, moved before the monotone operations after a convolution.

    Args:
        x: The inputs, in the layout (batch, *spatial, channels).
        size: The size of a window, which is also the distance of neighbouring ones.

    Returns:
        The maxima; None if `x` is something else, or is not traced for replay.
    """
    trace = current_trace()
    if (
        trace is None
        or not trace.replayed
        or trace.eager
        or not isinstance(x, TracedTensor)
        or x.dtype.char not in "fd"
    ):
        return None
    after: list[tuple[Entry, int]] = []
    entry = _maker(trace, x)
    while entry is not None and entry.primitive is not CONV:
        position = _pooled_input(entry)
        if position is None:
            return None
        after.append((entry, position))
        entry = _maker(trace, entry.inputs[position])
    if entry is None or "phases" in entry.params or not gains_from_phases(*entry.inputs, **entry.params):
        return None
    y = apply(PHASE_MAX, apply(CONV, *entry.inputs, **entry.params, phases=size))
    for later, position in reversed(after):
        inputs = list(later.inputs)
        inputs[position] = y
        y = apply(later.primitive, *inputs, **later.params)
    return y


def _maker(trace: Trace, value: object) -> Entry | None:
    return next((entry for entry in trace.entries[: -_RECENT - 1 : -1] if entry.output is value), None)


def _pooled_input(entry: Entry) -> int | None:
    """Returns the input of a monotone operation that varies along the spatial axes; None if that is not exactly one."""
    if not entry.primitive.monotone or entry.output.dtype.char not in "fd":
        return None
    varying = [index for index, value in enumerate(entry.inputs) if set(value.shape[:-1]) - {1}]
    return varying[0] if len(varying) == 1 and entry.inputs[varying[0]].shape == entry.output.shape else None
