"""Datasets of the texts in a folder."""

from typing import Any

import numpy as np

from ..argument_checks import check_optional_int
from ..data.specs import TensorSpec
from ..tracebacks import filtered
from .folders import Request, check_format, folder_datasets, unreadable
from .paths import opened

_WHERE = "text_dataset_from_directory"


@filtered
def text_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Any = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Makes a dataset of the `.txt` files in a folder, which has a subfolder for each class.

    Files are decoded as UTF-8. Other files, hidden ones and hidden folders are skipped.

    Args:
        directory: The folder.
        labels: See `image_dataset_from_directory`.
        label_mode: See `image_dataset_from_directory`.
        class_names: See `image_dataset_from_directory`.
        batch_size: Texts a batch; None: no batches.
        max_length: How many characters of a text are kept; by default all.
        shuffle: See `image_dataset_from_directory`.
        seed: Same seed, same orders.
        validation_split: The fraction of the files that is for validation.
        subset: "training", "validation" or "both", with `validation_split`.
        follow_links: Whether to read subfolders that are symbolic links.
        format: "tf", for compatibility; "grain" is refused.
        verbose: Whether to print how many files and classes were found.

    Returns:
        A `minikeras.data.Dataset` of strings of shape (batch,), or of pairs of strings and labels; its attributes are
        `class_names` and `file_paths`. A list of two of them for subset="both".

    Raises:
        ArgumentError: If an argument is invalid, or there are no files, or none for one of the parts.
        DataError: If a file is not UTF-8; raised, with its path, when it is read.
        FileReadError: If the folder cannot be read.

    Source: https://keras.io/api/data_loading/text/#text_dataset_from_directory-function

    Example:
        >>> import os, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ("bad", "good"):
        ...         os.mkdir(f"{folder}/{name}")
        ...         with open(f"{folder}/{name}/1.txt", "w") as file:
        ...             _ = file.write(f"a {name} film")
        ...     dataset = text_dataset_from_directory(folder, shuffle=False, verbose=False)
        ...     [(texts.tolist(), labels.tolist()) for texts, labels in dataset]
        [(['a bad film', 'a good film'], [0, 1])]
    """
    check_optional_int(_WHERE, "max_length", max_length, 0)
    check_format(_WHERE, format)

    def load(path: str) -> np.ndarray:
        try:
            with opened(path) as file:
                text = file.read().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(_WHERE, path, error) from error
        return np.asarray(text if max_length is None else text[:max_length])

    request = Request(
        _WHERE, "text", (".txt",), directory, labels, label_mode, class_names, batch_size, shuffle, seed,
        validation_split, subset, follow_links, verbose,
    )  # fmt: skip
    return folder_datasets(request, load, TensorSpec((), "string"))
