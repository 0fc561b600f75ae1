"""docs/migrating.md: every block of code runs, in order, in one folder; but one, in `compat/`, which needs JAX."""

import re
import shlex
from pathlib import Path

import pytest

import minikeras
from minikeras import cli

PAGE = Path(__file__).parent.parent / "docs" / "migrating.md"
BLOCK = re.compile(r"^(<!-- run with Keras on JAX -->\n)?```(\w+)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)]+)\)")


def blocks():
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def test_every_block_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("import keras\nassert 'minikeras' in repr(keras)\n")
    names = {"__name__": "page"}
    for elsewhere, kind, content in blocks():
        if kind == "sh":
            for line in content.splitlines():
                program, *arguments = shlex.split(line)
                assert program == "minikeras" and cli.main(arguments) == 0, capsys.readouterr().err
            minikeras.dropin.uninstall()
        elif not elsewhere:
            exec(compile(content, str(PAGE), "exec"), names)
    assert names["model"].evaluate(names["x"], names["y"], verbose=0)[1] > 0.8
    assert names["restored"].predict(names["x"], verbose=0).tolist() == (2 * names["x"]).tolist()
    assert len(names["scores"]) == 2 and len(names["caught"]) >= 2
    assert {path.name for path in tmp_path.iterdir()} >= {"model.keras", "old.h5", "new.keras", "new.onnx"}


def test_all_kinds_of_blocks_are_known():
    assert {kind for _, kind, _ in blocks()} == {"python", "sh"} and len(blocks()) == 10
    assert sum(bool(elsewhere) for elsewhere, _, _ in blocks()) == 1
    assert PAGE.read_text(encoding="utf-8").count("```") == 2 * len(blocks())


@pytest.mark.parametrize("path", LINK.findall(PAGE.read_text(encoding="utf-8")))
def test_files_it_links_to_are_there(path):
    assert (PAGE.parent / path).is_file()
