"""Data sets for examples and tests, read from disk: no network is needed or tried."""

from . import mnist

__all__ = ["mnist"]
