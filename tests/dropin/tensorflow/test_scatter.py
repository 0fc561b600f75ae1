import numpy as np
import pytest

from minikeras import GradientTape, ops
from minikeras.dropin.tensorflow import scatter
from minikeras.engine.variable import Variable
from minikeras.errors import ShapeError

W = np.float32([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("function", "of_x", "of_u"),
    [
        (lambda x, u: scatter.tensor_scatter_nd_update(x, [[0], [2]], u), [0, 2, 0], [1, 3]),
        (lambda x, u: scatter.tensor_scatter_nd_add(x, [[0], [0]], u), [1, 2, 3], [1, 1]),
        (lambda x, u: scatter.tensor_scatter_nd_sub(x, [[2], [0]], u), [1, 2, 3], [-3, -1]),
        (lambda x, u: scatter.scatter_nd([[1], [1]], u, [3]) * x, [0, 22, 0], [4, 4]),
        (lambda x, u: scatter.gather_nd(x, [[0], [0], [1]]) * ops.sum(u), [33, 33, 0], [9, 9]),
    ],
)
def test_gradients_by_hand(function, of_x, of_u):
    x, u = Variable([1.0, 2.0, 3.0]), Variable([5.0, 6.0])
    with GradientTape() as tape:
        loss = ops.sum(function(x, u) * W)
    gradients = tape.gradient(loss, [x, u])
    assert [each.tolist() for each in gradients] == [of_x, of_u]


def test_places():
    cube = np.arange(8).reshape(2, 2, 2)
    assert scatter.gather_nd(cube, [[1], [0]]).tolist() == [[[4, 5], [6, 7]], [[0, 1], [2, 3]]]
    assert scatter.gather_nd(cube, [[[0, 1], [1, 1]]]).tolist() == [[[2, 3], [6, 7]]]
    assert scatter.gather_nd(cube, [[1], [0]], batch_dims=1).tolist() == [[2, 3], [4, 5]]
    assert scatter.scatter_nd([[0], [2]], [[1, 1], [2, 2]], [3, 2]).tolist() == [[1, 1], [0, 0], [2, 2]]
    assert scatter.tensor_scatter_nd_update([1, 2], [[0], [0]], [5, 6]).tolist() == [6, 2]  # the last counts


@pytest.mark.parametrize("indices", [[[2]], [[-1]], [[0, 0]], [[0.0]], 0])
def test_bad_places(indices):
    with pytest.raises(ShapeError, match="tf.gather_nd: "):
        scatter.gather_nd([1, 2], indices)


def test_values_of_another_shape():
    with pytest.raises(ShapeError, match=r"expected values of shape \(2,\), received \(1,\)"):
        scatter.tensor_scatter_nd_add([1, 2], [[0], [1]], [5])
