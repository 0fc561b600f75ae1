"""`keras.mixed_precision`: the global dtype policy, by its names in Keras 2 and 3."""

from ..config import dtype_policy, set_dtype_policy
from ..dtype_policies import DTypePolicy

Policy = DTypePolicy
global_policy, set_global_policy = dtype_policy, set_dtype_policy

__all__ = ["DTypePolicy", "Policy", "dtype_policy", "global_policy", "set_dtype_policy", "set_global_policy"]
