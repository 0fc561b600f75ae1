"""Models made of graphs: values by hand, what is refused, and a graph a thousand layers deep."""

import numpy as np
import pytest

import minikeras
from minikeras import Model, layers, metrics, ops, random, saving
from minikeras.autodiff import GradientTape
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.operation import Node, Operation
from minikeras.layers import Add, Concatenate, Dense, Input
from minikeras.optimizers import Adam
from minikeras.saving import load_model

X = np.array([[1, 2], [3, 4]], "float32")


def test_a_residual_connection_by_hand():
    x = Input((2,), name="x")
    dense = Dense(2, name="dense", kernel_initializer=lambda shape, dtype: [[1, 0], [1, 1]])
    model = Model(x, {"sum": x + dense(x), "twice": [dense(dense(x)), ops.square(x)]})
    outputs = model(X)
    assert outputs["sum"].tolist() == [[4, 4], [10, 8]]  # x @ kernel is [3, 2] and [7, 4]
    assert outputs["twice"][0].tolist() == [[5, 2], [11, 4]] and outputs["twice"][1].tolist() == [[1, 4], [9, 16]]
    assert [layer.name for layer in model.layers] == ["x", "dense"] and len(model.weights) == 2
    assert model.predict(X, verbose=0)["sum"].tolist() == outputs["sum"].tolist()
    middle = Model(model.input, model.get_layer("dense").output)
    assert middle(X).tolist() == [[3, 2], [7, 4]]
    dense.bias.assign([10, 0])  # shared with all of them
    assert middle(X).tolist() == [[13, 2], [17, 4]] and model(X)["sum"].tolist() == [[14, 4], [20, 8]]


def test_inputs_in_a_dict():
    a, b = Input((2,), name="first"), Input((2,), name="second")
    model = Model({"a": a, "b": b}, a - 2 * b)
    assert model({"b": X, "a": 3 * X}).tolist() == X.tolist()
    assert model({"a": 3 * X, "b": X, "c": X}).tolist() == X.tolist()
    with pytest.raises(ArgumentError, match="'b'"):
        model({"a": X})


class Same(Operation):
    def call(self, x):
        return x * 1


def in_a_cycle():
    x = Input((2,), name="x")
    y = Same(name="first")(x)
    z = Same(name="second")(y)
    Node(y._keras_history.operation, (z,), {}, [y])
    return Model(x, z)


def of_two_inputs(given):
    a, b = Input((2,), name="a"), Input((2,), name="b")
    return Model(given(a, b), Dense(1, name="last")(Add(name="sum")([a, b])))


def with_names(first, second):
    x = Input((2,), name="x")
    return Model(x, Dense(2, name=second)(Dense(2, name=first)(x)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: of_two_inputs(lambda a, b: a),
            r"The graph is disconnected: 'sum' needs <KerasTensor.*name=b>, which ",
        ),
        (lambda: of_two_inputs(lambda a, b: [Input((2,), name="c"), b]), "'sum' needs .*name=a>, which .*'c', 'b'"),
        (lambda: Model(Input((2,), name="x"), Input((2,), name="y")), "Output 0, .*name=y>, is not connected .*'x'"),
        (lambda: with_names("twin", "twin"), r"The name 'twin' is used 2 times in the model, by \['Dense', 'Dense'\]"),
        (lambda: with_names("x", "y"), r"The name 'x' is used 2 times in the model, by \['InputLayer', 'Dense'\]"),
        (in_a_cycle, "<KerasTensor.*> from '(first|second)' is part of a cycle: it depends on itself"),
        (lambda: Model(Input((2,)), X), r"All `outputs` must be symbolic(.|\n)* of type ndarray"),
        (lambda: Model(X, Input((2,))), r"All `inputs` must be symbolic(.|\n)* of type ndarray"),
        (lambda: Model(Input((2,)), []), "`outputs` must not be empty"),
        (lambda: Model({}, Input((2,))), "`inputs` must not be empty"),
        (lambda: Model(Input((2,))), "A functional model needs `inputs` and `outputs`"),
    ],
)
def test_refused(make, message):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=message):
        make()


