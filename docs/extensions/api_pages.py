"""Writes the pages of the API reference: one for each namespace, and one for each topic of the larger ones."""

import dataclasses
import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive

from .docstrings import PROLOG, Converter, setup_docstrings
from .public_names import Entry, Namespace, entries, namespaces

FOLDER = "api"
# The larger namespaces have a page for each of their topics, which are the folders and files that their parts are in.
DIVIDED = ("minikeras.layers", "minikeras.ops")
TOPICS = {"base": "core", "input_spec": "core", "lookup": "preprocessing"}


@dataclasses.dataclass
class Page:
    """A page of the reference: its name, its title, the module that describes it, and what is on it."""

    name: str
    title: str
    module: ModuleType
    entries: list[Entry]
    parts: list["Page"] = dataclasses.field(default_factory=list)


class Reference:
    """The pages of the API reference.

    Args:
        source: The folder of the documentation.
    """

    def __init__(self, source: Path):
        self.folder = source / FOLDER
        self.namespaces = namespaces()
        self.entries = entries()
        self.classes = [entry.value for entry in self.entries if entry.kind == "class"]
        self.by_path = {path: entry for entry in self.entries for path in entry.paths}
        self.pages = [self._page(namespace) for namespace in self.namespaces]

    def find(self, code: str, where: str) -> str | None:
        """Returns the path of the object that inline code names: `ops.matmul`, or `Dense` among layers.

        Args:
            code: The code.
            where: The path of the object whose docstring it is in.
        """
        code = code.removesuffix("()")
        if not re.fullmatch(r"[A-Za-z_]\w*(\.\w+)*", code):
            return None
        if "." in code:
            candidates = [f"minikeras.{code.removeprefix('minikeras.')}"]
        else:  # a lone lower-case word is an argument more often than a function
            candidates = [f"{where.rpartition('.')[0]}.{code}"] if code[0].isupper() else []
        found = [self.by_path[path].path for path in candidates if path in self.by_path]
        return found[0] if found and found[0] != where else None

    def write(self) -> None:
        """Writes all pages; one that is as it was keeps its time, so that it is not read again."""
        self.folder.mkdir(exist_ok=True)
        texts = {"index": self._index()}
        for page in self.pages:
            texts[page.name] = self._text(page)
            texts |= {part.name: self._text(part) for part in page.parts}
        for old in self.folder.glob("*.rst"):
            if old.stem not in texts:
                old.unlink()
        for name, text in texts.items():
            path = self.folder / f"{name}.rst"
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")

    def _page(self, namespace: Namespace) -> Page:
        """The page of a namespace, with the objects that are described there and nowhere else."""
        own = [self.by_path[path] for path, _ in namespace.members() if self.by_path[path].path == path]
        if namespace.path not in DIVIDED:
            return Page(namespace.path, namespace.path, namespace.module, own)
        topics: dict[str, list[Entry]] = {}
        for entry in own:
            topic = entry.value.__module__.split(".")[2]
            topics.setdefault(TOPICS.get(topic, topic), []).append(entry)
        parts = []
        for topic, members in sorted(topics.items()):
            module = importlib.import_module(f"{namespace.path}.{topic}")
            title = topic.replace("_", " ").capitalize().replace("Ctc", "CTC")
            if namespace.path == "minikeras.layers":
                title = f"{title.removesuffix('s')} layers"
            parts.append(Page(f"{namespace.path}-{topic}", title, module, members))
        return Page(namespace.path, namespace.path, namespace.module, [], parts)

    def _index(self) -> str:
        rows = [(f":doc:`{page.title} <{page.name}>`", self._first_line(page.module)) for page in self.pages]
        lines = [
            *_title("API reference"),
            "Everything public, by namespace. Names, arguments and defaults are those of Keras 3.15.1; what differs on",
            "purpose is listed in :doc:`/differences`. The examples run as doctests, with ``np`` for numpy and the",
            "name that they show imported from its namespace: the example of ``ops.exp`` calls ``exp``.",
            "",
            *_table(rows),
        ]
        return "\n".join([*lines, *_toctree([page.name for page in self.pages if page.name.count(".") < 2])])

    def _text(self, page: Page) -> str:
        lines = [*PROLOG, *_title(page.title), *self._description(page)]
        namespace = next((each for each in self.namespaces if each.path == page.name), None)
        below = [each for each in self.pages if namespace and each.name.rpartition(".")[0] == page.name != "minikeras"]
        if below or page.parts:
            lines += _table([(f":doc:`{each.title} <{each.name}>`", self._first_line(each.module)) for each in below])
            lines += _toctree([each.name for each in [*below, *page.parts]])
        for part in page.parts:
            lines += _title(part.title, "-")
            lines += [f":doc:`{part.title} <{part.name}>`: {self._first_line(part.module)}", ""]
            lines += self._table_of_names([entry.path for entry in part.entries])
        paths = [path for path, _ in namespace.members()] if namespace else [entry.path for entry in page.entries]
        if page.parts:
            paths = [path for path in paths if self.by_path[path].path != path]
            lines += _title("Under other names, too", "-") if paths else []
        lines += self._table_of_names(paths)
        for entry in page.entries:
            lines += self._object(entry)
        return "\n".join(lines)

    def _description(self, page: Page) -> list[str]:
        text = inspect.getdoc(page.module) or ""
        text = "" if text == f"{page.title}." else text
        lines = Converter(lambda code: self.find(code, f"{page.name}.x")).lines(text.splitlines())
        is_namespace = any(each.path == page.name for each in self.namespaces)
        return [*([f".. py:module:: {page.name}", ""] if is_namespace else []), *lines, ""]

    def _table_of_names(self, paths: list[str]) -> list[str]:
        rows = []
        for path in paths:
            entry = self.by_path[path]
            rows.append((f":py:obj:`{path.rpartition('.')[2]} <{entry.path}>`", self._first_line(entry.value)))
        return _table(rows)

    def _first_line(self, value: Any) -> str:
        if not (callable(value) or inspect.ismodule(value)):
            return f"The number {value}."
        text = (inspect.getdoc(value) or "").partition("\n\n")[0].replace("\n", " ")
        return Converter(lambda code: None).line(text)

    def _object(self, entry: Entry) -> list[str]:
        module, _, name = entry.path.rpartition(".")
        lines = [f".. currentmodule:: {module}", ""]
        others = [path for path in entry.paths if path != entry.path]
        aliases = [f".. public-aliases:: {' '.join(others)}", f"   :kind: {entry.kind}", ""] if others else []
        if entry.kind == "data":
            return [*lines, f".. py:data:: {name}", f"   :value: {entry.value!r}", "", *aliases]
        members = _members(entry, self.classes)
        return [*lines, f".. auto{entry.kind}:: {entry.path}", *members, "", *("   " * bool(a) + a for a in aliases)]


