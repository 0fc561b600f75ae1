"""Lets scripts that import `keras` or `tensorflow` run on minikeras, unchanged.

`minikeras run script.py` does it for a script; `install` for what is imported after it in this process.
"""

from .eager_tensor import EagerTensor
from .installation import install, is_installed, uninstall

__all__ = ["EagerTensor", "install", "is_installed", "uninstall"]
