"""Losses next to those of Keras: every public name, values, gradients, types, weights, masks, spellings, configs."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras._tf_keras.keras import losses as legacy  # the names of Keras 2, for `tf.keras`
from keras.src.losses import ALL_OBJECTS_DICT  # what strings stand for; not public in Keras
from keras.src.losses.losses import LossFunctionWrapper as KerasWrapper

import minikeras
from minikeras import losses, ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.masks import set_mask
from minikeras.engine.naming import reset_names
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.losses.reduction import squeeze_or_expand_to_same_rank
from minikeras.losses.wrapper import LossFunctionWrapper
from tests.losses.cases import FUNCTION_OF, KINDS, SHAPES, data, fits

# Everything below is about what the reference lists, so that a name minikeras lacks fails.
PUBLIC = [name for name in dir(keras.losses) if not name.startswith("_")]
CLASSES = [name for name in PUBLIC if name[0].isupper() and name != "Loss"]
FUNCTIONS = [name for name in PUBLIC if name.islower() and name not in ("deserialize", "get", "serialize")]
REDUCTIONS = ["sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None]
CASES = [
    (name, options, shape)
    for name in FUNCTIONS
    for options in KINDS[name].options
    for shape in SHAPES
    if fits(name, shape)
]
every_case = pytest.mark.parametrize(("name", "options", "shape"), CASES, ids=[f"{a}-{b}-{c}" for a, b, c in CASES])
every_class = pytest.mark.parametrize("cls", CLASSES)
every_function = pytest.mark.parametrize("name", FUNCTIONS)
# Both sides add in another order; in float16, some of Keras's kernels add in float32. In float64 Keras takes epsilon,
# ln 2 and all of CTC in float32.
BOUNDS = {"float16": 1e-2, "float32": 5e-6, "float64": 1e-6}


def class_of(name):
    return next(cls for cls, function in FUNCTION_OF.items() if function == name)


def pair(cls, **options):
    return getattr(losses, cls)(**options), getattr(keras.losses, cls)(**options)


def functions(name, options):
    options = {**KINDS[name].needed, **options}
    return [
        lambda y_true, y_pred, module=module: getattr(module, name)(y_true, y_pred, **options)
        for module in (losses, keras.losses)
    ]


def same(ours, theirs, bound=BOUNDS["float32"], **tolerance):
    theirs = keras.ops.convert_to_numpy(theirs)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_allclose(ours, theirs, **{"rtol": bound, "atol": bound, **tolerance})


def theirs_of(y_true, y_pred):
    """The data as Keras's functions want them: some look for the shape of a tensor."""
    return tf.constant(y_true), tf.constant(y_pred)


def test_names():
    assert losses.__all__ == PUBLIC
    assert sorted(FUNCTION_OF) == CLASSES and sorted(KINDS) == FUNCTIONS


@pytest.mark.parametrize("name", PUBLIC)
def test_arguments(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (losses, keras.losses))
    described = [[(each.name, each.default) for each in side.parameters.values()] for side in (ours, theirs)]
    assert described[0] == described[1]


@every_case
@pytest.mark.parametrize("dtype", BOUNDS)
def test_functions(name, options, shape, dtype):
    ours, theirs = functions(name, options)
    y_true, y_pred = data(name, options, shape, dtype)
    expected = theirs(*theirs_of(y_true, y_pred))
    if dtype == "float16" and isinstance(options.get("alpha"), list):
        expected = keras.ops.cast(expected, dtype)  # a list makes Keras compute in float32
    same(ours(y_true, y_pred), expected, bound=BOUNDS[dtype])


@every_case
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_classes(name, options, shape, reduction):
    y_true, y_pred = data(name, options, shape)
    ours, theirs = pair(class_of(name), reduction=reduction, **options)
    same(ours(y_true, y_pred), theirs(y_true, y_pred))


@every_case
@pytest.mark.parametrize("dtype", BOUNDS)
@pytest.mark.parametrize("given", ["float32", "float64"])
def test_dtypes(name, options, shape, dtype, given):
    y_true, y_pred = data(name, options, shape, given)
    ours, theirs = pair(class_of(name), dtype=dtype, **options)
    assert ours.dtype == theirs.dtype
    same(ours(y_true, y_pred), theirs(y_true, y_pred), bound=BOUNDS[dtype])


