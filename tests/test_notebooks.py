"""What a notebook shows, executed by the programs that execute notebooks."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent
CELLS = [
    "import numpy as np\nimport minikeras as keras\nkeras.utils.set_random_seed(0)",
    "x = np.random.uniform(size=(20_000, 3))\n"
    "model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)], name='small')\n"
    "model.compile('sgd', 'mse')",
    "model.fit(x, x.sum(axis=1), batch_size=2, epochs=2)",
    "model",
    "model.weights[0]",
]
EXECUTE = """
import json, sys, nbformat
from nbclient import NotebookClient

notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in json.loads(sys.argv[1])])
NotebookClient(notebook, timeout=120).execute()
print(json.dumps([cell["outputs"] for cell in notebook["cells"]]))
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "IPYTHONDIR": str(folder), "JUPYTER_PLATFORM_DIRS": "1"}
    command = [sys.executable, "-c", EXECUTE, json.dumps(CELLS)]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def shown(text):
    """What is left of a text where a carriage return goes back to the start of the line."""
    return [line.rpartition("\r")[2] for line in text.split("\n")]


def test_one_bar_an_epoch(outputs):
    text = "".join(each["text"] for each in outputs[2] if each["output_type"] == "stream")
    assert text.count("\r") > 2  # it was redrawn
    assert "\b" not in text
    lines = [re.sub("\x1b\\[[0-9;]*m", "", line).rstrip() for line in shown(text)]
    assert lines[0] == "Epoch 1/2" and lines[2] == "Epoch 2/2" and lines[4:] == [""]
    for bar in (lines[1], lines[3]):
        assert re.fullmatch(r"10000/10000 ━{20} \d+s \d+us/step - loss: \S+", bar)


def test_objects_show_themselves_as_tables(outputs):
    (history,), (model,), (variable,) = ([each for each in cell if "data" in each] for cell in outputs[2:])
    html = [each["data"]["text/html"] for each in (history, model, variable)]
    assert "<th>loss</th>" in html[0] and "<img" in html[0]
    assert "small" in html[1] and "<td>(None, 2)</td>" in html[1]
    assert "kernel" in html[2] and "<td>(3, 2)</td>" in html[2]
    assert all(each["data"]["text/plain"] for each in (history, model, variable))
