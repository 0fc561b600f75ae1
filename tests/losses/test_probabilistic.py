import math

import numpy as np

from minikeras import losses


def test_kl_divergence():
    loss = losses.KLDivergence(reduction="sum")
    np.testing.assert_allclose(loss([[0.5, 0.5], [1, 0]], [[0.5, 0.5], [0.5, 0.5]]), math.log(2), rtol=1e-5)
    assert loss.get_config() == {"name": "kl_divergence", "reduction": "sum"}


def test_poisson():
    np.testing.assert_allclose(losses.Poisson()([[2], [0]], [[1.0], [3.0]]), 2, rtol=1e-6)
    assert losses.Poisson().name == "poisson"
