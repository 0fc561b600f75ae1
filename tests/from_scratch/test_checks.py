"""What does not show in the notebook's tests, which try the checks with right and with many wrong answers."""

import numpy as np
import pytest

from minikeras import from_scratch
from minikeras.from_scratch import checks

CHALLENGES = {
    checks.challenge_1: ("perceptron", "sigmoid", "sigmoid_unit"),
    checks.challenge_2: ("nn_parameter_maker",),
    checks.challenge_3: ("forward_pass", "predict"),
    checks.challenge_4: ("cost_function", "w_update", "b_update", "gradient_estimator"),
    checks.challenge_5: ("one_step_gd",),
}


def quiet_gd(*arguments):
    return from_scratch.GD(*arguments, show=False, progress=False)


def functions(names):
    return [getattr(from_scratch, name) for name in names]


@pytest.mark.parametrize(("challenge", "names"), CHALLENGES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_library_itself_is_right(challenge, names, capsys):
    extra = [quiet_gd] if challenge is checks.challenge_5 else []
    challenge(*functions(names), *extra)
    expected = [f"{name}: right." for name in [*names, *["GD" for _ in extra]]]
    assert capsys.readouterr().out.splitlines() == expected


def test_exact_slopes_are_right_too(capsys):
    checks.challenge_4(*functions(CHALLENGES[checks.challenge_4][:3]), from_scratch.backpropagation)
    assert capsys.readouterr().out.endswith("gradient_estimator: right.\n")


def test_a_sigmoid_that_overflows_gets_a_remark(capsys):
    checks.challenge_1(from_scratch.perceptron, lambda z: 1 / (1 + np.exp(-z)), from_scratch.sigmoid_unit)
    assert "sigmoid: right. (np.exp overflows for z = -1000" in capsys.readouterr().out


def test_a_function_that_is_none(capsys):
    checks.challenge_2(3)
    assert capsys.readouterr().out == "nn_parameter_maker: not yet. Not a function: expected a function; received 3.\n"


def test_the_first_mistake_does_not_hide_the_others(capsys):
    checks.challenge_3(lambda inp, w, b: None, from_scratch.predict)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("forward_pass: not yet. Nothing returned") and second == "predict: right."
