"""Which type a layer computes in and which type its weights have."""

from .dtype_policy import DTypePolicy, get

__all__ = ["DTypePolicy", "get"]
