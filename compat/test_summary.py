"""`print_summary` writes the same bytes as `model.summary` of real Keras, for the same models."""

import io
import itertools
import os
import random
import sys
import types

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import keras.src.utils.summary_utils as keras_summary
import numpy as np
import pytest

from minikeras.models.summary import print_summary

# The builders take the library as an argument: they use nothing that is not in both.


def empty(k):
    return k.Sequential(name="empty")


def not_built(k):
    return k.Sequential([k.layers.Dense(4), k.layers.Activation("relu"), k.layers.Dense(2, name="out")], name="lazy")


def declared_with_input(k):
    return k.Sequential([k.Input((5,), name="features"), k.layers.Dense(4), k.layers.Softmax()], name="declared")


def declared_with_fixed_batch(k):
    return k.Sequential([k.Input(batch_shape=(16, 5)), k.layers.Dense(4), k.layers.ReLU()], name="fixed")


def built_with_shape(k):
    model = not_built(k)
    model.build((None, 7))
    return model


def built_by_call(k):
    model = not_built(k)
    model(np.ones((8, 5), "float32"))
    return model


def built_layer_in_unbuilt_model(k):
    dense = k.layers.Dense(4, name="by_hand")
    dense.build((None, 3))
    return k.Sequential([dense, k.layers.Dense(2, name="waiting")], name="half")


def perceptron(k):
    """The 784-30-30-10 network, with names of one's own so that they do not depend on what was made before."""
    layers = [k.Input((784,))]
    for index, (units, activation) in enumerate([(30, "relu"), (30, "relu"), (10, "softmax")]):
        layers += [k.layers.Dense(units, name=f"dense_{index}"), k.layers.Activation(activation, name=f"act_{index}")]
    return k.Sequential(layers, name="sequential")


def image_classifier(k):
    layers = [k.Input((28, 28, 3)), k.layers.Dense(2, use_bias=False, name="per_pixel"), k.layers.Flatten(name="flat")]
    return k.Sequential(
        [*layers, k.layers.Dropout(0.5, name="drop"), k.layers.Dense(1000, name="large")], name="images"
    )


def compiled(k):
    model = perceptron(k)
    model.compile(optimizer="sgd", loss="mse")
    return model


def compiled_before_build(k):
    model = not_built(k)
    model.compile(optimizer=k.optimizers.SGD(momentum=0.9), loss="mse")
    return model


def trained(k, optimizer=None):
    model = perceptron(k)
    model.compile(optimizer=optimizer or "sgd", loss="mse")
    model.fit(np.ones((4, 784), "float32"), np.ones((4, 10), "float32"), verbose=0)
    return model


def trained_with_momentum(k):
    return trained(k, k.optimizers.SGD(momentum=0.9, nesterov=True))


def frozen_layer(k):
    model = trained(k)
    model.layers[0].trainable = False
    return model


def frozen_model(k):
    model = perceptron(k)
    model.trainable = False
    return model


def nested(k):
    inner = k.Sequential([k.Input((6,)), k.layers.Dense(5, name="a"), k.layers.ReLU(name="b")], name="inner")
    middle = k.Sequential([inner, k.layers.Dense(4, name="c", trainable=False)], name="middle")
    tail = k.layers.Dense(1, name="tail")
    return k.Sequential([k.Input((6,)), k.layers.Dense(6, name="head"), middle, tail], name="outer")


def nested_not_built(k):
    inner = k.Sequential([k.layers.Dense(5, name="a"), k.layers.Dense(5, name="b")], name="inner")
    return k.Sequential([inner, k.Sequential(name="hollow"), k.layers.Dense(1, name="tail")], name="outer")


def layer_called_twice(k):
    dense = k.layers.Dense(5, name="shared")
    first = k.Sequential([k.Input((5,)), dense], name="first")
    first(k.Input(batch_shape=(7, 5)))
    return k.Sequential([k.Input(batch_shape=(3, 5)), dense, first], name="second")


def long_names(k):
    names = [
        "first_part_of_a_name_" + "x" * 60,
        "word " * 20,
        "layer-with-[brackets]",
        "Schicht_für_größere_Maße",
        "層の名前" * 12,
    ]
    layers = [k.layers.Dense(3, name=name.strip()) for name in names]
    return k.Sequential([k.Input((3,)), *layers], name="a rather long name of a model " * 4 + "y" * 150)


def other_dtypes(k):
    layers = [k.layers.Dense(7, dtype=dtype, name=dtype) for dtype in ("float16", "float32", "float64", "bfloat16")]
    return k.Sequential([k.Input((100,)), *layers], name="dtypes")


