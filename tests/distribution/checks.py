"""Trains models in the processes that mpirun has started, and in process 0 alone, and compares.

`checks.py OUT.json` writes for each check what went wrong in which process. Each check is a function of the setting;
`test_mpi.py` makes a test of it.
"""

import json
import os
import socket
import sys
import tempfile
import traceback
import warnings

import numpy as np

import minikeras
from minikeras import Sequential, callbacks, layers, losses, metrics, ops, optimizers, utils
from minikeras.data import Dataset
from minikeras.distribution.mpi import MPIGroup, connect
from minikeras.engine.replicas import Replicas, set_current

CHECKS = {}
# Sums of a few hundred numbers are rounded in another order; 469 steps add to that. In units of the largest weight.
TOLERANCE = 1e-14


def check(function):
    CHECKS[function.__name__] = function
    return function


class Setting:
    """Some processes, each with a function that trains once in all of them and once in process 0 alone."""

    def __init__(self, group):
        self.group, self.rank, self.size = group, group.rank, group.size
        self.folder = group.broadcast(tempfile.mkdtemp() if group.rank == 0 else None, "the folder")

    def together(self, train, **options):
        set_current(Replicas(self.group, **options))
        try:
            return train()
        finally:
            set_current(None)

    def compare(self, train, tolerance=TOLERANCE):
        """Compares a nested result of process 0 alone with that of all; the latter must have the same bits in each."""
        alone = train() if self.rank == 0 else None
        found = self.together(train)
        self.same_bits(found)
        if self.rank == 0:
            close(found, alone, tolerance)
        return found

    def same_bits(self, found):
        for other in self.group.gather(found, "the results"):
            close(other, found, 0.0)


def close(found, expected, tolerance, where=""):
    assert isinstance(found, dict) or type(found) is type(expected), (where, type(found), type(expected))
    if isinstance(expected, dict):
        assert list(found) == list(expected), (where, list(found), list(expected))
        for key in expected:
            close(found[key], expected[key], tolerance, f"{where}/{key}")
    elif isinstance(expected, (list, tuple)):
        assert len(found) == len(expected), (where, found, expected)
        for index, pair in enumerate(zip(found, expected, strict=True)):
            close(*pair, tolerance, f"{where}/{index}")
    elif isinstance(expected, (float, np.ndarray)):
        found, expected = np.asarray(found), np.asarray(expected)
        assert found.shape == expected.shape and found.dtype == expected.dtype, (where, found.shape, expected.shape)
        error = np.max(np.abs(found - expected), initial=0.0) / max(np.max(np.abs(expected), initial=0.0), 1e-300)
        assert np.array_equal(found, expected, equal_nan=True) or error <= tolerance, (where, float(error))
    else:
        assert found == expected, (where, found, expected)


def points(rows=203, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, 6)), rng.integers(0, 3, rows)


def network(*middle, seed=5, units=3):
    """Returns a model; `middle` are functions that make layers, which draw their seeds when they are made."""
    utils.clear_session()
    utils.set_random_seed(seed)
    made = [make() for make in middle]
    return Sequential([layers.Input((6,)), layers.Dense(8, "tanh"), *made, layers.Dense(units, "softmax")])


def trained(model, optimizer, data, loss="sparse_categorical_crossentropy", compiled=(), **options):
    model.compile(optimizer, loss, **dict(compiled))
    history = model.fit(*data, **{"batch_size": 12, "epochs": 2, "verbose": 0, **options})
    return {"history": dict(history.history), "weights": model.get_weights(), "optimizer": state(model.optimizer)}


def state(optimizer):
    return [variable.numpy() for variable in optimizer.variables]


def one_hot(labels):
    return np.eye(3)[labels]


@check
def where_processes_are(s):
    hosts = s.group.gather(socket.gethostname(), "the names of hosts")
    assert len(set(hosts)) == int(os.environ.get("HOSTS", "1")), hosts


# ---------------------------------------------------------------- equality


