"""A network trained by hand-written numpy: what the numpy calls of a step cost when nothing is around them.

It is as fast as straightforward numpy gets. Of each pair the first was tried against the second and found faster:

- `ndarray.dot`, not `np.matmul`, which costs 0.5 us more a call;
- a product with ones, not a sum, for the gradient of a bias;
- `maximum` with an array of zeros, not with the number 0: 4 us in place of 22 for 128 x 512 numbers;
- all parameters in one array, so that an update is one call, not one for each;
- the learning rate multiplied into the gradient of the outputs, 320 numbers, not into all 24,000 gradients.

Every result goes into memory that is reused, and what does not change from step to step is looked up once.

The numbers are those of minikeras, to rounding, which a test checks.
"""

from collections.abc import Callable, Sequence

import numpy as np

from . import numpy_convnet, numpy_lstm
from .workloads import ConvolutionNetwork, Data, MissingError, Network, SequenceNetwork


class Trained:
    """The network 784-a-b-10 with relu and softmax, trained by SGD on categorical crossentropy.

    Args:
        network: Sizes and settings; two hidden layers.
        x: Images of shape (examples, 784).
        y: One-hot labels of shape (examples, 10).
    """

    def __init__(self, network: Network, x: np.ndarray, y: np.ndarray):
        self._network, self._x, self._y = network, x, y
        shapes = [shape for a, b in zip(network.sizes, network.sizes[1:], strict=False) for shape in ((a, b), (b,))]
        count = sum(int(np.prod(shape)) for shape in shapes)
        self._all, self._all_gradients = np.zeros(count, np.float32), np.zeros(count, np.float32)
        self.parameters, self._gradients = _cut(self._all, shapes), _cut(self._all_gradients, shapes)
        random = np.random.default_rng(0)
        for kernel in self.parameters[::2]:
            limit = np.sqrt(6 / sum(kernel.shape))
            kernel[:] = random.uniform(-limit, limit, kernel.shape)
        self._steps: dict[int, Callable] = {}

    def epoch(self, shuffle: bool = True) -> tuple[float, float]:
        """Trains on every example once; returns the mean loss and the accuracy."""
        size, batch_size = len(self._x), self._network.batch_size
        order = np.random.permutation(size) if shuffle else np.arange(size)
        loss, hits = 0.0, 0
        step = self._step(min(batch_size, size))
        whole = size - size % batch_size
        for start in range(0, whole, batch_size):
            step_loss, step_hits = step(order[start : start + batch_size])
            loss += step_loss
            hits += step_hits
        if whole < size:
            step_loss, step_hits = self._step(size - whole)(order[whole:])
            loss += step_loss
            hits += step_hits
        return float(loss / size), float(hits / size)

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of the classes, of shape (examples, 10), computed batch by batch."""
        w1, b1, w2, b2, w3, b3 = self.parameters
        size, (_, first, second, classes) = len(x), self._network.sizes
        outputs = np.empty((size, classes), np.float32)
        h1, h2, column = _empty(batch_size, first, second, 1)
        zeros1, zeros2 = np.zeros_like(h1), np.zeros_like(h2)
        add, maximum = np.add, np.maximum
        for start in range(0, size, batch_size):
            part, p = x[start : start + batch_size], outputs[start : start + batch_size]
            if len(part) < batch_size:
                rows = len(part)
                h1, h2, column, zeros1, zeros2 = h1[:rows], h2[:rows], column[:rows], zeros1[:rows], zeros2[:rows]
            part.dot(w1, h1)
            maximum(add(h1, b1, h1), zeros1, out=h1)
            h1.dot(w2, h2)
            maximum(add(h2, b2, h2), zeros2, out=h2)
            h2.dot(w3, p)
            add(p, b3, p)
            np.subtract(p, maximum.reduce(p, 1, None, column, True), p)
            np.exp(p, p)
            np.divide(p, add.reduce(p, 1, None, column, True), p)
        return outputs

    def _step(self, size: int) -> Callable:
        if size not in self._steps:
            self._steps[size] = self._new_step(_Memory(size, self._network.sizes))
        return self._steps[size]

    def _new_step(self, memory: "_Memory") -> Callable:
        """Returns the function that trains on the examples of some row numbers."""
        forward, backward = self._forward(memory), self._backward(memory)
        p, labels = memory.p, memory.labels
        column, logs, guessed, true, hit = memory.column, memory.logs, memory.guessed, memory.true, memory.hit
        largest, total, subtract, exp, divide = np.maximum.reduce, np.add.reduce, np.subtract, np.exp, np.divide
        log, vdot, equal, count = np.log, np.vdot, np.equal, np.count_nonzero

        def step(rows: np.ndarray) -> tuple[float, int]:
            forward(rows)
            subtract(p, largest(p, 1, None, column, True), p)
            of_labels = vdot(p, labels)
            exp(p, p)
            divide(p, total(p, 1, None, column, True), p)
            loss = total(log(column, logs), None) - of_labels
            p.argmax(1, guessed)
            labels.argmax(1, true)
            hits = count(equal(guessed, true, hit))
            backward()
            return loss, hits

        return step

    def _forward(self, memory: "_Memory") -> Callable:
        """Returns the function that gathers a batch and computes what goes into the softmax."""
        w1, b1, w2, b2, w3, b3 = self.parameters
        x, labels, h1, h2, p = memory.x, memory.labels, memory.h1, memory.h2, memory.p
        zeros1, zeros2 = memory.zeros1, memory.zeros2
        take_x, take_y, dot1, dot2, dot3 = self._x.take, self._y.take, x.dot, h1.dot, h2.dot
        add, maximum = np.add, np.maximum

        def forward(rows: np.ndarray) -> None:
            take_x(rows, 0, x, "clip")  # with another mode numpy gathers through a copy
            take_y(rows, 0, labels, "clip")
            dot1(w1, h1)
            add(h1, b1, h1)
            maximum(h1, zeros1, out=h1)
            dot2(w2, h2)
            add(h2, b2, h2)
            maximum(h2, zeros2, out=h2)
            dot3(w3, p)
            add(p, b3, p)

        return forward

    def _backward(self, memory: "_Memory") -> Callable:
        """Returns the function that computes all gradients, times the learning rate, and subtracts them."""
        w2, w3 = self.parameters[2].T, self.parameters[4].T
        gw1, gb1, gw2, gb2, gw3, gb3 = self._gradients
        parameters, gradients = self._all, self._all_gradients
        labels, h1, h2, p = memory.labels, memory.h1, memory.h2, memory.p
        zeros1, zeros2, mask1, mask2 = memory.zeros1, memory.zeros2, memory.mask1, memory.mask2
        d1, d2, d3 = memory.d1, memory.d2, memory.d3
        scale = np.float32(self._network.learning_rate / len(p))
        of_x, of_h1, of_h2, ones = memory.x.T.dot, h1.T.dot, h2.T.dot, np.ones(len(p), np.float32).dot
        d3_dot, d2_dot, subtract, multiply, greater = d3.dot, d2.dot, np.subtract, np.multiply, np.greater

        def backward() -> None:
            multiply(subtract(p, labels, d3), scale, d3)
            of_h2(d3, gw3)
            ones(d3, gb3)
            d3_dot(w3, d2)
            multiply(d2, greater(h2, zeros2, mask2), d2)
            of_h1(d2, gw2)
            ones(d2, gb2)
            d2_dot(w2, d1)
            multiply(d1, greater(h1, zeros1, mask1), d1)
            of_x(d1, gw1)
            ones(d1, gb1)
            subtract(parameters, gradients, parameters)

        return backward


class _Memory:
    """All that a step on batches of one size writes into."""

    def __init__(self, size: int, sizes: Sequence[int]):
        inputs, first, second, classes = sizes
        self.x, self.labels, self.h1, self.h2, self.p = _empty(size, inputs, classes, first, second, classes)
        self.d1, self.d2, self.d3, self.column, self.logs = _empty(size, first, second, classes, 1, 1)
        self.zeros1, self.zeros2 = np.zeros_like(self.h1), np.zeros_like(self.h2)
        self.mask1, self.mask2 = np.empty(self.h1.shape, bool), np.empty(self.h2.shape, bool)
        self.guessed, self.true, self.hit = np.empty(size, np.intp), np.empty(size, np.intp), np.empty(size, bool)


class Side:
    """The hand-written loop as a contender."""

    def __init__(self, data: Data):
        self._data = data

    def start(
        self, network: Network | ConvolutionNetwork | SequenceNetwork
    ) -> "Trained | numpy_convnet.Trained | numpy_lstm.Trained":
        """Makes a network, ready to be trained."""
        if isinstance(network, SequenceNetwork):
            if not network.reads_digits:
                raise MissingError("of networks over sequences, written for the rows of MNIST only")
            return numpy_lstm.Trained(network, *self._data.sequences(network))
        if isinstance(network, ConvolutionNetwork):
            if network.model != "convnet":
                raise MissingError("of networks of convolutions, written for the convnet only")
            return numpy_convnet.Trained(network, *self._data.training_data(network))
        if network.optimizer != "sgd" or network.dropout:
            raise MissingError("written for SGD without dropout only")
        if len(network.hidden) != 2:
            raise MissingError("written for two hidden layers only")
        return Trained(network, self._data.x_train, self._data.y_train)

    def tracing(self, network: Network | SequenceNetwork) -> float:
        """Has none: the loop runs as it stands."""
        raise MissingError("nothing is traced")


def _empty(rows: int, *widths: int) -> list[np.ndarray]:
    return [np.empty((rows, width), np.float32) for width in widths]


def _cut(whole: np.ndarray, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """Returns arrays of these shapes that lie one after the other in one array."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(whole, ends[:-1]), shapes, strict=True)]
