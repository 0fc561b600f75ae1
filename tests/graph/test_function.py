"""Functions made of a graph."""

import numpy as np
import pytest

from minikeras import Input, layers, ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.function import Function, nodes_between
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.graph.operation import node_of


def test_it_computes_what_the_graph_says():
    x, y = KerasTensor((None, 2)), KerasTensor((None, 2))
    f = Function([x, y], {"sum": x + y, "product": ops.multiply(x, y)})
    a, b = np.float32([[1, 2]]), np.float32([[3, 4]])
    found = f([a, b])
    assert found["sum"].tolist() == [[4, 6]] and found["product"].tolist() == [[3, 8]]


def test_nested_inputs():
    x, y = KerasTensor((None, 2)), KerasTensor((None, 2))
    f = Function({"b": y, "a": x}, x - y)
    assert f({"a": np.float32([[5, 5]]), "b": np.float32([[1, 2]])}).tolist() == [[4, 3]]
    with pytest.raises(ArgumentError, match="expected inputs nested like"):
        f([np.ones((1, 2)), np.ones((1, 2))])


def test_shapes_that_do_not_fit():
    x = KerasTensor((None, 2))
    f = Function(x, x + 1)
    assert f(np.ones((7, 2))).shape == (7, 2)
    with pytest.raises(ShapeError, match=r"expected shape \(None, 2\) for input '.*', received shape \(7, 3\)"):
        f(np.ones((7, 3)))


def test_symbolic_inputs_give_symbolic_outputs():
    x = KerasTensor((None, 2))
    f = Function(x, ops.matmul(x, ops.ones((2, 5))))
    assert f.compute_output_spec(KerasTensor((3, 2))).shape == (3, 5)
    assert f.compute_output_shape((None, 2)) == (None, 5)
    assert f.compute_output_shape((4, 2)) == (4, 5)


def test_an_output_that_is_not_connected():
    x, y = KerasTensor((None, 2)), KerasTensor((None, 2))
    with pytest.raises(ArgumentError, match="not connected to the inputs|disconnected"):
        Function(x, x + y)
    with pytest.raises(ArgumentError, match="Output 0, .* is not connected"):
        Function(x, y)


def test_what_is_not_symbolic():
    with pytest.raises(ArgumentError, match="All `outputs` must be symbolic"):
        Function(KerasTensor((2,)), np.ones(2))
    with pytest.raises(ArgumentError, match="`inputs` must not be empty"):
        Function([], KerasTensor((2,)))


def test_names_must_differ():
    x = Input((2,))
    with pytest.raises(ArgumentError, match="The name 'same' is used 2 times"):
        Function(x, layers.Dense(1, name="same")(layers.Dense(2, name="same")(x)))


def test_a_part_of_a_graph():
    """An intermediate value as the input: what comes before it does not run."""
    x = KerasTensor((None, 2))
    y = ops.exp(x)
    z = y * 2
    assert Function(y, z)(np.float32([[1, 2]])).tolist() == [[2, 4]]
    assert [node.operation.name for node in nodes_between([x], [z])] == [
        node_of(y).operation.name,
        node_of(z).operation.name,
    ]


def test_each_call_runs_once_and_after_what_it_needs():
    x = KerasTensor((None, 2))
    shared = ops.exp(x)
    left, right = shared + 1, shared * 2
    f = Function(x, left * right)
    calls = []

    def call(operation, args, kwargs):
        calls.append(operation)
        return operation(*args, **kwargs)

    f.run([np.ones((1, 2), "float32")], call)
    assert len(calls) == len(set(calls)) == 4
    assert calls[0] is node_of(shared).operation and calls[-1] is node_of(f.outputs[0]).operation


def test_depths():
    x = KerasTensor((None, 2))
    y = ops.exp(x)
    f = Function(x, y + ops.tanh(y))
    depth = {node.operation.name: depth for depth, nodes in f.nodes_by_depth.items() for node in nodes}
    assert depth[node_of(y).operation.name] == 2 and depth[node_of(f.outputs[0]).operation.name] == 0


def test_deep_graphs():
    x = y = KerasTensor((None, 1))
    for _ in range(3000):  # recursion would end at 1,000
        y = y + 1
    assert Function(x, y)(np.zeros((1, 1), "float32")).tolist() == [[3000]]