@check
def sgd_for_469_steps(s):
    # 17 steps an epoch, the last one of 203 - 16 * 12 = 11 rows
    s.compare(lambda: trained(network(), optimizers.SGD(0.05, momentum=0.9), points(), epochs=28))


@check
def adam_for_469_steps(s):
    s.compare(lambda: trained(network(), "adam", points(), epochs=28))


@check
def fewer_rows_in_the_last_batch_than_processes(s):
    s.compare(lambda: trained(network(), "adam", points(25), epochs=3, compiled={"metrics": ["accuracy"]}))


@check
def fewer_rows_than_processes_at_all(s):
    s.compare(lambda: trained(network(), "adam", points(1), epochs=3, compiled={"metrics": ["accuracy"]}))


@check
def not_shuffled_and_within_batches(s):
    for shuffle in (False, "batch"):
        s.compare(lambda shuffle=shuffle: trained(network(), "sgd", points(50), shuffle=shuffle))


@check
def steps_per_epoch_and_per_execution(s):
    x, y = points(100)
    s.compare(
        lambda: trained(network(), "sgd", (x, y), steps_per_epoch=3, epochs=3, compiled={"steps_per_execution": 2})
    )


@check
def class_and_sample_weights(s):
    x, y = points(100)
    weights = np.random.default_rng(1).uniform(0.1, 3, 100)
    compiled = {"weighted_metrics": ["accuracy", "sparse_categorical_crossentropy"]}
    s.compare(lambda: trained(network(), "adam", (x, y), class_weight={0: 0.5, 1: 2.0, 2: 1.0}, compiled=compiled))
    s.compare(lambda: trained(network(), "adam", (x, y), sample_weight=weights, compiled=compiled))


@check
def reductions_of_losses(s):
    x, y = points(100)
    weights = np.random.default_rng(1).uniform(0.1, 3, 100)
    for reduction in ("sum", "mean", "mean_with_sample_weight"):
        loss = losses.SparseCategoricalCrossentropy(reduction=reduction)
        for given in (None, weights):

            def train(loss=loss, given=given):
                return trained(network(), optimizers.SGD(0.01), (x, y), loss, sample_weight=given)

            s.compare(train)


@check
def masks(s):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, (50, 7))  # 0 is masked
    y = rng.normal(size=(50, 7, 2))
    for reduction in ("sum_over_batch_size", "mean_with_sample_weight", "sum"):

        def train(reduction=reduction):
            utils.set_random_seed(2)
            model = Sequential(
                [layers.Embedding(5, 4, mask_zero=True), layers.LSTM(3, return_sequences=True), layers.Dense(2)]
            )
            return trained(model, optimizers.SGD(0.01), (x, y), losses.MeanSquaredError(reduction=reduction))

        s.compare(train)


@check
def penalties_and_losses_of_layers(s):
    class Penalty(layers.Layer):
        def call(self, x):
            self.add_loss(0.1 * ops.mean(ops.square(x)))
            return x

    def penalized():
        return layers.Dense(4, kernel_regularizer="l2", activity_regularizer="l1")

    s.compare(lambda: trained(network(Penalty, penalized), "sgd", points(96)))


@check
def clipping(s):
    for clipping in ({"clipnorm": 0.1}, {"clipvalue": 0.01}, {"global_clipnorm": 0.2}):
        s.compare(lambda clipping=clipping: trained(network(), optimizers.SGD(0.5, **clipping), points(60)))


@check
def gradient_accumulation(s):
    s.compare(lambda: trained(network(), optimizers.Adam(0.01, gradient_accumulation_steps=4), points(100)))


@check
def moving_averages_of_weights(s):
    s.compare(lambda: trained(network(), optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9), points(100)))


@check
def loss_scale_optimizer(s):
    def train():
        inner = optimizers.Adam(0.01)
        return trained(network(), optimizers.LossScaleOptimizer(inner, 8.0, dynamic_growth_steps=5), points(100))

    s.compare(train)


