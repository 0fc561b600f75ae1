import contextlib
import importlib
import io
import pathlib

import pytest

PNG, GIF = b"\x89PNG\r\n\x1a\n", b"GIF89a"


@pytest.fixture(scope="package")
def questions():
    """The folder of the experiments."""
    return pathlib.Path(__file__).parent.parent.parent.parent / "examples" / "questions"


@pytest.fixture(scope="package")
def load(questions):
    """Imports a script of the folder, in which scripts find each other as when one of them is run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(questions))
        yield importlib.import_module


@pytest.fixture(scope="module")
def quick(load, tmp_path_factory):
    """Runs a script in its quick mode; returns the script, what it found, what it printed, and its pictures' names."""

    def run(name):
        script = load(name)
        output = tmp_path_factory.mktemp(name)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            found = script.main(["--quick", "--output", str(output)])
        for path in output.iterdir():
            assert path.read_bytes().startswith(GIF if path.suffix == ".gif" else PNG)
            assert f"Wrote {path}" in printed.getvalue()
        return script, found, printed.getvalue(), sorted(path.name for path in output.iterdir())

    return run
