"""The states of callbacks: into a backup, out of it, and out of one that is made to do harm."""

import contextlib
import io
import json

import h5py
import numpy as np
import pytest

from minikeras import Input, Sequential, layers, optimizers
from minikeras.callbacks import (
    BackupAndRestore,
    Callback,
    CallbackList,
    CSVLogger,
    EarlyStopping,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    SwapEMAWeights,
    TensorBoard,
)
from minikeras.callbacks.batch_counter import BatchCounter
from minikeras.callbacks.states import States, entries, named
from minikeras.errors import ArgumentError, ArgumentTypeError, ModelFileError
from tests.callbacks.halving import X, Y, halving_model, weight_of


class Keeps(Callback):
    """Has whatever state it is given."""

    def __init__(self, state=None):
        super().__init__()
        self.state = state

    def get_state(self):
        return self.state

    def set_state(self, state):
        self.state = state


class Stop(Callback):
    """Interrupts a training after some epochs, or batches."""

    def __init__(self, count, hook="on_epoch_begin"):
        super().__init__()
        self.count = count
        setattr(self, hook, self.stop)

    def stop(self, *args, **kwargs):
        if self.model.optimizer.iterations == self.count:
            raise KeyboardInterrupt


def fit(model, callbacks, epochs=4, copies=1, **options):
    x, y = np.repeat(X, copies, axis=0), np.repeat(Y, copies, axis=0)
    return model.fit(x, y, batch_size=1, epochs=epochs, verbose=0, callbacks=callbacks, **options)


def interrupt(model, callbacks, count, hook="on_epoch_begin", **options):
    with pytest.raises(KeyboardInterrupt):
        fit(model, [*callbacks, Stop(count, hook)], **options)


# ---------------------------------------------------------------- text and bytes


def test_all_kinds_of_values_come_back():
    state = {
        "plain": [1, -0.5, "ä\0", True, None, 2**70, {"a": {}, "b": []}],
        "odd": [float("nan"), float("inf"), 1e-320],
        "numpy": [np.float32(0.1), np.int64(3), np.bool_(True)],
        "arrays": (np.arange(6, dtype="int16").reshape(2, 3).T, np.array(2.5), np.zeros((0, 3)), np.array([True])),
        "variable": optimizers.SGD(0.5).learning_rate,
    }
    keeps = Keeps(state)
    states = States.of([keeps])
    state["arrays"][0][:] = 0  # what was taken is a copy
    text, data = states.encoded()
    assert json.loads(text) and len(data) == 12 + 8 + 0 + 1 + 4
    found = States.decoded(text, data).states["Keeps"]
    assert found["plain"] == state["plain"]
    np.testing.assert_array_equal(found["odd"], state["odd"])
    assert found["numpy"] == [float(np.float32(0.1)), 3, True] and [type(v) for v in found["numpy"]] == [
        float,
        int,
        bool,
    ]
    first, second, third, fourth = found["arrays"]
    np.testing.assert_array_equal(first, [[0, 3], [1, 4], [2, 5]])
    assert first.dtype == "int16" and second.shape == () and third.shape == (0, 3) and fourth.dtype == bool
    assert found["variable"].dtype == "float32" and found["variable"] == 0.5
    first[0] = 7  # its own memory


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (None, "expected a dict. Received: None"),
        ([1], "expected a dict"),
        ({"a": {1: 2}}, r"in \['a'\], the keys of a dict must be strings. Received: 1"),
        ({"a": [object()]}, r"in \['a'\]\[0\], expected numbers, strings.*of type object"),
        ({"a": {1, 2}}, "of type set"),
        ({"a": b"bytes"}, "of type bytes"),
        ({"a": np.array(["text"])}, "of type ndarray"),
        ({"a": 1j}, "of type complex"),
    ],
)
def test_what_cannot_be_saved(state, message, tmp_path):
    model = halving_model()
    with pytest.raises(ArgumentTypeError, match=f"Keeps: what `get_state` returns cannot be saved: .*{message}"):
        fit(model, [BackupAndRestore(tmp_path / "a"), Keeps(state)])
    assert weight_of(model) == 1.0  # that of the last finished step


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("[]", b""),
        ("{}", b""),
        ('{"states": [], "arrays": []}', b""),
        ('{"states": {"A": 1}, "arrays": []}', b""),
        ('{"states": {"A": {}}, "arrays": 3}', b""),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": ["A", "a"], "dtype": "float32", "shape": [2]}]}', b"1234"),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": ["A", "a"], "dtype": "object", "shape": [1]}]}', b"12345678"),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": ["A", "a"], "dtype": "O", "shape": [1]}]}', b"12345678"),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": ["A", "a"], "dtype": "int8", "shape": [-1]}]}', b"1234"),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": ["A", "a"], "dtype": "int8", "shape": [1e99]}]}', b"1234"),
        (
            '{"states": {"A": {"a": 1}}, "arrays": [{"at": ["A", "a"], "dtype": "int8", "shape": [%s]}]}' % ("9" * 99),
            b"1",
        ),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": ["B", "a"], "dtype": "int8", "shape": [1]}]}', b"1234"),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": [], "dtype": "int8", "shape": [1]}]}', b"1234"),
        ('{"states": {"A": {"a": 1}}, "arrays": [{"at": ["A"], "dtype": "int8", "shape": [1]}]}', b"1234"),
        ('{"states": ' + "[" * 100_000, b""),
        ('{"states": {"A": {"a": ' + "9" * 5000 + '}}, "arrays": []}', b""),
    ],
)
def test_harmful_states_in_a_backup(text, data, tmp_path):
    folder = tmp_path / "a"
    interrupt(halving_model(), [BackupAndRestore(folder), EarlyStopping("loss")], 2)
    put_states(folder, text, data)
    model = halving_model()
    with pytest.raises(ModelFileError, match="latest.weights.h5"):
        fit(model, [BackupAndRestore(folder), EarlyStopping("loss")])
    assert weight_of(model) == 2.0


