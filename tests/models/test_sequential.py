"""Sequential: adding and removing layers, building, weights, configs."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.engine.naming import reset_names
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    LegacyWarning,
    ShapeError,
    StateError,
)


@pytest.fixture(autouse=True)
def _fresh_names():
    reset_names()


def test_the_lecture():
    model = minikeras.Sequential()
    with pytest.warns(LegacyWarning, match=r"Dense\(input_dim=784\).*Input\(\(784,\)\)"):
        model.add(layers.Dense(30, input_dim=784))
    model.add(layers.Activation("relu"))
    model.add(layers.Dense(30))
    model.add(layers.Activation("relu"))
    model.add(layers.Dense(10))
    model.add(layers.Activation("softmax"))
    assert [layer.count_params() for layer in model.layers] == [23_550, 0, 930, 0, 310, 0]
    assert model.count_params() == 24_790
    assert [w.path for w in model.weights][:2] == ["sequential/dense/kernel", "sequential/dense/bias"]
    assert model.input_shape == (None, 784) and model.output_shape == (None, 10)
    with pytest.warns(LegacyWarning, match="learning_rate=0.001"):
        minikeras.optimizers.SGD(lr=0.001)


def test_forward_pass_by_hand():
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(2, activation="relu"), layers.Dense(1)])
    model.set_weights([np.array([[1, -1], [2, 1]]), np.array([0, 1]), np.array([[2], [3]]), np.array([10])])
    # hidden: relu([1*1 + 2*1 + 0, -1*1 + 1*1 + 1]) = [3, 1]; output: 2*3 + 3*1 + 10
    assert model.predict([[1.0, 1.0]], verbose=0).tolist() == [[19.0]]
    assert model(np.float32([[1, 1]])).tolist() == [[19.0]]


def test_deferred():
    model = minikeras.Sequential([layers.Dense(3)])
    assert model.weights == [] and not model.built
    with pytest.raises(AttributeError, match="no defined inputs yet"):
        _ = model.inputs
    with pytest.raises(StateError, match="not built"):
        model.count_params()
    model(np.ones((5, 4)))
    assert model.output_shape == (5, 3) and model.count_params() == 15
    other = minikeras.Sequential([layers.Dense(3)])
    other.build((None, 4))
    assert other.output_shape == (None, 3)


def test_add_and_pop():
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)])
    removed = model.pop()
    assert removed.name == "dense_1" and model.output_shape == (None, 3)
    model.add(layers.Dense(5))
    assert model.output_shape == (None, 5)
    with pytest.raises(ArgumentError, match="names must differ"):
        model.add(layers.Dense(2, name="dense"))
    with pytest.raises(ArgumentError, match="only layers can be added"):
        model.add(3)
    with pytest.raises(ArgumentError, match="an Input can only come first"):
        model.add(layers.Input((3,)))
    assert len(model.layers) == 2
    with pytest.raises(StateError, match="no layers to remove"):
        minikeras.Sequential().pop()


def test_get_layer():
    model = minikeras.Sequential([layers.Dense(3, name="a"), layers.Dense(2, name="b")])
    assert model.get_layer("b") is model.get_layer(index=1) is model.layers[1]
    for arguments in ({"name": "c"}, {"index": 5}, {}, {"name": "a", "index": 0}):
        with pytest.raises(ArgumentError, match="get_layer|No such layer"):
            model.get_layer(**arguments)


def test_config_round_trip():
    model = minikeras.Sequential(
        [
            layers.Input((2, 3)),
            layers.Flatten(),
            layers.Dense(4, activation="relu", use_bias=False, kernel_initializer="he_normal"),
            layers.Dropout(0.3, seed=1),
            layers.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.5),
            layers.Activation("tanh"),
            layers.Softmax(),
        ],
        name="m",
    )
    again = minikeras.Sequential.from_config(model.get_config())
    assert again.get_config() == model.get_config()
    again.set_weights(model.get_weights())
    x = np.random.default_rng(0).random((5, 2, 3), dtype="float32")
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_dropout_only_while_training():
    layer = layers.Dropout(0.5, seed=0)
    x = np.ones((100, 100), "float32")
    np.testing.assert_array_equal(layer(x), x)
    dropped = layer(x, training=True)
    assert set(np.unique(dropped).tolist()) == {0.0, 2.0}
    assert abs(dropped.mean() - 1) < 0.05  # 10,000 draws: five standard deviations


def test_lora():
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(3, lora_rank=2)])
    assert [w.shape for w in model.trainable_weights] == [(3,), (4, 2), (2, 3)]
    kernel = model.layers[0]._kernel.numpy()
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 4)), np.ones((8, 3)), verbose=0, epochs=3)
    np.testing.assert_array_equal(model.layers[0]._kernel.numpy(), kernel)
    assert np.abs(model.layers[0].lora_kernel_b.numpy()).max() > 0


def test_history_and_returns():
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x, y = np.ones((10, 4)), np.ones((10, 1))
    history = model.fit(x, y, epochs=3, validation_split=0.2, verbose=0)
    assert list(history.history) == ["loss", "mae", "val_loss", "val_mae"] and history.epoch == [0, 1, 2]
    assert all(isinstance(v, float) for values in history.history.values() for v in values)
    values = model.evaluate(x, y, verbose=0)
    assert isinstance(values, list) and model.evaluate(x, y, verbose=0, return_dict=True) == dict(
        zip(["loss", "mae"], values, strict=True)
    )
    assert isinstance(model.train_on_batch(x, y), list)


def test_an_input_of_a_given_shape_and_type():
    model = minikeras.Sequential([layers.Input((3,), dtype="int32"), layers.Dense(2)])
    assert model.input_dtype == "int32" and model.input_shape == (None, 3)
    assert [tensor.shape for tensor in (*model.inputs, *model.outputs)] == [(None, 3), (None, 2)]
    assert model.predict(np.ones((4, 3)), verbose=0).dtype == np.float32
    assert [layer.name for layer in model.layers] == ["dense"]
    double = minikeras.Sequential([layers.Input((3,)), layers.Dense(2, dtype="float64")])
    assert double.predict(np.ones((4, 3), "float32"), verbose=0).dtype == np.float64


def test_layers_that_cannot_follow_leave_the_model_as_it_was():
    model = minikeras.Sequential([layers.Input((3,)), layers.Flatten()])
    picky = layers.Dense(2)
    picky.build((None, 7))
    with pytest.raises(ShapeError, match=r"expected last input dimension 7, received input of shape \(None, 3\)"):
        model.add(picky)
    assert [layer.name for layer in model.layers] == ["flatten"] and model.output_shape == (None, 3)
    model.add(layers.Dense(4))
    assert model.predict(np.ones((2, 3)), verbose=0).shape == (2, 4)


def test_a_declared_input_goes_with_its_layer():
    class Broken(layers.Layer):
        def build(self, input_shape):
            raise RuntimeError("cannot be built")

    model = minikeras.Sequential()
    with pytest.warns(LegacyWarning), pytest.raises(RuntimeError, match="cannot be built"):
        model.add(Broken(input_dim=3))
    assert model.layers == [] and not model.built
    model.add(layers.Dense(2))
    assert model.predict(np.ones((2, 5)), verbose=0).shape == (2, 2)


@pytest.mark.parametrize("use", ["call", "predict", "fit", "build"])
def test_an_input_alone(use):
    """The error was that the batch size differs from that of the input."""
    x = np.ones((2, 3), "float32")
    model = minikeras.Sequential([layers.Input((3,))])
    model.compile("sgd", "mse")
    uses = {
        "call": lambda: model(x),
        "predict": lambda: model.predict(x, verbose=0),
        "fit": lambda: model.fit(x, x, verbose=0),
        "build": lambda: model.build((2, 3)),
    }
    with pytest.raises(StateError, match=r"Sequential model 'sequential' has no layers.*Call `model.add"):
        uses[use]()
    model.add(layers.Dense(2))
    assert model.predict(x, verbose=0).shape == (2, 2)


def test_an_input_alone_is_the_identity_where_it_is_in_keras():
    x = np.arange(6, dtype="float32").reshape(2, 3)
    model = minikeras.Sequential([layers.Input((3,))])
    assert model(layers.Input((3,))).shape == (None, 3)
    np.testing.assert_array_equal(model(x), x)
    outer = minikeras.Sequential([layers.Input((3,)), minikeras.Sequential([layers.Input((3,))])])
    np.testing.assert_array_equal(outer.predict(x, verbose=0), x)


def test_build():
    with pytest.raises(StateError, match="cannot be built because it has no layers"):
        minikeras.Sequential().build((None, 3))
    model = minikeras.Sequential([layers.Dense(2)])
    for shape in (None, 3, (), "ab"):
        with pytest.raises(ArgumentError, match="`build` needs the shape of the data"):
            model.build(shape)
    assert not model.built and model.weights == []
    model.build([None, 3])
    weights = model.get_weights()
    model.build((None, 3))
    assert [w.tobytes() for w in model.get_weights()] == [w.tobytes() for w in weights]
    assert model.compute_output_shape((7, 3)) == (7, 2)


def test_trainable():
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(2), layers.Dense(1)], trainable=False)
    assert model.trainable_weights == [] and len(model.non_trainable_weights) == 4
    model.trainable = True
    model.layers[0].trainable = False
    assert len(model.trainable_weights) == 2


def test_set_weights_is_all_or_nothing():
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(2), layers.Dense(1)])
    good = model.get_weights()
    for weights, error in [
        (good[:3], ArgumentError),
        ([*good, good[0]], ArgumentError),
        ([good[0] + 1, good[1] + 1, good[2] + 1, np.ones(2)], ShapeError),
        ([good[0] + 1, good[1] + 1, good[2] + 1, np.array(["a"])], ArgumentTypeError),
    ]:
        with pytest.raises(error, match="Sequential model '.*'.*set_weights|numbers"):
            model.set_weights(weights)
        assert [w.tobytes() for w in model.get_weights()] == [w.tobytes() for w in good]
    model.set_weights([w + 1 for w in good])
    assert model.get_weights()[1].tolist() == [1, 1]


def test_refused_lists():
    for bad in (3, "dense", layers.Dense(2)):
        with pytest.raises(ArgumentTypeError, match="Sequential expects a list of layers"):
            minikeras.Sequential(bad)
    with pytest.raises(ArgumentError, match="only layers can be added. Received: <class"):
        minikeras.Sequential([layers.Dense])
    with pytest.raises(ArgumentError, match="expects a config with a list 'layers'"):
        minikeras.Sequential.from_config({"name": "m"})
    with pytest.warns(UserWarning, match="does not support masking"):
        minikeras.Sequential([layers.Dense(2)])(np.ones((2, 3)), mask=np.ones(2))


@pytest.mark.parametrize("change", ["add", "pop"])
def test_changes_that_do_not_rebuild(change):
    """What Keras 3.15.1 shows, but for calls on data with a declared shape, which it refuses."""

    def changed():
        model = minikeras.Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)])
        if change == "add":
            model.add(layers.Dense(1), rebuild=False)
        else:
            assert model.pop(rebuild=False).units == 2
        assert not model.built and len(model.weights) == (4 if change == "add" else 2)
        with pytest.raises(AttributeError):
            model.output_shape  # noqa: B018
        return model

    size = {"add": 1, "pop": 3}[change]
    model = changed()
    model.build()
    assert model.built and model.output_shape == (None, size)
    model = changed()
    assert model(np.ones((5, 4))).shape == (5, size) and model.output_shape == (None, size)
    model = changed()
    model.compile("sgd", "mse")
    model.fit(np.ones((5, 4)), np.ones((5, size)), verbose=0)
    assert model.built and model.output_shape == (None, size)
    model = changed()
    model.add(layers.Dense(6))
    assert model.built and model.output_shape == (None, 6)
    model = changed()
    model.pop()
    assert model.layers == [] if change == "pop" else model.output_shape == (None, 2)


def test_adding_without_a_known_shape():
    model = minikeras.Sequential()
    for units in (3, 1):
        model.add(layers.Dense(units), rebuild=False)
    assert not model.built and model.weights == []
    assert model(np.ones((5, 4))).shape == (5, 1) and len(model.weights) == 4


def test_a_trained_model_that_is_changed_without_rebuilding():
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(1, kernel_initializer="ones")])
    x = np.ones((3, 2))
    assert model.predict(x, verbose=0).tolist() == [[2.0]] * 3
    model.add(layers.Rescaling(10.0), rebuild=False)
    assert model.predict(x, verbose=0).tolist() == [[20.0]] * 3
    model.pop(rebuild=False)
    assert model.predict(x, verbose=0).tolist() == [[2.0]] * 3


def test_popping_everything():
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(2)])
    model.pop()
    assert model.layers == [] and not model.built
    model.add(layers.Dense(5))
    assert model.output_shape == (None, 5)


def test_a_model_made_as_not_trained_leaves_its_layers_as_they_are():
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(3)], trainable=False)
    assert model.trainable_weights == [] and len(model.non_trainable_weights) == 2
    assert model.layers[0].trainable and model.layers[0].kernel.trainable
    model.trainable = True
    assert len(model.trainable_weights) == 2


def test_config_of_a_model_in_a_model():
    inner = minikeras.Sequential([layers.Dense(3), layers.ReLU()], name="inner")
    model = minikeras.Sequential([layers.Input((4,), name="features"), inner, layers.Dense(2)])
    described = model.get_config()["layers"][1]
    assert (described["module"], described["class_name"], described["compile_config"]) == ("keras", "Sequential", {})
    again = minikeras.Sequential.from_config(model.get_config())
    assert again.get_config() == model.get_config()
    assert [w.shape for w in again.weights] == [(4, 3), (3,), (3, 2), (2,)]
    assert again.inputs[0].name == "features"


def test_paths():
    inner = minikeras.Sequential([layers.Dense(3), layers.ReLU()], name="inner")
    assert inner.path is None and inner.layers[0].path is None
    model = minikeras.Sequential([layers.Input((4,)), inner], name="outer")
    assert [model.path, inner.path, inner.layers[0].path] == ["outer", "outer/inner", "outer/inner/dense"]
    assert inner.weights[0].path == "outer/inner/dense/kernel"


def test_without_layers_there_are_no_inputs():
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(3)])
    assert model.pop().name == "dense"
    assert "build_input_shape" not in model.get_config()
    with pytest.raises(AttributeError, match="no defined inputs yet"):
        _ = model.inputs
