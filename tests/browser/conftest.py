"""A real browser on a filled site. Skipped where Chromium is absent, unless it is required."""

import os
import shutil

import pytest
from django.conf import settings as project

SCREENSHOTS = project.VAR_DIR / "screenshots"
#: The shell has no windows, tabs and profiles of its own to make: a new window costs a sixth of
#: the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)


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


@pytest.fixture(scope="session")
def seen():
    """What tests of a worker have seen of pages, by the name of the walk, to load them once."""
    return {}


@pytest.fixture
def site(few_platforms, live_server):
    """The address of a running site that has a dozen platforms."""
    return live_server.url


@pytest.fixture
def whole_site(site, whole_catalog):
    """The same site with all platforms."""


@pytest.fixture
def open_page(browser, site):
    """Open an address of the site in a window; nothing outside the site may be asked for."""
    contexts = []

    def opener(
        path: str,
        *,
        width: int = 1280,
        scheme: str = "light",
        script: bool = True,
        user_agent=None,
        cookies=(),
    ):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            user_agent=user_agent,
            base_url=site,
        )
        contexts.append(context)
        context.add_cookies(cookies)
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


def follow(target) -> None:
    """Click a link or a button, and wait until the page that it leads to is read."""
    with target.page.expect_navigation():
        target.click()


def keep_screenshot(page, name: str, *, full_page: bool = True) -> None:
    """Keep pictures in both schemes for people to look at, if SCREENSHOTS=1 asks for them."""
    if os.environ.get("SCREENSHOTS") != "1":
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}.png", full_page=full_page)
