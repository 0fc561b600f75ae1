"""Learning rates of optimizers that are made of others."""

import types

from minikeras.callbacks.learning_rate_scheduler import LearningRateScheduler
from minikeras.callbacks.learning_rates import rate_logs, single_optimizers
from minikeras.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from minikeras.optimizers import SGD


def test_several_optimizers_and_one_inside_of_another(capsys):
    first, second = SGD(0.5, name="a"), SGD(0.25, name="b")
    both = types.SimpleNamespace(optimizers=[first, second])
    scaled = types.SimpleNamespace(inner_optimizer=first)
    assert single_optimizers(both) == {"a": first, "b": second}
    assert single_optimizers(scaled) == {"": first}
    assert rate_logs(both) == {"learning_rate_a": 0.5, "learning_rate_b": 0.25}
    assert rate_logs(scaled) == {"learning_rate": 0.5}
    model = types.SimpleNamespace(optimizer=both)
    scheduler = LearningRateScheduler(lambda epoch, rate: rate * 2, verbose=1)
    plateau = ReduceLROnPlateau("loss", factor=0.25, patience=1, verbose=1)
    for callback in (scheduler, plateau):
        callback.set_model(model)
    scheduler.on_epoch_begin(0)
    assert (float(first.learning_rate), float(second.learning_rate)) == (1.0, 0.5)
    for epoch in range(2):
        logs = {"loss": 1.0}
        plateau.on_epoch_end(epoch, logs)
    assert logs == {"loss": 1.0, "learning_rate_a": 1.0, "learning_rate_b": 0.5}
    assert (float(first.learning_rate), float(second.learning_rate)) == (0.25, 0.125)
    assert capsys.readouterr().out.split("\n\n") == [
        "\nEpoch 1: LearningRateScheduler setting a learning rate to 1.0.",
        "Epoch 1: LearningRateScheduler setting b learning rate to 0.5.",
        "Epoch 2: ReduceLROnPlateau reducing a learning rate to 0.25.",
        "Epoch 2: ReduceLROnPlateau reducing b learning rate to 0.125.\n",
    ]
