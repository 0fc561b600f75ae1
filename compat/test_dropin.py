"""The drop-in beside the real packages: which names there are, and what functions of TensorFlow and of `K` return."""

import importlib
import importlib.util
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat import names
from compat.side_by_side import attempt, difference
from minikeras import dropin
from minikeras.dropin.names import public_names

X = np.float32([[1.0, -2.0, 3.5], [0.25, 5.0, -6.0]])
Y = np.float32([[2.0, 3.0, -1.0], [4.0, 0.5, 2.0]])
P = np.float32([[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]])
ONE_HOT = np.float32([[0, 1, 0], [1, 0, 0]])
I = np.int32([[3, 1, 2], [5, 7, 6]])  # noqa: E741
T = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")


def plain(value):
    """Returns tensors of either side, and numbers of numpy, as arrays."""
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return np.array(value) if hasattr(value, "__array__") else value


def both_sides(code):
    """Runs code on real TensorFlow and, with the drop-in, on ours."""
    theirs = [attempt(lambda part=part: plain(part(tf))) for part in code]
    dropin.install()
    try:
        ours = [attempt(lambda part=part: plain(part(importlib.import_module("tensorflow")))) for part in code]
    finally:
        dropin.uninstall()
    return list(zip(code, theirs, ours, strict=True))


def check(code, **bounds):
    texts = []
    for index, (_, theirs, ours) in enumerate(both_sides(code)):
        texts.append(difference(theirs, ours, where=f"number {index}", **bounds))
    assert [text for text in texts if text] == []


class Tensors:
    """`K`, called with tensors in the place of arrays."""

    def __init__(self, tf):
        self.tf = tf

    def __getattr__(self, name):
        def convert(value):
            if isinstance(value, list):
                return [convert(part) for part in value]
            return self.tf.constant(value) if isinstance(value, np.ndarray) else value

        function = getattr(self.tf.keras.backend, name)
        return lambda *args, **kwargs: function(*map(convert, args), **{k: convert(v) for k, v in kwargs.items()})


def test_the_list_of_names_is_that_of_keras():
    found = {}
    for package in (keras, tf.keras):
        for path, module in names.namespaces(package):
            path = path.removeprefix("_tf_keras.keras").lstrip(".")
            offered = {name for name in dir(module) if not name.startswith("_") or name == "__version__"}
            found.setdefault(path, set()).update(offered - {"src"})
    found = {path: entry for path, entry in found.items() if path != "_tf_keras"}
    ours = {path: set(entry) for path, entry in public_names().items()}
    ours[""] |= {"__version__"}
    assert {
        path: sorted(entry ^ ours.get(path, set())) for path, entry in found.items() if entry != ours.get(path)
    } == {}


def test_the_real_ones_come_back():
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] in ("keras", "tensorflow")}
    dropin.install()
    ours = importlib.import_module("keras")
    assert ours is not keras and ours.__spec__.origin == "minikeras"
    assert importlib.import_module("tensorflow.keras.layers").Dense.__module__.startswith("minikeras.")
    dropin.uninstall()
    assert {name: sys.modules.get(name) for name in before} == before
    assert importlib.import_module("keras") is keras and float(tf.constant(2.0) + 1) == 3.0


