"""The documentation site, as the README's command builds it: whole, without broken links, and in a browser."""

import functools
import html.parser
import http.server
import inspect
import os
import re
import shutil
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

import minikeras
from tests.docs.chromium import MISSING, find_chromium

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["index", "tutorials/mnist", "gallery/index", "gallery/0/regression", "performance", "differences"]
PAGES += ["api/minikeras.layers", "api/minikeras.layers-convolution", "api/minikeras.losses"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The site, built from copies, since Sphinx writes pages into the folder that it reads."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "docs", project / "docs", ignore=shutil.ignore_patterns("_build", "api", "gallery"))
    for name in ("compat", "examples", "minikeras", "tests"):
        (project / name).symlink_to(ROOT / name)
    (command,) = re.findall(r" && .venv/bin/python (-m sphinx .*)\n", README)
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONWARNINGS": "ignore"}
    words = [sys.executable, *command.split(), "--quiet"]
    result = subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True)
    return project / words[-2], result


@pytest.fixture(scope="module")
def site(built):
    return built[0]


class Page(html.parser.HTMLParser):
    """The targets and the links of a page, and what a browser loads with it."""

    def __init__(self, path):
        super().__init__()
        self.targets, self.links, self.loaded, self.data = set(), [], [], []
        self.feed(path.read_text(encoding="utf-8"))
        self.text = "".join(self.data)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.targets.add(attributes["id"])
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if tag in ("script", "img", "source", "iframe") and attributes.get("src"):
            self.loaded.append(attributes["src"])
        if tag == "link" and attributes.get("rel") in ("stylesheet", "preload", "icon"):
            self.loaded.append(attributes["href"])

    def handle_data(self, data):
        self.data.append(data)


@pytest.fixture(scope="module")
def pages(site):
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*.html"))}
    return {
        name: Page(path) for name, path in found.items() if not name.startswith("_static/")
    }  # the theme's templates


def broken(site, pages, name):
    """The links of a page to files or anchors that are not there, and the files that it lacks."""
    for link in [*pages[name].links, *pages[name].loaded]:
        if re.match(r"(https?|mailto):", link):
            continue
        path, anchor = urldefrag(urljoin(name, link.partition("?")[0] if "#" not in link else link))
        path = unquote(path.partition("?")[0])
        if not (site / path).is_file() or (anchor and path in pages and unquote(anchor) not in pages[path].targets):
            yield link


def test_it_is_built_without_warnings(built):
    _, result = built
    assert (result.returncode, result.stderr, result.stdout) == (0, "", "")


def test_no_link_is_broken(site, pages):
    assert len(pages) > 100
    assert {name: found for name in pages if (found := sorted(set(broken(site, pages, name))))} == {}


def test_a_broken_link_is_seen(tmp_path):
    (tmp_path / "a.html").write_text('<p id="x"><a href="#x"><a href="#y"><a href="b.html"><img src="c.png">')
    assert list(broken(tmp_path, {"a.html": Page(tmp_path / "a.html")}, "a.html")) == ["#y", "b.html", "c.png"]


def test_nothing_is_loaded_from_elsewhere(site, pages):
    loaded = {link for page in pages.values() for link in page.loaded}
    assert loaded and not [link for link in loaded if re.match(r"https?:|//", link)]
    for path in site.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import )['\"]?(?:https?:)?//", path.read_text(encoding="utf-8")), path


def public_paths(namespace, path="minikeras"):
    """Everything public, by the names that users write."""
    names = getattr(namespace, "__all__", None)
    if names is None:  # `errors`
        names = [name for name, value in vars(namespace).items() if getattr(value, "__module__", "") == path]
    for name in names:
        value = getattr(namespace, name)
        if inspect.ismodule(value):
            yield from public_paths(value, f"{path}.{name}")
        elif not name.startswith("_") and (path != "minikeras.errors" or inspect.isclass(value)):
            yield f"{path}.{name}", value


@pytest.fixture(scope="module")
def inventory(site):
    """Where each name is described, which is what other projects' documentation and the search use."""
    text = zlib.decompress((site / "objects.inv").read_bytes().split(b"\n", 4)[4]).decode()
    entries = re.findall(r"^(\S+) py:\w+ -?\d+ (\S+) .*$", text, flags=re.MULTILINE)
    return {name: (url[:-1] + name if url.endswith("$") else url) for name, url in entries}


def test_every_public_name_has_an_entry(pages, inventory):
    names = [path for path, _ in public_paths(minikeras)]
    assert len(names) > 1600
    assert [name for name in names if name not in inventory] == []
    for name in names:
        page, anchor = urldefrag(inventory[name])
        assert anchor in pages[page].targets, name


def test_entries_show_the_examples_of_their_docstrings(pages, inventory):
    missing, checked = [], 0
    for path, value in public_paths(minikeras):
        examples = (
            re.findall(r"^ *(>>> .*)", inspect.getdoc(value) or "", flags=re.MULTILINE) if callable(value) else []
        )
        text = pages[urldefrag(inventory[path])[0]].text
        missing += [f"{path}: {line}" for line in examples if line.rstrip() not in text]
        checked += bool(examples)
    assert missing == [] and checked > 1200


def test_no_markup_is_left_in_the_reference(pages):
    found = {name for name, page in pages.items() if name.startswith("api/") and "``" in page.text}
    assert found == set()


def test_the_gallery_shows_every_example_with_its_picture(site, pages):
    readme = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"\*\*\[(.*?)\]\((?:\w+/)?(\w+)\.py\)\*\*", readme)
    shown = {link.rpartition("/")[2].removesuffix(".html") for link in pages["gallery/index.html"].links}
    assert len(listed) > 20 and {name for _, name in listed} <= shown
    for title, name in listed:
        (path,) = site.glob(f"gallery/*/{name}.html")
        page = pages[path.relative_to(site).as_posix()]
        assert title in page.text and any(link.endswith(f"/{name}.py") for link in page.links)  # to download
        has_picture = (ROOT / "examples" / "pictures" / f"{name}.png").exists()
        assert any(link.endswith(f"/{name}.png") for link in page.loaded) == has_picture
        thumbnails = [link for link in pages["gallery/index.html"].loaded if f"sphx_glr_{name}_thumb" in link]
        assert len(thumbnails) == 1


