"""Lets scripts that import `keras` or `tensorflow` run on minikeras, unchanged.

`minikeras run script.py` does it for a script; `install` for later imports in this process.
"""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .eager_tensor import EagerTensor as EagerTensor
    from .installation import install as install
    from .installation import is_installed as is_installed
    from .installation import uninstall as uninstall
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "EagerTensor": ".eager_tensor",
            "install": ".installation",
            "is_installed": ".installation",
            "uninstall": ".installation",
        },
    )
