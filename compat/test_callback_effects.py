"""What each callback does to a training: histories, printed lines, warnings, files and weights as with real Keras."""

import contextlib
import inspect
import io
import json
import os
import shutil
import threading
import warnings
from http.server import BaseHTTPRequestHandler, HTTPServer

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

import minikeras
from compat.side_by_side import attempt, difference, set_weights

LIBRARIES = (keras, minikeras)
RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 3)).astype("float32")
Y = X[:, :1] * 0.5
NAMES = [name for name in dir(keras.callbacks) if not name.startswith("_")]
# Those that are signed differently, with the reason.
SIGNED_DIFFERENTLY: dict[str, str] = {}


def test_every_name_of_keras_is_there():
    theirs = [name for name in NAMES if inspect.isclass(getattr(keras.callbacks, name))]
    assert theirs == sorted(minikeras.callbacks.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_signatures_and_hooks(name):
    theirs, ours = getattr(keras.callbacks, name), getattr(minikeras.callbacks, name)
    signatures = [
        [(p.name, p.default, p.kind) for p in inspect.signature(cls.__init__).parameters.values()]
        for cls in (theirs, ours)
    ]
    assert signatures[0] == signatures[1]


def model_of(k, **options):
    model = k.Sequential([k.Input((3,)), k.layers.Dense(2, activation="tanh"), k.layers.Dense(1)])
    set_weights(model)
    # Real Keras takes longer to compile a step than to run some of them; ours is replayed.
    arguments = {"optimizer": k.optimizers.SGD(0.1), "loss": "mse", "metrics": ["mae"], **options}
    model.compile(run_eagerly=k is keras, **arguments)
    return model


def trained(k, make, epochs=3, compile_options=None, **options):
    """Everything a user can see of a training with callbacks, of which `make(k)` returns a list."""
    model = model_of(k, **{name: make_one(k) for name, make_one in (compile_options or {}).items()})
    callbacks = make(k)
    options = {"batch_size": 3, "shuffle": False, "verbose": 0, "epochs": epochs, **options}
    with watched() as seen:
        history = attempt(
            lambda: model.fit(X, Y, callbacks=callbacks, validation_data=(X[:2], Y[:2]), **options).history
        )
    return {
        "history": history,
        **seen,
        "weights": model.get_weights(),
        "learning rate": float(np.asarray(model.optimizer.learning_rate)),
    }


@contextlib.contextmanager
def watched():
    """Keeps what is printed and warned of."""
    seen, printed = {}, io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        yield seen
    seen["printed"] = printed.getvalue()
    seen["warnings"] = [str(each.message) for each in caught if issubclass(each.category, UserWarning)]


def compare(make, run=trained, **options):
    theirs, ours = (run(k, make, **options) for k in LIBRARIES)
    text = difference(theirs, ours)
    assert text is None, text
    return ours


@pytest.fixture(scope="module")
def models():
    """A model of each library whose metrics are made."""
    made = {k: model_of(k) for k in LIBRARIES}
    for model in made.values():
        model.fit(X, Y, verbose=0)
    return made


def driven(k, make, models, attributes=()):
    """What a callback does in six epochs with known values, without the time that the steps of real Keras take."""
    model = models[k]
    model.optimizer.learning_rate = 0.1
    rates, records = [], []
    with watched() as seen:
        callback = attempt_to_make(lambda: make(k))
        if isinstance(callback, tuple):
            return {"made": callback}
        callbacks = k.callbacks.CallbackList([callback], model=model, epochs=6, steps=1, verbose=0)

        def run():
            model.stop_training = False
            callbacks.on_train_begin()
            for epoch, value in enumerate(UP_AND_DOWN):
                callbacks.on_epoch_begin(epoch)
                rates.append(float(model.optimizer.learning_rate))
                model.set_weights([np.full_like(weight, epoch) for weight in model.get_weights()])
                for batch in range(2):
                    callbacks.on_train_batch_begin(batch)
                    callbacks.on_train_batch_end(batch, {"loss": value - 0.25 * batch})
                logs = {"loss": 1.0, "val_loss": value, "val_mae": value}
                records.append(logs)
                callbacks.on_epoch_end(epoch, logs)
                if model.stop_training:
                    break
            callbacks.on_train_end({"loss": 1.0})

        result = attempt(run)
    values = {name: getattr(callback, name) for name in attributes}
    return {"result": result, **seen, "rates": rates, "weights": model.get_weights(), "attributes": values}


def attempt_to_make(make):
    """A callback, or the class of the error."""
    made = []
    error = attempt(lambda: made.append(make()))
    return made[0] if made else error


UP_AND_DOWN = [1.0, 0.8, 0.9, 0.85, 0.7, 0.75]
STOPPING = {
    "at once": {},
    "patience": {"patience": 2, "verbose": 1},
    "more patience": {"patience": 3, "verbose": 1},
    "restores": {"patience": 1, "restore_best_weights": True, "verbose": 1},
    "restores at the end": {"patience": 9, "restore_best_weights": True, "verbose": 1},
    "baseline": {"baseline": 0.75, "patience": 3, "restore_best_weights": True, "verbose": 1},
    "unreached baseline": {"baseline": 0.5, "patience": 2, "restore_best_weights": True},
    "delta": {"min_delta": 0.1, "patience": 2},
    # 0.8 and 0.2 are no float32: the first improvement is one by rounding alone, and does not count.
    "delta that rounds": {"min_delta": 0.2, "patience": 2},
    "negative delta": {"min_delta": -0.1, "patience": 2},
    "more is better": {"mode": "max", "patience": 1},
    "unknown mode": {"mode": "least", "patience": 1},
    "late start": {"start_from_epoch": 3, "patience": 1, "verbose": 1},
    "metric": {"monitor": "val_mae", "patience": 1},
    "unknown": {"monitor": "val_accuracy"},
    "unknown, mode known": {"monitor": "val_accuracy", "mode": "max"},
}


@pytest.mark.parametrize("case", STOPPING)
def test_early_stopping(case, models):
    attributes = ["wait", "stopped_epoch", "best", "best_epoch", "min_delta"]
    compare(lambda k: k.callbacks.EarlyStopping(**STOPPING[case]), driven, models=models, attributes=attributes)


PLATEAU = {
    "patience": {"patience": 1, "verbose": 1},
    "factor": {"patience": 1, "factor": 0.5, "min_lr": 0.03, "verbose": 1},
    "cooldown": {"patience": 1, "factor": 0.5, "cooldown": 2},
    "more is better": {"patience": 1, "factor": 0.5, "mode": "max", "min_delta": 0.05},
    "patient": {"patience": 3, "factor": 0.5},
    "unknown": {"monitor": "val_accuracy", "mode": "max"},
    "no factor": {"factor": 1.0},
}


@pytest.mark.parametrize("case", PLATEAU)
def test_reduce_lr_on_plateau(case, models):
    attributes = ["wait", "cooldown_counter", "best"]
    compare(lambda k: k.callbacks.ReduceLROnPlateau(**PLATEAU[case]), driven, models=models, attributes=attributes)


SCHEDULES = {
    "of both": lambda epoch, rate: rate * 0.5 if epoch else rate,
    "of the epoch": lambda epoch: 0.1 / (epoch + 1),
    "a numpy float": lambda epoch: np.float32(0.05),
    "a double": lambda epoch, rate: np.float64(0.07),
    "a whole number": lambda epoch: 1,
}


@pytest.mark.parametrize("case", SCHEDULES)
def test_learning_rate_scheduler(case, models):
    compare(lambda k: k.callbacks.LearningRateScheduler(SCHEDULES[case], verbose=1), driven, models=models)


def test_a_training_that_changes_its_learning_rate():
    def make(k):
        return [
            k.callbacks.LearningRateScheduler(SCHEDULES["of both"], verbose=1),
            k.callbacks.ReduceLROnPlateau("loss", factor=0.5, min_delta=10, patience=1, verbose=1),
            k.callbacks.EarlyStopping("mae", min_delta=10, patience=2, restore_best_weights=True, verbose=1),
        ]

    ours = compare(make, epochs=5)
    assert list(ours["history"]) == ["loss", "mae", "val_loss", "val_mae", "learning_rate"]
    assert len(ours["history"]["loss"]) == 3


def test_learning_rate_scheduler_of_an_optimizer_with_a_schedule():
    compare(
        lambda k: [k.callbacks.LearningRateScheduler(SCHEDULES["of both"])],
        epochs=2,
        compile_options={"optimizer": lambda k: k.optimizers.SGD(k.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5))},
    )


