"""`Sequential` beside that of real Keras: configs, names, shapes, errors, adding and removing, predicting."""

import json
import os
import re

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

import minikeras
from compat import test_summary as summaries
from compat.mnist import clear_names
from compat.side_by_side import attempt, compare, difference, outcome, set_weights

X = np.random.default_rng(0).normal(size=(10, 4)).astype("float32")


def every_layer(k, *first):
    layers = k.layers
    return k.Sequential(
        [
            *first,
            layers.Dense(6, activation="relu", kernel_initializer="he_normal", bias_initializer="ones"),
            layers.Activation("sigmoid"),
            layers.Dropout(0.25, seed=3),
            layers.Flatten(),
            layers.Dense(5, use_bias=False, name="named", trainable=False),
            layers.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.5),
            layers.Dense(3, kernel_initializer=k.initializers.RandomNormal(stddev=0.3, seed=2)),
            layers.Dropout(0.1, noise_shape=(None, 1)),
            layers.Softmax(axis=1),
        ]
    )


def plain_stack(k):
    return [k.layers.Dense(6), k.layers.Activation("tanh"), k.layers.Dense(2)]


def deferred(k):
    return k.Sequential(plain_stack(k))


def declared(k):
    return k.Sequential([k.Input((4,)), *plain_stack(k)])


def by_call(k):
    model = deferred(k)
    model(X)
    return model


def by_build(k):
    model = deferred(k)
    model.build((None, 4))
    return model


def by_fit(k):
    model = deferred(k)
    model.compile("sgd", "mse")
    # Whole batches: where the last one is smaller, Keras on TensorFlow leaves the size of the batch open, Keras on
    # JAX and minikeras take that of the first batch.
    model.fit(X[:8], X[:8, :2], batch_size=4, verbose=0)
    return model


def by_predict(k):
    model = deferred(k)
    model.predict(X, batch_size=4, verbose=0)
    return model


def one_by_one(k):
    model = k.Sequential(name="grown")
    model.add(k.Input((4,), name="features", batch_size=5))
    for layer in plain_stack(k):
        model.add(layer)
    return model


def with_input_layer(k):
    return k.Sequential([k.layers.InputLayer(shape=(4,), dtype="float32"), *plain_stack(k)], name="m", trainable=False)


def nested(k):
    inner = k.Sequential([k.layers.Dense(3), k.layers.Dense(3)], name="inner")
    return k.Sequential([k.Input((4,)), inner, k.layers.Dense(2)])


def nested_deferred(k):
    return k.Sequential([k.Sequential([k.layers.Dense(3)]), k.Sequential([k.layers.Dense(2), k.layers.ReLU()])])


def of_every_layer(k):
    return every_layer(k, k.Input((2, 3)))


def of_every_layer_deferred(k):
    return every_layer(k)


def integers(k):
    return k.Sequential([k.Input((4,), dtype="int32"), k.layers.Dense(2)])


def one_feature(k):
    return k.Sequential([k.Input((1,)), k.layers.Dense(2)])


def popped(k):
    model = declared(k)
    model.pop()
    return model


def popped_and_added(k):
    model = popped(k)
    model.add(k.layers.Dense(7))
    return model


def popped_deferred(k):
    model = deferred(k)
    model.pop()
    return model


def popped_after_call(k):
    model = by_call(k)
    model.pop()
    return model


def added_after_call(k):
    model = by_call(k)
    model.add(k.layers.Dense(7))
    return model


def popped_to_nothing(k):
    model = declared(k)
    for _ in range(3):
        model.pop()
    return model


def refilled(k):
    model = popped_to_nothing(k)
    model.add(k.layers.Dense(7))
    return model


def empty(k):
    return k.Sequential()


def only_input(k):
    return k.Sequential([k.Input((4,))])


MODELS = [
    deferred,
    declared,
    by_call,
    by_build,
    by_fit,
    by_predict,
    one_by_one,
    with_input_layer,
    nested,
    nested_deferred,
    of_every_layer,
    of_every_layer_deferred,
    integers,
    one_feature,
    popped,
    popped_and_added,
    popped_deferred,
    popped_after_call,
    added_after_call,
    popped_to_nothing,
    refilled,
    empty,
    only_input,
]
every_model = pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)


