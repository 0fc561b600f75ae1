"""Which files readers find, in which order, with which labels; the reader of texts stands for all of them.

Orders of seeds are those of numpy's generator, with which Keras shuffles; they were compared with Keras 3.15.1.
"""

import os

import numpy as np
import pytest

from minikeras.data import TensorSpec
from minikeras.errors import ArgumentError, DataError, FileMissingError, FileReadError, NotSupportedError
from minikeras.utils import text_dataset_from_directory
from minikeras.utils.folders import check_format, unreadable


@pytest.fixture
def folder(tmp_path):
    """Two classes, "b" and "a", with 3 and 2 files, whose contents are their paths."""
    for name in ("b/10", "b/9", "b/sub/1", "a/1", "a/2"):
        path = tmp_path / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def read(folder, **settings):
    dataset = text_dataset_from_directory(folder, **{"shuffle": False, "verbose": False} | settings)
    elements = [
        tuple(np.asarray(part).tolist() for part in (each if isinstance(each, tuple) else (each,))) for each in dataset
    ]
    return elements[0] if len(elements) == 1 else elements


FILES = ["a/1", "a/2", "b/10", "b/9", "b/sub/1"]  # sorted as text


def test_order_and_classes(folder, capsys):
    dataset = text_dataset_from_directory(folder, shuffle=False)
    assert capsys.readouterr().out == "Found 5 files belonging to 2 classes.\n"
    assert dataset.class_names == ["a", "b"]
    assert dataset.file_paths == [str(folder / f"{name}.txt") for name in FILES]
    assert dataset.element_spec == (TensorSpec((None,), "string"), TensorSpec((None,), "int32"))
    assert read(folder) == (FILES, [0, 0, 1, 1, 1]) and len(dataset) == 1
    assert read(str(folder)) == read(folder) and capsys.readouterr().out == ""


def test_hidden_and_foreign_files_are_skipped(folder):
    (folder / "a" / ".hidden.txt").write_text("no")
    (folder / "a" / "notes.md").write_text("no")
    (folder / "stray.txt").write_text("no")
    (folder / "b" / ".checkpoints").mkdir()
    (folder / "b" / ".checkpoints" / "1.txt").write_text("no")
    (folder / ".git").mkdir()
    (folder / "a" / "3.TXT").write_text("a/3")
    assert read(folder)[0] == ["a/1", "a/2", "a/3", "b/10", "b/9", "b/sub/1"]
    # without classes, files beside the subfolders count, too
    assert read(folder, labels=None) == (["no", *read(folder)[0]],)


def test_class_names(folder):
    (folder / "c").mkdir()
    assert read(folder, class_names=["b", "a"]) == (["b/10", "b/9", "b/sub/1", "a/1", "a/2"], [0, 0, 0, 1, 1])
    assert read(folder, class_names=["b"]) == (["b/10", "b/9", "b/sub/1"], [0, 0, 0])
    dataset = text_dataset_from_directory(folder, verbose=False, label_mode="categorical")
    assert dataset.class_names == ["a", "b", "c"] and dataset.element_spec[1] == TensorSpec((None, 3), "float32")


