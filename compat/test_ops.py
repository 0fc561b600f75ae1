"""Every op next to `keras.ops` on TensorFlow: values, types of results, shape rules, gradients."""

import inspect
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from minikeras import ops
from minikeras.engine import dtypes, tree
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.graph.keras_tensor import KerasTensor
from tests.ops.cases import CASES, DIFFERENT_ON_TENSORFLOW, each_case

# TensorFlow has no `vectorize`: see tests/ops/control_flow/test_vectorization.py.
ALL = [case for case in each_case() if case[1] != "vectorize"]
every_case = pytest.mark.parametrize(("function", "values"), [case[2:] for case in ALL], ids=[case[0] for case in ALL])

# What Keras's own symbolic calls get wrong.
WRONG_IN_KERAS = [
    CASES["categorical_crossentropy"][2][0],  # its shape rule always leaves out the last axis
    CASES["lu_factor"][0][0],  # the dtype of the pivots
    CASES["conv"][3][0],  # groups, which it computes with arrays
    *[case[0] for name in ("adaptive_average_pool", "adaptive_max_pool") for case in CASES[name]],  # another rank
    *[case[0] for case in CASES["multi_hot"]],  # the dtype of the indices
    *[CASES[name][0][0] for name in ("angle", "conj", "imag", "real", "view_as_complex", "view_as_real")],  # the dtype
]

MIXED = ("bool", "uint8", "int32", "int64", "float16", "float32", "float64")
NUMBERS = (True, 2, 2.5)
TOLERANCE = {"float16": 4e-3, "float32": 2e-6, "float64": 1e-12}

ONE = (
    "abs absolute all amax amin angle any arccos arccosh arcsin arcsinh arctan arctanh argmax argmin argsort array "
    "average bitwise_invert bitwise_not cbrt ceil celu conj conjugate copy cos cosh count_nonzero cumprod cumsum "
    "deg2rad elu empty_like erf erfc erfinv exp exp2 expm1 fabs flip floor gelu hard_shrink hard_sigmoid hard_silu "
    "hard_swish hard_tanh i0 isfinite isinf isnan isneginf isposinf isreal leaky_relu log log10 log1p log2 "
    "log_sigmoid log_softmax logical_not logsumexp max mean median min nan_to_num nanargmax nanargmin nancumprod "
    "nancumsum nanmax nanmean nanmedian nanmin nanprod nanstd nansum nanvar negative norm normalize ones_like prod "
    "ptp rad2deg ravel real reciprocal relu relu6 round rsqrt selu sigmoid sign signbit silu sin sinc sinh softmax "
    "softplus softsign sort sparse_sigmoid sparsemax sqrt square squareplus squeeze std sum swish tan tanh "
    "tanh_shrink transpose trunc var zeros_like"
).split()
TWO = (
    "add allclose arctan2 bitwise_and bitwise_or bitwise_xor divide divide_no_nan equal floor_divide fmax fmin fmod "
    "gcd greater greater_equal heaviside hypot isclose lcm less less_equal logaddexp logaddexp2 logical_and "
    "logical_or logical_xor maximum minimum mod multiply nextafter not_equal power subtract true_divide"
).split()
OF_INTEGERS = ("bitwise_and", "bitwise_or", "bitwise_xor", "gcd", "lcm")
OTHER = (
    "adaptive_average_pool adaptive_max_pool append arange argpartition array_split associative_scan average_pool "
    "bartlett batch_normalization binary_crossentropy bincount bitwise_left_shift bitwise_right_shift blackman "
    "broadcast_to cast categorical_crossentropy cdist cholesky cholesky_inverse clip concatenate cond conv "
    "conv_transpose convert_to_numpy convert_to_tensor corrcoef correlate cross ctc_decode ctc_loss "
    "custom_gradient depth_to_space depthwise_conv det diag diagflat diagonal diff digitize dot "
    "dot_product_attention dsplit dstack dtype eig eigh einsum empty expand_dims extract_sequences eye fft fft2 "
    "fliplr flipud fold fori_loop full full_like geomspace get_item glu hamming hanning histogram hsplit hstack "
    "identity ifft2 imag in_top_k inner inv irfft is_tensor isin istft jvp kaiser kron layer_normalization ldexp "
    "left_shift linspace logdet logspace lstsq lu_factor map matmul matrix_rank max_pool meshgrid moments moveaxis "
    "multi_hot nanpercentile nanquantile ndim nonzero one_hot ones outer pad percentile pinv polar psnr qr "
    "quantile rearrange repeat reshape rfft right_shift rms_normalization roll rot90 saturate_cast scan scatter "
    "scatter_update searchsorted segment_max segment_min segment_prod segment_sum select separable_conv shape size "
    "slice slice_update slogdet soft_shrink solve solve_triangular space_to_depth sparse_categorical_crossentropy "
    "sparse_plus split stack stft stop_gradient svd swapaxes switch take take_along_axis tensordot threshold tile "
    "top_k trace trapezoid tri tril triu unfold unique unravel_index unstack vander vdot vectorize vectorized_map "
    "view view_as_complex view_as_real vsplit vstack where while_loop zeros"
).split()

# TensorFlow has no kernels for these types here; minikeras computes.
REFUSED_BY_KERAS = (
    *(tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, tf.errors.NotFoundError),
    *(TypeError, ValueError, AttributeError),
)


def assert_same(ours, theirs, bound=None):
    ours, theirs = tree.flatten(ours), tree.flatten(theirs)
    for first, second in zip(ours, theirs, strict=True):
        second = keras.ops.convert_to_numpy(second)
        assert (first.dtype, first.shape) == (second.dtype, second.shape)
        allowed = TOLERANCE.get(first.dtype.name, 0) if bound is None else bound
        np.testing.assert_allclose(first, second, rtol=allowed, atol=allowed, equal_nan=True)


