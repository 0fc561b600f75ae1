"""In-place updates: which values live in their variable, and which must not."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.passes.dead_code import eliminate_dead_code
from minikeras.compiler.passes.in_place import update_in_place
from minikeras.compiler.passes.scheduling import schedule
from minikeras.engine.dispatch import apply
from minikeras.engine.primitive import Primitive
from minikeras.engine.variable import Variable
from tests.compiler.recorded import after, program_of

X = np.ones((2, 2), "float32")
ROLL = Primitive("roll", lambda x: np.roll(x, 1), shape=lambda x: (x.shape, x.dtype))


def values_in(variable, function, *passes):
    """Returns the names of what is computed right into a variable."""
    program = after(program_of(function, X), eliminate_dead_code, *passes, update_in_place)
    assert program.locations.keys() >= program.variables.keys()
    return [e.primitive.name for e in program.entries if program.locations.get(e.output) is variable.buffer]


@pytest.fixture
def v():
    return Variable(2 * X, name="v")


def test_an_update_by_element(v):
    assert values_in(v, lambda x: v.assign(v * 0.5 + x)) == ["add"]


def test_a_value_that_does_not_need_the_old_one(v):
    assert values_in(v, lambda x: v.assign(ops.matmul(x, x))) == ["matmul"]


def test_no_update_that_mixes_elements(v):
    assert values_in(v, lambda x: v.assign(ops.matmul(v, x))) == []
    assert values_in(v, lambda x: v.assign(apply(ROLL, v.value))) == []
    assert values_in(v, lambda x: v.assign(v + ops.transpose(v))) == []


def test_no_value_that_is_used_otherwise(v):
    other = Variable(X)
    assert values_in(v, lambda x: [v.assign(y := x * 2.0), y][1]) == []
    assert values_in(v, lambda x: (v.assign(y := x * 2.0), other.assign(y))[0]) == []


def test_no_value_that_is_computed_before_the_old_one_is_read_last(v):
    assert values_in(v, lambda x: (new := x + 1, old := v * 2, v.assign(new), old)[-1]) == []
    assert values_in(v, lambda x: (new := x + 1, old := v[1:] * 2, v.assign(new), old)[-1]) == []


def test_no_data_no_constant_and_no_view(v):
    assert values_in(v, lambda x: v.assign(x)) == []
    assert values_in(v, lambda x: v.assign(X)) == []
    assert values_in(v, lambda x: v.assign(ops.transpose(x * 2))) == []


def test_no_value_of_another_dtype(v):
    assert values_in(v, lambda x: v.assign(ops.cast(x, "float64") * 2)) == []


def test_of_two_assignments_each_counts(v):
    assert values_in(v, lambda x: (v.assign(x * 2), v.assign(v + x))[0]) == ["multiply", "add"]
    assert values_in(v, lambda x: (p := x + 1, q := x * 2, v.assign(p), v.assign(q))[-1]) == ["add"]


def test_a_group_is_computed_where_its_first_entry_stands(v):
    """What comes between the first entry of a group and the last still reads what the variable held."""

    def step(x):
        new = ops.tanh(x * 3.0)
        late = ops.tanh(ops.exp(v * 2.0))
        v.assign(new)
        return late

    assert values_in(v, step) == []
    program = after(program_of(step, X), eliminate_dead_code, schedule)
    assert [len(group) for group in program.groups] == [2]
    assert values_in(v, step, schedule) == ["tanh"]  # the group has moved behind `v * 2.0`
