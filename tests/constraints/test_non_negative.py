import numpy as np

from minikeras.constraints import NonNeg
from minikeras.engine.variable import Variable
from tests.helpers import run_step_test


def test_values():
    w = np.array([-1e4, -0.5, 0.0, 0.5, 1e4, -np.inf], "float32")
    for value in (w, Variable(w)):
        result = NonNeg()(value)
        assert result.dtype == "float32" and result.tolist() == [0, 0, 0, 0.5, 1e4, 0]
    assert np.isnan(NonNeg()(np.array([np.nan], "float32"))).all()
    assert NonNeg()(np.array([-1, 2], "int32")).dtype == "int32"


def test_replayed():
    w = np.array([-1.0, 2.0], "float32")
    run_step_test(NonNeg(), w, -w)


def test_config():
    assert NonNeg().get_config() == {}
    assert type(NonNeg.from_config({})) is NonNeg