@check
def loss_scale_optimizer_skips_in_all_processes(s):
    x, y = points(48)
    x[13, 0] = np.inf  # of one process

    def train():
        model = network()
        model.compile(optimizers.LossScaleOptimizer(optimizers.SGD(0.1), 8.0), "sparse_categorical_crossentropy")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y, batch_size=12, verbose=0, shuffle=False)
        return model.get_weights(), state(model.optimizer)

    found = s.compare(train)
    assert all(np.isfinite(weight).all() for weight in found[0])


@check
def several_optimizers(s):
    def train():
        optimizer = optimizers.MultiOptimizer(
            optimizers.OptimizerMap(optimizers.SGD(0.1), {".*bias": optimizers.Adam(0.01)})
        )
        return trained(network(), optimizer, points(60))

    s.compare(train)


@check
def other_optimizers(s):
    for name in ("rmsprop", "lion", "adafactor", "nadam"):
        s.compare(lambda name=name: trained(network(), name, points(40)))


@check
def own_train_step(s):
    class Own(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.inner = network()
            self.mean = metrics.Mean(name="loss")
            self.accuracy = metrics.SparseCategoricalAccuracy(name="accuracy")

        @property
        def metrics(self):
            return [self.mean, self.accuracy]

        def call(self, x):
            return self.inner(x)

        def train_step(self, data):
            x, y = data
            with minikeras.GradientTape() as tape:
                outputs = self(x, training=True)
                loss = ops.mean(losses.sparse_categorical_crossentropy(y, outputs))
            grads = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(grads, self.trainable_variables, strict=True))
            self.mean.update_state(loss)
            self.accuracy.update_state(y, outputs)
            return {"loss": self.mean.result(), "accuracy": self.accuracy.result(), "last": loss}

    def train():
        model = Own()
        model.compile("adam")
        history = model.fit(*points(101), batch_size=12, epochs=3, verbose=0)
        return dict(history.history), model.get_weights()

    s.compare(train)


@check
def eager_steps(s):
    compiled = {"run_eagerly": True, "metrics": ["accuracy"]}
    s.compare(lambda: trained(network(), "adam", points(30), compiled=compiled))


@check
def several_inputs_and_outputs(s):
    x, y = points(50)

    def train():
        utils.set_random_seed(1)
        a, b = layers.Input((6,), name="a"), layers.Input((6,), name="b")
        both = layers.concatenate([layers.Dense(4, "relu")(a), layers.Dense(4, "relu")(b)])
        model = minikeras.Model({"a": a, "b": b}, [layers.Dense(1, name="p")(both), layers.Dense(3, name="q")(both)])
        compiled = {"loss_weights": [1.0, 0.5], "metrics": [["mae"], ["mse"]]}
        data = {"a": x, "b": x[::-1].copy()}, [y[:, None] * 1.0, one_hot(y)]
        return trained(model, "adam", data, ["mse", "mae"], compiled)

    s.compare(train)


