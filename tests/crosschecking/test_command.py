import importlib.util
import sys

import pytest

from minikeras import Sequential, cli, crosscheck, dropin
from minikeras.crosschecking import command
from minikeras.errors import NotSupportedError
from minikeras.layers import Dense, Input


def test_without_keras_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NotSupportedError, match=r"which is not installed. .*`pip install keras==3.15.1 tensorflow`"):
        crosscheck(Sequential([Input((2,)), Dense(1)]))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name == "keras" or None)
    monkeypatch.delenv("KERAS_BACKEND")
    with pytest.raises(NotSupportedError, match="needs a Keras backend that can train"):
        crosscheck(Sequential([Input((2,)), Dense(1)]))


@pytest.mark.parametrize(
    "words, text",
    [
        (["model.keras", "--html", "no/such/page.html"], "`--html` must be a file in an existing folder"),
        (["model.keras", "--html", "."], "`--html` must be a file"),
        (["model.keras", "--custom", "none.py"], "There is no file none.py"),
        (["model.keras", "--data", "none.npz"], "There is no file none.npz"),
        (["model.keras", "--data", "exits.py"], "minikeras crosscheck: "),
        (["model.keras", "word"], "accepts no arguments. Received: word"),
        (["model.keras", "--", "--word"], "accepts no arguments. Received: --word"),
        (["exits.py"], "exits.py exited (with 0) before it called `fit`"),
        (["raises.py"], "ZeroDivisionError"),
        (["ends.py"], "ends.py ended without calling `fit`"),
        (["ends.py", "--data", "none.npz"], "`--data` is for saved models"),
        (["none.py"], "cannot open 'none.py'"),
    ],
)
def test_what_cannot_be_compared_has_status_2(words, text, tmp_path, capsys, monkeypatch, script_state):
    monkeypatch.chdir(tmp_path)
    Sequential([Input((2,)), Dense(1)]).save("model.keras")
    for name, code in (("exits", "sys.exit(0)"), ("raises", "1 / 0"), ("ends", "")):
        (tmp_path / f"{name}.py").write_text(f"import sys\n{code}\n", encoding="utf-8")
    assert cli.main(["crosscheck", *words]) == 2
    found = capsys.readouterr()
    assert text in found.err and found.out == ""
    assert words[0] == "raises.py" or "Traceback" not in found.err


@pytest.mark.parametrize(
    "words, text",
    [
        (["--tolerance", "nan"], "finite, non-negative number. Received: nan"),
        (["--tolerance", "-1"], "finite, non-negative number. Received: -1"),
        (["--tolerance", "much"], "finite, non-negative number. Received: much"),
        (["--steps", "0"], "expected a positive integer. Received: 0"),
        (["--batch-size", "2.5"], "expected a positive integer. Received: 2.5"),
        (["--epochs", "3"], "Pass options of the script after `--`"),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_bad_options_on_both_sides_of_the_path(words, text, before, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["crosscheck", *words, "script.py"] if before else ["crosscheck", "script.py", *words])
    assert caught.value.code == 2 and text in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, html, steps, arguments",
    [
        (["s.py", "--html", "o.html"], "o.html", None, []),
        (["--html", "o.html", "s.py"], "o.html", None, []),
        (["--steps", "3", "s.py", "--html", "o.html", "--", "--html", "mine"], "o.html", 3, ["--html", "mine"]),
        (["s.py", "now", "--steps", "3", "--", "--", "-x"], None, 3, ["now", "--", "-x"]),
        (["s.py", "--", "--epochs", "3"], None, None, ["--epochs", "3"]),
    ],
)
def test_whose_options_they_are(words, html, steps, arguments, monkeypatch):
    given = []
    monkeypatch.setattr(command, "run", lambda path, **options: given.append((path, options)) or 0)
    assert cli.main(["crosscheck", *words]) == 0
    ((path, options),) = given
    found = options["html"], options["steps"], options["arguments"]
    assert path == "s.py" and found == (html, steps, arguments)


@pytest.fixture
def script_state():
    """Scripts take over `sys.argv`, `sys.path` and `sys.modules["__main__"]`."""
    before = sys.argv, list(sys.path), sys.modules["__main__"]
    yield
    sys.argv, sys.path[:], sys.modules["__main__"] = before
    dropin.uninstall()


def test_files_that_cannot_be_used(tmp_path, capsys):
    assert cli.main(["crosscheck", str(tmp_path / "none.keras")]) == 2
    assert "minikeras crosscheck: The file" in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        cli.main(["crosscheck"])
    assert caught.value.code == 2
    assert cli.main([]) == 0 and "command" in capsys.readouterr().out
