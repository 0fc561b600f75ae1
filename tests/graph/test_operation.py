"""Operations, and the nodes that calls on symbolic values leave in the graph."""

import copy
import pickle

import numpy as np
import pytest

from minikeras import Input, KerasTensor, Operation, ops
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    NotSupportedError,
    StateError,
    UninitializedError,
    UnknownNameError,
)
from minikeras.graph.operation import (
    FunctionOperation,
    check_initialized,
    has_symbolic,
    is_recording,
    node_of,
    paused_recording,
    refuse_symbolic,
)


class Scale(Operation):
    def __init__(self, factor, name=None):
        super().__init__(name)
        self.factor = factor

    def call(self, x, shift=0.0):
        return ops.add(ops.multiply(x, self.factor), shift)


class Pair(Operation):
    def call(self, x, y):
        return x + y, {"difference": x - y}


def x_of(*shape):
    return KerasTensor(shape)


# ---------------------------------------------------------------- calls and nodes


def test_a_call_on_arrays_computes():
    scale = Scale(3.0)
    assert scale(np.float32([1, 2]), shift=1.0).tolist() == [4, 7]
    assert scale._inbound_nodes == []


def test_a_symbolic_call_makes_a_node():
    x, scale = x_of(None, 2), Scale(3.0)
    y = scale(x, shift=1.0)
    node = node_of(y)
    assert y.shape == (None, 2) and node.operation is scale
    assert node.args == (x,) and node.kwargs == {"shift": 1.0}
    assert node.input_tensors == [x] and node.output_tensors[0] is y
    assert scale.input is x and scale.output is y
    assert node_of(x) is None and node.parent_nodes == []


def test_several_inputs_and_outputs():
    x, y, pair = x_of(2), x_of(2), Pair()
    total, rest = pair(x, y)
    assert pair.input == [x, y] and pair.output == [total, rest["difference"]]
    assert [output._keras_history.tensor_index for output in pair.output] == [0, 1]


def test_each_call_has_its_own_node():
    x, scale = x_of(2), Scale(3.0)
    first, second = scale(x), scale(x)
    assert [node_of(value).index for value in (first, second)] == [0, 1]
    assert scale.output is first


def test_an_output_that_is_an_input_is_a_value_of_its_own():
    class Same(Operation):
        def call(self, x):
            return x

    x = Input((2,))
    y = Same()(x)
    assert y is not x and node_of(y).input_tensors[0] is x and node_of(x).is_input


def test_values_fill_the_places_of_symbolic_arguments():
    x, y = x_of(2), x_of(2)
    total, _ = Pair()(x, y)
    assert node_of(total).fill({id(x): 1, id(y): 2}) == ((1, 2), {})
    assert node_of(Scale(2.0)(x, shift=y)).fill({id(x): 1, id(y): 2}) == ((1,), {"shift": 2})


def test_lists_that_change_later():
    class Sum(Operation):
        def call(self, values):
            return values[0] + values[1]

    values = [x_of(2), x_of(2)]
    y = Sum()(values)
    values.clear()
    assert len(node_of(y).args[0]) == 2


def test_recording_can_be_paused():
    assert is_recording()
    with paused_recording():
        y = Scale(2.0)(x_of(2))
        assert not is_recording() and node_of(y) is None
        with paused_recording(False):
            assert node_of(Scale(2.0)(x_of(2))) is not None
    assert is_recording()


def test_no_call_yet():
    with pytest.raises(AttributeError, match="has no input, because it has not been called on a symbolic input yet"):
        Scale(2.0).input  # noqa: B018


def test_outputs_must_be_symbolic():
    class Numbers(Operation):
        def compute_output_spec(self, x):
            return 5

    with pytest.raises(ArgumentError, match="all outputs of a symbolic call must be tensors, not 5"):
        Numbers()(x_of(2))


def test_an_operation_without_call():
    with pytest.raises(NotSupportedError, match="has no `call` method"):
        Operation()(np.ones(2))


def test_a_base_class_that_was_not_initialized():
    class Forgets(Operation):
        def __init__(self):
            pass

    with pytest.raises(UninitializedError, match=r"Forgets: call `super\(\).__init__\(\)`"):
        check_initialized(Forgets())
    check_initialized(Scale(1.0))


def test_symbolic_values_that_come_from_nowhere():
    x = x_of(2)
    assert has_symbolic([1, {"a": x}]) and not has_symbolic([1, {"a": 2}])
    refuse_symbolic("`loss`", x, [x])
    refuse_symbolic("`loss`", 5)
    with pytest.raises(StateError, match="`loss` computes with a symbolic value"):
        refuse_symbolic("`loss`", [x], 5)


# ---------------------------------------------------------------- names and configs


def test_names():
    assert Scale(1.0, name="by_two").name == "by_two"
    assert Scale(1.0).name.startswith("scale")
    with pytest.raises(ArgumentError, match="Scale: `name` must be a string without '/'"):
        Scale(1.0, name="a/b")


def test_configs_are_made_of_the_arguments():
    scale = Scale([1.0, 2.0], name="twice")
    assert scale.get_config() == {"name": "twice", "factor": [1.0, 2.0]}
    assert Scale.from_config(scale.get_config()).factor == [1.0, 2.0]
    scale.get_config()["factor"].append(3)
    assert scale.get_config()["factor"] == [1.0, 2.0]


def test_configs_that_cannot_be_made():
    with pytest.raises(
        NotSupportedError, match="it was created with `factor`, which does not consist of numbers.*Override"
    ):
        Scale(np.ones(2)).get_config()
    with pytest.raises(ArgumentTypeError, match="Scale cannot be created from its config {'other': 1}"):
        Scale.from_config({"other": 1})


def test_positional_only_arguments():
    class Only(Operation):
        def __init__(self, factor, /):
            super().__init__()

    with pytest.raises(NotSupportedError, match="has the positional-only parameter `factor`"):
        Only(1).get_config()


# ---------------------------------------------------------------- functions of `ops`


def test_a_function_is_an_operation_of_the_graph():
    x = x_of(None, 4)
    y = ops.sum(x, axis=1, keepdims=True)
    operation = node_of(y).operation
    assert isinstance(operation, FunctionOperation) and operation.class_name == "Sum"
    assert operation.keras_module == "keras.src.ops.numpy"
    assert operation.settings == {"axis": 1, "keepdims": True}
    assert operation(np.ones((2, 4), "float32")).tolist() == [[4], [4]]


def test_settings_that_come_before_values():
    x, y = x_of(2, 3), x_of(3, 4)
    operation = node_of(ops.einsum("ij,jk->ik", x, y)).operation
    assert operation(np.ones((2, 3)), np.ones((3, 4))).tolist() == [[3] * 4] * 2


def test_functions_are_revived_from_their_config():
    operation = node_of(ops.sum(x_of(None, 4), axis=1)).operation
    revived = FunctionOperation.revive("Sum", operation.get_config())
    assert revived.name == operation.name and revived(np.ones((1, 4), "float32")).tolist() == [4]
    with pytest.raises(UnknownNameError, match="no_such_thing"):
        FunctionOperation.revive("NoSuchThing", {})


def test_copies_and_pickles():
    operation = node_of(ops.sum(x_of(None, 4), axis=1)).operation
    for other in (copy.copy(operation), pickle.loads(pickle.dumps(FunctionOperation(ops.sum, {"axis": 1})))):
        assert other(np.ones((1, 4), "float32")).tolist() == [4]


def test_an_array_among_the_settings_is_written_as_lists():
    operation = FunctionOperation(ops.sum, {"axis": np.array([0, 1])})
    assert operation.get_config()["axis"] == [0, 1]
