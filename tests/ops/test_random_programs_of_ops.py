"""Random programs of all ops: eager, traced, replayed and symbolic calls agree, and refuse the same."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.errors import MinikerasError, ShapeError
from tests.helpers import run_step_test
from tests.ops.random_programs import FREE, NAMES, assert_same, programs

pytestmark = pytest.mark.filterwarnings("ignore:`softmax` over an axis of size 1")
SETTINGS = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}


def refused_after(step):
    """Returns a step that ends with a call that is refused."""
    return lambda inputs: [step(inputs), ops.argmax(np.zeros((0, 3)), axis=0)]


def check(program):
    """Compares a program on arrays, traced and replayed, on three sets of data.

    Returns:
        Whether it ran on all of them.
    """
    data = [program.data(number) for number in range(3)]
    variables = program.variables()
    step = program.step(variables)
    expected = []
    try:
        for inputs in data:
            expected.append([*step(inputs), *(variable.numpy() for variable in variables)])
    except MinikerasError:
        return False  # a matrix of the other data is singular
    for variable, start in zip(variables, program.starts, strict=True):
        variable.assign(start)
    for replay in (True, False):
        with pytest.raises(ShapeError, match="`argmax`"):
            Step(refused_after(step), "refused", replay=replay)(data[0])
        for variable, start in zip(variables, program.starts, strict=True):
            assert variable.numpy().tobytes() == start.tobytes(), "a refused step has changed a variable"
    results = run_step_test(step, *data, variables=variables)
    for found, eager in zip(results, expected, strict=True):
        assert_same(found, eager[: len(found)], program)
    for variable, value in zip(variables, expected[-1][-len(variables) :], strict=True):
        assert variable.numpy().tobytes() == value.tobytes()
    return True


def test_random_programs():
    ran = []

    @settings(**SETTINGS, max_examples=250)
    @given(programs())
    def run(program):
        ran.append(check(program))

    run()
    assert sum(ran) > 0.9 * len(ran) and len(ran) >= 200


@pytest.mark.parametrize("name", NAMES)
def test_programs_that_begin_with(name):
    @settings(**SETTINGS, max_examples=4)
    @given(programs(first=name, length=2))
    def run(program):
        check(program)

    run()


def test_every_op_is_drawn():
    assert {name for name in ops.__all__ if callable(getattr(ops, name))} <= set(NAMES)
    assert {f"image.{name}" for name in ops.image.__all__} <= set(NAMES)
    assert len(FREE) > 250, sorted(set(NAMES) - set(FREE))
