"""ConvLSTM of every rank: arguments, masks, states, layouts, old spellings."""

import numpy as np
import pytest

import minikeras
from minikeras import Sequential, initializers, layers, ops, saving
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, ShapeError
from minikeras.layers.recurrent.conv_lstm import ConvLSTM

SIZES = {1: (4,), 2: (4, 3), 3: (3, 4, 2)}
RNG = np.random.default_rng(0)
each_rank = pytest.mark.parametrize("rank", SIZES)


def made(rank, *args, **options):
    return getattr(layers, f"ConvLSTM{rank}D")(*(args or (2, 2)), **options)


def frames(rank, count=2, steps=3):
    return RNG.normal(size=(count, steps, *SIZES[rank], 2)).astype("float32")


def with_weights(layer, x):
    layer.build(x.shape)
    rng = np.random.default_rng(1)
    layer.set_weights([0.5 * rng.normal(size=weight.shape) for weight in layer.weights])
    return layer


@each_rank
def test_shapes(rank):
    x = frames(rank)
    layer = made(rank, 3, 2, 2, "same", return_sequences=True, return_state=True)
    sizes = tuple(-(-size // 2) for size in SIZES[rank])
    shapes = (2, 3, *sizes, 3), (2, *sizes, 3), (2, *sizes, 3)
    assert layer.compute_output_shape(x.shape) == shapes == tuple(each.shape for each in layer(x))
    symbolic = layer(layers.Input((None, *SIZES[rank], 2)))
    assert [each.shape for each in symbolic] == [(None, None, *sizes, 3), (None, *sizes, 3), (None, *sizes, 3)]
    assert isinstance(layer, ConvLSTM) and layer.kernel_size == (2,) * rank and layer.strides == (2,) * rank


@each_rank
def test_both_layouts_agree(rank):
    x = frames(rank)
    last = with_weights(made(rank, return_sequences=True, padding="same", dilation_rate=2), x)
    x_first = np.moveaxis(x, -1, 2)
    first = made(rank, return_sequences=True, padding="same", dilation_rate=2, data_format="channels_first")
    first = with_weights(first, x_first)
    np.testing.assert_allclose(np.moveaxis(first(x_first), 2, -1), last(x), rtol=1e-5, atol=1e-6)
    assert first.compute_output_shape(x_first.shape) == first(x_first).shape


def test_a_window_of_one_is_an_lstm_at_each_place():
    x = frames(2)
    layer = with_weights(layers.ConvLSTM2D(3, 1, return_sequences=True, return_state=True), x)
    plain = layers.LSTM(3, return_sequences=True, return_state=True)
    by_place = x.transpose(0, 2, 3, 1, 4).reshape(-1, 3, 2)
    plain.build(by_place.shape)
    plain.set_weights([weight.reshape(-1, 12) if weight.ndim > 1 else weight for weight in layer.get_weights()])
    outputs, *states = plain(by_place)
    found, *found_states = layer(x)
    np.testing.assert_allclose(found, outputs.reshape(2, 4, 3, 3, 3).transpose(0, 3, 1, 2, 4), rtol=1e-5, atol=1e-6)
    for ours, expected in zip(found_states, states, strict=True):
        np.testing.assert_allclose(ours, expected.reshape(2, 4, 3, 3), rtol=1e-5, atol=1e-6)


def test_masks():
    """A masked step repeats the last output and holds both states, which have three axes here."""
    x = frames(1, steps=4)
    layer = with_weights(layers.ConvLSTM1D(2, 2, return_sequences=True, return_state=True), x)
    mask = np.array([[True, True, False, False], [False, True, False, True]])
    outputs, hidden, cell = layer(x, mask=mask)
    short, short_hidden, short_cell = layer(x[:1, :2])
    np.testing.assert_allclose(outputs[0], np.concatenate([short[0], short[0, 1:], short[0, 1:]]), rtol=1e-6)
    np.testing.assert_allclose([hidden[0], cell[0]], [short_hidden[0], short_cell[0]], rtol=1e-6)
    picked = layer(x[1:, 1::2])[0][0]
    np.testing.assert_allclose(outputs[1], [0 * picked[0], picked[0], picked[0], picked[1]], rtol=1e-6, atol=1e-7)
    zeroed = with_weights(layers.ConvLSTM1D(2, 2, return_sequences=True, zero_output_for_mask=True), x)(x, mask=mask)
    assert not zeroed[~mask].any() and np.allclose(zeroed[0, :2], short[0])
    everything = layer(x, mask=np.zeros((2, 4), bool))
    assert not any(each.any() for each in everything)


@pytest.mark.parametrize("options", [{}, {"unroll": True}, {"go_backwards": True}], ids=str)
def test_masks_of_places(options):
    """As `Masking` makes them: each place holds its own states, which only neighbours see."""
    x, mask = frames(1, steps=3), np.ones((2, 3, 4), bool)
    mask[0, 1:] = mask[1, :, 1] = False
    mask[0, 0] = False
    layer = with_weights(layers.ConvLSTM1D(2, 3, padding="same", return_sequences=True, **options), x)
    found = layer(x, mask=mask)
    assert not found[0].any() and not found[1, :, 1].any() and found[1, :, [0, 2, 3]].all()
    lone = with_weights(layers.ConvLSTM1D(2, 1, return_sequences=True, **options), x)
    mask[1, :, 1] = [True, False, True]
    plain = with_weights(layers.LSTM(2, return_sequences=True, **options), x[:, :, 1])
    plain.set_weights([weight[0] if weight.ndim > 1 else weight for weight in lone.get_weights()])
    expected = plain(x[1:, :, 1], mask=mask[1:, :, 1])
    np.testing.assert_allclose(lone(x, mask=mask)[1:, :, 1], expected, rtol=1e-5, atol=1e-7)
    model = Sequential([layers.Input((3, 4, 2)), layers.Masking(), layer])
    x[0] = x[1, :, 1] = 0
    np.testing.assert_allclose(model.predict(x, verbose=0)[1, :, 1], 0)


def test_masks_of_the_output():
    x = layers.Input((3, 4, 2))
    mask = layers.Input((3,), dtype="bool")
    sequences = layers.ConvLSTM1D(2, 2, return_sequences=True, return_state=True)
    assert sequences.compute_mask(x, mask) == [mask, None, None]
    assert layers.ConvLSTM1D(2, 2).compute_mask(x, mask) is None
    for shape in ((2, 3, 4), (2, 3, 3, 2), (2, 4), (2,)):  # (2, 3, 3) has the places of the states
        with pytest.raises(ShapeError, match=r"mask of shape \(batch, steps\), \(2, 3\). Received shape \(2"):
            sequences(frames(1), mask=np.ones(shape, bool))


@pytest.mark.parametrize("options", [{}, {"go_backwards": True}, {"unroll": True}], ids=str)
def test_backwards_and_unrolled(options):
    x = frames(1)
    layer = with_weights(layers.ConvLSTM1D(2, 2, return_sequences=True, **options), x)
    expected = with_weights(layers.ConvLSTM1D(2, 2, return_sequences=True), x)
    expected = expected(x[:, ::-1] if "go_backwards" in options else x)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-6)


def test_initial_states_are_arguments_and_inputs():
    x = frames(2)
    layer = with_weights(layers.ConvLSTM2D(2, 2, return_state=True), x)
    _, *states = layer(x[:, :1])
    expected = layer(x[:, :2])[0]
    np.testing.assert_allclose(layer(x[:, 1:2], initial_state=states)[0], expected, rtol=1e-5, atol=1e-7)
    inputs = layers.Input((None, 4, 3, 2))
    given = [layers.Input((3, 2, 2)), layers.Input((3, 2, 2))]
    model = minikeras.Model([inputs, *given], layer(inputs, initial_state=given)[0])
    np.testing.assert_allclose(model.predict([x[:, 1:2], *states], verbose=0), expected, rtol=1e-5, atol=1e-7)
    with pytest.warns(LegacyWarning):
        np.testing.assert_allclose(layer([x[:, 1:2], *states])[0], expected, rtol=1e-5, atol=1e-7)


def test_stateful():
    x = frames(1)
    layer = with_weights(layers.ConvLSTM1D(2, 2, stateful=True), x)
    whole = with_weights(layers.ConvLSTM1D(2, 2), x)
    first = layer(x)
    np.testing.assert_allclose(layer(x), whole(np.concatenate([x, x], axis=1)), rtol=1e-5, atol=1e-7)
    layer.reset_state()
    assert np.array_equal(layer(x), first) and layer.states[1].shape == (2, 3, 2)
    with pytest.raises(ShapeError, match="keeps the states of a batch of 2 sequences. Received 3 sequences"):
        layer(frames(1, count=3))


def test_one_mask_of_dropout_serves_all_steps():
    """All steps are equal, and states are not looked at: the outputs follow from the masks of the four gates."""
    x = np.ones((1, 6, 5, 4), "float32")
    options = {"recurrent_activation": None, "activation": None, "use_bias": False, "recurrent_initializer": "zeros"}
    layer = layers.ConvLSTM1D(1, 1, dropout=0.5, seed=1, return_sequences=True, kernel_initializer="ones", **options)
    y = layer(x, training=True)[0, :, :, 0]
    # Each gate is the sum of what its mask leaves.
    layer = layers.ConvLSTM1D(1, 1, dropout=0.5, seed=1, kernel_initializer="ones", **options)
    layer.build(x.shape)
    i, f, g, o = (ops.sum(mask, axis=-1)[0] for mask in layer.cell.get_dropout_mask(x[:, 0]))
    assert len({tuple(np.asarray(each)) for each in (i, f, g, o)}) == 4
    c = 0
    for step in range(6):
        c = f * c + i * g
        np.testing.assert_allclose(y[step], o * c, rtol=1e-5)


def test_bias():
    layer = layers.ConvLSTM1D(2, 3, bias_initializer=initializers.Constant(0.25))
    layer.build((None, 3, 5, 1))
    assert layer.cell.bias.numpy().tolist() == [0.25, 0.25, 1, 1, 0.25, 0.25, 0.25, 0.25]
    layer = layers.ConvLSTM1D(2, 3, unit_forget_bias=False)
    layer.build((None, 3, 5, 1))
    assert not layer.cell.bias.numpy().any()


def test_weights_and_attributes():
    layer = layers.ConvLSTM2D(2, (3, 1), name="r", kernel_constraint="non_neg", recurrent_regularizer="l2", dropout=0.2)
    layer.build((None, 5, 4, 3, 3))
    assert [(weight.path, weight.shape) for weight in layer.weights] == [
        ("r/conv_lstm_cell/kernel", (3, 1, 3, 8)),
        ("r/conv_lstm_cell/recurrent_kernel", (3, 1, 2, 8)),
        ("r/conv_lstm_cell/bias", (8,)),
    ]
    assert layer.filters == 2 and layer.dropout == 0.2 and layer.padding == "valid" and layer.unit_forget_bias
    assert not hasattr(layer, "units") and layer.kernel_constraint is layer.cell.kernel.constraint
    assert layer.recurrent_regularizer is layer.cell.recurrent_kernel.regularizer
    frozen = layers.ConvLSTM2D(2, 2, trainable=False, dtype="float64")
    frozen.build((None, 5, 4, 3, 3))
    assert not frozen.trainable_weights and {weight.dtype for weight in frozen.weights} == {"float64"}


def test_half_precision():
    layer = layers.ConvLSTM2D(2, 2, dtype="mixed_float16", return_state=True)
    found = layer(frames(2))
    assert {str(each.dtype) for each in found} == {"float16"} and layer.weights[0].dtype == "float32"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"filters": 0}, "`filters` must be a positive integer"),
        ({"kernel_size": (1, 2, 3)}, "`kernel_size` must be an integer >= 1, or a tuple of 2 of them"),
        ({"padding": "causal"}, "padding"),
        ({"data_format": "no"}, "data_format"),
        ({"strides": 2, "dilation_rate": 2}, "strides and dilation cannot both be greater than 1"),
        ({"dropout": "a"}, "`dropout` must be a finite number"),
        ({"implementation": 1}, "Unrecognized keyword arguments"),
        ({"use_cudnn": False}, "Unrecognized keyword arguments"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ArgumentError, match=message):
        layers.ConvLSTM2D(**{"filters": 2, "kernel_size": 2, **options})


