"""What the tests of the drop-in share: the drop-in in this process, and processes that run scripts."""

import importlib
import os
import pathlib
import subprocess
import sys

import pytest

from minikeras import dropin

ROOT = pathlib.Path(__file__).parents[2]
SCRIPTS = pathlib.Path(__file__).parent / "scripts"
collect_ignore_glob = ["scripts/*"]  # tests run them
# All that minikeras itself needs. numpy's shared libraries lie beside it.
NEEDED = ("numpy", "numpy.libs", "h5py", "h5py.libs", "tabulate")

REFERENCES = {"jax", "jaxlib", "keras", "tensorboard", "tensorflow", "torch"}


@pytest.fixture
def installed():
    """The drop-in, in this process, for one test."""
    dropin.install()
    yield importlib.import_module
    dropin.uninstall()


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    """A folder of the packages that minikeras needs, and nothing else: no Keras, no TensorFlow, no scikit-learn."""
    folder = tmp_path_factory.mktemp("packages")
    for name in NEEDED:
        for entry in sys.path:
            for source in (pathlib.Path(entry) / name, pathlib.Path(entry) / f"{name}.py"):
                if source.exists() and not (folder / source.name).exists():
                    (folder / source.name).symlink_to(source)
    return folder


@pytest.fixture(scope="session")
def others(tmp_path_factory):
    """A folder of all installed packages but the references, and what is made of them."""
    folder = tmp_path_factory.mktemp("others")
    for entry in map(pathlib.Path, sys.path):
        for source in entry.iterdir() if entry.name == "site-packages" else ():
            root = source.name.partition(".")[0].partition("-")[0]
            if root not in REFERENCES and not (folder / source.name).exists():
                (folder / source.name).symlink_to(source)
    return folder


@pytest.fixture
def run(bare, others, tmp_path):
    """Runs a script in a process without TensorFlow: `run("name.py", "argument")`, or the text of one.

    With `packages=True` there is all that is installed but Keras, TensorFlow, JAX and torch.
    """

    def run(script, *arguments, packages=False):
        path = SCRIPTS / script if "\n" not in script else tmp_path / "script.py"
        if "\n" in script:
            path.write_text(script, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(others if packages else bare), str(ROOT)])}
        words = [sys.executable, "-S", "-m", "minikeras", "run", str(path), *arguments]
        return subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)

    return run
