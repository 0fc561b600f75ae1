"""The operations of `keras.ops`: numpy on arrays, recorded in a trace, symbolic on KerasTensors."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .activations.piecewise import hard_shrink as hard_shrink
    from .activations.piecewise import hard_sigmoid as hard_sigmoid
    from .activations.piecewise import hard_silu as hard_silu
    from .activations.piecewise import hard_swish as hard_swish
    from .activations.piecewise import hard_tanh as hard_tanh
    from .activations.piecewise import leaky_relu as leaky_relu
    from .activations.piecewise import relu as relu
    from .activations.piecewise import relu6 as relu6
    from .activations.piecewise import soft_shrink as soft_shrink
    from .activations.piecewise import sparse_plus as sparse_plus
    from .activations.piecewise import sparse_sigmoid as sparse_sigmoid
    from .activations.piecewise import threshold as threshold
    from .activations.probabilities import log_softmax as log_softmax
    from .activations.probabilities import softmax as softmax
    from .activations.probabilities import sparsemax as sparsemax
    from .activations.smooth import celu as celu
    from .activations.smooth import elu as elu
    from .activations.smooth import gelu as gelu
    from .activations.smooth import glu as glu
    from .activations.smooth import log_sigmoid as log_sigmoid
    from .activations.smooth import selu as selu
    from .activations.smooth import sigmoid as sigmoid
    from .activations.smooth import silu as silu
    from .activations.smooth import softplus as softplus
    from .activations.smooth import softsign as softsign
    from .activations.smooth import squareplus as squareplus
    from .activations.smooth import swish as swish
    from .activations.smooth import tanh_shrink as tanh_shrink
    from .arithmetic import abs as abs
    from .arithmetic import absolute as absolute
    from .arithmetic import add as add
    from .arithmetic import divide as divide
    from .arithmetic import divide_no_nan as divide_no_nan
    from .arithmetic import fabs as fabs
    from .arithmetic import floor_divide as floor_divide
    from .arithmetic import fmod as fmod
    from .arithmetic import mod as mod
    from .arithmetic import multiply as multiply
    from .arithmetic import negative as negative
    from .arithmetic import reciprocal as reciprocal
    from .arithmetic import sign as sign
    from .arithmetic import signbit as signbit
    from .arithmetic import subtract as subtract
    from .arithmetic import true_divide as true_divide
    from .bits import bitwise_and as bitwise_and
    from .bits import bitwise_invert as bitwise_invert
    from .bits import bitwise_left_shift as bitwise_left_shift
    from .bits import bitwise_not as bitwise_not
    from .bits import bitwise_or as bitwise_or
    from .bits import bitwise_right_shift as bitwise_right_shift
    from .bits import bitwise_xor as bitwise_xor
    from .bits import gcd as gcd
    from .bits import lcm as lcm
    from .bits import left_shift as left_shift
    from .bits import right_shift as right_shift
    from .comparison import allclose as allclose
    from .comparison import equal as equal
    from .comparison import greater as greater
    from .comparison import greater_equal as greater_equal
    from .comparison import isclose as isclose
    from .comparison import less as less
    from .comparison import less_equal as less_equal
    from .comparison import not_equal as not_equal
    from .complex_numbers import angle as angle
    from .complex_numbers import conj as conj
    from .complex_numbers import conjugate as conjugate
    from .complex_numbers import imag as imag
    from .complex_numbers import isreal as isreal
    from .complex_numbers import polar as polar
    from .complex_numbers import real as real
    from .complex_numbers import view_as_complex as view_as_complex
    from .complex_numbers import view_as_real as view_as_real
    from .control_flow.associative_scans import associative_scan as associative_scan
    from .control_flow.branches import cond as cond
    from .control_flow.branches import switch as switch
    from .control_flow.scans import map as map
    from .control_flow.scans import scan as scan
    from .control_flow.vectorization import vectorize as vectorize
    from .control_flow.vectorization import vectorized_map as vectorized_map
    from .control_flow.while_loops import fori_loop as fori_loop
    from .control_flow.while_loops import while_loop as while_loop
    from .conversion import cast as cast
    from .conversion import convert_to_numpy as convert_to_numpy
    from .conversion import convert_to_tensor as convert_to_tensor
    from .conversion import dtype as dtype
    from .conversion import is_tensor as is_tensor
    from .creation import arange as arange
    from .creation import array as array
    from .creation import copy as copy
    from .creation import empty as empty
    from .creation import empty_like as empty_like
    from .creation import eye as eye
    from .creation import full as full
    from .creation import full_like as full_like
    from .creation import identity as identity
    from .creation import linspace as linspace
    from .creation import meshgrid as meshgrid
    from .creation import ones as ones
    from .creation import ones_like as ones_like
    from .creation import tri as tri
    from .creation import zeros as zeros
    from .creation import zeros_like as zeros_like
    from .crossentropy import binary_crossentropy as binary_crossentropy
    from .crossentropy import categorical_crossentropy as categorical_crossentropy
    from .crossentropy import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from .ctc import ctc_loss as ctc_loss
    from .ctc_decoding import ctc_decode as ctc_decode
    from .cumulative import cumsum as cumsum
    from .cumulative import diff as diff
    from .encoding import one_hot as one_hot
    from .exponents import cbrt as cbrt
    from .exponents import exp as exp
    from .exponents import exp2 as exp2
    from .exponents import expm1 as expm1
    from .exponents import log as log
    from .exponents import log1p as log1p
    from .exponents import log2 as log2
    from .exponents import log10 as log10
    from .exponents import logaddexp as logaddexp
    from .exponents import logaddexp2 as logaddexp2
    from .exponents import power as power
    from .exponents import rsqrt as rsqrt
    from .exponents import sqrt as sqrt
    from .exponents import square as square
    from .extrema import clip as clip
    from .extrema import fmax as fmax
    from .extrema import fmin as fmin
    from .extrema import maximum as maximum
    from .extrema import minimum as minimum
    from .floating_point import ldexp as ldexp
    from .floating_point import nextafter as nextafter
    from .gradients import custom_gradient as custom_gradient
    from .gradients import stop_gradient as stop_gradient
    from .indexing import get_item as get_item
    from .indexing import take as take
    from .indexing import take_along_axis as take_along_axis
    from .joining import append as append
    from .joining import concatenate as concatenate
    from .joining import dstack as dstack
    from .joining import hstack as hstack
    from .joining import stack as stack
    from .joining import vstack as vstack
    from .linalg import norm as norm
    from .linalg import normalize as normalize
    from .logic import isfinite as isfinite
    from .logic import isinf as isinf
    from .logic import isnan as isnan
    from .logic import isneginf as isneginf
    from .logic import isposinf as isposinf
    from .logic import logical_and as logical_and
    from .logic import logical_not as logical_not
    from .logic import logical_or as logical_or
    from .logic import logical_xor as logical_xor
    from .matrices import diag as diag
    from .matrices import diagonal as diagonal
    from .matrices import trace as trace
    from .matrices import tril as tril
    from .matrices import triu as triu
    from .padding import pad as pad
    from .products import dot as dot
    from .products import einsum as einsum
    from .products import inner as inner
    from .products import matmul as matmul
    from .products import outer as outer
    from .products import tensordot as tensordot
    from .products import vdot as vdot
    from .rearranging import flip as flip
    from .rearranging import fliplr as fliplr
    from .rearranging import flipud as flipud
    from .rearranging import roll as roll
    from .rearranging import rot90 as rot90
    from .reductions import all as all
    from .reductions import amax as amax
    from .reductions import amin as amin
    from .reductions import any as any
    from .reductions import logsumexp as logsumexp
    from .reductions import max as max
    from .reductions import mean as mean
    from .reductions import min as min
    from .reductions import prod as prod
    from .reductions import ptp as ptp
    from .reductions import sum as sum
    from .reinterpreting import saturate_cast as saturate_cast
    from .reinterpreting import view as view
    from .rounding import ceil as ceil
    from .rounding import floor as floor
    from .rounding import round as round
    from .rounding import trunc as trunc
    from .searching import argmax as argmax
    from .searching import argmin as argmin
    from .searching import count_nonzero as count_nonzero
    from .searching import searchsorted as searchsorted
    from .segments import segment_sum as segment_sum
    from .selection import heaviside as heaviside
    from .selection import nan_to_num as nan_to_num
    from .selection import select as select
    from .selection import where as where
    from .shaping import broadcast_to as broadcast_to
    from .shaping import expand_dims as expand_dims
    from .shaping import moveaxis as moveaxis
    from .shaping import ndim as ndim
    from .shaping import ravel as ravel
    from .shaping import reshape as reshape
    from .shaping import shape as shape
    from .shaping import size as size
    from .shaping import squeeze as squeeze
    from .shaping import swapaxes as swapaxes
    from .shaping import transpose as transpose
    from .slicing import slice as slice
    from .slicing import slice_update as slice_update
    from .sorting import argsort as argsort
    from .sorting import in_top_k as in_top_k
    from .sorting import sort as sort
    from .sorting import top_k as top_k
    from .special import erf as erf
    from .special import erfc as erfc
    from .special import erfinv as erfinv
    from .special import i0 as i0
    from .special import sinc as sinc
    from .splitting import array_split as array_split
    from .splitting import hsplit as hsplit
    from .splitting import split as split
    from .splitting import unstack as unstack
    from .splitting import vsplit as vsplit
    from .statistics import average as average
    from .statistics import moments as moments
    from .statistics import std as std
    from .statistics import var as var
    from .tiling import repeat as repeat
    from .tiling import tile as tile
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
    from .trigonometry import tanh as tanh
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "abs": ".arithmetic",
            "absolute": ".arithmetic",
            "add": ".arithmetic",
            "all": ".reductions",
            "allclose": ".comparison",
            "amax": ".reductions",
            "amin": ".reductions",
            "angle": ".complex_numbers",
            "any": ".reductions",
            "append": ".joining",
            "arange": ".creation",
            "arccos": ".trigonometry",
            "arccosh": ".trigonometry",
            "arcsin": ".trigonometry",
            "arcsinh": ".trigonometry",
            "arctan": ".trigonometry",
            "arctan2": ".trigonometry",
            "arctanh": ".trigonometry",
            "argmax": ".searching",
            "argmin": ".searching",
            "argsort": ".sorting",
            "array": ".creation",
            "array_split": ".splitting",
            "associative_scan": ".control_flow.associative_scans",
            "average": ".statistics",
            "binary_crossentropy": ".crossentropy",
            "bitwise_and": ".bits",
            "bitwise_invert": ".bits",
            "bitwise_left_shift": ".bits",
            "bitwise_not": ".bits",
            "bitwise_or": ".bits",
            "bitwise_right_shift": ".bits",
            "bitwise_xor": ".bits",
            "broadcast_to": ".shaping",
            "cast": ".conversion",
            "categorical_crossentropy": ".crossentropy",
            "cbrt": ".exponents",
            "ceil": ".rounding",
            "celu": ".activations.smooth",
            "clip": ".extrema",
            "concatenate": ".joining",
            "cond": ".control_flow.branches",
            "conj": ".complex_numbers",
            "conjugate": ".complex_numbers",
            "convert_to_numpy": ".conversion",
            "convert_to_tensor": ".conversion",
            "copy": ".creation",
            "cos": ".trigonometry",
            "cosh": ".trigonometry",
            "count_nonzero": ".searching",
            "ctc_decode": ".ctc_decoding",
            "ctc_loss": ".ctc",
            "cumsum": ".cumulative",
            "custom_gradient": ".gradients",
            "deg2rad": ".trigonometry",
            "diag": ".matrices",
            "diagonal": ".matrices",
            "diff": ".cumulative",
            "divide": ".arithmetic",
            "divide_no_nan": ".arithmetic",
            "dot": ".products",
            "dstack": ".joining",
            "dtype": ".conversion",
            "einsum": ".products",
            "elu": ".activations.smooth",
            "empty": ".creation",
            "empty_like": ".creation",
            "equal": ".comparison",
            "erf": ".special",
            "erfc": ".special",
            "erfinv": ".special",
            "exp": ".exponents",
            "exp2": ".exponents",
            "expand_dims": ".shaping",
            "expm1": ".exponents",
            "eye": ".creation",
            "fabs": ".arithmetic",
            "flip": ".rearranging",
            "fliplr": ".rearranging",
            "flipud": ".rearranging",
            "floor": ".rounding",
            "floor_divide": ".arithmetic",
            "fmax": ".extrema",
            "fmin": ".extrema",
            "fmod": ".arithmetic",
            "fori_loop": ".control_flow.while_loops",
            "full": ".creation",
            "full_like": ".creation",
            "gcd": ".bits",
            "gelu": ".activations.smooth",
            "get_item": ".indexing",
            "glu": ".activations.smooth",
            "greater": ".comparison",
            "greater_equal": ".comparison",
            "hard_shrink": ".activations.piecewise",
            "hard_sigmoid": ".activations.piecewise",
            "hard_silu": ".activations.piecewise",
            "hard_swish": ".activations.piecewise",
            "hard_tanh": ".activations.piecewise",
            "heaviside": ".selection",
            "hsplit": ".splitting",
            "hstack": ".joining",
            "hypot": ".trigonometry",
            "i0": ".special",
            "identity": ".creation",
            "imag": ".complex_numbers",
            "in_top_k": ".sorting",
            "inner": ".products",
            "is_tensor": ".conversion",
            "isclose": ".comparison",
            "isfinite": ".logic",
            "isinf": ".logic",
            "isnan": ".logic",
            "isneginf": ".logic",
            "isposinf": ".logic",
            "isreal": ".complex_numbers",
            "lcm": ".bits",
            "ldexp": ".floating_point",
            "leaky_relu": ".activations.piecewise",
            "left_shift": ".bits",
            "less": ".comparison",
            "less_equal": ".comparison",
            "linspace": ".creation",
            "log": ".exponents",
            "log10": ".exponents",
            "log1p": ".exponents",
            "log2": ".exponents",
            "log_sigmoid": ".activations.smooth",
            "log_softmax": ".activations.probabilities",
            "logaddexp": ".exponents",
            "logaddexp2": ".exponents",
            "logical_and": ".logic",
            "logical_not": ".logic",
            "logical_or": ".logic",
            "logical_xor": ".logic",
            "logsumexp": ".reductions",
            "map": ".control_flow.scans",
            "matmul": ".products",
            "max": ".reductions",
            "maximum": ".extrema",
            "mean": ".reductions",
            "meshgrid": ".creation",
            "min": ".reductions",
            "minimum": ".extrema",
            "mod": ".arithmetic",
            "moments": ".statistics",
            "moveaxis": ".shaping",
            "multiply": ".arithmetic",
            "nan_to_num": ".selection",
            "ndim": ".shaping",
            "negative": ".arithmetic",
            "nextafter": ".floating_point",
            "norm": ".linalg",
            "normalize": ".linalg",
            "not_equal": ".comparison",
            "one_hot": ".encoding",
            "ones": ".creation",
            "ones_like": ".creation",
            "outer": ".products",
            "pad": ".padding",
            "polar": ".complex_numbers",
            "power": ".exponents",
            "prod": ".reductions",
            "ptp": ".reductions",
            "rad2deg": ".trigonometry",
            "ravel": ".shaping",
            "real": ".complex_numbers",
            "reciprocal": ".arithmetic",
            "relu": ".activations.piecewise",
            "relu6": ".activations.piecewise",
            "repeat": ".tiling",
            "reshape": ".shaping",
            "right_shift": ".bits",
            "roll": ".rearranging",
            "rot90": ".rearranging",
            "round": ".rounding",
            "rsqrt": ".exponents",
            "saturate_cast": ".reinterpreting",
            "scan": ".control_flow.scans",
            "searchsorted": ".searching",
            "segment_sum": ".segments",
            "select": ".selection",
            "selu": ".activations.smooth",
            "shape": ".shaping",
            "sigmoid": ".activations.smooth",
            "sign": ".arithmetic",
            "signbit": ".arithmetic",
            "silu": ".activations.smooth",
            "sin": ".trigonometry",
            "sinc": ".special",
            "sinh": ".trigonometry",
            "size": ".shaping",
            "slice": ".slicing",
            "slice_update": ".slicing",
            "soft_shrink": ".activations.piecewise",
            "softmax": ".activations.probabilities",
            "softplus": ".activations.smooth",
            "softsign": ".activations.smooth",
            "sort": ".sorting",
            "sparse_categorical_crossentropy": ".crossentropy",
            "sparse_plus": ".activations.piecewise",
            "sparse_sigmoid": ".activations.piecewise",
            "sparsemax": ".activations.probabilities",
            "split": ".splitting",
            "sqrt": ".exponents",
            "square": ".exponents",
            "squareplus": ".activations.smooth",
            "squeeze": ".shaping",
            "stack": ".joining",
            "std": ".statistics",
            "stop_gradient": ".gradients",
            "subtract": ".arithmetic",
            "sum": ".reductions",
            "swapaxes": ".shaping",
            "swish": ".activations.smooth",
            "switch": ".control_flow.branches",
            "take": ".indexing",
            "take_along_axis": ".indexing",
            "tan": ".trigonometry",
            "tanh": ".trigonometry",
            "tanh_shrink": ".activations.smooth",
            "tensordot": ".products",
            "threshold": ".activations.piecewise",
            "tile": ".tiling",
            "top_k": ".sorting",
            "trace": ".matrices",
            "transpose": ".shaping",
            "tri": ".creation",
            "tril": ".matrices",
            "triu": ".matrices",
            "true_divide": ".arithmetic",
            "trunc": ".rounding",
            "unstack": ".splitting",
            "var": ".statistics",
            "vdot": ".products",
            "vectorize": ".control_flow.vectorization",
            "vectorized_map": ".control_flow.vectorization",
            "view": ".reinterpreting",
            "view_as_complex": ".complex_numbers",
            "view_as_real": ".complex_numbers",
            "vsplit": ".splitting",
            "vstack": ".joining",
            "where": ".selection",
            "while_loop": ".control_flow.while_loops",
            "zeros": ".creation",
            "zeros_like": ".creation",
        },
    )
