"""The tree of errors, the nearest name, and where warnings point."""

import dataclasses
import inspect
import sys

import numpy as np
import pytest

from minikeras import errors
from minikeras.errors import add_location

BUILTIN = {
    "MinikerasError": Exception,
    "ArgumentError": ValueError,
    "ShapeError": ValueError,
    "DataError": ValueError,
    "MatrixError": np.linalg.LinAlgError,
    "ModelFileError": ValueError,
    "ModelFileMissingError": FileNotFoundError,
    "OutOfRangeError": IndexError,
    "DownloadError": ValueError,
    "FileMissingError": FileNotFoundError,
    "FileReadError": OSError,
    "FileWriteError": OSError,
    "FolderMissingError": FileNotFoundError,
    "SerializationError": TypeError,
    "UnknownNameError": ValueError,
    "LogNameError": KeyError,
    "ModeError": NotImplementedError,
    "ArgumentTypeError": TypeError,
    "DTypeError": TypeError,
    "MissingDTypeError": AttributeError,
    "StateError": ValueError,
    "WrapperError": RuntimeError,
    "NotStatefulError": AttributeError,
    "VocabularyError": RuntimeError,
    "UninitializedError": RuntimeError,
    "NotSupportedError": NotImplementedError,
    "MissingNameError": AttributeError,
    "NonFiniteError": RuntimeError,
    "TraceError": RuntimeError,
    "WorkerError": RuntimeError,
    "LegacyWarning": DeprecationWarning,
    "ReplayWarning": UserWarning,
    "NonFiniteWarning": RuntimeWarning,
}


def test_the_tree():
    classes = dict(inspect.getmembers(errors, inspect.isclass))
    own = {name: cls for name, cls in classes.items() if cls.__module__ == errors.__name__}
    assert sorted(own) == sorted(BUILTIN)
    for name, cls in own.items():
        assert issubclass(cls, BUILTIN[name]) and name in errors.__doc__
        assert issubclass(cls, (errors.MinikerasError, Warning))
    for name in (
        "ShapeError",
        "DataError",
        "MatrixError",
        "ModelFileError",
        "ModelFileMissingError",
        "OutOfRangeError",
        "SerializationError",
        "UnknownNameError",
    ):
        assert issubclass(own[name], errors.ArgumentError)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("relo", "'relu'"), ("RELU", "'relu'"), ("tan", "'tanh'"), ("zzz", None), (3, None), (None, None), ("", None)],
)
def test_the_nearest_name(name, hint):
    error = errors.unknown_name("activation", name, ["tanh", "relu", "relu"])
    assert isinstance(error, errors.UnknownNameError)
    text = str(error)
    assert text.startswith(f"Unknown activation: {name!r}.") and text.endswith(" Known: 'relu', 'tanh'.")
    assert (f"Did you mean {hint}?" in text) if hint else ("Did you mean" not in text)


def test_warnings_point_at_the_line_of_the_user():
    with pytest.warns(errors.LegacyWarning, match="`lr` is the spelling of an older Keras; write `learning_rate`") as w:
        errors.warn_legacy("`lr`", "`learning_rate`")
        line = sys._getframe().f_lineno - 1
    assert (w[0].filename, w[0].lineno) == (__file__, line)
    with pytest.warns(errors.ReplayWarning, match="^text$") as w:
        errors.warn_user("text", errors.ReplayWarning)
    assert w[0].filename == __file__
    assert errors.user_frame()[0] == __file__


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("relo", ["relu", "selu", "tanh"], "relu"),
        ("adma", ["adam", "adamw", "sgd"], "adam"),
        ("rmsprob", ["rmsprop"], "rmsprop"),
        ("softamx", ["softmax", "softplus"], "softmax"),
        ("hardsigmoid", ["hard_sigmoid", "sigmoid"], "hard_sigmoid"),
        ("Dens", ["Dense"], "Dense"),
        ("mea", ["mae", "mean", "max"], "mae"),
        ("sparse_categorical_cross_entropy", ["sparse_categorical_crossentropy"], "sparse_categorical_crossentropy"),
        ("categorical_crosentropi", ["categorical_crossentropy"], "categorical_crossentropy"),
        ("SGD", ["sgd"], "sgd"),
        ("Zeroes", ["Zeros", "zeros"], "Zeros"),
        ("zeroes", ["Zeros", "zeros"], "zeros"),
        ("sum_over_batch", ["sum", "sum_over_batch_size"], "sum_over_batch_size"),
        ("Random", ["RandomNormalized", "random_normal"], "random_normal"),
        ("glorot", ["glorot_uniform"], None),
        ("mean", ["mean_squared"], None),
        ("inv", ["sin", "int", "min", "conv"], None),
        ("mse", ["mae"], None),
        ("compat", ["concat"], None),
        ("lite", ["tile"], None),
        ("Merge", ["average"], None),
        ("model_from_yaml", ["Model", "clone_model"], None),
        ("relu_activation", ["reluactiv", "Layer"], "reluactiv"),
        ("TensorSpec", ["TensorShape"], None),
        ("set_random_seed", ["random", "range"], None),
        ("", ["a"], None),
        ("x" * 10**6, ["x" * 101, "y"], None),
    ],
)
def test_a_name_is_near_if_it_may_be_a_misspelling(name, known, found):
    assert errors.near_name(name, known) == found


@dataclasses.dataclass(frozen=True)
class FrozenError(Exception):
    text: str


def test_the_location_leaves_the_attributes_of_an_error_alone():
    error = ValueError("off the road")
    error.location = "Rome"
    add_location(error, "Raised in layer 'a'.")
    add_location(error, "Raised in layer 'b'.")  # an outer one
    assert error.location == "Rome" and str(error) == "off the road\nRaised in layer 'a'."


@pytest.mark.parametrize("error", [FrozenError("cold"), FrozenError(3)])
def test_the_location_of_an_error_that_cannot_be_changed(error):
    add_location(error, "Raised in layer 'a'.")
    told = [str(error), *getattr(error, "__notes__", [])]
    assert "\n".join(told) == f"{error.text}\nRaised in layer 'a'."
