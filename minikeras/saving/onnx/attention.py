"""ONNX nodes for attention, by basic operators: opset 18 has no attention of its own."""

from collections.abc import Callable

from ...engine.trace import Entry
from ...ops.common.attention_weights import lowest_logit
from .graph import Graph


def _weights(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds the softmax of the logits; a query that may attend to no key attends to all of them equally."""
    query, key, bias, mask = inputs
    given, dtype = entry.params["given"], entry.output.dtype
    logits = graph.add("MatMul", [graph.transpose(query, (0, 2, 1, 3)), graph.transpose(key, (0, 2, 3, 1))])
    logits = graph.add("Mul", [logits, graph.constant(entry.params["scale"], dtype)])
    if "b" in given:
        logits = graph.add("Add", [logits, bias])
    masks = [mask] if "m" in given else []
    if entry.params["is_causal"]:
        sizes = [(call.inputs[0].shape[1], call.inputs[1].shape[1]) for call in (entry, other)]
        masks.append(graph.band(*sizes, low=0, high=None))
    for each in masks:
        logits = graph.add("Where", [each, logits, graph.constant(lowest_logit(dtype), dtype)])
    return graph.add("Softmax", [logits], axis=-1)


def _attention(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Adds the weighted means of the values. In a file they need not be computed block by block."""
    query, key, value, bias, mask = inputs
    weights = _weights(graph, [query, key, bias, mask], entry, other)
    return graph.transpose(graph.add("MatMul", [weights, graph.transpose(value, (0, 2, 1, 3))]), (0, 2, 1, 3))


def _share_heads(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Repeats each head for the heads of the query that share it."""
    calls = entry, other
    heads = entry.params["heads"]
    sizes = [(*call.inputs[0].shape[:3], heads // call.inputs[0].shape[2], call.inputs[0].shape[3]) for call in calls]
    repeated = graph.add("Unsqueeze", [*inputs, graph.constant([3], "int64")])
    repeated = graph.add("Expand", [repeated, graph.shape(*sizes)])
    return graph.add("Reshape", [repeated, graph.shape(*(call.output.shape for call in calls))], allowzero=1)


ATTENTION: dict[str, Callable] = {
    "attention": _attention,
    "attention_weights": _weights,
    "share_heads": _share_heads,
}
