"""`tf.nn`. compat/ compares it with TensorFlow."""

import numpy as np
import pytest

from minikeras.dropin.tensorflow import nn
from minikeras.errors import NotSupportedError

X = np.float32([[-1.0, 2.0], [3.0, -4.0]])


def test_activations():
    assert nn.relu(features=X).tolist() == [[0, 2], [3, 0]]
    np.testing.assert_allclose(nn.leaky_relu(X), [[-0.2, 2], [3, -0.8]], rtol=1e-6)
    assert nn.crelu(X).tolist() == [[0, 2, 1, 0], [3, 0, 0, 4]]
    np.testing.assert_allclose(nn.gelu(np.float32([0.0, 1.0])), [0, 0.8413447], rtol=1e-5)


def test_biases():
    assert nn.bias_add(X, [10.0, 20.0]).tolist() == [[9, 22], [13, 16]]
    added = nn.bias_add(np.zeros((1, 2, 3), "float32"), [1.0, 2.0], data_format="NCW")
    assert added.tolist() == [[[1, 1, 1], [2, 2, 2]]]


def test_dropout():
    assert set(np.unique(nn.dropout(np.ones(100, "float32"), 0.5))) == {0, 2}


def test_embeddings():
    assert nn.embedding_lookup(X, [1, 0, 1]).tolist() == [[3, -4], [-1, 2], [3, -4]]
    with pytest.raises(NotSupportedError, match="max_norm=1"):
        nn.embedding_lookup(X, [0], max_norm=1)


def test_sums():
    assert nn.l2_loss(X) == 15
    mean, variance = nn.moments(X, [0])
    assert mean.tolist() == [1, -1] and variance.tolist() == [4, 9]


def test_crossentropies():
    even = np.float32([[0.0, 0.0]])
    for loss in (
        nn.softmax_cross_entropy_with_logits(labels=[[0.0, 1.0]], logits=even),
        nn.sparse_softmax_cross_entropy_with_logits(labels=[1], logits=even),
        nn.sigmoid_cross_entropy_with_logits(labels=[1.0], logits=[0.0]),
    ):
        np.testing.assert_allclose(loss, [np.log(2)], rtol=1e-6)
