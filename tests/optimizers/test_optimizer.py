"""What all optimizers share, on single steps worked by hand; eager, traced and replayed steps agree."""

import functools
import itertools

import numpy as np
import pytest

from minikeras import Sequential, layers, ops
from minikeras.compiler.step import Step
from minikeras.engine.naming import name_scope, reset_names
from minikeras.engine.variable import Variable
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    NotSupportedError,
    ReplayWarning,
    SerializationError,
    ShapeError,
    StateError,
)
from minikeras.optimizers import SGD, Optimizer, schedules
from minikeras.saving import load_model
from minikeras.serialization.lambdas import SafeModeScope


def weights(*values):
    return [Variable(np.float32(value), name=f"w{index}") for index, value in enumerate(values)]


def steps_of(optimizer, variables, gradients):
    """The values of the variables after each step."""
    after = []
    for gradient in gradients:
        optimizer.apply([np.float32(part) for part in gradient], variables)
        after.append([variable.numpy().tolist() for variable in variables])
    return after


def test_weight_decay():
    # 4 - 4 * 0.25 * 0.5 = 3.5, then 3.5 - 0.5 * 1
    variables = weights([4.0])
    assert steps_of(SGD(0.5, weight_decay=0.25), variables, [[[1.0]]]) == [[[3.0]]]


def test_exclude_from_weight_decay():
    with name_scope("bias_layer"):  # the path does not count, the name does
        variables = [Variable([4.0], name=name) for name in ("kernel", "bias", "scale", "other_bias")]
    optimizer = SGD(0.5, weight_decay=0.25)
    optimizer.exclude_from_weight_decay(var_list=[variables[2]], var_names=["^bias$"])
    optimizer.apply([np.float32([1.0])] * 4, variables)
    assert [float(variable.numpy()[0]) for variable in variables] == [3.0, 3.5, 3.5, 3.0]


def test_exclusions_must_come_before_build():
    optimizer = SGD(weight_decay=0.5)
    with pytest.raises(ArgumentTypeError, match="expected a list of strings. Received: var_names='bias'"):
        optimizer.exclude_from_weight_decay(var_names="bias")
    optimizer.build(weights([1.0]))
    with pytest.raises(StateError, match="built already"):
        optimizer.exclude_from_weight_decay(var_names=["bias"])


def test_clipnorm_counts_each_gradient_by_itself():
    # Lengths 5 and 1: the first shrinks to half, the second stays.
    variables = weights([0.0, 0.0], [0.0])
    assert steps_of(SGD(1.0, clipnorm=2.5), variables, [[[3.0, 4.0], [1.0]]]) == [[[-1.5, -2.0], [-1.0]]]


def test_global_clipnorm_counts_all_gradients_together():
    # sqrt(9 + 16) = 5
    variables = weights([0.0], [0.0])
    assert steps_of(SGD(1.0, global_clipnorm=2.5), variables, [[[3.0], [4.0]]]) == [[[-1.5], [-2.0]]]


def test_clipvalue():
    variables = weights([0.0, 0.0, 0.0])
    assert steps_of(SGD(1.0, clipvalue=0.5), variables, [[[3.0, -4.0, 0.25]]]) == [[[-0.5, 0.5, -0.25]]]


@pytest.mark.parametrize("name", ["clipnorm", "clipvalue", "global_clipnorm"])
def test_zero_does_not_clip(name):
    assert steps_of(SGD(1.0, **{name: 0.0}), weights([0.0]), [[[8.0]]]) == [[[-8.0]]]


def test_averages():
    # Weights 3, 2, 1; averages 3, 0.5 * 3 + 0.5 * 2, 0.5 * 2.5 + 0.5 * 1.
    variables = weights([4.0])
    optimizer = SGD(1.0, use_ema=True, ema_momentum=0.5)
    averages = []
    for expected in (3.0, 2.0, 1.0):
        assert steps_of(optimizer, variables, [[[1.0]]]) == [[[expected]]]
        averages.append(float(optimizer.variables[2].numpy()[0]))
    assert averages == [3.0, 2.5, 1.75]
    optimizer.finalize_variable_values(variables)
    assert variables[0].numpy().tolist() == [1.75]


