"""Lion on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError
from minikeras.optimizers import Lion
from tests.helpers import run_optimizer_test


def test_steps():
    # Step 1: all move by 0.25 against the sign, m = 0.5 g. Step 2: 0.75 m + 0.25 g = (0.75 - 1, -0.375 + 0.25, 0).
    variable = Variable(np.float32([1.0, 1.0, 1.0]))
    optimizer = Lion(0.25, beta_1=0.75, beta_2=0.5)
    optimizer.apply([np.float32([2.0, -1.0, 0.0])], [variable])
    assert variable.numpy().tolist() == [0.75, 1.25, 1.0]
    optimizer.apply([np.float32([-4.0, 1.0, 0.0])])
    assert variable.numpy().tolist() == [1.0, 1.5, 1.0]
    assert optimizer.variables[2].numpy().tolist() == [-1.5, 0.25, 0.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"beta_1": 0.0}, "`beta_1` must be a finite number in .0, 1."), ({"beta_2": 1.5}, "`beta_2` .* in .0, 1.")],
)
def test_bad_arguments(options, message):
    with pytest.raises(ArgumentError, match=f"Lion: {message}"):
        Lion(**options)


def test_what_holds_for_all():
    run_optimizer_test(Lion, 0.05)