@contextlib.contextmanager
def changed(folder):
    """Changes what is in a backup; it has no checksum then."""
    path = folder / "latest.weights.h5"
    image = io.BytesIO(path.read_bytes().partition(b"\x89minikeras sha256")[0])
    with h5py.File(image, "r+") as file:
        yield file["minikeras_training"]
    path.write_bytes(image.getvalue())


def put_states(folder, text, data=b""):
    with changed(folder) as group:
        for name, value in (("callbacks", text.encode()), ("callback_arrays", data)):
            del group[name]
            group[name] = np.frombuffer(value, "uint8")


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (lambda: EarlyStopping("loss"), {"wait": 0}),
        (lambda: EarlyStopping("loss"), {**dict.fromkeys(["wait", "stopped_epoch", "best_epoch"], 0), "best": "a"}),
        (lambda: ReduceLROnPlateau("loss"), {"best": [], "wait": 0, "cooldown_counter": 0}),
        (lambda: ReduceLROnPlateau("loss"), {"best": 0.5, "wait": True, "cooldown_counter": 0}),
        (SwapEMAWeights, {"ema_weights_in_model": 1}),
    ],
)
def test_states_of_another_kind_in_a_backup(make, state, tmp_path):
    def model():
        return halving_model(use_ema=True)

    interrupt(model(), [BackupAndRestore(tmp_path), make()], 2)
    (name,) = named([make()])
    put_states(tmp_path, json.dumps({"states": {name: state}, "arrays": []}))
    where = name.partition("(")[0]
    with pytest.raises(ModelFileError, match=rf"callbacks/{where}': {where}.*set_state: expected '"):
        fit(model(), [BackupAndRestore(tmp_path), make()])


def test_a_huge_array_by_many_names(tmp_path):
    interrupt(halving_model(), [BackupAndRestore(tmp_path, save_freq=1)], 2, "on_train_batch_end", copies=3)
    with changed(tmp_path) as group:
        group["metrics_count"][0] = 100_000
        for index in range(2, 1000):
            group[f"metrics_{index}"] = group["numpy_keys"]
    with pytest.raises(ModelFileError, match="an array must have one name"):
        fit(halving_model(), [BackupAndRestore(tmp_path)])


