"""The page, opened in Chromium with CPython in place of Pyodide: what it draws and says, and that all can be used."""

import json

import pytest

from minikeras.datasets import mnist
from tests.examples.browser.pages import (
    PAGE,
    STAND_IN,
    WITHOUT_CHROMIUM,
    Python,
    chromium,
    copied,
    live_training,
    served,
)

pytestmark = pytest.mark.skipif(chromium() is None, reason=WITHOUT_CHROMIUM)

BLUE, ORANGE = (0, 114, 178), (230, 159, 0)  # points
POSITIVE, NEGATIVE = (0, 121, 90), (168, 67, 127)  # weights
LINE = (11, 83, 148)  # of curves
WAIT = 60_000  # milliseconds


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # no network
        browser = playwright.chromium.launch(executable_path=chromium(), args=options)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens the page in a window of some width; what its scripts raise fails the test."""
    errors, open_now = [], []

    def opened(python=None, width=1280, **parts):
        server = served(copied(tmp_path, **parts), python)
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        open_now.append((page, server))
        page.goto(server.__enter__())
        return page

    yield opened
    for page, server in open_now:
        page.context.close()
        server.__exit__(None, None, None)
    assert errors == []


@pytest.fixture(scope="module")
def few():
    """A few digits to learn."""
    (x, y), (x_test, y_test) = mnist.load_data()
    return (x[:1200], y[:1200]), (x_test[:300], y_test[:300])


@pytest.fixture
def python(few, monkeypatch):
    """The Python behind the page."""
    live = live_training()
    monkeypatch.setattr(live.mnist, "load_data", lambda: few)
    live.SIZE, live.EPOCHS = 1200, 2
    return Python(live)


def says(page, selector, pattern):
    """Waits until an element contains what a regular expression describes, and returns its text."""
    page.wait_for_function(
        "([selector, pattern]) => document.querySelector(selector).textContent.match(pattern)",
        arg=[selector, pattern],
        timeout=WAIT,
    )
    return page.inner_text(selector)


def ready(page):
    says(page, "#status", "Ready: minikeras")
    assert page.is_hidden("#error")
    return page


def pixel(page, canvas, x, y):
    """The color of a canvas at a place, from 0 to 1 on both axes."""
    return tuple(
        page.evaluate(
            """([id, x, y]) => {
              const canvas = document.getElementById(id);
              const [left, top] = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)];
              return [...canvas.getContext("2d").getImageData(left, top, 1, 1).data.slice(0, 3)];
            }""",
            [canvas, x, y],
        )
    )


def colors(page, canvas):
    """How many pixels have each color."""
    listed = page.evaluate(
        """(id) => {
          const canvas = document.getElementById(id), counts = {};
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          for (let at = 0; at < data.length; at += 4) {
            const key = data.slice(at, at + 4).join();
            counts[key] = (counts[key] ?? 0) + 1;
          }
          return counts;
        }""",
        canvas,
    )
    return {tuple(map(int, key.split(",")))[:3]: count for key, count in listed.items()}


def count(page, canvas, color):
    """How many pixels of a canvas have a color, or nearly: graphics cards round."""
    found = colors(page, canvas).items()
    return sum(count for each, count in found if max(abs(a - b) for a, b in zip(each, color, strict=True)) < 20)


def click(page, canvas, x, y):
    box = page.locator(f"#{canvas}").bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def messages(python, kind):
    """What the page has sent of a kind, once the last of it has arrived."""
    return [json.loads(text) for name, text in python.asked if name == "handle" and json.loads(text)["kind"] == kind]


# Without what the page needs.


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"stand_in": None},
            "Pyodide, which runs Python in the browser, cannot be loaded: there is no folder pyodide/ beside this "
            "page, and https://cdn.jsdelivr.net/pyodide/v314.0.8/full/ cannot be reached. Connect to the internet and "
            "reload this page, or put a release of Pyodide into that folder.",
        ),
        (
            {"stand_in": "export const nothing = 1;"},
            "cannot be loaded from the folder pyodide/ beside this page. Put a whole release of Pyodide 314.0.8 there.",
        ),
        (
            {"stand_in": STAND_IN.replace('ask("run", source)', 'ask("fail", source)')},
            "Pyodide is there, but its package numpy is not: put a whole release of Pyodide 314.0.8 into the folder "
            "pyodide/. (RuntimeError: no numpy)",
        ),
        (
            {"wheel": False},
            "The file wheel.json is not there. Run “python examples/browser/prepare.py” in the folder of minikeras, "
            "and reload this page.",
        ),
    ],
    ids=["no Pyodide", "another file", "no numpy", "no wheel"],
)
def test_what_is_missing_is_said_in_a_sentence(parts, sentence, opened):
    class Refusing(Python):
        def answer(self, name, text):
            if name == "fail":
                raise RuntimeError("no numpy")
            return {}

    page = opened(Refusing(None), **parts)
    page.wait_for_selector("#error", state="visible", timeout=WAIT)
    assert sentence in page.inner_text("#error") and page.inner_text("#status") == "Stopped."
    assert page.is_disabled("#train-lecture") and page.is_disabled("#train-digits")
    click(page, "points", 0.25, 0.25)  # points can be drawn all the same
    assert pixel(page, "points", 0.25, 0.25) == BLUE


def test_numpy_then_the_wheel_then_the_script_are_loaded(opened, python):
    ready(opened(python))
    steps = ["package", "run", "unpack", "run", "run", "new Session"]
    assert [name for name, _ in python.asked[:6]] == steps
    texts = [text for _, text in python.asked]
    assert texts[:3] == ["numpy", "import numpy", f"{len(b'PK')} wheel /wheel"] and "'/wheel'" in texts[3]
    assert texts[4] == (PAGE / "live_training.py").read_text(encoding="utf-8")


# The lecture's network.


def test_points_are_drawn_where_they_are_clicked_and_arrive_in_python(opened, python):
    page = ready(opened(python))
    click(page, "points", 0.25, 0.3)
    page.check("input[name=class][value='1']")
    click(page, "points", 0.75, 0.8)
    assert pixel(page, "points", 0.25, 0.3) == BLUE and pixel(page, "points", 0.75, 0.8) == ORANGE
    says(page, "#lecture-progress", "cost")
    message = messages(python, "points")[-1]
    assert message["classes"] == [0, 1]
    assert message["points"] == [pytest.approx([-1, 0.8], abs=0.02), pytest.approx([1, -1.2], abs=0.02)]
    page.click("#undo")
    assert pixel(page, "points", 0.75, 0.8) != ORANGE
    page.click("#clear-points")
    assert pixel(page, "points", 0.25, 0.3) != BLUE and page.is_disabled("#train-lecture")


def test_points_are_added_with_the_keyboard(opened, python):
    page = ready(opened(python))
    page.focus("#points")
    page.keyboard.press("ArrowRight")  # the cross appears at the origin
    for key in ["ArrowRight"] * 5 + ["ArrowUp"] * 10 + ["Enter"]:
        page.keyboard.press(key)
    says(page, "#lecture-progress", "cost")
    assert messages(python, "points")[-1]["points"] == [pytest.approx([0.5, 1.0])]
    assert pixel(page, "points", 0.625, 0.25)[2] < 60  # the cross is drawn on it
    page.focus("#train-lecture")
    page.keyboard.press("Enter")
    says(page, "#lecture-progress", "Step [1-9]")
    assert page.inner_text("#train-lecture") == "Pause"


def test_the_network_is_drawn_while_it_learns(opened, python):
    page = ready(opened(python))
    before = colors(page, "network")
    assert count(page, "network", POSITIVE) > 150 and count(page, "network", NEGATIVE) > 150
    assert count(page, "cost", LINE) == 0
    page.select_option("#example", "groups")
    page.select_option("#rate", "6")
    page.click("#train-lecture")
    says(page, "#lecture-progress", "Step (8..|9..|.,...):")
    page.click("#train-lecture")
    says(page, "#train-lecture", "Train")
    assert colors(page, "network") != before
    assert count(page, "cost", LINE) > 100  # the curve
    blue, orange = pixel(page, "points", 0.02, 0.98), pixel(page, "points", 0.98, 0.02)  # answers behind the points
    assert blue[2] > blue[0] + 80 and orange[0] > orange[2] + 80
    assert "cost 0.0" in page.inner_text("#lecture-progress")
    page.click("#reset-lecture")
    says(page, "#lecture-progress", "Step 0")


# Digits.


def test_training_on_digits_is_shown_as_it_happens(opened, python):
    page = ready(opened(python))
    page.click("#train-digits")
    says(page, "#digits-progress", "Epoch 1 of 2: .* of 1,200 digits; loss ")
    says(page, "#accuracies", "after epoch 1, ")
    says(page, "#train-digits", "Train anew")
    assert page.evaluate("document.getElementById('progress').value") == 2400
    assert page.inner_text("#digits-progress").startswith("Epoch 2 of 2: 1,200 of 1,200 digits; loss ")
    assert count(page, "loss", LINE) > 100
    page.click("#train-digits")
    says(page, "#digits-progress", "Epoch 1 of 2")


def bars(page):
    """The widths of the bars, and the percentages beside them."""
    widths = page.eval_on_selector_all("#bars .bar", "bars => bars.map((bar) => parseFloat(bar.style.width))")
    return widths, page.locator("#bars .percent").all_inner_texts()


def test_a_digit_that_is_written_is_recognized(opened, python):
    page = ready(opened(python))
    assert page.locator("#bars li").count() == 10
    page.click("#train-digits")
    says(page, "#train-digits", "Train anew")
    box = page.locator("#ink").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=5)
    page.mouse.up()
    says(page, "#verdict", "The network reads a 1\\.")
    widths, percentages = bars(page)
    assert sum(widths) == pytest.approx(100, abs=0.1) and widths.index(max(widths)) == 1
    assert percentages[1] == f"{widths[1]:.1f} %" and page.inner_text("#bars li.best").startswith("1")
    assert pixel(page, "seen", 0.51, 0.5)[0] < 60 and pixel(page, "seen", 0.1, 0.5) == (255, 255, 255)
    page.click("#clear-ink")
    says(page, "#verdict", "Nothing yet")
    assert set(bars(page)[0]) == {0} and set(colors(page, "ink")) == {(255, 255, 255)}


def test_a_digit_of_the_test_set_needs_no_mouse(opened, python):
    page = ready(opened(python))
    page.focus("#sample")
    page.keyboard.press("Enter")
    verdict = says(page, "#verdict", "of the test set")
    assert "but has learned nothing yet. It is a " in verdict and len(colors(page, "seen")) > 5


# The whole page.


def test_errors_of_python_are_shown(opened, python):
    def fail():
        raise ZeroDivisionError("division by zero")

    page = ready(opened(python))
    python.session.advance = fail
    click(page, "points", 0.5, 0.5)
    says(page, "#error", "Python raised an error: ZeroDivisionError: division by zero")


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_wider_than_the_window(width, opened, python, tmp_path):
    page = ready(opened(python, width))
    page.select_option("#example", "ring")
    page.click("#sample")
    says(page, "#verdict", "of the test set")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for element in page.locator("canvas, button, select, progress, #bars li").all():
        box = element.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    columns = {round(element.bounding_box()["x"]) for element in page.locator(".panel").all()}
    assert len(columns) == (3 if width == 1280 else 1)
    assert page.locator("#points").bounding_box()["width"] > 250


def test_all_that_can_be_operated_is_reached_by_the_keyboard_and_has_a_name(opened, python):
    page = ready(opened(python))
    page.select_option("#example", "ring")
    names, reached = set(), set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    wanted = {"points", "undo", "clear-points", "example", "train-lecture", "reset-lecture", "rate", "train-digits"}
    assert wanted | {"clear-ink", "sample"} <= reached
    for element in page.locator("canvas, button, select, input, progress").all():
        names.add(element.evaluate("e => e.ariaLabel || e.textContent.trim() || e.labels[0].textContent.trim()"))
    assert "" not in names and len(names) > 12
