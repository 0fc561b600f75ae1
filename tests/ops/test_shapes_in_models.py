"""Sizes of free axes as numbers: in the `call` of a layer, and in graphs of ops."""

import math
import tracemalloc

import numpy as np
import pytest

import minikeras
from minikeras import Model, layers, models, ops, random, saving
from minikeras.errors import ShapeError, StateError
from minikeras.graph.keras_tensor import KerasTensor
from tests.ops.sizes import USES

each_use = pytest.mark.parametrize(("use", "shape"), USES.values(), ids=USES)


def data(count):
    return np.arange(count * 4, dtype="float32").reshape(count, 4)


def layer_of(use):
    class Using(layers.Layer):
        def call(self, x):
            return use(minikeras, x, ops.shape(x)[0])

    return Using()


def check(model, use, shape):
    """The shape while building, the numbers eagerly and replayed for several sizes of the batch."""
    expected = {count: use(minikeras, data(count), count) for count in (3, 5, 1)}
    (output,) = model.outputs
    assert output.shape == tuple(size if isinstance(size, int) else None for size in shape)
    for count, right in expected.items():
        assert output.dtype == str(right.dtype) and len(right.shape) == len(output.shape)
        np.testing.assert_array_equal(model(data(count)), right)
        predicted = model.predict_on_batch(data(count))
        np.testing.assert_array_equal(predicted, right)
        np.testing.assert_array_equal(model.predict_on_batch(data(count) + 0), right)  # the second time it is replayed


@each_use
def test_in_the_call_of_a_layer(use, shape):
    x = layers.Input((4,))
    check(Model(x, layer_of(use)(x)), use, shape)


@each_use
@pytest.mark.filterwarnings("ignore:The model uses input sizes")
def test_in_a_graph(use, shape, tmp_path):
    x = layers.Input((4,))
    model = Model(x, use(minikeras, x, ops.shape(x)[0]))
    check(model, use, shape)
    model.save(tmp_path / "model.keras")
    check(saving.load_model(tmp_path / "model.keras"), use, shape)


# What Python does with numbers, which only the `call` of a layer can do.
PYTHON = {
    "int": (lambda k, x, n: x[int(n) - 1], (4,)),
    "range": (lambda k, x, n: ops.stack([x[number] for number in range(n)]), ("n", 4)),
    "list": (lambda k, x, n: ops.ones([n] + [1] * 2), ("n", 1, 1)),
    "repeated list": (lambda k, x, n: ops.stack([x[0]] * n), ("n", 4)),
    "if": (lambda k, x, n: x[:3] if n > 3 else x, ("n", 4)),
    "math": (lambda k, x, n: ops.ones((math.ceil(n / 2), math.floor(n / 2), 1)), ("a", "b", 1)),
    "round and divmod": (lambda k, x, n: ops.ones((round(n * 2.0), *divmod(n, 2))), ("a", "b", "c")),
    "sum and product": (lambda k, x, n: ops.ones((sum(ops.shape(x)), math.prod(ops.shape(x)))), ("a", "b")),
    "max": (lambda k, x, n: ops.ones((max(n, 2), min(4, n))), ("a", "b")),
    "numpy": (lambda k, x, n: x + np.arange(n, dtype="float32")[:, None], ("n", 4)),
    "numpy's product": (lambda k, x, n: ops.reshape(x, (int(np.prod(ops.shape(x))),)), ("m",)),
    "an array of numpy": (lambda k, x, n: np.full((n, 2), 3.0, "float32"), ("n", 2)),
    "an index of numpy": (lambda k, x, n: x[np.arange(n)[::-1]], ("n", 4)),
    "a table with few rows": (lambda k, x, n: ops.take(np.ones((20, 3), "float32"), np.arange(n), axis=0), ("n", 3)),
    "text": (lambda k, x, n: x * len(f"{n:d}"), ("n", 4)),
    "equality": (lambda k, x, n: x * (2 if n == 3 else 1) * (n != 5), ("n", 4)),
}


