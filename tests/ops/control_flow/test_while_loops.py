"""`while_loop` and `fori_loop`: the number of turns is known when they run, and replays are right for any."""

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, Variable, grad, ops, random
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.errors import ArgumentTypeError, NotSupportedError, TraceError
from tests.helpers import check_grads, run_step_test

X = np.float32([1, 0.5, -0.2])
W = np.float32([1.1, 0.9, 1.2])


def grown(x, w):
    """Returns a vector that has grown to a length, and in how many turns."""
    return ops.while_loop(
        lambda v, turns: ops.sum(v * v) < 50.0, lambda v, turns: (ops.sin(v) * w + v * 1.3, turns + 1), (x, 0)
    )


def test_one_value():
    assert int(ops.while_loop(lambda i: i < 10, lambda i: i + 1, 0)) == 10


def test_a_list_gives_a_tuple():
    for start in ((0, 1), [0, 1]):
        result = ops.while_loop(lambda x, y: x < 10, lambda x, y: [x + 1, y + 1], start)
        assert type(result) is tuple and [int(value) for value in result] == [10, 11]


def test_nested_values():
    result = ops.while_loop(
        lambda d: d["i"] < 3, lambda d: {"i": d["i"] + 1, "s": (d["s"][0] * 2,)}, {"i": 0, "s": (X,)}
    )
    assert int(result["i"]) == 3 and result["s"][0].tolist() == (X * 8).tolist()


@pytest.mark.parametrize(("limit", "expected"), [(None, 10), (3, 3), (0, 0), (50, 10)])
def test_the_largest_number_of_turns(limit, expected):
    def run(start):
        return ops.while_loop(lambda i: i < 10, lambda i: i + 1, start, maximum_iterations=limit)

    assert int(run(np.int32(0))) == int(Step(run, "step")(np.int32(0))) == expected


def test_replays_make_as_many_turns_as_their_data_ask_for():
    data = [(np.float32(factor) * X, W) for factor in (1, 0.3, 0.001, 20, 2, 1e-30)]
    results = run_step_test(lambda values: grown(*values), *data)
    turns = [int(turns) for _, turns in results]
    assert len(set(turns)) > 4 and min(turns) == 0 and max(turns) > 64
    for (value, _), (x, w) in zip(results, data, strict=True):
        np.testing.assert_array_equal(value, grown(x, w)[0])


@pytest.mark.parametrize("factor", [1, 0.2, 9])
def test_gradients(factor):
    check_grads(lambda x, w: grown(x, w)[0], factor * X, W, order=1)


def test_gradients_replay():
    def step(values):
        y = grown(*values)[0]
        found = gradients(ops.sum(y * y), list(values))
        return [ops.zeros_like(x) if each is None else each for x, each in zip(values, found, strict=True)]

    data = [(np.float32(factor) * X, W) for factor in (1, 0.3, 0.001, 20, 2, 1e-30)]
    for found, (x, w) in zip(run_step_test(step, *data), data, strict=True):
        expected = grad(lambda x, w: ops.sum(grown(x, w)[0] ** 2), (0, 1))(x, w)
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_there_are_no_second_gradients():
    with pytest.raises(NotSupportedError, match="first-order gradients only. `scan`"):
        grad(lambda x: ops.sum(grad(lambda x: ops.sum(grown(x, W)[0]))(x)))(X)


def test_products_with_a_matrix():
    def run(x, w):
        return ops.while_loop(lambda v: ops.sum(v * v) < 100.0, lambda v: ops.tanh(v @ w) + v * 1.5, x)

    rng = np.random.default_rng(0)
    check_grads(run, rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), order=1)


def test_inside_of_a_scan():
    def run(x, w):
        return ops.scan(lambda c, row: (grown(c * 0.1 + row, w)[0], None), x[0], x)[0]

    rng = np.random.default_rng(0)
    data = [(rng.normal(size=(4, 3)), np.float64(W)) for _ in range(3)]
    run_step_test(lambda values: run(*values), *data)
    check_grads(run, *data[0], order=1)


def test_variables():
    count = Variable(0.0)

    def run(start):
        def body(x):
            count.assign_add(1.0)
            return x * 2

        return ops.while_loop(lambda x: x < 100 + count, body, start, maximum_iterations=9)

    data = [np.float32(value) for value in (1, 30, 1e-4, 1e9)]
    results = run_step_test(run, *data, variables=[count])
    count.assign(0.0)
    assert [float(run(value)) for value in data] == [float(result) for result in results]
    assert float(count) == 7 + 2 + 9


def test_gradients_of_variables():
    w = Variable(W)
    x = np.float32(X)
    with GradientTape() as tape:
        y = ops.sum(grown(x, w)[0])
    np.testing.assert_allclose(tape.gradient(y, w), grad(lambda w: ops.sum(grown(x, w)[0]))(W))


