"""Folders of files with a subfolder for each class: which files there are, in which order, with which labels."""

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..argument_checks import bad_argument, check_int, check_number, is_int
from ..data.arguments import cores
from ..data.dataset import Dataset
from ..data.failures import attempted
from ..data.sources import Source
from ..data.specs import TensorSpec
from ..data.threads import mapped
from ..errors import ArgumentError, DataError, FileMissingError, FileReadError, NotSupportedError, brief, reason
from .numerical_utils import to_categorical
from .paths import checked_path
from .progbar import write_text

_LABEL_MODES = ("int", "categorical", "binary", None)
_SUBSETS = ("training", "validation", "both", None)


class Request(NamedTuple):
    """What a reader of folders is asked for; the arguments that all of them have, under Keras's names.

    Attributes:
        where: The name of the reader.
        kind: What it reads, for messages: "image", "text" or "audio".
        endings: The endings of the files that it reads; the others are skipped.
    """

    where: str
    kind: str
    endings: tuple[str, ...]
    directory: Any
    labels: Any
    label_mode: Any
    class_names: Any
    batch_size: Any
    shuffle: Any
    seed: Any
    validation_split: Any
    subset: Any
    follow_links: Any
    verbose: Any


class Files(NamedTuple):
    """Files with their labels, which are None if there are none."""

    paths: list[str]
    labels: np.ndarray | None


def folder_datasets(request: Request, load: Callable[[str], Any], spec: TensorSpec, is_padded: bool = False) -> Any:
    """Returns the dataset that a reader returns, or a list of two: for training and validation.

    Args:
        request: What the reader is asked for.
        load: Reads a file; called by several threads.
        spec: What it returns.
        is_padded: Whether the elements of a batch are padded to one length.
    """
    _check(request)
    has_labels = request.labels is not None and request.label_mode is not None
    request = request._replace(labels=request.labels if has_labels else None)
    seed = int(np.random.randint(1e6)) if request.seed is None else request.seed
    files, class_names = _indexed(request, checked_path(request.directory, request.where))
    if request.verbose:
        classes = f" belonging to {len(class_names)} classes" if class_names is not None else ""
        write_text(f"Found {len(files.paths)} files{classes}.\n")
    if has_labels:
        files = files._replace(labels=_encoded(request, files.labels, class_names))
    if request.shuffle:
        order = np.arange(len(files.paths))
        np.random.RandomState(seed).shuffle(order)
        labels = None if files.labels is None else files.labels[order]
        files = Files([files.paths[number] for number in order], labels)
    made = []
    for subset in ("training", "validation") if request.subset == "both" else (request.subset,):
        part = _part(request, files, subset)
        draws = bool(request.shuffle) and (subset != "validation" or request.subset != "both")
        dataset = _dataset(request, part, load, spec, seed if draws else None, is_padded)
        dataset.class_names, dataset.file_paths = class_names, part.paths
        made.append(dataset)
    return made if request.subset == "both" else made[0]


def _check(request: Request) -> None:
    """Checks the arguments that do not depend on the files."""
    where, labels = request.where, request.labels
    if not (labels is None or (isinstance(labels, str) and labels == "inferred")):
        if not isinstance(labels, (list, tuple)) or not all(map(is_int, labels)):
            expected = "'inferred', None, or a list or tuple of an integer for each file, sorted by the files' paths"
            raise bad_argument(where, "labels", labels, expected)
    if request.class_names and labels != "inferred":
        raise ArgumentError(
            f"{where}: `class_names` can only be given with labels='inferred', since they are names of folders. "
            f"Received: labels={brief(labels)}, class_names={brief(request.class_names)}"
        )
    if request.label_mode not in _LABEL_MODES:
        raise bad_argument(where, "label_mode", request.label_mode, "'int', 'categorical', 'binary' or None")
    if request.batch_size is not None:
        check_int(where, "batch_size", request.batch_size, 1, alternative="None")
    if request.subset not in _SUBSETS:
        raise bad_argument(where, "subset", request.subset, "'training', 'validation', 'both' or None")
    if bool(request.validation_split) != bool(request.subset):
        raise ArgumentError(
            f"{where}: `validation_split` and `subset` go together. "
            f"Received: validation_split={request.validation_split}, subset={request.subset!r}"
        )
    if request.validation_split:
        check_number(where, "validation_split", request.validation_split, above=0, below=1)
        if request.shuffle and request.seed is None:
            raise ArgumentError(
                f"{where}: pass a `seed`, the same for training and validation, so that they have no file in common; "
                "or shuffle=False."
            )
    if request.seed is not None:
        check_int(where, "seed", request.seed, 0, alternative="None")


