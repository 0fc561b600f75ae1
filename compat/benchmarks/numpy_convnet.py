"""The convnet of the Keras example for MNIST, trained by hand-written numpy on two threads.

It is as fast as straightforward numpy gets:

- A batch is cut into blocks of a few images, so that windows, feature maps and their gradients stay in the cache. Each
  thread computes every other block, in memory of its own, with BLAS on one thread.
- A convolution is a copy of the windows and a product; the copy serves the gradient of the kernel, too. The gradient of
  the inputs is a product and nine additions.
- Pooling comes before bias and relu: both are monotone, so the maxima are the same, and there are four times fewer of
  them to work on.
- All parameters are in one array, and so are all gradients, so that Adam is a few calls.

The numbers are those of minikeras, to rounding, which a test checks.
"""

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .workloads import ConvolutionNetwork, MissingError

BLOCK = 4  # images; 8 and 16 were tried and found slower
BETA_1, BETA_2, EPSILON = np.float32(0.9), np.float32(0.999), np.float32(1e-7)


class Parameters:
    """Kernels and biases of the three layers, or their gradients, in one array."""

    def __init__(self) -> None:
        shapes = [(9, 32), (32,), (288, 64), (64,), (1600, 10), (10,)]
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
        self.flat = np.zeros(int(ends[-1]), np.float32)
        self.arrays = [part.reshape(shape) for part, shape in zip(np.split(self.flat, ends[:-1]), shapes, strict=True)]


