"""Random programs of all ops, drawn by hypothesis and built while they are drawn.

A program is a list of actions on a pool of values: calls of ops, gradients of calls, assignments to variables. A call
is either a case of `cases.py` on values of the pool that are made to fit it, or free: each of its arguments is drawn by
a rule for the name of the parameter, so that some do not fit, and are refused.
"""

import inspect
import operator
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from minikeras import Variable, ops
from minikeras.engine import tree
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace, current_trace
from minikeras.errors import MatrixError, MinikerasError
from minikeras.graph.keras_tensor import KerasTensor
from tests.ops.cases import Value, each_case, value

DTYPES = ("float32", "float32", "float32", "int32", "bool", "uint8", "float16", "float64", "int64", "int8", "uint32")
RARE_DTYPES = ("complex64", "bfloat16")
SIZES = (2, 3, 2, 3, 4, 1, 0)
SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1e30])
MOST_ELEMENTS = 400


@dataclass(frozen=True)
class Ref:
    """The value with a number in the pool."""

    number: int

    def __repr__(self):
        return f"v{self.number}"


@dataclass(frozen=True)
class Input:
    """An input of random values, also special ones if it is asked for."""

    shape: tuple
    dtype: str
    is_special: bool = False

    def make(self, rng):
        if "bool" in self.dtype:
            return np.asarray(rng.random(self.shape) > 0.5)
        if "int" in self.dtype:
            low = 0 if self.dtype.startswith("u") else -3
            return np.asarray(rng.integers(low, 6, self.shape), self.dtype)
        made = np.asarray(rng.uniform(-3, 3, self.shape))
        made = np.where(rng.random(self.shape) < 0.3, np.round(made), made)  # equal ones, too
        if self.is_special:
            made = np.where(rng.random(self.shape) < 0.2, rng.choice(SPECIAL, self.shape), made)
        if self.dtype == "complex64":
            made = made + 1j * rng.uniform(-3, 3, self.shape)
        with np.errstate(over="ignore"):  # 1e30 is infinite in float16
            return ops.convert_to_numpy(ops.cast(made, self.dtype))


def find(name):
    return operator.attrgetter(name)(ops)


def filled(structure, values):
    """Returns the arguments with the values that they refer to."""
    if isinstance(structure, Ref):
        return values[structure.number]
    if isinstance(structure, (list, tuple)):
        return type(structure)(filled(part, values) for part in structure)
    if isinstance(structure, dict):
        return {key: filled(part, values) for key, part in structure.items()}
    if isinstance(structure, slice):
        return slice(*(filled(part, values) for part in (structure.start, structure.stop, structure.step)))
    return structure


def refs_in(structure):
    if isinstance(structure, Ref):
        return [structure]
    if isinstance(structure, dict):
        structure = list(structure.values())
    return [ref for part in structure for ref in refs_in(part)] if isinstance(structure, (list, tuple)) else []


@dataclass(frozen=True)
class Call:
    """A call with arguments that were drawn."""

    name: str
    args: tuple
    kwargs: dict

    def __repr__(self):
        given = [*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs.items())]
        return f"ops.{self.name}({', '.join(given)})"

    @property
    def refs(self):
        return list(dict.fromkeys(refs_in([self.args, self.kwargs])))

    @property
    def open_refs(self):
        """The values whose first axis may be free."""
        return self.refs

    def run(self, values):
        values = without_logits(self, values)
        return find(self.name)(*filled(self.args, values), **filled(self.kwargs, values))


@dataclass(frozen=True)
class CaseCall:
    """A call of a case, on values of the pool that are made to fit, or on inputs made for it."""

    id: str
    name: str
    function: object = field(repr=False)
    refs: tuple
    specs: tuple  # None for an input that was made for it

    @property
    def open_refs(self):
        """The values whose first axis may be free."""
        fixed = [ref for ref, spec in zip(self.refs, self.specs, strict=True) if spec is not None]
        return [ref for ref in self.refs if ref not in fixed]

    def run(self, values):
        values = without_logits(self, values)
        given = [
            values[ref.number] if spec is None else fitted(values[ref.number], spec)
            for ref, spec in zip(self.refs, self.specs, strict=True)
        ]
        return self.function(ops, *given)


