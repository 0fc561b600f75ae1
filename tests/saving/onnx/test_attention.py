"""Attention in ONNX files, by basic operators, run by onnxruntime: for any number of examples and time steps."""

import numpy as np
import pytest

from minikeras import Model, layers, ops

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

RNG = np.random.default_rng(4)
X = RNG.normal(size=(3, 5, 4)).astype("float32")
X[0, 2:] = X[1, :1] = 0  # what `Masking` masks
LONGER = RNG.normal(size=(2, 9, 4)).astype("float32")
CLOSE = {"rtol": 1e-5, "atol": 1e-6}


def compare(model, path, *data):
    """Exports a model, and asserts that onnxruntime computes from the file what the model does.

    Args:
        model: The model, whose weights are set at random.
        path: The file.
        *data: Arrays, or lists of arrays for models with several inputs.
    """
    model.set_weights([RNG.normal(size=weight.shape).astype(weight.dtype) / 2 for weight in model.get_weights()])
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(path))
    for given in data:
        arrays = given if isinstance(given, list) else [given]
        for parts in (arrays, [each[:1] for each in arrays]):
            expected = model(parts if isinstance(given, list) else parts[0])
            names = [each.name for each in session.get_inputs()]
            found = session.run(None, dict(zip(names, parts, strict=True)))
            for mine, other in zip(expected if isinstance(expected, list) else [expected], found, strict=True):
                np.testing.assert_allclose(other, mine, **CLOSE)


def attending(kind, length=None, **call):
    x = layers.Input((length, 4))
    y = layers.Masking()(x)
    if kind in ("Attention", "AdditiveAttention"):
        return Model(x, getattr(layers, kind)()([y, y], **call))
    arguments = {"MultiHeadAttention": (2, 3), "GroupQueryAttention": (3, 4, 2)}[kind]
    return Model(x, getattr(layers, kind)(*arguments)(y, y, **call))


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", ["Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"])
def test_layers(kind, causal, tmp_path):
    call = {"use_causal_mask": True} if causal else {}
    compare(attending(kind, **call), tmp_path / "a.onnx", X, LONGER)
    compare(attending(kind, 5, **call), tmp_path / "b.onnx", X)


@pytest.mark.parametrize("kind", ["Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"])
def test_scores(kind, tmp_path):
    x = layers.Input((None, 4))
    made = {"MultiHeadAttention": (2, 3), "GroupQueryAttention": (3, 4, 2)}.get(kind, ())
    given = (x, x) if made else ([x, x],)
    found = getattr(layers, kind)(*made)(*given, return_attention_scores=True, use_causal_mask=True)
    compare(Model(x, list(found)), tmp_path / "a.onnx", X, LONGER)


@pytest.mark.parametrize(
    "made",
    [
        layers.MultiHeadAttention(2, 3, value_dim=5, output_shape=6, flash_attention=True),
        layers.MultiHeadAttention(2, 3, dropout=0.5, use_bias=False),
        layers.GroupQueryAttention(3, 4, 1, flash_attention=True),
        layers.GroupQueryAttention(3, 4, 2, dropout=0.5, use_gate=True),
        layers.MultiHeadAttention(2, 3, use_gate=True),
    ],
    ids=["blocks", "dropout", "grouped blocks", "grouped dropout", "gate"],
)
def test_options(made, tmp_path):
    made = type(made).from_config(made.get_config())
    query, value, mask = layers.Input((None, 4)), layers.Input((None, 4)), layers.Input((None, None), dtype="bool")
    model = Model([query, value, mask], made(query, value, attention_mask=mask, use_causal_mask=True))
    masks = [RNG.random((3, 5, 9)) < 0.6, RNG.random((2, 9, 5)) < 0.6]
    masks[0][0, 1] = False  # no key at all
    longer = RNG.normal(size=(3, 9, 4)).astype("float32")
    compare(model, tmp_path / "a.onnx", [X, longer, masks[0]], [LONGER, X[:2], masks[1]])


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("width", [2, 12])
def test_sliding_windows(width, causal, tmp_path):
    """A window may be wider than the sequences of other models are in an export."""
    x = layers.Input((None, 4))
    y = layers.MultiHeadAttention(2, 3, sliding_window=width)(x, x, use_causal_mask=causal)
    longest = RNG.normal(size=(2, 40, 4)).astype("float32")
    compare(Model(x, y), tmp_path / "a.onnx", X, longest)
    x = layers.Input((5, 4))
    compare(Model(x, layers.MultiHeadAttention(2, 3, sliding_window=width)(x, x)), tmp_path / "b.onnx", X)


@pytest.mark.parametrize("axes", [(1,), (2,), (1, 2)], ids=str)
def test_attention_axes(axes, tmp_path):
    x = layers.Input((3, 5, 4))
    images = RNG.normal(size=(2, 3, 5, 4)).astype("float32")
    compare(Model(x, layers.MultiHeadAttention(2, 3, attention_axes=axes)(x, x)), tmp_path / "a.onnx", images)


@pytest.mark.parametrize("in_blocks", [False, True], ids=["weights", "blocks"])
def test_the_op(in_blocks, tmp_path, monkeypatch):
    """Bias, mask, a scale, shared heads and a causal mask at once."""
    if in_blocks:
        monkeypatch.setattr("minikeras.ops.attention._MANY", 0)
    query, key = layers.Input((None, 4, 3)), layers.Input((None, 2, 3))
    bias, mask = layers.Input((4, None, None)), layers.Input((1, 1, None), dtype="bool")

    def attend(values):
        query, key, bias, mask = values
        return ops.dot_product_attention(query, key, key, bias, mask, scale=0.3, is_causal=True)

    model = Model([query, key, bias, mask], layers.Lambda(attend, output_shape=(None, 4, 3))([query, key, bias, mask]))
    shapes = ((2, 5, 4, 3), (2, 7, 2, 3), (2, 4, 5, 7))
    arrays = [RNG.normal(size=shape).astype("float32") for shape in shapes]
    keys = RNG.random((2, 1, 1, 7)) < 0.7
    keys[0] = False
    compare(model, tmp_path / "a.onnx", [*arrays, keys])
    if in_blocks:
        assert "Softmax" in [node.op_type for node in onnx.load(tmp_path / "a.onnx").graph.node]


def test_a_transformer(tmp_path):
    """A decoder of two blocks with embeddings of words and positions, for any length."""
    words = layers.Input((None,), dtype="int32")
    positions = layers.Lambda(lambda x: ops.arange(ops.shape(x)[1])[None], output_shape=(None,))(words)
    x = layers.Embedding(7, 6, mask_zero=True)(words) + layers.Embedding(12, 6)(positions)
    for _ in range(2):
        y = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(2, 3, dropout=0.1)(y, y, use_causal_mask=True)
        y = layers.Dense(8, "gelu")(layers.LayerNormalization()(x))
        x = x + layers.Dropout(0.1)(layers.Dense(6)(y))
    model = Model(words, layers.Dense(7, "softmax")(x))
    ids = RNG.integers(0, 7, (3, 5)).astype("int32"), RNG.integers(0, 7, (2, 11)).astype("int32")
    compare(model, tmp_path / "a.onnx", *ids)
