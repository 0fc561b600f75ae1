"""The summary of small stand-ins for models, next to what Keras 3.15.1 printed for the same models."""

import io
import math
import re
import subprocess
import sys
import types

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.models.summary import layer_output_shape, print_summary

PERCEPTRON = """\
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
┃ Layer (type)                         ┃ Output Shape                ┃         Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
│ dense (Dense)                        │ (None, 30)                  │          23,550 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ activation (Activation)              │ (None, 30)                  │               0 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ dense_1 (Dense)                      │ (None, 30)                  │             930 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ activation_1 (Activation)            │ (None, 30)                  │               0 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ dense_2 (Dense)                      │ (None, 10)                  │             310 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ activation_2 (Activation)            │ (None, 10)                  │               0 │
└──────────────────────────────────────┴─────────────────────────────┴─────────────────┘
 Total params: 24,790 (96.84 KB)
 Trainable params: 24,790 (96.84 KB)
 Non-trainable params: 0 (0.00 B)
"""

TRAINED_WITH_FIRST_LAYER_FROZEN = """\
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)                        ┃ Output Shape                 ┃       Param # ┃ Traina… ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ dense (Dense)                       │ (None, 30)                   │        23,550 │    N    │
├─────────────────────────────────────┼──────────────────────────────┼───────────────┼─────────┤
│ activation (Activation)             │ (None, 30)                   │             0 │    -    │
├─────────────────────────────────────┼──────────────────────────────┼───────────────┼─────────┤
│ dense_1 (Dense)                     │ (None, 30)                   │           930 │    Y    │
└─────────────────────────────────────┴──────────────────────────────┴───────────────┴─────────┘
 Total params: 49,582 (193.68 KB)
 Trainable params: 1,240 (4.84 KB)
 Non-trainable params: 23,550 (91.99 KB)
 Optimizer params: 24,792 (96.85 KB)
"""

NOT_BUILT = """\
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
┃ Layer (type)             ┃ Output Shape      ┃   Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
│ dense (Dense)            │ ?                 │         0 │
│                          │                   │ (unbuilt) │
├──────────────────────────┼───────────────────┼───────────┤
│ activation (Activation)  │ ?                 │         0 │
└──────────────────────────┴───────────────────┴───────────┘
 Total params: 0 (0.00 B)
 Trainable params: 0 (0.00 B)
 Non-trainable params: 0 (0.00 B)
"""

NESTED = """\
Model: "outer"
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━┓
┃ Layer (type)          ┃ Output Shape     ┃ Param # ┃ Tr… ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━┩
│ head (Dense)          │ (None, 6)        │      42 │  Y  │
├───────────────────────┼──────────────────┼─────────┼─────┤
│ middle (Sequential)   │ (None, 4)        │      59 │  Y  │
├───────────────────────┼──────────────────┼─────────┼─────┤
│    └ inner            │ (None, 5)        │      35 │  Y  │
│ (Sequential)          │                  │         │     │
├───────────────────────┼──────────────────┼─────────┼─────┤
│       └ a (Dense)     │ (None, 5)        │      35 │  Y  │
├───────────────────────┼──────────────────┼─────────┼─────┤
│       └ b (ReLU)      │ (None, 5)        │       0 │  -  │
├───────────────────────┼──────────────────┼─────────┼─────┤
│    └ c (Dense)        │ (None, 4)        │      24 │  N  │
├───────────────────────┼──────────────────┼─────────┼─────┤
│ tail (Dense)          │ (None, 1)        │       5 │  Y  │
└───────────────────────┴──────────────────┴─────────┴─────┘
 Total params: 106 (424.00 B)
 Trainable params: 82 (328.00 B)
 Non-trainable params: 24 (96.00 B)
"""

