"""`crosscheck` with real Keras: models that agree, models that do not, scripts and files."""

import contextlib
import sys

import keras
import numpy as np
import pytest

import minikeras
from compat.mnist import clear_names
from minikeras import cli, crosscheck, dropin, layers, ops
from minikeras.errors import DataError, NotSupportedError, StateError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4)).astype("float32")
LABELS = (X[:, 0] > 0).astype("int32")


def classifier(optimizer="adam"):
    clear_names(minikeras)
    minikeras.utils.set_random_seed(0)
    model = minikeras.Sequential(
        [layers.Input((4,)), layers.Dense(8, "relu"), layers.Dropout(0.5), layers.Dense(2, "softmax")]
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["acc"])
    return model


def graph():
    a, b = layers.Input((4,), name="a"), layers.Input((3,), name="b")
    shared = layers.Dense(3, "tanh", name="shared")
    x = layers.Add(name="sum")([shared(a), b])
    y = layers.Concatenate(name="both")([x, layers.Dense(3, name="own")(b) * 2.0])
    inner = minikeras.Sequential([layers.Input((6,)), layers.Dense(2)], name="inner")
    return minikeras.Model({"a": a, "b": b}, [inner(y), layers.Dense(1, name="one")(x)])


def test_a_trained_model_agrees():
    model = classifier()
    model.fit(X, LABELS, epochs=2, verbose=0)  # the optimizer has a state
    before = model.get_weights()
    found = crosscheck(model, X, LABELS, sample_weight=np.linspace(0, 2, 50), batch_size=16, steps=12)
    assert found.agrees, found
    assert [row.name for row in found.layers] == ["dense", "dropout", "dense_1", "(the model)"]
    assert found.layers[0].shapes == ((None, 8),) * 2 and found.layers[0].counts == (40, 40)
    assert len(found.losses) == 12 and max(found.step_differences) < 1e-6
    assert found.reference == "Keras 3.15.1 on tensorflow" and "dropout" in found.notes[0]
    assert all(row.difference is not None for row in found.layers)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    assert int(model.optimizer.iterations) == 4


def test_graphs_agree_and_need_no_data():
    model = graph()
    found = crosscheck(model)
    assert found.agrees and "not compiled" in found.notes[0]
    assert {"shared", "sum", "own", "both", "inner", "one"} <= {row.name for row in found.layers}
    assert found.layers[-1].shapes == ([(None, 2), (None, 1)],) * 2
    model.compile("sgd", ["mse", "mae"], loss_weights=[1.0, 0.5])
    data = {"a": X, "b": X[:, :3]}
    found = crosscheck(model, data, [X[:, :2], X[:, :1]], steps=3)
    assert found.agrees and len(found.losses) == 3
    batches = ((data, [X[:, :2], X[:, :1]]) for _ in range(2))
    assert len(crosscheck(model, batches, steps=5).losses) == 2


class Scale(layers.Layer):
    def call(self, inputs):
        return inputs * 2.0


