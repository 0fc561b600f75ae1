import os
import subprocess
import sys

import pytest

from minikeras.commands.running import UsageError, check_model_file, check_target, objects_of, run
from minikeras.errors import DataError, FileWriteError


@pytest.mark.parametrize(
    ("error", "status"),
    [(UsageError("no"), 2), (DataError("no"), 1), (OSError("no"), 1), (ImportError("no"), 1), (MemoryError(), 1)],
)
def test_statuses(error, status, capsys):
    def work():
        raise error

    assert run("predict", work) == status
    printed = capsys.readouterr()
    assert printed.err.startswith("minikeras predict: ") and printed.err.count("\n") == 1 and not printed.out
    assert run("predict", lambda: None) == 0


def test_control_characters_are_escaped(capsys):
    def work():
        raise DataError("red \x1b[31m")

    run("predict", work)
    assert capsys.readouterr().err == "minikeras predict: red \\x1b[31m\n"


def test_a_mistake_of_minikeras_has_a_traceback():
    def work():
        raise KeyError("a")

    with pytest.raises(KeyError):
        run("predict", work)


def test_names_of_files():
    for good in ("a.keras", "b.h5", "c.hdf5"):
        check_model_file(good)
    for bad, match in (("a.weights.h5", "has weights, but no layers"), ("a.onnx", "onnxruntime"), ("a.txt", "ends in")):
        with pytest.raises(UsageError, match=match):
            check_model_file(bad)


def test_targets(tmp_path):
    check_target(str(tmp_path / "new.h5"), False)
    (tmp_path / "old.h5").write_text("")
    (tmp_path / "dangling.h5").symlink_to(tmp_path / "nothing")
    for name in ("old.h5", "dangling.h5"):
        with pytest.raises(UsageError, match="exists. Pass --overwrite"):
            check_target(str(tmp_path / name), False)
        check_target(str(tmp_path / name), True)
    with pytest.raises(FileWriteError, match="there is no folder"):
        check_target(str(tmp_path / "none" / "a.h5"), False)


def test_files_with_own_classes(folder):
    (folder / "own.py").write_text(
        "import keras\nfrom math import sin\nclass A(keras.Layer): pass\ndef f(x): return x\n"
    )
    found = objects_of("own.py")
    assert sorted(found) == ["A", "f"]
    (folder / "bad.py").write_text("1 / 0")
    (folder / "text.txt").write_text("")
    for name, match in (("none.py", "cannot be read"), ("bad.py", "ZeroDivisionError"), ("text.txt", "not a Python")):
        with pytest.raises(UsageError, match=match):
            objects_of(name)


def test_a_reader_that_stops(saved):
    """As in `minikeras summary a.keras | head -1`: no traceback."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "minikeras", "summary", "a.keras"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert done.returncode == 1 and done.stderr == ""