def without_logits(call, values):
    """Returns the values as new ones: traced crossentropies of a softmax are computed from its logits."""
    if "crossentropy" not in call.name:
        return values
    numbers = {ref.number for ref in call.refs}
    return [x * 1 if number in numbers and is_float(x) else x for number, x in enumerate(values)]


def fitted(x, spec):
    """Returns the value in shape, dtype and range of a spec."""
    shape = spec.size(4)
    x = ops.real(x) if "complex" in ops.dtype(x) else x
    x = ops.nan_to_num(ops.cast(ops.ravel(x), "float32"), nan=0.0, posinf=9.0, neginf=-9.0)
    count = int(np.prod(shape))
    x = ops.reshape(ops.take(x, np.arange(count, dtype="int32") % x.shape[0], axis=0), shape)
    if spec.kind == "one_hot":
        return ops.one_hot(ops.argmax(x, axis=-1), shape[-1], dtype=spec.dtype)
    if spec.kind == "probabilities":
        return ops.cast(ops.softmax(ops.tanh(x)) * 1.0, spec.dtype)
    if spec.dtype == "bool":
        return x > 0
    x = spec.low + (spec.high - spec.low) * (0.5 + 0.49 * ops.tanh(x))
    return ops.cast(ops.floor(x) if "int" in spec.dtype else x, spec.dtype)


@dataclass(frozen=True)
class GradientCall:
    """The gradients of the sum of what a call returns, with respect to the floating-point values it takes."""

    call: object

    name = "gradient"

    def __repr__(self):
        return f"gradients({self.call!r})"

    @property
    def refs(self):
        return self.call.refs

    def run(self, values):
        if current_trace() is not None:
            return self._recorded(values)
        with Trace() as trace:
            inside = list(values)
            for ref in self.refs:
                inside[ref.number] = Tensor(np.asarray(values[ref.number]), trace)
            return [np.array(grad.array if isinstance(grad, Tensor) else grad) for grad in self._recorded(inside)]

    def _recorded(self, values):
        # Tensors of their own, so that the gradients are those through this call alone.
        inside = list(values)
        one = ops.logical_or(ops.any(ops.cast(values[0], "bool")), True)  # of an input, thus traced
        for ref in self.refs:
            if is_float(values[ref.number]):
                inside[ref.number] = ops.multiply(values[ref.number], ops.cast(one, values[ref.number].dtype))
        results = [each for each in tree.flatten(self.call.run(inside)) if is_float(each)]
        total = sum((ops.cast(ops.sum(ops.tanh(each)), "float32") for each in results), ops.zeros(()))
        sources = [inside[ref.number] for ref in self.refs if is_float(inside[ref.number])]
        traced = [source for source in sources if isinstance(source, Tensor)]
        found = iter(gradients(total, traced) if isinstance(total, Tensor) else [None] * len(traced))
        grads = [next(found) if isinstance(source, Tensor) else None for source in sources]
        return [ops.zeros_like(x) if grad is None else grad for x, grad in zip(sources, grads, strict=True)]


def is_float(x):
    return hasattr(x, "dtype") and "float" in ops.dtype(x)


@dataclass(frozen=True)
class Assignment:
    """An assignment of a value of the pool to a variable; what is read afterwards is a value, too."""

    kind: str
    variable: int
    refs: tuple
    shape: tuple

    name = "assign"

    def run(self, values, variables):
        variable = variables[self.variable]
        new = ops.tanh(fitted(values[self.refs[0].number], value(*self.shape, low=-2.0, high=2.0)))
        getattr(variable, self.kind)(new)
        return variable.value * 1.0


@dataclass(frozen=True)
class Take:
    """Puts an input or a variable into the pool."""

    number: int
    is_variable: bool = False

    name = "take"


