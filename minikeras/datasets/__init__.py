"""Datasets for examples and tests: MNIST is bundled, the others are read from the Keras cache or downloaded."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import boston_housing as boston_housing
    from . import california_housing as california_housing
    from . import cifar10 as cifar10
    from . import cifar100 as cifar100
    from . import fashion_mnist as fashion_mnist
    from . import imdb as imdb
    from . import mnist as mnist
    from . import reuters as reuters
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "boston_housing": ".",
            "california_housing": ".",
            "cifar10": ".",
            "cifar100": ".",
            "fashion_mnist": ".",
            "imdb": ".",
            "mnist": ".",
            "reuters": ".",
        },
    )
