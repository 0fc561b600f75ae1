import numpy as np
import pytest

from minikeras.errors import NotSupportedError

X = np.arange(24, dtype="float32").reshape(2, 3, 4)


@pytest.fixture
def tf(installed):
    return installed("tensorflow")


def masked_by_hand(x, mask, start):
    """Goes through all the places of the masked axes in order."""
    found = [x[(slice(None),) * start + place] for place in np.ndindex(mask.shape) if mask[place]]
    return np.stack(found, axis=start)


@pytest.mark.parametrize("shape, start", [((2,), 0), ((2, 3), 0), ((2, 3, 4), 0), ((3,), 1), ((3, 4), 1), ((4,), 2)])
def test_boolean_mask(tf, shape, start):
    mask = np.random.default_rng(0).random(shape) > 0.4
    right = masked_by_hand(X, mask, start)
    for axis in (start, start - 3, None) if start == 0 else (start, start - 3):
        for given in (mask, mask.tolist(), tf.constant(mask)):
            np.testing.assert_array_equal(tf.boolean_mask(X, given, axis=axis), right)
    v = tf.Variable(X)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.boolean_mask(v * v, mask, axis=start))
    counted = mask.reshape(mask.shape + (1,) * (3 - start - mask.ndim))
    np.testing.assert_array_equal(tape.gradient(loss, v), 2 * X * counted)


def test_boolean_mask_of_lists_and_of_nothing(tf):
    assert tf.boolean_mask([[1, 2], [3, 4]], [[True, False], [False, True]]).numpy().tolist() == [1, 4]
    assert tf.boolean_mask(X, [False, False]).shape == (0, 3, 4)
    data = tf.data.Dataset.from_tensor_slices(X[0]).map(lambda row: tf.boolean_mask(row, row > 5))
    assert [part.numpy().tolist() for part in data] == [[], [6, 7], [8, 9, 10, 11]]


@pytest.mark.parametrize("mask, axis", [(True, None), ([True] * 3, 0), ([[True] * 2] * 2, None), ([True] * 4, 3)])
def test_masks_that_do_not_fit_are_refused(tf, mask, axis):
    with pytest.raises(ValueError, match=r"mask of shape .*tensor of shape \(2, 3, 4\), axis"):
        tf.boolean_mask(X, mask, axis=axis)


def test_gradients_flow_through_scattered_updates(tf):
    v, updates = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), tf.Variable([7.0, 8.0])
    with tf.GradientTape(persistent=True) as tape:
        rows = tf.tensor_scatter_nd_update(v, [[0], [2]], [[9.0, 9.0], [8.0, 8.0]])
        single = tf.tensor_scatter_nd_update(v, [[0, 1], [2, 0]], updates)
        first, second = tf.reduce_sum(rows * rows), tf.reduce_sum(single * single)
    assert rows.numpy().tolist() == [[9, 9], [3, 4], [8, 8]]
    assert single.numpy().tolist() == [[1, 7], [3, 4], [8, 6]]
    assert tape.gradient(first, v).numpy().tolist() == [[0, 0], [6, 8], [0, 0]]
    assert tape.gradient(second, v).numpy().tolist() == [[2, 0], [6, 8], [0, 12]]
    assert tape.gradient(second, updates).numpy().tolist() == [14, 16]


def test_sizes_of_free_axes(tf, installed):
    """While a model is built, `tf.shape` gives sizes to compute with, as in TensorFlow's graphs."""
    layers = installed("keras").layers
    x = installed("keras").Input((None, 4))
    for function, shape in (
        (lambda t: t + tf.zeros(tf.shape(t)), (None, None, 4)),
        (lambda t: tf.reshape(t, [tf.shape(t)[0], 1, -1]), (None, 1, None)),
        (lambda t: tf.reshape(t, tf.concat([tf.shape(t)[:-1], [2, 2]], axis=0)), (None, None, 2, 2)),
        (lambda t: t * tf.random.normal(shape=(tf.shape(t)[0], 1, 4)), (None, None, 4)),
        (lambda t: t + tf.cast(tf.range(tf.shape(t)[1]), "float32")[:, None], (None, None, 4)),
        (lambda t: tf.fill([tf.shape(t)[0], 3], 2.0), (None, 3)),
        (lambda t: t / tf.cast(tf.size(t), "float32"), (None, None, 4)),
        (lambda t: t[:, : tf.shape(t)[1] // 2], (None, None, 4)),
    ):
        model = installed("keras").Model(x, layers.Lambda(function)(x))
        assert model.output_shape == shape
        for data in (np.ones((2, 4, 4), "float32"), np.ones((3, 6, 4), "float32")):
            assert model.predict(data, verbose=0).shape == function(tf.constant(data)).shape


def test_sizes_for_keras_2(installed):
    k = installed("keras.backend")
    x = installed("keras").Input((4,))
    assert k.int_shape(x)[0] is None
    noisy = installed("keras").layers.Lambda(lambda t: t + k.random_normal(shape=(k.shape(t)[0], k.int_shape(t)[1])))
    assert installed("keras").Model(x, noisy(x)).predict(np.ones((5, 4)), verbose=0).shape == (5, 4)


def test_arguments_that_are_refused(tf):
    for call in (lambda: tf.gather(X, [0], batch_dims=1), lambda: tf.eye(2, batch_shape=[3])):
        with pytest.raises(NotSupportedError):
            call()