@dataclass
class Program:
    """What was drawn; running it does the same on other data."""

    inputs: list
    actions: list
    kept: list
    seed: int
    starts: list

    def __repr__(self):
        lines, number = [f"inputs {self.inputs}, seed {self.seed}, kept {self.kept}"], 0
        for action, count in self.actions:
            lines.append(f"v{number}... = {action!r}")
            number += count
        return "\n".join(lines)

    def data(self, number):
        return [each.make(np.random.default_rng([self.seed, number, at])) for at, each in enumerate(self.inputs)]

    def variables(self):
        return [Variable(start, name=f"w{number}") for number, start in enumerate(self.starts)]

    def step(self, variables):
        """Returns the program as a function of its inputs."""

        def function(inputs):
            values = []
            for action, _ in self.actions:
                if isinstance(action, Take):
                    values.append((variables if action.is_variable else inputs)[action.number])
                elif isinstance(action, Assignment):
                    values.append(action.run(values, variables))
                else:
                    values.extend(pooled(action.run(values)))
            return [one_nan(values[number]) for number in self.kept]

        return function


def one_nan(x):
    if "complex" in ops.dtype(x):
        return [one_nan(ops.real(x)), one_nan(ops.imag(x))]
    return ops.where(ops.isnan(x), ops.cast(np.nan, x.dtype), x) if is_float(x) else ops.copy(x)


def pooled(result):
    """Returns those results of a call that become values of the pool."""
    return [each for each in tree.flatten(result) if hasattr(each, "dtype") and hasattr(each, "shape")]


# --- free calls: a rule for each name of a parameter ---


class Drawing:
    """The state while a program is drawn: its values on the first data, and how to draw more."""

    def __init__(self, draw):
        self._draw = draw
        self.seed = draw(st.integers(0, 999))
        self.inputs, self.values, self.actions, self.starts = [], [], [], []

    def add(self, action, values):
        self.actions.append((action, len(values)))
        self.values.extend(values)
        return Ref(len(self.values) - 1)

    def new_input(self, spec):
        self.inputs.append(spec)
        number = len(self.inputs) - 1
        return self.add(Take(number), [spec.make(np.random.default_rng([self.seed, 0, number]))])

    def new_variable(self, start):
        self.starts.append(start)
        return self.add(Take(len(self.starts) - 1, True), [start])

    def choose(self, options):
        return self._draw(st.sampled_from(list(options)))

    def chance(self, one_in):
        return self._draw(st.integers(1, one_in)) == one_in

    def integer(self, low, high):
        return self._draw(st.integers(low, high))

    def shape(self, low=0, high=4):
        return tuple(self.choose(SIZES) for _ in range(self.integer(low, high)))

    def dtype(self):
        return self.choose(RARE_DTYPES if self.chance(8) else DTYPES)

    def number(self):
        return self.choose([0, 1, 2, -1, 0.5, 1.5, -2.0, 3, True])

    def any_value(self):
        """A value of the pool; young ones are taken more often."""
        count = len(self.values)
        if self.chance(2):
            return Ref(self.integer(0, count - 1))
        return Ref(count - 1 - self.integer(0, min(count, 4) - 1))

    def floating(self):
        return self.among(lambda x: is_float(x) and x.ndim)

    def among(self, fits):
        found = [number for number, each in enumerate(self.values) if fits(each)]
        return Ref(self.choose(found)) if found else self.any_value()

    def like(self, x):
        """A value that may be broadcast with another: of the pool, a number, or an array."""
        kind = self.integer(0, 5)
        if kind == 0:
            return self.any_value()
        if kind == 1:
            return self.number()
        if kind == 2:
            return self.array(tuple(self.choose((size, size, 1)) for size in x.shape[self.integer(0, x.ndim) :]))
        return self.among(lambda other: tuple(other.shape) == tuple(x.shape))

    def array(self, shape, dtype=None):
        return Input(shape, dtype or self.dtype()).make(np.random.default_rng(self.integer(0, 9)))

    def integers(self, shape, low, high):
        return np.asarray(np.random.default_rng(self.integer(0, 9)).integers(low, high, shape), "int32")

    def axis(self, rank):
        if rank == 0 or self.chance(15):
            return self.integer(-rank - 1, rank)
        return self.integer(-rank, rank - 1)

    def axes(self, rank):
        kind = self.integer(0, 3)
        if kind == 0:
            return None
        if kind < 3 or not rank:
            return self.axis(rank)
        chosen = self._draw(st.lists(st.integers(0, rank - 1), unique=True, max_size=rank))
        return tuple(each - rank if self.chance(3) else each for each in chosen)


