"""`keras.backend`, usually imported as `K`: what Keras 3 has there, and the tensor functions of Keras 2 on `ops`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from ..config import backend as backend
    from ..config import epsilon as epsilon
    from ..config import floatx as floatx
    from ..config import image_data_format as image_data_format
    from ..config import set_epsilon as set_epsilon
    from ..config import set_floatx as set_floatx
    from ..config import set_image_data_format as set_image_data_format
    from ..engine.dtypes import result_type as result_type
    from ..engine.dtypes import standardize_dtype as standardize_dtype
    from ..engine.naming import name_scope as name_scope
    from ..ops import abs as abs
    from ..ops import cos as cos
    from ..ops import equal as equal
    from ..ops import exp as exp
    from ..ops import greater as greater
    from ..ops import greater_equal as greater_equal
    from ..ops import less as less
    from ..ops import less_equal as less_equal
    from ..ops import log as log
    from ..ops import maximum as maximum
    from ..ops import minimum as minimum
    from ..ops import not_equal as not_equal
    from ..ops import round as round
    from ..ops import sigmoid as sigmoid
    from ..ops import sign as sign
    from ..ops import sin as sin
    from ..ops import softmax as softmax
    from ..ops import softplus as softplus
    from ..ops import softsign as softsign
    from ..ops import sqrt as sqrt
    from ..ops import square as square
    from ..ops import tanh as tanh
    from ..utils import clear_session as clear_session
    from ..utils import is_keras_tensor as is_keras_tensor
    from ..utils.session import get_uid as get_uid
    from ..utils.session import reset_uids as reset_uids
    from .creating import constant as constant
    from .creating import eye as eye
    from .creating import ones as ones
    from .creating import ones_like as ones_like
    from .creating import placeholder as placeholder
    from .creating import random_bernoulli as random_bernoulli
    from .creating import random_normal as random_normal
    from .creating import random_normal_variable as random_normal_variable
    from .creating import random_uniform as random_uniform
    from .creating import random_uniform_variable as random_uniform_variable
    from .creating import truncated_normal as truncated_normal
    from .creating import variable as variable
    from .creating import zeros as zeros
    from .creating import zeros_like as zeros_like
    from .elementwise import clip as clip
    from .elementwise import elu as elu
    from .elementwise import hard_sigmoid as hard_sigmoid
    from .elementwise import pow as pow
    from .elementwise import relu as relu
    from .graphs import function as function
    from .graphs import get_session as get_session
    from .graphs import gradients as gradients
    from .graphs import learning_phase as learning_phase
    from .graphs import set_learning_phase as set_learning_phase
    from .graphs import set_session as set_session
    from .moving import batch_flatten as batch_flatten
    from .moving import concatenate as concatenate
    from .moving import expand_dims as expand_dims
    from .moving import flatten as flatten
    from .moving import gather as gather
    from .moving import permute_dimensions as permute_dimensions
    from .moving import repeat as repeat
    from .moving import repeat_elements as repeat_elements
    from .moving import reshape as reshape
    from .moving import reverse as reverse
    from .moving import spatial_2d_padding as spatial_2d_padding
    from .moving import spatial_3d_padding as spatial_3d_padding
    from .moving import squeeze as squeeze
    from .moving import stack as stack
    from .moving import temporal_padding as temporal_padding
    from .moving import tile as tile
    from .moving import transpose as transpose
    from .networks import arange as arange
    from .networks import batch_normalization as batch_normalization
    from .networks import bias_add as bias_add
    from .networks import binary_crossentropy as binary_crossentropy
    from .networks import binary_focal_crossentropy as binary_focal_crossentropy
    from .networks import categorical_crossentropy as categorical_crossentropy
    from .networks import categorical_focal_crossentropy as categorical_focal_crossentropy
    from .networks import dropout as dropout
    from .networks import foldl as foldl
    from .networks import foldr as foldr
    from .networks import in_top_k as in_top_k
    from .networks import l2_normalize as l2_normalize
    from .networks import map_fn as map_fn
    from .networks import one_hot as one_hot
    from .networks import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from .networks import switch as switch
    from .products import batch_dot as batch_dot
    from .products import dot as dot
    from .recurrence import rnn as rnn
    from .reductions import all as all
    from .reductions import any as any
    from .reductions import argmax as argmax
    from .reductions import argmin as argmin
    from .reductions import cumprod as cumprod
    from .reductions import cumsum as cumsum
    from .reductions import logsumexp as logsumexp
    from .reductions import max as max
    from .reductions import mean as mean
    from .reductions import min as min
    from .reductions import prod as prod
    from .reductions import std as std
    from .reductions import sum as sum
    from .reductions import var as var
    from .settings import image_dim_ordering as image_dim_ordering
    from .settings import is_float_dtype as is_float_dtype
    from .settings import is_int_dtype as is_int_dtype
    from .settings import set_image_dim_ordering as set_image_dim_ordering
    from .values import batch_get_value as batch_get_value
    from .values import batch_set_value as batch_set_value
    from .values import cast as cast
    from .values import cast_to_floatx as cast_to_floatx
    from .values import count_params as count_params
    from .values import dtype as dtype
    from .values import eval as eval
    from .values import get_value as get_value
    from .values import int_shape as int_shape
    from .values import is_sparse as is_sparse
    from .values import moving_average_update as moving_average_update
    from .values import ndim as ndim
    from .values import print_tensor as print_tensor
    from .values import set_value as set_value
    from .values import shape as shape
    from .values import stop_gradient as stop_gradient
    from .values import to_dense as to_dense
    from .values import update as update
    from .values import update_add as update_add
    from .values import update_sub as update_sub
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "abs": "..ops",
            "all": ".reductions",
            "any": ".reductions",
            "arange": ".networks",
            "argmax": ".reductions",
            "argmin": ".reductions",
            "backend": "..config",
            "batch_dot": ".products",
            "batch_flatten": ".moving",
            "batch_get_value": ".values",
            "batch_normalization": ".networks",
            "batch_set_value": ".values",
            "bias_add": ".networks",
            "binary_crossentropy": ".networks",
            "binary_focal_crossentropy": ".networks",
            "cast": ".values",
            "cast_to_floatx": ".values",
            "categorical_crossentropy": ".networks",
            "categorical_focal_crossentropy": ".networks",
            "clear_session": "..utils",
            "clip": ".elementwise",
            "concatenate": ".moving",
            "constant": ".creating",
            "cos": "..ops",
            "count_params": ".values",
            "cumprod": ".reductions",
            "cumsum": ".reductions",
            "dot": ".products",
            "dropout": ".networks",
            "dtype": ".values",
            "elu": ".elementwise",
            "epsilon": "..config",
            "equal": "..ops",
            "eval": ".values",
            "exp": "..ops",
            "expand_dims": ".moving",
            "eye": ".creating",
            "flatten": ".moving",
            "floatx": "..config",
            "foldl": ".networks",
            "foldr": ".networks",
            "function": ".graphs",
            "gather": ".moving",
            "get_session": ".graphs",
            "get_uid": "..utils.session",
            "get_value": ".values",
            "gradients": ".graphs",
            "greater": "..ops",
            "greater_equal": "..ops",
            "hard_sigmoid": ".elementwise",
            "image_data_format": "..config",
            "image_dim_ordering": ".settings",
            "in_top_k": ".networks",
            "int_shape": ".values",
            "is_float_dtype": ".settings",
            "is_int_dtype": ".settings",
            "is_keras_tensor": "..utils",
            "is_sparse": ".values",
            "l2_normalize": ".networks",
            "learning_phase": ".graphs",
            "less": "..ops",
            "less_equal": "..ops",
            "log": "..ops",
            "logsumexp": ".reductions",
            "map_fn": ".networks",
            "max": ".reductions",
            "maximum": "..ops",
            "mean": ".reductions",
            "min": ".reductions",
            "minimum": "..ops",
            "moving_average_update": ".values",
            "name_scope": "..engine.naming",
            "ndim": ".values",
            "not_equal": "..ops",
            "one_hot": ".networks",
            "ones": ".creating",
            "ones_like": ".creating",
            "permute_dimensions": ".moving",
            "placeholder": ".creating",
            "pow": ".elementwise",
            "print_tensor": ".values",
            "prod": ".reductions",
            "random_bernoulli": ".creating",
            "random_normal": ".creating",
            "random_normal_variable": ".creating",
            "random_uniform": ".creating",
            "random_uniform_variable": ".creating",
            "relu": ".elementwise",
            "repeat": ".moving",
            "repeat_elements": ".moving",
            "reset_uids": "..utils.session",
            "reshape": ".moving",
            "result_type": "..engine.dtypes",
            "reverse": ".moving",
            "rnn": ".recurrence",
            "round": "..ops",
            "set_epsilon": "..config",
            "set_floatx": "..config",
            "set_image_data_format": "..config",
            "set_image_dim_ordering": ".settings",
            "set_learning_phase": ".graphs",
            "set_session": ".graphs",
            "set_value": ".values",
            "shape": ".values",
            "sigmoid": "..ops",
            "sign": "..ops",
            "sin": "..ops",
            "softmax": "..ops",
            "softplus": "..ops",
            "softsign": "..ops",
            "sparse_categorical_crossentropy": ".networks",
            "spatial_2d_padding": ".moving",
            "spatial_3d_padding": ".moving",
            "sqrt": "..ops",
            "square": "..ops",
            "squeeze": ".moving",
            "stack": ".moving",
            "standardize_dtype": "..engine.dtypes",
            "std": ".reductions",
            "stop_gradient": ".values",
            "sum": ".reductions",
            "switch": ".networks",
            "tanh": "..ops",
            "temporal_padding": ".moving",
            "tile": ".moving",
            "to_dense": ".values",
            "transpose": ".moving",
            "truncated_normal": ".creating",
            "update": ".values",
            "update_add": ".values",
            "update_sub": ".values",
            "var": ".reductions",
            "variable": ".creating",
            "zeros": ".creating",
            "zeros_like": ".creating",
        },
    )
