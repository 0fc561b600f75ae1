"""Pictures of models, with Graphviz, which a small program stands in for, and with matplotlib."""

import sys
import types

import numpy as np
import pydot
import pytest

from minikeras import Model, Sequential, layers, utils
from minikeras.errors import ArgumentError, ArgumentTypeError, FileWriteError, StateError, UnknownNameError
from minikeras.utils.plotting import dot

PNG = b"\x89PNG"


def model():
    return Sequential([layers.Input((4,)), layers.Dense(3, "relu", name="hidden"), layers.Dense(2)])


@pytest.fixture
def without_pydot(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydot", None)


@pytest.fixture
def without_graphviz(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def graphviz(monkeypatch, tmp_path):
    """A program `dot` that writes its first argument and the graph."""
    folder = tmp_path / "programs"
    folder.mkdir()
    program = folder / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1]); print(open(sys.argv[2]).read())\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_a_graph_of_pydot():
    graph = utils.model_to_dot(model(), show_shapes=True, rankdir="LR", dpi=96, splines="curved")
    assert type(graph) is pydot.Dot and graph.get("rankdir") == "LR" and graph.get("dpi") == 96
    assert graph.get("splines") == "curved" and len(graph.get_edges()) == 1
    assert type(utils.model_to_dot(model(), subgraph=True)) is pydot.Cluster


def test_nodes_are_named_by_the_ids_of_layers():
    own = model()
    (node,) = utils.model_to_dot(own).get_node(str(id(own.layers[0])))
    assert "<b>hidden</b> (Dense)" in node.get("label")


@pytest.mark.usefixtures("without_pydot")
def test_a_graph_without_pydot():
    graph = utils.model_to_dot(model(), show_layer_activations=True)
    assert type(graph) is dot.Dot and "Activation: <b>relu</b>" in graph.to_string()
    assert type(utils.model_to_dot(model(), subgraph=True)) is dot.Cluster


@pytest.mark.usefixtures("without_pydot")
def test_a_nested_model_is_drawn_open():
    inner = Sequential([layers.Input((4,)), layers.Dense(3, name="in_a"), layers.Dense(2, name="in_b")], name="inner")
    own = Sequential([layers.Input((4,)), inner, layers.Dense(1, name="outer")])
    opened, closed = (utils.model_to_dot(own, expand_nested=expand).to_string() for expand in (True, False))
    assert "cluster_inner" in opened and "in_a" in opened and "in_b" in opened and opened.count("->") == 2
    assert "in_a" not in closed and "inner" in closed and closed.count("->") == 1


@pytest.mark.usefixtures("graphviz")
def test_graphviz_draws_if_it_is_there(tmp_path):
    utils.plot_model(model(), tmp_path / "model.pdf", show_layer_names=True, rankdir="RL", dpi=50, show_trainable=True)
    text = (tmp_path / "model.pdf").read_text()
    assert text.startswith("-Tpdf\n") and "rankdir=RL" in text and "dpi=50" in text and "<b>Trainable</b>" in text


@pytest.mark.usefixtures("graphviz")
def test_what_graphviz_refuses(tmp_path):
    (tmp_path / "programs" / "dot").write_text(
        f"#!{sys.executable}\nimport sys\nif sys.argv[1] != '-Tps': sys.exit('no such format')\n"
    )
    with pytest.raises(ArgumentError, match=r"Graphviz could not draw the model as .abc"):
        utils.plot_model(model(), tmp_path / "model.abc")
    assert not (tmp_path / "model.abc").exists()


@pytest.mark.usefixtures("without_graphviz")
def test_matplotlib_draws_otherwise(tmp_path):
    utils.plot_model(model(), tmp_path / "model.png", show_shapes=True, expand_nested=True, show_dtype=True)
    utils.plot_model(model(), tmp_path / "no_ending", dpi=30)
    assert (tmp_path / "model.png").read_bytes()[:4] == PNG and (tmp_path / "no_ending").read_bytes()[:4] == PNG


