"""Searches for good hyperparameters with trainings that run side by side on the processes of a dask cluster.

    python examples/search_with_dask.py
    python examples/search_with_dask.py --trials 40 --workers 8 --images 20000 --epochs 10

Trainings do not depend on each other, so each runs in one process, without communication. By default the processes are
those of a `LocalCluster` on this machine. On several machines, start a scheduler on one of them and workers on all:

    dask scheduler                                                   # prints its address, tcp://10.0.0.1:8786
    OMP_NUM_THREADS=1 dask worker --nworkers 8 --nthreads 1 tcp://10.0.0.1:8786
    python examples/search_with_dask.py --scheduler tcp://10.0.0.1:8786

The workers need minikeras. `dask-jobqueue` and `dask-kubernetes` start them on clusters with a queue. Needs
`pip install "minikeras[dask]"`.

A single training that is too large for one process is another task: `mpirun -n 4 minikeras run script.py`.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np

from minikeras import Sequential, layers, optimizers
from minikeras.datasets import mnist
from minikeras.utils import set_random_seed


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError:
        sys.exit('This example needs dask. Get it with: pip install "minikeras[dask]"')

    trials = draw_trials(options.trials, options.seed)
    cluster = None
    if options.scheduler is None:
        # One thread each: BLAS threads of several trainings would wait for each other.
        cluster = LocalCluster(
            n_workers=options.workers, threads_per_worker=1, env={"OMP_NUM_THREADS": "1"}, dashboard_address=":0"
        )
    with Client(options.scheduler if cluster is None else cluster) as client:
        threads: Any = client.nthreads()  # by worker: one each
        print(f"{len(trials)} trainings on {sum(threads.values())} processes")
        futures = client.map(train, trials, images=options.images, epochs=options.epochs)
        results = []
        for future in as_completed(futures):
            results.append(future.result())
            print(describe(results[-1]), flush=True)
    if cluster is not None:
        cluster.close()
    print(f"Best: {describe(max(results, key=lambda each: each['accuracy']))}")


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Returns the command line options."""
    parser = argparse.ArgumentParser(description="Hyperparameter search on the processes of a dask cluster.")
    parser.add_argument("--trials", type=int, default=20, help="number of trainings (default: 20)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the local cluster (default: 2)")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="address of a running scheduler, for its workers instead"
    )
    parser.add_argument("--images", type=int, default=5000, help="images to train on (default: 5000)")
    parser.add_argument("--epochs", type=int, default=3, help="epochs of each training (default: 3)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the search (default: 0)")
    return parser.parse_args(arguments)


def draw_trials(count: int, seed: int) -> list[dict[str, Any]]:
    """Returns hyperparameters drawn at random: rates and sizes evenly on a logarithmic scale."""
    rng = np.random.default_rng(seed)
    return [
        {
            "learning_rate": float(10 ** rng.uniform(-4, -1.5)),
            "units": int(2 ** rng.uniform(4, 8)),
            "dropout": float(rng.uniform(0, 0.5)),
            "batch_size": int(rng.choice([32, 64, 128])),
            "seed": number,
        }
        for number in range(count)
    ]


def train(trial: dict[str, Any], images: int, epochs: int) -> dict[str, Any]:
    """Trains a network and returns its hyperparameters with its accuracy; runs in a worker."""
    set_random_seed(trial["seed"])
    (x, y), (x_test, y_test) = mnist.load_data()
    x, y = x[:images].reshape(-1, 784) / 255, y[:images]
    model = Sequential(
        [
            layers.Input((784,)),
            layers.Dense(trial["units"], activation="relu"),
            layers.Dropout(trial["dropout"]),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizers.Adam(trial["learning_rate"]), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=trial["batch_size"], epochs=epochs, verbose=0)
    _, accuracy = model.evaluate(x_test.reshape(-1, 784) / 255, y_test, batch_size=500, verbose=0)
    return {**trial, "accuracy": accuracy}


def describe(result: dict[str, Any]) -> str:
    """Returns a line about a training."""
    return (
        f"accuracy {result['accuracy']:.4f}: learning rate {result['learning_rate']:.5f}, {result['units']} units, "
        f"dropout {result['dropout']:.2f}, batches of {result['batch_size']}"
    )


if __name__ == "__main__":
    main()
