"""Sequence preprocessing of Keras 2: time series windows and skip-grams."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import ArgumentError, DataError
from ..tracebacks import filtered
from ..utils import PyDataset, pad_sequences

__all__ = ["TimeseriesGenerator", "make_sampling_table", "pad_sequences", "skipgrams"]


class TimeseriesGenerator(PyDataset):
    """Generates batches of windows of a time series, with the targets that follow them.

    Args:
        data: The time series, with time along the first axis.
        targets: A target for each time step.
        length: Length of the windows, in time steps.
        sampling_rate: Period between successive time steps within windows.
        stride: Period between successive windows.
        start_index: First time step to use.
        end_index: Last time step to use.
        shuffle: Whether to draw windows in random order.
        reverse: Whether to reverse time within windows.
        batch_size: Number of windows per batch; the last batch may be smaller.
        **kwargs: `workers`, `use_multiprocessing` and `max_queue_size` of `PyDataset`.

    Raises:
        DataError: If there is not one target for each time step.
        ArgumentError: If there is no window.

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/sequence/TimeseriesGenerator

    Example:
        >>> windows = TimeseriesGenerator(np.arange(5), np.arange(5) * 10, length=3, batch_size=8)
        >>> windows[0]
        (array([[0, 1, 2],
               [1, 2, 3]]), array([30, 40]))
    """

    def __init__(
        self,
        data: Sequence,
        targets: Sequence,
        length: int,
        sampling_rate: int = 1,
        stride: int = 1,
        start_index: int = 0,
        end_index: int | None = None,
        shuffle: bool = False,
        reverse: bool = False,
        batch_size: int = 128,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if len(data) != len(targets):
            raise DataError(
                f"TimeseriesGenerator: expected a target for each of {len(data)} time steps. Received: {len(targets)}"
            )
        self.data, self.targets, self.length = data, targets, length
        self.sampling_rate, self.stride = sampling_rate, stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle, self.reverse, self.batch_size = shuffle, reverse, batch_size
        if self.start_index > self.end_index:
            raise ArgumentError(
                f"TimeseriesGenerator: no window of {length} time steps lies between start_index={start_index} and "
                f"end_index={self.end_index}."
            )

    def __len__(self) -> int:
        return -(-(self.end_index - self.start_index + 1) // (self.batch_size * self.stride))

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        if self.shuffle:
            rows = np.random.randint(self.start_index, self.end_index + 1, size=self.batch_size)
        else:
            span = self.batch_size * self.stride
            first = self.start_index + span * index
            rows = np.arange(first, min(first + span, self.end_index + 1), self.stride)
        windows = np.array([self.data[row - self.length : row : self.sampling_rate] for row in rows])
        targets = np.array([self.targets[row] for row in rows])
        return (windows[:, ::-1] if self.reverse else windows), targets


@filtered
def make_sampling_table(size: int, sampling_factor: float = 1e-5) -> np.ndarray:
    """Returns a word rank-based table of sampling probabilities, which subsamples frequent words.

    Word frequencies are assumed to follow Zipf's law: `f(r) = 1 / (r (log(r) + 0.577) + 1/2 - 1/(12 r))`.

    Args:
        size: Number of ranks.
        sampling_factor: Sampling factor of word2vec.

    Source: Mikolov et al. 2013, https://arxiv.org/abs/1310.4546

    Example:
        >>> make_sampling_table(3).round(5)
        array([0.00315, 0.00315, 0.00548])
    """
    rank = np.maximum(np.arange(size), 1)
    rarity = rank * (np.log(rank) + 0.577) + 0.5 - 1.0 / (12.0 * rank)
    return np.minimum(1.0, np.sqrt(sampling_factor * rarity))


@filtered
def skipgrams(
    sequence: Sequence[int],
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: int | None = None,
) -> tuple[list, list]:
    """Generates skip-gram pairs of words, with labels that tell context words from negative samples.

    Args:
        sequence: Word indices of a text; 0 is reserved for padding.
        vocabulary_size: Maximum word index plus 1.
        window_size: Maximum distance of two words.
        negative_samples: Number of negative samples per positive one.
        shuffle: Whether to shuffle the pairs.
        categorical: Whether to return labels as [1, 0] and [0, 1] instead of 0 and 1.
        sampling_table: Sampling probabilities by word index.
        seed: Seed for Python's `random`.

    Returns:
        The pairs, and their labels.

    Example:
        >>> skipgrams([1, 2, 0], 3, negative_samples=0, shuffle=False)
        ([[1, 2], [2, 1]], [1, 1])
    """
    pairs = []
    for position, word in enumerate(sequence):
        if not word or (sampling_table is not None and sampling_table[word] < random.random()):
            continue
        near = range(max(0, position - window_size), min(len(sequence), position + window_size + 1))
        pairs += [[word, sequence[other]] for other in near if other != position and sequence[other]]
    labels = [1] * len(pairs)
    if negative_samples > 0:
        words = [first for first, _ in pairs]
        random.shuffle(words)
        count = int(len(labels) * negative_samples)
        pairs += [[words[index % len(words)], random.randint(1, vocabulary_size - 1)] for index in range(count)]
        labels += [0] * count
    labels = [[1 - label, label] for label in labels] if categorical else labels
    if shuffle:
        seed = random.randint(0, 10_000_000) if seed is None else seed
        for each in (pairs, labels):
            random.seed(seed)
            random.shuffle(each)
    return pairs, labels
