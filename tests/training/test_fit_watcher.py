import numpy as np
import pytest

from minikeras import Sequential
from minikeras.layers import Dense
from minikeras.training.fit_watcher import watch_fit


def test_whoever_watches_sees_the_arguments_before_anything_is_done():
    model, seen = Sequential([Dense(1)]), []

    def watcher(watched, arguments):
        seen.append((watched, arguments))
        raise KeyboardInterrupt

    model.compile("sgd", "mse")
    x = np.ones((4, 2))
    watch_fit(watcher)
    try:
        with pytest.raises(KeyboardInterrupt):
            model.fit(x, y=x[:, :1], epochs=3)
    finally:
        watch_fit(None)
    ((watched, arguments),) = seen
    assert watched is model and arguments["x"] is x and not model.built
    assert (arguments["epochs"], arguments["batch_size"], arguments["shuffle"]) == (3, None, True)
    assert model.fit(x, x[:, :1], verbose=0).epoch == [0]
