import numpy as np
import pytest

from minikeras import Input, Sequential, layers, metrics, ops
from minikeras.compiler.step import Step
from minikeras.engine.naming import reset_names
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, LegacyWarning, NotSupportedError, ShapeError, StateError
from minikeras.metrics import Mean, Metric, Sum


class Largest(Metric):
    def __init__(self, name="largest", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.largest = self.add_variable((), "zeros", self.dtype, name="largest")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.largest.assign(ops.maximum(self.largest, ops.max(y_pred)))

    def result(self):
        return self.largest.value


def test_update_result_reset():
    metric = Largest()
    assert metric(None, np.float32([1, 5])) == 5
    assert metric(None, np.float32([3])) == 5
    metric.reset_state()
    assert metric.result() == 0
    assert repr(metric) == str(metric) == "<Largest name=largest>"


def test_what_was_returned_does_not_change():
    metric = Largest()
    before = metric(None, np.float32([1]))
    metric.update_state(None, np.float32([7]))
    assert before == 1


def test_names_and_paths():
    reset_names()

    class MyMetric(Metric):
        pass

    assert [MyMetric().name, MyMetric().name] == ["my_metric", "my_metric_1"]
    variable = Largest(name="a/b").variables[0]
    assert (variable.path, variable.trainable, variable.aggregation) == ("a>b/largest", False, "sum")
    assert (variable.dtype, Largest(dtype="float64").variables[0].dtype) == ("float32", "float64")


def test_add_weight():
    metric = Metric()
    variable = metric.add_weight((2,), "ones", name="w")
    assert metric.variables == [variable]
    np.testing.assert_array_equal(variable, [1, 1])
    metric.reset_state()
    np.testing.assert_array_equal(variable, [0, 0])


def test_variables_of_inner_metrics_come_last():
    class Outer(Metric):
        def __init__(self):
            super().__init__(name="outer")
            self.parts = {"b": Mean(name="b"), "a": [Sum(name="a")]}
            self.own = self.add_variable((), "zeros", name="own")
            self.raw = Variable(np.zeros(()), trainable=False, name="raw")
            self.again = self.parts["b"]

    paths = [variable.path for variable in Outer().variables]
    assert paths == ["outer/own", "raw", "a/total", "b/total", "b/count"]


def test_state_made_inside_of_a_step_is_updated_when_replayed():
    made = []

    def step(data):
        if not made:
            made.append(Largest())
        made[0].update_state(None, data)
        return made[0].result()

    run = Step(step, name="step")
    assert [float(run(np.float32([value]))) for value in (2, 1, 4, 3)] == [2, 2, 4, 4]
    assert made[0].result() == 4


def test_stateless():
    metric = Mean()
    metric.update_state([8.0])
    state = metric.stateless_update_state([np.float32(1), np.float32(1)], np.float32([3, 5]))
    np.testing.assert_array_equal(state, [9, 3])
    assert metric.stateless_result(state) == 3
    np.testing.assert_array_equal(metric.stateless_reset_state(), [0, 0])
    assert metric.result() == 8


def test_stateless_in_a_step():
    metric = Mean()
    metric.update_state([8.0])

    def step(data):
        state = metric.stateless_update_state(metric.stateless_reset_state(), data)
        return metric.stateless_result(state), metric.result()

    run = Step(step, name="step")
    for values in ([1, 3], [2, 6], [5, 5]):
        result = run(np.float32(values))
        assert [float(value) for value in result] == [sum(values) / 2, 8]
    assert metric.result() == 8


def test_stateless_leaves_the_state_alone_after_an_error():
    metric = Mean()
    metric.update_state([8.0])
    with pytest.raises(ShapeError):
        metric.stateless_update_state([np.float32(1), np.float32([1, 2])], [3.0])
    with pytest.raises(ShapeError):
        metric.stateless_update_state([np.float32(1), np.float32(1)], [3.0, 4.0], sample_weight=[1, 2, 3])
    with pytest.raises(ArgumentError, match="expected 2 values in `metric_variables`.*Received: 1"):
        metric.stateless_result([np.float32(1)])
    assert metric.result() == 8


def test_config():
    metric = Largest.from_config(Largest(name="x", dtype="float64").get_config())
    assert metric.get_config() == {"name": "x", "dtype": "float64"}


def test_what_a_subclass_has_to_define():
    with pytest.raises(NotSupportedError, match="Metric 'm' of class Metric needs a method `update_state`"):
        Metric(name="m").update_state()
    with pytest.raises(NotSupportedError, match="needs a method `result`"):
        Metric(name="m").result()


def test_super_was_not_called():
    class Wrong(Metric):
        def __init__(self):
            self.value = self.add_variable((), "zeros")

    with pytest.raises(StateError, match="Wrong has no state yet"):
        Wrong()


def test_variable_without_initializer():
    with pytest.raises(ArgumentError, match="Metric 'm': a variable needs an initializer"):
        Metric(name="m").add_weight()


def test_dtypes():
    class Policy:
        compute_dtype = "float16"

    for given, dtype in ((None, "float32"), ("float64", "float64"), (np.float16, "float16"), (Policy(), "float16")):
        assert Metric(dtype=given).dtype == dtype
    assert Metric(dtype={"class_name": "DTypePolicy", "config": {"name": "float64"}}).dtype == "float64"
    with pytest.raises(ValueError, match="Unknown dtype: 'flaot32'. Did you mean 'float32'"):
        Metric(dtype="flaot32")


def test_reset_states_of_keras_2():
    mean = Mean()
    mean.update_state([1.0, 3.0])
    with pytest.warns(LegacyWarning, match=r"`metric.reset_states\(\)` .* `metric.reset_state\(\)`"):
        mean.reset_states()
    assert float(mean.count) == 0 and float(mean.result()) == 0


class Counting(metrics.Metric):
    """A metric that counts the epochs which began, in the method of Keras 2."""

    def __init__(self):
        super().__init__(name="counting")
        self.total = self.add_variable((), "zeros", name="total")
        self.resets = 0

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(1.0)

    def result(self):
        return self.total.value

    def reset_states(self):
        self.resets += 1
        self.total.assign(10.0)


class ByItsBase(Counting):
    """Calls what it overrides."""

    def reset_states(self):
        self.resets += 1
        super(Counting, self).reset_states()


class ByToday(Counting):
    """Gives one method the name of the other, as scripts for both versions of Keras do."""

    def reset_states(self):
        self.resets += 1
        self.reset_state()


@pytest.mark.parametrize(("make", "first"), [(Counting, 10), (ByItsBase, 0), (ByToday, 0)])
def test_only_reset_states_is_overridden(make, first):
    metric = make()
    with pytest.warns(LegacyWarning, match="reset_states.* is .*older Keras; write .*reset_state"):
        metric.reset_state()
    assert (metric.resets, metric.result()) == (1, first)
    model = Sequential([Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=[metric])
    metric.resets = 0
    with pytest.warns(LegacyWarning):
        history = model.fit(np.ones((4, 1)), np.ones((4, 1)), batch_size=2, epochs=3, verbose=0).history
    assert history["counting"] == [first + 2] * 3
    assert metric.resets >= 3


def test_reset_states_is_called_once_by_its_old_name():
    metric = ByItsBase()
    with pytest.warns(LegacyWarning):
        metric.reset_states()
    assert metric.resets == 1
