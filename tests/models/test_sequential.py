"""Sequential: adding and removing layers, building, weights, configs."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.engine.naming import reset_names
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, StateError


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
    with pytest.raises(ArgumentTypeError, match="only layers can be added"):
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
