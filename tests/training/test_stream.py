"""Batches that come one by one, from generators, datasets and iterables: in order, in time, and when they fail."""

import itertools
import threading

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.callbacks import Callback
from minikeras.errors import ArgumentError, DataError, NonFiniteWarning, ShapeError
from tests.training.streams import (
    Again,
    BoomError,
    Slices,
    W,
    X,
    Y,
    batches,
    bits,
    check_usable,
    made,
    no_threads,
    trained,
)


def test_every_kind_trains_as_arrays_do():
    expected = trained(X, Y, batch_size=4)
    endless = lambda: itertools.chain.from_iterable(batches() for _ in itertools.count())  # noqa: E731
    assert trained(endless(), steps_per_epoch=5) == expected
    for data in (Slices(), Slices(workers=3, max_queue_size=2), Again(), lists := Lists(), Slices(workers=0)):
        assert trained(data) == expected, data
    assert lists.passes == 2
    weighted = trained(X, Y, batch_size=4, sample_weight=W, epochs=1)
    assert trained(batches(weighted=True), epochs=1) == weighted != trained(X, Y, batch_size=4, epochs=1)


class Lists:
    """Batches as lists of float64, and a length, as the loaders of other libraries have them."""

    passes = 0

    def __len__(self):
        return 5

    def __iter__(self):
        self.passes += 1
        return ([x.astype("float64"), y.tolist()] for x, y in batches())


def test_evaluate_and_predict():
    model = made()
    expected = model.evaluate(X, Y, batch_size=4, verbose=0), model.predict(X, batch_size=4, verbose=0)
    for data in (batches, Slices, Again, lambda: Slices(workers=2, max_queue_size=1)):
        assert model.evaluate(data(), verbose=0) == expected[0]
        np.testing.assert_array_equal(model.predict(data(), verbose=0), expected[1])
    few = model.predict(X[:8], verbose=0)
    for data in (batches(), Slices(), Again(), (x for x, _ in batches()), ((x,) for x, _ in batches())):
        np.testing.assert_allclose(model.predict(data, steps=2, verbose=0), few, rtol=1e-6)
    assert model.predict(batches(), verbose=0).base is None  # no rest of memory is kept
    assert model.evaluate(batches(), steps=2, verbose=0) == model.evaluate(X[:8], Y[:8], batch_size=4, verbose=0)


def test_validation():
    expected = trained(X, Y, batch_size=4, validation_data=(X[:8], Y[:8]))
    endless = itertools.chain.from_iterable(batches(2) for _ in itertools.count())
    for data, options in ((endless, {"validation_steps": 2}), (Slices(), {"validation_steps": 2}), (HalfAgain(), {})):
        assert trained(X, Y, batch_size=4, validation_data=data, **options)[1] == expected[1]
    with pytest.warns(
        UserWarning, match="The validation data ran out: expected another pass, received 0 batches. Training goes on"
    ):
        history = trained(Again(), validation_data=batches(2))[0]
    assert history["val_loss"] == pytest.approx(expected[0]["val_loss"][:1]) and len(history["loss"]) == 2


class HalfAgain:
    def __iter__(self):
        return batches(2)


def test_class_weights():
    labels = np.int64([0, 1, 2, 1] * 5)[:, None]
    weights = {1: 2.0, 2: 0.0}
    expected = trained(X, labels, batch_size=4, class_weight=weights)
    assert trained(X, labels[:, 0], batch_size=4, class_weight=weights) == expected

    class Labels(Slices):
        def __getitem__(self, index):
            return X[index * 4 : index * 4 + 4], labels[index * 4 : index * 4 + 4]

    assert trained(Labels(), class_weight=weights) == expected
    with pytest.raises(ArgumentError, match="`class_weight` and sample weights cannot both be given"):
        made().fit(batches(weighted=True), class_weight=weights, verbose=0)