def _newshape(d, x):
    size = int(np.prod(x.shape))
    options = [-1, (-1,), (size,), (1, *x.shape), (*x.shape, -1), tuple(x.shape)[::-1], (2, -1), (-1, 3), (3, 2)]
    return d.choose(options)


def _sections(d, x):
    return d.choose([1, 2, 3, [1], [1, 2], [0, 2], (1, 1), [2, 9], []])


def _key(d, x):
    parts = [0, -1, 1, slice(None), slice(1, None), slice(None, None, -1), slice(0, 2), slice(-2, None, 2), slice(5, 9)]
    parts += [None, ...]
    key = [d.choose(parts) for _ in range(d.integer(0, x.ndim + d.chance(9)))]
    while key.count(...) > 1:
        key.remove(...)
    return d.choose([key[0], tuple(key)]) if key else d.choose([(), ...])


def _pad_width(d, x):
    pairs = [(d.integer(0, 2), d.integer(0, 2)) for _ in range(x.ndim)]
    return d.choose([1, (1, 2), ((1, 0),), tuple(pairs), pairs, pairs])


def _repeats(d, x):
    return d.choose([0, 1, 2, 3, [2], d.integers((d.choose(x.shape or (1,)),), 0, 3), (2, 1), (1, 2, 2)])


def _broadcast_shape(d, x):
    return d.choose([tuple(x.shape), (2, *x.shape), tuple(3 if size == 1 else size for size in x.shape), (2, 3)])


def _indices(d, x):
    size = max(1, int(x.shape[0]) if x.ndim else 1)
    kind = d.integer(0, 4)
    if kind == 0:
        return d.integer(-size, size - 1)
    if kind == 1:
        return d.among(lambda each: "int" in str(each.dtype))
    return d.integers(d.shape(0, 3) if kind < 4 else tuple(x.shape), -size, size)


def _pairs_of(d, x):
    return d.choose([1, 2, 3, (1, 2), (2, 2), (3, 1), (1,)])


def _tensors(d, x):
    first = d.any_value()
    x = d.values[first.number]
    more = [d.among(lambda other: other.ndim == x.ndim and other.shape[1:] == x.shape[1:]) for _ in range(2)]
    return d.choose([[first], [first, first], [first, *more[:1]], [first, *more], (first, *more)])


def _permutation(d, x):
    axes = list(d._draw(st.permutations(range(x.ndim))))
    return d.choose([None, axes, tuple(axes), axes[1:]])


def _two_axes(d, x):
    return (d.axis(x.ndim), d.axis(x.ndim))


def _bins(d, x):
    return np.sort(d.array((d.integer(0, 4),), "float32"))


def _quantiles(d, x):
    return d.choose([0.5, 0.0, 1, 0.3, [0.25, 0.75], np.float32([0.1, 0.4, 0.9]), [[0.2], [0.6]], 1.5])


def _percentiles(d, x):
    return d.choose([50, 0.0, 100, 30.5, [25, 75], np.float32([10, 40, 99])])


def _like(d, x):
    return d.like(x)


def _flag(d, x):
    return d.choose([False, True])


def _from(*options):
    return lambda d, x: d.choose(options)


def _integer(low, high):
    return lambda d, x: d.integer(low, high)


def _number(d, x):
    return d.number()


def _dtype(d, x):
    return d.choose([d.dtype(), d.dtype(), None, "int", "float"])


def _shape(d, x):
    return d.choose([d.shape(), d.shape(), d.integer(0, 4)])


def _axis(d, x):
    return d.axis(x.ndim)


def _axis_or_none(d, x):
    return d.choose([None, d.axis(x.ndim), d.axis(x.ndim), d.axis(x.ndim), d.axes(x.ndim)])


def _axes(d, x):
    return d.axes(x.ndim)


def _start_indices(d, x):
    return [d.integer(0, max(0, size - 1)) for size in x.shape]


def _sizes_within(d, x):
    return tuple(d.integer(0, size) for size in x.shape)