def test_averages_take_the_places_of_the_weights():
    # Step 2: weight 2, average 2.5, which replaces it. Step 3: weight 1.5, average 2. Step 4: 0.5, 1.25.
    optimizer = SGD(1.0, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2)
    assert steps_of(optimizer, weights([4.0]), [[[1.0]]] * 4) == [[[3.0]], [[2.5]], [[1.5]], [[1.25]]]


def test_finalize_without_averages_changes_nothing():
    variables = weights([4.0])
    optimizer = SGD(1.0)
    steps_of(optimizer, variables, [[[1.0]]])
    optimizer.finalize_variable_values(variables)
    assert variables[0].numpy().tolist() == [3.0]


def test_finalize_wants_the_variables_of_the_optimizer():
    optimizer = SGD(1.0, use_ema=True)
    variables = weights([4.0], [1.0])
    with pytest.raises(StateError, match="no moving averages yet"):
        optimizer.finalize_variable_values(variables)
    optimizer.build(variables)
    with pytest.raises(ArgumentError, match="expected the 2 variables"):
        optimizer.finalize_variable_values(variables[:1])
    with pytest.raises(ArgumentError, match="expected the 2 variables"):
        optimizer.finalize_variable_values(weights([4.0], [1.0]))
    assert [variable.numpy().tolist() for variable in variables] == [[4.0], [1.0]]


def test_accumulation():
    # The means of the gradients, 2 and 5, are applied by every second step.
    optimizer = SGD(1.0, gradient_accumulation_steps=2)
    after = steps_of(optimizer, weights([0.0]), [[[1.0]], [[3.0]], [[4.0]], [[6.0]], [[1.0]]])
    assert after == [[[0.0]], [[-2.0]], [[-2.0]], [[-7.0]], [[-7.0]]]
    assert int(optimizer.iterations) == 2
    assert int(optimizer.variables[0].numpy()) == 5


def test_accumulation_keeps_momentum_and_decay_for_the_update():
    # m = -1 * mean; w = 4 - 4 * 0.5 - 2 = 0, then m = -0.5 * 2 - 4 and w = 0 - 5
    optimizer = SGD(1.0, momentum=0.5, weight_decay=0.5, gradient_accumulation_steps=2)
    after = steps_of(optimizer, weights([4.0]), [[[1.0]], [[3.0]], [[4.0]], [[4.0]]])
    assert after == [[[4.0]], [[0.0]], [[0.0]], [[-5.0]]]


def test_accumulation_of_a_gradient_that_is_missing_at_times():
    optimizer = SGD(1.0, gradient_accumulation_steps=2)
    variables = weights([0.0], [0.0])
    with pytest.warns(UserWarning, match=r"no gradients for the variables \['w1'\]"):
        optimizer.apply([np.float32([2.0]), None], variables)
    with pytest.warns(UserWarning, match=r"\['w0'\]"):
        optimizer.apply([None, np.float32([4.0])], variables)
    assert [variable.numpy().tolist() for variable in variables] == [[0.0], [-2.0]]
    assert [variable.numpy().tolist() for variable in optimizer.variables[2:]] == [[0.0], [0.0]]


def test_an_update_that_is_put_back_leaves_no_nan():
    class Inverse(Optimizer):
        def update_step(self, gradient, variable, learning_rate):
            self.assign(variable, learning_rate / (self.iterations + ops.zeros_like(gradient)))

    # Before the end of the first accumulation the rule divides by 0, and its result must be dropped.
    optimizer = Inverse(1.0, gradient_accumulation_steps=2)
    after = steps_of(optimizer, weights([4.0]), [[[1.0]]] * 4)
    assert after == [[[4.0]], [[np.inf]], [[np.inf]], [[1.0]]]


def test_loss_scale():
    optimizer = SGD(1.0, loss_scale_factor=4.0)
    assert float(optimizer.scale_loss(np.float32(2.0))) == 8.0
    assert float(SGD(1.0).scale_loss(np.float32(2.0))) == 2.0
    assert steps_of(optimizer, weights([0.0]), [[[8.0]]]) == [[[-2.0]]]


