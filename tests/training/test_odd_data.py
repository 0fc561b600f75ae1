"""Labels, weights and arrays that numpy would silently make something else of: each has an error or a warning."""

import warnings

import numpy as np
import pytest

import minikeras
from minikeras import layers, losses
from minikeras.errors import ArgumentError, DataError, MinikerasError
from minikeras.optimizers import SGD
from minikeras.utils import PyDataset

RNG = np.random.default_rng(0)
X = RNG.random((8, 3), dtype="float32")
NUMBERS = np.arange(8) % 3


def made(loss="sparse_categorical_crossentropy"):
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(3, activation="softmax")])
    model.compile(SGD(0.1), loss)
    return model


class Parts(PyDataset):
    def __init__(self, *parts):
        super().__init__()
        self.parts = parts

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return tuple(None if part is None else part[index * 4 : index * 4 + 4] for part in self.parts)


def ways(x=X, y=NUMBERS, weights=None, *, loss="sparse_categorical_crossentropy", **options):
    """Returns each way to train or evaluate on such data, on a new model."""
    parts = Parts(x, y, weights)
    found = {
        "fit": lambda: made(loss).fit(x, y, sample_weight=weights, verbose=0, **options),
        "split": lambda: made(loss).fit(x, y, sample_weight=weights, verbose=0, validation_split=0.25, **options),
        "a generator": lambda: made(loss).fit((parts[i] for i in range(2)), verbose=0, **options),
        "a dataset": lambda: made(loss).fit(parts, verbose=0, shuffle=False, **options),
    }
    if not options:
        found["evaluate"] = lambda: made(loss).evaluate(x, y, sample_weight=weights, verbose=0)
        found["train_on_batch"] = lambda: made(loss).train_on_batch(x, y, weights)
        found["test_on_batch"] = lambda: made(loss).test_on_batch(x, y, weights)
        found["validation"] = lambda: made(loss).fit(X, NUMBERS, validation_data=(x, y, weights), verbose=0)
        found["a stream of validation"] = lambda: made(loss).fit(X, NUMBERS, validation_data=parts, verbose=0)
    return found


def refused(error, message, *args, **options):
    for name, call in ways(*args, **options).items():
        with pytest.raises(error, match=message) as caught:
            call()
        assert isinstance(caught.value, MinikerasError) and isinstance(caught.value, ValueError), name


@pytest.mark.parametrize("wrong", [0.5, np.nan, 1.0001])
def test_labels_that_are_no_class_numbers(wrong):
    y = NUMBERS.astype("float32")
    y[5] = wrong
    for loss in ("sparse_categorical_crossentropy", losses.CategoricalGeneralizedCrossEntropy()):
        for labels in (y, y[:, None]):
            refused(DataError, "expects integer labels. Rec|labels from nan", X, labels, loss=loss)
    with pytest.raises(DataError, match="Loss 'circle' expects integer labels"):
        made(losses.Circle()).fit(X, y, verbose=0)
    with pytest.raises(ArgumentError, match="`sparse_categorical_crossentropy` expects integer labels"):
        losses.sparse_categorical_crossentropy(y, np.full((8, 3), 1 / 3))
    for call in ways(y=NUMBERS.astype("float32")).values():
        call()  # 2.0 is a class index


def test_labels_with_class_weights():
    y = NUMBERS.astype("float32")
    y[1] = 0.5
    for loss in ("mse", "sparse_categorical_crossentropy"):
        labels = y[:, None] if loss != "mse" else y
        model = made(loss)
        with pytest.raises(
            DataError, match=r"expects integer labels|needs integer or one-hot labels.*Received: the label 0.5"
        ):
            model.fit(X, labels, class_weight={0: 1.0, 1: 2.0}, verbose=0)
    with pytest.raises(DataError, match="`class_weight` needs integer or one-hot labels"):
        made().train_on_batch(X, y, class_weight={0: 1.0})


def test_weights_that_are_no_numbers():
    weights = np.ones(8)
    weights[6] = np.nan
    refused(DataError, r"sample_weight.*must not contain NaN. Received: nan at \d. Give 0", X, NUMBERS, weights)
    refused(DataError, r"sample_weight.*must not contain NaN. Received: nan at \(\d, 0\)", X, NUMBERS, weights[:, None])
    for call in ways(class_weight={0: 1.0, 1: np.nan}).values():
        with pytest.raises(ArgumentError, match="`class_weight` expects .*numbers as values.*Received: 1: nan"):
            call()


