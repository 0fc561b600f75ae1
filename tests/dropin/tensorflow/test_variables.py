"""Variables of TensorFlow: parts that are changed, also under a tape and in replayed steps. Numbers by hand."""

import numpy as np
import pytest

from minikeras import GradientTape, Model, Sequential, layers, ops
from minikeras.dropin.tensorflow import math
from minikeras.dropin.tensorflow.variables import IndexedSlices, Variable
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError

M = [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (1, [5, 6], [[1, 2], [5, 6]]),
        (np.s_[:, 0], [5.0, 6.0], [[5, 2], [6, 4]]),
        (0, 7.0, [[7, 7], [3, 4]]),
        (np.s_[-1, ::-1], [5.0, 6.0], [[1, 2], [6, 5]]),
        (np.s_[..., 1], [0.0, 0.0], [[1, 0], [3, 0]]),
        (np.s_[0, None], [[5.0, 6.0]], [[5, 6], [3, 4]]),
        (np.s_[1, 1], 9.0, [[1, 2], [3, 9]]),
        (np.array(0), np.float64([5, 6]), [[5, 6], [3, 4]]),
        (np.s_[:], M[::-1], M[::-1]),
    ],
)
def test_a_part_is_assigned(key, value, expected):
    v = Variable(M)
    assert v[key].assign(value) is v
    assert v.numpy().tolist() == expected and v.dtype == "float32"


@pytest.mark.parametrize(("key", "value"), [(0, [1.0, 2.0, 3.0]), (np.s_[0, 0], [1.0]), (0, [[1.0, 2.0]])])
def test_a_part_of_another_shape_changes_nothing(key, value):
    v = Variable(M, name="v")
    with pytest.raises(ShapeError, match="Variable 'v': expected a value of shape"):
        v[key].assign(value)
    assert v.numpy().tolist() == M


def test_parts_at_given_places():
    v = Variable(M)
    assert v.scatter_nd_update([[0, 1]], [8.0]).numpy().tolist() == [[1, 8], [3, 4]]
    assert v.scatter_nd_add([[0], [0]], [[1.0, 1.0], [1.0, 2.0]]).numpy().tolist() == [[3, 11], [3, 4]]
    assert v.scatter_nd_sub([[1]], [[1.0, 1.0]]).numpy().tolist() == [[3, 11], [2, 3]]
    assert v.scatter_update(IndexedSlices([[0.0, 0.0]], [1])).numpy().tolist() == [[3, 11], [0, 0]]
    assert v.scatter_add(IndexedSlices([[1.0, 1.0]], np.array([1]))).numpy().tolist() == [[3, 11], [1, 1]]
    assert v.scatter_sub(IndexedSlices([[1.0, 1.0]], [0])).numpy().tolist() == [[2, 10], [1, 1]]
    assert v.gather_nd([[0, 1]]).tolist() == [10] and v.sparse_read([1, 0]).tolist() == [[1, 1], [2, 10]]


def test_assigning_a_part_under_a_tape():
    v, u = Variable([1.0, 2.0]), Variable(3.0)
    with GradientTape() as tape:
        before = v[0] * 10
        v[0].assign(u * 2)
        loss = before + ops.sum(v * v)
    gradients = tape.gradient(loss, [v, u])
    assert float(loss) == 10 + 36 + 4 and v.numpy().tolist() == [6, 2]
    # As in TensorFlow, each read of the variable counts, and what is assigned to it does not: 10 + 2 * 6, and 2 * 2.
    assert gradients[0].tolist() == [22, 4] and gradients[1] is None


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_parts_in_training_steps(run_eagerly):
    class Own(Model):
        def __init__(self):
            super().__init__()
            self.seen = Variable([0.0, 0.0], trainable=False)

        def call(self, x):
            return x

        def train_step(self, data):
            x, _ = data
            self.seen[1].assign(self.seen[1] + ops.sum(x))
            self.seen.scatter_nd_add([[0]], [1.0])
            return {"seen": self.seen[0] + self.seen[1]}

    model = Own()
    model.compile("sgd", "mse", run_eagerly=run_eagerly)
    model.fit(np.ones((4, 2)), np.ones(4), batch_size=1, verbose=0)
    first = model.seen.numpy()
    history = model.fit(np.ones((4, 2)), np.ones(4), batch_size=1, verbose=0).history
    assert (model.seen.numpy() - first).tolist() == [4, 8] and history == {"seen": [model.seen.numpy().sum()]}


def test_what_tensorflow_asks_of_a_variable(installed):
    v = Variable(lambda: [1, 2], constraint=abs, synchronization=None, aggregation="mean", name="v")
    assert v.value().tolist() == v.value.tolist() == v.read_value().tolist() == [1, 2]
    assert v.shape.as_list() == v.get_shape().as_list() == [2] and v.is_initialized()
    assert {v.ref(): 3}[v.ref()] == 3 and v.ref().deref() is v and v.ref() != Variable(1).ref()
    assert v.constraint is abs and (v.aggregation, v.device[-5:]) == ("mean", "CPU:0")
    assert v.assign([3, 4], use_locking=True, name="a", read_value=False) is None
    assert v.assign_add([1, 1], read_value=True) is v and v.assign_sub([0, 1], False).numpy().tolist() == [4, 4]
    assert Variable(3, False).trainable is False
    with pytest.raises(NotSupportedError, match="caching_device"):
        Variable(1, caching_device="cpu")
    with pytest.raises(ArgumentError, match="aggregation"):
        Variable(1, aggregation="average")


def test_a_variable_on_a_layer_is_one_of_its_weights():
    class Scale(layers.Layer):
        def __init__(self):
            super().__init__()
            self.w = Variable(1.0)

        def call(self, x):
            return x * self.w

    model = Sequential([layers.Input((3,)), layers.Dense(1), Scale()])
    assert (model.count_params(), len(model.trainable_variables)) == (5, 3)
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.full((4, 1), 9.0), verbose=0)
    assert model.layers[-1].w.numpy() != 1.0


def test_variables_take_the_arguments_of_tensorflow():
    v = Variable([1.0, 2.0], trainable=False, name="v", dtype="float64")
    assert (v.name, v.dtype, v.trainable) == ("v", "float64", False)
    assert Variable(lambda: [1]).numpy().tolist() == [1]
    with GradientTape() as tape:
        loss = math.reduce_sum(Variable(M, name="w") ** 2) * v[0]
    assert float(loss) == 30
    assert len(tape.watched_variables()) == 1
    with pytest.raises(NotSupportedError, match="validate_shape"):
        Variable(M, validate_shape=False)
