"""Arguments that cannot be what they are said to be: a named error, and never one of numpy's or Python's own."""

import inspect

import numpy as np
import pytest

from minikeras import layers, losses, optimizers
from minikeras.errors import LegacyWarning, MinikerasError

NEEDED = {
    "AlphaDropout": {"rate": 0.5},
    "Activation": {"activation": "relu"},
    **{f"Adaptive{kind}Pooling{rank}D": {"output_size": 2} for kind in ("Average", "Max") for rank in (1, 2, 3)},
    **{f"AveragePooling{rank}D": {"pool_size": 2} for rank in (1, 2, 3)},
    "CategoryEncoding": {"num_tokens": 3},
    "Dense": {"units": 2},
    "Discretization": {"num_bins": 3},
    "Dot": {"axes": 1},
    "Dropout": {"rate": 0.5},
    "EinsumDense": {"equation": "ab,bc->ac", "output_shape": 2},
    **{name: {"input_dim": 3, "output_dim": 2} for name in ("Embedding", "ReversibleEmbedding")},
    "Bidirectional": {"layer": layers.SimpleRNN(2)},
    "FlaxLayer": {"module": abs},
    "GaussianDropout": {"rate": 0.5},
    "GaussianNoise": {"stddev": 0.5},
    "GroupQueryAttention": {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1},
    **{name: {"num_bins": 3} for name in ("HashedCrossing", "Hashing")},
    "InputLayer": {"shape": (2,)},
    "JaxLayer": {"call_fn": abs},
    "Lambda": {"function": abs},
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 2},
    "Permute": {"dims": (1,)},
    **{name: {"units": 2} for name in ("GRU", "GRUCell", "LSTM", "LSTMCell", "SimpleRNN", "SimpleRNNCell")},
    "Pipeline": {"layers": [layers.Dense(2)]},
    "RNN": {"cell": layers.SimpleRNNCell(2)},
    "RepeatVector": {"n": 2},
    "Rescaling": {"scale": 2.0},
    "Reshape": {"target_shape": (2,)},
    **{name: {"layer": layers.Dense(2)} for name in ("SpectralNormalization", "TimeDistributed", "Wrapper")},
    "TFSMLayer": {"filepath": "folder"},
    "TorchModuleWrapper": {"module": abs},
    **{f"SpatialDropout{rank}D": {"rate": 0.5} for rank in (1, 2, 3)},
    **{f"Conv{rank}D": {"filters": 2, "kernel_size": 3} for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": {"filters": 2, "kernel_size": 3} for rank in (1, 2, 3)},
    **{name: {"height": 2, "width": 2} for name in ("CenterCrop", "RandomCrop", "Resizing")},
    "MaxNumBoundingBoxes": {"max_number": 2},
    **{
        f"Random{name}": {"factor": 0.5}
        for name in ("Brightness", "ColorDegeneration", "Contrast", "Hue", "Rotation", "Saturation", "Sharpness")
    },
    "RandomPosterization": {"factor": 3},
    "RandomTranslation": {"height_factor": 0.5, "width_factor": 0.5},
    "RandomZoom": {"height_factor": 0.5},
    "Convolution2D": {"filters": 2, "kernel_size": 3},
    **{f"ConvLSTM{rank}D": {"filters": 2, "kernel_size": 3} for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": {"kernel_size": 3} for rank in (1, 2)},
    **{f"SeparableConv{rank}D": {"filters": 2, "kernel_size": 3} for rank in (1, 2)},
    "SeparableConvolution2D": {"filters": 2, "kernel_size": 3},
}
CLASSES = [
    made
    for package in (layers, losses, optimizers)
    for name in package.__all__
    if inspect.isclass(made := getattr(package, name))
    and name not in ("MultiOptimizer", "LossScaleOptimizer", "Optimizer", "OptimizerMap")
]


@pytest.mark.parametrize("value", [np.zeros(2), [np.zeros(2)], 10**400, object()], ids=["array", "list", "int", "any"])
@pytest.mark.parametrize("made", CLASSES)
def test_no_argument_raises_an_error_without_a_name(made, value):
    for name, parameter in inspect.signature(made).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        try:
            made(**{**NEEDED.get(made.__name__, {}), name: value})
        except (MinikerasError, LegacyWarning):
            pass
