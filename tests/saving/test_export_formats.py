import shlex

import pytest

from minikeras.errors import NotSupportedError, UnknownNameError
from minikeras.saving.export_formats import refusal


@pytest.mark.parametrize("path", ["folder", "my folder/a b", "it's", 'say "hi"', "$HOME", "back\\slash"])
@pytest.mark.parametrize(
    ("format", "backend"),
    [("tf_saved_model", "tensorflow"), ("litert", "tensorflow"), ("openvino", "openvino"), ("torch", "torch")],
)
def test_the_command_that_does_it(format, backend, path):
    error = refusal(format, path)
    assert isinstance(error, NotSupportedError) and f"format={format!r} needs {backend}" in str(error)
    setting, python, option, code = shlex.split(str(error).rpartition("): ")[2])
    assert (setting, python, option) == (f"KERAS_BACKEND={backend}", "python", "-c")
    calls = []
    model = type("Model", (), {"export": lambda self, *args, **kwargs: calls.append((args, kwargs))})()
    saving = type("saving", (), {"load_model": staticmethod(lambda path: model if path == "model.keras" else None)})
    exec(code.removeprefix("import keras; "), {"keras": type("keras", (), {"saving": saving})})
    assert calls == [((path,), {"format": format})]


@pytest.mark.parametrize("format", ["onxx", None, 3])
def test_unknown_formats(format):
    assert isinstance(refusal(format, "a"), UnknownNameError)
    assert "'litert', 'onnx', 'openvino'" in str(refusal(format, "a"))
