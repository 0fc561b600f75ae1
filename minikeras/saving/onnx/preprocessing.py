"""The ONNX nodes for the preprocessing of numbers: bins, categories, lookups of integers, and spectra."""

from collections.abc import Callable

import numpy as np

from ...engine.trace import Entry
from ...errors import NotSupportedError
from .graph import Graph

# Why primitives have no nodes.
REASONS = {
    "clahe": "its histograms of tiles have no operator in ONNX",
    "hash_to_bins": "ONNX has no hash functions. Hash outside of the model, and let it begin with the result",
    "irfft": "ONNX has no inverse of a one-sided transform in operator set 18",
}


def _column(graph: Graph, name: str) -> str:
    """Adds a last axis."""
    return graph.add("Unsqueeze", [name, graph.constant([-1], "int64")])


def digitize(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds nodes that count the boundaries which a value reaches; NaN reaches all that ascend."""
    bins = np.asarray(getattr(entry.inputs[1], "array", entry.inputs[1]))
    common = np.result_type(entry.inputs[0].dtype, bins.dtype)
    boundaries = graph.constant(bins, common)
    x = inputs[0] if entry.inputs[0].dtype == common else graph.cast(inputs[0], common)
    below = graph.add("Less", [_column(graph, x), boundaries])
    is_descending = len(bins) > 0 and bins[0] > bins[-1]
    reached = below if is_descending else graph.add("Not", [below])
    counts = [graph.cast(reached, "int32"), graph.constant([-1], "int64")]
    return graph.add("ReduceSum", counts, keepdims=0)


def category_totals(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds nodes that compare indices with each category, and sum along the second axis, or along the only one."""
    params, rank = entry.params, len(entry.inputs[0].shape)
    categories = graph.constant(np.arange(params["depth"]), "int64")
    found = graph.add("Equal", [_column(graph, graph.cast(inputs[0], "int64")), categories])
    dtype = params["dtype"]
    numbers = [
        graph.cast(found, "float32" if dtype == "float16" else dtype),
        graph.constant([min(rank - 1, 1)], "int64"),
    ]
    total = graph.add("ReduceSum" if params["counts"] else "ReduceMax", numbers, keepdims=0)
    return graph.cast(total, entry.output.dtype) if dtype == "float16" else total


def lookup(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds nodes that compare integers with each term of a vocabulary."""
    found = entry.params["lookup"]
    if found.encoding is not None:
        raise NotSupportedError(f"`export`: {found.where} looks up strings, which ONNX files of minikeras do not hold.")
    if found.oov_count > 1 and found.hashes:
        raise NotSupportedError(f"`export`: {found.where} hashes integers, and {REASONS['hash_to_bins']}.")
    x = graph.cast(inputs[0], "int64")
    terms = graph.constant([*found.terms.terms], "int64")
    index = graph.constant(found.oov_start, "int64")
    if found.oov_count > 1:
        rest = graph.add("Mod", [x, graph.constant(found.oov_count, "int64")])
        index = graph.add("Add", [rest, index])
    if found.mask is not None:
        is_mask = graph.add("Equal", [x, graph.constant(found.mask, "int64")])
        index = graph.add("Where", [is_mask, graph.constant(found.mask_index, "int64"), index])
    if not len(found.terms):
        return graph.add("Add", [graph.add("Mul", [x, graph.constant(0, "int64")]), index])
    equal = graph.cast(graph.add("Equal", [_column(graph, x), terms]), "int32")
    place = graph.add(
        "Add", [graph.add("ArgMax", [equal], axis=-1, keepdims=0), graph.constant(found.terms.first, "int64")]
    )
    is_known = graph.cast(graph.add("ReduceMax", [equal, graph.constant([-1], "int64")], keepdims=0), "bool")
    return graph.add("Where", [is_known, place, index])


def inverse_lookup(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds a Gather of the terms of a vocabulary of integers."""
    found, count = entry.params["inverse"], len(entry.params["inverse"].terms)
    if found.dtype == "string":
        raise NotSupportedError(f"`export`: {found.where} returns strings, which ONNX files of minikeras do not hold.")
    x = graph.cast(inputs[0], "int64")
    mask = found.unknown if found.mask is None else found.mask
    table = graph.constant([*found.terms.terms, found.unknown, mask], found.dtype)
    place = graph.add("Sub", [x, graph.constant(found.terms.first, "int64")])
    inside = [
        graph.add("GreaterOrEqual", [place, graph.constant(0, "int64")]),
        graph.add("Less", [place, graph.constant(count, "int64")]),
    ]
    place = graph.add("Where", [graph.add("And", inside), place, graph.constant(count, "int64")])
    if found.mask is not None:
        is_mask = graph.add("Equal", [x, graph.constant(0, "int64")])
        place = graph.add("Where", [is_mask, graph.constant(count + 1, "int64"), place])
    return graph.add("Gather", [table, place], axis=0)


def extract_sequences(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds a Gather of overlapping sequences along the last axis, whose size must be fixed."""
    size, again = (call.inputs[0].shape[-1] for call in (entry, other))
    if size != again:
        raise NotSupportedError(
            "`export`: sequences of a signal of free length cannot be exported to ONNX here. Fix the length with "
            "`input_signature`."
        )
    length, stride = entry.params["length"], entry.params["stride"]
    count = max(1 + (size - length) // stride, 0)
    places = np.arange(count)[:, None] * stride + np.arange(length)
    return graph.add("Gather", [inputs[0], graph.constant(places, "int64")], axis=-1)


def rfft(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds a DFT node; for other sizes than powers of 2, of which onnxruntime's has few digits, a product."""
    shape, dtype = entry.inputs[0].shape, entry.output.dtype
    rank, size = len(shape), shape[-1]
    scale = {"backward": 1.0, "ortho": size**-0.5, "forward": 1.0 / size}[entry.params["norm"]]
    if size & (size - 1) == 0:
        y = graph.add("DFT", [_column(graph, inputs[0])], axis=rank - 1, onesided=1)
        return y if scale == 1 else graph.add("Mul", [y, graph.constant(scale, dtype)])
    waves = np.fft.rfft(np.eye(size)) * scale
    parts = [graph.add("MatMul", [inputs[0], graph.constant(part, dtype)]) for part in (waves.real, waves.imag)]
    return graph.add("Concat", [_column(graph, part) for part in parts], axis=rank)


def arctan2(graph: Graph, dtype: np.dtype, y: str, x: str) -> str:
    """The angle of a point: arctan(y / x), and on the left half a turn more or less, by the sign of y."""
    zero, half_turn = graph.constant(0, dtype), graph.constant(np.pi, dtype)

    def is_negative(name: str) -> str:
        # The reciprocal of -0 is -inf.
        signed = graph.add("Where", [graph.add("Equal", [name, zero]), graph.add("Reciprocal", [name]), name])
        return graph.add("Less", [signed, zero])

    angle = graph.add("Atan", [graph.add("Div", [y, x])])
    angle = graph.add("Where", [graph.add("Equal", [y, zero]), y, angle])  # without 0 / 0
    turn = graph.add("Where", [is_negative(y), graph.constant(-np.pi, dtype), half_turn])
    return graph.add("Where", [is_negative(x), graph.add("Add", [angle, turn]), angle])


PREPROCESSING: dict[str, Callable] = {
    "category_totals": category_totals,
    "digitize": digitize,
    "extract_sequences": extract_sequences,
    "inverse_lookup": inverse_lookup,
    "lookup": lookup,
    "rfft": rfft,
}