FUNCTIONS = [
    lambda tf: tf.constant([1, 2]),
    lambda tf: tf.constant([1.0, 2.0]),
    lambda tf: tf.constant(3, shape=(2, 2), dtype=tf.float32),
    lambda tf: tf.convert_to_tensor([1, 2], dtype=tf.float64),
    lambda tf: tf.cast(X, tf.int32),
    lambda tf: tf.zeros((2, 3)),
    lambda tf: tf.ones([2], tf.int32),
    lambda tf: tf.fill([2, 2], 7),
    lambda tf: tf.eye(2, 3),
    lambda tf: tf.range(5),
    lambda tf: tf.range(1.0, 2.0, 0.25),
    lambda tf: tf.linspace(0.0, 1.0, 5),
    lambda tf: tf.one_hot([0, 2], 3),
    lambda tf: tf.one_hot([0, 2], 3, on_value=5.0, off_value=-1.0, axis=0),
    lambda tf: tf.shape(X),
    lambda tf: tf.rank(X),
    lambda tf: tf.size(X),
    lambda tf: tf.reshape(X, [tf.shape(X)[1], -1]),
    lambda tf: tf.transpose(T, [2, 0, 1]),
    lambda tf: tf.concat([X, Y], axis=-1),
    lambda tf: list(tf.split(X, [1, 2], axis=1)),
    lambda tf: list(tf.split(X, 3, axis=1)),
    lambda tf: tf.stack([X, Y], axis=1),
    lambda tf: list(tf.unstack(X, axis=1)),
    lambda tf: tf.squeeze(X[None], [0]),
    lambda tf: tf.expand_dims(X, axis=1),
    lambda tf: tf.pad(X, [[1, 0], [0, 2]], constant_values=9),
    lambda tf: tf.pad(X, [[1, 0], [0, 2]], "REFLECT"),
    lambda tf: tf.tile(X, [2, 1]),
    lambda tf: tf.repeat(X, 2, axis=1),
    lambda tf: tf.gather(X, [1, 0, 1]),
    lambda tf: tf.gather(X, [2, 0], axis=1),
    lambda tf: tf.boolean_mask(X, [True, False]),
    lambda tf: tf.where(X > 0),
    lambda tf: tf.where(X > 0, X, Y),
    lambda tf: tf.reverse(X, [1]),
    lambda tf: tf.roll(X, 1, axis=1),
    lambda tf: tf.sort(X, direction="DESCENDING"),
    lambda tf: tf.argsort(X, axis=1),
    lambda tf: list(tf.unique(np.int32([3, 1, 3, 2, 1]))),
    lambda tf: tf.tensor_scatter_nd_update(X, [[0, 1], [1, 2]], [7.0, 8.0]),
    lambda tf: list(tf.meshgrid([1, 2], [3, 4, 5])),
    lambda tf: tf.clip_by_value(X, -1.0, 2.0),
    lambda tf: tf.clip_by_norm(X, 2.0),
    lambda tf: list(tf.clip_by_global_norm([X, Y], 3.0)),
    lambda tf: tf.reduce_mean(X, axis=1, keepdims=True),
    lambda tf: tf.reduce_mean(I),
    lambda tf: tf.reduce_sum(X, axis=[0, 1]),
    lambda tf: tf.reduce_max(X, 1),
    lambda tf: tf.reduce_prod(I, axis=0),
    lambda tf: tf.reduce_any(X > 4, axis=1),
    lambda tf: tf.reduce_logsumexp(X, axis=1),
    lambda tf: tf.math.reduce_std(X, axis=1),
    lambda tf: tf.math.reduce_variance(X),
    lambda tf: tf.argmax(X),
    lambda tf: tf.argmax(X, axis=1, output_type=tf.int32),
    lambda tf: tf.argmin(X, 1),
    lambda tf: tf.cumsum(X, axis=1, exclusive=True, reverse=True),
    lambda tf: tf.add_n([X, Y, X]),
    lambda tf: tf.pow(Y, 2.0),
    lambda tf: tf.math.divide_no_nan(X, X * 0),
    lambda tf: tf.math.multiply_no_nan(X, 0.0),
    lambda tf: tf.math.squared_difference(X, Y),
    lambda tf: tf.math.floormod(X, Y),
    lambda tf: tf.atan2(Y, X),
    lambda tf: tf.math.l2_normalize(X, axis=1),
    lambda tf: tf.math.confusion_matrix([0, 1, 2, 2], [0, 2, 2, 1]),
    lambda tf: tf.math.in_top_k([1, 0], P, 1),
    lambda tf: list(tf.math.top_k(X, k=2)),
    lambda tf: tf.math.count_nonzero(I, axis=1),
    lambda tf: tf.matmul(X, Y, transpose_b=True),
    lambda tf: tf.linalg.matvec(X, Y[0]),
    lambda tf: tf.tensordot(X, Y, axes=[[0], [0]]),
    lambda tf: tf.einsum("ij,kj->ik", X, Y),
    lambda tf: tf.norm(X),
    lambda tf: tf.norm(X, axis=1, ord=1),
    lambda tf: tf.linalg.global_norm([X, Y]),
    lambda tf: tf.linalg.diag_part(X),
    lambda tf: tf.nn.leaky_relu(X),
    lambda tf: tf.nn.gelu(X),
    lambda tf: tf.nn.gelu(X, approximate=True),
    lambda tf: tf.nn.crelu(X),
    lambda tf: tf.nn.relu6(X),
    lambda tf: tf.nn.softmax(X, axis=0),
    lambda tf: tf.nn.bias_add(X, [1.0, 2.0, 3.0]),
    lambda tf: tf.nn.l2_loss(X),
    lambda tf: list(tf.nn.moments(X, axes=[0])),
    lambda tf: tf.nn.embedding_lookup(X, [[1, 0]]),
    lambda tf: tf.nn.softmax_cross_entropy_with_logits(labels=ONE_HOT, logits=X),
    lambda tf: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 0], logits=X),
    lambda tf: tf.nn.sigmoid_cross_entropy_with_logits(labels=ONE_HOT, logits=X),
    lambda tf: tf.map_fn(lambda row: row * 2, X),
    lambda tf: tf.cond(tf.constant(True), lambda: X, lambda: Y),
    lambda tf: tf.while_loop(lambda i: i < 5, lambda i: [i + 2], [tf.constant(0)]),
    lambda tf: tf.ensure_shape(X, [None, 3]),
    lambda tf: tf.numpy_function(np.cos, [X], tf.float32),
    lambda tf: str(tf.constant([1.0, 2.0])) + repr(tf.constant(3)) + f"{tf.constant(1.5)} {tf.constant(1.5):.3f}",
    lambda tf: tf.constant(X).shape.as_list() + [tf.constant(X).shape.rank],
    lambda tf: tf.constant(2.0) ** 2 + X / tf.constant(4.0),
    lambda tf: (X @ tf.constant(Y.T)) - 1,
    lambda tf: tf.constant(X)[:, 1:],
    lambda tf: np.exp(tf.constant(X)).astype("float32"),
    lambda tf: [float(row[0]) for row in tf.constant(X)],
    lambda tf: type(tf.constant(2.0).numpy()).__name__,
    lambda tf: [tf.is_tensor(X), tf.is_tensor(tf.constant(X)), tf.is_tensor(tf.Variable(X))],
    lambda tf: [tf.float32 == "float32", tf.constant(X).dtype == tf.float32, tf.as_dtype("int32") == tf.int32],
]

