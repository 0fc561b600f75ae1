"""numpy functions called on tensors and symbolic values, dispatched to the equivalent ops.

Argument names differ between numpy and Keras, and numpy has more of them. What an op does not support is refused, with
the layer in which it happened: computing it with numpy would yield a constant, and silently drop its gradient.
"""

import ast
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import NotSupportedError, brief
from .dtypes import dtype_of
from .immutable_arrays import returns_tensors
from .naming import current_path
from .registry import call, find
from .trace import current_trace

# For each function: the op, and numpy's parameters in order. `a:x` is a parameter that the op names `x`, `axis=-1` one
# with another default in the op, and `-out` one that must keep its default (`-order=C|K`: or one of these values).
# Parameters after `*` are keyword-only.
_FUNCTIONS = {
    "all": "all a:x axis -out keepdims * -where",
    "allclose": "allclose a:x1 b:x2 rtol atol equal_nan",
    "amax": "max a:x axis -out keepdims initial -where",
    "amin": "min a:x axis -out keepdims initial -where",
    "any": "any a:x axis -out keepdims * -where",
    "append": "append arr:x1 values:x2 axis",
    "argmax": "argmax a:x axis -out * keepdims",
    "argmin": "argmin a:x axis -out * keepdims",
    "argsort": "argsort a:x axis -kind=stable -order * -stable=True -descending=False",
    "around": "round a:x decimals -out",
    "array_split": "array_split ary:x indices_or_sections axis",
    "average": "average a:x axis weights -returned=False * -keepdims=False",
    "broadcast_to": "broadcast_to array:x shape -subok=False",
    "concatenate": "concatenate arrays:xs axis -out * -dtype -casting=same_kind",
    "copy": "copy a:x -order=C|K -subok=False",
    "count_nonzero": "count_nonzero a:x axis * -keepdims=False",
    "cross": "cross a:x1 b:x2 axisa axisb axisc axis",
    "cumsum": "cumsum a:x axis dtype -out",
    "diag": "diag v:x k",
    "diagflat": "diagflat v:x k",
    "diagonal": "diagonal a:x offset axis1 axis2",
    "diff": "diff a n axis -prepend -append",
    "dot": "dot a:x1 b:x2 -out",
    "dsplit": "dsplit ary:x indices_or_sections",
    "dstack": "dstack tup:xs",
    "empty_like": "empty_like prototype:x dtype -order=C|K -subok=True|False -shape * -device",
    "expand_dims": "expand_dims a:x axis",
    "fix": "trunc x -out",
    "flip": "flip m:x axis",
    "fliplr": "fliplr m:x",
    "flipud": "flipud m:x",
    "full_like": "full_like a:x fill_value dtype -order=C|K -subok=True|False -shape * -device",
    "hsplit": "hsplit ary:x indices_or_sections",
    "hstack": "hstack tup:xs * -dtype -casting=same_kind",
    "inner": "inner a:x1 b:x2",
    "isclose": "isclose a:x1 b:x2 rtol atol equal_nan",
    "isin": "isin element:x1 test_elements:x2 assume_unique invert * -kind",
    "kron": "kron a:x1 b:x2",
    "linalg.cholesky": "cholesky a:x / * upper",
    "linalg.cross": "cross x1 x2 * axis=-1",
    "linalg.det": "det a:x",
    "linalg.diagonal": "diagonal x * offset axis1=-2 axis2=-1",
    "linalg.eigh": "eigh a:x -UPLO=L",
    "linalg.inv": "inv a:x",
    "linalg.matmul": "matmul x1 x2",
    "linalg.matrix_rank": "matrix_rank A:x tol -hermitian=False * -rtol",
    "linalg.norm": "norm x ord axis keepdims",
    "linalg.outer": "outer x1 x2",
    "linalg.pinv": "pinv a:x rcond -hermitian=False * -rtol",
    "linalg.qr": "qr a:x mode",
    "linalg.slogdet": "slogdet a:x",
    "linalg.solve": "solve a b",
    "linalg.svd": "svd a:x full_matrices compute_uv -hermitian=False",
    "linalg.tensordot": "tensordot x1 x2 * axes",
    "linalg.trace": "trace x * offset -dtype axis1=-2 axis2=-1",
    "linspace": "linspace start stop num endpoint retstep dtype axis * -device",
    "max": "max a:x axis -out keepdims initial -where",
    "mean": "mean a:x axis -dtype -out keepdims * -where",
    "min": "min a:x axis -out keepdims initial -where",
    "moveaxis": "moveaxis a:x source destination",
    "nan_to_num": "nan_to_num x -copy=True nan posinf neginf",
    "ones_like": "ones_like a:x dtype -order=C|K -subok=True|False -shape * -device",
    "outer": "outer a:x1 b:x2 -out",
    "prod": "prod a:x axis dtype -out keepdims -initial -where",
    "ptp": "ptp a:x axis -out keepdims",
    "ravel": "ravel a:x -order=C",
    "repeat": "repeat a:x repeats axis",
    "reshape": "reshape a:x shape:newshape -order=C * newshape -copy=True|False",
    "roll": "roll a:x shift axis",
    "rot90": "rot90 m:array k axes",
    "round": "round a:x decimals -out",
    "searchsorted": "searchsorted a:sorted_sequence v:values side -sorter",
    "select": "select condlist choicelist default",
    "shape": "shape a:x",
    "sort": "sort a:x axis -kind=quicksort|mergesort|heapsort|stable -order * -stable=True|False -descending=False",
    "split": "split ary:x indices_or_sections axis",
    "squeeze": "squeeze a:x axis",
    "stack": "stack arrays:x axis -out * -dtype -casting=same_kind",
    "sum": "sum a:x axis -dtype -out keepdims -initial -where",
    "swapaxes": "swapaxes a:x axis1 axis2",
    "take": "take a:x indices axis -out -mode=raise",
    "take_along_axis": "take_along_axis arr:x indices axis=-1",
    "tensordot": "tensordot a:x1 b:x2 axes",
    "tile": "tile A:x reps:repeats",
    "trace": "trace a:x offset axis1 axis2 -dtype -out",
    "transpose": "transpose a:x axes",
    "tril": "tril m:x k",
    "triu": "triu m:x k",
    "unstack": "unstack x * axis",
    "vdot": "vdot a:x1 b:x2",
    "vsplit": "vsplit ary:x indices_or_sections",
    "vstack": "vstack tup:xs * -dtype -casting=same_kind",
    "where": "where condition x:x1 y:x2",
    "zeros_like": "zeros_like a:x dtype -order=C|K -subok=True|False -shape * -device",
}


