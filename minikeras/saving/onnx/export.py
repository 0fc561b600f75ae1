"""Export of a model to an ONNX file: it is traced twice, on inputs of different sizes."""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ...compiler.control_flow.branches import Branches
from ...compiler.control_flow.while_loops import WhileLoop
from ...engine import tree
from ...engine.deferred import DeferredTrace
from ...engine.dtypes import TEXT, standardize_dtype
from ...engine.primitive import Primitive
from ...engine.replicas import written_by_first
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ...engine.variable import Variable
from ...errors import ArgumentError, DataError, NotSupportedError, ShapeError, StateError, brief
from ...utils.paths import checked_path
from ..atomic import write_file
from .free_sizes import free_sizes
from .graph import Graph
from .nodes import add_entry

_OPERATOR_SET, _FORMAT = 18, 8  # opset of ONNX 1.13


@written_by_first
def export_onnx(
    model: Any, path: str | os.PathLike, input_signature: Any = None, opset_version: int | None = None
) -> None:
    """Exports the inference computation of a model to an ONNX file.

    Args:
        model: The model, built.
        path: The file.
        input_signature: Shapes and dtypes of the inputs, nested like the inputs, each with `shape` and `dtype`;
            inferred by default.
        opset_version: Only 18 or None.

    Raises:
        NotSupportedError: If the model uses something that cannot be exported to ONNX.
        StateError: If the model was never called, so that its inputs are unknown.
        FileWriteError: If the file cannot be written.
    """
    check_version(opset_version)
    path = checked_path(path, "`export`")
    specs = _input_specs(model, input_signature)
    write_file(path, onnx_bytes(lambda x: model(x, training=False), model.name, specs, model._flat_layers()))


def check_version(opset_version: Any) -> None:
    """Checks the operator set that is asked for.

    Raises:
        NotSupportedError: If it is another one than that of the nodes.
    """
    if opset_version not in (None, _OPERATOR_SET):
        raise NotSupportedError(f"`export`: only opset {_OPERATOR_SET} is supported. Received: {opset_version=}")


def onnx_bytes(function: Callable, name: str, specs: Any, layers: Iterable[Any] = ()) -> bytes:
    """Returns a function as the content of an ONNX file.

    Args:
        function: It takes the inputs, nested like `specs`.
        name: The name of the graph.
        specs: The inputs.
        layers: The layers that it uses.

    Raises:
        NotSupportedError: If it uses something that cannot be exported to ONNX.
    """
    try:
        import onnx
    except ImportError as error:
        raise ImportError("`export` needs the package onnx: `pip install 'minikeras[onnx]'`.") from error
    layers = list(layers)
    _check_layers(layers)
    first, second = _runs(function, specs, _widest_window(layers))
    graph = Graph({id(tensor): (variable.path, variable.numpy()) for variable, tensor in first.reads})
    inputs = _inputs(graph, specs, first, second)
    for entry, other in zip(*_needed(first, second), strict=True):
        graph.set_name(entry.output, add_entry(graph, entry, other))
    outputs = _outputs(graph, first, second)
    graph.drop_unused([output.name for output in outputs])
    made = onnx.helper.make_graph(graph.nodes, name, inputs, outputs)
    for key, array in graph.constants.items():  # one by one: a list of all would be one more copy of the weights
        made.initializer.add().CopyFrom(onnx.numpy_helper.from_array(array, key))
    content = _content(made)
    del made
    onnx.checker.check_model(content, full_check=True)
    return content


def _content(graph: Any) -> bytes:
    """Returns the content of a file with a graph; the message for it, which copies the weights, is freed."""
    import onnx

    opsets = [onnx.helper.make_opsetid("", _OPERATOR_SET)]
    return onnx.helper.make_model(
        graph, opset_imports=opsets, ir_version=_FORMAT, producer_name="minikeras"
    ).SerializeToString()


def _check_layers(layers: list[Any]) -> None:
    for layer in layers:
        mode = getattr(layer, "quantization_mode", None)
        if mode in ("int4", "float8"):
            raise NotSupportedError(
                f"`export`: '{layer.name}' is quantized with '{mode}', whose values the nodes of ONNX cannot compute. "
                "Quantize the model with 'int8'."
            )
        if getattr(layer, "num_oov_indices", None) == 0:
            raise NotSupportedError(
                f"`export`: with `num_oov_indices=0`, '{layer.name}' refuses what is not in its vocabulary, which an "
                "ONNX graph cannot. Set `num_oov_indices=1`."
            )


