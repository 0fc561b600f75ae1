"""Frames of pandas as data."""

import numpy as np
import pandas as pd
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import DataError
from minikeras.training.arrays import as_arrays

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame({"a": RNG.random(20), "b": RNG.integers(0, 5, 20), "c": RNG.random(20) > 0.5})
TABLE = np.stack([FRAME["a"], FRAME["b"], FRAME["c"]], axis=1).astype("float32")
TARGET = pd.Series(RNG.random(20), index=range(100, 120))


def test_frames_become_arrays():
    np.testing.assert_array_equal(as_arrays(FRAME, "x"), TABLE)
    np.testing.assert_array_equal(as_arrays(TARGET, "y"), TARGET.to_numpy()[:, None])  # a column, as in Keras
    found = as_arrays({"a": FRAME["a"], "rest": [FRAME[["b", "c"]], TABLE]}, "x")
    assert found["a"].shape == (20, 1) and found["rest"][0].shape == (20, 2)
    gaps = pd.DataFrame({"a": pd.array([1, None, 3], "Int64"), "b": [0.5, 1.5, 2.5]})
    np.testing.assert_array_equal(as_arrays(gaps, "x"), np.float32([[1, 0.5], [np.nan, 1.5], [3, 2.5]]))
    assert as_arrays(FRAME["b"], "y").dtype.kind == "i"
    for bad in (FRAME.assign(d="text"), pd.Series(["a", "b"]), FRAME.assign(d=pd.Timestamp(0))):
        with pytest.raises(DataError, match="`x` must be numeric. Received: an array of dtype object"):
            as_arrays(bad, "x")
    with pytest.raises(DataError, match="`x` is empty"):
        as_arrays(FRAME[:0], "x")


def test_training():
    def trained(x, y, weights):
        model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
        model.compile("sgd", "mse", metrics=["mae"])
        options = {"batch_size": 8, "validation_split": 0.25, "shuffle": False, "verbose": 0, "sample_weight": weights}
        history = model.fit(x, y, **options).history
        return history, model.evaluate(x, y, verbose=0), model.predict(x, verbose=0).tobytes()

    expected = trained(TABLE, TARGET.to_numpy(dtype="float32")[:, None], FRAME["a"].to_numpy()[:, None])
    assert trained(FRAME, TARGET, FRAME["a"]) == expected

    def chunks():
        for start in range(0, 20, 8):
            yield FRAME[start : start + 8], TARGET[start : start + 8]

    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(chunks(), verbose=0).history["loss"]).all()