def weights_for(values, seed=1):
    """Weights of several shapes that broadcast with losses of a shape."""
    shape = values.shape
    weights = np.random.default_rng(seed).uniform(0.1, 2, size=shape)
    some = [weights, np.float32(0.5), np.zeros(shape), weights.astype("float32")]
    return [*some, weights[..., None], weights[:1], (weights > 1).astype("int32")] if shape else some


@every_case
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_sample_weights(name, options, shape, reduction):
    y_true, y_pred = data(name, options, shape)
    ours, theirs = pair(class_of(name), reduction=reduction, **options)
    values = functions(name, options)[0](y_true, y_pred)
    for weight in weights_for(values):
        same(ours(y_true, y_pred, weight), theirs(y_true, y_pred, weight))


def masked(y_pred, mask):
    """Predictions that carry a mask, for minikeras and for Keras."""
    ours, theirs = y_pred.copy(), tf.constant(y_pred)
    set_mask(ours, mask)
    theirs._keras_mask = tf.constant(mask)
    return ours, theirs


@every_case
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_masks(name, options, shape, reduction):
    y_true, y_pred = data(name, options, shape)
    ours, theirs = pair(class_of(name), reduction=reduction, **options)
    values = functions(name, options)[0](y_true, y_pred)
    some = np.random.default_rng(2).random(values.shape) < 0.6
    for mask in (some, np.zeros(values.shape, "bool"), np.ones(values.shape, "bool")):
        our_pred, their_pred = masked(y_pred, mask)
        same(ours(y_true, our_pred), theirs(y_true, their_pred))
        weight = weights_for(values)[3]
        same(ours(y_true, our_pred, weight), theirs(y_true, their_pred, weight))


@every_case
def test_gradients(name, options, shape):
    y_true, y_pred = data(name, options, shape)
    ours, theirs = pair(class_of(name), **options)
    weight = weights_for(functions(name, options)[0](y_true, y_pred))[3]
    same(*both_gradients(ours, theirs, y_true, y_pred, weight), rtol=1e-4, atol=1e-5)


def both_gradients(ours, theirs, y_true, y_pred, weight=None):
    with Trace() as trace:
        source = Tensor(y_pred, trace)
        value = ours(y_true, source, weight) if weight is not None else ours(y_true, source)
        result = gradients(value, [source])[0] if isinstance(value, Tensor) else None
    labels, source = theirs_of(y_true, y_pred)
    with tf.GradientTape() as tape:
        tape.watch(source)
        value = theirs(labels, source, weight) if weight is not None else theirs(labels, source)
    expected = tape.gradient(value, source)
    result = np.zeros_like(y_pred) if result is None else np.asarray(getattr(result, "array", result))
    return result, np.zeros_like(y_pred) if expected is None else tf.convert_to_tensor(expected)


