import numpy as np

from minikeras import losses

TRUE, PRED = [[0, 1], [1, 1]], [[0.0, 1.0], [0.5, 0.0]]


def test_dice():
    np.testing.assert_allclose(losses.Dice()(TRUE, PRED), 1 - 2 * 1.5 / 4.5, rtol=1e-6)
    loss = losses.Dice(axis=-1, reduction=None)
    np.testing.assert_allclose(loss(TRUE, PRED), [0, 1 - 2 * 0.5 / 2.5], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(loss(TRUE, PRED, sample_weight=[5, 2]), [0, 2 - 2 / 2.5], rtol=1e-6, atol=1e-6)
    assert loss.get_config() == {"name": "dice", "reduction": None, "axis": -1}


def test_tversky():
    loss = losses.Tversky(alpha=0.2, beta=0.7)
    np.testing.assert_allclose(loss(TRUE, PRED), 1 - 1.5 / (1.5 + 0.2 * 1.5), rtol=1e-6)
    assert list(loss.get_config().items())[2:] == [("alpha", 0.2), ("beta", 0.7), ("axis", None)]