def test_random_draws():
    def run(start):
        return ops.while_loop(lambda x: x < 3, lambda x: x + random.uniform(()), start)

    step, found = Step(run, "step"), []
    for function in (run, step, step):
        minikeras.utils.set_random_seed(3)
        found.append(float(function(np.float32(0))))
    assert found == [found[0]] * 3 and found[0] != 3


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (ArgumentTypeError, "`cond` should be a callable", (None, lambda x: x, X)),
        (ArgumentTypeError, "`body` should be a callable", (lambda x: True, None, X)),
        (ArgumentTypeError, "`cond` must return a scalar", (lambda x: x < 3, lambda x: x + 1, X)),
        (ArgumentTypeError, "structure of `loop_vars`", (lambda x, y: x < 3, lambda x, y: (x + 1,), (0, 1))),
        (
            ArgumentTypeError,
            "its shape and dtype",
            (lambda x: ops.sum(x) < 9, lambda x: ops.stack([x, x]), np.int32(1)),
        ),
        (ArgumentTypeError, "its shape and dtype", (lambda x: x < 9, lambda x: ops.cast(x, "float32"), np.int32(1))),
    ],
)
def test_what_is_refused(error, message, arguments, traced):
    with pytest.raises(error, match=message):
        if traced:
            Step(lambda data: ops.while_loop(*arguments), "step")(X)
        else:
            ops.while_loop(*arguments)


def test_numbers_of_python_take_the_dtype_that_becomes_of_them():
    for run in (lambda run: run(np.float32(1.5)), lambda run: Step(run, "step")(np.float32(1.5))):
        result = run(lambda x: ops.while_loop(lambda v: v < 10, lambda v: v + x, 0))
        assert result.dtype == "float32" and float(result) == 10.5


def test_python_cannot_look_at_traced_values():
    with pytest.raises(TraceError, match="`while_loop`: the function is traced once"):
        Step(lambda x: ops.while_loop(lambda v: True if v < 3 else False, lambda v: v + 1, x), "step")(np.float32(0))


def test_a_condition_cannot_assign():
    count = Variable(0.0)
    with pytest.raises(NotSupportedError, match="`cond` cannot assign"):
        Step(lambda x: ops.while_loop(lambda v: (count.assign(v), v < 3)[1], lambda v: v + 1, x), "s")(np.float32(0))


def test_fori_loop():
    assert int(ops.fori_loop(0, 5, lambda i, s: s + i, 0)) == 10
    assert ops.fori_loop(np.int32(1), 4, lambda i, s: s * i, np.float32([1, 2])).tolist() == [6, 12]
    assert float(ops.fori_loop(5, 2, lambda i, s: s + i, np.float32(1))) == 1
    first, second = ops.fori_loop(0, 3, lambda i, s: (s[0] + i, s[1]), (np.float32(0), X))
    assert float(first) == 3 and second.tolist() == X.tolist()


def test_fori_loop_replays():
    run_step_test(lambda x: ops.fori_loop(0, 3, lambda i, s: ops.sin(s) * i, x), X, X * 2, -X)
    data = [(np.int32(lower), np.int32(upper), X * upper) for lower, upper in ((0, 3), (1, 9), (4, 2))]
    results = run_step_test(
        lambda d: ops.fori_loop(d[0], d[1], lambda i, s: s * 2 + ops.cast(i, "float32"), d[2]), *data
    )
    for result, (lower, upper, x) in zip(results, data, strict=True):
        for i in range(lower, upper):
            x = x * 2 + np.float32(i)
        np.testing.assert_array_equal(result, x)


def test_gradients_of_fori_loop():
    check_grads(lambda x: ops.fori_loop(0, 5, lambda i, s: ops.sin(s) * s + i, x), X)
    check_grads(lambda x: ops.fori_loop(0, 0, lambda i, s: ops.sin(s), x) * x, X)

    def bounds_of_data(x):
        upper = ops.cast(ops.sum(x) * 0 + 4, "int32")
        return ops.fori_loop(0, upper, lambda i, s: ops.sin(s) * s, x)

    check_grads(bounds_of_data, X, order=1)


@pytest.mark.parametrize("maximum", [None, 3])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_conditions_that_are_no_booleans(dtype, maximum):
    def call(x):
        return ops.while_loop(lambda i: ops.cast(4 - i, dtype), lambda i: i + 1, x, maximum_iterations=maximum)

    for run in (call, Step(call, "step")):
        with pytest.raises(ArgumentTypeError, match="`cond` must return a scalar boolean"):
            run(np.float32(1))
    with pytest.raises(ArgumentTypeError, match="`cond` must return a scalar boolean"):
        call(minikeras.KerasTensor(()))


@pytest.mark.parametrize("bound", [1.5, X, "3"])
def test_bounds_that_are_no_integers(bound):
    with pytest.raises(ArgumentTypeError):
        ops.fori_loop(0, bound, lambda i, s: s, 0)


def test_in_models():
    x = minikeras.Input(batch_shape=(3,))
    upper = ops.cast(ops.max(x), "int32")
    model = minikeras.Model(
        x, [grown(x, W)[0], ops.fori_loop(0, 3, lambda i, s: s + i, x), ops.fori_loop(0, upper, lambda i, s: s * 2, x)]
    )
    for values in (X, X * 5):
        first, second, third = model(values)
        np.testing.assert_array_equal(first, grown(values, W)[0])
        assert second.tolist() == (values + 3).tolist() and third.tolist() == (values * 2 ** int(values.max())).tolist()
