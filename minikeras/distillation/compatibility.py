"""Checks that a teacher and a student fit together."""

from typing import Any

from .. import tree
from ..errors import ArgumentError, ShapeError, brief
from ..models import Model


def check_compatible(teacher: Any, student: Any) -> None:
    """Refuses a teacher and a student whose inputs or outputs differ, as far as these are known.

    Args:
        teacher: The teacher.
        student: The student.

    Raises:
        ArgumentError: If one is no model, or dtypes or the nesting differ.
        ShapeError: If shapes differ.
    """
    for role, model in (("teacher", teacher), ("student", student)):
        if not isinstance(model, Model):
            raise ArgumentError(f"Distiller: the {role} must be a model. Received: {brief(model)}")
    for what in ("inputs", "outputs"):
        theirs, own = (getattr(model, what, None) for model in (teacher, student))
        if theirs is not None and own is not None:
            tree.assert_same_structure(theirs, own)
            for pair in zip(tree.flatten(theirs), tree.flatten(own), strict=True):
                _check_pair(what, *pair)


def _check_pair(what: str, teacher: Any, student: Any) -> None:
    sizes = [tuple(each.shape) for each in (teacher, student)]
    fit = len(sizes[0]) == len(sizes[1]) and all(a is None or b is None or a == b for a, b in zip(*sizes, strict=True))
    if not fit:
        raise ShapeError(
            f"Distiller: the {what} of teacher and student must have the same shape. Received: {sizes[0]} and "
            f"{sizes[1]}"
        )
    if teacher.dtype != student.dtype:
        raise ArgumentError(
            f"Distiller: the {what} of teacher and student must have the same dtype. Received: {teacher.dtype} and "
            f"{student.dtype}"
        )
