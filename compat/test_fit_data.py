"""Every kind of data and every option about it beside real Keras: the same logs, histories and weights after training.

Real Keras runs eagerly here, since it takes seconds to trace a step.
"""

import os
import re
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import minikeras
from compat.side_by_side import compare, outcome, set_weights

RNG = np.random.default_rng(0)
X = RNG.normal(size=(22, 3)).astype("float32")  # in batches of 8 the last one is smaller
NUMBERS = RNG.integers(0, 3, 22)
Y = RNG.normal(size=(22, 1)).astype("float32")
W = RNG.random(22).astype("float32")
STARTS = range(0, 22, 8)


def made(k, classes=0, **options):
    head = k.layers.Dense(classes, activation="softmax") if classes else k.layers.Dense(1)
    model = set_weights(k.Sequential([k.Input((3,)), k.layers.Dense(4, activation="tanh"), head]))
    loss = "sparse_categorical_crossentropy" if classes else "mse"
    options = {"metrics": [] if classes else ["mae"], "weighted_metrics": [loss], **options}
    model.compile(k.optimizers.SGD(0.1, momentum=0.5), loss, run_eagerly=k is keras, **options)
    return model


def batches(passes=1, *parts):
    for _ in range(passes):
        for start in STARTS:
            yield tuple(part[start : start + 8] for part in parts or (X, Y))


def dataset(k, parts=(X, Y), calls=None, **options):
    """Returns a `PyDataset` of either library that writes down what it is asked for."""
    calls = [] if calls is None else calls

    class Slices(k.utils.PyDataset):
        def __len__(self):
            return len(STARTS)

        def __getitem__(self, index):
            calls.append(index)
            return tuple(part[STARTS[index] : STARTS[index] + 8] for part in parts)

        def on_epoch_begin(self):
            calls.append("begin")

        def on_epoch_end(self):
            calls.append("end")

    return Slices(**options)


class Again:
    """To real Keras a dataset of TensorFlow, as it knows no other iterables."""

    def __iter__(self):
        return batches()


def trained(k, data, model=None, **options):
    """Everything a user can see of a training of two epochs and what comes after."""
    model = made(k) if model is None else model
    options = {"epochs": 2, "verbose": 0, "shuffle": False, **options}
    history = model.fit(*data, **options)
    return {
        "history": history.history,
        "epoch": history.epoch,
        "steps": history.params["steps"],
        "weights": model.get_weights(),
        "iterations": int(model.optimizer.iterations),
    }