TENSORS = {
    *("x", "x1", "a", "abs_", "array", "data", "inputs", "start", "condition", "y", "values", "variable", "target"),
    *("images", "image1", "tensor", "sorted_sequence", "predictions", "query"),
}
RULES = {
    "N": _integer(0, 4),
    "M": _from(None, 0, 2, 3),
    "alpha": _from(1.0, 0.5),
    "angle": _like,
    "antialias": _flag,
    "approximate": _flag,
    "assume_unique": _flag,
    "atol": _from(1e-8, 0.5),
    "axes": _permutation,
    "axisa": _axis,
    "axisb": _axis,
    "axisc": _axis,
    "axis1": _axis,
    "axis2": _axis,
    "b": _like,
    "base": _from(10, 2),
    "beta": _from(0.0, 2.0),
    "bins": _bins,
    "block_size": _from(1, 2, 3),
    "center": _flag,
    "choicelist": _tensors,
    "compute_uv": _flag,
    "condlist": _tensors,
    "constant_values": _from(None, 0, 2.5),
    "data_format": _from(None, "channels_first", "channels_last"),
    "decimals": _from(0, 1, 2, -1),
    "default": _number,
    "default_value": _from(0.0, 7.0),
    "destination": _axis,
    "dilation": _pairs_of,
    "dilation_rate": _pairs_of,
    "dtype": _dtype,
    "dx": _from(1.0, 0.5),
    "endpoint": _flag,
    "epsilon": _from(None, 0.1),
    "equal_nan": _flag,
    "fft_length": _from(None, 1, 3, 4, 5),
    "fill_value": _number,
    "from_logits": _flag,
    "full_matrices": _flag,
    "increasing": _flag,
    "indexing": _from("xy", "ij"),
    "indices": _indices,
    "indices_or_sections": _sections,
    "initial": _from(None, 1.0, 0),
    "invert": _flag,
    "k": _integer(-3, 4),
    "keepdims": _flag,
    "kernel_size": _pairs_of,
    "key": _key,
    "kth": _integer(-3, 3),
    "lower": _flag,
    "max_val": _from(1.0, 4.0),
    "method": _from("linear", "lower", "higher", "midpoint", "nearest"),
    "mode": _from("valid", "same", "full"),
    "n": _integer(0, 4),
    "nan": _from(0.0, 1.0),
    "negative_slope": _from(0.2, 0.0),
    "neginf": _from(None, -3.0),
    "newshape": _newshape,
    "num": _integer(0, 4),
    "num_classes": _integer(0, 4),
    "num_segments": _from(0, 2, 4, 7),
    "offset": _integer(-3, 3),
    "ord": _from(None, "fro", "nuc", 1, 2, 3, -1, -2, 0, np.inf, -np.inf, 2.5),
    "order": _from(1, 2, 3, np.inf),
    "output": _like,
    "output_size": _pairs_of,
    "pad_width": _pad_width,
    "padding": _from("valid", "same"),
    "pool_size": _pairs_of,
    "posinf": _from(None, 3.0),
    "q": _quantiles,
    "rcond": _from(None, 1e-3),
    "repeats": _repeats,
    "return_counts": _flag,
    "return_index": _flag,
    "return_inverse": _flag,
    "rtol": _from(1e-5, 0.5),
    "segment_ids": lambda d, x: d.integers((int(x.shape[0]) if x.ndim else 2,), -1, 5),
    "sequence_length": _integer(1, 4),
    "sequence_stride": _integer(1, 4),
    "shape": _shape,
    "shift": _from(0, 1, -2, 5),
    "side": _from("left", "right"),
    "size": _from(1, 3, 6),
    "sorted": _flag,
    "source": _axis,
    "start_indices": _start_indices,
    "stop": _like,
    "stride": _pairs_of,
    "strides": _pairs_of,
    "targets": lambda d, x: d.integers((int(x.shape[0]) if x.ndim else 2,), -1, 5),
    "threshold": _from(0.5, -1.0, 2),
    "tol": _from(None, 0.5),
    "updates": _like,
    "upper": _flag,
    "weights": _like,
    "window": _from("hann", "hamming", None),
    "x2": _like,
    "x_max": _like,
    "x_min": _like,
    "xs": _tensors,
    "y": _like,
    # Where the name says something else in one op.
    "arange.start": _number,
    "arange.step": _from(None, 1, 2, 0.5, -1),
    "arange.stop": _from(None, 3, 4.0, -2),
    "average_pool.padding": _from("valid", "same"),
    "bartlett.x": _integer(0, 5),
    "blackman.x": _integer(0, 5),
    "broadcast_to.shape": _broadcast_shape,
    "fold.padding": _pairs_of,
    "full.shape": _shape,
    "hamming.x": _integer(0, 5),
    "hanning.x": _integer(0, 5),
    "histogram.bins": _integer(0, 4),
    "image.resize.size": _pairs_of,
    "in_top_k.k": _integer(0, 4),
    "kaiser.x": _integer(0, 5),
    "moments.axes": _axes,
    "nanpercentile.q": _percentiles,
    "pad.mode": _from("constant", "reflect", "symmetric"),
    "percentile.q": _percentiles,
    "qr.mode": _from("reduced", "complete"),
    "rot90.axes": _two_axes,
    "scatter.indices": lambda d, x: d.integers((int(x.shape[0]) if x.ndim else 2, 1), 0, 2),
    "slice.shape": _sizes_within,
    "squareplus.b": _from(4, 0.5),
    "stack.x": _tensors,
    "tensordot.axes": _from(0, 1, 2, [[0], [0]], [[-1], [0]], [[0, 1], [1, 0]]),
    "top_k.k": _integer(0, 4),
    "trapezoid.x": _like,
    "unfold.padding": _pairs_of,
    "unravel_index.indices": lambda d, x: d.among(lambda each: "int" in str(each.dtype)),
    "unravel_index.shape": _shape,
    "vander.N": _from(None, 0, 2, 4),
}
PAIRS_OF_PARTS = ("fft", "fft2", "ifft2", "irfft", "istft")  # take the real and the imaginary part


