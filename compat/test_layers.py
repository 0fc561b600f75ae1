"""Every layer beside that of real Keras: configs, weights, outputs, shapes, masks, gradients, what is refused."""

import inspect
import json
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat.image_layer_results import CASES as IMAGE_LAYERS
from compat.mnist import clear_names
from compat.side_by_side import attempt, compare
from compat.wrapper_cases import CASES as WRAPPERS
from compat.wrapper_cases import Made, layer

RNG = np.random.default_rng(0)


def data(*shape):
    return np.random.default_rng(len(shape)).normal(size=shape).astype("float32")


FLAT, STEPS, IMAGES, VOLUMES = data(3, 4), data(3, 5, 4), data(2, 4, 6, 4), data(2, 3, 4, 5, 2)
SOUND, SIGNALS = data(2, 400), data(2, 32, 3)
NUMBERS = RNG.integers(0, 4, (3, 5)).astype("int32")
GAPS = np.where(NUMBERS[..., None] > 1, NUMBERS[..., None] * np.ones(4), 0).astype("float32")
INITIAL = {"beta_initializer": "ones", "gamma_initializer": "Ones"}
MOMENTS = {
    "moving_mean_initializer": "ones",
    "moving_variance_initializer": {"class_name": "Constant", "config": {"value": 4.0}},
}
SPATIAL = {1: STEPS, 2: IMAGES, 3: VOLUMES}


def of_dtype(dtype, kind, rank):
    """Options with a dtype, if TensorFlow pools in it on a CPU; it adds halves up in half precision."""
    return {"dtype": dtype} if rank < 3 and (kind == "Max" or dtype == "float64") else {}


def window_pooling(kind, rank):
    x, size, strides = SPATIAL[rank], (2, 1, 3)[:rank], (1, 2, 1)[:rank]
    return [
        *([((), {}, x)] if kind == "Max" else []),
        ((2,), {}, x),
        ((3, 1, "same"), {}, x),
        ((2, 1, "valid", "channels_first", "named"), {}, x),
        ((size,), {"strides": strides, "padding": "same"}, x),
        ((list(size), 3), {"padding": "same", "data_format": "CHANNELS_FIRST", **of_dtype("float64", kind, rank)}, x),
        ((2,), {"trainable": False, **of_dtype("mixed_float16", kind, rank)}, x),
    ]


def global_pooling(kind, rank):
    x = SPATIAL[rank]
    return [
        ((), {}, x),
        (("channels_first",), {}, x),
        (("CHANNELS_LAST", True), {}, x),
        ((), {"keepdims": True, "data_format": "channels_first", "dtype": "float64"}, x),
        ((), {"dtype": "mixed_float16"}, x),
        *([((), {}, "masked"), ((None, True), {}, "masked")] if (kind, rank) == ("Average", 1) else []),
    ]


def adaptive_pooling(kind, rank):
    """Cases with several windows: TensorFlow crashes where Keras computes a single maximum."""
    x = SPATIAL[rank]
    return [
        ((2,), {}, x),
        (((3, 2, 4)[:rank],), of_dtype("float64", kind, rank), x),
        (([2, 3, 2][:rank], "channels_first"), {}, x),
        ((7, None), {"name": "named"}, x),
        ((2,), of_dtype("mixed_float16", kind, rank), x),
    ]


KINDS_OF_POOLING = {"": window_pooling, "Global": global_pooling, "Adaptive": adaptive_pooling}
POOLING = {
    f"{prefix}{kind}Pooling{rank}D": cases(kind, rank)
    for prefix, cases in KINDS_OF_POOLING.items()
    for kind in ("Average", "Max")
    for rank in SPATIAL
}


def made(k, name, args, options):
    return getattr(k.layers, name)(*Made.all_in(args, k), **Made.all_in(options, k))


def recurrent(gates, activation=None):
    """Cases of SimpleRNN, LSTM and GRU; the SimpleRNN of Keras ignores its activity regularizer."""
    gated = [((3, "softsign", "hard_sigmoid"), {}, STEPS), ((3,), {"use_cudnn": False, "implementation": 1}, STEPS)]
    declared = {
        f"{weight}_{kind}": value
        for weight in ("kernel", "recurrent", "bias")
        for kind, value in (("initializer", "ones"), ("regularizer", "l2"), ("constraint", "non_neg"))
    }
    return [
        ((3,), {}, STEPS),
        *(gated if gates else []),
        ((2,), {"return_sequences": True, "use_bias": False, "activation": activation}, STEPS),
        ((2,), {**declared, **({"activity_regularizer": "l1"} if gates else {}), "name": "named"}, STEPS),
        ((3,), {"go_backwards": True, "return_sequences": True, "trainable": False}, STEPS),
        ((3,), {"unroll": True, "dropout": 0.2, "recurrent_dropout": 0.3, "seed": 1}, STEPS),
        ((3,), {"return_sequences": True}, "masked"),
        ((3,), {"go_backwards": True}, "masked"),
        ((3,), {"return_sequences": True, "zero_output_for_mask": True, "unroll": True}, "masked"),
        ((3,), {"dtype": "float64"}, STEPS),
    ]


def convolutional(rank):
    """Cases of ConvLSTM1D, ConvLSTM2D and ConvLSTM3D; with channels first, TensorFlow can only do the last on a CPU."""
    x, size = {1: IMAGES, 2: VOLUMES, 3: data(2, 2, 3, 4, 3, 2)}[rank], (2, 1, 3)[:rank]
    declared = {
        f"{weight}_{kind}": value
        for weight in ("kernel", "recurrent", "bias")
        for kind, value in (("initializer", "ones"), ("regularizer", "l2"), ("constraint", "non_neg"))
    }
    first = [
        ((2, size, 1, "same", "channels_first"), {"go_backwards": True, "return_sequences": True}, x),
        ((2, 2, 1, "valid", "CHANNELS_FIRST"), {"unroll": True, "recurrent_activation": "hard_sigmoid"}, x),
    ]
    return [
        *(first if rank == 3 else []),
        ((2, 2), {}, x),
        ((2, size, (1, 2, 1)[:rank], "SAME"), {"return_sequences": True, "activation": "softsign"}, x),
        ((2, 2), {"go_backwards": True, "return_sequences": True, "unroll": True}, x),
        ((2, 1, 1, "same", None, 2, "relu"), {"use_bias": False, "trainable": False}, x),
        ((2, 1), {**declared, "activity_regularizer": "l1", "name": "named"}, x),
        ((2, 1), {"unit_forget_bias": False, "bias_initializer": "ones", "zero_output_for_mask": True}, x),
        ((2, 1), {"dropout": 0.2, "recurrent_dropout": 0.3, "seed": 1}, x),
        ((2, size), {"dtype": "float64" if rank < 3 else None}, x),
    ]


