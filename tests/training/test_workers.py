"""Batches made ahead by threads and processes: in order, and when workers fail, die or are interrupted."""

import os
import signal
import threading
import time
from itertools import islice

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.callbacks import Callback
from minikeras.errors import WorkerError
from minikeras.training.workers import Workers
from tests.helpers import refuse_threads, without_foreign_finalizers
from tests.training.streams import BoomError, Slices, X, Y, batches, bits, check_usable, made, no_threads, trained


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_batches_come_in_the_order_of_their_numbers(processes):
    workers = Workers(Slices(workers=3, max_queue_size=2, use_multiprocessing=processes))
    found = [x[0, 0] for x, _ in workers.batches(iter([3, 0, 4, 1]))]
    workers.close()
    assert found == [X[12, 0], X[0, 0], X[16, 0], X[4, 0]] and no_threads()


def test_no_more_batches_are_made_ahead_than_the_queue_holds():
    data = Slices(workers=2, max_queue_size=2)
    workers = Workers(data)
    numbers = iter(range(5))
    assert len(list(islice(workers.batches(numbers), 1))) == 1
    assert list(numbers) == [3, 4]  # the first was taken, two are ahead
    workers.close()
    assert sorted(data.calls) == [0, 1, 2] or len(data.calls) < 3  # those not begun are dropped


class Fails(Slices):
    def __getitem__(self, index):
        if index == 3:
            raise BoomError(index)
        return super().__getitem__(index)


@pytest.mark.parametrize("options", [{}, {"workers": 3}, {"workers": 2, "use_multiprocessing": True}], ids=str)
def test_a_worker_that_raises(options):
    import multiprocessing

    model, expected = made(), made()
    with pytest.raises(BoomError) as caught:
        model.fit(Fails(**options), verbose=0, shuffle=False)
    assert caught.value.args == (3,)
    expected.fit(batches(3), verbose=0)
    assert bits(model) == bits(expected)
    assert no_threads() and multiprocessing.active_children() == []


class OfProcess(Slices):
    """Batches that tell which process made them."""

    def __getitem__(self, index):
        return np.full((1, 3), os.getpid() % 10_000)


def test_processes():
    import multiprocessing

    expected = trained(X, Y, batch_size=4)
    assert trained(Slices(workers=2, use_multiprocessing=True)) == expected
    model = minikeras.Sequential([layers.Input((3,)), layers.Identity()])
    own = model.predict(OfProcess(workers=2), verbose=0)
    others = model.predict(OfProcess(workers=2, use_multiprocessing=True), verbose=0)
    assert (own == os.getpid() % 10_000).all() and not (others == os.getpid() % 10_000).any() and len(others) == 5
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_an_interrupt_ends_the_workers(processes):
    import multiprocessing

    class Interrupts(Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                os.kill(os.getpid(), signal.SIGINT)

    model = made()
    with pytest.raises(KeyboardInterrupt):
        model.fit(Slices(workers=2, use_multiprocessing=processes), verbose=0, callbacks=[Interrupts()])
    assert no_threads() and multiprocessing.active_children() == []
    check_usable(model)


NEVER = threading.Event()


class Stuck(Slices):
    """Batches one of which waits for something that does not happen, for up to a minute; a pipe says that it does."""

    pipe = None

    def __getitem__(self, index):
        if index == 3:
            open(self.pipe, "w").close()
            NEVER.wait(60)
        return super().__getitem__(index)


@pytest.fixture
def stuck_until_the_end():
    """Lets the thread that is stuck go on once the test is over, as other tests wait for the end of all threads."""
    yield
    NEVER.set()
    assert no_threads()
    NEVER.clear()


@pytest.mark.usefixtures("stuck_until_the_end")
@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_an_interrupt_does_not_wait_for_a_stuck_worker(processes, tmp_path):
    import multiprocessing

    data = Stuck(workers=2, use_multiprocessing=processes)
    data.pipe = os.fspath(tmp_path / "pipe")
    os.mkfifo(data.pipe)

    def interrupt():
        open(data.pipe).close()  # returns as soon as the worker opens it
        # To this thread, so that the main thread does not wake up: as when it comes just before that starts to wait.
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)

    model, start = made(), time.monotonic()
    threading.Thread(target=interrupt, daemon=True).start()
    with without_foreign_finalizers(), pytest.raises(KeyboardInterrupt):
        model.fit(data, verbose=0)
    assert time.monotonic() - start < 20 and multiprocessing.active_children() == []
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("minikeras-dataset"))
    check_usable(model)


class Dies(Slices):
    """Batches one of which is the end of the process that makes it."""

    how = 0

    def __getitem__(self, index):
        if index == 2:
            os.kill(os.getpid(), signal.SIGKILL) if self.how == "killed" else os._exit(3)
        return super().__getitem__(index)


@pytest.mark.parametrize("how, text", [("killed", "killed by signal 9"), ("left", "exit status was 3")])
def test_a_dead_worker_is_named(how, text):
    import multiprocessing

    data, model = Dies(workers=2, use_multiprocessing=True), made()
    data.how = how
    with pytest.raises(WorkerError, match=rf"PyDataset Dies ended before .* {text}") as found:
        model.fit(data, verbose=0)
    assert isinstance(found.value, RuntimeError) and multiprocessing.active_children() == []
    check_usable(model)


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_without_threads_batches_are_made_one_at_a_time_with_a_warning(processes, monkeypatch):
    expected = trained(Slices())
    data = Slices(workers=2, use_multiprocessing=processes, max_queue_size=2)
    refuse_threads(monkeypatch)
    with pytest.warns(UserWarning, match="PyDataset Slices: no thread can be started here .* one at a time") as caught:
        found = trained(data)
    assert found == expected
    assert len(caught) == 1 and f"workers=2, use_multiprocessing={processes}" in str(caught[0].message)
    assert [call for call in data.calls if call != 0] == ["end", *(["begin", 1, 2, 3, 4, "end"] * 2)]


def test_without_processes_threads_make_the_batches(monkeypatch):
    import concurrent.futures

    def refuse(*args, **kwargs):  # what Pyodide raises
        raise NotImplementedError("This Python build lacks multiprocessing.synchronize")

    expected = trained(Slices())
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", refuse)
    with pytest.warns(UserWarning, match=r"no process can be started here .* by 3 thread\(s\)"):
        found = trained(Slices(workers=3, use_multiprocessing=True))
    assert found == expected and no_threads()
