"""The ONNX nodes for single ops, run by onnxruntime. `test_export.py` has layers and models."""

import numpy as np
import pytest

from minikeras import Model, layers, ops
from minikeras.errors import NotSupportedError
from minikeras.saving.onnx.nodes import COMPOSED, SAME, SPECIAL

onnxruntime = pytest.importorskip("onnxruntime")
X = np.float32([[0.5, -1.25, 3.0, 2.5], [-2.0, 0.75, 1.5, -0.5], [1.0, 4.0, -3.5, 0.25]])


def exported(function, path, x=X):
    """What an exported graph with one op gives."""
    inputs = layers.Input(x.shape[1:], dtype=str(x.dtype))
    Model(inputs, function(inputs)).export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(path))
    return session.run(None, {session.get_inputs()[0].name: x})[0]


def test_a_primitive_is_written_in_one_way():
    assert not set(SAME) & set(COMPOSED) and not set(SPECIAL) & (set(SAME) | set(COMPOSED))


OPS = {
    "exp2": lambda x: ops.exp2(x),
    "expm1": lambda x: ops.expm1(x),
    "floor_divide": lambda x: ops.floor_divide(x, 0.75),
    "hypot": lambda x: ops.hypot(x, 2.0),
    "isfinite": lambda x: ops.isfinite(ops.true_divide(x, ops.relu(x))),
    "log10": lambda x: ops.log10(ops.abs(x)),
    "log1p": lambda x: ops.log1p(ops.abs(x)),
    "logaddexp": lambda x: ops.logaddexp(x, 1.0),
    "mod": lambda x: ops.mod(x, 0.75),
    "not_equal": lambda x: ops.not_equal(x, 0.5),
    "rsqrt": lambda x: ops.rsqrt(ops.abs(x)),
    "trunc": lambda x: ops.trunc(x),
    "argmax": lambda x: ops.argmax(x, axis=-1),
    "any": lambda x: ops.any(x > 2.75, axis=-1),
    "all": lambda x: ops.all(x > -2.5, axis=-1, keepdims=True),
    "mean": lambda x: ops.mean(x, axis=0),
    "cumsum": lambda x: ops.cumsum(x, axis=1),
    "pad": lambda x: ops.pad(x, ((0, 0), (1, 2)), constant_values=7.0),
    "one_hot": lambda x: ops.one_hot(ops.argmax(x, axis=-1), 4),
    "tril": lambda x: ops.tril(ops.expand_dims(x, 1) * ops.ones((4, 1)), k=-1),
    "top_k": lambda x: ops.top_k(x, 2)[1],
    "take": lambda x: ops.take(x, [3, 0], axis=1),
    "transpose": lambda x: ops.transpose(ops.reshape(x, (-1, 2, 2)), (0, 2, 1)),
    "where": lambda x: ops.where(x > 0, x, -2.0),
    "hard_shrink": lambda x: ops.hard_shrink(x, 0.75),
    "soft_shrink": lambda x: ops.soft_shrink(x, 0.75),
    "tanh_shrink": lambda x: ops.tanh_shrink(x),
    "hard_tanh": lambda x: ops.hard_tanh(x),
    "celu": lambda x: ops.celu(x, 0.5),
    "elu": lambda x: ops.elu(x, 0.5),
    "leaky_relu": lambda x: ops.leaky_relu(x, 0.3),
    "selu": lambda x: ops.selu(x),
    "relu6": lambda x: ops.relu6(4 * x),
    "log_sigmoid": lambda x: ops.log_sigmoid(x),
    "softsign": lambda x: ops.softsign(x),
    "softplus": lambda x: ops.softplus(x),
    "erf": lambda x: ops.erf(x),
    "log2": lambda x: ops.log2(ops.abs(x)),
    "square": lambda x: ops.square(x),
    "divide_no_nan": lambda x: ops.divide_no_nan(x, ops.relu(x)),
    "round": lambda x: ops.round(x),
    "mod of a negative": lambda x: ops.mod(x, -0.75),
    "logical_xor": lambda x: ops.logical_xor(x > 2, x < 0),
    "argmin": lambda x: ops.argmin(x, axis=-1),
    "min": lambda x: ops.min(x, axis=-1),
    "triu": lambda x: ops.triu(ops.expand_dims(x, 1) * ops.ones((4, 1)), k=1),
    "negative indices": lambda x: ops.take(x, [-1, 0], axis=1),
}


