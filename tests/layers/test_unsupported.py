"""What Keras offers for layers and minikeras refuses by name."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import NotSupportedError


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("add_metric", "`add_metric` is not in Keras 3 any more. Give metrics to `compile`"),
    ],
)
def test_methods(method, message):
    layer = layers.Dense(2, name="d")
    with pytest.raises(NotSupportedError, match=f"Dense layer 'd': {message}"):
        getattr(layer, method)(np.ones((1, 2)))


def test_arguments():
    layer = layers.Dense(2)
    layer.refuse("sparse", None)
    with pytest.raises(NotSupportedError, match="Dense: `sparse` is not in minikeras yet.*Received: sparse=True"):
        layer.refuse("sparse", True)
