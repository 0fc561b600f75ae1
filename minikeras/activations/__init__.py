"""Activation functions, as in `keras.activations`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .piecewise import hard_shrink as hard_shrink
    from .piecewise import hard_sigmoid as hard_sigmoid
    from .piecewise import hard_silu as hard_silu
    from .piecewise import hard_swish as hard_swish
    from .piecewise import hard_tanh as hard_tanh
    from .piecewise import leaky_relu as leaky_relu
    from .piecewise import linear as linear
    from .piecewise import relu as relu
    from .piecewise import relu6 as relu6
    from .piecewise import soft_shrink as soft_shrink
    from .piecewise import sparse_plus as sparse_plus
    from .piecewise import sparse_sigmoid as sparse_sigmoid
    from .piecewise import threshold as threshold
    from .probabilities import log_softmax as log_softmax
    from .probabilities import softmax as softmax
    from .probabilities import sparsemax as sparsemax
    from .smooth import celu as celu
    from .smooth import elu as elu
    from .smooth import exponential as exponential
    from .smooth import gelu as gelu
    from .smooth import glu as glu
    from .smooth import log_sigmoid as log_sigmoid
    from .smooth import mish as mish
    from .smooth import selu as selu
    from .smooth import sigmoid as sigmoid
    from .smooth import silu as silu
    from .smooth import softplus as softplus
    from .smooth import softsign as softsign
    from .smooth import squareplus as squareplus
    from .smooth import swish as swish
    from .smooth import tanh as tanh
    from .smooth import tanh_shrink as tanh_shrink
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "celu": ".smooth",
            "deserialize": ".lookup",
            "elu": ".smooth",
            "exponential": ".smooth",
            "gelu": ".smooth",
            "get": ".lookup",
            "glu": ".smooth",
            "hard_shrink": ".piecewise",
            "hard_sigmoid": ".piecewise",
            "hard_silu": ".piecewise",
            "hard_swish": ".piecewise",
            "hard_tanh": ".piecewise",
            "leaky_relu": ".piecewise",
            "linear": ".piecewise",
            "log_sigmoid": ".smooth",
            "log_softmax": ".probabilities",
            "mish": ".smooth",
            "relu": ".piecewise",
            "relu6": ".piecewise",
            "selu": ".smooth",
            "serialize": ".lookup",
            "sigmoid": ".smooth",
            "silu": ".smooth",
            "soft_shrink": ".piecewise",
            "softmax": ".probabilities",
            "softplus": ".smooth",
            "softsign": ".smooth",
            "sparse_plus": ".piecewise",
            "sparse_sigmoid": ".piecewise",
            "sparsemax": ".probabilities",
            "squareplus": ".smooth",
            "swish": ".smooth",
            "tanh": ".smooth",
            "tanh_shrink": ".smooth",
            "threshold": ".piecewise",
        },
    )
