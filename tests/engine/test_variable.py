"""Variables: what they start as, how they are assigned, and that nobody else holds their memory."""

import operator

import numpy as np
import pytest

from minikeras import initializers, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.naming import name_scope
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable, check_assignable
from minikeras.errors import ArgumentTypeError, DTypeError, NotSupportedError, ShapeError, UnknownNameError


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        ([1.0, 2.0], None, "float32"),
        ([1, 2], None, "int32"),
        ([True], None, "bool"),
        (np.ones(2), None, "float64"),
        (np.ones(2, "float16"), None, "float16"),
        (np.ones(2), "float32", "float32"),
        (1.5, "int32", "int32"),
    ],
)
def test_dtype(value, dtype, expected):
    v = Variable(value, dtype=dtype)
    assert v.dtype == v.numpy().dtype.name == expected
    assert v.numpy().tolist() == np.asarray(value).astype(expected).tolist()


def test_an_initializer_is_called_with_shape_and_dtype():
    seen = []

    def initializer(shape, dtype):
        seen.append((shape, dtype))
        return np.full(shape, 7, dtype)

    v = Variable(initializer, shape=[2, 3], dtype=np.float16)
    assert seen == [((2, 3), "float16")]
    assert v.numpy().tolist() == [[7] * 3] * 2
    assert Variable(initializer, shape=()).dtype == "float32"


def test_properties():
    v = Variable(np.zeros((2, 3), "float32"), trainable=False, name="v")
    assert (v.shape, v.ndim, v.size, v.nbytes, len(v), v.trainable) == ((2, 3), 2, 6, 24, 2, False)
    assert repr(Variable([1.0], name="w")) == "<Variable path=w, shape=(1,), dtype=float32, value=[1.]>"
    assert hash(v) == hash(v) and {v: 1}[v] == 1


def test_paths():
    with name_scope("layer"):
        v = Variable(0.0, name="kernel")
    assert (v.name, v.path, Variable(0.0, name="x").path) == ("kernel", "layer/kernel", "x")
    assert Variable(0.0).name.startswith("variable")


@pytest.mark.parametrize(
    "initializer",
    ["ones", initializers.Ones(), lambda shape, dtype=None: np.ones(shape, dtype), np.ones((2, 3)), [[1] * 3] * 2],
)
def test_ways_to_say_the_first_value(initializer):
    variable = Variable(
        initializer,
        (2, 3),
        "int16",
        trainable=False,
        autocast=False,
        aggregation=None,
        synchronization="on_read",
        name="v",
    )
    assert (variable.shape, variable.dtype, variable.path, variable.trainable) == ((2, 3), "int16", "v", False)
    assert (variable.numpy() == 1).all() and (variable.aggregation, variable.synchronization) == ("none", "on_read")
    assert Variable("glorot_uniform", [3, 3]).dtype == "float32" and Variable("ones", ()).numpy() == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"initializer": lambda shape, dtype: np.zeros(shape)}, ShapeError),
        ({"initializer": [1.0], "shape": (2,)}, ShapeError),
        ({"initializer": lambda shape, dtype: np.zeros(3), "shape": (2,)}, ShapeError),
        ({"initializer": 1.0, "aggregation": "avg"}, UnknownNameError),
        ({"initializer": 1.0, "dtype": "flaot32"}, UnknownNameError),
        ({"initializer": "zeros"}, ShapeError),
        ({"initializer": "zeross", "shape": (2,)}, UnknownNameError),
        ({"initializer": 1.0, "synchronization": "never"}, UnknownNameError),
        ({"initializer": None}, ArgumentTypeError),
        ({"initializer": [[1.0], [1.0, 2.0]]}, ArgumentTypeError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error):
        Variable(**arguments)


def test_assign():
    v = Variable([1.0, 2.0])
    buffer = v.buffer
    assert v.assign([3, 4]) is v and v.numpy().tolist() == [3, 4]
    assert v.assign_add([1.0, 1.0]) is v and v.numpy().tolist() == [4, 5]
    assert v.assign_sub(np.float64([1, 2])) is v and v.numpy().tolist() == [3, 3]
    assert v.buffer is buffer and v.dtype == "float32"


def test_assign_a_view_of_itself():
    v = Variable([[1.0, 2.0], [3.0, 4.0]])
    v.assign(ops.transpose(v))
    assert v.numpy().tolist() == [[1, 3], [2, 4]]


@pytest.mark.parametrize("value", [1.0, [1.0], [[1.0, 2.0]], [1.0, 2.0, 3.0]])
def test_assigning_another_shape_changes_nothing(value):
    v = Variable([1.0, 2.0], name="v")
    with pytest.raises(ShapeError, match=r"'v': expected a value of shape \(2,\)"):
        v.assign(value)
    assert v.numpy().tolist() == [1, 2]