class Trained:
    """The network conv 32, pool, conv 64, pool, dropout, dense 10, trained by Adam on categorical crossentropy.

    Args:
        network: Its settings; the shape of an example is (28, 28, 1).
        x: Images of shape (examples, 28, 28, 1).
        y: One-hot labels of shape (examples, 10).
    """

    def __init__(self, network: ConvolutionNetwork, x: np.ndarray, y: np.ndarray):
        try:
            from threadpoolctl import threadpool_limits
        except ImportError:
            raise MissingError("threadpoolctl") from None
        self._one_blas_thread = lambda: threadpool_limits(1, "blas")
        self._network, self._x, self._y = network, x, y
        self._own = Parameters()
        self.parameters = self._own.arrays
        random = np.random.default_rng(0)
        for kernel, fans in zip(self.parameters[::2], (9 * 33, 9 * 96, 1610), strict=True):
            limit = np.sqrt(6 / fans)
            kernel[:] = random.uniform(-limit, limit, kernel.shape)
        self._adam = adam(self._own.flat, network.learning_rate)
        threads = min(2, os.cpu_count() or 1)
        self._lanes = [_Lane(self.parameters, network.dropout, seed) for seed in range(threads)]
        self._helpers = [_Helper() for _ in self._lanes[1:]]

    def epoch(self, shuffle: bool = True) -> tuple[float, float]:
        """Trains on every example once; returns the mean loss and the accuracy."""
        size, batch_size = len(self._x), self._network.batch_size
        order = np.random.permutation(size) if shuffle else np.arange(size)
        for lane in self._lanes:
            lane.loss, lane.hits = 0.0, 0
        with self._one_blas_thread():
            for start in range(0, size, batch_size):
                self._step(order[start : start + batch_size])
        return sum(lane.loss for lane in self._lanes) / size, sum(lane.hits for lane in self._lanes) / size

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of the classes, of shape (examples, 10), computed batch by batch."""
        outputs = np.empty((len(x), 10), np.float32)
        with self._one_blas_thread():
            for start in range(0, len(x), batch_size):
                end = min(start + batch_size, len(x))
                self._run(end - start, lambda lane, rows, at=start: lane.predict(x, outputs, at, rows))
        return outputs

    def _step(self, rows: np.ndarray) -> None:
        for lane in self._lanes:
            lane.gradients.flat.fill(0)
        self._run(len(rows), lambda lane, part: lane.train(self._x, self._y, rows[part], len(rows)))
        gradients, *others = (lane.gradients.flat for lane in self._lanes)
        for other in others:
            gradients += other
        self._adam(gradients)

    def _run(self, size: int, work: Callable[["_Lane", slice], None]) -> None:
        """Gives each lane every other block of so many examples, and waits until all are done."""
        blocks = [slice(start, min(start + BLOCK, size)) for start in range(0, size, BLOCK)]

        def run(index: int) -> None:
            for block in blocks[index :: len(self._lanes)]:
                work(self._lanes[index], block)

        busy = self._helpers if len(blocks) > 1 else []
        for index, helper in enumerate(busy):
            helper.start(lambda index=index: run(index + 1))
        run(0)
        for helper in busy:
            helper.wait()


class _Helper:
    """A thread that does one piece of work after the other."""

    def __init__(self) -> None:
        self._orders: SimpleQueue = SimpleQueue()
        self._done: SimpleQueue = SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()

    def start(self, work: Callable[[], None]) -> None:
        self._orders.put(work)

    def wait(self) -> None:
        error = self._done.get()
        if error is not None:
            raise error

    def _serve(self) -> None:
        while True:
            work = self._orders.get()
            try:
                work()
            except Exception as error:
                self._done.put(error)
            else:
                self._done.put(None)


class _Lane:
    """What one thread computes with: memory for blocks of each size, its sums and its random numbers."""

    def __init__(self, parameters: list[np.ndarray], dropout: float, seed: int):
        self._parameters, self._dropout = parameters, np.float32(dropout)
        self._random = np.random.default_rng(seed)
        self._blocks: dict[int, _Block] = {}
        self.gradients = Parameters()
        self.loss, self.hits = 0.0, 0

    def train(self, x: np.ndarray, y: np.ndarray, rows: np.ndarray, batch: int) -> None:
        """Adds the gradients of some examples of a batch."""
        block = self._block(len(rows))
        x.take(rows, 0, block.x, "clip")
        labels = y[rows]
        features = block.features(self._parameters)
        if self._dropout:
            self._random.random(dtype=np.float32, out=block.kept)
            np.greater_equal(block.kept, self._dropout, out=block.kept)
            block.kept *= 1 / (1 - self._dropout)
            features = np.multiply(features, block.kept, out=block.dropped)
        p = block.probabilities(features, self._parameters)
        self.loss -= float(np.log((p * labels).sum(axis=1)).sum())
        self.hits += int(np.count_nonzero(p.argmax(axis=1) == labels.argmax(axis=1)))
        p -= labels
        p *= np.float32(1 / batch)
        gradients = self.gradients.arrays
        gradients[4] += features.T @ p
        gradients[5] += p.sum(axis=0)
        slope = np.matmul(p, self._parameters[4].T, out=block.slope)
        if self._dropout:
            slope *= block.kept
        block.backward(slope, self._parameters, gradients)

    def predict(self, x: np.ndarray, outputs: np.ndarray, start: int, rows: slice) -> None:
        """Writes the probabilities of some examples."""
        block = self._block(rows.stop - rows.start)
        where = slice(start + rows.start, start + rows.stop)
        block.x[...] = x[where]
        outputs[where] = block.probabilities(block.features(self._parameters), self._parameters)

    def _block(self, size: int) -> "_Block":
        if size not in self._blocks:
            self._blocks[size] = _Block(size)
        return self._blocks[size]


class _Block:
    """Memory for so many images, from the pixels to the gradients of the first feature maps."""

    def __init__(self, size: int):
        def empty(*shape: int) -> np.ndarray:
            return np.empty((size, *shape), np.float32)

        self.x = empty(28, 28, 1)
        self._first = _Pooled(size, 26, 32)
        self._second = _Pooled(size, 11, 64)
        self._windows1, self._windows2 = empty(26, 26, 3, 3, 1), empty(11, 11, 3, 3, 32)
        self._views1, self._views2 = _windows(self.x), _windows(self._first.relued)
        self._d_windows2, self._d_pooled1 = empty(11, 11, 3, 3, 32), empty(13, 13, 32)
        self.kept, self.dropped, self.slope, self._p = empty(1600), empty(1600), empty(1600), empty(10)

    def features(self, parameters: list[np.ndarray]) -> np.ndarray:
        """Returns the 1600 features of each image."""
        kernel1, bias1, kernel2, bias2, *_ = parameters
        self._windows1[...] = self._views1
        np.dot(self._windows1.reshape(-1, 9), kernel1, self._first.rows)
        self._first.forward(bias1)
        self._windows2[...] = self._views2
        np.dot(self._windows2.reshape(-1, 288), kernel2, self._second.rows)
        return self._second.forward(bias2).reshape(-1, 1600)

    def probabilities(self, features: np.ndarray, parameters: list[np.ndarray]) -> np.ndarray:
        """Returns the probabilities of the classes."""
        p = np.dot(features, parameters[4], self._p)
        p += parameters[5]
        p -= p.max(axis=1, keepdims=True)
        np.exp(p, p)
        p /= p.sum(axis=1, keepdims=True)
        return p

    def backward(self, slope: np.ndarray, parameters: list[np.ndarray], gradients: list[np.ndarray]) -> None:
        """Adds the gradients of the two convolutions, given that of the features."""
        d_maps2 = self._second.backward(slope.reshape(self._second.relued.shape), gradients[3])
        gradients[2] += self._windows2.reshape(-1, 288).T @ d_maps2
        np.dot(d_maps2, parameters[2].T, self._d_windows2.reshape(-1, 288))
        d_pooled1 = self._d_pooled1
        d_pooled1.fill(0)
        for i in range(3):
            for j in range(3):
                d_pooled1[:, i : i + 11, j : j + 11] += self._d_windows2[:, :, :, i, j]
        gradients[0] += self._windows1.reshape(-1, 9).T @ self._first.backward(d_pooled1, gradients[1])


class _Pooled:
    """Feature maps, pooled in pairs of rows and columns, and what comes back to them.

    Args:
        size: The number of images.
        side: The height and width of the maps; the last row and column of an odd one are not pooled.
        filters: The number of maps.
    """

    def __init__(self, size: int, side: int, filters: int):
        pooled = (size, side // 2, side // 2, filters)
        maps, self._d_maps = (
            np.empty((size, side, side, filters), np.float32),
            np.zeros((size, side, side, filters), np.float32),
        )
        self.rows, self._d_rows = maps.reshape(-1, filters), self._d_maps.reshape(-1, filters)
        corners = [
            (slice(None), slice(i, side // 2 * 2, 2), slice(j, side // 2 * 2, 2)) for i in (0, 1) for j in (0, 1)
        ]
        self._corners, self._d_corners = [maps[at] for at in corners], [self._d_maps[at] for at in corners]
        self._largest, self.relued, self._other = (np.empty(pooled, np.float32) for _ in range(3))
        self._mask, self._free = np.empty(pooled, bool), np.empty(pooled, bool)

    def forward(self, bias: np.ndarray) -> np.ndarray:
        """Returns the pooled maps after bias and relu."""
        a, b, c, d = self._corners
        np.maximum(a, b, out=self._largest)
        np.maximum(c, d, out=self._other)
        np.maximum(self._largest, self._other, out=self._largest)
        np.add(self._largest, bias, self.relued)
        return np.maximum(self.relued, 0, out=self.relued)

    def backward(self, slope: np.ndarray, d_bias: np.ndarray) -> np.ndarray:
        """Returns the gradient of the maps, row by row, and adds that of the bias; `slope` is overwritten.

        Of several largest, the first gets it.
        """
        mask, free = self._mask, self._free
        slope *= np.greater(self.relued, 0, out=mask)
        d_bias += slope.reshape(-1, len(d_bias)).sum(axis=0)
        free.fill(True)
        for values, d_values in zip(self._corners, self._d_corners, strict=True):
            np.equal(values, self._largest, out=mask)
            mask &= free
            free ^= mask
            np.multiply(slope, mask, out=d_values)
        return self._d_rows


def _windows(maps: np.ndarray) -> np.ndarray:
    """Returns a view of 3x3 windows, of shape (images, rows, columns, 3, 3, channels)."""
    return sliding_window_view(maps, (3, 3), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)


def adam(parameters: np.ndarray, learning_rate: float) -> Callable[[np.ndarray], None]:
    """Returns the function that updates parameters by their gradients, which it overwrites."""
    momentum, velocity, change = (np.zeros_like(parameters) for _ in range(3))
    step = 0

    def update(gradients: np.ndarray) -> None:
        nonlocal step
        step += 1
        rate = np.float32(learning_rate * np.sqrt(1 - float(BETA_2) ** step) / (1 - float(BETA_1) ** step))
        np.multiply(gradients, gradients, change)
        np.subtract(change, velocity, change)
        np.multiply(change, 1 - BETA_2, change)
        np.add(velocity, change, velocity)
        np.subtract(gradients, momentum, gradients)
        np.multiply(gradients, 1 - BETA_1, gradients)
        np.add(momentum, gradients, momentum)
        np.sqrt(velocity, change)
        np.add(change, EPSILON, change)
        np.divide(momentum, change, change)
        np.multiply(change, rate, change)
        np.subtract(parameters, change, parameters)

    return update
