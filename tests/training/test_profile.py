"""Where the time of a step goes."""

import numpy as np
import pytest

import minikeras as keras
from minikeras import layers, models
from minikeras.callbacks import LambdaCallback
from minikeras.errors import ArgumentError, DataError, ReplayWarning, StateError
from tests.helpers import plans_of

X = np.random.default_rng(0).standard_normal((40, 4)).astype("float32")
Y = np.eye(3, dtype="float32")[np.arange(40) % 3]


def made(optimizer="adam", **options):
    keras.utils.set_random_seed(1)
    parts = [layers.Dense(5, activation="relu", name="hidden"), layers.Dropout(0.5), layers.BatchNormalization()]
    model = models.Sequential([keras.Input((4,)), *parts, layers.Dense(3, activation="softmax", name="scores")])
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"], **options)
    return model


def test_a_training_step(capsys):
    profile = made().profile_step(X, Y, repeats=3)
    assert capsys.readouterr().out == f"{profile}\n"
    assert (profile.kind, profile.examples) == ("train", 32)
    assert list(profile.by_phase()) == ["forward", "loss", "backward", "optimizer", "metrics"]
    times = profile.by_layer()
    assert {"sequential/hidden", "sequential/dropout", "sequential/scores", "adam", ""} <= set(times)
    assert set(times["sequential/hidden"]) == {"forward", "backward"}
    assert set(times["adam"]) == {"optimizer"}
    assert set(times[""]) >= {"loss", "metrics"}


def test_what_is_said_of_an_instruction():
    profile = made().profile_step(X, Y, kind="test", batch_size=10, repeats=3)
    first = profile.instructions[0]
    assert (first.phase, first.layer, first.op, first.shape) == ("forward", "sequential/hidden", "matmul", (10, 5))
    assert first.bytes == 4 * (10 * 4 + 4 * 5 + 10 * 5)
    assert first.microseconds >= 0 and profile.microseconds > 0
    assert sum(each.share for each in profile.instructions) == pytest.approx(1)
    total = sum(each.microseconds for each in profile.instructions)
    assert sum(profile.by_phase().values()) == pytest.approx(total)
    assert sum(sum(times.values()) for times in profile.by_layer().values()) == pytest.approx(total)


def test_the_kinds():
    model = made()
    assert list(model.profile_step(X, Y, kind="test", repeats=1).by_phase()) == ["forward", "loss", "metrics"]
    assert list(model.profile_step(X, kind="predict", repeats=1).by_phase()) == ["forward"]


def test_the_tables():
    text = str(made("sgd").profile_step(X[:8], Y[:8], repeats=1))
    title, by_layer, by_instruction = text.split("\n\n")
    assert title.startswith("One train step on 8 examples: ") and title.endswith(" instructions")
    header, line, *rows = by_layer.splitlines()
    assert header.split() == "us by layer forward loss backward optimizer metrics sum share".split()
    assert rows[0].startswith("sequential/hidden ") and rows[-1].startswith("all ") and rows[-1].endswith("100.0%")
    header, line, *rows = by_instruction.splitlines()
    assert header.split() == "phase layer op shape us bytes share".split()
    assert rows[0].split()[:6] == ["0", "forward", "sequential/hidden", "matmul", "(8,", "5)"]


def state_of(model):
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    return [variable.numpy() for variable in variables]


@pytest.mark.parametrize("kind", ["train", "test", "predict"])
@pytest.mark.parametrize("epochs", [0, 1])
def test_nothing_is_changed(kind, epochs):
    """Neither by the trace nor by the replays: weights, moments, metrics, moving averages and seeds."""
    profiled, other = made(), made()
    keras.utils.set_random_seed(2)
    profiled.fit(X, Y, epochs=epochs, verbose=0)
    keras.utils.set_random_seed(2)
    other.fit(X, Y, epochs=epochs, verbose=0)
    before = state_of(profiled)
    labels = () if kind == "predict" else (Y,)
    profiled.profile_step(X, *labels, kind=kind, repeats=2, batch_size=7)
    for value, expected in zip(state_of(profiled), before, strict=False):
        np.testing.assert_array_equal(value, expected)
    histories = []
    for model in (profiled, other):
        keras.utils.set_random_seed(3)
        histories.append(model.fit(X, Y, epochs=2, verbose=0).history)
    assert histories[0] == histories[1]
    for value, expected in zip(state_of(profiled), state_of(other), strict=True):
        np.testing.assert_array_equal(value, expected)


