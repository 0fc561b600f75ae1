"""The dot language of Graphviz: a description of a model in it, and the classes of a graph where pydot is missing.

`Dot`, `Cluster`, `Node` and `Edge` have the methods of pydot's that describe a graph and write its text. They do not
draw: that needs Graphviz, and pydot to call it.
"""

import re
from html import escape
from types import ModuleType
from typing import Any

from ...errors import ArgumentError
from ...lazy import namespace
from .diagram import Box, Cell, Diagram, Show

_PLAIN = re.compile(r"[a-zA-Z_\u0080-\uffff][a-zA-Z0-9_\u0080-\uffff]*|-?(\.\d+|\d+(\.\d*)?)")
_WORDS = {"graph", "digraph", "subgraph", "node", "edge", "strict"}


def _quoted(value: Any) -> str:
    """Returns a value as an identifier of the language: HTML in angle brackets stays, other texts are quoted."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text.startswith("<") and text.endswith(">"):
        return text
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


class _Element:
    """Something with attributes, such as a color."""

    def __init__(self, **attributes: Any):
        self.attributes = dict(attributes)

    def set(self, name: str, value: Any) -> None:
        """Sets an attribute."""
        self.attributes[name] = value

    def get(self, name: str) -> Any:
        """Returns an attribute; None if it is not set."""
        return self.attributes.get(name)

    def __str__(self) -> str:
        return self.to_string()

    def to_string(self) -> str:
        """Returns it in the dot language."""
        raise NotImplementedError

    def _brackets(self) -> str:
        pairs = ", ".join(f"{name}={_quoted(value)}" for name, value in self.attributes.items())
        return f" [{pairs}]" if pairs else ""


class Node(_Element):
    """A node of a graph.

    Args:
        name: Its name, by which edges refer to it.
        **attributes: Its attributes.
    """

    def __init__(self, name: str, **attributes: Any):
        super().__init__(**attributes)
        self.name = name

    def get_name(self) -> str:
        """Returns its name."""
        return self.name

    def to_string(self) -> str:
        """Returns it in the dot language."""
        return f"{_quoted(self.name)}{self._brackets()};"


class Edge(_Element):
    """An arrow between two nodes.

    Args:
        src: The name of the first.
        dst: The name of the second.
        **attributes: Its attributes.
    """

    def __init__(self, src: str, dst: str, **attributes: Any):
        super().__init__(**attributes)
        self.src, self.dst = src, dst

    def get_source(self) -> str:
        """Returns the name of the node where it starts."""
        return self.src

    def get_destination(self) -> str:
        """Returns the name of the node where it ends."""
        return self.dst

    def to_string(self) -> str:
        """Returns it in the dot language."""
        return f"{_quoted(self.src)} -> {_quoted(self.dst)}{self._brackets()};"


class Dot(_Element):
    """A graph.

    Args:
        graph_name: Its name.
        **attributes: Its attributes.

    Example:
        >>> graph = Dot(rankdir="LR")
        >>> graph.add_node(Node("a", label="first layer"))
        >>> graph.add_edge(Edge("a", "b"))
        >>> print(graph.to_string())
        digraph G {
        rankdir=LR;
        a [label="first layer"];
        a -> b;
        }
    """

    _kind = "digraph"

    def __init__(self, graph_name: str = "G", **attributes: Any):
        super().__init__(**attributes)
        self.name = graph_name
        self._parts: list[_Element] = []

    def get_name(self) -> str:
        """Returns its name."""
        return self.name

    def set_node_defaults(self, **attributes: Any) -> None:
        """Sets attributes of all nodes."""
        self._parts.append(Node("node", **attributes))

    def add_node(self, node: Node) -> None:
        """Adds a node."""
        self._parts.append(node)

    def add_edge(self, edge: Edge) -> None:
        """Adds an arrow."""
        self._parts.append(edge)

    def add_subgraph(self, graph: "Cluster") -> None:
        """Adds a graph inside of this one."""
        self._parts.append(graph)

    def get_nodes(self) -> list[Node]:
        """Returns its nodes, without those of graphs inside."""
        return [part for part in self._parts if isinstance(part, Node)]

    def get_node(self, name: str) -> list[Node]:
        """Returns its nodes of a name."""
        return [node for node in self.get_nodes() if node.name == name]

    def get_edges(self) -> list[Edge]:
        """Returns its arrows, without those of graphs inside."""
        return [part for part in self._parts if isinstance(part, Edge)]

    def get_subgraphs(self) -> list["Cluster"]:
        """Returns the graphs inside."""
        return [part for part in self._parts if isinstance(part, Cluster)]

    def to_string(self) -> str:
        """Returns it in the dot language."""
        lines = [f"{self._kind} {_quoted(self.name)} {{"]
        lines += [f"{name}={_quoted(value)};" for name, value in self.attributes.items()]
        for part in self._parts:
            text = part.to_string()
            # The attributes of all nodes are those of a node called "node", which is a word of the language.
            lines.append(text.replace('"node"', "node", 1) if text.startswith('"node" [') else text)
        return "\n".join([*lines, "}"])

    def write(self, path: Any, prog: str | None = None, format: str = "raw", encoding: str | None = None) -> bool:
        """Writes it to a file in the dot language.

        Args:
            path: The file.
            prog: Must be None: only pydot calls programs.
            format: Must be "raw" or "dot".
            encoding: The encoding of the text; UTF-8 by default.

        Raises:
            ArgumentError: For a picture, which only pydot makes.
        """
        if prog is not None or format not in ("raw", "dot"):
            raise ArgumentError(
                f"Without pydot, a graph is only written in the dot language, format='raw'. Received: {format=}, "
                f"{prog=}. `plot_model` draws pictures without pydot, and `pip install pydot` calls Graphviz."
            )
        namespace("saving.atomic").write_file(path, self.to_string().encode(encoding or "utf-8"))
        return True

    def write_raw(self, path: Any, encoding: str | None = None) -> bool:
        """Writes it to a file in the dot language."""
        return self.write(path, encoding=encoding)

    write_dot = write_raw


class Cluster(Dot):
    """A graph in a frame, inside of another graph.

    Args:
        graph_name: Its name.
        **attributes: Its attributes.
    """

    _kind = "subgraph"

    def __init__(self, graph_name: str = "subG", **attributes: Any):
        super().__init__(f"cluster_{graph_name}", **attributes)


def build(diagram: Diagram, show: Show, classes: ModuleType, attributes: dict[str, Any] | None) -> Any:
    """Describes a model in the dot language.

    Args:
        diagram: The model.
        show: What is shown of each layer.
        classes: The module with `Dot`, `Cluster`, `Node` and `Edge`: pydot, or this one.
        attributes: The attributes of the graph; None for a `Cluster`.

    Returns:
        A `Dot` or a `Cluster` of that module.
    """
    if attributes is None:
        graph = classes.Cluster(style="dashed", graph_name=diagram.name)
        graph.set("label", diagram.name)
        graph.set("labeljust", "l")
    else:
        graph = classes.Dot()
        for name, value in attributes.items():
            graph.set(name, value)
        graph.set_node_defaults(shape="record")
    for item in diagram.items:
        if isinstance(item, Diagram):
            graph.add_subgraph(build(item, show, classes, None))
        else:
            node = classes.Node(str(item.key), label=label_of(item, show))
            for name, value in (("fontname", "Helvetica"), ("border", "0"), ("margin", "0")):
                node.set(name, value)
            graph.add_node(node)
    for source, target in diagram.edges:
        edge = classes.Edge(str(source), str(target))
        edge.set("penwidth", "2")
        graph.add_edge(edge)
    return graph


def label_of(box: Box, show: Show) -> str:
    """Returns the label of a box: a table in the HTML of Graphviz, the same as Keras's, with names escaped."""
    name = f"<b>{escape(box.class_name, False)}</b>"
    if box.name is not None:
        name = f"<b>{escape(box.name, False)}</b> ({escape(box.class_name, False)})"
    span = f'colspan="{show.columns}"'
    rows = [f'<tr><td {span} bgcolor="black"><font point-size="16" color="white">{name}</font></td></tr>']
    if box.activation is not None:
        text = f"Activation: <b>{escape(box.activation, False)}</b>"
        rows.append(f'<tr><td bgcolor="white" {span}><font point-size="14">{text}</font></td></tr>')
    if box.cells:
        rows.append(f"<tr>{''.join(map(_cell, box.cells))}</tr>")
    return f'<<table border="0" cellborder="1" bgcolor="black" cellpadding="10">{"".join(rows)}</table>>'


def _cell(cell: Cell) -> str:
    color = ' color="white"' if cell.color == "white" else ""
    text = f"{cell.label}<b>{escape(cell.value, False)}</b>"
    return f'<td bgcolor="{cell.background}"><font point-size="14"{color}>{text}</font></td>'
