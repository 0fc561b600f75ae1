"""The browser that the documentation site is tested in."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = (
    "There is no Chromium in the PATH, so the documentation site was not opened in a browser: its tests marked "
    "`chromium` were left out. On Debian, `apt-get install chromium` brings one."
)


def find_chromium() -> str | None:
    """Returns the path of a Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
