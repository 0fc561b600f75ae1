"""The operations of `keras.ops.nn`: those of neural networks."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from .. import adaptive_average_pool as adaptive_average_pool
    from .. import adaptive_max_pool as adaptive_max_pool
    from .. import average_pool as average_pool
    from .. import batch_normalization as batch_normalization
    from .. import binary_crossentropy as binary_crossentropy
    from .. import categorical_crossentropy as categorical_crossentropy
    from .. import celu as celu
    from .. import conv as conv
    from .. import conv_transpose as conv_transpose
    from .. import ctc_decode as ctc_decode
    from .. import ctc_loss as ctc_loss
    from .. import depth_to_space as depth_to_space
    from .. import depthwise_conv as depthwise_conv
    from .. import dot_product_attention as dot_product_attention
    from .. import elu as elu
    from .. import fold as fold
    from .. import gelu as gelu
    from .. import glu as glu
    from .. import hard_shrink as hard_shrink
    from .. import hard_sigmoid as hard_sigmoid
    from .. import hard_silu as hard_silu
    from .. import hard_swish as hard_swish
    from .. import hard_tanh as hard_tanh
    from .. import layer_normalization as layer_normalization
    from .. import leaky_relu as leaky_relu
    from .. import log_sigmoid as log_sigmoid
    from .. import log_softmax as log_softmax
    from .. import max_pool as max_pool
    from .. import moments as moments
    from .. import multi_hot as multi_hot
    from .. import normalize as normalize
    from .. import one_hot as one_hot
    from .. import polar as polar
    from .. import psnr as psnr
    from .. import relu as relu
    from .. import relu6 as relu6
    from .. import rms_normalization as rms_normalization
    from .. import selu as selu
    from .. import separable_conv as separable_conv
    from .. import sigmoid as sigmoid
    from .. import silu as silu
    from .. import soft_shrink as soft_shrink
    from .. import softmax as softmax
    from .. import softplus as softplus
    from .. import softsign as softsign
    from .. import space_to_depth as space_to_depth
    from .. import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from .. import sparse_plus as sparse_plus
    from .. import sparse_sigmoid as sparse_sigmoid
    from .. import sparsemax as sparsemax
    from .. import squareplus as squareplus
    from .. import swish as swish
    from .. import tanh_shrink as tanh_shrink
    from .. import threshold as threshold
    from .. import unfold as unfold
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "adaptive_average_pool": "..",
            "adaptive_max_pool": "..",
            "average_pool": "..",
            "batch_normalization": "..",
            "binary_crossentropy": "..",
            "categorical_crossentropy": "..",
            "celu": "..",
            "conv": "..",
            "conv_transpose": "..",
            "ctc_decode": "..",
            "ctc_loss": "..",
            "depth_to_space": "..",
            "depthwise_conv": "..",
            "dot_product_attention": "..",
            "elu": "..",
            "fold": "..",
            "gelu": "..",
            "glu": "..",
            "hard_shrink": "..",
            "hard_sigmoid": "..",
            "hard_silu": "..",
            "hard_swish": "..",
            "hard_tanh": "..",
            "layer_normalization": "..",
            "leaky_relu": "..",
            "log_sigmoid": "..",
            "log_softmax": "..",
            "max_pool": "..",
            "moments": "..",
            "multi_hot": "..",
            "normalize": "..",
            "one_hot": "..",
            "polar": "..",
            "psnr": "..",
            "relu": "..",
            "relu6": "..",
            "rms_normalization": "..",
            "selu": "..",
            "separable_conv": "..",
            "sigmoid": "..",
            "silu": "..",
            "soft_shrink": "..",
            "softmax": "..",
            "softplus": "..",
            "softsign": "..",
            "space_to_depth": "..",
            "sparse_categorical_crossentropy": "..",
            "sparse_plus": "..",
            "sparse_sigmoid": "..",
            "sparsemax": "..",
            "squareplus": "..",
            "swish": "..",
            "tanh_shrink": "..",
            "threshold": "..",
            "unfold": "..",
        },
    )