@pytest.mark.parametrize("value", [["a", "b"], None, [None, 1.0], [[1.0], [1.0, 2.0]]])
def test_assigning_what_is_no_number(value):
    v = Variable([1.0, 2.0])
    with pytest.raises(ArgumentTypeError):
        v.assign(value)
    assert v.numpy().tolist() == [1, 2]


def test_the_array_it_was_made_from_is_not_its_memory():
    start = np.zeros(2, "float32")
    v = Variable(start)
    start[0] = 9
    assert v.numpy().tolist() == [0, 0]


HANDED_OUT = {
    "numpy": lambda v: v.numpy(),
    "value": lambda v: v.value,
    "asarray": np.asarray,
    "array": lambda v: v.__array__(),
    "convert_to_tensor": ops.convert_to_tensor,
    "convert_to_tensor with its dtype": lambda v: ops.convert_to_tensor(v, "float32"),
    "convert_to_numpy": ops.convert_to_numpy,
    "cast": lambda v: ops.cast(v, "float32"),
    "plus": lambda v: +v,
    "index": lambda v: v[:],
    "row": lambda v: v[0],
    "iteration": lambda v: next(iter(v)),
    "reshape": lambda v: ops.reshape(v, (4,)),
    "transpose": ops.transpose,
    "stop_gradient": ops.stop_gradient,
    "squeeze": ops.squeeze,
    "broadcast_to": lambda v: ops.broadcast_to(v, (2, 2)),
    "numpy function": lambda v: np.reshape(v, (4,)),
    "another variable": lambda v: Variable(v).buffer,
    "sum over no axis": lambda v: ops.sum(v, axis=()),
    "round": ops.round,
}


@pytest.mark.parametrize("name", HANDED_OUT)
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_what_it_hands_out_does_not_change_later(name, dtype):
    v = Variable(np.arange(4).reshape(2, 2).astype(dtype))
    value = HANDED_OUT[name](v)
    before = np.array(value)
    v.assign(v + 1)
    assert (np.asarray(value) == before).all()
    assert not np.shares_memory(value, v.buffer)


