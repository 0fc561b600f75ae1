"""Names that files or terminals cannot bear are refused where they come in, and escaped where they are printed."""

import json
import zipfile

import numpy as np
import pytest

import minikeras
from minikeras import layers, losses, metrics, optimizers
from minikeras.engine.naming import printable
from minikeras.errors import ArgumentError, MinikerasError, ModelFileError

ESCAPES = "\x1b[31mred\x1b]0;title\x07"
BAD = ["\0", "a\0b", "", ".", "..", ESCAPES, "a\nb", "a\tb", "\r", "\x7f", "\x9b31m", "\u2028", "\u202eabc"]
BAD += ["\ud800", "a\udfff", "x" * 100_000, "a/b", "/"]
NO_STRINGS = [5, b"x", 1.5, ["a"], ("a",), True, object()]
GOOD = ["a", "a b", "é", "層", "👩\u200d🔬", "a.b", "...", "a:0", "x" * 300, "%s{}", "a\\b", "<i>"]
NOT_AUTOMATIC = [name for name in BAD if name]


def refused(call):
    with pytest.raises(ArgumentError, match="`name` must") as caught:
        call()
    assert isinstance(caught.value, ValueError) and "\x1b" not in str(caught.value) and len(str(caught.value)) < 500
    str(caught.value).encode()  # it can be printed


@pytest.mark.parametrize("name", [*BAD, *NO_STRINGS], ids=lambda name: ascii(name)[:20])
def test_layers_and_models(name):
    entry = layers.Input((2,))
    for call in (
        lambda: layers.Dense(1, name=name),
        lambda: layers.Input((2,), name=name),
        lambda: layers.Lambda(lambda x: x, name=name),
        lambda: minikeras.Sequential([layers.Input((2,))], name=name),
        lambda: minikeras.Model(entry, entry + 1, name=name),
        lambda: minikeras.Model(name=name),
        lambda: layers.Dense.from_config({"units": 1, "name": name}),
        lambda: setattr(layers.Dense(1), "name", name),
    ):
        refused(call)


@pytest.mark.parametrize("name", [name for name in NOT_AUTOMATIC if "/" not in name], ids=lambda name: ascii(name)[:20])
def test_variables_metrics_losses_and_optimizers(name):
    class Own(layers.Layer):
        def build(self, input_shape):
            self.w = self.add_weight((2,), name=name)

        def call(self, inputs):
            return inputs

    for call in (
        lambda: minikeras.Variable(1.0, name=name),
        lambda: Own()(np.ones((1, 2))),
        lambda: metrics.Mean(name=name),
        lambda: losses.MeanSquaredError(name=name),
        lambda: optimizers.SGD(0.1, name=name),
    ):
        refused(call)


@pytest.mark.parametrize("name", GOOD, ids=ascii)
def test_names_that_are_fine(name, tmp_path):
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(1, name=name)])
    for end in (".keras", ".weights.h5"):
        path = tmp_path / f"a{end}"
        (model.save if end == ".keras" else model.save_weights)(path)
    found = minikeras.models.load_model(tmp_path / "a.keras")
    assert found.layers[0].name == name
    model.summary(print_fn=lambda text: None)


@pytest.mark.parametrize("name", BAD, ids=lambda name: ascii(name)[:20])
def test_names_from_files(name, tmp_path):
    model = minikeras.Sequential([layers.Input((2,), name="in"), layers.Dense(1, name="secret")], name="model")
    model.save(tmp_path / "a.keras")
    with zipfile.ZipFile(tmp_path / "a.keras") as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    text = parts["config.json"].decode()
    parts["config.json"] = text.replace('"secret"', json.dumps(name)).encode()
    with zipfile.ZipFile(tmp_path / "b.keras", "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    for call in (
        lambda: minikeras.models.load_model(tmp_path / "b.keras"),
        lambda: minikeras.models.model_from_json(parts["config.json"].decode()),
    ):
        with pytest.raises(MinikerasError) as caught:
            call()
        assert "\x1b" not in str(caught.value) and isinstance(caught.value, (ModelFileError, ArgumentError))


def test_what_is_printed(capsys):
    class Steps(minikeras.Sequential):
        def train_step(self, data):
            return {ESCAPES: 1.0, "a\nb": 2.0}

    model = Steps([layers.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=2)
    lines = []
    own = minikeras.Sequential([layers.Input((2,)), type("Red\x1b[31m", (layers.Layer,), {"call": lambda s, x: x})()])
    own.summary(print_fn=lines.append)
    own.summary()
    out = capsys.readouterr().out
    assert "\x1b]0" not in out and "\x1b[31m" not in out and "\\x1b" in out
    assert "\x1b" not in "".join(lines) and "Red\\x1b[31m" in "".join(lines)
    assert printable("a\nb\x00\u202e\ud800") == "a\nb\\x00\\u202e\\ud800"
