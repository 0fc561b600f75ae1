"""Distillation: the same logs and weights as Keras, the same configs, files that both read."""

import warnings

import keras
import numpy as np
import pytest

import minikeras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(20, 4)).astype("float32")
Y = RNG.integers(0, 3, 20)


def fixed(model):
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(size=w.shape) * 0.5 for w in model.get_weights()])
    return model


def dense(k, prefix, activation):
    first, second = k.layers.Dense(8, activation, name=f"{prefix}1"), k.layers.Dense(3, name=f"{prefix}2")
    return fixed(k.Sequential([k.Input((4,)), first, second], name=prefix))


LOSSES = {
    "default": lambda k: k.distillation.LogitsDistillation(),
    "divergence": lambda k: k.distillation.LogitsDistillation(2.0, k.losses.KLDivergence()),
    "crossentropy": lambda k: k.distillation.LogitsDistillation(
        4.0, k.losses.CategoricalCrossentropy(from_logits=True)
    ),
    "outputs": lambda k: k.distillation.FeatureDistillation(),
    "features": lambda k: k.distillation.FeatureDistillation("mae", "t1", "s1"),
    "several": lambda k: [
        k.distillation.LogitsDistillation(2.0, "mse"),
        k.distillation.FeatureDistillation("cosine_similarity", "t1", "s1"),
        k.distillation.FeatureDistillation(k.losses.Huber(), "t2", "s2"),
    ],
}


def distiller(k, loss, weight=0.3):
    found = k.distillation.Distiller(
        dense(k, "t", "relu"), dense(k, "s", None), LOSSES[loss](k), student_loss_weight=weight
    )
    found.compile(k.optimizers.SGD(0.1), k.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return found


def trained(k, loss, weight=0.3):
    found = distiller(k, loss, weight)
    history = found.fit(X, Y, epochs=3, batch_size=8, shuffle=False, verbose=0, validation_data=(X, Y)).history
    return found, history


@pytest.mark.filterwarnings("ignore:Gradients do not exist", "ignore:.* there are no gradients")  # if one layer counts
@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("loss", LOSSES)
def test_logs_and_weights(loss, weight):
    (theirs, their_history), (ours, our_history) = (trained(k, loss, weight) for k in (keras, minikeras))
    assert list(our_history) == list(their_history)
    for name, values in their_history.items():
        np.testing.assert_allclose(our_history[name], values, rtol=1e-4, atol=1e-6, err_msg=name)  # float32 steps
    for own, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-4, atol=1e-6)
    assert [w.path for w in ours.weights] == [w.path for w in theirs.weights]
    assert [each.name for each in ours.metrics][2:] == [each.name for each in theirs.metrics][2:]
    np.testing.assert_allclose(ours.predict(X, verbose=0), theirs.predict(X, verbose=0), rtol=1e-4, atol=1e-5)


def without_shared_ids(value):
    if isinstance(value, dict):
        return {key: without_shared_ids(each) for key, each in value.items() if key != "shared_object_id"}
    return [without_shared_ids(each) for each in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("loss", LOSSES)
def test_configs(loss):
    theirs, ours = (distiller(k, loss).get_config() for k in (keras, minikeras))
    assert list(ours) == list(theirs)
    for name in set(theirs) - {"teacher", "student"}:
        assert without_shared_ids(ours[name]) == without_shared_ids(theirs[name]), name


@pytest.mark.parametrize("loss", ["default", "several"])
def test_files_that_both_read(loss, tmp_path):
    for writer, reader in ((keras, minikeras), (minikeras, keras)):
        found, _ = trained(writer, loss)
        path = str(tmp_path / f"{writer.__name__}.keras")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras does not compile what it loads, and says so
            found.save(path)
            copy = reader.models.load_model(path)
        assert type(copy).__name__ == "Distiller" and copy.student_loss_weight == 0.3
        np.testing.assert_allclose(copy.predict(X, verbose=0), found.predict(X, verbose=0), rtol=1e-4, atol=1e-5)
        for own, other in zip(copy.get_weights(), found.get_weights(), strict=True):
            np.testing.assert_array_equal(own, other)


REFUSED = [
    lambda k: k.distillation.LogitsDistillation(0),
    lambda k: k.distillation.LogitsDistillation("3"),
    lambda k: k.distillation.LogitsDistillation(loss=[None]),
    lambda k: k.distillation.LogitsDistillation(loss="nse"),
    lambda k: k.distillation.FeatureDistillation(None),
    lambda k: k.distillation.Distiller(dense(k, "t", None), dense(k, "s", None), None),
    lambda k: k.distillation.Distiller(3, dense(k, "s", None), LOSSES["default"](k)),
    lambda k: k.distillation.Distiller(dense(k, "t", None), dense(k, "s", None), [LOSSES["default"](k)], [1.0, 2.0]),
    lambda k: k.distillation.Distiller(
        dense(k, "t", None), dense(k, "s", None), LOSSES["default"](k), student_loss_weight=1.5
    ),
    lambda k: k.distillation.Distiller(dense(k, "s", None), dense(k, "t", None), LOSSES["features"](k)),
    lambda k: distiller(k, "default").compile("sgd"),
    lambda k: distiller(k, "default").compile("sgd", "mse", metrics="mae"),
    lambda k: k.distillation.DistillationLoss().compute_loss(X, X),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_keras_refuses(number):
    with pytest.raises(Exception) as theirs:
        REFUSED[number](keras)
    with pytest.raises(minikeras.errors.MinikerasError) as ours:
        REFUSED[number](minikeras)
    assert isinstance(ours.value, type(theirs.value))