# ---------------------------------------------------------------- which files there are


def _indexed(request: Request, directory: str) -> tuple[Files, list[str] | None]:
    """Returns the files, in Keras's order, with their classes' numbers, and the names of the classes."""
    _check_folder(request.where, directory)
    if not isinstance(request.labels, str):
        paths = list(_files_below(directory, request))
        if request.labels is None:
            return Files(paths, None), None
        if len(request.labels) != len(paths):
            raise ArgumentError(
                f"{request.where}: expected a label for each file. "
                f"Received: {len(request.labels)} labels, for {len(paths)} files in '{directory}'"
            )
        numbers = [int(label) for label in request.labels]
        return Files(paths, np.array(numbers, "int32")), [str(label) for label in sorted(set(numbers))]
    inside = sorted(name for name in os.listdir(directory) if name[0] != ".")
    folders = [name for name in inside if os.path.isdir(os.path.join(directory, name))]
    names = folders if request.class_names is None else list(request.class_names)
    if unknown := [name for name in names if name not in folders]:
        raise ArgumentError(
            f"{request.where}: `class_names` must be names of folders in '{directory}'. "
            f"Expected: some of {brief(folders)}. Received: {brief(unknown)}"
        )
    by_class = [list(_files_below(os.path.join(directory, name), request)) for name in names]
    numbers = np.repeat(np.arange(len(names), dtype="int32"), [len(paths) for paths in by_class])
    return Files([path for paths in by_class for path in paths], numbers), names


def _check_folder(where: str, directory: str) -> None:
    if "://" in directory:
        raise NotSupportedError(f"{where}: only folders of this machine can be read. Received: directory={directory!r}")
    if not os.path.lexists(directory):
        raise FileMissingError(f"{where}: there is no folder '{directory}'.")
    if not os.path.isdir(directory):
        raise FileReadError(f"{where}: expected a folder. Received: the file '{directory}'")


def _files_below(folder: str, request: Request) -> Iterator[str]:
    """Yields the paths of the files with the right endings, sorted by folder and name; hidden ones are skipped."""

    def refuse(error: OSError) -> None:
        raise FileReadError(
            f"{request.where}: the folder '{error.filename}' cannot be read: {error.strerror}"
        ) from error

    found = []
    for root, folders, names in os.walk(folder, onerror=refuse, followlinks=bool(request.follow_links)):
        folders[:] = [name for name in folders if name[0] != "." and not _leads_back(root, name)]
        found.append((root, [name for name in names if name[0] != "." and name.lower().endswith(request.endings)]))
    for root, names in sorted(found, key=lambda pair: pair[0]):
        yield from (os.path.join(root, name) for name in sorted(names))


def _leads_back(root: str, name: str) -> bool:
    """Returns whether a folder is a link to one that it is in: the walk would not end."""
    path = os.path.join(root, name)
    if not os.path.islink(path):
        return False
    here, there = os.path.realpath(root), os.path.realpath(path)
    return os.path.commonpath([here, there]) == there


