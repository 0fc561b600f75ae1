"""The script that puts a wheel beside the page."""

import importlib.util
import json
import pathlib
import subprocess
import sys

import pytest

from tests.examples.browser.pages import PAGE, ROOT


@pytest.fixture
def prepare():
    spec = importlib.util.spec_from_file_location("prepare", PAGE / "prepare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(folder, version):
    folder.mkdir(exist_ok=True)
    path = folder / f"minikeras-{version}-py3-none-any.whl"
    path.write_text(version, encoding="utf-8")
    return path


def test_a_wheel_is_copied_and_replaces_older_ones(prepare, tmp_path, capsys):
    page = tmp_path / "page"
    wheel(page, "0.1.0")
    prepare.main([str(wheel(tmp_path / "downloads", "0.3.0"))], page)
    assert sorted(path.name for path in page.iterdir()) == ["minikeras-0.3.0-py3-none-any.whl", "wheel.json"]
    assert json.loads((page / "wheel.json").read_text()) == {"wheel": "minikeras-0.3.0-py3-none-any.whl"}
    assert f"python -m http.server --directory {page}" in capsys.readouterr().out


def test_one_that_is_there_already_stays(prepare, tmp_path):
    path = wheel(tmp_path, "0.3.0")
    prepare.main([str(path)], tmp_path)
    assert path.read_text() == "0.3.0" and (tmp_path / "wheel.json").exists()


def test_a_wheel_is_built_anew(prepare, tmp_path, monkeypatch):
    def run(command, check):
        assert check and command[:5] == [sys.executable, "-m", "pip", "wheel", "--no-deps"] and command[-1] == ROOT
        wheel(pathlib.Path(command[-2]), "0.3.0")

    monkeypatch.setattr(subprocess, "run", run)
    old = wheel(tmp_path, "0.3.0")
    old.write_text("old", encoding="utf-8")
    prepare.main([], tmp_path)
    assert old.read_text() == "0.3.0"


@pytest.mark.parametrize("name", ["missing/minikeras-0.3.0-py3-none-any.whl", "numpy-2.0-py3-none-any.whl", "."])
def test_what_is_no_wheel_is_refused(name, prepare, tmp_path, capsys):
    (tmp_path / "numpy-2.0-py3-none-any.whl").touch()
    with pytest.raises(SystemExit):
        prepare.main([str(tmp_path / name)], tmp_path)
    assert "expected the file of a wheel" in capsys.readouterr().err
    assert not (tmp_path / "wheel.json").exists()
