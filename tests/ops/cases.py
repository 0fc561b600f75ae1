"""At least one call of every op, shared by the tests of all ops here and in compat/.

A case is a function `(ops, *values) -> value or values` and the specs of its values: shape, dtype and range. The
size "n" is the batch, which is free when a model is built.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Value:
    """How to make one argument."""

    shape: tuple
    dtype: str = "float32"
    low: float = -3.0
    high: float = 3.0
    kind: str = "uniform"  # or "probabilities", "one_hot"

    def size(self, batch):
        return tuple(batch if size == "n" else size for size in self.shape)

    def make(self, rng, batch=4):
        shape = self.size(batch)
        if self.kind == "one_hot":
            return np.eye(shape[-1], dtype=self.dtype)[rng.integers(shape[-1], size=shape[:-1])]
        values = rng.uniform(self.low, self.high, shape)
        if self.kind == "probabilities":
            values = np.exp(values) / np.exp(values).sum(-1, keepdims=True)
        return values > 0 if self.dtype == "bool" else values.astype(self.dtype)


def value(*shape, dtype="float32", low=-3.0, high=3.0, kind="uniform"):
    return Value(shape, dtype, low, high, kind)


X = value("n", 3)
ROW = value(3)
CUBE = value("n", 2, 3)
POSITIVE = value("n", 3, low=0.1)
FEW = value("n", 2, 3, low=0.5, high=1.5)
UNIT = value("n", 3, low=0.05, high=0.95)
NUMBERS = value("n", dtype="int32", low=0, high=3)
FLAGS = value("n", 3, dtype="bool")
CLASSES = value("n", 3, kind="one_hot")
TEXTS = value("n", 2, dtype="int32", low=1, high=3)
SPEECH = value("n", 5, 3)
LENGTHS = value("n", dtype="int32", low=3, high=6)
PAIRS = value("n", 3, 2)
PROBABILITIES = value("n", 3, kind="probabilities")
SQUARE = value("n", 3, 3)
TALL = value("n", 4, 3)
WIDE = value("n", 3, 4)


def definite(k, x):
    """Positive definite matrices, far from singular."""
    return k.matmul(x, k.swapaxes(x, -1, -2)) + 4 * np.eye(3, dtype="int8")


def regular(k, x):
    """Matrices of full rank, with distinct singular values."""
    return x + np.int8([[9, 0, 0], [0, 13, 0], [0, 0, 17]])


def holes(k, x):
    """Returns `x` with NaN for one of six elements."""
    return k.where(x > 2.0, float("nan"), x)


# The gradient is checked where it is defined: smooth functions, away from their jumps and kinks.
CASES = {
    "abs": [(lambda k, x: k.abs(x), X)],
    "absolute": [(lambda k, x: k.absolute(x), X)],
    "adaptive_average_pool": [
        (lambda k, x: [k.adaptive_average_pool(x, (2, 3)), k.adaptive_average_pool(x, 4)], value("n", 5, 3, 2)),
        (lambda k, x: k.adaptive_average_pool(x, 2, "channels_first"), value("n", 2, 3)),
    ],
    "adaptive_max_pool": [
        (lambda k, x: [k.adaptive_max_pool(x, (2, 3)), k.adaptive_max_pool(x, 4)], value("n", 5, 3, 2)),
        (lambda k, x: k.adaptive_max_pool(x, (2,), "channels_first"), value("n", 2, 3)),
    ],
    "add": [(lambda k, x, y: k.add(x, y), X, X), (lambda k, x, y: k.add(x, y), X, ROW), (lambda k, x: x + 1, X)],
    "all": [(lambda k, x: k.all(x, axis=0), FLAGS), (lambda k, x: k.all(x), FLAGS)],
    "allclose": [(lambda k, x, y: [k.allclose(x, y), k.allclose(x, x)], X, X)],
    "amax": [(lambda k, x: [k.amax(x), k.amax(x, axis=1, keepdims=True)], CUBE)],
    "amin": [(lambda k, x: [k.amin(x), k.amin(x, axis=(0, 2))], CUBE)],
    "angle": [(lambda k, x, y: [k.angle(k.polar(x, y)), k.angle(x)], POSITIVE, ROW)],
    "any": [(lambda k, x: k.any(x, axis=-1, keepdims=True), FLAGS), (lambda k, x: k.any(x), FLAGS)],
    "append": [
        (lambda k, x, y: [k.append(x, y), k.append(x, y, axis=1)], value(4, 3), value(4, 2)),
        (lambda k, x, y: k.append(x, y, axis=-1), X, value("n", 2)),
    ],
    "arange": [(lambda k: [k.arange(5), k.arange(1, 4), k.arange(5, 0, -2), k.arange(0.0, 1.0, 0.25)],)],
    "arccos": [(lambda k, x: k.arccos(x), UNIT)],
    "arccosh": [(lambda k, x: k.arccosh(x), value("n", 3, low=1.2, high=4.0))],
    "arcsin": [(lambda k, x: k.arcsin(x), UNIT)],
    "arcsinh": [(lambda k, x: k.arcsinh(x), X)],
    "arctan": [(lambda k, x: k.arctan(x), X)],
    "arctan2": [(lambda k, x, y: k.arctan2(x, y), X, X), (lambda k, x, y: k.arctan2(x, y), X, ROW)],
    "arctanh": [(lambda k, x: k.arctanh(x), UNIT)],
    "argmax": [
        (lambda k, x: [k.argmax(x), k.argmax(x, axis=0), k.argmax(x, axis=-1)], X),
        (lambda k, x: k.argmax(x, axis=1, keepdims=True), CUBE),
    ],
    "argmin": [(lambda k, x: [k.argmin(x), k.argmin(x, axis=1), k.argmin(x, keepdims=True)], X)],
    "argpartition": [
        (lambda k, x: k.sort(k.argpartition(x, 1)[:, :2], axis=1), X),
        (lambda k, x: k.sort(k.argpartition(x, 2, axis=0)[:3, :], axis=0), value(4, 3)),
    ],
    "argsort": [(lambda k, x: [k.argsort(x), k.argsort(x, axis=1)], CUBE), (lambda k, x: k.argsort(x, axis=None), ROW)],
    "array": [(lambda k, x: k.array(x), X)],
    "array_split": [(lambda k, x: k.array_split(x, 2, axis=1), X), (lambda k, x: k.array_split(x, 4), value(5, 3))],
    "associative_scan": [
        (
            lambda k, x: [
                k.associative_scan(lambda a, b: a * b, x),
                k.associative_scan(lambda a, b: [a[0] * b[0], a[1] * b[0] + b[1]], [x, x], reverse=True, axis=1)[1],
            ],
            value(5, 3),
        )
    ],
    "average": [
        (lambda k, x: [k.average(x), k.average(x, axis=1), k.average(x, axis=-1)], CUBE),
        (lambda k, x, w: k.average(x, axis=-1, weights=w), CUBE, value(3, low=0.5)),
        (lambda k, x, w: [k.average(x, axis=1, weights=w), k.average(x, weights=w)], value(4, 3), value(4, 3, low=0.5)),
    ],
    "average_pool": [
        (lambda k, x: [k.average_pool(x, 2), k.average_pool(x, 3, 1, "same")], value("n", 5, 2)),
        (lambda k, x: k.average_pool(x, (2, 3), 2, "same"), value("n", 3, 4, 2)),
        (lambda k, x: k.average_pool(x, 2, (1, 2), data_format="channels_first"), value("n", 2, 3, 4)),
    ],
    "bartlett": [(lambda k: [k.bartlett(5), k.bartlett(1)],)],
    "batch_normalization": [
        (lambda k, x, m, v: k.batch_normalization(x, m, v, axis=-1), X, ROW, value(3, low=0.5)),
        (
            lambda k, x, m, v, b, g: k.batch_normalization(x, m, v, 1, b, g, epsilon=0.1),
            *(value("n", 2, 3), value(2), value(2, low=0.5), value(2), value(2)),
        ),
    ],
    "binary_crossentropy": [
        (lambda k, t, x: k.binary_crossentropy(t, x), UNIT, UNIT),
        (lambda k, t, x: k.binary_crossentropy(t, x, from_logits=True), UNIT, X),
    ],
    "bincount": [],
    "bitwise_and": [(lambda k, x, y: k.bitwise_and(x, y), NUMBERS, NUMBERS)],
    "bitwise_invert": [(lambda k, x: k.bitwise_invert(x), NUMBERS)],
    "bitwise_left_shift": [(lambda k, x, y: k.bitwise_left_shift(x, y), NUMBERS, NUMBERS)],
    "bitwise_not": [(lambda k, x: k.bitwise_not(x), NUMBERS)],
    "bitwise_or": [(lambda k, x, y: k.bitwise_or(x, y), NUMBERS, NUMBERS)],
    "bitwise_right_shift": [(lambda k, x, y: k.bitwise_right_shift(x, y), NUMBERS, NUMBERS)],
    "bitwise_xor": [(lambda k, x, y: k.bitwise_xor(x, y), NUMBERS, NUMBERS)],
    "blackman": [(lambda k: [k.blackman(5), k.blackman(4)],)],
    "broadcast_to": [(lambda k, x: k.broadcast_to(x, (2, 4, 3)), ROW), (lambda k, x: k.broadcast_to(x, (3,)), ROW)],
    "cast": [(lambda k, x: k.cast(x, "float64"), X), (lambda k, x: k.cast(x, "int32"), X)],
    "categorical_crossentropy": [
        (lambda k, t, x: k.categorical_crossentropy(t, x), CLASSES, PROBABILITIES),
        (lambda k, t, x: k.categorical_crossentropy(t, x, from_logits=True), CLASSES, X),
        (
            lambda k, t, x: k.categorical_crossentropy(k.swapaxes(t, 1, 2), x, from_logits=True, axis=1),
            value("n", 3, 2, kind="probabilities"),
            CUBE,
        ),
    ],
    "cbrt": [(lambda k, x: k.cbrt(x), POSITIVE)],
    "cdist": [(lambda k, x, y: k.cdist(x, y), CUBE, value("n", 4, 3)), (lambda k, x, y: k.cdist(x, y), X, CUBE)],
    "ceil": [(lambda k, x: k.ceil(x), X)],
    "celu": [(lambda k, x: k.celu(x), X), (lambda k, x: k.celu(x, alpha=0.5), X)],
    "cholesky": [
        (lambda k, x: [k.cholesky(definite(k, x)), k.cholesky(definite(k, x), upper=True)], SQUARE),
    ],
    "cholesky_inverse": [
        (lambda k, x: [k.cholesky_inverse(k.tril(x)), k.cholesky_inverse(k.triu(x), upper=True)], value(3, 3, low=1.0)),
    ],
    "clip": [(lambda k, x: k.clip(x, -1.0, 2.0), X)],
    "concatenate": [
        (lambda k, x, y: k.concatenate([x, y], axis=-1), X, value("n", 2)),
        (lambda k, x, y: k.concatenate([x, y]), X, value(1, 3)),
    ],
    "cond": [(lambda k, x: k.cond(k.sum(x) > 0, lambda: k.sin(x), lambda: x * x), value(4, 3))],
    "conj": [(lambda k, x, y: k.imag(k.conj(k.polar(x, y))), X, ROW)],
    "conjugate": [(lambda k, x, y: [k.imag(k.conjugate(k.polar(x, y))), k.conjugate(x)], X, ROW)],
    "conv": [
        (lambda k, x, w: [k.conv(x, w), k.conv(x, w, 2, "same")], value("n", 5, 2), value(3, 2, 2)),
        (lambda k, x, w: k.conv(x, w, (1, 2), "same"), value("n", 3, 4, 2), value(2, 3, 2, 1)),
        (lambda k, x, w: k.conv(x, w, padding="same", dilation_rate=(2, 1)), value("n", 3, 2, 2), value(2, 3, 2, 1)),
        (lambda k, x, w: k.conv(x, w, padding="same"), value("n", 3, 3, 4), value(2, 2, 2, 2)),
        (lambda k, x, w: k.conv(x, w, 2, data_format="channels_first"), value("n", 2, 5), value(3, 2, 1)),
        (lambda k, x, w: k.conv(x, w, 2, "same"), value(1, 2, 3, 2, 1), value(2, 2, 1, 1, 2)),
    ],
    "conv_transpose": [
        (
            lambda k, x, w: [k.conv_transpose(x, w, 2), k.conv_transpose(x, w, 2, "same")],
            value("n", 3, 2),
            value(3, 1, 2),
        ),
        (lambda k, x, w: k.conv_transpose(x, w, (2, 3), output_padding=1), value("n", 2, 2, 1), value(2, 2, 2, 1)),
        (lambda k, x, w: k.conv_transpose(x, w, padding="same", dilation_rate=2), value("n", 4, 2), value(3, 2, 2)),
        (lambda k, x, w: k.conv_transpose(x, w, 3, "same", output_padding=2), value("n", 2, 2, 1), value(2, 4, 1, 1)),
    ],
    "convert_to_numpy": [],
    "convert_to_tensor": [(lambda k, x: k.convert_to_tensor(x), X)],
    "copy": [(lambda k, x: k.copy(x), X)],
    "corrcoef": [(lambda k, x: k.corrcoef(x), value(3, 3))],
    "correlate": [
        (lambda k, x, y: [k.correlate(x, y, mode=mode) for mode in ("valid", "same", "full")], value(5), value(2)),
    ],
    "cos": [(lambda k, x: k.cos(x), X)],
    "cosh": [(lambda k, x: k.cosh(x), X)],
    "count_nonzero": [(lambda k, x: [k.count_nonzero(x > 0), k.count_nonzero(x > 0, axis=1)], CUBE)],
    "cross": [
        (lambda k, x, y: [k.cross(x, y), k.cross(y, x[..., :2])], X, X),
        (lambda k, x, y: k.cross(x, y), value("n", 2), value("n", 2)),
        (lambda k, x, y: k.cross(x, y, axisa=1, axisb=0, axisc=1), value("n", 3, 2), value(3, 2)),
        (lambda k, x, y: k.cross(x, y, axis=1), value("n", 3, 2), value("n", 3, 2)),
    ],
    "ctc_decode": [
        (lambda k, x, n: list(k.ctc_decode(x, n)), SPEECH, LENGTHS),
        (lambda k, x, n: list(k.ctc_decode(x, n, merge_repeated=False, mask_index=2)), SPEECH, LENGTHS),
        (lambda k, x, n: list(k.ctc_decode(x, n, "beam_search", beam_width=9, top_paths=3)), SPEECH, LENGTHS),
    ],
    "ctc_loss": [
        (lambda k, t, x, n: k.ctc_loss(t, x, n - 3, n), TEXTS, SPEECH, LENGTHS),
        (lambda k, t, x, n: k.ctc_loss(t - 1, x, n - 3, n, mask_index=2), TEXTS, SPEECH, LENGTHS),
    ],
    "cumprod": [
        (lambda k, x: [k.cumprod(x, axis=1), k.cumprod(x, axis=0), k.cumprod(x, axis=-1, dtype="float64")], FEW),
        (lambda k, x: k.cumprod(x), FEW),
    ],
    "cumsum": [
        (lambda k, x: [k.cumsum(x), k.cumsum(x, axis=0), k.cumsum(x, axis=-1)], value(4, 2, 3)),
        (lambda k, x: [k.cumsum(x, axis=1), k.cumsum(x > 0, axis=1)], CUBE),
    ],
    "custom_gradient": [],
    "deg2rad": [(lambda k, x: k.deg2rad(x), X)],
    "depth_to_space": [(lambda k, x: k.depth_to_space(x, 2), value("n", 1, 2, 4))],
    "depthwise_conv": [
        (lambda k, x, w: k.depthwise_conv(x, w, 2, "same"), value("n", 3, 4, 2), value(2, 3, 2, 2)),
        (lambda k, x, w: k.depthwise_conv(x, w, dilation_rate=2), value("n", 5, 2), value(2, 2, 1)),
        (lambda k, x, w: k.depthwise_conv(x, w, data_format="channels_first"), value("n", 2, 3), value(2, 2, 2)),
    ],
    "det": [(lambda k, x: k.det(x), SQUARE), (lambda k, x: k.det(x), value(2, 2))],
    "diag": [
        (lambda k, x: [k.diag(x), k.diag(x, k=1), k.diag(x, k=-2)], ROW),
        (lambda k, x: [k.diag(x), k.diag(x, k=1), k.diag(x, k=-2)], value(4, 3)),
    ],
    "diagflat": [(lambda k, x: [k.diagflat(x), k.diagflat(x, k=1), k.diagflat(x, k=-2)], value(2, 2))],
    "diagonal": [
        (lambda k, x: [k.diagonal(x), k.diagonal(x, offset=1), k.diagonal(x, -2), k.diagonal(x, 0, 1, 0)], value(4, 3)),
        (lambda k, x: [k.diagonal(x, axis1=1, axis2=2), k.diagonal(x, 1, -1, -2)], value("n", 2, 3)),
        (lambda k, x: k.diagonal(x, axis1=0, axis2=2), value(3, 2, 4)),
    ],
    "diff": [(lambda k, x: [k.diff(x), k.diff(x, axis=1), k.diff(x, n=2, axis=2)], CUBE)],
    "digitize": [
        (lambda k, x: k.digitize(x, np.float32([-1, 0, 2])), X),
        (lambda k, x, y: k.digitize(x, k.sort(y)), X, value(5)),
    ],
    "divide": [(lambda k, x, y: k.divide(x, y), X, POSITIVE), (lambda k, x: k.divide(x, 2), X)],
    "divide_no_nan": [(lambda k, x, y: k.divide_no_nan(x, y), X, POSITIVE)],
    "dot": [
        (lambda k, x, y: k.dot(x, y), X, value(3, 2)),
        (lambda k, x, y: k.dot(x, y), CUBE, value(2, 3, 4)),
        (lambda k, x, y: [k.dot(x, y), k.dot(y, y)], CUBE, ROW),
    ],
    "dot_product_attention": [
        (
            lambda k, q, s, v: [k.dot_product_attention(q, s, v), k.dot_product_attention(q, s, v, is_causal=True)],
            *(value("n", 2, 2, 3), value("n", 4, 2, 3), value("n", 4, 2, 3)),
        ),
        (
            lambda k, q, s, b, m: k.dot_product_attention(q, s, s, b, m, scale=0.5),
            *(value("n", 3, 4, 2), value("n", 3, 2, 2), value(3, 3), value("n", 1, 1, 3, dtype="bool")),
        ),
    ],
    "dsplit": [(lambda k, x: [*k.dsplit(x, 3), *k.dsplit(x, [1, 2])], CUBE)],
    "dstack": [(lambda k, x, y: k.dstack([x, y]), X, X), (lambda k, x, y: k.dstack([x, y]), ROW, ROW)],
    "dtype": [],
    "eig": [
        (lambda k, x: k.sort(k.abs(k.eig(regular(k, x))[0])), SQUARE),
        (lambda k, x: k.sum(k.abs(k.eig(regular(k, x))[1]), axis=-1), SQUARE),
    ],
    "eigh": [
        (lambda k, x: [k.abs(each) for each in k.eigh(definite(k, x))], SQUARE),
    ],
    "einsum": [
        (lambda k, x, y: k.einsum("ij,jk->ik", x, y), X, value(3, 2)),
        (lambda k, x, y: k.einsum("ij,jk", x, y), X, value(3, 2)),
        (lambda k, x, y: k.einsum("bqd,bkd->bqk", x, y), CUBE, value("n", 4, 3)),
        (lambda k, x, y: k.einsum("bqhd,bkhd->bhqk", x, y), value("n", 2, 2, 3), value("n", 4, 2, 3)),
        (lambda k, x, y: k.einsum("bij,ij->b", x, y), CUBE, value(2, 3)),
        (lambda k, x, y: k.einsum("i,j->ji", x, y), ROW, value(2)),
        (lambda k, x, y: k.einsum("ij,ij->ij", x, y), X, X),
        (lambda k, x: [k.einsum("bij->bji", x), k.einsum("bij->b", x), k.einsum("bij->", x)], CUBE),
        (lambda k, x: [k.einsum("ii->i", x), k.einsum("ii", x)], value(3, 3)),
        (lambda k, x: k.einsum("bii->bi", x), value("n", 3, 3)),
        (lambda k, x, y: k.einsum("...d,de->...e", x, y), CUBE, value(3, 2)),
        (lambda k, x, y: k.einsum("b...,b...->b...", x, y), CUBE, CUBE),
        (lambda k, x, y, z: k.einsum("bi,ij,kj->bk", x, y, z), X, value(3, 2), value(5, 2)),
        (lambda k, x, y, z: k.einsum("bi,bi,i->b", x, y, z), X, X, ROW),
    ],
    "elu": [(lambda k, x: k.elu(x), X), (lambda k, x: k.elu(x, alpha=0.5), X)],
    "empty": [(lambda k: [k.empty((2, 3)), k.empty(2, dtype="int32")],)],
    "empty_like": [(lambda k, x: [k.empty_like(x), k.empty_like(x, dtype="int8")], X)],
    "equal": [(lambda k, x, y: k.equal(x, y), NUMBERS, NUMBERS)],
    "erf": [(lambda k, x: k.erf(x), X)],
    "erfc": [(lambda k, x: k.erfc(x), X)],
    "erfinv": [(lambda k, x: k.erfinv(x), UNIT)],
    "exp": [(lambda k, x: k.exp(x), X)],
    "exp2": [(lambda k, x: k.exp2(x), X)],
    "expand_dims": [
        (lambda k, x: [k.expand_dims(x, 0), k.expand_dims(x, -1), k.expand_dims(x, 1)], X),
        (lambda k, x: k.expand_dims(x, (0, 2)), X),
    ],
    "expm1": [(lambda k, x: k.expm1(x), X)],
    "extract_sequences": [
        (lambda k, x: [k.extract_sequences(x, 3, 2), k.extract_sequences(x, 2, 3)], value("n", 2, 7)),
        (lambda k, x: k.extract_sequences(x, 2, 1), value("n")),
    ],
    "eye": [(lambda k: [k.eye(3), k.eye(2, 3), k.eye(3, 2, k=1), k.eye(2, k=-1, dtype="int32")],)],
    "fabs": [(lambda k, x: k.fabs(x), X)],
    "fft": [
        (lambda k, x, y: [*k.fft((x, y)), *k.fft((y, k.sin(x)))], X, X),
        (lambda k, x, y: k.fft([x, y]), CUBE, CUBE),
    ],
    "fft2": [(lambda k, x, y: k.fft2((x, y)), CUBE, CUBE)],
    "flip": [(lambda k, x: [k.flip(x), k.flip(x, axis=1), k.flip(x, axis=(0, -1))], CUBE)],
    "fliplr": [(lambda k, x: k.fliplr(x), X)],
    "flipud": [(lambda k, x: k.flipud(x), X)],
    "floor": [(lambda k, x: k.floor(x), X)],
    "floor_divide": [(lambda k, x, y: k.floor_divide(x, y), X, POSITIVE)],
    "fmax": [(lambda k, x, y: k.fmax(x, y), X, X)],
    "fmin": [(lambda k, x, y: k.fmin(x, y), X, ROW)],
    "fmod": [(lambda k, x, y: k.fmod(x, y), X, POSITIVE)],
    "fold": [
        (lambda k, x: k.fold(x, (3, 4), (2, 3), padding=(1, 0), stride=2), value(4, 6, 2)),
        (lambda k, x: k.fold(x, 3, 2, dilation=2, padding=1), value(3, 8, 9)),
    ],
    "fori_loop": [(lambda k, x: k.fori_loop(0, 3, lambda i, state: k.sin(state) * 2.0, x), X)],
    "full": [(lambda k: [k.full((2, 3), 7), k.full((), 1.5), k.full((2,), 1, dtype="bool"), k.full((2,), [1, 2])],)],
    "full_like": [(lambda k, x: [k.full_like(x, 2), k.full_like(x, 1.5, dtype="int32")], X)],
    "gcd": [(lambda k, x, y: k.gcd(x, y), NUMBERS, NUMBERS)],
    "gelu": [(lambda k, x: k.gelu(x), X), (lambda k, x: k.gelu(x, approximate=False), X)],
    "geomspace": [
        (lambda k, x, y: [k.geomspace(x, y, 4), k.geomspace(x, y, 3, endpoint=False, axis=0)], POSITIVE, POSITIVE),
    ],
    "get_item": [
        (lambda k, x: [x[:, 0], x[..., 1:], x[:, None], x[:, ::-1], x[:, -1:]], X),
        (lambda k, x: [k.get_item(x, 1), k.get_item(x, (0, slice(0, 2)))], value(4, 3)),
    ],
    "glu": [(lambda k, x: [k.glu(x, axis=1), k.glu(x, 1)], CUBE), (lambda k, x: k.glu(x), value("n", 4))],
    "greater": [(lambda k, x, y: k.greater(x, y), X, X)],
    "greater_equal": [(lambda k, x, y: k.greater_equal(x, y), NUMBERS, NUMBERS)],
    "hamming": [(lambda k: [k.hamming(5), k.hamming(4)],)],
    "hanning": [(lambda k: [k.hanning(5), k.hanning(0)],)],
    "hard_shrink": [(lambda k, x: [k.hard_shrink(x), k.hard_shrink(x, 1.5)], X)],
    "hard_sigmoid": [(lambda k, x: k.hard_sigmoid(x), X)],
    "hard_silu": [(lambda k, x: k.hard_silu(x * 2), X)],
    "hard_swish": [(lambda k, x: k.hard_swish(x * 2), X)],
    "hard_tanh": [(lambda k, x: k.hard_tanh(x), X)],
    "heaviside": [(lambda k, x, y: k.heaviside(x, y), X, ROW)],
    "histogram": [(lambda k, x: [*k.histogram(x, 4), *k.histogram(x, bins=3)], value("n"))],
    "hsplit": [(lambda k, x: k.hsplit(x, 3), X), (lambda k, x: k.hsplit(x, [1]), value(4))],
    "hstack": [(lambda k, x, y: k.hstack([x, y]), X, value("n", 2))],
    "hypot": [(lambda k, x, y: k.hypot(x, y), POSITIVE, X)],
    "i0": [(lambda k, x: k.i0(x), X)],
    "identity": [(lambda k: [k.identity(3), k.identity(2, dtype="int32")],)],
    "ifft2": [(lambda k, x, y: k.ifft2((x, y)), CUBE, CUBE)],
    "imag": [(lambda k, x, y: [k.imag(k.square(k.polar(x, y))), k.imag(x)], X, ROW)],
    "in_top_k": [
        (lambda k, t, x: [k.in_top_k(t, x, 1), k.in_top_k(t, x, k=2)], NUMBERS, X),
        (lambda k, t, x: k.in_top_k(t, x, k=3), value("n", dtype="int32", low=-2, high=5), X),
    ],
    "inner": [(lambda k, x, y: k.inner(x, y), X, value(2, 3)), (lambda k, x, y: k.inner(x, y), CUBE, ROW)],
    "inv": [(lambda k, x: k.inv(regular(k, x)), SQUARE)],
    "irfft": [
        (lambda k, x, y: [k.irfft((x, y)), k.irfft((x, y), 5), k.irfft((x, y), fft_length=8)], X, X),
    ],
    "is_tensor": [],
    "isclose": [(lambda k, x, y: [k.isclose(x, y), k.isclose(x, x + 1e-6), k.isclose(x, y, rtol=0.5, atol=1.0)], X, X)],
    "isfinite": [(lambda k, x: k.isfinite(x), X)],
    "isin": [
        (lambda k, x, y: [k.isin(x, y), k.isin(x, [1, 2], invert=True)], value("n", 2, dtype="int32"), NUMBERS),
        (lambda k, x: k.isin(x, np.float32([2, 0, 1]), assume_unique=True), ROW),
    ],
    "isinf": [(lambda k, x: k.isinf(x), X)],
    "isnan": [(lambda k, x: k.isnan(x), X)],
    "isneginf": [(lambda k, x: k.isneginf(x), X)],
    "isposinf": [(lambda k, x: k.isposinf(x), X)],
    "isreal": [(lambda k, x, y: [k.isreal(k.polar(x, y)), k.isreal(x)], X, ROW)],
    "istft": [
        (lambda k, x, y: k.istft((x, y), 4, 2, 4), value("n", 5, 3), value("n", 5, 3)),
        (lambda k, x, y: k.istft((x, y), 4, 2, 4, length=7, window="hamming"), value("n", 5, 3), value("n", 5, 3)),
        (lambda k, x, y: k.istft((x, y), 3, 4, 4, window=None, center=False), value(5, 3), value(5, 3)),
    ],
    "jvp": [
        (lambda k, x, y: list(k.jvp(lambda a: k.sin(a) * a, (x,), (y,))), X, X),
        (lambda k, x, y: k.jvp(lambda a, b: (a * b, k.sum(a)), [x, y], [y, x])[1], X, X),
    ],
    "kaiser": [(lambda k: [k.kaiser(5, 2.0), k.kaiser(4, beta=0.0)],)],
    "kron": [
        (lambda k, x, y: k.kron(x, y), X, value(2, 2)),
        (lambda k, x, y: k.kron(x, y), CUBE, value(1, 3, 2)),
    ],
    "layer_normalization": [
        (lambda k, x: [k.layer_normalization(x), k.layer_normalization(x, axis=1, epsilon=0.1)], CUBE),
        (lambda k, x, g, b: k.layer_normalization(x, g, b), X, ROW, ROW),
        (lambda k, x, g, b: k.layer_normalization(x, g, b, axis=(1, 2)), CUBE, value(2, 3), value(2, 3)),
    ],
    "lcm": [(lambda k, x, y: k.lcm(x, y), NUMBERS, NUMBERS)],
    "ldexp": [(lambda k, x, y: k.ldexp(x, y), value(3, "n"), NUMBERS)],
    "leaky_relu": [(lambda k, x: k.leaky_relu(x), X), (lambda k, x: k.leaky_relu(x, 0.3), X)],
    "left_shift": [(lambda k, x: k.left_shift(x, 2), NUMBERS)],
    "less": [(lambda k, x, y: k.less(x, y), X, ROW)],
    "less_equal": [(lambda k, x, y: k.less_equal(x, y), NUMBERS, NUMBERS)],
    "linspace": [
        (lambda k, x, y: [k.linspace(x, y, 3), k.linspace(x, y, num=4, axis=-1, endpoint=False)], X, X),
    ],
    "log": [(lambda k, x: k.log(x), POSITIVE)],
    "log10": [(lambda k, x: k.log10(x), POSITIVE)],
    "log1p": [(lambda k, x: k.log1p(x), POSITIVE)],
    "log2": [(lambda k, x: k.log2(x), POSITIVE)],
    "log_sigmoid": [(lambda k, x: k.log_sigmoid(x), X)],
    "log_softmax": [(lambda k, x: [k.log_softmax(x), k.log_softmax(x, axis=1)], CUBE)],
    "logaddexp": [(lambda k, x, y: k.logaddexp(x, y), X, X), (lambda k, x, y: k.logaddexp(x, y), X, ROW)],
    "logaddexp2": [(lambda k, x, y: k.logaddexp2(x, y), X, X)],
    "logdet": [(lambda k, x: k.logdet(definite(k, x)), SQUARE)],
    "logical_and": [(lambda k, x, y: k.logical_and(x, y), FLAGS, FLAGS)],
    "logical_not": [(lambda k, x: k.logical_not(x), FLAGS)],
    "logical_or": [(lambda k, x, y: k.logical_or(x, y), FLAGS, FLAGS)],
    "logical_xor": [(lambda k, x, y: k.logical_xor(x, y), FLAGS, FLAGS)],
    "logspace": [
        # Small powers: in the comparisons of gradients, the sine of the results is well-conditioned.
        (lambda k, x, y: [k.logspace(x / 4, y / 4, 4), k.logspace(x, y, 3, base=2, axis=-1)], X, X),
    ],
    "logsumexp": [
        (lambda k, x: [k.logsumexp(x), k.logsumexp(x, axis=(0, 2)), k.logsumexp(x, axis=-1, keepdims=True)], CUBE)
    ],
    "lstsq": [
        (lambda k, a, b: k.lstsq(a, b), value(5, 3), value(5, 2)),
        (lambda k, a, b: k.lstsq(a, b), value(3, 4), value(3)),
    ],
    "lu_factor": [(lambda k, x: list(k.lu_factor(regular(k, x))), value(3, 3))],
    "map": [(lambda k, x: k.map(lambda row: k.sin(row) * row, x), value(4, 3))],
    "matmul": [
        (lambda k, x, y: k.matmul(x, y), X, value(3, 2)),
        (lambda k, x, y: k.matmul(x, y), CUBE, value(3, 2)),
        (lambda k, x, y: k.matmul(x, y), CUBE, value("n", 3, 2)),
        (lambda k, x, y: k.matmul(x, y), value(2, 1, 4, 3), value(5, 3, 2)),
        (lambda k, x, y: k.matmul(x, y), X, ROW),
        (lambda k, x, y: k.matmul(x, y), value(2), CUBE),
        (lambda k, x, y: k.matmul(x, y), ROW, ROW),
    ],
    "matrix_rank": [
        (lambda k, x: [k.matrix_rank(x), k.matrix_rank(x, tol=2.0), k.matrix_rank(x * 0)], TALL),
    ],
    "max": [
        (lambda k, x: [k.max(x), k.max(x, axis=0), k.max(x, axis=(0, 2)), k.max(x, axis=-1, keepdims=True)], CUBE),
        (lambda k, x: [k.max(x, initial=1.0), k.max(x, axis=1, initial=-1.0)], CUBE),
    ],
    "max_pool": [
        (lambda k, x: [k.max_pool(x, 2), k.max_pool(x, 3, 1, "same")], value("n", 5, 2)),
        (lambda k, x: k.max_pool(x, (2, 3), 2, "same"), value("n", 3, 4, 2)),
        (lambda k, x: k.max_pool(x, 2, (1, 2), data_format="channels_first"), value("n", 2, 3, 4)),
    ],
    "maximum": [(lambda k, x, y: k.maximum(x, y), X, X), (lambda k, x: k.maximum(x, 0.5), X)],
    "mean": [(lambda k, x: [k.mean(x), k.mean(x, axis=1), k.mean(x, axis=(0, 1), keepdims=True)], CUBE)],
    "median": [(lambda k, x: [k.median(x), k.median(x, axis=1), k.median(x, axis=(0, 2), keepdims=True)], CUBE)],
    "meshgrid": [
        (lambda k, x, y: [*k.meshgrid(x, y), *k.meshgrid(x, y, indexing="ij")], ROW, value(2)),
        (lambda k, x, y, z: k.meshgrid(x, y, z), ROW, value(2), value(4)),
    ],
    "min": [(lambda k, x: [k.min(x), k.min(x, axis=1), k.min(x, axis=(-1, 1)), k.min(x, initial=-1.0)], CUBE)],
    "minimum": [(lambda k, x, y: k.minimum(x, y), X, ROW)],
    "mod": [(lambda k, x, y: k.mod(x, y), X, POSITIVE)],
    "moments": [(lambda k, x: [*k.moments(x, axes=[1]), *k.moments(x, axes=[0, 2], keepdims=True)], CUBE)],
    "moveaxis": [(lambda k, x: [k.moveaxis(x, 0, -1), k.moveaxis(x, -1, 1), k.moveaxis(x, (0, 1), (-1, 0))], CUBE)],
    "multi_hot": [
        (lambda k, x: [k.multi_hot(x, 4), k.multi_hot(x, num_tokens=3, dtype="int32")], TEXTS),
        (lambda k, x: [k.multi_hot(x, 2, axis=0), k.multi_hot(x, 2, dtype="bool")], value(5, dtype="int32", low=-1)),
    ],
    "multiply": [(lambda k, x, y: k.multiply(x, y), X, X), (lambda k, x, y: k.multiply(x, y), CUBE, ROW)],
    "nan_to_num": [(lambda k, x: [k.nan_to_num(x), k.nan_to_num(k.log(x), nan=1.0, neginf=2.0)], POSITIVE)],
    "nanargmax": [
        (lambda k, x: [k.nanargmax(holes(k, x)), k.nanargmax(holes(k, x), axis=1), k.nanargmax(x, axis=0)], CUBE),
        (lambda k, x: k.nanargmax(holes(k, x), axis=-1, keepdims=True), CUBE),
    ],
    "nanargmin": [(lambda k, x: [k.nanargmin(holes(k, x), keepdims=True), k.nanargmin(holes(k, x), axis=-1)], CUBE)],
    "nancumprod": [(lambda k, x: [k.nancumprod(holes(k, x), axis=1), k.nancumprod(holes(k, x / 2))], FEW)],
    "nancumsum": [(lambda k, x: [k.nancumsum(holes(k, x), axis=1), k.nancumsum(holes(k, x), dtype="float64")], CUBE)],
    "nanmax": [(lambda k, x: [k.nanmax(holes(k, x)), k.nanmax(holes(k, x), axis=(0, 2), keepdims=True)], CUBE)],
    "nanmean": [(lambda k, x: [k.nanmean(holes(k, x)), k.nanmean(holes(k, x), axis=(0, 2))], CUBE)],
    "nanmedian": [
        (lambda k, x: [k.nanmedian(holes(k, x)), k.nanmedian(holes(k, x), axis=(0, 1), keepdims=True)], CUBE)
    ],
    "nanmin": [(lambda k, x: [k.nanmin(holes(k, x)), k.nanmin(holes(k, x), axis=(0, 1))], CUBE)],
    "nanpercentile": [
        (lambda k, x: [k.nanpercentile(holes(k, x), 30.0), k.nanpercentile(x, [20.0, 70.0], axis=1)], CUBE),
    ],
    "nanprod": [(lambda k, x: [k.nanprod(holes(k, x)), k.nanprod(holes(k, x), axis=1, keepdims=True)], FEW)],
    "nanquantile": [
        (lambda k, x: [k.nanquantile(holes(k, x), 0.3), k.nanquantile(x, [0.2, 0.7], axis=1, keepdims=True)], CUBE),
        (lambda k, x: k.nanquantile(holes(k, x), [0.25, 0.5], axis=(1, 2), method="higher"), CUBE),
    ],
    "nanstd": [(lambda k, x: [k.nanstd(holes(k, x)), k.nanstd(holes(k, x), axis=(0, 2), keepdims=True)], CUBE)],
    "nansum": [(lambda k, x: [k.nansum(holes(k, x)), k.nansum(holes(k, x), axis=1, keepdims=True)], CUBE)],
    "nanvar": [(lambda k, x: [k.nanvar(holes(k, x)), k.nanvar(holes(k, x), axis=(0, 2))], CUBE)],
    "ndim": [],
    "negative": [(lambda k, x: k.negative(x), X)],
    "nextafter": [(lambda k, x, y: k.nextafter(x, y), X, ROW)],
    "nonzero": [(lambda k: k.nonzero(np.float32([[1, 0, 2], [0, 0, 3]])),)],
    "norm": [
        (lambda k, x: [k.norm(x, axis=-1), k.norm(x, ord=1, axis=1, keepdims=True), k.norm(x, ord=3, axis=1)], CUBE),
        (lambda k, x: [k.norm(x, ord=float("inf"), axis=1), k.norm(x, ord=float("-inf"), axis=2)], CUBE),
        (lambda k, x: [k.norm(x), k.norm(x, ord="fro"), k.norm(x, ord=1), k.norm(x, ord=-1)], value(4, 3)),
        (lambda k, x: [k.norm(x, ord=float("inf"), axis=(1, 2)), k.norm(x, axis=(1, 2), keepdims=True)], CUBE),
        (lambda k, x: [k.norm(x), k.norm(x, ord=2), k.norm(x, ord=2.5)], ROW),
        (lambda k, x: [k.norm(x, ord=ord, axis=(1, 2)) for ord in (2, -2, "nuc")], TALL),
    ],
    "normalize": [
        (lambda k, x: [k.normalize(x), k.normalize(x, axis=1, order=1), k.normalize(x, order=3)], CUBE),
        (lambda k, x: [k.normalize(x, axis=(0, 2)), k.normalize(x, axis=None), k.normalize(x, epsilon=2.0)], CUBE),
    ],
    "not_equal": [(lambda k, x, y: k.not_equal(x, y), NUMBERS, NUMBERS)],
    "one_hot": [
        (lambda k, x: [k.one_hot(x, 3), k.one_hot(x, 2, dtype="int32")], NUMBERS),
        (lambda k, x: [k.one_hot(x, 4, axis=0), k.one_hot(x, 4, axis=1)], value("n", 2, dtype="int32", low=-1, high=5)),
    ],
    "ones": [(lambda k: [k.ones(2), k.ones((2, 3), dtype="int32")],)],
    "ones_like": [(lambda k, x: [k.ones_like(x), k.ones_like(x, dtype="int8")], X)],
    "outer": [(lambda k, x, y: k.outer(x, y), ROW, value(2)), (lambda k, x, y: k.outer(x, y), value(2, 2), ROW)],
    "pad": [
        (lambda k, x: [k.pad(x, ((0, 0), (2, 1))), k.pad(x, ((0, 1), (1, 1)), constant_values=2)], X),
        (lambda k, x: [k.pad(x, ((0, 0), (2, 1)), mode=mode) for mode in ("reflect", "symmetric")], X),
    ],
    "percentile": [
        (lambda k, x: [k.percentile(x, 30.0), k.percentile(x, [20.0, 70.0], axis=1, keepdims=True)], CUBE),
        (lambda k, x: [k.percentile(x, 40.0, axis=1, method=method) for method in ("lower", "midpoint")], X),
    ],
    "pinv": [(lambda k, x: k.pinv(regular(k, x)), SQUARE), (lambda k, x: [k.pinv(x), k.pinv(x, rcond=1e-3)], TALL)],
    "polar": [(lambda k, x, y: k.abs(k.polar(x, y) + 1), X, ROW)],
    "power": [(lambda k, x, y: k.power(x, y), POSITIVE, X), (lambda k, x: [x**2, x**3, 2**x], X)],
    "prod": [
        (lambda k, x: [k.prod(x), k.prod(x, axis=0), k.prod(x, axis=(1, -1)), k.prod(x, axis=1, keepdims=True)], FEW),
        (lambda k, x: k.prod(x, axis=1), value("n", 5)),
    ],
    "psnr": [(lambda k, x, y: k.psnr(x, y, max_val=4.0), X, X)],
    "ptp": [(lambda k, x: [k.ptp(x), k.ptp(x, axis=1, keepdims=True)], CUBE)],
    "qr": [
        (lambda k, x: [k.abs(each) for each in k.qr(x)], TALL),
        (lambda k, x: [k.abs(each) for each in k.qr(regular(k, x), mode="complete")], SQUARE),
    ],
    "quantile": [
        (lambda k, x: [k.quantile(x, 0.3), k.quantile(x, [0.2, 0.7], axis=1), k.quantile(x, 0.4, axis=(0, 2))], CUBE),
        (lambda k, x, q: k.quantile(x, q, axis=-1, keepdims=True), CUBE, value(2, low=0.1, high=0.4)),
    ],
    "rad2deg": [(lambda k, x: k.rad2deg(x), value("n", 3, low=-0.05, high=0.05))],
    "ravel": [(lambda k, x: k.ravel(x), CUBE)],
    "real": [(lambda k, x, y: [k.real(k.exp(k.polar(x, y))), k.real(x)], X, ROW)],
    "rearrange": [
        (lambda k, x: [k.rearrange(x, "a b c -> c a b"), k.rearrange(x, "a b c -> a (c b)")], value(4, 2, 3)),
        (lambda k, x: k.rearrange(x, "(a d) (b c) -> c (d b) a", d=2, c=3), value(4, 6)),
    ],
    "reciprocal": [(lambda k, x: k.reciprocal(x), POSITIVE)],
    "relu": [(lambda k, x: k.relu(x), X)],
    "relu6": [(lambda k, x: k.relu6(x * 3), X)],
    "repeat": [
        (lambda k, x: [k.repeat(x, 2, axis=1), k.repeat(x, 3, axis=0), k.repeat(x, 2)], value(4, 3)),
        (lambda k, x: [k.repeat(x, [1, 0, 2], axis=1), k.repeat(x, 2, axis=-1), k.repeat(x, 2, axis=0)], X),
    ],
    "reshape": [
        (lambda k, x: [k.reshape(x, (-1, 2)), k.reshape(x, (3, -1)), k.reshape(x, -1)], value(4, 3)),
        (lambda k, x: [k.reshape(x, (-1, 3, 2)), k.reshape(x, (-1, 6)), k.reshape(x, (-1, 1, 2, 3))], CUBE),
    ],
    "rfft": [
        (lambda k, x: [*k.rfft(x), *k.rfft(x, 5), *k.rfft(x, fft_length=3)], X),
        (lambda k, x: k.rfft(x), value(4)),
    ],
    "right_shift": [(lambda k, x: k.right_shift(x, 1), NUMBERS)],
    "rms_normalization": [
        (lambda k, x: [k.rms_normalization(x), k.rms_normalization(x, axis=(0, 1), epsilon=0.1)], value(4, 2, 3)),
        (lambda k, x, s: k.rms_normalization(x, s), X, ROW),
    ],
    "roll": [
        (lambda k, x: [k.roll(x, 1), k.roll(x, 2, axis=1), k.roll(x, -1, axis=0)], X),
        (lambda k, x: k.roll(x, (1, -2), axis=(1, 2)), CUBE),
    ],
    "rot90": [(lambda k, x: [k.rot90(x), k.rot90(x, -1), k.rot90(x, 5), k.rot90(x, axes=(1, 0))], X)],
    "round": [(lambda k, x: [k.round(x), k.round(x, 1), k.round(x, decimals=2)], X)],
    "rsqrt": [(lambda k, x: k.rsqrt(x), POSITIVE)],
    "saturate_cast": [(lambda k, x: [k.saturate_cast(x * 90, "int8"), k.saturate_cast(x * x, k.dtype(x))], X)],
    "scan": [
        (lambda k, x, y: k.scan(lambda c, row: (c * 0.5 + k.sin(row), c * row), y, x), value(5, 3), ROW),
        (lambda k, x, y: k.scan(lambda c, row: (k.sin(c) * row, c), y, x, reverse=True), value(5, 3), ROW),
    ],
    "scatter": [
        (lambda k, i, x: k.scatter(k.reshape(i, (-1, 1)), x, (4,)), NUMBERS, value("n")),
        (lambda k, i, x: k.scatter(k.reshape(i, (-1, 1)), x, (3, 2, 3)), NUMBERS, CUBE),
        (lambda k, x: k.scatter(np.int32([[0, 1], [2, 0], [0, 1]]), x, (3, 2)), ROW),
    ],
    "scatter_update": [
        (lambda k, x, y: k.scatter_update(x, np.int32([[3], [1]]), y), value(4, 3), value(2, 3)),
        (lambda k, x, y: k.scatter_update(x, np.int32([[0, 1], [3, 2]]), y), value(4, 3), value(2)),
        *[
            (
                lambda k, x, y, r=reduction: k.scatter_update(x, np.int32([[0], [2], [0]]), y, reduction=r),
                value(4, 2),
                value(3, 2),
            )
            for reduction in ("add", "max", "min", "mul")
        ],
    ],
    "searchsorted": [
        (lambda k, x: k.searchsorted(np.float32([-1, 0, 0, 2]), x), value("n")),
        (lambda k, x: [k.searchsorted(np.int32([0, 1, 1]), x, side=side) for side in ("left", "right")], NUMBERS),
    ],
    "segment_max": [
        (lambda k, x, i: k.maximum(k.segment_max(x, i, num_segments=4), -9.0), value("n"), NUMBERS),
        (lambda k, x, i: k.maximum(k.segment_max(x, i - 1, num_segments=3), -9.0), CUBE, NUMBERS),
    ],
    "segment_min": [(lambda k, x, i: k.minimum(k.segment_min(x, i, num_segments=3), 9.0), CUBE, NUMBERS)],
    "segment_prod": [
        (lambda k, x, i: k.segment_prod(x, i, num_segments=4), value("n"), NUMBERS),
        (lambda k, x, i: k.segment_prod(x, i - 1, num_segments=3), CUBE, NUMBERS),
    ],
    "segment_sum": [
        (lambda k, x, i: k.segment_sum(x, i, num_segments=4), value("n"), NUMBERS),
        (lambda k, x, i: k.segment_sum(x, i, num_segments=3), CUBE, NUMBERS),
        (lambda k, x, i: k.segment_sum(x, i, num_segments=3), CUBE, value("n", dtype="int32", low=-3, high=3)),
    ],
    "select": [(lambda k, x, y: k.select([x < -1, x > 1], [x, y * 2], y), X, X)],
    "selu": [(lambda k, x: k.selu(x), X)],
    "separable_conv": [
        (
            lambda k, x, w, v: k.separable_conv(x, w, v, 2, "same"),
            *(value("n", 3, 3, 2), value(2, 2, 2, 1), value(1, 1, 2, 3)),
        ),
        (
            lambda k, x, w, v: k.separable_conv(x, w, v, data_format="channels_first"),
            *(value("n", 2, 4), value(2, 2, 2), value(1, 4, 1)),
        ),
    ],
    "shape": [],
    "sigmoid": [(lambda k, x: k.sigmoid(x), X)],
    "sign": [(lambda k, x: k.sign(x), X)],
    "signbit": [(lambda k, x: k.signbit(x), X)],
    "silu": [(lambda k, x: k.silu(x), X)],
    "sin": [(lambda k, x: k.sin(x), X)],
    "sinc": [(lambda k, x: k.sinc(x), X)],
    "sinh": [(lambda k, x: k.sinh(x), X)],
    "size": [],
    "slice": [(lambda k, x: [k.slice(x, (1, 0), (2, 3)), k.slice(x, (0, 1), (4, 1))], value(4, 3))],
    "slice_update": [(lambda k, x, y: k.slice_update(x, (1, 0), y), value(4, 3), value(2, 2))],
    "slogdet": [
        (lambda k, x: list(k.slogdet(regular(k, x))), value(3, 3)),
        (lambda k, x: k.slogdet(regular(k, x))[1], SQUARE),
    ],
    "soft_shrink": [(lambda k, x: [k.soft_shrink(x), k.soft_shrink(x, threshold=1.5)], X)],
    "softmax": [(lambda k, x: [k.softmax(x), k.softmax(x, axis=1)], CUBE)],
    "softplus": [(lambda k, x: k.softplus(x), X)],
    "softsign": [(lambda k, x: k.softsign(x), X)],
    "solve": [
        (lambda k, a, b: k.solve(regular(k, a), b), SQUARE, value("n", 3, 2)),
        (lambda k, a, b: k.solve(regular(k, a), b), value(3, 3), value(3)),
    ],
    "solve_triangular": [
        (lambda k, a, b: k.solve_triangular(k.triu(regular(k, a)), b), SQUARE, value("n", 3, 2)),
        (lambda k, a, b: k.solve_triangular(k.tril(regular(k, a)), b, lower=True), value(3, 3), value(3, 1)),
    ],
    "sort": [(lambda k, x: [k.sort(x), k.sort(x, axis=1), k.sort(x, axis=0)], CUBE)],
    "space_to_depth": [(lambda k, x: k.space_to_depth(x, 2), value("n", 2, 4, 1))],
    "sparse_categorical_crossentropy": [
        (lambda k, t, x: k.sparse_categorical_crossentropy(t, x), NUMBERS, PROBABILITIES),
        (lambda k, t, x: k.sparse_categorical_crossentropy(t, x, from_logits=True), NUMBERS, X),
        (
            lambda k, t, x: k.sparse_categorical_crossentropy(t, x, from_logits=True),
            value("n", 2, dtype="int32", low=0),
            CUBE,
        ),
    ],
    "sparse_plus": [(lambda k, x: k.sparse_plus(x), X)],
    "sparse_sigmoid": [(lambda k, x: k.sparse_sigmoid(x), X)],
    "sparsemax": [(lambda k, x: [k.sparsemax(x), k.sparsemax(x, axis=1)], CUBE), (lambda k, x: k.sparsemax(x), ROW)],
    "split": [
        (lambda k, x: [*k.split(x, 3, axis=1), *k.split(x, [1, 2], axis=-1)], X),
        (lambda k, x: k.split(x, 2), value(4, 3)),
    ],
    "sqrt": [(lambda k, x: k.sqrt(x), POSITIVE)],
    "square": [(lambda k, x: k.square(x), X)],
    "squareplus": [(lambda k, x: [k.squareplus(x), k.squareplus(x, b=0.5)], X)],
    "squeeze": [(lambda k, x: [k.squeeze(x), k.squeeze(x, 1), k.squeeze(x, axis=(-1, 1))], value("n", 1, 3, 1))],
    "stack": [
        (lambda k, x, y: [k.stack([x, y]), k.stack([x, y], axis=-1), k.stack([x, y, x], axis=1)], X, X),
    ],
    "std": [(lambda k, x: [k.std(x), k.std(x, axis=1), k.std(x, axis=(0, 2), keepdims=True)], CUBE)],
    "stft": [
        (lambda k, x: k.stft(x, 4, 2, 4), value("n", 8)),
        (lambda k, x: [*k.stft(x, 2, 2, 4, window="hamming"), *k.stft(x, 4, 3, 5, None)], value(9)),
        (lambda k, x: k.stft(x, 4, 4, 4, center=False), value("n", 2, 8)),
    ],
    "stop_gradient": [],
    "subtract": [(lambda k, x, y: k.subtract(x, y), ROW, X), (lambda k, x: 1 - x, X)],
    "sum": [
        (lambda k, x: [k.sum(x), k.sum(x, axis=0), k.sum(x, axis=-2), k.sum(x, axis=(0, 2), keepdims=True)], CUBE),
        (lambda k, x: k.sum(x), value()),
    ],
    "svd": [
        (lambda k, x: [k.abs(each) for each in k.svd(regular(k, x))], SQUARE),
        (lambda k, x: [k.abs(each) for each in k.svd(x, full_matrices=False)], TALL),
        (lambda k, x: k.svd(x, compute_uv=False), WIDE),
    ],
    "swapaxes": [(lambda k, x: [k.swapaxes(x, 0, 1), k.swapaxes(x, -1, 0)], CUBE)],
    "swish": [(lambda k, x: k.swish(x), X)],
    "switch": [
        (lambda k, i, x: k.switch(i, [k.sin, lambda y: y * y], x), value(dtype="int32", low=0, high=2), value(4, 3)),
    ],
    "take": [
        (lambda k, x: [k.take(x, [0, 2, 0], axis=1), k.take(x, [[1], [0]], axis=-1), k.take(x, 1, axis=1)], X),
        (lambda k, x, i: k.take(x, i, axis=0), value(4, 3), value("n", 2, dtype="int32", low=0, high=4)),
        (lambda k, x: k.take(x, [5, 0, -1]), value(4, 3)),
    ],
    "take_along_axis": [
        (lambda k, x, i: k.take_along_axis(x, i, axis=1), X, value("n", 2, dtype="int32", low=-3, high=3)),
        (lambda k, x, i: k.take_along_axis(x, i, axis=0), value(4, 3), value(5, 3, dtype="int32", low=-4, high=4)),
        (lambda k, x, i: k.take_along_axis(x, i, axis=-1), CUBE, value(1, 1, 2, dtype="int32", low=0, high=3)),
        (lambda k, x: k.take_along_axis(x, np.int32([5, 0, -1, 0])), value(2, 3)),
    ],
    "tan": [(lambda k, x: k.tan(x), UNIT)],
    "tanh": [(lambda k, x: k.tanh(x), X)],
    "tanh_shrink": [(lambda k, x: k.tanh_shrink(x), X)],
    "tensordot": [
        (lambda k, x, y: k.tensordot(x, y, axes=1), CUBE, value(3, 2)),
        (lambda k, x, y: k.tensordot(x, y), CUBE, value(2, 3, 4)),
        (lambda k, x, y: k.tensordot(x, y, axes=[[0], [1]]), value(3, 2), value(4, 3)),
    ],
    "threshold": [(lambda k, x: [k.threshold(x, 0.5, 0.0), k.threshold(x, -1.0, 7.0)], X)],
    "tile": [
        (lambda k, x: [k.tile(x, 2), k.tile(x, (2, 3)), k.tile(x, (2, 1, 1))], X),
        (lambda k, x: k.tile(x, (1, 2)), ROW),
    ],
    "top_k": [
        (lambda k, x: [*k.top_k(x, 2), *k.top_k(x, k=1, sorted=True)], X),
        (lambda k, x: list(k.top_k(x, 3)), value("n", 2, 5)),
    ],
    "trace": [(lambda k, x: [k.trace(x), k.trace(x, offset=1)], value(3, 3)), (lambda k, x: k.trace(x, 0, 1, 2), CUBE)],
    "transpose": [(lambda k, x: [k.transpose(x), k.transpose(x, (0, 2, 1)), k.transpose(x, axes=[1, 2, 0])], CUBE)],
    "trapezoid": [
        (lambda k, x: [k.trapezoid(x), k.trapezoid(x, dx=0.5, axis=1), k.trapezoid(x, axis=0)], CUBE),
    ],
    "tri": [(lambda k: [k.tri(3), k.tri(2, 3, k=1), k.tri(3, k=-1, dtype="int32")],)],
    "tril": [(lambda k, x: [k.tril(x), k.tril(x, k=1), k.tril(x, k=-1)], CUBE)],
    "triu": [(lambda k, x: [k.triu(x), k.triu(x, k=1), k.triu(x, k=-1)], CUBE)],
    "true_divide": [(lambda k, x, y: k.true_divide(x, y), X, POSITIVE)],
    "trunc": [(lambda k, x: k.trunc(x), X)],
    "unfold": [
        (lambda k, x: k.unfold(x, (2, 3), padding=(1, 0), stride=2), value(4, 1, 3, 4)),
        (lambda k, x: k.unfold(x, 2, dilation=2), value(2, 2, 3, 3)),
    ],
    "unique": [
        (lambda k, x: k.unique(x, size=6), X),
        (
            lambda k, x: k.unique(x, sorted=False, return_inverse=True, return_counts=True, size=5, fill_value=7),
            X,
        ),
        (
            lambda k, x: k.unique(x, return_inverse=True, return_counts=True, axis=0, size=9),
            X,
        ),
        (lambda k, x: k.unique(x, return_index=True, size=1), X),
    ],
    "unravel_index": [(lambda k, i: k.unravel_index(i, (2, 1, 2)), NUMBERS)],
    "unstack": [(lambda k, x: k.unstack(x, axis=1), CUBE), (lambda k, x: k.unstack(x, 4), value(4, 3))],
    "vander": [
        (lambda k, x: [k.vander(x, 4), k.vander(x, N=2, increasing=True)], value("n")),
        (lambda k, x: k.vander(x), value(3)),
    ],
    "var": [(lambda k, x: [k.var(x), k.var(x, axis=1), k.var(x, axis=(0, 2), keepdims=True)], CUBE)],
    "vdot": [(lambda k, x, y: k.vdot(x, y), value(2, 3), value(2, 3))],
    "vectorize": [(lambda k, x: k.vectorize(lambda a, b: a * k.sin(b))(x, x[:1]), value(4, 3))],
    "vectorized_map": [
        (lambda k, x, y: k.vectorized_map(lambda rows: rows[0] * rows[1], (x, y)), value(4, 3), value(4, 3))
    ],
    "view": [(lambda k, x: [k.view(x, "int32"), k.view(x, "uint8")], value("n", 3, dtype="uint32", low=1, high=9))],
    "view_as_complex": [(lambda k, x: k.abs(k.view_as_complex(x)), PAIRS)],
    "view_as_real": [(lambda k, x, y: [k.view_as_real(k.polar(x, y)), k.view_as_real(x)], X, ROW)],
    "vsplit": [(lambda k, x: k.vsplit(x, 2), value(4, 3))],
    "vstack": [(lambda k, x, y: k.vstack([x, y]), X, value(2, 3))],
    "where": [
        (lambda k, c, x, y: k.where(c, x, y), FLAGS, X, ROW),
        (lambda k, c, x: k.where(c, x, 0.0), FLAGS, X),
    ],
    "while_loop": [(lambda k, x: k.while_loop(lambda v: k.max(v) > 0.1, lambda v: k.sin(v) * 0.5, x), X)],
    "zeros": [(lambda k: [k.zeros((2, 3)), k.zeros(0), k.zeros((), dtype="bool")],)],
    "zeros_like": [(lambda k, x: [k.zeros_like(x), k.zeros_like(x, dtype="bool")], X)],
}

IMAGE = value("n", 3, 4, 1, low=0.0, high=1.0)
COLORS = value("n", 2, 2, 3, low=0.0, high=1.0)
TRANSFORMS = value("n", 8, low=-0.2, high=0.9)
AFFINE = np.float32([[0.9, 0.1, 0.2, 0, 1.1, 0, 0, 0]] * 2)
CORNERS = np.float32([[0, 0], [3, 0], [0, 2], [3, 2]])

# The ops of `ops.image`.
IMAGES = {
    "image.affine_transform": [
        *(
            (lambda k, x, t, m=m: k.image.affine_transform(x, t, fill_mode=m, fill_value=0.5), IMAGE, TRANSFORMS)
            for m in ("constant", "reflect")
        ),
        (lambda k, x, t: k.image.affine_transform(x, t, "nearest", "wrap"), IMAGE, TRANSFORMS),
        (
            lambda k, x: k.image.affine_transform(x, AFFINE, data_format="channels_first"),
            value(2, 1, 3, 4),
        ),
    ],
    "image.crop_images": [
        (lambda k, x: k.image.crop_images(x, 1, 0, target_height=2, target_width=3), IMAGE),
        (lambda k, x: k.image.crop_images(x, 1, 0, 0, 2), IMAGE),
    ],
    "image.elastic_transform": [(lambda k, x: k.image.elastic_transform(x, 1.0, 0.5, seed=1), IMAGE)],
    "image.extract_patches": [
        (lambda k, x: k.image.extract_patches(x, 2), IMAGE),
        (lambda k, x: k.image.extract_patches(x, (2, 3), strides=1, padding="same"), IMAGE),
        (lambda k, x: k.image.extract_patches(x, 2, 1, 2, data_format="channels_first"), value("n", 1, 3, 4)),
    ],
    "image.extract_patches_3d": [
        (lambda k, x: k.image.extract_patches_3d(x, (1, 2, 2), 1, padding="same"), value("n", 2, 2, 2, 1)),
        (lambda k, x: k.image.extract_patches_3d(x, 2), value("n", 2, 3, 2, 1)),
    ],
    "image.gaussian_blur": [
        (lambda k, x: k.image.gaussian_blur(x, (3, 2), (0.5, 1.5), "channels_last"), IMAGE),
        (lambda k, x: k.image.gaussian_blur(x, data_format="channels_first"), value("n", 1, 3, 4)),
    ],
    "image.hsv_to_rgb": [(lambda k, x: k.image.hsv_to_rgb(x), COLORS)],
    "image.map_coordinates": [
        *(
            (lambda k, x, c, m=m: k.image.map_coordinates(x, c, 1, m), X, value(2, 2, 3, low=-4.0, high=6.0))
            for m in ("constant", "nearest", "wrap", "mirror", "reflect")
        ),
        (lambda k, x, c: k.image.map_coordinates(x, c, 0, fill_value=2.0), X, value(2, 5, low=-1.0, high=4.0)),
        (lambda k, x, c: k.image.map_coordinates(x, c, 1, "nearest"), value(4), value(1, 5, low=-1.0, high=4.0)),
    ],
    "image.pad_images": [
        (lambda k, x: k.image.pad_images(x, 1, 0, target_height=9, target_width=8), IMAGE),
        (lambda k, x: k.image.pad_images(x, 1, 0, 0, 2), IMAGE),
    ],
    "image.perspective_transform": [
        (
            lambda k, x, a: k.image.perspective_transform(x, a + CORNERS, 0 * a + CORNERS, fill_value=0.5),
            *(IMAGE, value("n", 4, 2, low=-0.4, high=0.4)),
        ),
        (
            lambda k, x, a, b: k.image.perspective_transform(x, a + CORNERS, b + CORNERS, fill_value=0.5),
            *(value(1, 3, 4, 1), value(1, 4, 2, low=-0.4, high=0.4), value(1, 4, 2, low=-0.4, high=0.4)),
        ),
    ],
    "image.resize": [
        *(
            (lambda k, x, i=i: [k.image.resize(x, (6, 3), i), k.image.resize(x, (3, 7), i, antialias=True)], IMAGE)
            for i in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
        ),
        (lambda k, x: k.image.resize(x, (3, 3), crop_to_aspect_ratio=True), IMAGE),
        (lambda k, x: k.image.resize(x, (3, 3), pad_to_aspect_ratio=True, fill_value=0.5), IMAGE),
    ],
    "image.rgb_to_grayscale": [
        (lambda k, x: k.image.rgb_to_grayscale(x), COLORS),
        (lambda k, x: k.image.rgb_to_grayscale(x, "channels_first"), value("n", 3, 2, 4)),
    ],
    "image.rgb_to_hsv": [(lambda k, x: k.image.rgb_to_hsv(x), COLORS)],
    "image.scale_and_translate": [
        (
            lambda k, x, s, t: k.image.scale_and_translate(x, (2, 5, 1), s, t, (0, 1), "cubic", antialias=False),
            *(value(3, 4, 1), value(2, low=0.6, high=2.0), value(2, low=-1.1, high=1.1)),
        ),
        (
            lambda k, x: k.image.scale_and_translate(x, (2, 3), np.ones(2, "f"), np.zeros(2, "f"), (0, 1), "linear"),
            value(3, 3),
        ),
    ],
    "image.sobel_edges": [
        (lambda k, x: k.image.sobel_edges(x), IMAGE),
        (lambda k, x: k.image.sobel_edges(x, "channels_first"), value("n", 1, 3, 4)),
    ],
    "image.ssim": [
        (lambda k, x, y: k.image.ssim(x, y, filter_size=3), IMAGE, IMAGE),
        (lambda k, x, y: k.image.ssim(x, y, 2.0, 2, 0.5, 0.1, 0.2, "channels_first"), *[value(2, 3, 4)] * 2),
    ],
}

# No numbers flow through these, so there is no gradient; or it is 0 wherever it exists.
NOT_DIFFERENTIABLE = {
    "all",
    "allclose",
    "any",
    "arange",
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "bartlett",
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "blackman",
    "ceil",
    "count_nonzero",
    "ctc_decode",
    "digitize",
    "empty",
    "empty_like",
    "equal",
    "eye",
    "floor",
    "floor_divide",
    "full",
    "full_like",
    "gcd",
    "greater",
    "greater_equal",
    "hamming",
    "hanning",
    "heaviside",
    "identity",
    "in_top_k",
    "isclose",
    "isfinite",
    "isin",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "isreal",
    "kaiser",
    "lcm",
    "left_shift",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "matrix_rank",
    "multi_hot",
    "nanargmax",
    "nanargmin",
    "nonzero",
    "not_equal",
    "one_hot",
    "ones",
    "ones_like",
    "right_shift",
    "round",
    "searchsorted",
    "sign",
    "signbit",
    "tri",
    "trunc",
    "unravel_index",
    "view",
    "zeros",
    "zeros_like",
}

# Cases in which Keras on TensorFlow differs from Keras on JAX, the reference here: see compat/test_images.py.
DIFFERENT_ON_TENSORFLOW = {
    *("image.affine_transform-2", "image.elastic_transform-0", "image.gaussian_blur-0", "image.map_coordinates-3"),
    *("image.map_coordinates-4", "image.resize-2", "image.sobel_edges-0", "image.sobel_edges-1"),
}


def each_case():
    """Every case as `(id, op name, function, values)`."""
    for name, cases in {**CASES, **IMAGES}.items():
        for number, (function, *values) in enumerate(cases):
            yield f"{name}-{number}", name, function, values
