"""Builder of an ONNX graph from two runs of a model: values that differ between the runs depend on dynamic sizes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ...errors import NotSupportedError


class Graph:
    """Nodes, constants and value names of an ONNX graph.

    Args:
        weights: Names and values of variables by the id of their tensor in the first run.

    Attributes:
        nodes: The nodes, in order.
        constants: The constants by name.
        results: By loop, the names of its outputs.
        heights: By images whose height is resized, with the interpolation: the images before.
    """

    def __init__(self, weights: dict[int, tuple[str, np.ndarray]]):
        import onnx

        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: dict[str, np.ndarray] = {}
        self._weights = weights
        self._names: dict[int, str] = {}
        self._sums: dict[str, tuple] = {}
        self.heights: dict[tuple[str, str], str] = {}
        self.results: dict[str, list[str]] = {}
        self._transposes: dict[str, tuple[str, list[int]]] = {}
        self._sizes: dict[tuple[int, int], str] = {}  # the names of dynamic sizes, each a vector of length 1
        self._count = 0

    def add(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Adds a node with one output and returns the name of the output."""
        name = self.new_name(kind.lower())
        self.nodes.append(self._onnx.helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, value: Any, dtype: Any = None) -> str:
        """Adds a constant and returns its name."""
        name = self.new_name("constant")
        self.constants[name] = np.asarray(value, dtype)
        return name

    def set_name(self, value: Tensor, name: str) -> None:
        """Sets the name of a value of the first run."""
        self._names[id(value)] = name

    def name_of(self, value: Any, other: Any) -> str:
        """Returns the name of a value in the first run.

        Args:
            value: A tensor, or an array that was computed in Python.
            other: Its counterpart in the second run.

        Raises:
            NotSupportedError: If it is an array that depends on dynamic sizes in a way that ONNX cannot express.
        """
        if isinstance(value, Tensor):
            if id(value) in self._names:
                return self._names[id(value)]
            if id(value) in self._weights:
                name, array = self._weights[id(value)]
                self.constants[name] = array
                self._names[id(value)] = name
                return name
            value, other = value.array, other.array
        if value.shape == other.shape and np.array_equal(value, other, equal_nan=value.dtype.kind == "f"):
            return self.constant(value)
        if self._is_size(value, other):
            return self.cast(self.add("Squeeze", [self._size(int(value), int(other))]), value.dtype)
        if _counts(value) and _counts(other):
            numbers = self._numbers(value.size, other.size)
            return self.cast(self.add("Reshape", [numbers, self.shape(value.shape, other.shape)]), value.dtype)
        band = _Band.of(value)
        if band is not None and band == _Band.of(other):
            return self._band_of(value.shape, other.shape, band)
        if value.size and other.size and (value == value.flat[0]).all() and (other == value.flat[0]).all():
            filling = self.constant(value.flat[:1].reshape(()))
            return self.add("Expand", [filling, self.shape(value.shape, other.shape)])
        raise NotSupportedError(
            "`export`: the model computes an array in Python whose elements depend on the size of the batch, which an "
            f"ONNX graph cannot repeat. Received: arrays of shape {value.shape} and {other.shape}"
        )

    def _numbers(self, size: int, other: int) -> str:
        """Returns the name of the vector 0, 1, 2, ... of a size."""
        bounds = [self.constant(0, "int64"), self.add("Squeeze", [self._size(size, other)]), self.constant(1, "int64")]
        return self.add("Range", bounds)

    def band(self, sizes: Sequence[int], other: Sequence[int], low: int | None, high: int | None) -> str:
        """Returns the name of a matrix of booleans: True in row i and column j if low <= i - j <= high.

        Args:
            sizes: The numbers of rows and columns in the first run.
            other: Those in the second run.
            low: The lower bound; None for none.
            high: The upper bound; None for none, if there is a lower one.
        """
        rows, columns = (self._numbers(*pair) for pair in zip(sizes, other, strict=True))
        offsets = self.add("Sub", [self.add("Unsqueeze", [rows, self.constant([1], "int64")]), columns])
        bounds = (("GreaterOrEqual", low), ("LessOrEqual", high))
        found = [self.add(kind, [offsets, self.constant(at, "int64")]) for kind, at in bounds if at is not None]
        return found[0] if len(found) == 1 else self.add("And", found)

    def _band_of(self, shape: tuple, other: tuple, band: "_Band") -> str:
        """Returns the name of a matrix with one value in a band along the diagonal, and another in the others."""
        matrix = self.band(shape[-2:], other[-2:], band.low, band.high)
        if band.inside.dtype == bool:
            matrix = matrix if band.inside else self.add("Not", [matrix])
        else:
            matrix = self.add("Where", [matrix, self.constant(band.inside), self.constant(band.outside)])
        return self.add("Reshape", [matrix, self.shape(shape, other)])

    def note_sum(self, name: str, summed: str, entry: Entry, other: Entry) -> None:
        """Records that a value is a sum, so that dividing it by the count can become a mean."""
        axes = entry.params["axis"]
        counts = tuple(prod(call.inputs[0].shape[axis] for axis in axes) for call in (entry, other))
        self._sums[name] = (summed, counts, axes, int(entry.params["keepdims"]))

    def mean(self, inputs: Sequence[Any], others: Sequence[Any]) -> str | None:
        """Adds a mean for a sum that is divided by its count, and returns its name; None if it is another division.

        Args:
            inputs: Dividend and divisor in the first run.
            others: Dividend and divisor in the second run.
        """
        total = self._names.get(id(inputs[0]))
        if total not in self._sums or isinstance(inputs[1], Tensor):
            return None
        counts = [np.asarray(pair[1]) for pair in (inputs, others)]
        if any(count.shape for count in counts):
            return None
        summed, expected, axes, keepdims = self._sums[total]
        if tuple(counts) != expected:
            return None
        return self.add("ReduceMean", [summed, self.constant(axes, "int64")], keepdims=keepdims)

    def cast(self, name: str, dtype: Any) -> str:
        """Adds a cast and returns its name."""
        return self.add("Cast", [name], to=self._onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def transpose(self, name: str, axes: Sequence[int]) -> str:
        """Adds a transpose and returns its name; that of a constant is computed, two in a row become one or none."""
        if name in self.constants:
            return self.derived(name, self.constants[name].transpose(axes))
        if name in self._transposes:
            name, first = self._transposes[name]
            axes = [first[axis] for axis in axes]
        if list(axes) == sorted(axes):
            return name
        result = self.add("Transpose", [name], perm=list(axes))
        self._transposes[result] = name, list(axes)
        return result

    def derived(self, name: str, value: np.ndarray) -> str:
        """Adds a constant computed from another one, whose name begins with that of the other."""
        name = self.new_name(name)
        self.constants[name] = value
        return name

    def _is_size(self, value: np.ndarray, other: np.ndarray) -> bool:
        """Returns whether a scalar is a multiple of dynamic sizes, like the number of elements of a mean."""
        is_number = value.shape == other.shape == () and value.dtype.kind in "if"
        return is_number and value == int(value) and other == int(other) and self._is_known(int(value), int(other))

    def _is_known(self, size: int, other: int) -> bool:
        return any(size % first == 0 and size // first * second == other for first, second in self._sizes) or any(
            size % first == 0 and other % second == 0 and self._is_known(size // first, other // second)
            for first, second in self._sizes
            if (size, other) != (size // first, other // second)
        )

    def drop_unused(self, outputs: Sequence[str]) -> None:
        """Drops nodes and constants that no output depends on."""
        self.nodes = self.needed(self.nodes, outputs)
        wanted = {*outputs, *(name for node in self.nodes for name in _read_by(node))}
        self.constants = {name: array for name, array in self.constants.items() if name in wanted}

    def needed(self, nodes: Sequence[Any], outputs: Sequence[str]) -> list[Any]:
        """Returns the nodes that the outputs depend on."""
        wanted, kept = set(outputs), []
        for node in reversed(nodes):
            if wanted.intersection(node.output):
                wanted.update(_read_by(node))
                kept.append(node)
        return kept[::-1]

    @contextmanager
    def inside(self) -> Iterator[list[Any]]:
        """Collects the nodes that are added inside the block, for the body of a loop."""
        outside, self.nodes = self.nodes, []
        try:
            yield self.nodes
        finally:
            self.nodes = outside

    def note_sizes(self, name: str, shape: Sequence[int], other: Sequence[int]) -> None:
        """Records the axes of an input from which dynamic sizes can be read."""
        for axis, pair in enumerate(zip(shape, other, strict=True)):
            if pair[0] != pair[1] and pair not in self._sizes:
                sizes = self.add("Shape", [name])
                self._sizes[pair] = self.add("Gather", [sizes, self.constant([axis], "int64")], axis=0)

    def shape(self, sizes: Sequence[int], other: Sequence[int]) -> str:
        """Returns the name of a vector of sizes, which may be dynamic.

        Args:
            sizes: The sizes in the first run.
            other: The sizes in the second run.

        Raises:
            NotSupportedError: If a size is not a multiple of dynamic sizes.
        """
        if tuple(sizes) == tuple(other):
            return self.constant(list(sizes), "int64")
        return self.add("Concat", [self._size(*pair) for pair in zip(sizes, other, strict=True)], axis=0)

    def _size(self, size: int, other: int) -> str:
        if size == other:
            return self.constant([size], "int64")
        for (first, second), name in self._sizes.items():
            factor, rest = divmod(size, first)
            if not rest and factor * second == other:
                return name if factor == 1 else self.add("Mul", [name, self.constant([factor], "int64")])
        for (first, second), name in self._sizes.items():
            if size % first == 0 and other % second == 0 and (size // first, other // second) != (size, other):
                return self.add("Mul", [name, self._size(size // first, other // second)])
        raise NotSupportedError(
            f"`export`: a size inside the model is {size} for inputs of one size and {other} for inputs of another, "
            "which is not a multiple of theirs. Fix the sizes with `input_signature`."
        )

    def new_name(self, kind: str) -> str:
        """Returns a name that no other value has."""
        self._count += 1
        return f"{kind}_{self._count}"


def _read_by(node: Any) -> Iterator[str]:
    """Yields the names of the values that a node reads, those that its body captures among them."""
    yield from node.input
    for attribute in node.attribute:
        for inner in attribute.g.node:
            yield from _read_by(inner)


def _counts(array: np.ndarray) -> bool:
    """Returns whether an array contains 0, 1, 2, ... along its only axis longer than 1, like sequence positions."""
    is_line = array.dtype.kind in "if" and array.size > 1 and array.size in array.shape
    return is_line and np.array_equal(array.ravel(), np.arange(array.size))


class _Band(NamedTuple):
    """The values of a matrix like a causal mask or that of a window: one where low <= row - column <= high."""

    inside: np.generic
    outside: np.generic
    low: int | None
    high: int | None

    @classmethod
    def of(cls, array: np.ndarray) -> "_Band | None":
        """Returns the band of a matrix; None for other arrays. Axes before those of the matrix have size 1."""
        if array.ndim < 2 or array.size < 2 or array.size != array.shape[-1] * array.shape[-2]:
            return None
        matrix = array.reshape(array.shape[-2:])
        diagonals = np.concatenate([matrix[0, :0:-1], matrix[:, 0]])  # by row - column, from the upper right
        changes = np.flatnonzero(diagonals[1:] != diagonals[:-1]) + 1
        first, columns = diagonals[0], matrix.shape[1]
        if not 1 <= len(changes) <= 2 or not np.array_equal(matrix[1:, 1:], matrix[:-1, :-1]):
            return None
        low, high = int(changes[0]) - columns + 1, int(changes[1]) - columns if len(changes) == 2 else None
        return cls(diagonals[changes[0]], first, low, high) if high is None or diagonals[-1] == first else None
