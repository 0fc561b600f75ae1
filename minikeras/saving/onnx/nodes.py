"""The ONNX nodes for each primitive (operator set 18)."""

from collections.abc import Callable

import numpy as np

from ...engine.trace import Entry
from ...errors import NotSupportedError
from .attention import ATTENTION
from .graph import Graph
from .loops import add_loop, add_result
from .preprocessing import PREPROCESSING, REASONS, arctan2
from .windows import WINDOWS

# Primitives with an equivalent ONNX operator.
SAME = {
    "absolute": "Abs",
    "add": "Add",
    "arccos": "Acos",
    "arccosh": "Acosh",
    "arcsin": "Asin",
    "arcsinh": "Asinh",
    "arctan": "Atan",
    "arctanh": "Atanh",
    "ceil": "Ceil",
    "copy": "Identity",
    "cos": "Cos",
    "cosh": "Cosh",
    "equal": "Equal",
    "erf": "Erf",
    "exp": "Exp",
    "floor": "Floor",
    "greater": "Greater",
    "greater_equal": "GreaterOrEqual",
    "identity": "Identity",
    "less": "Less",
    "less_equal": "LessOrEqual",
    "log": "Log",
    "logical_and": "And",
    "logical_not": "Not",
    "logical_or": "Or",
    "logical_xor": "Xor",
    "matmul": "MatMul",
    "maximum": "Max",
    "minimum": "Min",
    "multiply": "Mul",
    "negative": "Neg",
    "power": "Pow",
    "reciprocal": "Reciprocal",
    "relu": "Relu",
    "round": "Round",
    "sigmoid": "Sigmoid",
    "sign": "Sign",
    "sin": "Sin",
    "sinh": "Sinh",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "sqrt": "Sqrt",
    "stop_gradient": "Identity",
    "subtract": "Sub",
    "tan": "Tan",
    "tanh": "Tanh",
    "true_divide": "Div",
    "where": "Where",
}
# Primitives that are composed of several nodes: a function of the graph, the dtype and the names of the inputs.
Compose = Callable[..., str]


def _one(graph: Graph, dtype: np.dtype, value: float = 1) -> str:
    return graph.constant(value, dtype)


def _expm1(graph: Graph, dtype: np.dtype, x: str) -> str:
    """tanh(x / 2) * (exp(x) + 1), which has digits for a small x."""
    half = graph.add("Tanh", [graph.add("Mul", [x, _one(graph, dtype, 0.5)])])
    return graph.add("Mul", [half, graph.add("Add", [graph.add("Exp", [x]), _one(graph, dtype)])])


def _log1p(graph: Graph, dtype: np.dtype, x: str) -> str:
    """log(u) * x / (u - 1) with u = 1 + x, where the rounding of u cancels; log(u) for a large x."""
    one = _one(graph, dtype)
    total = graph.add("Add", [one, x])
    log, rounded = graph.add("Log", [total]), graph.add("Sub", [total, one])
    corrected = graph.add("Div", [graph.add("Mul", [log, x]), rounded])
    small = graph.add("Where", [graph.add("Equal", [total, one]), x, corrected])
    return graph.add("Where", [graph.add("Less", [x, one]), small, log])


def _hypot(graph: Graph, dtype: np.dtype, x: str, y: str) -> str:
    """The larger times sqrt(1 + ratio ** 2), so that no square overflows."""
    x, y, one = graph.add("Abs", [x]), graph.add("Abs", [y]), _one(graph, dtype)
    most, least = graph.add("Max", [x, y]), graph.add("Min", [x, y])
    # Without 0 / 0 and inf / inf.
    ratio = graph.add("Where", [graph.add("Equal", [most, least]), one, graph.add("Div", [least, most])])
    return graph.add("Mul", [most, graph.add("Sqrt", [graph.add("Add", [one, graph.add("Mul", [ratio, ratio])])])])


def _mod(graph: Graph, dtype: np.dtype, x: str, y: str) -> str:
    if dtype.kind != "f":
        return graph.add("Mod", [x, y])
    whole = graph.add("Floor", [graph.add("Div", [x, y])])
    return graph.add("Sub", [x, graph.add("Mul", [whole, y])])


