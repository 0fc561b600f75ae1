"""Scales of float8 values, worked by hand."""

import numpy as np
import pytest

from minikeras.quantizers import compute_float8_amax_history, compute_float8_scale, quantize_and_dequantize


@pytest.mark.parametrize(("amax", "expected"), [(896.0, 2.0), (0.0, 3.0), (np.inf, 3.0), (np.nan, 3.0)])
def test_scale(amax, expected):
    assert compute_float8_scale(np.float32(amax), np.float32(3.0), 448.0) == expected


def test_margin():
    assert compute_float8_scale(448.0, 1.0, 448.0, margin=1) == 2.0


@pytest.mark.parametrize(
    ("history", "expected"), [([7.0], [5.0]), ([7.0, 1.0], [5.0, 7.0]), ([7.0, 1.0, 2.0], [5.0, 2.0, 7.0])]
)
def test_history(history, expected):
    assert compute_float8_amax_history(np.array([-5.0, 3.0]), history).tolist() == expected


def test_rounding():
    # Three digits after the leading one: 17 lies between 16 and 18. Values beyond the largest one are clipped.
    assert quantize_and_dequantize([17.0, 17.5, 1e4], 1.0, "float8_e4m3fn", "float32").tolist() == [16, 18, 448]
    assert quantize_and_dequantize([17.0, 19.0, 1e9], 1.0, "float8_e5m2", "float32").tolist() == [16, 20, 57344]
    assert quantize_and_dequantize([8.5], 0.5, "float8_e4m3fn", "float32").tolist() == [8.0]
    assert quantize_and_dequantize([8.5], 0.5, "float8_e4m3fn", "float16").dtype == "float16"
