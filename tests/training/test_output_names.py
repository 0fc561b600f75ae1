"""Names in dicts of labels, weights, losses and metrics that are those of no output are refused, never ignored."""

import warnings

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, DataError, MinikerasError
from minikeras.optimizers import SGD
from minikeras.utils import PyDataset

X, Y, W = np.ones((8, 3), "float32"), np.zeros((8, 1), "float32"), np.ones(8)
KINDS = ["sequential", "deferred", "functional", "dict"]


def made(kind="functional", **options):
    """Returns a model with one output of the name "price"."""
    price = layers.Dense(1, name="price" if kind != "dict" else "other", kernel_initializer="ones")
    if kind in ("sequential", "deferred"):
        model = minikeras.Sequential([*([layers.Input((3,))] if kind == "sequential" else []), price])
    else:
        entry = layers.Input((3,))
        model = minikeras.Model(entry, price(entry) if kind == "functional" else {"price": price(entry)})
    model.compile(SGD(0.0), **{"loss": "mse", **options})
    return model


def two(**options):
    entry = layers.Input((3,))
    first, second = (layers.Dense(1, name=name, kernel_initializer="ones")(entry) for name in ("a", "b"))
    model = minikeras.Model(entry, [first, second])
    model.compile(SGD(0.0), **{"loss": "mse", **options})
    return model


class One(PyDataset):
    def __init__(self, *batch):
        super().__init__()
        self.batch = batch

    def __len__(self):
        return 1

    def __getitem__(self, index):
        return self.batch


def calls(model, y, weights):
    """Returns each way to give labels and weights."""
    return {
        "fit": lambda: model.fit(X, y, sample_weight=weights, verbose=0),
        "evaluate": lambda: model.evaluate(X, y, sample_weight=weights, verbose=0),
        "train_on_batch": lambda: model.train_on_batch(X, y, weights),
        "test_on_batch": lambda: model.test_on_batch(X, y, weights),
        "a generator": lambda: model.fit((batch for batch in [(X, y, weights)]), verbose=0),
        "a dataset": lambda: model.evaluate(One(X, y, weights), verbose=0),
        "validation": lambda: model.fit(X, Y, validation_data=(X, y, weights), verbose=0),
        "a split": lambda: model.fit(X, y, sample_weight=weights, validation_split=0.25, verbose=0),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_labels_and_weights_of_one_output(kind):
    wrong = [({"prcie": Y}, None, "`y` has an entry 'prcie'"), ({"price": Y}, {"w": W}, "`sample_weight` has an entry")]
    for y, weights, message in [*wrong, ({"price": Y, "more": Y}, None, "`y` has an entry 'more'")]:
        for name in calls(None, y, weights):
            with pytest.raises(DataError, match=f"{message}.*The names of its outputs: \\['price'\\]"):
                calls(made(kind), y, weights)[name]()
    for call in calls(made(kind), {"price": Y}, {"price": W}).values():
        call()
    assert made(kind).evaluate(X, {"price": Y}, verbose=0) == 9.0  # (1 + 1 + 1 - 0) squared


@pytest.mark.parametrize("kind", KINDS)
def test_losses_metrics_and_their_weights_of_one_output(kind):
    wrong = {
        "loss": {"prcie": "mse"},
        "metrics": {"prcie": ["mae"]},
        "weighted_metrics": {"prcie": "mae"},
        "loss_weights": {"prcie": 2.0},
    }
    for argument, value in wrong.items():
        with pytest.raises(ArgumentError, match=f"`{argument}`.*prcie.*|`{argument}`.*price"):
            made(kind, **{argument: value}).fit(X, Y, verbose=0)
    right = {"metrics": {"price": ["mae"]}, "weighted_metrics": {"price": "mse"}, "loss_weights": {"price": 2.0}}
    model = made(kind, loss={"price": "mse"}, **right)
    assert model.evaluate(X, Y, sample_weight=W, verbose=0, return_dict=True) == {"loss": 18.0, "mae": 3.0, "mse": 9.0}
    assert made(kind, loss_weights={"price": 2.0}).evaluate(X, Y, verbose=0) == 18.0


def test_several_outputs():
    right = {"a": Y, "b": Y}
    for y, weights, unknown in (
        ({**right, "c": Y}, None, "c"),
        ({"a": Y, "c": Y}, None, "c"),
        (right, {"a": W, "c": W}, "c"),
        (right, {"c": W}, "c"),
    ):
        for name, call in calls(two(), y, weights).items():
            if name != "validation":  # whose own labels are those of one output
                with pytest.raises(DataError, match=rf"has an entry '{unknown}'.*\['a', 'b'\]"):
                    call()
    for options in ({"metrics": {"c": ["mae"]}}, {"loss_weights": {"c": 1.0}}, {"loss_weights": {"a": 1.0, "c": 2.0}}):
        with pytest.raises(ArgumentError, match=r"has an entry 'c'.*\['a', 'b'\]"):
            two(**options)
    with pytest.raises(ArgumentError, match=r"must have the names of the outputs as keys, \['a', 'b'\]"):
        two(loss={"a": "mse", "c": "mse"})


def test_one_loss_is_weighted_by_the_names_of_the_outputs():
    for weights, expected in (({"a": 2.0, "b": 3.0}, 45.0), ({"b": 3.0}, 36.0), ({"a": 0.5}, 13.5)):
        assert two(loss_weights=weights).evaluate(X, [Y, Y], verbose=0)[0] == expected
    entry = layers.Input((3,))
    outputs = {key: layers.Dense(1, kernel_initializer="ones")(entry) for key in ("p", "q")}
    model = minikeras.Model(entry, outputs)
    model.compile(SGD(0.0), "mse", loss_weights={"q": 3.0})
    assert model.evaluate(X, {"p": Y, "q": Y}, verbose=0)[0] == 36.0


def test_keys_that_are_no_names():
    for bad in ({None: Y, "b": Y}, {1: Y, "a": Y}, {("a",): Y, "a": Y}):
        for x, y in ((bad, Y), (X, bad)):
            with pytest.raises(DataError, match="keys"):
                two().fit(x, y, verbose=0)
    for argument, value in (("loss", "mse"), ("metrics", ["mae"]), ("loss_weights", 1.0)):
        with pytest.raises(MinikerasError, match="must be strings"):
            two(**{argument: {None: value, "b": value}})


def test_a_model_whose_output_has_no_name():
    class Own(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    model.compile("sgd", "mse")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X, {"any": Y}, verbose=0)
    with pytest.raises(DataError, match="different structures"):
        model.fit(X, {"any": Y, "more": Y}, verbose=0)