def test_bad_inputs():
    layer = layers.ConvLSTM2D(2, 3)
    with pytest.raises(ShapeError, match="spatial sizes of the inputs must be known"):
        layer(layers.Input((None, None, 5, 2)))
    with pytest.raises(ArgumentError, match="number of input channels must be known"):
        layers.ConvLSTM2D(2, 3)(layers.Input((None, 5, 5, None)))
    with pytest.raises(ShapeError, match="does not fit"):
        layers.ConvLSTM2D(2, 3)(np.ones((1, 2, 2, 5, 1), "float32"))
    with pytest.raises(ShapeError, match="at least one step"):
        layers.ConvLSTM2D(2, 3)(np.ones((1, 0, 5, 5, 1), "float32"))
    with pytest.raises(ArgumentError, match="with stateful=True the batch size must be known"):
        layers.ConvLSTM2D(2, 3, stateful=True)(layers.Input((None, 5, 5, 1)))
    layer = layers.ConvLSTM2D(2, 3, recurrent_dropout=0.5, seed=3)
    layer(np.ones((1, 2, 5, 5, 1), "float32"))
    before = layer.cell.seed_generator.state.numpy()
    with pytest.raises(ValueError, match="ConvLSTM2D"):
        layer(np.ones((1, 2, 6, 5, 1), "float32"), training=True)
    with pytest.raises(ShapeError, match=r"2 state\(s\) of shape \(1, 3, 3, 2\), \(1, 3, 3, 2\). Received 1"):
        layer(np.ones((1, 2, 5, 5, 1), "float32"), initial_state=np.zeros((1, 3, 3, 2), "float32"))
    assert np.array_equal(layer.cell.seed_generator.state.numpy(), before)


