"""What many tests share: gradients checked numerically, steps against their replay, layers and optimizers in full."""

import gc
import itertools
import json
import tempfile
import threading
from contextlib import contextmanager

import numpy as np

import minikeras
from minikeras import layers, ops, optimizers
from minikeras.compiler.step import Step
from minikeras.engine import tree
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace, current_trace
from minikeras.graph.keras_tensor import KerasTensor


@contextmanager
def without_foreign_finalizers():
    """Collects the garbage of other tests, and switches off what other packages call when garbage is collected.

    Python ignores what is raised in both, an interrupt included.
    """
    gc.collect()
    before = gc.callbacks[:]
    gc.callbacks.clear()
    try:
        yield
    finally:
        gc.callbacks[:] = before


def refuse_threads(monkeypatch):
    """Lets no thread be started, as in a browser, where Python raises just this."""

    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)


STEP = 1e-5  # of the differences: their error is then about 1e-10


def check_grads(function, *arrays, order=2, rtol=1e-4, atol=1e-6):
    """Compares traced gradients with central differences in float64, up to gradients of gradients.

    Args:
        function: Takes one value per array and returns a value or several, computed with ops.
        *arrays: Where to compare; the function has to be smooth there.
        order: 1: gradients; 2: also the gradients of a weighted sum of them.
        rtol: How much they may differ, relative to the numerical ones.
        atol: How much they may differ besides.
    """
    arrays = [np.asarray(array, dtype=np.float64) for array in arrays]
    for number in range(1, order + 1):
        traced = _gradient_function(function)(*arrays)
        for index, array in enumerate(arrays):
            numerical = _differences(function, arrays, index)
            assert traced[index].shape == array.shape
            np.testing.assert_allclose(
                traced[index], numerical, rtol=rtol, atol=atol, err_msg=f"order {number}, input {index}"
            )
        function = _gradient_function(function)


def _weighted_sum(function, inputs):
    # Different weights: with equal ones, errors that only move gradients between elements would not show.
    total = 0.0
    for output in tree.flatten(function(*inputs)):
        weights = np.random.default_rng(output.size).uniform(0.5, 1.5, output.shape)
        total = total + ops.sum(output * weights)
    return total


def _differences(function, arrays, index):
    result = np.empty_like(arrays[index])
    for place in np.ndindex(result.shape):
        sums = []
        for sign in (1, -1):
            moved = arrays[index].copy()
            moved[place] += sign * STEP
            sums.append(float(_weighted_sum(function, [*arrays[:index], moved, *arrays[index + 1 :]])))
        result[place] = (sums[0] - sums[1]) / (2 * STEP)
    return result


def _gradient_function(function):
    def recorded(inputs):
        total = _weighted_sum(function, inputs)
        # The gradient of a linear function is a constant, and has itself no gradient.
        found = gradients(total, inputs) if isinstance(total, Tensor) else [None] * len(inputs)
        return [ops.zeros_like(value) if grad is None else grad for value, grad in zip(inputs, found, strict=True)]

    def gradient(*inputs):
        if current_trace() is not None:
            return recorded(inputs)
        with Trace() as trace:
            found = recorded([Tensor(array, trace) for array in inputs])
            return [np.array(grad.array if isinstance(grad, Tensor) else grad) for grad in found]

    return gradient


def run_step_test(function, *data, variables=()):
    """Checks that eager, traced and replayed runs of a step give the same bits, in results and in variables.

    Args:
        function: Takes one nested structure of values.
        *data: Two or more arguments of the same shapes, for steps one after the other.
        variables: The variables that the function reads or assigns to.

    Returns:
        The results of the steps.
    """
    assert len(data) > 1, "nothing is replayed with data for one step"
    start = [variable.numpy() for variable in variables]
    expected = _run(Step(function, "eager", replay=False), data, variables)
    step = Step(function, "replayed")
    for _ in ("traced, then replayed", "all replayed"):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        _assert_same_bits(_run(step, data, variables), expected)
    assert len(step.plans()) == 1, "the step was not replayed"
    for variable, value in zip(variables, start, strict=True):
        variable.assign(value)
    (plan,) = step.plans().values()
    _assert_same_bits(_run(_elsewhere(plan), data, variables), expected)
    return [result for result, _ in expected]


def plans_of(model, kind="train"):
    """Returns the plans of a step of a model that hold now, by signature of the batch.

    Args:
        model: A model that has run the step.
        kind: "train", "test" or "predict".
    """
    return model._runner.step(kind).plans()


def _elsewhere(plan):
    """Returns a step that runs a plan on data in two other places in turn."""
    blocks = [[np.full_like(place, 7) for place in plan.inputs] for _ in range(2)]
    turns = itertools.cycle([(block, plan.bind_to(block)) for block in blocks])

    def run(argument):
        block, replay = next(turns)
        for place, array in zip(block, tree.flatten(argument), strict=True):
            np.copyto(place, array)
        replay()
        return plan.results()

    return run


