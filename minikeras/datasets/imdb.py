"""IMDB: 50,000 reviews of films, as sequences of word indices, that are positive or negative."""

from typing import Any

import numpy as np

from ..errors import ArgumentError, ArgumentTypeError, warn_legacy
from ..tracebacks import filtered
from .sources import STORAGE, cached_file, npz_arrays, read
from .splits import Split
from .words import as_objects, check_words, limited, prepared, without_long, word_index

__all__ = ["get_word_index", "load_data"]

_HASH = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
_WORDS_HASH = "bfafd718b763782e994055a2d397834f"


@filtered
def load_data(
    path: Any = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
    **kwargs: Any,
) -> tuple[Split, Split]:
    """Loads the IMDB reviews from the Keras cache, or downloads them.

    Args:
        path: Name of the file in `$KERAS_HOME/datasets`.
        num_words: Words with this index or a larger one are rare and replaced by `oov_char`; by default only the rarest
            is. Words are numbered by frequency.
        skip_top: Words with smaller indices are replaced, too.
        maxlen: Reviews of this length or a greater one are left out.
        seed: Seed of the order of the reviews.
        start_char: The index at the start of each review; None for none.
        oov_char: The index of replaced words; None: they are left out.
        index_from: What is added to the indices of words.
        **kwargs: `nb_words`, the name of `num_words` in Keras 1.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: arrays of lists of integers, of shape (25000,), and of labels, 0 for
        negative and 1 for positive ones.

    Raises:
        ArgumentError: If no review is shorter than `maxlen`.
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If the file is damaged, or contains anything but numbers.

    Source: https://keras.io/api/datasets/imdb/
    """
    if "nb_words" in kwargs:
        warn_legacy("`imdb.load_data(nb_words=...)`", "`imdb.load_data(num_words=...)`")
        num_words = kwargs.pop("nb_words")
    if kwargs:
        raise ArgumentTypeError(f"imdb.load_data: unknown arguments {sorted(kwargs)}.")
    check_words("imdb.load_data", num_words, skip_top, maxlen)
    file = cached_file(path, f"{STORAGE}imdb.npz", _HASH)
    names = ("x_train", "y_train", "x_test", "y_test")
    x_train, y_train, x_test, y_test = read(file, lambda stream: npz_arrays(stream, names))
    parts, draws = [], np.random.RandomState(seed)
    for x, y in ((x_train, y_train), (x_test, y_test)):
        order = np.arange(len(x))
        draws.shuffle(order)
        parts.append(without_long(prepared(x[order], start_char, index_from), y[order], maxlen))
    (x_train, y_train), (x_test, y_test) = parts
    if maxlen and not (x_train and x_test):
        raise ArgumentError(f"imdb.load_data: no review is shorter than `maxlen`. Received: maxlen={maxlen}")
    sequences = limited(x_train + x_test, num_words, skip_top, oov_char)
    labels, count = np.concatenate([y_train, y_test]), len(x_train)
    return (as_objects(sequences[:count]), labels[:count]), (as_objects(sequences[count:]), labels[count:])


@filtered
def get_word_index(path: Any = "imdb_word_index.json") -> dict[str, int]:
    """Returns the dictionary of words to their indices, to which `load_data` adds `index_from`.

    Args:
        path: Name of the file in `$KERAS_HOME/datasets`.

    Raises:
        DownloadError: If the file is not there and cannot be downloaded.
        FileReadError: If the file is damaged.

    Source: https://keras.io/api/datasets/imdb/
    """
    return word_index(path, f"{STORAGE}imdb_word_index.json", _WORDS_HASH)
