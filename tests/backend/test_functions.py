"""What is not compared with real Keras in compat/: values that depend on chance, variables, errors, old names."""

import numpy as np
import pytest

import minikeras
from minikeras import Variable, backend
from minikeras.errors import LegacyWarning, ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_random_numbers():
    backend.clear_session()
    minikeras.utils.set_random_seed(0)
    normal = backend.random_normal((2000,), mean=3.0, stddev=0.5)
    assert abs(normal.mean() - 3) < 0.05 and abs(normal.std() - 0.5) < 0.05
    assert np.abs(backend.truncated_normal((500,))).max() <= 2
    uniform = backend.random_uniform((500,), 1.0, 2.0, seed=3)
    assert uniform.min() >= 1 and uniform.max() < 2
    assert np.array_equal(uniform, backend.random_uniform((500,), 1.0, 2.0, seed=3))
    chance = backend.random_bernoulli((2000,), p=0.25)
    assert set(np.unique(chance)) == {0, 1} and abs(chance.mean() - 0.25) < 0.05
    assert isinstance(backend.random_normal_variable((2,), 0.0, 1.0), Variable)
    assert backend.random_uniform_variable((2, 1), 0.0, 1.0, name="v").name == "v"
    kept = backend.dropout(np.ones(1000, "float32"), 0.5, seed=1)
    assert set(np.unique(kept)) == {0, 2}


def test_variables():
    v = backend.variable([[1, 2]], constraint="non_neg")
    assert v.dtype == "float32" and v.constraint is not None
    backend.batch_set_value([(v, [[3, 4]])])
    assert [value.tolist() for value in backend.batch_get_value([v])] == [[[3, 4]]]
    assert backend.update(v, [[5.0, 6.0]]) is v and backend.update_sub(v, [[1.0, 1.0]]).numpy().tolist() == [[4, 5]]
    assert backend.get_value(2.5) == 2.5 and backend.zeros((2,)).numpy().tolist() == [0, 0]
    with pytest.raises(ShapeError):
        backend.set_value(v, [1.0])


def test_symbolic_values():
    x = backend.placeholder(ndim=2)
    assert backend.is_keras_tensor(x) and backend.int_shape(x) == (None, None)
    assert backend.placeholder((None, 3), dtype="int32").dtype == "int32"
    y = backend.mean(backend.square(KerasTensor((None, 3))), axis=-1)
    assert backend.int_shape(y) == (None,) and backend.ndim(y) == 1
    with pytest.raises(ValueError, match="needs `shape` or `ndim`"):
        backend.placeholder()


def test_shapes_that_do_not_fit():
    for call, text in (
        (lambda: backend.repeat(np.ones((1, 2, 3)), 2), "2 axes"),
        (lambda: backend.batch_dot(X, np.ones((3, 2))), "sizes 2 and 3"),
        (lambda: backend.batch_dot(X, X[0]), "at least 2 axes"),
        (lambda: backend.batch_dot(X, X, axes=0), "batch axis"),
        (lambda: backend.bias_add(np.ones((1, 2, 3, 4)), X), "1 or 3 axes"),
    ):
        with pytest.raises(ShapeError, match=text):
            call()
    with pytest.raises(UnknownNameError, match="Did you mean 'channels_first'"):
        backend.spatial_2d_padding(np.ones((1, 2, 2, 1)), data_format="channel_first")


def test_old_names_of_layouts(capsys):
    with pytest.warns(LegacyWarning, match=r"`K.image_dim_ordering\(\)`"):
        assert backend.image_dim_ordering() == "tf"
    with pytest.warns(LegacyWarning, match=r"write `keras.config.set_image_data_format\('channels_first'\)`"):
        backend.set_image_dim_ordering("th")
    assert backend.image_data_format() == "channels_first"
    backend.set_image_data_format("channels_last")
    with pytest.raises(ValueError, match="'tf' or 'th'"):
        backend.set_image_dim_ordering("channels_last")
    assert backend.print_tensor(X, "x =") is X
    assert capsys.readouterr().out.startswith("x = [[1. 2.]")


def test_logsumexp_and_names():
    assert backend.logsumexp([0.0, 0.0]) == pytest.approx(np.log(2))
    with backend.name_scope("block"):
        assert Variable(1.0, name="v").path == "block/v"
    assert backend.map_fn(lambda pair: pair[0] * pair[1], [X, X]).tolist() == [[1, 4], [9, 16]]
    assert backend.map_fn(lambda v: v * 2, [1.0, 2.0], dtype="int32").tolist() == [2, 4]
    assert float(backend.foldl(lambda a, b: a + b, X[0], initializer=10.0)) == 13