FRAME = pd.DataFrame(X, columns=["a", "b", "c"])
SERIES = pd.Series(Y[:, 0], index=range(100, 122))
CASES = {
    "generator": lambda k: trained(k, [batches(2)], steps_per_epoch=3),
    "generator, few steps": lambda k: trained(k, [batches(2)], steps_per_epoch=2, epochs=3),
    "generator of one epoch": lambda k: trained(k, [batches()], epochs=1),
    "generator of weights": lambda k: trained(k, [batches(2, X, Y, W)], steps_per_epoch=3),
    "generator, initial_epoch": lambda k: trained(k, [batches(3)], steps_per_epoch=3, initial_epoch=1, epochs=3),
    "PyDataset": lambda k: trained(k, [dataset(k)]),
    "PyDataset of weights": lambda k: trained(k, [dataset(k, (X, Y, W))]),
    "PyDataset of float64": lambda k: trained(k, [dataset(k, (X.astype("float64"), Y.astype("float64")))]),
    "shuffled PyDataset": lambda k: trained(k, [dataset(k)], shuffle=True, epochs=1),
    "workers": lambda k: trained(k, [dataset(k, workers=2, max_queue_size=3)]),
    "more steps than a pass": lambda k: trained(k, [dataset(k)], steps_per_epoch=2, epochs=4),
    "class_weight": lambda k: trained(k, [dataset(k, (X, NUMBERS))], made(k, 3), class_weight={0: 0.5, 1: 2.0}),
    "class_weight of a column": lambda k: trained(
        k, [dataset(k, (X, NUMBERS[:, None]))], made(k, 3), class_weight={2: 3.0}
    ),
    "tf.data": lambda k: trained(k, [tf.data.Dataset.from_tensor_slices((X, Y)).batch(8)]),
    "endless tf.data": lambda k: trained(
        k, [tf.data.Dataset.from_tensor_slices((X, Y, W)).batch(8).repeat()], steps_per_epoch=2, epochs=3
    ),
    "tf.data of class_weight": lambda k: trained(
        k,
        [tf.data.Dataset.from_tensor_slices((X, NUMBERS)).batch(8)],
        made(k, 3),
        class_weight={0: 0.5, 1: 2.0, 2: 0.1},
    ),
    "frames": lambda k: trained(k, [FRAME, SERIES], batch_size=8, validation_split=0.3),
    "frames of weights": lambda k: trained(k, [FRAME.astype("float64"), SERIES], batch_size=8, sample_weight=SERIES**2),
    "sizes of batches from steps": lambda k: trained(
        k, [X, Y], steps_per_epoch=3, validation_data=(X, Y), validation_steps=2
    ),
    "shuffled in batches": lambda k: trained(k, [X, Y], batch_size=8, shuffle="batch", sample_weight=W),
    "steps_per_execution": lambda k: trained(k, [dataset(k)], made(k, steps_per_execution=2)),
    # One validation: in a second one Keras gives the first two batches again, which it has kept.
    "validation by a generator": lambda k: trained(
        k, [X, Y], batch_size=8, validation_data=batches(2), validation_steps=5, epochs=1
    ),
    "validation by a PyDataset": lambda k: trained(k, [batches(2)], steps_per_epoch=3, validation_data=dataset(k)),
    "validation by few steps": lambda k: trained(
        k, [dataset(k)], epochs=3, validation_data=dataset(k), validation_steps=2, validation_freq=2
    ),
    "validation by arrays": lambda k: trained(
        k, [dataset(k)], validation_data=(X, Y, W), validation_batch_size=5, validation_freq=[2]
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.filterwarnings("ignore:The data ran out")
def test_fit(case):
    assert compare(CASES[case])["iterations"] > 0


def test_evaluate_and_predict():
    def code(k):
        model, seen = made(k), []
        for data in (lambda: batches(), lambda: dataset(k), lambda: dataset(k, workers=2), lambda: Again()):
            source = data
            if k is keras and isinstance(data(), Again):
                source = lambda: tf.data.Dataset.from_tensor_slices((X, Y)).batch(8)  # noqa: E731
            seen.append(model.evaluate(source(), verbose=0))
            seen.append(model.predict(source(), verbose=0, steps=2))
        seen.append(model.predict(((x,) for x, _ in batches()), verbose=0))
        seen.append(model.evaluate(batches(), verbose=0, steps=2, return_dict=True))
        seen.append((model.predict(FRAME, verbose=0), model.evaluate(FRAME, SERIES, verbose=0)))
        seen.append((model.predict(X, steps=3, verbose=0), model.evaluate(X, Y, steps=4, verbose=0)))
        return seen

    compare(code)


def test_what_a_dataset_hears():
    """Keras looks at two batches before, minikeras at one; all else is the same, and workers may be ahead."""

    def code(k):
        train, check = [], []

        class Look(k.callbacks.Callback):
            def on_epoch_begin(self, epoch, logs=None):
                train.append(f"epoch {epoch}")

            def on_epoch_end(self, epoch, logs=None):
                train.append(f"end of {epoch}")

            def on_train_batch_end(self, batch, logs=None):
                self.model.stop_training = batch == 1 and self.model.optimizer.iterations > 3

        model = made(k)
        options = {"shuffle": False, "verbose": 0, "callbacks": [Look()]}
        model.fit(dataset(k, calls=train), validation_data=dataset(k, calls=check), epochs=3, **options)
        data = dataset(k, calls=train)
        model.evaluate(data, verbose=0)
        train.append("predict")
        model.predict(data, verbose=0, steps=2)
        return [without_looks(calls, k) for calls in (train, check)]

    def without_looks(calls, k):
        """Leaves out the batches made to look at them, and what Keras makes ahead of need."""
        kept, inside = [], False
        for call in calls:
            inside = call == "begin" or (inside and isinstance(call, int))
            if not isinstance(call, int) or (inside and call < 2):
                kept.append(call)
        return kept

    train, _ = compare(code)
    assert train[:2] == ["end", "epoch 0"] and train.count("begin") == 4


def test_temporal_weights():
    def code(k):
        sequences, labels = X[:, None, :] * np.float32([[[1], [2]]]), np.stack([Y, -Y], axis=1)
        weights = np.stack([W, W[::-1]], axis=1)
        model = set_weights(k.Sequential([k.Input((2, 3)), k.layers.Dense(1)]))
        model.compile(k.optimizers.SGD(0.1), "mse", weighted_metrics=["mae"], run_eagerly=k is keras)
        options = {"batch_size": 4, "epochs": 2, "shuffle": False, "verbose": 0, "validation_split": 0.3}
        history = model.fit(sequences, labels, sample_weight=weights, **options).history
        return history, model.get_weights(), model.evaluate(sequences, labels, sample_weight=weights, verbose=0)

    compare(code)


def test_stopping_and_going_on():
    def code(k):
        class Stop(k.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                if batch == 1:
                    self.model.stop_training = True

        model = made(k)
        stopped = trained(k, [dataset(k)], model, callbacks=[Stop()], epochs=3)
        return stopped, model.stop_training, trained(k, [dataset(k)], model)

    stopped, _, after = compare(code)
    assert stopped["iterations"] == 2 and after["iterations"] == 8


def test_batches_of_many_shapes():
    def code(k):
        def parts():
            for start, stop in ((0, 4), (4, 7), (7, 15), (15, 16), (16, 22)):
                yield X[start:stop], Y[start:stop], W[start:stop]

        return trained(k, [parts()], epochs=1)

    compare(code)


@pytest.mark.filterwarnings("ignore:The data ran out")
def test_a_generator_that_ends_early():
    """Both warn. Keras goes on with the first two batches, which it has kept; minikeras interrupts the training."""
    for k in (keras, minikeras):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = trained(k, [batches()], epochs=4, steps_per_epoch=2)
        assert sum("ran out" in str(entry.message) for entry in caught) == (2 if k is keras else 1)
        assert result["epoch"] == ([0, 1, 2, 3] if k is keras else [0, 1])
        assert result["iterations"] == (5 if k is keras else 3)
    compare(lambda k: trained(k, [batches()], epochs=1, steps_per_epoch=4))


def test_printed_lines(capsys):
    def lines(k):
        made(k).fit(batches(), verbose=2)
        made(k).fit(dataset(k), verbose=2, epochs=2)
        model = made(k)
        model.evaluate(batches(), verbose=2)
        model.predict(batches(), verbose=2)
        text = capsys.readouterr().out
        return re.sub(r"\d+s - \d+[mu]?s/step|\d+s \d+[mu]?s/step", "time", text).splitlines()

    assert compare(lines)[0].startswith("3/3 - time - loss: ")


REFUSED = {
    "an empty generator": lambda k: made(k).fit(iter_of()),
    "labels beside": lambda k: made(k).fit(batches(), Y),
    "weights beside": lambda k: made(k).fit(dataset(k), sample_weight=W),
    "a split": lambda k: made(k).fit(batches(), validation_split=0.2),
    "weights twice": lambda k: made(k).fit(dataset(k, (X, Y, W)), class_weight={0: 1.0}),
    "four parts": lambda k: made(k).fit(batches(1, X, Y, W, W)),
    "other lengths": lambda k: made(k).fit(X, Y[:20]),
    "other weights": lambda k: made(k).fit(X, Y, sample_weight=W[:20]),
    "text": lambda k: made(k).fit(pd.DataFrame({"a": ["x"] * 22}), Y),
}


def iter_of():
    yield from ()


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_refused(case):
    assert outcome(keras, REFUSED[case])[0] == "raises"
    assert outcome(minikeras, REFUSED[case]) == ("raises", "ValueError")
