"""Global state of the process: the counters of automatic names, the global seed, the global dtype policy."""

from typing import Any

from .. import config
from ..engine import naming
from ..engine.arena import release_chunks
from ..graph.keras_tensor import KerasTensor
from ..random.seed_generator import reset_global_seed_generator
from ..tracebacks import filtered

_uids: dict[str, int] = {}


@filtered
def is_keras_tensor(x: Any) -> bool:
    """Returns whether a value is symbolic.

    Source: https://keras.io/api/utils/backend_utils/

    Example:
        >>> is_keras_tensor(KerasTensor((2,))), is_keras_tensor(2)
        (True, False)
    """
    return isinstance(x, KerasTensor)


@filtered
def clear_session(free_memory: bool = True) -> None:
    """Resets the numbering of automatic names, the global seed, the global dtype policy and the use of flash attention.

    Args:
        free_memory: Whether new variables share no memory with those of before, whose memory is then freed with the
            last of them.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> clear_session()
        >>> naming.unique_name("dense")
        'dense'
    """
    config.forget_dtype_policy()
    config.enable_flash_attention()
    naming.reset_names()
    reset_uids()
    reset_global_seed_generator()
    if free_memory:
        release_chunks()


@filtered
def get_uid(prefix: str = "") -> int:
    """Returns 1, 2, ... on successive calls with a prefix.

    Source: https://keras.io/api/utils/backend_utils/

    Example:
        >>> reset_uids()
        >>> get_uid("dense"), get_uid("dense"), get_uid("conv")
        (1, 2, 1)
    """
    _uids[prefix] = _uids.get(prefix, 0) + 1
    return _uids[prefix]


@filtered
def reset_uids() -> None:
    """Resets the counters of `get_uid`."""
    _uids.clear()
