import numpy as np
import pytest

from minikeras.training.data import ArrayData
from minikeras.training.epochs import Epochs


class Interrupted:
    """Data whose passes are interrupted while they end."""

    steps = 2

    def batches(self, shuffle):
        try:
            yield 1
            yield 2
            raise AssertionError("`islice` asks for no more")
        finally:
            raise KeyboardInterrupt


def test_an_interrupt_while_a_pass_ends_is_not_swallowed():
    epochs = Epochs(Interrupted(), shuffle=False, steps=None)
    assert list(epochs.next()) == [1, 2]
    with pytest.raises(KeyboardInterrupt):
        epochs.next()


@pytest.mark.parametrize("mapped", [False, True])
def test_an_interrupt_while_prefetching_ends_is_not_swallowed(mapped, monkeypatch, tmp_path):
    x = np.arange(12, dtype="float32").reshape(6, 2)
    if mapped:
        np.save(tmp_path / "x.npy", x)
        x = np.load(tmp_path / "x.npy", mmap_mode="r")
    data = ArrayData((x, None, None), ("x", "y", "sample_weight"), batch_size=2)

    def filled(fill, count):
        try:
            for number in range(count):
                fill(number)
                yield number
        finally:
            raise KeyboardInterrupt

    monkeypatch.setattr(data, "_prefetcher", type("Interrupted", (), {"blocks": staticmethod(filled)}))
    batches = data.batches(shuffle=True)
    next(batches)
    with pytest.raises(KeyboardInterrupt):
        batches.close()