def rule_of(name, parameter):
    """Returns how an argument is drawn; None if there is no rule."""
    special = RULES.get(f"{name}.{parameter.name}")
    if special is not None:
        return special
    if parameter.name == "axis":
        if "Axis" in str(parameter.annotation):
            return _axes
        return _axis_or_none if parameter.default is None else _axis
    return RULES.get(parameter.name)


def is_first(name, parameter, number):
    return number == 0 and parameter.name in TENSORS and f"{name}.{parameter.name}" not in RULES


# Those that return no values, and one that is random without a seed.
NOT_FREE = ("dtype", "image.elastic_transform", "is_tensor", "ndim", "shape", "size")


def is_free(name):
    """Tells whether each required argument of an op can be drawn freely."""
    parameters = inspect.signature(find(name)).parameters.values()
    return name not in NOT_FREE and all(
        is_first(name, each, number) or rule_of(name, each)
        for number, each in enumerate(parameters)
        if each.default is each.empty and each.kind is not each.VAR_KEYWORD and each.kind is not each.VAR_POSITIONAL
    )


def free_call(d, name):
    """Draws a call, each of its arguments by the rule for its name."""
    args, kwargs, first = [], {}, None
    for number, parameter in enumerate(inspect.signature(find(name)).parameters.values()):
        if parameter.kind is parameter.VAR_POSITIONAL:  # meshgrid
            args.extend(d.any_value() for _ in range(d.integer(0, 2)))
        elif parameter.kind is parameter.VAR_KEYWORD:
            continue
        elif is_first(name, parameter, number):
            first = d.floating() if d.chance(3) else d.any_value()
            args.append(first)
            if name in PAIRS_OF_PARTS:
                args[-1] = (first, d.choose([first, d.like(d.values[first.number])]))
        else:
            rule = rule_of(name, parameter)
            if parameter.default is not parameter.empty and (rule is None or d.chance(2)):
                continue
            drawn = rule(d, d.values[(first or d.any_value()).number])
            if parameter.default is parameter.empty:
                args.append(drawn)
            else:
                kwargs[parameter.name] = drawn
    return Call(name, tuple(args), kwargs)


