import numpy as np

from minikeras import Model, Sequential, layers, metrics, ops
from minikeras.training.shared_logs import SharedLogs, agreed_logs, in_total, metric_variables
from tests.distribution.groups import Answers, Twins, shared


def trained():
    model = Sequential([layers.Input((1,)), layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", "mse", metrics=["mae"])
    model.test_on_batch(np.ones((4, 1)), np.zeros((4, 1)))
    return model


def test_metrics_are_those_of_all_rows():
    model = trained()
    before = [variable.numpy() for variable in metric_variables(model)]
    # the other process: total and count of the loss, then of the error, for 12 rows
    with shared(Answers([0, 12, 24, 12])) as replicas:
        assert agreed_logs(model, replicas) == {"loss": 0.25, "mae": 1.75}
        assert [variable.numpy() for variable in metric_variables(model)] == before
        logs = SharedLogs(model)
        assert logs.own() == {"loss": 1, "mae": 1}
        replicas.group.answers = [[4, 4, 4, 4]]
        assert logs() == {"loss": 1, "mae": 1}


def test_the_state_is_restored_after_an_error():
    model = trained()
    variables = metric_variables(model)
    with shared(Twins()) as replicas:
        try:
            with in_total(variables, replicas):
                assert [float(each) for each in variables] == [8, 8, 8, 8]
                raise KeyError
        except KeyError:
            pass
        assert [float(each) for each in variables] == [4, 4, 4, 4]


class Own(Model):
    def __init__(self):
        super().__init__()
        self.mean = metrics.Mean(name="mean")

    @property
    def metrics(self):
        return [self.mean]

    def test_step(self, data):
        self.mean.update_state(ops.sum(data, axis=-1))
        return {"mean": self.mean.result(), "last": ops.sum(data), "array": data[0]}


def test_what_own_steps_return():
    model = Own()
    model.compile()
    assert model.test_on_batch(np.full((4, 1), 3.0), return_dict=True)["mean"] == 3
    with shared(Answers([0, 12], [9.0, 0, 0, 1])) as replicas:  # total and count; last, mean, same ones
        replicas.set_rows(4, 16)
        logs = agreed_logs(model, replicas)
        assert logs == {"array": np.array([3]), "last": 9 + 12 / 4, "mean": 12 / 16}


def test_a_process_without_rows_has_no_say():
    model = Own()
    model.compile()
    model.test_on_batch(np.full((4, 1), np.nan))
    model.mean.reset_state()
    with shared(Answers([12, 4], [7.0, 3.0, 0, 1])) as replicas:
        replicas.set_rows(0, 4)
        logs = agreed_logs(model, replicas)
        assert (logs["last"], logs["mean"]) == (7, 3)