def make(dtype, seed, shape=(4, 3), low=-3.0):
    values = np.random.default_rng(seed).uniform(0.0 if dtype.startswith("u") else low, 3.0, shape)
    return values > 0 if dtype == "bool" else values.astype(dtype)


OFFERED = [name for name in ops.__all__ if callable(getattr(ops, name))]


def test_every_op_is_compared():
    assert sorted([*ONE, *TWO, *OTHER]) == OFFERED


def test_every_op_is_one_of_keras():
    assert [name for name in ops.__all__ if not hasattr(keras.ops, name)] == []


def test_linear_algebra_is_that_of_keras():
    assert set(ops.linalg.__all__) <= set(dir(keras.ops.linalg))
    assert [name for name in ops.linalg.__all__ if getattr(ops.linalg, name) is not getattr(ops, name)] == []


def test_arguments_are_named_as_in_keras():
    different = {}
    for name in OFFERED:
        ours = inspect.signature(getattr(ops, name)).parameters
        theirs = inspect.signature(getattr(keras.ops, name)).parameters
        named = [(each.name, each.default, each.kind) for each in theirs.values()]
        if [(each.name, each.default, each.kind) for each in ours.values()] != named:
            different[name] = (list(map(str, ours.values())), list(map(str, theirs.values())))
    assert different == {}


SAME = [case for case in ALL if case[0] not in DIFFERENT_ON_TENSORFLOW]


@pytest.mark.parametrize(("function", "values"), [case[2:] for case in SAME], ids=[case[0] for case in SAME])
def test_values(function, values):
    rng = np.random.default_rng(0)
    arrays = [value.make(rng) for value in values]
    assert_same(function(ops, *arrays), function(keras.ops, *map(keras.ops.convert_to_tensor, arrays)))


@every_case
def test_symbolic(function, values):
    if not values or function in WRONG_IN_KERAS:
        return
    ours = tree.flatten(function(ops, *[KerasTensor(value.size(None), value.dtype) for value in values]))
    theirs = function(keras.ops, *[keras.KerasTensor(value.size(None), value.dtype) for value in values])
    for first, second in zip(ours, tree.flatten(theirs), strict=True):
        assert (first.shape, first.dtype) == (second.shape, second.dtype)


@pytest.mark.parametrize("name", ONE)
def test_types_of_one_value(name):
    compared = 0
    for value in [*(make(dtype, 0) for dtype in MIXED), True, 3, 2.5, [1, 2], [1.5, 2.5], [True, False]]:
        try:
            theirs = getattr(keras.ops, name)(value)
        except REFUSED_BY_KERAS:
            continue
        rounded = name in ("gelu", "leaky_relu") and getattr(value, "dtype", None) == "float64"
        assert_same(getattr(ops, name)(value), theirs, bound=1e-6 if rounded else None)  # constants in float32
        compared += 1
    assert compared >= 3


@pytest.mark.parametrize("name", TWO)
def test_types_of_two_values(name):
    compared = 0
    numbers = () if name in OF_INTEGERS else NUMBERS  # weakly typed on JAX, and here, but not on TensorFlow
    seconds = [*(make(dtype, 1, low=1.0) for dtype in MIXED), *numbers]
    firsts = [*(make(dtype, 0) for dtype in MIXED), *numbers]
    for first, second in itertools.product(firsts, seconds):
        if np.any(np.asarray(second) == 0) and name in ("floor_divide", "mod", "power"):
            second = second + 1
        try:
            theirs = getattr(keras.ops, name)(first, second)
        except REFUSED_BY_KERAS:
            continue
        rounded = name == "logaddexp2" and theirs.dtype == tf.float64
        assert_same(getattr(ops, name)(first, second), theirs, bound=1e-8 if rounded else None)  # constants in float32
        compared += 1
    assert compared >= (9 if name in OF_INTEGERS else 61)


@pytest.mark.parametrize("pair", list(itertools.product(MIXED, repeat=2)), ids="-".join)
def test_types_of_several_values(pair):
    first, second = make(pair[0], 0), make(pair[1], 1)
    flags = make("bool", 2)
    for function in (
        lambda k: k.concatenate([first, second]),
        lambda k: k.stack([first, second], axis=1),
        lambda k: k.where(flags, first, second),
        lambda k: k.where(flags, first, 2),
        lambda k: k.where(flags, 2.5, second),
    ):
        assert_same(function(ops), function(keras.ops))
    if "bool" not in pair:
        assert_same(ops.matmul(first, second.T), keras.ops.matmul(first, second.T))
        assert_same(ops.clip(first, second[0, 0], 2), keras.ops.clip(first, second[0, 0], 2))


