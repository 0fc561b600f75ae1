"""Datasets beside `tf.data`: elements, specs, sizes."""

import numpy as np
import pytest
import tensorflow as tf

from minikeras.data import CsvDataset, Dataset, TextLineDataset
from minikeras.dropin.tensorflow import data as ours
from minikeras.dropin.tensorflow import specs

X, Y = np.arange(12, dtype="float32").reshape(6, 2), np.arange(6)
WORDS = ["a", "bc", "", "d"]


def ragged():
    for length in (3, 1, 2, 4, 0):
        yield np.arange(length, dtype="int64")


def pairs():
    for number in range(4):
        yield {"x": [number, number + 1], "y": number}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return tuple(map(plain, value))
    if isinstance(value, bytes):
        return "string", value.decode()
    array = np.asarray(value)
    if array.dtype.kind in "OSU":
        return "string", np.vectorize(lambda part: part.decode() if isinstance(part, bytes) else part, [object])(
            array
        ).tolist()
    return array.dtype.name, array.tolist()


def plain_spec(spec):
    if isinstance(spec, dict):
        return {key: plain_spec(part) for key, part in spec.items()}
    if isinstance(spec, tuple):
        return tuple(map(plain_spec, spec))
    if hasattr(spec, "element_spec"):
        return "dataset", plain_spec(spec.element_spec)
    shape = spec.shape
    if shape is not None and getattr(shape, "rank", 0) is not None:
        shape = tuple(shape)
    else:
        shape = None
    return shape, "string" if "str" in str(spec.dtype) or spec.dtype == tf.string else np.dtype(spec.dtype.name).name


SPEC = {
    "slices": lambda d, t: d.Dataset.from_tensor_slices((X, {"y": Y})),
    "lists": lambda d, t: d.Dataset.from_tensor_slices([[1, 2], [3, 4]]),
    "strings": lambda d, t: d.Dataset.from_tensor_slices(WORDS).batch(3),
    "tensors": lambda d, t: d.Dataset.from_tensors((X, 1.5)),
    "range": lambda d, t: d.Dataset.range(2, 9, 3),
    "range back": lambda d, t: d.Dataset.range(9, 2, -3),
    "batch": lambda d, t: d.Dataset.from_tensor_slices((X, Y)).batch(4),
    "dropped": lambda d, t: d.Dataset.from_tensor_slices((X, Y)).batch(4, drop_remainder=True),
    "twice": lambda d, t: d.Dataset.from_tensor_slices(X).batch(2).batch(2),
    "unbatch": lambda d, t: d.Dataset.from_tensor_slices((X, Y)).batch(4).unbatch(),
    "rebatch": lambda d, t: d.Dataset.range(7).batch(3).rebatch(2),
    "repeat": lambda d, t: d.Dataset.range(3).repeat(2).skip(1).take(4),
    "none": lambda d, t: d.Dataset.range(3).repeat(0),
    "all skipped": lambda d, t: d.Dataset.range(3).skip(-1),
    "all taken": lambda d, t: d.Dataset.range(3).take(-1),
    "too many": lambda d, t: d.Dataset.range(3).skip(5),
    "shard": lambda d, t: d.Dataset.range(10).shard(3, 1),
    "concatenate": lambda d, t: d.Dataset.range(3).concatenate(d.Dataset.range(8, 10)),
    "concatenate shapes": lambda d, t: d.Dataset.from_tensors(X).concatenate(d.Dataset.from_tensors(X[:2])),
    "zip": lambda d, t: d.Dataset.zip({"a": d.Dataset.range(3), "b": (d.Dataset.range(4), d.Dataset.range(5))}),
    "zip of two": lambda d, t: d.Dataset.zip(d.Dataset.range(3), d.Dataset.range(2).repeat()),
    "map": lambda d, t: d.Dataset.from_tensor_slices((X, Y)).map(lambda x, y: (x * 2, y)),
    "map to dict": lambda d, t: d.Dataset.from_tensor_slices((X, Y)).map(lambda x, y: {"x": x, "y": y}),
    "map of dict": lambda d, t: d.Dataset.from_tensor_slices({"x": X, "y": Y}).map(lambda row: row["x"] + 1.0),
    "parallel map": lambda d, t: d.Dataset.range(20).map(lambda x: x * x, num_parallel_calls=d.AUTOTUNE),
    "map of batches": lambda d, t: d.Dataset.from_tensor_slices((X, Y)).batch(4).map(lambda x, y: x[:, 0]),
    "filter": lambda d, t: d.Dataset.range(9).filter(lambda x: x % 3 == 0),
    "take_while": lambda d, t: d.Dataset.range(9).take_while(lambda x: x < 4),
    "unique": lambda d, t: d.Dataset.from_tensor_slices([1, 2, 1, 3, 2]).unique(),
    "enumerate": lambda d, t: d.Dataset.from_tensor_slices(WORDS).enumerate(5),
    "scan": lambda d, t: d.Dataset.range(5).scan(np.int64(0), lambda state, x: (state + x, state * 10)),
    "flat_map": lambda d, t: d.Dataset.range(4).flat_map(lambda x: d.Dataset.range(x)),
    "interleave": lambda d, t: d.Dataset.range(6).interleave(
        lambda x: d.Dataset.range(x, x + 5), cycle_length=2, block_length=3
    ),
    "interleave, of different lengths": lambda d, t: d.Dataset.range(1, 7).interleave(
        lambda x: d.Dataset.range(10 * x, 11 * x), cycle_length=3, block_length=2
    ),
    "parallel interleave": lambda d, t: d.Dataset.range(1, 7).interleave(
        lambda x: d.Dataset.range(10 * x, 11 * x), cycle_length=3, block_length=2, num_parallel_calls=2
    ),
    "window": lambda d, t: d.Dataset.range(7).window(3, 2, 1, True).flat_map(lambda w: w.batch(3)),
    "windows, kept": lambda d, t: d.Dataset.range(7).window(3, 2, 2).flat_map(lambda w: w.batch(3)),
    "windows, far apart": lambda d, t: d.Dataset.range(20).window(2, 5).flat_map(lambda w: w.batch(3)),
    "windows, of pairs": lambda d, t: (
        d.Dataset.from_tensor_slices((X, Y)).window(2).flat_map(lambda x, y: d.Dataset.zip((x.batch(2), y.batch(2))))
    ),
    "padded": lambda d, t: d.Dataset.from_generator(
        ragged, output_signature=t.TensorSpec((None,), "int64")
    ).padded_batch(2),
    "padded to": lambda d, t: d.Dataset.from_generator(
        ragged, output_signature=t.TensorSpec((None,), "int64")
    ).padded_batch(3, padded_shapes=[5], padding_values=np.int64(-1), drop_remainder=True),
    "padded tuples": lambda d, t: (
        d.Dataset.from_generator(ragged, output_signature=t.TensorSpec((None,), "int64"))
        .map(lambda x: (x, x[:1]))
        .padded_batch(2, padded_shapes=([None], [3]), padding_values=(np.int64(7), np.int64(8)))
    ),
    "buckets": lambda d, t: d.Dataset.from_generator(
        ragged, output_signature=t.TensorSpec((None,), "int64")
    ).bucket_by_sequence_length(lambda x: len(x) if d is ours else tf.shape(x)[0], [2, 4], [2, 2, 1]),
    "generator": lambda d, t: d.Dataset.from_generator(
        pairs, output_signature={"x": t.TensorSpec((2,), "float32"), "y": t.TensorSpec((), "int32")}
    ).batch(3),
    "generator of types": lambda d, t: d.Dataset.from_generator(
        lambda: iter([([1, 2], 3.0)]), (np.int32, np.float32), ((2,), ())
    ),
    "choose": lambda d, t: d.Dataset.choose_from_datasets(
        [d.Dataset.range(3), d.Dataset.range(10, 12)], d.Dataset.from_tensor_slices(np.int64([0, 1, 1, 0, 1, 0]))
    ),
    "choose on": lambda d, t: d.Dataset.choose_from_datasets(
        [d.Dataset.range(3), d.Dataset.range(10, 11)],
        d.Dataset.from_tensor_slices(np.int64([0, 1, 1, 0, 1, 0])),
        stop_on_empty_dataset=False,
    ),
    "cache and prefetch": lambda d, t: d.Dataset.range(5).cache().prefetch(d.AUTOTUNE).batch(2),
    "infinite": lambda d, t: d.Dataset.range(3).repeat().take(7),
}


