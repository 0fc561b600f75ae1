"""The first lines of README: what they print stands below them, and the picture above them is there."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TIMES = r" - \d+s - \d+[mun]?s/step"


def block(name, language):
    """The one block of code after a marker."""
    (found,) = re.findall(rf"<!-- {name} -->\n```{language}\n(.*?)```\n", README, re.DOTALL)
    return found


def test_the_lines_print_what_stands_below_them(capsys):
    code = block("first contact", "python")
    assert len([line for line in code.splitlines() if line]) == 10
    exec(code, {})
    printed, expected = (
        re.sub(TIMES, "", text) for text in (capsys.readouterr().out, block("first contact: output", "text"))
    )
    number = r"\d\.\d{4}"
    assert re.sub(number, "", printed) == re.sub(number, "", expected)
    # Another BLAS adds in another order, which three epochs of relu networks carry on; the third digit stays.
    numbers = [[float(each) for each in re.findall(number, text)] for text in (printed, expected)]
    assert len(numbers[0]) == 12 and numbers[0] == pytest.approx(numbers[1], abs=0.01)


def test_readme_opens_with_a_picture():
    (text, path) = re.findall(r"!\[(.*?)\]\((.*?)\)", README)[0]
    assert README.index(f"]({path})") < README.index("```") and len(text) > 20
    content = (ROOT / path).read_bytes()
    assert content[:4] == b"\x89PNG" and len(content) < 100_000