def stacked_cells(k):
    """An argument of RNN that is a list of cells; the stack has a name, which would be counted otherwise."""
    cells = [k.layers.GRUCell(3, name="a"), k.layers.LSTMCell(2, name="b"), k.layers.SimpleRNNCell(2, name="c")]
    return k.layers.StackedRNNCells(cells, name="cells")


# Arguments and inputs, by layer. What is random while training is compared when not training.
CASES = {
    **POOLING,
    **WRAPPERS,
    "Activation": [(("tanh",), {}, FLAT), ((None,), {}, FLAT), (("relu",), {"dtype": "float64"}, STEPS)],
    "ActivityRegularization": [((), {}, FLAT), ((0.1,), {"l2": 0.2}, STEPS)],
    "AlphaDropout": [((0.3,), {}, FLAT), ((0.3,), {"noise_shape": (None, 1, 4), "seed": 1}, STEPS), ((0,), {}, FLAT)],
    "BatchNormalization": [
        ((), {}, FLAT),
        ((1,), {**INITIAL, "momentum": 0.5, "epsilon": 0.1}, STEPS),
        ((), {"center": False, "scale": False, "moving_mean_initializer": "ones"}, IMAGES),
        ((), {"gamma_regularizer": "l2", "beta_constraint": "non_neg", "trainable": False}, STEPS),
        ((), {"dtype": "mixed_float16"}, FLAT),
        ((), {"renorm": True}, FLAT),
        ((-1, 0.5), {"renorm": True, "renorm_clipping": {"rmin": 0.9}, "renorm_momentum": 0.25, **MOMENTS}, STEPS),
        ((1,), {"renorm": True, "renorm_clipping": {"rmax": 1.1, "dmax": 0.2}, "scale": False, **MOMENTS}, IMAGES),
        (
            (),
            {"renorm": True, "renorm_clipping": {"rmax": 1, "rmin": None}, "center": False, "synchronized": True},
            FLAT,
        ),
        ((), {"renorm_clipping": {"rmax": 2.0}, "renorm_momentum": 1, "synchronized": True}, STEPS),
        ((), {"renorm": True, "dtype": "mixed_float16"}, FLAT),
    ],
    "Bidirectional": [
        ((layer("LSTM", 3, return_sequences=True, name="l"),), {}, STEPS),
        ((layer("GRU", 3, dropout=0.2, name="g"), "sum"), {}, "masked"),
        ((layer("GRU", 3, return_sequences=True, name="r"), "ave"), {"name": "both"}, "masked"),
        ((layer("GRU", 3, return_sequences=True, dtype="float64", name="g"), "mul"), {"dtype": "float64"}, STEPS),
        (
            (layer("LSTM", 3, name="l"),),
            {"backward_layer": layer("LSTM", 3, go_backwards=True, name="b"), "trainable": False},
            STEPS,
        ),
    ],
    **{f"ConvLSTM{rank}D": convolutional(rank) for rank in (1, 2, 3)},
    "Cropping1D": [((), {}, STEPS), ((2,), {}, STEPS), (((1, 0),), {}, STEPS), (((0, 2),), {}, STEPS)],
    "Cropping2D": [
        ((), {}, IMAGES),
        ((1,), {}, IMAGES),
        (((1, 2),), {}, IMAGES),
        ((((0, 1), (2, 0)),), {}, IMAGES),
        ((((1, 1), (1, 0)),), {"data_format": "channels_first"}, IMAGES),
    ],
    "Cropping3D": [((), {}, VOLUMES), ((((0, 1), (1, 0), (2, 1)),), {}, VOLUMES), (((0, 1, 2),), {}, VOLUMES)],
    "Dense": [
        ((3,), {}, FLAT),
        ((2, "relu"), {"use_bias": False, "kernel_regularizer": "l2"}, STEPS),
        ((2,), {"kernel_constraint": "max_norm", "bias_initializer": "ones", "dtype": "float64"}, IMAGES),
    ],
    "Dropout": [((0.3,), {}, FLAT), ((0.3,), {"noise_shape": (None, 1, 4), "seed": 1}, STEPS)],
    "ELU": [((), {}, FLAT), ((0.5,), {}, STEPS)],
    "CategoryEncoding": [
        ((5,), {}, NUMBERS),
        ((5, "one_hot"), {}, NUMBERS[:, :1]),
        ((5, "one_hot"), {"dtype": "int32"}, NUMBERS),
        ((), {"num_tokens": 4, "output_mode": "count", "name": "named"}, NUMBERS),
        ((2, "binary"), {"dtype": "float64"}, NUMBERS),
    ],
    "Discretization": [
        (([-0.5, 0.0, 1.5],), {}, FLAT),
        (([-0.5, 0.0, 1.5],), {"output_mode": "count", "name": "named"}, FLAT),
        (([0.0],), {"output_mode": "multi_hot", "dtype": "float64"}, FLAT),
        (([0.0, 0.25],), {"output_mode": "one_hot"}, STEPS),
    ],
    "MelSpectrogram": [
        ((64, 16), {"num_mel_bins": 8, "sampling_rate": 800}, SOUND),
        ((64, 16, 50, "hamming", 800.0, 8), {"min_freq": 40.0, "max_freq": 300.0, "name": "named"}, SOUND),
        ((64, 16), {"num_mel_bins": 8, "sampling_rate": 800, "power_to_db": False, "mag_exp": 1.0}, SOUND),
        (
            (64, 32),
            {"num_mel_bins": 5, "sampling_rate": 800, "top_db": 20.0, "ref_power": 2.0, "min_power": 0.1},
            SOUND[0],
        ),
    ],
    "Normalization": [
        ((), {"mean": 0.5, "variance": 4.0}, FLAT),
        ((1,), {"mean": [0.0, 1.0, 2.0, 3.0, 4.0], "variance": [1.0] * 5, "invert": True, "name": "named"}, STEPS),
        ((None,), {"mean": 0.5, "variance": 0.0, "dtype": "float64"}, STEPS),
    ],
    "Rescaling": [
        ((2.0,), {}, FLAT),
        ((3,), {"offset": -1, "name": "named", "dtype": "float64"}, IMAGES),
        (([1.0, 2.0, 3.0, 4.0], 0.5), {}, IMAGES),
        ((0.5,), {"offset": 1.0}, NUMBERS),
        ((0.5,), {}, "masked"),
    ],
    "STFTSpectrogram": [
        (("log", 8), {}, SIGNALS),
        (("magnitude", 8, 3, 16), {"window": "hamming", "periodic": True, "name": "named"}, SIGNALS),
        (("psd", 6, 2), {"scaling": "spectrum", "padding": "same"}, SIGNALS),
        (("stft", 8), {"expand_dims": True, "window": None, "scaling": None, "trainable": False}, SIGNALS),
        (("angle", 8), {"expand_dims": True}, SIGNALS),
        (("imag", 8), {"dtype": "float64"}, SIGNALS.astype("float64")),
    ],
    "EinsumDense": [
        (("ab,bc->ac", 3), {"bias_axes": "c", "activation": "relu"}, FLAT),
        (("abc,cd->abd", (None, 2)), {"bias_axes": "d"}, STEPS),
        (("abc,bd->acd", (4, 3)), {"bias_axes": "cd", "kernel_initializer": "ones"}, STEPS),
        (("...x,xy->...y", 3), {"bias_axes": "y"}, STEPS),
        (("...x,xy->...y", 3), {}, FLAT),
        (("ab...,bc->ac...", 3), {"bias_axes": "c", "kernel_regularizer": "l2"}, STEPS),
        (("abc,cde->abde", (5, 2, 3)), {"bias_axes": "e", "bias_constraint": "non_neg"}, STEPS),
    ],
    "Embedding": [
        ((4, 3), {}, NUMBERS),
        ((4, 2), {"mask_zero": True, "embeddings_regularizer": "l2"}, NUMBERS),
        ((4, 2), {"embeddings_initializer": "ones", "dtype": "float64"}, NUMBERS.astype("float32")),
    ],
    "Flatten": [((), {}, IMAGES), ((), {"data_format": "channels_first"}, IMAGES), ((), {}, FLAT)],
    "GRU": [
        *recurrent(True),
        ((3,), {"reset_after": False}, STEPS),
        ((2,), {"reset_after": False, "return_sequences": True, "use_bias": False}, "masked"),
        ((2,), {"reset_after": False, "recurrent_dropout": 0.3}, STEPS),
    ],
    "GaussianDropout": [((0.3,), {}, FLAT), ((0,), {"seed": 3}, STEPS)],
    "GaussianNoise": [((0.3,), {}, FLAT), ((0,), {"seed": 3}, STEPS)],
    "GroupNormalization": [
        ((2,), {}, IMAGES),
        ((-1,), {"axis": 1, **INITIAL}, STEPS),
        ((1,), {"scale": False, "epsilon": 0.1}, FLAT),
        ((2,), {"axis": 1}, IMAGES),
    ],
    "Identity": [((), {}, FLAT), ((), {}, NUMBERS)],
    "LSTM": [*recurrent(True, "softplus"), ((3,), {"unit_forget_bias": False, "bias_initializer": "ones"}, STEPS)],
    "LayerNormalization": [
        ((), {}, FLAT),
        (([1, 2],), {**INITIAL, "epsilon": 0.1}, STEPS),
        ((1,), {"center": False, "gamma_regularizer": "l2"}, STEPS),
        ((), {"scale": False, "dtype": "float16"}, STEPS),
        (([-1, 1],), {}, IMAGES),
    ],
    "LeakyReLU": [((), {}, FLAT), ((0.5,), {}, STEPS), ((0,), {}, STEPS)],
    "Masking": [((), {}, GAPS), ((2.0,), {}, GAPS)],
    "PReLU": [
        (("ones",), {}, FLAT),
        (("ones", "l2", "non_neg", [1]), {}, STEPS),
        ((), {"shared_axes": [1, 2]}, IMAGES),
        ((), {"shared_axes": 1}, STEPS),
    ],
    "Permute": [(((2, 1),), {}, STEPS), (((3, 1, 2),), {}, IMAGES)],
    "RMSNormalization": [((), {}, FLAT), ((-1, 0.1), {}, STEPS), (([1, 2],), {}, STEPS)],
    "RNN": [
        ((layer("LSTMCell", 3, name="c"), True), {}, STEPS),
        ((Made(stacked_cells),), {"go_backwards": True, "return_sequences": True}, "masked"),
        ((Made(stacked_cells),), {"unroll": True, "zero_output_for_mask": True}, "masked"),
    ],
    "ReLU": [((), {}, FLAT), ((1.0, 0.1, 0.2), {}, STEPS)],
    "RepeatVector": [((3,), {}, FLAT)],
    "Reshape": [(((2, 2),), {}, FLAT), (((-1, 2),), {}, STEPS), (((),), {}, FLAT[:, :1])],
    "SimpleRNN": recurrent(False),
    "Softmax": [((), {}, FLAT), ((1,), {}, STEPS), (([1, 2],), {}, STEPS)],
    "SpatialDropout1D": [((0.3,), {}, STEPS), ((0.3,), {"seed": 2}, STEPS)],
    "SpatialDropout2D": [((0.3,), {}, IMAGES), ((0.3, "channels_first"), {"seed": 2, "name": "s"}, IMAGES)],
    "SpatialDropout3D": [((0.3,), {}, VOLUMES), ((0.3, "channels_first"), {}, VOLUMES)],
    "UnitNormalization": [((), {}, FLAT), (([1, 2],), {}, STEPS), ((1,), {}, 0 * STEPS)],
    "UpSampling1D": [((), {}, STEPS), ((3,), {}, STEPS)],
    "UpSampling2D": [
        ((), {}, IMAGES),
        (((1, 3),), {}, IMAGES),
        ((2, "channels_first"), {}, IMAGES),
        ((2, "CHANNELS_FIRST", "lanczos5"), {}, IMAGES),
        *(((2, None, name), {}, IMAGES) for name in ("bicubic", "bilinear", "lanczos3")),
    ],
    "UpSampling3D": [((), {}, VOLUMES), (((1, 2, 3),), {}, VOLUMES), ((2, "channels_first"), {}, VOLUMES)],
    "ZeroPadding1D": [((), {}, STEPS), (((0, 2),), {}, STEPS), ((1, "channels_first"), {}, STEPS)],
    "ZeroPadding2D": [
        ((), {}, IMAGES),
        ((2,), {}, IMAGES),
        (((1, 2),), {}, IMAGES),
        ((((0, 1), (2, 0)), "channels_first"), {}, IMAGES),
    ],
    "ZeroPadding3D": [((), {}, VOLUMES), ((((0, 1), (1, 0), (2, 1)), "channels_first"), {}, VOLUMES)],
    "Conv1D": [
        ((3, 2), {}, STEPS),
        ((4, 3, 2, "SAME"), {"activation": "relu", "groups": 2}, STEPS),
        ((3, (2,)), {"padding": "causal", "dilation_rate": 2, "use_bias": False}, STEPS),
        ((3, 2, 2, "causal", "channels_first"), {"bias_initializer": "ones"}, STEPS),
        ((2, 2), {"lora_rank": 2, "lora_alpha": 3, "kernel_regularizer": "l2"}, STEPS),
        ((2, 1), {"dtype": "mixed_float16", "kernel_constraint": "max_norm"}, STEPS),
    ],
    "Conv2D": [
        ((3, 2), {}, IMAGES),
        ((4, (3, 1), (2, 1), "same"), {"kernel_initializer": "he_normal", "bias_regularizer": "l1"}, IMAGES),
        ((4, [1, 3], 1, "valid", None, (1, 2), 2, "tanh", False), {}, IMAGES),
        ((4, 2, 2, "same", "channels_first"), {"groups": 2, "activity_regularizer": "l2"}, IMAGES),
        ((8, 3, 1, "same", "CHANNELS_FIRST", 2, 4), {}, IMAGES),
        ((2, 2), {"lora_rank": 1, "bias_constraint": "non_neg"}, IMAGES),
        ((2, 2), {"dtype": "float64", "trainable": False}, IMAGES),
        ((2, 2), {"dtype": "mixed_float16"}, IMAGES),
    ],
    "Conv3D": [
        ((3, 2), {}, VOLUMES),
        ((4, (2, 1, 3), (1, 2, 2), "same"), {"groups": 2, "activation": "relu"}, VOLUMES),
        ((2, 2, 1, "valid", "channels_first"), {"kernel_regularizer": "l2"}, VOLUMES),
        ((2, 2), {"dilation_rate": (1, 2, 1), "use_bias": False}, VOLUMES),
        ((2, 1), {"lora_rank": 2}, VOLUMES),
    ],
    "Conv1DTranspose": [
        ((3, 2), {}, STEPS),
        ((3, 2, 3), {"activation": "relu", "kernel_regularizer": "l2"}, STEPS),
        ((3, 3, 2, "SAME"), {"use_bias": False}, STEPS),
        ((3, 3, 2, "same", 0), {"kernel_constraint": "non_neg"}, STEPS),
        ((3, 3, 2, "same", 1), {}, STEPS),
        ((2, 2, 1, "valid", None, "channels_first", 2), {"bias_initializer": "ones"}, STEPS),
    ],
    "Conv2DTranspose": [
        ((3, 2), {}, IMAGES),
        ((3, (3, 2), (2, 3), "same"), {"activation": "tanh", "activity_regularizer": "l2"}, IMAGES),
        ((3, 3, 2, "same", (0, 1)), {"kernel_initializer": "he_normal"}, IMAGES),
        ((3, 2, 3, "valid", 2), {"bias_regularizer": "l1", "bias_constraint": "non_neg"}, IMAGES),
        ((3, 3, 1, "valid", None, "channels_last", (2, 2)), {}, IMAGES),
        ((3, 3, 1, "same", None, "channels_first"), {"trainable": False}, IMAGES),
        ((2, 2), {"dtype": "mixed_float16"}, IMAGES),
    ],
    "Conv3DTranspose": [
        ((3, 2), {}, VOLUMES),
        ((2, (1, 2, 3), (1, 2, 2), "same"), {"kernel_regularizer": "l2"}, VOLUMES),
        ((2, 3, 2, "same", None, (1, 0, 1)), {"activation": "relu"}, VOLUMES),
        ((2, 2, 1, "valid", "channels_first"), {"use_bias": False}, VOLUMES),
    ],
    "DepthwiseConv1D": [
        ((2,), {}, STEPS),
        ((3, 2, "same", 2), {"depthwise_regularizer": "l2", "activation": "relu"}, STEPS),
        ((2, 1, "valid", 3, "channels_first"), {"depthwise_constraint": "max_norm"}, STEPS),
        ((2,), {"dilation_rate": 2, "use_bias": False}, STEPS),
    ],
    "DepthwiseConv2D": [
        ((2,), {}, IMAGES),
        (((3, 2), 2, "SAME", 2), {"depthwise_initializer": "he_normal", "bias_regularizer": "l1"}, IMAGES),
        ((3, 1, "same", 3, "channels_first"), {"activity_regularizer": "l2", "bias_constraint": "non_neg"}, IMAGES),
        ((2, 1, "valid", 2, None, (1, 2), "tanh", False), {}, IMAGES),
        ((2,), {"dtype": "mixed_float16"}, IMAGES),
    ],
    "SeparableConv1D": [
        ((3, 2), {}, STEPS),
        ((3, 3, 2, "same", None, 1, 2), {"depthwise_regularizer": "l2", "pointwise_regularizer": "l1"}, STEPS),
        ((3, 2), {"dilation_rate": 2, "use_bias": False, "activation": "relu"}, STEPS),
        ((2, 2, 1, "valid", "channels_first"), {"depthwise_constraint": "non_neg"}, STEPS),
    ],
    "SeparableConv2D": [
        ((3, 2), {}, IMAGES),
        ((3, (3, 2), 2, "SAME", None, 1, 2), {"pointwise_initializer": "he_normal", "bias_regularizer": "l1"}, IMAGES),
        (
            (3, 3, 1, "same", "channels_first"),
            {"pointwise_constraint": "max_norm", "activity_regularizer": "l2"},
            IMAGES,
        ),
        ((3, 2, 1, "valid", None, (1, 2), 2, "tanh", False), {"depthwise_initializer": "ones"}, IMAGES),
        ((2, 2), {"dtype": "mixed_float16"}, IMAGES),
    ],
}
PAIR = [STEPS, data(3, 1, 4)]
MERGING = {
    "Add": [((), {}, PAIR), ((), {}, [STEPS, STEPS, FLAT]), ((), {}, [GAPS, "masked"])],
    "Average": [((), {}, PAIR), ((), {}, [STEPS, STEPS, STEPS])],
    "Concatenate": [((), {}, [STEPS, STEPS]), ((1,), {}, PAIR), ((), {}, [GAPS, "masked"])],
    "Dot": [
        ((1,), {}, [FLAT, FLAT]),
        (((2, 2),), {}, PAIR),
        ((2,), {"normalize": True}, [STEPS, STEPS]),
        ((-1,), {}, [STEPS, FLAT]),
    ],
    "Maximum": [((), {}, PAIR), ((), {}, [GAPS, "masked"])],
    "Minimum": [((), {}, PAIR)],
    "Multiply": [((), {}, PAIR), ((), {}, [GAPS, "masked"])],
    "Subtract": [((), {}, PAIR)],
}
OTHERS = data(3, 2, 4)  # of another length
WIDER = np.concatenate([STEPS, STEPS[..., :2]], axis=-1)
# Inputs in a list are one argument of the call, those in a tuple are several.
ATTENTION = {
    "Attention": [
        ((), {}, [STEPS, OTHERS]),
        ((True,), {"seed": 3}, [STEPS, OTHERS]),
        ((False, "concat"), {}, [STEPS, OTHERS]),
        ((True, "concat", 0.3, 1), {"name": "named"}, [STEPS, OTHERS, OTHERS]),
        ((), {"trainable": False}, [STEPS, STEPS, 2 * STEPS]),
        ((), {}, [GAPS, "masked"]),
        ((), {}, ["masked", STEPS]),
        ((True,), {"dtype": "mixed_float16"}, [STEPS, OTHERS]),
    ],
    "AdditiveAttention": [
        ((), {}, [STEPS, OTHERS]),
        ((False,), {"seed": 3}, [STEPS, OTHERS, OTHERS]),
        ((True, 0.3), {"name": "named"}, ["masked", "masked"]),
        ((), {"dtype": "mixed_float16"}, [STEPS, OTHERS]),
    ],
    "MultiHeadAttention": [
        ((2, 3), {}, (STEPS, STEPS)),
        ((2, 3, 5), {}, (STEPS, OTHERS, data(3, 2, 7))),
        ((1, 2, 3, 0.4), {"seed": 3}, (STEPS, WIDER)),
        ((2, 3), {"use_bias": False, "output_shape": 3}, (STEPS, OTHERS)),
        ((2, 3), {"output_shape": (2, 3), "use_gate": True, "value_dim": 2}, (STEPS, OTHERS)),
        ((2, 3), {"attention_axes": 2}, (IMAGES, IMAGES)),
        ((2, 3), {"attention_axes": (1, 2), "dropout": 0.1}, (IMAGES, IMAGES[:, :2])),
        ((2, 3), {"attention_axes": [-3, -2]}, (VOLUMES, VOLUMES)),
        ((2, 3), {"attention_axes": 1}, (STEPS, STEPS)),
        ((2, 3), {"sliding_window": 2, "flash_attention": False}, (STEPS, STEPS)),
        ((2, 3), {"kernel_initializer": "ones", "bias_initializer": "normal"}, (STEPS, STEPS)),
        (
            (2, 3),
            {"kernel_regularizer": "l2", "bias_regularizer": "l1", "activity_regularizer": "l2", "use_gate": True},
            (STEPS, OTHERS),
        ),
        ((2, 3), {"kernel_constraint": "max_norm", "bias_constraint": "non_neg"}, (STEPS, OTHERS)),
        ((2, 3), {}, (STEPS, "masked")),
        ((2, 3), {}, ("masked", STEPS)),
        ((2, 3), {}, ("masked", "masked")),
        ((2, 3), {"dropout": 0.2}, ("masked", STEPS, "masked")),
        ((2, 3), {"dtype": "mixed_float16"}, (STEPS, OTHERS)),
        ((2, 3), {"dtype": "mixed_float16", "dropout": 0.1}, (STEPS, OTHERS)),
    ],
    "GroupQueryAttention": [
        ((3, 4, 2), {}, (STEPS, STEPS)),
        ((3, 4, 1), {}, (STEPS, OTHERS)),
        ((3, 4, 4, 0.3), {"seed": 3}, (STEPS, OTHERS, WIDER[:, :2])),
        ((3, 4, 2), {"use_bias": False, "use_gate": True}, (STEPS, OTHERS)),
        ((3, 2, 2), {"sliding_window": 2, "flash_attention": False}, (STEPS, STEPS)),
        ((3, 2, 1), {"kernel_regularizer": "l2", "activity_regularizer": "l2"}, (STEPS, OTHERS)),
        ((3, 2, 1), {"kernel_constraint": "max_norm", "bias_initializer": "ones"}, (STEPS, OTHERS)),
        ((3, 4, 2), {}, ("masked", "masked")),
        ((3, 4, 2), {"dtype": "mixed_float16"}, (STEPS, OTHERS)),
    ],
}
# Not made of plain arguments, or abstract: compared in the other modules.
CELLS = {"GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"}
# They have vocabularies and other states: in `test_preprocessing_layers`.
ADAPTED = {"HashedCrossing", "Hashing", "IntegerLookup", "Pipeline", "StringLookup", "TextVectorization"}
ELSEWHERE = {"Input", "InputLayer", "InputSpec", "Lambda", "Layer", *CELLS, *ADAPTED, *IMAGE_LAYERS}
# They wrap models of other frameworks, and are refused.
FRAMEWORKS = {"FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"}
CLASSES = {name for name in minikeras.layers.__all__ if inspect.isclass(getattr(minikeras.layers, name))}
FIRST_NAMES = {name: getattr(keras.layers, name).__name__ for name in CLASSES}
# Keras has a class whose own name is not public at all: `GroupQueryAttention`.
SECOND_NAMES = {name for name, first in FIRST_NAMES.items() if name != first and hasattr(keras.layers, first)}


