"""The Python of the page, in CPython: what it answers to the messages of the page."""

import doctest
import json
import sys

import numpy as np
import pytest

from minikeras.datasets import mnist
from minikeras.from_scratch import cost_function, nn_parameter_maker, one_step_gd
from tests.examples.browser.pages import live_training

POINTS, CLASSES = [[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]], [0, 0, 1, 1]


@pytest.fixture(scope="module")
def live():
    return live_training()


@pytest.fixture(scope="module")
def images():
    return mnist.load_data()


class Page:
    """What the page does: it sends messages, and reads those of the session."""

    def __init__(self, live):
        self.texts = []
        self.session = live.Session(self.texts.append)

    def told(self):
        """The messages since the last call; none may contain what JavaScript cannot read."""
        texts, self.texts[:] = self.texts[:], []
        return [json.loads(text, parse_constant=pytest.fail) for text in texts]

    def send(self, kind, **content):
        self.session.handle(json.dumps({"kind": kind, **content}))
        return self.told()


@pytest.fixture
def page(live):
    return Page(live)


def test_it_says_that_it_is_ready_and_shows_the_network(page, live):
    ready, lecture = page.told()
    assert ready["kind"] == "ready" and ready["text"].startswith("Ready: minikeras 0.")
    w, b = nn_parameter_maker([2, 3, 1], seed=0)
    assert lecture["weights"] == [each.tolist() for each in w]
    assert lecture["biases"] == [each[:, 0].tolist() for each in b]
    assert (lecture["step"], lecture["cost"], lecture["training"]) == (0, None, False)
    assert len(lecture["answers"]) == lecture["side"] ** 2
    assert page.session.advance() is False and page.told() == []


def test_the_lecture_s_network_takes_the_lecture_s_steps(page, live):
    page.send("points", points=POINTS, classes=CLASSES)
    page.send("lecture", training=True, rate=6)
    w, b = nn_parameter_maker([2, 3, 1], seed=0)
    for turn in (1, 2):
        assert page.session.advance() is True
        (message,) = page.told()
        for _ in range(live.STEPS):
            w, b = one_step_gd(POINTS, CLASSES, w, b, 6)
        assert message["step"] == turn * live.STEPS and message["training"]
        assert message["weights"] == [each.tolist() for each in w]
        assert message["cost"] == cost_function(POINTS, CLASSES, w, b)
    for _ in range(100):
        page.session.advance()
    assert page.told()[-1]["cost"] < 0.01
    (message,) = page.send("lecture", training=False, rate=6)
    assert not message["training"] and page.session.advance() is False


def test_answers_are_given_row_by_row_from_the_top_left(page):
    network = page.session.lecture
    network.w, network.b = [np.array([[1.0, 4.0]])], [np.zeros((1, 1))]
    network.report()
    answers = np.reshape(page.told()[-1]["answers"], (48, 48))
    assert (np.diff(answers, axis=0) <= 0).all() and (np.diff(answers, axis=1) >= 0).all()
    first = 2 - 2 / 48  # the center of the first square
    assert answers[0, 0] == round(1 / (1 + np.exp(first - 4 * first)), 3)


def test_training_needs_points(page):
    page.told()
    assert not page.send("lecture", training=True, rate=2)[0]["training"]
    page.send("points", points=POINTS, classes=CLASSES)
    assert page.send("lecture", training=True, rate=2)[0]["training"]
    assert page.send("points", points=POINTS[:1], classes=[0])[0]["training"]
    message = page.send("points", points=[], classes=[])[0]
    assert (message["training"], message["cost"]) == (False, None)


def test_new_weights(page):
    page.send("points", points=POINTS, classes=CLASSES)
    page.send("lecture", training=True, rate=2)
    page.session.advance()
    page.told()
    (message,) = page.send("reset lecture", seed=5)
    assert message["step"] == 0 and message["weights"][0] == nn_parameter_maker([2, 3, 1], seed=5)[0][0].tolist()


@pytest.fixture
def small(live, images, monkeypatch):
    """MNIST with 1,200 and 300 digits, two epochs of them."""
    (x, y), (x_test, y_test) = images
    assert len(x) == live.SIZE
    monkeypatch.setattr(live.mnist, "load_data", lambda: ((x[:1200], y[:1200]), (x_test[:300], y_test[:300])))
    monkeypatch.setattr(live, "SIZE", 1200)
    monkeypatch.setattr(live, "EPOCHS", 2)


def test_digits_are_learned_in_turns(page, small):
    assert page.send("digits", training=True)[-1]["seen"] == 0
    found = []
    while page.session.advance():
        found += page.told()
    found += page.told()
    assert [message["text"][:7] for message in found[:2]] == ["Reading", "Ready: "]
    progress = found[2:]
    assert [message["seen"] for message in progress] == [500, 1000, 1200, 1700, 2200, 2400]
    assert [len(message["tested"]) for message in progress] == [0, 0, 1, 1, 1, 2]
    assert [message["training"] for message in progress] == [True] * 5 + [False]
    assert progress[-1]["loss"] < progress[0]["loss"] and progress[-1]["tested"][1] > 0.7
    assert page.send("digits", training=True)[-1]["seen"] == 0  # anew
    page.session.advance()
    assert page.told()[-1] == progress[0]


