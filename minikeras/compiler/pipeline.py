"""The pass pipeline: from the entries of a trace to the instructions of a plan.

What is computed:

1. `fold_constants`: results of calls on constants are constants.
2. `eliminate_common_subexpressions`: equal calls on equal values are made only once.
3. `eliminate_dead_code`: entries that neither an output nor a side effect depends on are dropped.
4. `scale_factors`: a scalar that multiplies a large matrix product multiplies its smaller factor.
5. `lower_control_flow`: loops and branches become entries that compute only the outputs that are used.
6. `block_batches`: runs of convolutions, and what stands between them, are computed block of examples by block.

In which order:

7. `schedule`: small entries of the same kind become adjacent and form a group.

Where values live, as far as that matters for what is computed:

8. `update_in_place`: new values of variables are computed directly into their buffers.
9. `fuse`: the entries of a group whose operands are contiguous become one.
10. `broadcast_copies`: a row or column is broadcast into a copy before small elementwise calls.

Memory for everything else, and the calls:

11. `allocate_buffers`: each value that has no location yet gets a view, a dying operand's buffer, or a new one.
12. `tile`: consecutive elementwise entries on large arrays are computed tile by tile.
13. `bind`: each entry becomes an instruction, a call without arguments.

The body of a loop goes through the same passes, but is bound once per iteration: see `body_plan`.
"""

from collections.abc import Callable, Sequence

from ..engine.tensor import Tensor
from ..engine.trace import Trace
from .blocks.blocking import block_batches
from .control_flow.regions import lower_control_flow
from .passes.binding import bind
from .passes.broadcast_copies import broadcast_copies
from .passes.buffers import allocate_buffers
from .passes.common_subexpressions import eliminate_common_subexpressions
from .passes.constant_folding import fold_constants
from .passes.dead_code import eliminate_dead_code
from .passes.fusion import fuse
from .passes.in_place import update_in_place
from .passes.scaling import scale_factors
from .passes.scheduling import schedule
from .passes.tiling import tile
from .program import Program

PASSES: tuple[Callable[[Program], Program], ...] = (
    fold_constants,
    eliminate_common_subexpressions,
    eliminate_dead_code,
    scale_factors,
    lower_control_flow,
    block_batches,
    schedule,
    update_in_place,
    fuse,
    broadcast_copies,
    allocate_buffers,
    tile,
    bind,
)


def compile_trace(trace: Trace, inputs: Sequence[Tensor], outputs: Sequence) -> Program:
    """Returns the program of a trace after all passes.

    Args:
        trace: The recorded step.
        inputs: The tensors of the input data.
        outputs: The values to return.
    """
    program = Program.of(trace, inputs, outputs)
    for apply_pass in PASSES:
        program = apply_pass(program)
    return program
