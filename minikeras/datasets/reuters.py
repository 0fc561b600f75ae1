"""Reuters: 11,228 news, as sequences of word indices, on 46 topics."""

from typing import Any

import numpy as np

from ..tracebacks import filtered
from .sources import STORAGE, cached_file, npz_arrays, read
from .splits import Split, check_test_split, order_of
from .words import as_objects, check_words, limited, prepared, without_long, word_index

__all__ = ["get_label_names", "get_word_index", "load_data"]

_HASH = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"
_WORDS_HASH = "4d44cc38712099c9e383dc6e5f11a921"
_TOPICS = (
    "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass "
    "crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi "
    "iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead"
)


@filtered
def load_data(
    path: Any = "reuters.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    test_split: float = 0.2,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> tuple[Split, Split]:
    """Loads the Reuters news from the Keras cache, or downloads them.

    Args:
        path: Name of the file in `$KERAS_HOME/datasets`.
        num_words: Words with this index or a larger one are rare and replaced by `oov_char`; by default only the rarest
            is. Words are numbered by frequency.
        skip_top: Words with smaller indices are replaced, too.
        maxlen: News of this length or a greater one are left out.
        test_split: The fraction of the news that is for testing.
        seed: Seed of the order of the news.
        start_char: The index at the start of each; None for none.
        oov_char: The index of replaced words; None: they are left out.
        index_from: What is added to the indices of words.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: arrays of lists of integers, and of the numbers of topics; see
        `get_label_names`.

    Raises:
        ArgumentError: If `test_split` is not in [0, 1).
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If the file is damaged, or contains anything but numbers.

    Source: https://keras.io/api/datasets/reuters/
    """
    check_test_split("reuters.load_data", test_split)
    check_words("reuters.load_data", num_words, skip_top, maxlen)
    file = cached_file(path, f"{STORAGE}reuters.npz", _HASH)
    x, y = read(file, lambda stream: npz_arrays(stream, ("x", "y")))
    order = order_of(len(x), seed)
    sequences, labels = without_long(prepared(x[order], start_char, index_from), y[order], maxlen)
    sequences, labels = limited(sequences, num_words, skip_top, oov_char), np.array(labels)
    count = int(len(sequences) * (1 - test_split))
    return (as_objects(sequences[:count]), labels[:count]), (as_objects(sequences[count:]), labels[count:])


@filtered
def get_word_index(path: Any = "reuters_word_index.json") -> dict[str, int]:
    """Returns the dictionary of words to their indices, to which `load_data` adds `index_from`.

    Args:
        path: Name of the file in `$KERAS_HOME/datasets`.

    Raises:
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If the file is damaged.

    Source: https://keras.io/api/datasets/reuters/
    """
    return word_index(path, f"{STORAGE}reuters_word_index.json", _WORDS_HASH)


@filtered
def get_label_names() -> tuple[str, ...]:
    """Returns the names of the topics, in the order of their numbers.

    Source: https://keras.io/api/datasets/reuters/

    Example:
        >>> len(get_label_names()), get_label_names()[3]
        (46, 'earn')
    """
    return tuple(_TOPICS.split())