HALF = np.full((5, 4), 0.5, "float32")
FAR = np.float32([[1e4, 0, -1e4, 1], [-1e4, 1e4, 0, 0], [0, 0, 0, 0], [1e4] * 4, [-1, 1, -1, 1]])
SURE = np.float32([[1, 0, 0, 0], [0, 1, 0, 0], [0.25] * 4, [0, 0, 0.5, 0.5], [0, 0, 0, 1]])
HOT = np.eye(4, dtype="float32")[[0, 0, 1, 3, 2]]
NUMBERS = np.array([0, 0, 1, 3, 2])
VECTORS = np.float32([[1, 0], [1, 0], [-1, 0], [0.6, 0.8], [0, 0]])
NEAR = np.float32([[1e4, 1, 1e4, 0], [0, 0, 0, 1e-9], [0, 1, -1, 1], [1e4 - 1] * 4, [-1, 1.5, -3, 0.5]])
# Zeros, ties, corners, saturation, and 1e4.
AWKWARD = {
    "binary_crossentropy": [(HOT, SURE, {}), (HOT, FAR, {"from_logits": True})],
    "binary_focal_crossentropy": [(HOT, SURE, {}), (HOT, FAR, {"from_logits": True}), (HOT, SURE, {"gamma": 1.0})],
    "categorical_crossentropy": [(HOT, SURE, {}), (HOT, FAR, {"from_logits": True})],
    "categorical_focal_crossentropy": [(HOT, SURE, {}), (HOT, FAR, {"from_logits": True})],
    "categorical_generalized_cross_entropy": [(NUMBERS, SURE[[0, 0, 2, 3, 3]], {})],
    "categorical_hinge": [(HOT, FAR, {}), (HOT, HOT, {}), (HOT, HALF, {})],
    "circle": [(NUMBERS, VECTORS, {}), (NUMBERS * 0, VECTORS, {}), (NUMBERS[[0, 2, 3]], VECTORS[:3], {})],
    "cosine_similarity": [(FAR, NEAR, {}), (NEAR, FAR, {}), (HOT, SURE, {"axis": 0})],
    "ctc": [(NUMBERS[:, None], np.stack([FAR / 100] * 5), {}), (NUMBERS[:, None] * 0, np.stack([FAR] * 5), {})],
    "dice": [(HOT, SURE, {}), (HOT * 0, SURE * 0, {}), (HOT, SURE, {"axis": 0})],
    "hinge": [(2 * HOT - 1, FAR, {}), (HOT, 2 * HOT - 1, {}), (HOT, SURE, {}), (NEAR, FAR, {})],
    "huber": [(NEAR, FAR, {}), (HOT, HOT, {}), (HOT, HOT + 1, {}), (NEAR, FAR, {"delta": 1e4})],
    "kl_divergence": [(HOT, SURE, {}), (SURE, HOT, {}), (HOT * 2, FAR, {})],
    "log_cosh": [(NEAR, FAR, {}), (HOT, HOT, {})],
    "mean_absolute_error": [(NEAR, FAR, {}), (HOT, HOT, {})],
    "mean_absolute_percentage_error": [(NEAR, FAR, {}), (HOT, HOT, {}), (HOT * 0, SURE, {})],
    "mean_squared_error": [(NEAR, FAR, {}), (HOT, HOT, {})],
    "mean_squared_logarithmic_error": [(NEAR, FAR, {}), (HOT, HOT, {}), (HOT, HALF * 2e-7, {})],
    "poisson": [(HOT, SURE, {}), (HOT, np.abs(FAR), {})],
    "sparse_categorical_crossentropy": [
        (NUMBERS, SURE, {}),
        (NUMBERS, FAR, {"from_logits": True}),
        (NUMBERS, SURE, {"ignore_class": 0}),
        (NUMBERS * 0, SURE, {"ignore_class": 0}),
    ],
    "squared_hinge": [(2 * HOT - 1, FAR, {}), (HOT, 2 * HOT - 1, {}), (NEAR, FAR, {})],
    "tversky": [(HOT, SURE, {}), (HOT * 0, SURE * 0, {}), (HOT, SURE, {"axis": 0})],
}
EACH_AWKWARD = [(name, number) for name in FUNCTIONS for number in range(len(AWKWARD[name]))]


@pytest.mark.parametrize(("name", "number"), EACH_AWKWARD)
def test_awkward_points(name, number):
    """Values and gradients, in which there is no NaN where Keras has none."""
    y_true, y_pred, options = AWKWARD[name][number]
    ours, theirs = functions(name, options)
    expected = theirs(*theirs_of(y_true, y_pred)).numpy()
    scale = max(1.0, float(np.abs(expected[np.isfinite(expected)]).max(initial=0)))
    same(ours(y_true, y_pred), expected, atol=5e-6 * scale)
    received, expected = both_gradients(ours, theirs, y_true, y_pred)
    expected = expected.numpy() if hasattr(expected, "numpy") else expected
    known = ~np.isnan(expected)
    scale = max(1.0, float(np.abs(expected[known & np.isfinite(expected)]).max(initial=0)))
    np.testing.assert_allclose(received[known], expected[known], rtol=2e-5, atol=2e-6 * scale)
    assert not np.isnan(received).any()


def test_where_keras_has_nan():
    """Gradients that are NaN in Keras and a number here: see `test_awkward_points` for the rest."""
    sure = [(HOT, SURE, {"gamma": 0.0}), "binary_focal_crossentropy"]
    root = [(NUMBERS, SURE, {}), "categorical_generalized_cross_entropy"]
    for (y_true, y_pred, options), name in (sure, root):
        received, expected = both_gradients(*functions(name, options), y_true, y_pred)
        assert np.isnan(expected.numpy()).any() and not np.isnan(received).any()