def test_constraint_comes_last():
    variables = weights([0.5])
    variables[0].constraint = lambda value: ops.maximum(value, 0.0)
    assert steps_of(SGD(1.0), variables, [[[1.0]], [[-2.0]]]) == [[[0.0]], [[2.0]]]


def test_variables_overwritten_with_their_gradient():
    variables = weights([1.0], [2.0])
    variables[1].overwrite_with_gradient = True
    optimizer = SGD(1.0, momentum=0.5, use_ema=True, clipvalue=0.5)
    assert steps_of(optimizer, variables, [[[1.0], [7.0]]]) == [[[0.5], [7.0]]]
    optimizer.finalize_variable_values(variables)
    assert variables[1].numpy().tolist() == [7.0]
    assert [variable.name for variable in optimizer.variables[2:]] == ["w0_average", "w0_momentum"]


def test_accumulation_of_overwriting_gradients_is_their_maximum():
    variables = weights([1.0], [2.0])
    variables[1].overwrite_with_gradient = True
    optimizer = SGD(1.0, gradient_accumulation_steps=2)
    after = steps_of(optimizer, variables, [[[1.0], [5.0]], [[1.0], [4.0]], [[1.0], [3.0]], [[1.0], [2.0]]])
    assert [w1 for _, w1 in after] == [[2.0], [5.0], [5.0], [3.0]]


# Every way to run a step gives the same bits.

PARTS = [
    [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}],
    [{}, {"clipnorm": 1.5}, {"clipvalue": 0.5}, {"global_clipnorm": 2.0}],
    [{}, {"weight_decay": 0.1}],
    [{}, {"use_ema": True}, {"use_ema": True, "ema_overwrite_frequency": 3}],
    [{}, {"gradient_accumulation_steps": 3}],
    [{}, {"loss_scale_factor": 8.0}],
    [{}, {"learning_rate": schedules.CosineDecay(0.1, 5)}],
]
SINGLE = [options for part in PARTS for options in part]
COMBINED = [{k: v for part in parts for k, v in part.items()} for parts in itertools.product(*PARTS)][::7]


def run(options, mode):
    rng = np.random.default_rng(0)
    shapes = [(3, 4), (4,)]
    variables = [Variable(rng.normal(size=shape).astype("float32")) for shape in shapes]
    optimizer = SGD(**{"learning_rate": 0.1, **options})

    def apply(grads):
        optimizer.apply(grads, variables)
        return [ops.sum(variable) for variable in variables]

    call = apply if mode == "eager" else Step(apply, "step", replay=mode == "replayed")
    seen = []
    for _ in range(8):
        sums = call([rng.normal(size=shape).astype("float32") for shape in shapes])
        seen.append([*(np.array(each) for each in sums), *(each.numpy() for each in variables)])
    return [*itertools.chain(*seen), *(variable.numpy() for variable in optimizer.variables)]


@pytest.mark.parametrize("options", [*SINGLE, *COMBINED], ids=lambda options: "-".join(options) or "plain")
def test_eager_is_traced_is_replayed(options):
    eager, traced, replayed = run(options, "eager"), run(options, "traced"), run(options, "replayed")
    assert len(eager) == len(traced) == len(replayed)
    for first, second, third in zip(eager, traced, replayed, strict=True):
        assert first.dtype == second.dtype == third.dtype
        assert first.dtype in (np.float32, np.int64)
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first, third)


# Learning rates.


def test_new_learning_rate_reaches_a_recorded_step():
    variables = weights([0.0])
    optimizer = SGD(1.0)
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    after = []
    for rate in (1.0, 2.0, 0.5):
        optimizer.learning_rate = rate
        step([np.float32([1.0])])
        after.append(float(variables[0].numpy()[0]))
    assert after == [-1.0, -3.0, -3.5]


