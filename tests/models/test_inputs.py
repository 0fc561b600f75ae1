"""Inputs in a dict: missing ones, more than there are, odd keys and odd values."""

import warnings

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import DataError, MinikerasError

X, Y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")


def made(*, as_dict=True):
    a, b = layers.Input((2,), name="a"), layers.Input((2,), name="b")
    inputs = {"a": a, "b": b} if as_dict else [a, b]
    model = minikeras.Model(inputs, layers.Dense(1)(layers.Concatenate()([a, b])))
    model.compile("sgd", "mse")
    return model


BAD = {
    "a dict in a dict": ({"a": {"a": X}, "b": X}, "expected one array for input 'a'. Received: a dict of 1"),
    "several arrays": ({"a": X, "b": [X, X]}, "expected one array for input 'b'. Received: a list of 2"),
    "None as a key": ({None: X, "b": X}, "`x` must be a dict with strings as keys. Received: keys \\[None, 'b'\\]"),
    "a number as a key": ({1: X, "b": X}, "`x` must be a dict with strings as keys. Received: keys \\[1, 'b'\\]"),
    "a tuple as a key": ({("a",): X, "b": X}, "`x` must be a dict with strings as keys"),
    "numbers as keys": ({0: X, 1: X}, "there is no data for input 'a'.*Received: keys \\[0, 1\\]"),
    "only None": ({None: X}, "there is no data for input 'a'"),
    "bytes as keys": ({b"a": X, b"b": X}, "there is no data for input 'a'"),
    "a missing one": ({"a": X}, "there is no data for input 'b'. Expected a dict with the keys \\['a', 'b'\\]"),
    "another name": ({"a": X, "c": X}, "there is no data for input 'b'"),
    "nothing": ({}, "There is no data: `x` is {}"),
    "None": ({"a": X, "b": None}, "expected one array for input 'b'. Received: None"),
    "a number": ({"a": 1.0, "b": X}, r"`x\['a'\]` must be a numpy array.*Received: 1.0"),
    "a numpy number": ({"a": np.float32(1), "b": X}, r"`x\['a'\]` must have a batch axis"),
    "text": ({"a": X, "b": "s"}, r"`x\['b'\]` must be a numpy array"),
    "one in a list": ([X], "expected 2 input"),
    "three in a list": ([X, X, X], "expected 2 input"),
    "one array": (X, "expected 2 input"),
    "a class": (dict, "`x` must be a numpy array"),
    "other lengths": ({"a": X, "b": X[:2]}, "same number of examples"),
}


@pytest.mark.parametrize("as_dict", [True, False])
@pytest.mark.parametrize("case", BAD)
def test_data_that_is_refused(case, as_dict):
    x, message = BAD[case]
    model = made(as_dict=as_dict)
    before = [weight.tobytes() for weight in model.get_weights()]
    for call in (
        lambda: model.fit(x, Y, verbose=0),
        lambda: model.evaluate(x, Y, verbose=0),
        lambda: model.predict(x, verbose=0),
        lambda: model.train_on_batch(x, Y),
        lambda: model.predict_on_batch(x),
        lambda: model.test_on_batch(x, Y),
    ):
        with pytest.raises(DataError, match=message):
            call()
    assert [weight.tobytes() for weight in model.get_weights()] == before and not model.optimizer.built


def test_direct_calls():
    model = made()
    for case in BAD:
        if case not in ("other lengths", "a class", "nothing", "a number", "a numpy number", "text"):
            with pytest.raises(MinikerasError):
                model(BAD[case][0])


def test_more_than_there_is():
    data = {"a": X, "b": X, "c": X}
    model = made()
    for call in (lambda: model.predict(data, verbose=0), lambda: model.fit(data, Y, verbose=0)):
        with pytest.warns(UserWarning, match=r"\['c'\] in the dict of inputs is not used. Expected: the keys"):
            call()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made(as_dict=False).predict(data, verbose=0)  # as in Keras
        model(data)


def test_lists_of_one():
    model = made()
    expected = model.predict({"a": X, "b": X}, verbose=0)
    np.testing.assert_array_equal(model.predict({"a": [X], "b": (X,)}, verbose=0), expected)
    assert np.isfinite(model.fit({"a": [X], "b": X}, Y, verbose=0).history["loss"]).all()


@minikeras.saving.register_keras_serializable(package="optional")
class MaybeSum(layers.Layer):
    def call(self, x, y=None):
        return x if y is None else x + y

    def compute_output_shape(self, x_shape):
        return x_shape


def optional(*, as_dict):
    a, b = layers.Input((2,), name="a"), layers.Input((2,), name="b", optional=True)
    model = minikeras.Model({"a": a, "b": b} if as_dict else [a, b], MaybeSum()(a, b))
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("as_dict", [False, True])
def test_optional_inputs(as_dict, tmp_path):
    model = optional(as_dict=as_dict)
    nested = lambda a, b: {"a": a, "b": b} if as_dict else [a, b]  # noqa: E731
    model.save(tmp_path / "a.keras")
    for own in (model, minikeras.saving.load_model(tmp_path / "a.keras")):
        assert own.get_layer("b").optional and not own.get_layer("a").optional
        for b, expected in ((None, X), (X, 2 * X), (None, X)):
            assert (own(nested(X, b)) == expected).all()
            assert (own.predict(nested(X, b), verbose=0) == expected).all()
            assert own.evaluate(nested(X, b), expected, verbose=0) == 0
        with pytest.raises(DataError, match="input 'a'"):
            own(nested(None, X))
        with pytest.raises(DataError, match="expected 2 input|no data for input"):
            own({"a": X} if as_dict else [X])