def test_every_layer_has_cases():
    assert CLASSES - ELSEWHERE - FRAMEWORKS - SECOND_NAMES == {*CASES, *MERGING, *ATTENTION}


@pytest.mark.parametrize("name", sorted(SECOND_NAMES))
def test_second_names(name):
    """Those of which Keras 1 took other arguments are classes of their own, which say that they are the first ones."""
    first = getattr(keras.layers, name).__name__
    ours, expected = getattr(minikeras.layers, name), getattr(minikeras.layers, first)
    assert ours is expected or (issubclass(ours, expected) and ours.class_name == first)


@pytest.mark.parametrize("name", minikeras.layers.__all__)
def test_signatures(name):
    theirs, ours = getattr(keras.layers, name), getattr(minikeras.layers, name)
    parameters = [inspect.signature(each).parameters.values() for each in (theirs, ours)]
    a, b = ({p.name: p.default for p in each if p.kind is not p.VAR_KEYWORD} for each in parameters)
    b = {name: default for name, default in b.items() if name in a or default is inspect.Parameter.empty}
    if name not in ("Lambda", "Layer", "Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"):
        assert list(a) == list(b) and {**a, "dtype": None} == {**b, "dtype": None}


def value_for(k, x):
    if isinstance(x, (list, tuple)):
        return type(x)(value_for(k, each) for each in x)
    return k.layers.Masking()(GAPS) if isinstance(x, str) else x


