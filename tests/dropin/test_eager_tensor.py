import pickle

import numpy as np
import pytest

import minikeras
from minikeras import ops
from minikeras.data import Dataset
from minikeras.dropin import EagerTensor
from minikeras.dropin.tensorflow import math


@pytest.fixture
def x(installed):
    return ops.convert_to_tensor(np.float32([[1.0, 2.0], [3.0, 4.0]]))


def test_what_models_losses_and_metrics_return(installed):
    data = np.ones((4, 3), "float32")
    model = minikeras.Sequential([minikeras.layers.Dense(2, kernel_initializer="ones")])
    output = model(data)
    loss = minikeras.losses.MeanSquaredError()(np.ones((4, 2)), output)
    metric = minikeras.metrics.MeanSquaredError()
    metric.update_state(np.ones((4, 2)), output)
    for value, number in ((loss, 4.0), (metric.result(), 4.0), (output[0, 1], 3.0), (loss * 2 - 4, 4.0)):
        assert type(value) is EagerTensor and value.numpy() == number and isinstance(value.numpy(), np.float32)
    assert f"{loss:.2f}" == "4.00" and float(loss) == 4.0
    assert type(model.weights[0].value) is EagerTensor and type(model.predict(data, verbose=0)) is np.ndarray
    assert type(model.get_weights()[0]) is type(output.numpy()) is np.ndarray
    model.compile("sgd", "mse")
    model.fit(ops.ones((4, 3)), ops.ones((4, 2)), epochs=2, verbose=0)  # tensors are data
    assert np.isfinite(model.evaluate(ops.ones((4, 3)), ops.ones((4, 2)), verbose=0))


def test_a_tape_follows_operators_on_watched_tensors(installed):
    x = ops.convert_to_tensor(3.0)
    row = ops.convert_to_tensor([1.0, 2.0])
    with minikeras.GradientTape(persistent=True) as tape:
        tape.watch([x, row])
        y = 2 * x * x - x / 2
        z = ops.sum(np.exp(row) + row[1] * np.float32([1.0, 1.0]))
        constant = np.fft.fft(np.float32([1.0, 2.0])).real  # what is not watched is numpy's own
    gradient = tape.gradient(y, x)
    assert type(gradient) is EagerTensor and gradient.numpy() == 11.5 and y.numpy() == 16.5
    np.testing.assert_allclose(tape.gradient(z, row), [np.e, np.e**2 + 2], rtol=1e-6)
    assert constant.tolist() == [3.0, -1.0]


def test_types_stay(x):
    for value in (x + 1, 1 - x, x * 2.0, x / 3, -x, x**2, x @ x, abs(x), x + np.int32(1), np.float32(2) * x):
        assert type(value) is EagerTensor and value.dtype == "float32"
    assert (x > 2).dtype == bool and (x == x).numpy().all()
    assert ops.convert_to_tensor([1, 2]).dtype == "int32" and (ops.convert_to_tensor([1, 2]) * 0.5).dtype == "float32"


def test_numpy_gets_plain_arrays(x):
    for value in (np.mean(x, axis=0), np.concatenate([x, x]), np.asarray(x), np.array(x), x.numpy()):
        assert type(value) is np.ndarray
    assert np.mean(x) == 2.5 and np.add.reduce(x).tolist() == [4.0, 6.0] and np.argmax(x) == 3
    target = np.zeros((2, 2), "float32")
    np.add(x, x, out=target)
    assert target.tolist() == [[2, 4], [6, 8]]
    assert x.astype("int32").tolist() == [[1, 2], [3, 4]] and x.sum() == 10 and x.reshape(-1).tolist() == [1, 2, 3, 4]
    x.numpy()[0, 0] = 9  # a copy
    assert x[0, 0] == 1


def test_shapes_and_text(x):
    assert x.shape == (2, 2) and x.shape.as_list() == [2, 2] and x.shape.rank == x.shape.ndims == 2
    assert x.get_shape().num_elements() == 4 and len(x) == 2 and [row.tolist() for row in x] == [[1, 2], [3, 4]]
    assert str(x[0]) == "tf.Tensor([1. 2.], shape=(2,), dtype=float32)"
    assert repr(x[0, 0]) == "<tf.Tensor: shape=(), dtype=float32, numpy=1.0>"
    assert np.array_equal(pickle.loads(pickle.dumps(x)), x)
    with pytest.raises(TypeError):
        hash(x)