def test_csv_logger(tmp_path):
    texts = []
    for k in LIBRARIES:
        folder = tmp_path / k.__name__
        folder.mkdir()

        def run(name, logs, start=0, folder=folder, k=k, **options):
            logger = k.callbacks.CSVLogger(folder / name, **options)
            logger.on_train_begin()
            for epoch, values in enumerate(logs, start):
                logger.on_epoch_end(epoch, values)
            logger.on_train_end()

        logs = [{"val_loss": 0.1, "loss": 1e-7, "name": "a;b"}, {"loss": 2.0, "other": 1.0}]
        run("new.csv", logs)
        run("new.csv", logs, start=2, append=True)
        run("semicolon.csv", logs, separator=";")
        run("late.csv", [{"mae": 1.0, "loss": np.float32(0.5)}, {"mae": 2.0, "val_mae": np.array([1, 2])}], append=True)
        run("nothing.csv", [None, {}])
        model = model_of(k)
        logger = k.callbacks.CSVLogger(str(folder / "fit.csv"))
        model.fit(X, Y, batch_size=3, shuffle=False, verbose=0, epochs=2, validation_split=0.5, callbacks=[logger])
        rows = [line.split(",") for line in (folder / "fit.csv").read_text().splitlines()]
        texts.append({path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "fit.csv"})
        texts[-1]["fit"] = rows[0]
        numbers = np.array(rows[1:], dtype=float)
        assert numbers[:, 0].tolist() == [0, 1]
        np.testing.assert_allclose(numbers[:, 1], model.history.history["loss"])
    assert texts[0] == texts[1]
    assert texts[1]["new.csv"].count(b"\r\n") == 1 + 2 + 2


