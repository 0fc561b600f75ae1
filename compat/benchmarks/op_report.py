"""The tables of the workload "ops": one for each size, and what misses a bound."""

from tabulate import tabulate

from .contenders import OP_CONTENDERS
from .op_bounds import OpVerdict, best
from .op_cases import CASES
from .op_inputs import SIDES
from .processes import Result

HEADERS = ("op", *OP_CONTENDERS, "of numpy", "above numpy")


def op_rows(measured: dict[str, Result], size: str) -> list[tuple[str, ...]]:
    """Returns a row for each case with figures: microseconds of each contender, minikeras's in times of numpy's and
    above it."""
    rows = []
    for name in CASES:
        figures = {contender: best(measured.get(contender, Result()), name, size) for contender in OP_CONTENDERS}
        if not any(figures.values()):
            continue
        ours, numpys = figures["minikeras"], figures["numpy"]
        compared = (f"{ours / numpys:.2f}", f"{ours - numpys:+.1f}") if ours and numpys else ("", "")
        rows.append((name, *("" if value is None else f"{value:.1f}" for value in figures.values()), *compared))
    return rows


def print_op_tables(measured: dict[str, Result]) -> None:
    """Prints the tables of all sizes."""
    for size in SIDES:
        print(f"\nops, {size} inputs: microseconds a call\n")
        print(
            tabulate(op_rows(measured, size), headers=HEADERS, disable_numparse=True, colalign=("left", *["right"] * 6))
        )


def print_misses(verdicts: list[OpVerdict]) -> None:
    """Prints the cases that miss each bound, the worst first."""
    for verdict in verdicts:
        if verdict.misses:
            unit = "of it" if verdict.bound.kind == "ratio" else "us above it"
            print(f"\nops that miss {verdict.required}:")
            print("; ".join(f"{name} ({size}): {figure:.2f} {unit}" for name, size, figure in verdict.misses))
