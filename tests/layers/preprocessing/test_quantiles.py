"""Approximate quantiles of streams."""

import numpy as np
import pytest

from minikeras.layers.preprocessing.quantiles import boundaries, compressed, empty_summary, merged, summary_of


def test_a_small_stream_is_kept():
    summary = summary_of(np.float32([3, 1, 2]), 0.1)
    assert summary.tolist() == [[1, 2, 3], [1, 1, 1]]
    both = merged(summary, summary_of(np.float32([2.5]), 0.1), 0.1)
    assert both.tolist() == [[1, 2, 2.5, 3], [1, 1, 1, 1]]
    assert merged(empty_summary(), summary, 0.1).tolist() == summary.tolist()


def test_a_large_stream_is_summed_up():
    summary = empty_summary()
    rng = np.random.default_rng(0)
    for _ in range(10):
        summary = merged(summary_of(rng.uniform(size=1000).astype("float32"), 0.01), summary, 0.01)
    assert summary.shape[1] <= 101 and summary.dtype == np.float32
    assert summary[1].sum() == pytest.approx(10_000, rel=0.01)
    # The error of a quantile is some steps of 0.01 after ten merges.
    np.testing.assert_allclose(boundaries(summary, 4), [0.25, 0.5, 0.75], atol=0.05)


def test_compressing():
    summary = np.float32([[0, 1, 2, 3], [1, 1, 1, 1]])
    assert compressed(summary, 0.2).tolist() == summary.tolist()
    assert compressed(summary, 0.5).tolist() == [[1, 3], [2, 2]]
