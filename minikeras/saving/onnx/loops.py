"""ONNX nodes for loops of a fixed length: a `Scan` whose body has the nodes of one iteration."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...compiler.control_flow.for_loops import STACKED, Loop
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from .graph import Graph

AddEntry = Callable[[Graph, Entry, Entry], str]


def add_loop(graph: Graph, inputs: list[str], entry: Entry, other: Entry, add_entry: AddEntry) -> str:
    """Adds a loop and returns its name, by which `add_result` finds its outputs.

    Args:
        graph: The graph.
        inputs: The names of its operands.
        entry: The loop in the first run.
        other: The loop in the second run.
        add_entry: Adds the nodes of a call in the body.
    """
    import onnx

    loops = entry.params["op"], other.params["op"]
    loop, count = loops[0], len(loops[0].carry)
    scanned = inputs[count : count + len(loop.over)]
    # Without arrays to scan over, one of the length says how many iterations there are.
    extra = [] if scanned else [graph.name_of(*(np.zeros(each.length, np.float32) for each in loops))]
    body, stacked = _body(graph, loops, inputs[count + len(loop.over) :], bool(extra), add_entry)
    name = graph.new_name("scan")
    outputs = [f"{name}_{index}" for index in range(count + len(stacked))]
    backwards = [1] if loop.reverse else []  # forward is the default, and no attribute may be empty
    counts = {"scan_input_directions": len(scanned) + len(extra), "scan_output_directions": len(stacked)}
    node = onnx.helper.make_node(
        "Scan",
        [*inputs[:count], *scanned, *extra],
        outputs,
        name=name,
        body=body,
        num_scan_inputs=len(scanned) + len(extra),
        **{direction: backwards * times for direction, times in counts.items() if backwards * times},
    )
    graph.nodes.append(node)
    last = dict(zip(loop.carry, outputs[:count], strict=True))
    stacks = dict(zip(stacked, outputs[count:], strict=True))
    graph.results[name] = [stacks[tensor] if kind == STACKED else last[tensor] for tensor, kind in loop.keys]
    return name


def add_result(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Returns the name of an output of a loop."""
    return graph.results[inputs[0]][entry.params["number"]]


def _body(graph: Graph, loops: tuple[Loop, Loop], shared: list[str], has_extra: bool, add_entry: AddEntry) -> tuple:
    """Returns the graph of one iteration, and the values of it that are stacked."""
    import onnx

    loop, other = loops
    given = []
    for value, again in zip(loop.carry + loop.over, other.carry + other.over, strict=True):
        name = graph.new_name("iteration")
        graph.set_name(value, name)
        given.append(_info(name, value, again))
    if has_extra:
        given.append(_info(graph.new_name("iteration"), np.zeros((), np.float32), np.zeros((), np.float32)))
    for value, name in zip(loop.shared, shared, strict=True):
        graph.set_name(value, name)
    stacked = list(dict.fromkeys(tensor for tensor, kind in loop.keys if kind == STACKED))
    again = list(dict.fromkeys(tensor for tensor, kind in other.keys if kind == STACKED))
    count, results = len(loop.carry), []
    with graph.inside() as nodes:
        for call, repeated in zip(loop.body.entries, other.body.entries, strict=True):
            graph.set_name(call.output, add_entry(graph, call, repeated))
        pairs = zip([*loop.body.outputs[:count], *stacked], [*other.body.outputs[:count], *again], strict=True)
        for value, repeated in pairs:
            name = graph.add("Identity", [graph.name_of(value, repeated)])
            results.append(_info(name, value, repeated))
    kept = graph.needed(nodes, [each.name for each in results])
    return onnx.helper.make_graph(kept, graph.new_name("body"), given, results), stacked


def _info(name: str, value: Tensor | np.ndarray, other: Tensor | np.ndarray) -> Any:
    import onnx

    sizes = [size if size == again else None for size, again in zip(value.shape, other.shape, strict=True)]
    return onnx.helper.make_tensor_value_info(name, onnx.helper.np_dtype_to_tensor_dtype(value.dtype), sizes)
