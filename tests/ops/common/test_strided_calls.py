"""Calls with short buffers: numpy's setting is put back."""

import numpy as np
import pytest

from minikeras.ops.common.strided_calls import run_strided


def test_the_size_of_buffers_is_put_back():
    before, sizes = np.getbufsize(), []
    run_strided([lambda: sizes.append(np.getbufsize())] * 2)
    assert sizes == [512, 512] and np.getbufsize() == before
    with pytest.raises(ZeroDivisionError):
        run_strided([lambda: 1 / 0])
    assert np.getbufsize() == before
