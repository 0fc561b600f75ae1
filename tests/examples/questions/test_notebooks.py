import base64
import json
import os
import subprocess
import sys

import pytest

EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
NotebookClient(notebook, timeout=300).execute()
nbformat.write(notebook, sys.argv[2])
"""
# What each notebook prints, and how many pictures it draws.
EXPECTED = {
    "backpropagation": (["gradient_estimator Passes(forward=14, backward=0)", "gradient of w[1]"], 2),
    "gradient_descent": (["above the bottom", "1 example (stochastic)"], 2),
    "vanishing_gradients": (["of the test digits right", "layer 30"], 1),
}


@pytest.fixture
def execute(questions, tmp_path):
    """Executes a notebook in its folder, as somebody who opens it there; returns its outputs."""

    def run(name):
        command = [sys.executable, "-c", EXECUTE, f"{name}.ipynb", tmp_path / "executed.ipynb"]
        path = os.pathsep.join([str(questions.parent.parent), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "IPYTHONDIR": str(tmp_path), "JUPYTER_PLATFORM_DIRS": "1"}
        result = subprocess.run(command, cwd=questions, env=environment, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        cells = json.loads((tmp_path / "executed.ipynb").read_text(encoding="utf-8"))["cells"]
        return [output for cell in cells for output in cell.get("outputs", [])]

    return run


def test_all_notebooks_are_tested(questions):
    assert sorted(path.stem for path in questions.glob("*.ipynb")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_executed(execute, name):
    outputs = execute(name)
    printed = "".join("".join(each["text"]) for each in outputs if each["output_type"] == "stream")
    lines, pictures = EXPECTED[name]
    for line in lines:
        assert line in printed
    drawn = [each["data"]["image/png"] for each in outputs if "image/png" in each.get("data", {})]
    assert len(drawn) == pictures
    assert all(base64.b64decode(each).startswith(b"\x89PNG\r\n\x1a\n") for each in drawn)


@pytest.mark.parametrize("name", EXPECTED)
def test_saved_without_outputs(questions, name):
    notebook = json.loads((questions / f"{name}.ipynb").read_text(encoding="utf-8"))
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(set(names)) == len(names)
    for cell in notebook["cells"]:
        assert cell["cell_type"] == "markdown" or (cell["outputs"] == [] and cell["execution_count"] is None)
    assert notebook["cells"][-1]["source"][0].startswith("**Try:**")
