"""Networks that learn while one watches, in a web page

The lecture's 2-3-1 network on points that one clicks, and a network for handwritten digits, one's own included. This
file is the Python of the page: a Web Worker runs it in Pyodide, which is CPython compiled to WebAssembly, and it trains
with minikeras as everywhere else. `examples/browser/README.md` says how to open the page; Pyodide comes from the
network, or from a folder beside the page.

A worker does one thing at a time: messages of the page wait while Python computes. So both networks train in turns of
a fraction of a second, after each of which they report how far they are. Messages are JSON texts: the page names in
`kind` what it wants, and learns from `kind` what it is told.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np

import minikeras as keras
from minikeras import layers
from minikeras.datasets import mnist
from minikeras.from_scratch import cost_function, nn_parameter_maker, one_step_gd, predict

SIZES = [2, 3, 1]
REACH = 2.0  # points lie between -REACH and REACH on both axes
SIDE = 48  # squares along a side of the picture of the network's answers
STEPS = 20  # of gradient descent a turn

BATCH, TURN, SIZE = 100, 500, 60_000  # examples in a batch, in a turn, and in an epoch
EPOCHS = 3

READY = f"Ready: minikeras {keras.__version__}, numpy {np.__version__}."

Post = Callable[[dict[str, Any]], None]


class Lecture:
    """The lecture's network, on points of two classes.

    Args:
        post: Sends a message to the page.
    """

    def __init__(self, post: Post):
        self._post = post
        self.is_training = False
        self.points, self.classes = np.zeros((0, 2)), np.zeros(0)
        self.rate = 2.0
        self.reset(seed=0)

    def reset(self, seed: int) -> None:
        """Draws new weights."""
        self.w, self.b = nn_parameter_maker(SIZES, seed)
        self.step = 0

    def set_points(self, points: list[list[float]], classes: list[int]) -> None:
        """Replaces the points; the network keeps what it has learned."""
        self.points, self.classes = np.reshape(np.array(points, "float64"), (-1, 2)), np.array(classes, "float64")
        self.is_training = self.is_training and len(self.points) > 0

    def advance(self) -> None:
        """Takes some steps of gradient descent, and reports."""
        for _ in range(STEPS):
            self.w, self.b = one_step_gd(self.points, self.classes, self.w, self.b, self.rate)
        self.step += STEPS
        self.report()

    def report(self) -> None:
        """Sends the weights, the cost, and the answers for squares that cover the plane, from the top left on."""
        centers = (np.arange(SIDE) + 0.5) / SIDE * 2 * REACH - REACH
        x1, x2 = np.meshgrid(centers, centers[::-1])
        answers = predict(np.stack([x1.ravel(), x2.ravel()], axis=1), self.w, self.b)
        has_points = len(self.points) > 0
        cost = cost_function(self.points, self.classes, self.w, self.b) if has_points else None
        self._post(
            {
                "kind": "lecture",
                "step": self.step,
                "cost": cost,
                "weights": [each.tolist() for each in self.w],
                "biases": [each[:, 0].tolist() for each in self.b],
                "side": SIDE,
                "answers": answers[:, 0].round(3).tolist(),
                "training": self.is_training,
            }
        )


class Digits:
    """A small dense network that learns MNIST, which comes with minikeras.

    Args:
        post: Sends a message to the page.
    """

    def __init__(self, post: Post):
        self._post = post
        self.is_training = False
        self._data: Any = None
        self.reset()

    def reset(self) -> None:
        """Makes a network that has learned nothing."""
        keras.utils.set_random_seed(0)
        self.model = keras.Sequential(
            [
                layers.Input((28, 28)),
                layers.Rescaling(1 / 255),
                layers.Flatten(),
                layers.Dense(64, activation="relu"),
                layers.Dense(10, activation="softmax"),
            ]
        )
        self.model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        self.seen = 0  # examples
        self.loss: float | None = None  # of the last turn
        self.accuracy: float | None = None
        self.tested: list[float] = []  # the accuracy on the test set after each epoch
        self._random = np.random.default_rng(0)

    def data(self) -> Any:
        """Returns MNIST, which is read when it is first needed."""
        if self._data is None:
            self._post({"kind": "status", "text": "Reading the digits of MNIST …"})
            self._data = mnist.load_data()
            self._post({"kind": "status", "text": READY})
        return self._data

    def advance(self) -> None:
        """Trains on a few batches of the epoch, and reports; measures the accuracy after each epoch."""
        (x, y), (x_test, y_test) = self.data()
        done = self.seen % len(x)
        if done == 0:
            self._order = self._random.permutation(len(x))
        rows = self._order[done : done + TURN]
        logs = self.model.fit(x[rows], y[rows], batch_size=BATCH, shuffle=False, verbose=0).history
        self.seen, self.loss, self.accuracy = self.seen + len(rows), logs["loss"][0], logs["accuracy"][0]
        if self.seen % len(x) == 0:
            self.tested.append(self.model.evaluate(x_test, y_test, verbose=0)[1])
        self.is_training = self.is_training and not self.is_done()
        self.report()

    def is_done(self) -> bool:
        """Returns whether all epochs are over."""
        return self.seen >= EPOCHS * SIZE

    def report(self) -> None:
        """Sends how far the training is, and what it has reached."""
        self._post(
            {
                "kind": "digits",
                "seen": self.seen,
                "size": SIZE,
                "epochs": EPOCHS,
                "loss": self.loss,
                "accuracy": self.accuracy,
                "tested": self.tested,
                "training": self.is_training,
            }
        )

    def recognize(self, ink: list[int], width: int) -> None:
        """Reports what the network takes a drawing for.

        Args:
            ink: How dark each pixel is, from 0 to 255, row by row.
            width: The number of pixels in a row.
        """
        self._report(like_mnist(np.reshape(np.array(ink, "float64"), (-1, width))), None)

    def sample(self) -> None:
        """Reports what the network takes a digit for that it has not been trained on."""
        images, labels = self.data()[1]
        index = int(self._random.integers(len(images)))
        self._report(images[index], int(labels[index]))

    def _report(self, image: np.ndarray, label: int | None) -> None:
        probabilities = self.model.predict(image[None], verbose=0)[0] if image.any() else None
        self._post(
            {
                "kind": "digit",
                "pixels": image.ravel().tolist(),
                "probabilities": None if probabilities is None else probabilities.astype("float64").round(4).tolist(),
                "label": label,
                "trained": self.seen > 0,
            }
        )


def like_mnist(ink: np.ndarray) -> np.ndarray:
    """Makes an image of MNIST out of a drawing, as its authors did.

    What is drawn is cut out and scaled to 20 pixels on its longer side; it is then moved so that its center of mass is
    that of the 28x28 pixels.

    Args:
        ink: How dark each pixel is, from 0 to 255, of shape (height, width).

    Returns:
        The image, of shape (28, 28) and dtype uint8; all zeros if nothing is drawn.

    Source: http://yann.lecun.com/exdb/mnist/

    Example:
        >>> drawing = np.zeros((100, 100))
        >>> drawing[10:90, 30:34] = 255
        >>> image = like_mnist(drawing)
        >>> np.flatnonzero(image.any(axis=1))[[0, -1]].tolist(), np.flatnonzero(image.any(axis=0)).tolist()
        ([4, 23], [14])
    """
    image = np.zeros((28, 28))
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return image.astype("uint8")
    drawn = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, round(20 * size / max(drawn.shape))) for size in drawn.shape)
    small = _shares(height, drawn.shape[0]) @ drawn @ _shares(width, drawn.shape[1]).T
    mass = small.sum()
    top, left = (
        min(max(0, round(14 - float(small.sum(axis=1 - axis) @ np.arange(size) / mass))), 28 - size)
        for axis, size in enumerate(small.shape)
    )
    image[top : top + height, left : left + width] = small
    return image.round().astype("uint8")


def _shares(new: int, old: int) -> np.ndarray:
    """Returns how much each of `old` pixels adds to each of `new` ones: the share of the new one that it covers."""
    edges = np.arange(new + 1) * old / new
    low, high = np.maximum(edges[:-1, None], np.arange(old)), np.minimum(edges[1:, None], np.arange(1, old + 1))
    return np.maximum(0, high - low) * new / old


class Session:
    """Both networks, as the worker sees them.

    Args:
        post: Sends a text to the page.
    """

    def __init__(self, post: Callable[[str], object]):
        self._send = post
        self.lecture, self.digits = Lecture(self._post), Digits(self._post)
        self._post({"kind": "ready", "text": READY})
        self.lecture.report()

    def _post(self, message: dict[str, Any]) -> None:
        self._send(json.dumps(message))

    def handle(self, text: str) -> None:
        """Does what a message of the page asks for."""
        message = json.loads(text)
        kind, lecture, digits = message["kind"], self.lecture, self.digits
        if kind == "points":
            lecture.set_points(message["points"], message["classes"])
            lecture.report()
        elif kind == "lecture":
            lecture.rate = float(message["rate"])
            lecture.is_training = bool(message["training"]) and len(lecture.points) > 0
            lecture.report()
        elif kind == "reset lecture":
            lecture.reset(message["seed"])
            lecture.report()
        elif kind == "digits":
            digits.is_training = bool(message["training"])
            if digits.is_training and digits.is_done():
                digits.reset()
            digits.report()
        elif kind == "draw":
            digits.recognize(message["ink"], message["width"])
        elif kind == "sample":
            digits.sample()
        else:
            raise ValueError(f"Session.handle: unknown kind of message. Received: {kind!r}")

    def advance(self) -> bool:
        """Lets each network that is training take its turn; returns whether one has another."""
        for network in (self.lecture, self.digits):
            if network.is_training:
                network.advance()
        return self.lecture.is_training or self.digits.is_training