class _Spec:
    """The name, the shape (None for free sizes) and the dtype of an input."""

    def __init__(self, name: str, shape: Sequence[int | None], dtype: Any):
        dtype = standardize_dtype(dtype)
        if dtype == TEXT:
            raise NotSupportedError(
                f"`export`: input '{name}' takes strings, and the preprocessing of strings is not exported to ONNX. "
                "Export the part of the model after its text and lookup layers, and encode the strings outside of it."
            )
        self.name, self.shape, self.dtype = name, tuple(shape), np.dtype(dtype)


def _input_specs(model: Any, signature: Any) -> Any:
    """Returns the specs of the inputs, nested like the inputs."""
    if signature is not None:
        return specs_of(tree.single(signature))
    if model._graph() is not None:
        structure = model._graph().inputs_structure
        return tree.map_structure(lambda x: _Spec(x._keras_history.operation.name, x.shape, x.dtype), structure)
    shapes = (model.get_build_config() or {}).get("input_shape")
    if shapes is None or not all(isinstance(size, (int, type(None))) for size in shapes):
        raise StateError(
            f"`export`: the inputs of {model!r} are unknown. Call it on data, or pass `input_signature`, such as "
            "[InputSpec(shape=(None, 3), dtype='float32')]."
        )
    return _Spec("input_0", (None, *shapes[1:]), model.input_dtype)


def specs_of(signature: Any) -> Any:
    """Returns the specs of a signature, nested like it.

    Args:
        signature: A nested structure of objects with `shape` and `dtype`, and optionally a `name`.

    Raises:
        ArgumentError: If one has no shape.
    """
    names = iter(range(len(tree.flatten(signature))))
    return tree.map_structure(lambda each: _spec_of(each, f"input_{next(names)}"), signature)


def _spec_of(given: Any, name: str) -> _Spec:
    shape = getattr(given, "shape", None)
    if shape is None:
        raise ArgumentError(
            f"`export`: each entry of `input_signature` must have a shape and a dtype. Received: {brief(given)}"
        )
    return _Spec(getattr(given, "name", None) or name, shape, getattr(given, "dtype", None) or "float32")


_INSTEAD = {
    WhileLoop.primitive: ("`while_loop`", "Use `scan` or `fori_loop`, with a fixed number of iterations."),
    Branches.primitive: ("`cond` or `switch`", "Use `where`, which computes both values."),
}


class _ExportTrace(DeferredTrace):
    """The trace of a run, which computes nothing, so that the activations of a large model take no memory.

    It refuses what depends on data: on irrelevant values, a loop might not end.
    """

    def __init__(self):
        super().__init__()
        self.replayed = False  # for a replay, pooling would move into the convolution before it
        self.differentiated = False

    def check_control_flow(self, primitive: Primitive) -> None:
        if primitive in _INSTEAD:
            name, instead = _INSTEAD[primitive]
            raise NotSupportedError(
                f"`export`: the model uses {name} on values that depend on its inputs, which cannot be exported to "
                f"ONNX. {instead}"
            )


class _Run:
    """One traced run of a model: its calls, inputs and variables.

    Args:
        function: What computes the outputs, such as the model.
        specs: The inputs.
        shapes: Their shapes; their values are irrelevant: only operations are recorded.
    """

    def __init__(self, function: Callable, specs: Any, shapes: Sequence[Sequence[int]]):
        with _ExportTrace() as trace:
            try:
                flat = zip(tree.flatten(specs), shapes, strict=True)
                values = [Tensor(np.zeros(shape, spec.dtype), trace) for spec, shape in flat]
                result = function(tree.pack_like(specs, values))
                self.outputs = [_value(value) for value in tree.flatten(result)]
            finally:
                trace.undo()
        self.trace = trace
        self.inputs = values
        self.reads = [(variable, tensor) for variable, tensors in trace.past_reads.items() for tensor in tensors]
        if trace.replay_blocker is not None:
            raise NotSupportedError(f"`export`: the model reads values in Python: {trace.replay_blocker}.")
        changed = {id(entry.params.get("variable")) for entry in trace.entries if entry.primitive.effect}
        self._changed = {id(tensor) for variable, tensor in self.reads if id(variable) in changed}

    def needed(self) -> list[Entry]:
        """Returns the calls that the outputs depend on, in order.

        Raises:
            NotSupportedError: If the outputs depend on variables that the model updates.
        """
        wanted, found = {id(value) for value in self.outputs}, []
        for entry in reversed(self.trace.entries):
            if entry.output is not None and id(entry.output) in wanted:
                found.append(entry)
                wanted.update(id(value) for value in entry.inputs)
        # Others do not matter, such as the seed of dropout masks, which are drawn in inference, too, but not used.
        if not wanted.isdisjoint(self._changed):
            raise NotSupportedError(
                "`export`: the model updates variables in inference, and its outputs depend on them, which ONNX does "
                "not support. For a recurrent layer with `stateful=True`, export a copy with `stateful=False`, whose "
                "states are inputs (`initial_state`) and outputs (`return_state=True`)."
            )
        return found[::-1]


