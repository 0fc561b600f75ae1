"""The tape: what it records, what it gives, and what leaves it. The expected gradients are worked by hand."""

import gc
import weakref

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, Variable, layers, ops
from minikeras.compiler.step import Step
from minikeras.engine import tree
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace, current_trace
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    NotSupportedError,
    ShapeError,
    StateError,
    TraceError,
    UnknownNameError,
)
from tests.helpers import plans_of, run_step_test
from tests.ops.cases import NOT_DIFFERENTIABLE, each_case

X = np.float32([1.0, 2.0])


@pytest.fixture
def v():
    return Variable([3.0, 4.0])


def same(value, expected):
    assert type(value) is np.ndarray and value.dtype == np.float32
    np.testing.assert_allclose(value, np.float32(expected), rtol=1e-6)


def test_a_variable(v):
    with GradientTape() as tape:
        loss = ops.sum(v * v)
    same(tape.gradient(loss, v), [6, 8])


def test_the_values_are_used_like_arrays(v):
    with GradientTape() as tape:
        y = v * v
        loss = ops.sum(y)
        assert float(loss) == 25 and loss > 24 and (y.numpy() == [9, 16]).all()
    for look in range(2):
        assert float(loss) == 25 and loss.item() == 25 and int(loss) == 25 and bool(loss) and f"{loss:.2f}" == "25.00"
        assert "%.1f" % loss == "25.0" and np.asarray(loss) == 25 and loss.numpy() == 25
        assert y.shape == (2,) and y.dtype == np.float32 and y.tolist() == [9, 16] and list(map(float, y)) == [9, 16]
        assert type(y + 1) is np.ndarray and (y + 1).tolist() == [10, 17] and np.add(X, y).tolist() == [10, 18]
        assert type(ops.exp(y)) is np.ndarray and np.concatenate([y, X]).tolist() == [9, 16, 1, 2]
        assert (
            np.median(y) == 12.5
            and np.add(y, 1, out=np.zeros(2)).tolist() == [10, 17]
            and y.mean(dtype="float64") == 12.5
        )
        assert np.add.reduceat(y, [0, 1]).tolist() == [9, 16] and np.histogram([y, X])[0].sum() == 4
        assert y[0] == 9 and repr(y) == "<Tensor shape=(2,), dtype=float32, value=[ 9. 16.]>"
        if look == 0:
            tape.gradient(loss, v)  # which lets go of the tape
    assert current_trace() is None


def test_an_array_by_identity():
    x = X.copy()
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.sum(ops.square(x)) + ops.sum(ops.convert_to_tensor(x))
    same(tape.gradient(y, x), [3, 5])
    assert type(ops.square(x)) is np.ndarray, "nothing of it is left"


def test_an_array_meets_traced_values(v):
    x = X.copy()
    with GradientTape() as tape:
        tape.watch(x)
        y = x * v + np.multiply(x, v) + v @ x
    same(tape.gradient(y, x), [2 * 3 + 2 * 3, 2 * 4 + 2 * 4])


def test_an_array_through_the_value_that_watch_returns():
    original = X.copy()
    with GradientTape() as tape:
        x = tape.watch(original)
        y = x**2 + np.sin(x) * 0 + x[1:] * x.sum()
    # y_0 = x_0^2 + x_1 (x_0 + x_1), y_1 = x_1^2 + x_1 (x_0 + x_1)
    expected = [2 * 1 + 2 + 2, 3 + 2 + 2 * 2 + 3 + 2]
    same(tape.gradient(y, x), expected)
    assert isinstance(x, Tensor) and x.tolist() == [1, 2]


def test_nested_values_are_watched(v):
    x = X.copy()
    with GradientTape(watch_accessed_variables=False) as tape:
        watched = tape.watch({"x": x, "more": [v]})
        y = ops.sum(watched["x"] * watched["more"][0])
    found = tape.gradient(y, {"x": x, "more": (v, [watched["x"]])})
    same(found["x"], [3, 4])
    same(found["more"][0], [1, 2])
    same(found["more"][1][0], [3, 4])


def test_an_array_that_changes():
    x = X.copy()
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.square(x)
        x += 10
        z = ops.square(x)
    x[:] = 0
    assert (y.tolist(), z.tolist()) == ([1, 4], [121, 144])
    same(tape.gradient([y, z], x), [2 + 22, 4 + 24])


