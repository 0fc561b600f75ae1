import os
import subprocess
import sys

from minikeras.dropin.script import run_script

WHERE = """
import os, sys
assert __name__ == "__main__" and sys.modules["__main__"].__dict__ is globals()
print(sys.argv, __file__, sys.path[0], __package__, __doc__, sep="|")
"""


def test_a_script_finds_itself_as_with_python(run, tmp_path, bare):
    ours = run(WHERE, "one", "--two=2", "-h")
    path = tmp_path / "script.py"
    words = [sys.executable, str(path), "one", "--two=2", "-h"]
    theirs = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (ours.stdout, ours.stderr, ours.returncode) == (theirs.stdout, "", 0)


def test_a_relative_path_through_a_link(tmp_path, capsys):
    folder = tmp_path / "real"
    folder.mkdir()
    (folder / "neighbour.py").write_text("VALUE = 7\n", encoding="utf-8")
    (folder / "script.py").write_text("import sys, neighbour\nprint(sys.argv[0], neighbour.VALUE)\n", encoding="utf-8")
    (tmp_path / "link.py").symlink_to(folder / "script.py")
    words = [sys.executable, "-m", "minikeras", "run", "link.py"]
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    result = subprocess.run(words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True)
    assert result.stdout == "link.py 7\n", result.stderr


RAISES = """
import keras
def inner():
    raise ValueError("bad\\nluck") from KeyError("x")
class Loss(keras.losses.Loss):
    def call(self, y_true, y_pred):
        inner()
Loss()([1.0], [2.0])
"""


def test_a_script_that_raises(run):
    result = run(RAISES)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert lines[:3] == ["KeyError: 'x'", "", "The above exception was the direct cause of the following exception:"]
    places = [line.split(", in ")[1] for line in lines if line.startswith("  File ")]
    assert places == ["<module>", "call", "inner"]  # nothing of minikeras, and nothing of what ran the script
    with_all = run("import tensorflow as tf\ntf.debugging.disable_traceback_filtering()\n" + RAISES)
    places = [line.split(", in ")[1] for line in with_all.stderr.splitlines() if line.startswith("  File ")]
    assert places[0] == "<module>" and "__call__" in places and places[-2:] == ["call", "inner"]
    assert lines[-2:] == ["ValueError: bad", "luck"]


def test_exit_codes(run):
    assert run("import sys\nsys.exit(3)\n").returncode == 3
    message = run("raise SystemExit('over')\n#\n")
    assert (message.returncode, message.stderr) == (1, "over\n")
    broken = run("x = (\n#\n")
    assert broken.returncode == 1 and broken.stderr.splitlines()[-1] == "SyntaxError: '(' was never closed"
    assert "Traceback" not in broken.stderr
    hooked = run("import sys\nsys.excepthook = lambda *parts: print(len(parts))\nimport nothing\n")
    assert (hooked.returncode, hooked.stdout, hooked.stderr) == (1, "3\n", "")


def test_a_script_that_is_not_there(tmp_path, capsys):
    assert run_script(str(tmp_path / "none.py")) == 2
    assert capsys.readouterr().err.startswith("minikeras: cannot open ")
    assert run_script(str(tmp_path)) == 2
    assert "is a folder" in capsys.readouterr().err


def test_workers_use_minikeras_too(run):
    result = run("workers.py")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["fork [2, 4]", "spawn [2, 4]", "process __mp_main__"]
