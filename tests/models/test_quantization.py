"""Quantizing models: which layers, what is refused, accuracy, and the data of GPTQ and AWQ."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, quantizers
from minikeras.datasets import mnist
from minikeras.errors import ArgumentError, StateError
from minikeras.quantizers import AWQConfig, GPTQConfig, Int4QuantizationConfig, Int8QuantizationConfig

RANDOM = np.random.default_rng(0)


def network():
    ids = layers.Input((6,), dtype="int32")
    x = layers.Embedding(20, 8, name="words")(ids)
    x = layers.MultiHeadAttention(2, 4, name="attention")(x, x)
    inner = minikeras.Sequential([layers.Input((6, 8)), layers.Dense(4, "relu", name="inside"), layers.Dropout(0.5)])
    return minikeras.Model(ids, layers.Dense(3, name="last")(layers.Flatten()(inner(x))))


def modes(model):
    return {
        layer.name: layer.quantization_mode for layer in model._flat_layers() if not layer._sublayers and layer.weights
    }


IDS = RANDOM.integers(0, 20, (4, 6))
ALL = ["words", "query", "value", "key", "attention_output", "inside", "last"]


@pytest.mark.parametrize(
    ("filters", "chosen"),
    [
        (None, ALL),
        ("^last$", ["last"]),
        (["word", "ns.de"], ["words", "inside"]),
        (("query",), ["query"]),
        (lambda layer: isinstance(layer, layers.Dense), ["inside", "last"]),
        ("nothing", []),
    ],
)
def test_filters(filters, chosen):
    model = network()
    expected = model.predict(IDS, verbose=0)
    model.quantize("int8", filters=filters)
    assert modes(model) == {name: "int8" if name in chosen else None for name in ALL}
    np.testing.assert_allclose(model.predict(IDS, verbose=0), expected, atol=0.05)


def test_layers_that_cannot_be_quantized():
    class Own(layers.Dense):
        pass

    model = minikeras.Sequential([layers.Input((4, 3)), layers.Conv1D(2, 1, name="conv"), Own(2, name="own")])
    with pytest.warns(UserWarning, match="does not implement `quantize`") as caught:
        model.quantize("int8")
    assert len(caught) == 2 and modes(model) == {"conv": None, "own": None}
    with pytest.warns(UserWarning, match="conv"):
        model.quantize("int8", type_check=False)
    assert modes(model) == {"conv": None, "own": "int8"}
    model = network()
    with pytest.warns(UserWarning, match=r"'words'.*expected one of \('int8', 'int4'\)"):
        model.quantize("float8")
    assert modes(model) == {name: None if name == "words" else "float8" for name in ALL}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"mode": "int3"}, ArgumentError, "invalid quantization mode"),
        ({}, ArgumentError, "needs a `mode` or a `config`"),
        ({"mode": "int8", "filters": 3}, ArgumentError, "`filters` must be a regular expression"),
        ({"mode": "int8", "typecheck": 3}, ArgumentError, r"no arguments \['typecheck'\]"),
        ({"mode": "gptq"}, ArgumentError, "needs data"),
        ({"config": GPTQConfig(["a"], None)}, ArgumentError, "needs to know which layers follow each other"),
        ({"config": AWQConfig(["a"], None)}, ArgumentError, "get_quantization_layer_structure"),
    ],
)
def test_refused(arguments, error, message):
    model = network()
    with pytest.raises(error, match=message):
        model.quantize(**arguments)
    assert set(modes(model).values()) == {None}


def test_nothing_is_quantized_twice():
    model = network()
    model.quantize("int8", filters="last")
    with pytest.raises(StateError, match="'last' is quantized already"):
        model.quantize("int4")
    assert modes(model)["words"] is None
    with pytest.raises(StateError, match="build the layer before"):
        minikeras.Sequential([layers.Dense(2)]).quantize("int8")


def test_a_compiled_model():
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(2)])
    model.compile("adam", "mse")
    x, y = RANDOM.normal(size=(8, 3)).astype("float32"), RANDOM.normal(size=(8, 2)).astype("float32")
    model.fit(x, y, verbose=0)
    before = model.predict(x, verbose=0)
    model.quantize("int8")
    np.testing.assert_allclose(model.predict(x, verbose=0), before, atol=0.05)
    assert (model.predict(x, verbose=0) != before).any()
    kernel = model.layers[0].kernel.numpy()
    model.compile("adam", "mse")
    model.fit(x, y, verbose=0, epochs=3)
    np.testing.assert_array_equal(model.layers[0].kernel.numpy(), kernel)
    np.testing.assert_allclose(model.predict(x, verbose=0), model.layers[0](x), atol=1e-6)


def test_attention_is_saved_and_loaded(tmp_path):
    for config in (Int8QuantizationConfig(), Int4QuantizationConfig(block_size=2)):
        model = network()
        model.quantize(config=config)
        model.save(tmp_path / "model.keras")
        loaded = minikeras.saving.load_model(tmp_path / "model.keras")
        assert modes(loaded) == modes(model)
        np.testing.assert_array_equal(loaded.predict(IDS, verbose=0), model.predict(IDS, verbose=0))


# ---------------------------------------------------------------- accuracy


def classifier():
    """A network for digits, trained on those that come with the package; their data, and others."""
    (x, y), (x_test, y_test) = mnist.load_data()
    x, x_test = (each.reshape(-1, 784).astype("float32") / 255 for each in (x[:12000], x_test[:4000]))
    minikeras.utils.set_random_seed(0)
    model = minikeras.Sequential(
        [layers.Input((784,)), layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(10)]
    )
    compiled(model).fit(x, y[:12000], batch_size=64, epochs=3, verbose=0)
    return model, (x, y[:12000]), (x_test, y_test[:4000])


def compiled(model):
    loss = minikeras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def accuracy(model, data):
    return compiled(model).evaluate(*data, verbose=0, batch_size=500)[1]


def test_accuracy(tmp_path):
    """Within half a percent of the floats: int8 and int4 as they are, float8 after it was trained."""
    model, training, data = classifier()
    expected = accuracy(model, data)
    assert expected > 0.88
    model.save(tmp_path / "model.keras")
    for config in (
        Int8QuantizationConfig(),
        Int8QuantizationConfig(activation_quantizer=None),
        Int4QuantizationConfig(),
        Int4QuantizationConfig(block_size=32),
    ):
        other = minikeras.saving.load_model(tmp_path / "model.keras", compile=False)
        other.quantize(config=config)
        assert abs(accuracy(other, data) - expected) <= 0.005
    model.quantize("float8")
    compiled(model).fit(training[0][:1280], training[1][:1280], batch_size=64, verbose=0)
    assert accuracy(model, data) >= expected - 0.005


# ---------------------------------------------------------------- GPTQ and AWQ


class Letters:
    """A tokenizer of letters."""

    def tokenize(self, text):
        return [ord(letter) % 20 for letter in text]


class Block(layers.Layer):
    """Two layers, the second of which has inputs that the first one makes."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.wide, self.narrow = layers.Dense(3 * units, "relu", name="wide"), layers.Dense(units, name="narrow")

    def build(self, input_shape):
        self.wide.build(input_shape)
        self.narrow.build((*input_shape[:-1], 3 * self.units))

    def call(self, inputs):
        return inputs + self.narrow(self.wide(inputs)), None


