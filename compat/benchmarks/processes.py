"""Starts the processes of the contenders and gives them their turns: one computes, all others wait."""

import contextlib
import json
import os
import pty
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .contenders import Contender
from .workloads import Workload

ROOT = Path(__file__).resolve().parent.parent.parent
OPTIONAL = ("PIL", "h5py", "matplotlib", "tabulate")

# Thread pools may spin for a moment after their work; the next contender is not to feel it.
PAUSE = 0.2

# So many cases of the workload "ops" share a turn, and the memory.
OPS_PER_TURN = 16


@dataclass
class Result:
    """What one contender gave for one workload.

    Attributes:
        samples: The measurements, in the unit of the workload.
        missing: What it lacks, if it cannot do the workload.
        failed: The error, if it should have been able to.
        loaded: For the workload "import": which optional modules were loaded.
        figures: For the workload "ops": the measurements, by case and size.
    """

    samples: list[float] = field(default_factory=list)
    missing: str = ""
    failed: str = ""
    loaded: list[str] = field(default_factory=list)
    figures: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    @property
    def can_go_on(self) -> bool:
        """Whether it makes sense to measure again."""
        return not (self.missing or self.failed)


Results = dict[str, dict[str, Result]]  # by workload, then by contender


class Process:
    """A running worker. Its output goes to a terminal that nobody looks at.

    Args:
        contender: Whose.
        folder: The folder of the data.
        keep_pinned: Whether settings that pin numpy's BLAS to old kernels are left as they are.
    """

    def __init__(self, contender: Contender, folder: Path, keep_pinned: bool):
        terminal, output = pty.openpty()
        reading, writing = os.pipe()
        self._errors = tempfile.TemporaryFile()
        command = [sys.executable, "-m", "compat.benchmarks.worker", contender.name, str(folder), str(writing)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=contender.process_environment(os.environ, keep_pinned),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=self._errors,
            pass_fds=[writing],
            text=True,
        )
        os.close(output)
        os.close(writing)
        self._reports = os.fdopen(reading, encoding="utf-8")
        self._reader = threading.Thread(target=_read_to_end, args=(terminal,), daemon=True)
        self._reader.start()
        self.failed = self._report().get("failed", "")

    def order(self, what: str, **arguments: str | list[str]) -> dict:
        """Gives an order, waits until it is done and returns the report."""
        if self.failed:
            return {"failed": self.failed}
        with contextlib.suppress(BrokenPipeError):  # it has ended then, and that is what the report will be
            self._process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
            self._process.stdin.flush()
        report = self._report()
        time.sleep(PAUSE)
        return report

    def close(self) -> None:
        """Ends the process."""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._reports.close()
        self._errors.close()

    def _report(self) -> dict:
        line = self._reports.readline()
        if line:
            return json.loads(line)
        self._process.wait()
        self._errors.seek(0)
        last_words = self._errors.read().decode(errors="replace")[-2000:]
        self.failed = f"The process ended with status {self._process.returncode}.\n{last_words}"
        return {"failed": self.failed}


def _read_to_end(terminal: int) -> None:
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # that is how a terminal says that its other side is closed
    os.close(terminal)


