"""numpy's functions on traced values: each either does what numpy does, with a gradient, or says that it does not."""

import inspect

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, layers, ops
from minikeras.engine import tree
from minikeras.engine.gradients import gradients
from minikeras.engine.numpy_calls import _FUNCTIONS, _OTHERS, _found, _Rule
from minikeras.engine.registry import find
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.errors import NotSupportedError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, plans_of

RNG = np.random.default_rng(0)
X = RNG.uniform(0.1, 0.9, (4, 3)).astype("float32")
Y = RNG.uniform(0.1, 0.9, (4, 3)).astype("float32")
SQUARE, CUBE = X[:3], RNG.uniform(0.1, 0.9, (2, 3, 4)).astype("float32")
ROW = X[0]

# Each function of numpy that is differentiated, as a function of x: (4, 3), y: (4, 3), square, cube and row.
CALLS = {
    "all": lambda x, y, s, c, r: np.all(x > 0.5, axis=1),
    "allclose": lambda x, y, s, c, r: np.allclose(x, b=y, rtol=0.1),
    "amax": lambda x, y, s, c, r: [np.amax(x, 0), np.amax(x, axis=1, initial=0.5)],
    "amin": lambda x, y, s, c, r: np.amin(a=x, keepdims=True),
    "any": lambda x, y, s, c, r: np.any(x > 0.8, 0, keepdims=True),
    "append": lambda x, y, s, c, r: [np.append(x, y), np.append(x, values=y, axis=1)],
    "argmax": lambda x, y, s, c, r: [np.argmax(x), np.argmax(x, axis=1)],
    "argmin": lambda x, y, s, c, r: np.argmin(x, 0, keepdims=True),
    "argsort": lambda x, y, s, c, r: np.argsort(x, axis=0),
    "around": lambda x, y, s, c, r: np.around(x, 1),
    "array_split": lambda x, y, s, c, r: np.array_split(x, 3),
    "atleast_1d": lambda x, y, s, c, r: [np.atleast_1d(np.sum(x)), np.atleast_1d(x)],
    "atleast_2d": lambda x, y, s, c, r: [*np.atleast_2d(r, x), np.atleast_2d(np.sum(x))],
    "average": lambda x, y, s, c, r: [np.average(x, axis=1), np.average(x, weights=y), np.average(x, 1, weights=r)],
    "broadcast_to": lambda x, y, s, c, r: np.broadcast_to(r, (2, 3)),
    "clip": lambda x, y, s, c, r: [np.clip(x, 0.2, 0.6), np.clip(x, None, y), np.clip(x, 0.3, None)],
    "column_stack": lambda x, y, s, c, r: [np.column_stack([r, r]), np.column_stack((x, y))],
    "concatenate": lambda x, y, s, c, r: [np.concatenate([x, y]), np.concatenate((x, y), axis=1), np.concat([r, r])],
    "copy": lambda x, y, s, c, r: np.copy(x),
    "count_nonzero": lambda x, y, s, c, r: np.count_nonzero(x > 0.5, axis=1),
    "cross": lambda x, y, s, c, r: [np.cross(x, y), np.cross(x, r, axisa=-1)],
    "cumsum": lambda x, y, s, c, r: [np.cumsum(x), np.cumsum(x, axis=1)],
    "diag": lambda x, y, s, c, r: [np.diag(r), np.diag(x, k=1)],
    "diagflat": lambda x, y, s, c, r: [np.diagflat(x), np.diagflat(r, k=-1)],
    "diagonal": lambda x, y, s, c, r: np.diagonal(c, 1, axis1=1, axis2=2),
    "diff": lambda x, y, s, c, r: [np.diff(x), np.diff(x, n=2, axis=0)],
    "dot": lambda x, y, s, c, r: [np.dot(x, s), np.dot(r, r), np.dot(x, r)],
    "dsplit": lambda x, y, s, c, r: [*np.dsplit(c, 2), *np.dsplit(c, [1, 3])],
    "dstack": lambda x, y, s, c, r: np.dstack((x, y)),
    "einsum": lambda x, y, s, c, r: [np.einsum("ij,kj->ik", x, y), np.einsum("ij,ij", x, y, optimize=True)],
    "empty_like": lambda x, y, s, c, r: np.empty_like(x) * 0,
    "expand_dims": lambda x, y, s, c, r: [np.expand_dims(x, -1), np.expand_dims(x, axis=(0, 1))],
    "fix": lambda x, y, s, c, r: np.fix(x * 3),
    "flip": lambda x, y, s, c, r: [np.flip(x), np.flip(c, axis=(0, 2))],
    "fliplr": lambda x, y, s, c, r: np.fliplr(x),
    "flipud": lambda x, y, s, c, r: np.flipud(x),
    "full_like": lambda x, y, s, c, r: np.full_like(x, 3.0),
    "hsplit": lambda x, y, s, c, r: np.hsplit(x, [1]),
    "hstack": lambda x, y, s, c, r: [np.hstack([x, y]), np.hstack((r, r))],
    "inner": lambda x, y, s, c, r: [np.inner(x, y), np.inner(r, r)],
    "isclose": lambda x, y, s, c, r: np.isclose(x, y, atol=0.1),
    "isin": lambda x, y, s, c, r: [np.isin(x, r), np.isin(x, [0.5], invert=True)],
    "kron": lambda x, y, s, c, r: [np.kron(x, y), np.kron(r, b=r)],
    "linalg.cholesky": lambda x, y, s, c, r: np.linalg.cholesky(x.T @ x),
    "linalg.cross": lambda x, y, s, c, r: [np.linalg.cross(x, y), np.linalg.cross(x.T, y.T, axis=0)],
    "linalg.det": lambda x, y, s, c, r: np.linalg.det(s),
    "linalg.diagonal": lambda x, y, s, c, r: np.linalg.diagonal(c, offset=1),
    "linalg.eigh": lambda x, y, s, c, r: np.linalg.eigh(s + s.T)[0],
    "linalg.inv": lambda x, y, s, c, r: np.linalg.inv(s),
    "linalg.matmul": lambda x, y, s, c, r: np.linalg.matmul(x, s),
    "linalg.matrix_rank": lambda x, y, s, c, r: [np.linalg.matrix_rank(x), np.linalg.matrix_rank(x, 9.0)],
    "linalg.matrix_transpose": lambda x, y, s, c, r: np.linalg.matrix_transpose(c),
    "linalg.norm": lambda x, y, s, c, r: [np.linalg.norm(x), np.linalg.norm(x, axis=1), np.linalg.norm(r, 1)],
    "linalg.outer": lambda x, y, s, c, r: np.linalg.outer(r, r),
    "linalg.pinv": lambda x, y, s, c, r: np.linalg.pinv(x),
    "linalg.qr": lambda x, y, s, c, r: [abs(each) for each in np.linalg.qr(x)],
    "linalg.slogdet": lambda x, y, s, c, r: np.linalg.slogdet(s)[1],
    "linalg.solve": lambda x, y, s, c, r: [np.linalg.solve(s, r), np.linalg.solve(s, b=y[:3])],
    "linalg.svd": lambda x, y, s, c, r: [np.linalg.svd(x, compute_uv=False), np.linalg.svd(x, False)[1]],
    "linalg.tensordot": lambda x, y, s, c, r: np.linalg.tensordot(x, y, axes=((0,), (0,))),
    "linalg.trace": lambda x, y, s, c, r: np.linalg.trace(c),
    "linspace": lambda x, y, s, c, r: np.linspace(r, 2.0, 4, axis=1),
    "matrix_transpose": lambda x, y, s, c, r: np.matrix_transpose(c),
    "max": lambda x, y, s, c, r: [np.max(x), np.max(x, axis=-1, keepdims=True)],
    "mean": lambda x, y, s, c, r: [np.mean(x), np.mean(x, 1), np.mean(a=c, axis=(0, 2), keepdims=True)],
    "meshgrid": lambda x, y, s, c, r: np.meshgrid(r, x[:, 0], indexing="ij"),
    "min": lambda x, y, s, c, r: np.min(x, axis=0),
    "moveaxis": lambda x, y, s, c, r: np.moveaxis(c, 0, -1),
    "nan_to_num": lambda x, y, s, c, r: np.nan_to_num(x, nan=0.5),
    "ndim": lambda x, y, s, c, r: np.ndim(x),
    "ones_like": lambda x, y, s, c, r: np.ones_like(x),
    "outer": lambda x, y, s, c, r: np.outer(r, x),
    "pad": lambda x, y, s, c, r: [
        np.pad(x, 1),
        np.pad(x, ((0, 1), (2, 0)), constant_values=3),
        np.pad(x, 1, mode="reflect"),
    ],
    "prod": lambda x, y, s, c, r: [np.prod(x), np.prod(x, axis=1)],
    "ptp": lambda x, y, s, c, r: np.ptp(x, axis=1),
    "ravel": lambda x, y, s, c, r: np.ravel(x),
    "repeat": lambda x, y, s, c, r: [np.repeat(x, 2), np.repeat(x, [1, 0, 2], axis=1)],
    "reshape": lambda x, y, s, c, r: [np.reshape(x, (2, 6)), np.reshape(x, -1)],
    "roll": lambda x, y, s, c, r: [np.roll(x, 1), np.roll(x, (1, 2), axis=(0, 1))],
    "rot90": lambda x, y, s, c, r: [np.rot90(x), np.rot90(x, 2), np.rot90(c, axes=(1, 2))],
    "round": lambda x, y, s, c, r: np.round(x, decimals=2),
    "searchsorted": lambda x, y, s, c, r: np.searchsorted(np.float32([0.2, 0.4]), x[0]),
    "select": lambda x, y, s, c, r: np.select([x > 0.6, x > 0.3], [x, y], default=2.0),
    "shape": lambda x, y, s, c, r: np.shape(x),
    "size": lambda x, y, s, c, r: [np.size(x), np.size(x, 1)],
    "sort": lambda x, y, s, c, r: [np.sort(x), np.sort(x, axis=0), np.sort(x, axis=None)],
    "split": lambda x, y, s, c, r: [*np.split(x, 2), *np.split(x, [1, 2], axis=1)],
    "squeeze": lambda x, y, s, c, r: np.squeeze(x[None]),
    "stack": lambda x, y, s, c, r: np.stack([x, y], axis=1),
    "std": lambda x, y, s, c, r: [np.std(x), np.std(x, axis=1, ddof=1), np.std(x, 0, keepdims=True, correction=1)],
    "sum": lambda x, y, s, c, r: [np.sum(x), np.sum(x, 1), np.sum(x, axis=0, keepdims=True)],
    "swapaxes": lambda x, y, s, c, r: np.swapaxes(c, 0, 2),
    "take": lambda x, y, s, c, r: [np.take(x, [0, 0], axis=1), np.take(x, 5)],
    "take_along_axis": lambda x, y, s, c, r: np.take_along_axis(x, np.argsort(x, axis=1), axis=1),
    "tensordot": lambda x, y, s, c, r: [np.tensordot(x, y), np.tensordot(x, y, axes=([1], [1]))],
    "tile": lambda x, y, s, c, r: [np.tile(x, 2), np.tile(r, (2, 2))],
    "trace": lambda x, y, s, c, r: [np.trace(s), np.trace(c, axis1=1, axis2=2)],
    "transpose": lambda x, y, s, c, r: [np.transpose(x), np.transpose(c, axes=(1, 0, 2))],
    "tril": lambda x, y, s, c, r: np.tril(x, -1),
    "triu": lambda x, y, s, c, r: np.triu(x, k=1),
    "unstack": lambda x, y, s, c, r: np.unstack(x, axis=1),
    "var": lambda x, y, s, c, r: [np.var(x), np.var(x, axis=(0, 1), ddof=1)],
    "vdot": lambda x, y, s, c, r: np.vdot(x, y),
    "vsplit": lambda x, y, s, c, r: np.vsplit(x, 2),
    "vstack": lambda x, y, s, c, r: [np.vstack([x, y]), np.vstack([r, r])],
    "where": lambda x, y, s, c, r: [np.where(x > 0.5, x, y), np.where(x > 0.5, 1.0, x)],
    "zeros_like": lambda x, y, s, c, r: np.zeros_like(x, dtype="float32"),
}
# numpy 2.0 has not all of them.
CALLS = {name: function for name, function in CALLS.items() if _found(name) is not None}
WITHOUT_GRADIENT = {
    *("all", "allclose", "any", "argmax", "argmin", "argsort", "around", "count_nonzero", "empty_like", "fix", "isin"),
    *("full_like", "isclose", "ndim", "ones_like", "round", "searchsorted", "shape", "size", "zeros_like"),
}
VALUES = (X, Y, SQUARE, CUBE, ROW)


