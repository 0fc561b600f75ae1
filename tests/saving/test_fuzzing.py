"""A few of the configs and files that the fuzzers try; see `fuzzing.py` and `greedy.py`."""

import signal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.saving.fuzzing import ENTRIES, Subjects, tried
from tests.saving.greedy import _dense, _stop, graph, inputs, judged, symbol
from tests.saving.greedy import entry as entry_of


@pytest.fixture(scope="module")
def subjects(tmp_path_factory):
    return Subjects(str(tmp_path_factory.mktemp("fuzzing")))


@pytest.fixture(autouse=True)
def clock():
    old = signal.signal(signal.SIGPROF, _stop)
    yield
    signal.signal(signal.SIGPROF, old)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("entry", ENTRIES)
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_mutants(entry, subjects, seed):
    assert tried(subjects, entry, seed).wrong is None


def op(name, values, shape=(None, 3), **config):
    made = entry_of(name, "o", config, values, "keras.src.ops.numpy")
    return graph(inputs(list(shape)), made, output="o")


X = symbol()
GREEDY = {
    "repeat": op("Repeat", [X], repeats=[2 * 10**8, 1, 1], axis=1),
    "repeat of large counts": op("Repeat", [X], repeats=[2**62, 2**62, 2**62], axis=1),
    "array_split": op("ArraySplit", [X], indices_or_sections=2 * 10**7, axis=1),
    "split": op("Split", [X], (None, 10**9), indices_or_sections=10**9, axis=1),
    "hsplit": op("Hsplit", [X], (None, 10**9), indices_or_sections=10**9),
    "vsplit": op("Vsplit", [X], (10**9, 1), indices_or_sections=10**9),
    "unstack": op("Unstack", [X], (None, 10**8), axis=1),
    "tile": op("Tile", [X], repeats=[1] * 100000),
    "pad": op("Pad", [X], (None, 10**9), pad_width=[[0, 0], [5, 5]], mode="reflect"),
    "diff": op("Diff", [X], (None, 10**9), n=10**8),
    "tri": op("Tri", [10**6, X]),
    "many axes": op("Abs", [X], [1] * 100000),
    "the kernel": _dense(units=10**9),
    "a kernel that is drawn by a generator": _dense(
        units=10**5,
        kernel_initializer={
            "module": "keras.initializers",
            "class_name": "Orthogonal",
            "config": {"seed": {"module": "keras.random", "class_name": "SeedGenerator", "config": {"seed": 1}}},
            "registered_name": None,
        },
    ),
}


@pytest.mark.parametrize("case", GREEDY)
def test_what_asks_for_too_much(case):
    found = judged(GREEDY[case])
    assert found.wrong is None and not found.loaded


def test_what_judges_sees_what_is_wrong():
    # More than a long process may have kept of what it has freed, which counts towards no limit.
    assert judged(None, lambda _: bytearray(10**12)).wrong.startswith("MemoryError")
    assert judged(None, lambda _: {}["a"]).wrong == "KeyError: 'a'"
    assert judged(None, lambda _: sum(each for each in iter(int, 1))).wrong.endswith(" s")
    assert judged(None, lambda _: None)[::2] == (None, True)
