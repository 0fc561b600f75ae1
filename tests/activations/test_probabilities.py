import numpy as np

from minikeras import activations


def test_softmax():
    np.testing.assert_allclose(activations.softmax(np.log([1.0, 3.0])), [0.25, 0.75], rtol=1e-12)
    x = np.log([[1.0, 3.0], [1.0, 1.0]])
    np.testing.assert_allclose(activations.softmax(x, axis=0), [[0.5, 0.75], [0.5, 0.25]])
    np.testing.assert_allclose(activations.softmax(x, axis=None), [[1 / 6, 3 / 6], [1 / 6, 1 / 6]])
    assert activations.softmax([1000.0, 0.0]).tolist() == [1, 0]


def test_log_softmax():
    np.testing.assert_allclose(activations.log_softmax(np.log([1.0, 3.0])), np.log([0.25, 0.75]), rtol=1e-12)
    assert activations.log_softmax([1e4, 0.0]).tolist() == [0, -1e4]


def test_sparsemax():
    assert activations.sparsemax([3.0, 0.0, -1.0]).tolist() == [1, 0, 0]
    assert activations.sparsemax([[3.0, 0.0], [0.0, 0.0]], axis=0).tolist() == [[1, 0.5], [0, 0.5]]
