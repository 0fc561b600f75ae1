"""Datasets for examples and tests, read from disk: the network is never used."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import mnist as mnist
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "mnist": ".",
        },
    )