def test_in_place_operators_make_new_tensors(installed):
    tf = installed("tensorflow")
    data = np.float32([1.0, 4.0])
    kept = x = tf.convert_to_tensor(data)
    x += 1
    x -= np.float32([1, 1])
    x *= 3
    x /= 2
    x **= 2
    x //= 2
    x %= 5
    assert type(x) is EagerTensor and x.numpy().tolist() == [1, 3]
    assert kept.numpy().tolist() == data.tolist() == [1, 4] and not np.shares_memory(kept, data)
    m = n = tf.eye(2)
    m @= tf.ones((2, 2))
    assert m.numpy().tolist() == [[1, 1], [1, 1]] and n.numpy().tolist() == [[1, 0], [0, 1]]
    b = c = tf.constant([True, False])
    b &= c
    b |= tf.constant([False, False])
    b ^= tf.constant([True, True])
    assert type(b) is EagerTensor and b.numpy().tolist() == [False, True] and c.numpy().tolist() == [True, False]
    i = tf.constant([5, 6])
    i &= 3
    assert i.numpy().tolist() == [1, 2] and (~i).numpy().tolist() == [-2, -3] and (3 ^ i).numpy().tolist() == [2, 1]
    array = shared = np.float32([1, 2])
    array += kept  # as in TensorFlow, the name is bound to a tensor, and the array stays
    assert type(array) is EagerTensor and array.numpy().tolist() == [2, 6] and shared.tolist() == [1, 2]
    array = shared = np.float32([[1, 2], [3, 4]])
    array @= tf.constant([[0.0, 1.0], [1.0, 0.0]])
    assert (
        type(array) is EagerTensor
        and array.numpy().tolist() == [[2, 1], [4, 3]]
        and shared.tolist() == [[1, 2], [3, 4]]
    )
    array = shared = np.int32([5, 6])
    array &= i
    assert type(array) is EagerTensor and array.numpy().tolist() == [1, 2] and shared.tolist() == [5, 6]


