"""Updates under a condition, in Python and in replayed steps."""

import numpy as np

from minikeras import Variable, ops
from minikeras.optimizers.conditional import update_if
from tests.helpers import run_step_test


def test_outside_of_a_step_nothing_is_computed_in_vain():
    calls = []
    update_if(np.array(False), [], lambda: calls.append(1))
    assert calls == []
    update_if(np.array(True), [], lambda: calls.append(1))
    assert calls == [1]


def test_a_replayed_step_looks_at_the_condition_each_time():
    first, second = Variable(np.float32([1, 2])), Variable(np.int64(0))

    def step(x):
        def update():
            first.assign(ops.divide(first, x))  # by 0, where the condition does not hold
            second.assign_add(1)

        update_if(ops.greater(ops.sum(x), 0), [first, second], update)
        return first + 0

    seen = run_step_test(step, *np.float32([[2, 4], [0, 0], [1, 2]]), variables=[first, second])
    assert [each.tolist() for each in seen] == [[0.5, 0.5], [0.5, 0.5], [0.5, 0.25]]
    assert int(second) == 2
