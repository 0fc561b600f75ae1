"""Export of a model to an ONNX file: it is traced twice, on inputs of different sizes."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...engine import tree
from ...engine.dtypes import TEXT, standardize_dtype
from ...engine.tensor import Tensor
from ...engine.trace import Entry, Trace
from ...engine.variable import Variable
from ...errors import ArgumentError, NotSupportedError, ShapeError, StateError, brief
from ...utils.paths import checked_path
from ..atomic import write_file
from .graph import FREE, FREE_OF_IMAGES, Graph
from .nodes import add_entry

_OPERATOR_SET, _FORMAT = 18, 8  # opset of ONNX 1.13


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
    if opset_version not in (None, _OPERATOR_SET):
        raise NotSupportedError(f"`export`: only opset {_OPERATOR_SET} is supported. Received: {opset_version=}")
    path = checked_path(path, "`export`")
    try:
        import onnx
    except ImportError as error:
        raise ImportError("`export` needs the package onnx: `pip install 'minikeras[onnx]'`.") from error
    specs = _input_specs(model, input_signature)
    first, second = (_Run(model, specs, which) for which in (0, 1))
    graph = Graph({id(tensor): (variable.path, variable.numpy()) for variable, tensor in first.reads})
    inputs = _inputs(graph, specs, first, second)
    for entry, other in zip(*_needed(first, second), strict=True):
        graph.set_name(entry.output, add_entry(graph, entry, other))
    outputs = _outputs(graph, model, first, second)
    graph.drop_unused([output.name for output in outputs])
    constants = [onnx.numpy_helper.from_array(array, name) for name, array in graph.constants.items()]
    made = onnx.helper.make_graph(graph.nodes, model.name, inputs, outputs, constants)
    whole = onnx.helper.make_model(
        made, opset_imports=[onnx.helper.make_opsetid("", _OPERATOR_SET)], ir_version=_FORMAT, producer_name="minikeras"
    )
    onnx.checker.check_model(whole, full_check=True)
    write_file(path, whole.SerializeToString())


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
        if len(self.shape) > len(FREE):
            raise NotSupportedError(f"`export`: inputs may have at most {len(FREE)} axes. Received: {self.shape}")

    def example(self, which: int) -> np.ndarray:
        """Returns an input for one of the two runs; its values are irrelevant: only operations are recorded."""
        sizes = FREE_OF_IMAGES if len(self.shape) == len(FREE_OF_IMAGES) else FREE
        shape = [sizes[axis][which] if size is None else size for axis, size in enumerate(self.shape)]
        return np.zeros(shape, self.dtype)


def _input_specs(model: Any, signature: Any) -> Any:
    """Returns the specs of the inputs, nested like the inputs."""
    if signature is not None:
        single = tree.single(signature)
        names = iter(range(len(tree.flatten(signature))))
        return tree.map_structure(lambda each: _spec_of(each, f"input_{next(names)}"), single)
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


def _spec_of(given: Any, name: str) -> _Spec:
    shape = getattr(given, "shape", None)
    if shape is None:
        raise ArgumentError(
            f"`export`: each entry of `input_signature` must have a shape and a dtype. Received: {brief(given)}"
        )
    return _Spec(getattr(given, "name", None) or name, shape, getattr(given, "dtype", None) or "float32")


class _Run:
    """One traced run of a model: its calls, inputs and variables."""

    def __init__(self, model: Any, specs: Any, which: int):
        # Not as for a replay, for which pooling moves into the convolution before it.
        with Trace(replayed=False) as trace:
            try:
                inputs = tree.map_structure(lambda spec: Tensor(spec.example(which), trace), specs)
                result = _called(model, inputs, specs)
                self.outputs = [_value(value) for value in tree.flatten(result)]
            finally:
                trace.undo()
        self.trace = trace
        self.inputs = tree.flatten(inputs)
        self.reads = [(variable, tensor) for variable, tensors in trace.past_reads.items() for tensor in tensors]
        if trace.replay_blocker is not None:
            raise NotSupportedError(f"`export`: the model reads values in Python: {trace.replay_blocker}.")
        changed = [entry.params.get("variable") for entry in trace.entries if entry.primitive.effect]
        read = {id(variable) for variable, _ in self.reads}
        if any(id(variable) in read for variable in changed):
            raise NotSupportedError("`export`: the model updates variables in inference, which ONNX does not support.")

    def needed(self) -> list[Entry]:
        """Returns the calls that the outputs depend on, in order."""
        wanted, found = {id(value) for value in self.outputs}, []
        for entry in reversed(self.trace.entries):
            if entry.output is not None and id(entry.output) in wanted:
                found.append(entry)
                wanted.update(id(value) for value in entry.inputs)
        return found[::-1]


def _called(model: Any, inputs: Any, specs: Any) -> Any:
    try:
        return model(inputs, training=False)
    except ShapeError as error:
        if any(None in spec.shape[1:] for spec in tree.flatten(specs)):
            sizes = ", ".join(str(tensor.shape) for tensor in tree.flatten(inputs))
            raise NotSupportedError(
                f"`export`: the model does not take inputs of free size, such as {sizes}. Fix their sizes with "
                f"`input_signature`. {error}"
            ) from error
        raise


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
    found = []
    for spec, tensor, other in zip(tree.flatten(specs), first.inputs, second.inputs, strict=True):
        graph.set_name(tensor, spec.name)
        graph.note_sizes(spec.name, tensor.array.shape, other.array.shape)
        found.append(_info(spec.name, spec.dtype, spec.shape))
    return found


def _outputs(graph: Graph, model: Any, first: _Run, second: _Run) -> list:
    found = []
    for index, pair in enumerate(zip(first.outputs, second.outputs, strict=True)):
        array, other = (np.asarray(getattr(value, "array", value)) for value in pair)
        name = f"output_{index}"
        graph.nodes.append(_identity(graph.name_of(*pair), name))
        shape = [size if size == again else None for size, again in zip(array.shape, other.shape, strict=True)]
        found.append(_info(name, array.dtype, shape))
    return found


def _identity(source: str, name: str) -> Any:
    import onnx

    return onnx.helper.make_node("Identity", [source], [name], name=name)


def _info(name: str, dtype: np.dtype, shape: Sequence[int | None]) -> Any:
    """Returns the ONNX value info of an input or an output; free sizes have names."""
    import onnx

    free = ["batch", *(f"{name}_{axis}" for axis in range(1, len(shape)))]
    sizes = [free[axis] if size is None else size for axis, size in enumerate(shape)]
    return onnx.helper.make_tensor_value_info(name, onnx.helper.np_dtype_to_tensor_dtype(dtype), sizes)
