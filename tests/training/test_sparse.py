"""Sparse matrices of scipy as data: the numbers of dense arrays, in batches that are made dense one by one."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
import scipy.sparse

import minikeras
from minikeras import layers
from minikeras.errors import DataError
from minikeras.optimizers import SGD
from minikeras.training.sparse import SparseRows, is_sparse

RNG = np.random.default_rng(0)
X = np.where(RNG.random((20, 6)) < 0.3, RNG.random((20, 6)), 0).astype("float32")
Y = X.sum(axis=1, keepdims=True)
W = RNG.random(20).astype("float32")
FORMATS = ["csr", "csc", "coo", "lil", "dok", "bsr", "dia"]


def made(loss="mse"):
    model = minikeras.Sequential([layers.Input((6,)), layers.Dense(4, activation="tanh"), layers.Dense(1)])
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(size=weight.shape) for weight in model.get_weights()])
    model.compile(SGD(0.1), loss, metrics=["mae"])
    return model


def trained(x, y=Y, **options):
    minikeras.utils.set_random_seed(3)
    model = made()
    history = model.fit(x, y, **{"epochs": 2, "batch_size": 4, "verbose": 0, **options}).history
    return history, [weight.tobytes() for weight in model.get_weights()]


@pytest.mark.parametrize("kind", ["matrix", "array"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format(form, kind):
    x = getattr(scipy.sparse, f"{form}_{kind}")(X)
    assert trained(x) == trained(X)
    assert trained(x, shuffle=False) == trained(X, shuffle=False)
    model = made()
    for method, rest in (("evaluate", (Y,)), ("predict", ())):
        found, expected = (getattr(model, method)(data, *rest, batch_size=7, verbose=0) for data in (x, X))
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(model.predict_on_batch(x), model.predict_on_batch(X))
    assert model.test_on_batch(x, Y, W) == model.test_on_batch(X, Y, W)
    assert made().train_on_batch(x, Y) == made().train_on_batch(X, Y)


def test_everything_that_goes_with_data():
    x = scipy.sparse.csr_matrix(X)
    for options in (
        {"shuffle": "batch"},
        {"validation_split": 0.25},
        {"sample_weight": W},
        {"steps_per_epoch": 2},
        {"batch_size": 100},
        {"validation_batch_size": 3, "validation_split": 0.5},
    ):
        assert trained(x, **options) == trained(X, **options)
    assert trained(x, validation_data=(x, Y)) == trained(X, validation_data=(X, Y))
    assert trained(x, scipy.sparse.csr_matrix(Y)) == trained(X)  # labels
    classes = (np.arange(20) % 3)[:, None]
    weights = {0: 2.0, 1: 0.5, 2: 0.0}
    assert trained(x, classes, class_weight=weights) == trained(X, classes, class_weight=weights)
    assert trained(x, scipy.sparse.csr_matrix(classes), class_weight=weights) == trained(
        X, classes, class_weight=weights
    )


def test_streams_of_sparse_batches():
    def batches(x):
        for start in range(0, 20, 4):
            yield x[start : start + 4], Y[start : start + 4]

    assert trained(batches(scipy.sparse.csr_matrix(X)), None, epochs=1, batch_size=None) == trained(
        batches(X), None, epochs=1, batch_size=None
    )


@pytest.mark.parametrize("dtype", ["float64", "int32", "uint8", "bool"])
def test_dtypes(dtype):
    x = (X * 3).astype(dtype)
    assert trained(scipy.sparse.csr_matrix(x)) == trained(x)


def test_several_inputs():
    inputs = {name: layers.Input((6,), name=name) for name in ("a", "b")}
    model = minikeras.Model(inputs, layers.Dense(1)(layers.Concatenate()(list(inputs.values()))))
    model.compile(SGD(0.0), "mse")
    x = scipy.sparse.csc_matrix(X)
    expected = model.evaluate({"a": X, "b": 2 * X}, Y, verbose=0)
    assert model.evaluate({"a": x, "b": 2 * x}, Y, verbose=0) == expected
    assert model.evaluate({"a": x, "b": 2 * X}, Y, verbose=0) == expected
    with pytest.warns(UserWarning, match="nested differently"):
        model.evaluate([x, 2 * x], Y, verbose=0)


def test_what_cannot_be_used():
    for bad, message in (
        (scipy.sparse.csr_matrix(X.astype("complex64")), "must be numeric. Received: an array of dtype complex64"),
        (scipy.sparse.csr_matrix((0, 6), dtype="float32"), r"is empty.*Received: shape \(0, 6\)"),
        (scipy.sparse.csr_matrix(X[:7]), "same number of examples. Received: x: 7, y: 20"),
        (scipy.sparse.csr_matrix(X[:, :5]), "expected inputs of shape"),
    ):
        with pytest.raises(ValueError, match=message):
            made().fit(bad, Y, verbose=0)
    with pytest.raises(DataError, match="`sample_weight` must not contain NaN. Received: nan"):
        made().fit(X, Y, sample_weight=scipy.sparse.csr_matrix(np.full((20, 1), np.nan)), verbose=0)


def test_only_batches_are_made_dense():
    x = scipy.sparse.random(20_000, 1_000, 0.001, "csr", "float32", random_state=0)  # 80 MB if it was dense
    model = minikeras.Sequential([layers.Input((1_000,)), layers.Dense(1)])
    model.compile(SGD(0.0), "mse")
    model.fit(x[:100], np.zeros(100), verbose=0)
    tracemalloc.start()
    model.fit(x, np.zeros(20_000), verbose=0)
    model.predict(x, verbose=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_large_one_is_warned_of():
    x = scipy.sparse.csr_matrix((2, 200_000_000), dtype="float32")
    with pytest.warns(
        UserWarning, match=r"`x` is a sparse matrix of shape \(2, 200000000\).*in all 1.6 GB in each epoch"
    ):
        with pytest.raises(DataError, match="same number of examples"):
            made().fit(x, Y, verbose=0)


def test_other_numbers_of_axes():
    labels = scipy.sparse.coo_array(Y[:, 0])
    assert trained(X, labels) == trained(X, Y[:, 0])


def test_rows():
    rows = SparseRows(scipy.sparse.coo_matrix(X))
    assert (len(rows), rows.size, rows.ndim, rows.shape, rows.dtype) == (20, 120, 2, (20, 6), "float32")
    np.testing.assert_array_equal(rows[np.array([3, 1])], X[[3, 1]])
    assert (
        rows[:2].astype("float64").dtype == "float64" and is_sparse(scipy.sparse.csr_array(X)) and not is_sparse(rows)
    )


def test_scipy_is_not_imported():
    code = (
        "import sys, numpy as np, minikeras as mk; m = mk.Sequential([mk.layers.Input((2,)), mk.layers.Dense(1)]); "
        "m.compile('sgd', 'mse'); m.fit(np.ones((4, 2)), np.ones(4), verbose=0); assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
