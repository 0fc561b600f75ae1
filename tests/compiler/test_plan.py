"""Plans: whatever buffers they reuse and calls they leave out, the numbers stay those of the eager run."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.plan import Plan
from minikeras.compiler.step import Step
from minikeras.engine.dispatch import apply
from minikeras.engine.gradients import gradients
from minikeras.engine.primitive import Primitive
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from tests.helpers import run_step_test

CONSTANT = np.arange(9, dtype="float32").reshape(3, 3)


def batches(*shape, count=3, dtype="float32"):
    rng = np.random.default_rng(5)
    return [rng.uniform(-3, 3, shape).astype(dtype) for _ in range(count)]


def plan_of(function, x):
    with Trace() as trace:
        tensor = Tensor(x, trace)
        result = function(tensor)
    return Plan(trace, [tensor], [result])


STATELESS = {
    "same input twice": lambda x: (y := ops.exp(x)) * y + (y + y),
    "a value and its transpose": lambda x: (y := ops.exp(x)) + ops.transpose(y),
    "a transpose and its value": lambda x: ops.transpose(y := ops.exp(x)) - y,
    "a value and a row of it": lambda x: (y := ops.exp(x)) * y[0],
    "a row and the value": lambda x: (y := ops.exp(x))[1] - y,
    "a value and itself reversed": lambda x: (y := ops.exp(x)) - y[::-1],
    "a value and a column of it": lambda x: (y := ops.exp(x)) / y[:, :1],
    "views of views": lambda x: ops.ravel(ops.transpose(ops.exp(x))[1:])[::-2] * 2,
    "a view outlives its base": lambda x: (ops.exp(x)[1:], ops.tanh(ops.exp(x) + 1) * 3)[0] + x[1:],
    "a broadcast view": lambda x: ops.broadcast_to(ops.exp(x)[:1], (3, 3)) + ops.exp(x),
    "a value broadcast against itself": lambda x: ops.exp(x)[:, 0][:, None] * ops.exp(x)[:, 0],
    "in place along a chain": lambda x: ops.tanh(ops.exp(x) + 1) * 2 - 3,
    "in place while wanted later": lambda x: ((y := ops.exp(x)), ops.tanh(y) + y, -y),
    "broadcast to its own shape": lambda x: ops.tanh(ops.broadcast_to(ops.exp(x), (3, 3))) + 1,
    "a view that is a copy dies with its base": lambda x: (
        (y := ops.exp(x)),
        ops.sum(ops.reshape(ops.transpose(y), (9,)) * 2),
        (t := ops.tanh(y)),
        t * ops.exp(x + 1) + t,
    )[1:],
    "constants of other shapes": lambda x: (ops.take(x, [0, 1], axis=0), ops.take(x, [[0, 1]], axis=0)),
    "product with its transpose": lambda x: ops.matmul(y := ops.exp(x), ops.transpose(y)),
    "output is the input": lambda x: x,
    "output is a view of the input": lambda x: (x[1:], ops.transpose(x)),
    "output is a constant": lambda x: (ops.zeros_like(x), ops.arange(4), 3),
    "output is twice the same": lambda x: (y := ops.exp(x), y, y[0]),
    "output is a view of a dead value": lambda x: (ops.transpose(ops.exp(x)), ops.exp(x + 1), ops.exp(x + 2)),
    "output wanted while its buffer would be free": lambda x: [ops.exp(x + i) * 2 for i in range(6)],
    "constants": lambda x: x * CONSTANT + ops.sum(ops.exp(CONSTANT * 0.1)),
    "dead code": lambda x: (ops.exp(x), ops.tanh(x) * 5, x + 1)[2],
    "equal calls": lambda x: ops.exp(x) + ops.exp(x) * ops.exp(x),
    "equal calls with other parameters": lambda x: (
        ops.sum(x, axis=0) + ops.sum(x, axis=1) * 2 + ops.sum(x, axis=0, keepdims=True)
    ),
    "constants that print alike": lambda x: (x * 0.0, x * -0.0, x + True, x[0:1], x[False:True]),
    "long constants that print alike": lambda x: (
        ops.sum(np.zeros(5000, "float32") + x[0, 0]),
        ops.sum(np.r_[np.zeros(2500), 1, np.zeros(2499)].astype("float32") + x[0, 0]),
    ),
    "a reshape that has to copy": lambda x: ops.reshape(ops.transpose(ops.exp(x)), (9,)) * 2,
    "stop_gradient in place": lambda x: ops.stop_gradient(ops.exp(x)) + 1,
    "comparisons and selection": lambda x: ops.where(x > ops.transpose(x), x, -x) * ops.cast(x < 0, "float32"),
    "integers": lambda x: ops.cast(x, "int32") // 2 + ops.argmax(x, axis=0),
    "a wide type over a narrow one": lambda x: ops.cast(ops.exp(x), "float64") + ops.cast(ops.exp(x), "float16"),
    "concatenation with itself": lambda x: ops.concatenate([y := ops.exp(x), y, ops.transpose(y)]) * 2,
    "reductions of layouts": lambda x: (ops.sum(ops.exp(ops.transpose(x)), axis=0), ops.sum(ops.transpose(x) * 1.5)),
    "scalars": lambda x: ops.exp(ops.sum(x)) * ops.mean(x) - x[0, 0] * x[1, 2],
    "nothing": lambda x: None,
    "nested results": lambda x: {"b": (x + 1, None), "a": [x * 2, {"c": ops.sum(x)}]},
}


@pytest.mark.parametrize("name", STATELESS)
def test_stateless(name):
    run_step_test(STATELESS[name], *batches(3, 3))


@pytest.mark.parametrize("name", STATELESS)
def test_stateless_with_data_in_other_layouts(name):
    x = batches(3, 3, count=4)
    run_step_test(STATELESS[name], np.asfortranarray(x[0]), x[1], x[2].T, np.repeat(x[3], 2, axis=1)[:, ::2])


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (5, 1)])
def test_unusual_shapes(shape):
    def step(x):
        y = ops.tanh(x * 2 + 1)
        flat = ops.ravel(y)
        return y, ops.sum(y), flat[::-1] * 2, ops.concatenate([flat, flat]), ops.reshape(flat, shape) + y

    run_step_test(step, *batches(*shape))


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "int64", "float16", "float64"])
def test_other_types(dtype):
    def step(x):
        return (
            x[::-1],
            ops.cast(x, "float32") * 2,
            ops.sum(x),
            ops.logical_not(x),
            ops.maximum(x, ops.transpose(x)),
            x == 1,
        )

    run_step_test(step, *batches(3, 3, dtype=dtype))


def both(x):
    return ops.transpose(ops.reshape(x, (3, 3)))


def swap(a, b, x):
    old_a, old_b = a.value, b.value
    a.assign(old_b)
    b.assign(old_a)
    return old_a, old_b, a.value, b.value


def read_around(a, b, x):
    before = a * 1.0
    view = ops.transpose(a)[1:]
    raw = a.value
    a.assign(x)
    between, between_raw = a + 1, a.value
    a.assign(a * 2)
    return before, view, raw, between, between_raw, a.value, view + 1, raw * 2


def view_of_old_view(a, b, x):
    view = a[1:]
    a.assign(x)
    inner = view[:, ::-1]
    a.assign(a + inner[0])
    return view, inner, a.value


def fibonacci(a, b, x):
    total = a + b
    a.assign(b)
    b.assign(total)
    return ops.sum(b)


def late_use_of_old_value(a, b, x):
    old = a.value
    a.assign_sub(x * 0.1)
    b.assign(old - a)
    return old + 1


def backward_through_old_values(a, b, x):
    hidden = ops.tanh(ops.matmul(x, a))
    loss = ops.sum(ops.square(ops.matmul(hidden, ops.transpose(a))) * b)
    a.assign(a * 0.5)  # before the backward pass, which needs the old value
    b.assign(a)
    first, second = gradients(loss, [a, b])
    a.assign_sub(first * 0.01)
    b.assign_sub(second * 0.01)
    return loss, first, second


def backward_of_an_old_view(a, b, x):
    view = ops.transpose(a)
    loss = ops.sum(view * view * x)
    a.assign(x)
    return gradients(loss + ops.sum(view), [view, a])


def several_reads_with_gradients(a, b, x):
    first = ops.sum(a * x)
    a.assign(a + 1)
    return gradients(first + ops.sum(a * a), [a])


STATEFUL = {
    "swap": swap,
    "swap through views": lambda a, b, x: (old := a[:], a.assign(b[:]), b.assign(old), a[0] + b[0])[-1],
    "read around assignments": read_around,
    "view of an old view": view_of_old_view,
    "chain": fibonacci,
    "old value used late": late_use_of_old_value,
    "assigned a view of itself": lambda a, b, x: (a.assign(ops.transpose(a)), a.assign(a[::-1]), a[0])[-1],
    "assigned itself": lambda a, b, x: (a.assign(a), a.assign(+a), x)[-1],
    "assigned a sum with its transpose": lambda a, b, x: (a.assign(a + ops.transpose(a)), ops.sum(a))[-1],
    "assigned the input": lambda a, b, x: (a.assign(x), b.assign(ops.transpose(x)), a - b)[-1],
    "assigned a constant": lambda a, b, x: (a.assign(CONSTANT), b.assign(np.zeros((3, 3))), a * x + b)[-1],
    "assigned an old value": lambda a, b, x: (old := a.value, a.assign(x), b.assign(old), a.assign(b * x))[0],
    "assigned one value twice": lambda a, b, x: (y := ops.exp(x), a.assign(y), b.assign(y), a.assign(a + b))[0],
    "assigned without being read": lambda a, b, x: (a.assign(x * 2), b.assign(x * 3), None)[-1],
    "assigned twice without a read": lambda a, b, x: (p := x + 1, q := x * 2, a.assign(q), a.assign(p), x)[-1],
    "assigned in the order of making": lambda a, b, x: (p := x + 1, q := x * 2, a.assign(p), a.assign(q), x)[-1],
    "made before, read between": lambda a, b, x: (new := x + 1, old := a * 2, a.assign(new), old)[-1],
    "made before, view read between": lambda a, b, x: (new := x + 1, old := a[1:] * 2, a.assign(new), old)[-1],
    "product into itself": lambda a, b, x: (a.assign(ops.matmul(a, x) * 0.1), a.assign(ops.matmul(x, a) * 0.1), a + 1)[
        -1
    ],
    "equal calls across assignments": lambda a, b, x: (p := ops.exp(a), a.assign(a * 0.5), q := ops.exp(a), p - q)[-1],
    "equal calls on old values": lambda a, b, x: (o := a.value, p := o * 2, a.assign(x), q := o * 2, p + q)[-1],
    "the variable is the result": lambda a, b, x: (a.assign_add(x), a)[-1],
    "an old value is the result": lambda a, b, x: (old := a.value, a.assign_add(x), old)[-1],
    "a view of the variable is the result": lambda a, b, x: (a.assign_add(x), a[1:], ops.transpose(a))[1:],
    "the assigned value is the result": lambda a, b, x: (y := x * 2, a.assign(y), y)[-1],
    "a view of the assigned value is the result": lambda a, b, x: (y := x * 2, z := y[0], a.assign(y), z)[-2:][-1],
    "other types": lambda a, b, x: (a.assign(ops.cast(x, "int32")), b.assign(ops.cast(a, "float64") / 3), a)[-1],
    "moving average": lambda a, b, x: (a.assign(a * 0.9 + x * 0.1), b.assign(b + ops.square(x - a)), b)[-1],
    "backward through old values": backward_through_old_values,
    "backward of an old view": backward_of_an_old_view,
    "several reads with gradients": several_reads_with_gradients,
}


@pytest.mark.parametrize("name", STATEFUL)
def test_stateful(name):
    start = batches(3, 3, count=2)
    a, b = Variable(start[0] * 0.5, name="a"), Variable(start[1] * 0.5, name="b")
    run_step_test(lambda x: STATEFUL[name](a, b, x), *batches(3, 3, count=4), variables=[a, b])


# numpy's own functions notice when their output overlaps their inputs; these do not.
PLUS_TWICE = Primitive(
    "plus_twice",
    lambda a, b, out=None: (out := np.empty_like(a) if out is None else out, np.copyto(out, a), overwrite(out, b))[0],
    shape=lambda a, b: (a.shape, a.dtype),
    elementwise=True,
    has_out=True,
)
RUNNING_SUM = Primitive(
    "running_sum",
    lambda x, out=None: (out := np.empty_like(x) if out is None else out, overwrite(out, x, 0), overwrite(out, x))[0],
    shape=lambda x: (x.shape, x.dtype),
    has_out=True,
)


def overwrite(out, x, keep=1):
    for row in range(len(out)):
        for column in range(len(out)):
            out[row, column] = keep * out[row, column] + 2 * x[row, column]


OVERLAPPING = {
    "with its transpose": lambda v, x: apply(PLUS_TWICE, y := ops.exp(x), ops.transpose(y)),
    "its transpose with it": lambda v, x: apply(PLUS_TWICE, ops.transpose(y := ops.exp(x)), y),
    "variable with its transpose": lambda v, x: v.assign(apply(PLUS_TWICE, v * 1, ops.transpose(v)) * 0.1),
    "variable with its transpose, at once": lambda v, x: v.assign(apply(PLUS_TWICE, v, ops.transpose(v))),
    "variable and a copy": lambda v, x: v.assign(apply(PLUS_TWICE, v, x)),
    "not by element": lambda v, x: v.assign(apply(RUNNING_SUM, v)),
}


@pytest.mark.parametrize("name", OVERLAPPING)
def test_kernels_that_write_before_they_have_read_all(name):
    v = Variable(batches(3, 3)[0])
    run_step_test(lambda x: OVERLAPPING[name](v, x), *batches(3, 3), variables=[v])


def test_a_variable_of_another_type():
    v = Variable([1, 2, 3])
    results = run_step_test(lambda x: v.assign(x * 1.5), np.float32([1, 2, 3]), np.float32([-1, 0, 5]), variables=[v])
    assert [result.tolist() for result in results] == [[1, 3, 4], [-1, 0, 7]]


def test_selections_and_conversions_are_computed_into_their_variable():
    v = Variable(np.ones(4, "float32"))
    plan = plan_of(lambda x: v.assign(ops.where(x > 0, x, 0.0)), np.ones(4, "float32"))
    assert plan.names == ["greater", "where"]


def test_old_values_by_hand():
    v = Variable([1.0, 2.0], name="v")

    def step(x):
        old, view = v.value, v[::-1]
        v.assign(x)
        return old, view, v.value, old + view

    results = run_step_test(step, np.float32([5, 6]), np.float32([7, 8]), variables=[v])
    assert [[part.tolist() for part in result] for result in results] == [
        [[1, 2], [2, 1], [5, 6], [3, 3]],
        [[5, 6], [6, 5], [7, 8], [11, 11]],
    ]


def test_swap_by_hand():
    a, b = Variable([1.0]), Variable([2.0])
    step = Step(lambda x: swap(a, b, x), "swap")
    for expected in [(2, 1), (1, 2), (2, 1)]:
        step(np.zeros(1))
        assert (a.numpy()[0], b.numpy()[0]) == expected


def test_dead_and_equal_calls_are_left_out():
    plan = plan_of(lambda x: (ops.tanh(x), ops.exp(x) + ops.exp(x))[1], np.ones((2, 2), "float32"))
    assert plan.names == ["exp", "add"]


def test_views_are_not_run():
    plan = plan_of(lambda x: ops.transpose(ops.reshape(ops.exp(x), (4, 1))) + 1, np.ones((2, 2), "float32"))
    assert plan.names == ["exp", "add"]


def test_elementwise_results_overwrite_what_dies():
    plan = plan_of(lambda x: ops.tanh(ops.exp(x) + 1) * 2, np.ones((2, 2), "float32"))
    outs = {call.args[-1].ctypes.data for call in plan.calls}
    assert outs == {plan.outputs[0].ctypes.data}


def test_an_update_is_computed_into_its_variable():
    v = Variable(np.ones(4, "float32"))
    plan = plan_of(lambda x: v.assign_sub(x * 0.1), np.ones(4, "float32"))
    assert plan.names == ["multiply", "subtract"]
    assert plan.calls[1].args[-1] is v.buffer


def test_data_is_not_overwritten():
    plan = plan_of(lambda x: ops.exp(x) * 2, np.ones(4, "float32"))
    plan.inputs[0][...] = 0
    plan.run()
    plan.run()
    assert plan.inputs[0].tolist() == [0, 0, 0, 0] and plan.outputs[0].tolist() == [2, 2, 2, 2]


def test_random_draws_are_not_merged():
    rng = np.random.default_rng(0)
    draw = Primitive("draw", lambda x: x + rng.random(), shape=lambda x: (x.shape, x.dtype), effect=True)
    plan = plan_of(lambda x: apply(draw, x) - apply(draw, x), np.zeros(1))
    plan.run()
    assert plan.names == ["draw", "draw", "subtract"] and plan.outputs[0] != 0


def test_timed_runs_take_medians_and_put_variables_back():
    v = Variable(np.zeros(3, "float32"))
    step = Step(lambda x: v.assign(v + ops.exp(x)).read(), "a step")
    step(np.ones(3, "float32"))
    before = v.numpy()
    (plan,) = step.plans().values()
    ticks = iter(np.cumsum(np.arange(10_000)).tolist())  # each reading of the clock takes longer
    seconds, whole = plan.timed(5, clock=lambda: next(ticks))
    np.testing.assert_array_equal(v.numpy(), before)
    assert len(seconds) == len(plan.instructions) == len(plan.names)
    assert whole > 0 and all(second >= 0 for second in seconds)
