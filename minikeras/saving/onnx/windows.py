"""The ONNX nodes for convolution, pooling and resampling.

ONNX has the layout (batch, channels, *spatial), the primitives (batch, *spatial, channels): there are transposes before
and after each node, of which those between neighbors cancel.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...engine.trace import Entry
from ...errors import NotSupportedError
from ...ops.common.sliding_windows import extent
from ...ops.image.sampling import resizing_matrix
from .graph import Graph


def _channels_first(graph: Graph, name: str, rank: int) -> str:
    return graph.transpose(name, (0, rank + 1, *range(1, rank + 1)))


def _finished(graph: Graph, name: str, entry: Entry, other: Entry) -> str:
    """Returns the result of a node in the layout of the primitives; later nodes may need its free sizes."""
    rank = len(entry.output.shape) - 2
    name = graph.transpose(name, (0, *range(2, rank + 2), 1))
    graph.note_sizes(name, entry.output.shape, other.output.shape)
    return name


def _filters_first(graph: Graph, name: str, rank: int) -> str:
    return graph.transpose(name, (rank + 1, rank, *range(rank)))


def _spatial(entry: Entry) -> tuple[int, ...]:
    return entry.inputs[0].shape[1:-1]


def conv(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds a Conv node."""
    size, dilation = entry.inputs[1].shape[:-2], entry.params["dilation"]
    rank = len(size)
    y = graph.add(
        "Conv",
        [_channels_first(graph, inputs[0], rank), _filters_first(graph, inputs[1], rank)],
        kernel_shape=size,
        dilations=dilation,
        group=entry.params["groups"],
        **_strides_and_padding(entry, other, size, dilation),
    )
    return _finished(graph, y, entry, other)


