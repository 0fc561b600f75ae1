"""What a user gets, and the commands the README promises."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest

import minikeras

ROOT = pathlib.Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def readme_command(marker):
    """The one command in the code block after a marker."""
    (block,) = re.findall(rf"<!-- command: {marker} -->\n```sh\n(.*?)\n```\n", README, re.DOTALL)
    return block


def test_readme_commands():
    for marker, extra, last in [
        ("example", "plot", ".venv/bin/python examples/mnist_mlp.py"),
        ("test", "test", ".venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder"),
    ]:
        make, install, run = readme_command(marker).split(" && ")
        assert make == "python3 -m venv .venv"
        assert install.startswith(".venv/bin/python -m pip install ")
        assert install.endswith(f'".[{extra}]"')
        assert run == last
        assert extra in PROJECT["optional-dependencies"]
    assert (ROOT / "examples" / "mnist_mlp.py").is_file()


def test_the_environment_is_ignored_by_git():
    assert ".venv/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


FAKE_README = """# A project

<!-- command: example -->
```sh
echo the wrong one
```

<!-- command: test -->
```sh
mkdir -p .venv/bin && printf '#!/bin/sh\\necho "ruff $*"\\n' > .venv/bin/ruff && chmod +x .venv/bin/ruff && {last}
```

```sh
echo the wrong one
```
"""


def run_ci(folder, readme):
    """Runs a copy of .ci/run in a small project, whose test command brings its own linter."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return subprocess.run(["bash", str(folder / ".ci" / "run")], capture_output=True, text=True, cwd="/")


def test_ci_runs_the_readme_command_then_the_linters(tmp_path):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "leftover").touch()
    (tmp_path / "here.txt").touch()
    result = run_ci(tmp_path, FAKE_README.replace("{last}", "ls .venv here.txt && echo tests passed"))
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("+ mkdir -p .venv/bin")
    assert lines[1:] == [
        "here.txt",
        "",
        ".venv:",
        "bin",
        "tests passed",
        "+ ruff check",
        "ruff check .",
        "+ ruff format --check",
        "ruff format --check .",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".ci", ".venv", "README.md", "here.txt"]


def test_ci_fails_with_the_tests(tmp_path):
    result = run_ci(tmp_path, FAKE_README.replace("{last}", "exit 3"))
    assert result.returncode == 3
    assert "ruff check" not in result.stdout


def test_ci_fails_with_the_linter(tmp_path):
    readme = FAKE_README.replace("{last}", "printf '#!/bin/sh\\nexit 1\\n' > .venv/bin/ruff")
    assert run_ci(tmp_path, readme).returncode == 1


def test_ci_fails_without_the_marker(tmp_path):
    result = run_ci(tmp_path, FAKE_README.replace("command: test", "command: other"))
    assert result.returncode == 1
    assert "README.md has no code block" in result.stderr


def test_versions_agree():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(.*?)\] - (Unreleased|\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)
    assert newest[1] == PROJECT["version"] == minikeras.__version__


def test_core_dependencies():
    names = {re.match(r"[\w-]+", requirement)[0] for requirement in PROJECT["dependencies"]}
    assert names == {"numpy", "h5py", "tabulate"}


def test_the_package_under_test_is_this_one():
    # Tests that ran on another installed copy would prove nothing.
    assert pathlib.Path(minikeras.__file__).parent == ROOT / "minikeras"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.iterdir()
    return path


def test_wheel_is_pure_python(wheel):
    assert wheel.name == f"minikeras-{PROJECT['version']}-py3-none-any.whl"


def test_wheel_holds_the_package_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        data = archive.read("minikeras/datasets/data/mnist.npz")
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "minikeras").rglob("*.py")}
    assert packed == files | {
        "minikeras/py.typed",
        "minikeras/datasets/data/LICENSE",
        "minikeras/datasets/data/mnist.npz",
        "minikeras/dropin/names.txt",
    }
    assert data == (ROOT / "minikeras/datasets/data/mnist.npz").read_bytes()


def test_readme_tour_runs(tmp_path):
    (tour,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    script = tmp_path / "tour.py"
    script.write_text(tour + "print('end of the tour')\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "error", str(script)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert result.returncode == 0, result.stderr
    assert "Trainable params: 23,860" in result.stdout
    assert result.stdout.endswith("end of the tour\n")