def as_json(config):
    """The config as it would be written to a file: the name of the package is all that may differ."""
    return json.loads(json.dumps(config).replace('"minikeras', '"keras'))


@every_model
def test_config(make):
    config = compare(lambda k: as_json(make(k).get_config()))
    assert {"name", "layers"} <= set(config)


@every_model
def test_build_config(make):
    compare(lambda k: as_json(make(k).get_build_config()))


# Not the model that is not trained: see below.
@pytest.mark.parametrize("make", [m for m in MODELS if m is not with_input_layer], ids=lambda make: make.__name__)
@pytest.mark.parametrize("source", [keras, minikeras], ids=["from Keras", "from minikeras"])
def test_config_of_the_other_side(make, source):
    """A config written by either library makes the same model in both."""
    clear_names(source)
    config = json.loads(json.dumps(make(source).get_config()))

    def again(k):
        model = k.Sequential.from_config(config)
        return as_json(model.get_config()), model.built, [w.path for w in model.weights]

    compare(again)


ATTRIBUTES = {
    "layers": lambda m: [(layer.name, type(layer).__name__, layer.built) for layer in m.layers],
    "paths of layers": lambda m: [layer.path for layer in m.layers],
    "reprs of layers": lambda m: [repr(layer) for layer in m.layers],
    "names": lambda m: (m.name, m.path, repr(m)),
    "built": lambda m: m.built,
    "inputs": lambda m: [repr(tensor) for tensor in m.inputs],
    # Keras calls all layers anew when one is added or removed, which uses up numbers.
    "outputs": lambda m: [re.sub(r"_\d+>$", "_N>", repr(tensor)) for tensor in m.outputs],
    "input_shape": lambda m: m.input_shape,
    "output_shape": lambda m: m.output_shape,
    "output of each layer": lambda m: [layer.output.shape for layer in m.layers],
    "input of each layer": lambda m: [layer.input.shape for layer in m.layers],
    "input_dtype": lambda m: m.input_dtype,
    "dtypes": lambda m: (m.dtype, m.compute_dtype, m.variable_dtype, m.dtype_policy.name),
    "weights": lambda m: [(w.path, w.name, tuple(w.shape), str(w.dtype), w.trainable) for w in m.weights],
    "trainable_weights": lambda m: [w.path for w in m.trainable_weights],
    "non_trainable_weights": lambda m: [w.path for w in m.non_trainable_weights],
    "variables": lambda m: [v.path for v in m.variables],
    "trainable_variables": lambda m: [v.path for v in m.trainable_variables],
    "non_trainable_variables": lambda m: [v.path for v in m.non_trainable_variables],
    "trainable": lambda m: (m.trainable, [layer.trainable for layer in m.layers]),
    "count_params": lambda m: m.count_params(),
    "count_params of layers": lambda m: [layer.count_params() for layer in m.layers],
    "compute_output_shape": lambda m: (
        m.layers and m.compute_output_shape((7, *(m.input_shape[1:] if m.built else (4,))))
    ),
    "get_layer": lambda m: (m.get_layer(index=0).name, m.get_layer(index=-1).name, m.get_layer(m.layers[0].name).name),
    "compiled": lambda m: m.compiled,
    "metrics_names": lambda m: m.metrics_names,
    "metrics": lambda m: [metric.name for metric in m.metrics],
    "supports_masking": lambda m: m.supports_masking,
    "summary": lambda m: text_of(m),
}


def text_of(model, **options):
    texts = []
    model.summary(print_fn=texts.append, **options)
    return texts


def read_all(k, make):
    """Each attribute of a model, or the error it raises."""
    model = make(k)
    return {name: attempt(lambda read=read: read(model)) for name, read in ATTRIBUTES.items()}


@every_model
def test_attributes(make):
    theirs, ours = (outcome(k, lambda k: read_all(k, make)) for k in (keras, minikeras))
    texts = {name: difference(theirs[name], ours[name], where=name) for name in ATTRIBUTES}
    assert [text for text in texts.values() if text] == []


def test_names_count_on():
    def names(k):
        models = [declared(k), deferred(k), nested(k), by_call(k)]
        models.append(k.Sequential([k.layers.Dense(2, name="dense_9"), k.layers.Dense(2), k.layers.ReLU()]))
        return [(m.name, [layer.name for layer in m.layers], [w.path for w in m.weights]) for m in models]

    compare(names)


