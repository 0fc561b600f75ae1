"""Steps: when they replay, when they may not, and what they leave behind."""

import gc
import threading
import warnings
import weakref

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler import step as step_module
from minikeras.compiler.step import Step, signature
from minikeras.engine.gradients import gradients
from minikeras.engine.trace import current_trace, paused_tracing
from minikeras.engine.variable import Variable
from minikeras.errors import ReplayWarning, TraceError
from tests.helpers import run_step_test


def ones(*shape):
    return np.ones(shape, "float32")


def line_of(text):
    with open(__file__, encoding="utf-8") as file:
        return next(number for number, line in enumerate(file, 1) if text in line)


def test_python_runs_once_per_signature():
    calls = []
    step = Step(lambda x: (calls.append(1), x * 2)[1], "step")
    for value in (1, 2, 3):
        assert step(ones(2) * value).tolist() == [2 * value] * 2
    assert len(calls) == 1
    step(ones(3))
    step(np.ones(2))
    step({"x": ones(2)}["x"][None])
    assert len(calls) == 4
    step(ones(2))
    assert len(calls) == 4


def test_eager_steps_run_python_every_time():
    calls = []
    step = Step(lambda x: (calls.append(1), x * 2)[1], "step", replay=False)
    assert [float(step(ones(1) * value)[0]) for value in (1, 2)] == [2, 4]
    assert len(calls) == 2


def test_nesting_is_part_of_the_signature():
    step = Step(
        lambda data: (data["x"][0] - data["x"][1], None) if isinstance(data, dict) else data[0] + data[1], "step"
    )
    for _ in range(2):
        difference, nothing = step({"x": (ones(2) * 3, ones(2))})
        assert difference.tolist() == [2, 2] and nothing is None
        assert step([ones(2) * 3, ones(2)]).tolist() == [4, 4]


def test_results_stay_until_the_next_call():
    step = Step(lambda x: [x + 1, ops.exp(x), x], "step")
    step(ones(3))
    results = step(ones(3) * 0)
    np.exp(np.arange(30, dtype="float32"))
    assert [result.tolist() for result in results] == [[1, 1, 1], [1, 1, 1], [0, 0, 0]]
    kept = [result.copy() for result in results]
    step(ones(3) * 5)
    assert [result.tolist() for result in kept] == [[1, 1, 1], [1, 1, 1], [0, 0, 0]]


def test_the_data_is_never_changed():
    x = ones(3)
    step = Step(lambda x: ops.exp(x) * 2 + 1, "step")
    for _ in range(3):
        step(x)
    assert x.tolist() == [1, 1, 1]


def test_two_steps_in_turn():
    v = Variable([0.0])
    train = Step(lambda x: v.assign_add(x).value * 1, "train")
    test = Step(lambda x: v * x, "test")
    received = []
    for value in (1, 2, 3):
        received += [float(train(ones(1) * value)[0]), float(test(ones(1) * 10)[0])]
    assert received == [1, 10, 3, 30, 6, 60]


def test_variables_may_be_assigned_between_calls():
    v = Variable([1.0])
    step = Step(lambda x: v * x, "step")
    assert [float(step(ones(1))[0]), float(step(ones(1))[0])] == [1, 1]
    v.assign([5.0])
    assert float(step(ones(1))[0]) == 5


def test_a_step_inside_of_a_step_becomes_part_of_it():
    v = Variable([2.0])
    inner = Step(lambda x: x * v, "inner")
    inner(ones(1))

    def outer(x):
        y = ops.sum(inner(x) * x)
        return y, gradients(y, [v])[0]

    results = run_step_test(outer, ones(1), ones(1) * 3, variables=[v])
    assert [[float(ops.sum(part)) for part in result] for result in results] == [[2, 1], [18, 9]]


def test_a_variable_as_result_gives_its_value():
    v = Variable([1.0])
    step = Step(lambda x: {"v": v.assign_add(x)}, "step")
    assert [step(ones(1))["v"].tolist(), step(ones(1))["v"].tolist()] == [[2], [3]]


LOOKS = {
    "bool": lambda x: x * 2 if ops.sum(x) > 0 else x * 3,
    "float": lambda x: x * float(ops.sum(x)),
    "int": lambda x: x * int(ops.sum(x)),
    "index": lambda x: x * [1.0, 10.0, 100.0, 1000.0][ops.cast(ops.sum(x), "int32")],
    "asarray": lambda x: x * np.asarray(x).max(),
    "array": lambda x: x * np.array(x, dtype="float32").max(),
    "numpy": lambda x: x * x.numpy().max(),
    "item": lambda x: x * ops.sum(x).item(),
    "tolist": lambda x: x * sum(x.tolist()),
    "convert_to_numpy": lambda x: x * ops.convert_to_numpy(x).max(),
    "slice": lambda x: x[: ops.cast(x[0], "int32")],
    "max of Python": lambda x: max(x[0], x[1]) * x,
    "paused": lambda x: paused(x) + x,
    "variable made from it": lambda x: Variable(x) + x,
}


