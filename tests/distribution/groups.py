"""Processes that exist in a test alone."""

from contextlib import contextmanager

import numpy as np

from minikeras.engine.replicas import Replicas, set_current


class Twins:
    """A group in which all other processes do what this one does.

    Attributes:
        calls: The collective calls, in order, with what they got.
    """

    def __init__(self, rank=0, size=2):
        self.rank, self.size, self.calls = rank, size, []

    def allreduce(self, array):
        self.calls.append(("allreduce", array.copy()))
        array *= self.size

    def broadcast(self, value, purpose):
        self.calls.append(("broadcast", value))
        return value

    def gather(self, value, purpose):
        self.calls.append(("gather", value))
        return [value] * self.size

    def scatter(self, values, root, purpose):
        self.calls.append(("scatter", root))
        return values[self.rank]

    def barrier(self, purpose):
        self.calls.append(("barrier", None))


class Answers(Twins):
    """A group whose other processes give answers that are written down: the results of the collective calls."""

    def __init__(self, *answers, rank=0, size=2):
        super().__init__(rank, size)
        self.answers = list(answers)

    def allreduce(self, array):
        self.calls.append(("allreduce", array.copy()))
        answer = np.asarray(self.answers.pop(0), array.dtype).reshape(-1)
        if answer.size == array.size - 1:  # without the mark of what is summed, which is the same in all of them
            answer = np.concatenate([array[:1] * (self.size - 1), answer])
        array += answer.reshape(array.shape)

    def broadcast(self, value, purpose):
        return self.answers.pop(0)

    def gather(self, value, purpose):
        self.calls.append(("gather", value))
        return self.answers.pop(0)

    def scatter(self, values, root, purpose):
        return self.answers.pop(0)


@contextmanager
def shared(group, **options):
    """Sets that the processes of a group share trainings."""
    replicas = Replicas(group, **options)
    set_current(replicas)
    try:
        yield replicas
    finally:
        set_current(None)