def test_a_pause_keeps_what_is_learned(page, small):
    page.send("digits", training=True)
    page.session.advance()
    page.told()
    (message,) = page.send("digits", training=False)
    assert (message["seen"], message["training"]) == (500, False) and page.session.advance() is False
    page.send("digits", training=True)
    page.session.advance()
    assert page.told()[-1]["seen"] == 1000


def test_both_networks_train_in_turns(page, small):
    page.send("points", points=POINTS, classes=CLASSES)
    page.send("lecture", training=True, rate=2)
    page.send("digits", training=True)
    page.session.advance()
    assert {message["kind"] for message in page.told()} == {"lecture", "digits", "status"}


def test_neither_h5py_nor_tabulate_is_needed(page, small, monkeypatch):
    for name in ("h5py", "tabulate"):
        monkeypatch.setitem(sys.modules, name, None)
    page.send("digits", training=True)
    while page.session.advance():
        pass
    assert page.told()[-1]["tested"]
    assert page.send("sample")[-1]["probabilities"]


def test_a_drawing_is_recognized(page, small):
    page.told()
    drawing = np.zeros((140, 140), int)
    drawing[30:110, 65:76] = 255
    (message,) = page.send("draw", ink=drawing.ravel().tolist(), width=140)
    assert (message["label"], message["trained"], len(message["pixels"])) == (None, False, 784)
    page.send("digits", training=True)
    while page.session.advance():
        pass
    page.told()
    (message,) = page.send("draw", ink=drawing.ravel().tolist(), width=140)
    assert np.argmax(message["probabilities"]) == 1 and message["trained"]
    assert sum(message["probabilities"]) == pytest.approx(1, abs=0.001)  # each is rounded to 4 digits
    (message,) = page.send("draw", ink=[0] * 19600, width=140)
    assert message["probabilities"] is None and not any(message["pixels"])


def test_a_digit_of_the_test_set(page, small, images):
    message = page.send("sample")[-1]
    x, y = images[1]
    (index,) = np.flatnonzero((x[:300].reshape(300, -1) == message["pixels"]).all(axis=1))
    assert message["label"] == y[index]


def test_other_messages_are_refused(page):
    with pytest.raises(ValueError, match="unknown kind of message. Received: 'dig'"):
        page.send("dig")


def test_digits_of_mnist_are_left_as_they_are(live, images):
    found = 0
    for image in images[1][0][:200]:
        drawing = np.zeros((190, 200))
        drawing[20:160, 45:185] = np.kron(image, np.ones((5, 5)))  # larger, and elsewhere
        found += np.array_equal(live.like_mnist(drawing), image)
    assert found >= 197  # the others have a center of mass that is just between two pixels


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        ((10, 90), (50, 70), ((4, 23), (12, 16))),  # 80x20 becomes 20x5, with its center at 14
        ((0, 100), (0, 100), ((4, 23), (4, 23))),
        ((50, 51), (3, 4), ((4, 23), (4, 23))),  # a single pixel
        ((99, 100), (0, 100), ((14, 14), (4, 23))),
    ],
)
def test_boxes(rows, columns, expected, live):
    drawing = np.zeros((100, 100))
    drawing[slice(*rows), slice(*columns)] = 200
    image = live.like_mnist(drawing)
    for axis, bounds in zip((1, 0), expected, strict=True):
        inside = np.flatnonzero(image.any(axis=axis))
        assert (inside[0], inside[-1]) == bounds
    assert image.shape == (28, 28) and image.dtype == "uint8" and set(image.ravel()) == {0, 200}


def test_the_example_in_the_docstring(live):
    found = doctest.testmod(live)
    assert found.attempted and not found.failed


def test_the_center_of_mass_is_in_the_middle(live):
    drawing = np.zeros((100, 60))
    drawing[10:20, 10:50] = 255  # a heavy head on a thin leg: 7
    drawing[20:90, 40:50] = 255
    image = live.like_mnist(drawing).astype(float)
    for axis in (0, 1):
        center = image.sum(axis=axis) @ np.arange(28) / image.sum()
        assert abs(center - 14) <= 0.5


def test_ink_is_averaged_by_area(live):
    drawing = np.zeros((30, 30))
    drawing[:, :] = np.arange(1, 31) * 8
    image = live.like_mnist(drawing)
    row = image[14][image[14] > 0]
    # Each new pixel covers one and a half old ones: (8 + 16 / 2) / 1.5, (16 / 2 + 24) / 1.5, ...
    assert row[:4].tolist() == [11, 21, 35, 45]