@pytest.mark.parametrize("given", [1.0, np.float32(1), [1.0, X], "x", (1, 2)])
def test_what_cannot_be_watched(given):
    with GradientTape() as tape, pytest.raises(ArgumentTypeError, match="`watch` expects arrays"):
        tape.watch(given)


def test_whole_numbers_are_not_watched():
    x = np.int32([1, 2])
    with GradientTape() as tape:
        with pytest.warns(UserWarning, match="a tensor of dtype int32 is not watched"):
            assert tape.watch(x) is x
        y = tape.watch(X) * ops.cast(x, "float32")
    assert tape.gradient(y, x) is None


def test_only_trainable_variables_are_watched_by_themselves(v):
    frozen = Variable([1.0, 1.0], trainable=False)
    with GradientTape(persistent=True) as tape:
        y = v * frozen
    same(tape.gradient(y, v), [1, 1])
    assert tape.gradient(y, frozen) is None and tape.watched_variables() == (v,)
    with GradientTape() as tape:
        tape.watch(frozen)
        y = v * frozen
    assert tape.watched_variables() == (frozen, v)
    first, second = tape.gradient(y, [v, frozen])
    same(first, [1, 1])
    same(second, [3, 4])
    with GradientTape(watch_accessed_variables=False) as tape:
        y = v * frozen
    assert tape.watched_variables() == ()
    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(v)
        y = v * frozen
    same(tape.gradient(y, [v, frozen])[0], [1, 1])


def test_values_between():
    with GradientTape(persistent=True) as tape:
        x = tape.watch(X)
        y = x * x
        z = y * y
    same(tape.gradient(z, y), [2, 8])
    same(tape.gradient(z, [x, y, z])[0], [4, 32])
    same(tape.gradient(x, x), [1, 1])
    same(tape.gradient(X, X), [1, 1])


def test_several_targets(v):
    with GradientTape(persistent=True) as tape:
        y, z = v * v, v * 3
    same(tape.gradient([y, z], v), [9, 11])
    same(tape.gradient({"b": [y], "a": z}, v), [9, 11])
    same(tape.gradient([y, y], v), [12, 16])
    same(tape.gradient(v, v), [1, 1])
    weights = np.float32([1, 10])
    same(tape.gradient(y, v, output_gradients=weights), [6, 80])
    same(tape.gradient(y, v, output_gradients=[1.0, 10.0]), [6, 80])
    same(tape.gradient([y, z], v, output_gradients=[weights, weights]), [9, 110])
    same(tape.gradient({"y": y, "z": z}, v, output_gradients={"z": weights, "y": weights * 2}), [15, 190])
    for wrong in (1.0, [weights], np.ones((1, 2), "float32")):
        with pytest.raises(ShapeError, match="a gradient of the shape of each target"):
            tape.gradient(y, v, output_gradients=wrong)


def test_sources_on_which_nothing_depends(v):
    other, unwatched = Variable([[5.0]]), np.float64([1, 2, 3])
    with GradientTape(persistent=True) as tape:
        y = v * v
    assert tape.gradient(y, other) is None
    assert tape.gradient(y, [v, other, unwatched], unconnected_gradients="none")[1:] == [None, None]
    found = tape.gradient(y, (v, other, unwatched), unconnected_gradients="zero")
    same(found[0], [6, 8])
    same(found[1], [[0]])
    assert found[2].tolist() == [0, 0, 0] and found[2].dtype == np.float64
    with pytest.raises(UnknownNameError, match="'zeros'. Did you mean 'zero'"):
        tape.gradient(y, v, unconnected_gradients="zeros")
    with pytest.raises(ArgumentTypeError, match="`sources` must be variables"):
        tape.gradient(y, [v, 1.0])


def test_a_watched_array_that_no_op_saw(v):
    x = X.copy()
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.sum((x * x) * v)
    with pytest.warns(UserWarning, match=r"Nothing that the tape recorded used a watched array.*x = tape.watch\(x\)"):
        assert tape.gradient(y, [x, v])[0] is None