# ---------------------------------------------------------------- which state is whose


def test_names_tell_callbacks_apart(tmp_path):
    class Mine(Keeps):
        pass

    callbacks = [EarlyStopping("a"), EarlyStopping("b"), EarlyStopping("a", patience=3), Mine(), Mine(), Callback()]
    callbacks += [ModelCheckpoint("x.keras"), CSVLogger("x.csv"), LambdaCallback(), TensorBoard(tmp_path)]
    names = ["EarlyStopping('a')", "EarlyStopping('b')", "EarlyStopping('a') 2", "Mine", "Mine 2"]
    names += ["ModelCheckpoint('val_loss', 'x.keras')", "CSVLogger('x.csv')", f"TensorBoard('{tmp_path}')"]
    assert list(named(callbacks)) == names


def test_entries_are_checked():
    assert entries("A", {"a": 1, "b": None}, b=(int, type(None)), a=int) == (None, 1)
    for state in ({"a": "1"}, {"a": True}, {}, [], None, 3):
        with pytest.raises(ArgumentError, match="A.set_state: expected 'a' of type int"):
            entries("A", state, a=int)
    counter, other = BatchCounter(), BatchCounter()
    assert not counter.is_due(1, every=4)
    other.set_state(counter.get_state())
    assert [other.is_due(batch, every=4) for batch in (2, 3)] == [False, True]


def test_callbacks_that_are_not_those_of_the_backup(tmp_path):
    interrupt(halving_model(), [BackupAndRestore(tmp_path / "a"), EarlyStopping("loss"), Keeps({"a": 1})], 2)
    keeps = Keeps()
    others = [keeps, EarlyStopping("val_loss"), BackupAndRestore(tmp_path / "a")]
    message = r"not those.*starting afresh: EarlyStopping\('val_loss'\). Saved, but not used: EarlyStopping\('loss'\)"
    with pytest.warns(UserWarning, match=message):
        fit(halving_model(), others, validation_data=(X, Y))
    assert keeps.state == {"a": 1}


def test_lists_in_lists(tmp_path):
    keeps = [Keeps({"a": number}) for number in range(3)]
    interrupt(halving_model(), [keeps[0], [keeps[1], CallbackList([BackupAndRestore(tmp_path / "a"), keeps[2]])]], 2)
    keeps = [Keeps() for _ in range(3)]
    callbacks = CallbackList([keeps, BackupAndRestore(tmp_path / "a")], add_history=True, epochs=4)
    callbacks.set_model(halving_model())
    assert fit(callbacks.model, callbacks).epoch == [2, 3]
    assert [each.state for each in keeps] == [{"a": 0}, {"a": 1}, {"a": 2}]


# ---------------------------------------------------------------- what goes on


def test_averages_in_the_model(tmp_path):
    def model():
        return halving_model(use_ema=True, ema_momentum=0.5)

    for count, hook, options in (
        (6, "on_epoch_begin", {}),
        (7, "on_train_batch_end", {"save_freq": 1}),
        (12, "on_train_end", {}),
    ):
        expected = model()
        history = fit(expected, [SwapEMAWeights(swap_on_epoch=True)], copies=3).history
        backup = BackupAndRestore(tmp_path / "a", **options)
        interrupt(model(), [backup, SwapEMAWeights(swap_on_epoch=True)], count, hook, copies=3)
        again = model()
        backup = BackupAndRestore(tmp_path / "a", **options)
        found = fit(again, [SwapEMAWeights(swap_on_epoch=True), backup], copies=3).history
        assert all(rest == history[name][4 - len(rest) :] for name, rest in found.items())
        assert weight_of(again) == weight_of(expected)


def test_a_schedule_in_the_middle_of_an_epoch(tmp_path):
    def schedule(epoch, rate):
        return rate * 0.5

    expected = halving_model()
    fit(expected, [LearningRateScheduler(schedule)], copies=4)
    backup = BackupAndRestore(tmp_path / "a", save_freq=1)
    interrupt(halving_model(), [LearningRateScheduler(schedule), backup], 6, "on_train_batch_end", copies=4)
    again = halving_model()
    history = fit(again, [LearningRateScheduler(schedule), backup], copies=4).history
    assert history["learning_rate"] == [0.0625, 0.03125, 0.015625]
    assert weight_of(again) == weight_of(expected)


