"""SGD and the options of all optimizers next to those of Keras, on the same gradients."""

import itertools

import keras
import numpy as np
import pytest

from minikeras import optimizers
from minikeras.engine.naming import name_scope, reset_names
from minikeras.engine.step import Step
from minikeras.engine.variable import Variable
from minikeras.optimizers import SGD

SHAPES = {"kernel": (3, 4), "bias": (4,)}
STEPS = 50

MOMENTUM = [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}]
CLIPPING = [{}, {"clipnorm": 1.5}, {"clipvalue": 0.5}, {"global_clipnorm": 2.0}]
DECAY = [{}, {"weight_decay": 0.1}]
AVERAGE = [{}, {"use_ema": True}, {"use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 4}]
ACCUMULATION = [{}, {"gradient_accumulation_steps": 3}]
SCALE = [{}, {"loss_scale_factor": 8.0}]
COMBINATIONS = [
    {name: value for part in parts for name, value in part.items()}
    for parts in itertools.product(MOMENTUM, CLIPPING, DECAY, AVERAGE, ACCUMULATION, SCALE)
]


def label(options):
    return "-".join(f"{name}={value}" for name, value in options.items()) or "plain"


def initial_weights():
    """Weights far from 0, where a bound on relative differences would have no meaning."""
    rng = np.random.default_rng(0)
    return [rng.uniform(1, 2, shape).astype("float32") for shape in SHAPES.values()]


def gradients(scale):
    rng = np.random.default_rng(1)
    return [[(rng.normal(size=s) * scale).astype("float32") for s in SHAPES.values()] for _ in range(STEPS)]


def make_variables(cls, scope):
    with scope("dense"):
        return [cls(value, name=name) for name, value in zip(SHAPES, initial_weights(), strict=True)]


def run_keras(options, exclude=None):
    variables = make_variables(keras.Variable, keras.name_scope)
    optimizer = keras.optimizers.SGD(name="sgd", **{"learning_rate": 0.004, **options})
    if exclude is not None:
        optimizer.exclude_from_weight_decay(**exclude(variables))
    for grads in gradients(options.get("loss_scale_factor", 1)):
        optimizer.apply([keras.ops.convert_to_tensor(gradient) for gradient in grads], variables)
    return optimizer, variables


def run_minikeras(options, exclude=None):
    variables = make_variables(Variable, name_scope)
    optimizer = SGD(name="sgd", **{"learning_rate": 0.004, **options})
    if exclude is not None:
        optimizer.exclude_from_weight_decay(**exclude(variables))
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    for grads in gradients(options.get("loss_scale_factor", 1)):
        step(grads)
    return optimizer, variables


def assert_same_weights(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-6)


def assert_same_state(ours, theirs):
    assert [(v.path, v.name, v.shape) for v in ours.variables] == [
        (v.path, v.name, tuple(v.shape)) for v in theirs.variables
    ]
    for mine, other in zip(ours.variables, theirs.variables, strict=True):
        # Averages and accumulators pass through 0, where there is no relative difference.
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-6, atol=1e-6, err_msg=mine.path)
    assert int(ours.iterations) == int(theirs.iterations)


@pytest.mark.parametrize("options", COMBINATIONS, ids=label)
def test_fifty_steps(options):
    ours, our_weights = run_minikeras(options)
    theirs, their_weights = run_keras(options)
    assert_same_weights(our_weights, their_weights)
    assert_same_state(ours, theirs)
    assert not np.array_equal(our_weights[0].numpy(), initial_weights()[0])
    ours.finalize_variable_values(our_weights)
    theirs.finalize_variable_values(their_weights)
    assert_same_weights(our_weights, their_weights)


@pytest.mark.parametrize(
    "exclude",
    [
        lambda variables: {"var_names": ["bias"]},
        # Not anchored: on TensorFlow the pattern is looked for in the path, elsewhere, as here, in the name.
        lambda variables: {"var_names": ["ker.el", "nothing"]},
        lambda variables: {"var_list": [variables[0]]},
        lambda variables: {"var_list": [variables[0]], "var_names": ["bias"]},
    ],
    ids=["name", "pattern", "variable", "both"],
)
def test_exclude_from_weight_decay(exclude):
    options = {"weight_decay": 0.5}
    assert_same_weights(run_minikeras(options, exclude)[1], run_keras(options, exclude)[1])


@pytest.mark.parametrize("options", [{}, {"gradient_accumulation_steps": 3, "momentum": 0.9}], ids=label)
def test_schedule(options):
    schedules = [
        module.schedules.PolynomialDecay(0.01, 30, end_learning_rate=0.001, power=2.0)
        for module in (optimizers, keras.optimizers)
    ]
    ours, our_weights = run_minikeras({**options, "weight_decay": 0.1, "learning_rate": schedules[0]})
    theirs, their_weights = run_keras({**options, "weight_decay": 0.1, "learning_rate": schedules[1]})
    assert_same_weights(our_weights, their_weights)
    assert_same_state(ours, theirs)
    np.testing.assert_allclose(float(ours.learning_rate), float(theirs.learning_rate), rtol=1e-6)


def test_learning_rate_set_between_steps():
    our_weights, their_weights = make_variables(Variable, name_scope), make_variables(keras.Variable, keras.name_scope)
    ours, theirs = SGD(0.01), keras.optimizers.SGD(0.01)
    step = Step(lambda grads: ours.apply(grads, our_weights), "step")
    for number, grads in enumerate(gradients(1)):
        ours.learning_rate = theirs.learning_rate = 0.01 / (1 + number)
        step(grads)
        theirs.apply([keras.ops.convert_to_tensor(gradient) for gradient in grads], their_weights)
    assert_same_weights(our_weights, their_weights)


@pytest.mark.parametrize("steps", [None, 3])
def test_overwrite_with_gradient(steps):
    results = []
    for variable_class, cls in ((Variable, SGD), (keras.Variable, keras.optimizers.SGD)):
        variables = [variable_class(np.float32([1, 2])), variable_class(np.float32([3, 4]))]
        variables[1].overwrite_with_gradient = True
        optimizer = cls(0.5, momentum=0.5, use_ema=True, gradient_accumulation_steps=steps)
        for number in range(7):
            grads = [np.float32([number, 1]), np.float32([5 - number, number])]
            optimizer.apply([keras.ops.convert_to_tensor(g) if cls is not SGD else g for g in grads], variables)
            results.append([variable.numpy() for variable in variables])
    np.testing.assert_allclose(results[:7], results[7:], rtol=1e-6)


def test_float16_variables():
    results = []
    for variable_class, cls in ((Variable, SGD), (keras.Variable, keras.optimizers.SGD)):
        variable = variable_class(np.float16([1, 2]), dtype="float16")
        optimizer = cls(0.5, momentum=0.5)
        for _ in range(3):
            optimizer.apply([np.float16([0.25, -0.5])], [variable])
        assert str(optimizer.variables[2].dtype) == "float16"
        results.append(variable.numpy())
    assert results[0].dtype == results[1].dtype
    np.testing.assert_array_equal(*results)


CONFIGS = [*MOMENTUM, *CLIPPING[1:], *DECAY[1:], *AVERAGE[1:], *ACCUMULATION[1:], *SCALE[1:], {"learning_rate": 0.1}]


@pytest.mark.parametrize("options", CONFIGS, ids=label)
def test_config(options):
    ours, theirs = SGD(name="sgd", **options), keras.optimizers.SGD(name="sgd", **options)
    assert ours.get_config() == theirs.get_config()
    assert list(ours.get_config()) == list(theirs.get_config())
    assert optimizers.serialize(ours) == keras.optimizers.serialize(theirs)
    assert optimizers.deserialize(keras.optimizers.serialize(theirs)).get_config() == theirs.get_config()
    assert keras.optimizers.deserialize(optimizers.serialize(ours)).get_config() == ours.get_config()


def test_config_with_schedule():
    made = [
        module.SGD(module.schedules.CosineDecay(0.1, 10, warmup_target=0.2, warmup_steps=5), name="sgd")
        for module in (optimizers, keras.optimizers)
    ]
    assert made[0].get_config() == made[1].get_config()
    assert optimizers.serialize(made[0]) == keras.optimizers.serialize(made[1])
    again = optimizers.deserialize(keras.optimizers.serialize(made[1]))
    assert again.get_config() == made[1].get_config()


def test_attributes_of_the_state():
    ours, theirs = run_minikeras(COMBINATIONS[-1])[0], run_keras(COMBINATIONS[-1])[0]
    assert [(v.trainable, v.aggregation) for v in ours.variables] == [
        (v.trainable, v.aggregation) for v in theirs.variables
    ]
    assert [v.dtype for v in ours.variables] == [v.dtype for v in theirs.variables]


def test_automatic_names():
    keras.backend.clear_session()
    reset_names()
    theirs = [keras.optimizers.SGD().name for _ in range(3)]
    assert [SGD().name for _ in range(3)] == theirs


@pytest.mark.parametrize("name", ["sgd", "SGD", "Sgd"])
def test_get_by_name(name):
    assert type(optimizers.get(name)).__name__ == type(keras.optimizers.get(name)).__name__ == "SGD"


def test_every_name_of_keras_is_there_or_said_to_be_missing():
    classes = {
        name
        for name, value in vars(keras.optimizers).items()
        if isinstance(value, type) and issubclass(value, keras.optimizers.Optimizer) and name != "Optimizer"
    }
    for name in sorted(classes):
        if hasattr(optimizers, name):
            assert isinstance(optimizers.get(name), getattr(optimizers, name))
        else:
            with pytest.raises(NotImplementedError, match=f"{name} is not in minikeras yet"):
                optimizers.get(name)


def test_names_of_the_module():
    assert set(optimizers.schedules.__all__) == {n for n in dir(keras.optimizers.schedules) if not n.startswith("_")}


REFUSED = [
    {"learning_rate": 1},
    {"learning_rate": "0.1"},
    {"momentum": 1},
    {"momentum": -0.1},
    {"momentum": 1.1},
    {"clipnorm": 1.0, "clipvalue": 1.0},
    {"clipvalue": 1.0, "global_clipnorm": 1.0},
    {"use_ema": True, "ema_momentum": 1.1},
    {"use_ema": True, "ema_overwrite_frequency": 1.5},
    {"use_ema": True, "ema_overwrite_frequency": -1},
    {"gradient_accumulation_steps": 1},
    {"gradient_accumulation_steps": -2},
    {"no_such_argument": 1},
]


@pytest.mark.parametrize("options", REFUSED, ids=label)
def test_what_keras_refuses_is_refused(options):
    for cls in (SGD, keras.optimizers.SGD):
        with pytest.raises((ValueError, TypeError)):
            cls(**options)


ACCEPTED = [
    {"learning_rate": np.float64(0.005)},
    {"clipnorm": 0},
    {"clipnorm": 2},
    {"weight_decay": 0.0},
    {"ema_momentum": 7},
    {"use_ema": True, "ema_overwrite_frequency": 0},
    {"gradient_accumulation_steps": 0},
]


@pytest.mark.parametrize("options", ACCEPTED, ids=label)
def test_what_keras_accepts_works_the_same(options):
    ours, our_weights = run_minikeras(options)
    theirs, their_weights = run_keras(options)
    assert ours.get_config() == theirs.get_config()
    assert_same_weights(our_weights, their_weights)