def paused(x):
    with paused_tracing():
        return ops.exp(x)


@pytest.mark.parametrize("name", LOOKS)
def test_looking_at_a_value_means_running_eagerly(name):
    function = LOOKS[name]
    data = [np.float32([1, 2]), np.float32([2, 1]), np.float32([1, 0])]
    expected = [np.array(Step(function, "eager", replay=False)(x)) for x in data]
    step = Step(function, "my_step")
    with pytest.warns(ReplayWarning, match="`my_step` cannot be replayed") as caught:
        received = [np.array(step(x)) for x in data]
    assert len(caught) == 1
    for ours, theirs in zip(received, expected, strict=True):
        assert ours.tobytes() == theirs.tobytes()


def test_the_warning_names_the_line_and_points_at_the_call():
    def function(x):
        if ops.sum(x) > 0:  # this line is looked for
            return x
        return -x

    with pytest.warns(ReplayWarning) as caught:
        Step(function, "step")(ones(2))
    line = line_of("# this line is " + "looked for")
    assert f"a traced value was used as a condition at {__file__}:{line}." in str(caught[0].message)
    assert caught[0].filename == __file__


def test_looking_at_a_variable_is_noticed():
    v = Variable([1.0], name="rate")
    step = Step(lambda x: v.assign(x * float(v.numpy()[0]) + 1).value, "step")
    with pytest.warns(ReplayWarning, match="called on variable 'rate'"):
        received = [float(step(ones(1))[0]) for _ in range(3)]
    assert received == [2, 3, 4]


def test_looking_in_an_eager_step_is_meant():
    step = Step(lambda x: x * float(ops.sum(x)), "step", replay=False)
    assert step(ones(2)).tolist() == [2, 2]


def test_looking_at_the_shape_does_not_block_replay():
    run_step_test(lambda x: x * x.shape[0] / len(x) + x.ndim - x.size, ones(3), ones(3) * 2)


def test_printing_does_not_block_replay():
    texts = []
    run_step_test(lambda x: (texts.append(repr(x)), x)[1], ones(1), ones(1))
    assert texts[0] == "<Tensor shape=(1,), dtype=float32, value=[1.]>"


@pytest.mark.parametrize(
    "use",
    [
        lambda x, old: x + old,
        lambda x, old: x * float(ops.stop_gradient(old)[0]),
        lambda x, old: x * float(old[0]),
        lambda x, old: x + np.asarray(old),
        lambda x, old: x + old.numpy(),
        lambda x, old: ops.concatenate([x, old]),
        lambda x, old: Variable(x).assign(old),
    ],
)
def test_a_value_of_an_earlier_step_is_refused(use):
    kept = []

    def function(x):
        if kept:
            return use(x, kept[0])
        kept.append(x * 2)
        return x

    step = Step(function, "step")
    step(ones(2))
    with pytest.raises(TraceError, match=r"earlier step.*`Variable`"):
        step(ones(2, 2))
    assert current_trace() is None


def test_a_step_that_is_never_replayed_may_use_values_of_earlier_ones():
    kept, v = [ops.zeros(2)], Variable([1.0, 1.0])

    def function(x):
        kept.append(x * 2 + kept[-1])
        kept.append(v.value + 0 * x if len(kept) > 4 else kept[-1])
        before = v.value
        v.assign_add(x)
        return before

    step = Step(function, "step", replay=False)
    assert [step(ones(2) * value).tolist() for value in (1, 2, 3)] == [[1, 1], [2, 2], [4, 4]]
    assert [np.asarray(value).tolist()[0] for value in kept] == [0, 2, 2, 6, 6, 12, 4]
    with pytest.raises(TraceError, match="replayed since"):
        late = []
        step = Step(lambda x: (late.append(x + 1), x)[1], "step")
        step(ones(2)), step(ones(2))
        late[0].numpy()


def test_a_value_of_an_earlier_step_may_be_looked_at_outside():
    kept = []
    Step(lambda x: kept.append(x + 1), "step")(ones(2))
    assert (
        kept[0].numpy().tolist() == [2, 2] and (kept[0] + 1).tolist() == [3, 3] and isinstance(kept[0] + 1, np.ndarray)
    )


def test_an_error_while_tracing_closes_the_trace():
    seen = []

    def function(x):
        seen.append(current_trace())
        if len(seen) == 1:
            raise KeyError("midway")
        return x + 1

    step = Step(function, "step")
    with pytest.raises(KeyError, match="midway"):
        step(ones(1))
    assert current_trace() is None and not seen[0].active
    assert isinstance(ops.exp(ones(1)), np.ndarray)
    assert [float(step(ones(1) * value)[0]) for value in (1, 2)] == [2, 3]
    assert len(seen) == 2