def test_every_function_is_called_here():
    assert sorted(CALLS) == sorted(name for name in {**_FUNCTIONS, **_OTHERS} if _found(name) is not None)


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_the_ops_have_these_arguments(name):
    rule = _Rule(name, _FUNCTIONS[name])
    parameters = inspect.signature(find(rule._op)).parameters
    assert set(rule._named.values()) <= set(parameters)
    missing = [each for each, parameter in parameters.items() if parameter.default is parameter.empty]
    assert set(missing) <= set(rule._named.values())


@pytest.mark.parametrize("name", [name for name in _FUNCTIONS if _found(name) is not None])
def test_numpy_has_these_arguments(name):
    try:
        parameters = inspect.signature(_found(name)).parameters
    except ValueError:  # older numpys do not tell those of functions that are written in C
        return
    rule = _Rule(name, _FUNCTIONS[name])
    for added in set(parameters) - {*rule._named, *rule._refused}:  # by a newer numpy
        assert parameters[added].kind is parameters[added].KEYWORD_ONLY
        with pytest.raises(NotSupportedError, match=f"with {added}=True"):
            rule(**{added: True})
    positional = [each for each, parameter in parameters.items() if parameter.kind is not parameter.KEYWORD_ONLY]
    # numpy 2.0 calls the shape of `reshape` otherwise.
    as_ops_call_them = [rule._named.get(each, each) for each in rule._positional[: len(positional)]]
    assert as_ops_call_them == [rule._named.get(each, each) for each in positional]
    for own, parameter in parameters.items():
        if own in rule._named and parameter.default not in (parameter.empty, np._NoValue):
            ours = inspect.signature(find(rule._op)).parameters[rule._named[own]].default
            assert rule._defaults.get(rule._named[own], ours) == parameter.default, own


