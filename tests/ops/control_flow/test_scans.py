"""`scan` and `map`: eagerly, traced, replayed, differentiated."""

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, Variable, grad, ops, random
from minikeras.compiler.step import Step
from minikeras.engine import tree
from minikeras.engine.gradients import gradients
from minikeras.engine.scopes import StatelessScope
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, TraceError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test
from tests.ops.recurrent import WEIGHTS, gradients_of, lstm, normal

X = np.float32([1, 2, 3])


def test_a_running_sum():
    carry, ys = ops.scan(lambda c, x: (c + x, c + x), np.float32(0), X)
    assert float(carry) == 6 and ys.tolist() == [1, 3, 6] and ys.dtype == carry.dtype == "float32"


def test_backwards():
    carry, ys = ops.scan(lambda c, x: (c + x, c), np.float32(0), X, reverse=True)
    assert float(carry) == 6 and ys.tolist() == [5, 3, 0]


def test_nested_values():
    def turn(carry, x):
        return {"sum": carry["sum"] + x["a"][0]}, {"old": carry["sum"], "x": (x["b"],)}

    carry, ys = ops.scan(turn, {"sum": np.float32(0)}, {"a": [X], "b": X * 2})
    assert float(carry["sum"]) == 6 and ys["old"].tolist() == [0, 1, 3] and ys["x"][0].tolist() == [2, 4, 6]


def test_without_xs():
    def turn(carry, x):
        assert x is None
        return carry * 2, carry

    for function in (ops.scan, lambda *args, **kwargs: Step(lambda d: ops.scan(turn, d, length=3), "step")(args[1])):
        carry, ys = function(turn, np.float32(1), length=3)
        assert float(carry) == 8 and ys.tolist() == [1, 2, 4]


def test_without_outputs():
    carry, ys = ops.scan(lambda c, x: (c + x, None), np.float32(0), X)
    assert float(carry) == 6 and ys is None


@pytest.mark.parametrize("xs", [X[:0], None])
def test_no_turns(xs):
    def run(start):
        return ops.scan(lambda c, x: (c * 2, (c, c * np.float32([1, 2]))), start, xs, length=0)

    for carry, ys in (run(np.float32(7)), Step(run, "step")(np.float32(7))):
        assert float(carry) == 7 and [y.shape for y in ys] == [(0,), (0, 2)]
    assert float(grad(lambda x: run(x)[0] * 3)(7.0)) == 3


@pytest.mark.parametrize("unroll", [1, 3, True, False])
def test_unroll(unroll):
    assert float(ops.scan(lambda c, x: (c + x, c), np.float32(0), X, unroll=unroll)[0]) == 6


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (ArgumentTypeError, "`f` should be a callable", (3, 0.0, X)),
        (ArgumentTypeError, "must return a pair", (lambda c, x: c, 0.0, X)),
        (ArgumentTypeError, "structure of `init`", (lambda c, x: ((c, c), c), 0.0, X)),
        (ArgumentTypeError, "must keep its shape and dtype", (lambda c, x: (ops.stack([c, c]), c), 0.0, X)),
        (ArgumentTypeError, "dtype int32, but", (lambda c, x: (ops.cast(c, "float32"), c), np.int32(0), X)),
        (ShapeError, "the same leading size", (lambda c, x: (c, c), 0.0, (X, X[:2]))),
        (ShapeError, "the same leading size", (lambda c, x: (c, c), 0.0, X, 2)),
        (ShapeError, "the same leading size", (lambda c, x: (c, c), 0.0, np.float32(1))),
        (ArgumentError, "without `xs`, `length` is required", (lambda c, x: (c, c), 0.0)),
        (ArgumentError, "non-negative", (lambda c, x: (c, c), 0.0, None, -1)),
        (ArgumentError, "`unroll` must be", (lambda c, x: (c, c), 0.0, X, None, False, 0)),
    ],
)
def test_what_is_refused(error, message, arguments, traced):
    with pytest.raises(error, match=message):
        if traced:
            Step(lambda data: ops.scan(*arguments), "step")(X)
        else:
            ops.scan(*arguments)


def test_numbers_of_python_take_the_dtype_that_becomes_of_them():
    for carry, _ in (
        ops.scan(lambda c, x: (c + x, c), 0, X),
        Step(lambda x: ops.scan(lambda c, v: (c + v, c), 0, x), "step")(X),
    ):
        assert carry.dtype == "float32" and float(carry) == 6


def test_the_function_cannot_change_what_it_is_given():
    def turn(carry, x):
        carry += x
        x *= 2
        return carry, x

    start, xs = np.zeros(2, "float32"), np.ones((3, 2), "float32")
    for carry, ys in (ops.scan(turn, start, xs), Step(lambda d: ops.scan(turn, *d), "step")([start, xs])):
        assert carry.tolist() == [3, 3] and ys.tolist() == [[2, 2]] * 3
    assert not start.any() and (xs == 1).all()


