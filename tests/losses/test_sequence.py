import numpy as np

from minikeras import losses


def test_ctc():
    scores = np.log(np.float32([[[0.25, 0.75], [0.5, 0.5]]] * 2))
    expected = -(np.log(1 - 1 / 8) + np.log(1 / 8)) / 2  # all paths but that of two blanks, and it alone
    np.testing.assert_allclose(losses.CTC()([[1], [0]], scores), expected, rtol=1e-6)
    assert losses.CTC().get_config() == {"name": "ctc", "reduction": "sum_over_batch_size"}


def test_float16_is_computed_in_float32():
    scores = np.zeros((1, 40, 3), "float16")
    loss = losses.CTC(dtype="float16", reduction=None)
    result = loss([[1, 2]], scores)
    assert result.dtype == "float16"
    np.testing.assert_allclose(result, losses.CTC()([[1, 2]], scores), rtol=1e-3)
