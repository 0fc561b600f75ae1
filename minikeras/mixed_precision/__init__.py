"""Mixed precision: dtype policies and the optimizer that scales the loss, by their names in Keras 2 and 3."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from ..config import dtype_policy as dtype_policy
    from ..config import set_dtype_policy as set_dtype_policy
    from ..dtype_policies import DTypePolicy as DTypePolicy
    from ..optimizers import LossScaleOptimizer as LossScaleOptimizer

    Policy = DTypePolicy
    global_policy = dtype_policy
    set_global_policy = set_dtype_policy
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "DTypePolicy": "..dtype_policies",
            "LossScaleOptimizer": "..optimizers",
            "Policy": "..dtype_policies:DTypePolicy",
            "dtype_policy": "..config",
            "global_policy": "..config:dtype_policy",
            "set_dtype_policy": "..config",
            "set_global_policy": "..config:set_dtype_policy",
        },
    )