def _floor_divide(graph: Graph, dtype: np.dtype, x: str, y: str) -> str:
    if dtype.kind == "f":
        return graph.add("Floor", [graph.add("Div", [x, y])])
    # ONNX rounds quotients of integers toward zero, so what is left is taken off before.
    return graph.add("Div", [graph.add("Sub", [x, graph.add("Mod", [x, y])]), y])


def _is(kind: str) -> Compose:
    """Returns a writer of IsNaN or IsInf, which take floats only."""

    def write(graph: Graph, dtype: np.dtype, x: str) -> str:
        return graph.add(kind, [x if dtype.kind == "f" else graph.cast(x, "float32")])

    return write


def _isfinite(graph: Graph, dtype: np.dtype, x: str) -> str:
    return graph.add("Not", [graph.add("Or", [_is(kind)(graph, dtype, x) for kind in ("IsNaN", "IsInf")])])


def _logaddexp(graph: Graph, dtype: np.dtype, x: str, y: str) -> str:
    gap = graph.add("Neg", [graph.add("Abs", [graph.add("Sub", [x, y])])])
    # Without inf - inf.
    gap = graph.add("Where", [graph.add("Equal", [x, y]), _one(graph, dtype, 0), gap])
    return graph.add("Add", [graph.add("Max", [x, y]), graph.add("Softplus", [gap])])


COMPOSED: dict[str, Compose] = {
    "arctan2": arctan2,
    "divide_no_nan": lambda g, d, x, y: g.add(
        "Where", [g.add("Equal", [y, _one(g, d, 0)]), _one(g, d, 0), g.add("Div", [x, y])]
    ),
    "exp2": lambda g, d, x: g.add("Pow", [_one(g, d, 2), x]),
    "expm1": _expm1,
    "floor_divide": _floor_divide,
    "hard_tanh": lambda g, d, x: g.add("Clip", [x, _one(g, d, -1), _one(g, d)]),
    "hypot": _hypot,
    "isfinite": _isfinite,
    "isinf": _is("IsInf"),
    "isnan": _is("IsNaN"),
    "log10": lambda g, d, x: g.add("Div", [g.add("Log", [x]), _one(g, d, np.log(10))]),
    "log1p": _log1p,
    "log2": lambda g, d, x: g.add("Div", [g.add("Log", [x]), _one(g, d, np.log(2))]),
    "log_sigmoid": lambda g, d, x: g.add("Neg", [g.add("Softplus", [g.add("Neg", [x])])]),
    "logaddexp": _logaddexp,
    "mod": _mod,
    "not_equal": lambda g, d, x, y: g.add("Not", [g.add("Equal", [x, y])]),
    "relu6": lambda g, d, x: g.add("Clip", [x, _one(g, d, 0), _one(g, d, 6)]),
    "rsqrt": lambda g, d, x: g.add("Reciprocal", [g.add("Sqrt", [x])]),
    "square": lambda g, d, x: g.add("Mul", [x, x]),
    "tanh_shrink": lambda g, d, x: g.add("Sub", [x, g.add("Tanh", [x])]),
    "trunc": lambda g, d, x: g.add("Mul", [g.add("Sign", [x]), g.add("Floor", [g.add("Abs", [x])])]),
}


def add_entry(graph: Graph, entry: Entry, other: Entry) -> str:
    """Adds the nodes for a call of a primitive and returns the name of the result.

    Args:
        graph: The graph.
        entry: The call in the first run.
        other: The call in the second run.

    Raises:
        NotSupportedError: If it cannot be exported to ONNX.
    """
    name = entry.primitive.name
    if name == "true_divide":
        mean = graph.mean(entry.inputs, other.inputs)
        if mean is not None:
            return mean
    inputs = [graph.name_of(*pair) for pair in zip(entry.inputs, other.inputs, strict=True)]
    dtypes = [np.asarray(getattr(value, "form", value)).dtype for value in entry.inputs]
    if name in SPECIAL:
        return SPECIAL[name](graph, inputs, entry, other)
    if name in SAME:
        if len(inputs) > 1 and name not in ("where", "power"):
            inputs = _of_one_dtype(graph, inputs, dtypes)
        return graph.add(SAME[name], inputs)
    if name in COMPOSED:
        return COMPOSED[name](graph, dtypes[0], *_of_one_dtype(graph, inputs, dtypes))
    why = f": {REASONS[name]}" if name in REASONS else ""
    raise NotSupportedError(f"`export`: the model uses `{name}`, which cannot be exported to ONNX{why}.")