def _run(step, data, variables):
    record = []
    for argument in data:
        result = tree.map_structure(np.array, step(argument))
        record.append((result, [variable.numpy() for variable in variables]))
    return record


def _assert_same_bits(received, expected):
    for number, (ours, theirs) in enumerate(zip(received, expected, strict=True)):
        assert tree.structure_key(ours) == tree.structure_key(theirs)
        for first, second in zip(tree.flatten(ours), tree.flatten(theirs), strict=True):
            assert (first.dtype, first.shape) == (second.dtype, second.shape)
            assert first.tobytes() == second.tobytes(), f"step {number}: {first} instead of {second}"


def run_layer_test(make_layer, input_shape, output_shape, order=2):
    """Checks what has to hold for every layer.

    The shape rule tells the real shape; symbolic, eager, traced and replayed calls agree, in training too; a config
    makes the same layer again; gradients equal differences; a model with the layer trains, replayed as run eagerly.

    Args:
        make_layer: Returns a new layer, each time with the same arguments.
        input_shape: The shape of the input, with the batch.
        output_shape: The shape that the output must have.
        order: How many times the layer is differentiated; 0 for a layer without a gradient.
    """
    rng = np.random.default_rng(3)
    data = [rng.uniform(-2, 2, input_shape).astype("float32") for _ in range(3)]
    layer = make_layer()
    _check_shapes(layer, data[0], output_shape)
    for training in (False, True):
        with_training = _caller(layer, training)
        run_step_test(with_training, *data, variables=layer.variables)
        if order:
            run_step_test(_weight_gradients(layer, with_training), *data, variables=layer.variables)
    _check_config(layer, data[0])
    _check_saving(make_layer, data[0])
    if order:
        _check_layer_gradients(layer, data[0].astype("float64"), order)
    _check_fit(make_layer, data)


def _caller(layer, training):
    takes_training = "training" in type(layer).call.__code__.co_varnames
    return lambda x: layer(x, training=training) if takes_training else layer(x)


def _check_shapes(layer, x, output_shape):
    output = layer(x)
    assert type(output) is np.ndarray and output.dtype == layer.compute_dtype
    assert output.shape == tuple(output_shape) == tuple(layer.compute_output_shape(x.shape))
    symbolic = layer(KerasTensor((None, *x.shape[1:])))
    assert symbolic.shape == (None, *output_shape[1:]) and symbolic.dtype == layer.compute_dtype
    assert layer.built and all(weight.dtype == layer.dtype for weight in layer.weights)


def _check_config(layer, x):
    config = layer.get_config()
    again = type(layer).from_config(config)
    assert again.get_config() == config and again.name == layer.name
    own = {} if type(layer).__module__.startswith("minikeras.") else {type(layer).__name__: type(layer)}
    restored = layers.deserialize(json.loads(json.dumps(layers.serialize(layer))), own)
    for other in (again, restored):
        other(x)
        other.set_weights(layer.get_weights())
        assert other(x).tobytes() == layer(x).tobytes()


def _check_saving(make_layer, x):
    layer = make_layer()
    model = minikeras.Sequential([layers.Input(x.shape[1:]), layer])
    expected = model(x)  # which a layer may need before it has its state
    own = {} if type(layer).__module__.startswith("minikeras.") else {type(layer).__name__: type(layer)}
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/a.keras")
        again = minikeras.saving.load_model(f"{folder}/a.keras", own)
    assert again(x).tobytes() == expected.tobytes() and again.layers[0].name == layer.name


def _weight_gradients(layer, call):
    def step(x):
        sources = [x, *layer.trainable_variables]
        return [ops.zeros_like(source) if grad is None else grad for source, grad in _pairs(sources, call(x))]

    return step


def _pairs(sources, output):
    total = ops.sum(output * output)
    found = gradients(total, sources) if isinstance(total, Tensor) else [None] * len(sources)
    return zip(sources, found, strict=True)


def _check_layer_gradients(layer, x, order):
    double = type(layer).from_config({**layer.get_config(), "dtype": "float64"})
    double(x)
    double.set_weights(layer.get_weights())
    check_grads(double, x, order=order)
    variables = double.trainable_variables
    start = [variable.numpy() for variable in variables]

    def at(*values):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return double(x)

    with Trace() as trace:
        found = gradients(_weighted_sum(double, [Tensor(x, trace)]), variables)
        for variable, grad in zip(variables, found, strict=True):
            assert grad is not None, f"no gradient reaches {variable.path}"
        found = [np.array(grad.array if isinstance(grad, Tensor) else grad) for grad in found]
    for index, grad in enumerate(found):
        np.testing.assert_allclose(grad, _differences(at, start, index), rtol=1e-4, atol=1e-6)


