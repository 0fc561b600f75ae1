"""What a notebook shows, executed by the programs that execute notebooks."""

import json
import os
import pathlib
import re
import subprocess
import sys

import nbformat
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
    "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as captured:\n"
    "    model.fit(x, x.sum(axis=1), batch_size=20, verbose=1)\ncaptured.getvalue()",
    "from minikeras.from_scratch.progress import ProgressBar\n"
    "with ProgressBar(20_000) as bar:\n    for _ in range(20_000):\n        bar.advance(0.5)",
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


def bars(text):
    """The lines of a text that have a bar, without colors; browsers take a carriage return for the end of a line."""
    lines = re.sub("\x1b\\[[0-9;]*m", "", text).replace("\r", "\n").split("\n")
    return [line.rstrip() for line in lines if re.search("[━█]", line)]


def test_one_bar_an_epoch(outputs):
    texts = [each["text"] for each in outputs[2] if each["output_type"] == "stream"]
    assert [text for text in texts if text.strip()] == ["Epoch 1/2\n", "Epoch 2/2\n"]
    shown = [each["data"]["text/plain"] for each in outputs[2] if each["output_type"] == "display_data"]
    assert len(shown) == 2 and not re.search("[\b\r\n]", "".join(shown))
    for bar in bars("\n".join(shown)):
        assert re.fullmatch(r"10000/10000 ━{20} \d+s \d+us/step - loss: \S+", bar)


def test_captured_bars_are_redrawn_by_carriage_returns(outputs):
    (text,) = (each["data"]["text/plain"] for each in outputs[5])
    assert "\\r" in text and "\\x08" not in text and "━" in text


def test_the_bar_of_the_lecture(outputs):
    (shown,) = (each["data"]["text/plain"] for each in outputs[6] if "data" in each)
    assert re.fullmatch(r"100%\|█{30}\| 20000/20000 \[.*\]", shown)
    assert not [each for each in outputs[6] if each["output_type"] == "stream"]


def test_converted_to_a_page(outputs):
    """In pages a carriage return starts a new row, so that each redraw of a bar would have one of its own."""
    from nbconvert import HTMLExporter

    cells = [nbformat.v4.new_code_cell("", outputs=each) for each in outputs]
    page, _ = HTMLExporter().from_notebook_node(nbformat.from_dict(nbformat.v4.new_notebook(cells=cells)))
    body = page[page.index("<body") :]
    assert len(bars(re.sub("<[^>]*>", "", body))) == 4  # two epochs, the captured text, the lecture
    assert body.count("<table") == 3


def test_objects_show_themselves_as_tables(outputs):
    (*_, history), (model,), (variable,) = ([each for each in cell if "data" in each] for cell in outputs[2:5])
    html = [each["data"]["text/html"] for each in (history, model, variable)]
    assert "<th>loss</th>" in html[0] and "<img" in html[0]
    assert "small" in html[1] and "<td>(None, 2)</td>" in html[1]
    assert "kernel" in html[2] and "<td>(3, 2)</td>" in html[2]
    assert all(each["data"]["text/plain"] for each in (history, model, variable))