@pytest.mark.parametrize("name", SPEC)
def test_pipelines(name):
    first, second = SPEC[name](tf.data, tf), SPEC[name](ours, specs)
    assert plain_spec(second.element_spec) == plain_spec(first.element_spec)
    assert [plain(each) for each in second.as_numpy_iterator()] == [plain(each) for each in first.as_numpy_iterator()]
    assert [plain(each) for each in second] == [plain(each) for each in first.as_numpy_iterator()]


@pytest.mark.parametrize("name", sorted({*SPEC} - {"unique", "choose", "choose on", "rebatch"}))
def test_sizes(name):
    first, second = SPEC[name](tf.data, tf), SPEC[name](ours, specs)
    assert int(second.cardinality()) == int(first.cardinality())


def test_windows_are_nested_datasets():
    first = tf.data.Dataset.from_tensor_slices((X, Y)).window(4)
    second = Dataset.from_tensor_slices((X, Y)).window(4)
    assert plain_spec(second.element_spec) == plain_spec(first.element_spec) and len(second) == len(first)


def test_files(tmp_path):
    for name, text in {"a.txt": "one\ntwo\r\n\nthree", "b.txt": "four\n"}.items():
        (tmp_path / name).write_bytes(text.encode())
    paths = [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    for d, lines in ((tf.data, tf.data.TextLineDataset), (ours, TextLineDataset)):
        found = [plain(each)[1] for each in lines(paths).as_numpy_iterator()]
        assert found == ["one", "two", "", "three", "four"]
        listed = d.Dataset.list_files(str(tmp_path / "*.txt"), shuffle=False)
        assert [plain(each)[1] for each in listed.as_numpy_iterator()] == paths and len(listed) == 2
        assert len(list(d.Dataset.list_files(str(tmp_path / "*.txt"), seed=3))) == 2


def test_csv(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('n,x,word\n1,2.5,"a, b"\n2,,c\n3,4.5,\n')
    settings = [
        {"record_defaults": [np.int32(0), -1.0, "none"], "header": True},
        {"record_defaults": [tf.int32, "none"], "header": True, "select_cols": [0, 2]},
    ]
    for each in settings:
        first = tf.data.experimental.CsvDataset(str(path), **each)
        own = [np.int32 if value is tf.int32 else value for value in each["record_defaults"]]
        second = CsvDataset(str(path), **{**each, "record_defaults": own})
        assert plain_spec(second.element_spec) == plain_spec(first.element_spec)
        assert [plain(row) for row in second.as_numpy_iterator()] == [plain(row) for row in first.as_numpy_iterator()]