BACKEND = [
    lambda k: k.mean(X, axis=-1),
    lambda k: k.sum(X, axis=[0], keepdims=True),
    lambda k: k.prod(X),
    lambda k: k.max(X, axis=0),
    lambda k: k.std(X, axis=1),
    lambda k: k.var(X),
    lambda k: k.any(X > 4, axis=1),
    lambda k: k.all(X > -9),
    lambda k: k.argmax(X),
    lambda k: k.argmin(X, axis=0),
    lambda k: k.cumsum(X, axis=1),
    lambda k: k.cumprod(X, axis=1),
    lambda k: k.square(X) + k.abs(X) - k.sign(X),
    lambda k: k.pow(Y, 2),
    lambda k: k.clip(X, -1, 2),
    lambda k: k.clip(X, None, 2),
    lambda k: k.clip(X, 2, -1),
    lambda k: k.relu(X),
    lambda k: k.relu(X, alpha=0.1, max_value=3.0, threshold=0.5),
    lambda k: k.relu(X, max_value=6),
    lambda k: k.elu(X, 0.5),
    lambda k: k.hard_sigmoid(X),
    lambda k: k.softmax(X),
    lambda k: k.softsign(X) + k.softplus(X) + k.sigmoid(X) + k.tanh(X),
    lambda k: k.exp(X) + k.log(Y * Y) + k.sqrt(Y * Y) + k.sin(X) + k.cos(X) + k.round(X),
    lambda k: k.maximum(X, Y) + k.minimum(X, 0.0),
    lambda k: [k.equal(X, X), k.not_equal(X, Y), k.less(X, Y), k.greater_equal(X, Y)],
    lambda k: k.dot(X, Y.T),
    lambda k: k.dot(T, np.float32([[1, 2], [3, 4], [5, 6], [7, 8]])),
    lambda k: k.dot(T, T.transpose(0, 2, 1)),
    lambda k: k.batch_dot(X, Y, axes=1),
    lambda k: k.batch_dot(T, T, axes=2),
    lambda k: k.batch_dot(T, T, axes=(1, 1)),
    lambda k: k.batch_dot(T, X, axes=(1, 1)),
    lambda k: k.batch_dot(X, T),
    lambda k: k.batch_dot(T, T, axes=0),
    lambda k: k.batch_dot(T, X, axes=(2, 1)),
    lambda k: k.transpose(X),
    lambda k: k.permute_dimensions(T, (0, 2, 1)),
    lambda k: k.reshape(X, (3, -1)),
    lambda k: k.flatten(T),
    lambda k: k.batch_flatten(T),
    lambda k: k.expand_dims(X),
    lambda k: k.squeeze(X[:, :1], axis=1),
    lambda k: k.concatenate([X, Y]),
    lambda k: k.stack([X, Y], axis=-1),
    lambda k: k.tile(X, [1, 2]),
    lambda k: k.repeat(X, 2),
    lambda k: k.repeat(T, 2),
    lambda k: k.repeat_elements(T, 2, axis=1),
    lambda k: k.reverse(X, 1),
    lambda k: k.gather(X, np.int32([[1, 0]])),
    lambda k: k.temporal_padding(T, (1, 2)),
    lambda k: k.spatial_2d_padding(T[..., None], ((1, 0), (0, 2)), "channels_first"),
    lambda k: k.l2_normalize(X, axis=1),
    lambda k: k.one_hot(np.int32([1, 0]), 3),
    lambda k: k.in_top_k(P, np.int32([1, 2]), 1),
    lambda k: k.arange(2, 7, 2),
    lambda k: k.batch_normalization(X, X.mean(0), X.var(0), np.float32([1, 2, 3]), np.float32([3, 2, 1])),
    lambda k: k.bias_add(X, np.float32([1, 2, 3])),
    lambda k: k.bias_add(T, np.float32([1, 2, 3]), "channels_first"),
    lambda k: k.bias_add(T, T[0]),
    lambda k: k.binary_crossentropy(ONE_HOT, P),
    lambda k: k.categorical_crossentropy(ONE_HOT, P),
    lambda k: k.sparse_categorical_crossentropy(np.int32([1, 0]), P),
    lambda k: k.binary_focal_crossentropy(ONE_HOT, P, apply_class_balancing=True),
    lambda k: k.categorical_focal_crossentropy(ONE_HOT, P),
    lambda k: k.switch(X > 0, X, Y),
    lambda k: k.map_fn(lambda row: k.sum(row), X),
    lambda k: k.foldl(lambda a, b: a - b, X),
    lambda k: k.foldr(lambda a, b: a - b, X),
    lambda k: k.constant([[1, 2]]),
    lambda k: k.constant(3, shape=(2, 1)),
    lambda k: k.get_value(k.variable([1, 2])),
    lambda k: k.eval(k.zeros((2, 1)) + k.ones((2, 1)) + k.eye(2)),
    lambda k: [k.int_shape(X), k.ndim(X), k.count_params(k.variable(X)), k.dtype(k.variable(X))],
    lambda k: [k.cast_to_floatx([1, 2]), k.cast(X, "int32")],
    lambda k: k.get_value(k.update_add(k.variable([1.0]), np.float32([2.0]))),
    lambda k: k.moving_average_update(k.variable([1.0]), np.float32([2.0]), 0.9).numpy(),
    lambda k: [k.epsilon(), k.floatx(), k.image_data_format(), k.get_uid("some"), k.get_uid("some")],
    lambda k: [k.is_int_dtype("uint8"), k.is_float_dtype("int8"), k.result_type("int32", "float16")],
]