def test_python_cannot_look_at_traced_values():
    def turn(carry, x):
        return (carry if x > 1 else carry + x), None

    assert float(ops.scan(turn, np.float32(0), X)[0]) == 1  # eagerly, it can
    with pytest.raises(TraceError, match="`scan`: the function is traced once"):
        Step(lambda x: ops.scan(turn, np.float32(0), x), "step")(X)


@pytest.mark.parametrize("reverse", [False, True])
def test_an_lstm_replays(reverse):
    data = [[part.astype("float32") * factor for part in WEIGHTS] for factor in (1, 0.5, -2)]
    results = run_step_test(lambda values: lstm(*values, reverse=reverse), *data)
    for ((h, _), ys), values in zip(results, data, strict=True):
        eager = lstm(*values, reverse=reverse)
        np.testing.assert_allclose(ys, eager[1], rtol=1e-5, atol=1e-6)  # one large product in place of many
        np.testing.assert_allclose(h, eager[0][0], rtol=1e-5, atol=1e-6)


CELLS = {
    "carry as output": lambda c, x: (ops.sin(c) + x, c),
    "input as output": lambda c, x: (c * x, x),
    "constants": lambda c, x: (c * 0.5, np.float64([1, 2])),
    "carry unchanged": lambda c, x: (c, c * x),
    "carry forgotten": lambda c, x: (x * x, c),
    "same twice": lambda c, x: (c * x, (c * x, c)),
    "softmax": lambda c, x: (ops.softmax(c * x), ops.log_softmax(c + x)),
    "views": lambda c, x: (ops.reshape(ops.transpose(ops.reshape(c, (1, 2))), (2,)) * x, c[1:]),
    "where": lambda c, x: (ops.where(c > x, c * x, x - c), ops.maximum(c, x)),
    "stopped": lambda c, x: (ops.stop_gradient(c) * x + c, c),
    "matrix": lambda c, x: (ops.sin(ops.outer(c, x)) @ x, ops.outer(x, x)),
}


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("reverse", [False, True])
def test_cells(name, reverse):
    def run(start, xs):
        return ops.scan(CELLS[name], start, xs, reverse=reverse)

    data = [(normal(2, seed=seed), normal(5, 2, seed=seed + 9)) for seed in range(3)]
    traced = run_step_test(lambda values: run(*values), *data)
    for ours, (start, xs) in zip(traced, data, strict=True):
        np.testing.assert_equal(ours, run(start, xs))
    if name != "stopped":  # differences do not stop
        check_grads(run, *data[0], atol=1e-5)


def test_two_carried_values_that_change_places():
    def run(values):
        return ops.scan(lambda c, x: ((c[1], c[0] + x), (c[0], c[1])), *values)

    for values in run_step_test(run, *[((np.float32(a), np.float32(b)), X * a) for a, b in ((1, 2), (3, 4), (5, 6))]):
        assert len(values) == 2
    (first, second), (olds, _) = run(((np.float32(1), np.float32(2)), X))
    assert (float(first), float(second), olds.tolist()) == (4, 5, [1, 2, 2])
    check_grads(lambda a, b, x: run(((a, b), x)), 1.0, 2.0, X)


def test_scan_in_scan():
    def run(x, w):
        def outer(c, row):
            h, ys = ops.scan(lambda h, k: (ops.tanh(h @ w + k), h * c), c, ops.stack([row, row * row, c]))
            return h, ops.sum(ys, axis=0)

        return ops.scan(outer, x[0], x)

    data = [(normal(3, 2, 3, seed=seed), normal(3, 3, seed=seed)) for seed in range(3)]
    run_step_test(lambda values: run(*values), *data)
    check_grads(run, *data[0], atol=1e-5)


def test_variables_in_the_body():
    count, weight = Variable(0.0), Variable(X)

    def run(xs):
        def turn(carry, x):
            count.assign_add(1.0)
            return carry * weight + count, x * count

        return ops.scan(turn, xs[0], xs)

    data = [normal(4, 3, seed=seed).astype("float32") for seed in range(3)]
    results = run_step_test(run, *data, variables=[count])
    assert float(count.assign(0.0)) == 0
    for values, expected in zip(data, results, strict=True):
        np.testing.assert_equal(run(values), expected)
    assert float(count) == 12
    with StatelessScope([(count, np.float32(5))]) as scope:
        Step(run, "stateless")(data[0])
        assert float(scope.get_current_value(count)) == 9
    assert float(count) == 12


