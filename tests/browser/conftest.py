"""A real browser on a filled site. Skipped where Chromium is absent, unless it is required."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import call_command

SCREENSHOTS = project.VAR_DIR / "screenshots"
CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
MODES = [
    pytest.param(width, scheme, id=f"{width}-{scheme}")
    for width in (360, 1280)
    for scheme in ("light", "dark")
]


def refuse(message: str) -> None:
    """Skip where a browser cannot be had; fail where it must be there."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        refuse("no Chromium on this machine: the browser tests need one in PATH")
    playwright = pytest.importorskip("playwright.sync_api")
    # Playwright runs an event loop in this thread, in which Django would refuse its own database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def site(transactional_db, live_server):
    """The address of a running site that holds the catalog."""
    call_command("load_catalog", verbosity=0)
    return live_server.url


@pytest.fixture
def open_page(browser, site):
    """Open an address of the site in a window; nothing outside the site may be asked for."""
    contexts = []

    def opener(path: str, *, width: int = 1280, scheme: str = "light", script: bool = True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=site,
        )
        contexts.append(context)
        page = context.new_page()
        page.asked_elsewhere = []
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(site) else page.asked_elsewhere.append(request.url)
            ),
        )
        page.goto(path)
        return page

    yield opener
    for context in contexts:
        context.close()


def keep_screenshot(page, name: str) -> Path:
    """Keep a picture of the whole page for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