def test_an_argument_that_only_a_newer_numpy_has_is_refused():
    rule = _Rule("np.sort", "sort a:x axis")
    np.testing.assert_array_equal(rule(ROW, added=None), np.sort(ROW))
    with pytest.raises(NotSupportedError, match=r"np\.sort with added=True was applied"):
        rule(ROW, added=True)


@pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")  # since 2.5
@pytest.mark.parametrize("name", CALLS)
def test_values(name):
    expected = tree.flatten(CALLS[name](*VALUES))
    with Trace() as trace:
        received = tree.flatten(CALLS[name](*[Tensor(value, trace) for value in VALUES]))
        assert trace.replay_blocker is None
    for ours, theirs in zip(received, expected, strict=True):
        if isinstance(theirs, np.ndarray) and theirs.dtype.kind == "f":
            assert isinstance(ours, Tensor) or name in WITHOUT_GRADIENT
        values = np.asarray(getattr(ours, "array", ours))
        assert values.shape == np.shape(theirs)
        assert values.dtype == np.asarray(theirs).dtype or values.dtype.kind in "biu"  # Keras counts in int32
        np.testing.assert_allclose(values, theirs, rtol=2e-6)


@pytest.mark.parametrize("name", sorted(set(CALLS) - WITHOUT_GRADIENT))
def test_gradients(name):
    check_grads(lambda *values: CALLS[name](*values), *VALUES)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_symbolic(name):
    if name in ("tile", "linspace") or name in WITHOUT_GRADIENT:
        return
    expected = tree.flatten(CALLS[name](*VALUES))
    received = tree.flatten(CALLS[name](*[KerasTensor(value.shape) for value in VALUES]))
    assert [each.shape for each in received] == [np.shape(each) for each in expected]
    assert all(isinstance(each, KerasTensor) for each in received)


