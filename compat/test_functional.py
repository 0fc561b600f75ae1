"""Functional models beside those of real Keras: names, configs, summaries, outputs, training, copies, errors."""

import json
import os
import re

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

import minikeras
from compat.side_by_side import attempt, compare, outcome, set_weights

RNG = np.random.default_rng(0)
X, OTHER = (RNG.normal(size=(12, 4)).astype("float32") for _ in range(2))
Y = RNG.normal(size=(12, 1)).astype("float32")
WORDS = RNG.integers(0, 5, (12, 6)).astype("int32")


def chain(k):
    x = k.Input((4,), name="x")
    return k.Model(x, k.layers.Dense(1)(k.layers.Dense(3, activation="relu")(x)))


def named(k):
    x = k.Input((4,))
    return k.Model(inputs=x, outputs=k.layers.Dense(1)(x), name="mine", trainable=False)


def two_inputs(k):
    a, b = k.Input((4,), name="a"), k.Input((4,), name="b")
    return k.Model([a, b], k.layers.Dense(1)(k.layers.Concatenate()([a, b])))


def two_outputs(k):
    x = k.Input((4,))
    hidden = k.layers.Dense(3, activation="tanh")(x)
    return k.Model(x, [k.layers.Dense(1, name="first")(hidden), k.layers.Dense(2, name="second")(hidden)])


def nested_structures(k):
    a, b, c = (k.Input((4,), name=name) for name in "abc")
    hidden = k.layers.Dense(3, name="hidden")
    pair = hidden(a), k.layers.Subtract()([hidden(b), hidden(c)])
    return k.Model({"a": a, "b": b, "c": c}, {"pair": pair, "list": [hidden.output, pair[1] * 2]})


def tuples(k):
    a, b = k.Input((4,)), k.Input((4,))
    return k.Model((a, b), (a + b, a - b))


def one_in_lists(k):
    x = k.Input((4,))
    return k.Model([x], [k.layers.Dense(1)(x)])


def residual(k):
    x = k.Input((4,))
    value = x
    for _ in range(3):
        value = k.layers.add([value, k.layers.Dense(4, activation="relu")(value)])
    return k.Model(x, k.layers.Dense(1)(value))


def residual_with_operators(k):
    x = k.Input((4,))
    value = x + k.layers.Dense(4, activation="relu")(x)
    return k.Model(x, k.layers.Dense(1)(0.5 * value - value / 4))


