import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test


def test_activity_regularization():
    run_layer_test(lambda: layers.ActivityRegularization(0.1, 0.2), (3, 4), (3, 4))
    layer = layers.ActivityRegularization(l1=0.5, l2=2.0)
    layer(np.array([[1.0, -2.0], [0.0, 3.0]], "float32"))
    assert [float(loss) for loss in layer.losses] == [15.5]  # (0.5 * 6 + 2 * 14) / 2
    with pytest.raises(ArgumentError):
        layers.ActivityRegularization(-1.0)