@pytest.mark.parametrize("rate", [2, 2.0, np.float32(2), np.float64(2), np.array(2), np.array(2.0)])
def test_set_learning_rate(rate):
    optimizer = SGD(1.0)
    optimizer.learning_rate = rate
    assert float(optimizer.learning_rate) == 2.0
    assert optimizer.learning_rate.dtype == "float32"
    assert optimizer.learning_rate.shape == ()


@pytest.mark.parametrize("rate", ["0.1", None, np.array([0.1]), [0.1], True, float("nan"), float("inf")])
def test_bad_learning_rate_is_refused(rate):
    optimizer = SGD(1.0)
    with pytest.raises((ArgumentError, ArgumentTypeError), match="learning_rate"):
        optimizer.learning_rate = rate
    assert float(optimizer.learning_rate) == 1.0
    with pytest.raises((ArgumentError, ArgumentTypeError), match="learning_rate"):
        SGD(rate)


def test_whole_number_as_learning_rate():
    with pytest.raises(ArgumentTypeError, match=r"positive float.* Write 1\.0\. Received: learning_rate=1 of type int"):
        SGD(1)


@pytest.mark.parametrize("rate", [-1, 0, True, np.int64(-2)])
def test_no_hint_gives_a_wrong_learning_rate(rate):
    with pytest.raises(ArgumentTypeError, match=r"expected `learning_rate` to be a positive float") as caught:
        SGD(rate)
    assert "Write" not in str(caught.value)


def test_schedule_sees_every_step():
    # 1 / 1 + 1 / 2 + 1 / 4
    optimizer = SGD(schedules.ExponentialDecay(1.0, 1, 0.5))
    assert steps_of(optimizer, weights([0.0]), [[[1.0]]] * 3) == [[[-1.0]], [[-1.5]], [[-1.75]]]
    assert float(optimizer.learning_rate) == 0.125
    assert [variable.name for variable in optimizer.variables] == ["iteration"]


def test_schedule_counts_steps_not_accumulations():
    # The updates are made in steps 1 and 3.
    optimizer = SGD(schedules.ExponentialDecay(1.0, 1, 0.5), gradient_accumulation_steps=2)
    assert steps_of(optimizer, weights([0.0]), [[[1.0]]] * 4)[1::2] == [[[-0.5]], [[-0.625]]]


def test_number_does_not_replace_a_schedule():
    optimizer = SGD(schedules.ExponentialDecay(1.0, 1, 0.5))
    with pytest.raises(ArgumentTypeError, match="created with a schedule or callable"):
        optimizer.learning_rate = 0.1
    assert float(optimizer.learning_rate) == 1.0


def test_schedule_replaces_a_number():
    optimizer = SGD(1.0)
    optimizer.learning_rate = schedules.ExponentialDecay(0.5, 1, 0.5)
    assert float(optimizer.learning_rate) == 0.5
    assert [variable.name for variable in optimizer.variables] == ["iteration"]


def test_class_is_no_learning_rate():
    with pytest.raises(ArgumentTypeError, match="expected `learning_rate` to be a positive float"):
        SGD(schedules.ExponentialDecay)


def test_function_that_reads_a_variable_is_replayed():
    rate = Variable(np.float32(1.0))
    variables = weights([0.0])
    optimizer = SGD(lambda: rate * 2.0)
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    for value in (1.0, 2.0, 4.0):
        rate.assign(np.float32(value))
        step([np.float32([1.0])])
    assert float(variables[0].numpy()[0]) == -14.0


@pytest.mark.parametrize("kind", ["function", "schedule"])
def test_rate_computed_in_python_is_never_replayed_stale(kind):
    rates = iter([1.0, 2.0, 4.0])

    class Listed(schedules.LearningRateSchedule):
        def __call__(self, step):
            return next(rates)

    variables = weights([0.0])
    optimizer = SGD(Listed() if kind == "schedule" else lambda: next(rates))
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    with pytest.warns(ReplayWarning, match="the learning rate was computed as a plain number in Python"):
        step([np.float32([1.0])])
    step([np.float32([1.0])])
    step([np.float32([1.0])])
    assert float(variables[0].numpy()[0]) == -7.0


# Applying.