UFUNCS = {
    "unary": "absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conj cos cosh deg2rad degrees exp exp2 "
    "expm1 fabs floor isfinite isinf isnan log log10 log1p log2 negative positive rad2deg radians reciprocal rint "
    "sign signbit sin sinh sqrt square tan tanh trunc",
    "binary": "add arctan2 divide equal floor_divide fmax fmin fmod greater greater_equal heaviside hypot less "
    "less_equal logaddexp logaddexp2 matmul maximum minimum mod multiply not_equal power remainder subtract "
    "true_divide",
    "of booleans": "bitwise_and bitwise_or bitwise_xor logical_and logical_or logical_xor invert logical_not",
}
ALL_UFUNCS = sorted({getattr(np, name) for name in dir(np) if isinstance(getattr(np, name), np.ufunc)}, key=str)
REFUSED = "bitwise_count copysign divmod float_power frexp gcd isnat lcm ldexp left_shift matvec modf nextafter "
REFUSED += "right_shift spacing vecdot vecmat"
STEPS = "ceil floor floor_divide fix heaviside isfinite isinf isnan rint sign signbit trunc"


def test_every_ufunc_is_known():
    known = {getattr(np, name) for names in [*UFUNCS.values(), REFUSED] for name in names.split() if hasattr(np, name)}
    assert [ufunc.__name__ for ufunc in ALL_UFUNCS if ufunc not in known] == []