def _runs(function: Callable, specs: Any, window: int) -> tuple[_Run, _Run]:
    """Returns the two runs, with as many different sizes as the model takes.

    Raises:
        NotSupportedError: If it takes none of those that are tried.
    """
    shapes = [spec.shape for spec in tree.flatten(specs)]
    failures = []
    for small in (False, True):
        for sizes in free_sizes(shapes, small, window):
            first, second = ([[pair[which] for pair in shape] for shape in sizes] for which in (0, 1))
            try:
                return _Run(function, specs, first), _Run(function, specs, second)
            except ShapeError as error:
                failures.append((error, first))
            except DataError as error:
                failures.append((error, first))
                break  # ids of positions that are out of range, which fewer positions may mend
    error, tried = failures[0]
    if all(None not in shape[1:] for shape in shapes):
        raise error
    sizes = ", ".join(str(tuple(shape)) for shape in tried)
    raise NotSupportedError(
        f"`export`: the model does not take inputs of free size, such as {sizes}. Fix their sizes with "
        f"`input_signature`. {error}"
    ) from error


def _widest_window(layers: list[Any]) -> int:
    """Returns the largest `sliding_window` of layers of attention: in shorter sequences it would not be seen."""
    widths = (getattr(layer, "_sliding_window", None) for layer in layers)
    return max((width for width in widths if width), default=0)


def _value(value: Any) -> Any:
    if isinstance(value, Variable):
        value = value.read()
    return value.current() if isinstance(value, Tensor) else np.asarray(value)


def _needed(first: _Run, second: _Run) -> tuple[list[Entry], list[Entry]]:
    calls = first.needed(), second.needed()
    names = [[entry.primitive.name for entry in found] for found in calls]
    if names[0] != names[1]:
        raise NotSupportedError(
            "`export`: the operations of the model depend on the sizes of its inputs. Fix them with `input_signature`."
        )
    return calls


def _inputs(graph: Graph, specs: Any, first: _Run, second: _Run) -> list:
    found, names = [], {}
    for spec, tensor, other in zip(tree.flatten(specs), first.inputs, second.inputs, strict=True):
        graph.set_name(tensor, spec.name)
        graph.note_sizes(spec.name, tensor.shape, other.shape)
        for axis, pair in enumerate(zip(tensor.shape, other.shape, strict=True)):
            names.setdefault(pair, f"{spec.name}_{axis}" if axis else "batch")
        pairs = zip(spec.shape, tensor.shape, other.shape, strict=True)
        found.append(
            _info(spec.name, spec.dtype, [names[own, again] if size is None else size for size, own, again in pairs])
        )
    return found


def _outputs(graph: Graph, first: _Run, second: _Run) -> list:
    found = []
    for index, pair in enumerate(zip(first.outputs, second.outputs, strict=True)):
        array, other = (getattr(value, "form", value) for value in pair)
        name = f"output_{index}"
        graph.nodes.append(_identity(graph.name_of(*pair), name))
        sizes: list[int | str] = []
        for axis, (size, again) in enumerate(zip(array.shape, other.shape, strict=True)):
            sizes.append(size if size == again else f"{name}_{axis}" if axis else "batch")
        found.append(_info(name, array.dtype, sizes))
    return found


def _identity(source: str, name: str) -> Any:
    import onnx

    return onnx.helper.make_node("Identity", [source], [name], name=name)


def _info(name: str, dtype: np.dtype, sizes: Sequence[int | str]) -> Any:
    """Returns the ONNX value info of an input or an output; free sizes have names."""
    import onnx

    return onnx.helper.make_tensor_value_info(name, onnx.helper.np_dtype_to_tensor_dtype(dtype), sizes)