class Words(minikeras.Model):
    """A small model of language."""

    def __init__(self):
        super().__init__()
        self.words = layers.Embedding(20, 12, embeddings_initializer="normal")
        self.blocks = [Block(12), Block(12)]
        self.head = layers.Dense(20, name="head")

    def call(self, ids):
        x = self.words(ids)
        for block in self.blocks:
            x, _ = block(x)
        return self.head(x)

    def get_quantization_layer_structure(self, mode=None):
        return {"pre_block_layers": [self.words], "sequential_blocks": self.blocks}


TEXTS = ["the quick brown fox jumps over the lazy dog", "pack my box with five dozen liquor jugs"]


def calibrated(kind, **settings):
    """A model of language, its logits before and after it is quantized."""
    minikeras.utils.set_random_seed(1)
    model, x = Words(), np.array([Letters().tokenize(text[:32]) for text in TEXTS], "int32")
    expected = model.predict(x, verbose=0)
    config = kind(TEXTS, Letters(), num_samples=4, sequence_length=16, group_size=-1)
    model.quantize(config=config, **settings)
    return model, expected, model.predict(x, verbose=0)


@pytest.mark.parametrize("kind", [GPTQConfig, AWQConfig])
def test_calibration(kind, capsys):
    model, expected, received = calibrated(kind)
    mode = kind.__name__[:-6].lower()
    inside = [layer for block in model.blocks for layer in (block.wide, block.narrow)]
    assert [layer.quantization_mode for layer in inside] == [mode] * 4
    assert all(getattr(layer, f"is_{mode}_calibrated") for layer in inside)
    assert model.head.quantization_mode is None and model.words.quantization_mode is None
    assert "2/2" in capsys.readouterr().out
    error = np.square(received - expected).mean() / np.square(expected).mean()
    assert 0 < error < 0.02
    scales = getattr(inside[0], "awq_scales", None)
    assert scales is None or np.ptp(scales.numpy()) > 0


def test_the_second_block_sees_what_the_first_one_makes(monkeypatch):
    """Of quantized layers: the statistics of the second block are those of its present inputs."""
    from minikeras.layers.core.quantization.calibrated import Calibrated

    seen = []
    calibrate = Calibrated._calibrate
    monkeypatch.setattr(Calibrated, "_calibrate", lambda self: (seen.append(self._statistics), calibrate(self)))
    model, _, _ = calibrated(AWQConfig)
    samples = quantizers.calibration_data.calibration_sequences(model.blocks[0].wide.quantization_config)
    x = np.concatenate([model.words(sample) for sample in samples])
    np.testing.assert_allclose(seen[0].values, np.abs(x).max((0, 1)), rtol=1e-6)
    np.testing.assert_allclose(seen[2].values, np.abs(model.blocks[0](x)[0]).max((0, 1)), rtol=1e-5)


def test_filters_of_calibration():
    model, _, _ = calibrated(GPTQConfig, filters="wide")
    assert [model.blocks[0].wide.quantization_mode, model.blocks[0].narrow.quantization_mode] == ["gptq", None]


def test_a_failed_calibration_leaves_no_observers():
    model = Words()
    model(np.zeros((1, 16), "int32"))
    model.blocks[0].call = lambda x: 1 / 0
    with pytest.raises(ZeroDivisionError):
        model.quantize(config=GPTQConfig(TEXTS, Letters(), num_samples=1, sequence_length=16))
    assert model.blocks[0].wide._observe is None


def test_structure():
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(2)])
    assert model.get_quantization_layer_structure() is None
    config = GPTQConfig(None, Letters(), quantization_layer_structure={"sequential_blocks": [model.layers[0]]})
    with pytest.raises(ArgumentError, match="needs a `dataset` and a `tokenizer`"):
        model.quantize(config=config)
    assert model.layers[0].quantization_mode is None