@pytest.mark.usefixtures("without_pydot")
def test_matplotlib_draws_without_pydot(tmp_path):
    utils.plot_model(model(), str(tmp_path / "model.SVG"))
    assert b"<svg" in (tmp_path / "model.SVG").read_bytes()


@pytest.mark.usefixtures("without_pydot")
def test_without_all_of_them(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install minikeras\[plot\].*Graphviz and `pip install pydot`"):
        utils.plot_model(model(), tmp_path / "model.png")


ALSO_READ = {"version_info": (9, 0, 0), "get_ipython": lambda: None}  # by matplotlib


class Shown:
    def __init__(self, data, format=None):
        self.data, self.format = data, format


@pytest.mark.usefixtures("without_pydot")
def test_a_notebook_gets_the_picture(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    assert utils.plot_model(model(), tmp_path / "model.png") is None
    display = types.SimpleNamespace(Image=type("Image", (Shown,), {}), SVG=type("SVG", (Shown,), {}))
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(display=display, **ALSO_READ))
    image = utils.plot_model(model(), tmp_path / "model.png")
    assert type(image) is display.Image and image.format == "png"
    assert image.data == (tmp_path / "model.png").read_bytes()
    assert type(utils.plot_model(model(), tmp_path / "model.svg")) is display.SVG
    assert utils.plot_model(model(), tmp_path / "model.pdf") is None


@pytest.mark.parametrize("draw", [utils.model_to_dot, utils.plot_model])
def test_bad_arguments(draw):
    with pytest.raises(ArgumentTypeError, match=f"`{draw.__name__}` expects a model. Received: 'model.keras'"):
        draw("model.keras")
    with pytest.raises(UnknownNameError, match=r"`rankdir` of .*'BT', 'LR', 'RL', 'TB'"):
        draw(model(), rankdir="TD")
    with pytest.raises(UnknownNameError, match="`splines` of .*'ortho'"):
        draw(model(), splines="orto")
    with pytest.raises(ArgumentError, match="`dpi` must be"):
        draw(model(), dpi=0)
    with pytest.raises(ArgumentError, match="`layer_range` is no longer supported"):
        draw(model(), layer_range=["a", "b"])
    with pytest.raises(ArgumentError, match=r"unknown arguments \['show_names'\]"):
        draw(model(), show_names=True)
    with pytest.raises(StateError, match="is not built"):
        draw(Sequential([layers.Dense(2)]))


@pytest.mark.usefixtures("without_pydot")
def test_paths(tmp_path):
    with pytest.raises(FileWriteError):
        utils.plot_model(model(), tmp_path / "none" / "model.png")
    with pytest.raises(ArgumentError, match="`plot_model`: expected a path"):
        utils.plot_model(model(), to_file=None)
    (tmp_path / "model.txt").write_text("old")
    with pytest.raises(ArgumentError, match="Received: .txt"):
        utils.plot_model(model(), tmp_path / "model.txt")
    assert (tmp_path / "model.txt").read_text() == "old"


class Own(Model):
    def __init__(self):
        super().__init__(name="own")
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)


@pytest.mark.usefixtures("without_pydot")
def test_a_subclass_of_model(tmp_path):
    own = Own()
    own(np.zeros((1, 2)))
    utils.plot_model(own, tmp_path / "model.png", show_shapes=True, show_trainable=True)
    assert (tmp_path / "model.png").read_bytes()[:4] == PNG


@pytest.mark.usefixtures("without_pydot")
def test_a_chain_of_fifty_layers(tmp_path):
    from PIL import Image

    own = Sequential([layers.Input((4,)), *(layers.Dense(4) for _ in range(50))])
    utils.plot_model(own, tmp_path / "model.png", show_shapes=True, show_layer_names=True, dpi=36)
    with Image.open(tmp_path / "model.png") as image:
        width, height = image.size
    assert height > 50 * 40 / 2 and width < 400 / 2  # each box with its arrow: at least 40 points
