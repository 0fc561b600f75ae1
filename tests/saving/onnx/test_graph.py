"""The builder of an ONNX graph from two runs, in which dynamic sizes differ."""

import numpy as np
import pytest

from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import NotSupportedError
from minikeras.saving.onnx.free_sizes import BATCH
from minikeras.saving.onnx.graph import Graph

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


@pytest.fixture
def graph():
    """A graph with one input "x" of shape (dynamic, 3)."""
    made = Graph({})
    made.note_sizes("x", (BATCH[0], 3), (BATCH[1], 3))
    return made


def run(graph, name, x):
    """The value of that name for an input."""
    constants = [onnx.numpy_helper.from_array(array, key) for key, array in graph.constants.items()]
    inputs = [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [None, 3])]
    outputs = [onnx.helper.make_empty_tensor_value_info(name)]
    made = onnx.helper.make_graph(graph.nodes, "g", inputs, outputs, constants)
    opsets = [onnx.helper.make_opsetid("", 18)]
    model = onnx.helper.make_model(made, opset_imports=opsets, ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString()).run([name], {"x": x})[0]


X = np.ones((9, 3), "float32")


def test_nodes_and_constants(graph):
    name = graph.add("Add", ["x", graph.constant(2.0, "float32")])
    assert run(graph, name, X).tolist() == (X + 2).tolist()
    assert run(graph, graph.cast(name, "int64"), X).dtype == np.int64


def test_sizes_that_are_fixed(graph):
    name = graph.shape((2, 3), (2, 3))
    assert graph.constants[name].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (((5, 3), (7, 3)), [9, 3]),
        (((10, 1), (14, 1)), [18, 1]),
        (((25,), (49,)), [81]),
        (((2, 50), (2, 98)), [2, 162]),
    ],
)
def test_sizes_that_are_multiples_of_dynamic_ones(graph, sizes, expected):
    assert run(graph, graph.shape(*sizes), X).tolist() == expected


def test_other_sizes(graph):
    with pytest.raises(NotSupportedError, match="is 6 for inputs of one size and 8 for inputs of another"):
        graph.shape((6,), (8,))  # one more than the dynamic size


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (np.float32([1, 2]), np.float32([1, 2]), np.float32([1, 2])),
        (np.float32(15), np.float32(21), np.float32(27)),
        (np.arange(5), np.arange(7), np.arange(9)),
        (np.arange(5, dtype="float32")[:, None], np.arange(7, dtype="float32")[:, None], np.arange(9.0)[:, None]),
        (np.zeros((5, 2), "int32"), np.zeros((7, 2), "int32"), np.zeros((9, 2))),
        (np.float32([np.nan]), np.float32([np.nan]), np.float32([np.nan])),
    ],
)
def test_arrays_that_python_computed(graph, first, second, expected):
    value = run(graph, graph.add("Identity", [graph.name_of(first, second)]), X)
    assert value.dtype == first.dtype
    np.testing.assert_array_equal(value, expected)


def test_arrays_that_depend_on_the_size_in_other_ways(graph):
    with pytest.raises(NotSupportedError, match=r"arrays of shape \(5,\) and \(7,\)"):
        graph.name_of(np.arange(5) * 2, np.arange(7) * 2)


def test_names_of_tensors():
    with Trace() as trace:
        tensor, weight = Tensor(X[:5], trace), Tensor(np.float32([3]), trace)
    graph = Graph({id(weight): ("kernel", np.float32([3]))})
    graph.set_name(tensor, "x")
    assert graph.name_of(tensor, tensor) == "x"
    assert graph.constants == {}  # weights that nobody asks for are left out
    assert graph.name_of(weight, weight) == graph.name_of(weight, weight) == "kernel"
    assert graph.constants["kernel"].tolist() == [3]


def test_what_no_output_needs_is_dropped(graph):
    kept = graph.add("Add", ["x", graph.constant(2.0, "float32")])
    graph.add("Mul", [kept, graph.constant(3.0, "float32")])
    graph.drop_unused([kept])
    assert [node.op_type for node in graph.nodes] == ["Add"]
    assert [float(array) for array in graph.constants.values()] == [2.0]


@pytest.mark.parametrize(("lower", "upper"), [(True, False), (False, True), (0.0, -9.0), (3, 1)])
def test_triangles_of_dynamic_sizes(graph, lower, upper):
    first, second = (np.where(np.tri(size, dtype=bool), lower, upper)[None] for size in BATCH)
    found = run(graph, graph.name_of(first, second), X)
    assert found.dtype == first.dtype
    np.testing.assert_array_equal(found, np.where(np.tri(9, dtype=bool), lower, upper)[None])


@pytest.mark.parametrize(("low", "high"), [(-1, 1), (0, 2), (-3, -1), (1, None), (-2, None)])
@pytest.mark.parametrize(("inside", "outside"), [(True, False), (False, True), (0.0, -9.0)])
def test_bands_of_dynamic_sizes(graph, low, high, inside, outside):
    def make(size):
        offsets = np.arange(size)[:, None] - np.arange(size)
        return np.where((offsets >= low) & (offsets <= (size if high is None else high)), inside, outside)

    found = run(graph, graph.name_of(*map(make, BATCH)), X)
    assert found.dtype == make(9).dtype
    np.testing.assert_array_equal(found, make(9))


def test_other_matrices_of_dynamic_sizes(graph):
    for make in (
        lambda size: np.tri(size, k=size - 3, dtype=bool),
        lambda size: np.arange(size**2).reshape(size, size) % 3,
    ):
        with pytest.raises(NotSupportedError, match="whose elements depend on the size"):
            graph.name_of(*map(make, BATCH))


def test_what_a_body_reads_is_kept(graph):
    outside = graph.add("Neg", ["x"])
    with graph.inside() as nodes:
        inner = graph.add("Add", [outside, graph.constant(1.0, "float32")])
        graph.add("Abs", [outside])
    assert [node.op_type for node in graph.nodes] == ["Shape", "Gather", "Neg"]
    kept = graph.needed(nodes, [inner])
    assert [node.op_type for node in kept] == ["Add"]
    body = onnx.helper.make_graph(kept, "body", [], [onnx.helper.make_empty_tensor_value_info(inner)])
    graph.nodes.append(onnx.helper.make_node("If", ["x"], ["y"], then_branch=body, else_branch=body))
    graph.drop_unused(["y"])
    assert [node.op_type for node in graph.nodes] == ["Neg", "If"] and len(graph.constants) == 1