# Ops without a case, and arguments that no rule draws.
EXTRA_CASES = [
    ("bincount", lambda k, x: k.bincount(x, minlength=2), value("n", dtype="int32", low=0, high=3)),
    ("convert_to_numpy", lambda k, x: k.convert_to_numpy(x), value("n", 3)),
    (
        "custom_gradient",
        lambda k, x: k.custom_gradient(lambda a: (k.sin(a), lambda *args, upstream=None: (args or [upstream])[0] * 2))(
            x
        ),
        value("n", 3),
    ),
    ("dtype", lambda k, x: k.cast(k.cast(x, "int32"), k.dtype(x)), value("n", 3)),
    ("is_tensor", lambda k, x: x + float(k.is_tensor(x)), value("n", 3)),
    ("ndim", lambda k, x: x * k.ndim(x), value("n", 3)),
    ("shape", lambda k, x: k.reshape(x, (k.shape(x)[1], k.shape(x)[0])), value("n", 3)),
    ("size", lambda k, x: x * k.size(x), value("n", 3)),
    ("nonzero", lambda k, x: k.nonzero(x), value("n", 3, dtype="bool")),
    ("unique", lambda k, x: k.unique(x), value("n", dtype="int32")),
    ("where", lambda k, x: k.where(x), value("n", 3, dtype="bool")),
    ("stop_gradient", lambda k, x: k.stop_gradient(x) * x, value("n", 3)),
]
ALL_CASES = [
    *each_case(),
    *((f"{name}-extra", name, function, values) for name, function, *values in EXTRA_CASES),
]
NAMES = sorted({name for _, name, *_ in ALL_CASES})
FREE = [name for name in NAMES if is_free(name)]


def case_call(d, name):
    """Draws a call of one of the cases of an op."""
    identity, _, function, specs = d.choose([case for case in ALL_CASES if case[1] == name])
    refs, fits = [], []
    for spec in specs:
        if d.chance(2):
            refs.append(d.among(lambda each: each.size))
            fits.append(spec)
        else:
            refs.append(d.new_input(CaseInput(spec)))
            fits.append(None)
    return CaseCall(identity, name, function, tuple(refs), tuple(fits))


@dataclass(frozen=True)
class CaseInput:
    """An input made for a case."""

    spec: Value

    def make(self, rng):
        return np.asarray(self.spec.make(rng, 4))


# --- the calls of a program, each in four ways ---

# What needs the data to know the shape of its result runs eagerly, and has no symbolic result.
READING = {
    *("bincount", "convert_to_numpy", "nonzero", "unique", "where"),
}
NEED_NUMBERS = {"squeeze", "unstack"}  # whether an axis has size 1 is known from numbers alone
# Errors that depend on the data: symbolic calls do not see them.
OF_DATA = (MatrixError,)
CHECKING_DATA = {
    *("get_item", "nanpercentile", "nanquantile", "percentile", "power", "quantile", "scatter"),
    *(
        "ctc_decode",
        "scatter_update",
        "segment_max",
        "segment_min",
        "segment_prod",
        "segment_sum",
        "sparse_categorical_crossentropy",
        "take",
        "take_along_axis",
        "unravel_index",
    ),
}


@dataclass
class Outcome:
    """What a call returned, or the error it raised."""

    results: list | None = None
    error: Exception | None = None

    @property
    def kind(self):
        return type(self.error).__name__


def outcome_of(function):
    try:
        return Outcome([each for each in tree.flatten(function()) if each is not None])
    except Exception as error:
        return Outcome(error=error)


def specs_of(outcome):
    return [(tuple(each.shape), ops.dtype(each)) for each in pooled(outcome.results)]


def traced_outcome(call, values):
    """Returns the outcome on traced values, and whether a step with the call can be replayed."""
    with Trace() as trace:
        inside = list(values)
        for ref in call.refs:
            inside[ref.number] = Tensor(np.asarray(values[ref.number]), trace)
        outcome = outcome_of(lambda: call.run(inside))
        if outcome.results is not None:
            outcome.results = [each.array if isinstance(each, Tensor) else each for each in outcome.results]
            outcome.results = [np.array(each) for each in outcome.results]
    return outcome, trace.replay_blocker is None