class _Rule:
    """Calls an op with the arguments of a numpy function."""

    def __init__(self, called: str, text: str):
        self._called = called
        self._op, *tokens = text.split()
        self._positional: list[str] = []
        self._named: dict[str, str] = {}  # numpy's parameter name to the op's
        self._defaults: dict[str, Any] = {}
        self._refused: dict[str, list[str]] = {}  # numpy's parameter name to its allowed values, as text
        positional = True
        for token in tokens:
            if token in ("*", "/"):
                positional = positional and token != "*"
                continue
            name, _, rest = token.lstrip("-").partition("=")
            name, _, own = name.partition(":")
            if token.startswith("-"):
                self._refused[name] = rest.split("|") if rest else []
            else:
                self._named[name] = own or name
                if rest:
                    self._defaults[own or name] = ast.literal_eval(rest)
            if positional:
                self._positional.append(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = {**dict(zip(self._positional, args, strict=False)), **kwargs}
        if len(args) > len(self._positional):
            most = len(self._positional)
            raise TypeError(f"{self._called}() takes {most} positional arguments but {len(args)} were given")
        settings = dict(self._defaults)
        for name, value in given.items():
            if name in self._named:
                settings[self._named[name]] = value
            elif value is not None and str(value) not in self._refused.get(
                name, []
            ):  # also one that only a newer numpy has
                raise no_rule(self._called, f" with {name}={brief(value)}")
        return call(self._op, **settings)


def no_rule(called: str, using: str = "") -> NotSupportedError:
    """Returns the error for a function without an equivalent op."""
    path = current_path()
    where = f" in layer '{path}'" if path else ""
    return NotSupportedError(
        f"{called}{using} was applied to a traced or symbolic tensor{where}, and minikeras has no gradient rule for "
        "it. Use a function of `minikeras.ops` instead."
    )


# ---------------------------------------------------------------- functions composed of several ops


def _rank(x: Any) -> int:
    return len(call("shape", x))


def _atleast(rank: int) -> Callable:
    def at_least(*arrays: Any) -> Any:
        results = []
        for x in arrays:
            while _rank(x) < rank:
                x = call("expand_dims", x, 0)
            results.append(call("convert_to_tensor", x))
        return results[0] if len(results) == 1 else tuple(results)

    return at_least


def _clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    _refuse("np.clip", out=out)
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    x = a if low is None else call("maximum", a, low)
    return x if high is None else call("minimum", x, high)


def _column_stack(tup):
    columns = [call("expand_dims", x, 1) if _rank(x) == 1 else x for x in tup]
    return call("concatenate", columns, axis=1)


def _einsum(*operands, out=None, optimize=False, **kwargs):
    _refuse("np.einsum", out=out, **kwargs)
    if not operands or not isinstance(operands[0], str):
        raise no_rule("np.einsum", " with lists of axes")
    return call("einsum", *operands)


def _meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    _refuse("np.meshgrid", sparse=sparse)
    return tuple(call("meshgrid", *xi, indexing=indexing))


def _pad(array, pad_width, mode="constant", **kwargs):
    value = kwargs.pop("constant_values", None)
    _refuse("np.pad", **kwargs)
    return call("pad", array, pad_width, mode, value)


def _spread_of(op: str) -> Callable:
    def spread(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, correction=None, **kwargs):
        _refuse(f"np.{op}", dtype=dtype, out=out, **kwargs)  # including `where` and `mean`
        ddof = ddof if correction is None else correction
        found = call(op, a, axis, keepdims)
        if ddof == 0:
            return found
        sizes = call("shape", a)
        axes = range(len(sizes)) if axis is None else axis if isinstance(axis, (tuple, list)) else [axis]
        count = math.prod(sizes[each] for each in axes)
        factor = count / (count - ddof)
        return found * (factor if op == "var" else math.sqrt(factor))

    return spread


def _refuse(called: str, **given: Any) -> None:
    """Raises if an argument differs from its default, which is None or False."""
    for name, value in given.items():
        if value is not None and value is not False:
            raise no_rule(called, f" with {name}={brief(value)}")


_OTHERS = {
    "atleast_1d": _atleast(1),
    "atleast_2d": _atleast(2),
    "clip": _clip,
    "column_stack": _column_stack,
    "einsum": _einsum,
    "linalg.matrix_transpose": lambda x: call("swapaxes", x, -1, -2),
    "matrix_transpose": lambda x: call("swapaxes", x, -1, -2),
    "meshgrid": _meshgrid,
    "ndim": _rank,
    "pad": _pad,
    "size": lambda a, axis=None: math.prod(call("shape", a)) if axis is None else call("shape", a)[axis],
    "std": _spread_of("std"),
    "var": _spread_of("var"),
}

# These inspect values, and return no differentiable result.
_LOOKS = "array2string array_equal array_equiv array_repr array_str save savetxt savez savez_compressed".split()


def _found(name: str) -> Any:
    """Returns the numpy function of that name, or None if this version lacks it."""
    found: Any = np
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


_rules = {_found(name): _Rule(f"np.{name}", text) for name, text in _FUNCTIONS.items()}
_rules |= {_found(name): function for name, function in _OTHERS.items()}
_rules.pop(None, None)
_looks = [_found(name) for name in _LOOKS]


def call_function(func: Callable, args: tuple, kwargs: dict) -> Any:
    """Implements `__array_function__`.

    Args:
        func: The numpy function.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Raises:
        NotSupportedError: If there is no equivalent op; the message names the function, and the layer being called.
    """
    if func in _rules:
        # numpy passes `np._NoValue` for omitted arguments when one of its functions calls another.
        kwargs = {name: value for name, value in kwargs.items() if value is not np._NoValue}
        return _rules[func](*args, **kwargs)
    if func in _looks:
        return func(*[value if isinstance(value, (str, bool)) else np.asarray(value) for value in args], **kwargs)
    raise no_rule(f"{func.__module__.replace('numpy', 'np', 1)}.{func.__name__}")


# ---------------------------------------------------------------- ufuncs

_UFUNCS = {
    "conjugate": "convert_to_tensor",
    "degrees": "rad2deg",
    "divide": "true_divide",
    "positive": "convert_to_tensor",
    "radians": "deg2rad",
    "remainder": "mod",
    "rint": "round",
}
_UFUNCS_OF_BOOLEANS = {
    "bitwise_and": "logical_and",
    "bitwise_or": "logical_or",
    "bitwise_xor": "logical_xor",
    "invert": "logical_not",
}
_REDUCTIONS = {
    "add": "sum",
    "logical_and": "all",
    "logical_or": "any",
    "maximum": "max",
    "minimum": "min",
    "multiply": "prod",
}


# The ufuncs of Python's operators on arrays. Operators between two tensors never reach numpy.
_OPERATORS = frozenset(
    "add subtract multiply divide floor_divide remainder power matmul less less_equal greater greater_equal equal "
    "not_equal bitwise_and bitwise_or bitwise_xor left_shift right_shift".split()
)


def is_operator(ufunc: np.ufunc, method: str, inputs: tuple, kwargs: dict) -> bool:
    """Returns whether a ufunc was called as by `array * value` or `array *= value`, with the array first.

    `np.multiply(array, value)` is indistinguishable from these.
    """
    if method != "__call__" or len(inputs) != 2 or ufunc.__name__ not in _OPERATORS:
        return False
    array = inputs[0]
    is_plain = isinstance(array, np.generic) or type(array) is np.ndarray
    return is_plain and (not kwargs or _is_in_place(inputs, kwargs))


def _is_in_place(inputs: tuple, kwargs: dict) -> bool:
    """Returns whether a ufunc is to write into its first operand, as for `array *= value`."""
    given = {name: value for name, value in kwargs.items() if name != "axes"}  # which `array @= value` passes
    return list(given) == ["out"] and len(given["out"]) == 1 and given["out"][0] is inputs[0]


def records_numpy() -> bool:
    """Returns whether numpy functions on tensors are dispatched to ops here; otherwise numpy computes them.

    numpy computes them where tensors emulate TensorFlow's: outside steps, and under its tapes.
    """
    trace = current_trace()
    return not returns_tensors() if trace is None else trace.records_numpy


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple, kwargs: dict) -> Any:
    """Implements `__array_ufunc__`.

    Args:
        ufunc: The ufunc.
        method: "__call__", "reduce", "accumulate", "outer", ...
        inputs: Its positional arguments.
        kwargs: Its keyword arguments.

    Raises:
        NotSupportedError: If there is no equivalent op; the message names the function, and the layer being called.
    """
    called = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
    if is_operator(ufunc, method, inputs, kwargs):
        kwargs = {}  # `array += value` rebinds the name and leaves the array unchanged
    settings = {name: value for name, value in kwargs.items() if name in ("axis", "keepdims") and method != "__call__"}
    for name, value in kwargs.items():
        if name not in settings and value is not None and not (name == "where" and value is True):
            raise no_rule(called, f" with {name}=")
    if method == "reduce" and ufunc.__name__ in _REDUCTIONS:
        return call(_REDUCTIONS[ufunc.__name__], *inputs, **{"axis": 0, **settings})
    if method == "accumulate" and ufunc is np.add:
        return call("cumsum", *inputs, **{"axis": 0, **settings})
    function = op_of(ufunc, inputs)
    if function is None or method not in ("__call__", "outer"):
        raise no_rule(called)
    if method == "outer":
        first, second = inputs
        return function(call("expand_dims", first, tuple(range(_rank(first), _rank(first) + _rank(second)))), second)
    return function(*inputs)


def op_of(ufunc: np.ufunc, inputs: tuple) -> Callable | None:
    """Returns the op equivalent to a ufunc, or None."""
    if getattr(np, ufunc.__name__, None) is not ufunc:
        return None  # a user-defined or third-party ufunc, which may merely share the name
    name = _UFUNCS.get(ufunc.__name__, ufunc.__name__)
    if all(dtype_of(value) == "bool" for value in inputs):
        name = _UFUNCS_OF_BOOLEANS.get(name, name)
    return find(name)
