"""Sizes of free axes while models are built, names of operations, constant outputs: as in Keras."""

import keras
import numpy as np
import pytest

import minikeras
from minikeras.engine import tree
from tests.ops.cases import each_case
from tests.ops.sizes import USES

# Keras on TensorFlow cannot build a layer that does this, though it computes it on data.
REFUSED_BY_KERAS = {
    "full of one size",
    "tri",
    "linspace",
    "reshape to one axis",
    "tile by one number",
    "split",
    "items of an array",
    "division",
    "numpy's functions",
}
# What -1 stands for, and the columns of `eye`, are known here, and free in Keras.
KNOWN_HERE = {"pad to a fixed size", "reshape, the rest", "reshape and back", "stack and reshape", "eye of two sizes"}
RANDOM = {"normal", "uniform", "truncated_normal", "gamma and beta", "randint", "binomial", "categorical"}
DATA = {count: np.arange(count * 4, dtype="float32").reshape(count, 4) for count in (3, 5)}


def used(k, use):
    """The shape and the dtype that a layer has in a model, and what the model gives for two sizes of the batch."""

    class Using(k.layers.Layer):
        def call(self, x):
            return use(k, x, k.ops.shape(x)[0])

    x = k.layers.Input((4,))
    y = Using()(x)
    model = k.Model(x, y)
    return tuple(y.shape), [np.asarray(model(DATA[count])) for count in DATA], y.dtype


@pytest.mark.parametrize("name", USES)
def test_sizes_in_the_call_of_a_layer(name):
    use = USES[name][0]
    if name in REFUSED_BY_KERAS:
        with pytest.raises((TypeError, ValueError, NotImplementedError)):
            used(keras, use)
        return
    (shape, ours, dtype), (expected, theirs, its_dtype) = used(minikeras, use), used(keras, use)
    if name in KNOWN_HERE:
        assert shape != expected
        shape = tuple(None if size is None else own for own, size in zip(shape, expected, strict=True))
    assert (shape, dtype) == (expected, its_dtype)
    for mine, other in zip(ours, theirs, strict=True):
        assert (mine.shape, mine.dtype) == (other.shape, other.dtype)
        if name not in RANDOM:
            np.testing.assert_allclose(mine, other, rtol=1e-6)


def names_and_specs(k, function, values):
    k.backend.clear_session(free_memory=False)
    inputs = [
        k.Input(batch_shape=each.size(4), dtype=each.dtype, name=f"in_{place}") for place, each in enumerate(values)
    ]
    outputs = tree.flatten(function(k.ops, *inputs))
    names = [operation.name for operation in k.Model(inputs, outputs).operations]
    return names, [(tuple(output.shape), output.dtype) for output in outputs]


# Keras's `vectorize` runs on JAX alone: see tests/ops/control_flow/test_vectorization.py. The specs of the others are
# wrong in Keras, and `image.ssim` takes it 40 s.
LEFT_OUT = "vectorize adaptive_average_pool adaptive_max_pool lu_factor multi_hot view_as_complex image.ssim".split()
# The first of each op.
CASES = list({case[1]: case for case in reversed(list(each_case())) if case[3] and case[1] not in LEFT_OUT}.values())


@pytest.mark.parametrize(("function", "values"), [case[2:] for case in CASES], ids=[case[1] for case in CASES])
def test_names_and_shapes_of_operations(function, values):
    assert names_and_specs(minikeras, function, values) == names_and_specs(keras, function, values)


