import numpy as np

from minikeras import GradientTape, Variable, ops
from minikeras.engine.eager import hand_out_as, handed_out


class Marked(np.ndarray):
    """A subclass of numpy's arrays."""


def test_what_is_handed_out():
    plain = np.zeros(2)
    assert handed_out(plain) is plain and handed_out("text") == "text"
    hand_out_as(Marked)
    try:
        v = Variable([1.0, 2.0])
        with GradientTape() as tape:
            y = ops.sum(v * v)
        for value in (handed_out(plain), ops.ones(2), v + 1, v.value, tape.gradient(y, v), ops.sum([1.0])):
            assert type(value) is Marked
        assert type(v.buffer) is type(v.numpy()) is type(y.array) is np.ndarray
        given = plain.view(Marked)
        assert handed_out(given) is given and type(ops.add(given, 1)) is Marked
    finally:
        hand_out_as(None)
    assert type(ops.ones(2)) is np.ndarray