def inputs_of(ufunc, kind):
    if kind == "of booleans":
        return [X > 0.5, Y > 0.5][: ufunc.nin]
    if ufunc is np.matmul:
        return [X, Y.T.copy()]
    return [X + 1.0 if ufunc is np.arccosh else X, Y][: ufunc.nin]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in UFUNCS.items() for name in names.split()])
def test_ufuncs(kind, name):
    ufunc = getattr(np, name)
    inputs = inputs_of(ufunc, kind)
    with Trace() as trace:
        tensors = [Tensor(value, trace) for value in inputs]
        result = ufunc(*tensors)
        assert isinstance(result, Tensor) and result.dtype == ufunc(*inputs).dtype
        np.testing.assert_allclose(result.array, ufunc(*inputs), rtol=2e-6)
        if result.dtype.kind == "f" and name not in STEPS.split():
            assert all(grad is not None for grad in gradients(result, tensors))
        elif result.dtype.kind == "b":
            assert gradients(ops.cast(result, "float32"), tensors) == [None] * len(tensors)
    assert ufunc(*[KerasTensor(value.shape, value.dtype) for value in inputs]).dtype == result.dtype.name


METHODS = {
    "np.add.reduce": lambda x: [np.add.reduce(x), np.add.reduce(x, axis=1, keepdims=True), np.add.reduce(x, axis=None)],
    "np.multiply.reduce": lambda x: np.multiply.reduce(x, axis=1),
    "np.maximum.reduce": lambda x: np.maximum.reduce(x),
    "np.minimum.reduce": lambda x: np.minimum.reduce(x, axis=(0, 1)),
    "np.logical_and.reduce": lambda x: np.logical_and.reduce(x > 0.5),
    "np.logical_or.reduce": lambda x: np.logical_or.reduce(x > 0.5, axis=1),
    "np.add.accumulate": lambda x: [np.add.accumulate(x), np.add.accumulate(x, axis=1)],
    "np.subtract.outer": lambda x: np.subtract.outer(x[0], x[:, 0]),
    "np.multiply.outer": lambda x: np.multiply.outer(x, x),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_of_ufuncs(name):
    expected = tree.flatten(METHODS[name](X))
    with Trace() as trace:
        received = tree.flatten(METHODS[name](Tensor(X, trace)))
    for ours, theirs in zip(received, expected, strict=True):
        assert isinstance(ours, Tensor) and ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours.array, theirs, rtol=2e-6)
    if "logical" not in name:
        check_grads(METHODS[name], X)


