"""Teachers and students that fit together, and those that do not."""

import pytest

from minikeras import Input, Model, Sequential, layers
from minikeras.distillation.compatibility import check_compatible
from minikeras.errors import ArgumentError, ShapeError


def model(shape=(4,), units=3, dtype=None):
    return Sequential([Input(shape), layers.Dense(units, dtype=dtype)])


def test_models_that_fit():
    check_compatible(model(), model())
    check_compatible(model((None, 4)), model((5, 4)))
    check_compatible(model(), Sequential([layers.Dense(9)]))  # of which nothing is known yet


@pytest.mark.parametrize(
    ("teacher", "student", "error", "message"),
    [
        (3, model(), ArgumentError, "the teacher must be a model. Received: 3"),
        (model(), layers.Dense(2), ArgumentError, "the student must be a model"),
        (model(), model((5,)), ShapeError, r"the inputs .* the same shape. Received: \(None, 4\) and \(None, 5\)"),
        (model((2, 4)), model(), ShapeError, "the inputs of teacher and student must have the same shape"),
        (model(), model(units=2), ShapeError, "the outputs of teacher and student must have the same shape"),
        (model(), model(dtype="float16"), ArgumentError, "the same dtype. Received: float32 and float16"),
    ],
)
def test_models_that_do_not(teacher, student, error, message):
    with pytest.raises(error, match=message):
        check_compatible(teacher, student)


def test_another_number_of_outputs():
    x = Input((4,))
    with pytest.raises(ValueError):
        check_compatible(Model(x, [layers.Dense(3)(x), layers.Dense(3)(x)]), model())
