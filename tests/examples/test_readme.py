"""The list of the examples."""

import ast
import pathlib
import re

import pytest

FOLDER = pathlib.Path(__file__).parent.parent.parent / "examples"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
ROW = r"^\| (?:\[!\[(\w+)\]\((.*?)\)\]\((.*?)\) )?\| \*\*\[(.*?)\]\((.*?)\)\*\*<br>(.*?) \| (.*?) \|$"
ROWS = re.findall(ROW, README, re.MULTILINE)
HELPERS = {"questions/experiment.py", "browser/prepare.py"}
DRAWING = ("questions/", "browser/")  # folders of examples of which each has a picture
LARGEST, SIDES = 100_000, (640, 400)  # bytes and pixels of a picture


def scripts():
    return {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.py")}


def test_every_example_is_listed_once():
    listed = [link for _, _, _, _, link, _, _ in ROWS]
    assert sorted(listed) == sorted(scripts() - HELPERS)
    assert HELPERS <= scripts()


def test_all_rows_are_read():
    assert len(ROWS) == README.count("**<br>")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[4])
def test_row(row):
    name, picture, script, title, link, text, time = row
    source = (FOLDER / link).read_text(encoding="utf-8")
    if "matplotlib" in source or link.startswith(DRAWING):  # it draws
        assert pathlib.Path(link).stem == name and link == script
        assert picture == f"pictures/{name}.png"
    else:
        assert name == picture == script == ""
    assert text and re.fullmatch(r"\d+ (s|min)", time)
    if link.startswith("questions/"):
        docstring = ast.get_docstring(ast.parse(source))
        assert title == docstring.partition("\n")[0]
        assert f"python examples/{link}" in docstring
        said = " ".join(docstring.split()).rpartition("Takes about ")[2]
        assert said == f"{time.removesuffix(' s')} seconds."


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)]+)\)", README):
        assert (FOLDER / link).is_file(), link


def test_notebooks_are_listed():
    for path in FOLDER.rglob("*.ipynb"):
        assert f"({path.relative_to(FOLDER).as_posix()})" in README


def test_pictures_are_small_and_all_are_shown():
    from PIL import Image

    shown = {picture for _, picture, *_ in ROWS if picture}
    found = {path.relative_to(FOLDER).as_posix() for path in (FOLDER / "pictures").iterdir()}
    assert found == shown
    for path in shown:
        assert (FOLDER / path).stat().st_size < LARGEST
        with Image.open(FOLDER / path) as picture:
            assert picture.format == "PNG" and picture.width <= SIDES[0] and picture.height <= SIDES[1]
