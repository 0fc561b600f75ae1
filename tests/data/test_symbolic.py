import numpy as np

from minikeras import ops, random
from minikeras.data import TensorSpec
from minikeras.data.symbolic import symbolic_spec


def test_functions_of_tensors():
    spec = (TensorSpec((None, 4)), TensorSpec((None,), "int32"))
    found = symbolic_spec(lambda x, y: {"sum": ops.sum(x, axis=1), "both": (x, ops.one_hot(y, 3))}, spec)
    assert found == {"sum": TensorSpec((None,)), "both": (TensorSpec((None, 4)), TensorSpec((None, 3)))}
    assert symbolic_spec(lambda x: ops.reshape(x, (ops.shape(x)[0], 2, 2)), spec[0]) == TensorSpec((None, 2, 2))


def test_seeds_are_left_as_they_are():
    seed = random.SeedGenerator(3)
    before = np.array(seed.state)
    assert symbolic_spec(lambda x: x + random.normal((2,), seed=seed), TensorSpec((2,))) == TensorSpec((2,))
    assert (np.array(seed.state) == before).all()


def test_functions_of_arrays_alone():
    spec = TensorSpec((2,))
    assert symbolic_spec(lambda x: np.asarray(x, "float32"), spec) is None
    assert symbolic_spec(lambda x: 3.0, spec) is None
    assert symbolic_spec(lambda x: x, TensorSpec(None)) is None
