import importlib
import pathlib

import pytest

FOLDER = pathlib.Path(__file__).parent.parent.parent.parent / "examples" / "questions"


@pytest.fixture(scope="package")
def load():
    """Imports a script of the folder, which its scripts find each other in, as when one of them is run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield importlib.import_module


@pytest.fixture(scope="module")
def quick(load, tmp_path_factory):
    """Runs a script in its quick mode; returns the script, what it found, what it printed and its pictures' names."""
    import contextlib
    import io

    def run(name):
        script = load(name)
        output = tmp_path_factory.mktemp(name)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            found = script.main(["--quick", "--output", str(output)])
        files = sorted(path.name for path in output.iterdir())
        for path in output.iterdir():
            assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n" if path.suffix == ".png" else b"GIF89a")
            assert f"Wrote {path}" in printed.getvalue()
        return script, found, printed.getvalue(), files

    return run
