"""Every so many batches, through epochs and groups of batches."""

from minikeras.callbacks.batch_counter import BatchCounter


def test_counts_through_epochs_and_groups():
    counter = BatchCounter()
    due = [counter.is_due(batch, every=4) for batch in [0, 1, 2, 0, 1, 2, 0, 1, 2, 3]]
    assert due == [False, False, False, True, False, False, False, True, False, False]
    # Hooks that run once for two batches name the second.
    counter = BatchCounter()
    assert [counter.is_due(batch, every=4) for batch in [1, 3, 5, 1, 3]] == [False, True, False, True, False]
    # Epochs of one call.
    counter = BatchCounter()
    assert [counter.is_due(3, every=8) for _ in range(4)] == [False, True, False, True]
