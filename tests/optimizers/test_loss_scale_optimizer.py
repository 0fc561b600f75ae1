"""A loss scale that finds its size, on steps worked by hand."""

import numpy as np
import pytest

import minikeras
from minikeras import Variable, layers
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.optimizers import SGD, LossScaleOptimizer
from tests.helpers import run_step_test


def made(**options):
    variables = [Variable(np.float32([1.0, 2.0]), name="w"), Variable(np.float32([3.0]), name="b")]
    inner = SGD(0.5, momentum=0.5, name="sgd")
    return LossScaleOptimizer(inner, 8.0, dynamic_growth_steps=2, name="scale", **options), variables


def test_scale_grows_after_good_steps_and_halves_after_bad_ones():
    optimizer, variables = made()
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    seen = []
    for first in (0.0, 0.0, np.inf, 0.0, np.nan, -np.inf, 0.0, 0.0):
        step([np.float32([first, 0.0]), np.float32([0.0])])
        seen.append((float(optimizer.dynamic_scale), int(optimizer.step_counter), int(optimizer.iterations)))
    assert seen == [(8, 1, 1), (16, 0, 2), (8, 0, 2), (8, 1, 3), (4, 0, 3), (2, 0, 3), (2, 1, 4), (4, 0, 5)]


def test_bad_steps_leave_all_as_it_was():
    optimizer, variables = made()
    data = [[np.float32([8.0, first]), np.float32([8.0])] for first in (8.0, np.nan, 8.0)]
    everything = [*variables, *optimizer.variables]
    optimizer.build(variables)
    everything = [*variables, *optimizer.variables]
    seen = run_step_test(
        lambda grads: [optimizer.apply(grads, variables), *(each + 0 for each in variables)][1:],
        *data,
        variables=everything,
    )
    # Gradients are divided by 8; the momentum is still there after the bad step.
    assert [first.tolist() for first, _ in seen] == [[0.5, 1.5], [0.5, 1.5], [-0.75, 0.25]]
    # The third step has the scale 4, so its gradients are 2: a move of 0.5 * 0.5 + 1.


def test_scaled_loss_follows_the_scale_in_a_step_recorded_before_the_optimizer_is_built():
    optimizer, variables = made()

    def step(x):
        scaled = optimizer.scale_loss(x[0])
        optimizer.apply([x, x[:1]], variables)
        return scaled

    run = Step(step, "step")
    assert [float(run(np.float32([2.0, last]))) for last in (0.0, np.inf, 0.0)] == [16.0, 16.0, 8.0]


def test_state_is_its_own_and_that_of_the_other():
    optimizer, variables = made()
    assert float(optimizer.scale_loss(2.0)) == 16.0
    optimizer.build(variables)
    assert [variable.path for variable in optimizer.variables] == [
        *("scale/iteration", "scale/learning_rate", "scale/step_counter", "scale/dynamic_scale"),
        *("sgd/iteration", "sgd/learning_rate", "sgd/w_momentum", "sgd/b_momentum"),
    ]
    values = [variable.numpy() for variable in optimizer.variables]
    values[3], values[6] = np.float32(32.0), np.float32([5.0, 6.0])
    optimizer.set_weights(values)
    assert float(optimizer.scale_loss(1.0)) == 32.0
    assert optimizer.inner_optimizer.variables[2].numpy().tolist() == [5.0, 6.0]


def test_stateless():
    optimizer, variables = made()
    optimizer.build(variables)
    state = [variable.numpy() for variable in optimizer.variables]
    weights, after = optimizer.stateless_apply(
        state, [np.float32([np.inf, 0.0]), np.float32([0.0])], [[1.0, 2.0], [3.0]]
    )
    assert [np.asarray(each).tolist() for each in weights] == [[1.0, 2.0], [3.0]]
    assert float(after[3]) == 4.0 and float(optimizer.dynamic_scale) == 8.0


def test_it_passes_on_what_is_the_others():
    optimizer, variables = made()
    optimizer.learning_rate = 0.25
    assert float(optimizer.inner_optimizer.learning_rate) == float(optimizer.learning_rate) == 0.25
    optimizer.inner_optimizer.weight_decay = 1.0
    optimizer.exclude_from_weight_decay(var_names=["b"])
    optimizer.apply([np.float32([0.0, 0.0]), None][:1], variables[:1])
    assert variables[0].numpy().tolist() == [0.75, 1.5]
    averaged = LossScaleOptimizer(SGD(0.5, use_ema=True, ema_momentum=0.5), 1.0)
    for _ in range(2):
        averaged.apply([np.float32([2.0])], variables[1:])
    averaged.finalize_variable_values(variables[1:])
    assert variables[1].numpy().tolist() == [1.5]  # of 3 the steps make 2 and 1