def test_apply_builds_and_counts():
    variables = weights([0.0])
    optimizer = SGD(1.0)
    assert not optimizer.built
    assert int(optimizer.apply_gradients([(np.float32([1.0]), variables[0])])) == 1
    assert optimizer.built
    optimizer.apply([np.float32([1.0])])
    assert (float(variables[0].numpy()[0]), int(optimizer.iterations)) == (-2.0, 2)


def test_no_gradients_are_no_step():
    optimizer = SGD()
    optimizer.apply([])
    assert int(optimizer.iterations) == 0
    with pytest.raises(ArgumentError, match="Received none"):
        optimizer.apply_gradients([])


def test_lists_and_float64_gradients_are_taken_as_float32():
    variables = weights([0.0, 0.0])
    optimizer = SGD(1.0, global_clipnorm=100.0)
    optimizer.apply([np.array([1.0, 2.0])], variables)
    optimizer.apply([[1.0, 2.0]], variables)
    assert variables[0].dtype == "float32"
    assert variables[0].numpy().tolist() == [-2.0, -4.0]


def test_state_has_the_dtype_of_the_variable():
    variables = [Variable(np.ones(2, dtype), name=dtype) for dtype in ("float16", "float64")]
    optimizer = SGD(0.5, momentum=0.5, use_ema=True, gradient_accumulation_steps=2)
    optimizer.apply([np.ones(2, "float32")] * 2, variables)
    assert [variable.dtype for variable in optimizer.variables[2:]] == ["float16", "float64"] * 3
    assert [variable.dtype for variable in optimizer.variables[:2]] == ["int64", "float32"]


def test_apply_before_build_needs_variables():
    with pytest.raises(StateError, match="is not built yet"):
        SGD().apply([np.float32([1.0])])


@pytest.mark.parametrize(
    ("gradients", "error", "message"),
    [
        ([[1.0]], ArgumentError, "Received: 1 gradients for 2 variables"),
        ([[1.0], [1.0, 2.0]], ShapeError, r"expected a gradient of shape \(1,\) for variable 'w1'.*\(2,\)"),
        ([None, None], ArgumentError, r"no gradient for any of the variables \['w0', 'w1'\]"),
    ],
)
def test_bad_gradients_change_nothing(gradients, error, message):
    variables = weights([1.0], [2.0])
    optimizer = SGD(1.0, momentum=0.5)
    with pytest.raises(error, match=message):
        optimizer.apply(gradients, variables)
    assert not optimizer.built
    optimizer.build(variables)
    with pytest.raises(error, match=message):
        optimizer.apply(gradients)
    assert int(optimizer.iterations) == 0
    assert [variable.numpy().tolist() for variable in variables] == [[1.0], [2.0]]


def test_variables_of_another_model_are_refused():
    optimizer = SGD(1.0)
    optimizer.build(weights([1.0]))
    other = weights([1.0])
    with pytest.raises(ArgumentError, match="built for other variables"):
        optimizer.apply([np.float32([1.0])], other)
    assert other[0].numpy().tolist() == [1.0]


def test_missing_gradient_warns_and_the_variable_stays():
    variables = weights([1.0], [2.0])
    optimizer = SGD(1.0, weight_decay=0.5, momentum=0.5)
    with pytest.warns(UserWarning, match=r"no gradients for the variables \['w1'\]"):
        optimizer.apply([np.float32([0.0]), None], variables)
    assert [variable.numpy().tolist() for variable in variables] == [[0.5], [2.0]]


def test_some_of_the_variables():
    variables = weights([1.0], [2.0])
    optimizer = SGD(1.0, momentum=0.5)
    optimizer.build(variables)
    optimizer.apply([np.float32([1.0])], [variables[1]])
    assert [variable.numpy().tolist() for variable in variables] == [[1.0], [1.0]]