ARRAY_METHODS = {
    "all": lambda x: (x > 0.5).all(),
    "any": lambda x: (x > 0.5).any(axis=0),
    "argmax": lambda x: x.argmax(1),
    "argmin": lambda x: x.argmin(),
    "argsort": lambda x: x.argsort(axis=0),
    "astype": lambda x: x.astype("float64"),
    "clip": lambda x: [x.clip(0.2, 0.5), x.clip(min=0.4), x.clip(max=0.4), x.clip(None, 0.6)],
    "copy": lambda x: x.copy(),
    "cumsum": lambda x: x.cumsum(axis=1),
    "diagonal": lambda x: x.diagonal(),
    "dot": lambda x: x.dot(x.T),
    "flatten": lambda x: x.flatten(),
    "max": lambda x: [x.max(), x.max(axis=0, keepdims=True)],
    "mean": lambda x: [x.mean(), x.mean(1), x.mean(axis=(0, 1))],
    "min": lambda x: x.min(-1),
    "mT": lambda x: x.mT,
    "prod": lambda x: x.prod(axis=1),
    "ravel": lambda x: x.ravel(),
    "repeat": lambda x: x.repeat(2, axis=0),
    "reshape": lambda x: [x.reshape(2, 6), x.reshape((3, -1)), x.reshape(-1)],
    "round": lambda x: x.round(1),
    "squeeze": lambda x: [x[None].squeeze(), x[None].squeeze(0)],
    "std": lambda x: x.std(axis=0, ddof=1),
    "sum": lambda x: [x.sum(), x.sum(0), x.sum(axis=1, keepdims=True)],
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "T": lambda x: x.T,
    "take": lambda x: x.take([0, 2], axis=1),
    "transpose": lambda x: [x.transpose(), x.transpose(1, 0), x.transpose((1, 0))],
    "var": lambda x: x.var(),
}


def test_every_method_of_arrays_is_called_here():
    own = minikeras.engine.array_methods.ArrayMethods
    assert sorted(ARRAY_METHODS) == sorted(name for name in vars(own) if not name.startswith("_"))


@pytest.mark.parametrize("name", ARRAY_METHODS)
def test_methods_of_arrays(name):
    expected = tree.flatten(ARRAY_METHODS[name](X))
    with Trace() as trace:
        received = tree.flatten(ARRAY_METHODS[name](Tensor(X, trace)))
        assert trace.replay_blocker is None
    symbolic = tree.flatten(ARRAY_METHODS[name](KerasTensor((4, 3))))
    of_variable = tree.flatten(ARRAY_METHODS[name](Variable(X)))
    for ours, shaped, stored, theirs in zip(received, symbolic, of_variable, expected, strict=True):
        assert isinstance(ours, Tensor) and ours.shape == np.shape(theirs) == shaped.shape
        np.testing.assert_allclose(ours.array, theirs, rtol=2e-6)
        np.testing.assert_allclose(stored, ours.array, rtol=2e-6)  # by numpy itself, outside of a step
    if expected[0].dtype.kind == "f" and name != "round":
        check_grads(ARRAY_METHODS[name], X)