def test_config():
    optimizer, _ = made()
    config = optimizer.get_config()
    assert (config["initial_scale"], config["dynamic_growth_steps"], config["name"]) == (8.0, 2, "scale")
    assert config["inner_optimizer"]["class_name"] == "SGD"
    again = LossScaleOptimizer.from_config({**config, "clipnorm": None, "dynamic": True})
    assert again.get_config() == config
    assert "inner_optimizer" in config


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"initial_scale": 0.0}, ArgumentError, "`initial_scale` must be a finite number > 0"),
        ({"dynamic_growth_steps": 0}, ArgumentError, "`dynamic_growth_steps` must be a positive integer"),
        ({"dynamic_growth_steps": 2.5}, ArgumentError, "`dynamic_growth_steps` must be a positive integer"),
        ({"clipnorm": 1.0}, ArgumentError, "Set `clipnorm` of the `inner_optimizer`"),
        ({"dynamic": False}, ArgumentError, "Set `loss_scale_factor` of the `inner_optimizer`"),
        ({"speed": 1.0}, ArgumentTypeError, "unknown argument `speed`. Allowed: inner_optimizer, initial_scale"),
    ],
)
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=f"LossScaleOptimizer: .*{message}"):
        LossScaleOptimizer(SGD(), **options)


def test_what_is_no_other_optimizer():
    for inner in ("sgd", None, SGD, LossScaleOptimizer(SGD())):
        with pytest.raises(ArgumentTypeError, match="expected `inner_optimizer` to be another optimizer"):
            LossScaleOptimizer(inner)


def test_bad_gradients_change_nothing():
    optimizer, variables = made()
    with pytest.raises(ShapeError, match="for variable 'b'"):
        optimizer.apply([np.float32([1.0, 1.0]), np.float32([1.0, 1.0])], variables)
    assert not optimizer.built and variables[0].numpy().tolist() == [1.0, 2.0]
    optimizer.apply([])
    with pytest.raises(ArgumentError, match="no gradient for any"):
        optimizer.apply([None, None], variables)
    assert int(optimizer.iterations) == 0


@pytest.fixture
def mixed():
    minikeras.config.set_dtype_policy("mixed_float16")
    yield
    minikeras.config.set_dtype_policy("float32")


def test_compile_puts_it_around_the_optimizer_of_a_mixed_model(mixed):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, 3)).astype("float32")
    y = x @ np.float32([[0.5], [-0.5], [0.25]])
    results = []
    for eager in (False, True):
        model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
        model.compile("sgd", "mse", run_eagerly=eager)
        assert isinstance(model.optimizer, LossScaleOptimizer) and model.optimizer.name == "loss_scale_optimizer"
        # Gradients of 2^17 are infinite in float16: the first steps are left out.
        model.optimizer.initial_scale = 2.0**17
        losses = model.fit(x, y, batch_size=4, epochs=6, verbose=0, shuffle=False).history["loss"]
        assert losses[-1] < 0.8 * losses[0]
        assert float(model.optimizer.dynamic_scale) < 2.0**17
        assert {weight.dtype.name for weight in model.get_weights()} == {"float32"}
        results.append([losses, *model.get_weights()])
    for replayed, by_python in zip(*results, strict=True):
        np.testing.assert_array_equal(replayed, by_python)
    for optimizer, options in (("sgd", {"auto_scale_loss": False}), (LossScaleOptimizer(SGD()), {})):
        model.compile(optimizer, "mse", **options)
        assert type(model.optimizer) is (SGD if options else LossScaleOptimizer)
        assert options or model.optimizer is optimizer


@pytest.mark.parametrize(
    ("grads", "finite"),
    [([], True), ([None], True), ([[1.0, 2.0], None], True), ([[1.0], [np.inf]], False), ([np.nan], False)],
)
def test_finite_gradients(grads, finite):
    optimizer, _ = made()
    assert bool(optimizer.check_finite([None if each is None else np.float32(each) for each in grads])) is finite


def test_what_counts_as_finite_can_be_overridden():
    class Strict(LossScaleOptimizer):
        def check_finite(self, grads):
            return minikeras.ops.all(minikeras.ops.absolute(grads[0]) < 1)

    variable = Variable(np.float32([1.0]))
    optimizer = Strict(SGD(1.0), initial_scale=4.0)
    optimizer.apply([np.float32([2.0])], [variable])  # too large for it: skipped, and the scale is halved
    assert (float(variable.numpy()[0]), float(optimizer.dynamic_scale)) == (1.0, 2.0)
