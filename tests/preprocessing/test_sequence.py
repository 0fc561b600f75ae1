import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, DataError, UnknownNameError
from minikeras.preprocessing.sequence import TimeseriesGenerator, pad_sequences


def test_padding():
    rows = [[1], [2, 3], [4, 5, 6]]
    assert pad_sequences(rows).tolist() == [[0, 0, 1], [0, 2, 3], [4, 5, 6]]
    post = pad_sequences(rows, maxlen=2, padding="post", truncating="post", value=9)
    assert post.tolist() == [[1, 9], [2, 3], [4, 5]]
    assert pad_sequences([], maxlen=2).shape == (0, 2) and pad_sequences([[]]).shape == (1, 0)
    with pytest.raises(UnknownNameError, match="Did you mean 'pre'"):
        pad_sequences(rows, padding="per")
    with pytest.raises(DataError, match=r"sequence 1 have shape \(\), those of the first one \(2,\)"):
        pad_sequences([[[1, 2]], [3]])
    with pytest.raises(DataError, match="Received at 1: 2"):
        pad_sequences([[1], 2])
    with pytest.raises(ArgumentError, match="Use dtype=object"):
        pad_sequences([[1]], value="x")


def test_windows_train():
    series = np.arange(20, dtype="float32")
    windows = TimeseriesGenerator(series, series, length=3, stride=2, batch_size=4, reverse=True)
    x, y = windows[1]
    assert x.tolist() == [[10, 9, 8], [12, 11, 10], [14, 13, 12], [16, 15, 14]] and y.tolist() == [11, 13, 15, 17]
    assert len(windows) == 3 and len(windows[2][0]) == 1
    model = Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    assert len(model.fit(windows, epochs=2, verbose=0).history["loss"]) == 2
    with pytest.raises(DataError, match="a target for each of 20"):
        TimeseriesGenerator(series, series[1:], length=3)
    with pytest.raises(ArgumentError, match="no window of 30 time steps"):
        TimeseriesGenerator(series, series, length=30)
