"""Looking up all words of many texts at once, beside a dict."""

import numpy as np

from minikeras.layers.preprocessing.word_table import Words, WordTable, indices_of_texts

RNG = np.random.default_rng(0)
LETTERS = "abcé "


def text(length):
    return "".join(RNG.choice(list(LETTERS), length)).encode()


def test_words():
    words = Words(b"\tab  c\r\n" + b"x" * 20 + b" " + bytes(16))
    assert [words.word(index) for index in range(3)] == [b"ab", b"c", b"x" * 20]
    assert words.lengths.tolist() == [2, 1, 20] and words.keys[0][:2].tolist() == [0x6261, 0x63]
    assert len(Words(b"  " + bytes(16)).starts) == 0


def test_beside_a_dict():
    texts = [text(length) for length in RNG.integers(0, 60, 300)]
    known = sorted({word for each in texts for word in each.split()})[::2]
    indices = {word: number + 2 for number, word in enumerate(known)}
    table = WordTable(list(indices), list(indices.values()))
    found, lengths = indices_of_texts(texts, table, 1, bytes)
    assert lengths.tolist() == [len(each.split()) for each in texts]
    assert found.tolist() == [indices.get(word, 1) for each in texts for word in each.split()]
    assert max(map(len, known)) > 16  # some words are longer than their keys


def test_standardized_texts_and_edges():
    table = WordTable([b"a", b"abcdefgh", b"abcdefghi"], [5, 6, 7])
    found, lengths = indices_of_texts([b"A abcdefgh", b"", b" abcdefghi ", b"ab"], table, 0, bytes.lower)
    assert found.tolist() == [5, 6, 7, 0] and lengths.tolist() == [2, 0, 1, 1]
    assert indices_of_texts([b"a\0"], table, 0, bytes) is None
    assert indices_of_texts([b"a"], WordTable([], []), 3, bytes)[0].tolist() == [3]
