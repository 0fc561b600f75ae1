"""The dtypes of results of Keras on JAX, for each pair of dtypes, by abstract evaluation: nothing is computed.

Run as a script, with `KERAS_BACKEND=jax`, it prints them as JSON: by the name of the case, the dtype of the result for
each pair, or None where Keras refuses it. The module is imported by `test_dtypes.py`, too, which has no JAX.
"""

import itertools
import json
import os
import subprocess
import sys

# Those of JAX as it is by default: without 64 bits.
DTYPES = (
    *("bool", "uint8", "uint16", "uint32", "int8", "int16", "int32", "bfloat16", "float16", "float32", "complex64"),
)
NUMBERS = {"True": True, "2": 2, "2.5": 2.5, "1j": 1j}

# Each takes the namespace of ops and two values of shape (2, 2).
OF_TWO = {
    name: lambda k, x, y, name=name: getattr(k, name)(x, y)
    for name in (
        *("add", "subtract", "multiply", "true_divide", "divide_no_nan", "floor_divide", "mod", "power", "maximum"),
        *("minimum", "equal", "less", "logical_and", "arctan2", "hypot", "logaddexp", "matmul", "dot", "outer"),
        *("bitwise_and", "left_shift", "gcd", "nextafter", "append", "vdot"),
    )
} | {
    "concatenate": lambda k, x, y: k.concatenate([x, y]),
    "stack": lambda k, x, y: k.stack([x, y]),
    "where": lambda k, x, y: k.where(k.cast(x, "bool"), x, y),
    "einsum": lambda k, x, y: k.einsum("ij,jk->ik", x, y),
    "average": lambda k, x, y: k.average(x, weights=y),
}
OF_ONE = {
    name: lambda k, x, name=name: getattr(k, name)(x)
    for name in (
        *("abs", "negative", "sign", "square", "sqrt", "exp", "log1p", "sin", "tanh", "sigmoid", "relu", "floor"),
        *("round", "sum", "mean", "prod", "max", "var", "std", "cumsum", "logsumexp", "softmax", "sort", "any"),
        *("count_nonzero", "isnan", "real", "imag", "angle", "conj", "erf", "i0", "sinc", "zeros_like", "trace"),
        *("diff", "ravel", "logical_not", "expm1", "rsqrt", "reciprocal", "signbit", "trunc", "norm"),
    )
}


def pairs():
    """Every pair of dtypes, and of a dtype and a Python number, on either side."""
    yield from itertools.product(DTYPES, repeat=2)
    yield from itertools.product(DTYPES, NUMBERS)
    yield from itertools.product(NUMBERS, DTYPES)


def asked():
    """The answers of Keras, from a process of its own, which cannot have another backend."""
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "compat.jax_dtypes"]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)


def _dtype_of(function, *names):
    import jax
    from keras import ops

    specs = {name: jax.ShapeDtypeStruct((2, 2), name) for name in names if name not in NUMBERS}

    def called(arrays):
        return function(ops, *[NUMBERS[name] if name in NUMBERS else arrays[name] for name in names])

    try:
        return jax.eval_shape(called, specs).dtype.name
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return None


def main():
    import warnings

    warnings.simplefilter("ignore")
    found = {
        name: {f"{first} {second}": _dtype_of(function, first, second) for first, second in pairs()}
        for name, function in OF_TWO.items()
    }
    found |= {name: {dtype: _dtype_of(function, dtype) for dtype in DTYPES} for name, function in OF_ONE.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