def test_arguments_of_keras_1():
    with pytest.warns(LegacyWarning):
        layer = layers.ConvLSTM2D(
            nb_filter=4,
            nb_row=3,
            nb_col=2,
            border_mode="same",
            subsample=(2, 1),
            dim_ordering="th",
            init="zeros",
            inner_init="ones",
            forget_bias_init="zero",
            inner_activation="hard_sigmoid",
            W_regularizer="l2",
            U_regularizer="l1",
            dropout_W=0.2,
            dropout_U=0.3,
        )
    assert layer.filters == 4 and layer.kernel_size == (3, 2) and layer.padding == "same" and layer.strides == (2, 1)
    assert layer.data_format == "channels_first" and not layer.unit_forget_bias
    assert (layer.dropout, layer.recurrent_dropout) == (0.2, 0.3)
    assert layer.recurrent_activation is minikeras.activations.hard_sigmoid
    assert isinstance(layer.kernel_initializer, initializers.Zeros)
    assert isinstance(layer.recurrent_initializer, initializers.Ones)
    assert isinstance(layer.kernel_regularizer, minikeras.regularizers.L2)
    assert isinstance(layer.recurrent_regularizer, minikeras.regularizers.L1)
    with pytest.warns(LegacyWarning):
        layer = layers.ConvLSTM2D(4, 3, 3, border_mode="same", input_shape=(None, 6, 6, 1), return_sequences=True)
    assert (layer.kernel_size, layer.strides) == ((3, 3), (1, 1))
    assert Sequential([layer]).output_shape == (None, None, 6, 6, 4)
    with pytest.raises(ArgumentTypeError, match="`nb_row` needs `nb_col`"):
        layers.ConvLSTM2D(4, nb_row=3)


def test_in_other_layers(tmp_path):
    """The next frames of moving squares, as in the example of Keras, with the wrappers around recurrent layers."""
    model = Sequential(
        [
            layers.Input((None, 6, 6, 1)),
            layers.Bidirectional(layers.ConvLSTM2D(2, 3, padding="same", return_sequences=True)),
            layers.BatchNormalization(),
            layers.ConvLSTM2D(2, 3, padding="same", return_sequences=True),
            layers.TimeDistributed(layers.Conv2D(1, 1, activation="sigmoid")),
        ]
    )
    assert model.output_shape == (None, None, 6, 6, 1)
    x = (RNG.random((4, 5, 6, 6, 1)) > 0.7).astype("float32")
    model.compile("adam", "binary_crossentropy")
    losses = model.fit(x[:, :-1], x[:, 1:], epochs=5, batch_size=2, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    expected = model.predict(x, verbose=0)
    for name in ("model.keras", "model.h5"):
        model.save(tmp_path / name)
        np.testing.assert_array_equal(saving.load_model(tmp_path / name).predict(x, verbose=0), expected)
