"""The batches of each epoch: where the next one continues, when there is none, and what warnings say."""

import numpy as np
import pytest

from minikeras.training.data import ArrayData
from minikeras.training.epochs import Epochs, StreamEpochs, epochs_of
from minikeras.training.stream import IterableSource, PyDatasetSource, StreamData
from tests.training.streams import Slices, X, batches

NAMES = ("x", "y", "sample_weight")


def arrays():
    """Five batches of four examples."""
    return ArrayData((X, None, None), NAMES, batch_size=4)


def stream(iterable, steps=None, use="training"):
    source = PyDatasetSource(iterable) if isinstance(iterable, Slices) else IterableSource(iterable)
    return StreamEpochs(StreamData(source, NAMES), shuffle=False, steps=steps, use=use)


def starts(epochs):
    """Where in X the batches of the next epoch start."""
    first = X[:, 0].tolist()
    return [first.index(batch.structure[0][0, 0]) for batch in epochs.next()]


def sizes(epochs):
    return [batch.size for batch in epochs.next()]


def test_which_class_has_the_epochs():
    assert type(epochs_of(arrays(), False, None)) is Epochs
    assert type(epochs_of(stream(batches()).data, False, None)) is StreamEpochs


def test_epochs_of_arrays_continue():
    epochs = Epochs(arrays(), shuffle=False, steps=2)
    assert epochs.steps == 2 and epochs.ready()
    assert sizes(epochs) == sizes(epochs) == [4, 4]
    with pytest.warns(
        UserWarning, match="expected 2 steps, but the pass over the data ends after 1. A whole pass has 5"
    ):
        assert sizes(epochs) == [4]
    assert sizes(epochs) == [4, 4]
    epochs.restart()
    assert sizes(epochs) == sizes(epochs) == [4, 4]  # of a new pass


def test_an_epoch_of_arrays_is_one_pass():
    epochs = Epochs(arrays(), shuffle=False, steps=None)
    assert epochs.steps == 5 and [len(sizes(epochs)) for _ in range(3)] == [5, 5, 5]


def test_epochs_of_a_list_are_passes():
    epochs = stream(list(batches()))
    assert epochs.steps == 5 and epochs.ready()
    assert starts(epochs) == starts(epochs) == [0, 4, 8, 12, 16]


def test_epochs_of_a_list_continue_and_begin_a_new_pass_at_its_end():
    epochs = stream(list(batches(4)), steps=2)
    assert epochs.steps == 2
    assert [starts(epochs) for _ in range(3)] == [[0, 4], [8, 12], [0, 4]]
    epochs.restart()
    assert starts(epochs) == [0, 4]


def test_a_pass_that_ends_early_warns_and_the_next_one_is_whole():
    epochs = stream(list(batches()), steps=3, use="validation")
    assert starts(epochs) == [0, 4, 8]
    with pytest.warns(UserWarning, match="expected 3 steps for this pass, received 2 batches. Make sure") as found:
        assert starts(epochs) == [12, 16]
    assert "The validation data ran out" in str(found[0].message)
    assert "`validation_steps * epochs` batches, and that `validation_steps`" in str(found[0].message)
    assert epochs.ready() and starts(epochs) == [0, 4, 8]


def test_a_generator_continues_and_ends():
    epochs = stream(batches(), steps=2)
    assert starts(epochs) == [0, 4]
    epochs.restart()  # it has one pass
    assert starts(epochs) == [8, 12] and epochs.ready()
    with pytest.warns(UserWarning, match="2 steps for this epoch, received 1 batches. Training is interrupted. Make"):
        assert starts(epochs) == [16]
    assert not epochs.ready()


def test_a_generator_that_is_used_up_is_not_ready():
    epochs = stream(batches())
    assert epochs.steps is None and len(sizes(epochs)) == 5
    with pytest.warns(UserWarning, match="expected another epoch, received 0 batches. Training is interrupted"):
        assert not epochs.ready()
    assert not epochs.ready()  # and warns once


def test_a_dataset_is_told_of_its_epochs():
    calls = []
    epochs = stream(Slices(calls), steps=2)
    del calls[:]  # the first batch was looked at
    epochs.restart()
    assert starts(epochs) == [0, 4]
    assert starts(epochs) == [8, 12]
    assert calls == ["end", "begin", 0, 1, "end", "begin", 2, 3, "end"]


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
