"""Messages of errors: no numbers of arrays, no two full stops, nothing at length."""

import ast
import pathlib
import re

import numpy as np
import pytest

import minikeras
from minikeras import (
    callbacks,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    saving,
    utils,
)
from minikeras.errors import ArgumentError, brief, reason

SECRET = "0.1234"  # how the numbers of the array begin
SOURCES = sorted(pathlib.Path(minikeras.__file__).parent.rglob("*.py"))
ARRAY = np.full((3, 4), 0.12345678, "float32")


def compiled(**arguments):
    model = models.Sequential([layers.Dense(1)])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **arguments})
    return model


FIT = "epochs batch_size verbose callbacks validation_split validation_data class_weight steps_per_epoch".split()
CALLS = {
    "a layer's argument": lambda value: layers.Dense(value),
    "an unknown argument": lambda value: layers.Dense(1, kernel=value),
    "old weights": lambda value: layers.Dense(1, old_weights=[value, {"bias": value}]),
    "name": lambda value: layers.Dense(1, name=value),
    "trainable": lambda value: layers.Dense(1, trainable=value),
    "dtype": lambda value: layers.Dense(1, dtype=value),
    "activation": lambda value: layers.Dense(1, activation=value),
    "constraint": lambda value: layers.Dense(1, kernel_constraint=value),
    "Input": lambda value: layers.Input(value),
    "Lambda": lambda value: layers.Lambda(value),
    "Reshape": lambda value: layers.Reshape((value, "a")),
    "a config": lambda value: layers.deserialize({"class_name": "Dense", "config": {"units": value}}),
    "from_config": lambda value: layers.Dense.from_config({"kernel": value}),
    "Sequential": lambda value: models.Sequential([value]),
    "Model": lambda value: models.Model(value, value),
    "by position": lambda value: layers.Dense(1)(value, {"a": {value.size}}),
    "optimizer": lambda value: compiled(optimizer=value),
    "loss": lambda value: compiled(loss=value),
    "metrics": lambda value: compiled(metrics=[value]),
    "get": lambda value: losses.get(value),
    "learning rate": lambda value: optimizers.SGD(value),
    "beta": lambda value: optimizers.Adam(beta_1=value),
    "unknown argument of an optimizer": lambda value: optimizers.Adam(kernel=value),
    "max norm": lambda value: constraints.MaxNorm(value),
    "stddev": lambda value: initializers.RandomNormal(stddev=value),
    "monitor": lambda value: callbacks.EarlyStopping(monitor=value),
    "thresholds": lambda value: metrics.Precision(thresholds=value),
    "set_weights": lambda value: compiled().set_weights(value),
    "assign": lambda value: minikeras.Variable(value).assign(value[:2]),
    "random shape": lambda value: minikeras.random.normal(value),
    "seed": lambda value: minikeras.random.normal((2,), seed=value),
    "no numbers": lambda value: ops.convert_to_tensor([value, "a"]),
    "cast": lambda value: ops.cast(value, value),
    "pad": lambda value: ops.pad(value, value),
    "to_categorical": lambda value: utils.to_categorical(ARRAY * 0 + 9, value),
    "pad_sequences": lambda value: utils.pad_sequences([value, 1]),
    "load_model": lambda value: saving.load_model(value),
    "unpack": lambda value: utils.unpack_x_y_sample_weight((value,) * 4),
    **{f"fit({name}=...)": lambda value, name=name: compiled().fit(ARRAY, ARRAY, **{name: value}) for name in FIT},
}


@pytest.mark.parametrize("kind", ["array", "variable", "nested"])
@pytest.mark.parametrize("name", CALLS)
def test_no_numbers_of_an_array_are_shown(name, kind):
    value = minikeras.Variable(ARRAY) if kind == "variable" else ARRAY
    with pytest.raises(Exception) as caught:
        CALLS[name]({"a": [value]} if kind == "nested" and name not in ("by position", "assign") else value)
    assert SECRET not in str(caught.value) and len(str(caught.value)) < 1200
    assert not re.search(r"(?<!\.)\.\.(?!\.)|\.\s\.|\. *[,;]", str(caught.value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.5"),
        ("a", "'a'"),
        (None, "None"),
        (np.float32(2), "np.float32(2.0)"),
        (np.array(2), "array(2)"),
        (ARRAY, "<ndarray shape=(3, 4), dtype=float32>"),
        (np.ones(0), "<ndarray shape=(0,), dtype=float64>"),
        ([], "[]"),
        ((ARRAY,), "(<ndarray shape=(3, 4), dtype=float32>,)"),
        ({"a": [ARRAY, 1]}, "{'a': [<ndarray shape=(3, 4), dtype=float32>, 1]}"),
        (list(range(12)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...] of length 12"),
        ({n: n for n in range(11)}, "{" + ", ".join(f"{n}: {n}" for n in range(10)) + ", ...} of length 11"),
        ("x" * 400, "'" + "x" * 299 + "... of length 400"),
        (int, "<class 'int'>"),
        (np.ndarray, "<class 'numpy.ndarray'>"),
    ],
)
def test_brief(value, text):
    assert brief(value) == text


def test_brief_of_values_of_a_model():
    assert brief(minikeras.Variable(ARRAY)) == "<Variable shape=(3, 4), dtype=float32>"
    assert brief(layers.Input((3,), name="in")) == repr(layers.Input((3,), name="in"))
    ring = []
    ring.append(ring)
    assert brief(ring) == "[[[[[...]]]]]"


def test_brief_of_what_cannot_be_described():
    class Broken:
        @property
        def shape(self):
            raise RuntimeError

        def __repr__(self):
            raise RuntimeError

    assert brief(Broken()) == "<Broken>"
    assert brief([Broken(), 1]) == "[<Broken>, 1]"


def test_reason():
    assert reason(ArgumentError("It failed.")) == "It failed"
    assert reason("no stop\n") == "no stop"


def texts(tree):
    """The literal text of each string of a source, with a mark where a value goes in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [each.value if isinstance(each, ast.Constant) else "\0" for each in node.values]
            yield node, "".join(parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_errors_stand_in_sentences_without_their_full_stop(path):
    wrong = []
    for node, text in texts(ast.parse(path.read_text(encoding="utf-8"))):
        values = [ast.unparse(each.value) for each in node.values if isinstance(each, ast.FormattedValue)]
        places = [match.start() for match in re.finditer("\0", text)]
        for value, place in zip(values, places, strict=True):
            if re.fullmatch(r"(error|exception|exc|e)", value) and re.match(r"\.( |$)", text[place + 1 :]):
                wrong.append((node.lineno, value))
        if re.search(r"(?<![.'])\.\.(?![./'])|\. \.(?! )", text):
            wrong.append((node.lineno, text))
    assert wrong == []