def test_label_modes(folder):
    assert read(folder, label_mode="binary")[1] == [[0], [0], [1], [1], [1]]
    assert read(folder, label_mode="categorical")[1] == [[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]
    assert read(folder, label_mode=None) == (FILES,) == read(folder, labels=None)
    dataset = text_dataset_from_directory(folder, label_mode=None, verbose=False)
    assert dataset.class_names is None and dataset.element_spec == TensorSpec((None,), "string")
    for mode, dtype in (("int", "int32"), ("binary", "float32"), ("categorical", "float32")):
        dataset = text_dataset_from_directory(folder, label_mode=mode, verbose=False)
        assert [labels.dtype for _, labels in dataset] == [dtype]


def test_labels_in_a_list(folder):
    assert read(folder, labels=[5, 6, 7, 8, 9]) == (FILES, [5, 6, 7, 8, 9])
    dataset = text_dataset_from_directory(folder, labels=(3, 1, 1, 3, 2), verbose=False)
    assert dataset.class_names == ["1", "2", "3"]
    labels = [1, 0, 0, 1, 1]
    assert read(folder, labels=labels, label_mode="binary")[1] == [[1], [0], [0], [1], [1]]
    found = read(folder, labels=labels, shuffle=True, seed=3)
    assert sorted(zip(*found, strict=True)) == sorted(zip(FILES, labels, strict=True)) and labels == [1, 0, 0, 1, 1]


def test_batches(folder):
    assert read(folder, batch_size=2) == [(FILES[:2], [0, 0]), (FILES[2:4], [1, 1]), (FILES[4:], [1])]
    assert read(folder, batch_size=None)[2] == ("b/10", 1)


def test_shuffling(folder):
    # numpy.random.RandomState(1) shuffles 0..4 to 2, 1, 4, 0, 3
    dataset = text_dataset_from_directory(folder, seed=1, verbose=False)
    assert dataset.file_paths == [str(folder / f"{FILES[number]}.txt") for number in (2, 1, 4, 0, 3)]
    orders = [[text for text, _ in dataset.unbatch()] for _ in range(4)]
    assert all(sorted(map(str, order)) == FILES for order in orders) and orders[0] != orders[1]
    again = text_dataset_from_directory(folder, seed=1, verbose=False)
    assert [[text for text, _ in again.unbatch()] for _ in range(4)] == orders
    np.random.seed(5)
    first = text_dataset_from_directory(folder, verbose=False).file_paths
    np.random.seed(5)
    assert text_dataset_from_directory(folder, verbose=False).file_paths == first


def test_parts(folder, capsys):
    settings = {"validation_split": 0.4, "seed": 1, "verbose": False}
    training, validation = (
        text_dataset_from_directory(folder, subset=subset, **settings) for subset in ("training", "validation")
    )
    assert capsys.readouterr().out == "Using 3 files for training.\nUsing 2 files for validation.\n"
    assert len(training.file_paths) == 3 and not set(training.file_paths) & set(validation.file_paths)
    both = text_dataset_from_directory(folder, subset="both", **settings)
    assert isinstance(both, list)
    assert [part.file_paths for part in both] == [training.file_paths, validation.file_paths]
    assert [part.class_names for part in both] == [["a", "b"]] * 2
    passes = [[str(text) for text, _ in both[1].unbatch()] for _ in range(3)]
    assert passes == [passes[0]] * 3  # validation keeps its order
    assert read(folder, validation_split=0.4, subset="validation") == (["b/9", "b/sub/1"], [1, 1])


def test_links(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "x.txt").write_text("x")
    (folder / "a" / "link").symlink_to(other)
    (folder / "b" / "back").symlink_to(folder)
    assert read(folder)[0] == FILES
    assert read(folder, follow_links=True)[0] == ["a/1", "a/2", "x", *FILES[2:]]
    (folder / "a" / "broken.txt").symlink_to(folder / "none")
    with pytest.raises(DataError, match=r"broken.txt' cannot be read"):
        read(folder)


def test_folders_that_cannot_be_read(folder, monkeypatch):
    with pytest.raises(FileMissingError, match="there is no folder"):
        read(folder / "none")
    with pytest.raises(FileMissingError, match="there is no folder"):
        read(folder / "none", labels=None)
    with pytest.raises(FileReadError, match="expected a folder"):
        read(folder / "a" / "1.txt")
    with pytest.raises(NotSupportedError, match="folders of this machine"):
        read("gs://bucket/folder")
    with pytest.raises(ArgumentError, match="expected a path"):
        read(None)
    scan = os.scandir

    def refuse(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(FileReadError, match=r"sub' cannot be read: Permission denied"):
        read(folder)


def test_no_files(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(ArgumentError, match="no text files found in .* end in .txt, in a folder for each class"):
        read(empty)
    with pytest.raises(ArgumentError, match=r"no text files found in .* end in .txt$"):
        read(empty, labels=None)
    for subset, split in (("validation", 0.1), ("training", 0.1), ("both", 0.1), ("both", 0.19)):
        with pytest.raises(ArgumentError, match="of 5 files .* leaves none for validation"):
            read(folder, validation_split=split, subset=subset)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"labels": "Inferred"}, "`labels` must be 'inferred', None, or a list"),
        ({"labels": [0.5] * 5}, "`labels` must be"),
        ({"labels": np.arange(5)}, "`labels` must be"),
        ({"labels": [1, 2]}, "expected a label for each file. Received: 2 labels, for 5 files"),
        ({"labels": [0, 1, 0, 1, 0], "class_names": ["a", "b"]}, "only be given with labels='inferred'"),
        ({"labels": None, "class_names": ["a", "b"]}, "only be given with labels='inferred'"),
        ({"class_names": ["a", "c"]}, r"names of folders in .*Expected: some of \['a', 'b'\]. Received: \['c'\]"),
        ({"label_mode": "one_hot"}, "`label_mode` must be"),
        ({"class_names": ["a"], "label_mode": "binary"}, "needs two classes"),
        ({"labels": [5, 6, 5, 6, 5], "label_mode": "binary"}, "labels from 5 to 6"),
        ({"labels": [0, 2, 0, 2, 0], "label_mode": "categorical"}, "numbers from 0 to 1. Received: labels from 0 to 2"),
        ({"batch_size": 0}, "`batch_size`"),
        ({"seed": "1"}, "`seed`"),
        ({"subset": "test", "validation_split": 0.5}, "`subset` must be"),
        ({"subset": "both"}, "go together"),
        ({"validation_split": 0.5}, "go together"),
        ({"validation_split": 1.5, "subset": "both"}, "`validation_split` must be"),
        ({"validation_split": 0.5, "subset": "both", "shuffle": True}, "pass a `seed`"),
        ({"format": "csv"}, "`format` must be"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_arguments(folder, settings, text):
    with pytest.raises(ArgumentError, match=text):
        read(folder, **settings)


def test_formats():
    check_format("x", "tf")
    with pytest.raises(NotSupportedError, match="x: minikeras makes no datasets of Grain"):
        check_format("x", "grain")


def test_the_error_of_a_file():
    assert str(unreadable("x", "a.txt", "it is odd.")).startswith(
        "x: the file 'a.txt' cannot be read: it is odd. Repair, move or delete it; or pass batch_size=None, "
    )


def test_files_that_cannot_be_read_are_skipped_on_request(folder):
    (folder / "a" / "0.txt").write_bytes(b"\xff")
    dataset = text_dataset_from_directory(folder, shuffle=False, verbose=False, batch_size=None)
    with pytest.raises(DataError, match=r"0.txt' cannot be read.*ignore_errors"):
        list(dataset)
    texts, labels = next(iter(dataset.ignore_errors().batch(9)))
    assert texts.tolist() == FILES and labels.tolist() == [0, 0, 1, 1, 1]
    with pytest.warns(UserWarning, match=r"left out: .*0.txt"):
        assert len(list(dataset.map(lambda text, label: label).ignore_errors(log_warning=True))) == 5