def test_no_batch_is_taken_before_it_is_needed():
    taken = []

    def counted():
        for number in itertools.count():
            taken.append(number)
            yield X[:4], Y[:4]

    class Look(Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(len(taken))

    generator, seen = counted(), []
    for _ in range(2):  # a second training goes on where the first one ended
        made().fit(generator, steps_per_epoch=3, verbose=0, callbacks=[Look()])
    assert seen == [1, 2, 3, 4, 5, 6] == [number + 1 for number in taken]


def test_a_dataset_hears_of_epochs():
    data = Slices()
    model = made()
    model.fit(data, epochs=2, verbose=0, shuffle=False)
    assert data.calls == [0, "end", *["begin", 0, 1, 2, 3, 4, "end"] * 2]  # the first batch is looked at before
    data.calls.clear()
    model.predict(data, steps=2, verbose=0)
    assert data.calls == [0, "begin", 0, 1, "end"]
    data.calls.clear()
    with pytest.warns(UserWarning, match="expected 3 steps for this epoch, received 2 batches. Make sure"):
        model.fit(data, epochs=3, steps_per_epoch=3, verbose=0, shuffle=False)
    passes = [["begin", 0, 1, 2, "end"], ["begin", 3, 4, "end"], ["begin", 0, 1, 2, "end"]]
    assert data.calls == [0, "end", *itertools.chain.from_iterable(passes)]


def test_a_dataset_is_shuffled():
    def order(**options):
        minikeras.utils.set_random_seed(3)
        data = Slices(**options)
        made().fit(data, epochs=2, verbose=0)
        return [call for call in data.calls if isinstance(call, int)][1:]

    found = order()
    assert found == order() and sorted(found) == sorted([*range(5)] * 2) and found[:5] != found[5:]
    assert sorted(order(workers=2)) == sorted(found)


def test_an_endless_dataset():
    class Endless(Slices):
        num_batches = None

        def __getitem__(self, index):
            return super().__getitem__(index % 5)

    for options in ({}, {"workers": 2, "max_queue_size": 1}):
        data = Endless(**options)
        made().fit(data, epochs=2, steps_per_epoch=3, verbose=0)
        numbers = [call for call in data.calls if isinstance(call, int)]
        assert sorted(numbers[1:]) == [0, 0, 1, 2, 3, 4]


@pytest.mark.parametrize(("asked", "epochs", "steps"), [(3, 2, 5), (5, 1, 5), (None, 1, 5), (2, 3, 5)])
def test_a_generator_that_ends_early(asked, epochs, steps):
    """5 batches for 4 epochs: what is there is trained on, then training is interrupted."""
    model = made()
    with pytest.warns(UserWarning, match="The data ran out.* Training is interrupted. Make sure") as caught:
        history = model.fit(batches(), epochs=4, steps_per_epoch=asked, verbose=0)
    assert len(caught) == 1 and caught[0].filename == __file__
    assert history.epoch == list(range(epochs)) and int(model.optimizer.iterations) == steps


def test_the_bar_learns_how_many_steps_there_are(capsys):
    made().fit(Again(), epochs=2, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("5/5 - ") and lines[3].startswith("5/5 - ")
    seen = []

    class Look(Callback):
        def on_epoch_begin(self, epoch, logs=None):
            seen.append(self.params["steps"])

    made().fit(Again(), verbose=0, callbacks=[Look()])
    made().fit(Slices(), verbose=0, callbacks=[Look()])
    assert seen == [None, 5]


def test_batches_of_many_shapes():
    sizes = [4, 3, 7, 1, 4]

    def parts():
        for stop, size in zip(itertools.accumulate(sizes), sizes, strict=True):
            yield X[stop - size : stop], Y[stop - size : stop]

    model, by_hand = made(), made()
    history = model.fit(parts(), verbose=0).history
    losses = [by_hand.train_on_batch(x, y)[0] for x, y in parts()]
    assert history["loss"][0] == pytest.approx(np.average(losses, weights=sizes), rel=1e-6)
    assert [w.tobytes() for w in model.get_weights()] == [w.tobytes() for w in by_hand.get_weights()]
    with pytest.raises(DataError, match=r"different shapes, without the batch \(3, 1\) and then \(2, 1\)"):
        free = minikeras.Sequential([layers.Input((None, 3)), layers.Dense(1)])
        free.predict(iter([X[None, :3], X[None, :2]]), verbose=0)


class Changing(Slices):
    """A dataset of another length in each epoch."""

    def __init__(self, *lengths, **kwargs):
        super().__init__(**kwargs)
        self.lengths = list(lengths)

    def __len__(self):
        return self.lengths[0]

    def __getitem__(self, index):
        assert index < len(self)
        self.calls.append(index)
        return X[:4], Y[:4]

    def on_epoch_begin(self):
        pass

    def on_epoch_end(self):
        self.calls.append("end")
        del self.lengths[: len(self.lengths) > 1]


WORKERS = [{}, {"workers": 2, "max_queue_size": 1}]


@pytest.mark.parametrize("options", WORKERS, ids=str)
def test_each_epoch_has_the_length_that_the_dataset_has_then(options, capsys):
    for lengths in ((9, 1, 2, 3), (9, 4, 2, 1), (9, 2, 5, 1)):
        data, steps = Changing(*lengths, **options), []

        class Look(Callback):
            def on_epoch_begin(self, epoch, logs=None):
                steps.append(self.params["steps"])  # noqa: B023

        made().fit(data, epochs=3, verbose=2, shuffle=False, callbacks=[Look()])
        parts = " ".join(map(str, data.calls)).split("end")
        assert [sorted(map(int, part.split())) for part in parts[1:4]] == [list(range(n)) for n in lengths[1:]]
        assert steps == list(lengths[1:])
        shown = [line.split(" - ")[0] for line in capsys.readouterr().out.splitlines() if " - " in line]
        assert shown == [f"{n}/{n}" for n in lengths[1:]]
    data = Changing(9, 5, 2, **options)
    made().fit(X, Y, validation_data=data, epochs=2, verbose=0)
    assert len(data.calls) == 1 + 5 + 2 + 4  # looked at, twice validated, told of four ends


def test_processes_see_the_length_of_the_epoch():
    data = Changing(9, 1, 3, workers=1, use_multiprocessing=True)
    model = made()
    model.fit(data, epochs=2, verbose=0)
    assert int(model.optimizer.iterations) == 1 + 3


def test_a_length_that_changes_within_a_pass():
    data = Changing(9, 5, 3, 3, 3)
    with pytest.warns(UserWarning, match="expected 2 steps for this epoch, received 1 batches. Make sure"):
        made().fit(data, epochs=3, steps_per_epoch=2, verbose=0, shuffle=False)
    assert data.calls == [0, "end", 0, 1, "end", 2, "end", 0, 1, "end"]
    data = Changing(9, 2, 4, 4)
    made().fit(data, epochs=2, steps_per_epoch=2, verbose=0, shuffle=False)
    assert data.calls == [0, "end", 0, 1, "end", 0, 1, "end"]


def test_a_dataset_that_becomes_empty():
    model = made()
    with pytest.warns(UserWarning, match="The data ran out: expected another epoch, received 0 batches"):
        history = model.fit(Changing(9, 2, 0), epochs=3, verbose=0)
    assert history.epoch == [0] and int(model.optimizer.iterations) == 2


def test_the_length_at_the_begin_of_an_epoch_counts():
    class Begins(Slices):
        size = 1

        def __len__(self):
            return self.size

        def on_epoch_begin(self):
            self.size += 1

    data = Begins()
    made().fit(data, epochs=2, verbose=0, shuffle=False)
    assert data.calls == [0, "end", 0, 1, "end", 0, 1, 2, "end"]


def test_streams_that_end_early_say_what_for():
    model = made()
    endless = itertools.cycle(batches())
    options = {"steps_per_epoch": 1, "epochs": 4, "validation_steps": 2, "verbose": 0}
    with pytest.warns(UserWarning, match="The validation data ran out: expected 2 steps for this pass, rec") as caught:
        history = model.fit(endless, validation_data=batches(3), **options).history
    assert (len(history["loss"]), len(history["val_loss"])) == (4, 2) and len(caught) == 1
    assert "received 1 batches. Training goes on" in str(caught[0].message) and "interrupted" not in str(caught[0])
    with pytest.warns(
        UserWarning, match="expected 6 steps for this pass, received 4 batches. The values are"
    ) as caught:
        found = model.evaluate(batches(4), steps=6, verbose=0)
    assert found == model.evaluate(batches(4), verbose=0) and "interrupted" not in str(caught[0].message)
    with pytest.warns(UserWarning, match="expected 6 steps for this pass, received 4 batches. The outputs") as caught:
        assert len(model.predict(batches(4), steps=6, verbose=0)) == 16
    assert "interrupted" not in str(caught[0].message)


def test_steps_per_execution():
    model, calls = made(steps_per_execution=2), []

    class Look(Callback):
        def on_train_batch_end(self, batch, logs=None):
            calls.append(batch)

    model.fit(Again(), verbose=0, callbacks=[Look()])
    assert calls == [1, 3, 5] and int(model.optimizer.iterations) == 5


# ---------------------------------------------------------------- failures


def failing(after=3):
    yield from batches(after)
    raise BoomError("in the middle")


def test_a_generator_that_raises():
    model, expected = made(), made()
    with pytest.raises(BoomError, match="in the middle"):
        model.fit(failing(), verbose=0)
    expected.fit(batches(3), verbose=0)
    assert bits(model) == bits(expected) and int(model.optimizer.iterations) == 3  # the last finished step is kept
    check_usable(model)
    for method in (model.evaluate, model.predict):
        with pytest.raises(BoomError):
            method(failing(), verbose=0)
    before = bits(model)
    with pytest.raises(BoomError):
        model.fit(failing(0), verbose=0)
    assert bits(model) == before


def test_a_callback_that_raises():
    class Raises(Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise BoomError

    for data in (batches(), Slices(workers=2), Slices()):
        model = made()
        with pytest.raises(BoomError):
            model.fit(data, verbose=0, callbacks=[Raises()])
        assert int(model.optimizer.iterations) == 3
        check_usable(model)
    assert no_threads()


def test_arrays_leave_no_thread():
    class Raises(Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                raise BoomError

    with pytest.raises(BoomError):
        made().fit(np.tile(X, (50, 1)), np.tile(Y, (50, 1)), batch_size=4, verbose=0, callbacks=[Raises()])
    assert not any(thread.name == "minikeras-data" for thread in threading.enumerate())


REFUSED = {
    "no batch": (iter([]), {}, DataError, "`x` yields no batch: expected at least one"),
    "labels beside": (batches(), {"y": Y}, DataError, "`y` must not be given if `x` is a generator"),
    "weights beside": (
        Slices(),
        {"sample_weight": W},
        DataError,
        "`sample_weight` must not be given if `x` is a Slices",
    ),
    "a split": (batches(), {"validation_split": 0.2}, ArgumentError, "`validation_split` needs arrays"),
    "four parts": (iter([(X, Y, W, W)]), {}, DataError, "A batch must be `x`, or a tuple.*Received: a tuple of 4"),
    "no part": (iter([()]), {}, DataError, "Received: a tuple of 0"),
    "numbers": (range(5), {}, DataError, "`x of a batch` must be a numpy array.*Received: 0"),
    "text": (iter([(X.astype(str), Y)]), {}, DataError, "`x of a batch` must be numeric"),
    "an empty batch": (iter([(X[:0], Y[:0])]), {}, DataError, "`x of a batch` is empty"),
    "other lengths": (iter([(X, Y[:5])]), {}, DataError, "Received: x of a batch: 20, y of a batch: 5"),
    "no labels": (iter([X]), {}, ValueError, "the loss needs `y`"),
    "other features": (iter([(X[:, :2], Y)]), {}, ShapeError, r"received shape \(None, 2\)|expected last input"),
    "other labels": (iter([(X, np.ones((20, 4, 2)))]), {}, ValueError, r"the labels have shape \(20, 4, 2\)"),
    "wrong weights": (iter([(X, Y, np.ones((20, 3)))]), {}, ValueError, "sample weights have shape"),
    "class weights": (
        iter([(X, Y)]),
        {"class_weight": {"a": 1}},
        ArgumentError,
        "`class_weight` expects class indices",
    ),
    "validation": (X, {"y": Y, "validation_data": iter([])}, DataError, "`validation x` yields no batch"),
    "a generator as y": (X, {"y": batches()}, DataError, "`y` must be a numpy array.*must yield whole batches"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    x, options, error, message = REFUSED[case]
    model = made()
    before = bits(model)
    with pytest.raises(error, match=message):
        model.fit(x, **options, verbose=0)
    assert bits(model) == before and int(model.optimizer.iterations) == 0 and vars(model).get("history") is None


def test_a_later_batch_that_cannot_be_used():
    """The steps before it are kept."""
    first = X[:4], Y[:4]
    for bad, message in (((X[:4], Y[:3]), "x of a batch: 4, y of a batch: 3"), ((X[:4, :2], Y[:4]), "expected")):
        model = made()
        with pytest.raises(ValueError, match=message):
            model.fit(iter([first, first, bad]), verbose=0)
        assert int(model.optimizer.iterations) == 2
        check_usable(model)
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    labels = np.int64([0, 1, 1, 0])
    with pytest.raises(DataError, match="class indices from 0 to 1.*Received: labels from 1 to 2"):
        model.fit(iter([(X[:4], labels), (X[:4], labels + 1)]), verbose=0)
    assert int(model.optimizer.iterations) == 1


def test_values_that_are_not_finite_are_named():
    bad = X[:4].copy()
    bad[0, 0] = np.nan
    with pytest.warns(NonFiniteWarning, match="from epoch 1, step 2 on"):
        made().fit(iter([(X[:4], Y[:4]), (bad, Y[:4])]), verbose=0)


def test_a_size_of_batches_has_no_effect():
    with pytest.warns(UserWarning, match="`batch_size` has no effect: the batches are those of the generator"):
        model = made()
        model.fit(batches(), batch_size=2, verbose=0)
    assert int(model.optimizer.iterations) == 5
