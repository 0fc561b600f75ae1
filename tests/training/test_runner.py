import os
import signal
import subprocess
import sys
import threading

import numpy as np

import minikeras
from minikeras import layers
from minikeras.training.runner import Runner


def test_a_fork_while_other_threads_predict():
    # Large enough for BLAS to use threads: a fork in the middle of a product would close its lock in the child.
    model = minikeras.Sequential([layers.Input((8,)), layers.Dense(300), layers.Dense(300), layers.Dense(1)])
    x = np.random.default_rng(0).random((512, 8), dtype="float32")
    expected = model.predict(x, verbose=0, batch_size=256)
    over = threading.Event()

    def predict():
        while not over.is_set():
            model.predict(x, verbose=0, batch_size=256)

    threads = [threading.Thread(target=predict) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            child = forked(lambda: np.array_equal(model.predict(x, verbose=0, batch_size=256), expected))
            assert os.waitpid(child, 0)[1] == 0
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert np.array_equal(model.predict(x, verbose=0, batch_size=256), expected)


def forked(check):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of the threads, which are the point
        child = os.fork()
    if child == 0:
        signal.alarm(60)  # ends it if it hangs
        os._exit(0 if check() else 1)
    return child


def test_a_step_that_never_ends_does_not_stop_a_fork():
    runner, inside, over = Runner("Model", None, replay=False), threading.Event(), threading.Event()

    def hold():
        with runner.lock:
            inside.set()
            over.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait()
    child = forked(lambda: runner.lock.acquire(blocking=False) and not Runner.fork_waits)
    assert os.waitpid(child, 0)[1] == 0
    assert not Runner.fork_waits and not runner.lock.acquire(blocking=False)
    over.set()
    thread.join()
    assert runner.lock.acquire(blocking=False)


def test_training_and_predicting_import_nothing_late():
    """A process that is forked while another thread imports a module would wait for that module for good."""
    script = (
        "import sys, numpy as np\n"
        "from minikeras import Input, Sequential, layers\n"
        "model = Sequential([Input((2,)), layers.Dense(1)])\n"
        "model.compile('sgd', 'mse')\n"
        "model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)\n"
        "model.predict(np.ones((4, 2)), verbose=0)\n"
        "sys.exit('numpy.ma' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
