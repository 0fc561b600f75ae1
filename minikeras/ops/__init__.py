"""Operations on values, as in `keras.ops`: on arrays they compute, in a step they are recorded."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .activation import celu as celu
    from .activation import elu as elu
    from .activation import gelu as gelu
    from .activation import glu as glu
    from .activation import log_sigmoid as log_sigmoid
    from .activation import selu as selu
    from .activation import silu as silu
    from .activation import softplus as softplus
    from .activation import softsign as softsign
    from .activation import squareplus as squareplus
    from .activation import swish as swish
    from .activation import tanh_shrink as tanh_shrink
    from .comparison import allclose as allclose
    from .comparison import equal as equal
    from .comparison import greater as greater
    from .comparison import greater_equal as greater_equal
    from .comparison import isclose as isclose
    from .comparison import isfinite as isfinite
    from .comparison import isinf as isinf
    from .comparison import isnan as isnan
    from .comparison import less as less
    from .comparison import less_equal as less_equal
    from .comparison import logical_and as logical_and
    from .comparison import logical_not as logical_not
    from .comparison import logical_or as logical_or
    from .comparison import logical_xor as logical_xor
    from .comparison import not_equal as not_equal
    from .comparison import select as select
    from .comparison import where as where
    from .core import cast as cast
    from .core import convert_to_numpy as convert_to_numpy
    from .core import convert_to_tensor as convert_to_tensor
    from .core import is_tensor as is_tensor
    from .core import stop_gradient as stop_gradient
    from .creation import arange as arange
    from .creation import array as array
    from .creation import copy as copy
    from .creation import empty as empty
    from .creation import empty_like as empty_like
    from .creation import full as full
    from .creation import full_like as full_like
    from .creation import linspace as linspace
    from .creation import ones as ones
    from .creation import ones_like as ones_like
    from .creation import zeros as zeros
    from .creation import zeros_like as zeros_like
    from .ctc import ctc_loss as ctc_loss
    from .ctc_decoding import ctc_decode as ctc_decode
    from .elementwise import absolute as absolute
    from .elementwise import add as add
    from .elementwise import ceil as ceil
    from .elementwise import clip as clip
    from .elementwise import divide as divide
    from .elementwise import divide_no_nan as divide_no_nan
    from .elementwise import exp as exp
    from .elementwise import floor as floor
    from .elementwise import floor_divide as floor_divide
    from .elementwise import log as log
    from .elementwise import log1p as log1p
    from .elementwise import maximum as maximum
    from .elementwise import minimum as minimum
    from .elementwise import mod as mod
    from .elementwise import multiply as multiply
    from .elementwise import negative as negative
    from .elementwise import power as power
    from .elementwise import round as round
    from .elementwise import sigmoid as sigmoid
    from .elementwise import sign as sign
    from .elementwise import sqrt as sqrt
    from .elementwise import square as square
    from .elementwise import subtract as subtract
    from .elementwise import tanh as tanh
    from .elementwise import true_divide as true_divide
    from .exponents import cbrt as cbrt
    from .exponents import exp2 as exp2
    from .exponents import log2 as log2
    from .exponents import log10 as log10
    from .exponents import logaddexp as logaddexp
    from .exponents import logaddexp2 as logaddexp2
    from .exponents import reciprocal as reciprocal
    from .exponents import rsqrt as rsqrt
    from .gradient_rules import custom_gradient as custom_gradient
    from .joining import append as append
    from .joining import array_split as array_split
    from .joining import dstack as dstack
    from .joining import hsplit as hsplit
    from .joining import hstack as hstack
    from .joining import meshgrid as meshgrid
    from .joining import split as split
    from .joining import unstack as unstack
    from .joining import vsplit as vsplit
    from .joining import vstack as vstack
    from .linalg import matmul as matmul
    from .linalg import normalize as normalize
    from .matrices import diag as diag
    from .matrices import diagonal as diagonal
    from .matrices import eye as eye
    from .matrices import identity as identity
    from .matrices import trace as trace
    from .matrices import tri as tri
    from .matrices import tril as tril
    from .matrices import triu as triu
    from .moving import flip as flip
    from .moving import fliplr as fliplr
    from .moving import flipud as flipud
    from .moving import pad as pad
    from .moving import repeat as repeat
    from .moving import roll as roll
    from .moving import rot90 as rot90
    from .moving import tile as tile
    from .nn import binary_crossentropy as binary_crossentropy
    from .nn import categorical_crossentropy as categorical_crossentropy
    from .nn import log_softmax as log_softmax
    from .nn import one_hot as one_hot
    from .nn import relu as relu
    from .nn import softmax as softmax
    from .nn import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from .piecewise import hard_shrink as hard_shrink
    from .piecewise import hard_sigmoid as hard_sigmoid
    from .piecewise import hard_silu as hard_silu
    from .piecewise import hard_swish as hard_swish
    from .piecewise import hard_tanh as hard_tanh
    from .piecewise import leaky_relu as leaky_relu
    from .piecewise import relu6 as relu6
    from .piecewise import soft_shrink as soft_shrink
    from .piecewise import sparse_plus as sparse_plus
    from .piecewise import sparse_sigmoid as sparse_sigmoid
    from .piecewise import threshold as threshold
    from .products import dot as dot
    from .products import einsum as einsum
    from .products import inner as inner
    from .products import norm as norm
    from .products import outer as outer
    from .products import tensordot as tensordot
    from .products import vdot as vdot
    from .reduction import all as all
    from .reduction import any as any
    from .reduction import argmax as argmax
    from .reduction import argmin as argmin
    from .reduction import logsumexp as logsumexp
    from .reduction import max as max
    from .reduction import mean as mean
    from .reduction import min as min
    from .reduction import sum as sum
    from .rounding import abs as abs
    from .rounding import fabs as fabs
    from .rounding import fmax as fmax
    from .rounding import fmin as fmin
    from .rounding import fmod as fmod
    from .rounding import heaviside as heaviside
    from .rounding import nan_to_num as nan_to_num
    from .rounding import signbit as signbit
    from .rounding import trunc as trunc
    from .segments import cumsum as cumsum
    from .segments import diff as diff
    from .segments import segment_sum as segment_sum
    from .shapes import shape as shape
    from .shaping import broadcast_to as broadcast_to
    from .shaping import concatenate as concatenate
    from .shaping import expand_dims as expand_dims
    from .shaping import get_item as get_item
    from .shaping import moveaxis as moveaxis
    from .shaping import ravel as ravel
    from .shaping import reshape as reshape
    from .shaping import squeeze as squeeze
    from .shaping import stack as stack
    from .shaping import swapaxes as swapaxes
    from .shaping import take as take
    from .shaping import take_along_axis as take_along_axis
    from .shaping import transpose as transpose
    from .simplex import sparsemax as sparsemax
    from .slicing import slice as slice
    from .slicing import slice_update as slice_update
    from .sorting import argsort as argsort
    from .sorting import in_top_k as in_top_k
    from .sorting import searchsorted as searchsorted
    from .sorting import sort as sort
    from .sorting import top_k as top_k
    from .special import erf as erf
    from .special import expm1 as expm1
    from .statistics import amax as amax
    from .statistics import amin as amin
    from .statistics import average as average
    from .statistics import count_nonzero as count_nonzero
    from .statistics import moments as moments
    from .statistics import prod as prod
    from .statistics import ptp as ptp
    from .statistics import std as std
    from .statistics import var as var
    from .trigonometry import arccos as arccos
    from .trigonometry import arccosh as arccosh
    from .trigonometry import arcsin as arcsin
    from .trigonometry import arcsinh as arcsinh
    from .trigonometry import arctan as arctan
    from .trigonometry import arctan2 as arctan2
    from .trigonometry import arctanh as arctanh
    from .trigonometry import cos as cos
    from .trigonometry import cosh as cosh
    from .trigonometry import deg2rad as deg2rad
    from .trigonometry import hypot as hypot
    from .trigonometry import rad2deg as rad2deg
    from .trigonometry import sin as sin
    from .trigonometry import sinh as sinh
    from .trigonometry import tan as tan
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "abs": ".rounding",
            "absolute": ".elementwise",
            "add": ".elementwise",
            "all": ".reduction",
            "allclose": ".comparison",
            "amax": ".statistics",
            "amin": ".statistics",
            "any": ".reduction",
            "append": ".joining",
            "arange": ".creation",
            "arccos": ".trigonometry",
            "arccosh": ".trigonometry",
            "arcsin": ".trigonometry",
            "arcsinh": ".trigonometry",
            "arctan": ".trigonometry",
            "arctan2": ".trigonometry",
            "arctanh": ".trigonometry",
            "argmax": ".reduction",
            "argmin": ".reduction",
            "argsort": ".sorting",
            "array": ".creation",
            "array_split": ".joining",
            "average": ".statistics",
            "binary_crossentropy": ".nn",
            "broadcast_to": ".shaping",
            "cast": ".core",
            "categorical_crossentropy": ".nn",
            "cbrt": ".exponents",
            "ceil": ".elementwise",
            "celu": ".activation",
            "clip": ".elementwise",
            "concatenate": ".shaping",
            "convert_to_numpy": ".core",
            "convert_to_tensor": ".core",
            "copy": ".creation",
            "cos": ".trigonometry",
            "cosh": ".trigonometry",
            "count_nonzero": ".statistics",
            "ctc_decode": ".ctc_decoding",
            "ctc_loss": ".ctc",
            "cumsum": ".segments",
            "custom_gradient": ".gradient_rules",
            "deg2rad": ".trigonometry",
            "diag": ".matrices",
            "diagonal": ".matrices",
            "diff": ".segments",
            "divide": ".elementwise",
            "divide_no_nan": ".elementwise",
            "dot": ".products",
            "dstack": ".joining",
            "einsum": ".products",
            "elu": ".activation",
            "empty": ".creation",
            "empty_like": ".creation",
            "equal": ".comparison",
            "erf": ".special",
            "exp": ".elementwise",
            "exp2": ".exponents",
            "expand_dims": ".shaping",
            "expm1": ".special",
            "eye": ".matrices",
            "fabs": ".rounding",
            "flip": ".moving",
            "fliplr": ".moving",
            "flipud": ".moving",
            "floor": ".elementwise",
            "floor_divide": ".elementwise",
            "fmax": ".rounding",
            "fmin": ".rounding",
            "fmod": ".rounding",
            "full": ".creation",
            "full_like": ".creation",
            "gelu": ".activation",
            "get_item": ".shaping",
            "glu": ".activation",
            "greater": ".comparison",
            "greater_equal": ".comparison",
            "hard_shrink": ".piecewise",
            "hard_sigmoid": ".piecewise",
            "hard_silu": ".piecewise",
            "hard_swish": ".piecewise",
            "hard_tanh": ".piecewise",
            "heaviside": ".rounding",
            "hsplit": ".joining",
            "hstack": ".joining",
            "hypot": ".trigonometry",
            "identity": ".matrices",
            "in_top_k": ".sorting",
            "inner": ".products",
            "is_tensor": ".core",
            "isclose": ".comparison",
            "isfinite": ".comparison",
            "isinf": ".comparison",
            "isnan": ".comparison",
            "leaky_relu": ".piecewise",
            "less": ".comparison",
            "less_equal": ".comparison",
            "linspace": ".creation",
            "log": ".elementwise",
            "log10": ".exponents",
            "log1p": ".elementwise",
            "log2": ".exponents",
            "log_sigmoid": ".activation",
            "log_softmax": ".nn",
            "logaddexp": ".exponents",
            "logaddexp2": ".exponents",
            "logical_and": ".comparison",
            "logical_not": ".comparison",
            "logical_or": ".comparison",
            "logical_xor": ".comparison",
            "logsumexp": ".reduction",
            "matmul": ".linalg",
            "max": ".reduction",
            "maximum": ".elementwise",
            "mean": ".reduction",
            "meshgrid": ".joining",
            "min": ".reduction",
            "minimum": ".elementwise",
            "mod": ".elementwise",
            "moments": ".statistics",
            "moveaxis": ".shaping",
            "multiply": ".elementwise",
            "nan_to_num": ".rounding",
            "negative": ".elementwise",
            "norm": ".products",
            "normalize": ".linalg",
            "not_equal": ".comparison",
            "one_hot": ".nn",
            "ones": ".creation",
            "ones_like": ".creation",
            "outer": ".products",
            "pad": ".moving",
            "power": ".elementwise",
            "prod": ".statistics",
            "ptp": ".statistics",
            "rad2deg": ".trigonometry",
            "ravel": ".shaping",
            "reciprocal": ".exponents",
            "relu": ".nn",
            "relu6": ".piecewise",
            "repeat": ".moving",
            "reshape": ".shaping",
            "roll": ".moving",
            "rot90": ".moving",
            "round": ".elementwise",
            "rsqrt": ".exponents",
            "searchsorted": ".sorting",
            "segment_sum": ".segments",
            "select": ".comparison",
            "selu": ".activation",
            "shape": ".shapes",
            "sigmoid": ".elementwise",
            "sign": ".elementwise",
            "signbit": ".rounding",
            "silu": ".activation",
            "sin": ".trigonometry",
            "sinh": ".trigonometry",
            "slice": ".slicing",
            "slice_update": ".slicing",
            "soft_shrink": ".piecewise",
            "softmax": ".nn",
            "softplus": ".activation",
            "softsign": ".activation",
            "sort": ".sorting",
            "sparse_categorical_crossentropy": ".nn",
            "sparse_plus": ".piecewise",
            "sparse_sigmoid": ".piecewise",
            "sparsemax": ".simplex",
            "split": ".joining",
            "sqrt": ".elementwise",
            "square": ".elementwise",
            "squareplus": ".activation",
            "squeeze": ".shaping",
            "stack": ".shaping",
            "std": ".statistics",
            "stop_gradient": ".core",
            "subtract": ".elementwise",
            "sum": ".reduction",
            "swapaxes": ".shaping",
            "swish": ".activation",
            "take": ".shaping",
            "take_along_axis": ".shaping",
            "tan": ".trigonometry",
            "tanh": ".elementwise",
            "tanh_shrink": ".activation",
            "tensordot": ".products",
            "threshold": ".piecewise",
            "tile": ".moving",
            "top_k": ".sorting",
            "trace": ".matrices",
            "transpose": ".shaping",
            "tri": ".matrices",
            "tril": ".matrices",
            "triu": ".matrices",
            "true_divide": ".elementwise",
            "trunc": ".rounding",
            "unstack": ".joining",
            "var": ".statistics",
            "vdot": ".products",
            "vsplit": ".joining",
            "vstack": ".joining",
            "where": ".comparison",
            "zeros": ".creation",
            "zeros_like": ".creation",
        },
    )
