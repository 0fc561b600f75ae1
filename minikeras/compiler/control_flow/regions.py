"""Loops and branches in a trace and in a plan.

A trace records each as one entry, with a PROJECT entry for every output that is used. What is computed, and where, is
decided only when the step is planned: unused outputs are not kept.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Protocol

import numpy as np

from ...engine.dtypes import dtype_name
from ...engine.primitive import Primitive, copying, in_turn
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program

_ALIGNMENT = 64  # bytes


class Runner(Protocol):
    """Runs a loop or branches, and computes the requested outputs.

    Attributes:
        operands: The indices of the operands that are needed.
        regions: The region of the buffer that holds each requested output.
        nbytes: The size of the buffer.
    """

    operands: list[int]
    regions: list["Region"]
    nbytes: int

    def bind(self, arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
        """Returns a call that computes from the needed operands into a byte buffer."""


class ControlFlow:
    """A loop or branches, as an entry of a trace.

    Attributes:
        primitive: The primitive of its entries.
        regions: Where its outputs, by number, are in the result of its last run outside of a plan.
    """

    primitive: Primitive

    def __init__(self):
        self._numbers: dict[Hashable, int] = {}
        self.regions: list[Region] = []

    def number(self, key: Hashable) -> int:
        """Returns the number that identifies an output in PROJECT entries."""
        return self._numbers.setdefault(key, len(self._numbers))

    @property
    def keys(self) -> list[Hashable]:
        """The outputs that are used, by number."""
        return list(self._numbers)

    def key(self, number: int) -> Hashable:
        """Returns the output with this number."""
        return list(self._numbers)[number]

    def runner(self, wanted: Sequence[Hashable]) -> Runner:
        """Returns the runner that computes the requested outputs."""
        raise NotImplementedError

    def runner_for_once(self, wanted: Sequence[Hashable]) -> Runner:
        """Returns a runner for a single run, for which preparing many runs would not pay."""
        return self.runner(wanted)


def control_flow(name: str) -> Primitive:
    """Creates the primitive of a kind of control flow."""
    return Primitive(name, _run_all, shape=lambda *operands, op: ((0,), "uint8"))


def _run_all(*arrays: np.ndarray, op: "ControlFlow") -> np.ndarray:
    """Computes all outputs of a loop or branches into one buffer: in a step that is not replayed after all."""
    runner = op.runner_for_once(op.keys)
    op.regions = runner.regions
    return _run_kernel(*[arrays[index] for index in runner.operands], runner=runner)


PROJECT = Primitive(
    "project",
    lambda packed, number, source: source.regions[number].of(packed),
    shape=lambda handle, number, source: ((0,), "uint8"),
)


def run(op: ControlFlow, arrays: Sequence[np.ndarray], wanted: Sequence[Hashable]) -> list[np.ndarray]:
    """Runs a loop or branches once, and returns the requested outputs."""
    runner = op.runner_for_once(wanted)
    with np.errstate(all="ignore"):
        out = _run_kernel(*[arrays[index] for index in runner.operands], runner=runner)
    return [region.of(out) for region in runner.regions]


def lower_control_flow(program: Program) -> Program:
    """Replaces loops and branches by entries that compute all used outputs into one buffer, and views of it."""
    taken: dict[Tensor, list[Entry]] = {}
    for entry in program.entries:
        if entry.primitive is PROJECT:
            taken.setdefault(entry.inputs[0], []).append(entry)
    lowered = []
    for entry in program.entries:
        if isinstance(entry.params.get("op"), ControlFlow):
            lowered.extend(_lowered(entry, taken.get(entry.output, [])))
        elif entry.primitive is not PROJECT:
            lowered.append(entry)
    return program.replace(entries=lowered)


def _lowered(entry: Entry, projections: list[Entry]) -> list[Entry]:
    op = entry.params["op"]
    runner = op.runner([op.key(each.params["number"]) for each in projections])
    inputs = [entry.inputs[index] for index in runner.operands]
    run = replace(entry, primitive=runner_primitive(entry.primitive.name), inputs=tuple(inputs), params={})
    return packed(run, runner, [(each.output, each.layer) for each in projections])


def packed(entry: Entry, runner: Runner, results: Sequence[tuple[Tensor, str | None]]) -> list[Entry]:
    """Returns the entry that computes several results into one buffer, and views of it.

    Args:
        entry: The entry, without its runner; its output tells the trace.
        runner: Computes the results.
        results: Their tensors and layers.
    """
    output = Tensor(np.broadcast_to(np.uint8(0), runner.nbytes), entry.output.trace)  # takes no memory
    found = [replace(entry, params={"runner": runner}, output=output)]
    for (tensor, layer), region in zip(results, runner.regions, strict=True):
        found.append(Entry(_UNPACK, (output,), region.params, tensor, layer))
    return found


def runner_primitive(name: str) -> Primitive:
    """Returns the primitive of entries with a runner.

    Args:
        name: The name of the operation.
    """
    return Primitive(name, _run_kernel, bind=_bind, shape=_run_rule)


def _run_kernel(*arrays: np.ndarray, runner: Runner) -> np.ndarray:
    out = np.empty(runner.nbytes, np.uint8)
    runner.bind(arrays, out)()
    return out


def _bind(arrays: Sequence[np.ndarray], out: np.ndarray, runner: Runner) -> Callable[[], None]:
    return runner.bind(arrays, out)


def _run_rule(*operands: object, runner: Runner) -> tuple:
    return (runner.nbytes,), "uint8"


def _unpack(packed: np.ndarray, start: int, shape: tuple, dtype: str) -> np.ndarray:
    nbytes = prod(shape) * np.dtype(dtype).itemsize
    return packed[start : start + nbytes].view(dtype).reshape(shape)


_UNPACK = Primitive("unpack", _unpack, shape=lambda x, start, shape, dtype: (shape, dtype), view=True)


@dataclass(frozen=True)
class Region:
    """A region of a byte buffer: an array, or several stacked arrays.

    Attributes:
        start: The first byte.
        shape: The shape.
        dtype: The type of the elements.
        stride: The bytes from one stacked array to the next.
    """

    start: int
    shape: tuple[int, ...]
    dtype: np.dtype
    stride: int

    @property
    def nbytes(self) -> int:
        """The size in bytes."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def params(self) -> dict:
        """The parameters of the entry that views the buffer."""
        return {"start": self.start, "shape": self.shape, "dtype": dtype_name(self.dtype)}

    def part(self, index: int, sizes: tuple) -> "Region":
        """Returns the region of consecutive arrays of the stack."""
        return Region(self.start + index * self.stride, (*sizes, *self.shape[1:]), self.dtype, self.stride)

    def of(self, packed: np.ndarray) -> np.ndarray:
        """Returns this region of a buffer, as an array."""
        return _unpack(packed, **self.params)