def _of_one_dtype(graph: Graph, inputs: list[str], dtypes: list[np.dtype]) -> list[str]:
    common = np.result_type(*dtypes)
    return [name if dtype == common else graph.cast(name, common) for name, dtype in zip(inputs, dtypes, strict=True)]


# ---------------------------------------------------------------- primitives with parameters


def _to_result(graph: Graph, name: str, entry: Entry) -> str:
    return graph.cast(name, entry.output.dtype)


def _cast(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    is_other = entry.inputs[0].dtype != entry.output.dtype
    return _to_result(graph, inputs[0], entry) if is_other else inputs[0]


def _reshape(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    sizes = [call.output.shape for call in (entry, other)]
    if inputs[0] in graph.constants and sizes[0] == sizes[1]:  # such as the kernel of a depthwise convolution
        return graph.derived(inputs[0], graph.constants[inputs[0]].reshape(sizes[0]))
    return graph.add("Reshape", [*inputs, graph.shape(*sizes)], allowzero=1)


def _broadcast(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    return graph.add("Expand", [*inputs, graph.shape(entry.output.shape, other.output.shape)])


def _reduction(kind: str, through: str | None = None) -> Callable:
    def write(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
        name = inputs[0] if through is None else graph.cast(inputs[0], through)
        axes = graph.constant(entry.params["axis"], "int64")
        name = graph.add(kind, [name, axes], keepdims=int(entry.params["keepdims"]))
        if kind == "ReduceSum":
            graph.note_sum(name, inputs[0], entry, other)
        return name if through is None else _to_result(graph, name, entry)

    return write


def _index_of(kind: str) -> Callable:
    def write(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
        name = graph.add(kind, inputs, axis=int(entry.params["axis"]), keepdims=0)
        return _to_result(graph, name, entry)

    return write


def _item(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    """Slices, then drops the axes that are indexed by an integer, then inserts new axes."""
    name, sizes = inputs[0], [call.inputs[0].shape for call in (entry, other)]
    keys = [call.params["key"] for call in (entry, other)]
    keys = [key if isinstance(key, tuple) else (key,) for key in keys]
    keys = [_without_ellipsis(key, len(size)) for key, size in zip(keys, sizes, strict=True)]
    axis, cuts, single, new, position = 0, ([], []), [], [], 0
    for parts in zip(*keys, strict=True):
        if parts[0] is None:
            new.append(position)
            position += 1
            continue
        is_slice = isinstance(parts[0], slice)
        for part, found in zip(parts, cuts, strict=True):
            if not is_slice:
                found.append((axis, int(part), int(part) + 1 or _LAST, 1))
            elif parts[0] != slice(None):
                found.append((axis, *_bounds(part)))
        single += [] if is_slice else [axis]
        axis, position = axis + 1, position + is_slice
    if cuts[0]:
        columns = zip(*(zip(*found, strict=True) for found in cuts), strict=True)
        axes, starts, ends, steps = (graph.shape(*pair) for pair in columns)
        name = graph.add("Slice", [name, starts, ends, axes, steps])
    if single:
        name = graph.add("Squeeze", [name, graph.constant(single, "int64")])
    return graph.add("Unsqueeze", [name, graph.constant(new, "int64")]) if new else name


_LAST = 2**31 - 1  # beyond the end of any axis


def _without_ellipsis(key: tuple, rank: int) -> tuple:
    if Ellipsis not in key:
        return key
    position = key.index(Ellipsis)
    missing = rank - sum(part is not None for part in key) + 1
    return (*key[:position], *[slice(None)] * missing, *key[position + 1 :])


def _bounds(part: slice) -> tuple[int, int, int]:
    step = 1 if part.step is None else int(part.step)
    first, last = (0, _LAST) if step > 0 else (_LAST, -_LAST)
    return first if part.start is None else int(part.start), last if part.stop is None else int(part.stop), step


def _pad(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    before, after = zip(*entry.params["widths"], strict=True)
    value = graph.constant(entry.params["value"], entry.output.dtype)
    return graph.add("Pad", [*inputs, graph.constant([*before, *after], "int64"), value])


def _one_hot(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    # Not OneHot, which counts negative classes from the end, and rounds floats.
    is_float = entry.inputs[0].dtype.kind == "f"
    name = inputs[0] if is_float else graph.cast(inputs[0], "int64")
    classes = graph.constant(np.arange(entry.params["num_classes"]), entry.inputs[0].dtype if is_float else "int64")
    column = graph.add("Unsqueeze", [name, graph.constant([-1], "int64")])
    return _to_result(graph, graph.add("Equal", [column, classes]), entry)


def _triangle(upper: int) -> Callable:
    def write(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
        return graph.add("Trilu", [*inputs, graph.constant(entry.params["k"], "int64")], upper=upper)

    return write


def _top_k(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
    import onnx

    name = graph.add("Identity", [graph.constant([entry.params["k"]], "int64")])
    values, indices = f"{name}_values", f"{name}_indices"
    graph.nodes.append(onnx.helper.make_node("TopK", [*inputs, name], [values, indices], name=indices, axis=-1))
    return _to_result(graph, indices, entry)


def _shrink(soft: bool) -> Callable:
    def write(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
        limit = float(entry.params["threshold"])
        return graph.add("Shrink", inputs, lambd=limit, bias=limit if soft else 0.0)

    return write


def _settings(kind: str, **names: str) -> Callable:
    """Returns a writer of a node whose attributes are parameters of the primitive, under ONNX's names."""

    def write(graph: Graph, inputs: list[str], entry: Entry, other: Entry) -> str:
        return graph.add(kind, inputs, **{theirs: entry.params[ours] for theirs, ours in names.items()})

    return write


SPECIAL: dict[str, Callable] = {
    **ATTENTION,
    **PREPROCESSING,
    **WINDOWS,
    "all": _reduction("ReduceMin", "int32"),
    "any": _reduction("ReduceMax", "int32"),
    "argmax": _index_of("ArgMax"),
    "argmin": _index_of("ArgMin"),
    "broadcast_to": _broadcast,
    "cast": _cast,
    "checked_ids": _cast,
    "exact_cast": _cast,
    "celu": _settings("Celu", alpha="alpha"),
    "concatenate": _settings("Concat", axis="axis"),
    "cumsum": lambda graph, inputs, entry, other: graph.add(
        "CumSum", [*inputs, graph.constant(entry.params["axis"], "int64")]
    ),
    "elu": _settings("Elu", alpha="alpha"),
    "get_item": _item,
    "hard_shrink": _shrink(soft=False),
    "leaky_relu": _settings("LeakyRelu", alpha="negative_slope"),
    "max": _reduction("ReduceMax"),
    "min": _reduction("ReduceMin"),
    "one_hot": _one_hot,
    "pad": _pad,
    "reshape": _reshape,
    "scan": lambda graph, inputs, entry, other: add_loop(graph, inputs, entry, other, add_entry),
    "selu": _settings("Selu"),
    "soft_shrink": _shrink(soft=True),
    "project": add_result,
    "prod": _reduction("ReduceProd"),
    "sum": _reduction("ReduceSum"),
    "take": _settings("Gather", axis="axis"),
    "take_along_axis": _settings("GatherElements", axis="axis"),
    "top_k": _top_k,
    "transpose": lambda graph, inputs, entry, other: graph.transpose(inputs[0], entry.params["axes"]),
    "tril": _triangle(0),
    "triu": _triangle(1),
}
