import subprocess
import sys

import pytest

import minikeras
from minikeras import cli


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "run" in text and "crosscheck" in text
    with pytest.raises(SystemExit) as caught:
        cli.main(["train"])
    assert caught.value.code == 2 and "invalid choice" in capsys.readouterr().err


def test_a_script_that_is_not_there(capsys, tmp_path):
    assert cli.main(["run", str(tmp_path / "none.py"), "--data", "x"]) == 2
    assert "minikeras: cannot open" in capsys.readouterr().err


def test_without_arguments_it_prints_its_help(capsys):
    assert cli.main([]) == 0
    alone = capsys.readouterr()
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert alone == capsys.readouterr() and alone.out.startswith("usage: minikeras")


def test_the_version(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0 and capsys.readouterr().out == "minikeras 0.2.0\n"
    assert minikeras.__version__ == "0.2.0"


def test_python_m_minikeras():
    command = [sys.executable, "-m", "minikeras", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "minikeras 0.2.0\n"