USES = {
    "get_layer: neither": lambda k: declared(k).get_layer(),
    "get_layer: both": lambda k: declared(k).get_layer("dense", 0),
    "get_layer: unknown name": lambda k: declared(k).get_layer("nothing"),
    "get_layer: no such index": lambda k: declared(k).get_layer(index=9),
    "not a list": lambda k: k.Sequential(k.layers.Dense(3)).built,
    "not a layer": lambda k: k.Sequential([3]),
    "add: not a layer": lambda k: declared(k).add("dense"),
    "add: a taken name": lambda k: declared(k).add(k.layers.Dense(3, name="dense")),
    "add: the same layer": lambda k: (lambda m: m.add(m.layers[0]))(declared(k)),
    "add: a second input": lambda k: declared(k).add(k.Input((4,))),
    "add: a layer that does not fit": lambda k: k.Sequential([k.Input(()), k.layers.Dense(2)]).built,
    "pop: what it returns": lambda k: [type(declared(k).pop()).__name__, type(deferred(k).pop()).__name__],
    "build: no layers": lambda k: k.Sequential().build((None, 4)),
    "build: twice": lambda k: (lambda m: (m.build((None, 4)), m.input_shape))(by_build(k)),
    "call: no layers": lambda k: k.Sequential()(X),
    "call: an Input alone": lambda k: k.Sequential([k.Input((4,))])(X),
    "call: other features": lambda k: declared(k)(X[:, :3]),
    "call: other features, deferred": lambda k: by_call(k)(X[:, :3]),
    "call: too many axes": lambda k: declared(k)(X[None]),
    "call: another number of examples": lambda k: by_call(k)(X[:3]).shape[0],
    "predict: no layers": lambda k: k.Sequential().predict(X, verbose=0),
    "set_weights: too few": lambda k: declared(k).set_weights([X]),
    "set_weights: a wrong shape": lambda k: declared(k).set_weights([w[:-1] for w in declared(k).get_weights()]),
    "set_weights: deferred": lambda k: deferred(k).set_weights([X]),
    "fit: not compiled": lambda k: declared(k).fit(X, X, verbose=0),
    "evaluate: not compiled": lambda k: declared(k).evaluate(X, X, verbose=0),
    "train_on_batch: not compiled": lambda k: declared(k).train_on_batch(X, X),
    "layers: a copy": lambda k: (lambda m: (m.layers.clear(), len(m.layers)))(declared(k)),
    "layers: set": lambda k: setattr(declared(k), "layers", []),
    "trainable: set": lambda k: (lambda m: (setattr(m, "trainable", False), len(m.trainable_weights)))(declared(k)),
    "trainable: set back": lambda k: (
        lambda m: (
            setattr(m, "trainable", False),
            setattr(m, "trainable", True),
            [w.path for w in m.trainable_weights],
        )
    )(of_every_layer(k)),
    "layer of a name with a slash": lambda k: k.layers.Dense(3, name="a/b").name,
    "model with other arguments": lambda k: k.Sequential(activation="relu"),
}


@pytest.mark.parametrize("use", USES, ids=str)
def test_uses(use):
    compare(USES[use])


# What Keras does where minikeras refuses, or refuses with another class: it goes on and fails later, or what it raises
# is the error of the dict or list inside.
REFUSED = {
    "add: a late input": (
        lambda k: deferred(k).add(k.Input((4,))),
        None,
    ),
    "build: no shape": (lambda k: deferred(k).build(), None),
    "pop: nothing": (lambda k: k.Sequential().pop(), ("raises", "IndexError")),
    "from_config: no layers": (lambda k: k.Sequential.from_config({"name": "x"}), ("raises", "KeyError")),
    "predict: nothing": (lambda k: declared(k).predict(None, verbose=0), ("raises", "KeyError")),
    "call: objects": (lambda k: declared(k)(X.astype(object)) is None, ("raises", "ValueError")),
}


@pytest.mark.parametrize("use", REFUSED, ids=str)
def test_refused(use):
    code, theirs = REFUSED[use]
    assert outcome(keras, code) == theirs
    assert outcome(minikeras, code) in (("raises", "ValueError"), ("raises", "TypeError"))