# Sums in another order: the roundings of a few float32 operations.
def test_functions_of_tensorflow_return_the_same():
    check(FUNCTIONS, rtol=2e-6, atol=1e-6)


def test_functions_of_the_backend_return_the_same():
    check([lambda tf, code=code: code(Tensors(tf)) for code in BACKEND], rtol=2e-6, atol=1e-6)


DATASETS = [
    lambda d: d.range(10).batch(4),
    lambda d: d.range(10).batch(4, drop_remainder=True),
    lambda d: d.range(2, 10, 3).map(lambda v: v * 2),
    lambda d: d.range(10).skip(2).take(3).repeat(2),
    lambda d: d.range(10).filter(lambda v: v % 3 == 0),
    lambda d: d.range(5).enumerate(start=2),
    lambda d: d.range(3).concatenate(d.range(2)),
    lambda d: d.range(7).shard(3, 1),
    lambda d: d.zip((d.range(3), d.range(5).batch(2))),
    lambda d: d.from_tensor_slices((X, [1, 2])).batch(2),
    lambda d: d.from_tensor_slices({"a": X, "b": (Y, [1, 2])}).map(lambda each: (each["a"], each["b"][1])),
    lambda d: d.from_tensor_slices((X, Y)).map(lambda x, y: (x, x + y), num_parallel_calls=-1).cache().prefetch(-1),
    lambda d: d.range(6).shuffle(1).batch(2).repeat(2),
]