LONG_NAMES = """\
Model: "wide"
┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━┓
┃                 ┃ Output     ┃ Param ┃
┃ Layer (type)    ┃ Shape      ┃     # ┃
┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━┩
│ a_name_that_is… │ (None, 2,  │   615 │
│ (Dense)         │ 3, 123)    │       │
├─────────────────┼────────────┼───────┤
│ several words   │ (None,     │     0 │
│ that break      │ 738)       │       │
│ (Flatten)       │            │       │
└─────────────────┴────────────┴───────┘
 Total params: 615 (2.40 KB)
 Trainable params: 615 (2.40 KB)
 Non-trainable params: 0 (0.00 B)
"""


class Tensor(types.SimpleNamespace):
    """Something with a shape and a dtype: a weight or an output."""

    def __init__(self, *shape, dtype="float32"):
        super().__init__(shape=shape, dtype=dtype)


class Layer:
    def __init__(self, name, output_shape=None, weights=(), trainable=True, built=True):
        self.name = name
        self.weights = list(weights)
        self.trainable = trainable
        self.built = built
        self._build_shapes_dict = None
        self._inbound_nodes = []
        if output_shape is not None:
            self._inbound_nodes.append(types.SimpleNamespace(outputs=[Tensor(*output_shape)]))

    def count_params(self):
        return sum(math.prod(weight.shape) for weight in self.weights)


Dense, Activation, Flatten, ReLU = (type(name, (Layer,), {}) for name in ["Dense", "Activation", "Flatten", "ReLU"])


def dense(name, inputs, units, batch=None, **options):
    return Dense(name, (batch, units), [Tensor(inputs, units), Tensor(units)], **options)


class Sequential(Layer):
    def __init__(self, name, layers, output_shape=None, optimizer=None):
        super().__init__(name, output_shape, [weight for layer in layers for weight in layer.weights])
        self.layers = layers
        self.optimizer = optimizer

    @property
    def trainable_weights(self):
        return self._weights_of(True)

    @property
    def non_trainable_weights(self):
        return self._weights_of(False)

    def _weights_of(self, trainable):
        found = []
        for layer in self.layers:
            if hasattr(layer, "layers"):
                found += layer._weights_of(trainable)
            elif layer.trainable is trainable:
                found += layer.weights
        return found


def perceptron(batch=None, optimizer=None):
    layers = []
    for suffix, inputs, units in [("", 784, 30), ("_1", 30, 30), ("_2", 30, 10)]:
        layers.append(dense(f"dense{suffix}", inputs, units, batch))
        layers.append(Activation(f"activation{suffix}", (batch, units)))
    return Sequential("sequential", layers, optimizer=optimizer)


def long_names():
    name = "a_name_that_is_too_long_for_the_column"
    first = Dense(name, (None, 2, 3, 123), [Tensor(4, 123), Tensor(123)])
    return Sequential("wide", [first, Flatten("several words that break", (None, 738))])


def weighing(*weights):
    """A model without layers that has these weights."""
    return types.SimpleNamespace(
        name="weights", layers=[], optimizer=None, trainable_weights=weights, non_trainable_weights=[]
    )


def summary(model, **options):
    texts = []
    assert print_summary(model, print_fn=texts.append, **options) is None
    (text,) = texts
    return text


def rows(model, **options):
    """The names in the first column."""
    lines = summary(model, **options).split("\n")
    return [line.split()[1] for line in lines if line.startswith("│") and "(" in line]


