"""GradientTape beside TensorFlow's, `grad` and `value_and_grad` beside JAX's: the same code, the same results."""

import inspect
from types import SimpleNamespace

import jax
import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat.side_by_side import attempt, difference

THEIRS = SimpleNamespace(
    Tape=tf.GradientTape, ops=keras.ops, Variable=tf.Variable, array=tf.constant, custom_gradient=tf.custom_gradient
)
OURS = SimpleNamespace(
    Tape=minikeras.GradientTape,
    ops=minikeras.ops,
    Variable=minikeras.Variable,
    array=lambda value, dtype="float32": np.array(value, dtype),
    custom_gradient=minikeras.ops.custom_gradient,
)


def parts(k):
    """Two arrays, two trainable variables and one that is not."""
    x, m = k.array([1.0, 2.0]), k.array([[1.0, 2.0], [3.0, 4.0]])
    return x, m, k.Variable([3.0, 4.0]), k.Variable([[0.5]]), k.Variable([5.0, 6.0], trainable=False)


def watched_array(k):
    x, _, v, w, _ = parts(k)
    with k.Tape() as tape:
        tape.watch(x)
        y = k.ops.square(x) * v
    return tape.gradient(y, {"x": x, "more": (v, [w])})


def zeros(k):
    x, m, v, w, _ = parts(k)
    with k.Tape() as tape:
        tape.watch([x, m])
        y = k.ops.matmul(m, k.ops.reshape(x, (2, 1)))
    return tape.gradient(y, (m, [x], w, v), unconnected_gradients="zero")


