"""`cond` and `switch`: replays take the branch that their data ask for."""

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, Variable, grad, ops, random
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, TraceError
from tests.helpers import check_grads, run_step_test

X = np.float32([1, 2, 3])


def bent(x):
    return ops.cond(ops.sum(x) > 3, lambda: (ops.tanh(x) * x, 1.0), lambda: (x * x * x, 2.0))


def test_only_the_chosen_branch_runs_eagerly():
    def fail():
        raise AssertionError

    assert ops.cond(True, lambda: X, fail) is not None and ops.cond(np.array(0), fail, lambda: X).tolist() == [1, 2, 3]
    assert ops.switch(1, [fail, lambda x: x * 2], X).tolist() == [2, 4, 6]


@pytest.mark.parametrize(("index", "expected"), [(-7, 1), (0, 1), (1, 2), (2, 4), (99, 4)])
def test_an_index_out_of_range_means_the_first_or_the_last(index, expected):
    def run(values):
        return ops.switch(values[0], [lambda x: x, lambda x: x * 2, lambda x: x * 4], values[1])

    for function in (run, Step(run, "step")):
        assert function([np.int32(index), X]).tolist() == (X * expected).tolist()


def test_replays_take_the_branch_of_their_data():
    results = run_step_test(bent, X, -X, X * np.float32(0.1), X * 4)
    assert [float(branch) for _, branch in results] == [1, 2, 2, 1]
    for (value, _), x in zip(results, (X, -X, X * np.float32(0.1), X * 4), strict=True):
        np.testing.assert_array_equal(value, bent(x)[0])


@pytest.mark.parametrize("sign", [1, -1])
def test_gradients(sign):
    check_grads(lambda x: bent(x)[0], X * sign)


def test_gradients_replay():
    rule = grad(lambda x: ops.sum(bent(x)[0]))
    results = run_step_test(rule, X, -X, X * 4)
    for result, x in zip(results, (X, -X, X * 4), strict=True):
        np.testing.assert_allclose(result, rule(x))


def test_what_one_branch_alone_uses():
    def run(x, w, v):
        return ops.cond(ops.sum(x) > 0, lambda: x * w, lambda: ops.sin(x) * v)

    check_grads(run, X, X + 1, X + 2)
    check_grads(run, -X, X + 1, X + 2)
    first, second = grad(lambda w, v: ops.sum(run(X, w, v)), (0, 1))(X, X)
    assert first.tolist() == [1, 2, 3] and not second.any()


def test_a_value_passed_and_closed_over():
    def run(x):
        return ops.switch(ops.cast(x[0], "int32"), [lambda y: y * x, lambda y: y * y * x], x)

    check_grads(run, np.float64([0.5, 2]))
    check_grads(run, np.float64([1.5, 2]))


def test_branches_that_return_what_they_are_given():
    def run(x):
        return ops.cond(x[0] > 0, lambda: (x, x[1:], np.float32(1)), lambda: (x * 2, x[:-1], x[0]))

    for (first, second, third), x in zip(run_step_test(run, X, -X), (X, -X), strict=True):
        expected = run(x)
        assert [first.tolist(), second.tolist(), float(third)] == [
            expected[0].tolist(),
            expected[1].tolist(),
            expected[2],
        ]


def test_without_results():
    assert ops.cond(True, lambda: None, lambda: None) is None
    assert Step(lambda x: (ops.cond(x[0] > 0, lambda: None, lambda: None), x * 2)[1], "step")(X).tolist() == [2, 4, 6]


def test_variables():
    first, second = Variable(0.0), Variable(X)

    def run(x):
        def one():
            first.assign_add(1.0)
            return x * second

        def two():
            second.assign(second * 2)
            return x + first

        return ops.cond(x[0] > 0, one, two)

    data = [X, -X, X, X * 2, -X * 3]
    results = run_step_test(run, *data, variables=[first, second])
    first.assign(0.0)
    second.assign(X)
    for x, result in zip(data, results, strict=True):
        np.testing.assert_array_equal(run(x), result)
    assert float(first) == 3 and second.numpy().tolist() == (X * 4).tolist()


def test_gradients_of_variables():
    w = Variable(X)
    for x in (X, -X):
        with GradientTape() as tape:
            y = ops.sum(ops.cond(ops.sum(x) + ops.sum(w) * 0 > 0, lambda: w * w, lambda: ops.sin(w)))
        expected = 2 * X if x[0] > 0 else np.cos(X)
        np.testing.assert_allclose(tape.gradient(y, w), expected, rtol=1e-6)