NOT_DONE = {
    "np.unwrap": lambda x: np.unwrap(x),
    "np.fft.fft": lambda x: np.fft.fft(x),
    "np.linalg.cond": lambda x: np.linalg.cond(x[:3]),
    "np.interp": lambda x: np.interp(x, [0, 1], [0, 1]),
    "np.median": lambda x: np.median(x),
    "np.nonzero": lambda x: np.nonzero(x),
    "np.copyto": lambda x: np.copyto(np.zeros((4, 3)), x),
    "np.frexp": lambda x: np.frexp(x),
    "np.add.at": lambda x: np.add.at(np.zeros(3), [0], x),
    "np.add.reduceat": lambda x: np.add.reduceat(x, [0, 1]),
    "np.subtract.reduce": lambda x: np.subtract.reduce(x),
    "np.multiply.accumulate": lambda x: np.multiply.accumulate(x),
    "np.add with out=": lambda x: np.add(x, 1, out=np.zeros((4, 3), "float32")),
    "np.add with where=": lambda x: np.add(x, 1, where=np.ones((4, 3), bool)),
    "np.add with dtype=": lambda x: np.add(x, 1, dtype="float64"),
    "np.add.reduce with initial=": lambda x: np.add.reduce(x, initial=3.0),
    "np.sum with dtype=": lambda x: np.sum(x, dtype="float64"),
    "np.sum with where=": lambda x: np.sum(x, where=np.ones((4, 3), bool)),
    "np.sum with initial=2": lambda x: np.sum(x, initial=2),
    "np.mean with out=": lambda x: np.mean(x, out=np.zeros((), "float32")),
    "np.sort with order=": lambda x: np.sort(x, order="a"),
    "np.reshape with order='F'": lambda x: np.reshape(x, (3, 4), order="F"),
    "np.take with mode='clip'": lambda x: np.take(x, [9], mode="clip"),
    "np.concatenate with dtype=": lambda x: np.concatenate([x, x], dtype="float64"),
    "np.average with returned=True": lambda x: np.average(x, returned=True),
    "np.einsum with out=": lambda x: np.einsum("ij->i", x, out=np.zeros(4, "float32")),
    "np.einsum with lists of axes": lambda x: np.einsum(x, [0, 1]),
    "np.clip with out=": lambda x: np.clip(x, 0, 1, out=np.zeros((4, 3), "float32")),
    "np.meshgrid with sparse=True": lambda x: np.meshgrid(x[0], x[0], sparse=True),
    "np.pad with end_values=": lambda x: np.pad(x, 1, mode="linear_ramp", end_values=3),
    "np.std with dtype=": lambda x: np.std(x, dtype="float64"),
    "np.var with mean=": lambda x: np.var(x, mean=np.float32(1)),
}


@pytest.mark.parametrize("called", NOT_DONE)
def test_what_is_not_done_is_refused(called):
    with Trace() as trace, pytest.raises(NotSupportedError) as caught:
        NOT_DONE[called](Tensor(X, trace))
    assert str(caught.value).startswith(f"{called}"), caught.value
    assert "was applied to a traced or symbolic tensor, and minikeras has no gradient rule for it" in str(caught.value)
    with pytest.raises(NotSupportedError):
        NOT_DONE[called](KerasTensor(X.shape))


def test_arguments_that_numpy_has_not():
    with Trace() as trace:
        x = Tensor(X, trace)
        with pytest.raises(TypeError, match=r"unexpected keyword argument"):
            np.sum(x, axes=1)
        with pytest.raises(TypeError):
            np.tril(x, 1, 2)


def test_ufuncs_of_others():
    relu = np.frompyfunc(lambda x: x * 2, 1, 1)  # has the name of an op's file, but means something else
    with Trace() as trace, pytest.raises(NotSupportedError, match="np.<lambda>|vectorized"):
        relu(Tensor(X, trace))


def test_bits_are_not_truth():
    with Trace() as trace:
        found = np.bitwise_and(np.int32([6]), Tensor(np.int32([3]), trace))
        assert found.dtype == "int32" and found.array.tolist() == [2]