def test_negative_weights_are_warned_of():
    weights = np.ones(8)
    weights[6] = -0.5
    for call in ways(weights=weights).values():
        with pytest.warns(UserWarning, match="sample_weight.* has negative weights, down to -0.5") as caught:
            call()
        assert all(entry.filename == __file__ for entry in caught)
    for call in ways(class_weight={0: -1.0, 1: 1.0, 2: 1.0}).values():
        with pytest.warns(UserWarning, match="`class_weight` has negative weights, down to -1.0"):
            call()
    with pytest.warns(UserWarning, match="`class_weight` has negative weights, down to -1.0"):
        made().train_on_batch(X, NUMBERS, class_weight={0: -1.0})


def test_class_weights_of_absent_classes_are_warned_of():
    for labels, loss in ((NUMBERS, "sparse_categorical_crossentropy"), (np.eye(3)[NUMBERS], "mse")):
        for name, call in ways(y=labels, loss=loss, class_weight={0: 2.0, 3: 1.0, 7: 1.0}).items():
            with pytest.warns(UserWarning, match=r"`class_weight` has weights for the classes \[3, 7\], but") as caught:
                call()
            assert len(caught) == 1 and caught[0].filename == __file__, name
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for call in ways(class_weight={2: 2.0}).values():
            call()  # classes that are not named count 1
        made().train_on_batch(X[:1], NUMBERS[:1], class_weight={2: 2.0})  # one batch needs not have all classes


def test_class_weights_that_no_label_can_have():
    for bad in ({-1: 1.0}, {0.5: 1.0}, {"0": 1.0}, {True: 1.0}, {0: None}, {0: "1"}, [1.0], {0: 1j}, 3, "balanced"):
        for call in ways(class_weight=bad).values():
            with pytest.raises(ArgumentError, match="`class_weight`"):
                call()


def test_masked_arrays():
    mask = np.zeros((8, 3), bool)
    whole = np.ma.masked_array(X, mask)
    for call in ways(x=whole).values():
        call()
    mask[5, 1] = mask[2, 0] = True
    masked = np.ma.masked_array(X, mask)
    refused(DataError, r"`.*x.*` is a masked array, and \d of its elements are masked.*Fill them", masked)
    labels = np.ma.masked_array(NUMBERS, NUMBERS == 2)
    refused(DataError, r"`.*y.*` is a masked array, and \d of its elements are masked", X, labels)
    weights = np.ma.masked_array(np.ones(8), mask[:, 1] | mask[:, 0])
    refused(DataError, r"`.*sample_weight.*` is a masked array", X, NUMBERS, weights)
    for call in (lambda: made().predict(masked, verbose=0), lambda: made().predict_on_batch(masked)):
        with pytest.raises(DataError, match="is a masked array"):
            call()
    for call in ways(x=masked.filled(0)).values():
        call()
    with pytest.raises(DataError, match=r"`x\['a'\]` is a masked array"):
        made().predict({"a": masked}, verbose=0)


@pytest.mark.parametrize("kind", ["object", "str", "bytes", "complex64", "M8[s]", "m8[s]", "structured"])
def test_arrays_that_hold_no_numbers(kind):
    dtype = [("a", "f4"), ("b", "i4")] if kind == "structured" else kind
    odd = np.zeros((8, 3), dtype) if kind in ("structured", "complex64") else X.astype("int64").astype(dtype)
    # Inputs may be strings, but not of this model.
    refused(
        DataError, f"must be numeric. Received: an array of {'strings' if kind in ('str', 'bytes') else 'dtype'}", odd
    )
    refused(DataError, "must be numeric. Received: an array of dtype", X, odd[:, 0])
    refused(DataError, "must be numeric. Received: an array of dtype", X, NUMBERS, odd[:, 0])
    for call in (lambda: made().predict(odd, verbose=0), lambda: made().predict_on_batch(odd)):
        with pytest.raises(DataError, match="must be numeric"):
            call()


def test_what_is_no_data():
    for odd in (dict, np.ndarray, int, made, 3, 1.5, True, "text", b"bytes", object()):
        for call in (lambda: made().fit(odd, NUMBERS, verbose=0), lambda: made().predict(odd, verbose=0)):  # noqa: B023
            with pytest.raises(DataError, match="`x` must be a numpy array|must not be given if"):
                call()