def every_operator(k):
    x, y = k.Input((4,)), k.Input((4,))
    values = [x + y, 1 + x, x - y, 1 - x, x * y, 2 * x, x / y, 1 / y, x**2, 2**x, -x, abs(x), x // y, x % y]
    logic = [x > y, x >= 0, x < y, x <= 0, x != y, (x > 0) & (y > 0), (x > 0) | (y > 0), ~(x > 0)]
    items = [x[:, 0], x[:, 1:3], x[:, ::2], x[..., None], x[:, -1:]]
    return k.Model(
        [x, y], [*values, *items, k.ops.cast(logic[0], "float32"), *logic[1:], x @ np.ones((4, 2), "float32")]
    )


def operations(k):
    x, y = k.Input((4,)), k.Input((4,))
    ops = k.ops
    value = ops.concatenate([x, ops.relu(y), x * 2.0], axis=-1)
    value = ops.reshape(value, (-1, 4, 3))
    value = ops.mean(value, axis=1, keepdims=True) + ops.max(value, axis=1, keepdims=True)
    value = ops.squeeze(ops.transpose(value, (0, 2, 1)), axis=-1)
    stacked = ops.stack([value, ops.softmax(value)], axis=1)
    picked = ops.where(value > 0, value, ops.zeros_like(value))
    return k.Model([x, y], [stacked, picked, ops.clip(value, -1.0, 1.0), ops.matmul(x, np.ones((4, 2), "float32"))])


def shared_layer(k):
    a, b = k.Input((4,), name="a"), k.Input((4,), name="b")
    shared = k.layers.Dense(3, name="shared")
    return k.Model([a, b], k.layers.Dot(axes=-1)([shared(a), shared(b)]))


def called_on_itself(k):
    x = k.Input((4,), name="x")
    layer = k.layers.Dense(4, name="again")
    return k.Model(x, [layer(layer(x)), layer.output])


def models_as_layers(k):
    inner = chain(k)
    sequential = k.Sequential([k.Input((4,)), k.layers.Dense(4, name="d")], name="stack")
    x = k.Input((4,), name="outside")
    return k.Model(x, inner(sequential(sequential(x))))


def model_twice(k):
    x = k.Input((4,), name="outside")
    inner = k.Model(x, k.layers.Dense(4, name="inside")(x), name="inner")
    y = k.Input((4,), name="y")
    return k.Model(y, inner(inner(y)[:, :4]))


def several_in_a_layer(k):
    inner = two_outputs(k)
    x = k.Input((4,), name="outside")
    first, second = inner(x)
    return k.Model(x, k.layers.concatenate([first, second]))


def unused_input(k):
    a, b = k.Input((4,), name="a"), k.Input((4,), name="b")
    return k.Model([a, b], k.layers.Dense(1)(a))


def input_as_output(k):
    x = k.Input((4,), name="x")
    return k.Model(x, [x, k.layers.Dense(1)(x)])


def diamond(k):
    x = k.Input((4,))
    left = k.layers.Dense(3, name="left")(x)
    right = k.layers.Dense(3, name="right2")(k.layers.Dense(3, name="right1")(x))
    return k.Model(x, k.layers.Multiply()([k.layers.Average()([left, right]), k.layers.Maximum()([left, right])]))


def masked(k):
    x = k.Input((6,), dtype="int32")
    words = k.layers.Embedding(5, 3, mask_zero=True, name="words")(x)
    return k.Model(x, k.layers.Dense(1, name="score")(k.layers.Dropout(0.2, seed=3)(words)))


def mask_handed_on(k):
    x = k.Input((6, 2))
    value = k.layers.Activation("tanh")(k.layers.Masking()(x))
    return k.Model(x, k.layers.Softmax(axis=1)(value))


def training_of_ones_own(k):
    x = k.Input((4,))
    return k.Model(x, k.layers.Dropout(0.5, seed=1)(k.layers.Dense(4)(x), training=False))


def regularized(k):
    x = k.Input((4,))
    value = k.layers.Dense(3, kernel_regularizer="l2", activity_regularizer=k.regularizers.L1(0.1))(x)
    return k.Model(x, k.layers.Dense(1, bias_regularizer="l1", kernel_constraint="non_neg")(value))


def reshaping(k):
    x = k.Input((4,))
    value = k.layers.Permute((2, 1))(k.layers.RepeatVector(3)(x))
    return k.Model(x, k.layers.Flatten()(k.layers.Identity()(k.layers.Reshape((-1, 2))(value))))


def middle_of_another(k):
    model = residual(k)
    return k.Model(model.layers[2].output, [model.layers[4].output, model.output])


def features_of_another(k):
    model = residual(k)
    return k.Model(model.input, [layer.output for layer in model.layers[1:4]])


def of_sequential(k):
    model = k.Sequential([k.Input((4,)), k.layers.Dense(3), k.layers.Dense(1)])
    return k.Model(model.inputs, model.layers[0].output)


def numbers_of_another_type(k):
    x = k.Input((4,), dtype="int32")
    return k.Model(x, k.layers.Dense(1)(x))


def fixed_batch(k):
    x = k.Input(batch_shape=(12, 4))
    return k.Model(x, k.layers.Dense(1)(x))


def subclass_of_a_graph(k):
    class Mine(k.Model):
        pass

    x = k.Input((4,))
    return Mine(x, k.layers.Dense(1)(x))


def graph_made_in_init(k):
    class Mine(k.Model):
        def __init__(self, units):
            x = k.Input((4,))
            self.first = k.layers.Dense(units, name="first")
            super().__init__(x, k.layers.Dense(1, name="last")(self.first(x)), name="mine")
            self.extra = k.layers.Dense(2, name="extra")

    return Mine(3)


MODELS = [
    chain,
    named,
    two_inputs,
    two_outputs,
    nested_structures,
    tuples,
    one_in_lists,
    residual,
    residual_with_operators,
    every_operator,
    operations,
    shared_layer,
    called_on_itself,
    models_as_layers,
    model_twice,
    several_in_a_layer,
    unused_input,
    input_as_output,
    diamond,
    masked,
    mask_handed_on,
    training_of_ones_own,
    regularized,
    reshaping,
    middle_of_another,
    features_of_another,
    of_sequential,
    numbers_of_another_type,
    fixed_batch,
    subclass_of_a_graph,
    graph_made_in_init,
]
every_model = pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)


def as_json(config):
    """The config as it would be written to a file: the name of the package is all that may differ."""
    return json.loads(json.dumps(config).replace('"minikeras', '"keras'))