# What minikeras can and Keras cannot.
OFFERED = {
    "input": (lambda k: repr(declared(k).input), "<KerasTensor shape=(None, 4), "),
    "output": (lambda k: repr(declared(k).output), "<KerasTensor shape=(None, 2), "),
    "optimizer before compile": (lambda k: str(declared(k).optimizer), "None"),
}


@pytest.mark.parametrize("use", OFFERED, ids=str)
def test_offered(use):
    code, start = OFFERED[use]
    assert outcome(keras, code) == ("raises", "AttributeError")
    assert outcome(minikeras, code).startswith(start)


def test_predict_for_lists_of_numbers():
    def predicted(data):
        return lambda k: set_weights(declared(k)).predict(data, verbose=0)

    assert outcome(keras, predicted(X.tolist())) == ("raises", "ValueError")
    assert difference(outcome(keras, predicted(X)), outcome(minikeras, predicted(X.tolist()))) is None


def test_a_model_that_is_not_trained_stays_so():
    """Keras loses `trainable` in `from_config`."""
    trainable = [k.Sequential.from_config(with_input_layer(k).get_config()).trainable for k in (keras, minikeras)]
    assert trainable == [True, False]


DATA = {
    "float32": X,
    "float64": X.astype("float64"),
    "float16": X.astype("float16"),
    "int64": np.arange(40).reshape(10, 4) % 5,
    "int8": (np.arange(40).reshape(10, 4) % 5).astype("int8"),
    "bool": X > 0,
    "list of one array": [X],
    "tuple of one array": (X,),
    "a view": X[::-1, ::-1],
    "column order": np.asfortranarray(X),
    "other features": X[:, :3],
}


@pytest.mark.parametrize("make", [declared, deferred, by_call, integers], ids=lambda make: make.__name__)
@pytest.mark.parametrize("data", DATA)
def test_predict(make, data):
    def predicted(k):
        model = make(k)
        if not model.built:
            model.build((None, 4))
        return set_weights(model).predict(DATA[data], batch_size=4, verbose=0)

    compare(predicted)


@pytest.mark.parametrize("data", DATA)
def test_call(data):
    compare(lambda k: set_weights(declared(k))(DATA[data]))


@pytest.mark.parametrize("shape", [(10, 1), (10,), (10, 1, 1)], ids=str)
@pytest.mark.parametrize("method", ["predict", "predict_on_batch", "__call__"])
def test_one_feature_may_lack_its_axis(shape, method):
    data = X[:, 0].reshape(shape)
    options = {"verbose": 0} if method == "predict" else {}
    compare(lambda k: getattr(set_weights(one_feature(k)), method)(data, **options))


def test_predict_in_steps_and_on_a_batch():
    def results(k):
        model = set_weights(declared(k))
        return [
            model.predict(X, batch_size=3, steps=2, verbose=0),
            model.predict(X, verbose=0),
            model.predict_on_batch(X[:3]),
            model.predict_on_batch(X),
        ]

    compare(results)


# Those of compat/test_summary.py that minikeras can build. It does not see the shape that `build` of a user's layer is
# called with by hand.
NOT_BUILT = (summaries.convolutional, summaries.recurrent, summaries.layers_of_ones_own)
BUILDERS = [build for build in summaries.BUILDERS if build not in NOT_BUILT]


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
@pytest.mark.parametrize(
    "options",
    [{}, {"show_trainable": True, "expand_nested": True}, {"line_length": 60}],
    ids=["plain", "all", "narrow"],
)
def test_summary(build, options, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    (text,) = compare(lambda k: text_of(build(k), **options))
    assert "Model: " in text


def test_a_difference_is_seen():
    """The comparison itself must be able to fail."""
    x = np.float32([1, 2])
    for theirs, ours in [
        (1.0, 1.00002),
        (x, x.astype("float64")),
        (x, x[None]),
        ([1, 2], (1, 2)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([{"a": x}], [{"a": x + 1e-4}]),
        (1, 1.0),
        ("raises", None),
        (np.float32(np.nan), np.float32(1)),
    ]:
        assert difference(theirs, theirs) is None
        assert difference(theirs, ours)
    with pytest.raises(AssertionError, match="in Keras"):
        compare(lambda k: k.__name__)
