"""`tf.math`, where it differs from the ops of Keras. compat/ compares it with TensorFlow."""

import numpy as np

from minikeras.dropin.tensorflow import math

X = np.float32([[1.0, 5.0], [3.0, 2.0]])


def test_arguments_have_the_names_of_tensorflow():
    assert math.add(x=1.0, y=2.0, name="sum") == 3 and math.pow(x=2.0, y=3.0) == 8
    assert math.reduce_sum(input_tensor=X, axis=0).tolist() == [4, 7]
    assert math.atan2(y=0.0, x=1.0) == 0


def test_the_mean_of_integers_is_an_integer():
    assert math.reduce_mean(np.int32([1, 2])) == 1 and math.reduce_mean(np.int32([-1, -2])) == -1
    assert math.reduce_mean(X) == 2.75


def test_indices():
    assert math.argmax(X).tolist() == [1, 0] and math.argmin(X, axis=-1).tolist() == [0, 1]
    assert math.argmax(X).dtype == np.int64 and math.argmax(X, output_type="int32").dtype == np.int32
    values, indices = math.top_k(X, k=1)
    assert values.tolist() == [[5], [3]] and indices.tolist() == [[1], [0]]
    assert math.in_top_k(targets=[1, 1], predictions=X, k=1).tolist() == [True, False]


def test_sums():
    assert math.add_n([X, X, X]).tolist() == (3 * X).tolist() and math.scalar_mul(2, X).tolist() == (2 * X).tolist()
    assert math.count_nonzero([[0, 3], [1, 0]], axis=0).tolist() == [1, 1]
    assert math.squared_difference(5.0, 2.0) == 9
    assert math.multiply_no_nan([np.inf, 2.0], [0.0, 3.0]).tolist() == [0, 6]


def test_cumulative_sums():
    x = np.int32([1, 2, 3])
    assert math.cumsum(x).tolist() == [1, 3, 6] and math.cumsum(x, exclusive=True).tolist() == [0, 1, 3]
    assert math.cumsum(x, reverse=True).tolist() == [6, 5, 3]
    assert math.cumsum(x, exclusive=True, reverse=True).tolist() == [5, 3, 0]


def test_l2_normalize():
    normalized = math.l2_normalize([[3.0, 4.0], [0.0, 0.0]], axis=1)
    assert normalized.dtype == np.float32
    np.testing.assert_allclose(normalized, [[0.6, 0.8], [0, 0]], rtol=1e-6)


def test_confusion_matrix():
    assert math.confusion_matrix([0, 1, 1], [1, 1, 0]).tolist() == [[0, 1], [1, 1]]
    weighted = math.confusion_matrix([0, 1], [1, 1], num_classes=3, weights=[0.5, 2.0], dtype="float32")
    assert weighted.tolist() == [[0, 0.5, 0], [0, 2, 0], [0, 0, 0]]