def conv_transpose(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds a ConvTranspose node."""
    size, (padding, extra) = entry.inputs[1].shape[:-2], _output_padding(entry)
    if (padding, extra) != _output_padding(other):
        raise _dynamic("transposed convolution")
    rank = len(size)
    y = graph.add(
        "ConvTranspose",
        [_channels_first(graph, inputs[0], rank), _filters_first(graph, inputs[1], rank)],
        kernel_shape=size,
        dilations=entry.params["dilation"],
        group=entry.params["groups"],
        strides=entry.params["strides"],
        pads=_pads(padding),
        output_padding=extra,
    )
    return _finished(graph, y, entry, other)


def _output_padding(entry: Entry) -> tuple[tuple, tuple[int, ...]]:
    """Returns the padding, and how many outputs there are beyond what the windows reach."""
    params, size = entry.params, entry.inputs[1].shape[:-2]
    reached = [
        (length - 1) * stride + extent(width, step) - sum(pair)
        for length, stride, width, step, pair in zip(
            _spatial(entry), params["strides"], size, params["dilation"], params["padding"], strict=True
        )
    ]
    return params["padding"], tuple(want - got for want, got in zip(params["sizes"], reached, strict=True))


def pool(kind: str) -> Callable:
    """Returns a writer of MaxPool or AveragePool nodes."""

    def write(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
        size, dtype = entry.params["size"], entry.output.dtype
        rank = len(size)
        is_exact = dtype.kind != "f" and np.can_cast(dtype, "float64")  # of integers, ONNX has those with 8 bits
        x = graph.cast(inputs[0], "float64") if is_exact else inputs[0]
        geometry = _strides_and_padding(entry, other, size, (1,) * rank)
        y = graph.add(kind, [_channels_first(graph, x, rank)], kernel_shape=size, **geometry)
        return _finished(graph, graph.cast(y, dtype) if is_exact else y, entry, other)

    return write


def _pads(pairs: Sequence[tuple[int, int]]) -> list[int]:
    before, after = zip(*pairs, strict=True)
    return [*before, *after]


def _strides_and_padding(entry: Entry, other: Entry, size: Sequence[int], dilation: Sequence[int]) -> dict[str, Any]:
    """Returns the attributes of a node with windows; with strides over a free size, those of "same" depend on it."""
    strides, padding = entry.params["strides"], entry.params["padding"]
    counts = zip(entry.output.shape[1:-1], other.output.shape[1:-1], strict=True)
    is_free = [length != again for length, again in zip(_spatial(entry), _spatial(other), strict=True)]
    if any(free and count == again for free, (count, again) in zip(is_free, counts, strict=True)):
        raise _dynamic("so many windows")  # the number of which would seem to be fixed
    has_overlap = [width > 1 and stride > 1 for width, stride in zip(size, strides, strict=True)]
    if not any(free and overlap for free, overlap in zip(is_free, has_overlap, strict=True)):
        return {"strides": strides, "pads": _pads(padding)}
    is_same = all(call.params["padding"] == _same(call, size, dilation) for call in (entry, other))
    is_fixed = padding == other.params["padding"] and all(not after or before > after for before, after in padding)
    if is_same == is_fixed:  # in both runs, no padding may be what "same" pads, too
        raise _dynamic("windows with strides")
    return {"strides": strides, **({"auto_pad": "SAME_UPPER"} if is_same else {"pads": _pads(padding)})}


def _same(entry: Entry, size: Sequence[int], dilation: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Returns the padding with which there are ceil(length / stride) windows."""
    pairs = []
    for length, width, stride, step in zip(_spatial(entry), size, entry.params["strides"], dilation, strict=True):
        total = max((-(-length // stride) - 1) * stride + extent(width, step) - length, 0)
        pairs.append((total // 2, total - total // 2))
    return tuple(pairs)


def _dynamic(what: str) -> NotSupportedError:
    return NotSupportedError(
        f"`export`: {what} over axes of free size cannot be exported to ONNX here. Fix the sizes with "
        "`input_signature`."
    )


# ---------------------------------------------------------------- adaptive pooling


def adaptive_means(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds means over windows: of a reshaped input if the windows are equal, else one node for each."""
    axis = entry.params["axis"]
    parts = _equal_parts(graph, inputs[0], entry, other)
    if parts is not None:
        return graph.add("ReduceMean", [parts, graph.constant([axis + 1], "int64")], keepdims=0)
    axes = graph.constant([axis], "int64")
    means = [graph.add("ReduceMean", [part, axes], keepdims=1) for part, _ in _parts(graph, inputs[0], entry)]
    return graph.add("Concat", means, axis=axis)


def adaptive_argmax(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds indices of maxima, likewise."""
    axis, count = entry.params["axis"], entry.params["count"]
    parts = _equal_parts(graph, inputs[0], entry, other)
    if parts is None:
        found = [
            graph.add("Add", [graph.add("ArgMax", [part], axis=axis, keepdims=1), graph.constant(start, "int64")])
            for part, start in _parts(graph, inputs[0], entry)
        ]
        return graph.cast(graph.add("Concat", found, axis=axis), "int32")
    inside = graph.add("ArgMax", [parts], axis=axis + 1, keepdims=0)
    starts = np.arange(count) * (entry.inputs[0].shape[axis] // count)
    column = starts.reshape(-1, *(1,) * (len(entry.inputs[0].shape) - axis - 1))
    return graph.cast(graph.add("Add", [inside, graph.constant(column, "int64")]), "int32")


def _equal_parts(graph: Graph, name: str, entry: Entry, other: Entry) -> str | None:
    """Returns the input with its axis split into windows; None if they overlap or differ."""
    axis, count = entry.params["axis"], entry.params["count"]
    shapes = [call.inputs[0].shape for call in (entry, other)]
    if shapes[0][axis] != shapes[1][axis]:
        raise _dynamic("adaptive pooling")
    if shapes[0][axis] % count:
        return None
    split = [(*shape[:axis], count, shape[axis] // count, *shape[axis + 1 :]) for shape in shapes]
    return graph.add("Reshape", [name, graph.shape(*split)])


def _parts(graph: Graph, name: str, entry: Entry) -> list[tuple[str, int]]:
    """Returns the windows with their starts."""
    axis, count = entry.params["axis"], entry.params["count"]
    length, axes, found = entry.inputs[0].shape[axis], graph.constant([axis], "int64"), []
    for number in range(count):
        start, stop = number * length // count, -(-(number + 1) * length // count)
        bounds = [graph.constant([bound], "int64") for bound in (start, stop)]
        found.append((graph.add("Slice", [name, *bounds, axes]), start))
    return found


# ---------------------------------------------------------------- resampling

_MODES = {"bilinear": {"mode": "linear"}, "bicubic": {"mode": "cubic", "cubic_coeff_a": -0.5, "exclude_outside": 1}}


def resample(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds a Resize node; for other interpolations, a product with the matrix of weights."""
    size, new_size, method, antialias = entry.params["weighting"]
    rank = len(entry.inputs[0].shape)
    axis = entry.params["axis"] % rank
    # Products with a matrix are more exact than cubic interpolation in onnxruntime, but have a fixed size.
    is_fixed_cubic = method == "bicubic" and entry.params == other.params
    if _has_mode(entry, other) and not is_fixed_cubic:
        return _resized(graph, inputs[0], entry, other)
    if entry.params != other.params:
        raise _dynamic(f"{method} resizing")
    matrix = resizing_matrix(size, new_size, method, antialias, entry.output.dtype.name)
    matrix = graph.constant(matrix.T if entry.params["transposed"] else matrix)
    order = [*range(axis), *range(axis + 1, rank), axis]
    rows = graph.transpose(inputs[0], order)
    return graph.transpose(graph.add("MatMul", [rows, matrix]), np.argsort(order).tolist())


def _has_mode(entry: Entry, other: Entry) -> bool:
    (size, new_size, method, antialias), again = entry.params["weighting"], other.params["weighting"]
    can_shrink = new_size < size or (size != again[0] and new_size == again[1])
    # Of images that become smaller, onnxruntime does not take all layouts in cubic mode, and antialiasing is different.
    has_mode = method in _MODES and not (can_shrink and (antialias or method == "bicubic"))
    return has_mode and not entry.params["transposed"] and len(entry.inputs[0].shape) == 4


def _resized(graph: Graph, name: str, entry: Entry, other: Entry) -> str:
    """Adds a Resize node for one axis of images; height and width are resized by the same node."""
    method, axis = entry.params["weighting"][2], entry.params["axis"] % 4
    shapes = [call.output.shape for call in (entry, other)]
    first = graph.transpose(name, (0, 3, 1, 2))
    # Runtimes have cubic interpolation along the last two axes only.
    is_moved = axis == 1 or (axis == 2 and (first, method) in graph.heights)
    if is_moved:
        name, axis, shapes = first, axis + 1, [(shape[0], shape[3], *shape[1:3]) for shape in shapes]
    source = graph.heights.get((name, method), name) if axis == 3 else name
    y = graph.add("Resize", [source, "", "", graph.shape(*shapes)], **_MODES[method])
    if axis == 2:
        graph.heights[y, method] = name
    return graph.transpose(y, (0, 2, 3, 1)) if is_moved else y


WINDOWS: dict[str, Callable] = {
    "adaptive_argmax": adaptive_argmax,
    "adaptive_means": adaptive_means,
    "average_pool": pool("AveragePool"),
    "conv": conv,
    "conv_transpose": conv_transpose,
    "max_pool": pool("MaxPool"),
    "resample_axis": resample,
}
