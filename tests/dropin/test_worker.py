"""The start of worker processes: they run the script under the name that `multiprocessing` gives it."""

import os
import runpy

from minikeras import dropin
from minikeras.dropin import worker
from minikeras.dropin.script import SCRIPT


def test_the_script_runs_on_minikeras(tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(
        "import keras\nfrom minikeras import layers\n"
        "name, file, same = __name__, __file__, keras.layers.Dense is layers.Dense\n",
        encoding="utf-8",
    )
    monkeypatch.setenv(SCRIPT, os.fspath(script))
    try:
        names = runpy.run_path(worker.__file__, run_name="__mp_main__")
    finally:
        dropin.uninstall()
    assert names["name"] == "__mp_main__" and names["same"] and names["file"] == os.fspath(script)


def test_an_import_runs_nothing(monkeypatch):
    monkeypatch.delenv(SCRIPT, raising=False)
    assert "_script" not in runpy.run_path(worker.__file__)
    assert not dropin.is_installed()