def test_a_variable_that_is_only_written():
    last = Variable(0.0)
    for values in (X, X * 2):
        Step(lambda xs: ops.scan(lambda c, x: (c + last.assign(x) * 0, c), np.float32(0), xs), "step")(values)
        assert float(last) == values[-1]


def test_gradients_of_variables():
    w, frozen = Variable(normal(3, 3)), Variable(normal(3))

    def loss(xs):
        return ops.sum(ops.scan(lambda c, x: (ops.tanh(c @ w + frozen * x), None), xs[0], xs)[0])

    step = Step(lambda xs: gradients(loss(xs), [w, frozen]), "step")
    x = normal(4, 2, 3)
    ours = [value.copy() for value in step(x)]
    with GradientTape() as tape:
        value = loss(x)
    for first, second in zip(ours, tape.gradient(value, [w, frozen]), strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-12)
    assert all(value.any() for value in ours)


@pytest.mark.parametrize("seed", [None, 7])
def test_random_draws_are_others_each_turn(seed):
    generator = random.SeedGenerator(seed) if seed else None

    def run(xs):
        def turn(carry, x):
            return carry + random.uniform((), seed=generator), random.normal((2,), seed=generator)

        return ops.scan(turn, xs[0], xs)

    results = []
    step = Step(run, "step")
    for function in (run, step, step):
        minikeras.utils.set_random_seed(3)
        if generator is not None:
            generator.state.assign([seed, 0])
        carry, ys = function(X)
        results.append((float(carry), ys.copy()))
    assert len(np.unique(results[0][1])) == 6
    for result in results[1:]:
        np.testing.assert_equal(result, results[0])


def test_tapes_around_and_inside():
    x = np.float64([1.0, 2.0])

    def turn(carry, row):
        with GradientTape() as tape:
            watched = tape.watch(carry)
            value = ops.sum(ops.sin(watched) * row)
        return carry - tape.gradient(value, watched), None

    def run(start):
        return ops.scan(turn, start, np.ones((3, 2)))[0]

    expected = x
    for _ in range(3):
        expected = expected - np.cos(expected)
    np.testing.assert_allclose(run(x), expected)
    check_grads(run, x)
    with GradientTape(persistent=True) as tape:
        start = tape.watch(x)
        y = run(start)
    jacobian = tape.jacobian(y, start)
    np.testing.assert_allclose(np.diag(jacobian), tape.gradient(y, start))
    np.testing.assert_allclose(jacobian, np.diag(np.diag(jacobian)))


def test_closed_over_arrays_that_change_later():
    w = np.float64([2.0, 3.0])
    x = np.float64([1.0, 1.0])
    with GradientTape() as tape:
        start = tape.watch(x)
        y = ops.scan(lambda c, _: (c * w, None), start, length=2)[0]
        w *= 100
    np.testing.assert_allclose(tape.gradient(y, start), [4, 9])


def test_integers_are_carried():
    def run(values):
        return ops.scan(lambda c, x: ((c[0] + 1, c[1] * x), c[0]), (np.int32(0), values[0]), values[1])

    data = [(np.float64(seed + 1), normal(4, seed=seed)) for seed in range(3)]
    ((count, _), indices), *_ = run_step_test(run, *data)
    assert int(count) == 4 and indices.tolist() == [0, 1, 2, 3] and indices.dtype == "int32"
    check_grads(lambda x, xs: run((x, xs))[0][1], *data[0])


def test_map():
    result = ops.map(lambda row: {"a": row * 2, "b": (row[0],)}, np.float32([[1, 2], [3, 4]]))
    assert result["a"].tolist() == [[2, 4], [6, 8]] and result["b"][0].tolist() == [1, 3]
    check_grads(lambda x, w: ops.map(lambda row: ops.sin(row @ w), x), normal(3, 2, 2), normal(2, 2))
    with pytest.raises(ArgumentTypeError, match="should be a callable"):
        ops.map(None, X)


def test_in_a_model():
    inputs = minikeras.Input((None, 3), batch_size=2)
    carry, ys = ops.scan(lambda c, x: (c + x, c * x), inputs[:, 0], ops.transpose(inputs, (1, 0, 2)))
    assert carry.shape == (2, 3) and ys.shape == (None, 2, 3)
    model = minikeras.Model(inputs, [carry, ys])
    x = normal(2, 5, 3).astype("float32")
    expected = ops.scan(lambda c, row: (c + row, c * row), x[:, 0], x.transpose(1, 0, 2))
    for ours, theirs in zip(model(x), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


class Recurrent(minikeras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 4), name="w")
        self.u = self.add_weight(shape=(4, 4), name="u")

    def call(self, x):
        start = ops.zeros((ops.shape(x)[0], 4))
        turn = lambda h, row: (ops.tanh(row @ self.w + h @ self.u), None)  # noqa: E731
        return ops.scan(turn, start, ops.transpose(x, (1, 0, 2)))[0]