@pytest.fixture(autouse=True)
def console(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")


# What the table says.


def test_perceptron():
    assert summary(perceptron()) == PERCEPTRON


def test_trained_with_first_layer_frozen():
    counters = [Tensor(dtype="int64"), Tensor()]
    momentums = [Tensor(*weight.shape) for weight in perceptron().weights]
    model = perceptron(optimizer=types.SimpleNamespace(built=True, variables=counters + momentums))
    model.layers[0].trainable = False
    text = summary(model, show_trainable=True, layer_range=["dense", "dense_1"])
    assert text == TRAINED_WITH_FIRST_LAYER_FROZEN


def test_optimizer_is_not_shown_before_it_has_variables():
    assert summary(perceptron(optimizer=types.SimpleNamespace(built=False, variables=[Tensor()]))) == PERCEPTRON


def test_optimizer_without_variables_is_shown():
    text = summary(perceptron(optimizer=types.SimpleNamespace(built=True, variables=[])))
    assert text == PERCEPTRON + " Optimizer params: 0 (0.00 B)\n"


def test_not_built():
    layers = [Dense("dense", built=False), Activation("activation")]
    assert summary(Sequential("sequential", layers), line_length=60) == NOT_BUILT


def test_built_by_call():
    expected = PERCEPTRON.replace("(None, 30)", "(32, 30)  ").replace("(None, 10)", "(32, 10)  ")
    assert summary(perceptron(batch=32)) == expected


def nested():
    inner = Sequential("inner", [dense("a", 6, 5), ReLU("b", (None, 5))], (None, 5))
    middle = Sequential("middle", [inner, dense("c", 5, 4, trainable=False)], (None, 4))
    return Sequential("outer", [dense("head", 6, 6), middle, dense("tail", 4, 1)], (None, 1))


def test_nested():
    assert summary(nested(), line_length=60, expand_nested=True, show_trainable=True) == NESTED


def test_nested_is_one_row_if_not_expanded_or_empty():
    assert rows(nested()) == ["head", "middle", "tail"]
    assert rows(Sequential("outer", [Sequential("inner", [])]), expand_nested=True) == ["inner"]


def test_long_names_break_or_end_in_an_ellipsis():
    assert summary(long_names(), line_length=40) == LONG_NAMES


def test_accents_and_wide_characters_leave_the_right_border_straight():
    # Six letters in six cells, one of them with an accent that is a character of its own; then four in eight cells.
    text = summary(Sequential("names", [ReLU("re\u0301seau"), ReLU("\u795e\u7d4c\u56de\u8def")]), line_length=60)
    lines = text.split("\n")
    assert lines[4] == "│ re\u0301seau (ReLU)            │ ?                 │         0 │"
    assert lines[6] == "│ \u795e\u7d4c\u56de\u8def (ReLU)          │ ?                 │         0 │"
    assert {len(lines[index]) for index in (1, 2, 3, 5, 7)} == {60}


@pytest.mark.parametrize(
    ("shape", "text"),
    [((), "()"), ((None,), "(None)"), ((7,), "(7)"), ((None, None, 3), "(None, None, 3)")],
)
def test_shapes(shape, text):
    assert f"│ {text} " in summary(Sequential("one", [ReLU("relu", shape)]))


def test_last_of_several_calls_counts():
    layer = dense("shared", 2, 3)
    layer._inbound_nodes.append(types.SimpleNamespace(outputs=[Tensor(7, 3)]))
    assert layer_output_shape(layer) == (7, 3)


def test_several_outputs():
    layer = ReLU("relu", (None, 3))
    layer._inbound_nodes[0].outputs.append(Tensor(None, 4))
    assert "│ [(None, 3), (None, 4)] " in summary(Sequential("one", [layer]))


class BuiltByHand(Layer):
    def __init__(self, rule):
        super().__init__("layer")
        self._build_shapes_dict = {"input_shape": (None, 3)}
        self.rule = rule

    def compute_output_shape(self, input_shape):
        return self.rule(input_shape)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (lambda shape: (*shape[:-1], 8), "(None, 8)"),
        (lambda shape: [shape], "(None, 3)"),
        (lambda shape: [shape, (1,)], "[(None, 3), (1)]"),
        (lambda shape: (shape, (1,)), "((None, 3), (1))"),
        (lambda shape: {"mean": shape}, "(None, 3)"),
        (lambda shape: {"mean": shape, "all": [shape]}, "{mean: (None, 3), all: [(None, 3)]}"),
    ],
)
def test_shape_rule_is_asked_for_a_layer_built_by_hand(rule, text):
    assert f"│ {text} " in summary(Sequential("one", [BuiltByHand(rule)]), line_length=99, positions=[0.2, 0.8, 1.0])


def test_layer_without_a_shape_rule():
    def refuse(shape):
        raise NotImplementedError

    assert layer_output_shape(BuiltByHand(refuse)) is None