def test_an_error_while_paused_restores_the_trace():
    def function(x):
        with pytest.raises(KeyError), paused_tracing():
            assert current_trace() is None
            raise KeyError
        return x + 1

    run_step_test(function, ones(1), ones(1) * 2)


def test_threads_do_not_see_each_other():
    failures = []
    barrier = threading.Barrier(2)

    def work(factor):
        try:
            v = Variable(ones(50))

            def function(x):
                barrier.wait(10)
                y = x * factor + v
                barrier.wait(10)
                v.assign_add(ops.ones_like(v))
                return ops.sum(y)

            step = Step(function, "step")
            for number in range(100):
                expected = 50 * (number * factor + 1 + number)
                assert float(step(ones(50) * number)) == expected
        except BaseException as error:
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=work, args=(factor,)) for factor in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


def test_a_value_used_by_another_thread_prevents_replay():
    def function(x):
        found = []
        thread = threading.Thread(target=lambda: found.append(ops.exp(x)))
        thread.start()
        thread.join()
        return x + found[0]

    step = Step(function, "step")
    with pytest.warns(ReplayWarning, match="tracing was paused"):
        step(ones(1))
    assert step(ones(1) * 0).tolist() == [1]


def test_the_plan_not_used_for_longest_is_dropped(monkeypatch):
    monkeypatch.setattr(step_module, "_MAX_PLANS", 3)
    traced = []
    step = Step(lambda x: (traced.append(len(x)), x + 1)[1], "step")
    for size in (1, 2, 3, 1, 4, 1, 3, 4, 2, 1):
        assert step(ones(size)).tolist() == [2] * size
    assert traced == [1, 2, 3, 4, 2, 1]


def test_many_signatures():
    traced = []
    step = Step(lambda x: (traced.append(len(x)), ops.sum(x))[1], "step")
    for _ in range(2):
        for size in range(70):
            assert float(step(ones(size))) == size
    assert len(step.plans()) == 64
    assert len(traced) == 140  # in turn, each one is dropped before it is used again


def test_plans_do_not_keep_the_traced_arrays():
    references = []

    def function(x):
        hidden = ops.exp(x)
        result = ops.transpose(hidden) * 2
        references.extend(weakref.ref(value.array) for value in (hidden, result))
        references.append(weakref.ref(current_trace()))
        return ops.sum(result)

    gc.disable()
    try:
        for replay in (True, False):
            step = Step(function, "step", replay=replay)
            step(ones(2, 2))
            assert len(step.plans()) == replay
            assert [reference() for reference in references] == [None] * len(references)
    finally:
        gc.enable()


def test_large_buffers_are_reused():
    size = 100_000

    def function(x):
        for _ in range(50):
            x = ops.transpose(ops.tanh(x) + x)
        return ops.sum(x)

    step = Step(function, "step")
    step(ones(100, 1000))
    (plan,) = step.plans().values()
    places = {
        argument.ctypes.data
        for instruction in plan.instructions
        for argument in getattr(instruction, "args", ())
        if isinstance(argument, np.ndarray) and argument.size == size
    }
    assert len(places) <= 4


def test_no_warning_when_all_is_well():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step = Step(lambda x: ops.log(x) / x + ops.exp(x * 1e4), "step")
        for _ in range(2):
            step(np.float32([0.0, -1.0, np.inf, np.nan]))


def test_a_step_that_fails_changes_no_variable():
    read, written, fails = Variable([1.0, 2.0]), Variable([3.0, 4.0]), []

    def function(x):
        read.assign_add(x)
        read.assign(read * 2)
        written.assign(x)
        if fails.pop():
            raise KeyboardInterrupt
        return read.value

    for replay in (True, False):
        read.assign([1.0, 2.0]), written.assign([3.0, 4.0]), fails.extend([False, True])
        step = Step(function, "step", replay=replay)
        with pytest.raises(KeyboardInterrupt):
            step(ones(2))
        assert read.numpy().tolist() == [1, 2] and written.numpy().tolist() == [3, 4]
        assert step(ones(2)).tolist() == [4, 6] and written.numpy().tolist() == [1, 1]


def test_a_plan_that_is_asked_for_is_traced_without_effect():
    v = Variable(np.zeros(2, "float32"))
    step = Step(lambda x: v.assign(v + x).read(), "a step")
    data = np.ones(2, "float32")
    plan = step.traced_plan([data], data, signature([data], data))
    assert v.numpy().tolist() == [0, 0]
    assert step.traced_plan([data], data, signature([data], data)) is plan
    assert step(data).tolist() == [1, 1] and v.numpy().tolist() == [1, 1]


def test_a_step_that_is_not_replayed_has_no_plan():
    step, data = Step(lambda x: x + 1, "a step", replay=False), np.ones(2, "float32")
    assert step.traced_plan([data], data, signature([data], data)) is None
