"""The distiller: its loss by hand, what is trained, logs, files, what is refused."""

import numpy as np
import pytest

from minikeras import Input, Model, Sequential, layers, losses, models, optimizers
from minikeras.distillation import DistillationLoss, Distiller, FeatureDistillation, LogitsDistillation
from minikeras.errors import ArgumentError, ShapeError, StateError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 4)).astype("float32")
Y = RNG.normal(size=(12, 2)).astype("float32")


def linear(units=2, seed=0, prefix="s"):
    model = Sequential(
        [Input((4,)), layers.Dense(3, name=f"{prefix}1"), layers.Dense(units, name=f"{prefix}2")], name=prefix
    )
    model.set_weights([np.random.default_rng(seed).normal(size=w.shape) for w in model.get_weights()])
    return model


def distiller(losses_=None, weights=None, student_loss_weight=0.5, **options):
    losses_ = FeatureDistillation() if losses_ is None else losses_
    found = Distiller(linear(seed=1, prefix="t"), linear(), losses_, weights, student_loss_weight, **options)
    found.compile(optimizers.SGD(0.01), "mse")
    return found


def test_the_loss_by_hand():
    each = [FeatureDistillation(), FeatureDistillation("mae", "t1", "s1"), LogitsDistillation(2.0, "mse")]
    found = distiller(each, [1.0, 0.5, 2.0], 0.3)
    teacher, student = found.teacher.predict(X, verbose=0), found.student.predict(X, verbose=0)
    inner = [model.layers[0](X) for model in (found.teacher, found.student)]
    squares = np.mean((teacher - student) ** 2)
    distillation = squares + 0.5 * np.mean(np.abs(inner[0] - inner[1])) + 2.0 * squares / 4
    of_student = np.mean((Y - student) ** 2)
    total = 0.3 * of_student + 0.7 * distillation
    logs = found.evaluate(X, Y, verbose=0, return_dict=True)
    expected = {"distillation_loss": distillation, "loss": total, "student_loss": of_student, "total_loss": total}
    assert sorted(logs) == sorted(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(logs[name], value, rtol=1e-5)  # float32
    np.testing.assert_allclose(found.compute_loss(X, Y), total, rtol=1e-5)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_one_part_alone(weight):
    found = distiller(student_loss_weight=weight)
    logs = found.evaluate(X, Y, verbose=0, return_dict=True)
    assert logs["distillation_loss" if weight else "student_loss"] == 0.0
    assert logs["loss"] == pytest.approx(logs["student_loss" if weight else "distillation_loss"])


def test_the_student_alone_is_trained():
    found = distiller()
    before = [model.get_weights() for model in (found.teacher, found.student)]
    assert found.trainable_variables == found.student.trainable_variables and not found.teacher.trainable
    history = found.fit(X, Y, epochs=30, verbose=0, validation_data=(X, Y)).history
    names = ["distillation_loss", "loss", "student_loss", "total_loss"]
    assert list(history) == [*names, *(f"val_{name}" for name in names)]
    assert history["loss"][-1] < history["loss"][0]
    for ours, old in zip(found.teacher.get_weights(), before[0], strict=True):
        np.testing.assert_array_equal(ours, old)
    assert not np.array_equal(found.student.get_weights()[0], before[1][0])
    np.testing.assert_array_equal(found.predict(X, verbose=0), found.student.predict(X, verbose=0))


def test_replayed_and_eager_steps_are_equal():
    weights = []
    for eagerly in (False, True):
        found = distiller([LogitsDistillation(loss=losses.KLDivergence()), FeatureDistillation("mse", "t1", "s1")])
        found.compile("adam", "mse", run_eagerly=eagerly)
        found.fit(X, Y, batch_size=5, epochs=2, verbose=0, shuffle=False)
        weights.append(found.student.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("loss", ["mse", losses.MeanSquaredError()], ids=["function", "class"])
def test_sample_weights(loss):
    found = distiller(student_loss_weight=1.0)
    found.compile("sgd", loss)
    each = np.mean((Y - found.student(X)) ** 2, axis=1)
    weights = RNG.random(12).astype("float32")
    value = found.evaluate(X, Y, sample_weight=weights, verbose=0, return_dict=True)["student_loss"]
    np.testing.assert_allclose(value, np.mean(each * weights), rtol=1e-5)  # float32


def test_several_outputs():
    def model(prefix):
        x = Input((4,))
        return Model(x, {"a": layers.Dense(2, name=f"{prefix}a")(x), "b": layers.Dense(2, name=f"{prefix}b")(x)})

    found = Distiller(model("t"), model("s"), FeatureDistillation({"a": "mse", "b": None}), student_loss_weight=0.25)
    found.compile("sgd", {"a": "mse", "b": "mae"})
    teacher, student = found.teacher(X), found.student(X)
    of_student = np.mean((Y - student["a"]) ** 2) + np.mean(np.abs(Y - student["b"]))
    logs = found.evaluate(X, {"a": Y, "b": Y}, verbose=0, return_dict=True)
    np.testing.assert_allclose(logs["student_loss"], of_student, rtol=1e-5)  # float32
    np.testing.assert_allclose(logs["distillation_loss"], np.mean((teacher["a"] - student["a"]) ** 2), rtol=1e-5)


def test_files(tmp_path):
    found = distiller([LogitsDistillation(), FeatureDistillation("mae", "t1", "s1")], [1.0, 0.3], 0.2, name="d")
    found.fit(X, Y, verbose=0)
    found.save(tmp_path / "d.keras")
    copy = models.load_model(tmp_path / "d.keras")
    assert type(copy) is Distiller and copy.name == "d" and copy.compiled and not copy.teacher.trainable
    assert copy.get_config() == found.get_config()
    assert copy.evaluate(X, Y, verbose=0) == found.evaluate(X, Y, verbose=0)
    without = Distiller.from_config(found.get_config())
    with pytest.warns(UserWarning, match="The loss of the student is not in the file"):
        without.compile_from_config({**found.get_compile_config(), "loss": None})  # as in a file of Keras
    assert not without.compiled
    # Shuffled, the rows of the batch would be summed in another order.
    one, other = (each.fit(X, Y, verbose=0, epochs=2, shuffle=False).history for each in (found, copy))
    assert one == other  # the state of the optimizer is saved, too


def test_layers_of_other_sizes():
    found = Distiller(linear(prefix="t"), linear(), FeatureDistillation("mse", "t2", "s1"))
    found.compile("sgd", "mse")
    with pytest.raises(ShapeError):
        found.fit(X, Y, verbose=0)


def test_the_extractors_see_whether_it_is_training():
    def model(prefix):
        drop = layers.Dropout(0.9, name=f"{prefix}1")
        return Sequential([Input((4,)), layers.Dense(2, kernel_initializer="ones"), drop], name=prefix)

    found = Distiller(model("t"), model("s"), FeatureDistillation("mse", "t1", "s1"), student_loss_weight=0.0)
    found.compile("sgd", "mse")
    assert found.evaluate(X, Y, verbose=0, return_dict=True)["loss"] == 0.0  # no dropout
    assert found.fit(X, Y, verbose=0).history["loss"][0] > 0.1


class Vector(DistillationLoss):
    def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
        return teacher_outputs[:, 0]


def test_what_is_refused():
    teacher, student, loss = linear(prefix="t"), linear(), LogitsDistillation()
    for bad in (None, 3, [loss, "mse"]):
        with pytest.raises(ArgumentError, match="`distillation_losses` must be a distillation loss"):
            Distiller(teacher, student, bad)
    for weights in ([1.0, 2.0], []):
        with pytest.raises(ArgumentError, match="one weight for each of the 1 distillation losses"):
            Distiller(teacher, student, [loss], weights)
    with pytest.raises(ArgumentError, match="`distillation_loss_weights` must be a finite number"):
        Distiller(teacher, student, [loss], ["1"])
    for weight in (-0.1, 2, "half"):
        with pytest.raises(ArgumentError, match=r"`student_loss_weight` must be a finite number in \[0, 1\]"):
            Distiller(teacher, student, loss, student_loss_weight=weight)
    assert teacher.trainable  # nothing was changed
    found = Distiller(teacher, student, loss)
    with pytest.raises(ArgumentError, match="`compile` needs a `loss`"):
        found.compile("sgd")
    with pytest.raises(ArgumentError, match="`metrics` must be a list. Received: metrics='mae'"):
        found.compile("sgd", "mse", metrics="mae")
    with pytest.raises(StateError, match="The loss of the student is not known"):
        found.compute_loss(X, Y)
    with pytest.raises(ShapeError, match="Vector.compute_loss must return a scalar"):
        distiller(Vector()).fit(X, Y, verbose=0)