@pytest.mark.parametrize(("use", "shape"), PYTHON.values(), ids=PYTHON)
def test_what_python_does_in_a_call(use, shape):
    x = layers.Input((4,))
    check(Model(x, layer_of(use)(x)), use, shape)
    check(Model(x, layers.Lambda(lambda x: use(minikeras, x, ops.shape(x)[0]))(x)), use, shape)


@pytest.mark.parametrize(
    "use",
    [int, float, bool, range, math.sqrt, np.asarray, "{:d}".format, lambda n: [0] * n, lambda n: 3 if n > 2 else 4],
)
def test_what_python_cannot_do_in_a_graph(use):
    (size,) = ops.shape(KerasTensor((None,)))
    with pytest.raises(StateError, match=r"minikeras\.ops"):
        use(size)


def test_the_shape_of_a_symbolic_value():
    x = KerasTensor((None, 4, None))
    assert x.shape == (None, 4, None) == ops.shape(x)
    assert str(ops.shape(x)) == "(None, 4, None)" and None in ops.shape(x)
    assert ops.shape(x)[1] == 4 and isinstance(ops.shape(x)[1], int)
    assert ops.shape(x)[0] is ops.shape(x)[0] and ops.shape(x)[0] != ops.shape(x)[2]
    assert len({ops.shape(x)[0], ops.shape(x)[0], ops.shape(x)[2]}) == 2


