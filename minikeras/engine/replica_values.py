"""What the variables of processes that share a training would be in a single process."""

from collections.abc import Sequence

import numpy as np

from ..errors import NotSupportedError
from .replicas import Replicas
from .variable import Variable

# In bytes: MPI sends no more than 2 GB at once, and a message is in memory twice.
MESSAGE = 2**28


def totals(variables: Sequence[Variable], replicas: Replicas) -> list[np.ndarray]:
    """Returns what the state of metrics would be in a single process.

    Args:
        variables: The state of the metrics of this process.
        replicas: The processes.

    Raises:
        NotSupportedError: If a variable is not a sum or a mean over processes.
    """
    buffers = [variable.buffer for variable in variables]
    found: list = [None] * len(buffers)
    kinds: dict[str, list[int]] = {}
    for index, variable in enumerate(variables):
        if variable.aggregation not in ("sum", "mean", "only_first_replica"):
            raise NotSupportedError(
                f"Variable '{variable.path}' of a metric has aggregation={variable.aggregation!r}, so it is not known "
                "what it would be in a single process. Create it with `aggregation='sum'`, or 'mean'."
            )
        kind = buffers[index].dtype
        kinds.setdefault((kind if kind.kind in "fiuc" and kind.itemsize > 2 else np.dtype("float64")).name, []).append(
            index
        )
    for dtype, indices in sorted(kinds.items()):
        flat = np.concatenate([_counted(variables[index], replicas) for index in indices], dtype=dtype)
        flat = replicas.sum_of(flat, "the metrics")
        start = 0
        for index in indices:
            stop = start + buffers[index].size
            value = flat[start:stop].reshape(buffers[index].shape)
            mean = variables[index].aggregation == "mean"
            found[index] = (value / replicas.size if mean else value).astype(buffers[index].dtype)
            start = stop
    return found


def _counted(variable: Variable, replicas: Replicas) -> np.ndarray:
    """Returns what of a variable is summed: all of it, or nothing."""
    values = variable.buffer.reshape(-1)
    return np.zeros_like(values) if variable.aggregation == "only_first_replica" and replicas.rank else values


def share_values(variables: Sequence[Variable], replicas: Replicas, limit: int = MESSAGE) -> None:
    """Gives variables the values that they have in process 0.

    Args:
        variables: The variables.
        replicas: The processes.
        limit: The size of a message in bytes, for what can be divided.
    """
    messages: list[list[np.ndarray]] = [[]]
    size = 0
    for variable in variables:
        buffer = variable.buffer
        for part in np.array_split(buffer, -(-buffer.nbytes // limit)) if buffer.nbytes > limit else [buffer]:
            if size + part.nbytes > limit and messages[-1]:
                messages.append([])
                size = 0
            messages[-1].append(part)
            size += part.nbytes
    for parts in messages:
        for part, value in zip(parts, replicas.group.broadcast(parts, "the weights"), strict=True):
            np.copyto(part, value)


def average(variables: Sequence[Variable], replicas: Replicas) -> None:
    """Replaces floats that differ between processes, such as moving averages, by their means; others keep their bits.

    Args:
        variables: The variables; only those of floats count.
        replicas: The processes.
    """
    floats = [variable for variable in variables if variable.buffer.dtype.kind == "f"]
    if not floats:
        return
    first = replicas.group.broadcast([variable.buffer for variable in floats], "the moving averages")
    # As differences from process 0, which are 0 where all are the same.
    parts = [variable.buffer.astype("float64") - value for variable, value in zip(floats, first, strict=True)]
    flat = np.concatenate([part.reshape(-1) for part in parts])
    flat = replicas.sum_of(flat, "moving averages")
    start = 0
    for variable, value in zip(floats, first, strict=True):
        stop = start + variable.size
        variable.buffer[...] = value + flat[start:stop].reshape(variable.shape) / replicas.size
        start = stop