def test_applying_to_values_changes_no_variable():
    variables = weights([1.0, 2.0])
    optimizer = SGD(0.5, momentum=0.5, gradient_accumulation_steps=2)
    optimizer.build(variables)
    values, state = (
        [np.float32([3.0, 4.0])],
        [np.int64(1), np.float32(0.25), np.float32([1.0, 1.0]), np.zeros(2, "float32")],
    )
    new_values, new_state = optimizer.stateless_apply(state, [np.float32([3.0, 1.0])], values)
    assert [np.asarray(each).tolist() for each in new_values] == [[2.5, 3.75]]
    assert [np.asarray(each).tolist() for each in new_state] == [2, 0.25, [0.0, 0.0], [-0.5, -0.25]]
    assert variables[0].numpy().tolist() == [1.0, 2.0] and int(optimizer.variables[0]) == 0


def test_applying_to_values_that_do_not_fit():
    variables = weights([1.0])
    optimizer = SGD(0.5)
    with pytest.raises(StateError, match="`stateless_apply`: the optimizer has no variables yet"):
        optimizer.stateless_apply([0, 0.5], [[1.0]], [[1.0]])
    optimizer.build(variables)
    with pytest.raises(ArgumentError, match="expected 2 values as `optimizer_variables`. Received: 1"):
        optimizer.stateless_apply([0], [[1.0]], [[1.0]])
    with pytest.raises(ArgumentError, match="expected 1 values as `trainable_variables`. Received: 2"):
        optimizer.stateless_apply([0, 0.5], [[1.0]], [[1.0], [2.0]])
    with pytest.raises(ShapeError, match="expected a value of shape"):
        optimizer.stateless_apply([0, 0.5], [[1.0]], [[1.0, 2.0]])


def test_base_class_has_no_rule():
    with pytest.raises(NotSupportedError, match="must implement `update_step"):
        Optimizer(0.1).apply([np.float32([1.0])], weights([1.0]))


# Arguments and configs.

BAD = [
    ({"weight_decay": "0.1"}, ArgumentTypeError, "`weight_decay` must be a finite number"),
    ({"clipnorm": -1.0}, ArgumentError, r"`clipnorm` must be a finite number >= 0\. Received: clipnorm=-1\.0"),
    ({"clipvalue": float("nan")}, ArgumentError, "clipvalue=nan"),
    ({"global_clipnorm": [1.0]}, ArgumentTypeError, "global_clipnorm"),
    ({"clipnorm": 1.0, "clipvalue": 1.0}, ArgumentError, "expected at most one of `clipnorm` and `clipvalue` and"),
    ({"use_ema": "no"}, ArgumentTypeError, "`use_ema` must be True or False"),
    ({"use_ema": True, "ema_momentum": 1.5}, ArgumentError, r"`ema_momentum` .*in .0, 1..*1\.5"),
    ({"use_ema": True, "ema_overwrite_frequency": 1.5}, ArgumentError, "a positive integer, or None"),
    ({"loss_scale_factor": 0.0}, ArgumentError, "loss_scale_factor"),
    ({"gradient_accumulation_steps": 1}, ArgumentError, "an integer >= 2, or None"),
    ({"gradient_accumulation_steps": 2.5}, ArgumentError, "an integer >= 2, or None"),
    ({"name": 3}, ArgumentTypeError, "`name` must be a string"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD, ids=lambda value: str(value)[:40])
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=message):
        SGD(**options)


def test_config_round_trip():
    options = {
        "learning_rate": 0.5,
        "momentum": 0.25,
        "nesterov": True,
        "weight_decay": 0.125,
        "clipnorm": 2.0,
        "use_ema": True,
        "ema_momentum": 0.5,
        "ema_overwrite_frequency": 3,
        "loss_scale_factor": 2.0,
        "gradient_accumulation_steps": 4,
        "name": "descent",
    }
    config = SGD(**options).get_config()
    assert config == {**options, "clipvalue": None, "global_clipnorm": None}
    assert SGD.from_config(config).get_config() == config


def test_config_with_schedule():
    optimizer = SGD(schedules.InverseTimeDecay(0.5, 10, 0.25))
    config = optimizer.get_config()
    again = SGD.from_config(config)
    assert config["learning_rate"]["class_name"] == "InverseTimeDecay"
    assert again.get_config() == config
    assert isinstance(config["learning_rate"], dict)  # reading it leaves it as it is