FORGOTTEN = {"SimpleRNN": ["seed"]}  # arguments that the `get_config` of Keras forgets


def config_of(name, layer):
    return plain_config({"class_name": name, "config": layer.get_config()})["config"]


def plain_config(config):
    """The config as JSON has it, without what Keras forgets, also in layers inside."""

    def hook(found):
        for key in FORGOTTEN.get(found.get("class_name"), ()):
            found["config"].pop(key, None)
        return found

    return json.loads(json.dumps(config).replace('"minikeras', '"keras'), object_hook=hook)


def set_weights(layer):
    rng = np.random.default_rng(1)
    layer.set_weights([rng.uniform(0.2, 1.2, weight.shape).astype(weight.dtype) for weight in layer.get_weights()])


def used(k, name, args, options, x):
    """All that a user sees of a layer."""
    clear_names(k)
    layer, given = made(k, name, args, options), x
    x = value_for(k, given)
    found = {"config": config_of(name, layer), "built": layer.built, "masks": layer.supports_masking}
    shapes = [tuple(each.shape) for each in x] if isinstance(x, (list, tuple)) else tuple(x.shape)
    several = x if isinstance(x, tuple) else (x,)
    found["shape"] = attempt(lambda: tuple(layer.compute_output_shape(*(shapes if several is x else [shapes]))))
    layer(*several)
    set_weights(layer)
    # Keras's layers with heads take the masks off their inputs.
    output = layer(*(value_for(k, given) if several is x else several))
    found |= {"output": output, "mask": getattr(output, "_keras_mask", None) if k is keras else mask_of(output)}
    found["weights"] = [(w.path, tuple(w.shape), str(w.dtype), w.trainable) for w in layer.weights]
    found["losses"] = [float(loss) for loss in layer.losses]
    symbols = lambda x: k.Input(batch_shape=(None, *x.shape[1:]), dtype=str(np.dtype(x.dtype)))  # noqa: E731
    arrays = [np.asarray(each) for each in x] if isinstance(x, (list, tuple)) else np.asarray(x)
    values = [symbols(each) for each in arrays] if isinstance(arrays, list) else symbols(arrays)
    symbolic = layer(*(values if several is x else [values]))
    found["symbolic"] = tuple(symbolic.shape), symbolic.dtype
    found["again"] = config_of(name, type(layer).from_config(layer.get_config()))
    return found