@pytest.mark.parametrize("dtype", MIXED)
def test_types_of_the_rest(dtype):
    x = make(dtype, 0)
    if dtype not in ("bool", "uint8"):  # TensorFlow has no ranges of these
        assert_same(ops.arange(3, dtype=dtype), keras.ops.arange(3, dtype=dtype))
    for function in (
        lambda k: [k.cast(x, other) for other in MIXED if not (dtype.startswith("f") and other == "uint8")],
        lambda k: [k.convert_to_tensor(x), k.convert_to_tensor(x, "float32"), k.convert_to_numpy(x)],
        lambda k: [k.broadcast_to(x, (2, 4, 3)), k.expand_dims(x, 1), k.moveaxis(x, 0, 1), k.reshape(x, (3, 4))],
        lambda k: [k.swapaxes(x, 0, 1), k.take(x, [1, 0], axis=0), k.get_item(x, 1), k.stop_gradient(x)],
        lambda k: k.take_along_axis(x, np.array([[2, -1], [0, 1], [0, 0], [1, 2]]), axis=1),
        lambda k: [k.full((2,), 3, dtype=dtype), k.ones((2,), dtype=dtype), k.zeros((2,), dtype=dtype)],
    ):
        assert_same(function(ops), function(keras.ops))
    if dtype != "bool":  # TensorFlow does not add or order booleans
        assert_same(list(ops.top_k(x, 2)), list(keras.ops.top_k(x, 2)))
        numbers = np.array([1, 0, 1, -1])
        assert_same(ops.segment_sum(x, numbers, 3), keras.ops.segment_sum(x, numbers, num_segments=3))
        for side in ("left", "right"):
            found, expected = (k.searchsorted(np.sort(x[0]), x[1], side=side) for k in (ops, keras.ops))
            assert_same(found, expected)
    assert ops.shape(x) == keras.ops.shape(x) and ops.is_tensor([1.0]) == keras.ops.is_tensor([1.0])


MORE = {
    "conv": lambda k, x: [k.conv(x[None], x[:2, :, None]), k.conv_transpose(x[None], x[:2, None])],
    "depthwise_conv": lambda k, x: k.depthwise_conv(x[None], x[:2, :, None]),
    "layer_normalization": lambda k, x: [k.layer_normalization(x), k.rms_normalization(x)],
    "max_pool": lambda k, x: k.max_pool(x[None], 2),
    "average_pool": lambda k, x: k.average_pool(x[None], 2),
    "space_to_depth": lambda k, x: [k.space_to_depth(x[None, :, :2, None], 2), k.unfold(x[None, None], 2)],
    "append": lambda k, x: [k.append(x, x), k.append(x, np.int32([[1, 2, 3]]), axis=0)],
    "array_split": lambda k, x: k.array_split(x, 3),
    "bincount": lambda k, x: k.bincount(np.int32([[0, 2, 2]] * 4), k.cast(x, x.dtype.name), minlength=4),
    "correlate": lambda k, x: [k.correlate(x[0], x[1], mode) for mode in ("valid", "same", "full")],
    "cross": lambda k, x: [k.cross(x, x[::-1]), k.cross(x, np.float32([1, 2, 3])), k.cross(x[:, :2], x)],
    "diag": lambda k, x: [k.diag(x), k.diag(x[0])],
    "diagflat": lambda k, x: [k.diagflat(x), k.nonzero(x), k.isin(x, np.int32([1, 2])), k.dsplit(x[None], 3)],
    "diagonal": lambda k, x: k.diagonal(x, 1),
    "diff": lambda k, x: [k.diff(x), k.diff(x, 2, axis=0)],
    "digitize": lambda k, x: k.digitize(x, [0.5, 1.5]),
    "dot": lambda k, x: [k.dot(x, x.T), k.dot(x, 2.5), k.dot(2, x), k.dot(x, np.int32([1, 2, 3]))],
    "dstack": lambda k, x: k.dstack([x, np.ones((4, 3), "int32")]),
    "einsum": lambda k, x: [k.einsum("ij,kj->ik", x, x), k.einsum("ij->j", x), k.einsum("ij,ij", x, np.float32(x))],
    "extract_sequences": lambda k, x: k.extract_sequences(x, 2, 1),
    "eye": lambda k, x: [k.eye(2, dtype=x.dtype.name), k.identity(2, dtype=x.dtype.name)],
    "fliplr": lambda k, x: [k.fliplr(x), k.flipud(x), k.rot90(x), k.roll(x, 1)],
    "full_like": lambda k, x: [k.full_like(x, 1.5), k.full_like(x, 2, dtype="float32")],
    "hsplit": lambda k, x: [*k.hsplit(x, 3), *k.vsplit(x, 2), *k.split(x, 2), *k.unstack(x, 4)],
    "hstack": lambda k, x: [k.hstack([x, np.ones((4, 1), "int32")]), k.vstack([x, np.ones((1, 3), "float32")])],
    "inner": lambda k, x: [k.inner(x, x), k.inner(x, np.float32([1, 2, 3])), k.vdot(x, x), k.outer(x, x[0])],
    "kron": lambda k, x: [k.kron(x, x), k.kron(x, np.float32([[1, 2]]))],
    "linspace": lambda k, x: [k.linspace(x[0], x[1], 4), k.linspace(0, 5, 6, dtype=x.dtype.name)],
    "logspace": lambda k, x: [k.logspace(x[0], x[1], 4), k.logspace(0, 3, 4, base=2, dtype="float32")],
    "meshgrid": lambda k, x: k.meshgrid(x[0], x[:, 1]),
    "nanquantile": lambda k, x: [k.nanquantile(x, 0.25), k.nanpercentile(x, [12.5, 75.0], axis=0)],
    "pad": lambda k, x: [k.pad(x, ((1, 0), (0, 2))), k.pad(x, ((1, 0), (0, 2)), "reflect")],
    "percentile": lambda k, x: [k.percentile(x, 25), k.percentile(x, [12.5, 75], axis=(0, 1))],
    "quantile": lambda k, x: [k.quantile(x, 0.25), k.quantile(x, [0.125, 0.75], axis=1, keepdims=True)],
    "rearrange": lambda k, x: k.rearrange(x, "a b -> (b a)"),
    "repeat": lambda k, x: [k.repeat(x, 2, axis=0), k.tile(x, (1, 2))],
    "scatter": lambda k, x: k.scatter(np.int32([[1], [0], [1], [1]]), x, (2, 3)),
    "scatter_update": lambda k, x: [
        k.scatter_update(x, np.int32([[1], [2]]), x[:2], reduction=r) for r in (None, "max")
    ],
    "segment_max": lambda k, x: [k.segment_max(x, np.int32([1, 0, 1, -1])), k.segment_min(x, np.int32([1, 0, 1, 2]))],
    "segment_prod": lambda k, x: k.segment_prod(x, np.int32([1, 2, 1, -1]), num_segments=4),
    "select": lambda k, x: k.select([x > 1, x > 0], [x, x[::-1]], default=x),
    "slice": lambda k, x: [k.slice(x, (1, 0), (2, 3)), k.slice_update(x, (1, 0), x[:1])],
    "tensordot": lambda k, x: [k.tensordot(x, x.T, axes=1), k.tensordot(x, np.float32(x))],
    "trace": lambda k, x: [k.trace(x), k.tril(x), k.triu(x, k=1), k.tri(3, dtype=x.dtype.name)],
    "trapezoid": lambda k, x: [k.trapezoid(x), k.trapezoid(x, np.int32([0, 1, 3])), k.trapezoid(x, axis=0)],
    "unique": lambda k, x: k.unique(x, return_index=True, return_inverse=True, return_counts=True),
    "vander": lambda k, x: [k.vander(x[0]), k.vander(x[0], 2, increasing=True)],
}


