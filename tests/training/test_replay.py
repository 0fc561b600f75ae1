"""Replayed training equals training that runs every step in Python, and nothing stale is ever replayed."""

import threading

import numpy as np
import pytest

import minikeras
from minikeras import layers, losses, ops
from minikeras.errors import ReplayWarning
from minikeras.optimizers import SGD
from minikeras.optimizers.schedules import ExponentialDecay, PiecewiseConstantDecay
from tests.helpers import plans_of

RNG = np.random.default_rng(0)
X = RNG.random((70, 6), dtype="float32")  # 70 examples in batches of 16: the last batch is smaller
NUMBERS = RNG.integers(0, 4, 70)
Y = np.eye(4, dtype="float32")[NUMBERS]


def made(activation="softmax", rate=0.0, **compile_options):
    minikeras.utils.set_random_seed(3)
    model = minikeras.Sequential(
        [
            layers.Input((6,)),
            layers.Dense(5, activation="tanh"),
            layers.Dropout(rate),
            layers.ReLU(),
            layers.Dense(4),
            layers.Activation(activation),
        ]
    )
    model.compile(
        **{"optimizer": SGD(0.1), "loss": "categorical_crossentropy", "metrics": ["accuracy"], **compile_options}
    )
    return model


def trained(epochs=3, y=Y, retraced=False, **options):
    model = made(**options)
    fit_options = {"callbacks": [Retrace()] if retraced else []}
    history = model.fit(X, y, batch_size=16, epochs=epochs, verbose=0, validation_split=0.2, **fit_options).history
    state = [variable.numpy().tobytes() for variable in [*model.variables, *model.optimizer.variables]]
    values = model.evaluate(X, y, batch_size=16, verbose=0)
    return history, state, values, model.predict(X, verbose=0).tobytes()


class Retrace(minikeras.callbacks.Callback):
    """Drops all plans before each step, so that each is traced anew."""

    def on_train_batch_begin(self, batch, logs=None):
        for kind in ("train", "test", "predict"):
            plans_of(self.model, kind).clear()

    on_test_batch_begin = on_train_batch_begin


def own_loss(y_true, y_pred):
    return ops.mean(ops.square(ops.tanh(y_pred) - y_true), axis=-1)


def own_metric(y_true, y_pred):
    return ops.max(ops.absolute(y_true - y_pred), axis=-1)


CASES = {
    "plain": {},
    "dropout": {"rate": 0.4},
    "momentum": {"optimizer": lambda: SGD(0.1, momentum=0.9)},
    "nesterov": {"optimizer": lambda: SGD(0.1, momentum=0.9, nesterov=True)},
    "clipnorm": {"optimizer": lambda: SGD(0.1, clipnorm=0.1)},
    "clipvalue": {"optimizer": lambda: SGD(0.1, clipvalue=0.01)},
    "global_clipnorm": {"optimizer": lambda: SGD(0.1, global_clipnorm=0.1)},
    "weight_decay": {"optimizer": lambda: SGD(0.1, weight_decay=0.1)},
    "ema": {"optimizer": lambda: SGD(0.1, use_ema=True, ema_overwrite_frequency=3)},
    "schedule": {"optimizer": lambda: SGD(ExponentialDecay(0.1, 2, 0.5))},
    "sparse": {"loss": "sparse_categorical_crossentropy", "y": NUMBERS},
    "binary": {"loss": "binary_crossentropy", "activation": "sigmoid", "metrics": ["binary_accuracy", "mse"]},
    "mse": {"loss": "mse", "activation": "linear", "metrics": ["mae"]},
    "mae": {"loss": "mae", "activation": "linear", "metrics": ["mse"]},
    "steps of the rate": {"optimizer": lambda: SGD(PiecewiseConstantDecay([2, 4], [0.1, 0.05, 0.01]))},
    "accumulation": {"optimizer": lambda: SGD(0.1, momentum=0.9, gradient_accumulation_steps=2)},
    "loss scale": {"optimizer": lambda: SGD(0.1, loss_scale_factor=8.0)},
    "all of SGD": {
        "optimizer": lambda: SGD(
            0.1, momentum=0.9, nesterov=True, weight_decay=0.01, global_clipnorm=1.0, use_ema=True, ema_momentum=0.9
        ),
        "rate": 0.2,
    },
    "smoothing": {"loss": lambda: losses.CategoricalCrossentropy(label_smoothing=0.1)},
    "sum": {"loss": lambda: losses.MeanSquaredError(reduction="sum")},
    "mean with sample weight": {"loss": lambda: losses.MeanAbsoluteError(reduction="mean_with_sample_weight")},
    "logits": {
        "loss": lambda: losses.SparseCategoricalCrossentropy(from_logits=True),
        "activation": "linear",
        "y": NUMBERS,
        "metrics": ["sparse_categorical_accuracy", "sparse_categorical_crossentropy"],
    },
    "binary logits": {"loss": lambda: losses.BinaryCrossentropy(from_logits=True), "activation": "linear"},
    "own loss": {"loss": lambda: own_loss, "activation": "linear"},
    "own metric": {"metrics": [own_metric]},
    "many metrics": {"metrics": ["acc", "categorical_crossentropy", "mse", "mae", "binary_crossentropy"]},
    "weighted metrics": {"weighted_metrics": ["accuracy", "mse"]},
    "loss weights": {"loss_weights": 0.5},
    "steps per execution": {"steps_per_execution": 3},
}


