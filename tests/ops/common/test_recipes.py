"""Recipes: recorded calls that can be recorded again on other values."""

import numpy as np

from minikeras import Variable, ops
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.ops.common.recipes import Recipe, Slot

X = np.float32([[1.0, -2.0], [0.5, 3.0]])


def test_values_are_numbers():
    v = Variable([2.0, 3.0])
    with Trace(eager=True) as trace:
        x = Tensor(X, trace)
        ops.exp(x)  # before the part
        start = len(trace.entries)
        y = ops.sin(x) * v
        unused = ops.cos(y)
        recipe = Recipe.of(trace, start)
    assert [call.primitive.name for call in recipe.calls] == ["sin", "multiply", "cos"]
    assert recipe.operands == [x, trace.reads[v]] and recipe.slots[x] == recipe.operand_numbers[0]
    assert recipe.calls[0].inputs == (Slot(recipe.slots[x]),)
    with Trace(eager=True) as other:
        values = [Tensor(np.float32([[0.0, 1.0]]), other), Tensor(np.float32([1.0, 10.0]), other)]
        found = recipe.record(other, values, [recipe.slots[y]])
    np.testing.assert_allclose(found[recipe.slots[y]].array, [[0.0, 10 * np.sin(1.0)]], rtol=1e-6)
    assert recipe.slots[unused] not in found  # what is not wanted is not computed
    assert [entry.primitive.name for entry in other.entries] == ["sin", "multiply"]


def test_side_effects_are_not_repeated():
    v = Variable(1.0)
    with Trace(eager=True) as trace:
        x = Tensor(X, trace)
        v.assign_add(1.0)
        y = x * v
        recipe = Recipe.of(trace, 0)
        again = recipe.record(trace, recipe.operands, [recipe.slots[y]])[recipe.slots[y]]
    assert float(v) == 2.0
    np.testing.assert_array_equal(again.array, 2 * X)


def test_rules_are_recorded_again():
    with Trace(eager=True) as trace:
        x = Tensor(X, trace)
        y = ops.softmax(x)
        (rule,) = trace.custom_vjps.values()
        recipe = Recipe.of(trace, 0)
        z = Tensor(2 * X, trace)
        again = recipe.record(trace, [z], [recipe.slots[y]])[recipe.slots[y]]
        last = trace.custom_vjps[len(trace.entries) - 1]
    assert last.inputs == (z,) and last.outputs == (again,) and last.vjp is rule.vjp
