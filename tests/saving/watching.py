"""Watches what loading a file does: how long it takes, how much memory, and what it opens or starts besides."""

import ctypes
import os
import re
import resource
import struct
import sys
import time

import pytest

from minikeras import config
from minikeras.engine import registry
from minikeras.errors import ModelFileError
from minikeras.serialization import public

SECONDS, MEGABYTES = 1.0, 200
HARMLESS = {"gc.", "object.", "sys._getframe", "ctypes.", "builtins.id", "array.", "code.__new__", "sys.setprofile"}

# What a config names is imported on first use, which opens minikeras's own files: here it happens before the watch.
registry.names()
for _namespace in public.NAMESPACES:
    public.names(_namespace)


class _Watch:
    """Notes what the interpreter is asked to do outside: files opened, code compiled, programs started."""

    def __init__(self):
        self.events = None
        sys.addaudithook(self._note)

    def _note(self, event, args):
        if self.events is not None and not any(event.startswith(each) for each in HARMLESS):
            self.events.append((event, args))

    def stop(self):
        found, self.events = self.events, None
        return found


WATCH = _Watch()


def refused(load, path, reason):
    """Asserts that loading ends in the error, in time, with little memory, and with no file opened but that one."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        pages = int(statm.read().split()[0])
    limits = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + (MEGABYTES << 20)
    start = time.process_time()
    resource.setrlimit(resource.RLIMIT_AS, (most, limits[1]))
    WATCH.events = []
    try:
        with pytest.raises(ModelFileError) as caught:
            load(path)
    finally:
        events = WATCH.stop()
        resource.setrlimit(resource.RLIMIT_AS, limits)
    assert time.process_time() - start < SECONDS
    assert [event for event in events if event[0] != "open" or str(event[1][0]) != str(path)] == []
    error = caught.value
    assert re.search(reason, f"{error.member}: {error.reason}"), str(error)
    assert str(error).startswith(f"The file '{path}' cannot be read") and error.path == str(path)
    assert error.reason in str(error) and (error.member is None or error.member in str(error))
    assert "MemoryError" not in str(error)
    assert config.is_deserialization_safe()


def opens_in(folder):
    """Watches a folder; returns what returns the names of the files in it that were opened since, by any code in C."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(watch, os.fsencode(folder), 0x20) > 0  # IN_OPEN

    def names():
        found, events = set(), os.read(watch, 1 << 16)
        os.close(watch)
        while events:
            size = struct.unpack_from("I", events, 12)[0]
            found.add(events[16 : 16 + size].rstrip(b"\0"))
            events = events[16 + size :]
        return found - {b""}  # the folder itself

    return names
