"""The operations of `keras.ops`: numpy on arrays, recorded in a trace, symbolic on KerasTensors."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import image as image
    from . import linalg as linalg
    from . import nn as nn
    from . import numpy as numpy
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
    from .attention import dot_product_attention as dot_product_attention
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
    from .convolution.convolutions import conv as conv
    from .convolution.convolutions import depthwise_conv as depthwise_conv
    from .convolution.convolutions import separable_conv as separable_conv
    from .convolution.transposed import conv_transpose as conv_transpose
    from .correlation import corrcoef as corrcoef
    from .correlation import correlate as correlate
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
    from .cumulative import cumprod as cumprod
    from .cumulative import cumsum as cumsum
    from .cumulative import diff as diff
    from .distances import cdist as cdist
    from .encoding import multi_hot as multi_hot
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
    from .histograms import bincount as bincount
    from .histograms import digitize as digitize
    from .histograms import histogram as histogram
    from .image_quality import psnr as psnr
    from .indexing import get_item as get_item
    from .indexing import take as take
    from .indexing import take_along_axis as take_along_axis
    from .integration import trapezoid as trapezoid
    from .joining import append as append
    from .joining import concatenate as concatenate
    from .joining import dstack as dstack
    from .joining import hstack as hstack
    from .joining import stack as stack
    from .joining import vstack as vstack
    from .linalg.decompositions import cholesky as cholesky
    from .linalg.decompositions import qr as qr
    from .linalg.decompositions import svd as svd
    from .linalg.determinants import det as det
    from .linalg.determinants import logdet as logdet
    from .linalg.determinants import slogdet as slogdet
    from .linalg.eigenvalues import eig as eig
    from .linalg.eigenvalues import eigh as eigh
    from .linalg.elimination import lu_factor as lu_factor
    from .linalg.forward_mode import jvp as jvp
    from .linalg.least_squares import lstsq as lstsq
    from .linalg.least_squares import matrix_rank as matrix_rank
    from .linalg.least_squares import pinv as pinv
    from .linalg.norms import norm as norm
    from .linalg.norms import normalize as normalize
    from .linalg.systems import inv as inv
    from .linalg.systems import solve as solve
    from .linalg.triangular import cholesky_inverse as cholesky_inverse
    from .linalg.triangular import solve_triangular as solve_triangular
    from .linalg.vector_products import cross as cross
    from .linalg.vector_products import kron as kron
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
    from .matrices import diagflat as diagflat
    from .matrices import diagonal as diagonal
    from .matrices import trace as trace
    from .matrices import tril as tril
    from .matrices import triu as triu
    from .matrices import vander as vander
    from .nan_reductions import nanargmax as nanargmax
    from .nan_reductions import nanargmin as nanargmin
    from .nan_reductions import nancumprod as nancumprod
    from .nan_reductions import nancumsum as nancumsum
    from .nan_reductions import nanmax as nanmax
    from .nan_reductions import nanmean as nanmean
    from .nan_reductions import nanmin as nanmin
    from .nan_reductions import nanprod as nanprod
    from .nan_reductions import nanstd as nanstd
    from .nan_reductions import nansum as nansum
    from .nan_reductions import nanvar as nanvar
    from .normalization import batch_normalization as batch_normalization
    from .normalization import layer_normalization as layer_normalization
    from .normalization import rms_normalization as rms_normalization
    from .padding import pad as pad
    from .patches import depth_to_space as depth_to_space
    from .patches import fold as fold
    from .patches import space_to_depth as space_to_depth
    from .patches import unfold as unfold
    from .patterns import rearrange as rearrange
    from .pooling.adaptive import adaptive_average_pool as adaptive_average_pool
    from .pooling.adaptive import adaptive_max_pool as adaptive_max_pool
    from .pooling.fixed import average_pool as average_pool
    from .pooling.fixed import max_pool as max_pool
    from .products import dot as dot
    from .products import einsum as einsum
    from .products import inner as inner
    from .products import matmul as matmul
    from .products import outer as outer
    from .products import tensordot as tensordot
    from .products import vdot as vdot
    from .quantiles import median as median
    from .quantiles import nanmedian as nanmedian
    from .quantiles import nanpercentile as nanpercentile
    from .quantiles import nanquantile as nanquantile
    from .quantiles import percentile as percentile
    from .quantiles import quantile as quantile
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
    from .scattering import scatter as scatter
    from .scattering import scatter_update as scatter_update
    from .searching import argmax as argmax
    from .searching import argmin as argmin
    from .searching import count_nonzero as count_nonzero
    from .searching import nonzero as nonzero
    from .searching import searchsorted as searchsorted
    from .searching import unravel_index as unravel_index
    from .segments import segment_max as segment_max
    from .segments import segment_min as segment_min
    from .segments import segment_prod as segment_prod
    from .segments import segment_sum as segment_sum
    from .selection import heaviside as heaviside
    from .selection import nan_to_num as nan_to_num
    from .selection import select as select
    from .selection import where as where
    from .sequences import extract_sequences as extract_sequences
    from .sequences import istft as istft
    from .sequences import stft as stft
    from .sets import isin as isin
    from .sets import unique as unique
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
    from .sorting import argpartition as argpartition
    from .sorting import argsort as argsort
    from .sorting import in_top_k as in_top_k
    from .sorting import sort as sort
    from .sorting import top_k as top_k
    from .spacing import geomspace as geomspace
    from .spacing import logspace as logspace
    from .special import erf as erf
    from .special import erfc as erfc
    from .special import erfinv as erfinv
    from .special import i0 as i0
    from .special import sinc as sinc
    from .spectra import fft as fft
    from .spectra import fft2 as fft2
    from .spectra import ifft2 as ifft2
    from .spectra import irfft as irfft
    from .spectra import rfft as rfft
    from .splitting import array_split as array_split
    from .splitting import dsplit as dsplit
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
    from .windows import bartlett as bartlett
    from .windows import blackman as blackman
    from .windows import hamming as hamming
    from .windows import hanning as hanning
    from .windows import kaiser as kaiser
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "abs": ".arithmetic",
            "absolute": ".arithmetic",
            "adaptive_average_pool": ".pooling.adaptive",
            "adaptive_max_pool": ".pooling.adaptive",
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
            "argpartition": ".sorting",
            "argsort": ".sorting",
            "array": ".creation",
            "array_split": ".splitting",
            "associative_scan": ".control_flow.associative_scans",
            "average": ".statistics",
            "average_pool": ".pooling.fixed",
            "bartlett": ".windows",
            "batch_normalization": ".normalization",
            "binary_crossentropy": ".crossentropy",
            "bincount": ".histograms",
            "bitwise_and": ".bits",
            "bitwise_invert": ".bits",
            "bitwise_left_shift": ".bits",
            "bitwise_not": ".bits",
            "bitwise_or": ".bits",
            "bitwise_right_shift": ".bits",
            "bitwise_xor": ".bits",
            "blackman": ".windows",
            "broadcast_to": ".shaping",
            "cast": ".conversion",
            "categorical_crossentropy": ".crossentropy",
            "cbrt": ".exponents",
            "cdist": ".distances",
            "ceil": ".rounding",
            "celu": ".activations.smooth",
            "cholesky": ".linalg.decompositions",
            "cholesky_inverse": ".linalg.triangular",
            "clip": ".extrema",
            "concatenate": ".joining",
            "cond": ".control_flow.branches",
            "conj": ".complex_numbers",
            "conjugate": ".complex_numbers",
            "conv": ".convolution.convolutions",
            "conv_transpose": ".convolution.transposed",
            "convert_to_numpy": ".conversion",
            "convert_to_tensor": ".conversion",
            "copy": ".creation",
            "corrcoef": ".correlation",
            "correlate": ".correlation",
            "cos": ".trigonometry",
            "cosh": ".trigonometry",
            "count_nonzero": ".searching",
            "cross": ".linalg.vector_products",
            "ctc_decode": ".ctc_decoding",
            "ctc_loss": ".ctc",
            "cumprod": ".cumulative",
            "cumsum": ".cumulative",
            "custom_gradient": ".gradients",
            "deg2rad": ".trigonometry",
            "depth_to_space": ".patches",
            "depthwise_conv": ".convolution.convolutions",
            "det": ".linalg.determinants",
            "diag": ".matrices",
            "diagflat": ".matrices",
            "diagonal": ".matrices",
            "diff": ".cumulative",
            "digitize": ".histograms",
            "divide": ".arithmetic",
            "divide_no_nan": ".arithmetic",
            "dot": ".products",
            "dot_product_attention": ".attention",
            "dsplit": ".splitting",
            "dstack": ".joining",
            "dtype": ".conversion",
            "eig": ".linalg.eigenvalues",
            "eigh": ".linalg.eigenvalues",
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
            "extract_sequences": ".sequences",
            "eye": ".creation",
            "fabs": ".arithmetic",
            "fft": ".spectra",
            "fft2": ".spectra",
            "flip": ".rearranging",
            "fliplr": ".rearranging",
            "flipud": ".rearranging",
            "floor": ".rounding",
            "floor_divide": ".arithmetic",
            "fmax": ".extrema",
            "fmin": ".extrema",
            "fmod": ".arithmetic",
            "fold": ".patches",
            "fori_loop": ".control_flow.while_loops",
            "full": ".creation",
            "full_like": ".creation",
            "gcd": ".bits",
            "gelu": ".activations.smooth",
            "geomspace": ".spacing",
            "get_item": ".indexing",
            "glu": ".activations.smooth",
            "greater": ".comparison",
            "greater_equal": ".comparison",
            "hamming": ".windows",
            "hanning": ".windows",
            "hard_shrink": ".activations.piecewise",
            "hard_sigmoid": ".activations.piecewise",
            "hard_silu": ".activations.piecewise",
            "hard_swish": ".activations.piecewise",
            "hard_tanh": ".activations.piecewise",
            "heaviside": ".selection",
            "histogram": ".histograms",
            "hsplit": ".splitting",
            "hstack": ".joining",
            "hypot": ".trigonometry",
            "i0": ".special",
            "identity": ".creation",
            "ifft2": ".spectra",
            "imag": ".complex_numbers",
            "image": ".",
            "in_top_k": ".sorting",
            "inner": ".products",
            "inv": ".linalg.systems",
            "irfft": ".spectra",
            "is_tensor": ".conversion",
            "isclose": ".comparison",
            "isfinite": ".logic",
            "isin": ".sets",
            "isinf": ".logic",
            "isnan": ".logic",
            "isneginf": ".logic",
            "isposinf": ".logic",
            "isreal": ".complex_numbers",
            "istft": ".sequences",
            "jvp": ".linalg.forward_mode",
            "kaiser": ".windows",
            "kron": ".linalg.vector_products",
            "layer_normalization": ".normalization",
            "lcm": ".bits",
            "ldexp": ".floating_point",
            "leaky_relu": ".activations.piecewise",
            "left_shift": ".bits",
            "less": ".comparison",
            "less_equal": ".comparison",
            "linalg": ".",
            "linspace": ".creation",
            "log": ".exponents",
            "log10": ".exponents",
            "log1p": ".exponents",
            "log2": ".exponents",
            "log_sigmoid": ".activations.smooth",
            "log_softmax": ".activations.probabilities",
            "logaddexp": ".exponents",
            "logaddexp2": ".exponents",
            "logdet": ".linalg.determinants",
            "logical_and": ".logic",
            "logical_not": ".logic",
            "logical_or": ".logic",
            "logical_xor": ".logic",
            "logspace": ".spacing",
            "logsumexp": ".reductions",
            "lstsq": ".linalg.least_squares",
            "lu_factor": ".linalg.elimination",
            "map": ".control_flow.scans",
            "matmul": ".products",
            "matrix_rank": ".linalg.least_squares",
            "max": ".reductions",
            "max_pool": ".pooling.fixed",
            "maximum": ".extrema",
            "mean": ".reductions",
            "median": ".quantiles",
            "meshgrid": ".creation",
            "min": ".reductions",
            "minimum": ".extrema",
            "mod": ".arithmetic",
            "moments": ".statistics",
            "moveaxis": ".shaping",
            "multi_hot": ".encoding",
            "multiply": ".arithmetic",
            "nan_to_num": ".selection",
            "nanargmax": ".nan_reductions",
            "nanargmin": ".nan_reductions",
            "nancumprod": ".nan_reductions",
            "nancumsum": ".nan_reductions",
            "nanmax": ".nan_reductions",
            "nanmean": ".nan_reductions",
            "nanmedian": ".quantiles",
            "nanmin": ".nan_reductions",
            "nanpercentile": ".quantiles",
            "nanprod": ".nan_reductions",
            "nanquantile": ".quantiles",
            "nanstd": ".nan_reductions",
            "nansum": ".nan_reductions",
            "nanvar": ".nan_reductions",
            "ndim": ".shaping",
            "negative": ".arithmetic",
            "nextafter": ".floating_point",
            "nn": ".",
            "nonzero": ".searching",
            "norm": ".linalg.norms",
            "normalize": ".linalg.norms",
            "not_equal": ".comparison",
            "numpy": ".",
            "one_hot": ".encoding",
            "ones": ".creation",
            "ones_like": ".creation",
            "outer": ".products",
            "pad": ".padding",
            "percentile": ".quantiles",
            "pinv": ".linalg.least_squares",
            "polar": ".complex_numbers",
            "power": ".exponents",
            "prod": ".reductions",
            "psnr": ".image_quality",
            "ptp": ".reductions",
            "qr": ".linalg.decompositions",
            "quantile": ".quantiles",
            "rad2deg": ".trigonometry",
            "ravel": ".shaping",
            "real": ".complex_numbers",
            "rearrange": ".patterns",
            "reciprocal": ".arithmetic",
            "relu": ".activations.piecewise",
            "relu6": ".activations.piecewise",
            "repeat": ".tiling",
            "reshape": ".shaping",
            "rfft": ".spectra",
            "right_shift": ".bits",
            "rms_normalization": ".normalization",
            "roll": ".rearranging",
            "rot90": ".rearranging",
            "round": ".rounding",
            "rsqrt": ".exponents",
            "saturate_cast": ".reinterpreting",
            "scan": ".control_flow.scans",
            "scatter": ".scattering",
            "scatter_update": ".scattering",
            "searchsorted": ".searching",
            "segment_max": ".segments",
            "segment_min": ".segments",
            "segment_prod": ".segments",
            "segment_sum": ".segments",
            "select": ".selection",
            "selu": ".activations.smooth",
            "separable_conv": ".convolution.convolutions",
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
            "slogdet": ".linalg.determinants",
            "soft_shrink": ".activations.piecewise",
            "softmax": ".activations.probabilities",
            "softplus": ".activations.smooth",
            "softsign": ".activations.smooth",
            "solve": ".linalg.systems",
            "solve_triangular": ".linalg.triangular",
            "sort": ".sorting",
            "space_to_depth": ".patches",
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
            "stft": ".sequences",
            "stop_gradient": ".gradients",
            "subtract": ".arithmetic",
            "sum": ".reductions",
            "svd": ".linalg.decompositions",
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
            "trapezoid": ".integration",
            "tri": ".creation",
            "tril": ".matrices",
            "triu": ".matrices",
            "true_divide": ".arithmetic",
            "trunc": ".rounding",
            "unfold": ".patches",
            "unique": ".sets",
            "unravel_index": ".searching",
            "unstack": ".splitting",
            "vander": ".matrices",
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