def _check_fit(make_layer, data):
    x, y = np.concatenate(data), np.concatenate([np.sum(part, axis=tuple(range(1, part.ndim))) for part in data])
    results = []
    for eager in (False, True):
        minikeras.utils.set_random_seed(5)
        layer = make_layer()
        model = minikeras.Sequential([layers.Input(x.shape[1:]), layer, layers.Flatten(), layers.Dense(1)])
        model.compile("sgd", "mse", run_eagerly=eager)
        before = [variable.numpy() for variable in layer.trainable_variables]
        history = model.fit(x, y, batch_size=len(data[0]), epochs=2, verbose=0, shuffle=False).history
        assert np.isfinite(history["loss"]).all()
        for old, variable in zip(before, layer.trainable_variables, strict=True):
            assert not np.array_equal(old, variable.numpy()), f"{variable.path} was not trained"
        results.append([history["loss"], *model.get_weights()])
    for replayed, eager in zip(*results, strict=True):
        np.testing.assert_array_equal(replayed, eager)


def run_optimizer_test(cls, learning_rate, **options):
    """Checks what has to hold for every optimizer, with its own options and with those that all have.

    Eager, traced and replayed steps agree; applying to values equals applying to variables; state goes from one to
    another; a config makes the same optimizer again; a model trains, replayed as run eagerly, to a smaller loss.

    Args:
        cls: The class.
        learning_rate: One with which 24 steps at least halve the loss of a small linear model.
        **options: Its own options.
    """
    shared = {"clipnorm": 5.0, "use_ema": True, "ema_overwrite_frequency": 3, "gradient_accumulation_steps": 2}
    for given in (options, {**options, **shared, "loss_scale_factor": 4.0, "weight_decay": 0.01}):
        made = cls(learning_rate=learning_rate, **given)
        _check_optimizer_steps(made)
        config = json.loads(json.dumps(optimizers.serialize(made)))
        assert cls.from_config(made.get_config()).get_config() == made.get_config()
        assert optimizers.deserialize(config).get_config() == made.get_config()
    _check_optimizer_fit(lambda: cls(learning_rate=learning_rate, **options))


def _check_optimizer_steps(optimizer):
    rng = np.random.default_rng(0)
    shapes = (3, 2), (2,), (), (2, 2, 3), (0, 3)
    variables = [minikeras.Variable(rng.uniform(1, 2, shape).astype("float32")) for shape in shapes]
    data = [[np.asarray(rng.normal(size=shape), "float32") for shape in shapes] for _ in range(5)]
    optimizer.build(variables)
    everything = [*variables, *optimizer.variables]
    start = [variable.numpy() for variable in everything]

    def step(grads):
        optimizer.apply(grads, variables)
        return [ops.sum(variable) for variable in variables]

    run_step_test(step, *data, variables=everything)
    after = [variable.numpy() for variable in everything]
    assert [value.dtype for value in after] == [value.dtype for value in start]
    assert all(not np.array_equal(old, new) for old, new in zip(start[:4], after[:4], strict=True))
    _check_stateless_steps(optimizer, variables, data[-1])
    twin = type(optimizer).from_config(optimizer.get_config())
    copies = [minikeras.Variable(variable.numpy()) for variable in variables]
    twin.build(copies)
    store = {}
    optimizer.save_own_variables(store)
    twin.load_own_variables(store)
    for each, own in ((optimizer, variables), (twin, copies)):
        each.apply(data[0], own)
    for first, second in zip([*variables, *optimizer.variables], [*copies, *twin.variables], strict=True):
        assert first.numpy().tobytes() == second.numpy().tobytes(), first.path


def _check_stateless_steps(optimizer, variables, grads):
    weights, state = ([variable.numpy() for variable in part] for part in (variables, optimizer.variables))
    new_weights, new_state = optimizer.stateless_apply(state, grads, weights)
    for values, part in ((weights, variables), (state, optimizer.variables)):
        assert all(value.tobytes() == variable.numpy().tobytes() for value, variable in zip(values, part, strict=True))
    optimizer.apply(grads)
    for values, part in ((new_weights, variables), (new_state, optimizer.variables)):
        for value, variable in zip(values, part, strict=True):
            assert np.asarray(value).tobytes() == variable.numpy().tobytes(), variable.path


def _check_optimizer_fit(make_optimizer):
    rng = np.random.default_rng(2)
    x = rng.normal(size=(32, 3)).astype("float32")
    y = x @ np.float32([[0.5], [-0.5], [0.25]]) + np.float32(0.5)
    results = []
    for eager in (False, True):
        model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
        model.compile(make_optimizer(), "mse", run_eagerly=eager)
        losses = model.fit(x, y, batch_size=8, epochs=6, verbose=0, shuffle=False).history["loss"]
        assert losses[-1] < 0.5 * losses[0], losses
        results.append([losses, *model.get_weights()])
    for replayed, eager in zip(*results, strict=True):
        np.testing.assert_array_equal(replayed, eager)
