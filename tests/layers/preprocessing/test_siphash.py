"""SipHash-2-4: the vector of its paper, and the values of TensorFlow 2.21's `tf.strings.to_hash_bucket_strong`."""

import numpy as np
import pytest

from minikeras.layers.preprocessing.siphash import keyed_hashes

FROM_TENSORFLOW = {
    0: 316627932347062996,
    1: 4088099710173483684,
    7: 1245410026178260487,
    8: 2829377071491578710,
    9: 3624677699676699760,
    15: 3629374583170689856,
    16: 3982695224257498252,
    17: 866787296655829284,
    63: 3259421316421691074,
    64: 2663803244250938404,
    100: 3670896553240122847,
}


def test_the_vector_of_the_paper():
    key = [0x0706050403020100, 0x0F0E0D0C0B0A0908]
    assert int(keyed_hashes([bytes(range(15))], key)[0]) == 0xA129CA6149BE45E5


@pytest.mark.parametrize("length", FROM_TENSORFLOW)
def test_lengths(length):
    text = bytes(33 + index % 90 for index in range(length))
    assert int(keyed_hashes([text], [133, 137])[0] % np.uint64(2**62)) == FROM_TENSORFLOW[length]


def test_many_at_once_are_what_each_is_alone():
    texts = [b"x" * length for length in (17, 0, 8, 3, 40)]
    assert keyed_hashes(texts, [1, -2]).tolist() == [int(keyed_hashes([text], [1, -2])[0]) for text in texts]
    assert keyed_hashes([], [1, 2]).tolist() == []
    assert keyed_hashes([b"x"], [1, -2]) == keyed_hashes([b"x"], [1, 2**64 - 2])
