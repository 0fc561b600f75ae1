import numpy as np
import pytest

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