class Run:
    """One run of the benchmark.

    Args:
        contenders: The installed ones to compare.
        folder: The folder of the data.
        repeats: How many turns each contender gets at each workload.
        keep_pinned: See `Process`.
        tell: Called with a line about what is being done.
    """

    def __init__(
        self,
        contenders: Sequence[Contender],
        folder: Path,
        repeats: int,
        keep_pinned: bool,
        tell: Callable[[str], None],
    ):
        self._contenders, self._folder, self._repeats = contenders, folder, repeats
        self._keep_pinned, self._tell = keep_pinned, tell
        self._lasting: dict[str, Process] = {}
        self.results: Results = {}
        self.blas = "unknown (neither minikeras nor numpy was run)"

    def do(self, workloads: Sequence[Workload]) -> Results:
        """Measures the workloads and returns the results."""
        fresh = [workload for workload in workloads if workload.kind in ("first", "memory")]
        for workload in workloads:
            self.results[workload.name] = {contender.name: Result() for contender in self._contenders}
        for workload in workloads:
            if workload.kind == "import":
                self._take_turns(workload, self._import)
        for network in dict.fromkeys(workload.network for workload in fresh):
            alike = [workload for workload in fresh if workload.network == network]
            self._take_turns(alike[0], lambda workload, contender, alike=alike: self._first(alike, contender))
        self._do_lasting([workload for workload in workloads if not workload.is_fresh])
        return self.results

    def _take_turns(self, workload: Workload, turn: Callable[[Workload, Contender], None]) -> None:
        for repeat in range(self._repeats):
            self._tell(f"{workload.title}: turn {repeat + 1} of {self._repeats}")
            for contender in self._contenders:
                if self.results[workload.name][contender.name].can_go_on:
                    turn(workload, contender)

    def _import(self, workload: Workload, contender: Contender) -> None:
        code = (
            "import sys, time, json; start = time.perf_counter(); "
            f"import {contender.library}; seconds = time.perf_counter() - start; "
            f"print(json.dumps([1e3 * seconds, [name for name in {OPTIONAL} if name in sys.modules]]))"
        )
        environment = contender.process_environment(os.environ, self._keep_pinned)
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        result = self.results[workload.name][contender.name]
        if done.returncode:
            result.failed = done.stderr[-2000:]
        else:
            milliseconds, result.loaded = json.loads(done.stdout)
            result.samples.append(milliseconds)

    def _first(self, workloads: Sequence[Workload], contender: Contender) -> None:
        """Measures in one new process all that is asked of a first epoch."""
        process = Process(contender, self._folder, self._keep_pinned)
        try:
            report = process.order("first", workload=workloads[0].name)
        finally:
            process.close()
        for workload in workloads:
            self._note(workload, contender, report, workload.kind)

    def _do_lasting(self, workloads: Sequence[Workload]) -> None:
        """Measures what processes can do that go on from turn to turn and from workload to workload."""
        if not workloads:
            return
        with self._processes():
            for workload in workloads:
                self._tell(f"{workload.title}: preparing")
                for contender in self._contenders:
                    self._order(workload, contender, "prepare")
                self._take_turns(workload, lambda workload, contender: self._order(workload, contender, "measure"))

    def do_ops(self, workload: Workload, cases: Sequence[str]) -> Results:
        """Measures cases of single ops, some at a time, and returns the results."""
        self.results[workload.name] = {contender.name: Result() for contender in self._contenders}
        with self._processes():
            for start in range(0, len(cases), OPS_PER_TURN):
                some = list(cases[start : start + OPS_PER_TURN])
                self._tell(f"{workload.name}: {start + 1} to {start + len(some)} of {len(cases)}, {some[0]} and on")
                for contender in self._contenders:
                    self._note_ops(workload, contender, self._lasting[contender.name].order("prepare_ops", cases=some))
                for _ in range(self._repeats):
                    for contender in self._contenders:
                        self._note_ops(workload, contender, self._lasting[contender.name].order("measure_ops"))
        return self.results

    def _note_ops(self, workload: Workload, contender: Contender, report: dict) -> None:
        result = self.results[workload.name][contender.name]
        broken = [f"{name}:\n{error}" for name, error in report.get("broken", {}).items()]
        result.failed = "\n".join(filter(None, (result.failed, *broken))) or report.get("failed", "")
        for name, by_size in report.get("figures", {}).items():
            for size, microseconds in by_size.items():
                result.figures.setdefault(name, {}).setdefault(size, []).append(microseconds)

    @contextlib.contextmanager
    def _processes(self) -> Iterator[None]:
        """Starts the processes that go on from turn to turn, and ends them after a block."""
        try:
            for contender in self._contenders:
                process = Process(contender, self._folder, self._keep_pinned)
                self._lasting[contender.name] = process
                if contender.library in ("minikeras", "numpy"):
                    self.blas = process.order("about").get("blas", self.blas)
            yield
        finally:
            for process in self._lasting.values():
                process.close()
            self._lasting.clear()

    def _order(self, workload: Workload, contender: Contender, what: str) -> None:
        report = self._lasting[contender.name].order(what, workload=workload.name)
        self._note(workload, contender, report, "samples")

    def _note(self, workload: Workload, contender: Contender, report: dict, key: str) -> None:
        result = self.results[workload.name][contender.name]
        result.missing, result.failed = report.get("missing", ""), report.get("failed", "")
        if key in report:
            value = report[key]
            result.samples += value if isinstance(value, list) else [value]