@pytest.mark.parametrize("look", [np.array_equal, np.array_equiv])
def test_comparing_is_looking(look):
    with Trace() as trace:
        assert look(Tensor(X, trace), X) is True and trace.replay_blocker.startswith(
            "a traced value was turned into an arr"
        )
    with Trace() as trace:
        assert np.array_repr(Tensor(X, trace)) == np.array_repr(X)


class Own(layers.Layer):
    """Numpy through and through."""

    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[-1], 4), "glorot_uniform")

    def call(self, inputs):
        hidden = np.tanh(np.dot(inputs, self.kernel))
        gate = np.exp(hidden) / np.sum(np.exp(hidden), axis=-1, keepdims=True)
        centered = hidden - hidden.mean(axis=-1, keepdims=True)
        chosen = np.where(centered > 0, centered, 0.1 * centered)
        return np.concatenate([chosen * gate, np.maximum(hidden, 0.2)[:, :2]], axis=1)


class OwnWithOps(Own):
    def call(self, inputs):
        hidden = ops.tanh(ops.matmul(inputs, self.kernel))
        gate = ops.exp(hidden) / ops.sum(ops.exp(hidden), axis=-1, keepdims=True)
        centered = hidden - ops.mean(hidden, axis=-1, keepdims=True)
        chosen = ops.where(centered > 0, centered, 0.1 * centered)
        return ops.concatenate([chosen * gate, ops.maximum(hidden, 0.2)[:, :2]], axis=1)


def trained(layer_class, eager):
    minikeras.utils.set_random_seed(0)
    model = minikeras.Sequential([layers.Input((3,)), layer_class(), layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=eager)
    history = model.fit(X, X[:, :1], batch_size=2, epochs=5, verbose=0, shuffle=False).history["loss"]
    if not eager:
        assert len(plans_of(model)) == 1
    return history, [weight.tobytes() for weight in model.get_weights()]


def test_a_layer_written_with_numpy_trains_and_is_replayed():
    results = [trained(layer_class, eager) for layer_class in (Own, OwnWithOps) for eager in (False, True)]
    assert all(result == results[0] for result in results) and results[0][0][0] > results[0][0][-1]
    layer = Own()
    np.testing.assert_allclose(layer(X), layer.call(X), rtol=1e-6)
    assert layer(KerasTensor((None, 3))).shape == (None, 6)


def test_the_error_names_function_and_layer():
    class Inner(layers.Layer):
        def call(self, inputs):
            return np.unwrap(inputs)

        def compute_output_shape(self, input_shape):
            return input_shape

    class Outer(layers.Layer):
        def __init__(self):
            super().__init__(name="outer")
            self.inner = Inner(name="inner")
            self.scale = self.add_weight((), "ones")

        def call(self, inputs):
            return self.inner(inputs * self.scale)

        def compute_output_shape(self, input_shape):
            return input_shape

    model = minikeras.Sequential([layers.Input((3,)), Outer()], name="model")
    model.compile("sgd", "mse")
    with pytest.raises(NotSupportedError, match=r"np.unwrap was applied .* in layer '(model/)?outer/inner', and"):
        model.fit(X, X, verbose=0)
    with GradientTape(), pytest.raises(NotSupportedError, match=r"np.unwrap was applied .* in layer 'outer/inner'"):
        Outer()(X)


def test_a_matrix_product_in_place_with_a_traced_value_leaves_the_array_as_it_is():
    matrix, x = np.float32([[1, 2], [3, 4]]), np.float32([[0, 1], [1, 0]])
    with GradientTape() as tape:
        watched = tape.watch(x)
        product = matrix
        product @= watched
        loss = ops.sum(product * product)
    assert matrix.tolist() == [[1, 2], [3, 4]] and ops.convert_to_numpy(product).tolist() == [[2, 1], [4, 3]]
    # d loss / dx = 2 M^T (M x), with M x = [[2, 1], [4, 3]]
    assert tape.gradient(loss, watched).tolist() == [[28, 20], [40, 28]]
