import numpy as np
import pytest

from minikeras.data import Dataset, TensorSpec
from minikeras.errors import ArgumentError, DataError


@pytest.fixture
def words():
    signature = TensorSpec((None,), "int32")
    return Dataset.from_generator(
        lambda: iter([np.ones(n, "int32") for n in (1, 3, 1, 5, 2)]), output_signature=signature
    )


def shapes(dataset):
    return [batch.shape for batch in dataset]


def test_batches_come_when_they_are_full_and_the_rest_at_the_end(words):
    assert shapes(words.bucket_by_sequence_length(len, [2, 4], [2, 2, 1])) == [(2, 1), (1, 5), (2, 3)]
    assert shapes(words.bucket_by_sequence_length(len, [2, 4], [3, 3, 1], drop_remainder=True)) == [(1, 5)]
    assert words.bucket_by_sequence_length(len, [2], [2, 2]).element_spec == TensorSpec((None, None), "int32")


def test_padding_to_the_boundary(words):
    found = shapes(words.bucket_by_sequence_length(len, [4, 8], [2, 1, 1], pad_to_bucket_boundary=True))
    assert found == [(2, 3), (1, 7), (2, 3)]
    with pytest.raises(DataError, match=r"elements must be shorter than the last boundary, \[4\]"):
        shapes(words.bucket_by_sequence_length(len, [4], [2, 1], pad_to_bucket_boundary=True))


def test_no_padding(words):
    assert shapes(words.bucket_by_sequence_length(len, [2, 3, 4], [2, 1, 1, 1], no_padding=True))[0] == (1, 3)
    with pytest.raises(DataError, match="equal shapes"):
        shapes(words.bucket_by_sequence_length(len, [], [2], no_padding=True))


@pytest.mark.parametrize(("boundaries", "sizes"), [([2], [1]), ([3, 2], [1, 1, 1]), ([2], [1, 0])])
def test_what_does_not_fit(words, boundaries, sizes):
    with pytest.raises(ArgumentError, match="ascending boundaries and one more positive batch size"):
        words.bucket_by_sequence_length(len, boundaries, sizes)
