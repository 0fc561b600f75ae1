import pathlib
import shutil
import subprocess
import sys

import minikeras
from minikeras import from_scratch

FOLDER = pathlib.Path(from_scratch.__file__).parent


def test_it_is_public():
    assert minikeras.from_scratch is from_scratch
    lecture = {
        "GD",
        "b_update",
        "backpropagation",
        "cost_function",
        "draw_decision",
        "draw_network",
        "forward_pass",
        "gradient_estimator",
        "nn_parameter_maker",
        "one_step_gd",
        "perceptron",
        "predict",
        "sigmoid",
        "sigmoid_unit",
        "w_update",
    }
    assert lecture <= set(from_scratch.__all__)


def test_it_runs_on_numpy_alone(tmp_path):
    # Alone in a folder, under another name, without the rest and without matplotlib.
    shutil.copytree(FOLDER, tmp_path / "lecture", ignore=shutil.ignore_patterns("__pycache__"))
    code = """
import sys
sys.modules["matplotlib"] = None
import lecture
w, b = lecture.nn_parameter_maker([2, 3, 1], seed=0)
w, b = lecture.GD([[0, 1]], [1], w, b, 3, 0.1, show=False)
assert not any(name.startswith("minikeras") for name in sys.modules)
"""
    result = subprocess.run([sys.executable, "-B", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