def mask_of(value):
    return minikeras.engine.masks.get_mask(value)


@pytest.mark.parametrize("name", [*CASES, *MERGING, *ATTENTION])
def test_uses(name):
    for args, options, x in {**CASES, **MERGING, **ATTENTION}[name]:
        half = "float16" in str(options.get("dtype"))  # three digits
        # Sums of terms of both signs; on CPUs that cannot add float16, TensorFlow rounds all partial sums to it.
        smallest = 3e-3 if half and (name in ATTENTION or "Conv" in name) else 2e-6
        compare(lambda k, case=(args, options, x): used(k, name, *case), rtol=2e-3 if half else 2e-5, atol=smallest)


# ---------------------------------------------------------------- training


def is_plain(case):
    """Whether the input is differentiable, no dtype is given and nothing is random."""
    return (
        "Dropout" not in str(case[0][0])
        and isinstance(case[2], np.ndarray)
        and case[2].dtype == "float32"
        and "dtype" not in case[1]
    )


CONVOLUTIONS = [name for name in CASES if "Conv" in name]
RECURRENT = ["Bidirectional", "GRU", "LSTM", "RNN", "SimpleRNN"]


# ---------------------------------------------------------------- training


def can_be_watched(args, options, x):
    return not {"dtype", "dropout"} & {*options} and len(args) < 4 and not any(isinstance(each, str) for each in x)


