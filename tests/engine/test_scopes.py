"""Scopes that change how variables are read and assigned to."""

import threading

import numpy as np
import pytest

from minikeras import StatelessScope, SymbolicScope, Variable, device, layers, ops
from minikeras.engine import scopes
from minikeras.engine.scopes import computing_in, real_state
from minikeras.errors import ArgumentError, ShapeError


def test_values_in_a_stateless_scope():
    v, other = Variable([1.0, 2.0]), Variable(3.0)
    with StatelessScope([(v, np.float32([5, 6]))]) as scope:
        assert ops.add(v, 1.0).tolist() == [6, 7] and float(other) == 3
        v.assign([7.0, 8.0])
        other.assign_add(1.0)
        assert ops.add(v, 0.0).tolist() == [7, 8] and float(ops.add(other, 0.0)) == 4
    assert v.numpy().tolist() == [1, 2] and float(other) == 3
    assert scope.get_current_value(v).tolist() == [7, 8]
    assert scope.get_current_value(Variable(0.0)) is None


def test_commit_assigns_for_good():
    v = Variable([1.0, 2.0])
    with StatelessScope() as scope:
        v.assign_add([1.0, 1.0])
    scope.commit()
    assert v.numpy().tolist() == [2, 3]


def test_scopes_inside_of_scopes():
    v = Variable(1.0)
    with StatelessScope([(v, 2.0)]):
        with StatelessScope([(v, 3.0)]):
            assert float(ops.add(v, 0.0)) == 3
        assert float(ops.add(v, 0.0)) == 2
    assert float(v) == 1


def test_values_must_have_the_shape_of_their_variable():
    with pytest.raises(ShapeError):
        StatelessScope([(Variable([1.0, 2.0]), np.ones(3))])


def test_a_scope_is_left_after_an_error():
    with pytest.raises(RuntimeError), StatelessScope():
        raise RuntimeError
    assert scopes.local.stateless is None


def test_variables_always_have_their_first_value():
    with pytest.raises(ArgumentError, match="initialize_variables=True. Received: False"):
        StatelessScope(initialize_variables=False)


def test_losses_are_collected_if_asked_for():
    scope = StatelessScope(collect_losses=True)
    scope.add_loss(1.0)
    assert scope.collect_losses and scope.losses == [1.0]
    assert not StatelessScope().collect_losses


def test_variables_are_read_in_the_type_of_the_computation():
    v, whole, kept = Variable([1.0]), Variable([1]), Variable([1.0], autocast=False)
    with computing_in("float16"):
        assert (v.dtype, whole.dtype, kept.dtype) == ("float16", "int32", "float32")
        assert ops.add(v, v).dtype == "float16"
        with computing_in(None):
            assert v.dtype == "float32"
        with real_state():
            assert v.dtype == "float32"
    assert v.dtype == "float32"


def test_variables_made_in_real_state_are_made_as_always():
    with StatelessScope() as scope, computing_in("float16"), real_state():
        v = Variable([1.0])
        v.assign([2.0])
    assert v.numpy().tolist() == [2] and v.dtype == "float32" and scope.get_current_value(v) is None


def test_scopes_belong_to_a_thread():
    seen, v = [], Variable(1.0)
    with StatelessScope([(v, 2.0)]), computing_in("float16"):
        thread = threading.Thread(target=lambda: seen.append((float(v), v.dtype)))
        thread.start()
        thread.join()
    assert seen == [(1.0, "float32")]


def test_device():
    with device("gpu:0"):
        assert float(ops.add(1.0, 2.0)) == 3
    with pytest.raises(ArgumentError, match="expects a name such as 'cpu:0'. Received: 5"), device(5):
        pass


def test_symbolic_scopes():
    with SymbolicScope() as outer:
        with SymbolicScope() as inner, StatelessScope():
            assert inner.original_scope is outer and scopes.in_symbolic_scope()
            layer = layers.Dense(2)
            assert layer(np.ones((1, 3))).shape == (1, 2)
        assert outer.original_scope is None and scopes.in_symbolic_scope()
    assert not scopes.in_symbolic_scope() and len(layer.weights) == 2
    with pytest.raises(KeyError):
        with SymbolicScope():
            raise KeyError
    assert not scopes.in_symbolic_scope()
