"""Files are replaced in one step, or not at all."""

import os
import pathlib
import resource
import stat
import subprocess
import sys

import pytest

from minikeras import Sequential, layers
from minikeras.errors import FileWriteError
from minikeras.saving.atomic import replace_file, write_file


def test_it_is_written(tmp_path):
    path = tmp_path / "a"
    write_file(path, b"one")
    assert path.read_bytes() == b"one"
    write_file(str(path), [b"t", b"wo"])
    assert path.read_bytes() == b"two" and os.listdir(tmp_path) == ["a"]

    def backwards(file):
        file.write(b"  ee")
        file.seek(0)
        file.write(b"th")

    replace_file(path, backwards)
    assert path.read_bytes() == b"thee"
    write_file(tmp_path / ("n" * 255), b"a long name")
    assert (tmp_path / ("n" * 255)).read_bytes() == b"a long name"


def test_permissions_and_links_stay(tmp_path):
    old = os.umask(0o027)
    try:
        write_file(tmp_path / "a", b"")
    finally:
        os.umask(old)
    assert stat.S_IMODE(os.stat(tmp_path / "a").st_mode) == 0o640
    os.chmod(tmp_path / "a", 0o604)
    os.symlink(tmp_path / "a", tmp_path / "link")
    write_file(tmp_path / "link", b"new")
    assert stat.S_IMODE(os.stat(tmp_path / "a").st_mode) == 0o604
    assert (tmp_path / "a").read_bytes() == b"new" and os.path.islink(tmp_path / "link")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("mine"), KeyboardInterrupt()])
def test_a_failure_changes_nothing(error, tmp_path):
    write_file(tmp_path / "a", b"old")

    def pieces():
        yield b"new"
        raise error

    with pytest.raises(FileWriteError if isinstance(error, OSError) else type(error)) as e:
        write_file(tmp_path / "a", pieces())
    assert (tmp_path / "a").read_bytes() == b"old" and os.listdir(tmp_path) == ["a"]
    if isinstance(error, OSError):
        assert str(e.value) == (
            f"[Errno 28] The file '{tmp_path}/a' could not be written: No space left on device. "
            "The previous file is unchanged."
        )
        assert e.value.errno == 28


def test_no_folder(tmp_path):
    for path in (tmp_path / "no" / "a", tmp_path, os.devnull, os.devnull + "/a", "/proc/a", "/sys/a"):
        with pytest.raises(FileWriteError, match="could not be written"):
            write_file(path, b"")
    assert os.listdir(tmp_path) == [] and stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_full_disk(tmp_path):
    model = Sequential([layers.Input((99,)), layers.Dense(99)])
    saves = [(model.save, "a.keras"), (model.save_weights, "a.weights.h5"), (model.save, "a.h5")]
    for save, name in saves:
        save(tmp_path / name)
    before = {name: (tmp_path / name).read_bytes() for _, name in saves}
    model.set_weights([weight + 1 for weight in model.get_weights()])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, limits[1]))
    try:
        for save, name in saves:
            with pytest.raises(FileWriteError, match=f"{name}' could not be written: File too large"):
                save(tmp_path / name)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


KILLED = """
import os, signal, sys
import numpy as np
from minikeras import Sequential, layers, saving

path, kills = sys.argv[1], int(sys.argv[2])
model = Sequential([layers.Input((300,)), layers.Dense(300)])
states = [[np.full_like(weight, number) for weight in model.get_weights()] for number in (1, 2)]


def save_twice(last=None):  # dies at the call or return with this number, which may be in Python or in C
    writing, events = [], 0

    def note(frame, event, arg):
        nonlocal events
        events += 1
        if events == last:
            os.kill(os.getpid(), signal.SIGKILL)
        if frame.f_code.co_filename.endswith("atomic.py"):
            writing.append(events)

    sys.setprofile(note)
    for state in states:
        model.set_weights(state)
        model.save(path)
    sys.setprofile(None)
    return writing, events


save_twice()
(writing, total), seen = save_twice(), set()
moments = [*writing[:: max(1, 2 * len(writing) // kills)], *range(1, total, 2 * total // kills)]
for moment in moments:
    child = os.fork()
    if not child:
        save_twice(moment)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    values = {float(each) for weight in saving.load_model(path).get_weights() for each in (weight.min(), weight.max())}
    assert values in ({1.0}, {2.0}), values
    seen |= values
parts = [name for name in os.listdir(os.path.dirname(path)) if name.endswith(".part")]
print(len(seen), len(parts))
"""


def test_killed_at_any_moment(tmp_path):
    """A process that saves two states in turn is killed at 40 moments, half of them while it writes.

    The file has one of the two states each time, whole.
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(tmp_path / "a.keras"), "40"],
        cwd=pathlib.Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    states, interrupted = map(int, done.stdout.split())
    assert states == 2 and interrupted > 0  # some were killed while they wrote