# The totals.


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ([Tensor()], "1 (4.00 B)"),
        ([Tensor(2, 3, dtype="float16"), Tensor(2, dtype="int64")], "8 (28.00 B)"),
        ([Tensor(3, dtype="bool")], "3 (0.38 B)"),
        ([Tensor(2, dtype=np.dtype("float64"))], "2 (16.00 B)"),
        ([Tensor(3, dtype="bfloat16")], "3 (6.00 B)"),
        ([Tensor(255)], "255 (1020.00 B)"),
        ([Tensor(256)], "256 (1.00 KB)"),
        ([Tensor(1000, 1000)], "1,000,000 (3.81 MB)"),
        ([Tensor(2**28)], "268,435,456 (1.00 GB)"),
        ([Tensor(2**38, 3)], "824,633,720,832 (3.00 TB)"),
        ([Tensor(2**48)], "281,474,976,710,656 (1.00 PB)"),
    ],
)
def test_sizes(weights, text):
    assert f" Total params: {text}\n Trainable params: {text}\n" in summary(weighing(*weights))


def test_shared_weight_counts_twice_and_is_stored_once():
    weight = Tensor(10)
    assert " Total params: 20 (40.00 B)" in summary(weighing(weight, weight))


def test_dtype_without_a_size():
    with pytest.raises(ArgumentError, match="dtype 'string'"):
        summary(weighing(Tensor(2, dtype="string")))


# Widths.


def test_positions():
    lines = summary(long_names(), line_length=60, positions=[0.3, 0.6, 0.8]).split("\n")
    assert lines[1] == "┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┓"


def test_narrow_console(monkeypatch):
    monkeypatch.setenv("COLUMNS", "44")
    assert summary(long_names()) == LONG_NAMES


def test_lines_wider_than_the_console_are_cropped_or_broken(monkeypatch):
    table = summary(long_names(), line_length=30).split(" Total")[0].splitlines()
    monkeypatch.setenv("COLUMNS", "16")
    text = summary(long_names(), line_length=30)
    assert text.startswith("".join(f"{line[:16]}\n" for line in table))
    totals = [" Total params: ", "615 (2.40 KB)", " Trainable ", "params: 615 ", "(2.40 KB)"]
    totals += [" Non-trainable ", "params: 0 (0.00 ", "B)", ""]
    assert text.endswith("\n".join(totals))