def data_for(model):
    """Data that fits the inputs of a model, nested as they are."""
    arrays = iter([X, OTHER, X[::-1].copy(), OTHER[::-1].copy()])

    def array(tensor):
        if tensor.shape[1:] == (6,):
            return WORDS
        if tensor.shape[1:] == (6, 2):
            return np.where(WORDS[..., None] > 1, WORDS[..., None] * np.ones(2), 0).astype("float32")
        return next(arrays)

    structure = model.input
    if isinstance(structure, dict):
        return {key: array(structure[key]) for key in sorted(structure)}
    return type(structure)(map(array, structure)) if isinstance(structure, (list, tuple)) else array(structure)


@every_model
def test_config(make):
    config = compare(lambda k: as_json(make(k).get_config()))
    assert "name" in config


@every_model
def test_whole_config(make):
    """With what surrounds it: modules, classes, what it was built and compiled with."""
    compare(lambda k: as_json(k.saving.serialize_keras_object(make(k))))


SUMMARIES = {
    "plain": {},
    "nested": {"expand_nested": True},
    "trainable": {"show_trainable": True, "expand_nested": True},
    "wide": {"line_length": 130},
    "narrow": {"line_length": 60},
}


@every_model
def test_summary(make):
    def code(k):
        texts, model = [], make(k)
        for options in SUMMARIES.values():
            model.summary(print_fn=texts.append, **options)
        return texts

    compare(code)


ATTRIBUTES = {
    "names": lambda m: (m.name, m.path, repr(m), m.built, m.trainable),
    "layers": lambda m: [(layer.name, layer.built) for layer in m.layers],
    "paths": lambda m: [layer.path for layer in m.layers],
    "operations": lambda m: [operation.name for operation in m.operations],
    "reprs": lambda m: [repr(operation) for operation in m.operations],
    "inputs": lambda m: [repr(tensor) for tensor in m.inputs],
    "outputs": lambda m: [repr(tensor).replace("sparse=True", "sparse=False") for tensor in m.outputs],
    "shapes": lambda m: (m.input_shape, m.output_shape),
    "output_names": lambda m: list(m.output_names),
    "weights": lambda m: [(w.path, tuple(w.shape), str(w.dtype), w.trainable) for w in m.weights],
    "variables": lambda m: [v.path for v in m.variables],
    "trainable": lambda m: [v.path for v in m.trainable_variables],
    "not trainable": lambda m: [v.path for v in m.non_trainable_variables],
    "build config": lambda m: m.get_build_config(),
    "compile config": lambda m: m.get_compile_config(),
    "dtypes": lambda m: (m.dtype, m.compute_dtype, m.dtype_policy.name),
}


@every_model
def test_attributes(make):
    def code(k):
        model = make(k)
        return {name: attempt(lambda read=read: read(model)) for name, read in ATTRIBUTES.items()}

    compare(code)


@every_model
def test_inputs_and_outputs_of_layers(make):
    def code(k):
        inner = [layer for layer in make(k).layers if not isinstance(layer, k.layers.InputLayer)]
        return [attempt(lambda layer=layer: (repr(layer.input), repr(layer.output))) for layer in inner]

    compare(code)


@every_model
def test_outputs(make):
    def code(k):
        model = set_weights(make(k))
        data = data_for(model)
        return [model(data), model(data, training=False), model.predict(data, verbose=0, batch_size=12)]

    compare(code, rtol=2e-5, atol=2e-6)


@every_model
def test_output_shapes_of_other_batches(make):
    def code(k):
        model = make(k)
        shapes = [(7, *tensor.shape[1:]) for tensor in model.inputs]
        if isinstance(model.input, dict):
            shape = dict(zip(sorted(model.input), shapes, strict=True))
        else:
            shape = shapes if isinstance(model.input, (list, tuple)) else shapes[0]
        return model.compute_output_shape(shape)

    compare(code)


ONE_OUTPUT = [chain, two_inputs, residual, residual_with_operators, shared_layer, models_as_layers, regularized]
ONE_OUTPUT += [
    diamond,
    unused_input,
    subclass_of_a_graph,
    one_in_lists,
    model_twice,
    several_in_a_layer,
]


