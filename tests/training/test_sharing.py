import numpy as np
import pytest

from minikeras import Sequential, layers, losses, metrics
from minikeras.engine.replicas import Replicas
from minikeras.errors import NotSupportedError, StateError
from minikeras.random.seed_generator import share_random
from minikeras.training.data import ArrayData, Outputs
from minikeras.training.sharing import (
    begin,
    check_compiled,
    check_same,
    end_epoch,
    end_steps,
    joined,
    resume_alike,
    run_whole,
    share_state,
    sharing_run,
    stops,
)
from tests.distribution.groups import Answers, Twins, shared


def model():
    made = Sequential([layers.Input((2,)), layers.Dense(1, use_bias=False), layers.BatchNormalization()])
    made.compile("sgd", "mse")
    return made


def arrays(rows=4):
    return ArrayData((np.arange(2.0 * rows).reshape(rows, 2), np.zeros((rows, 1))), ("x", "y"), 2)


def test_nothing_happens_in_a_single_process():
    own = model()
    begin(own, "fit", [arrays()])
    end_steps(own)
    end_epoch(own)
    resume_alike(own)
    assert stops(own, "stop_training", True)() is False
    own.stop_training = True
    assert stops(own, "stop_training", False)() is True


def test_descriptions_are_compared():
    twins = Replicas(Twins())
    check_same(twins, {"the optimizer": "SGD"}, "a test")
    assert twins.group.calls == [("gather", {"the optimizer": "'SGD'"})]
    other = Replicas(Answers([{"a": "1"}, {"a": "1"}, {"a": "2"}]))
    with pytest.raises(StateError, match="but they differ in a: 1 in process 0, 2 in process 2"):
        check_same(other, {"a": 1}, "a test")
    missing = Replicas(Answers([{"a": "1"}, {}]))
    with pytest.raises(StateError, match="but they differ in a: 1 in process 0, None in process 1"):
        check_same(missing, {"a": 1}, "a test")
    long = Replicas(Answers([{"a": "x" * 300 + "1" + "y" * 300}, {"a": "x" * 300 + "2" + "y" * 300}]))
    with pytest.raises(StateError, match=r"in a: \.{3}x+1y+\.{3} in process 0, \.{3}x+2y+\.{3} in process 1"):
        check_same(long, {"a": 1}, "a test")


def test_what_a_training_begins_with_is_described():
    own = model()
    with shared(Twins()) as replicas:
        begin(own, "fit", [arrays()], epochs=range(3))
        assert replicas.begun.get(own)
        described = replicas.group.calls[0][1]
    assert list(described)[:5] == ["the method", "`epochs`", "dataset 1", "the weights", "the optimizer"]
    assert "'SGD'" in described["the optimizer"] and "((2, 1), 'float32', True)" in described["the weights"]
    assert described["`loss` of `compile`"] == "'mse'" and described["`run_eagerly` of `compile`"] == "False"
    with shared(Twins()) as replicas:  # other values, of which the third row is looked at
        changed = arrays()
        changed.arrays[0][2] = 0
        begin(own, "fit", [changed], epochs=range(3))
        assert replicas.group.calls[0][1]["dataset 1"] != described["dataset 1"]


def test_all_get_the_state_of_the_first():
    own = model()
    values = [np.full(each.shape, 3, each.dtype) for each in [*own.variables, *own.optimizer.variables]]
    np.random.seed(1)
    numpy_state = np.random.get_state()
    expected = np.random.random()
    import random

    with shared(Answers(values, (numpy_state, random.getstate(), None), rank=1)) as replicas:
        share_state(own, replicas)
    assert all((each.numpy() == 3).all() for each in [*own.variables, *own.optimizer.variables])
    assert np.random.random() == expected


def test_seeds_of_draws_without_a_seed_are_shared():
    import random

    from minikeras.random import uniform

    with shared(Twins()) as replicas:
        uniform((1,))
        share_random(replicas)
        _, state = replicas.group.calls[0]
    first = uniform((1,))
    with shared(Answers(state, rank=1)) as replicas:
        random.random()
        share_random(replicas)
    assert uniform((1,)) == first


def test_without_rows_metrics_stay_what_they_were():
    own = model()
    with shared(Twins()) as replicas:
        made = own.metrics[0].variables

        def run(kind, batch):
            for variable in made:
                variable.assign(variable + batch)

        call = sharing_run(own, run, replicas)
        for rows, batch in ((1, 3), (0, 5), (1, 4)):
            replicas.set_rows(rows, 1)
            call("train", batch)
        assert [float(each) for each in made] == [7, 7]