@pytest.mark.parametrize("case", CASES)
def test_replayed_is_eager_is_traced_anew(case):
    runs = []
    for how in ({}, {"run_eagerly": True}, {"retraced": True}):
        options = {
            name: value() if callable(value) and getattr(value, "__name__", "") == "<lambda>" else value
            for name, value in CASES[case].items()
        }
        runs.append(trained(**how, **options))
    assert runs[0] == runs[1] == runs[2]
    assert np.isfinite(list(runs[0][0].values())).all()
    assert made().predict(X, verbose=0).dtype == np.float32


def test_the_last_smaller_batch_has_its_own_plan():
    model = made()
    model.fit(X, Y, batch_size=16, epochs=3, verbose=0)  # 70 = 4 * 16 + 6
    plans = plans_of(model)
    assert sorted(plan.inputs[0].shape for plan in plans.values()) == [(6, 6), (16, 6)]
    first = model.predict(X, batch_size=16, verbose=0)
    np.testing.assert_allclose(first, model.predict(X, batch_size=70, verbose=0), rtol=1e-5)
    model.fit(X, Y, batch_size=16, epochs=1, verbose=0)
    assert len(plans) == 2 and plans_of(model) is plans


def test_class_and_sample_weights():
    weights = RNG.random(70)
    for options in ({"class_weight": {0: 2.0, 3: 0.5}}, {"sample_weight": weights}):
        results = []
        for eager in (False, True):
            model = made(run_eagerly=eager, weighted_metrics=["accuracy"])
            history = model.fit(X, Y, batch_size=16, epochs=2, verbose=0, **options).history
            results.append((history, [w.tobytes() for w in model.get_weights()]))
        assert results[0] == results[1]


def fitted(model, **options):
    """Trains for one epoch and returns the weights."""
    model.fit(X, Y, **{"batch_size": 16, "verbose": 0, "shuffle": False, **options})
    return model.get_weights()


def assert_same(first, second):
    assert [w.tobytes() for w in first] == [w.tobytes() for w in second]


def test_a_new_learning_rate_counts_from_the_next_step_on():
    class Stop(minikeras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.optimizer.learning_rate = 0.0

    model, other = made(), made()
    fitted(model)
    fitted(other)
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0, shuffle=False, callbacks=[Stop()])
    other.fit(X[:32], Y[:32], batch_size=16, verbose=0, shuffle=False)
    assert_same(model.get_weights(), other.get_weights())
    assert_same(fitted(model), other.get_weights())


