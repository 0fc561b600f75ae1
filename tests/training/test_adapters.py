"""The data given to fit, evaluate and predict, as arrays or as a stream."""

import numpy as np
import pytest

from minikeras.data import Dataset
from minikeras.errors import ArgumentError, DataError
from minikeras.training.adapters import adapted, is_stream, single_batch, training_data
from minikeras.training.data import ArrayData
from minikeras.training.stream import StreamData
from tests.training.streams import Again, Slices, W, X, Y, batches


def training(x=X, y=Y, weights=None, **options):
    defaults = dict.fromkeys(["batch_size", "steps", "class_weight", "validation_data", "validation_batch_size"])
    return training_data((x, y, weights), **{**defaults, "fraction": 0.0, "validation_steps": None, **options})


def test_what_comes_batch_by_batch():
    streams = [batches(), iter([X]), Slices(), Again(), map(len, []), range(3)]
    assert all(map(is_stream, streams))
    arrays = [X, [1.0], (X,), {"a": X}, "text", b"bytes", X.__array__(), 3, None, list]
    assert not any(map(is_stream, arrays))


def test_the_two_forms():
    arrays = adapted((X, Y, W), 8, None)
    assert type(arrays) is ArrayData and arrays.steps == 3
    stream = adapted((batches(), None, None), None, None)
    assert type(stream) is StreamData and stream.steps is None and stream.first().size == 4
    assert adapted((Slices(), None, None), None, None).steps == 5


def test_class_weights_become_sample_weights():
    labels = np.array([0, 1] * 10)
    data = adapted((X, labels, None), None, None, {1: 3.0})
    assert data.structure[2].tolist() == [1.0, 3.0] * 10
    assert single_batch((X, labels, None), {0: 2.0}).structure[2].tolist() == [2.0, 1.0] * 10
    with pytest.warns(UserWarning, match=r"weights for the classes \[4\], but the data has no label"):
        adapted((X, labels, None), None, None, {4: 3.0})
    for call in (lambda: adapted((X, labels, W), None, None, {1: 1.0}), lambda: single_batch((X, labels, W), {1: 1.0})):
        with pytest.raises(ArgumentError, match="`class_weight` and `sample_weight` cannot both be given"):
            call()


def test_a_single_batch_holds_all_examples():
    assert single_batch((X, Y, None)).batch_size == len(X)


def test_validation_data():
    train, validation = training(validation_data=(X[:5], Y[:5]), batch_size=4)
    assert train.size == 20 and validation.size == 5 and validation.batch_size == 4
    assert training(validation_data=(X, Y), batch_size=4, validation_batch_size=10)[1].batch_size == 10
    assert type(training(validation_data=batches(), batch_size=4)[1]) is StreamData
    assert training()[1] is None


def test_a_split_takes_the_last_examples():
    train, validation = training(fraction=0.25, weights=W)
    assert train.size == 15 and validation.structure[2].tolist() == W[15:].tolist()
    with pytest.raises(ArgumentError, match="`validation_split` needs arrays.*Received: a generator"):
        training(batches(), None, fraction=0.25)


def test_streams_hold_their_labels_and_sizes():
    with pytest.raises(DataError, match="`y` must not be given if `x` is a generator"):
        adapted((batches(), Y, None), None, None)
    with pytest.warns(UserWarning, match="`batch_size` has no effect: the batches are those of the Slices"):
        adapted((Slices(), None, None), 3, None)


def test_endless_datasets_need_a_number_of_steps():
    data = Dataset.from_tensor_slices((X, Y)).batch(2)
    assert isinstance(adapted((data.repeat(), None, None), None, 3), StreamData)
    for endless in (data.repeat(), data.repeat().prefetch(1)):
        with pytest.raises(DataError, match=r"`x` is a Dataset without end.*steps_per_epoch"):
            adapted((endless, None, None), None, None)
        with pytest.raises(DataError, match="`validation x` is a Dataset without end"):
            training_data((data, None, None), None, None, None, 0.0, endless, None, None)
