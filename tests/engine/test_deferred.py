"""Deferred traces: a step is recorded without being computed, and computed when that is noticed."""

import threading

import numpy as np
import pytest

from minikeras import GradientTape, Variable, layers, models, ops, random, utils
from minikeras.compiler.step import Step
from minikeras.engine.deferred import DeferredTrace
from minikeras.engine.dispatch import apply
from minikeras.engine.gradients import gradients
from minikeras.engine.primitive import Primitive
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import current_trace, paused_tracing
from minikeras.errors import ReplayWarning

DATA = np.float32([1.0, 2.0])


def counted(kernel=np.negative):
    """Returns a primitive and the list of its calls."""
    calls = []

    def run(x):
        calls.append(x.copy())
        return kernel(x)

    return Primitive("counted", run, shape=lambda x: (x.shape, x.dtype)), calls


def test_the_first_step_is_computed_once_by_its_plan():
    primitive, calls = counted()
    step = Step(lambda x: apply(primitive, apply(primitive, x) + 1), "step")
    assert step(DATA).tolist() == [0, 1] and len(calls) == 2
    assert step(DATA).tolist() == [0, 1] and len(calls) == 4


def test_what_no_result_depends_on_is_never_computed():
    primitive, calls = counted()
    step = Step(lambda x: (apply(primitive, x), x + 1)[1], "step")
    assert step(DATA).tolist() == [2, 3] and not calls


def test_shapes_and_dtypes_are_known_while_nothing_is_computed():
    with DeferredTrace() as trace:
        x = Tensor(DATA, trace)
        y = ops.cast(ops.expand_dims(x, 0) * 2, "int32")
        assert trace.is_deferring and y.is_deferred
        assert (y.shape, y.ndim, y.size, y.nbytes, y.dtype) == ((1, 2), 2, 2, 8, np.int32)
        assert trace.is_deferring
        assert y.array.tolist() == [[2, 4]] and not trace.is_deferring
        assert not (y + 1).is_deferred


def test_a_shape_that_depends_on_values_ends_deferring():
    step = Step(lambda x: ops.sum(ops.nonzero(x * 2)[0]), "step")
    with pytest.warns(ReplayWarning):
        assert step(DATA) == 1


def test_assignments_are_deferred_and_in_order():
    v = Variable([1.0, 1.0])
    seen = []

    def function(x):
        before = v.value
        v.assign_add(x)
        seen.append(v.buffer.tolist())
        between = v.value * 1
        v.assign(v * between)
        return before, between, v.value

    step = Step(function, "step")
    results = [[np.array(each).tolist() for each in step(DATA)] for _ in range(2)]
    assert seen == [[1, 1]]
    assert results == [[[1, 1], [2, 3], [4, 9]], [[4, 9], [5, 11], [25, 121]]]


@pytest.mark.parametrize("look", [lambda v: v.numpy(), lambda v: v + 0, repr, lambda v: np.asarray(v)])
def test_python_reads_a_variable_while_tracing_is_paused(look):
    v = Variable([1.0, 1.0])
    seen = []

    def function(x):
        v.assign(v + x)
        with paused_tracing():
            seen.append(look(v))
        return v * 2

    assert Step(function, "step")(DATA).tolist() == [4, 6]
    assert "[2. 3.]" in str(seen[0])


def test_python_writes_to_a_variable_that_was_read():
    v = Variable([1.0, 1.0])

    def function(x):
        y = x * v
        with paused_tracing():
            v.assign([5.0, 5.0])
        return y

    assert Step(function, "step")(DATA).tolist() == [1, 2] and v.numpy().tolist() == [5, 5]


def test_another_thread_sees_no_assignment_that_is_not_made():
    v = Variable([1.0, 1.0])
    seen = []

    def function(x):
        v.assign(v + x)
        thread = threading.Thread(target=lambda: seen.append(v.numpy().tolist()))
        thread.start()
        thread.join()
        return v.value

    assert Step(function, "step")(DATA).tolist() == [2, 3]
    assert seen == [[1, 1]]


def test_values_that_were_kept_are_computed():
    kept, v = [], Variable([3.0, 4.0])

    def function(x):
        kept.extend([x * 2, v.value, ops.reshape(x + 1, (2, 1))])
        v.assign(x)
        return x * 3

    assert Step(function, "step")(DATA).tolist() == [3, 6]
    assert [np.asarray(each).tolist() for each in kept] == [[2, 4], [3, 4], [[2], [3]]]
    assert v.numpy().tolist() == [1, 2]


def test_values_that_were_kept_from_a_trace_without_effect():
    kept, v = [], Variable([3.0, 4.0])
    step = Step(lambda x: (kept.append(v + x), v.assign(x))[1], "step")
    step.traced_plan([DATA], DATA, "key")
    assert kept[0].array.tolist() == [4, 6] and v.numpy().tolist() == [3, 4]


@pytest.mark.parametrize("replay", [True, False])
def test_constants_that_python_changes_within_the_step(replay):
    """Each use of an array sees what it was at that moment, also in gradients and in replays."""
    one_hot = np.zeros(2, "float32")

    def function(x):
        terms = []
        for index in range(2):
            one_hot[:] = 0
            one_hot[index] = index + 5
            terms.append(x * one_hot)
        y = ops.sum(terms[0] + 10 * terms[1])
        one_hot[:] = np.nan
        return y, *gradients(y, [x])

    step = Step(function, "step", replay=replay)
    for _ in range(3):
        y, gradient = step(DATA)
        assert y == 5 + 10 * 2 * 6 and gradient.tolist() == [5, 60]