class BoundOnce:
    """A runner whose many calls are bound once: operands that are elsewhere in a later run are copied first."""

    def __init__(self):
        self._copies: dict[int, np.ndarray] = {}
        self._bound: tuple | None = None  # the addresses of the buffer and the operands, and the calls

    def bind(self, arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
        """Returns a call that computes from the needed operands into a byte buffer."""
        if self._bound is None or self._bound[0] != _address(out):
            new = [index for index, array in enumerate(arrays) if self.needs_copy(index, array)]
            self._copies, self._bound = {}, None
        else:
            own = self._copies
            new = [i for i, array in enumerate(arrays) if i not in own and _address(array) != self._bound[1][i]]
        if new or self._bound is None:
            self._copies |= {index: np.empty(arrays[index].shape, arrays[index].dtype) for index in new}
            operands = [self._copies.get(index, array) for index, array in enumerate(arrays)]
            self._bound = _address(out), list(map(_address, operands)), self.calls(operands, out)
        return in_turn([copying(copy, arrays[index]) for index, copy in self._copies.items()] + self._bound[2])

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Returns whether the calls have to be bound to a contiguous copy of an operand."""
        raise NotImplementedError

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Callable[[], object]]:
        """Returns the calls that compute from the operands into a byte buffer."""
        raise NotImplementedError


def _address(array: np.ndarray) -> tuple:
    return array.__array_interface__["data"][0], array.strides


class Layout:
    """The layout of a byte buffer.

    Attributes:
        nbytes: Its size.
    """

    def __init__(self):
        self.nbytes = 0

    def reserve(self, tensor: Tensor, *sizes: int) -> Region:
        """Returns a new region for a tensor, or for a stack of several of its values."""
        region = Region(self.nbytes, (*sizes, *tensor.shape), tensor.dtype, tensor.nbytes)
        self.nbytes += -(-region.nbytes // _ALIGNMENT) * _ALIGNMENT
        return region