@every_class
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_no_examples(cls, reduction):
    name = FUNCTION_OF[cls]
    y_true, y_pred = (each[:0] for each in data(name, {}))
    ours, theirs = pair(cls, reduction=reduction)
    if name in ("ctc", "categorical_hinge"):
        with pytest.raises(tf.errors.InvalidArgumentError):
            theirs(y_true, y_pred)
        assert ours(y_true, y_pred).shape == (0,)
        return
    same(ours(y_true, y_pred), theirs(y_true, y_pred))
    same(*both_gradients(ours, theirs, y_true, y_pred))


@pytest.mark.parametrize(
    ("name", "activation"),
    [
        ("CategoricalCrossentropy", "softmax"),
        ("SparseCategoricalCrossentropy", "softmax"),
        ("BinaryCrossentropy", "sigmoid"),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 50.0])
def test_a_step_from_scores(name, activation, scale):
    """With scores of 50 the activation rounds to 0 and 1, so this needs the scores behind it, as in a graph of TF."""
    ours, theirs = pair(name)
    ours_activation, theirs_activation = getattr(ops, activation), getattr(keras.activations, activation)

    def traced(inputs):
        value = ours(inputs[0], ours_activation(inputs[1]))
        return value, gradients(value, [inputs[1]])[0]

    @tf.function
    def graph(labels, scores):
        with tf.GradientTape() as tape:
            tape.watch(scores)
            value = theirs(labels, theirs_activation(scores))
        return value, tape.gradient(value, scores)

    step = Step(traced, name="step")
    for seed in range(3):  # traced once, then replayed
        y_true, scores = data(FUNCTION_OF[name], {"from_logits": True}, (8, 5), seed=seed)
        scores *= np.float32(scale)
        expected = graph(tf.constant(y_true), tf.constant(scores))
        result = step((y_true, scores))
        same(result[0], expected[0], rtol=1e-5)
        same(result[1], expected[1], rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("first", "second"), [((5,), (5, 1)), ((5, 2), (5, 2, 1)), ((1,), ()), ((5,), (5, 2)), ((5, 1, 1), (5,))]
)
def test_same_rank(first, second):
    from keras.src.losses.loss import squeeze_or_expand_to_same_rank as theirs

    for shapes in ((first, second), (second, first)):
        values = [np.zeros(shape, "float32") for shape in shapes]
        expected = [tuple(value.shape) for value in theirs(*values)]
        assert [value.shape for value in squeeze_or_expand_to_same_rank(*values)] == expected