def test_random_draws_happen_in_the_branch_that_runs():
    generator = random.SeedGenerator(3)

    def run(x):
        return ops.cond(x[0] > 0, lambda: random.uniform((), seed=generator), lambda: x[0])

    run_step_test(run, X, -X, X * 2, X, -X, variables=[generator.state])
    generator.state.assign([3, 0])
    step = Step(run, "step")
    for x in (X, -X, X):
        step(x)
    assert generator.state.numpy().tolist() == [3, 2]


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ArgumentTypeError, "`true_fn` should be a callable", lambda x: ops.cond(True, 1, lambda: x)),
        (ArgumentTypeError, "`false_fn` should be a callable", lambda x: ops.cond(True, lambda: x, 1)),
        (ShapeError, "`cond` expects `pred` to be a scalar", lambda x: ops.cond(x > 0, lambda: x, lambda: x)),
        (ShapeError, "`switch` expects `index` to be a scalar", lambda x: ops.switch(x, [lambda: x])),
        (ArgumentError, "at least one", lambda x: ops.switch(0, [])),
        (ArgumentError, "at least one", lambda x: ops.switch(0, [1])),
    ],
)
def test_what_is_refused(error, message, call):
    for run in (call, Step(call, "step")):
        with pytest.raises(error, match=message):
            run(X)


@pytest.mark.parametrize("dtype", ["float32", "bool", "complex64"])
def test_an_index_that_is_no_integer_is_refused(dtype):
    def call(index):
        return ops.switch(index, [lambda: X, lambda: X])

    for run in (call, Step(call, "step")):
        with pytest.raises(ArgumentTypeError, match=f"`switch` expects `index` to be an integer.*{dtype}"):
            run(np.ones((), dtype))
    for index in (1.0, True, minikeras.KerasTensor((), dtype)):
        with pytest.raises(ArgumentTypeError, match="`switch` expects `index` to be an integer"):
            call(index)


def test_a_predicate_is_a_real_number():
    def call(pred):
        return ops.cond(pred, lambda: X, lambda: -X)

    for run in (call, Step(call, "step")):
        assert run(np.float32(0.5)).tolist() == X.tolist() and run(np.float32(0)).tolist() == (-X).tolist()
        with pytest.raises(ArgumentTypeError, match="`cond` expects `pred` to be a boolean or a real number"):
            run(np.complex64(1))
    for pred in (1j, minikeras.KerasTensor((), "complex64")):
        with pytest.raises(ArgumentTypeError, match="`cond` expects `pred` to be a boolean or a real number"):
            call(pred)


@pytest.mark.parametrize("other", [lambda x: x[1:], lambda x: ops.cast(x, "int32"), lambda x: (x, x), lambda x: None])
def test_branches_of_different_kinds_are_refused_in_steps(other):
    for call in (
        lambda x: ops.cond(x[0] > 0, lambda: x, lambda: other(x)),
        lambda x: ops.switch(ops.cast(x[0], "int32"), [lambda y: y, other], x),
    ):
        with pytest.raises(ArgumentError, match="outputs of the same kind"):
            Step(call, "step")(X)
        with pytest.raises(ArgumentError, match="outputs of the same kind"):
            call(minikeras.KerasTensor((3,)))


def test_python_cannot_look_at_traced_values():
    with pytest.raises(TraceError, match="`cond`: the function is traced once"):
        Step(lambda x: ops.cond(x[0] > 0, lambda: x if x[1] > 0 else -x, lambda: x), "step")(X)


def test_in_a_model():
    x = minikeras.Input(batch_shape=(3,))
    chosen = ops.switch(ops.cast(x[0], "int32"), [lambda y: y, lambda y: y * 2], x)
    constant = ops.cond(ops.sum(x) > 0, lambda: np.float32([1, 2]), lambda: np.float32([3, 4]))
    model = minikeras.Model(x, [chosen, constant])
    for values, expected in ((X, [[2, 4, 6], [1, 2]]), (-X, [[-1, -2, -3], [3, 4]])):
        assert [part.tolist() for part in model(values)] == expected
    predicted = [part.tolist() for part in model.predict(X, batch_size=3, verbose=0)]
    assert predicted == [[2, 4, 6], [1, 2]]
