import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, StateError
from minikeras.wrappers.scikit_learn import BaseWrapper, KerasClassifier, KerasRegressor

X = np.float32([[0.0], [1.0], [0.1], [0.9]])


def binary(units=1):
    model = Sequential([layers.Input((1,)), layers.Dense(units, "sigmoid", kernel_initializer="ones")])
    model.compile("sgd", "binary_crossentropy")
    return model


def test_one_output_is_two_classes():
    classifier = KerasClassifier(binary, epochs=1, verbose=0)
    with pytest.raises(StateError, match="call `fit` first"):
        classifier.predict(X)
    history = classifier.fit(X, ["no", "yes", "no", "yes"], batch_size=2)
    assert history.params["steps"] == 2 and classifier.classes_.tolist() == ["no", "yes"]
    chances = classifier.predict_proba(X)
    assert chances.shape == (4, 2)
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert classifier.predict(X).tolist() == ["yes" if chance > 0.5 else "no" for chance in chances[:, 1]]
    assert 0 <= classifier.score(X, ["no", "yes", "no", "yes"]) <= 1


def test_arguments_go_where_they_belong():
    wrapper = KerasRegressor(lambda units: binary(units), units=1, batch_size=2)
    assert wrapper.get_params()["units"] == 1 and set(wrapper.get_params()) == {"units", "batch_size", "build_fn"}
    assert wrapper.set_params(units=2, verbose=0) is wrapper
    wrapper.fit(X, np.ones((4, 2)))
    assert wrapper.predict(X).shape == (4, 2) and wrapper.score(X, np.ones((4, 2))) < 0
    with pytest.raises(ArgumentError, match=r"arguments \['unit'\]"):
        wrapper.set_params(unit=3)
    with pytest.raises(ArgumentError, match="needs `build_fn`"):
        KerasRegressor()

    class Own(KerasRegressor):
        def __call__(self, units=1):
            return binary(units)

    assert Own(units=3, verbose=0).fit(X, np.ones((4, 3))).epoch == [0] and isinstance(Own(), BaseWrapper)