@check
def convolutions(s):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(26, 16, 16, 3)), rng.integers(0, 3, 26)

    def train():
        utils.set_random_seed(1)
        stack = [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
        return trained(Sequential([layers.Input((16, 16, 3)), *stack]), "adam", (x, y))

    s.compare(train)


@check
def float32_and_mixed(s):
    # Rounded to 24 bits, in another order, for 18 steps.
    x, y = points(100)
    for policy, tolerance in (("float32", 2e-5), ("mixed_float16", 2e-2)):

        def train(policy=policy):
            utils.set_random_seed(1)
            stack = [layers.Dense(8, "tanh", dtype=policy), layers.Dense(3, "softmax", dtype="float32")]
            found = trained(Sequential([layers.Input((6,), dtype="float32"), *stack]), "sgd", (x.astype("float32"), y))
            return found["weights"]

        s.compare(train, tolerance)


@check
def the_same_bits_run_after_run(s):
    train = lambda: trained(network(lambda: layers.Dropout(0.5)), "adam", points(100))  # noqa: E731
    close(s.together(train), s.together(train), 0.0)


# ---------------------------------------------------------------- metrics, evaluate, predict


@check
def metrics_of_all_kinds(s):
    def train():
        model = network()
        given = [
            *(
                "accuracy",
                "mse",
                "categorical_crossentropy",
                "cosine_similarity",
                "kl_divergence",
                "top_k_categorical_accuracy",
            ),
            *(metrics.AUC(), metrics.Precision(), metrics.Recall(), metrics.F1Score(), metrics.R2Score()),
            *(metrics.PearsonCorrelation(), metrics.OneHotMeanIoU(num_classes=3), metrics.TruePositives()),
            *(
                metrics.PrecisionAtRecall(0.5),
                metrics.RootMeanSquaredError(),
                losses.MeanAbsoluteError(),
            ),
            lambda a, b: ops.mean(ops.abs(a - b)),
        ]
        x, y = points(101)
        compiled = {"metrics": given, "weighted_metrics": ["mae", metrics.AUC(name="weighted")]}
        model.compile("sgd", "categorical_crossentropy", **compiled)
        history = model.fit(x, one_hot(y), batch_size=12, verbose=0, epochs=2, validation_split=0.3)
        return dict(history.history)

    # Thresholds are compared with probabilities, so one that is rounded otherwise would show; none is here.
    s.compare(train, 1e-12)


@check
def evaluate_and_predict(s):
    x, y = points(101)

    def run():
        model = network()
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return (
            model.evaluate(x, y, batch_size=12, verbose=0),
            model.evaluate(x, y, batch_size=24, verbose=0, return_dict=True, steps=2),
            model.evaluate(x[:1], y[:1], verbose=0),
            model.predict(x, batch_size=12, verbose=0),
            model.predict(x, verbose=0),  # batches of 32, by any number of processes
            model.predict(x, batch_size=12, steps=3, verbose=0),
            model.predict(x[:1], verbose=0),
            model.predict(Dataset.from_tensor_slices(x).batch(7), verbose=0),
        )

    s.compare(run)


@check
def outputs_without_examples_are_refused(s):
    utils.set_random_seed(0)
    inputs = layers.Input((6,))
    model = minikeras.Model(inputs, layers.Lambda(lambda x: ops.sum(x, axis=0, keepdims=True))(inputs))

    def run():
        try:
            model.predict(points(24)[0], batch_size=12, verbose=0)
        except minikeras.errors.NotSupportedError as error:
            return str(error)

    assert "predict_on_batch" in s.together(run)


@check
def single_batches(s):
    x, y = points(11)

    def run():
        model = network()
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        trained = [model.train_on_batch(x, y) for _ in range(3)]
        return trained, model.test_on_batch(x, y, return_dict=True), model.predict_on_batch(x), model.get_weights()

    s.compare(run)


# ---------------------------------------------------------------- streams


class Rows(utils.PyDataset):
    def __init__(self, count=9, workers=1):
        super().__init__(workers=workers)
        self.x, self.y = points(100)
        self.count, self.made = count, []

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.made.append(index)
        return self.x[index * 11 : index * 11 + 11], self.y[index * 11 : index * 11 + 11]


@check
def a_py_dataset(s):
    for workers in (0, 2):
        s.compare(lambda workers=workers: trained(network(), "adam", (Rows(workers=workers),), batch_size=None))


@check
def an_endless_py_dataset(s):
    class Endless(Rows):
        num_batches = None

        def __getitem__(self, index):
            return super().__getitem__(index % 9)

    s.compare(lambda: trained(network(), "adam", (Endless(),), batch_size=None, epochs=2, steps_per_epoch=5))


@check
def each_process_makes_its_part_of_a_py_dataset(s):
    data = Rows()
    s.together(lambda: trained(network(), "sgd", (data,), batch_size=None, epochs=1, shuffle=False))
    # the first batch is made by all, to look at its shapes
    assert data.made == [0, *range(s.rank, 9, s.size)], data.made


@check
def datasets_and_generators(s):
    x, y = points(100)

    def dataset():
        return Dataset.from_tensor_slices((x, y)).shuffle(50, seed=3).batch(12).repeat(2)

    def generator():
        for start in range(0, 96, 12):
            yield x[start : start + 12], y[start : start + 12]

    s.compare(lambda: trained(network(), "adam", (dataset(),), batch_size=None, validation_data=dataset()))
    s.compare(lambda: trained(network(), "adam", (generator(),), batch_size=None, epochs=2, steps_per_epoch=4))


@check
def each_process_loads_its_rows_of_a_dataset(s):
    x, y = points(30)
    loaded = []

    def load(number):
        loaded.append(int(number))
        return x[int(number)], y[int(number)]

    def train():
        numbers = Dataset.from_tensor_slices(np.arange(30)).shuffle(30, seed=4)
        return trained(network(), "adam", (numbers.map(load).batch(12).prefetch(1),), batch_size=None, epochs=1)

    s.compare(train)
    loaded.clear()
    s.together(train)
    assert len(loaded) == len(set(loaded)) == sum(len(np.array_split(range(n), s.size)[s.rank]) for n in (12, 12, 6))


@check
def one_collective_a_step(s):
    model = network()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

    def calls(steps):
        before = s.group.entered
        model.fit(*points(12 * steps), batch_size=12, verbose=0)
        return s.group.entered - before

    def run():
        calls(2)
        difference = calls(9) - calls(5)
        names = [name for plan in model._runner.step("train").plans().values() for name in plan.names]
        return difference, [name for name in names if "allreduce" in name]

    # replayed, and written into one buffer
    assert s.together(run) == (4, ["allreduce_gradients"])


@check
def streams_of_unequal_length_end_together(s):
    x, y = points(100)

    def train():
        own = ((x[i : i + 3], y[i : i + 3]) for i in range(0, 3 * (4 + s.rank), 3))
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            model = network()
            model.compile("sgd", "sparse_categorical_crossentropy")
            model.fit(own, verbose=0, epochs=2, steps_per_epoch=3)
        return int(model.optimizer.iterations), [str(each.message)[:25] for each in found]

    # 3 steps, then one: process 0 has 4 batches
    assert s.together(train, shares_streams=False) == (
        4,
        ["The training data ran out"] * 0 + ["The data ran out: expected"[:25]],
    )


@check
def streams_of_their_own(s):
    x, y = points(96)

    def batches(rank, size):
        for start in range(0, 96, 12):
            part = slice(start + 12 // size * rank, start + 12 // size * (rank + 1))
            yield x[part], y[part]

    def train(rank, size):
        return trained(network(), "adam", (batches(rank, size),), batch_size=None, epochs=1)

    found = s.together(lambda: train(s.rank, s.size), shares_streams=False)
    s.same_bits(found)
    if s.rank == 0:
        close(found, train(0, 1), TOLERANCE)


# ---------------------------------------------------------------- layers


@check
def synchronized_batch_normalization(s):
    x, y = points(101)
    mask_of = layers.Masking(0.0)

    def train():
        return trained(
            network(lambda: layers.BatchNormalization(synchronized=True, momentum=0.9)), "sgd", (x, y), epochs=3
        )

    s.compare(train)

    def masked():
        utils.set_random_seed(0)
        steps = np.where(np.arange(5)[:, None] < np.arange(48)[:, None, None] % 6, 1.0, 0.0) * np.random.default_rng(
            0
        ).normal(size=(48, 5, 2))
        stack = [mask_of, layers.BatchNormalization(synchronized=True), layers.Dense(1)]
        return trained(Sequential([layers.Input((5, 2)), *stack]), "sgd", (steps, np.ones((48, 5, 1))), "mse")

    s.compare(masked)


@check
def averages_of_batch_normalization(s):
    x, y = points(25)  # the last batch has one row
    found = s.together(lambda: trained(network(layers.BatchNormalization), "sgd", (x, y), epochs=2))
    s.same_bits(found)
    alone = trained(network(layers.BatchNormalization), "sgd", (x, y), epochs=2)
    # moments of a part of a batch are others than those of the batch, and the averages of them near those of the batch
    assert not np.array_equal(found["weights"][4], alone["weights"][4])
    np.testing.assert_allclose(found["weights"][4], alone["weights"][4], atol=0.02)


@check
def dropout_differs_between_processes(s):
    class Kept(layers.Layer):
        def build(self, shape):
            self.kept = self.add_weight((6,), "zeros", dtype="int32", trainable=False)

        def call(self, x):
            self.kept.assign(ops.cast(x[0] != 0, "int32"))
            return x

    kept = Kept()

    def train():
        utils.set_random_seed(1)
        model = Sequential([layers.Input((6,)), layers.Dropout(0.5), kept, layers.Dense(3, "softmax")])
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.fit(np.ones((12, 6)), np.zeros(12, int), batch_size=12, verbose=0)
        return kept.kept.numpy().tolist(), [each.numpy() for each in model.variables]

    first, second = s.together(train), s.together(train)
    close(first, second, 0.0)
    assert len(set(map(str, s.group.gather(first[0], "the masks")))) > 1
    s.same_bits([value for value in first[1] if value.dtype != np.int32])  # the weights, and the state of the seed


# ---------------------------------------------------------------- callbacks


class Seen(callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.logs = []

    def on_train_batch_end(self, batch, logs=None):
        self.logs.append((batch, dict(logs)))

    def on_epoch_end(self, epoch, logs=None):
        self.logs.append((epoch, dict(logs)))

    def on_test_batch_end(self, batch, logs=None):
        self.logs.append((batch, dict(logs)))


@check
def callbacks_see_the_same_logs(s):
    x, y = points(49)

    def train():
        seen = Seen()
        trained(network(), "sgd", (x, y), callbacks=[seen], validation_split=0.5, compiled={"metrics": ["accuracy"]})
        return seen.logs

    s.compare(train)


@check
def training_stops_in_all_processes(s):
    class Stop(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2 and s.rank == s.size - 1:
                self.model.stop_training = True

    class StopLater(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1 and s.rank == s.size - 1:
                self.model.stop_training = True

    def steps(callback):
        model = network()
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.fit(*points(60), batch_size=12, epochs=4, verbose=0, callbacks=[callback])
        return int(model.optimizer.iterations)

    assert s.together(lambda: steps(Stop())) == 3
    assert s.together(lambda: steps(StopLater())) == 10


@check
def built_in_callbacks(s):
    def train():
        given = [
            callbacks.EarlyStopping("loss", patience=1, min_delta=0.02, restore_best_weights=True),
            callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9),
            callbacks.ReduceLROnPlateau("loss", patience=1, min_delta=0.1),
            callbacks.TerminateOnNaN(),
        ]
        return trained(network(), optimizers.SGD(0.05), points(60), epochs=12, callbacks=given)

    s.compare(train)


@check
def files_are_written_by_one_process(s):
    path = os.path.join(s.folder, "files")
    written = []

    def train():
        given = [
            callbacks.ModelCheckpoint(f"{path}/best.keras", save_best_only=True, monitor="loss"),
            callbacks.ModelCheckpoint(f"{path}/step.weights.h5", save_weights_only=True, save_freq=3),
            callbacks.CSVLogger(f"{path}/log.csv"),
            callbacks.TensorBoard(f"{path}/board", update_freq=2),
        ]
        found = trained(network(), "sgd", points(60), callbacks=given, epochs=3)
        written.append(minikeras.models.load_model(f"{path}/best.keras").get_weights())
        return found

    if s.rank == 0:
        os.makedirs(path)
    s.group.barrier("the test")
    found = s.together(train)
    s.same_bits(written)
    close(written[0], found["weights"], 0.0)
    with open(f"{path}/log.csv") as file:
        assert [line.partition(",")[0] for line in file] == ["epoch", "0", "1", "2"]
    names = sorted(os.listdir(path))
    assert names == ["best.keras", "board", "log.csv", "step.weights.h5"], names
    assert len(os.listdir(f"{path}/board/train")) == 1


@check
def a_backup_is_resumed_with_the_same_bits(s):
    for freq in ("epoch", 2):
        folder = os.path.join(s.folder, f"backup-{freq}")

        class Interruption(callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                if int(self.model.optimizer.iterations) == 8:
                    raise KeyError("interruption")

        def train(extra, folder=folder, freq=freq):
            backup = callbacks.BackupAndRestore(folder, save_freq=freq)
            model = network(lambda: layers.Dropout(0.3), layers.BatchNormalization)
            compiled = {"metrics": ["accuracy"]}
            return trained(model, "adam", points(59), callbacks=[backup, *extra], epochs=3, compiled=compiled)

        whole = s.together(lambda: train([]))
        try:
            s.together(lambda: train([Interruption()]))
        except KeyError:
            s.group.barrier("the test")
        else:
            raise AssertionError("the training was not interrupted")
        resumed = s.together(lambda: train([]))
        s.same_bits(resumed)
        close(resumed["weights"], whole["weights"], 0.0)
        close(resumed["optimizer"], whole["optimizer"], 0.0)
        # to 15 digits: the metrics of an epoch that is resumed are summed in another order
        close(resumed["history"]["loss"][-1], whole["history"]["loss"][-1], 1e-15)


# ---------------------------------------------------------------- bad input


def error_of(s, run, kind):
    def tried():
        try:
            run()
        except kind as error:
            return str(error)

    message = s.together(tried)
    assert message is not None, "nothing was raised"
    return message


@check
def a_batch_size_that_is_not_divisible(s):
    model = network()
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = model.get_weights()
    message = error_of(s, lambda: model.fit(*points(30), batch_size=13, verbose=0), minikeras.errors.ArgumentError)
    assert "batch_size=13" in message and f"number, {s.size}" in message
    close(model.get_weights(), before, 0.0)


@check
def processes_that_disagree(s):
    model = network()
    model.compile("sgd", "sparse_categorical_crossentropy")
    x, y = points(48 + 12 * (s.rank == 1))
    message = error_of(s, lambda: model.fit(x, y, batch_size=12, verbose=0), minikeras.errors.StateError)
    assert "differ in dataset 1" in message and "in process 1" in message, message
    other = network(units=3 + (s.rank == 1))
    message = error_of(s, lambda: other.predict(points(48)[0], batch_size=12, verbose=0), minikeras.errors.StateError)
    assert "differ in the weights" in message, message


@check
def weights_that_drift_apart(s):
    class Noise(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            kernel = self.model.layers[0].kernel
            kernel.assign(kernel + s.rank)

    def run():
        trained(network(), "sgd", points(48), callbacks=[Noise()])

    message = error_of(s, run, minikeras.errors.StateError)
    assert "kernel" in message and "process 1" in message


def run_all(group, prefix, names):
    setting, results = Setting(group), {}
    for name in names:
        try:
            CHECKS[name](setting)
            error = None
        except Exception:
            error = traceback.format_exc()
        found = group.gather(error, "the errors")
        results[prefix + name] = "\n".join(f"process {rank}: {text}" for rank, text in enumerate(found) if text)
    return results


OF_THREE = (
    "sgd_for_469_steps",
    "adam_for_469_steps",
    "fewer_rows_in_the_last_batch_than_processes",
    "reductions_of_losses",
    "a_py_dataset",
    "evaluate_and_predict",
)

if __name__ == "__main__":
    warnings.simplefilter("error")
    minikeras.config.set_floatx("float64")
    group = connect()
    names = sys.argv[2:] or list(CHECKS)
    results = run_all(group, "", names)
    if group.size == 4:  # three of them are another group
        part = group._comm.Split(int(group.rank == 3))
        if group.rank < 3:
            results |= run_all(MPIGroup(part, group._in_place), "3 ", [name for name in OF_THREE if name in names])
    if group.rank == 0:
        with open(sys.argv[1], "w") as file:
            json.dump(results, file)
    group.barrier("the test")