TRAINED = [
    *(("BatchNormalization", *case) for case in CASES["BatchNormalization"] if "dtype" not in case[1]),
    *(("LayerNormalization", *case) for case in CASES["LayerNormalization"][:3]),
    *(("GroupNormalization", *case) for case in CASES["GroupNormalization"]),
    *(("RMSNormalization", *case) for case in CASES["RMSNormalization"]),
    *(("EinsumDense", *case) for case in CASES["EinsumDense"]),
    *(("PReLU", *case) for case in CASES["PReLU"]),
    *((name, *case) for name in CONVOLUTIONS for case in CASES[name] if "float" not in str(case[1].get("dtype"))),
    *((name, *case) for name in RECURRENT for case in CASES[name] if case[2] is STEPS and "dtype" not in case[1]),
    ("UnitNormalization", (), {}, FLAT),
    ("Embedding", (4, 3), {}, NUMBERS),
    ("UpSampling2D", ((1, 3),), {}, IMAGES),
    ("UpSampling2D", ((2, 3), None, "bilinear"), {}, IMAGES),
    ("ZeroPadding2D", (1,), {}, IMAGES),
    ("Cropping2D", (1,), {}, IMAGES),
    ("Dot", ((2, 2),), {}, PAIR),
    ("Concatenate", (1,), {}, PAIR),
    *((name, *case) for name, cases in POOLING.items() for case in cases[:3]),
    *(("TimeDistributed", *case) for case in WRAPPERS["TimeDistributed"] if is_plain(case)),
    *(("SpectralNormalization", *case) for case in WRAPPERS["SpectralNormalization"][:3]),
    *(("ReversibleEmbedding", *WRAPPERS["ReversibleEmbedding"][case]) for case in (0, 2, 3)),
    *((name, *case) for name, cases in ATTENTION.items() for case in cases if can_be_watched(*case)),
]


TRAINING = ("SpectralNormalization", "TimeDistributed")


def gradients_of(k, name, args, options, x):
    """Output, gradients and state of a call in training."""
    layer = made(k, name, args, options)
    several = x if isinstance(x, tuple) else (x,)
    layer(*several)
    set_weights(layer)
    each_input = x if isinstance(x, (list, tuple)) else [x]
    inputs = [tf.Variable(each) if k is keras else k.Variable(each) for each in each_input]
    watched = inputs if np.asarray(inputs[0]).dtype.kind == "f" else []
    with (tf if k is keras else k).GradientTape() as tape:
        values = [each + 0 for each in inputs]
        training = {"training": True} if name in ("BatchNormalization", *TRAINING) else {}
        output = layer(*(values if several is x else [values] if isinstance(x, list) else values), **training)
        weights = np.random.default_rng(3).normal(size=output.shape).astype("float32")
        total = k.ops.sum(k.ops.square(output) * weights)
    sources = [*watched, *[w.value if k is keras else w for w in layer.trainable_variables]]
    grads = [k.ops.convert_to_numpy(k.ops.convert_to_tensor(each)) for each in tape.gradient(total, sources)]
    if name in ATTENTION:  # sums of large terms; that of the bias of the key is 0
        largest = max(np.abs(grad).max() for grad in grads)
        grads = [grad / largest for grad in grads]
    return output, grads, [np.asarray(weight) for weight in layer.get_weights()]


@pytest.mark.parametrize("case", TRAINED, ids=lambda case: case[0])
def test_gradients(case):
    compare(lambda k: gradients_of(k, *case), rtol=1e-4, atol=2e-5)  # sums of some hundred terms of both signs


def masked_normalization(k):
    """Places that are masked do not count."""
    layer = k.layers.BatchNormalization(momentum=0.5)
    x = k.layers.Masking()(GAPS)
    return layer(x, training=True), layer.get_weights(), layer(x, training=False)


def renormalized_steps(k):
    """Several steps, with and without a mask, and what inference gives in between."""
    layer = k.layers.BatchNormalization(momentum=0.5, renorm=True, renorm_clipping={"rmax": 1.5, "dmax": 0.5})
    found = []
    for scale in (1.0, 2.0, 0.5):
        found += [layer(scale * STEPS, training=True), layer(k.layers.Masking()(GAPS), training=True), layer(STEPS)]
    return found, layer.get_weights(), [weight.name for weight in layer.weights]


def test_renormalized_steps():
    compare(renormalized_steps, rtol=1e-5)


def test_nothing_is_read_at_masked_places():
    def used(k):
        layer, mask = k.layers.BatchNormalization(momentum=0.5), STEPS[..., 0] > 0
        layer(np.where(mask[..., None], STEPS, np.nan), mask=k.ops.convert_to_tensor(mask), training=True)
        return layer.get_weights()

    compare(used, rtol=2e-5)