def layers_of_ones_own(k):
    class Outputs(k.layers.Layer):
        def __init__(self, shapes, name):
            super().__init__(name=name)
            self.make_shapes = shapes

        def build(self, input_shape):
            self.built = True

        def compute_output_shape(self, input_shape):
            return self.make_shapes(input_shape)

    def refuse(shape):
        raise NotImplementedError

    outputs = {
        "same": lambda shape: shape,
        "scalar": lambda shape: (),
        "list": lambda shape: [shape, shape],
        "tuple": lambda shape: (shape, (1, 2)),
        "dict": lambda shape: {"mean": shape, "both": [shape, shape]},
        "one_in_list": lambda shape: [shape],
        "one_in_dict": lambda shape: {"mean": (shape,)},
        "refused": refuse,
    }
    layers = [Outputs(make, name) for name, make in outputs.items()]
    for layer in layers:
        layer.build((None, 3))
    return k.Sequential(layers, name="own")


def convolutional(k):
    layers = [
        k.layers.Conv2D(8, 3, name="conv"),
        k.layers.BatchNormalization(name="norm"),
        k.layers.MaxPooling2D(name="pool"),
    ]
    return k.Sequential([k.Input((28, 28, 1)), *layers, k.layers.Flatten(name="flat")], name="convolutional")


def recurrent(k):
    layers = [k.layers.Embedding(1000, 16, name="words"), k.layers.LSTM(8, return_state=True, name="states")]
    return k.Sequential([k.Input((None,), dtype="int32"), *layers], name="recurrent")


BUILDERS = [
    empty,
    not_built,
    declared_with_input,
    declared_with_fixed_batch,
    built_with_shape,
    built_by_call,
    built_layer_in_unbuilt_model,
    perceptron,
    image_classifier,
    compiled,
    compiled_before_build,
    trained,
    trained_with_momentum,
    frozen_layer,
    frozen_model,
    nested,
    nested_not_built,
    layer_called_twice,
    long_names,
    other_dtypes,
    layers_of_ones_own,
    convolutional,
    recurrent,
]

LINE_LENGTHS = [None, 24, 40, 65, 140]
POSITIONS = [None, [0.33, 0.55, 0.67, 1.0], [0.25, 0.5, 0.7], [8, 16, 24]]


def adapted(model):
    """Gives a model of real Keras, and its layers, the attributes minikeras reads and Keras has in another form."""
    if not hasattr(model, "optimizer"):
        model.optimizer = None
    for layer in model.layers:
        if hasattr(layer, "layers"):
            adapted(layer)
    return model


def outcome(summary, *args, **options):
    """The text given to `print_fn`, or the kind of error."""
    texts = []
    try:
        summary(*args, print_fn=texts.append, **options)
    except ValueError:
        return ValueError
    (text,) = texts
    return text


def compare(model, **options):
    theirs = outcome(model.summary, **options)
    assert outcome(print_summary, model, **options) == theirs, options
    return theirs


@pytest.fixture(scope="module", params=BUILDERS, ids=lambda builder: builder.__name__)
def model(request):
    keras.utils.clear_session(free_memory=False)
    return adapted(request.param(keras))


@pytest.fixture(autouse=True)
def wide_console(monkeypatch):
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.mark.parametrize("show_trainable", [False, True])
@pytest.mark.parametrize("expand_nested", [False, True])
def test_widths(model, expand_nested, show_trainable):
    outcomes = [
        compare(
            model,
            line_length=line_length,
            positions=positions,
            expand_nested=expand_nested,
            show_trainable=show_trainable,
        )
        for line_length, positions in itertools.product(LINE_LENGTHS, POSITIONS)
    ]
    assert sum(text is not ValueError for text in outcomes) > 10


@pytest.mark.parametrize("columns", [None, "2", "16", "30", "60", "80", "92", "104", "200"])
def test_consoles(model, monkeypatch, columns):
    if columns is None:
        monkeypatch.delenv("COLUMNS")
    else:
        monkeypatch.setenv("COLUMNS", columns)
    for line_length, show_trainable in itertools.product([None, 60, 120], [False, True]):
        compare(model, line_length=line_length, show_trainable=show_trainable, expand_nested=True)


RANGES = [
    ["dense_0", "act_1"],
    ["act_1", "dense_0"],
    ("dense_1", "dense_1"),
    ["dense", "act"],
    ["dense_[12]", ".*_1"],
    [".*1$", "dense"],
    ["", ""],
    ["act_2", "act"],
]
BAD_RANGES = [
    [],
    ["dense_0"],
    ["dense_0", "act_0", "act_1"],
    [0, 2],
    ["dense_0", None],
    ["dense_0", "conv"],
    ["x", "dense"],
    ["dense_00", "act"],
]


@pytest.mark.parametrize("layer_range", RANGES)
def test_layer_range(layer_range):
    assert compare(adapted(perceptron(keras)), layer_range=layer_range) is not ValueError


@pytest.mark.parametrize("layer_range", BAD_RANGES)
def test_bad_layer_range(layer_range):
    assert compare(adapted(perceptron(keras)), layer_range=layer_range) is ValueError


