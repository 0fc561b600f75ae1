"""What single ops must reach: bounds for many cases at once, and which of them miss."""

from collections.abc import Callable
from dataclasses import dataclass

from .bounds import MET, MISSED, OPEN, Bound, Verdict
from .op_calls import Case
from .op_cases import CASES
from .op_inputs import SIDES
from .processes import Result


@dataclass(frozen=True)
class OpBound(Bound):
    """A limit for minikeras in each of several cases, beside numpy or scipy.

    Args:
        sizes: Of the inputs.
        includes: Tells whether it is for a case.
    """

    sizes: tuple[str, ...] = tuple(SIDES)
    includes: Callable[[Case], bool] = lambda case: True


@dataclass(frozen=True)
class OpVerdict(Verdict):
    """How a bound for many cases came out.

    Attributes:
        misses: What does not reach it: name, size, figure.
    """

    misses: tuple[tuple[str, str, float], ...] = ()


INDEX_SUMS = ("scatter", "segment_sum", "take, gradient (embedding)", "get_item, gradient")
AS_FAST = ("resize", "map_coordinates", "median", "nanmedian", "quantile", "nanquantile", "percentile", "nanpercentile")


def is_numpys(case: Case) -> bool:
    """Tells whether the counterpart is of numpy itself, and the case a plain call."""
    call = case.calls["numpy"]
    is_scipys = (call[0] if isinstance(call, tuple) else call).startswith("scipy") if not callable(call) else False
    return not is_scipys and "gradient" not in case.variant


OP_BOUNDS = (
    OpBound("ops", 3.0, "difference", ("numpy",), "numpy's call", ("small",), is_numpys),
    OpBound(
        "ops",
        1.5,
        "ratio",
        ("numpy",),
        "scipy or numpy: resize, map_coordinates, medians and quantiles",
        includes=lambda case: case.op.rpartition(".")[2] in AS_FAST,
    ),
    OpBound(
        "ops",
        1.0,
        "ratio",
        ("numpy",),
        "np.add.at: scatter, segment_sum, gradients of gathering rows",
        ("medium", "large"),
        lambda case: case.name in INDEX_SUMS,
    ),
)


def best(result: Result, name: str, size: str) -> float | None:
    """Returns the least time of a case, which other processes disturbed least; None if there is none."""
    samples = result.figures.get(name, {}).get(size)
    return min(samples) if samples else None


def judge_ops(measured: dict[str, Result]) -> list[Verdict]:
    """Judges every bound for single ops."""
    return [_judged(bound, measured.get("minikeras", Result()), measured.get("numpy", Result())) for bound in OP_BOUNDS]


def _judged(bound: OpBound, ours: Result, numpys: Result) -> OpVerdict:
    is_ratio = bound.kind == "ratio"
    required = f"each <= {bound.limit:g} of {bound.of}" if is_ratio else f"each <= {bound.of} + {bound.limit:g} us"
    figures = {}
    for name in (name for name, case in CASES.items() if case.calls["numpy"] is not None and bound.includes(case)):
        for size in bound.sizes:
            here, there = best(ours, name, size), best(numpys, name, size)
            if here is not None and there is not None:
                figures[name, size] = here / there if is_ratio else here - there
    if not figures:
        return OpVerdict(bound, required, "", None, OPEN, "without minikeras, numpy or a case of it")
    missed = sorted((key for key in figures if figures[key] > bound.limit), key=lambda key: -figures[key])
    return OpVerdict(
        bound,
        f"{required}, {'all sizes' if len(bound.sizes) == len(SIDES) else ' and '.join(bound.sizes)}",
        f"{len(figures) - len(missed)} of {len(figures)}",
        float(len(missed)),
        MISSED if missed else MET,
        "numpy or scipy",
        tuple((*key, figures[key]) for key in missed),
    )
