"""Evaluation with moving averages, and the weights that training goes on with."""

import numpy as np
import pytest

from minikeras.callbacks import Callback, SwapEMAWeights
from minikeras.errors import ArgumentTypeError, StateError
from tests.callbacks.halving import X, Y, fit, halving_model, weight_of

# The weight is 1, 0.5, 0.25 after the steps; the averages with 1/2 of the former one are 1, 0.75, 0.5.


def averaging_model():
    return halving_model(use_ema=True, ema_momentum=0.5)


class See(Callback):
    """Keeps the weight at the ends of epochs, and can fail."""

    def __init__(self, hook="on_epoch_end", fails_after=None):
        super().__init__()
        self.seen, self.fails_after = [], fails_after
        setattr(self, hook, self.look)

    def look(self, *args, **kwargs):
        self.seen.append(weight_of(self.model))
        if len(self.seen) == self.fails_after:
            raise RuntimeError("mine")


def test_validates_with_the_averages():
    model, see, before = averaging_model(), See(), See("on_test_begin")
    history = fit(model, [before, SwapEMAWeights(), see], validation_data=(X, Y))
    assert history == {"loss": [4.0, 1.0, 0.25], "val_loss": [1.0, 0.5625, 0.25]}
    assert before.seen == see.seen == [1.0, 0.5, 0.25]
    assert weight_of(model) == 0.5  # `fit` ends with the averages


def test_shows_the_averages_to_callbacks_after_it():
    model, see = averaging_model(), See()
    assert fit(model, [SwapEMAWeights(swap_on_epoch=True), see])["loss"] == [4.0, 1.0, 0.25]
    assert see.seen == [1.0, 0.75, 0.5]
    assert weight_of(model) == 0.5
    # Once more, with the same optimizer: it starts at the average, and the average at itself.
    assert fit(model, [SwapEMAWeights(swap_on_epoch=True)], epochs=1)["loss"][-1] == 0.25


def test_evaluates_and_predicts_with_the_averages():
    model = averaging_model()
    fit(model, [], epochs=3)
    model.set_weights([[[8.0]]])
    swap = SwapEMAWeights()
    assert model.evaluate(X, Y, verbose=0, callbacks=[swap]) == 0.25
    assert weight_of(model) == 8.0
    np.testing.assert_array_equal(model.predict(X, verbose=0, callbacks=[swap]), [[0.5]])
    assert weight_of(model) == 8.0


@pytest.mark.parametrize(("hook", "swap_on_epoch"), [("on_test_batch_end", False), ("on_epoch_end", True)])
def test_the_model_has_its_own_weights_after_an_error(hook, swap_on_epoch):
    model, see = averaging_model(), See(hook, fails_after=2)
    with pytest.raises(RuntimeError, match="mine"):
        fit(model, [SwapEMAWeights(swap_on_epoch), see], validation_data=(X, Y))
    assert see.seen[1] == 0.75
    assert weight_of(model) == 0.5
    assert fit(model, [])["loss"][0] == 0.25


def test_an_optimizer_without_averages_is_refused_before_anything_is_trained():
    model = halving_model()
    with pytest.raises(StateError, match="expected an optimizer with `use_ema=True`"):
        fit(model, [SwapEMAWeights()])
    assert weight_of(model) == 2.0
    with pytest.raises(StateError, match="use_ema=True"):
        model.predict(X, verbose=0, callbacks=[SwapEMAWeights()])
    model = averaging_model()
    with pytest.raises(StateError, match="has no moving averages yet. Train the model first"):
        model.predict(X, verbose=0, callbacks=[SwapEMAWeights()])
    with pytest.raises(ArgumentTypeError, match="SwapEMAWeights: `swap_on_epoch`"):
        SwapEMAWeights("always")
