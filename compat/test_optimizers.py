"""Every name of `keras.optimizers`: the rules next to those of Keras, on the same gradients and with every option."""

import inspect
import itertools
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat import names
from compat.side_by_side import compare, set_weights
from minikeras import optimizers
from minikeras.compiler.step import Step
from minikeras.engine.naming import name_scope, reset_names
from minikeras.engine.variable import Variable
from minikeras.optimizers import SGD

STEPS = 50
USUAL = {"kernel": (3, 4), "bias": (4,)}
OTHER = {"kernel": (5, 2), "bias": (), "cube": (2, 3, 2)}

NAMES = names.public_names(keras.optimizers)
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.optimizers, name))]
AROUND_OTHERS = ("LossScaleOptimizer", "MultiOptimizer", "OptimizerMap")
RULES = [name for name in CLASSES if name not in (*AROUND_OTHERS, "Optimizer")]

# The options that only one optimizer has; a rule of Keras that is not here fails the tests.
OWN = {
    "Adadelta": [{"rho": 0.8, "epsilon": 1e-3}],
    "Adafactor": [
        {"beta_2_decay": -0.5, "epsilon_1": 0.1, "epsilon_2": 3.0, "clip_threshold": 0.5, "relative_step": False}
    ],
    "Adagrad": [{"initial_accumulator_value": 0.0, "epsilon": 1e-3}],
    "Adam": [{"amsgrad": True}, {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}],
    "AdamW": [{"weight_decay": 0.5}, {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3, "amsgrad": True}],
    "Adamax": [{"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}],
    "Ftrl": [
        {"learning_rate_power": -0.7, "initial_accumulator_value": 0.5, "beta": 0.5},
        {"l1_regularization_strength": 0.2, "l2_regularization_strength": 0.3},
        {"l2_shrinkage_regularization_strength": 0.1},
    ],
    "Lamb": [{"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}],
    "Lion": [{"beta_1": 0.8, "beta_2": 0.95}],
    "Muon": [
        {"nesterov": False, "rms_rate": None, "ns_steps": 3, "momentum": 0.8, "adam_weight_decay": None},
        {"muon_a": 3.0, "muon_b": -3.2, "muon_c": 1.2, "adam_lr_ratio": 0.5, "adam_weight_decay": 0.3},
        {"exclude_layers": ["output", "ker.el"], "adam_beta_1": 0.8, "adam_beta_2": 0.95, "epsilon": 1e-3},
    ],
    "Nadam": [{"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}],
    "RMSprop": [{"rho": 0.8, "momentum": 0.5}, {"centered": True, "epsilon": 1e-3}],
    "SGD": [{"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}],
    "ScheduleFreeAdamW": [{"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3, "warmup_steps": 20}],
}
# With these, the moves of 50 steps are large enough to show errors, and leave the weights far from 0.
RATES = {"Adadelta": 0.2, "Adagrad": 0.02, "Ftrl": 0.5}


def polynomial(module, rate=0.004):
    return module.schedules.PolynomialDecay(rate * 2, 30, end_learning_rate=rate / 4, power=2.0)


# Options that all have, several at a time; "exclude" is what does not decay.
SHARED = [
    {
        "clipnorm": 1.5,
        "weight_decay": 0.5,
        "exclude": lambda variables: {"var_names": ["bias"]},
        "loss_scale_factor": 8.0,
    },
    {"clipvalue": 0.5, "gradient_accumulation_steps": 3, "use_ema": True},
    {"global_clipnorm": 2.0, "use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 4},
    {
        "learning_rate": polynomial,
        "weight_decay": 0.5,
        "exclude": lambda variables: {"var_list": variables[:1]},
        "gradient_accumulation_steps": 2,
    },
]


class AsOnJax(keras.optimizers.ScheduleFreeAdamW):
    """Reads the value before the update where its code asks for it.

    On TensorFlow `momentum.value` is the variable itself: what Keras notes as the old value is the new one by the time
    it is used. On JAX, and in the paper, it is the old one.
    """

    class Before:
        def __init__(self, variable):
            self.variable, self.value = variable, tf.identity(variable.value)

        def __tf_tensor__(self, dtype=None, name=None):
            return tf.convert_to_tensor(self.variable.value, dtype, name)

    def update_step(self, gradient, variable, learning_rate):
        own = self._momentums
        self._momentums = [None if each is None else self.Before(each) for each in own]
        super().update_step(gradient, variable, learning_rate)
        self._momentums = own

    def assign_sub(self, variable, value):
        super().assign_sub(getattr(variable, "variable", variable), value)


def keras_class(name):
    return AsOnJax if name == "ScheduleFreeAdamW" else getattr(keras.optimizers, name)


def label(options):
    return "-".join(f"{name}={value}" for name, value in options.items()) or "plain"


def initial_weights(shapes):
    """Weights far from 0, where a bound on relative differences would have no meaning."""
    rng = np.random.default_rng(0)
    return [rng.uniform(1, 2, shape).astype("float32") for shape in shapes.values()]


def gradients(options, shapes):
    """Noise around 1 or -1, so that weights go somewhere."""
    rng = np.random.default_rng(1)
    scale = options.get("loss_scale_factor", 1)
    means = [1 - 2 * (np.arange(np.prod(shape)) % 2).reshape(shape) for shape in shapes.values()]
    return [[np.asarray(rng.normal(mean, 0.7) * scale, "float32") for mean in means] for _ in range(STEPS)]


def make_variables(cls, scope, shapes=USUAL):
    with scope("dense"):
        return [cls(value, name=name) for name, value in zip(shapes, initial_weights(shapes), strict=True)]


def run_keras(name, options, shapes=USUAL):
    variables = make_variables(keras.Variable, keras.name_scope, shapes)
    optimizer = made(keras_class(name), keras.optimizers, options, variables)
    with keras.name_scope("opt", caller=optimizer):  # as the first step does it
        optimizer.build(variables)
    # A compiled step takes a quarter of the time; it is what `fit` runs.
    step = tf.function(lambda *grads: optimizer.apply(list(grads), variables), autograph=False)
    for grads in gradients(options, shapes):
        step(*map(tf.constant, grads))
    return optimizer, variables


def run_minikeras(name, options, shapes=USUAL):
    variables = make_variables(Variable, name_scope, shapes)
    optimizer = made(getattr(optimizers, name), optimizers, options, variables)
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    for grads in gradients(options, shapes):
        step(grads)
    return optimizer, variables


def made(cls, module, options, variables):
    rate = RATES.get(cls.__name__, 0.004)
    given = {key: value for key, value in options.items() if key != "exclude"}
    given = {key: value(module, rate) if callable(value) else value for key, value in given.items()}
    optimizer = cls(name="opt", **{"learning_rate": rate, **given})
    if "exclude" in options:
        optimizer.exclude_from_weight_decay(**options["exclude"](variables))
    return optimizer


def assert_same_weights(ours, theirs, message=""):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-6, err_msg=message)


def described(optimizer):
    # A variable without a name has one with a number.
    paths = [re.sub(r"/variable_\d+$", "/variable", each.path) for each in optimizer.variables]
    return [(path, str(v.dtype), tuple(v.shape)) for path, v in zip(paths, optimizer.variables, strict=True)]


def assert_same_state(ours, theirs, message=""):
    assert described(ours) == described(theirs)
    for mine, other in zip(ours.variables, theirs.variables, strict=True):
        # Averages and accumulators pass through 0, where there is no relative difference.
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-6, atol=1e-6, err_msg=f"{message} {mine.path}")
    assert int(ours.iterations) == int(theirs.iterations)


def check_fifty_steps(name, options, shapes=USUAL):
    ours, our_weights = run_minikeras(name, options, shapes)
    theirs, their_weights = run_keras(name, options, shapes)
    message = label(options)
    assert_same_weights(our_weights, their_weights, message)
    assert_same_state(ours, theirs, message)
    for after, before in zip(our_weights, initial_weights(shapes), strict=True):
        assert np.abs(after.numpy() - before).max() > 0.003, message
    ours.finalize_variable_values(our_weights)
    theirs.finalize_variable_values(their_weights)
    assert_same_weights(our_weights, their_weights, message)
    return ours, theirs


@pytest.mark.parametrize("name", RULES)
def test_fifty_steps(name):
    cases = [*({**options} for options in OWN[name]), *SHARED]
    ours, theirs = check_fifty_steps(name, {}, OTHER)
    for options in cases:
        check_fifty_steps(name, options)
    check_states_go_both_ways(name, ours, theirs)


def check_states_go_both_ways(name, ours, theirs):
    stores = {}, {}
    ours.save_own_variables(stores[0])
    theirs.save_own_variables(stores[1])
    assert list(stores[0]) == list(stores[1])
    again = type(ours)(name="opt")
    again.build(make_variables(Variable, name_scope, OTHER))
    again.load_own_variables(stores[1])
    assert_same_state(again, theirs)
    theirs.load_own_variables(stores[0])
    assert_same_state(ours, theirs)


PARTS = [
    [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}],
    [{}, {"clipnorm": 1.5}, {"clipvalue": 0.5}, {"global_clipnorm": 2.0}],
    [{}, {"weight_decay": 0.1}],
    [{}, {"use_ema": True}, {"use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 4}],
    [{}, {"gradient_accumulation_steps": 3}],
    [{}, {"loss_scale_factor": 8.0}],
]
COMBINATIONS = [{name: value for part in parts for name, value in part.items()} for parts in itertools.product(*PARTS)]


def test_options_together():
    for options in COMBINATIONS[5::17]:
        check_fifty_steps("SGD", options)


def test_exclude_from_weight_decay():
    for exclude in (
        # Not anchored: on TensorFlow the pattern is looked for in the path, elsewhere, as here, in the name.
        lambda variables: {"var_names": ["ker.el", "nothing"]},
        lambda variables: {"var_list": [variables[0]], "var_names": ["bias"]},
    ):
        check_fifty_steps("SGD", {"weight_decay": 0.5, "exclude": exclude})


def test_learning_rate_set_between_steps():
    our_weights, their_weights = make_variables(Variable, name_scope), make_variables(keras.Variable, keras.name_scope)
    ours, theirs = SGD(0.01), keras.optimizers.SGD(0.01)
    step = Step(lambda grads: ours.apply(grads, our_weights), "step")
    for number, grads in enumerate(gradients({}, USUAL)):
        ours.learning_rate = theirs.learning_rate = 0.01 / (1 + number)
        step(grads)
        theirs.apply([keras.ops.convert_to_tensor(gradient) for gradient in grads], their_weights)
    assert_same_weights(our_weights, their_weights)


@pytest.mark.parametrize("name", RULES)
def test_variables_of_other_kinds(name):
    """One that is overwritten with its gradient, one of float16 and one of float64."""
    results = []
    for variable_class, cls in ((Variable, getattr(optimizers, name)), (keras.Variable, keras_class(name))):
        values = np.float32([[1, 2], [2, 1]]), np.float16([1, 2]), np.float64([3, 4])
        variables = [variable_class(value, dtype=str(value.dtype)) for value in values]
        variables[0].overwrite_with_gradient = True
        optimizer = cls(0.125, use_ema=True)
        for number in range(3):
            grads = [np.full(value.shape, number - 0.25, value.dtype) for value in values]
            optimizer.apply([keras.ops.convert_to_tensor(g) for g in grads], variables)
        results.append((described(optimizer)[2:], variables))
    (our_state, ours), (their_state, theirs) = results
    assert [part[1:] for part in our_state] == [part[1:] for part in their_state]
    # float16 has 3 digits; Keras's float64 has the float32 learning rate in it, too
    for mine, other, rtol in zip(ours, theirs, (0, 2e-3, 1e-6), strict=True):
        assert mine.dtype == str(other.dtype)
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=rtol)


def test_overwrite_with_gradient_and_accumulation():
    results = []
    for variable_class, cls in ((Variable, SGD), (keras.Variable, keras.optimizers.SGD)):
        variables = [variable_class(np.float32([1, 2])), variable_class(np.float32([3, 4]))]
        variables[1].overwrite_with_gradient = True
        optimizer = cls(0.5, momentum=0.5, use_ema=True, gradient_accumulation_steps=3)
        for number in range(7):
            grads = [np.float32([number, 1]), np.float32([5 - number, number])]
            optimizer.apply([keras.ops.convert_to_tensor(g) if cls is not SGD else g for g in grads], variables)
            results.append([variable.numpy() for variable in variables])
    np.testing.assert_allclose(results[:7], results[7:], rtol=1e-6)


# Optimizers around others.

# Where gradients are not finite: the first step, two in a row, and one right before the scale would grow.
SPOILED = {0: np.inf, 11: np.nan, 12: -np.inf, 20: np.nan, 33: np.inf}


def run_loss_scale(module, variable_class, scope, inner, replayed):
    variables = make_variables(variable_class, scope)
    inner = getattr(module, inner[0])(name="inner", learning_rate=0.004, **inner[1])
    optimizer = module.LossScaleOptimizer(inner, initial_scale=2.0**6, dynamic_growth_steps=4, name="opt")
    first = float(optimizer.scale_loss(np.float32(2.0)))
    optimizer.build(variables)
    apply = replayed(lambda grads: optimizer.apply(list(grads), variables))
    losses = []
    for number, grads in enumerate(gradients({}, USUAL)):
        losses.append(float(optimizer.scale_loss(np.float32(2.0))))
        grads = [np.float32(gradient * losses[-1] / 2) for gradient in grads]
        grads[number % 2].flat[number % 4] *= SPOILED.get(number, 1)
        apply(grads)
    optimizer.finalize_variable_values(variables)
    return optimizer, variables, [first, *losses]


def test_loss_scale_optimizer():
    for inner in (
        ("SGD", {"momentum": 0.5, "loss_scale_factor": 3.0}),
        ("Adam", {"use_ema": True, "gradient_accumulation_steps": 2, "clipnorm": 1.5}),
    ):
        ours, our_weights, our_losses = run_loss_scale(
            optimizers, Variable, name_scope, inner, lambda apply: Step(apply, "step")
        )

        def compiled(apply):
            step = tf.function(lambda *grads: apply(grads), autograph=False)
            return lambda grads: step(*map(tf.constant, grads))

        theirs, their_weights, their_losses = run_loss_scale(
            keras.optimizers, keras.Variable, keras.name_scope, inner, compiled
        )
        assert our_losses == their_losses and len(set(our_losses)) > 4
        assert_same_weights(our_weights, their_weights)
        assert_same_state(ours, theirs)
        assert ours.get_config() == theirs.get_config()
        assert ours.inner_optimizer.loss_scale_factor is theirs.inner_optimizer.loss_scale_factor is None
        assert optimizers.serialize(ours) == keras.optimizers.serialize(theirs)
        again = optimizers.deserialize(keras.optimizers.serialize(theirs))
        assert again.get_config() == keras.optimizers.deserialize(optimizers.serialize(ours)).get_config()


def test_fit_of_a_mixed_model():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 4)).astype("float32")
    y = x @ np.float32([[1.0], [2.0], [-1.0], [0.5]])

    def fit(k):
        k.config.set_dtype_policy("mixed_float16")
        try:
            given = k.optimizers.LossScaleOptimizer(k.optimizers.SGD(0.01, momentum=0.9), initial_scale=2.0**20)
            parts = [k.layers.Input((4,)), k.layers.Dense(8, "tanh"), k.layers.Dense(1)]
            model = set_weights(k.Sequential(parts))
            seen = []
            for optimizer in ("rmsprop", given):  # too large a scale: the first steps of the second are left out
                model.compile(optimizer, "mse")
                logs = model.fit(x, y, epochs=3, batch_size=16, shuffle=False, verbose=0).history["loss"]
                state = model.optimizer.dynamic_scale, model.optimizer.step_counter, model.optimizer.iterations
                seen.append([np.asarray(logs), type(model.optimizer).__name__, *(float(each) for each in state)])
            model.compile("sgd", "mse", auto_scale_loss=False)
            return seen, type(model.optimizer).__name__
        finally:
            k.config.set_dtype_policy("float32")

    seen, without = compare(fit, rtol=2e-3)  # activations and gradients have 3 digits
    assert [part[1] for part in seen] == ["LossScaleOptimizer"] * 2 and without == "SGD"
    assert seen[1][2] < 2.0**20 and seen[1][4] < 12


@pytest.mark.parametrize(
    "options", [{"clipnorm": 1.0}, {"use_ema": True}, {"dynamic": False}, {"no_such": 1}], ids=label
)
def test_loss_scale_optimizer_has_no_options_of_others(options):
    for module in (optimizers, keras.optimizers):
        module.LossScaleOptimizer(module.SGD(), dynamic=True, clipnorm=None, ema_momentum=0.99)
        with pytest.raises((ValueError, TypeError)):
            module.LossScaleOptimizer(module.SGD(), **options)


def run_multi(module, variable_class, scope, chosen):
    variables = make_variables(variable_class, scope, {**USUAL, "other": (2,)})
    kinds = {"a": module.SGD(0.01, momentum=0.5, name="a"), "b": module.Adam(0.02, use_ema=True, name="b")}
    optimizer = module.MultiOptimizer(chosen(module, kinds), loss_scale_factor=4.0, name="multi")
    loss = float(optimizer.scale_loss(np.float32(3.0)))
    for grads in gradients({}, {**USUAL, "other": (2,)})[:6]:
        optimizer.apply([keras.ops.convert_to_tensor(gradient) for gradient in grads], variables)
    before = [variable.numpy() for variable in variables]
    optimizer.finalize_variable_values(variables)
    return optimizer, variables, [loss, *before]


def test_multi_optimizer():
    def by_map(module, kinds):
        return module.OptimizerMap(kinds["a"], {".*/bias": kinds["b"], "dense/other": kinds["a"]})

    def by_function(module, kinds):
        return lambda variable: kinds["a" if "kernel" in variable.path else "b"]

    for chosen in (by_map, by_function):
        ours, our_weights, our_rest = run_multi(optimizers, Variable, name_scope, chosen)
        theirs, their_weights, their_rest = run_multi(keras.optimizers, keras.Variable, keras.name_scope, chosen)
        for mine, other in zip(our_rest, their_rest, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-6)
        assert_same_weights(our_weights, their_weights)
        assert_same_state(ours, theirs)
        for side in (ours, theirs):
            assert [each.name for each in side.optimizers] == (["b", "a"] if chosen is by_map else ["a", "b"])
            assert not hasattr(side, "learning_rate")
            side.loss_scale_factor = 2.0
            assert {each.loss_scale_factor for each in side.optimizers} == {2.0}
            with pytest.raises(AttributeError):
                side.learning_rate = 0.1
    ours = run_multi(optimizers, Variable, name_scope, by_map)[0]
    theirs = run_multi(keras.optimizers, keras.Variable, keras.name_scope, by_map)[0]
    assert ours.get_config() == theirs.get_config()
    again = optimizers.deserialize(keras.optimizers.serialize(theirs))
    assert again.get_config() == keras.optimizers.deserialize(optimizers.serialize(ours)).get_config()


def test_optimizer_map():
    results = []
    for module in (optimizers, keras.optimizers):
        kinds = [module.SGD(name=name) for name in "abcd"]
        chosen = module.OptimizerMap(kinds[0], {"x/y": kinds[1], "x/.*": kinds[2]})
        chosen["z/[ab]"] = kinds[3]
        found = [chosen[path].name for path in ("x/y", "x/yy", "x", "z/a", "z/ab", "")]
        del chosen["x/.*"]
        results.append([*found, *(key for key in chosen), len(chosen), chosen["x/yy"].name])
        chosen[".*/a"] = kinds[1]
        for refuse in (
            lambda chosen, module, kinds: chosen["z/a"],
            lambda chosen, module, kinds: chosen.__setitem__("x/y", kinds[0]),
            lambda chosen, module, kinds: chosen.__setitem__(3, kinds[0]),
            lambda chosen, module, kinds: chosen.__setitem__("n", "sgd"),
            lambda chosen, module, kinds: chosen.__setitem__("n", module.LossScaleOptimizer(kinds[0])),
            lambda chosen, module, kinds: chosen.__setitem__("n", module.MultiOptimizer(module.OptimizerMap(kinds[0]))),
            lambda chosen, module, kinds: module.OptimizerMap("sgd"),
            lambda chosen, module, kinds: module.OptimizerMap(kinds[0], ["sgd"]),
        ):
            with pytest.raises((ValueError, TypeError)):
                refuse(chosen, module, kinds)
    assert results[0] == results[1]


# Names, arguments and configs.


@pytest.mark.parametrize("path", ["", ".schedules", ".legacy"])
def test_every_name_of_keras_is_there(path):
    ours, theirs = (names.find(library, f"optimizers{path}") for library in (minikeras, keras))
    expected = [name for name in dir(theirs) if not name.startswith("_")]
    assert sorted(ours.__all__) == sorted(expected)
    assert all(hasattr(ours, name) for name in expected)


@pytest.mark.parametrize("name", NAMES)
def test_signatures(name):
    ours, theirs = getattr(optimizers, name), getattr(keras.optimizers, name)
    if name == "Optimizer":  # the class on TensorFlow passes on `*args`
        theirs = next(cls for cls in theirs.__mro__ if cls.__name__ == "BaseOptimizer")
    ours, theirs = inspect.signature(ours), inspect.signature(theirs)
    described = [[(p.name, p.default, p.kind) for p in side.parameters.values()] for side in (ours, theirs)]
    assert described[0] == described[1]


@pytest.mark.parametrize("name", CLASSES)
def test_methods_and_properties(name):
    ours, theirs = getattr(optimizers, name), getattr(keras.optimizers, name)
    kinds = (inspect.isfunction, inspect.ismethod, lambda value: isinstance(value, property))
    for kind in kinds:
        expected = {each for each, _ in inspect.getmembers(theirs, kind) if not each.startswith("_")} - NOT_PUBLIC
        assert expected <= {each for each, _ in inspect.getmembers(ours, kind)}


# Methods without an underscore that Keras's pages do not show.
NOT_PUBLIC = {"check_finite", "lr_adjust", "transpose_last_axis", "zeropower_via_newtonschulz5"}


def test_legacy_names():
    for name in names.public_names(keras.optimizers.legacy):
        with pytest.raises(ImportError):
            getattr(keras.optimizers.legacy, name)()
        if name == "Optimizer":
            with pytest.raises(NotImplementedError):
                optimizers.legacy.Optimizer()
        else:
            with pytest.warns(DeprecationWarning, match=f"write `optimizers.{name}`"):
                assert type(getattr(optimizers.legacy, name)(0.5)) is getattr(optimizers, name)


def test_automatic_names():
    keras.backend.clear_session(free_memory=False)
    reset_names()
    for name in [*RULES, *RULES]:
        assert getattr(optimizers, name)().name == getattr(keras.optimizers, name)().name


def test_get_by_name():
    for name in RULES:
        for written in (name, name.lower(), name.upper()):
            assert type(optimizers.get(written)) is getattr(optimizers, name)
            if name != "Lamb":  # Keras has it, but does not find it by its name
                assert type(keras.optimizers.get(written)) is getattr(keras.optimizers, name)
    for identifier in ("rms_prop", "optimizer", "lossscaleoptimizer", "multioptimizer", 3, object()):
        for module in (optimizers, keras.optimizers):
            with pytest.raises((ValueError, TypeError, KeyError)):
                module.get(identifier)


@pytest.mark.parametrize("name", RULES)
def test_configs(name):
    shared = [{key: value for key, value in options.items() if key != "exclude"} for options in SHARED]
    for options in ({}, *OWN[name], *shared, {"learning_rate": 0.1, "name": "mine"}):
        ours, theirs = (
            getattr(module, name)(**{key: value(module) if callable(value) else value for key, value in all_of.items()})
            for module, all_of in ((module, {"name": "opt", **options}) for module in (optimizers, keras.optimizers))
        )
        assert ours.get_config() == theirs.get_config()
        assert list(ours.get_config()) == list(theirs.get_config())
        assert optimizers.serialize(ours) == keras.optimizers.serialize(theirs)
        assert optimizers.deserialize(keras.optimizers.serialize(theirs)).get_config() == theirs.get_config()
        assert keras.saving.deserialize_keras_object(optimizers.serialize(ours)).get_config() == ours.get_config()


def test_attributes_of_the_state():
    ours, theirs = run_minikeras("SGD", COMBINATIONS[-1])[0], run_keras("SGD", COMBINATIONS[-1])[0]
    assert [(v.trainable, v.aggregation) for v in ours.variables] == [
        (v.trainable, v.aggregation) for v in theirs.variables
    ]


REFUSED = [
    ("SGD", {"learning_rate": 1}),
    ("SGD", {"learning_rate": "0.1"}),
    ("SGD", {"momentum": 1}),
    ("SGD", {"momentum": -0.1}),
    ("SGD", {"momentum": 1.1}),
    ("SGD", {"clipnorm": 1.0, "clipvalue": 1.0}),
    ("SGD", {"clipvalue": 1.0, "global_clipnorm": 1.0}),
    ("SGD", {"use_ema": True, "ema_momentum": 1.1}),
    ("SGD", {"use_ema": True, "ema_overwrite_frequency": 1.5}),
    ("SGD", {"use_ema": True, "ema_overwrite_frequency": -1}),
    ("SGD", {"gradient_accumulation_steps": 1}),
    ("SGD", {"gradient_accumulation_steps": -2}),
    ("AdamW", {"weight_decay": None}),
    ("Ftrl", {"initial_accumulator_value": -0.1}),
    ("Ftrl", {"learning_rate_power": 0.1}),
    ("Ftrl", {"l1_regularization_strength": -0.1}),
    ("Ftrl", {"l2_regularization_strength": -0.1}),
    ("Ftrl", {"l2_shrinkage_regularization_strength": -0.1}),
    ("Lion", {"beta_1": 0.0}),
    ("Lion", {"beta_1": 1.1}),
    *((name, {"no_such_argument": 1}) for name in RULES),
]


def test_what_keras_refuses_is_refused():
    for name, options in REFUSED:
        for module in (optimizers, keras.optimizers):
            with pytest.raises((ValueError, TypeError)):
                getattr(module, name)(**options)


ACCEPTED = [
    {"learning_rate": np.float64(0.005)},
    {"clipnorm": 0},
    {"clipnorm": 2},
    {"weight_decay": 0.0},
    {"ema_momentum": 7},
    {"use_ema": True, "ema_overwrite_frequency": 0},
    {"gradient_accumulation_steps": 0},
]


def test_what_keras_accepts_works_the_same():
    for options in ACCEPTED:
        ours, theirs = check_fifty_steps("SGD", options)
        assert ours.get_config() == theirs.get_config()


def tenth():
    return 0.1


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of TensorFlow
def test_a_function_as_learning_rate_in_configs_and_files(tmp_path):
    configs = [k.optimizers.SGD(tenth, name="s").get_config() for k in (keras, minikeras)]
    assert configs[0] == configs[1]
    assert optimizers.SGD.from_config(configs[0], {"tenth": tenth}).learning_rate == 0.1
    for writer, reader in ((keras, minikeras), (minikeras, keras)):
        model = writer.Sequential([writer.Input((2,)), writer.layers.Dense(1)])
        model.compile(writer.optimizers.Adam(tenth), "mse")
        model.optimizer.build(model.trainable_variables)  # Keras warns that a state without moments is not loaded
        model.save(tmp_path / "a.keras")
        again = reader.saving.load_model(tmp_path / "a.keras", custom_objects={"tenth": tenth})
        assert type(again.optimizer) is reader.optimizers.Adam and again.optimizer.learning_rate == 0.1