@pytest.mark.parametrize(("labels", "outputs"), [((5,), (5, 1)), ((5, 1), (5, 1)), ((5, 3), (5, 3, 1))])
def test_ranks_of_binary(labels, outputs):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(0, 2, size=labels), rng.uniform(size=outputs).astype("float32")
    ours, theirs = pair("BinaryCrossentropy")
    same(ours(y_true, y_pred), theirs(y_true, y_pred), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32"])
def test_labels_with_an_axis_more(dtype):
    y_true, y_pred = data("sparse_categorical_crossentropy", {}, (5, 4))
    ours, theirs = pair("SparseCategoricalCrossentropy")
    labels = y_true[:, None].astype(dtype)
    same(ours(labels, y_pred), theirs(labels, y_pred), rtol=1e-6)


FITTED = [((5,), (5, 1)), ((5, 1), (5,)), ((5, 3), (5, 3, 1)), ((5, 3, 1), (5, 3))]
BROADCAST = [((5, 1), (5, 3)), ((5, 3), (5, 1)), ((5, 3, 1), (5, 1))]
BY_THE_SAME_RANK = [name for name in FUNCTIONS if KINDS[name].labels in ("scores", "unit", "counts")]


@pytest.mark.parametrize(("labels", "outputs"), FITTED)
@pytest.mark.parametrize("name", BY_THE_SAME_RANK)
def test_ranks_of_regression(name, labels, outputs):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.uniform(0.1, 1, size=labels), rng.uniform(0.1, 1, size=outputs).astype("float32")
    ours, theirs = pair(class_of(name))
    same(ours(y_true, y_pred), theirs(y_true, y_pred))
    ours, theirs = functions(name, {})
    if name == "poisson" and len(labels) != len(outputs):
        # This function of Keras does not give both the same rank: it broadcasts, or fails.
        y_true = y_true.reshape(outputs)
    same(ours(y_true, y_pred), theirs(*theirs_of(y_true.astype("float32"), y_pred)))


@pytest.mark.parametrize("name", BY_THE_SAME_RANK)
def test_labels_that_keras_broadcasts_are_refused(name):
    for labels, outputs in BROADCAST:
        y_true, y_pred = np.full(labels, 0.5, "float32"), np.full(outputs, 0.25, "float32")
        ours, theirs = pair(class_of(name))
        assert theirs(y_true, y_pred).shape == ()
        with pytest.raises(ValueError, match="the labels have shape .* do not fit together"):
            ours(y_true, y_pred)


def test_references_of_circle():
    labels, vectors = data("circle", {})
    for options in ({}, {"remove_diagonal": False}, {"gamma": 2, "margin": 0.1}):
        arguments = (labels[:3], vectors[:3], labels, vectors)
        same(losses.circle(*arguments, **options), keras.losses.circle(*arguments, **options))
        same(losses.circle(*arguments[:2], **options), keras.losses.circle(*arguments[:2], **options))


def test_class_numbers_with_an_axis_more():
    """Keras compares each example with every label then; here the axis is dropped, as by the sparse crossentropy."""
    y_true, y_pred = data("categorical_generalized_cross_entropy", {})
    ours, theirs = functions("categorical_generalized_cross_entropy", {})
    assert theirs(*theirs_of(y_true[:, None], y_pred)).shape == (5, 5)
    np.testing.assert_array_equal(ours(y_true[:, None], y_pred), ours(y_true, y_pred))


@every_class
def test_configs_and_names(cls):
    keras.utils.clear_session(free_memory=False)
    reset_names()
    name = FUNCTION_OF[cls]
    lost = {"CosineSimilarity": "axis", "Huber": "delta", "SparseCategoricalCrossentropy": "axis"}.get(cls)
    for options in [*KINDS[name].options, {"name": "own", "reduction": "sum"}, {"name": None}]:
        ours, theirs = pair(cls, **options)
        expected, received = theirs.get_config(), ours.get_config()
        if lost in options and lost not in expected:
            # Keras loses these arguments. Here only their defaults are left out; Keras reads such a config.
            assert received.pop(lost, -1) == options[lost]
        assert received == expected and list(received) == list(expected)
        assert (ours.name, ours.reduction, ours.dtype) == (theirs.name, theirs.reduction, theirs.dtype)
        written = keras.losses.serialize(theirs)
        assert {**losses.serialize(ours), "config": received} == written
        assert keras.losses.serialize(type(theirs).from_config(ours.get_config())) == written
        for again in (losses.deserialize(written), losses.get(written), type(ours).from_config(expected)):
            assert again.get_config() == type(ours)(**expected).get_config() and type(again) is type(ours)


@every_function
def test_functions_as_losses(name):
    ours, theirs = LossFunctionWrapper(getattr(losses, name)), KerasWrapper(getattr(keras.losses, name))
    assert losses.serialize(ours.fn) == keras.losses.serialize(theirs.fn)
    expected = theirs.get_config()
    assert {**ours.get_config(), "name": None} == {**expected, "name": None}
    if name in ALL_OBJECTS_DICT:
        assert losses.deserialize(keras.losses.serialize(theirs.fn)) is ours.fn


@pytest.mark.parametrize("identifier", sorted({*ALL_OBJECTS_DICT, *PUBLIC}))
def test_spellings(identifier):
    if identifier in ("LossFunctionWrapper", "get", "serialize", "deserialize"):
        return  # of no use without a function; no losses
    ours = losses.get(identifier)
    if identifier not in ALL_OBJECTS_DICT:  # Keras has forgotten to enter these two
        assert identifier in ("CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy")
        with pytest.raises(ValueError):
            keras.losses.get(identifier)
        assert getattr(ours, "__name__", type(ours).__name__) == identifier
        return
    theirs = keras.losses.get(identifier)
    assert callable(ours)
    assert getattr(ours, "__name__", type(ours)) == getattr(theirs, "__name__", None) or (
        type(ours).__name__ == type(theirs).__name__ and ours.get_config() == theirs.get_config()
    )


def trained(k, loss, y, shape, activation):
    """The losses and weights of a few steps, from the same start."""
    model = k.Sequential([k.layers.Input(shape[1:]), k.layers.Dense(4, activation=activation)])
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(size=weight.shape).astype("float32") * 0.3 for weight in model.get_weights()])
    model.compile(k.optimizers.SGD(0.01), loss=loss)
    history = model.fit(rng.normal(size=shape).astype("float32"), y, batch_size=4, epochs=2, verbose=0, shuffle=False)
    return [np.array(history.history["loss"]), *model.get_weights()]


