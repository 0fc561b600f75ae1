"""Planning, from the entries of a trace to the instructions of a plan: the passes in their order.

What is computed:

1. `fold_constants`: results of constants are constants.
2. `eliminate_common_subexpressions`: equal calls on equal values are made once.
3. `eliminate_dead_code`: what neither an output nor an effect needs is left out.
4. `lower_control_flow`: loops and branches become entries that compute just what is taken from them.

In which order:

5. `schedule`: small entries that are alike come side by side, and form a group.

Where values live, as far as that matters for what is computed:

6. `update_in_place`: new values of variables are computed right into the variables.
7. `fuse`: the entries of a group whose operands lie side by side become one.
8. `broadcast_copies`: a row or column that small arrays are combined with is copied to their shape first.

Memory for everything else, and the calls:

9. `allocate_buffers`: each value that has no location yet gets a view, the buffer of an operand that dies, or a buffer.
10. `tile`: elementwise entries on large arrays that follow each other are computed tile by tile.
11. `bind`: each entry becomes an instruction, a call without arguments.

The body of a loop goes through the same passes, but is bound once a turn: see `body_plan`.
"""

from collections.abc import Callable, Sequence

from ..engine.tensor import Tensor
from ..engine.trace import Trace
from .control_flow.regions import lower_control_flow
from .passes.binding import bind
from .passes.broadcast_copies import broadcast_copies
from .passes.buffers import allocate_buffers
from .passes.common_subexpressions import eliminate_common_subexpressions
from .passes.constant_folding import fold_constants
from .passes.dead_code import eliminate_dead_code
from .passes.fusion import fuse
from .passes.in_place import update_in_place
from .passes.scheduling import schedule
from .passes.tiling import tile
from .program import Program

PASSES: tuple[Callable[[Program], Program], ...] = (
    fold_constants,
    eliminate_common_subexpressions,
    eliminate_dead_code,
    lower_control_flow,
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
        inputs: The tensors that stand for the data.
        outputs: The values to deliver.
    """
    program = Program.of(trace, inputs, outputs)
    for apply_pass in PASSES:
        program = apply_pass(program)
    return program