def test_a_layer_trains():
    x = normal(32, 6, 3).astype("float32")
    y = x.sum((1, 2), keepdims=False)[:, None]
    losses = []
    for eager in (False, True):
        minikeras.utils.set_random_seed(0)
        model = minikeras.Sequential([minikeras.Input((6, 3)), Recurrent(), minikeras.layers.Dense(1)])
        assert model.output_shape == (None, 1)
        model.compile("adam", "mse", run_eagerly=eager)
        losses.append(model.fit(x, y, epochs=4, batch_size=8, verbose=0, shuffle=False).history["loss"])
    assert losses[0][-1] < losses[0][0]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)


@pytest.mark.parametrize("length", [20, 2000])
def test_a_long_loop_is_as_short_a_trace(length):
    step = Step(gradients_of(lstm), "step")
    step([normal(length, 1, 3), np.zeros((1, 4)), *WEIGHTS[2:]])
    (plan,) = step.plans().values()
    assert plan.names.count("scan") == 2 and len(plan.names) < 40


def test_symbolic_loops_without_iterations():
    x, state = KerasTensor((0, 2, None)), KerasTensor((2,))
    carry, ys = ops.scan(lambda c, row: (c + 1, row * 2), state, x)
    assert (carry.shape, ys.shape) == ((2,), (0, 2, None))
    assert ops.map(lambda row: row[:, 0], KerasTensor((0, 2, 3), "int32")).shape == (0, 2)
    assert ops.vectorized_map(lambda row: {"sum": ops.sum(row)}, x)["sum"].shape == (0,)
    assert ops.fori_loop(5, 0, lambda i, c: c + i, KerasTensor((None,), "int32")).shape == (None,)
    inputs = minikeras.Input((2,))
    outputs = ops.fori_loop(0, 0, lambda i, c: c * 2, inputs)
    np.testing.assert_array_equal(minikeras.Model(inputs, outputs)(np.ones((3, 2), "float32")), np.ones((3, 2)))


@pytest.mark.parametrize("dtype", ["bfloat16", "float8_e4m3fn"])
def test_loops_of_low_precision(dtype):
    data = [ops.cast(np.float32([[1, 2], [0.5, seed]]), dtype) for seed in (1, 2)]
    results = run_step_test(lambda x: ops.map(lambda row: ops.cast(ops.sin(row), dtype), x), *data)
    for x, result in zip(data, results, strict=True):
        assert result.dtype == x.dtype
        np.testing.assert_array_equal(np.float32(result), np.float32(ops.sin(x)))


COUNT, FACTOR, XS = np.int32(1), np.float32(0.5), np.float32([1, 2, 3])
MIXED = {
    "scan": lambda i, x, xs: ops.scan(lambda c, a: (c + 1, c * a), i, xs),
    "scan of a quotient": lambda i, x, xs: ops.scan(lambda c, a: (c + 1, c / 2), i, xs),
    "map": lambda i, x, xs: ops.map(lambda pair: pair[0] * pair[1], (xs, ops.cast(xs, "int32"))),
    "vectorized_map": lambda i, x, xs: ops.vectorized_map(lambda a: a[0] / a[1], (ops.cast(xs, "int32"), xs)),
    "associative_scan": lambda i, x, xs: ops.associative_scan(
        lambda a, b: (a[0] + b[0], a[0] * b[1]), (ops.cast(xs, "int32"), xs)
    ),
    "fori_loop": lambda i, x, xs: ops.fori_loop(0, 3, lambda k, c: (c[0] + 1, c[0] * c[1]), (i, x)),
    "while_loop": lambda i, x, xs: ops.while_loop(lambda i, x: i * x < 3, lambda i, x: (i + 1, i * x + 1), (i, x)),
    "switch": lambda i, x, xs: ops.switch(1, [lambda i, x: x, lambda i, x: i * x], i, x),
}


@pytest.mark.parametrize("loop", MIXED.values(), ids=MIXED)
def test_dtypes_are_promoted_alike_eagerly_traced_and_symbolically(loop):
    values = [np.asarray(each) for each in (COUNT, FACTOR, XS)]
    eager = tree.flatten(loop(*values))
    traced = tree.flatten(Step(lambda given: loop(*given), "step")(values))
    symbols = tree.flatten(loop(*(KerasTensor(each.shape, str(each.dtype)) for each in values)))
    assert [str(each.dtype) for each in eager] == [str(each.dtype) for each in traced]
    assert [str(each.dtype) for each in eager] == [each.dtype for each in symbols]
    assert "float32" in [str(each.dtype) for each in eager]
    for one, other in zip(eager, traced, strict=True):
        assert type(one) is np.ndarray
        np.testing.assert_array_equal(one, other)