def test_views_of_a_watched_array(v):
    x = X.copy()
    with GradientTape() as tape:
        tape.watch(x)
        for view in (x[:1], x[None], x.reshape(2, 1), x.T):
            with pytest.raises(TraceError, match=r"of shape \(.*\), was made by numpy.*Write `x = tape.watch\(x\)`"):
                ops.sum(view)
            with pytest.raises(TraceError, match="made by numpy"):
                view * v[0]
        y = ops.sum(x.copy()) + ops.sum(x * v)  # a copy is a constant
    same(tape.gradient(y, x), [3, 4])
    assert ops.sum(x[:1]) == 1


def test_targets_that_are_not_on_the_tape(v):
    with GradientTape(persistent=True) as tape:
        tape.watch(X)
        plain = X * X
        inside = v * v
    after = v * v + 1
    with GradientTape() as other:
        foreign = v * v
    for target in (plain, after, 3.0, Variable(1.0), foreign, [inside, plain]):
        with pytest.raises(TraceError, match="The target was not recorded on the tape"):
            tape.gradient(target, v)
    with pytest.raises(TraceError, match="The target was not recorded"):
        other.gradient(inside, v)
    with GradientTape() as tape:
        y = ops.cast(v, "int32")
    with pytest.raises(ArgumentTypeError, match="a target of dtype int32"):
        tape.gradient(y, v)


def test_what_was_computed_before_does_not_count(v):
    with GradientTape() as outer:
        before = v * v
        with GradientTape() as inner:
            y = before * v
        same_as = inner.gradient(y, [v, before])
    assert same_as[0].tolist() == [9, 16] and same_as[1] is None
    same(outer.gradient(y, v), [27, 48])


def test_a_tape_is_used_once_unless_it_is_persistent(v):
    with GradientTape() as tape:
        y = v * v
    tape.gradient(y, v)
    with pytest.raises(TraceError, match="computes one set of gradients.*`persistent=True`"):
        tape.gradient(y, v)
    with tape:
        y = v * v * v
    same(tape.gradient(y, v), [27, 48])
    with GradientTape(persistent=True) as tape:
        y = v * v
    for _ in range(2):
        same(tape.gradient(y, v), [6, 8])
        same(tape.jacobian(y, v), [[6, 0], [0, 8]])
    with pytest.raises(TraceError, match="has recorded nothing yet"):
        GradientTape().gradient(y, v)


def test_nothing_is_used_up_by_an_error(v):
    with GradientTape() as tape:
        y = v * v
    with pytest.raises(ArgumentError):
        tape.gradient(y, v, unconnected_gradients="nothing")
    with pytest.raises(TraceError):
        tape.gradient(5.0, v)
    same(tape.gradient(y, v), [6, 8])


def test_inside_of_the_block(v):
    with GradientTape() as tape:
        y = v * v
        same(tape.gradient(y, v), [6, 8])
        after = v * 3
    assert type(after) is np.ndarray
    with GradientTape(persistent=True) as tape:
        y = ops.sum(v * v * v)
        slope = tape.gradient(y, v)
        assert isinstance(slope, Tensor)
    same(tape.gradient(slope, v), [18, 24])


def test_gradients_of_gradients():
    with GradientTape() as outer:
        outer.watch(X)
        with GradientTape() as inner:
            inner.watch(X)
            y = ops.power(X, 3)
        slope = inner.gradient(y, X)
        assert isinstance(slope, Tensor) and slope.tolist() == [3, 12]
    same(outer.gradient(slope, X), [6, 12])


def test_a_constant_gradient_depends_on_nothing(v):
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = v * 3
        slope = inner.gradient(y, v)
    assert outer.gradient(slope, v) is None and slope.tolist() == [3, 3]


def test_third_order():
    with GradientTape() as first:
        x = first.watch(np.float64([2.0]))
        with GradientTape() as second:
            second.watch(x)
            with GradientTape() as third:
                third.watch(x)
                y = x**4
            y = third.gradient(y, x)
        y = second.gradient(y, x)
    assert first.gradient(y, x).tolist() == [48.0]


def test_two_tapes_side_by_side(v):
    w = Variable([1.0, 1.0])
    with GradientTape() as first, GradientTape() as second:
        y, z = v * w, v * v
    same(first.gradient(y, v), [1, 1])
    same(second.gradient(z, v), [6, 8])
    with GradientTape() as first, GradientTape() as second:
        y, z = v * w, v * v
    same(second.gradient(z, v), [6, 8])
    same(first.gradient(y, [v, w])[1], [3, 4])