@pytest.mark.parametrize("identifier", [*FUNCTIONS, *CLASSES])
def test_training_by_string(identifier):
    if identifier in ("categorical_generalized_cross_entropy", "CategoricalGeneralizedCrossEntropy"):
        return  # Keras does not know the strings, and the function needs `q`
    name = FUNCTION_OF.get(identifier, identifier)
    y = data(name, {}, (8, 4))[0]
    shape = (8, 6, 3) if name == "ctc" else (8, 3)
    activation = {"probabilities": "softmax", "unit": "sigmoid"}.get(KINDS[name].predictions)
    ours, theirs = (trained(k, identifier, y, shape, activation) for k in (minikeras, keras))
    for first, second in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(first, second, rtol=2e-5, atol=1e-6)


KERAS_2 = ["logcosh", "kullback_leibler_divergence", "huber_loss", "cosine_proximity"]


@pytest.mark.parametrize("name", KERAS_2)
def test_strings_of_keras_2_are_taken_with_a_warning(name):
    with pytest.raises(ValueError):
        keras.losses.get(name)
    with pytest.warns(DeprecationWarning, match=name):
        assert callable(losses.get(name))


OLD_ATTRIBUTES = sorted(set(dir(legacy)) - set(dir(keras.losses)))


def test_there_are_old_attributes():
    assert {"MSE", "kullback_leibler_divergence", "logcosh", "Reduction"} <= set(OLD_ATTRIBUTES)


@pytest.mark.parametrize("name", OLD_ATTRIBUTES)
def test_attributes_of_keras_2_are_taken_with_a_warning(name):
    with pytest.warns(DeprecationWarning, match=name):
        ours = getattr(losses, name)
    theirs = getattr(legacy, name)
    assert ours.__name__ == theirs.__name__
    if name == "Reduction":
        for constant in ("AUTO", "NONE", "SUM", "SUM_OVER_BATCH_SIZE"):
            assert getattr(ours, constant) == getattr(theirs, constant)


@pytest.mark.parametrize(
    ("name", "labels", "outputs"),
    [
        ("mean_squared_error", (5, 2), (5, 3)),
        ("huber", (5, 2), (5, 3)),
        ("hinge", (5, 2), (5, 3)),
        ("dice", (5, 2), (5, 3)),
        ("kl_divergence", (5, 2), (5, 3)),
        ("cosine_similarity", (4,), (5, 3)),
        ("categorical_crossentropy", (5,), (5, 4)),
        ("categorical_crossentropy", (5, 1), (5, 4)),
        ("sparse_categorical_crossentropy", (5, 4), (5, 4)),
        ("sparse_categorical_crossentropy", (4,), (5, 4)),
        ("binary_crossentropy", (5, 2), (5, 3)),
        ("binary_focal_crossentropy", (5, 2), (5, 3)),
        ("ctc", (5,), (5, 3, 2)),
        ("ctc", (5, 2), (5, 3)),
        ("ctc", (4, 2), (5, 3, 2)),
    ],
)
def test_what_keras_refuses(name, labels, outputs):
    y_true, y_pred = np.zeros(labels, "float32"), np.full(outputs, 0.25, "float32")
    ours, theirs = pair(class_of(name))
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        theirs(y_true, y_pred)
    with pytest.raises(ValueError, match="Received|fit together"):
        ours(y_true, y_pred)


@pytest.mark.parametrize("q", [0, 1, -1.0, 2])
def test_q_that_keras_refuses(q):
    for module in (losses, keras.losses):
        with pytest.raises(ValueError, match="q"):
            module.CategoricalGeneralizedCrossEntropy(q=q)


@pytest.mark.parametrize("identifier", ["mean_cubed_error", 3, "Mse", {"class_name": "MeanCubedError", "config": {}}])
def test_identifiers_that_keras_refuses(identifier):
    with pytest.raises((ValueError, TypeError)):
        keras.losses.get(identifier)
    with pytest.raises((ValueError, TypeError)):
        losses.get(identifier)
