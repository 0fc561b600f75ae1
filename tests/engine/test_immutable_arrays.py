import numpy as np
import pytest

from minikeras import GradientTape, Input, Model, Sequential, Variable, layers, losses, metrics, ops
from minikeras.engine.immutable_arrays import ImmutableArray, as_output, set_output_class


class Marked(ImmutableArray):
    """A subclass of numpy's arrays."""


def test_what_is_handed_out():
    plain = np.zeros(2)
    assert as_output(plain) is plain and as_output("text") == "text"
    set_output_class(Marked)
    try:
        v = Variable([1.0, 2.0])
        with GradientTape() as tape:
            y = ops.sum(v * v)
        for value in (as_output(plain), ops.ones(2), v + 1, v.value, tape.gradient(y, v), ops.sum([1.0])):
            assert type(value) is Marked
        assert type(v.buffer) is type(v.numpy()) is type(y.array) is np.ndarray
        given = plain.view(Marked)
        assert as_output(given) is given and type(ops.add(given, 1)) is Marked
    finally:
        set_output_class(None)
    assert type(ops.ones(2)) is np.ndarray


def squared_in_place(x):
    x *= 2
    x -= 1
    x **= 2
    return x


@pytest.mark.parametrize(
    "function",
    [
        ops.convert_to_tensor,
        ops.transpose,
        ops.stop_gradient,
        lambda x: ops.cast(x, "float32"),
        lambda x: ops.reshape(x, (-1,)),
        lambda x: ops.expand_dims(x, 0),
        lambda x: ops.broadcast_to(x, (3, 2, 2)),
        lambda x: ops.split(x, 2),
        lambda x: ops.unstack(x),
        lambda x: ops.meshgrid(x[0], x[1]),
        lambda x: ops.get_item(x, 0),
        layers.Identity(),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Activation("linear"),
        Sequential([layers.Identity(), layers.Permute((1,))]),
    ],
)
def test_what_ops_and_layers_return_is_no_memory_of_the_callers(function):
    x = np.float32([[1, 2], [3, 4]])
    found = function(x)
    for part in found if isinstance(found, (list, tuple)) else [found]:
        assert type(part) is np.ndarray
        part += 10
    assert x.tolist() == [[1, 2], [3, 4]]


class Doubled(layers.Layer):
    def call(self, x, extra=None):
        first = x[0] if isinstance(x, list) else x
        first *= 2
        if extra is not None:
            extra["shift"] += 1
            first += extra["shift"]
        return first


def test_in_place_operators_in_a_call_make_new_arrays():
    x = np.float32([[1, 2]])
    assert layers.Activation(squared_in_place)(x).tolist() == layers.Lambda(squared_in_place)(x).tolist() == [[1, 9]]
    assert Doubled()(x).tolist() == Doubled()([x, x]).tolist() == [[2, 4]]
    assert Doubled()(x, extra={"shift": x}).tolist() == [[4, 7]]
    assert Sequential([Doubled(), Doubled()])(x).tolist() == [[4, 8]]
    assert ops.custom_gradient(lambda x: (squared_in_place(x), None.__eq__))(x).tolist() == [[1, 9]]
    assert x.tolist() == [[1, 2]]


def test_two_readers_of_one_value_in_a_graph():
    inputs = Input((2,))
    between = layers.Dense(2, kernel_initializer="ones")(inputs)
    model = Model(inputs, [layers.Add()([between, Doubled()(between)]), between])
    x = np.float32([[1, 2]])
    for found in (model(x), model.predict(x, verbose=0)):
        assert [part.tolist() for part in found] == [[[9, 9]], [[3, 3]]]


def test_losses_and_metrics_change_no_labels():
    class Squared(losses.Loss):
        def call(self, y_true, y_pred):
            y_true -= y_pred
            y_true **= 2
            return ops.mean(y_true, axis=-1)

    y = np.float32([[1, 2]])
    assert Squared()(y, y + 2) == 4
    mean = metrics.MeanMetricWrapper(lambda y_true, y_pred: squared_in_place(y_true) + y_pred)
    mean.update_state(y, y)
    assert mean.result() == 6.5 and y.tolist() == [[1, 2]]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_own_steps_change_no_data(run_eagerly):
    class Shifted(Model):
        def train_step(self, data):
            x, y = data
            x += 1
            y *= 2
            return {"sum": ops.sum(x) + ops.sum(y)}

        def predict_step(self, data):
            x = data[0] if isinstance(data, tuple) else data
            x += 1
            return x

    model = Shifted()
    model.compile(run_eagerly=run_eagerly)
    x, y = np.float32([[1, 2]]), np.float32([[3]])
    assert model.fit(x, y, epochs=3, verbose=0).history["sum"] == [11, 11, 11]
    assert model.predict(x, verbose=0).tolist() == model.predict_on_batch(x).tolist() == [[2, 3]]
    assert x.tolist() == [[1, 2]] and y.tolist() == [[3]]