@pytest.mark.parametrize("name", MORE)
def test_types_of_more(name):
    compared = 0
    for dtype in MIXED:
        try:
            theirs = MORE[name](keras.ops, make(dtype, 0))
        except REFUSED_BY_KERAS:
            continue
        assert_same(MORE[name](ops, make(dtype, 0)), theirs)
        compared += 1
    assert compared >= 3


def test_types_of_python_values():
    for function in (
        lambda k: [k.arange(3), k.arange(3.0), k.arange(1, 3, 0.5), k.arange(np.int64(3))],
        lambda k: [k.full((2,), 3), k.full((2,), True), k.full((2,), 1.5), k.full((2,), np.float64(1.5))],
        lambda k: [k.convert_to_tensor(each) for each in (True, 1, 1.5, [1, 2], [1.5], [True], np.float64(1.5))],
        lambda k: [k.cast(True, "float32"), k.cast([1.9, -1.9], "int32"), k.cast(3, "bool")],
        lambda k: [k.where([True, False], 1, 2), k.where([True, False], 1, 2.5), k.where([1, 0], [1, 2], [3, 4])],
        lambda k: [k.stack([1.0, 2.0]), k.reshape([1, 2], (2, 1)), k.transpose([[1.5, 2.5]]), k.squeeze([[1]])],
        lambda k: [k.max([1, 3]), k.argmax([1, 3]), k.sum([1.5, 2]), k.mean([1, 2])],
    ):
        assert_same(function(ops), function(keras.ops))


def test_result_type():
    # Keras on TensorFlow turns uint64 into uint32, and complex128 into complex64; on JAX: see test_dtypes.py.
    names = [name for name in dtypes.ALLOWED if name not in ("uint64", *dtypes.COMPLEX)]
    for count in (1, 2):
        for operands in itertools.product([*names, bool, int, float], repeat=count):
            assert dtypes.result_type(*operands) == keras.backend.result_type(*operands), operands
    for operands in itertools.product(["int8", "uint32", "float16", "bool", int, float], repeat=3):
        assert dtypes.result_type(*operands) == keras.backend.result_type(*operands), operands
    for other in [name for name in names if not name.startswith("u") and name != "bool"]:
        assert dtypes.result_type("uint64", other) == keras.backend.result_type("uint64", other), other


AXES = [None, 0, 1, -1, (0, 1), (0, -1), (1, 2), (2, 0), (0, 1, 2), ()]


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "all", "any"])
@pytest.mark.parametrize("axis", AXES, ids=str)
@pytest.mark.parametrize("keepdims", [False, True])
def test_axes(name, axis, keepdims):
    x = make("bool" if name in ("all", "any") else "float32", 0, (2, 3, 4))
    assert_same(
        getattr(ops, name)(x, axis=axis, keepdims=keepdims), getattr(keras.ops, name)(x, axis=axis, keepdims=keepdims)
    )


SPECIAL = np.float32([-np.inf, -1e4, -100, -1.5, -1, -0.5, -1e-7, -0.0, 0.0, 1e-7, 0.5, 1, 1.5, 2.5, 100, 1e4, np.inf])

WITHOUT_NAN = ("argmax", "argmin", "argsort", "sort", "sparsemax")  # NaN has no place in an order


# Keras on TensorFlow replaces not only NaN in the last two, but infinities, too.
# The angle of -0.0 is pi in numpy and JAX, 0 in TensorFlow; its Bessel function is NaN at infinity.
OTHERWISE_IN_KERAS = ("softmax", "log_softmax", "nancumprod", "nancumsum", "angle", "i0")


@pytest.mark.parametrize("name", [name for name in ONE if name not in OTHERWISE_IN_KERAS])
def test_special_values(name):
    for value in (SPECIAL, *[np.float32([np.nan, 1.0])] * (name not in WITHOUT_NAN)):
        try:
            theirs = getattr(keras.ops, name)(value)
        except REFUSED_BY_KERAS:
            continue
        assert_same(getattr(ops, name)(value), theirs)


