"""Prepares the gallery: sphinx-gallery reads copies of the examples, whose docstrings begin with a title and a picture.

The examples are listed in `examples/README.md`, with their titles, pictures and times. They are not run: that takes
minutes, and the pictures are in the repository.
"""

import ast
import re
from pathlib import Path
from typing import Any

from .docstrings import Converter

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
COPIES = "_build/examples"  # below the folder of the documentation
SECTION = re.compile(r"^## (.*?)\n\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| .*?\| \*\*\[(.*?)\]\((.*?)\)\*\*<br>.*? \| (.*?) \|$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def _text(markdown: str) -> str:
    """Converts paragraphs of `examples/README.md`: code, links to its files, and commands, which are indented."""
    convert = Converter(lambda code: None).line
    paragraphs = []
    for paragraph in markdown.strip("\n").split("\n\n"):
        if paragraph.startswith("    "):
            paragraphs.append(f".. code-block:: sh\n\n{paragraph}")
        elif not paragraph.startswith("|"):
            paragraphs.append("\n".join(convert(line) for line in paragraph.splitlines()))
    return LINK.sub(lambda match: f":download:`{match[1]} </../examples/{match[2]}>`", "\n\n".join(paragraphs))


def _titled(title: str, text: str) -> str:
    return f"{title}\n{'=' * len(title)}\n\n{text}\n"


def _page(script: Path, title: str, time: str) -> str:
    """The source of a copy: that of the example, with a docstring for sphinx-gallery."""
    source = script.read_text(encoding="utf-8")
    docstring = ast.parse(source).body[0]
    text = docstring.value.value
    if text.startswith(title):
        text = text[len(title) :]
    name, picture = script.stem, EXAMPLES / "pictures" / f"{script.stem}.png"
    parts = [_text(text), f"Time on two cores: {time}."]
    notebook = script.with_suffix(".ipynb")
    if notebook.exists():
        parts.append(f"It is also a :download:`notebook </../examples/{notebook.relative_to(EXAMPLES).as_posix()}>`.")
    comment = ""
    if picture.exists():
        parts.insert(1, f".. image:: /../examples/pictures/{name}.png\n   :alt: what {name}.py draws")
        comment = f"# sphinx_gallery_thumbnail_path = '../examples/pictures/{name}.png'\n"
    rest = "\n".join(source.splitlines()[docstring.end_lineno :]).strip("\n")
    text = _titled(title, "\n\n".join(parts))
    return f'r"""\n{text}"""\n\n{comment}{rest}\n'


def write_copies(source: Path) -> list[str]:
    """Writes the copies, and the headers of the gallery and of its sections.

    Args:
        source: The folder of the documentation.

    Returns:
        The names of the examples in the order of the list.
    """
    folder = source / COPIES
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    introduction = readme.partition("\n## ")[0].partition("\n")[2]
    texts = {folder / "GALLERY_HEADER.rst": _titled("Examples", _text(introduction))}
    names = []
    for number, (title, content) in enumerate(SECTION.findall(readme)):
        below = folder / f"{number}"
        texts[below / "GALLERY_HEADER.rst"] = _titled(title, _text(content)).replace("=", "-")
        for name, link, time in ROW.findall(content):
            names.append(Path(link).name)
            texts[below / names[-1]] = _page(EXAMPLES / link, name, time)
    for old in folder.rglob("*"):
        if old.is_file() and old not in texts:
            old.unlink()
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return names


class ListedOrder:
    """Orders the examples of a section as `examples/README.md` does.

    Args:
        src_dir: The folder of the section, which is not needed.
    """

    def __init__(self, src_dir: str):
        readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
        self._names = [Path(link).name for _, link, _ in ROW.findall(readme)]

    def __call__(self, item: str) -> int:
        """Returns the place of a file."""
        return self._names.index(Path(item).name)


def _link_gallery(app: Any, name: str, source: list[str]) -> None:
    """Lets links to the list of the examples, which are right in the repository, lead to the gallery."""
    source[0] = re.sub(r"\]\(((?:\.\./)*)\.\./examples/README\.md\)", r"](\1gallery/index.rst)", source[0])


def setup(app: Any) -> dict:
    """Called by Sphinx, before sphinx-gallery looks for examples."""
    app.connect("builder-inited", lambda app: write_copies(Path(app.srcdir)), priority=1)
    app.connect("source-read", _link_gallery)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
