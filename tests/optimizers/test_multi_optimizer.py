"""Several optimizers as one."""

import numpy as np
import pytest

import minikeras
from minikeras import Variable, layers
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ArgumentTypeError, NotSupportedError, ShapeError, StateError
from minikeras.optimizers import SGD, Adam, LossScaleOptimizer, MultiOptimizer, OptimizerMap
from tests.helpers import run_step_test


def made(**options):
    variables = [Variable(np.float32([1.0]), name=name) for name in ("kernel", "bias", "other")]
    chosen = OptimizerMap(SGD(0.5, name="rest"), {"bias": SGD(0.25, momentum=0.5, name="mine")})
    return MultiOptimizer(chosen, name="multi", **options), variables


def test_each_variable_has_its_optimizer():
    optimizer, variables = made()
    optimizer.build(variables)
    data = [[np.float32([gradient])] * 3 for gradient in (1.0, 2.0, 0.0)]
    seen = run_step_test(
        lambda grads: [optimizer.apply(grads, variables), *(each + 0 for each in variables)][1:],
        *data,
        variables=[*variables, *optimizer.variables],
    )
    # bias: m = -0.25, then -0.125 - 0.5, then half of that.
    assert [[each.item() for each in row] for row in seen] == [
        [0.5, 0.75, 0.5],
        [-0.5, 0.125, -0.5],
        [-0.5, -0.1875, -0.5],
    ]
    assert [variable.path for variable in optimizer.variables] == [
        *("multi/iteration", "multi/learning_rate", "mine/iteration", "mine/learning_rate", "mine/bias_momentum"),
        *("rest/iteration", "rest/learning_rate"),
    ]
    assert {int(each.iterations) for each in (optimizer, *optimizer.optimizers)} == {3}


def test_a_function_chooses():
    kinds = {"kernel": SGD(0.5), "bias": Adam(0.25)}
    variables = [Variable(np.float32([1.0]), name=name) for name in kinds]
    optimizer = MultiOptimizer(lambda variable: kinds[variable.name])
    assert optimizer.optimizers == []
    optimizer.apply([np.float32([1.0])] * 2, variables)
    np.testing.assert_allclose([variable.numpy()[0] for variable in variables], [0.5, 0.75], rtol=1e-5)
    assert optimizer.optimizers == list(kinds.values())


def test_one_loss_scale_for_all():
    optimizer, variables = made(loss_scale_factor=4.0)
    assert float(optimizer.scale_loss(2.0)) == 8.0
    optimizer.apply([np.float32([4.0])] * 3, variables)
    assert [variable.numpy().item() for variable in variables] == [0.5, 0.75, 0.5]
    optimizer.loss_scale_factor = 2.0
    assert {each.loss_scale_factor for each in optimizer.optimizers} == {2.0}
    around = LossScaleOptimizer(optimizer, initial_scale=16.0)
    assert {each.loss_scale_factor for each in optimizer.optimizers} == {None}
    around.apply([np.float32([16.0])] * 2 + [np.float32([np.inf])], variables)
    assert [variable.numpy().item() for variable in variables] == [0.5, 0.75, 0.5]


def test_no_learning_rate_and_no_decay_of_its_own():
    optimizer, _ = made()
    assert not hasattr(optimizer, "learning_rate")
    with pytest.raises(AttributeError, match="'multi' has no learning rate. Set that of one of its `optimizers`"):
        optimizer.learning_rate = 0.5
    with pytest.raises(NotSupportedError, match="of its `optimizers`"):
        optimizer.exclude_from_weight_decay(var_names=["bias"])


def test_averages_of_those_that_keep_them():
    chosen = OptimizerMap(SGD(0.5), {"bias": SGD(1.0, use_ema=True, ema_momentum=0.5)})
    variables = [Variable(np.float32([1.0]), name=name) for name in ("kernel", "bias")]
    optimizer = MultiOptimizer(chosen)
    with pytest.raises(StateError, match="not built yet"):
        optimizer.finalize_variable_values(variables)
    for _ in range(2):
        optimizer.apply([np.float32([1.0])] * 2, variables)
    with pytest.raises(ArgumentError, match="expected variables the optimizer was built with"):
        optimizer.finalize_variable_values([Variable(1.0)])
    optimizer.finalize_variable_values(variables)
    assert [variable.numpy().item() for variable in variables] == [0.0, -0.5]


def test_missing_and_bad_gradients():
    optimizer, variables = made()
    with pytest.raises(ShapeError, match="for variable 'other'"):
        optimizer.apply([np.float32([1.0]), np.float32([1.0]), np.float32([1.0, 2.0])], variables)
    assert not optimizer.built and variables[0].numpy().tolist() == [1.0]
    with pytest.warns(UserWarning, match=r"no gradients for the variables \['bias'\]"):
        optimizer.apply([np.float32([1.0]), None, np.float32([1.0])], variables)
    assert [variable.numpy().item() for variable in variables] == [0.5, 1.0, 0.5]
    optimizer.apply([])
    assert int(optimizer.iterations) == 1


def test_state_config_and_bad_arguments():
    optimizer, variables = made(loss_scale_factor=2.0)
    optimizer.build(variables)
    store = {}
    optimizer.save_own_variables(store)
    store["4"] = np.float32([7.0])
    optimizer.load_own_variables(store)
    assert optimizer.optimizers[0].variables[-1].numpy().tolist() == [7.0]
    config = optimizer.get_config()
    assert list(config) == ["optimizer_map", "loss_scale_factor", "name"]
    assert MultiOptimizer.from_config(config).get_config() == config
    for given in (None, {"bias": SGD()}, SGD):
        with pytest.raises(ArgumentTypeError, match="expected `optimizer_map` to be an OptimizerMap or a function"):
            MultiOptimizer(given)
    for chosen in ("sgd", LossScaleOptimizer(SGD())):
        with pytest.raises(ArgumentError, match="expected a single optimizer for variable 'kernel'"):
            MultiOptimizer(lambda variable, chosen=chosen: chosen).build(variables)
    with pytest.raises(ArgumentError, match="expected the default optimizer to be a single one"):
        MultiOptimizer(OptimizerMap(LossScaleOptimizer(SGD())))


def test_fit():
    x = np.random.default_rng(0).normal(size=(32, 3)).astype("float32")
    results = []
    for eager in (False, True):
        model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones", name="out")])
        model.compile(MultiOptimizer(OptimizerMap(SGD(0.1), {".*/bias": Adam(0.1)})), "mse", run_eagerly=eager)
        losses = model.fit(x, x[:, :1] + 1, epochs=8, batch_size=8, verbose=0, shuffle=False).history["loss"]
        assert losses[-1] < 0.5 * losses[0]
        results.append([losses, *model.get_weights()])
    for replayed, by_python in zip(*results, strict=True):
        np.testing.assert_array_equal(replayed, by_python)


def test_a_step_is_replayed():
    optimizer, variables = made()
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    for _ in range(3):
        step([np.float32([1.0])] * 3)
    assert len(step.plans()) == 1 and int(optimizer.iterations) == 3