@pytest.fixture(scope="module")
def address(site):
    """A server for the site, since browsers do not let pages of files search."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, address):
    """Opens pages of a given width, and fails if one reports an error or loads anything from elsewhere."""
    contexts, problems = [], []

    def is_elsewhere(url):
        return not url.startswith((address, "data:"))

    def is_document(request):
        return request.resource_type == "document"

    def is_error(message):
        return message.type == "error" and "Failed to load resource" not in message.text  # that is a response, too

    def watch(response):
        # Browsers ask for an icon, which the site does not have.
        if not response.ok and response.status != 304 and response.url != f"{address}favicon.ico":
            problems.append(response.url)

    def open_page(width=1280, scheme="light", text_only=False):
        size = {"width": width, "height": 900}
        contexts.append(browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=not text_only))
        page = contexts[-1].new_page()
        if text_only:
            page.route("**/*", lambda route: route.continue_() if is_document(route.request) else route.abort())
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if is_error(message) else None)
        page.on("request", lambda request: problems.append(request.url) if is_elsewhere(request.url) else None)
        page.on("response", watch)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


NAVIGATION = ".bd-header a.nav-link, .bd-sidebar-primary a.reference"


@pytest.mark.chromium
def test_every_navigation_entry_leads_to_a_page(open_page, address, pages):
    page = open_page(text_only=True)  # of nearly 200 pages; others test scripts, and that all files are there
    waiting, seen = [address + "index.html"], {}
    while waiting:
        url = waiting.pop()
        response = page.goto(url, wait_until="domcontentloaded")
        assert response.ok, url
        seen[url] = page.locator("main h1").first.inner_text()
        links = page.eval_on_selector_all(NAVIGATION, "links => links.map(link => link.href.split('#')[0])")
        waiting += [link for link in dict.fromkeys(links) if link not in seen and link not in waiting]
    assert all(seen.values())
    found = {url.removeprefix(address) for url in seen}
    assert found >= {
        "index.html",
        "guide.html",
        "engine.html",
        "security.html",
        "migrating.html",
        "tutorials/text.html",
    }
    left = {name for name in pages if name not in found} - {"genindex.html", "py-modindex.html", "search.html"}
    assert left == set()  # every page is reached by the navigation


@pytest.mark.chromium
def test_searching_for_a_layer_finds_it(open_page, address):
    page = open_page()
    page.goto(address + "index.html")
    page.keyboard.press("Control+K")
    page.keyboard.type("Conv2D")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=Conv2D*")
    first = page.locator("#search-results li a").first
    first.wait_for()
    assert first.inner_text() == "minikeras.layers.Conv2D"
    first.click()
    page.wait_for_url("**#minikeras.layers.Conv2D")
    entry = page.locator("dt[id='minikeras.layers.Conv2D']")
    assert entry.is_visible() and "filters" in entry.inner_text()
    assert page.evaluate("scrollY") > 0


# Elements beyond the right edge, but for those in boxes that scroll by themselves, such as code.
OUTSIDE = """() => [...document.querySelectorAll('main *')].filter(element => {
    if (element.getBoundingClientRect().right <= innerWidth + 1) return false;
    for (let each = element; each; each = each.parentElement)
        if (['auto', 'scroll'].includes(getComputedStyle(each).overflowX)) return each === document.body;
    return !element.matches('.headerlink');
}).map(element => element.outerHTML.slice(0, 80))"""


@pytest.mark.chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_pages_fit_on_screens(open_page, address, tmp_path, width, scheme):
    from PIL import Image

    page = open_page(width, scheme)
    for name in PAGES:
        page.goto(f"{address}{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(OUTSIDE) == [], name
        path = tmp_path / f"{name.replace('/', '_')}.png"
        page.screenshot(path=path)
        with Image.open(path) as picture:
            assert picture.size == (width, 900)
            colors = sorted(picture.convert("L").getcolors())
            assert len(colors) > 20  # something was drawn
            assert (colors[-1][1] > 240) == (scheme == "light"), name  # the background


@pytest.mark.chromium
def test_small_screens_have_the_navigation_in_a_menu(open_page, address):
    page = open_page(400)
    page.goto(address + "tutorials/mnist.html")
    link = (
        page.locator("#pst-primary-sidebar-modal a, .bd-sidebar-primary a").filter(has_text="Saving and loading").first
    )
    assert not link.is_visible()
    page.locator("button.primary-toggle").click()
    link.wait_for(state="visible")
    link.click()
    page.wait_for_url("**/tutorials/saving.html")


def test_without_chromium_the_tests_in_a_browser_are_left_out_and_that_is_said(tmp_path):
    environment = {**os.environ, "PATH": str(tmp_path)}
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", __file__]
    result = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    assert "test_no_link_is_broken" in result.stdout and "test_pages_fit_on_screens" not in result.stdout
    assert "7 deselected" in result.stdout
    assert MISSING in result.stdout