def test_recording_stops_for_a_while(v):
    with GradientTape() as tape:
        y = v * 2
        with tape.stop_recording():
            z = v * v
            with pytest.raises(StateError, match="`watch` needs a recording tape"):
                tape.watch(X)
        w = y + z
    same(tape.gradient(w, v), [2, 2])
    with GradientTape() as outer, GradientTape() as inner, inner.stop_recording():
        y = v * v
    same(outer.gradient(y, v), [6, 8])


def test_reset(v):
    with GradientTape() as tape:
        y = v * 2
        x = tape.watch(X)
        tape.reset()
        assert tape.watched_variables() == ()
        w = y + v * v + x
    first, second = tape.gradient(w, [v, x])
    same(first, [6, 8])
    assert second is None


def test_entered_again(v):
    tape = GradientTape()
    with tape:
        y = v * 2
        with pytest.raises(StateError, match="already recording"), tape:
            pass
    between = v * 100 + y
    with tape:
        z = y * 3 + between
    same(tape.gradient(z, v), [6, 6])
    with GradientTape() as tape:
        pass
    with GradientTape(), pytest.raises(TraceError, match="entered again"), tape:
        pass


@pytest.mark.parametrize("method", ["reset", "stop_recording"])
def test_outside_of_the_block(method):
    tape = GradientTape()
    with pytest.raises(StateError, match=f"`{method}` needs a recording tape"), getattr(tape, method)():
        pass


def test_assignments(v):
    with GradientTape() as tape:
        y = v * 2
        v.assign_add([1.0, 1.0])
        z = y + v * v
    v.assign([0.0, 0.0])
    same(tape.gradient(z, v), [2 + 2 * 4, 2 + 2 * 5])


def test_values_stay_when_their_variable_changes(v):
    with GradientTape(persistent=True) as tape:
        read, turned, y = v.value, v[::-1], v * v
    v.assign([100.0, 200.0])
    assert (read.tolist(), turned.tolist(), y.tolist()) == ([3, 4], [4, 3], [9, 16])
    same(tape.gradient(y, v), [6, 8])
    assigns = Step(lambda x: v.assign(x), "assigns")
    for factor in (1, 2):
        with GradientTape() as tape:
            y = v * v
            assigns(X * factor)
            z = v * 1
        assert (y.tolist(), z.tolist()) == (([10000, 40000], [1, 2]) if factor == 1 else ([1, 4], [2, 4]))


def test_a_replayed_step_inside_of_the_block(v):
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    kernel = model.layers[0].kernel
    for _ in range(3):
        before = kernel.numpy()
        with GradientTape() as tape:
            y = ops.sum(kernel * kernel)
            model.train_on_batch(X[None], [[0.0]])
            z = ops.sum(kernel)
        assert float(z) == pytest.approx(kernel.numpy().sum()) and float(y) == pytest.approx((before**2).sum())
        same(tape.gradient([y, z], kernel), 2 * before + 1)


def test_values_of_one_tape_in_another(v):
    with GradientTape() as tape:
        first = v * v
    tape.gradient(first, v)
    with GradientTape() as tape:
        tape.watch(first)
        y = first * first + v
    found = tape.gradient(y, [first, v])
    same(found[0], [18, 32])
    same(found[1], [1, 1])
    total = Step(lambda x: x + first, "adds")  # as any array that the function knows of
    assert total(X).tolist() == [10, 18] and total(X).tolist() == [10, 18]


def test_values_of_a_step_in_a_tape(v):
    kept = []
    Step(lambda x: kept.append(x * v) or x, "keeps")(X)
    with GradientTape() as tape:
        y = kept[0] * v
    same(tape.gradient(y, v), [3, 8])
    with pytest.raises(TraceError, match="computed in an earlier step"):
        Step(lambda x: x + kept[0], "uses")(X)