@pytest.mark.parametrize("make", ONE_OUTPUT, ids=lambda make: make.__name__)
def test_training(make):
    def code(k):
        model = set_weights(make(k))
        model.compile(k.optimizers.SGD(0.05, momentum=0.5), "mse", metrics=["mae"])
        x = data_for(model)
        width = model.output_shape[-1]
        y = np.tile(Y, width)
        history = model.fit(x, y, batch_size=4, epochs=3, verbose=0, shuffle=False).history
        values, weights = model.evaluate(x, y, verbose=0), model.get_weights()
        model(x)
        return history, values, weights, [float(loss) for loss in model.losses]

    compare(code, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("make", [m for m in MODELS if m is not graph_made_in_init], ids=lambda make: make.__name__)
@pytest.mark.parametrize("source", [keras, minikeras], ids=["from Keras", "from minikeras"])
def test_config_of_the_other_side(make, source):
    """A config written by either library makes the same model in both."""
    from compat.mnist import clear_names

    clear_names(source)
    config = json.dumps(make(source).get_config())

    def again(k):
        model = set_weights(k.Model.from_config(json.loads(config)))
        return as_json(model.get_config()), [w.path for w in model.weights], model(data_for(model))

    compare(again, rtol=2e-5, atol=2e-6)


CLONED = [m for m in MODELS if m is not masked]


@pytest.mark.parametrize("make", CLONED, ids=lambda make: make.__name__)
@pytest.mark.parametrize("recursive", [False, True])
def test_clone(make, recursive):
    def code(k):
        model = k.models.clone_model(set_weights(make(k)), recursive=recursive)
        config, layers = as_json(model.get_config()), [(layer.name, layer.built) for layer in model.layers]
        return type(model).__name__ in ("Functional", "Model", "Mine"), model.name, config, layers, len(model.weights)

    compare(code)


CLONE_ARGUMENTS = {
    "clone_function": lambda k: {
        "clone_function": lambda layer: type(layer).from_config({**layer.get_config(), "name": layer.name + "_new"})
    },
    "the same layers": lambda k: {"clone_function": lambda layer: layer},
    "call_function": lambda k: {
        "call_function": lambda layer, *args, **kwargs: (
            k.layers.Dropout(0.1)(layer(*args, **kwargs))
            if isinstance(layer, k.layers.Dense)
            else layer(*args, **kwargs)
        )
    },
    "input_tensors": lambda k: {"input_tensors": k.Input((4,), name="other")},
    "input_tensors in a list": lambda k: {"input_tensors": [k.Input((4,), name="other")]},
    "wrong": lambda k: {"input_tensors": 3},
    "unknown": lambda k: {"speed": 3},
}


@pytest.mark.parametrize("arguments", CLONE_ARGUMENTS.values(), ids=CLONE_ARGUMENTS)
@pytest.mark.parametrize("make", [residual, lambda k: k.Sequential([k.Input((4,)), k.layers.Dense(2)])])
def test_clone_arguments(make, arguments):
    compare(lambda k: as_json(k.models.clone_model(make(k), **arguments(k)).get_config()))


def test_a_compiled_clone_is_compiled():
    def code(k):
        model = chain(k)
        model.compile("sgd", "mse", metrics=["mae"], loss_weights=0.5)
        return k.models.clone_model(model).get_compile_config()

    compare(code)


INPUTS = {
    "a list": lambda: [X, OTHER],
    "a tuple": lambda: (X, OTHER),
    "by name": lambda: {"b": OTHER, "a": X},
    "more names": lambda: {"b": OTHER, "a": X, "c": X},
    "a name missing": lambda: {"b": OTHER},
    "one": lambda: X,
    "one in a list": lambda: [X],
    "three": lambda: [X, X, X],
    "float64": lambda: [X.astype("float64"), OTHER],
    "whole numbers": lambda: [(X * 10).astype("int32"), OTHER],
    "a size wrong": lambda: [X[:, :3], OTHER],
    "an axis more": lambda: [X[..., None], OTHER],
    "two axes more": lambda: [X[..., None, None], OTHER],
    "an axis less": lambda: [X[:, 0], OTHER],
}


@pytest.mark.parametrize("data", INPUTS.values(), ids=INPUTS)
@pytest.mark.filterwarnings("ignore:.*nested differently:UserWarning")
def test_inputs(data):
    compare(lambda k: attempt(lambda: set_weights(two_inputs(k))(data())), rtol=2e-5, atol=2e-6)


def one_feature(k):
    x = k.Input((1,), name="x")
    return k.Model(x, k.layers.Dense(2)(x))


@pytest.mark.parametrize("shape", [(5,), (5, 1), (5, 1, 1), (5, 2)])
def test_an_axis_of_one(shape):
    x = np.arange(np.prod(shape), dtype="float32").reshape(shape)
    compare(lambda k: attempt(lambda: set_weights(one_feature(k))(x)))


def disconnected(k):
    a, b = k.Input((4,)), k.Input((4,))
    return k.Model(a, k.layers.add([a, b]))


def output_from_elsewhere(k):
    return k.Model(k.Input((4,)), k.layers.Dense(1)(k.Input((4,))))


def same_names(k):
    x = k.Input((4,))
    return k.Model(x, k.layers.Dense(2, name="twin")(k.layers.Dense(2, name="twin")(x)))


def name_of_the_input(k):
    x = k.Input((4,), name="twin")
    return k.Model(x, k.layers.Dense(2, name="twin")(x))


BAD_GRAPHS = {
    "disconnected": disconnected,
    "output from elsewhere": output_from_elsewhere,
    "same names": same_names,
    "name of the input": name_of_the_input,
    "array as output": lambda k: k.Model(k.Input((4,)), X),
    "array as input": lambda k: k.Model(X, k.Input((4,))),
    "no outputs": lambda k: k.Model(k.Input((4,)), []),
    "no inputs": lambda k: k.Model([], k.Input((4,))),
    "inputs alone": lambda k: k.Model(k.Input((4,))),
    "inputs by name alone": lambda k: k.Model(inputs=k.Input((4,))),
    "unknown argument": lambda k: k.Model(k.Input((4,)), k.Input((4,)), colour="red"),
    "shapes that do not fit": lambda k: k.layers.add([k.Input((4,)), k.Input((3,))]),
    "merging one": lambda k: k.layers.add(k.Input((4,))),
    "subtracting three": lambda k: k.layers.subtract([k.Input((4,))] * 3),
}


@pytest.mark.parametrize("make", BAD_GRAPHS.values(), ids=BAD_GRAPHS)
def test_bad_graphs(make):
    for k in (keras, minikeras):
        assert outcome(k, make) in (("raises", "ValueError"), ("raises", "TypeError"))


METHODS = {
    "get_layer": lambda m: m.get_layer("dense").name,
    "get_layer by index": lambda m: m.get_layer(index=1).name,
    "get_layer of nothing": lambda m: m.get_layer(),
    "get_layer of both": lambda m: m.get_layer("dense", 1),
    "get_layer unknown": lambda m: m.get_layer("no"),
    "get_layer beyond": lambda m: m.get_layer(index=99),
    "layers are reserved": lambda m: setattr(m, "layers", []),
    "add_loss": lambda m: m.add_loss(np.ones(())),
    "to inputs": lambda m: [tensor.name for tensor in m.inputs],
    "input_spec": lambda m: [(tuple(spec.shape), spec.name, spec.allow_last_axis_squeeze) for spec in m.input_spec],
    "freezing": lambda m: [setattr(m.layers[1], "trainable", False), [w.path for w in m.trainable_weights]],
    "freezing all": lambda m: [setattr(m, "trainable", False), [layer.trainable for layer in m.layers]],
    "count_params": lambda m: m.count_params(),
}


@pytest.mark.parametrize("use", METHODS.values(), ids=METHODS)
def test_methods(use):
    compare(lambda k: attempt(lambda: use(chain(k))))


def test_a_call_on_symbolic_values_of_another_shape():
    def code(k):
        x = k.Input((None, 4), name="sequence")
        model = k.Model(x, k.layers.Dense(2)(x * 2) + 1)
        y = model(k.Input((7, 4)))
        return tuple(y.shape), model.compute_output_shape((2, 3, 4)), tuple(model(np.ones((2, 5, 4))).shape)

    compare(code)


def numbered(text):
    return re.sub(r"keras_tensor_\d+", "keras_tensor_N", text)


def test_function_and_operation():
    def code(k):
        class Half(k.Operation):
            def call(self, x):
                return x / 2

            def compute_output_spec(self, x):
                return k.KerasTensor(x.shape, x.dtype)

        x, y = k.Input((4,)), k.Input((4,))
        function = k.Function([x, y], {"sum": Half()(x + y)}, name="f")
        names = [operation.name for operation in function.operations]
        wrong = [attempt(lambda bad=bad: function(bad)) for bad in ([X], X, [X, X[:, :3]])]
        return function([X, OTHER]), names, Half(name="h").get_config(), wrong, len(function.inputs)

    compare(code)
