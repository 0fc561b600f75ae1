"""What of TensorFlow is not compared with the real one: chance, refusals, and what only has an effect."""

import random

import numpy as np
import pytest

from minikeras import GradientTape, layers
from minikeras.dropin.tensorflow import debugging, functions, math, nn, tensors, variables
from minikeras.dropin.tensorflow import random as tf_random
from minikeras.errors import ArgumentError, NotSupportedError

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_the_seed_concerns_nobody_else():
    random.seed(1)
    np.random.seed(1)
    before = random.getstate(), np.random.get_state()[1].tolist()
    drawn = []
    for _ in range(2):
        tf_random.set_seed(5)
        drawn.append((tf_random.normal((3,)).tolist(), layers.Dense(2)(X).tolist()))
    assert drawn[0] == drawn[1]
    tf_random.set_seed(6)
    assert tf_random.normal((3,)).tolist() != drawn[0][0]
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_draws():
    assert tf_random.uniform((50,), 2, 5, dtype="int32").max() < 5
    assert tf_random.uniform((50,)).max() < 1 and tf_random.uniform(tensors.constant([2, 3])).shape == (2, 3)
    assert np.abs(tf_random.truncated_normal((100,))).max() <= 2
    assert tf_random.gamma((5,), [1.0, 2.0]).shape == (5, 2)
    assert tf_random.categorical(np.float32([[0.0, 50.0]]), 4).tolist() == [[1, 1, 1, 1]]
    assert sorted(tf_random.shuffle(np.arange(5)).tolist()) == [0, 1, 2, 3, 4]
    assert set(np.unique(nn.dropout(np.ones(100, "float32"), 0.5))) == {0, 2}


def test_variables_take_the_arguments_of_tensorflow():
    v = variables.Variable([1.0, 2.0], trainable=False, name="v", dtype="float64")
    assert (v.name, v.dtype, v.trainable) == ("v", "float64", False)
    assert variables.Variable(lambda: [1]).numpy().tolist() == [1]
    with GradientTape() as tape:
        loss = math.reduce_sum(variables.Variable(X, name="w") ** 2) * v[0]
    assert float(loss) == 30
    assert len(tape.watched_variables()) == 1
    with pytest.raises(NotSupportedError, match="validate_shape"):
        variables.Variable(X, validate_shape=False)


def test_what_only_has_an_effect(capsys):
    @functions.function(input_signature=None)
    def double(x):
        return x * 2

    assert double(3) == 6 and functions.function(abs) is abs and functions.executing_eagerly() is True
    with functions.device("/GPU:0"), functions.init_scope():
        functions.print("x", X[0], sep="|")
    assert capsys.readouterr().err == "x|[1. 2.]\n"
    assert functions.autograph.experimental.do_not_convert(abs) is abs
    assert functions.no_op() is None and functions.group(X) is None
    assert functions.py_function(lambda x: x + 1, [X], "float32").tolist() == (X + 1).tolist()


def test_assertions_and_refusals():
    debugging.assert_equal(X, X)
    debugging.assert_near(X, X + np.float32(1e-7))
    debugging.assert_shapes([(X, ("n", 2)), (X[0], ("n",))])
    assert debugging.check_numerics(X, "x") is X
    for call in (
        lambda: debugging.assert_equal(X, X + 1),
        lambda: debugging.assert_near(X, X + 1, message="far"),
        lambda: debugging.assert_all_finite([np.inf], "inf"),
        lambda: debugging.assert_shapes([(X, ("n", "n")), (X[:1], ("n", 2))]),
        lambda: tensors.ensure_shape(X, (3, 2)),
    ):
        with pytest.raises(ArgumentError):
            call()
    for call in (lambda: tensors.gather(X, [0], batch_dims=1), lambda: tensors.eye(2, batch_shape=[3])):
        with pytest.raises(NotSupportedError):
            call()