def test_configs_that_no_graph_can_be_made_of():
    config = with_names("a", "b").get_config()
    first, second = config["layers"][1:]
    missing = {**config, "layers": [first, second]}
    with pytest.raises(ArgumentError, match="mentions 'x', but there is no layer of that name"):
        Model.from_config(missing)
    history = second["inbound_nodes"][0]["args"][0]["config"]["keras_history"]
    assert history == ["a", 0, 0]
    first["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = ["b", 0, 0]
    with pytest.raises(ArgumentError, match=r"has a cycle, or inputs are missing: \['a', 'b'\] cannot be called"):
        Model.from_config(config)


def test_a_call_that_is_refused_leaves_the_model_as_it_was():
    model = with_names("a", "b")
    for wrong in (X[:, :1], [X, X], X[0, 0]):
        with pytest.raises(ArgumentError):
            model(wrong)
    assert model(X).shape == (2, 2) and len(model.layers) == 3


def deep(depth):
    x = value = Input((2,), name="x")
    for number in range(depth):
        step = Dense(2, activation="tanh", kernel_initializer="zeros", name=f"step_{number}")(value)
        value = Add(name=f"sum_{number}")([value, step])
    return Model(x, Dense(1, name="last", kernel_initializer="ones")(value))


@pytest.fixture(scope="module")
def thousand():
    model = deep(1000)
    model.compile(minikeras.optimizers.SGD(1e-5), "mse")  # small steps: a thousand of them add up
    x = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")
    before = model.predict(x, verbose=0)
    np.testing.assert_allclose(before, x.sum(axis=1, keepdims=True), rtol=1e-6)  # the steps add 0 at first
    losses = model.fit(x, x[:, :1], batch_size=8, epochs=2, verbose=0).history["loss"]
    return model, x, losses


def test_a_thousand_layers_train(thousand):
    model, x, losses = thousand
    assert len(model.layers) == 2002 and len(model.weights) == 2002 and model.count_params() == 6003
    assert losses[1] < losses[0]
    assert all(np.any(layer.kernel.numpy()) for layer in model.layers if layer.name.startswith("step"))
    assert model.evaluate(x, x[:, :1], verbose=0) < losses[0]
    assert model(x).tobytes() == model.predict(x, verbose=0).tobytes()


def test_copies_of_a_thousand_layers(thousand):
    model, x, _ = thousand
    expected = model(x)
    config = model.get_config()
    assert len(config["layers"]) == 2002
    for again in (Model.from_config(config), minikeras.models.clone_model(model)):
        again.set_weights(model.get_weights())
        assert again(x).tobytes() == expected.tobytes()
        assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    middle = Model(model.get_layer("sum_499").output, model.output)
    assert len(middle.layers) == 1 + 2 * 500 + 1
    x, inner = Input((2,)), Model(model.input, model.output)
    outer = Model(x, inner(inner(x) * [1.0, 1.0]))
    assert outer.compute_output_shape((3, 2)) == (3, 1)


def test_the_summary_of_a_thousand_layers(thousand):
    texts = []
    thousand[0].summary(print_fn=texts.append, layer_range=("step_998", "last"), show_trainable=True)
    lines = [line.split("│")[1].split()[0] for line in texts[0].split("\n") if "Dense" in line or "Add" in line]
    assert lines == ["step_998", "sum_998", "step_999", "sum_999", "last"]
    assert "Trainable params: 6,003" in texts[0]
    thousand[0].trainable = False
    assert thousand[0].trainable_weights == []
    thousand[0].trainable = True


def test_a_thousand_layers_in_a_list():
    model = minikeras.Sequential([Input((2,)), *[Dense(2, kernel_initializer="identity") for _ in range(1000)]])
    np.testing.assert_array_equal(model(X), X)


def test_concatenating_many():
    inputs = [Input((1,), name=f"x_{number}") for number in range(200)]
    model = Model(inputs, Concatenate()(inputs))
    data = [np.full((3, 1), number, "float32") for number in range(200)]
    assert model(data)[0].tolist() == list(range(200))
    assert model.predict(data, verbose=0).shape == (3, 200)
    assert isinstance(model.layers[0], layers.InputLayer)


def test_ops_whose_values_come_after_settings():
    x = Input((2,))
    model = Model(x, [ops.pad(x, ((0, 0), (1, 0)), constant_values=3.0), ops.einsum("bi,bj->bij", x, x)])
    padded, products = model(np.array([[1.0, 2.0]], "float32"))
    assert padded.tolist() == [[3, 1, 2]] and products.tolist() == [[[1, 2], [2, 4]]]


# Calls that Keras's classes take in one form alone, or not at all: what is in the graph, and what comes out.
SPELLINGS = {
    "a size": (lambda x: ops.reshape(x, -1), {"Reshape": {"newshape": (-1,)}}, [1, 2, 3, 4]),
    "an array": (lambda x: ops.transpose(x, np.array([1, 0])), {"Transpose": {"axes": [1, 0]}}, [[1, 3], [2, 4]]),
    "one width": (
        lambda x: ops.pad(x[:1], 1)[1],
        {"Pad": {"pad_width": ((1, 1), (1, 1)), "mode": "constant"}},
        [0, 1, 2, 0],
    ),
    "a type": (lambda x: ops.cast(x, int), {"Cast": {"dtype": "int32"}}, [[1, 2], [3, 4]]),
    "a slice": (lambda x: x[1:], {"GetItem": {}}, [[3, 4]]),
    "indices": (lambda x: x[:, [1, 1]], {"Take": {"axis": 1}}, [[2, 2], [4, 4]]),
    "a list": (lambda x: x + [10, 20], {"Add": {}}, [[11, 22], [13, 24]]),
    "a number of numpy": (lambda x: x + np.float16(1), {"Add": {}}, [[2, 3], [4, 5]]),
    "a symbolic bound": (lambda x: ops.clip(x, 2, x[0, 1] + 1), {"Maximum": {}, "Minimum": {}}, [[2, 2], [3, 3]]),
    "parts at indices": (lambda x: ops.array_split(x, [1])[1], {"GetItem": {}}, [[3, 4]]),
    "a step": (lambda x: ops.linspace(x[0], x[1], 3, retstep=True)[1], {"TrueDivide": {}}, [1, 1]),
    "sorted segments": (
        lambda x: ops.segment_sum(x, np.array([0, 0]), 1, sorted=True),
        {"SegmentSum": {"num_segments": 1, "sorted": False}},
        [[4, 6]],
    ),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_what_calls_are_saved_as(name, tmp_path):
    function, classes, expected = SPELLINGS[name]
    x = Input(batch_shape=(2, 2))
    model = Model(x, function(x))
    found = {each.class_name: each.get_config() for each in model.operations if each.class_name in classes}
    assert {key: {k: v for k, v in config.items() if k != "name"} for key, config in found.items()} == classes
    model.save(tmp_path / "a.keras")
    again = load_model(tmp_path / "a.keras")
    output = again(X)
    assert output.tolist() == expected and output.dtype == model(X).dtype


def test_dtypes_of_numbers_are_saved(tmp_path):
    x = Input((2,), dtype="int8")
    Model(x, [x * np.int32(2), x * 2, x + np.array(1, "int16"), x + [1, 2]]).save(tmp_path / "a.keras")
    found = load_model(tmp_path / "a.keras")(X.astype("int8"))
    assert [str(each.dtype) for each in found] == ["int32", "int8", "int16", "int32"]
    assert [each[0].tolist() for each in found] == [[2, 4], [2, 4], [2, 3], [2, 4]]


def test_several_arrays_of_indices(tmp_path):
    x = Input(batch_shape=(2, 2))
    model = Model(x, x[[0, 1], [1, 0]])
    with pytest.warns(UserWarning, match="advanced indexing with several arrays.*Keras does not"):
        model.save(tmp_path / "a.keras")
    assert load_model(tmp_path / "a.keras")(X).tolist() == [2, 3]


@pytest.mark.parametrize(("name", "settings"), [("Searchsorted", {"side": "left"}), ("Allclose", {"rtol": 0.5})])
def test_names_of_earlier_versions(name, settings):
    """Before each op had its name in Keras, all were written as `keras.src.ops.numpy`, by the name of the function."""
    x, y = Input(batch_shape=(2,), name="x"), Input(batch_shape=(2,), name="y")
    config = Model([x, y], x + y).get_config()
    config["layers"][2] |= {"class_name": name, "module": "keras.src.ops.numpy"}
    config["layers"][2]["config"] |= settings
    operation = Model.from_config(config).operations[2]
    assert operation.function.__name__ == name.lower() and operation.settings == settings


class Sampling(layers.Layer):
    """The noise of a variational autoencoder, for a batch of free size."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = random.SeedGenerator(1337)

    def call(self, inputs):
        mean, log_var = inputs
        epsilon = random.normal((ops.shape(mean)[0], ops.shape(mean)[1]), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_var) * epsilon


class Autoencoder(Model):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.tracker = metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.tracker]

    def train_step(self, data):
        with GradientTape() as tape:
            mean, log_var, codes = self.encoder(data)
            reconstruction = ops.sum(ops.square(data - self.decoder(codes)), axis=1)
            divergence = -0.5 * ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), axis=1)
            loss = ops.mean(reconstruction + divergence)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}


def test_a_variational_autoencoder(tmp_path):
    x, codes = Input((6,)), Input((2,))
    mean, log_var = Dense(2, name="mean")(x), Dense(2, name="log_var")(x)
    encoder = Model(x, [mean, log_var, Sampling()([mean, log_var])])
    decoder = Model(codes, Dense(6)(codes))
    assert encoder.output_shape == [(None, 2)] * 3
    model = Autoencoder(encoder, decoder)
    for weights in (encoder, decoder):
        weights.set_weights([np.full(weight.shape, 0.1) for weight in weights.get_weights()])
    model.compile(Adam(0.05))
    data = np.random.default_rng(0).normal(size=(40, 6)).astype("float32")
    losses = model.fit(data, batch_size=16, epochs=20, verbose=0).history["loss"]  # the last batch is smaller
    assert losses[-1] < losses[0]
    encoder.save(tmp_path / "encoder.keras")
    again = saving.load_model(tmp_path / "encoder.keras", custom_objects={"Sampling": Sampling})
    for ours, theirs in zip(encoder.predict(data, verbose=0)[:2], again.predict(data, verbose=0)[:2], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    encoder.save_weights(tmp_path / "a.weights.h5")
    again.load_weights(tmp_path / "a.weights.h5")


class TokenAndPosition(layers.Layer):
    """The embedding of a text transformer, for texts of free length."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.token, self.position = layers.Embedding(9, 4), layers.Embedding(30, 4)

    def call(self, x):
        return self.token(x) + self.position(ops.arange(0, ops.shape(x)[-1], 1))


def test_positions_of_texts_of_any_length(tmp_path):
    words = Input((None,), dtype="int32")
    model = Model(words, Dense(1)(ops.mean(TokenAndPosition()(words), axis=1)))
    assert TokenAndPosition()(words).shape == (None, None, 4) and model.output_shape == (None, 1)
    model.compile("adam", "mse")
    for length in (5, 8):
        texts = np.arange(6 * length, dtype="int32").reshape(6, length) % 9
        model.fit(texts, np.ones((6, 1)), batch_size=4, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    again = saving.load_model(tmp_path / "model.keras", custom_objects={"TokenAndPosition": TokenAndPosition})
    embedding = model.layers[1]
    by_hand = embedding.token.embeddings.numpy()[texts] + embedding.position.embeddings.numpy()[:8]
    np.testing.assert_allclose(embedding(texts), by_hand)
    np.testing.assert_array_equal(model.predict(texts, verbose=0), again.predict(texts, verbose=0))


@pytest.mark.parametrize(
    "make",
    [lambda: np.ones((3, 2), "float32"), lambda: ops.ones((3, 2)), lambda: minikeras.Variable(np.ones((3, 2), "f"))],
)
def test_a_layer_whose_output_does_not_depend_on_the_input(make):
    class Constant(layers.Layer):
        def call(self, x):
            return make()

    x = Input((4,))
    y = Constant()(x)
    assert (y.shape, y.dtype) == ((3, 2), "float32")
    model = Model(x, ops.sum(y) + x)
    assert model(np.zeros((2, 4))).tolist() == model.predict(np.zeros((2, 4)), verbose=0).tolist() == [[6.0] * 4] * 2
    assert np.asarray(Model(x, y)(np.zeros((2, 4)))).tolist() == [[1.0, 1.0]] * 3


@pytest.mark.parametrize("output", [2.0, "a", [1.0, 2.0]])
def test_what_is_no_output(output):
    class Number(layers.Layer):
        def call(self, x):
            return output

    with pytest.raises(ArgumentError, match="must be tensors"):
        Number()(Input((4,)))


def test_numpy_scalars_among_the_inputs():
    """As in Keras, they are tensors without axes; numbers of Python are not."""
    x, factor = layers.Input((2,)), layers.Input(batch_shape=(), dtype="int32")
    model = Model([x, factor], x * ops.cast(factor, "float32"))
    data = np.float32([[1, 2]])
    for three in (np.int32(3), np.float32(3), np.array(3)):
        assert model([data, three]).tolist() == [[3, 6]]
    with pytest.raises(ArgumentError, match="mixes tensors with something else"):
        model([data, 3])
    with pytest.raises(ShapeError, match=r"expected inputs of shape \(None, 2\).*received shape \(\)"):
        model([np.float32(1), data])