def test_config_with_the_users_schedule():
    class Harmonic(schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.5 / (step + 1)

        def get_config(self):
            return {}

    config = SGD(Harmonic()).get_config()
    assert float(SGD.from_config(config, {"Harmonic": Harmonic}).learning_rate) == 0.5


def tenth():
    return 0.1


def test_config_with_a_function():
    config = SGD(tenth).get_config()
    assert config["learning_rate"] == {  # as in Keras
        "module": "builtins",
        "class_name": "function",
        "config": "tenth",
        "registered_name": "function",
    }
    assert SGD.from_config(config, {"tenth": tenth}).learning_rate == 0.1
    with pytest.raises(SerializationError, match="'tenth'"):
        SGD.from_config(config)
    with pytest.raises(SerializationError, match="Cannot serialize .*partial"):
        SGD(functools.partial(float, 0.1)).get_config()


def test_config_with_a_lambda():
    with pytest.warns(UserWarning, match="includes a `lambda`"):
        config = SGD(lambda: 0.25).get_config()
    assert config["learning_rate"]["class_name"] == "__lambda__"
    with pytest.raises(SerializationError):
        SGD.from_config(config)  # its code is only run if that is allowed
    with SafeModeScope(False):
        assert SGD.from_config(config).learning_rate == 0.25


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_files_with_a_function(name, tmp_path):
    """A model that was compiled with it could not be saved."""
    model = Sequential([layers.Input((2,)), layers.Dense(1)])
    model.compile(SGD(tenth), "mse", run_eagerly=True)  # a number that Python computes is not replayed
    model.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    path = tmp_path / name
    model.save(path)
    again = load_model(path, custom_objects={"tenth": tenth})
    assert again.optimizer.learning_rate == 0.1 and int(again.optimizer.iterations.numpy()) == 1


def test_names():
    reset_names()
    assert [SGD().name, SGD().name, SGD(name="mine").name, SGD().name] == ["sgd", "sgd_1", "mine", "sgd_2"]


def test_paths_and_order_of_the_state():
    with name_scope("dense"):
        variables = [Variable([1.0], name="kernel"), Variable([1.0], name="bias")]
    optimizer = SGD(momentum=0.5, use_ema=True, gradient_accumulation_steps=2, name="opt")
    optimizer.build(variables)
    assert [variable.path for variable in optimizer.variables] == [
        "opt/iteration",
        "opt/learning_rate",
        "opt/dense_kernel_average",
        "opt/dense_bias_average",
        "opt/dense_kernel_gradient_accumulator",
        "opt/dense_bias_gradient_accumulator",
        "opt/dense_kernel_momentum",
        "opt/dense_bias_momentum",
    ]
    assert not any(variable.trainable for variable in optimizer.variables)


def test_an_optimizer_written_for_keras():
    class Momentum(Optimizer):
        def __init__(self, learning_rate=1.0, **kwargs):
            super().__init__(learning_rate, **kwargs)
            self.updates = Variable(0, name="updates")

        def build(self, variables):
            super().build(variables)
            self.moves = [self.add_variable_from_reference(each, name="move") for each in variables]

        def update_step(self, gradient, variable, learning_rate):
            move = self.moves[self._get_variable_index(variable)]
            self.assign(move, ops.subtract(ops.multiply(move, 0.5), ops.multiply(gradient, learning_rate)))
            self.assign_add(variable, move)
            self.assign_add(self.updates, 1)

    optimizer = Momentum(weight_decay=None)
    assert steps_of(optimizer, weights([0.0]), [[[1.0]], [[1.0]]]) == [[[-1.0]], [[-2.5]]]
    assert [variable.name for variable in optimizer.variables] == ["iteration", "learning_rate", "updates", "w0_move"]
    assert int(optimizer.updates.numpy()) == 2


def test_old_name_of_the_learning_rate():
    optimizer = SGD(1.0)
    with pytest.warns(DeprecationWarning, match=r"write `optimizer\.learning_rate`"):
        optimizer.lr = 0.5
    with pytest.warns(DeprecationWarning, match=r"write `optimizer\.learning_rate`"):
        assert float(optimizer.lr) == 0.5