def test_a_schedule_may_take_the_place_of_a_number():
    model, other = made(), made(optimizer=SGD(0.1))
    fitted(model)
    fitted(other)
    model.optimizer.learning_rate = ExponentialDecay(0.0, 1, 0.5)
    before = model.get_weights()
    assert_same(fitted(model), before)


def test_layers_added_and_removed():
    model = made()
    fitted(model)
    kept = model.get_weights()
    activation = model.pop()
    dense = model.pop()
    assert model.predict(X, verbose=0).shape == (70, 5)
    model.add(dense)
    model.add(activation)
    assert_same(model.get_weights(), kept)
    assert model.predict(X, verbose=0).shape == (70, 4)
    model.add(layers.Dense(4, activation="softmax"))
    assert model.predict(X, verbose=0).shape == (70, 4)
    model.compile(SGD(0.1), "categorical_crossentropy")
    before = model.get_weights()
    after = fitted(model)
    assert len(after) == 6 and not any(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_another_compile_counts():
    model = made()
    fitted(model)
    before = model.get_weights()
    model.compile(SGD(0.0), "mse", metrics=["mae"])
    assert_same(fitted(model), before)
    assert list(model.evaluate(X, Y, verbose=0, return_dict=True)) == ["loss", "mae"]


def test_weights_set_between_steps_count():
    model, other = made(), made()
    start = model.get_weights()
    fitted(model)
    model.set_weights(start)
    assert_same(fitted(model), fitted(other))
    model.set_weights([0 * weight for weight in start])
    np.testing.assert_array_equal(model.predict(X, verbose=0), np.full((70, 4), 0.25, "float32"))


def test_frozen_and_thawed_layers():
    """They count from the next `compile` on, as in Keras."""
    model = made()
    frozen = model.layers[0]

    def is_trained():
        before = model.get_weights()
        model.fit(X, Y, verbose=0)
        return [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]

    assert all(is_trained())
    frozen.trainable = False
    assert all(is_trained())
    model.compile("sgd", "mse")
    assert is_trained() == [False, False, True, True]
    frozen.trainable = True
    assert is_trained() == [False, False, True, True]
    model.compile("sgd", "mse")
    assert all(is_trained())


def test_an_adversary_trains_by_itself_and_is_frozen_in_the_model_of_both():
    """The usual script: the adversary is compiled, then frozen, and the model of both is compiled."""
    adversary = minikeras.Sequential([layers.Input((2,)), layers.Dense(1, "sigmoid")])
    adversary.compile("sgd", "binary_crossentropy")
    real = np.ones((8, 2), "float32")
    adversary.train_on_batch(real, np.ones((8, 1)))
    adversary.trainable = False
    noise = layers.Input((3,))
    both = minikeras.Model(noise, adversary(layers.Dense(2)(noise)))
    both.compile("sgd", "binary_crossentropy")
    before = adversary.get_weights()
    both.train_on_batch(np.ones((8, 3)), np.ones((8, 1)))
    assert all(np.array_equal(a, b) for a, b in zip(before, adversary.get_weights(), strict=True))
    first, second = (adversary.train_on_batch(real, np.ones((8, 1))) for _ in range(2))
    assert second < first


@pytest.mark.parametrize("eager", [False, True])
def test_results_are_never_overwritten(eager):
    model = made(run_eagerly=eager)
    seen = []

    class Look(minikeras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(dict(logs))

        def on_predict_batch_end(self, batch, logs=None):
            seen.append(logs["outputs"])

    results = [
        model.predict(X, batch_size=16, verbose=0, callbacks=[Look()]),
        model.predict_on_batch(X[:16]),
        model(X[:16]),
        *model.get_weights(),
        model.trainable_variables[0].value,
        model.trainable_variables[0].numpy(),
    ]
    model.fit(X, Y, batch_size=16, verbose=0, callbacks=[Look()])
    results += [part for part in seen if isinstance(part, np.ndarray)]
    logs = [part for part in seen if isinstance(part, dict)]
    kept, kept_logs = [result.copy() for result in results], [dict(part) for part in logs]
    assert len(results) == 14 and len(logs) == 5
    model.fit(X, Y, batch_size=16, verbose=0, epochs=2)
    model.predict(X[::-1], batch_size=16, verbose=0)
    model.predict_on_batch(-X[:16])
    for result, copy in zip(results, kept, strict=True):
        np.testing.assert_array_equal(result, copy)
    assert logs == kept_logs


def test_results_belong_to_the_user():
    model = made()
    x, y = X.copy(), Y.copy()
    expected = fitted(model)
    for result in (model.predict(x, verbose=0), model.predict_on_batch(x), *model.get_weights()):
        result[:] = 7
    assert_same(model.get_weights(), expected)
    model.fit(x, y, verbose=0, epochs=2)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)


def test_two_models_in_turn():
    alone = [fitted(made(rate=rate), epochs=3) for rate in (0.0, 0.3)]
    first, second = made(rate=0.0), made(rate=0.3)
    # made() sets the seed anew; the second model would otherwise have another one than when alone
    second.layers[1].seed_generator.state.assign(made(rate=0.3).layers[1].seed_generator.state)
    for _ in range(3):
        fitted(first)
        fitted(second)
    assert_same(first.get_weights(), alone[0])
    assert_same(second.get_weights(), alone[1])


def test_a_model_trained_inside_a_callback_of_another():
    expected_outer, expected_inner = fitted(made(), epochs=2), fitted(made(), epochs=10)
    inner = made()

    class Train(minikeras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            fitted(inner)

    outer = made()
    fitted(outer, epochs=2, callbacks=[Train()])
    assert_same(outer.get_weights(), expected_outer)
    assert_same(inner.get_weights(), expected_inner)


def test_a_model_used_inside_its_own_callback():
    expected = fitted(made(), epochs=2)
    model, seen = made(), []

    class Use(minikeras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(self.model.predict(X[:16], verbose=0))

    fitted(model, epochs=2, callbacks=[Use()])
    assert_same(model.get_weights(), expected)
    assert len(seen) == 10 and not np.array_equal(seen[0], seen[1])


def test_two_threads():
    expected = [fitted(made(rate=rate), epochs=20) for rate in (0.0, 0.3)]
    models = [made(rate=0.0), made(rate=0.3)]
    results = {}

    def work(index):
        results[index] = fitted(models[index], epochs=20)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index in range(2):
        assert_same(results[index], expected[index])


def test_a_step_that_looks_at_values_runs_eagerly():
    class Looks(layers.Layer):
        def call(self, inputs):
            return inputs * 2 if float(ops.sum(inputs)) > 0 else inputs * 0

        def compute_output_shape(self, input_shape):
            return input_shape

    model = minikeras.Sequential([layers.Input((1,)), Looks()])
    with pytest.warns(ReplayWarning, match=r"cannot be replayed.*test_replay.py:\d+") as caught:
        seen = [float(model.predict(np.float32([[v]]), verbose=0)[0, 0]) for v in (1, -1, 3)]
    assert seen == [2, 0, 6] and len(caught) == 1


def test_training_of_a_layer_that_looks_at_values():
    class Looks(layers.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight(input_shape[-1:], "ones")

        def call(self, inputs):
            scaled = inputs * self.scale
            if float(ops.sum(inputs)) > 0:  # the line that the warning names
                return scaled
            return -scaled

        def compute_output_shape(self, input_shape):
            return input_shape

    with open(__file__, encoding="utf-8") as file:
        line = next(n for n, text in enumerate(file, 1) if "the line that the warning names" in text)

    def weights_after(eager):
        model = minikeras.Sequential([layers.Input((6,)), Looks()])
        model.compile(SGD(0.1), "mse", run_eagerly=eager)
        signs = np.where(np.arange(70) % 3, 1, -1).astype("float32")[:, None]
        model.fit(X * signs, X, batch_size=1, epochs=2, verbose=0, shuffle=False)
        return model.get_weights()

    with pytest.warns(ReplayWarning, match=rf"train_step. cannot be replayed.*test_replay.py:{line}") as caught:
        replayed = weights_after(False)
    assert len(caught) == 1
    assert_same(replayed, weights_after(True))
