import json

import numpy as np
import onnxruntime
import pytest

import minikeras
from minikeras import layers

X = np.array([[1, 2, 3, 4]], "float32")


def test_there_and_back(command, saved):
    for source, target in (("a.h5", "b.keras"), ("b.keras", "c.h5"), ("c.h5", "d.keras")):
        assert command("convert", source, target) == (0, f"{target}: 1 layers, 5 parameters\n", "")
    model = minikeras.saving.load_model("d.keras")
    assert model.predict(X, verbose=0).tolist() == [[20.0]]
    assert model.compiled and int(model.optimizer.iterations) == 1 and model.loss == "mean_squared_error"


def test_to_onnx(command, saved):
    assert command("convert", "a.h5", "b.onnx") == (0, "b.onnx: 1 layers, 5 parameters\n", "")
    session = onnxruntime.InferenceSession("b.onnx")
    assert session.run(None, {"x": X})[0].tolist() == [[20.0]]


def test_without_the_optimizer(command, saved):
    command("convert", "a.keras", "b.keras", "--without-optimizer")
    assert not minikeras.saving.load_model("b.keras").compiled


def test_parts_of_a_model(command, saved, folder):
    command("convert", "a.keras", "b.weights.h5")
    command("convert", "a.keras", "b.json")
    text = (folder / "b.json").read_text()
    model = minikeras.models.model_from_json(text)
    model.load_weights("b.weights.h5")
    assert model.predict(X, verbose=0).tolist() == [[20.0]] and json.loads(text)["class_name"] == "Sequential"


@pytest.mark.parametrize(
    ("arguments", "status", "match"),
    [
        (["a.keras", "b.txt"], 2, "b.txt: expected a file that ends in .keras, .h5"),
        (["a.txt", "b.keras"], 2, "a.txt: expected a file that ends in"),
        (["a.onnx", "b.keras"], 2, "ONNX files are written, but not read"),
        (["a.weights.h5", "b.keras"], 2, "has weights, but no layers"),
        (["a.keras", "a.h5"], 2, "a.h5 exists. Pass --overwrite"),
        (["a.keras", "a.keras"], 2, "a.keras exists"),
        (["none.h5", "b.keras"], 1, "No such file"),
        (["a.keras", "none/b.h5"], 1, "there is no folder none"),
        (["damaged.h5", "b.keras"], 1, "'damaged.h5' cannot be read"),
        (["words.keras", "b.onnx"], 1, "takes strings"),
        (["custom.keras", "b.h5"], 1, "Here: `--custom FILE.PY`"),
    ],
)
def test_failures(command, saved, custom, folder, arguments, status, match):
    (folder / "damaged.h5").write_bytes((folder / "a.h5").read_bytes()[:-100])
    lookup = layers.StringLookup(vocabulary=["cat"])
    minikeras.Sequential([layers.Input((1,), dtype="string"), lookup]).save("words.keras")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    found, out, err = command("convert", *arguments)
    assert found == status and out == "" and match in err
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_overwriting(command, saved, folder):
    old = (folder / "a.h5").read_bytes()
    assert command("convert", "a.keras", "a.h5", "--overwrite")[0] == 0
    assert minikeras.saving.load_model("a.h5").predict(X, verbose=0).tolist() == [[20.0]]
    (folder / "b.onnx").write_bytes(old)
    assert command("convert", "a.keras", "b.onnx", "--overwrite")[0] == 0 and (folder / "b.onnx").read_bytes() != old


def test_own_classes(command, custom):
    assert command("convert", custom, "b.h5", "--custom", "own.py")[0] == 0
    assert command("convert", "b.h5", "c.onnx", "--custom", "own.py")[0] == 0
    assert onnxruntime.InferenceSession("c.onnx").run(None, {"input_layer": X})[0].tolist() == [[2, 4, 6, 8]]