@pytest.mark.parametrize("function", OPS.values(), ids=OPS)
def test_ops(function, tmp_path):
    found, expected = exported(function, tmp_path / "a.onnx"), np.asarray(function(X))
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_small_values_keep_their_digits(tmp_path):
    """1 + 1e-8 is 1 in float32."""
    x = np.float32([[1e-8, -1e-8, 0.5, -0.5, 3.0, 1e-3, 0.0, 80.0]])
    found = exported(ops.expm1, tmp_path / "a.onnx", x)
    np.testing.assert_allclose(found, np.expm1(x.astype("float64")), rtol=1e-6)
    x[x == 80] = 1e30
    found = exported(ops.log1p, tmp_path / "a.onnx", x)
    np.testing.assert_allclose(found, np.log1p(x.astype("float64")), rtol=1e-6)


def test_large_and_infinite_values(tmp_path):
    x = np.float32([[np.inf, -np.inf, 2e25, 0.0, -1e30]])
    np.testing.assert_array_equal(exported(ops.expm1, tmp_path / "a.onnx", x), [[np.inf, -1, np.inf, 0, -1]])
    np.testing.assert_array_equal(exported(ops.log1p, tmp_path / "a.onnx", x[:, [0, 3]]), [[np.inf, 0]])
    found = exported(lambda x: ops.hypot(x, 0.75 * x), tmp_path / "a.onnx", x)
    np.testing.assert_allclose(found, [[np.inf, np.inf, 2.5e25, 0, 1.25e30]], rtol=1e-6)
    found = exported(lambda x: ops.logaddexp(x, x), tmp_path / "a.onnx", x)
    np.testing.assert_allclose(found, [[np.inf, -np.inf, 2e25, np.log(2), -1e30]], rtol=1e-6)


def test_classes_that_do_not_exist_have_no_one(tmp_path):
    x = np.int32([[-1, 0, 2, 3]])  # to the node OneHot, -1 is the last class
    found = exported(lambda x: ops.one_hot(x, 3), tmp_path / "a.onnx", x)
    np.testing.assert_array_equal(found, [[[0, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]]])
    found = exported(lambda x: ops.one_hot(x, 3), tmp_path / "a.onnx", np.float32([[1.0, 1.5]]))
    np.testing.assert_array_equal(found, [[[0, 1, 0], [0, 0, 0]]])


@pytest.mark.parametrize(("function", "expected"), [(ops.isnan, False), (ops.isinf, False), (ops.isfinite, True)])
def test_integers_are_finite(function, expected, tmp_path):
    assert exported(function, tmp_path / "a.onnx", np.int32([[3, 4]])).tolist() == [[expected, expected]]


KEYS = {
    "integer": np.s_[:, 1],
    "last": np.s_[:, -1],
    "slice": np.s_[:, 1:3],
    "steps": np.s_[:, ::2],
    "reversed": np.s_[:, ::-1],
    "new axis": np.s_[:, None, 1:],
    "ellipsis": np.s_[..., 2],
    "rows": np.s_[1:],
    "all but one row": np.s_[:-1, 0],
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_indexing(key, tmp_path):
    np.testing.assert_array_equal(exported(lambda x: x[key], tmp_path / "a.onnx"), X[key])


def test_dtypes_are_made_common(tmp_path):
    found = exported(lambda x: ops.cast(x, "int32") * 0.5, tmp_path / "a.onnx")
    np.testing.assert_array_equal(found, X.astype("int32") * np.float32(0.5))


def test_what_onnx_has_not(tmp_path):
    with pytest.raises(NotSupportedError, match="the model uses `erfinv`, which cannot be exported to ONNX"):
        exported(lambda x: ops.erfinv(x), tmp_path / "a.onnx")


@pytest.mark.parametrize("divisor", [2, -3])
def test_floor_division_of_integers(divisor, tmp_path):
    x = np.arange(-7, 8, dtype="int32").reshape(5, 3)
    found = exported(lambda x: ops.floor_divide(x, divisor), tmp_path / "a.onnx", x)
    assert found.tolist() == (x // divisor).tolist()
