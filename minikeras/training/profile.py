"""Where the time of a step goes: each instruction of its plan, timed, by phase and by layer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..argument_checks import check_int, check_optional_int
from ..compiler.plan import Plan
from ..engine.phases import PHASES
from ..errors import ArgumentError, StateError, brief
from ..typing import Data
from .data import DATA_NAMES, ArrayData
from .nested_calls import nestable
from .running import Running

_KINDS = ("train", "test", "predict")


class InstructionTime(NamedTuple):
    """One instruction of a step.

    Attributes:
        phase: "forward", "loss", "backward", "optimizer" or "metrics"; several, with commas between them, for alike
            calls of several phases that have become one. What a `train_step` of your own computes with ops alone is
            "forward".
        layer: The path of the layer or optimizer that it belongs to; "" for none.
        op: What it computes: the name of an op, or of several that are one call.
        shape: The shape of its result.
        microseconds: How long it takes.
        bytes: The bytes of all arrays that it reads and writes.
        share: The part of the time of all instructions.
    """

    phase: str
    layer: str
    op: str
    shape: tuple[int, ...]
    microseconds: float
    bytes: int
    share: float


@dataclass(frozen=True)
class StepProfile:
    """Where the time of a step goes. Printed, it is two tables: by layer, and by instruction.

    Attributes:
        kind: "train", "test" or "predict".
        examples: The number of examples in the batch.
        microseconds: The time of the step as `fit`, `evaluate` or `predict` run it: all its instructions in a row.
        instructions: What the step does, in order.
    """

    kind: str
    examples: int
    microseconds: float
    instructions: list[InstructionTime]

    def by_phase(self) -> dict[str, float]:
        """Returns the microseconds of each phase."""
        found = _summed((each.phase, each.microseconds) for each in self.instructions)
        return {name: found.pop(name) for name in PHASES if name in found} | found

    def by_layer(self) -> dict[str, dict[str, float]]:
        """Returns the microseconds of each phase of each layer; "" is the layer of entries outside all layers."""
        found: dict[str, dict[str, float]] = {}
        for each in self.instructions:
            times = found.setdefault(each.layer, {})
            times[each.phase] = times.get(each.phase, 0.0) + each.microseconds
        return found

    def __repr__(self) -> str:
        # Short: an interactive session shows it below the tables that `profile_step` prints.
        return f"<StepProfile of a {self._summary()}>"

    def __str__(self) -> str:
        return f"One {self._summary()}\n\n{self._layer_table()}\n\n{self._instruction_table()}"

    def _summary(self) -> str:
        step = f"{self.kind} step on {self.examples} example{'' if self.examples == 1 else 's'}"
        return f"{step}: {self.microseconds:.1f} us, {len(self.instructions)} instructions"

    def _layer_table(self) -> str:
        from tabulate import tabulate

        phases, layers = self.by_phase(), self.by_layer()
        total = sum(phases.values())
        rows = [[layer or "(no layer)", *_cells(times, phases, total)] for layer, times in layers.items()]
        rows.append(["all", *_cells(phases, phases, total)])
        headers = ["us by layer", *phases, "sum", "share"]
        return tabulate(rows, headers, disable_numparse=True, colalign=["left"] + ["right"] * (len(headers) - 1))

    def _instruction_table(self) -> str:
        from tabulate import tabulate

        rows = [
            [
                number,
                each.phase,
                each.layer,
                each.op,
                str(each.shape),
                f"{each.microseconds:.2f}",
                f"{each.bytes:,}",
                f"{each.share:.1%}",
            ]
            for number, each in enumerate(self.instructions)
        ]
        headers = ["", "phase", "layer", "op", "shape", "us", "bytes", "share"]
        align = ["right", "left", "left", "left", "left", "right", "right", "right"]
        return tabulate(rows, headers, disable_numparse=True, colalign=align if rows else None)


def _cells(times: dict[str, float], phases: Iterable[str], total: float) -> list[str]:
    """Returns a row of the table by layer behind its name."""
    own = sum(times.values())
    spent = [f"{times[name]:.2f}" if name in times else "" for name in phases]
    return [*spent, f"{own:.2f}", f"{own / total:.1%}" if total else ""]


def _summed(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name, value in pairs:
        sums[name] = sums.get(name, 0.0) + value
    return sums


class Profiled(Running):
    """Models that tell where the time of their steps goes."""

    @nestable
    def profile_step(
        self,
        x: Data,
        y: Data = None,
        sample_weight: Data = None,
        kind: str = "train",
        batch_size: int | None = None,
        repeats: int = 100,
    ) -> StepProfile:
        """Prints where the time of a step goes: each instruction, by layer, with its share.

        The step runs on the first examples of the data. Weights, the state of the optimizer, metrics and seeds are
        afterwards what they were. A model that has not been built is built.

        Each instruction is timed by itself and stands with the median. The time of the whole step is measured apart
        from that, without the clock in between.

        Args:
            x: Inputs, examples along the first axis.
            y: Labels.
            sample_weight: What each example counts.
            kind: The step: "train", as `fit` runs it, "test", as `evaluate` does, or "predict".
            batch_size: The number of examples in the step; 32 by default, or all if there are fewer.
            repeats: How often the step is timed.

        Returns:
            What is printed, as data.

        Raises:
            ArgumentError: If the kind is not known, or labels are given for a prediction.
            StateError: If the model is not compiled, or its steps are not replayed, as with `run_eagerly=True`.
            DataError: If the data cannot be used.

        Example:
            >>> import minikeras as keras, numpy as np
            >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="logits")])
            >>> model.compile("sgd", "mse")
            >>> profile = model.profile_step(np.ones((8, 4)), np.ones((8, 2)))  # doctest: +ELLIPSIS
            One train step on 8 examples: ...
            >>> profile.instructions[0].layer, profile.instructions[0].op, profile.instructions[0].shape
            ('sequential/logits', 'matmul', (8, 2))
        """
        if kind not in _KINDS:
            raise ArgumentError(f"`profile_step` expects a `kind` among {_KINDS}. Received: kind={brief(kind)}")
        if kind == "predict" and not (y is None and sample_weight is None):
            raise ArgumentError("`profile_step` of a prediction takes `x` alone. Received: `y` or `sample_weight`, too")
        repeats = check_int("profile_step", "repeats", repeats, minimum=1)
        size = check_optional_int("profile_step", "batch_size", batch_size, minimum=1)
        if kind != "predict":
            self._require_compiled("profile_step")
        parts = (x,) if kind == "predict" else (x, y, sample_weight)
        data = ArrayData(parts, DATA_NAMES[: len(parts)], size)
        self._prepare(data, trains=kind != "predict")
        batch = data.first()
        with self._runner.lock:
            plan = self._runner.step(kind).traced_plan(batch.arrays(), batch.structure, batch.key)
            if plan is None:
                raise StateError(
                    f"`profile_step` shows the plan of a step, and the steps of {type(self).__name__} have none: they "
                    "run in Python each time, because of `run_eagerly=True` or for the reason that a `ReplayWarning` "
                    "gave."
                )
            batch.write(plan.inputs)
            seconds, whole = plan.timed(repeats)
        profile = _profile(kind, batch.size, plan, seconds, whole)
        print(profile)
        return profile


def _profile(kind: str, examples: int, plan: Plan, seconds: list[float], whole: float) -> StepProfile:
    total = sum(seconds) or 1.0
    instructions = [
        InstructionTime(
            each.phase,
            each.layer or "",
            each.op,
            each.shape,
            1e6 * spent,
            each.bytes_read + each.bytes_written,
            spent / total,
        )
        for each, spent in zip(plan.instructions, seconds, strict=True)
    ]
    return StepProfile(kind, examples, 1e6 * whole, instructions)
