"""Callbacks that evaluate, predict, train and compile in the middle of a training."""

import threading

import numpy as np
import pytest

from minikeras import Input, Model, Sequential, layers, losses, metrics, ops, optimizers
from minikeras.callbacks import Callback, EarlyStopping, LambdaCallback, SwapEMAWeights
from minikeras.errors import ArgumentError
from minikeras.training.nested_calls import is_running
from tests.callbacks.halving import X, Y, halving_model, weight_of

X4, Y4 = np.repeat(X, 4, axis=0), np.repeat(Y, 4, axis=0)
FAR = X4 + 100

HOOKS = [
    "on_train_begin",
    "on_epoch_begin",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_begin",
    "on_test_batch_begin",
    "on_test_batch_end",
    "on_test_end",
    "on_epoch_end",
    "on_train_end",
]
CALLS = {
    "evaluate": lambda model: model.evaluate(FAR, Y4, batch_size=1, verbose=0),
    "predict": lambda model: model.predict(FAR, batch_size=1, verbose=0),
    "predict_on_batch": lambda model: model.predict_on_batch(FAR),
    "test_on_batch": lambda model: model.test_on_batch(FAR, Y4),
}


def calling(hooks, function):
    """A callback that calls a function with the model in some hooks."""

    class Calling(Callback):
        pass

    for hook in hooks:
        setattr(Calling, hook, lambda self, *args, **kwargs: function(self.model))
    return Calling()


