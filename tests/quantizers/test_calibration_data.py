"""The sequences of tokens for calibration."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.quantizers import GPTQConfig
from minikeras.quantizers.awq import Magnitudes
from minikeras.quantizers.calibration_data import calibration_sequences, input_rows
from minikeras.quantizers.gptq import Hessian


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


def test_rows_of_inputs():
    rows = input_rows("GPTQ", np.arange(12).reshape(2, 3, 2), 2)
    assert rows.shape == (6, 2) and rows.dtype == "float32" and rows[3].tolist() == [6, 7]
    assert input_rows("GPTQ", np.ones(4), 4).shape == (1, 4)
    for shape in ((2, 4), ()):
        with pytest.raises(ShapeError, match="AWQ: expected inputs with 3 features. Received: an array of shape"):
            input_rows("AWQ", np.ones(shape), 3)


@pytest.mark.parametrize("statistics", [Hessian, Magnitudes])
def test_no_inputs_change_nothing(statistics):
    """They were a division by zero, or a maximum of nothing."""
    found = statistics(2)
    found.add(np.ones((0, 2)))
    found.add(np.array([[1.0, -2.0]]))
    found.add(np.ones((3, 0, 2)))
    expected = statistics(2)
    expected.add(np.array([[1.0, -2.0]]))
    np.testing.assert_equal(vars(found), vars(expected))