def masked_means(k):
    """Steps that are masked do not count; the mean of none is NaN."""
    mask = np.array([[True, False, True, True], [False] * 4, [True] * 4])
    found = []
    for given in (mask, mask.astype("float32")):
        for options in ({}, {"keepdims": True}, {"dtype": "float64"}):
            last = k.layers.GlobalAveragePooling1D(**options)
            first = k.layers.GlobalAveragePooling1D("channels_first", **options)
            found += [last(STEPS[:, :4], mask=given), first(STEPS, mask=given)]
    return found


def test_masked_means():
    compare(masked_means)


def test_masked_normalization():
    compare(masked_normalization, rtol=2e-5)


# ---------------------------------------------------------------- random numbers


@pytest.mark.parametrize(
    ("name", "args", "shape"),
    [
        ("GaussianNoise", (0.4,), (50, 400)),
        ("GaussianDropout", (0.3,), (50, 400)),
        ("AlphaDropout", (0.3,), (50, 400)),
        ("Dropout", (0.3,), (50, 400)),
        ("SpatialDropout1D", (0.3,), (50, 4, 400)),
    ],
)
def test_distributions(name, args, shape):
    """20,000 draws: mean, variance and quantiles agree within five standard errors of those of Keras."""
    moments = []
    for k in (keras, minikeras):
        layer = getattr(k.layers, name)(*args, seed=3)
        y = np.asarray(layer(np.ones(shape, "float32"), training=True)).reshape(50, -1)
        if name.startswith("Spatial"):
            assert all(len(np.unique(y.reshape(shape)[example, :, 7])) == 1 for example in range(50))
            y = y.reshape(shape)[:, 0]
        moments.append([y.mean(), y.var(), *np.quantile(y, [0.1, 0.25, 0.5, 0.9])])
    np.testing.assert_allclose(*moments, atol=0.05)


# ---------------------------------------------------------------- what is refused

