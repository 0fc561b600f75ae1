import math

import numpy as np

from minikeras import losses

VECTORS = np.float32([[1, 0], [0.6, 0.8], [0, 1]])
# Distances are 0.4 (same class), 0.2 and 1 (other class): the losses of the first two, with gamma 1 and margin 0.4.
FIRST = math.log1p(math.exp(0.4 * -0.4))
SECOND = math.log1p(math.exp(1.2 * 0.4))


def test_the_mean_is_over_those_that_have_something_to_be_compared_with():
    loss = losses.Circle(gamma=1.0)
    np.testing.assert_allclose(loss([0, 0, 1], VECTORS), (FIRST + SECOND) / 2, rtol=1e-6)
    np.testing.assert_allclose(loss([0, 0, 1], VECTORS, sample_weight=[1, 3, 9]), (FIRST + 3 * SECOND) / 2, rtol=1e-6)
    loss = losses.Circle(gamma=1.0, reduction="mean_with_sample_weight")
    np.testing.assert_allclose(loss([0, 0, 1], VECTORS, sample_weight=[1, 3, 9]), (FIRST + 3 * SECOND) / 4, rtol=1e-6)
    np.testing.assert_allclose(losses.Circle(gamma=1.0, reduction=None)([0, 0, 1], VECTORS)[2], 0)


def test_config():
    loss = losses.Circle(margin=0.2, remove_diagonal=False)
    assert list(loss.get_config().items())[2:] == [("gamma", 80.0), ("margin", 0.2), ("remove_diagonal", False)]
