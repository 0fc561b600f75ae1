"""Layers that are called in a model without being a part of it: a warning names them, and nothing else warns."""

import copy
import functools
import pickle
import types
import warnings

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops

NO_WEIGHTS = "The model does not have any trainable weights"
pytestmark = [
    pytest.mark.filterwarnings(f"ignore:{NO_WEIGHTS}:UserWarning"),
    # A layer that is made anew in each call has other weights each time.
    pytest.mark.filterwarnings("ignore:.*values were drawn from:minikeras.errors.ReplayWarning"),
]
X, Y = np.ones((8, 3), "float32"), np.zeros((8, 2), "float32")
Dense = layers.Dense


class Calls(layers.Layer):
    """Calls what a function of the layer returns."""

    def __init__(self, found, held=None, **kwargs):
        super().__init__(**kwargs)
        self.found = found
        self.held = held

    def call(self, inputs):
        return self.found(self)(inputs)


class OwnModel(minikeras.Model):
    """The same as a model."""

    def __init__(self, found, held=None):
        super().__init__()
        self.found = found
        self.held = held

    def call(self, inputs):
        return self.found(self)(inputs)


def functional(layer):
    entry = layers.Input((3,))
    return minikeras.Model(entry, layer(entry))


def fitted(model, **options):
    model.compile("sgd", "mse", **options)
    return model.fit(X, Y, verbose=0)


def built(**options):
    layer = Dense(2, **options)
    layer.build((None, 3))
    return layer


GLOBAL = Dense(2, name="global_dense")


def outside():
    """Returns layers that call others which they do not hold."""
    free = Dense(2, name="free")
    box = types.SimpleNamespace(layer=Dense(2))
    inner = minikeras.Sequential([layers.Input((3,)), Dense(2)])
    return {
        "made in call": Calls(lambda self: Dense(2)),
        "a closure in a Lambda": layers.Lambda(lambda x: free(x)),
        "a global in a Lambda": layers.Lambda(lambda x: GLOBAL(x)),
        "a partial": layers.Lambda(functools.partial(lambda layer, x: layer(x), Dense(2))),
        "a default": layers.Lambda(lambda x, layer=Dense(2): layer(x)),  # noqa: B008
        "a closure": Calls(lambda self: free),
        "a global": Calls(lambda self: GLOBAL),
        "an object": Calls(lambda self: self.held.layer, held=box),
        "a model": layers.Lambda(lambda x: inner(x)),
        "a Lambda in a layer": Calls(lambda self: self.held, held=layers.Lambda(lambda x: free(x))),
        "normalization": layers.Lambda(lambda x: layers.BatchNormalization()(x)[:, :2]),
    }


MESSAGE = "calls .* It is no part of .*its weights are neither trained nor saved"


@pytest.mark.parametrize("case", outside())
def test_fit_and_save_warn(case, tmp_path):
    model = functional(outside()[case])
    with pytest.warns(UserWarning, match=MESSAGE) as caught:
        fitted(model)
    assert len(caught) <= 8 and caught[0].filename == __file__
    with pytest.warns(UserWarning, match=MESSAGE):
        model.save_weights(tmp_path / "a.weights.h5")
    with pytest.warns(UserWarning, match=MESSAGE):
        model.train_on_batch(X, Y)


@pytest.mark.parametrize("eager", [False, True])
def test_models_of_ones_own(eager):
    for found in (lambda self: Dense(2), lambda self: GLOBAL):
        with pytest.warns(UserWarning, match=r"OwnModel model '.*' calls Dense layer '.*It is no part of OwnModel"):
            fitted(OwnModel(found), run_eagerly=eager)
    with pytest.warns(UserWarning, match="which it makes anew in each call"):
        fitted(OwnModel(lambda self: Dense(2)))
    with pytest.warns(UserWarning, match="Lambda layer '.*' calls Dense layer 'inner'. It is no part of Sequential"):
        dense = Dense(2, name="inner")
        fitted(minikeras.Sequential([layers.Input((3,)), layers.Lambda(lambda x: dense(x))]))


class Deep(layers.Layer):
    def __init__(self):
        super().__init__()
        self.block = Calls(lambda self: self.held, held=Dense(2))

    def call(self, inputs):
        return self.block.held(inputs)


def inside():
    """Returns models in which nothing is wrong."""
    dense, frozen, entry = Dense(2), built(trainable=False), layers.Input((3,))
    late = built()
    late.trainable = False
    return {
        "an attribute": functional(Calls(lambda self: self.held, held=Dense(2))),
        "a list": functional(Calls(lambda self: self.held[0], held=[Dense(2)])),
        "a tuple in a dict": functional(Calls(lambda self: self.held["a"][0], held={"a": (Dense(2),)})),
        "a set": functional(Calls(lambda self: next(iter(self.held)), held={Dense(2)})),
        "an argument of a Lambda": functional(layers.Lambda(lambda x, layer: layer(x), arguments={"layer": Dense(2)})),
        "a layer of a layer": functional(Deep()),
        "a layer of the graph in a Lambda": minikeras.Model(
            entry, dense(entry) + layers.Lambda(lambda x: dense(x) * 2.0)(entry)
        ),
        "frozen": functional(layers.Lambda(lambda x: frozen(x))),
        "frozen later": functional(layers.Lambda(lambda x: late(x))),
        "without weights": functional(layers.Lambda(lambda x: layers.ReLU()(layers.Dropout(0.5)(x))[:, :2])),
        "a weight": functional(layers.Lambda(lambda x: ops.matmul(x, np.ones((3, 2), "float32")))),
    }


@pytest.mark.parametrize("case", inside())
def test_what_is_fine(case):
    model = inside()[case]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=NO_WEIGHTS)
        fitted(model)
        fitted(model)


def test_losses_and_steps_may_call_other_models():
    teacher = minikeras.Sequential([layers.Input((2,)), Dense(2)])

    class Distilled(minikeras.Sequential):
        def train_step(self, data):
            teacher(data[1])
            return super().train_step(data)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = minikeras.Sequential([layers.Input((3,)), Dense(2)])
        fitted(model)
        model.compile("sgd", lambda y_true, y_pred: ops.mean((teacher(y_true) - teacher(y_pred)) ** 2, axis=-1))
        model.fit(X, Y, verbose=0)
        fitted(Distilled([layers.Input((3,)), Dense(2)]))


def test_what_becomes_a_part_of_the_model_later():
    dense = Dense(2)
    part = layers.Lambda(lambda x: dense(x))
    entry = layers.Input((3,))
    hidden = part(entry)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted(minikeras.Model(entry, hidden + dense(entry)))


def test_copies():
    model = functional(outside()["a closure in a Lambda"])
    copy.deepcopy(functional(Calls(lambda self: self.held, held=Dense(2))))
    pickle.dumps(minikeras.Sequential([layers.Input((3,)), Dense(2)]))
    assert model.count_params() == 0
