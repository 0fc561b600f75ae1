"""Prints how close minikeras is to real Keras: `python -m compat.report`.

Tables of: the lecture's network trained on MNIST on both sides, the bits of the initial weights, the names offered by
namespace, and the time of the example's five epochs beside one epoch of Keras on TensorFlow.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
from tabulate import tabulate

import minikeras
from compat import draws, mnist, names

ROOT = Path(__file__).resolve().parent.parent
EPOCHS = 5


def training_rows(keras: ModuleType, images: int) -> list[tuple]:
    """Compares one epoch for each activation, learning rate and type of numbers."""
    data = {dtype: mnist.load(train=images, dtype=dtype) for dtype in mnist.BOUNDS}
    rows = []
    for activation, rate, dtype in mnist.EPOCHS:
        theirs, ours = mnist.both(keras, activation, rate, data[dtype])
        rows += [(activation, rate, dtype, *row) for row in mnist.comparison(theirs, ours)]
    for activation, rate in mnist.STEPS:
        steps = mnist.single_steps(keras, activation, rate, data["float32"])
        rows += [(activation, rate, "float32", *row) for row in steps]
    return rows


def initializer_rows() -> list[tuple]:
    """Compares the first weights with Keras on its numpy backend, bit for bit, by initializer."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "keras.npz")
        environment = {**os.environ, "KERAS_BACKEND": "numpy"}
        subprocess.run([sys.executable, "-m", "compat.draws", path], cwd=ROOT, env=environment, check=True)
        with np.load(path) as stored:
            theirs = {name: stored[name] for name in stored.files}
    known = json.loads(str(theirs["names"]))["initializers"]
    offered = [name for name in known if name in draws.initializer_names(minikeras.initializers)]
    ours = draws.collect(minikeras, offered, draws.PARTS)
    counts: dict[str, list[int]] = {}
    for name, value in ours.items():
        other = theirs[f"draw:{name}"]
        same = (value.dtype, value.shape, value.tobytes()) == (other.dtype, other.shape, other.tobytes())
        count = counts.setdefault(name.partition("/")[0], [0, 0])
        count[0] += same
        count[1] += 1
    return [(name, same, total, same == total) for name, (same, total) in sorted(counts.items())]


def timed(library: str, epochs: int, images: int) -> float:
    """Returns the seconds of `fit` with validation, as in the example, in a process of its own."""
    command = [sys.executable, "-m", "compat.report", "--time", library, str(epochs), "--images", str(images)]
    result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(result.stdout.split()[-1])


def time_here(library: str, epochs: int, images: int) -> float:
    """Trains the example's network in this process and returns the seconds."""
    if library == "keras":
        import keras as k
    else:
        k = minikeras
    data = mnist.load(train=images)
    import time

    model = mnist.compiled(k, mnist.build(k, "relu"), 0.001)
    start = time.perf_counter()
    model.fit(
        data.x_train,
        data.y_train,
        batch_size=mnist.BATCH_SIZE,
        epochs=epochs,
        verbose=0,
        validation_data=(data.x_test, data.y_test),
    )
    return time.perf_counter() - start


def time_row(images: int, repeats: int = 3) -> tuple:
    """Times both sides in turn; the medians count."""
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(timed("minikeras", EPOCHS, images))
        theirs.append(timed("keras", 1, images))
    first, second = float(np.median(ours)), float(np.median(theirs))
    return f"{first:.2f} s", f"{second:.2f} s", f"{first / second:.2f}", first < second


def main(arguments: list[str] | None = None) -> int:
    """Prints the report; returns 1 if a bound is not met."""
    parser = argparse.ArgumentParser(prog="python -m compat.report", description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write the tables to a file, too")
    parser.add_argument("--images", type=int, default=60_000, help="train with the first of the 60,000 images only")
    parser.add_argument("--time", nargs=2, metavar=("LIBRARY", "EPOCHS"), help="only time one side in this process")
    options = parser.parse_args(arguments)
    if options.time:
        print(time_here(options.time[0], int(options.time[1]), options.images))
        return 0
    import keras

    tables = {
        f"One epoch of MNIST beside Keras {keras.__version__} on TensorFlow": (
            ("hidden", "learning rate", "type", "compared", "bound", "measured", "met"),
            training_rows(keras, options.images),
        ),
        "Draws equal to Keras on numpy, bit for bit": (("draw", "equal", "compared", "met"), initializer_rows()),
        f"Time of fit: {EPOCHS} epochs of minikeras, 1 epoch of Keras on TensorFlow": (
            ("minikeras", "Keras", "ratio", "met"),
            [time_row(options.images)],
        ),
        "Public names": (names.HEADERS, names.name_rows(keras)),
    }
    failed = 0
    for title, (headers, rows) in tables.items():
        shown = [[("yes" if cell else "NO") if isinstance(cell, bool) else cell for cell in row] for row in rows]
        print(f"\n{title}\n{tabulate(shown, headers=headers, disable_numparse=True)}")
        failed += sum(not row[-1] for row in rows if headers[-1] == "met")
    print("\nEvery bound is met." if not failed else f"\n{failed} bounds are not met.")
    if options.json:
        as_rows = {
            title: [dict(zip(headers, row, strict=True)) for row in rows] for title, (headers, rows) in tables.items()
        }
        Path(options.json).write_text(json.dumps(as_rows, indent=2), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
