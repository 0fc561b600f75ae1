"""The start page, the tutorials and the page on security: every block of code runs and prints what follows it."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = [DOCS / "index.md", DOCS / "security.md", *sorted((DOCS / "tutorials").glob("*.md"))]
TUTORIALS = ["functional", "images", "mnist", "own_layers", "saving", "text"]
BLOCK = re.compile(r"^```(\S+)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!`)\[[^\]`]+\]\(([^)#]+)(?:#[^)]*)?\)")


def name(path):
    return path.relative_to(DOCS).with_suffix("").as_posix()


def run(text, path="page"):
    """Runs the blocks of a page in order, and returns what each one prints beside what the page says."""
    names, pairs = {"__name__": "page"}, []
    for kind, content in BLOCK.findall(text):
        if kind == "python":
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                exec(compile(content, str(path), "exec"), names)
            pairs.append([output.getvalue(), ""])
        elif kind == "text":
            pairs[-1][1] = content
    return pairs


def lines(text):
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_blocks_run_and_print_what_the_page_says(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for printed, said in run(path.read_text(encoding="utf-8"), path):
        assert lines(printed) == lines(said)


def test_another_output_is_seen():
    page = "```python\nx = 1\nprint(x)\n```\n\n```text\n2\n```\n\n```python\nprint(x + 1)\n```\n"
    assert run(page) == [["1\n", "2\n"], ["2\n", ""]]


def test_every_tutorial_has_code_and_is_listed():
    index = (DOCS / "tutorials" / "index.md").read_text(encoding="utf-8")
    assert [path.stem for path in PAGES if path.parent.name == "tutorials" and path.stem != "index"] == TUTORIALS
    for each in TUTORIALS:
        assert f"({each}.md)" in index and f"\n{each}\n" in index
        kinds = [kind for kind, _ in BLOCK.findall((DOCS / "tutorials" / f"{each}.md").read_text(encoding="utf-8"))]
        assert kinds.count("python") >= 4 and set(kinds) == {"python", "text"}


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=name)
def test_links_lead_somewhere_in_the_repository_too(path):
    if {"_build", "gallery", "api"} & set(path.relative_to(DOCS).parts):
        pytest.fail("built pages are no Markdown")
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (path.parent / link).is_file(), link