def _encoded(request: Request, labels: Any, class_names: Any) -> np.ndarray:
    """Returns labels as `label_mode` says: the rows of an array."""
    if request.label_mode == "binary" and len(class_names) != 2:
        raise ArgumentError(
            f"{request.where}: label_mode='binary' needs two classes. "
            f"Received: {len(class_names)}: {brief(class_names)}"
        )
    if request.label_mode == "int":
        return labels
    if len(labels) and not 0 <= labels.min() <= labels.max() < len(class_names):
        raise ArgumentError(
            f"{request.where}: with label_mode={request.label_mode!r} and {len(class_names)} classes, labels are "
            f"numbers from 0 to {len(class_names) - 1}. Received: labels from {labels.min()} to {labels.max()}"
        )
    if request.label_mode == "binary":
        return labels.astype("float32")[:, None]
    return to_categorical(labels, len(class_names)).astype("float32")


def _part(request: Request, files: Files, subset: str | None) -> Files:
    """Returns the files of a subset: the last ones are for validation."""
    total = len(files.paths)
    if subset is not None and total:
        count = int(request.validation_split * total)
        if not 0 < count < total:
            raise ArgumentError(
                f"{request.where}: of {total} files in '{request.directory}', validation_split="
                f"{request.validation_split} leaves none for {'training' if count else 'validation'}."
            )
        chosen = slice(None, total - count) if subset == "training" else slice(total - count, None)
        files = Files(files.paths[chosen], None if files.labels is None else files.labels[chosen])
        write_text(f"Using {len(files.paths)} files for {subset}.\n")
    if not files.paths:
        raise ArgumentError(
            f"{request.where}: no {request.kind} files found in '{request.directory}'. "
            f"Expected: files that end in {', '.join(request.endings)}"
            + (", in a folder for each class" if isinstance(request.labels, str) else "")
        )
    return files


# ---------------------------------------------------------------- what is read from them


class Loaded(Source):
    """The contents of files with their labels, read by as many threads as there are cores, in order.

    Args:
        files: The files.
        numbers: A dataset of the number of the file for each element.
        load: Reads a file.
        spec: What it returns.
    """

    def __init__(self, files: Files, numbers: Dataset, load: Callable[[str], Any], spec: TensorSpec):
        self._files, self._numbers, self._load, self._spec = files, numbers, load, spec
        self.size = len(files.paths)

    def items(self) -> Iterator:
        return mapped(self._element, map(int, self._numbers.as_numpy_iterator()), cores())

    def attempts(self) -> Iterator:
        return mapped(attempted(self._element), map(int, self._numbers.as_numpy_iterator()), cores())

    def _element(self, number: int) -> Any:
        value = self._load(self._files.paths[number])
        return value if self._files.labels is None else (value, self._files.labels[number])

    def spec(self) -> Any:
        labels = self._files.labels
        return self._spec if labels is None else (self._spec, TensorSpec(labels.shape[1:], labels.dtype))


def _dataset(
    request: Request, files: Files, load: Callable[[str], Any], spec: TensorSpec, seed: int | None, is_padded: bool
) -> Any:
    numbers, count = Dataset.range(len(files.paths)), request.batch_size
    if seed is not None:
        numbers = numbers.shuffle(1024 if count is None else count * 8, seed)
    dataset: Any = Dataset(Loaded(files, numbers, load, spec))
    if count is not None:
        dataset = dataset.padded_batch(count) if is_padded else dataset.batch(count)
    return dataset.prefetch()


def unreadable(where: str, path: str, why: object) -> DataError:
    """Returns the error for a file whose content cannot be read, which names it.

    Args:
        where: The name of the reader.
        path: The file.
        why: What is wrong.
    """
    return DataError(
        f"{where}: the file '{path}' cannot be read: {reason(why)}. Repair, move or delete it; or pass "
        "batch_size=None, and continue with `dataset.ignore_errors().batch(32)`."
    )


def check_format(where: str, format: Any) -> None:
    """Checks the argument `format` of readers: which library's dataset Keras returns.

    Raises:
        NotSupportedError: For "grain".
        ArgumentError: For anything but "tf" and "grain".
    """
    if format == "grain":
        raise NotSupportedError(
            f"{where}: minikeras makes no datasets of Grain. Leave `format` out: the dataset is one of "
            "`minikeras.data`, which needs no other library."
        )
    if format != "tf":
        raise bad_argument(where, "format", format, "'tf' or 'grain'")
