"""The sequences of tokens for calibration."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.quantizers import GPTQConfig
from minikeras.quantizers.calibration_data import calibration_sequences


class Letters:
    """A tokenizer of letters."""

    def tokenize(self, text):
        return [ord(letter) - ord("a") for letter in text]


def sequences(dataset, samples, length):
    config = GPTQConfig(dataset, Letters(), num_samples=samples, sequence_length=length)
    found = calibration_sequences(config)
    assert found.dtype == "int32" and found.shape == (samples, 1, length)
    return found[:, 0].tolist()


def test_texts_are_joined_and_spread():
    assert sequences(["abc", "defgh"], 3, 2) == [[0, 1], [2, 3], [4, 5]]
    assert sequences(["abcdefghij"], 2, 4) == [[0, 1, 2, 3], [3, 4, 5, 6]]  # 7 starts, every third
    assert sequences([np.array([[7, 8]]), [9]], 1, 3) == [[7, 8, 9]]
    assert sequences((text for text in ["ab", "c"]), 1, 3) == [[0, 1, 2]]


def test_short_ones_are_repeated():
    assert sequences(["abc"], 2, 4) == [[0, 1, 2, 0], [0, 1, 2, 0]]  # 9 tokens, 6 starts, every third


def test_refused():
    for dataset, message in ((None, "needs a `dataset`"), ([], "has no tokens"), (["", ""], "has no tokens")):
        with pytest.raises(ArgumentError, match=message):
            calibration_sequences(GPTQConfig(dataset, Letters()))
    with pytest.raises(ArgumentError, match="and a `tokenizer`"):
        calibration_sequences(GPTQConfig(["a"], None))
    for dataset in ("a text", 3):
        with pytest.raises(ArgumentTypeError, match="`dataset` must be an iterable"):
            calibration_sequences(GPTQConfig(dataset, Letters()))