def operators(k):
    k.backend.clear_session(free_memory=False)
    x = k.Input((2,))
    outputs = [abs(x), -x, x + 1, 2 - x, x * x, x / 2, x // 2, x % 2, x**2, x @ x[0], x > 0, x <= 1, x[0], x[:, None]]
    return [operation.name for operation in k.Model(x, outputs).operations]


def test_names_of_operators():
    ours, theirs = operators(minikeras), operators(keras)
    assert ours == theirs and "absolute" in ours


def equality(k):
    a, b = k.Input((2,)), k.Input((2,))
    found = [a == a, a == b, b in [a, b], [a, b].index(b), len({a, b, a}), a == None, a == 1]  # noqa: E711
    return [*found, type(a != b).__name__, type(a > b).__name__]


def test_equality_of_symbolic_values():
    assert equality(minikeras) == equality(keras)


CONSTANTS = {
    "array of ops": lambda k, x: k.ops.ones((3, 2)),
    "mask": lambda k, x: k.ops.tril(k.ops.ones((k.ops.shape(x)[1],) * 2)),
    "integers": lambda k, x: k.ops.arange(4),
    "beside others": lambda k, x: [x, k.ops.zeros((1, 3)), x + 1],
    "in a dictionary": lambda k, x: {"a": k.ops.eye(3), "b": x},
    "a scalar": lambda k, x: k.ops.cast(2.5, "float32"),
}


def constant(k, use):
    class Constant(k.layers.Layer):
        def call(self, x):
            return use(k, x)

    x = k.Input((4,))
    outputs = Constant()(x)
    model = k.Model(x, outputs)
    specs = [(tuple(output.shape), output.dtype) for output in tree.flatten(outputs)]
    return specs, [np.asarray(value) for value in tree.flatten(model(DATA[3]))]


@pytest.mark.parametrize("use", CONSTANTS.values(), ids=CONSTANTS)
def test_layers_whose_output_does_not_depend_on_the_input(use):
    (ours, mine), (theirs, others) = constant(minikeras, use), constant(keras, use)
    assert ours == theirs
    for own, other in zip(mine, others, strict=True):
        np.testing.assert_array_equal(own, other)


# ---------------------------------------------------------------- the examples of keras.io


def vae(k):
    """The encoder and the decoder, with `Dense` in the place of convolutions."""

    class Sampling(k.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.seed_generator = k.random.SeedGenerator(1337)

        def call(self, inputs):
            z_mean, z_log_var = inputs
            batch, dim = k.ops.shape(z_mean)[0], k.ops.shape(z_mean)[1]
            epsilon = k.random.normal(shape=(batch, dim), seed=self.seed_generator)
            return z_mean + k.ops.exp(0.5 * z_log_var) * epsilon

    images = k.Input((8, 8, 1))
    x = k.layers.Dense(16, activation="relu")(k.layers.Flatten()(images))
    mean, log_var = k.layers.Dense(2, name="z_mean")(x), k.layers.Dense(2, name="z_log_var")(x)
    encoder = k.Model(images, [mean, log_var, Sampling()([mean, log_var])], name="encoder")
    codes = k.Input((2,))
    x = k.layers.Dense(64, activation="sigmoid")(codes)
    decoder = k.Model(codes, k.layers.Reshape((8, 8, 1))(x), name="decoder")
    return Sampling, encoder, decoder


def transformer(k):
    """Tokens and their positions, up to the first layer of the classifier."""

    class TokenAndPositionEmbedding(k.layers.Layer):
        def __init__(self, maxlen=50, vocab_size=10, embed_dim=4, **kwargs):
            super().__init__(**kwargs)
            self.token_emb = k.layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
            self.pos_emb = k.layers.Embedding(input_dim=maxlen, output_dim=embed_dim)

        def call(self, x):
            maxlen = k.ops.shape(x)[-1]
            positions = k.ops.arange(0, maxlen, 1)
            return self.token_emb(x) + self.pos_emb(positions)

    words = k.Input((None,), dtype="int32")
    x = TokenAndPositionEmbedding()(words)
    x = k.layers.Dense(4, activation="relu")(x)
    return TokenAndPositionEmbedding, k.Model(words, [x, k.ops.mean(x, axis=1)])


LIBRARIES = {"ours": (minikeras, keras), "theirs": (keras, minikeras)}
both_ways = pytest.mark.parametrize("libraries", LIBRARIES.values(), ids=LIBRARIES)


def opened(libraries, make, model, path):
    """Saves a model of one library and opens it with the other, where its own layer is registered."""
    cls = make(libraries[1])[0]
    model.save(path)
    return libraries[1].saving.load_model(path, custom_objects={cls.__name__: cls})


# Keras says the first of its own arrays, and the second of layers that make their parts in `__init__`.
@pytest.mark.filterwarnings("ignore:__array__ implementation", "ignore:`build\\(\\)` was called on layer")
@both_ways
def test_vae(libraries, tmp_path):
    _, encoder, decoder = vae(libraries[0])
    images = np.random.default_rng(0).random((6, 8, 8, 1)).astype("float32")
    assert [output.shape for output in encoder.outputs] == [(None, 2)] * 3
    other = opened(libraries, vae, encoder, tmp_path / "encoder.keras")
    assert [output.shape for output in other.outputs] == [(None, 2)] * 3
    for ours, theirs in zip(encoder(images)[:2], other(images)[:2], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert tuple(other(images)[2].shape) == (6, 2)
    encoder.save_weights(tmp_path / "a.weights.h5")
    other.load_weights(tmp_path / "a.weights.h5")


@pytest.mark.filterwarnings("ignore:__array__ implementation", "ignore:`build\\(\\)` was called on layer")
@both_ways
def test_transformer(libraries, tmp_path):
    _, model = transformer(libraries[0])
    assert [output.shape for output in model.outputs] == [(None, None, 4), (None, 4)]
    other = opened(libraries, transformer, model, tmp_path / "model.keras")
    assert [output.shape for output in other.outputs] == [(None, None, 4), (None, 4)]
    for count, length in ((3, 7), (2, 5)):
        words = np.random.default_rng(count).integers(0, 10, (count, length)).astype("int32")
        for ours, theirs in zip(model(words), other(words), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.filterwarnings("ignore:The model uses input sizes")
def test_keras_opens_no_graph_with_sizes_outside_of_layers(tmp_path):
    """What Keras refuses to build, it refuses to load."""
    x = minikeras.Input((4,))
    minikeras.Model(x, x + minikeras.ops.zeros((minikeras.ops.shape(x)[0], 4))).save(tmp_path / "a.keras")
    with pytest.raises((TypeError, ValueError)):
        keras.saving.load_model(tmp_path / "a.keras")
    x = keras.Input((4,))
    with pytest.raises(ValueError, match="None"):
        keras.ops.zeros((keras.ops.shape(x)[0], 4))