def test_steps_of_tensorboard(tmp_path):
    board = TensorBoard(tmp_path / "logs", update_freq=1)
    interrupt(halving_model(), [board, BackupAndRestore(tmp_path / "a")], 8, copies=4)
    board = TensorBoard(tmp_path / "logs", update_freq=1)
    fit(halving_model(), [board, BackupAndRestore(tmp_path / "a")], copies=4)
    assert board._global_train_batch == 16


def test_a_training_that_was_stopped_in_the_middle_of_an_epoch(tmp_path):
    class Enough(Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = self.model.optimizer.iterations == 6

    backup = BackupAndRestore(tmp_path / "a", save_freq=1)
    interrupt(halving_model(), [Enough(), backup], 6, "on_epoch_end", copies=4)
    model = halving_model()
    history = fit(model, [Enough(), backup], copies=4)
    assert history.epoch == [1] and history.history["loss"][0] == (0.5**8 + 0.5**10) * 4 / 2
    assert model.optimizer.iterations == 6


def test_a_finished_training_that_is_made_longer(tmp_path):
    """Nothing was interrupted: the epochs go on, and callbacks begin anew as they do without a backup."""
    path = str(tmp_path / "best.weights.h5")

    def callbacks():
        best = ModelCheckpoint(path, monitor="loss", save_best_only=True, save_weights_only=True)
        stopping = EarlyStopping("loss", min_delta=0.5, patience=1)
        return [
            BackupAndRestore(tmp_path / "a", delete_checkpoint=False),
            best,
            stopping,
            CSVLogger(tmp_path / "l.csv"),
        ]

    model = halving_model()
    assert fit(model, callbacks(), epochs=9).epoch == [0, 1, 2, 3]  # the loss is 4, 1, 0.25, 0.0625
    given = callbacks()
    history = fit(halving_model(), given, epochs=9)
    assert history.epoch == [4, 5] and history.history["loss"] == [0.015625, 0.00390625]
    assert given[1].best == 0.00390625
    assert (tmp_path / "l.csv").read_text().splitlines()[1:] == ["4,0.015625,NA", "5,0.00390625,NA"]
    # The best value is one that `on_train_begin` does not forget.
    best = callbacks()[1]
    fit(halving_model(), [BackupAndRestore(tmp_path / "a"), best], epochs=6)
    assert best.best == 0.00390625


def test_a_callback_that_compiles_the_model_again(tmp_path):
    class Thaw(Callback):
        thawed = False

        def thaw(self):
            self.thawed = self.model.layers[0].trainable = True
            self.model.compile(optimizers.Adam(0.5), "mae")

        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.thaw()

        def get_state(self):
            return {"thawed": self.thawed}

        def set_state(self, state):
            if state["thawed"] and not self.thawed:
                self.thaw()

    def model():
        made = Sequential([Input((1,)), layers.Dense(2, kernel_initializer="ones"), layers.Dense(1, "linear", False)])
        made.layers[1].set_weights([np.ones((2, 1), "float32")])
        made.layers[0].trainable = False
        made.compile(optimizers.SGD(0.25), "mse")
        return made

    for hook, count, options in (("on_epoch_end", 4, {}), ("on_train_batch_end", 3, {"save_freq": 1})):
        expected = model()
        history = fit(expected, [Thaw()], copies=2).history
        interrupt(model(), [Thaw(), BackupAndRestore(tmp_path / "a", **options)], count, hook, copies=2)
        again = model()
        rest = fit(again, [Thaw(), BackupAndRestore(tmp_path / "a", **options)], copies=2).history
        assert rest == {"loss": history["loss"][-len(rest["loss"]) :]} and len(rest["loss"]) in (2, 3)
        for left, right in zip(again.get_weights(), expected.get_weights(), strict=True):
            np.testing.assert_array_equal(left, right)
