"""Assignments that are undone at the end of a block."""

import numpy as np
import pytest

from minikeras import Variable, ops
from minikeras.compiler.step import Step
from minikeras.engine.undo import undone_assignments
from minikeras.random import SeedGenerator, uniform


def test_assignments_of_all_kinds_are_undone():
    a, b, c = Variable(np.arange(3.0)), Variable(np.ones(2)), Variable(7)
    with undone_assignments():
        a.assign([5, 5, 5])
        a.assign_add([1, 1, 1])
        b.assign_sub(b)
        c.assign(ops.add(c, 1))
        assert a.numpy().tolist() == [6, 6, 6] and b.numpy().tolist() == [0, 0] and int(c) == 8
    assert a.numpy().tolist() == [0, 1, 2] and b.numpy().tolist() == [1, 1] and int(c) == 7


def test_errors_undo_too():
    a = Variable(1.0)
    with pytest.raises(KeyboardInterrupt), undone_assignments():
        a.assign(2.0)
        raise KeyboardInterrupt
    assert float(a) == 1


def test_traced_assignments_are_undone():
    a = Variable(np.ones(3))
    step = Step(lambda x: a.assign(a + x).read(), "a step")
    with undone_assignments():
        step(np.ones(3, "float32"))
        assert a.numpy().tolist() == [2, 2, 2]
    assert a.numpy().tolist() == [1, 1, 1]


def test_seeds_go_back():
    seed = SeedGenerator(1)
    with undone_assignments():
        first = uniform((3,), seed=seed)
    np.testing.assert_array_equal(uniform((3,), seed=seed), first)


def test_blocks_inside_of_blocks():
    a = Variable(1.0)
    with undone_assignments():
        a.assign(2.0)
        with undone_assignments():
            a.assign(3.0)
        assert float(a) == 2
    assert float(a) == 1


def test_a_variable_that_is_made_inside_gets_its_initial_value():
    with undone_assignments():
        a = Variable("ones", (2,))
        a.assign([5.0, 5.0])
    assert a.numpy().tolist() == [1, 1]


def test_nothing_is_kept_outside_of_a_block():
    a = Variable(1.0)
    with undone_assignments():
        pass
    a.assign(2.0)
    assert float(a) == 2