@pytest.mark.parametrize("raises", [False, True])
def test_terminate_on_nan(raises):
    def make(k):
        class Spoil(k.callbacks.Callback):
            def on_epoch_begin(self, epoch, logs=None):
                if epoch == 1:
                    self.model.set_weights([np.full_like(weight, np.nan) for weight in self.model.get_weights()])

        return [Spoil(), k.callbacks.TerminateOnNaN(raise_error=raises)]

    ours = compare(make, epochs=3)
    assert ours["history"] == ("raises", "RuntimeError") if raises else len(ours["history"]["loss"]) == 2
    assert ours["printed"] == ("" if raises else "Batch 0: Invalid loss, terminating training\n")


def test_lambda_callback():
    recorded = []
    for k in LIBRARIES:
        calls = []

        def note(name, calls=calls):
            return lambda *args, **kwargs: calls.append((name, len(args), sorted(kwargs), args[0]))

        names = [name for name in dir(k.callbacks.Callback) if name.startswith("on_") and "_batch_" not in name[3:9]]
        callback = k.callbacks.LambdaCallback(**{name: note(name) for name in names})
        model = model_of(k)
        model.fit(X, Y, batch_size=3, epochs=1, shuffle=False, verbose=0, callbacks=[callback], validation_split=0.5)
        model.predict(X, verbose=0, callbacks=[callback])
        recorded.append([(name, count, names) for name, count, names, _ in calls])
    assert recorded[0] == recorded[1]
    assert len(recorded[0]) == 14


class Server(HTTPServer):
    """Keeps the requests it receives."""

    def __init__(self):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler):  # noqa: N805
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                kept = {name: handler.headers.get(name) for name in ("Content-Type", "X-Run")}
                self.requests.append((handler.path, kept, body))
                handler.send_response(200)
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            def log_message(handler, *args):  # noqa: N805
                pass

        self.requests = []
        super().__init__(("127.0.0.1", 0), Handler)