def tensorflow_gradients(function, arrays):
    tensors = [tf.constant(array) for array in arrays]
    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        outputs = [output for output in tree.flatten(function(keras.ops, *tensors)) if output.dtype.is_floating]
        target = sum(tf.reduce_sum(tf.sin(tf.cast(output, "float32"))) for output in outputs)
    if not outputs:
        return [None] * len(tensors)
    return [None if grad is None else tf.convert_to_tensor(grad).numpy() for grad in tape.gradient(target, tensors)]


def traced_gradients(function, arrays):
    with Trace() as trace:
        tensors = [Tensor(array, trace) for array in arrays]
        outputs = [output for output in tree.flatten(function(ops, *tensors)) if output.dtype.kind == "f"]
        target = sum(ops.sum(ops.sin(ops.cast(output, "float32"))) for output in outputs)
        found = gradients(target, tensors) if isinstance(target, Tensor) else [None] * len(tensors)
        return [None if grad is None else np.asarray(getattr(grad, "array", grad)) for grad in found]


def assert_same_gradients(function, arrays, bound=2e-5):
    for ours, theirs in zip(traced_gradients(function, arrays), tensorflow_gradients(function, arrays), strict=True):
        assert (ours is None or not ours.any()) if theirs is None else ours is not None or not theirs.any()
        if ours is not None and theirs is not None:
            assert ours.dtype == theirs.dtype
            np.testing.assert_allclose(ours, theirs, rtol=bound, atol=bound, equal_nan=True)


# TensorFlow has no gradients of the operations that Keras uses for these.
WITHOUT_GRADIENT = ("lu_factor", "slice_update", "unique")
WITH_GRADIENT = [
    case
    for case in SAME
    if any(each.dtype == "float32" for each in case[3])
    and case[1] not in WITHOUT_GRADIENT
    and not case[1].startswith(("image.affine", "image.hsv", "image.perspective"))
]


@pytest.mark.parametrize(
    ("function", "values"), [case[2:] for case in WITH_GRADIENT], ids=[case[0] for case in WITH_GRADIENT]
)
def test_gradients(function, values):
    rng = np.random.default_rng(0)
    assert_same_gradients(function, [value.make(rng) for value in values])


TIES = np.float32([[1, 2, 2], [0, 0, 0], [-1, -1, 3]])
CORNERS = np.float32([-1e4, -100, -3, -1, -0.5, 0, 0.5, 1, 3, 100, 1e4])
AWKWARD = {
    "max_pool of equal elements": (lambda k, x: k.max_pool(x[None], 2, 1), [TIES]),
    "max_pool, padded": (lambda k, x: k.max_pool(x[None, ..., None], 3, 2, "same"), [TIES]),
    "average_pool, padded": (lambda k, x: k.average_pool(x[None, ..., None], 2, 1, "same"), [TIES]),
    "dot_product_attention, all keys masked": (
        lambda k, x: k.dot_product_attention(*[x[None, :, None]] * 3, mask=np.tri(3, k=-1, dtype=bool)),
        [TIES],
    ),
    "top_k": (lambda k, x: k.top_k(x, 2)[0], [TIES]),
    "cumsum": (lambda k, x: [k.cumsum(x), k.cumsum(x, axis=1)], [TIES]),
    "take_along_axis twice": (lambda k, x: k.take_along_axis(x, np.int32([[0, 0, -1]] * 3), axis=1), [TIES]),
    "segment_sum, a row left out": (lambda k, x: k.segment_sum(x, np.int32([1, -1, 1]), num_segments=3), [TIES]),
    "max": (lambda k, x: [k.max(x), k.max(x, axis=1)], [TIES]),
    "min": (lambda k, x: [k.min(x), k.min(x, axis=1)], [TIES]),
    "maximum": (lambda k, x, y: k.maximum(x, y), [TIES, TIES.T.copy()]),
    "minimum": (lambda k, x, y: k.minimum(x, y), [TIES, TIES.T.copy()]),
    "absolute at 0": (lambda k, x: k.absolute(x), [TIES]),
    "relu at 0": (lambda k, x: k.relu(x), [TIES]),
    "relu6 at its ends": (lambda k, x: k.relu6(x), [np.float32([0, 6, 3, -1, 7])]),
    "leaky_relu at 0": (lambda k, x: k.leaky_relu(x), [TIES]),
    "elu at 0": (lambda k, x: k.elu(x), [TIES]),
    "clip at its ends": (lambda k, x: k.clip(x, -1.0, 2.0), [TIES]),
    "sqrt at 0": (lambda k, x: k.sqrt(x), [np.float32([0, 1])]),
    "power at 0": (lambda k, x: [x**2, x**1, x**3], [TIES]),
    "power of negative numbers": (lambda k, x, y: k.power(x, y), [np.float32([-2, 2, 0]), np.float32([2, 3, 2])]),
    "divide_no_nan by 0": (lambda k, x, y: k.divide_no_nan(x, y), [TIES, TIES.T.copy()]),
    "sigmoid far out": (lambda k, x: k.sigmoid(x), [np.float32([-1e4, -90, 0, 90, 1e4])]),
    "tanh far out": (lambda k, x: k.tanh(x), [np.float32([-1e4, -20, 0, 20, 1e4])]),
    "softplus far out": (lambda k, x: k.softplus(x), [np.float32([-1e4, -90, 0, 90, 1e4])]),
    "softmax far out": (lambda k, x: k.softmax(x), [np.float32([[1e4, 0, -1e4], [1e4, 1e4, 0]])]),
    "log_softmax far out": (lambda k, x: k.log_softmax(x), [np.float32([[1e4, 0, -1e4], [1e4, 1e4, 0]])]),
    "hard_tanh at its ends": (lambda k, x: k.hard_tanh(x), [CORNERS]),
    "hard_sigmoid at its ends": (lambda k, x: k.hard_sigmoid(x), [CORNERS]),
    "hard_silu at its ends": (lambda k, x: k.hard_silu(x), [CORNERS]),
    "hard_shrink at its ends": (lambda k, x: [k.hard_shrink(x), k.hard_shrink(x, 1.0)], [CORNERS]),
    "soft_shrink at its ends": (lambda k, x: [k.soft_shrink(x), k.soft_shrink(x, 1.0)], [CORNERS]),
    "threshold at it": (lambda k, x: [k.threshold(x, 0.5, 0.0), k.threshold(x, -1.0, 7.0)], [CORNERS]),
    "sparse_plus at its ends": (lambda k, x: k.sparse_plus(x), [CORNERS]),
    "sparse_sigmoid at its ends": (lambda k, x: k.sparse_sigmoid(x), [CORNERS]),
    "sparsemax of ties": (lambda k, x: [k.sparsemax(x), k.sparsemax(x, axis=0)], [TIES]),
    "sparsemax far out": (lambda k, x: k.sparsemax(x), [np.float32([[1e4, 0, -1e4], [1e4, 1e4, 0]])]),
    "softsign far out": (lambda k, x: k.softsign(x), [CORNERS]),
    "squareplus far out": (lambda k, x: k.squareplus(x), [CORNERS]),
    "tanh_shrink far out": (lambda k, x: k.tanh_shrink(x), [CORNERS]),
    "log_sigmoid far out": (lambda k, x: k.log_sigmoid(x), [CORNERS]),
    "celu far out": (lambda k, x: k.celu(x), [CORNERS[CORNERS != 0]]),
    "glu far out": (lambda k, x: k.glu(x), [np.float32([[1e4, 1, -1e4, 1e4], [0, 1, 0, -1e4]])]),
    "logsumexp far out": (
        lambda k, x: k.logsumexp(x, axis=1) * 1e-4,
        [np.float32([[1e4, 0, -1e4], [1e4, 1e4, -np.inf]])],
    ),
    "normalize matrices": (
        lambda k, x: [k.normalize(x, axis=axes, order=1) for axes in ((0, 1), (1, 0), None)],
        [TIES],
    ),
    "normalize of zeros": (lambda k, x: [k.normalize(x) * 1e-7, k.normalize(x, order=1) * 1e-7], [TIES]),
    "take twice": (lambda k, x: k.take(x, [0, 0, 2], axis=0), [TIES]),
    "one input twice": (lambda k, x: [x * x, k.matmul(x, x), k.concatenate([x, x])], [TIES]),
    "median of ties": (lambda k, x: [k.median(x), k.median(x, axis=0)], [TIES]),
    "quantile of ties": (lambda k, x: k.quantile(x, [0.1, 0.5, 0.9], axis=1), [TIES]),
    "nan reductions": (
        lambda k, x: [k.nansum(x), k.nanmean(x, axis=1), k.nanmax(x), k.nanmin(x, axis=0), k.nanmedian(x)],
        [np.float32([[1, np.nan, 3], [np.nan, 5, -2]])],
    ),
}


