"""Arguments of windows."""

import pytest

from minikeras.errors import ArgumentError, ShapeError
from minikeras.layers.convolution.windows import Windowed


class Windows(Windowed):
    def _where(self):
        return "Windows"


def made(*args):
    windows = Windows()
    windows._set_windows(*args)
    return windows


def test_arguments():
    windows = made(3, [1, 2], "SAME", "CHANNELS_FIRST", (1, 1))
    assert (windows.kernel_size, windows.strides, windows.dilation_rate) == ((3, 3), (1, 2), (1, 1))
    assert (windows.padding, windows.data_format, windows._channel_axis) == ("same", "channels_first", 1)
    assert windows._channels((None, 5, 7, 8)) == 5 and made(3, 1, "same", None, 1)._channels((None, 7, 8, 6)) == 6


@pytest.mark.parametrize(
    "args",
    [(0, 1, "same", None, 1), (3, 1.5, "same", None, 1), (3, 1, "causal", None, 1), (3, 1, "same", "no", 1)],
    ids=str,
)
def test_bad_arguments(args):
    with pytest.raises(ArgumentError):
        made(*args)


def test_strides_with_dilation():
    made(3, 2, "same", None, 1)._refuse_strides_with_dilation()
    with pytest.raises(ArgumentError, match=r"strides=\(2, 2\) and dilation_rate=\(3, 3\)"):
        made(3, 2, "same", None, 3)._refuse_strides_with_dilation()


def test_bad_shapes():
    with pytest.raises(ShapeError, match="expects inputs with 4 axes"):
        made(3, 1, "same", None, 1)._channels((None, 7, 6))
    with pytest.raises(ArgumentError, match="number of input channels must be known"):
        made(3, 1, "same", None, 1)._channels((None, 7, 6, None))