def test_constants_that_are_not_numbers_do_not_end_deferring():
    with DeferredTrace() as trace:
        gap = np.float32([np.nan, 1])
        y = Tensor(DATA, trace) * gap + gap
        assert len({id(value) for entry in trace.entries for value in entry.inputs if value is not y}) == 3
    assert trace.is_deferring


def test_a_first_run_that_fails_changes_nothing_and_names_the_cause():
    def refuse(x):
        if x[0] < 0:
            raise ValueError("negative")
        return x

    primitive, calls = counted(refuse)
    v, counter = Variable([1.0, 1.0]), Variable(0)

    def function(x):
        counter.assign_add(1)
        v.assign(v + 1)
        return apply(primitive, x - 1) + v

    step = Step(function, "step")
    with pytest.raises(ValueError, match="negative"):
        step(-DATA)
    assert v.numpy().tolist() == [1, 1] and counter.numpy() == 0 and current_trace() is None
    assert step(DATA).tolist() == [2, 3] and counter.numpy() == 1
    assert len(step.plans()) == 1


def test_the_global_seed_is_renewed_although_the_first_run_fails():
    def refuse(x):
        if x[0] < 0:
            raise ValueError("negative")
        return x

    primitive, _ = counted(refuse)
    step = Step(lambda x: apply(primitive, x) * random.uniform((2,)), "step")
    utils.set_random_seed(3)
    expected = np.array(step(DATA))
    for first in (DATA, -DATA):
        step = Step(lambda x: apply(primitive, x) * random.uniform((2,)), "step")
        utils.set_random_seed(3)
        if first[0] < 0:
            with pytest.raises(ValueError):
                step(first)
        assert step(DATA).tolist() == expected.tolist()


def test_a_loop_runs_on_computed_values():
    step = Step(lambda x: ops.fori_loop(0, 3, lambda i, y: y * 2, x + 1), "step")
    assert [step(DATA * each).tolist() for each in (1, 2)] == [[16, 24], [24, 40]]


def test_a_tape_in_a_step():
    v = Variable([3.0, 4.0])

    def function(x):
        with GradientTape() as tape:
            y = ops.sum(x * v * v)
        (gradient,) = tape.gradient(y, [v])
        v.assign_sub(gradient)
        return gradient

    step = Step(function, "step")
    assert step(DATA).tolist() == [6, 16] and step(DATA).tolist() == [-6, -48]


def test_training_computes_the_same_as_eager_steps():
    images, labels = np.random.default_rng(0).random((40, 8, 8, 2), "float32"), np.arange(40) % 3
    weights = []
    for run_eagerly in (False, True):
        utils.set_random_seed(1)
        model = models.Sequential(
            [
                layers.Conv2D(4, 3),
                layers.BatchNormalization(),
                layers.ReLU(),
                layers.MaxPooling2D(),
                layers.Dropout(0.3),
                layers.Flatten(),
                layers.Dense(3, activation="softmax"),
            ]
        )
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=run_eagerly)
        model.fit(images, labels, batch_size=16, epochs=2, verbose=0)
        weights.append(model.get_weights())
    for ours, theirs in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=2e-5)


def summed(x, c=0.0):
    """Returns the final carry and all sums of a loop over doubled values."""
    return ops.scan(lambda total, each: (total + each, total + each), np.float32(c), x * 2)


def test_a_loop_is_recorded_by_shapes_alone():
    primitive, calls = counted()
    step = Step(lambda x: ops.scan(lambda c, each: (c, apply(primitive, each) + c), x[0], x * 2)[1], "step")
    assert step(DATA).tolist() == [-1, -3] and len(calls) == 2  # by the plan, once in each iteration
    with DeferredTrace() as trace:
        total, sums = summed(Tensor(DATA, trace))
        assert trace.is_deferring and (total.shape, sums.shape, sums.dtype) == ((), (2,), np.float32)


def test_a_deferred_loop_is_run_when_a_value_is_needed():
    with DeferredTrace() as trace:
        total, sums = summed(Tensor(DATA, trace), 1.0)
        other = total * 2
        assert trace.is_deferring and float(other.array) == 14 and not trace.is_deferring
        assert float(total.array) == 7 and sums.array.tolist() == [3, 7]
    kept = []
    step = Step(lambda x: kept.append(summed(x)[1]) or ops.sum(x), "step")
    assert step(DATA) == 3 and kept[0].array.tolist() == [2, 6]


def test_the_start_of_a_deferred_loop_is_what_it_was_when_it_was_recorded():
    start = np.zeros((), np.float32)

    def function(x):
        total, _ = ops.scan(lambda c, each: (c + each, None), start, x * 2)
        start[...] = 100
        return total

    assert Step(function, "step")(DATA) == 6


@pytest.mark.parametrize("inner", ["cond", "scan", "while_loop"])
def test_a_loop_with_others_inside_is_recorded_on_values(inner):
    def body(c, each):
        if inner == "cond":
            return c + ops.cond(each > 2, lambda: each, lambda: -each), None
        if inner == "scan":
            return c + ops.scan(lambda d, y: (d + y, None), each, ops.stack([each, each]))[0], None
        return c + ops.while_loop(lambda d: d < 3, lambda d: d + each, (each,))[0], None

    step = Step(lambda x: ops.scan(body, np.float32(0), x * 2)[0], "step")
    expected = {"cond": -2 + 4, "scan": 6 + 12, "while_loop": 4 + 4}[inner]
    assert step(DATA) == step(DATA) == expected