def test_a_tensor_cannot_be_written_into(x):
    with pytest.raises(TypeError, match="assigning to its elements"):
        x[0] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        x.fill(3)
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(x)[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        np.add(x, x, out=x)
    assert x.numpy().tolist() == [[1, 2], [3, 4]]
    values = x.numpy()
    values[0] = 5
    assert x.numpy().tolist() == [[1, 2], [3, 4]]


def test_in_place_operators_under_a_tape(installed):
    tf = installed("tensorflow")
    w = tf.Variable([1.0, 2.0])
    total = zeros = tf.zeros(2)
    array = np.ones(2, "float32")
    with tf.GradientTape() as tape:
        total += w * 2
        total *= w
        array += total
        loss = tf.reduce_sum(array)
    assert tape.gradient(loss, w).numpy().tolist() == [4, 8] and zeros.numpy().tolist() == [0, 0]
    assert loss.numpy() == 12 and w.numpy().tolist() == [1, 2]


def test_numpy_under_a_tape_of_tensorflow_returns_arrays(installed):
    tf = installed("tensorflow")
    v, row = tf.Variable([1.0, 4.0]), np.float32([2, 3])
    with tf.GradientTape() as tape:
        y = v * 1.0
        arrays = [np.sqrt(y), np.sqrt(v), np.add(y, 1), np.multiply(y, row), np.squeeze(y), np.stack([y, y]), np.cov(y)]
        arrays += [np.where(y > 1, y, 0), np.clip(y, 0, 2), np.split(y, 2)[1], np.unique(y), np.random.permutation(y)]
        numbers = [np.sum(y), np.mean(v), np.argmax(y), np.max(y), np.median(y), np.linalg.norm(y), np.add.reduce(y)]
        tensors = [row * y, y * row, np.float64(2) * y, row - v, row < y, y.sum(), abs(y), row @ y, list(y)[0]]
        loss = tf.reduce_sum(y * np.sqrt(y) + row * y)
        probabilities = np.squeeze(tf.nn.softmax(tf.reshape(y, (1, 2))))
        for _ in range(20):
            np.random.choice(2, p=probabilities)  # which looks at the type of `p`
    assert {type(value) for value in arrays} == {np.ndarray} and arrays[0].tolist() == [1, 2]
    assert all(isinstance(value, np.generic) for value in numbers) and numbers[0] == 5
    assert not any(isinstance(value, (np.ndarray, np.generic)) for value in tensors)
    assert tape.gradient(loss, v).numpy().tolist() == [1 + 2, 2 + 3]  # what numpy computed is constant
    with pytest.raises(ValueError, match="read-only"):
        arrays[4] += 1


def test_numpy_outside_of_tapes_returns_arrays(x):
    for value in (np.tanh(x), np.add(x, 1), np.squeeze(x), np.tanh(minikeras.Variable([1.0])), x.numpy() + 1):
        assert type(value) is np.ndarray and value.dtype == "float32"
    for value in (np.float32([1, 2]) * x, np.float64(2) * x, np.float32([1.0]) - minikeras.Variable([1.0])):
        assert type(value) is EagerTensor and value.dtype == "float32"


def test_eager_outputs_carry_their_mask(installed):
    keras = installed("keras")
    embedded = keras.layers.Embedding(5, 2, mask_zero=True)(np.array([[1, 2, 0]]))
    assert embedded._keras_mask.numpy().tolist() == [[True, True, False]]
    assert keras.layers.Masking()(minikeras.ops.ones((1, 2, 3)))._keras_mask.numpy().tolist() == [[True, True]]
    plain = minikeras.ops.ones((1, 2))
    assert not hasattr(plain, "_keras_mask")
    plain._keras_mask = np.array([[True, False]])
    assert keras.layers.Dropout(0.5)(plain)._keras_mask.tolist() == [[True, False]]


def test_data_stays_where_a_dataset_maps_in_place(installed):
    tf = installed("tensorflow")
    data = np.arange(4, dtype="float32").reshape(2, 2)

    def scaled(x, y):
        x = tf.cast(x, tf.float32)
        x /= 10.0
        y += 1
        return x, y

    dataset = tf.data.Dataset.from_tensor_slices((data, np.zeros(2))).map(scaled).batch(2)
    for _ in range(2):
        ((x, y),) = list(dataset)
        np.testing.assert_allclose(x, [[0, 0.1], [0.2, 0.3]], rtol=1e-6)
        assert y.numpy().tolist() == [1, 1]
        x *= 5
    assert data.tolist() == [[0, 1], [2, 3]]


def test_plain_minikeras_hands_out_plain_arrays():
    assert type(ops.ones(2)) is type(ops.ones(2) + 1) is type(minikeras.Variable(1.0).value) is np.ndarray


def test_strings_are_bytes_in_numpy():
    """As in TensorFlow, whose scripts write `text.numpy().decode()`."""
    text = np.array("größe").view(EagerTensor)
    assert text.numpy() == "größe".encode() and text.numpy().decode() == "größe"
    assert str(text) == "tf.Tensor(b'gr\\xc3\\xb6\\xc3\\x9fe', shape=(), dtype=string)"
    texts = np.array([["a"], [b"b"]], object).view(EagerTensor)
    assert texts.numpy().tolist() == [[b"a"], [b"b"]] and texts.numpy().dtype == object
    assert repr(texts[0]) == "<tf.Tensor: shape=(1,), dtype=string, numpy=array([b'a'], dtype=object)>"
    assert [each.numpy() for each in texts[:, 0]] == [b"a", b"b"]


def test_setting_a_known_shape(x):
    x.set_shape([None] * x.ndim)
    with pytest.raises(ValueError, match=r"\(7,\) does not fit"):
        x.set_shape([7])


def test_strings_are_compared_and_joined(installed):
    """By operators and `tf.equal`, as in functions of `Dataset.filter` and `Dataset.map`; values are TensorFlow's."""
    texts = np.array(["a", "", "b"]).view(EagerTensor)
    for found, expected in (
        (texts == "a", [True, False, False]),
        ("a" == texts, [True, False, False]),
        (texts != b"a", [False, True, True]),
        (texts == np.array(["a", "b", b"b"], object), [True, False, True]),
        (texts != texts, [False, False, False]),
        (math.equal(texts, "b"), [False, False, True]),
        (math.equal("b", texts), [False, False, True]),
        (math.not_equal(texts, ""), [True, False, True]),
    ):
        assert type(found) is EagerTensor and found.dtype == bool and found.tolist() == expected
    assert (texts + "!").numpy().tolist() == [b"a!", b"!", b"b!"]
    assert ("ä" + texts).numpy().tolist() == ["äa".encode(), "ä".encode(), "äb".encode()]
    assert (texts[0] + texts[2]).numpy() == b"ab"
    assert [each.numpy() for each in Dataset.from_tensor_slices(["a", "b"]).filter(lambda text: text == "b")] == [b"b"]
    with pytest.raises(TypeError, match="strings with strings"):
        texts + 1
    with pytest.raises(TypeError, match="strings with strings"):
        assert texts == 1
