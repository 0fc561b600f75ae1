import numpy as np
import pytest

from minikeras import Sequential, layers, optimizers
from minikeras.errors import ArgumentError, ShapeError, UnknownNameError

X = np.ones((4, 2), "float32")


def made(name="s"):
    model = Sequential([layers.Input((2,)), layers.Dense(1, name="d"), layers.BatchNormalization(name="n")], name=name)
    model.compile(optimizers.Adam(name="adam"), "mse", metrics=["mae"])
    return model


def test_there_and_back():
    model, other = made(), made()
    model.fit(X, X[:, :1], verbose=0)
    tree = model.get_state_tree()
    assert list(tree) == [
        "trainable_variables",
        "non_trainable_variables",
        "optimizer_variables",
        "metrics_variables",
    ]
    np.testing.assert_array_equal(tree["trainable_variables"]["s"]["d"]["kernel"], model.layers[0].kernel.numpy())
    assert list(tree["non_trainable_variables"]["s"]["n"]) == ["moving_mean", "moving_variance"]
    other.fit(0 * X, X[:, :1], verbose=0)
    other.set_state_tree(tree)
    for group in ("weights", "metrics_variables"):
        for ours, theirs in zip(getattr(model, group), getattr(other, group), strict=True):
            np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    assert int(other.optimizer.iterations) == 1
    tree["trainable_variables"]["s"]["d"]["kernel"][:] = 7  # the user's own
    assert model.layers[0].kernel.numpy().max() < 7


def test_a_part_of_a_tree():
    model = made()
    model.set_state_tree({"trainable_variables": {"s": {"d": {"bias": [3]}}}})
    assert model.layers[0].bias.numpy().tolist() == [3]
    assert Sequential([layers.Input((2,))]).get_state_tree("numpy_array")["optimizer_variables"] == {}


@pytest.mark.parametrize(
    ("tree", "error", "message"),
    [
        ({"weights": {}}, UnknownNameError, "trainable_variables"),
        ({"trainable_variables": {"s": {"d": {"bais": [3]}}}}, UnknownNameError, "s/d/bias"),
        ({"trainable_variables": {"s": {"d": {"bias": [3, 4]}}}}, ShapeError, r"has shape \(1,\)"),
        ({"trainable_variables": 3}, ArgumentError, "expected nested dicts for 'trainable_variables'"),
    ],
)
def test_refused(tree, error, message):
    model = made()
    before = model.get_weights()
    tree = {"trainable_variables": {"s": {"d": {"kernel": [[1], [2]]}}}, **tree}
    if "trainable_variables" in tree and isinstance(tree["trainable_variables"], dict):
        tree["trainable_variables"].get("s", {}).get("d", {}).setdefault("kernel", [[1], [2]])
    with pytest.raises(error, match=message):
        model.set_state_tree(tree)
    assert all(map(np.array_equal, model.get_weights(), before))


def test_names_that_are_not_unique_and_formats():
    x = layers.Input((2,))
    shared = [Sequential([layers.Dense(2, name="d")], name="same") for _ in range(2)]

    class Two(layers.Layer):
        def __init__(self):
            super().__init__(name="two")
            self.parts = shared

        def call(self, inputs):
            return shared[1](shared[0](inputs))

    model = Sequential([layers.Input((2,)), Two()])
    assert model(X).shape == (4, 2) and x.shape == (None, 2)
    with pytest.raises(ArgumentError, match="two variables with the path '.*same/d/kernel'"):
        model.get_state_tree()
    with pytest.raises(UnknownNameError, match="numpy_array"):
        model.get_state_tree("numpy")