def used_twice(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        y = v * v
    tape.gradient(y, v)
    return tape.gradient(y, v)


def persistent(k):
    _, _, v, w, _ = parts(k)
    with k.Tape(persistent=True) as tape:
        y = v * v
        z = k.ops.sum(y) * w
    v.assign([100.0, 100.0])
    return tape.gradient(y, v), tape.gradient(z, [v, w]), tape.gradient(z, y), tape.jacobian(y, v)


def inside_of_the_block(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        y = v * v
        found = tape.gradient(y, v)
    return found


def of_a_persistent_tape_inside(k):
    _, _, v, _, _ = parts(k)
    with k.Tape(persistent=True) as tape:
        y = v * v * v
        slope = tape.gradient(y, v)
    return tape.gradient(slope, v)


def not_trainable(k):
    _, _, v, _, frozen = parts(k)
    with k.Tape() as tape:
        y = v * frozen
    return tape.gradient(y, [v, frozen])


def not_trainable_but_watched(k):
    _, _, v, _, frozen = parts(k)
    with k.Tape() as tape:
        tape.watch(frozen)
        y = v * frozen
    return tape.gradient(y, [v, frozen]), len(tape.watched_variables())


def nothing_by_itself(k):
    _, _, v, w, _ = parts(k)
    with k.Tape(watch_accessed_variables=False) as tape:
        tape.watch(v)
        y = v * w
    return tape.gradient(y, [v, w]), len(tape.watched_variables())


def several_targets(k):
    _, _, v, _, _ = parts(k)
    with k.Tape(persistent=True) as tape:
        y, z = v * v, v * 3
    one, ten = k.array([1.0, 10.0]), k.array([10.0, 1.0])
    return (
        tape.gradient([y, z], v),
        tape.gradient({"b": y, "a": z}, v, output_gradients={"b": one, "a": ten}),
        tape.gradient(y, v, output_gradients=one),
        tape.gradient([y, [z, y]], v, output_gradients=[one, [ten, ten]]),
    )


def targets_that_are_sources(k):
    x, _, v, _, _ = parts(k)
    with k.Tape(persistent=True) as tape:
        tape.watch(x)
        y = k.ops.square(x) * v
    return tape.gradient(x, x), tape.gradient(y, y), tape.gradient([y, x], [y, x])


def values_between(k):
    x, _, _, _, _ = parts(k)
    with k.Tape(persistent=True) as tape:
        tape.watch(x)
        y = k.ops.square(x)
        z = k.ops.square(y)
    return tape.gradient(z, [x, y, z]), tape.gradient(y, z)


def stopped(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        y = v * 2
        with tape.stop_recording():
            z = v * v
        w = y + z
    return tape.gradient(w, v)


def stopped_inner(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as outer, k.Tape() as inner:
        with inner.stop_recording():
            y = v * v
        z = y * v
    return outer.gradient(z, v), inner.gradient(z, v)


def reset(k):
    x, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        tape.watch(x)
        y = v * 2
        tape.reset()
        z = y + v * v + k.ops.square(x)
    return tape.gradient(z, [v, x])


def entered_again(k):
    _, _, v, _, _ = parts(k)
    tape = k.Tape()
    with tape:
        y = v * 2
    with tape:
        z = y * v
    return tape.gradient(z, v)


def entered_while_recording(k):
    with k.Tape() as tape, tape:
        pass


def reset_outside(k):
    k.Tape().reset()


def never_recorded(k):
    _, _, v, _, _ = parts(k)
    return k.Tape().gradient(v, v)


def unknown_setting(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        y = v * v
    return tape.gradient(y, v, unconnected_gradients="zeros")


def assigned_inside(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        y = v * 2
        v.assign_add([1.0, 1.0])
        z = y + v * v
    return tape.gradient(z, v)


def second_order(k):
    x, _, v, _, _ = parts(k)
    with k.Tape(persistent=True) as outer:
        outer.watch(x)
        with k.Tape() as inner:
            inner.watch(x)
            y = k.ops.sum(k.ops.tanh(x * v / 10) * v)
        slope, of_variable = inner.gradient(y, [x, v])
        penalty = k.ops.sum(k.ops.square(slope))
    return outer.gradient(penalty, [x, v]), outer.gradient(of_variable, [x, v]), outer.gradient(slope, x)


def constant_slope(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as outer:
        with k.Tape() as inner:
            y = v * 3
        slope = inner.gradient(y, v)
    return slope, outer.gradient(slope, v)


def third_order(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as first:
        with k.Tape() as second:
            with k.Tape() as third:
                y = v * v * v * v
            y = third.gradient(y, v)
        y = second.gradient(y, v)
    return first.gradient(y, v)


def inner_does_not_see_outer(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as outer:
        before = v * v
        with k.Tape() as inner:
            y = before * v
        found = inner.gradient(y, [v])
    return found, outer.gradient(y, v)


def through_integers(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        y = k.ops.cast(k.ops.cast(v, "int32"), "float32") * v
    return tape.gradient(y, v)


def stop_gradient(k):
    _, _, v, _, _ = parts(k)
    with k.Tape() as tape:
        y = k.ops.stop_gradient(v * v) * v
    return tape.gradient(y, v)


def jacobians(k):
    x, m, v, w, _ = parts(k)
    with k.Tape(persistent=True) as tape:
        tape.watch([x, m])
        y = k.ops.tanh(k.ops.matmul(m, k.ops.reshape(x, (2, 1))))
        total = k.ops.sum(y * y)
    return tape.jacobian(y, {"x": x, "m": m, "v": v}), tape.jacobian(total, [m, w], unconnected_gradients="zero")


def batch_jacobian(k):
    _, m, v, _, _ = parts(k)
    with k.Tape(persistent=True) as tape:
        tape.watch(m)
        y = k.ops.concatenate([k.ops.square(m) * v, m], axis=1)
        cube = k.ops.reshape(y, (2, 2, 2))
    return tape.batch_jacobian(y, m), tape.batch_jacobian(cube, m)


def batch_jacobian_of_vectors(k):
    x, _, _, _, _ = parts(k)
    with k.Tape() as tape:
        tape.watch(x)
        y = k.ops.square(x)
    return tape.batch_jacobian(y, x)


def custom(k, use):
    x, _, v, _, _ = parts(k)

    @k.custom_gradient
    def both(a, b):
        return (a * b, a + b), lambda first, second: (first * 10, second * 100)

    @k.custom_gradient
    def closes_over(a):
        e = k.ops.exp(a)
        return k.ops.log(1 + e), lambda upstream: upstream * (1 - 1 / (1 + e))

    @k.custom_gradient
    def with_variable(a):
        def rule(upstream, variables=None):
            return upstream, [upstream * 7 for _ in variables]

        return a * v, rule

    @k.custom_gradient
    def without_variable(a):
        return a * v, lambda upstream: upstream

    @k.custom_gradient
    def too_many(a):
        return a * 2, lambda upstream: (upstream, upstream)

    functions = {
        "one of two results": lambda x: both(x, k.ops.square(x))[0],
        "both results": lambda x: k.ops.add(*both(x, x)),
        "closure": closes_over,
        "variable": with_variable,
        "unknown variable": without_variable,
        "too many": too_many,
    }
    with k.Tape() as outer:
        outer.watch(x)
        with k.Tape() as tape:
            tape.watch(x)
            y = functions[use](x)
        found = tape.gradient(y, [x, v])
    return y, found, outer.gradient(found[0], x)


SAME = [
    *(watched_array, zeros, used_twice, persistent, inside_of_the_block, of_a_persistent_tape_inside, not_trainable),
    *(not_trainable_but_watched, nothing_by_itself, several_targets, targets_that_are_sources, values_between, stopped),
    *(stopped_inner, reset, entered_again, entered_while_recording, reset_outside, never_recorded, unknown_setting),
    *(assigned_inside, second_order, constant_slope, third_order, inner_does_not_see_outer, through_integers),
    *(stop_gradient, jacobians, batch_jacobian, batch_jacobian_of_vectors),
]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(plain(each) for each in value)
    return value if value is None or isinstance(value, int) else np.asarray(value)


def assert_same(code):
    theirs, ours = (attempt(lambda k=k: plain(code(k))) for k in (THEIRS, OURS))
    text = difference(theirs, ours)
    assert text is None, text
    return ours


@pytest.mark.parametrize("code", SAME, ids=lambda code: code.__name__)
def test_tapes(code):
    assert_same(code)


CUSTOM = ["one of two results", "both results", "closure", "variable", "unknown variable", "too many"]


@pytest.mark.parametrize("use", CUSTOM)
def test_custom_gradients(use):
    result = assert_same(lambda k: custom(k, use))
    assert isinstance(result[0], str) == (use in CUSTOM[-2:])


def test_methods_and_arguments():
    public = [name for name in dir(tf.GradientTape) if not name.startswith("_")]
    assert [name for name in dir(minikeras.GradientTape) if not name.startswith("_")] == public
    for name in (*public, "__init__"):
        ours, theirs = (inspect.signature(getattr(tape, name)) for tape in (minikeras.GradientTape, tf.GradientTape))
        assert list(ours.parameters) == list(theirs.parameters)
        for parameter, other in zip(ours.parameters.values(), theirs.parameters.values(), strict=True):
            assert parameter.default == getattr(other.default, "value", other.default)


def test_where_tensorflow_gives_none_or_a_log_entry():
    """What has no gradient because the user forgot something is an error here."""

    def unwatched(k):
        x = k.array([1.0, 2.0])
        with k.Tape() as tape:
            y = k.ops.square(x)
        return tape.gradient(y, x)

    def computed_afterwards(k):
        _, _, v, _, _ = parts(k)
        with k.Tape() as tape:
            y = v * 2
        return tape.gradient(y * v, v)

    def of_integers(k):
        _, _, v, _, _ = parts(k)
        with k.Tape() as tape:
            y = k.ops.cast(v, "int32")
        return tape.gradient(y, v)

    for code, error in ((unwatched, "RuntimeError"), (computed_afterwards, "RuntimeError"), (of_integers, "TypeError")):
        assert code(THEIRS) is None
        assert attempt(lambda code=code: code(OURS)) == ("raises", error)


def test_arrays_may_be_watched():
    """TensorFlow refuses arrays of numpy; here they are the values there are."""
    with tf.GradientTape() as tape, pytest.raises(ValueError, match="not tf.Tensor"):
        tape.watch(np.ones(2))


# ---------------------------------------------------------------- in the shape of JAX

X, Y = np.float32([1.0, 2.0]), np.float32([3.0, 4.0])


def numpy_of(k):
    return jax.numpy if k is jax else minikeras.ops


JAX = {
    "number": lambda k: k.grad(lambda x: x**3)(2.0),
    "array": lambda k: k.grad(lambda x: numpy_of(k).sum(numpy_of(k).tanh(x) * Y))(X),
    "value": lambda k: k.value_and_grad(lambda x, y: numpy_of(k).sum(x * y))(X, Y),
    "argnums": lambda k: k.grad(lambda x, y: numpy_of(k).sum(x * x * y), argnums=(1, 0))(X, Y),
    "list of argnums": lambda k: k.grad(lambda x, y: numpy_of(k).sum(x * x * y), argnums=[1])(X, Y),
    "last": lambda k: k.value_and_grad(lambda x, y: numpy_of(k).sum(x * x * y), argnums=-1)(X, Y),
    "nested": lambda k: k.grad(lambda p: numpy_of(k).sum(p["a"][0] * p["a"][1]) * p["b"])({"a": (X, Y), "b": 2.0}),
    "more results": lambda k: k.grad(lambda x: (numpy_of(k).sum(x * x), {"twice": x * 2}), has_aux=True)(X),
    "value and more": lambda k: k.value_and_grad(lambda x: (numpy_of(k).sum(x * x), x * 2), has_aux=True)(X),
    "second": lambda k: k.grad(lambda x: numpy_of(k).sum(k.grad(lambda x: numpy_of(k).sum(x**4))(x)))(X),
    "second of a number": lambda k: k.grad(k.grad(k.grad(lambda x: x**5)))(2.0),
    "of an argument by another way": lambda k: k.grad(lambda x: numpy_of(k).sum(x * X))(X),
    "unused": lambda k: k.grad(lambda x, y: numpy_of(k).sum(y), argnums=(0, 1))(X, Y),
    "named": lambda k: k.grad(lambda x, *, scale: numpy_of(k).sum(x) * scale)(X, scale=3.0),
    "of an integer": lambda k: k.grad(lambda x: x * 2.0)(3),
    "of integers": lambda k: k.grad(lambda x: numpy_of(k).sum(x * 2.0))(np.int32([3])),
    "no number": lambda k: k.grad(lambda x: x * 2)(X),
    "an integer": lambda k: k.grad(lambda x: 3)(X),
    "no such argument": lambda k: k.grad(lambda x: numpy_of(k).sum(x), argnums=1)(X),
}


@pytest.mark.parametrize("name", JAX)
def test_functions_of_jax(name):
    theirs, ours = (attempt(lambda k=k: plain(JAX[name](k))) for k in (jax, minikeras))
    if isinstance(theirs, tuple) and isinstance(theirs[0], str):
        assert ours in (("raises", "TypeError"), ("raises", "ValueError"))
        return
    text = difference(theirs, ours)
    assert text is None, text