def test_stopping_is_agreed_on():
    own = model()
    with shared(Answers([1.0], [0.0])):
        assert stops(own, "stop_training", True)() is True and own.stop_training is True
        own.stop_training = False
        assert stops(own, "stop_training", True)() is False
    own.stop_training = True
    with shared(Answers()):  # without callbacks between the steps nobody asks
        assert stops(own, "stop_training", False)() is False
    own.stop_training = False
    import random

    states = np.random.get_state(), random.getstate(), None
    with shared(Answers([1.0], states)):
        end_epoch(own)
    assert own.stop_training is True


def test_positions_must_agree():
    own = model()
    text = "the epoch and batch to begin with (do all see the backup?)"
    with shared(Answers([{text: "(1, 0, False)"}, {text: "(0, 0, False)"}])):
        with pytest.raises(StateError, match=r"\(1, 0, False\) in process 0, \(0, 0, False\) in process 1"):
            resume_alike(own)


def test_weights_must_stay_the_same():
    import random

    own = model()
    with shared(Twins()) as replicas:
        end_steps(own)
        sums = replicas.group.calls[-1][1]
    path, checksum = sums[0]
    moving = [each.numpy() for each in own.non_trainable_weights]
    states = np.random.get_state(), random.getstate(), None
    with shared(Answers(moving, np.zeros(2), states, [sums, [(path, checksum + 1), *sums[1:]]])):
        with pytest.raises(StateError, match=r"\['.*kernel'\] of process 1 are no longer those of process 0"):
            end_steps(own)


def test_single_batches_are_shared():
    own = model()
    with shared(Twins()) as replicas:
        own._prepare(arrays(), trains=True)
        whole = ArrayData((np.ones((3, 2)), np.ones((3, 1))), ("x", "y"), whole=True)
        run_whole(own, "train", whole)
        assert (replicas.rows, replicas.total) == (2, 3)
        before = len(replicas.group.calls)
        run_whole(own, "train", whole)
        assert len(replicas.group.calls) == before + 1  # the gradients: only the first one shares the weights


def outputs(rows):
    made = Outputs(None)
    if rows:
        made.add({"a": np.array(rows)[:, None]}, len(rows))
    return made


def test_outputs_are_joined_in_the_order_of_the_data():
    assert joined(outputs([1, 2]), [2])["a"].tolist() == [[1], [2]]
    counts, found = [([2, 1], 24), ([1, 1], 16)], [{"a": np.array([[1], [2], [5]])}, {"a": np.array([[3], [6]])}]
    with shared(Answers([0.0], counts, found)):
        assert joined(outputs([1, 2, 5]), [2, 1])["a"].tolist() == [[1], [2], [3], [5], [6]]
    parts = [[{"a": np.array([[1], [2]])}, {"a": np.array([[3]])}], [{"a": np.array([[5]])}, {"a": np.array([[6]])}]]
    with shared(Answers([0.0], counts, *parts)) as replicas:  # 2 * 24 bytes in two messages
        assert joined(outputs([1, 2, 5]), [2, 1], 24)["a"].tolist() == [[1], [2], [3], [5], [6]]
        assert [call[1]["a"].tolist() for call in replicas.group.calls[2:]] == [[[1], [2]], [[5]]]
    with shared(Answers([0.0], [([1], 8), ([0], 0)], [{"a": np.array([[1]])}, None], rank=1)):
        assert joined(outputs([]), [0])["a"].tolist() == [[1]]


def test_outputs_without_examples_are_refused():
    made = Outputs(None)
    made.add(np.ones((1, 2)), 3)
    with shared(Twins()):
        with pytest.raises(NotSupportedError, match="Call `predict_on_batch`"):
            joined(made, [3])


def test_what_was_compiled_is_described():
    class Own(metrics.Metric):
        def get_config(self):
            raise NotImplementedError

    def described(**arguments):
        made = model()
        made.compile("sgd", **arguments)
        with shared(Twins()) as replicas:
            check_compiled(made)
            return replicas.group.calls[0][1]

    first = described(loss=losses.MeanSquaredError(), metrics=["mae", metrics.AUC(thresholds=[0.5])])
    # names may be numbered, and functions have other addresses in each process
    assert first == described(loss=losses.MeanSquaredError(name="a"), metrics=["mae", metrics.AUC(thresholds=[0.5])])
    for other in (
        {"loss": losses.MeanSquaredError(reduction="sum"), "metrics": ["mae", metrics.AUC(thresholds=[0.5])]},
        {"loss": losses.MeanSquaredError(), "metrics": ["mse", metrics.AUC(thresholds=[0.5])]},
        {"loss": losses.MeanSquaredError(), "metrics": ["mae", metrics.AUC(thresholds=[0.4])]},
        {"loss": losses.MeanSquaredError(), "metrics": ["mae", Own()]},
        {"loss": lambda a, b: a - b, "metrics": ["mae", metrics.AUC(thresholds=[0.5])]},
    ):
        assert described(**other) != first
        assert " at 0x" not in str(described(**other))
