"""The tree of errors, the nearest name, and where warnings point."""

import inspect
import sys

import pytest

from minikeras import errors

BUILTIN = {
    "MinikerasError": Exception,
    "ArgumentError": ValueError,
    "ShapeError": ValueError,
    "DataError": ValueError,
    "ModelFileError": ValueError,
    "ModelFileMissingError": FileNotFoundError,
    "FileWriteError": OSError,
    "FolderMissingError": FileNotFoundError,
    "SerializationError": TypeError,
    "UnknownNameError": ValueError,
    "LogNameError": KeyError,
    "ArgumentTypeError": TypeError,
    "StateError": ValueError,
    "UninitializedError": RuntimeError,
    "NotSupportedError": NotImplementedError,
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
        "ModelFileError",
        "ModelFileMissingError",
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
