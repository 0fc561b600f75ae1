import pickle

import numpy as np
import pytest

import minikeras
from minikeras import ops
from minikeras.dropin import EagerTensor


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


def test_plain_minikeras_hands_out_plain_arrays():
    assert type(ops.ones(2)) is type(ops.ones(2) + 1) is type(minikeras.Variable(1.0).value) is np.ndarray
