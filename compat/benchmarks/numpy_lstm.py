"""An LSTM over the rows of MNIST, trained by hand-written numpy.

It is as fast as straightforward numpy gets on one thread:

- Features come before examples in memory, so that each gate is a contiguous block of the pre-activations.
- Inputs, outputs and a one for the bias are rows of one array: one product a time step gives the pre-activations of all
  gates, and one product for all steps the gradient of all weights.
- sigmoid(x) = (tanh(x / 2) + 1) / 2: with the weights of three gates halved once a step, one call of tanh computes all
  four.
- All values are written into buffers that are reused. BLAS has one thread: two take longer for products of this size.
- All weights are in one array, and so are all gradients, so that Adam is a few calls.

The numbers are those of minikeras, to rounding, which a test checks.
"""

from collections.abc import Sequence

import numpy as np

from .numpy_convnet import adam
from .workloads import MissingError, SequenceNetwork

# Where the gates are here (input, forget, output, candidate) in the order of Keras: input, forget, candidate, output.
GATES = (0, 1, 3, 2)
HALF, ONE = np.float32(0.5), np.float32(1)


class Weights:
    """The weights of all gates, shape (4, units, inputs + units + 1), and those of the dense layer; or gradients."""

    def __init__(self, inputs: int, units: int, classes: int):
        shapes = [(4, units, inputs + units + 1), (units, classes), (classes,)]
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
        self.flat = np.zeros(int(ends[-1]), np.float32)
        parts = np.split(self.flat, ends[:-1])
        self.gates, self.kernel, self.bias = (part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))
        self._inputs = inputs

    def set(self, weights: Sequence[np.ndarray]) -> None:
        """Copies weights as Keras has them: kernel, recurrent kernel, bias, and those of the dense layer."""
        gates = np.concatenate([weights[0], weights[1], weights[2][None]])
        self.gates[...] = gates.reshape(len(gates), 4, -1)[:, GATES].transpose(1, 2, 0)
        self.kernel[...], self.bias[...] = weights[3:]

    def get(self) -> list[np.ndarray]:
        """Returns the weights as Keras has them."""
        gates = self.gates[list(GATES)].transpose(2, 0, 1).reshape(self.gates.shape[2], -1)
        return [gates[: self._inputs], gates[self._inputs : -1], gates[-1], self.kernel, self.bias]