def test_datasets_hold_the_same():
    code = [lambda tf, make=make: [list(make(tf.data.Dataset).as_numpy_iterator())] for make in DATASETS]
    code += [lambda tf, make=make: int(make(tf.data.Dataset).cardinality()) for make in DATASETS]
    code += [lambda tf: list(tf.data.Dataset.from_tensors((X, Y)).unbatch().as_numpy_iterator())]
    code += [lambda tf: int(tf.data.Dataset.range(4).repeat().cardinality())]
    check(code)


@pytest.mark.parametrize("reshuffle", [True, False])
def test_shuffled_datasets_hold_all_elements(reshuffle):
    def passes(tf):
        data = tf.data.Dataset.range(50).shuffle(20, seed=1, reshuffle_each_iteration=reshuffle)
        first, second = (list(map(int, data.as_numpy_iterator())) for _ in range(2))
        # an element is at most a buffer's length earlier than its place
        early = max(value - place for place, value in enumerate(first))
        return [sorted(first) == list(range(50)), first != list(range(50)), first == second, early <= 20]

    check([passes])


def test_a_script_where_the_real_ones_are_installed(tmp_path):
    root = pathlib.Path(__file__).parent.parent
    script = tmp_path / "script.py"
    source = (root / "tests" / "dropin" / "scripts" / "tf_loop.py").read_text(encoding="utf-8")
    script.write_text(
        f"{source}\nimport sys\nprint('keras.src' in sys.modules, keras.__spec__.origin)\n", encoding="utf-8"
    )
    assert importlib.util.find_spec("tensorflow").origin != "minikeras"
    result = subprocess.run(
        [sys.executable, "-m", "minikeras", "run", str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.stdout.splitlines() == ["ok", "False minikeras"], result.stderr


PARTS = [
    lambda tf: tf.gather_nd([[1, 2], [3, 4]], [[0, 1], [1, 0]]),
    lambda tf: tf.gather_nd(np.arange(8).reshape(2, 2, 2), [[1], [0]], batch_dims=1),
    lambda tf: tf.scatter_nd([[0], [2], [2]], [1.0, 2.0, 3.0], [4]),
    lambda tf: tf.tensor_scatter_nd_add(X, [[0], [0]], [[1.0, 1.0, 1.0], [0.0, 1.0, 2.0]]),
    lambda tf: tf.tensor_scatter_nd_sub(X, [[0, 1], [1, 2]], [7.0, 8.0]),
    lambda tf: tf.Variable(X)[1].assign([5.0, 6.0, 7.0]).numpy(),
    lambda tf: tf.Variable(X)[:, 0].assign([5.0, 6.0]).numpy(),
    lambda tf: tf.Variable(X)[0, tf.newaxis].assign([[3.0, 3.0, 3.0]]).numpy(),
    lambda tf: tf.Variable(X)[-1, ::-1].assign(0.5).numpy(),
    lambda tf: tf.Variable(X)[..., 1:].assign(Y[:, 1:]).numpy(),
    lambda tf: tf.Variable(I)[0].assign([7, 8, 9]).numpy(),
    lambda tf: tf.Variable(X).scatter_nd_update([[0, 1]], [8.0]).numpy(),
    lambda tf: tf.Variable(X).scatter_nd_add([[0]], [[1.0, 1.0, 1.0]]).numpy(),
    lambda tf: (
        tf.Variable(X).scatter_update(tf.IndexedSlices(tf.constant([[1.0, 2.0, 3.0]]), tf.constant([1]))).numpy()
    ),
    lambda tf: tf.Variable(X).scatter_sub(tf.IndexedSlices(tf.constant([[1.0, 2.0, 3.0]]), tf.constant([1]))).numpy(),
    lambda tf: [tf.Variable(X).value(), tf.Variable(X).read_value(), tf.Variable(X).gather_nd([[0, 1]])],
    lambda tf: tf.Variable(X).assign(Y, read_value=False) is None,
    lambda tf: list(tf.unique([5, 1, 5])),
    lambda tf: [tf.ones_initializer()((2,)), tf.zeros_initializer()(shape=(1,)), tf.constant_initializer(3)((2,))],
    lambda tf: tf.optimizers.SGD(0.1).learning_rate.numpy(),
    lambda tf: tf.losses.MeanSquaredError()([1.0], [3.0]),
    lambda tf: tf.nest.flatten({"b": 1, "a": [2, (3,)]}),
    lambda tf: tf.nest.map_structure(lambda x, y: x + y, [1, (2,)], [3, (4,)]),
    lambda tf: str(tf.TensorSpec([None, 2], tf.int32, name="x")),
    lambda tf: str(tf.data.Dataset.from_tensor_slices((X, I)).batch(2).element_spec),
    lambda tf: str(tf.data.Dataset.range(3).batch(2, drop_remainder=True).element_spec),
    lambda tf: tf.data.Dataset.range(3).as_numpy_iterator().next(),
    lambda tf: tf.distribute.MirroredStrategy(["cpu:0"]).num_replicas_in_sync,
    lambda tf: tf.keras.backend.backend(),
]
NAMES = """
AggregationMethod ConfigProto IndexedSlices Module Session TensorSpec activations callbacks compat constraints contrib
distribute initializers layers losses metrics nest optimizers placeholder regularizers set_random_seed
""".split()


def test_parts_of_variables_and_other_namespaces():
    check(PARTS, rtol=1e-6)


def test_scripts_find_the_same_names():
    """Of the names that scripts ask for to tell versions of TensorFlow apart; one of the inside is not here."""
    ((_, theirs, ours),) = both_sides([lambda tf: [name for name in NAMES if hasattr(tf, name)]])
    assert [name for name in theirs if name != "AggregationMethod"] == ours


def test_assigning_a_part_under_a_tape():
    def gradients(tf):
        v, u = tf.Variable([1.0, 2.0]), tf.Variable(3.0)
        with tf.GradientTape() as tape:
            before = v[0] * 10
            v[0].assign(u * 2)
            loss = before + tf.reduce_sum(v * v)
        found = tape.gradient(loss, [v, u])
        return [loss, found[0], found[1] is None]

    check([gradients])


def test_the_dtype_policy_is_fixed_by_the_first_who_asks():
    def dtypes(k):
        k.backend.clear_session()
        k.config.set_floatx("float32")
        k.config.dtype_policy()
        k.config.set_floatx("float64")
        first = k.layers.Dense(1).dtype
        k.backend.clear_session()
        found = [first, k.layers.Dense(1).dtype]
        k.config.set_floatx("float32")
        k.backend.clear_session()
        return found

    assert dtypes(keras) == dtypes(minikeras) == ["float32", "float64"]


def test_ways_to_make_a_variable():
    def made(k):
        variables = [
            k.Variable("ones", (2,)),
            k.Variable(k.initializers.Constant(3), shape=[2], dtype="int16", trainable=False),
            k.Variable(
                lambda shape, dtype=None: k.ops.ones(shape, dtype), (2,), aggregation=None, synchronization="none"
            ),
            k.Variable(np.ones(2), autocast=False, name="v"),
        ]
        return [
            (
                np.asarray(v.value).tolist(),
                v.dtype,
                tuple(v.shape),
                v.trainable,
                v.aggregation,
                v.synchronization,
            )
            for v in variables
        ]

    assert made(keras) == made(minikeras)
    for k in (keras, minikeras):
        for arguments in (("ones",), ("onez", (2,)), (1.0, None, None, True, True, "average")):
            with pytest.raises(ValueError):
                k.Variable(*arguments)


def test_nested_structures():
    values = [{"b": 1, "a": [2, (None,)]}, None, (1, [2, {"c": 3}]), []]
    for value in values:
        assert keras.tree.flatten(value) == minikeras.tree.flatten(value)
        assert keras.tree.flatten_with_path(value) == minikeras.tree.flatten_with_path(value)
        assert keras.tree.is_nested(value) == minikeras.tree.is_nested(value)
        assert keras.tree.lists_to_tuples(value) == minikeras.tree.lists_to_tuples(value)
        assert keras.tree.map_structure(str, value) == minikeras.tree.map_structure(str, value)
    for a, b in [([1], (1,)), ([1, 2], [1]), ({"a": 1}, {"b": 1}), (1, [1])]:
        for k in (keras, minikeras):
            with pytest.raises(ValueError):
                k.tree.assert_same_structure(a, b)
