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
}


@pytest.mark.parametrize("function", OPS.values(), ids=OPS)
def test_ops(function, tmp_path):
    found, expected = exported(function, tmp_path / "a.onnx"), np.asarray(function(X))
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


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
    with pytest.raises(NotSupportedError, match="`floor_divide` of integers"):
        exported(lambda x: ops.floor_divide(x, 2), tmp_path / "a.onnx", X.astype("int32"))
    with pytest.raises(NotSupportedError, match="the model uses `arctan2`, which cannot be exported to ONNX"):
        exported(lambda x: ops.arctan2(x, 2.0), tmp_path / "a.onnx")
