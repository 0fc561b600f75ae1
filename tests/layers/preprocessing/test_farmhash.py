"""FarmHash Fingerprint64: the values of TensorFlow 2.21's `tf.strings.to_hash_bucket_fast` with 2**62 bins."""

import numpy as np
import pytest

from minikeras.layers.preprocessing.farmhash import Texts, crossed, fingerprints

FROM_TENSORFLOW = {
    0: 1936946117179621455,
    1: 3152378937766532274,
    2: 3376729474226967616,
    3: 969709466001086554,
    4: 2316771418733796220,
    7: 4330600596140326636,
    8: 2300498689553494015,
    9: 2624852751590153248,
    16: 4448877358553853346,
    17: 3685426484243081338,
    32: 3973387456402521274,
    33: 1876444801302822605,
    64: 1194043469701384649,
    65: 2030004540061410945,
    66: 4532292398922496477,
    128: 351310781013264656,
    129: 4045190871648752982,
    200: 1757230146674952775,
    256: 1974585069520144285,
}
BINS = np.uint64(2**62)


@pytest.mark.parametrize("length", FROM_TENSORFLOW)
def test_lengths_at_which_the_way_of_mixing_changes(length):
    text = bytes(33 + index % 90 for index in range(length))
    assert int(fingerprints([text])[0] % BINS) == FROM_TENSORFLOW[length]


def test_many_at_once_are_what_each_is_alone():
    texts = [bytes(33 + index % 90 for index in range(length)) for length in (200, 0, 9, 64, 200, 3, 65, 129, 5, 20)]
    together = fingerprints(texts)
    assert together.dtype == np.uint64
    assert together.tolist() == [int(fingerprints([text])[0]) for text in texts]
    assert fingerprints([]).tolist() == []


def test_crossing():
    """The key of TensorFlow, the fingerprint of "A" and the number 101: `tf.sparse.cross_hashed` with 2**40 bins."""
    key = np.uint64([0xDECAFCAFFE])
    result = crossed(crossed(key, fingerprints([b"A"])), np.uint64([101]))
    assert int(result[0] % np.uint64(2**40)) == 1081723973131


def test_reading_words():
    texts = Texts([b"abc", b"\x01\x00\x00\x00\x00\x00\x00\x00"])
    assert texts.starts.tolist() == [0, 3] and texts.lengths.tolist() == [3, 8]
    assert texts.words[3] == 1 and texts.halves(np.array([3])).tolist() == [1]
    assert texts.bytes(np.array([0, 2])).tolist() == [ord("a"), ord("c")]