def test_operators():
    v = Variable([1.0, 2.0])
    for result, expected in [
        (v + 1, [2, 3]),
        (1 - v, [0, -1]),
        (np.float32([2, 2]) * v, [2, 4]),
        (np.int32([2, 2]) * v, [2, 4]),
        ([2, 2] * v, [2, 4]),
        (v / 2, [0.5, 1]),
        (v**2, [1, 4]),
        (v % 2, [1, 0]),
        (v // 2, [0, 1]),
        (-v, [-1, -2]),
        (abs(-v), [1, 2]),
        (v @ [1.0, 1.0], 3),
        (np.ones((1, 2), "float32") @ v, [3]),
    ]:
        assert isinstance(result, np.ndarray) and result.dtype == np.float32
        assert result.tolist() == expected
    assert (v > 1).tolist() == (v == 2).tolist() == (v != 1).tolist() == [False, True]
    assert ((v >= 1) & (v < 2)).tolist() == [True, False] and (~(v > 1)).tolist() == [True, False]
    assert float(v[0]) == 1 and bool(Variable(True)) and int(Variable(3)) == 3 and float(Variable(2.5)) == 2.5


def test_numpy_functions_outside_of_a_step():
    v = Variable([[1.0, 2.0], [3.0, 4.0]])
    assert np.tanh(v).dtype == np.float32
    assert np.add.reduce(v).tolist() == [4, 6]
    assert np.array_equal(v, v.numpy()) and np.sum(v) == 10 and np.linalg.det(v) == pytest.approx(-2)
    assert np.concatenate([v, v]).shape == (4, 2)
    for write in (lambda: np.copyto(v, np.zeros((2, 2))), lambda: np.negative(1.0, out=v)):
        with pytest.raises(ValueError, match="read-only"):
            write()


def test_numpy_functions_inside_of_a_step_have_gradients():
    v = Variable([1.0, 2.0])
    with Trace():
        value = np.sum(np.square(v)) + np.max(np.float32([1, 1]) * v)
        assert isinstance(value, Tensor)
        assert gradients(value, [v])[0].numpy().tolist() == [2, 5]
        with pytest.raises(NotSupportedError, match="np.subtract.reduce"):
            np.subtract.reduce(v)


def test_check_assignable():
    v = Variable([1.0, 2.0], name="v")
    assert check_assignable(v, [3, 4], "here").tolist() == [3, 4]
    with pytest.raises(ShapeError, match="here: weight 'v' has shape"):
        check_assignable(v, [1.0], "here")
    with pytest.raises(ArgumentTypeError, match="here: expected numbers"):
        check_assignable(v, np.array(["a", "b"]), "here")
    assert v.numpy().tolist() == [1, 2]


def test_in_place_operators_of_an_array_with_a_variable_leave_the_array_as_it_is():
    matrix = shared = np.float32([[1, 2], [3, 4]])
    matrix @= Variable(np.float32([[0, 1], [1, 0]]))
    assert matrix.tolist() == [[2, 1], [4, 3]] and shared.tolist() == [[1, 2], [3, 4]]
    bits = shared = np.int32([5, 6])
    bits &= Variable(np.int32([3, 3]))
    assert bits.tolist() == [1, 2] and shared.tolist() == [5, 6]
    bits <<= Variable(np.int32([1, 2]))
    assert bits.tolist() == [2, 8] and shared.tolist() == [5, 6]


def test_python_floats_reach_a_variable_of_float64_unrounded():
    v = Variable([1.1], dtype="float64")
    assert v.numpy().tolist() == [1.1]
    assert v.assign([2.2]).numpy().tolist() == [2.2]
    assert Variable(1.1, dtype="float64") == 1.1
    assert Variable(1.1).dtype == "float32" and Variable([2.7], dtype="int32").numpy().tolist() == [2]


@pytest.mark.parametrize("shape", [2, (-1,), ("a",), (None, 2), (1.5,)])
def test_what_is_no_shape(shape):
    with pytest.raises(ShapeError, match="expected `shape` as a tuple of sizes"):
        Variable("zeros", shape)


@pytest.mark.parametrize(
    "value", [np.array(["a"]), np.array([1, 2], object), np.array(["2020-01-01"], "datetime64[D]")]
)
def test_variables_hold_numbers(value):
    with pytest.raises((ArgumentTypeError, UnknownNameError)):
        Variable(value)
    for initializer in ("zeros", [1.0, 2.0]):
        with pytest.raises(DTypeError, match="`Variable` expects a dtype of numbers"):
            Variable(initializer, shape=(2,), dtype="string")


@pytest.mark.parametrize("name", ["regularizer", "constraint"])
def test_what_may_be_set(name):
    """As in Keras: what training would call is checked when it is set, and nothing changes."""
    variable = Variable([1.0])
    with pytest.raises(TypeError, match=name):
        Variable([1.0], **{name: 3})  # no argument
    setattr(variable, name, abs)
    for wrong in (3, "l2", {}):
        with pytest.raises(ValueError, match=f"`{name}` must be a function or an object of `minikeras.{name}s`"):
            setattr(variable, name, wrong)
        assert getattr(variable, name) is abs
    setattr(variable, name, None)
    with pytest.raises(TypeError, match="must be a boolean. Received: 1"):
        variable.overwrite_with_gradient = 1


OTHER_OPERATORS = [
    (round, [2, -2, 3]),
    (abs, [1.5, 2.5, 3]),
    (lambda v: 7 // v, [4, -3, 2]),
    (lambda v: +v, [1.5, -2.5, 3]),
]


@pytest.mark.parametrize(("function", "expected"), OTHER_OPERATORS)
def test_other_operators(function, expected):
    assert np.asarray(function(Variable([1.5, -2.5, 3.0]))).tolist() == expected


def test_in_place_operators_bind_the_name_to_a_result():
    """As in Keras, the variable keeps its value."""
    in_place = (operator.iadd, 6), (operator.isub, 2), (operator.imul, 8), (operator.itruediv, 2), (operator.ipow, 16)
    for function, expected in (*in_place, (operator.ifloordiv, 2), (operator.imod, 0)):
        variable = Variable(4.0)
        result = function(variable, 2)
        assert result == expected and result is not variable and variable.numpy() == 4


def test_in_notebooks():
    variable = Variable([[1.0, 2.0], [3.0, 6.0]], name="w", trainable=False)
    text = variable._repr_html_()
    assert "<p>Variable w</p>" in text
    for cell in ("(2, 2)", "float32", "False"):
        assert f"<td>{cell}</td>" in text
    for name, number in (("min", "1"), ("mean", "3"), ("max", "6"), ("std", "1.87083")):  # sqrt(14 / 4)
        assert f"<tr><td>{name}</td><td>{number}</td></tr>" in text
    assert "<td>[[1. 2.]\n [3. 6.]]</td>" in text


def test_in_notebooks_numbers_that_are_not_ordered_have_no_range():
    for value in (np.array([1j]), np.zeros((0, 3), "float32")):
        text = Variable(value)._repr_html_()
        assert "<td>value</td>" in text and "mean" not in text