def test_in_a_step_that_is_replayed(v):
    def step(x):
        with GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = ops.sum(x * v * v)
            slope = tape.gradient(y, x)
        found = tape.gradient(y, [x, v])
        more = tape.gradient(slope, v)
        v.assign_sub(0.1 * found[1])
        return {"found": found, "more": more, "y": y}

    results = run_step_test(step, X, X * 2, X * 3, variables=[v])
    np.testing.assert_allclose(results[0]["found"][0], [9, 16])
    np.testing.assert_allclose(results[0]["more"], [6, 8])
    # then v is [3 - 0.1 * 2 * 3, 4 - 0.1 * 2 * 2 * 4]
    np.testing.assert_allclose(results[1]["found"][0], np.square([2.4, 2.4]), rtol=1e-6)


def test_a_constant_is_watched_in_a_step(v):
    table = np.float32([5.0, 6.0])

    def step(x):
        with GradientTape() as tape:
            tape.watch(table)
            y = ops.sum(ops.multiply(table, table) * x * v)
        return tape.gradient(y, table)

    results = run_step_test(step, X, X * 2)
    np.testing.assert_allclose(results[1], [2 * 5 * 2 * 3, 2 * 6 * 4 * 4])


def test_a_tape_outlives_its_step(v):
    kept = []

    def step(x):
        with GradientTape(persistent=True) as tape:
            kept.append((tape, v * x))
        return x

    Step(step, "keeps")(X)
    with pytest.raises(TraceError, match="The step that the tape recorded is over"):
        kept[0][0].gradient(kept[0][1], v)


def test_jacobians(v):
    with GradientTape(persistent=True) as tape:
        x = tape.watch(np.float32([[1, 2, 3], [4, 5, 6]]))
        y = ops.matmul(v, x) * 2
        total = ops.sum(x * x)
        own = x[:, :2] * v
        none = v[:0]
    with pytest.raises(ArgumentError, match="one target with elements"):
        tape.jacobian(none, v)
    assert y.shape == (3,)
    found = tape.jacobian(y, {"v": v, "x": x})
    same(found["v"], 2 * x.numpy().T)
    same(found["x"], 2 * np.einsum("ij,k->jki", np.eye(3), [3, 4]))
    same(tape.jacobian(total, x), 2 * x.numpy())
    assert tape.jacobian(total, v) is None
    same(tape.jacobian(y, Variable([[1.0]]), unconnected_gradients="zero"), np.zeros((3, 1, 1)))
    expected = np.zeros((2, 2, 3))
    expected[:, [0, 1], [0, 1]] = [3, 4]
    same(tape.batch_jacobian(own, x), expected)
    assert tape.batch_jacobian(own, Variable(np.ones((2, 1), "float32"))) is None
    for target, source in ((y, x), (own, v), (own, np.ones((3, 2), "float32"))):
        with pytest.raises(ShapeError, match="`batch_jacobian` expects a target and a source of at least two axes"):
            tape.batch_jacobian(target, source)
    with pytest.raises(NotSupportedError, match="`jacobian` supports the defaults only"):
        tape.jacobian(y, v, parallel_iterations=4)
    with pytest.raises(NotSupportedError, match="experimental_use_pfor=False"):
        tape.batch_jacobian(own, x, experimental_use_pfor=False)
    with pytest.raises(ArgumentError, match="`jacobian` expects one target"):
        tape.jacobian([y, y], v)


def test_a_jacobian_in_a_step(v):
    def step(x):
        with GradientTape() as tape:
            y = ops.tanh(x * v / 10)
        return tape.jacobian(y, v)

    (first, _) = run_step_test(step, X, X + 1)
    expected = np.diag(X / 10 * (1 - np.tanh([0.3, 0.8]) ** 2))
    np.testing.assert_allclose(first, expected, rtol=1e-6)


def test_results_are_the_users_own(v):
    w = Variable([1.0, 1.0])
    with GradientTape() as tape:
        y = v + w
    first, second = tape.gradient(y, [v, w])
    first[:] = 7
    assert second.tolist() == [1, 1]
    v.assign([0.0, 0.0])
    assert second.tolist() == [1, 1]