class NearlyScale(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2.01


class SameScale(keras.layers.Layer):
    def call(self, inputs):
        return keras.ops.multiply(inputs, 2.0)


def test_a_single_layer_agrees():
    clear_names(minikeras)
    found = crosscheck(minikeras.Sequential([layers.Input((4,)), layers.Dense(3)]))
    assert found.agrees, found
    assert [row.name for row in found.layers] == ["dense", "(the model)"]


def scaled():
    parts = [layers.Input((4,)), layers.Dense(3), Scale(name="scale"), layers.Dense(1, name="end")]
    model = minikeras.Sequential(parts)
    model.compile(minikeras.optimizers.SGD(0.1), "mse")
    return model


def test_a_difference_is_found_and_named():
    found = crosscheck(scaled(), X, X[:, :1], custom_objects={"Scale": NearlyScale})
    assert not found.agrees and found.first_layer == "scale" and found.first_step == 1
    assert found.layers[0].agrees(1e-6)
    assert 0.004 < found.layers[1].relative < 0.006  # 0.01 of 2.01
    assert found.worst_weight[2] > 1e-4
    assert "The first layer that differs is 'scale'" in found.text()
    assert crosscheck(scaled(), X, X[:, :1], custom_objects={"Scale": SameScale}).agrees


def test_what_cannot_be_compared():
    with pytest.raises(NotSupportedError, match=r"no class 'Scale'. .*_keras_serializable.* `--custom file.py`"):
        crosscheck(scaled(), X)
    with pytest.raises(DataError, match="same number of examples"):
        crosscheck(classifier(), X, LABELS[:9])
    with pytest.raises(ValueError, match="`steps` must be a positive integer"):
        crosscheck(classifier(), X, LABELS, steps=0)
    with pytest.raises(StateError, match="pass data"):
        crosscheck(minikeras.Sequential([layers.Dense(1)]))

    def own_loss(y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred))

    model = scaled()
    model.compile("sgd", own_loss)
    with pytest.raises(NotSupportedError, match="Real Keras cannot be compiled like"):
        crosscheck(model, X, X[:, :1], custom_objects={"Scale": SameScale})

    def their_loss(y_true, y_pred):
        return keras.ops.mean(keras.ops.abs(y_true - y_pred))

    assert crosscheck(model, X, X[:, :1], custom_objects={"Scale": SameScale, "own_loss": their_loss}).agrees


SCRIPT = """
import sys
import numpy as np
import tensorflow as tf
from keras.layers import Dense, Input
assert not hasattr(tf, "raw_ops")
x = np.random.RandomState(0).rand(40, 4)
model = tf.keras.Sequential([Input((4,)), Dense(3, activation="tanh"), Dense(1)])
model.compile(tf.keras.optimizers.SGD(0.1), "mse")
print("started", sys.argv[1])
try:
    model.fit(x, x[:, :1], batch_size=8, epochs=100)
except Exception:
    print("caught")
print("trained")
"""


@contextlib.contextmanager
def process_as_it_was():
    """Scripts take over `sys.argv`, `sys.path` and `sys.modules["__main__"]`."""
    before = sys.argv, list(sys.path), sys.modules["__main__"]
    try:
        yield
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = before
        dropin.uninstall()


def test_the_command_with_a_script(tmp_path, capsys):
    path, page = tmp_path / "script.py", tmp_path / "report.html"
    path.write_text(SCRIPT, encoding="utf-8")
    with process_as_it_was():
        status = cli.main(["crosscheck", "--html", str(page), "--steps", "3", str(path), "now"])
        text = capsys.readouterr().out
        assert status == 0 and text.startswith("started now\nsequential") and "trained" not in text
        assert "Both sides agree" in text and "\n3 steps of training" in text
        assert page.read_text(encoding="utf-8").count("<svg") == 2
        assert cli.main(["crosscheck", "--tolerance", "1e-12", str(path), "again"]) == 1
        assert "The two sides differ" in capsys.readouterr().out
        path.write_text("print(1)\n", encoding="utf-8")
        assert cli.main(["crosscheck", str(path)]) == 2
        assert "ended without calling `fit`" in capsys.readouterr().err
    assert sys.modules["keras"] is keras


def test_the_command_with_a_saved_model(tmp_path, capsys):
    model, path, data = classifier("sgd"), tmp_path / "model.keras", tmp_path / "data.npz"
    model.fit(X, LABELS, verbose=0)
    model.save(path)
    np.savez(data, x=X, y=LABELS)
    assert cli.main(["crosscheck", str(path), "--data", str(data)]) == 0
    assert "10 steps of training" in capsys.readouterr().out
    assert cli.main(["crosscheck", "--data", str(data), str(path)]) == 0
    text = capsys.readouterr().out
    assert "10 steps of training" in text and "Both sides agree" in text
    assert cli.main(["crosscheck", str(path)]) == 0
    assert "there are no labels" in capsys.readouterr().out
    np.savez(data, inputs=X)
    assert cli.main(["crosscheck", "--data", str(data), str(path)]) == 2
    assert "expected arrays `x`, `y`" in capsys.readouterr().err
