import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError
from tests.helpers import run_layer_test, run_step_test

X = np.array([[1], [3]], "float32")  # mean 2, variance 1


def made(**options):
    return layers.BatchNormalization(**{"momentum": 0.5, "epsilon": 3.0, "renorm": True, **options})  # stddev 2


def state(layer):
    return {each.name: each.numpy().item() for each in layer.non_trainable_variables}


def test_by_hand():
    layer = made(renorm_momentum=0.75)
    # r = 2 / 3^(1/2), for the old standard deviation 1 is below that of epsilon; d = 2 / 3^(1/2)
    np.testing.assert_allclose(
        layer(X, training=True), np.float32([[-0.5], [0.5]]) * 2 / 3**0.5 + 2 / 3**0.5, rtol=1e-6
    )
    assert state(layer) == {
        "moving_mean": 1,
        "moving_variance": 0,  # 1.5^2 - 3 < 0
        "moving_stddev": 1.5,
        "renorm_mean": 0.5,
        "renorm_stddev": 1.25,
    }
    np.testing.assert_allclose(layer(X), (X - 1) / 3**0.5, rtol=1e-6)
    assert [each.name for each in layer.weights] == ["gamma", "beta", *state(layer)]


def test_scale_and_offset_apply_to_what_is_corrected():
    layer = made()
    layer.build(X.shape)
    layer.set_weights([np.float32([each]) for each in (10, 1, 0, 0, 0, 1, 4)])  # r = 2 / 4, d = (2 - 1) / 4
    np.testing.assert_allclose(layer(X, training=True), [[(-0.5 * 0.5 + 0.25) * 10 + 1], [(0.5 * 0.5 + 0.25) * 10 + 1]])


@pytest.mark.parametrize(
    ("bounds", "r", "d"),
    [
        ({"rmax": 0.25}, 0.25, 0.25),
        ({"rmin": 3, "rmax": 4, "dmax": 0.125}, 3, 0.125),
        ({"dmax": 0}, 0.5, 0),
        ({"rmin": None}, 0.5, 0.25),
    ],
)
def test_bounds(bounds, r, d):
    layer = made(renorm_clipping=bounds, scale=False, center=False)
    layer.build(X.shape)
    layer.set_weights([np.float32([each]) for each in (0, 0, 0, 1, 4)])
    np.testing.assert_allclose(layer(X, training=True), [[-0.5 * r + d], [0.5 * r + d]], rtol=1e-6)


def test_initial_statistics():
    layer = made(moving_mean_initializer="ones", moving_variance_initializer=minikeras.initializers.Constant(4))
    layer.build((None, 1))
    assert list(state(layer).values()) == [1, 4, 2, 1, 2]


def test_the_corrections_are_constants_of_the_gradient():
    layer = made(renorm_clipping={"rmin": 3, "rmax": 3, "dmax": 0}, epsilon=0.0)
    layer.build(X.shape)
    plain = layers.BatchNormalization(epsilon=0.0)
    x = minikeras.Variable(np.float32([[1], [3], [8]]))
    found = []
    for each in (layer, plain):
        with minikeras.GradientTape() as tape:
            y = minikeras.ops.sum(each(x, training=True) * np.float32([[1], [2], [4]]))
        found.append(tape.gradient(y, x))
    np.testing.assert_allclose(found[0], 3 * np.asarray(found[1]), rtol=1e-5, atol=1e-6)


def test_steps_and_files():
    layer = made()
    layer.build((None, 1))
    run_step_test(lambda x: layer(x, training=True), X, X + 1, X * 2, variables=layer.variables)
    run_layer_test(lambda: layers.BatchNormalization(1, renorm=True), (4, 3, 2), (4, 3, 2), order=1)


def test_configs():
    config = layers.BatchNormalization(renorm=True).get_config()
    assert list(config)[-4:] == ["synchronized", "renorm", "renorm_clipping", "renorm_momentum"]
    assert (config["renorm"], config["renorm_clipping"], config["renorm_momentum"]) == (True, {}, 0.99)
    assert layers.BatchNormalization().get_config()["renorm_clipping"] is None
    bounds = {"rmax": 3}
    layer = layers.BatchNormalization(renorm_clipping=bounds)
    bounds["rmax"] = 4
    assert layer.get_config()["renorm_clipping"] == {"rmax": 3}


def test_refused():
    for bounds, expected in (({"max": 1}, "a dict with the keys"), ({"dmax": -1}, "must be a number >= 0")):
        with pytest.raises(ArgumentError, match=f"BatchNormalization: .*{expected}"):
            made(renorm_clipping=bounds)
    with pytest.raises(ArgumentError, match="Received: rmin=2, rmax=1"):
        made(renorm_clipping={"rmin": 2, "rmax": 1})
    for options in ({"renorm_clipping": 3}, {"renorm_clipping": {"rmax": "a"}}, {"renorm_momentum": None}):
        with pytest.raises(ArgumentTypeError, match="BatchNormalization"):
            made(**options)
