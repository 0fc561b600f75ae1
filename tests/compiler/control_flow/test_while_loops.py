"""Running a loop as long as a condition holds, and its gradient."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.control_flow.regions import run
from minikeras.compiler.control_flow.while_loops import WhileGradient, WhileLoop
from minikeras.engine.body_trace import record_body
from minikeras.ops.control_flow.backward_bodies import BackwardBody

X = np.float64([1.0, 0.5])


def doubling(limit):
    body = record_body("`test`", lambda values: [values[0] * 2, values[1] + 1], [X, np.int32(0)]).body
    test = record_body("`test`", lambda values: ops.sum(values[0]) < limit, [X, np.int32(0)]).body
    return WhileLoop(test, body, 2)


@pytest.mark.parametrize(("limit", "turns"), [(1, 0), (2, 1), (50, 6), (1e30, 100)])
def test_as_many_turns_as_the_condition_holds(limit, turns):
    value, count = run(doubling(limit), [X, np.int32(0)], [0, 1])
    assert int(count) == turns and value.tolist() == (X * 2.0**turns).tolist()
    (count,) = run(doubling(limit), [X, np.int32(0)], [1])
    assert int(count) == turns


@pytest.mark.parametrize(("limit", "turns"), [(1, 0), (2, 1), (50, 6), (1e30, 100), (1e45, 149)])
def test_the_gradient_runs_back_from_the_last_turn(limit, turns):
    loop = doubling(limit)
    back = BackwardBody(loop.body, 2, [], loop.body.parameters[:1], {}, large_products=False)
    gradient = WhileGradient(loop, back.kept, back.body, len(back.carry))
    (found,) = run(gradient, [X, np.int32(0), X * 3], [0])
    assert found.tolist() == (X * 3 * 2.0**turns).tolist()


def test_blocks_of_turns_are_used_again():
    runner = doubling(1e30).runner([0, 1])
    out = np.empty(runner.nbytes, np.uint8)
    start = X.copy()
    call = runner.bind([start, np.int32(0).reshape(())], out)
    for factor in (1, 1e10, 1e29, 1):
        start[...] = X * factor
        call()
        value, count = (region.of(out) for region in runner.regions)
        assert value.sum() >= 1e30 and value.tolist() == (X * factor * 2.0 ** int(count)).tolist()
