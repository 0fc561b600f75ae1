"""docs/engine.md shows what its code prints."""

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "engine.md"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
FILE = re.compile(r"\]\(\.\./([^)]+)\)")


def without_times(text):
    """A profile without its times, and without the widths of columns, which depend on them."""
    lines = text.splitlines()
    if not (lines and re.search(r": [\d.]+ us", lines[0])):
        return [line.rstrip() for line in lines]
    return [re.sub(r"-+|\s+", " ", re.sub(r"\d+\.\d+%?", "#", line)).strip() for line in lines]


def test_times_are_left_out():
    first, second = "One step: 1.5 us\na   1.25  5.0%\n", "One step: 11.5 us\na  11.25  15.0%\n"
    assert without_times(first) == without_times(second)
    assert without_times(first) != without_times(second.replace("a ", "b "))
    assert without_times("loss 1.5") != without_times("loss 2.5")


def test_the_page_shows_what_its_code_prints():
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    names, printed, shown = {}, None, 0
    for kind, content in blocks:
        if kind == "python":
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                exec(compile(content, str(PAGE), "exec"), names)
            printed = output.getvalue()
        else:
            assert without_times(content) == without_times(printed)
            shown += 1
    assert shown == 8


@pytest.mark.parametrize("path", FILE.findall(PAGE.read_text(encoding="utf-8")))
def test_files_it_links_to_are_there(path):
    assert (PAGE.parent.parent / path).is_file()
