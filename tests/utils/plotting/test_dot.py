"""The text of graphs, by the classes here and by pydot's."""

import pydot
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, FileWriteError
from minikeras.utils.plotting import dot
from minikeras.utils.plotting.diagram import Box, Cell, Diagram, Show, diagram_of

ALL = Show(True, True, True, True, True)


def nested(name="inner"):
    inner = Sequential([layers.Input((4,)), layers.Dense(3, "relu"), layers.Dense(2)], name=name)
    return Sequential([layers.Input((4,)), inner, layers.Dense(1, name="outer")], name="model")


@pytest.mark.parametrize("name", ["inner", "with space", "1st"])
def test_pydot_writes_the_same(name):
    attributes = {"rankdir": "LR", "concentrate": True, "dpi": 96.5, "splines": "ortho"}
    diagram = diagram_of(nested(name), ALL, expand_nested=True)
    ours, theirs = (dot.build(diagram, ALL, classes, attributes) for classes in (dot, pydot))
    assert ours.to_string().split() == theirs.to_string().split() and str(ours) == ours.to_string()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pydot uses old names of its parser
@pytest.mark.parametrize("name", ['quo"te', "node", "ünïcode", "back\\slash", "-1.5", "a;b", "<b>"])
def test_pydot_reads_any_name(name):
    graph = dot.build(diagram_of(nested(name), ALL, expand_nested=True), ALL, dot, {})
    (read,) = pydot.graph_from_dot_data(graph.to_string())
    (cluster,) = read.get_subgraphs()
    assert len(cluster.get_nodes()) == 2 and len(read.get_edges()) == 1


def test_a_cluster_by_itself():
    graph = dot.build(diagram_of(nested(), Show()), Show(), dot, None)
    text = graph.to_string()
    assert text.startswith("subgraph cluster_model {\nstyle=dashed;\nlabel=model;\nlabeljust=l;") and "->" in text


def test_special_characters_of_html_are_escaped():
    box = Box(7, "a<b", "C&D", "<lambda>", [Cell("Output shape: ", "<?>")])
    text = dot.label_of(box, Show(shapes=True))
    assert "<b>a&lt;b</b> (C&amp;D)" in text and "<b>&lt;lambda&gt;</b>" in text and "<b>&lt;?&gt;</b>" in text
    assert text.startswith("<<table") and text.endswith("</table>>")


def test_reading_a_graph():
    diagram = Diagram(
        0, "model", [Box(1, "a", "A", None, []), Diagram(2, "sub", [Box(3, "b", "B", None, [])])], [(1, 3)]
    )
    graph = dot.build(diagram, Show(), dot, {})
    (defaults, node), (edge,), (cluster,) = graph.get_nodes(), graph.get_edges(), graph.get_subgraphs()
    assert [own.get_name() for own in (defaults, node, cluster, graph)] == ["node", "1", "cluster_sub", "G"]
    assert (edge.get_source(), edge.get_destination(), edge.get("penwidth")) == ("1", "3", "2")
    assert graph.get_node("1") == [node] and graph.get_node("3") == [] and node.get("color") is None


def test_writing_a_graph(tmp_path):
    graph = dot.Dot()
    graph.add_node(dot.Node("ä"))
    assert graph.write(tmp_path / "a.dot") and graph.write_dot(tmp_path / "b.dot")
    assert (tmp_path / "a.dot").read_text("utf-8") == graph.to_string() == (tmp_path / "b.dot").read_text("utf-8")
    with pytest.raises(ArgumentError, match=r"only written in the dot language.*Received: format='png'"):
        graph.write(tmp_path / "a.png", format="png")
    with pytest.raises(FileWriteError):
        graph.write_raw(tmp_path / "none" / "a.dot")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dot", "b.dot"]
