import numpy as np
import pytest

from minikeras import Model, backend, layers, ops
from minikeras.errors import ArgumentError, NotSupportedError

X = np.float32([[1.0, -2.0], [0.5, 3.0]])


def network():
    x = layers.Input((2,))
    hidden = layers.Dense(2, kernel_initializer="ones")(x)
    return Model(x, layers.Dense(1, kernel_initializer="ones")(layers.Dropout(0.5)(hidden)) ** 2)


def test_functions_of_symbolic_values():
    model = network()
    hidden = model.layers[1].output
    inner = backend.function([model.input], [hidden, model.layers[1].kernel])
    found, kernel = inner([X])
    assert found.tolist() == [[-1, -1], [3.5, 3.5]] and kernel.tolist() == [[1, 1], [1, 1]]
    # from a value in the middle, and one output that is no list
    tail = backend.function([hidden], model.output)
    assert tail([np.float32([[1, 2]])]).tolist() == [[9.0]]
    with pytest.raises(NotSupportedError, match="makes no updates"):
        backend.function([model.input], [hidden], updates=[(1, 2)])
    with pytest.raises(NotSupportedError, match="makes no updates"):
        backend.function([model.input], [hidden], options=None)


def test_the_learning_phase():
    model = network()
    run = backend.function([model.input, backend.learning_phase()], [model.layers[2].output])
    assert run([X, 0])[0].tolist() == [[-1, -1], [3.5, 3.5]]
    many = np.ones((100, 2), "float32")
    dropped = run([many, 1])[0]
    assert set(np.unique(dropped)) == {0.0, 4.0}
    backend.set_learning_phase(1)
    try:
        assert backend.learning_phase() == 1
        assert 0 in backend.function([model.input], [model.layers[2].output])([many])[0]
    finally:
        backend.graphs._set["phase"] = None
    with pytest.raises(ArgumentError, match="expects 0 or 1"):
        backend.set_learning_phase(2)
    with pytest.raises(NotSupportedError, match=r"no TensorFlow session. Use `K.get_value`"):
        backend.get_session()


def test_symbolic_gradients():
    model = network()
    hidden = model.layers[1].output
    slopes = backend.gradients(model.output, [model.input, hidden, model.layers[1].kernel])
    assert [slope.shape for slope in slopes] == [(None, 2), (None, 2), (2, 2)]
    to_input, to_hidden, to_kernel = backend.function([model.input], slopes)([X[:1]])
    # y = (2 (a + b))^2 at a + b = -1: dy/d(h1 + h2) = 2 * -2
    assert to_hidden.tolist() == [[-4.0, -4.0]]
    assert to_input.tolist() == [[-8.0, -8.0]] and to_kernel.tolist() == [[-4.0, -4.0], [8.0, 8.0]]
    other = layers.Input((3,))
    total = ops.sum(model.input) + ops.sum(other) * 0
    (alone,) = backend.gradients(total, model.input)
    assert backend.function([model.input, other], [alone])([X, np.ones((2, 3))])[0].tolist() == [[1, 1], [1, 1]]
    with pytest.raises(ArgumentError, match="use `keras.GradientTape`"):
        backend.gradients(np.float32(1.0), model.input)
