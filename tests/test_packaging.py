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
        ("docs", "docs", ".venv/bin/python -m sphinx -W --keep-going -j auto docs docs/_build/html"),
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


TOOLS = (
    "mkdir -p .venv/bin && printf '#!/bin/sh\\necho \"ruff $*\"\\n' > .venv/bin/ruff && "
    "sed s/ruff/python/ .venv/bin/ruff > .venv/bin/python && chmod +x .venv/bin/*"
)
FAKE_README = """# A project

<!-- command: example -->
```sh
echo the wrong one
```

<!-- command: test -->
```sh
{tools} && {last}
```

```sh
echo the wrong one
```
"""


def run_ci(folder, readme):
    """Runs a copy of .ci/run in a small project, whose test command brings its own linter and Python."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / ".ci" / "versions").write_text("echo other versions", encoding="utf-8")
    (folder / ".ci" / "versions").chmod(0o755)
    (folder / "README.md").write_text(readme.replace("{tools}", TOOLS), encoding="utf-8")
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
        "+ mypy and pyright",
        "python .ci/types",
        "other versions",
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


FAKE_APT = """#!/bin/sh
echo "apt-get $*" >> "{log}"
exit {status}
"""


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("browser", ["chromium", "google-chrome", None])
def test_ci_installs_a_browser_for_root_where_there_is_none(tmp_path, monkeypatch, browser, status):
    """Whether that works or not, the tests run."""
    programs, project = tmp_path / "programs", tmp_path / "project"
    programs.mkdir()
    project.mkdir()
    for tool in ("awk", "bash", "cat", "chmod", "dirname", "mkdir", "mktemp", "rm", "sed", "tar"):
        (programs / tool).symlink_to(shutil.which(tool))
    fakes = {"apt-get": FAKE_APT.format(log=tmp_path / "log", status=status), "id": "#!/bin/sh\necho 0\n"}
    for name, text in {**fakes, **({browser: ""} if browser else {})}.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    result = run_ci(project, FAKE_README.replace("{last}", "echo tests passed"))
    assert result.returncode == 0, result.stderr
    assert "tests passed" in result.stdout.splitlines()
    calls = (tmp_path / "log").read_text(encoding="utf-8").splitlines() if (tmp_path / "log").exists() else []
    installs = ["apt-get update -qq", "apt-get install -y -qq chromium"]
    assert calls == ([] if browser else installs[: 1 if status else 2])
    assert ("Chromium could not be installed" in result.stderr) == bool(status and not browser)


VERSIONS = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if "Python :: 3." in each]
FAKE_PYTHON = """#!/bin/sh
case "$1 $2" in
    "-c "*) echo {version};;
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
    "-m pip") if [ "$3" = list ]; then echo "numpy 2.{version}"; else echo "installs $*"; fi;;
    *) echo "runs $*"; exit {status};;
esac
"""


OWN_PYTHON = """#!/bin/sh
case "$1 $2" in
    "-m pip") echo "{answer}"; exit {status};;
    *) exec "{python}" "$@";;
esac
"""


def run_versions(folder, pythons, answer="Would install numpy-9", answered=0):
    """Runs .ci/versions in a small project, with pretended Pythons in the PATH; returns status and lines.

    `answer` is what the pip of .venv says of a newer numpy, and `answered` what it exits with.
    """
    (folder / "bin").mkdir()
    for name, (version, status) in pythons.items():
        (folder / "bin" / name).write_text(FAKE_PYTHON.format(version=version, status=status), encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    for tool in ("cp", "grep", "mkdir", "mktemp", "rm", "sed", "sort"):  # and no Python of this machine
        (folder / "bin" / tool).symlink_to(shutil.which(tool))
    (folder / ".venv" / "bin").mkdir(parents=True)
    own = folder / ".venv" / "bin" / "python"
    own.write_text(OWN_PYTHON.format(answer=answer, status=answered, python=sys.executable), encoding="utf-8")
    own.chmod(0o755)
    shutil.copy(ROOT / "pyproject.toml", folder)
    environment = {**os.environ, "PATH": str(folder / "bin"), "PYENV_ROOT": str(folder)}
    words = [shutil.which("bash"), str(ROOT / ".ci" / "versions")]
    result = subprocess.run(words, capture_output=True, text=True, cwd=folder, env=environment)
    return result.returncode, result.stdout.splitlines()


def test_ci_tests_the_oldest_packages_and_every_python_that_is_there(tmp_path):
    own = "%d.%d" % sys.version_info[:2]
    pythons = {f"python{version}": (version, 0) for version in VERSIONS[:-1]}
    pythons[f"python{VERSIONS[-1]}"] = ("2.7", 0)  # as what is no such Python, whatever its name
    status, lines = run_versions(tmp_path, pythons)
    assert status == 0
    report = lines[lines.index("+ tests/ on other versions:") + 1 :]
    oldest = " ".join(each.replace(">=", "==") for each in PROJECT["dependencies"])
    assert report[0].startswith(f"Python {VERSIONS[0]}, {oldest}: passed, ")
    assert report[1].startswith(f"Python {VERSIONS[0]}, newest packages: passed, ")
    assert [each.partition(":")[0] for each in report[2:-1]] == [
        f"Python {version}" for version in VERSIONS[1:-1] if version != own
    ]
    assert report[-1] == f"Python {VERSIONS[-1]}: not here, not tested" or own == VERSIONS[-1]
    assert any("installs" in line and oldest in line for line in lines)
    runs = [line for line in lines if line.startswith("runs -m pytest tests")]
    assert len(runs) == len(report) - (report[-1][-1] == "d")
    for line, each in zip(runs, report, strict=False):
        ignored = re.findall(r"--ignore=(\S+)", line)  # sweeps, and on newer Pythons what computes with numpy
        assert "tests/examples" in ignored
        assert ("tests/ops" in ignored) == (not each.startswith(f"Python {VERSIONS[0]}, "))
        assert all((ROOT / name).exists() for name in ignored)


def test_ci_fails_if_another_version_does(tmp_path):
    status, lines = run_versions(tmp_path, {f"python{VERSIONS[0]}": (VERSIONS[0], 1)})
    assert status == 1
    assert sum(": failed, " in line for line in lines) == 2


@pytest.mark.parametrize("status", [0, 1])
def test_ci_does_not_test_on_the_newest_numpy_twice(tmp_path, status):
    version = "%d.%d" % sys.version_info[:2]
    answer = "Requirement already satisfied: numpy"
    _, lines = run_versions(tmp_path, {f"python{VERSIONS[0]}": (VERSIONS[0], 0)}, answer, status)
    is_known = version == VERSIONS[0] and status == 0
    newest = "newest numpy: that of .venv, tested with it" if is_known else "newest packages: passed, "
    assert any(line.startswith(f"Python {VERSIONS[0]}, {newest}") for line in lines)
    assert sum(line.startswith("runs -m pytest tests") for line in lines) == (1 if is_known else 2)


def test_the_supported_pythons_are_the_same_everywhere():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert PROJECT["requires-python"] == f">={VERSIONS[0]}"
    assert f'target-version = "py{VERSIONS[0].replace(".", "")}"' in project
    assert f"Python {VERSIONS[0]} to {VERSIONS[-1]}" in README


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
    (tour,) = re.findall(r"## A tour\n\n```python\n(.*?)```", README, re.DOTALL)
    script = tmp_path / "tour.py"
    script.write_text(tour + "print('end of the tour')\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "error", str(script)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert result.returncode == 0, result.stderr
    assert "Trainable params: 23,860" in result.stdout
    assert result.stdout.endswith("end of the tour\n")