def test_values_are_let_go_of(v):
    def tensors():
        return sum(type(each) is Tensor for each in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = tensors()
        for _ in range(3):
            with GradientTape() as tape:
                y = ops.exp(v * v)
            tape.gradient(y, v)
            with GradientTape() as tape:  # nobody asks it for gradients
                ops.exp(v * v)
            with GradientTape(persistent=True), GradientTape() as inner:
                z = v * v
                inner.gradient(z, v)
            tape = inner = y = z = None
        assert tensors() == before, "values wait for the garbage collector"
    finally:
        gc.enable()
    with GradientTape(persistent=True) as tape:
        y = v * v
    trace = weakref.ref(tape._trace)
    assert len(trace().entries) == 1
    del tape
    assert trace().entries == [] and y.tolist() == [9, 16]


def test_an_error_inside_of_the_block(v):
    with pytest.raises(KeyError), GradientTape() as tape:
        y = v * v
        raise KeyError
    assert current_trace() is None
    same(tape.gradient(y, v), [6, 8])


def test_nothing_is_traced_in_a_trace_of_another_kind():
    with Trace(), pytest.raises(TraceError, match="inside another"), Trace(eager=True):
        pass


CASES_WITH_GRADIENT = [
    pytest.param(function, values, id=name)
    for name, op, function, values in each_case()
    if any(value.dtype == "float32" for value in values) and op not in NOT_DIFFERENTIABLE and name != "cast-1"  # to int
]


@pytest.mark.parametrize(("function", "values"), CASES_WITH_GRADIENT)
def test_gradients_after_the_block_are_those_inside(function, values):
    """After the block, the rules compute with arrays; inside of it, and in steps, with traced values."""
    arrays = [value.make(np.random.default_rng(0)) for value in values]
    floats = [array for array in arrays if array.dtype == "float32"]
    with GradientTape(persistent=True) as tape:
        outputs = function(ops, *[tape.watch(array) if array.dtype == "float32" else array for array in arrays])
        outputs = [each for each in tree.flatten(outputs) if isinstance(each, Tensor) and each.dtype.kind == "f"]
        inside = tape.gradient(outputs, floats)
    after = tape.gradient(outputs, floats)
    for first, second in zip(inside, after, strict=True):
        assert type(second) is np.ndarray and second.dtype == first.dtype and second.tobytes() == first.array.tobytes()


def test_in_the_call_of_a_layer():
    """A layer that returns a derivative of a network, and is built on a symbolic input first."""

    class Slope(layers.Layer):
        def __init__(self):
            super().__init__()
            self.hidden, self.dense = layers.Dense(8, "tanh"), layers.Dense(1, use_bias=False)

        def call(self, inputs):
            with GradientTape() as tape:
                tape.watch(inputs)
                y = self.dense(self.hidden(inputs))
            return tape.gradient(y, inputs)

    minikeras.utils.set_random_seed(0)
    model = minikeras.Sequential([layers.Input((1,)), Slope()])
    assert model.output_shape == (None, 1)
    model.compile(minikeras.optimizers.SGD(0.1), "mse")
    x = np.linspace(-1, 1, 32, dtype="float32")[:, None]
    history = model.fit(x, 2 * x, batch_size=32, epochs=200, verbose=0).history["loss"]
    assert history[-1] < 0.1 * history[0] and len(plans_of(model)) == 1


def test_training_by_hand():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, 3)).astype("float32")
    y = x @ np.float32([[1], [-2], [3]])
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1)])
    optimizer, loss_fn = minikeras.optimizers.SGD(0.1), minikeras.losses.MeanSquaredError()
    metric = minikeras.metrics.MeanSquaredError()
    for _ in range(100):
        with GradientTape() as tape:
            predicted = model(x, training=True)
            loss = loss_fn(y, predicted)
        optimizer.apply_gradients(
            zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights, strict=True)
        )
        metric.reset_state()
        metric.update_state(y, predicted)
    assert float(metric.result()) == pytest.approx(float(loss)) and float(loss) < 1e-3
    np.testing.assert_allclose(model.get_weights()[0], [[1], [-2], [3]], atol=0.05)


def test_dropout_and_layers_built_on_the_way():
    minikeras.utils.set_random_seed(1)
    dense, dropout = layers.Dense(3), layers.Dropout(0.5)
    x = np.ones((4, 2), "float32")
    with GradientTape() as tape:
        y = dropout(dense(x), training=True)
    kernel = tape.gradient(y, dense.kernel)
    kept = (y.numpy() != 0).sum(axis=0)
    same(kernel, np.tile(2.0 * kept, (2, 1)))
    assert 0 < kept.sum() < 12