class Trained:
    """The network LSTM, dense 10, trained by Adam on categorical crossentropy.

    Args:
        network: Its settings.
        x: Sequences of shape (examples, steps, features).
        y: One-hot labels of shape (examples, 10).
    """

    def __init__(self, network: SequenceNetwork, x: np.ndarray, y: np.ndarray):
        try:
            from threadpoolctl import threadpool_limits
        except ImportError:
            raise MissingError("threadpoolctl") from None
        self._one_blas_thread = lambda: threadpool_limits(1, "blas")
        self._network, self._x, self._y = network, x, y
        sizes = network.shape[1], network.units, y.shape[1]
        self.weights, self._gradients = Weights(*sizes), Weights(*sizes)
        self.weights.set(_initial(*sizes))
        self._adam = adam(self.weights.flat, network.learning_rate)
        self._buffers: dict[int, _Buffers] = {}

    def epoch(self, shuffle: bool = True) -> tuple[float, float]:
        """Trains on every example once; returns the mean loss and the accuracy."""
        size, batch_size = len(self._x), self._network.batch_size
        order = np.random.permutation(size) if shuffle else np.arange(size)
        loss, hits = 0.0, 0
        with self._one_blas_thread():
            for start in range(0, size, batch_size):
                step_loss, step_hits = self._step(order[start : start + batch_size])
                loss += step_loss
                hits += step_hits
        return loss / size, hits / size

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of the classes, of shape (examples, 10), computed batch by batch."""
        outputs = np.empty((len(x), self._y.shape[1]), np.float32)
        with self._one_blas_thread():
            for start in range(0, len(x), batch_size):
                part = x[start : start + batch_size]
                outputs[start : start + batch_size] = self._probabilities(self._run(part))
        return outputs

    def _step(self, rows: np.ndarray) -> tuple[float, int]:
        labels, gradients = self._y[rows], self._gradients
        run = self._run(self._x[rows])
        p = self._probabilities(run)
        loss = -float(np.log((p * labels).sum(axis=1)).sum())
        hits = int(np.count_nonzero(p.argmax(axis=1) == labels.argmax(axis=1)))
        p -= labels
        p *= np.float32(1 / len(rows))
        np.dot(run.outputs, p, gradients.kernel)
        p.sum(axis=0, out=gradients.bias)
        run.backward(self.weights, np.dot(self.weights.kernel, p.T), gradients.gates)
        self._adam(gradients.flat)
        return loss, hits

    def _run(self, x: np.ndarray) -> "_Buffers":
        if len(x) not in self._buffers:
            self._buffers[len(x)] = _Buffers(len(x), self._network)
        buffers = self._buffers[len(x)]
        buffers.forward(x, self.weights)
        return buffers

    def _probabilities(self, run: "_Buffers") -> np.ndarray:
        p = np.dot(run.outputs.T, self.weights.kernel)
        p += self.weights.bias
        p -= p.max(axis=1, keepdims=True)
        np.exp(p, p)
        p /= p.sum(axis=1, keepdims=True)
        return p


class _Buffers:
    """What is kept of all time steps of a batch, and its gradients; features come before examples."""

    def __init__(self, size: int, network: SequenceNetwork):
        (steps, inputs), units = network.shape, network.units
        self._steps, self._inputs, self._units = steps, inputs, units
        self._rows = np.ones((steps + 1, inputs + units + 1, size), np.float32)  # inputs, outputs and a one
        self._rows[0, inputs:-1] = 0
        self.outputs = self._rows[steps, inputs:-1]
        self._halved = np.empty((4, units, inputs + units + 1), np.float32)
        self._gates, self._d_gates = (np.empty((steps, 4, units, size), np.float32) for _ in range(2))
        self._carry = np.zeros((steps + 1, units, size), np.float32)
        self._tanh = np.empty((steps, units, size), np.float32)
        self._slopes, self._other = np.empty((3, units, size), np.float32), np.empty((units, size), np.float32)
        self._d_carry, self._d_output = np.empty((units, size), np.float32), np.empty((units, size), np.float32)
        self._d_weights = np.empty((steps, 4 * units, inputs + units + 1), np.float32)

    def forward(self, x: np.ndarray, weights: Weights) -> None:
        """Computes the outputs of all time steps."""
        self._rows[:-1, : self._inputs] = x.transpose(1, 2, 0)
        np.multiply(weights.gates, HALF, self._halved)
        self._halved[3] = weights.gates[3]
        kernel = self._halved.reshape(-1, self._halved.shape[2])
        other, outputs = self._other, self._rows[:, self._inputs : -1]
        for step in range(self._steps):
            gates, carry, tanh = self._gates[step], self._carry[step + 1], self._tanh[step]
            np.dot(kernel, self._rows[step], gates.reshape(len(kernel), -1))
            np.tanh(gates, gates)
            sigmoids = gates[:3]
            np.multiply(sigmoids, HALF, sigmoids)
            np.add(sigmoids, HALF, sigmoids)
            np.multiply(gates[1], self._carry[step], carry)
            np.multiply(gates[0], gates[3], other)
            np.add(carry, other, carry)
            np.tanh(carry, tanh)
            np.multiply(gates[2], tanh, outputs[step + 1])

    def backward(self, weights: Weights, d_output: np.ndarray, gradient: np.ndarray) -> None:
        """Writes the gradient of the weights of the gates, given that of the last output, shape (units, examples)."""
        recurrent = weights.gates[:, :, self._inputs : -1].reshape(-1, self._units).T
        self._d_output[...] = d_output
        self._d_carry.fill(0)
        for step in reversed(range(self._steps)):
            self._backward_step(step)
            if step:
                np.dot(recurrent, self._d_gates[step].reshape(len(gradient) * self._units, -1), self._d_output)
        d_gates = self._d_gates.reshape(self._steps, 4 * self._units, -1)
        np.matmul(d_gates, self._rows[:-1].transpose(0, 2, 1), self._d_weights)
        self._d_weights.sum(axis=0, out=gradient.reshape(self._d_weights.shape[1:]))

    def _backward_step(self, step: int) -> None:
        (enter, keep, emit, candidate), tanh = self._gates[step], self._tanh[step]
        d_gates, d_carry, other, slopes = self._d_gates[step], self._d_carry, self._other, self._slopes
        np.multiply(tanh, tanh, other)
        np.subtract(ONE, other, other)
        np.multiply(other, emit, other)
        np.multiply(other, self._d_output, other)
        np.add(d_carry, other, d_carry)
        np.multiply(d_carry, candidate, d_gates[0])
        np.multiply(d_carry, self._carry[step], d_gates[1])
        np.multiply(self._d_output, tanh, d_gates[2])
        sigmoids = self._gates[step, :3]
        np.multiply(sigmoids, sigmoids, slopes)
        np.subtract(sigmoids, slopes, slopes)
        np.multiply(d_gates[:3], slopes, d_gates[:3])
        np.multiply(candidate, candidate, other)
        np.subtract(ONE, other, other)
        np.multiply(other, enter, other)
        np.multiply(other, d_carry, d_gates[3])
        np.multiply(d_carry, keep, d_carry)


def _initial(inputs: int, units: int, classes: int) -> list[np.ndarray]:
    """Returns weights as Keras draws them: Glorot uniform, orthogonal, and ones for the bias of the forget gate."""
    random = np.random.default_rng(0)
    kernels = []
    for shape in ((inputs, 4 * units), (units, classes)):
        limit = np.sqrt(6 / sum(shape))
        kernels.append(random.uniform(-limit, limit, shape))
    recurrent = np.linalg.qr(random.standard_normal((4 * units, units)))[0].T
    bias = np.repeat([0.0, 1.0, 0.0, 0.0], units)
    return [kernels[0], recurrent, bias, kernels[1], np.zeros(classes)]