def symbolic_outcome(call, values, is_free):
    inside = list(values)
    for ref in call.refs:
        shape, dtype = values[ref.number].shape, ops.dtype(values[ref.number])
        is_open = is_free and shape and ref in call.open_refs
        inside[ref.number] = KerasTensor((None, *shape[1:]) if is_open else shape, dtype)
    return outcome_of(lambda: call.run(inside))


def judged(call, values):
    """Compares a call on arrays with the same on traced and on symbolic values.

    Returns:
        The results; None if the call was refused, or cannot be replayed.
    """
    eager = outcome_of(lambda: call.run(values))
    traced, can_be_replayed = traced_outcome(call, values)
    given = f"{call!r} of {[values[ref.number] for ref in call.refs]}"
    assert eager.error is None or isinstance(eager.error, MinikerasError), (
        f"{given}: {eager.error!r} has no class of minikeras"
    )
    assert traced.kind == eager.kind, f"{given}: eager {eager}, traced {traced}"
    if isinstance(call, GradientCall):
        return eager.results
    if eager.error is None:
        assert_same(traced.results, eager.results, given)
    is_of_data = isinstance(eager.error, OF_DATA) or (eager.error is not None and call.name in CHECKING_DATA)
    if call.refs and not is_of_data and can_be_replayed:
        symbolic = symbolic_outcome(call, values, False)
        assert symbolic.kind == eager.kind, f"{given}: eager {eager}, symbolic {symbolic}"
        if eager.error is None:
            assert specs_of(symbolic) == specs_of(eager), given
            if call.name not in NEED_NUMBERS:
                _check_free_sizes(symbolic_outcome(call, values, True), eager, given)
    assert can_be_replayed or call.name in READING, f"{given} blocks the replay"
    return eager.results if can_be_replayed else None


def _check_free_sizes(symbolic, eager, given):
    if symbolic.error is None:
        found, expected = specs_of(symbolic), specs_of(eager)
        assert [dtype for _, dtype in found] == [dtype for _, dtype in expected], given
        for (shape, _), (known, _) in zip(found, expected, strict=True):
            assert len(shape) == len(known), given
            assert all(a in (None, b) for a, b in zip(shape, known, strict=True)), (given, shape, known)


def assert_same(found, expected, given):
    """Every bit is the same; one NaN is like another."""
    assert len(found) == len(expected), given
    for ours, theirs in zip(found, expected, strict=True):
        ours, theirs = (np.asarray(one_nan(np.asarray(each))) for each in (ours, theirs))
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape), given
        assert ours.tobytes() == theirs.tobytes(), f"{given}: {ours} instead of {theirs}"


def _draw_call(d, name):
    return free_call(d, name) if name in FREE and not d.chance(3) else case_call(d, name)


def _small(results):
    return all(each.size <= MOST_ELEMENTS for each in pooled(results))


def _act(d, name):
    call = _draw_call(d, name)
    results = judged(call, d.values)
    if results is None or not _small(results):
        return
    d.add(call, pooled(results))
    if d.chance(3) and any(is_float(d.values[ref.number]) for ref in call.refs):
        grad = GradientCall(call)
        results = judged(grad, d.values)
        if results is not None:
            d.add(grad, results)


def _assign(d):
    number = d.integer(0, len(d.starts) - 1)
    source = d.among(lambda each: each.size)
    kind = d.choose(["assign", "assign_add", "assign_sub"])
    d.add(Assignment(kind, number, (source,), d.starts[number].shape), [d.starts[number]])


@st.composite
def programs(draw, first=None, length=6):
    """Draws a program; each of its calls is judged on the way.

    Args:
        first: The op that it begins with; any by default.
        length: How many calls and assignments it may have.
    """
    d = Drawing(draw)
    for _ in range(d.integer(1, 3)):
        d.new_input(Input(d.shape(), d.dtype(), d.chance(4)))
    for shape in ((2, 3), d.shape()):
        d.new_variable(Input(shape, "float32").make(np.random.default_rng(d.integer(0, 9))))
    for number in range(d.integer(1, length)):
        if number and d.chance(4):
            _assign(d)
        else:
            _act(d, first if first and not number else d.choose(NAMES))
    count = len(d.values)
    kept = sorted({count - 1, *(d.any_value().number for _ in range(3))})
    return Program(d.inputs, d.actions, kept, d.seed, d.starts)
