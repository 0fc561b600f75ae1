"""Docstrings are written in Markdown, and napoleon expects reStructuredText: what differs is converted here."""

import re
from collections.abc import Callable
from typing import Any

# Code, with what reST does not allow beside markup: anything but spaces and punctuation.
CODE = re.compile(r"(?:(?<=[^\s'\"(\[{<\-/:`])())?(?<!`)`([^`\n]+)`(?!`)(?=([^\s'\")\]}>\-/\\:.,;!?])?)")
# Pages whose docstrings are converted begin with it.
PROLOG = [".. |colon| unicode:: U+003A", ""]
DRAWING = re.compile(r"[│├└┌┐─]")


class Converter:
    """Converts the lines of a docstring.

    Args:
        find: Returns the path of the page that a piece of code names, or None.
    """

    def __init__(self, find: Callable[[str], str | None]):
        self._find = find

    def line(self, line: str) -> str:
        """Converts inline code, and links it if it is a public name; escapes what is markup in reST alone."""
        parts, end = [], 0
        for match in CODE.finditer(line):
            parts += [_escaped(line[end : match.start()]), self._code(match[2], match[1], match[3])]
            end = match.end()
        return "".join([*parts, _escaped(line[end:])])

    def _code(self, code: str, before: str | None, after: str | None) -> str:
        path = self._find(code)
        text = f":py:obj:`{code} <{path}>`" if path else f"``{code}``"
        return ("" if before is None else "\\ ") + text + ("\\ " if after else "")

    def lines(self, lines: list[str]) -> list[str]:
        """Converts a docstring but for its doctests and its blocks of code."""
        result, inside = [], False
        for line in lines:
            inside = line.lstrip().startswith(">>>") or (inside and bool(line.strip()))
            result.append(line if inside else self.line(line))
        return _with_blocks(result, lines)


def _escaped(text: str) -> str:
    # Bold words, and names of variadic arguments at the start of a line, are left to reST and napoleon.
    if not text.lstrip().startswith("*"):
        text = re.sub(r"(?<!\*)\*(?=[\w(])", r"\\*", text)
    return re.sub(r"(?<=\w)_(?!\w)", r"\\_", text).replace("|", r"\|")


def _with_blocks(lines: list[str], originals: list[str]) -> list[str]:
    """Marks drawings, which are indented and have no `::` before them, as literal blocks of their original lines."""
    for number, line in enumerate(lines):
        if DRAWING.search(line) and not any(DRAWING.search(each) for each in lines[:number]):
            start = max(index for index in range(number) if not lines[index].strip())
            end = max(index for index, line in enumerate(lines) if DRAWING.search(line)) + 1
            while end < len(lines) and (not lines[end] or lines[end].startswith(" ")):
                end += 1
            return [*lines[:start], "", "::", "", *originals[start + 1 : end], *lines[end:]]
    return lines


def setup_docstrings(app: Any, find: Callable[[str, str], str | None]) -> None:
    """Converts docstrings before napoleon reads them.

    Args:
        app: Sphinx.
        find: Returns the path of the page that a piece of code names in the docstring of an object, or None.
    """

    def convert(app: Any, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
        lines[:] = Converter(lambda code: find(code, name)).lines(lines)
        if what == "property":
            # napoleon takes what stands before a colon for a type.
            lines[0] = re.sub(r":(?= )", r"\\ |colon|", lines[0])

    app.connect("autodoc-process-docstring", convert, priority=100)