def _members(entry: Entry, public: list[type]) -> list[str]:
    """The option that names the methods of a class: those that it and bases without an entry add to bases with one."""
    if entry.kind != "class":
        return []
    elsewhere = [base for base in entry.value.__mro__[1:] if base in public or not _is_ours(base)]
    names: dict[str, None] = {}
    for base in entry.value.__mro__:
        for name, member in vars(base).items() if _is_ours(base) else ():
            function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
            is_new = not any(hasattr(each, name) for each in elsewhere)
            if is_new and not name.startswith("_") and inspect.isfunction(function) and function.__doc__:
                names[name] = None
    return [f"   :members: {', '.join(sorted(names))}"] if names else []


def _is_ours(value: type) -> bool:
    return value.__module__.startswith("minikeras")


def _title(text: str, line: str = "=") -> list[str]:
    return [text, line * len(text), ""]


def _table(rows: list[tuple[str, str]]) -> list[str]:
    if not rows:
        return []
    lines = [".. list-table::", "   :class: names", "   :widths: 30 70", ""]
    for name, text in rows:
        lines += [f"   * - {name}", f"     - {text}"]
    return [*lines, ""]


def _toctree(pages: list[str]) -> list[str]:
    return ["", ".. toctree::", "   :hidden:", "", *(f"   {page}" for page in pages), ""] if pages else []


class PublicAliases(Directive):
    """Says under which other names an object is public, and makes these findable, too."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"kind": str}

    def run(self) -> list[nodes.Node]:
        """Returns a paragraph with the names, each of which is a target."""
        domain = self.state.document.settings.env.domains.python_domain
        paragraph = nodes.paragraph("", "Also ")
        for number, path in enumerate(self.arguments[0].split()):
            domain.note_object(path, self.options["kind"], path)
            paragraph += [nodes.Text(", " if number else ""), nodes.literal("", path, ids=[path])]
        paragraph += nodes.Text(".")
        return [paragraph]


def setup(app: Any) -> dict:
    """Called by Sphinx."""
    reference = Reference(Path(app.srcdir))
    app.connect("builder-inited", lambda app: reference.write())
    app.add_directive("public-aliases", PublicAliases)
    setup_docstrings(app, reference.find)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
