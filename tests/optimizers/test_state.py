"""The variables an optimizer keeps."""

import numpy as np
import pytest

from minikeras.engine.naming import name_scope
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError, NotSupportedError, ShapeError, StateError
from minikeras.optimizers import SGD, Optimizer


def built(**options):
    with name_scope("dense"):
        variables = [
            Variable(np.zeros((2, 3), "float32"), name="kernel"),
            Variable(np.zeros(3, "float16"), name="bias"),
        ]
    optimizer = SGD(name="opt", **options)
    optimizer.build(variables)
    return optimizer, variables


def test_add_variable():
    optimizer, _ = built()
    variable = optimizer.add_variable((2,), "ones", "float64", name="extra")
    assert (variable.path, variable.dtype, variable.trainable) == ("opt/extra", "float64", False)
    assert variable.numpy().tolist() == [1.0, 1.0]
    assert optimizer.variables[-1] is variable


def test_add_variable_has_no_layout():
    with pytest.raises(NotSupportedError, match="layouts are not supported"):
        built()[0].add_variable((2,), layout="rows")


def test_add_variable_from_reference():
    optimizer, variables = built()
    made = [optimizer.add_variable_from_reference(variables[1], *name) for name in (["speed"], [])]
    assert [variable.path for variable in made] == ["opt/dense_bias_speed", "opt/dense_bias_var"]
    assert {(variable.shape, variable.dtype) for variable in made} == {((3,), "float16")}


def test_add_optimizer_variables_of_several_names_interleaves_them():
    optimizer, variables = built()
    first, second = optimizer.add_optimizer_variables(variables, ["m", "v"], ["zeros", "ones"])
    assert [variable.name for variable in optimizer.variables[2:]] == [
        "dense_kernel_m",
        "dense_kernel_v",
        "dense_bias_m",
        "dense_bias_v",
    ]
    assert [variable.numpy().sum() for variable in [*first, *second]] == [0, 0, 6, 3]


def test_one_initializer_serves_all_names():
    optimizer, variables = built()
    columns = optimizer.add_optimizer_variables(variables, ["m", "v"], "ones")
    assert [variable.numpy().sum() for column in columns for variable in column] == [6, 3, 6, 3]


def test_initializers_and_names_must_agree():
    optimizer, variables = built()
    with pytest.raises(ArgumentError, match="as many initializers as names"):
        optimizer.add_optimizer_variables(variables, ["m", "v"], ["zeros"])
    assert len(optimizer.variables) == 2


def test_set_weights():
    optimizer, _ = built(momentum=0.5)
    values = [np.int64(7), np.float32(0.5), np.ones((2, 3)), np.full(3, 2.0)]
    optimizer.set_weights(values)
    for variable, value in zip(optimizer.variables, values, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert [variable.dtype for variable in optimizer.variables] == ["int64", "float32", "float32", "float16"]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ([7, 0.5, np.ones((2, 3))], ArgumentError, "expected 4 arrays. Received: 3"),
        ([7, 0.5, np.ones((2, 3)), np.ones(2)], ShapeError, r"'opt/dense_bias_momentum' has shape \(3,\).*\(2,\)"),
        ([7, 0.5, np.ones((2, 3)), ["a", "b", "c"]], ArgumentTypeError, "Expected numbers"),
    ],
)
def test_set_weights_changes_all_or_nothing(values, error, message):
    optimizer, _ = built(momentum=0.5)
    with pytest.raises(error, match=message):
        optimizer.set_weights(values)
    assert int(optimizer.iterations) == 0
    assert optimizer.variables[2].numpy().sum() == 0


def test_set_weights_before_build():
    with pytest.raises(StateError, match="has no state yet"):
        SGD().set_weights([0, 0.1])


def test_variables_is_a_copy():
    optimizer, _ = built()
    optimizer.variables.clear()
    assert len(optimizer.variables) == 2


def test_variables_of_a_subclass_are_kept_once():
    class Mine(Optimizer):
        def build(self, variables):
            super().build(variables)
            self.first = Variable(1.0, name="first")
            self.rest = [Variable(2.0, name="second"), self.add_variable((), name="third")]
            self.again = self.first

    optimizer = Mine(0.1)
    optimizer.build([Variable(0.0)])
    assert [variable.name for variable in optimizer.variables] == [
        "iteration",
        "learning_rate",
        "first",
        "third",
        "second",
    ]


def test_attributes_before_super():
    class Mine(Optimizer):
        def __init__(self):
            self.speed = 1.0
            super().__init__(0.1)

    with pytest.raises(StateError, match=r"Mine: call `super\(\).__init__\(...\)` .* before setting `speed`"):
        Mine()


def test_save_and_load():
    optimizer, _ = built(momentum=0.5)
    optimizer.set_weights([7, 0.25, np.ones((2, 3)), np.full(3, 2.0)])
    store = {}
    optimizer.save_own_variables(store)
    assert list(store) == ["0", "1", "2", "3"]
    assert [value.dtype.name for value in store.values()] == ["int64", "float32", "float32", "float16"]
    again, _ = built(momentum=0.5)
    again.load_own_variables(store)
    for first, second in zip(optimizer.variables, again.variables, strict=True):
        assert first.numpy().tobytes() == second.numpy().tobytes()
    optimizer.variables[2].assign(np.zeros((2, 3)))
    assert store["2"].sum() == 6


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda store: store.update({"x": store.pop("3")}), ArgumentError, r"keys '0' to '3'. Received: \['0', '1',"),
        (lambda store: store.update({"3": np.ones(2)}), ShapeError, r"has shape \(3,\), received .* \(2,\)"),
        (lambda store: store.update({"2": "text"}), ArgumentTypeError, "Expected numbers"),
    ],
)
def test_loading_changes_all_or_nothing(change, error, message):
    optimizer, _ = built(momentum=0.5)
    store = {"0": np.int64(7), "1": np.float32(0.5), "2": np.ones((2, 3)), "3": np.ones(3)}
    change(store)
    with pytest.raises(error, match=message):
        optimizer.load_own_variables(store)
    assert int(optimizer.iterations) == 0 and optimizer.variables[2].numpy().sum() == 0


def test_loading_another_number_of_arrays_changes_nothing_and_warns():
    optimizer, _ = built(momentum=0.5)
    with pytest.warns(UserWarning, match=r"left unchanged, because it has 4 variables and the store has 3 arrays\.$"):
        optimizer.load_own_variables({"0": np.int64(7), "1": np.float32(0.5), "2": np.float32(0.5)})
    assert int(optimizer.iterations) == 0
    with pytest.warns(UserWarning, match=r"has 2 variables and the store has 4 arrays. It is not built"):
        SGD(momentum=0.5).load_own_variables(dict.fromkeys("0123", 0.0))
    optimizer.load_own_variables({"0": np.int64(7), "1": np.float32(0.5)})  # of one that had not trained yet
    assert int(optimizer.iterations) == 7 and float(optimizer.learning_rate) == 0.5