def printed(monkeypatch, encoding, summary, *args, **options):
    """The bytes written to a standard output with an encoding."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        summary(*args, **options)
    stream.flush()
    return stream.buffer.getvalue()


@pytest.mark.parametrize("expand_nested", [False, True])
def test_printed_as_utf8(model, monkeypatch, expand_nested):
    theirs = printed(monkeypatch, "utf-8", model.summary, expand_nested=expand_nested)
    assert printed(monkeypatch, "utf-8", print_summary, model, expand_nested=expand_nested) == theirs


@pytest.mark.parametrize("build", [empty, not_built, trained, nested, image_classifier])
@pytest.mark.parametrize("line_length", [None, 30])
def test_printed_on_a_console_without_box_drawing(monkeypatch, build, line_length):
    model = adapted(build(keras))
    theirs = printed(monkeypatch, "cp1252", model.summary, line_length=line_length)
    assert printed(monkeypatch, "cp1252", print_summary, model, line_length=line_length) == theirs
    assert b"|" in theirs


def test_text_for_a_console_without_box_drawing(monkeypatch, model):
    def compare_with_options():
        compare(model, expand_nested=True, show_trainable=True)
        compare(model, line_length=40)

    assert printed(monkeypatch, "cp1252", compare_with_options) == b""


def test_mark_of_nested_layers_does_not_stop_printing_where_it_stops_that_of_keras(monkeypatch):
    model = adapted(nested(keras))
    with pytest.raises(UnicodeEncodeError):
        printed(monkeypatch, "cp1252", model.summary, expand_nested=True)
    ours = printed(monkeypatch, "cp1252", print_summary, model, expand_nested=True).decode("cp1252")
    in_ascii = str.maketrans("┏┓└┘┳┴━─╇┼├┤┡┩┃│", "++++----++||||||")
    assert ours == outcome(model.summary, expand_nested=True).translate(in_ascii)


# Models that would be too large, or too strange, to build: both libraries only read their attributes.


class Dense(types.SimpleNamespace):
    def count_params(self):
        return self.parameters


class ALongNameForTheClassOfALayer(Dense):
    pass


LETTERS = {
    "ascii": "abc_____  -.",
    "wide": "ab_é日本 ー한漢",
    "accents": ["a", "b", "e\u0301", "日", " ", "\t", "\n", "\r"],
}


class Strange:
    """Draws stand-ins for models at random."""

    def __init__(self, seed, letters):
        self.choose = random.Random(seed).choice
        self.letters = letters

    def name(self):
        length = self.choose([1, 3, 8, 20, 30, 60])
        return "".join(self.choose(self.letters) for _ in range(length)).strip() or "name"

    def weight(self):
        shape = tuple(self.choose([1, 3, 100, 3000]) for _ in range(self.choose([0, 1, 2, 3, 4])))
        dtype = self.choose(["float32", "float16", "bfloat16", "float64", "bool", "int8", "uint32", "int64"])
        return types.SimpleNamespace(shape=shape, dtype=dtype)

    def layer(self, depth=0):
        shape = tuple(self.choose([None, 1, 32, 10**7]) for _ in range(self.choose([0, 1, 2, 4])))
        outputs = [types.SimpleNamespace(shape=shape)] * self.choose([1, 1, 1, 2, 3])
        nodes = [types.SimpleNamespace(outputs=outputs, output_tensors=outputs)] * self.choose([0, 1, 2])
        layer = self.choose([Dense, ALongNameForTheClassOfALayer])(
            name=self.name(),
            built=self.choose([True, True, False]),
            trainable=self.choose([True, False]),
            weights=[self.weight()] * self.choose([0, 1]),
            parameters=self.choose([0, 10, 1234567, 10**12]),
            _inbound_nodes=nodes,
            _build_shapes_dict=None,
        )
        if depth < 3 and self.choose([True, False, False]):
            layer.layers = [self.layer(depth + 1) for _ in range(self.choose([0, 1, 3]))]
        return layer

    def model(self):
        weights = [self.weight() for _ in range(3)]
        built = self.choose([True, False])
        optimizer = types.SimpleNamespace(built=built, variables=[self.weight(), self.weight()])
        return types.SimpleNamespace(
            name=self.name(),
            layers=[self.layer() for _ in range(self.choose([0, 1, 4]))],
            trainable_weights=[*weights, weights[0]],
            non_trainable_weights=[self.weight()],
            optimizer=self.choose([None, optimizer]),
            compiled=True,
        )


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("seed", range(5))
def test_strange_models(monkeypatch, seed, letters):
    strange = Strange(seed, letters)
    texts = 0
    for _ in range(60):
        monkeypatch.setenv("COLUMNS", strange.choose(["2", "5", "12", "30", "60", "80", "120", "300"]))
        model = strange.model()
        options = {
            "line_length": strange.choose([None, 12, 14, 20, 26, 40, 65, 88, 200]),
            "positions": strange.choose([None, None, [0.3, 0.6, 1], [4, 8, 12], [10, 12, 16.0], [0.6, 0.7, 2.0]]),
            "expand_nested": strange.choose([True, False]),
            "show_trainable": strange.choose([True, False]),
        }
        theirs = outcome(keras_summary.print_summary, model, **options)
        assert outcome(print_summary, model, **options) == theirs, options
        texts += theirs is not ValueError
    assert texts > 10