@pytest.mark.parametrize("name", AWKWARD)
def test_gradients_at_awkward_points(name):
    assert_same_gradients(*AWKWARD[name])


def test_celu_at_0():
    """Its slope there is 1 from both sides. Keras adds the slopes of both of its formula's parts and gets 2."""
    (ours,), (theirs,) = (gradient(lambda k, x: k.celu(x), [np.zeros(1, "float32")]) for gradient in BOTH)
    assert (ours.tolist(), theirs.tolist()) == ([1], [2])


BOTH = (traced_gradients, tensorflow_gradients)
SPEECH = np.random.default_rng(0).normal(size=(3, 5, 4)).astype("float32")
CTC = {
    "ordinary": ([[1, 2, 3], [2, 2, 0], [1, 0, 0]], SPEECH, [3, 2, 1], [5, 5, 5], 0),
    "the last class is the blank": ([[1, 2, 0], [2, 2, 0], [1, 0, 0]], SPEECH, [3, 2, 1], [5, 5, 5], -1),
    "short time": ([[1, 2], [2, 2], [1, 0]], SPEECH, [2, 2, 1], [2, 3, 1], 0),
    "empty texts": ([[1, 2], [0, 0], [0, 0]], SPEECH, [2, 0, 0], [5, 5, 0], 0),
    "sure": ([[1, 2], [2, 2], [1, 0]], SPEECH * 30, [2, 2, 1], [5, 5, 5], 0),
    "float64": ([[1, 2], [2, 2], [1, 0]], SPEECH.astype("float64"), [2, 2, 1], [5, 5, 5], 0),
    "float16": ([[1, 2], [2, 2], [1, 0]], SPEECH.astype("float16"), [2, 2, 1], [5, 5, 5], 0),
}


@pytest.mark.parametrize("name", CTC)
def test_ctc_loss(name):
    target, output, *rest = CTC[name]
    target, *lengths = (np.array(each, "int32") for each in (target, *rest[:2]))
    # Keras computes in float32 always.
    assert_same(
        ops.ctc_loss(target, output, *lengths, rest[2]),
        keras.ops.ctc_loss(target, output, *lengths, rest[2]),
        bound=2e-6,
    )
    bound = 1e-3 if name == "float16" else 2e-5  # the gradient is rounded to float16 at its end
    assert_same_gradients(lambda k, x: k.ctc_loss(target, x, *lengths, rest[2]), [output], bound)