BAD_BOUNDS = [{"a": 3}, {"rmin": 2.0, "rmax": 1.0}, {"dmax": -1}, 3]
REFUSED = {
    "AlphaDropout": [(2,), (-0.1,)],
    "AdaptiveAveragePooling1D": [((1, 2),), (1.5,), (None,)],
    "AdaptiveAveragePooling3D": [((1, 2),), (2, "no")],
    "AdaptiveMaxPooling2D": [(1.5,), ((1, 2, 3),)],
    "Attention": [(False, "no"), (False, None)],
    "AveragePooling1D": [(0,), ((1, 2),), (2, -1), (2, 1, "valid", "no")],
    "AveragePooling3D": [((1, 2),), (None,)],
    "BatchNormalization": [("a",), *((*[-1, 0.9, 0.1, *[True] * 2, *[None] * 8], True, each) for each in BAD_BOUNDS)],
    "ConvLSTM1D": [(2, (1, 2)), (2, 0), (2, 2, 1, "causal"), (2, 2, 1, "valid", "no"), (2, 2, 2, "valid", None, 2)],
    "ConvLSTM2D": [(2, (1, 2, 3)), (2, 2, 1, "valid", None, 1, "relo")],
    "ConvLSTM3D": [(2, (1, 2)), (2, 2, 1, "no")],
    "Cropping1D": [(-1,), ((1, 2, 3),), ("a",)],
    "Cropping2D": [(-1,), ((1, 2, 3),), (None,), (1, "no")],
    "Cropping3D": [(-1,), ((1, 2),), (None,)],
    "GaussianDropout": [(2,), (-0.1,)],
    "GaussianNoise": [(2,), (-0.1,)],
    "GlobalAveragePooling2D": [("no",)],
    "GlobalMaxPooling1D": [("no",)],
    "GroupNormalization": [(0,), (1.5,)],
    "GroupQueryAttention": [(3, 4, 3), (3, 4, 2, 0.0, True, 0), (3, 4, 2, 0.5, True, None, True)],
    "LayerNormalization": [("a",), (None,)],
    "LeakyReLU": [(-1,), (None,)],
    "MaxPooling2D": [(0,), ((1, 2, 3),), (2, (1, -1)), (2, 1, "valid", "no"), ("a",)],
    "MultiHeadAttention": [
        (0, 3),
        (2, -1),
        (2, 1.5),
        (2, 3, 0),
        (2, 3, None, 0.0, True, None, "a"),
        (2, 3, None, 0.0, True, None, None, -1),
        (2, 3, None, 0.5, True, None, None, None, True),
    ],
    "RMSNormalization": [],
    "Bidirectional": [(3,), ("LSTM",), (layer("Dense", 2),), (layer("LSTM", 2), "no")],
    "GRU": [(0,), ("a",), (-1,), (2, "relo")],
    "LSTM": [(0,), ("a",), (2, "tanh", "no")],
    "RNN": [(3,), (layer("Dense", 2),)],
    "SimpleRNN": [(0,), (-1,)],
    "SpatialDropout1D": [(2,)],
    "SpatialDropout2D": [(2,), (0.1, "no")],
    "ReversibleEmbedding": [(0, 2), (2, -1)],
    "SpectralNormalization": [(3,), (layer("Dense", 2), 0)],
    "TimeDistributed": [(3,), (None,)],
    "UnitNormalization": [("a",)],
    "Wrapper": [(3,), ("relu",)],
    "UpSampling1D": [(0,), (1.5,), ((1, 2),)],
    "UpSampling2D": [(0,), ((1, 2, 3),), (1, "no")],
    "UpSampling3D": [(0,), ((1, 2),), (1, "no")],
    "ZeroPadding1D": [(-1,), ((1, 2, 3),), (1, "no")],
    "ZeroPadding2D": [((1, 2, 3),), (None,), (1, "no")],
    "ZeroPadding3D": [((1, 2),), (None,)],
}
CALLS = [
    lambda k: k.layers.AdaptiveMaxPooling1D(2)(FLAT),
    lambda k: k.layers.Attention()(STEPS),
    lambda k: k.layers.Attention()([STEPS]),
    lambda k: k.layers.Attention()([STEPS, STEPS], mask=STEPS[..., 0] > 0),
    lambda k: k.layers.Attention()([STEPS, STEPS, WIDER]),
    lambda k: k.layers.AveragePooling1D(9)(k.Input((8, 1))),
    lambda k: k.layers.AveragePooling2D(2)(STEPS),
    lambda k: k.layers.BatchNormalization(axis=3)(FLAT),
    lambda k: k.layers.BatchNormalization()(k.Input((None,))),
    lambda k: k.layers.ConvLSTM1D(2, 2)(STEPS),
    lambda k: k.layers.ConvLSTM1D(2, 9)(IMAGES),
    lambda k: k.layers.ConvLSTM1D(2, 2)(IMAGES[:, :0]),
    lambda k: k.layers.ConvLSTM1D(2, 2)(IMAGES, initial_state=[np.zeros((2, 6, 2), "float32")] * 2),
    lambda k: k.layers.ConvLSTM2D(2, 2)(k.Input((None, None, 5, 2))),
    lambda k: k.layers.ConvLSTM2D(2, 2)(k.Input((None, 5, 5, None))),
    lambda k: k.layers.ConvLSTM2D(2, 2, stateful=True)(k.Input((None, 5, 5, 1))),
    lambda k: k.layers.Cropping1D(3)(STEPS),
    lambda k: k.layers.Cropping2D(2)(IMAGES),
    lambda k: k.layers.Cropping3D(2)(VOLUMES),
    lambda k: k.layers.Cropping1D()(FLAT),
    lambda k: k.layers.EinsumDense("ab,bc", 3)(FLAT),
    lambda k: k.layers.EinsumDense("ab,bc->ac", 3)(STEPS),
    lambda k: k.layers.EinsumDense("ab,bc->ad", 3)(FLAT),
    lambda k: k.layers.EinsumDense("ab,bd->ac", 3)(FLAT),
    lambda k: k.layers.EinsumDense("ab,bc->ac", 3, bias_axes="x")(FLAT),
    lambda k: k.layers.EinsumDense("abc,cd->abd", (4, 3))(STEPS),
    lambda k: k.layers.GroupNormalization(3)(FLAT),
    lambda k: k.layers.GroupNormalization(8)(FLAT),
    lambda k: k.layers.GlobalAveragePooling3D()(IMAGES),
    lambda k: k.layers.GroupQueryAttention(3, 4, 2)(k.Input((5, 4)), k.Input((5, 6))),
    lambda k: k.layers.GroupQueryAttention(3, 4, 2)(IMAGES, IMAGES),
    lambda k: k.layers.GroupQueryAttention(3, 4, 2, flash_attention=True)(STEPS, STEPS, return_attention_scores=True),
    lambda k: k.layers.LayerNormalization(axis=3)(FLAT),
    lambda k: k.layers.GRU(2)(FLAT),
    lambda k: k.layers.GRU(2)(STEPS[:, :0]),
    lambda k: k.layers.GRU(2)(STEPS, initial_state=np.zeros((3, 5), "float32")),
    lambda k: k.layers.GRU(2)(STEPS, mask=np.ones((3, 5, 4), bool)),
    lambda k: k.layers.LSTM(2)(STEPS, initial_state=[np.zeros((3, 2), "float32")]),
    lambda k: k.layers.LSTM(2, stateful=True)(k.Input((None, 4))),
    lambda k: k.layers.LSTM(2, use_cudnn=True)(STEPS) if k is minikeras else k.layers.LSTM(2, use_cudnn="a"),
    lambda k: k.layers.MaxPooling2D(5)(IMAGES),
    lambda k: k.layers.MaxPooling2D(2, padding="causal")(IMAGES),
    lambda k: k.layers.MaxPooling3D(2, data_format="channels_first").compute_output_shape((None, 3, 1, 4, 4)),
    lambda k: k.layers.MultiHeadAttention(2, 3)(STEPS, STEPS, OTHERS),
    lambda k: k.layers.MultiHeadAttention(2, 3)(k.Input((5, 4)), k.Input((5, 4)), key=k.Input((6, 4))),
    lambda k: k.layers.MultiHeadAttention(2, 3)(STEPS, STEPS, attention_mask=np.ones(5, bool)),
    lambda k: k.layers.MultiHeadAttention(2, 3)(STEPS, STEPS, attention_mask=np.ones((3, 5, 4), bool)),
    lambda k: k.layers.MultiHeadAttention(2, 3, flash_attention=True)(STEPS, STEPS, return_attention_scores=True),
    lambda k: k.layers.PReLU()(k.Input((None, 3))),
    lambda k: k.layers.SpatialDropout1D(0.1)(FLAT),
    lambda k: k.layers.ReversibleEmbedding(4, 3)(FLAT[:, :2], reverse=True),
    lambda k: k.layers.SpectralNormalization(k.layers.ReLU())(FLAT),
    lambda k: k.layers.TimeDistributed(k.layers.Dense(2))(FLAT),
    lambda k: k.layers.TimeDistributed(k.layers.Dense(2))(STEPS[:, :0]),
    lambda k: k.layers.TimeDistributed(k.layers.Dense(2))([STEPS, STEPS]),
    lambda k: k.layers.TimeDistributed(k.layers.Dense(2))(STEPS, mask=np.ones((3, 6), bool)),
    lambda k: k.layers.TimeDistributed(k.layers.Dense(2))(STEPS, mask=np.ones((3,), bool)),
    lambda k: k.layers.UpSampling2D()(STEPS),
    lambda k: k.layers.Wrapper(k.layers.Dense(2))(FLAT),
    lambda k: k.layers.ZeroPadding2D()(STEPS),
]


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    for args in REFUSED[name]:
        for k in (keras, minikeras):
            outcome = attempt(lambda k=k, args=args: made(k, name, args, {}).name)
            assert outcome in (("raises", "ValueError"), ("raises", "TypeError")), (k.__name__, args, outcome)


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_refused_calls(number):
    for k in (keras, minikeras):
        with pytest.raises(Exception) as caught:
            CALLS[number](k)
        if k is minikeras:
            assert isinstance(caught.value, (ValueError, TypeError)), caught.value


def test_where_keras_adds_the_bias_to_columns():
    """On TensorFlow, with channels first, Keras adds the bias along the last axis if that has as many elements."""

    def convolved(k, data_format):
        layer = k.layers.Conv2D(4, 3, padding="same", data_format=data_format)
        layer.build((None, 4, 4, 4))
        set_weights(layer)
        first = data_format == "channels_first"
        x = np.moveaxis(IMAGES, 3, 1)[..., :4] if first else IMAGES[:, :, :4]
        return np.moveaxis(layer(x), 1, 3) if first else np.asarray(layer(x))

    theirs, right = convolved(keras, "channels_first"), convolved(keras, "channels_last")
    assert np.abs(theirs - right).max() > 0.1
    np.testing.assert_allclose(convolved(minikeras, "channels_first"), right, rtol=2e-5, atol=2e-6)


def test_where_keras_fails():
    """Any axis can be normalized by its root mean square, and `...` stand for any number of axes."""
    layer = minikeras.layers.RMSNormalization(axis=1)
    with pytest.raises(tf.errors.InvalidArgumentError):
        keras.layers.RMSNormalization(axis=1)(STEPS)
    moved = minikeras.layers.RMSNormalization()(STEPS.transpose(0, 2, 1)).transpose(0, 2, 1)
    np.testing.assert_allclose(layer(STEPS), moved, rtol=1e-6)
    dense = minikeras.layers.EinsumDense("...x,xy->...y", 3)
    assert keras.layers.EinsumDense("...x,xy->...y", 3).compute_output_shape((2, 4, 6, 4)) == (2, 6, 4, 3)
    assert dense.compute_output_shape((2, 4, 6, 4)) == dense(IMAGES).shape == (2, 4, 6, 3)