def test_a_shape_that_is_only_looked_at_is_no_operation():
    x = layers.Input((4,))
    assert ops.shape(x)[1] == 4 and len(ops.shape(x)) == 2
    model = Model(x, ops.reshape(x, (-1, ops.shape(x)[1] // 2)))
    assert [type(operation).__name__ for operation in model.operations] == ["InputLayer", "FunctionOperation"]
    assert [operation.class_name for operation in model.operations] == ["InputLayer", "Reshape"]


def test_none_is_no_size():
    for make in (ops.zeros, ops.ones, random.normal, lambda shape: ops.full(shape, 1.0)):
        with pytest.raises(ShapeError, match=r"`ops\.shape\(x\)`"):
            make((KerasTensor((None, 3)).shape[0], 2))


@pytest.mark.parametrize("place", ["layer", "graph"])
def test_nothing_is_computed(place):
    def use(k, x, n):
        return x + ops.ones((n, 4096, 4096)) * random.normal((n, 4096, 4096)) + ops.eye(n * 4096)[:4096, None, :4096]

    x = KerasTensor((None, 4096, 4096))
    tracemalloc.start()
    y = layer_of(use)(x) if place == "layer" else use(minikeras, x, ops.shape(x)[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert y.shape == (None, 4096, 4096)
    assert peak < 2**21


def test_drawing_while_building_moves_no_seed_on():
    generator = random.SeedGenerator(3)
    before = generator.state.numpy()
    x = layers.Input((4,))
    model = Model(x, x * 0 + random.normal((ops.shape(x)[0], 4), seed=generator))
    np.testing.assert_array_equal(generator.state.numpy(), before)
    first, second = model(data(3)), model(data(3))
    np.testing.assert_array_equal(first, random.normal((3, 4), seed=random.SeedGenerator(3)))
    assert (first != second).all()


@pytest.mark.filterwarnings("ignore:The model uses input sizes")
def test_a_seed_generator_in_a_graph_is_saved(tmp_path):
    x = layers.Input((4,))
    model = Model(x, x * 0 + random.normal((ops.shape(x)[0], 4), seed=random.SeedGenerator(3)))
    model.save(tmp_path / "model.keras")
    loaded = saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(data(3)), random.normal((3, 4), seed=random.SeedGenerator(3)))


@pytest.mark.parametrize("draw", [lambda x: random.dropout(x, 0.5), random.shuffle, lambda x: random.categorical(x, 3)])
def test_draws_in_a_graph_happen_at_each_run(draw):
    x = layers.Input((4,))
    model = Model(x, draw(x))
    ones = data(64)
    assert (np.asarray(model(ones)) != np.asarray(model(ones))).any()


def test_a_size_that_depends_on_those_of_several_inputs():
    first, second = layers.Input((None, 3)), layers.Input((None, 3))
    times = ops.shape(first)[1] * ops.shape(second)[1]
    model = Model([first, second], ops.ones((ops.shape(first)[0], times)))
    assert model.output_shape == (None, None)
    assert model([np.ones((2, 3, 3)), np.ones((2, 5, 3))]).shape == (2, 15)


def test_limits_of_a_free_size():
    x = layers.Input((None, 8))
    cut = layers.Lambda(lambda x: x[:, : ops.minimum(ops.shape(x)[1], 4)])
    table = layers.Lambda(lambda x: x[:, :, :0] + np.ones((1, 5, 1), "float32")[:, : ops.shape(x)[1]])
    assert cut(x).shape == (None, None, 8)
    assert table(x).shape == (None, None, 0)


def test_sizes_of_what_layers_make():
    x = layers.Input((None, 8))
    double = layers.UpSampling1D(2)(x)
    heads = layers.Lambda(lambda both: ops.reshape(both[1], (ops.shape(both[0])[0], ops.shape(both[0])[1], -1)))
    assert heads([x, double]).shape == (None, None, 16)
    parts = ops.split(double, 2, axis=1)
    assert ops.reshape(parts[0], (ops.shape(x)[0], ops.shape(x)[1], -1)).shape == (None, None, 8)
    nested = Model(x, double)(layers.Input((None, 8)))
    assert heads([x, nested]).shape == (None, None, 16)


def test_outputs_of_other_numbers_of_axes():
    class Odd(layers.Layer):
        def call(self, x):
            return x if ops.shape(x)[0] % 2 else x[None]

    with pytest.raises(ShapeError, match="number of axes"):
        Odd()(layers.Input((4,)))

    class Many(layers.Layer):
        def call(self, x):
            return [x for _ in range(ops.shape(x)[0])]

    with pytest.raises(ShapeError, match="The number of outputs"):
        Many()(layers.Input((4,)))


def test_an_error_in_a_call_that_reads_sizes_is_told():
    class Wrong(layers.Layer):
        def call(self, x):
            if ops.shape(x)[0] > 0:
                raise KeyError("mine")
            return x

    with pytest.raises(KeyError, match="mine"):
        Wrong()(layers.Input((4,)))


@pytest.mark.filterwarnings("ignore:The model uses input sizes")
def test_graphs_with_sizes_are_copied_and_nested():
    x = layers.Input((4,))
    model = Model(x, x + ops.zeros((ops.shape(x)[0], 1)))
    again = models.clone_model(model)
    json = models.model_from_json(model.to_json())
    outer = Model(x, model(x) * 2)
    for other in (again, json):
        np.testing.assert_array_equal(other(data(3)), data(3))
    np.testing.assert_array_equal(outer(data(3)), data(3) * 2)
    assert model(layers.Input(batch_shape=(7, 4))).shape == (7, 4)


def test_a_graph_that_only_minikeras_opens_says_so(tmp_path):
    x = layers.Input((4,))
    model = Model(x, x + ops.zeros((ops.shape(x)[0], 1)))
    with pytest.warns(UserWarning, match=r"\(shape\w*, zeros\w*\).*Keras does not"):
        model.save(tmp_path / "model.keras")


def test_a_model_with_sizes_trains():
    x = layers.Input((4,))
    hidden = layers.Dense(2)(x)
    noise = random.normal((ops.shape(x)[0], 2), seed=1) * 0.01
    model = Model(x, layers.Dense(1)(hidden + noise))
    model.compile("adam", "mse")
    losses = model.fit(data(20) / 80, np.ones((20, 1)), batch_size=8, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