class OwnStep(Model):
    """A model whose own steps return arrays that the next step overwrites."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1, use_bias=False)

    def call(self, inputs):
        return self.dense(inputs)

    def train_step(self, data):
        results = super().train_step(data)
        return {**results, "pair": ops.stack([results["loss"], results["loss"]])}

    def test_step(self, data):
        results = super().test_step(data)
        return {**results, "pair": ops.stack([results["loss"], results["loss"]])}


def compiled(kind="plain", **options):
    if kind == "own":
        model = OwnStep()
        model.compile(optimizers.SGD(0.25), "mse", metrics=["mae"], **options)
        model(X)
        model.set_weights([np.array([[2.0]], "float32")])
        return model
    model = halving_model(metrics=["mae", metrics.MeanSquaredError(name="again")])
    if options:
        model.compile(optimizers.SGD(0.25), "mse", metrics=["mae", metrics.MeanSquaredError(name="again")], **options)
    return model


def train(model, callbacks, **options):
    options = {"batch_size": 1, "epochs": 2, "verbose": 0, "validation_data": (X4 * 2, Y4)} | options
    return model.fit(X4, Y4, callbacks=callbacks, **options)


@pytest.mark.parametrize("kind", ["plain", "own"])
@pytest.mark.parametrize("call", CALLS)
def test_what_a_callback_measures_is_its_own(call, kind):
    expected = train(compiled(kind), []).history
    assert expected["loss"][0] == (4 + 1 + 0.25 + 0.0625) / 4
    for hooks in (HOOKS, ["on_train_batch_end"], ["on_epoch_end"]):
        model = compiled(kind)
        history = train(model, [calling(hooks, CALLS[call])])
        assert model.history is history
        assert weight_of(model) == 2.0 * 0.5**8
        for name, values in expected.items():
            np.testing.assert_array_equal(history.history[name], values, err_msg=f"{hooks} {name}")
        for name, values in history.history.items():
            assert not np.array_equal(values[0], values[1]), name  # no row is overwritten by a later one


@pytest.mark.parametrize("options", [{"steps_per_execution": 2}, {"run_eagerly": True}])
def test_with_other_ways_to_run_steps(options):
    expected = train(compiled(**options), []).history
    history = train(compiled(**options), [calling(HOOKS, CALLS["evaluate"])]).history
    assert history == expected


def test_values_of_single_batches_and_of_the_bar(capsys):
    seen = []
    logs = LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(logs["loss"]))
    train(compiled(), [calling(HOOKS, CALLS["evaluate"]), logs], epochs=1, verbose=2)
    assert seen == [4, 2.5, 1.75, (4 + 1 + 0.25 + 0.0625) / 4]
    assert "loss: 1.3281" in capsys.readouterr().out


def test_a_call_that_fails():
    def fail(model):
        with pytest.raises(ArgumentError):
            model.evaluate(FAR, Y4, verbose=0, callbacks=[calling(["on_test_end"], refuse)])

    def refuse(model):
        raise ArgumentError("no")

    assert train(compiled(), [calling(["on_train_batch_end"], fail)]).history == train(compiled(), []).history


def test_training_inside_of_training_counts_in_the_weights_alone():
    model, steps = compiled(), []
    callback = calling(["on_train_batch_end"], lambda model: steps.append(model.train_on_batch(X, Y)))
    history = train(model, [callback], epochs=1, validation_data=None).history
    # The weight is 2, 1, 0.5, ... and every other step is in the epoch.
    assert history["loss"] == [(4 + 0.25 + 4**-2 * 0.25 + 4**-4 * 0.25) / 4]
    assert [values[0] for values in steps] == [1, 4**-2, 4**-4, 4**-6]
    assert weight_of(model) == 2.0 * 0.5**8


def test_a_fit_inside_of_a_fit():
    def again(model):
        inner = model.fit(X, Y, epochs=3, verbose=0, callbacks=[EarlyStopping("loss", min_delta=10)])
        assert inner.epoch == [0, 1] and model.history is not inner and not model.stop_training

    model = compiled()
    history = train(model, [calling(["on_epoch_end"], again)], validation_data=None)
    assert history.epoch == [0, 1] and model.history is history
    assert weight_of(model) == 2.0 * 0.5**12
    assert history.history["loss"][1] == history.history["loss"][0] / 4**6


def test_a_training_that_is_to_stop_stays_so():
    def stop(model):
        model.stop_training = True
        model.evaluate(FAR, Y4, verbose=0)
        model.predict(FAR, verbose=0)
        model.fit(X, Y, verbose=0)
        model.compile("sgd", "mse")

    assert train(compiled(), [calling(["on_epoch_end"], stop)], epochs=5).epoch == [0]
    model = compiled()
    assert train(model, [calling(["on_train_batch_end"], stop)], epochs=5).epoch == [0]
    assert model.optimizer.iterations == 0  # a new one, after one step of the epoch


def test_models_that_share_metrics():
    class Measures(layers.Layer):
        def __init__(self):
            super().__init__()
            self.mean = metrics.Mean(name="mean")

        def call(self, inputs):
            self.mean.update_state(ops.mean(inputs))
            return inputs

    def models():
        inner = Sequential([Input((1,)), Measures(), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
        inner.compile("sgd", "mse")
        inputs = Input((1,))
        outer = Model(inputs, inner(inputs))
        outer.compile(optimizers.SGD(0.0), "mse")
        return inner, outer

    inner, outer = models()
    expected = outer.fit(X4, Y4, batch_size=1, verbose=0).history
    assert expected == {"loss": [1.0], "mean": [1.0]}
    inner, outer = models()
    callback = calling(["on_train_batch_end", "on_epoch_end"], lambda model: inner.evaluate(FAR, Y4, verbose=0))
    assert outer.fit(X4, Y4, batch_size=1, verbose=0, callbacks=[callback]).history == expected
    # A model that has nothing to do with it keeps what it measured.
    other = halving_model()
    callback = calling(["on_epoch_end"], lambda model: other.evaluate(X, Y, verbose=0))
    outer.fit(X4, Y4, batch_size=1, verbose=0, callbacks=[callback])
    assert other.get_metrics_result()["loss"] == 4.0


def test_a_prediction_in_another_thread_changes_nothing():
    model = compiled()
    model.predict(X, verbose=0)
    seen = []

    def predict(model):
        assert is_running(model)
        model.stop_training = False

        def run():
            seen.append(is_running(model))
            model.stop_training = True
            model.predict(X, verbose=0)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    assert train(model, [calling(["on_epoch_end"], predict)], epochs=3).epoch == [0]
    assert seen == [False] and not is_running(model)


def test_averages_are_swapped_once():
    def model():
        return halving_model(use_ema=True, ema_momentum=0.5)

    first, second = model(), model()
    train(first, [SwapEMAWeights(swap_on_epoch=True)])
    train(second, [SwapEMAWeights(swap_on_epoch=True), calling(HOOKS, CALLS["evaluate"])])
    assert weight_of(first) == weight_of(second)


# ---------------------------------------------------------------- compile


def test_compile_in_every_hook():
    """The weight is halved by a step with the first compile; with the second it becomes -w, and the loss is |w|."""

    def recompile(model):
        if not isinstance(model.loss, str) or model.loss == "mse":
            model.compile(optimizers.SGD(1.0), "mae", metrics=["mse"])

    # How many of the 4 steps of 2 epochs are made before the hook runs first.
    done = [0, 0, 0, 1, 4, 4, 4, 4, 4, 8]
    for hook, steps in zip(HOOKS, done, strict=True):
        model = halving_model(metrics=["mae"])
        history = train(model, [calling([hook], recompile)], validation_data=(X4, Y4)).history
        weight, expected = 2.0 * 0.5**steps, None
        for _ in range(8 - steps):  # the gradient of |w| is its sign
            expected = abs(weight)
            weight -= np.sign(weight)
        assert weight_of(model) == weight, hook
        assert model.loss == "mae" and model.optimizer.learning_rate == 1.0
        assert model.optimizer.iterations == 8 - steps, hook
        if hook == "on_train_end":
            assert history["mae"][1] == history["mae"][0] / 16
        else:
            assert len(history["mse"]) == 2 - (steps == 4), hook
            assert expected is not None


def test_the_rest_of_an_epoch_counts_after_compile():
    def recompile(model):
        if model.optimizer.iterations == 2 and model.loss == "mse":
            model.compile(optimizers.SGD(0.0), "mae", metrics=["mse"])

    history = train(compiled(), [calling(["on_train_batch_end"], recompile)], epochs=1).history
    # The weight is 0.5 then; the validation has 2 for x.
    assert history == {"loss": [0.5], "mse": [0.25], "val_loss": [1.0], "val_mse": [1.0]}


def test_compile_after_the_last_step_keeps_the_values_of_the_epoch():
    def recompile(model):
        if model.optimizer.iterations == 4:
            model.compile(optimizers.SGD(0.0), "mae")
            model.evaluate(FAR, Y4, verbose=0)

    expected = train(compiled(), [], epochs=1, validation_data=None).history
    callback = calling(["on_train_batch_end"], recompile)
    assert train(compiled(), [callback], epochs=1, validation_data=None).history == expected


def test_frozen_layers_are_thawed_by_compile():
    for options in ({}, {"batch_size": 3}, {"steps_per_execution": 2}, {"run_eagerly": True}):
        size = options.pop("batch_size", 1)

        def thaw(model, options=options):
            if not model.layers[0].trainable:
                model.layers[0].trainable = True
                model.compile(optimizers.Adam(0.5), "mse", **options)

        model = Sequential([Input((1,)), layers.Dense(1, kernel_initializer="ones"), layers.Dense(1)])
        model.layers[0].trainable = False
        model.compile("sgd", "mse", **options)
        model.fit(X4, Y4 + 3, batch_size=size, verbose=0)
        assert model.layers[0].get_weights()[0] == 1.0
        model.fit(X4, Y4 + 3, batch_size=size, verbose=0, callbacks=[calling(["on_train_batch_end"], thaw)])
        assert model.layers[0].get_weights()[0] != 1.0
        assert len(model.optimizer.variables) == 2 + 2 * 4


def test_plans_of_an_earlier_compile_are_dropped():
    """A model that is compiled anew in each epoch does not take more memory in each."""
    import gc

    from minikeras.compiler.plan import Plan

    def recompile(model):
        model.compile(optimizers.SGD(0.0), "mse")
        gc.collect()
        counts.append(sum(type(each) is Plan for each in gc.get_objects()))

    counts, model = [], Sequential([Input((1,)), layers.Dense(3), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((7, 1)), np.ones((7, 1))
    fit = {"batch_size": 2, "epochs": 5, "verbose": 0, "validation_data": (x, y)}
    model.fit(x, y, callbacks=[calling(["on_epoch_end"], recompile)], **fit)
    assert len(set(counts[1:])) == 1


def test_compile_on_streams():
    class Batches:
        def __iter__(self):
            return iter([(X, Y)] * 8)

    for stream in (lambda: ((X, Y) for _ in range(8)), Batches):
        model = halving_model()
        callback = calling(["on_train_batch_end"], lambda model: model.compile(optimizers.SGD(0.25), "mse"))
        model.fit(stream(), epochs=2, steps_per_epoch=4, verbose=0, callbacks=[callback])
        assert weight_of(model) == 2.0 * 0.5**8 and model.optimizer.iterations == 0


def test_compile_with_a_loss_that_does_not_fit():
    def recompile(model):
        model.compile("sgd", losses.SparseCategoricalCrossentropy())

    model = Sequential([Input((1,)), layers.Dense(2, use_bias=False, kernel_initializer="ones")])
    model.compile(optimizers.SGD(0.25), "mse")
    with pytest.raises(ArgumentError, match="one class index per example"):
        model.fit(X4, np.zeros((4, 2)), batch_size=2, verbose=0, callbacks=[calling(["on_train_batch_end"], recompile)])
    assert model.get_weights()[0].tolist() == [[0.75, 0.75]]  # those of the last finished step


def test_compile_while_evaluating_and_predicting():
    def recompile(model):
        model.compile(optimizers.SGD(0.0), "mae")

    for hook in ("on_test_begin", "on_test_batch_begin"):
        assert halving_model().evaluate(X4, Y4, verbose=0, callbacks=[calling([hook], recompile)]) == 2.0
    for hook in ("on_test_batch_end", "on_test_end"):
        assert halving_model().evaluate(X4, Y4, verbose=0, callbacks=[calling([hook], recompile)]) == 4.0
    for hook in ("on_predict_begin", "on_predict_batch_begin", "on_predict_batch_end", "on_predict_end"):
        predicted = halving_model().predict(X4, batch_size=2, verbose=0, callbacks=[calling([hook], recompile)])
        assert predicted.tolist() == [[2.0]] * 4
