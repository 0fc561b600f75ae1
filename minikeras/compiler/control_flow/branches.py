"""Branches: one of several bodies runs, chosen by an index that is known only when the step runs."""

from collections.abc import Callable, Sequence

import numpy as np

from ...engine.body_trace import Body
from ...engine.primitive import copying, in_sequence, in_turn
from .body_plan import BodyPlan
from .regions import ControlFlow, Layout, control_flow


class Branches(ControlFlow):
    """Several bodies, one of which runs.

    Its operands are the branch index and the operands of the bodies. Its outputs can be projected by index.

    Args:
        bodies: The branches, with equally many outputs of the same shapes and dtypes.
        operands: For each body, the indices of the operands that are its parameters.
    """

    primitive = control_flow("switch")

    def __init__(self, bodies: Sequence[Body], operands: Sequence[Sequence[int]]):
        super().__init__()
        self.bodies, self.operands = list(bodies), [list(each) for each in operands]

    def runner(self, wanted: Sequence[int]) -> "BranchRunner":
        """Returns the runner that computes the requested outputs."""
        return BranchRunner(self, wanted)


class BranchRunner:
    """Runs one of several branches, and computes the requested outputs.

    Args:
        branches: The branches.
        wanted: The indices of the requested outputs.

    Attributes:
        operands: The indices of the operands that are needed.
        regions: The region of the buffer that holds each of these outputs.
        nbytes: The size of the buffer.
    """

    def __init__(self, branches: Branches, wanted: Sequence[int]):
        layout = Layout()
        self.regions = [layout.reserve(branches.bodies[0].outputs[each]) for each in wanted]
        self.nbytes = layout.nbytes
        self._plans = []
        for body, operands in zip(branches.bodies, branches.operands, strict=True):
            plan = BodyPlan(body, {("output", number): body.outputs[each] for number, each in enumerate(wanted)})
            self._plans.append((plan, {index: operands[index] for index in plan.operands}))
        self.operands = [0, *sorted({index for _, operands in self._plans for index in operands.values()})]

    def bind(self, arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
        """Returns a call that runs the branch whose index is in the first array, and writes to a byte buffer."""
        given = dict(zip(self.operands, arrays, strict=True))
        results = {("output", number): region.of(out) for number, region in enumerate(self.regions)}
        branches = []
        for plan, indices in self._plans:
            operands = {slot: given[index] for slot, index in indices.items()}
            branches.append(in_turn(self._calls(plan, operands, results)))
        number, last = given[0], len(branches) - 1

        def run() -> None:
            branches[min(max(int(number), 0), last)]()

        return run

    def _calls(self, plan: BodyPlan, operands: dict, results: dict) -> list[Callable[[], object]]:
        copies = {each: np.empty(a.shape, a.dtype) for each, a in operands.items() if plan.needs_copy(each, a)}
        first = [copying(copy, operands[each]) for each, copy in copies.items()]
        return [*first, in_sequence(plan.bind({**operands, **copies, **results}, 1))]