def test_remote_monitor():
    server = Server()
    root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        for k in LIBRARIES:
            for options in ({}, {"send_as_json": True, "path": "/run", "headers": {"X-Run": "3"}}, {"field": "f"}):
                monitor = k.callbacks.RemoteMonitor(root=root, **options)
                monitor.on_epoch_end(2, {"loss": 0.5, "array": np.array(0.25), "number": np.float32(0.125)})
                monitor.on_epoch_end(3)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert len(server.requests) == 12
    assert server.requests[:6] == server.requests[6:]
    assert json.loads(server.requests[2][2]) == {"epoch": 2, "loss": 0.5, "array": 0.25, "number": 0.125}
    messages = []
    for k in LIBRARIES:
        with pytest.warns(UserWarning, match="Could not reach") as caught:
            k.callbacks.RemoteMonitor(root=root).on_epoch_end(0, {"loss": 0.5})
        messages.append([str(each.message) for each in caught])
    assert messages[0] == messages[1]


AVERAGING = {"optimizer": lambda k: k.optimizers.SGD(0.1, momentum=0.9, use_ema=True, ema_momentum=0.5)}


@pytest.mark.parametrize("swap_on_epoch", [False, True])
def test_swap_ema_weights(swap_on_epoch):
    seen = []

    def make(k):
        class See(k.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                seen.append(self.model.get_weights())

        return [k.callbacks.SwapEMAWeights(swap_on_epoch), See()]

    compare(make, epochs=3, compile_options=AVERAGING)
    assert len(seen) == 6
    # Keras on TensorFlow swaps by adding and subtracting, which rounds.
    for theirs, ours in zip(seen[:3], seen[3:], strict=True):
        for first, second in zip(theirs, ours, strict=True):
            np.testing.assert_allclose(second, first, rtol=1e-4, atol=1e-6)
    if not swap_on_epoch:  # without averages; minikeras says so before the first epoch
        assert [trained(k, make)["history"] for k in LIBRARIES] == [("raises", "ValueError")] * 2


def test_predicting_with_averages():
    """Keras 3.15.1 forgets to swap back after `predict`; minikeras does not."""
    kept = []
    for k in LIBRARIES:
        model = model_of(k, **{name: make(k) for name, make in AVERAGING.items()})
        model.fit(X, Y, batch_size=3, shuffle=False, epochs=2, verbose=0)
        model.fit(X, Y, batch_size=3, shuffle=False, epochs=2, verbose=0, callbacks=[raw_weights(k)])
        before = model.get_weights()
        predicted = model.predict(X, verbose=0, callbacks=[k.callbacks.SwapEMAWeights()])
        kept.append((predicted, [np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]))
    np.testing.assert_allclose(kept[1][0], kept[0][0], rtol=1e-4, atol=1e-6)
    assert not any(kept[0][1]) and all(kept[1][1])


def raw_weights(k):
    """A callback that leaves the model with other weights than the averages."""

    class Raw(k.callbacks.Callback):
        def on_train_end(self, logs=None):
            self.model.set_weights([weight + 1 for weight in self.model.get_weights()])

    return Raw()


CHECKPOINTS = {
    "weights": {"filepath": "{epoch:02d}-{val_loss:.2f}.weights.h5", "save_weights_only": True, "verbose": 1},
    "models": {"filepath": "at {epoch}/{loss:.1f}.keras"},
    "best": {"filepath": "best.keras", "save_best_only": True, "verbose": 1},
    "best of all": {"filepath": "{epoch}.keras", "save_best_only": True, "initial_value_threshold": 0.8, "verbose": 1},
    "most": {"filepath": "{epoch}.keras", "save_best_only": True, "monitor": "val_mae", "mode": "max"},
    "batches": {"filepath": "{epoch}-{batch:02d}.weights.h5", "save_weights_only": True, "save_freq": 3, "verbose": 1},
    "unknown": {"filepath": "a.keras", "save_best_only": True, "monitor": "val_f", "mode": "max", "verbose": 1},
    "unknown direction": {"filepath": "a.keras", "monitor": "val_f"},
    "unknown placeholder": {"filepath": "{epoch}-{f}.keras"},
    "ending": {"filepath": "a.npz", "save_weights_only": True},
    "ending of models": {"filepath": "a"},
    "frequency": {"filepath": "a.keras", "save_freq": "batch"},
}


@pytest.mark.parametrize("case", CHECKPOINTS)
def test_model_checkpoint(case, models, tmp_path, monkeypatch):
    folders = {k: tmp_path / k.__name__ for k in LIBRARIES}

    def run(k, make):
        folders[k].mkdir()
        monkeypatch.chdir(folders[k])
        return driven(k, make, models, attributes=["best"])

    compare(lambda k: k.callbacks.ModelCheckpoint(**CHECKPOINTS[case]), run)
    files = [sorted(path.relative_to(folder) for path in folder.rglob("*.*")) for folder in folders.values()]
    assert files[0] == files[1]
    model = models[minikeras]
    for path in files[0]:
        weights = []
        for folder in folders.values():
            model.load_weights(folder / path)
            weights.append(model.get_weights())
        for theirs, ours in zip(*weights, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def interrupted(k, folder, at, **options):
    """A training that fails in an epoch, with a backup; returns the file beside the weights."""

    class Fail(k.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if (self.model.optimizer.iterations) == at:
                raise RuntimeError

    model = model_of(k)
    backup = k.callbacks.BackupAndRestore(folder, **options)
    arguments = {"batch_size": 2, "shuffle": False, "verbose": 0, "epochs": 4}
    with watched(), pytest.raises(RuntimeError):
        model.fit(X, Y, callbacks=[Fail(), backup], **arguments)  # the backup is the last one, as ours is anywhere
    return (folder / "training_metadata.json").read_bytes()


@pytest.mark.parametrize(("at", "save_freq"), [(8, "epoch"), (8, 3), (8, 4)])
def test_backup_and_restore(at, save_freq, tmp_path):
    metadata = [interrupted(k, tmp_path / k.__name__, at, save_freq=save_freq) for k in LIBRARIES]
    assert metadata[0] == metadata[1]
    names = [sorted(path.name for path in (tmp_path / k.__name__).iterdir()) for k in LIBRARIES]
    assert names[0] == names[1] == ["latest.weights.h5", "training_metadata.json"]
    results = []
    for k in LIBRARIES:
        for source in LIBRARIES:  # each goes on with the other's backup, too
            model = model_of(k)
            folder = tmp_path / f"{k.__name__} from {source.__name__}"
            shutil.copytree(tmp_path / source.__name__, folder)
            backup = k.callbacks.BackupAndRestore(folder, save_freq=save_freq)
            with watched():
                history = model.fit(X, Y, batch_size=2, shuffle=False, verbose=0, epochs=4, callbacks=[backup])
            assert not folder.exists()
            results.append((history.epoch, model.get_weights(), int(model.optimizer.iterations)))
    ours = results.pop()
    assert [result[0] for result in results] == [ours[0]] * 3
    for result in results[1:]:
        for theirs, weight in zip(results[0][1], result[1], strict=True):
            np.testing.assert_allclose(weight, theirs, rtol=1e-5, atol=1e-6)
    # After a backup within an epoch, Keras takes the batches that were done a second time.
    never = model_of(minikeras)
    never.fit(X, Y, batch_size=2, shuffle=False, verbose=0, epochs=4)
    assert ours[2] == 12
    for weight, expected in zip(ours[1], never.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_arguments_of_backups():
    for options in ({"backup_dir": ""}, {"backup_dir": None}, {"backup_dir": "a", "save_freq": "batch"}):
        made = [
            attempt_to_make(lambda k=k, options=options: k.callbacks.BackupAndRestore(**options)) for k in LIBRARIES
        ]
        assert made[0] == ("raises", "ValueError") and made[1][0] == "raises"
