"""The sequences of tokens with which GPTQ and AWQ look at the inputs of layers, and these inputs."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from .calibrated_configs import CalibratedConfig


def calibration_sequences(config: CalibratedConfig) -> np.ndarray:
    """Returns sequences of tokens, spread evenly over the tokens of a dataset, shape (samples, 1, length), int32.

    As in Keras, all texts are joined, and too short ones are repeated. Keras starts at an offset that differs from one
    process to the next; here the first sequence starts at the first token.

    Args:
        config: Has the dataset, the tokenizer, the number of sequences and their length.

    Raises:
        ArgumentError: If the dataset is empty, or there is none, or no tokenizer for its texts.
        ArgumentTypeError: If it is one text, or no iterable.
    """
    where = type(config).__name__
    if config.dataset is None or config.tokenizer is None:
        raise ArgumentError(f"{where}: quantization needs a `dataset` and a `tokenizer` for its calibration.")
    if not isinstance(config.dataset, Iterable) or isinstance(config.dataset, (str, bytes)):
        raise ArgumentTypeError(
            f"{where}: `dataset` must be an iterable, such as a list of texts or of arrays of token ids. "
            f"Received: dataset={brief(config.dataset)}"
        )
    pieces = [_tokens(config.tokenizer, part) for part in config.dataset]
    tokens = np.concatenate(pieces) if pieces else np.zeros(0, "int32")
    if not tokens.size:
        raise ArgumentError(f"{where}: `dataset` has no tokens, so nothing can be calibrated.")
    length = config.sequence_length
    needed = config.num_samples * length
    if tokens.size < needed:
        tokens = np.tile(tokens, -(-needed // tokens.size))
    starts = tokens.size - length + 1
    stride = max(1, starts // config.num_samples)
    chosen = np.arange(config.num_samples) * stride % starts
    return np.lib.stride_tricks.sliding_window_view(tokens, length)[chosen][:, None]


def input_rows(where: str, inputs: np.ndarray, features: int) -> np.ndarray:
    """Returns the inputs of a layer as a matrix, float32, shape (rows, features).

    Args:
        where: What looks at them, named in the error.
        inputs: Their values, shape (..., features).
        features: The size of an input.

    Raises:
        ShapeError: If they are of another size.
    """
    if not inputs.ndim or inputs.shape[-1] != features:
        raise ShapeError(
            f"{where}: expected inputs with {features} features. Received: an array of shape {inputs.shape}"
        )
    return np.asarray(inputs, "float32").reshape(-1, features)


def _tokens(tokenizer: Any, part: Any) -> np.ndarray:
    ids = tokenizer.tokenize(part) if isinstance(part, str) else part
    return np.asarray(ids).reshape(-1).astype("int32")