def test_long_model_name_is_broken_between_and_inside_words(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    lines = summary(Sequential("two words and " + "x" * 30, [])).split("\n")
    # Eight characters for `Model: "`, and the quote at the end.
    assert lines[:4] == ['Model: "two words ', "and ", "x" * 20, "x" * 10 + '"']


@pytest.mark.parametrize("options", [{"line_length": 15}, {"positions": [0.5, 0.5, 1.0]}, {"line_length": -5}])
def test_columns_too_narrow(options):
    with pytest.raises(ArgumentError, match="at least 4 characters wide"):
        summary(perceptron(), **options)


def test_too_few_positions():
    with pytest.raises(ArgumentError, match="each of the 3 columns"):
        summary(perceptron(), positions=[0.5, 1.0])


# Ranges.


@pytest.mark.parametrize(
    ("layer_range", "names"),
    [
        (("dense_1", "dense_1"), ["dense_1"]),
        (["activation_1", "activation_2"], ["activation_1", "dense_2", "activation_2"]),
        (["activation_2", "activation_1"], ["activation_1", "dense_2", "activation_2"]),
        (["activation", "dense_1"], ["activation", "dense_1"]),
        ([".*_1", ".*_1"], ["dense_1", "activation_1"]),
        (["dense_[12]", "act"], ["dense_1", "activation_1", "dense_2", "activation_2"]),
        (["", ""], ["dense", "activation", "dense_1", "activation_1", "dense_2", "activation_2"]),
    ],
)
def test_layer_range(layer_range, names):
    assert rows(perceptron(), layer_range=layer_range) == names


@pytest.mark.parametrize(
    ("layer_range", "message"),
    [
        (["dense"], "to be two strings"),
        (["dense", "dense", "dense"], "to be two strings"),
        ([0, 3], "to be two strings"),
        (["dense", "conv"], "none matches 'conv'.*'dense', 'activation'"),
        (["ense", "dense"], "none matches 'ense'"),
        (["dense", "(dense"], "'\\(dense' is none"),
    ],
)
def test_bad_layer_range(layer_range, message):
    with pytest.raises(ArgumentError, match=message):
        summary(perceptron(), layer_range=layer_range)


# Where the text goes.


def printed(monkeypatch, encoding, model, errors="strict", **options):
    """The bytes written to a standard output with an encoding."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=errors, newline="")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        print_summary(model, **options)
    stream.flush()
    return stream.buffer.getvalue()


def test_printed_by_default(capsys):
    print_summary(perceptron())
    assert capsys.readouterr() == (PERCEPTRON, "")


EMPTY_IN_ASCII = """\
Model: "empty"
+------------------------------------------------------+
| Layer (type)           | Output Shape    |   Param # |
|------------------------+-----------------+-----------|
+------------------------------------------------------+
 Total params: 0 (0.00 B)
 Trainable params: 0 (0.00 B)
 Non-trainable params: 0 (0.00 B)
"""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
def test_console_without_box_drawing(monkeypatch, encoding):
    text = printed(monkeypatch, encoding, Sequential("empty", []), line_length=56)
    assert text.decode("ascii") == EMPTY_IN_ASCII


def test_marks_on_a_console_without_them(monkeypatch):
    options = {"line_length": 60, "expand_nested": True, "show_trainable": True}
    lines = printed(monkeypatch, "cp1252", nested(), **options).decode("ascii").split("\n")
    assert lines[2] == "| Layer (type)          | Output Shape     | Param # | Tr. |"
    assert lines[8] == "|    + inner            | (None, 5)        |      35 |  Y  |"


def test_name_the_console_cannot_show(monkeypatch):
    text = printed(monkeypatch, "cp1252", Sequential("\u5c42", [ReLU("m\u00fcll")])).decode("cp1252")
    assert 'Model: "?"\n' in text
    assert "| m\u00fcll (ReLU) " in text


def test_ascii_lines_go_to_print_fn_too(monkeypatch):
    texts = []
    assert printed(monkeypatch, "cp1252", Sequential("empty", []), print_fn=texts.append, line_length=56) == b""
    assert texts == [EMPTY_IN_ASCII]


def test_no_standard_output(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        print_summary(perceptron())
        assert summary(perceptron()) == PERCEPTRON


def test_tabulate_is_loaded_when_it_is_used():
    script = "import sys, minikeras.models.summary; sys.exit('tabulate' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def html_cells(text):
    return [re.findall("<t[dh]>(.*?)</t[dh]>", row) for row in text.split("<tr>")[1:]]


def test_html():
    from minikeras import Input, Sequential
    from minikeras.layers import Dense

    model = Sequential([Input((3,)), Dense(4, name="first"), Dense(1, name="second")], name="small")
    text = model._repr_html_()
    assert html_cells(text) == [
        ["Layer (type)", "Output Shape", "Param #"],
        ["first (Dense)", "(None, 4)", "16"],
        ["second (Dense)", "(None, 1)", "5"],
    ]
    assert "<p>Model: &quot;small&quot;</p>" in text and "Total params: 21 (84.00 B)" in text


def test_html_of_a_graph_and_of_a_model_that_is_not_built():
    from minikeras import Input, Model, Sequential
    from minikeras.layers import Add, Dense

    x = Input((3,), name="x")
    outputs = Add(name="sum")([Dense(2, name="a")(x), Dense(2, name="b")(x)])
    rows = html_cells(Model(x, outputs)._repr_html_())
    assert rows[0][-1] == "Connected to" and rows[-1][-1] == "a[0][0], b[0][0]"
    assert html_cells(Sequential([Dense(1, name="later")])._repr_html_())[1:] == [["later (Dense)", "?", "0 (unbuilt)"]]
