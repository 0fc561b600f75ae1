"""Recurrent layers beside Keras on TensorFlow, the only one of its loops that masks correctly."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat.side_by_side import compare, difference, outcome

# Of variables of TensorFlow.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 5, 4)).astype("float32")
MASK = np.array([[False, True, True, False, True], [False] * 5, [True, True, False, False, False]])
STATE = np.full((3, 3), 0.3, "float32")
KINDS = {"SimpleRNN": 1, "LSTM": 2, "GRU": 1}


def with_weights(layer, shape=(3, 5, 4)):
    layer.build(shape)
    rng = np.random.default_rng(1)
    layer.set_weights([0.5 * rng.normal(size=weight.shape).astype(weight.dtype) for weight in layer.get_weights()])
    return layer


def flat(value):
    return [leaf for part in value for leaf in flat(part)] if isinstance(value, (list, tuple)) else [value]


def with_gradients(k, layer, x=X, **arguments):
    """The outputs and states of a call, and the gradients of their cubes."""
    x = tf.Variable(x) if k is keras else k.Variable(x)
    with (tf if k is keras else k).GradientTape() as tape:
        found = flat(layer(x + 0, **arguments))
        total = sum(k.ops.sum(each**3) for each in found)
    sources = [x, *[weight.value if k is keras else weight for weight in layer.trainable_weights]]
    grads = tape.gradient(total, sources)
    return found, [np.zeros(1) if each is None else k.ops.convert_to_numpy(each) for each in grads]


def options(*names):
    return [dict(zip(names, values, strict=True)) for values in itertools.product([False, True], repeat=len(names))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "chosen", options("return_sequences", "go_backwards", "unroll", "zero_output_for_mask"), ids=str
)
def test_masks_and_states(kind, chosen):
    wrong_in_keras = all(chosen.values())  # the mask is not reversed where outputs are set to zero
    for mask, state in itertools.product((None, MASK), (False, True)):
        arguments = {} if mask is None else {"mask": mask}
        arguments |= {"initial_state": [STATE] * KINDS[kind]} if state else {}

        def run(k, arguments=arguments):
            layer = with_weights(getattr(k.layers, kind)(3, return_state=True, **chosen))
            return with_gradients(k, layer, **arguments)

        if not (wrong_in_keras and mask is not None):
            compare(run, rtol=1e-4, atol=1e-5)
        elif not chosen["unroll"]:
            text = difference(outcome(keras, run), outcome(minikeras, run), 1e-4, 1e-5)
            assert text is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["concat", "sum", "ave", "mul", None])
@pytest.mark.parametrize("chosen", options("return_sequences", "return_state"), ids=str)
def test_both_directions(kind, mode, chosen):
    for mask, state in itertools.product((None, MASK), (False, True)):
        arguments = {} if mask is None else {"mask": mask}
        arguments |= {"initial_state": [STATE] * 2 * KINDS[kind]} if state else {}

        def run(k, arguments=arguments):
            layer = with_weights(k.layers.Bidirectional(getattr(k.layers, kind)(3, **chosen), merge_mode=mode))
            return with_gradients(k, layer, **arguments)

        compare(run, rtol=1e-4, atol=1e-5)


def test_stacked_cells():
    def run(k):
        cells = [k.layers.LSTMCell(3), k.layers.GRUCell(2), k.layers.SimpleRNNCell(2)]
        layer = with_weights(k.layers.RNN(cells, return_sequences=True, return_state=True))
        return [w.path.split("/")[-1] for w in layer.weights], with_gradients(k, layer, mask=MASK)

    compare(run, rtol=1e-4, atol=1e-5)


def own_cell(k):
    """A cell whose output is none of its states, and which has no initial states of its own."""

    class Cell(k.layers.Layer):
        state_size, output_size = [2, 3], 4

        def call(self, inputs, states):
            output = inputs * 2 + k.ops.sum(states[0], axis=-1, keepdims=True)
            return output, [states[0] + inputs[:, :2], states[1] * 0.5 + 1]

    return Cell()


@pytest.mark.parametrize("chosen", options("return_sequences", "go_backwards", "unroll"), ids=str)
@pytest.mark.parametrize("mask", [None, MASK], ids=["no mask", "mask"])
def test_cells_of_the_user(chosen, mask):
    compare(lambda k: flat(k.layers.RNN(own_cell(k), return_state=True, **chosen)(X, mask=mask)))


@pytest.mark.parametrize("name", ["SimpleRNNCell", "LSTMCell", "GRUCell"])
def test_cells(name):
    def run(k):
        cell = with_weights(getattr(k.layers, name)(3, dropout=0.1, recurrent_dropout=0.2, seed=1, name="c"), (3, 4))
        states = cell.get_initial_state(batch_size=3)
        output, new = cell(X[:, 0], [state + 0.5 for state in states])
        config = cell.get_config()
        return (
            output,
            new,
            list(config),
            config["seed"],
            str(cell.state_size),
            cell.output_size,
            [w.path for w in cell.weights],
        )

    compare(run, rtol=1e-5)


def test_stack_as_a_layer():
    def run(k):
        stack = with_weights(k.layers.StackedRNNCells([k.layers.GRUCell(3), k.layers.LSTMCell(2)], name="s"), (3, 4))
        output, states = stack(X[:, 0], stack.get_initial_state(batch_size=3))
        return output, flat(states), str(stack.state_size), stack.output_size, list(stack.get_config())

    compare(run, rtol=1e-5)


@pytest.mark.parametrize("wrap", [False, True], ids=["forward", "both ways"])
def test_stateful(wrap):
    def run(k):
        layer = k.layers.LSTM(3, stateful=True, return_sequences=True)
        layer = with_weights(k.layers.Bidirectional(layer) if wrap else layer)
        found = [layer(X), layer(X, mask=MASK)]
        layer.reset_state()
        return [*found, layer(X), [k.ops.convert_to_numpy(state) for state in layer.states]]

    compare(run, rtol=1e-5)


def test_half_precision():
    def run(k):
        layer = with_weights(k.layers.Bidirectional(k.layers.GRU(3, dtype="mixed_float16"), dtype="mixed_float16"))
        return layer(X, mask=MASK)

    compare(run, atol=3e-3)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("SimpleRNN", {"dropout": 0.3, "recurrent_dropout": 0.2}),
        ("LSTM", {"dropout": 0.3}),
        ("LSTM", {"dropout": 0.3, "recurrent_dropout": 0.2}),
        ("GRU", {"dropout": 0.3, "recurrent_dropout": 0.2, "reset_after": False}),
        ("GRU", {"dropout": 0.3, "implementation": 1, "use_cudnn": False}),  # "auto" fails in Keras
    ],
)
def test_seeds(name, arguments):
    """The state of the seed after calls in inference and in training."""

    def run(k):
        layer = with_weights(getattr(k.layers, name)(3, seed=7, **arguments))
        found = []
        for training in (False, True, False):
            layer(X, training=training)
            found.append(k.ops.convert_to_numpy(layer.cell.seed_generator.state).tolist())
        return found

    compare(run)


# ---------------------------------------------------------------- convolutions

FRAMES = {rank: RNG.normal(size=(3, 5, *(3, 2, 4)[:rank], 2)).astype("float32") for rank in (1, 2, 3)}


@pytest.mark.parametrize("rank", FRAMES)
@pytest.mark.parametrize("chosen", options("return_sequences", "go_backwards", "unroll"), ids=str)
def test_masks_and_states_of_images(rank, chosen):
    x, shape = FRAMES[rank], (3, *(3, 2, 4)[:rank], 2)
    for mask, state in itertools.product((None, MASK), (False, True)):
        states = [np.full(shape, 0.3, "float32"), np.full(shape, -0.2, "float32")]
        arguments = {"mask": mask, "initial_state": states if state else None}

        def run(k, arguments=arguments):
            layer = getattr(k.layers, f"ConvLSTM{rank}D")(2, 2, padding="same", return_state=True, **chosen)
            return with_gradients(k, with_weights(layer, x.shape), x, **arguments)

        compare(run, rtol=1e-4, atol=1e-5)


def test_masks_of_places():
    """As `Masking` makes them of images: each place has its own."""
    mask = np.random.default_rng(2).random((3, 5, 3)) > 0.4

    def run(k):
        layer = k.layers.ConvLSTM1D(2, 3, padding="same", return_sequences=True, return_state=True)
        return with_gradients(k, with_weights(layer, FRAMES[1].shape), FRAMES[1], mask=mask)

    compare(run, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("rank", FRAMES)
def test_channels_first(rank):
    """Keras cannot do it on a CPU, except for volumes; so it gets channels last."""
    to_first, to_last = (lambda x: np.moveaxis(x, -1, 2)), (lambda x: np.moveaxis(x, 2, -1))

    def run(k):
        layout = "channels_first" if k is minikeras else "channels_last"
        x = to_first(FRAMES[rank]) if k is minikeras else FRAMES[rank]
        layer = getattr(k.layers, f"ConvLSTM{rank}D")(
            2, 2, (1, 2, 1)[:rank], padding="same", data_format=layout, return_sequences=True
        )
        (y,), grads = with_gradients(k, with_weights(layer, x.shape), x, mask=MASK)
        return [to_last(np.asarray(each)) if k is minikeras else np.asarray(each) for each in (y, grads[0])], grads[1:]

    compare(run, rtol=1e-4, atol=1e-5)


def test_images_both_ways():
    def run(k):
        layer = k.layers.Bidirectional(k.layers.ConvLSTM1D(2, 2, return_sequences=True, return_state=True))
        return with_gradients(k, with_weights(layer, FRAMES[1].shape), FRAMES[1], mask=MASK)

    compare(run, rtol=1e-4, atol=1e-5)


def test_stateful_with_images():
    def run(k):
        layer = with_weights(k.layers.ConvLSTM2D(2, 2, stateful=True), FRAMES[2].shape)
        found = [layer(FRAMES[2]), layer(FRAMES[2], mask=MASK)]
        layer.reset_state()
        return [*found, layer(FRAMES[2]), [k.ops.convert_to_numpy(state) for state in layer.states]]

    compare(run, rtol=1e-5)


def test_seeds_with_images():
    def run(k):
        layer = k.layers.ConvLSTM1D(2, 2, dropout=0.3, recurrent_dropout=0.2, seed=7)
        with_weights(layer, FRAMES[1].shape)
        found = []
        for training in (False, True, False):
            layer(FRAMES[1], training=training)
            found.append(k.ops.convert_to_numpy(layer.cell.seed_generator.state).tolist())
        return found

    compare(run)