IMPOSSIBLE = {
    "texts too long for their time": ([[1, 1, 2], [1, 1, 0], [1, 0, 0]], SPEECH, [3, 2, 1], [2, 2, 0]),
    "probabilities below 1e-307": ([[1, 2], [2, 2], [1, 0]], SPEECH * 1e4, [2, 2, 1], [5, 5, 5]),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_ctc_loss_of_what_is_impossible(name):
    """The values are Keras's. Its gradient is not that of its values: it counts paths that they do not."""
    target, output, lengths, steps = map(np.array, IMPOSSIBLE[name])
    ours, theirs = (k.ctc_loss(target, output, lengths, steps) for k in (ops, keras.ops))
    assert_same(ours, theirs, bound=2e-6)
    assert ours.min() > 700


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("mask_index", [0, 1, None])
@pytest.mark.parametrize("options", [{}, {"merge_repeated": False}, {"width": 3}, {"width": 12}], ids=str)
def test_ctc_decode(seed, mask_index, options):
    rng = np.random.default_rng(seed)
    scores, lengths = rng.normal(size=(2, 8, 5)).astype("float32") * rng.choice([1, 3]), rng.integers(1, 9, size=2)
    if "width" in options:
        options = {"strategy": "beam_search", "beam_width": options["width"], "top_paths": 2}
    ours, theirs = (k.ctc_decode(scores, lengths, mask_index=mask_index, **options) for k in (ops, keras.ops))
    assert_same(ours, theirs, bound=2e-6)


SURE = np.float32([[1e4, 0, -1e4], [-1e4, 1e4, 0], [3, 2, 1], [0, 0, 0]])
HOT = np.eye(3, dtype="float32")[[0, 0, 1, 2]]
CERTAIN = np.float32([[1, 0, 0], [0, 1, 0], [0.2, 0.3, 0.5], [0, 0, 1]])
CROSSENTROPIES = {
    "categorical, probabilities": (lambda k, x: k.categorical_crossentropy(HOT, x), CERTAIN),
    "categorical, scores": (lambda k, x: k.categorical_crossentropy(HOT, x, from_logits=True), SURE),
    "categorical, sums other than 1": (
        lambda k, x: k.categorical_crossentropy(HOT, x),
        np.abs(SURE[2:]).repeat(2, 0) + 1,
    ),
    "sparse, probabilities": (lambda k, x: k.sparse_categorical_crossentropy([0, 0, 1, 2], x), CERTAIN),
    "sparse, scores": (lambda k, x: k.sparse_categorical_crossentropy([0, 0, 1, 2], x, from_logits=True), SURE),
    "sparse, sums other than 1": (
        lambda k, x: k.sparse_categorical_crossentropy([0, 0, 1, 2], x),
        np.abs(SURE[2:]).repeat(2, 0) + 1,
    ),
    "binary, probabilities": (lambda k, x: k.binary_crossentropy(HOT, x), CERTAIN),
    "binary, scores": (lambda k, x: k.binary_crossentropy(HOT, x, from_logits=True), SURE),
}


@pytest.mark.parametrize("name", CROSSENTROPIES)
def test_crossentropies(name):
    function, x = CROSSENTROPIES[name]
    assert_same(function(ops, x), function(keras.ops, tf.constant(x)))
    assert_same_gradients(function, [x])


ACTIVATED = {
    "softmax, categorical": (lambda k, x: k.categorical_crossentropy(HOT, k.softmax(x)), SURE),
    "softmax, sparse": (lambda k, x: k.sparse_categorical_crossentropy([0, 0, 1, 2], k.softmax(x)), SURE),
    "sigmoid, binary": (lambda k, x: k.binary_crossentropy(HOT, k.sigmoid(x)), SURE),
    "softmax then scaled": (lambda k, x: k.categorical_crossentropy(HOT, k.softmax(x) * 0.5), SURE[2:].repeat(2, 0)),
}


@pytest.mark.parametrize("name", ACTIVATED)
def test_crossentropies_of_activations_in_a_graph(name):
    """In a graph, as in `fit`, Keras finds the scores behind an activation, and so does a traced step."""
    function, x = ACTIVATED[name]
    theirs = tf.function(lambda x: function(keras.ops, x))(tf.constant(x))
    with Trace() as trace:
        ours = function(ops, Tensor(x, trace)).array
    assert_same(ours, theirs)
    graph = tf.function(lambda x: tensorflow_graph_gradient(function, x))(tf.constant(x)).numpy()
    np.testing.assert_allclose(traced_gradients(function, [x])[0], graph, rtol=2e-5, atol=2e-5)


def tensorflow_graph_gradient(function, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        target = tf.reduce_sum(tf.sin(function(keras.ops, x)))
    return tape.gradient(target, x)


BAD = {
    "shapes that do not fit": lambda k: k.add(np.ones((2, 3)), np.ones((2, 4))),
    "inner sizes": lambda k: k.matmul(np.ones((2, 3)), np.ones((2, 3))),
    "scalar product": lambda k: k.matmul(np.float32(1), np.ones(2)),
    "axis too large": lambda k: k.sum(np.ones((2, 3)), axis=2),
    "axis too small": lambda k: k.mean(np.ones((2, 3)), axis=-3),
    "reshape": lambda k: k.reshape(np.ones((2, 3)), (4, -1)),
    "two free sizes": lambda k: k.reshape(np.ones((2, 3)), (-1, -1)),
    "squeeze": lambda k: k.squeeze(np.ones((2, 3)), axis=0),
    "axes": lambda k: k.transpose(np.ones((2, 3)), (0, 0)),
    "too few axes": lambda k: k.transpose(np.ones((2, 3)), (0,)),
    "concatenate": lambda k: k.concatenate([np.ones((2, 3)), np.ones((3, 2))]),
    "concatenate ranks": lambda k: k.concatenate([np.ones((2, 3)), np.ones(3)]),
    "stack": lambda k: k.stack([np.ones(2), np.ones(3)]),
    "broadcast": lambda k: k.broadcast_to(np.ones(2), (3,)),
    "moveaxis": lambda k: k.moveaxis(np.ones((2, 3)), 2, 0),
    "swapaxes": lambda k: k.swapaxes(np.ones((2, 3)), 0, 2),
    "expand_dims": lambda k: k.expand_dims(np.ones(2), 3),
    "dtype": lambda k: k.cast(np.ones(2), "flaot32"),
    "text": lambda k: k.exp("one"),
    "labels of another shape": lambda k: k.categorical_crossentropy(np.ones((2, 3)), np.ones((2, 4))),
    "one-hot labels for sparse": lambda k: k.sparse_categorical_crossentropy(np.eye(3), np.ones((3, 3))),
    "binary": lambda k: k.binary_crossentropy(np.ones(2), np.ones((2, 1))),
    "more than there are": lambda k: k.top_k(np.ones((2, 3)), 4),
    "fewer than none": lambda k: k.top_k(np.ones((2, 3)), -1),
    "segments of another shape": lambda k: k.segment_sum(np.ones((2, 3)), [0, 1, 2], num_segments=3),
    "segments in a column": lambda k: k.segment_sum(np.ones((2, 3)), [[0], [1]], num_segments=3),
    "too large a segment": lambda k: k.segment_sum(np.ones(2), [0, 3], num_segments=3),
    "too large a place": lambda k: k.scatter_update(np.ones(3), [[3]], np.ones(1)),
    "a reduction": lambda k: k.scatter_update(np.ones(3), [[0]], np.ones(1), reduction="sum"),
    "one choice": lambda k: k.where(np.ones(3), 1),
    "two axes": lambda k: k.dsplit(np.ones((2, 4)), 2),
    "lost axes": lambda k: k.rearrange(np.ones((2, 4)), "a b -> a"),
    "targets in a column": lambda k: k.in_top_k(np.int32([[0], [1]]), np.ones((2, 3), "float32"), 1),
    "another number of targets": lambda k: k.in_top_k(np.int32([0]), np.ones((2, 3), "float32"), 1),
    "side": lambda k: k.searchsorted(np.ones(2), np.ones(2), side="middle"),
    "a sequence of two axes": lambda k: k.searchsorted(np.ones((1, 2)), np.ones(2)),
    "indices with fewer axes": lambda k: k.take_along_axis(np.ones((2, 3)), np.int32([1]), axis=1),
    "too large an index": lambda k: k.take_along_axis(np.ones((2, 3)), np.int32([[3]]), axis=1),
    "axis of sums": lambda k: k.cumsum(np.ones((2, 3)), axis=2),
    "half of an odd size": lambda k: k.glu(np.ones((2, 3))),
    "order": lambda k: k.normalize(np.ones((2, 3)), order=1.5),
    "order 0": lambda k: k.normalize(np.ones((2, 3)), order=0),
    "strategy": lambda k: k.ctc_decode(np.ones((1, 2, 3), "float32"), [2], strategy="best"),
    "more texts than followed": lambda k: k.ctc_decode(
        np.ones((1, 2, 3), "float32"), [2], "beam_search", beam_width=2, top_paths=3
    ),
    "more texts than there are": lambda k: k.ctc_decode(
        np.ones((1, 1, 3), "float32"), [1], "beam_search", beam_width=9, top_paths=4
    ),
    "pair of parts": lambda k: k.fft((np.ones((2, 3), "float32"), np.ones((3, 2), "float32"))),
    "parts of integers": lambda k: k.irfft((np.ones(3, "int32"), np.ones(3, "int32"))),
    "signal of integers": lambda k: k.stft(np.ones(9, "int32"), 4, 2, 4),
    "transform shorter than its sequences": lambda k: k.stft(np.ones(9, "float32"), 4, 2, 3),
    "name of a window": lambda k: k.stft(np.ones(9, "float32"), 4, 2, 4, window="none"),
    "window of another length": lambda k: k.stft(np.ones(9, "float32"), 4, 2, 4, window=np.ones(3, "float32")),
    "stride of sequences": lambda k: k.stft(np.ones(9, "float32"), 4, 0, 4),
    "axis of products": lambda k: k.cumprod(np.ones((2, 3)), axis=2),
    "number of bins": lambda k: k.histogram(np.ones(3), bins=-1),
    "type of the number of bins": lambda k: k.histogram(np.ones(3), bins=2.5),
    "range of a histogram": lambda k: k.histogram(np.ones(3), range=(2, 1)),
    "histogram of a matrix": lambda k: k.histogram(np.ones((2, 3))),
    "negative counts": lambda k: k.bincount(np.int32([1, -1])),
    "mode of a correlation": lambda k: k.correlate(np.ones(3, "float32"), np.ones(2, "float32"), mode="half"),
    "quantile of nothing": lambda k: k.quantile(np.ones((0,), "float32"), 0.5),
    "number of values": lambda k: k.logspace(0, 1, -1),
    "size of a window": lambda k: k.hanning(-1),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_by_both(name):
    with pytest.raises((*REFUSED_BY_KERAS, IndexError, KeyError)):
        BAD[name](keras.ops)
    with pytest.raises((ValueError, TypeError)) as ours:
        BAD[name](ops)
    assert type(ours.value).__module__ == "minikeras.errors"
