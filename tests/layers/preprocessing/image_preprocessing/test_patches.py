"""Random boxes: where they begin and end, which pixels are inside."""

import numpy as np

from minikeras.layers.preprocessing.image_preprocessing.patches import PatchLayer


def test_bounds():
    low, high = PatchLayer(seed=0)._bounds(500, 10, np.full(500, 0.3, "float32"), None)
    np.testing.assert_allclose(high - low, 3, rtol=1e-5)
    assert 0 <= low.min() < 0.5 and 9.5 < high.max() <= 10


def test_inside():
    columns, rows = ((np.float32([low]), np.float32([high])) for low, high in ((1, 3), (0.5, 1.5)))
    inside = PatchLayer()._is_inside(columns, rows, 3, 4)
    assert inside[0, :, :, 0].astype(int).tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    first = PatchLayer(data_format="channels_first")._is_inside(columns, rows, 3, 4)
    np.testing.assert_array_equal(first[:, 0], inside[..., 0])
