"""Functions of the namespace `tf`."""

import logging

import numpy as np

from minikeras import Variable, initializers, layers, losses, metrics, optimizers
from minikeras.dropin.tensorflow import functions

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_namespaces_of_keras_in_tensorflow(installed):
    tf = installed("tensorflow")
    assert tf.losses.MeanSquaredError is losses.MeanSquaredError and tf.metrics.Mean is metrics.Mean
    assert tf.losses.mean_squared_error is losses.mean_squared_error
    assert tf.optimizers.Adam is optimizers.Adam and tf.optimizers.schedules.CosineDecay is not None
    assert tf.initializers.GlorotUniform is initializers.GlorotUniform
    assert tf.compat.v1.keras.layers.Dense is layers.Dense and tf.compat.v1.losses.MeanSquaredError is not None
    absent = ["regularizers", "constraints", "activations", "layers", "callbacks", "ConfigProto", "set_random_seed"]
    assert [name for name in absent if hasattr(tf, name)] == []
    tf.get_logger().setLevel("ERROR")
    assert logging.getLogger("tensorflow").level == logging.ERROR


def test_what_only_has_an_effect(capsys):
    @functions.function(input_signature=None)
    def double(x):
        return x * 2

    assert double(3) == 6 and functions.function(abs) is abs and functions.executing_eagerly() is True
    with functions.device("/GPU:0"), functions.init_scope():
        functions.print("x", X[0], sep="|")
    assert capsys.readouterr().err == "x|[1. 2.]\n"
    assert functions.autograph.experimental.do_not_convert(abs) is abs
    assert functions.no_op() is None and functions.group(X) is None
    assert functions.py_function(lambda x: x + 1, [X], "float32").tolist() == (X + 1).tolist()
    assert functions.numpy_function(np.transpose, [X], "float32").tolist() == X.T.tolist()


def test_clipping():
    assert functions.clip_by_value(X, 2, 3).tolist() == [[2, 2], [3, 3]]
    clipped = functions.clip_by_norm([3.0, 4.0], 1.0)
    assert clipped.dtype == np.float32
    np.testing.assert_allclose(clipped, [0.6, 0.8], rtol=1e-6)
    assert functions.clip_by_norm([3.0, 4.0], 10.0).tolist() == [3, 4]
    rows = functions.clip_by_norm([[3.0, 4.0], [0.3, 0.4]], 1.0, axes=[1])
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0.3, 0.4]], rtol=1e-6)


def test_control_flow():
    assert functions.cond(X[0, 0] > 0, lambda: 1, lambda: 2) == 1
    assert functions.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, s + i), (0, 0)) == (4, 6)
    assert functions.while_loop(lambda i: True, lambda i: (i + 1,), (0,), maximum_iterations=3) == (3,)
    assert functions.while_loop(lambda i: i < 4, lambda i: i + 3, [0]) == [6]
    sums, rows = functions.map_fn(lambda row: (row.sum(), row), X)
    assert sums.tolist() == [3, 7] and rows.tolist() == X.tolist()
    assert functions.vectorized_map(lambda pair: pair[0] * pair[1], (X, X)).tolist() == [[1, 4], [9, 16]]


def test_numpy_ends_gradients():
    v = Variable([4.0])
    with functions.GradientTape() as tape:
        y = v * np.sqrt(v)
    assert tape.gradient(y, v).tolist() == [2]  # not 3: the square root is a constant