def test_writing_into_what_a_call_is_given_is_refused():
    class Written(layers.Layer):
        def call(self, x):
            own = np.zeros_like(x)
            own[0] = 5  # new memory, which is the layer's own
            x[0] = 1
            return own

    x = np.zeros((1, 2), "float32")
    with pytest.raises(TypeError, match=r"slice_update.*\n?.*shape \(1, 2\)"):
        Written()(x)
    assert x.tolist() == [[0, 0]]
    with pytest.raises(ValueError, match="read-only"):
        layers.Lambda(lambda x: x.fill(3))(x)


def test_masks_go_with_the_values_handed_in():
    class Seen(layers.Layer):
        def __init__(self):
            super().__init__()
            self.supports_masking = True

        def call(self, x, mask=None):
            return layers.Identity()(x), ops.cast(mask, "int32")

    embedded = layers.Embedding(3, 2, mask_zero=True)(np.array([[1, 0]]))
    assert Seen()(embedded)[1].tolist() == [[1, 0]]


def test_a_tape_keeps_what_it_recorded():
    v, data, picked = Variable([1.0, 2.0]), np.float32([3, 4]), np.array([0])
    total = np.zeros(2, "float32")
    kept = total
    with GradientTape() as tape:
        y = ops.sum(v * data) + ops.sum(ops.take(v, picked) ** 2)
        total += v * 3  # a traced value from here on, as with Keras's tensors
        total -= data
        data += 100
        picked += 1
        y = y + ops.sum(total)
    assert kept.tolist() == [0, 0]
    assert tape.gradient(y, v).tolist() == [3 + 2 + 3, 4 + 3]


def test_what_ops_and_layers_return_in_a_call_stays_as_others_hold_it():
    class Residual(layers.Layer):
        def __init__(self, first):
            super().__init__()
            self.first = first

        def call(self, x):
            x = self.first(x)
            kept = x
            x += 1.0
            return x * kept

    x = np.float32([[1, 2]])
    for first in (ops.relu, layers.ReLU(), layers.Identity(), lambda x: ops.split(x, 1)[0]):
        model = Sequential([Residual(first)])
        outputs = model(x)
        assert type(outputs) is np.ndarray and outputs.tolist() == [[2, 6]]
        assert model.predict(x, verbose=0).tolist() == [[2, 6]] and x.tolist() == [[1, 2]]
        outputs += 1  # what the model returned is an array as any other
        assert outputs.tolist() == [[3, 7]]


def test_a_layer_cannot_write_into_what_another_one_holds():
    class Writing(layers.Layer):
        def call(self, x):
            x[0] = 5.0
            return x

    class Outer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Writing()

        def call(self, x):
            return self.inner(ops.relu(x))

    with pytest.raises(TypeError, match="assigning to its elements"):
        Outer()(np.ones((2, 2), "float32"))


def test_what_ops_return_in_a_loss_stays_as_others_hold_it():
    class Kept(losses.Loss):
        def call(self, y_true, y_pred):
            error = kept = ops.abs(y_true - y_pred)
            error *= error
            return error + kept

    assert float(Kept()(np.float32([[1], [2]]), np.float32([[3], [5]]))) == (4 + 2 + 9 + 3) / 2


def test_what_a_model_hands_out_is_plain():
    class Adds(layers.Layer):
        def build(self, shape):
            self.seen = self.add_weight(shape=(), initializer="zeros", trainable=False)

        def call(self, x):
            self.add_loss(ops.sum(x))
            self.seen.assign(self.seen + ops.max(x))
            return ops.exp(x)

    layer, x = Adds(), np.float32([[0, 0]])
    for found in (layer(x), layer.losses[0], layer.seen.value):
        assert type(found) is np.ndarray
    outputs, updated, kept = layer.stateless_call([], [np.float32(0)], x, return_losses=True)
    assert {type(each) for each in (outputs, *updated, *kept)} == {np.ndarray}


def test_copies_of_views_keep_their_layout():
    x = np.arange(6.0).reshape(2, 3)
    assert ops.transpose(x).strides == x.T.strides and not np.shares_memory(ops.transpose(x), x)
    assert ops.broadcast_to(x[0], (2, 3)).flags.c_contiguous