def test_a_model_that_is_not_built_is_built():
    results = []
    for profiles in (True, False):
        keras.utils.set_random_seed(1)
        model = models.Sequential([layers.Dense(5, activation="relu"), layers.Dense(3)])
        model.compile("sgd", "mse")
        if profiles:
            model.profile_step(X, Y, repeats=1)
        model.fit(X, Y, verbose=0, shuffle=False)
        results.append(model.get_weights())
    for value, expected in zip(*results, strict=True):
        np.testing.assert_array_equal(value, expected)


def test_in_the_middle_of_a_training():
    results = []
    for profiles in (True, False):
        model = made()
        hook = LambdaCallback(on_train_batch_end=lambda batch, logs, model=model: model.profile_step(X, Y, repeats=1))
        keras.utils.set_random_seed(3)
        history = model.fit(X, Y, epochs=2, verbose=0, callbacks=[hook] if profiles else None)
        results.append([history.history["loss"], *model.get_weights()])
    for value, expected in zip(*results, strict=True):
        np.testing.assert_array_equal(value, expected)


def test_the_plan_is_that_of_fit():
    model = made()
    model.fit(X[:32], Y[:32], verbose=0)
    (plan,) = plans_of(model).values()
    assert [each.op for each in model.profile_step(X, Y, repeats=1).instructions] == plan.names


def test_an_own_step():
    class Own(models.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            x, y = data[:2]
            with keras.GradientTape() as tape:
                loss = keras.ops.mean((self(x) - y) ** 2)
            self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            return {"loss": loss}

    model = Own()
    model.compile("sgd")
    profile = model.profile_step(X, Y, repeats=1)
    assert {"forward", "backward", "optimizer"} == set(profile.by_phase())
    assert "own/dense" in profile.by_layer()


def test_what_is_refused():
    model = made()
    with pytest.raises(ArgumentError, match="`kind` among .*Received: kind='fit'"):
        model.profile_step(X, Y, kind="fit")
    with pytest.raises(ArgumentError, match="takes `x` alone"):
        model.profile_step(X, Y, kind="predict")
    with pytest.raises(ArgumentError, match="repeats"):
        model.profile_step(X, Y, repeats=0)
    with pytest.raises(DataError):
        model.profile_step(X, Y[:3])
    with pytest.raises(StateError, match="`profile_step` needs a compiled model"):
        models.Sequential([layers.Dense(1)]).profile_step(X, Y)


def test_a_prediction_needs_no_compiled_model():
    assert models.Sequential([layers.Dense(1)]).profile_step(X, kind="predict", repeats=1).kind == "predict"


def test_steps_that_run_in_python_are_refused():
    model = made(run_eagerly=True)
    before = state_of(model)
    with pytest.raises(StateError, match="have none: they run in Python each time"):
        model.profile_step(X, Y)
    for value, expected in zip(state_of(model), before, strict=False):
        np.testing.assert_array_equal(value, expected)


def test_steps_that_cannot_be_replayed_are_refused():
    class Looks(models.Sequential):
        def train_step(self, data):
            return {"loss": float(self.compute_loss(*data, self(data[0])))}

    model = Looks([layers.Dense(3)])
    model.compile("sgd", "mse")
    with pytest.warns(ReplayWarning), pytest.raises(StateError, match="ReplayWarning"):
        model.profile_step(X, Y)


def test_in_a_notebook_the_tables_are_not_repeated_as_data():
    profile = made().profile_step(X, Y, repeats=1)
    count = len(profile.instructions)
    assert (
        repr(profile)
        == f"<StepProfile of a train step on 32 examples: {profile.microseconds:.1f} us, {count} instructions>"
    )


def test_times_are_plain_numbers():
    """They can be written to JSON."""
    profile = made().profile_step(X, Y, repeats=1)
    first = profile.instructions[0]
    assert {type(value) for value in (profile.microseconds, first.microseconds, first.share)} == {float}


def test_the_phases_of_an_own_training_step():
    """Losses and means are told from the forward pass although no method of the model calls them."""

    class Own(models.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3)
            self.loss_function = keras.losses.MeanSquaredError()
            self.mean = keras.metrics.Mean(name="mean")
            self.error = keras.metrics.MeanAbsoluteError(name="error")

        def call(self, inputs):
            return self.dense(inputs)

        def train_step(self, data):
            x, y = data
            with keras.GradientTape() as tape:
                outputs = self(x)
                loss = self.loss_function(y, outputs)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            self.mean.update_state(loss)
            self.error.update_state(y, outputs)
            return {"mean": self.mean.result(), "error": self.error.result()}

    model = Own()
    model.compile("sgd")
    profile = model.profile_step(X, Y, repeats=1)
    assert {each.phase for each in profile.instructions if not each.layer} >= {"loss", "metrics"}
    assert {each.op for each in profile.instructions if "forward" in each.phase} == {"matmul", "broadcast copy", "add"}
