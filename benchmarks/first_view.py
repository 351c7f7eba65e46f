"""What a first visit costs on a slow phone line, and how soon a page shows what it has to say.

    python -m benchmarks.first_view [--url http://127.0.0.1:8000] [--rounds N] [--cpu N]

Without --url a site of its own is started with the catalog, as `make run` does. Chromium opens each
page with an empty cache on the line that its developer tools call "Slow 4G". Sizes are those on
the line (gzip), without headers. LCP is when the largest part of the first view stood, CLS how much
of it moved afterwards. Other work on the machine makes LCP worse, never better; the median counts.
"""

import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.services import free_port

WIDTHS = (360, 1280)
#: Chromium's own "Slow 4G": 1.6 Mbit/s down and 0.75 up, less a tenth; 150 ms there and back,
#: times 3.75 for the handshakes that emulation leaves out.
LATENCY_MS, DOWN, UP = 562.5, 1.6e6 * 0.9 / 8, 0.75e6 * 0.9 / 8
MOST = {"html": 40.0, "css": 20.0, "script": 25.0, "requests": 10, "elsewhere": 0}
MOST_LCP, MOST_CLS = 1.5, 0.05

_WATCH = """
window.seen = {lcp: 0, what: "", cls: 0};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    seen.lcp = entry.startTime;
    seen.what = entry.element ? entry.element.tagName.toLowerCase() : "";
  }
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
_READ = """() => ({
  ...seen,
  html: performance.getEntriesByType("navigation")[0].encodedBodySize,
  parts: performance.getEntriesByType("resource").map(
    (part) => [part.name, part.encodedBodySize]),
})"""


@dataclass(frozen=True, slots=True)
class View:
    """One first visit. Sizes in kilobytes, lcp in seconds; what: the element that stood last."""

    html: float
    css: float
    script: float
    requests: int
    elsewhere: int
    lcp: float
    what: str
    cls: float

    def over(self) -> list[str]:
        """The bars that it does not meet."""
        found = [name for name, most in MOST.items() if getattr(self, name) > most]
        return [
            *found,
            *(["LCP"] if self.lcp > MOST_LCP else []),
            *(["CLS"] if self.cls > MOST_CLS else []),
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", help="a running site; without it one is started")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu", type=float, default=1.0, help="how many times slower a phone is")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        site = arguments.url or stack.enter_context(own_site())
        browser = stack.enter_context(chromium())
        missed = report(browser, site.rstrip("/"), arguments.rounds, arguments.cpu)
    if missed:
        sys.exit("over the bars: " + "; ".join(missed))


def report(browser: Any, site: str, rounds: int, cpu: float) -> list[str]:
    """Print a line a page and width; return what is over the bars."""
    missed = []
    sizes = f"{'HTML kB':>9}{'CSS kB':>8}{'script':>8}{'requests':>10}{'elsewhere':>11}"
    print(f"{'page':<20}{'width':>6}{sizes}{'LCP s':>8}{'CLS':>8}  largest")
    for name, address in addresses(site).items():
        urllib.request.urlopen(site + address).read()  # the first visitor of many, not of all
        for width in WIDTHS:
            views = [first_view(browser, site, address, width, cpu) for _ in range(rounds)]
            view = sorted(views, key=lambda each: each.lcp)[(len(views) - 1) // 2]
            shift = statistics.median(each.cls for each in views)
            print(
                f"{name:<20}{width:>6}{view.html:>9.1f}{view.css:>8.1f}{view.script:>8.1f}"
                f"{view.requests:>10}{view.elsewhere:>11}{view.lcp:>8.2f}{shift:>8.3f}  {view.what}"
            )
            if over := view.over():
                missed.append(f"{name} at {width} ({', '.join(over)})")
    return missed


def first_view(browser: Any, site: str, address: str, width: int, cpu: float) -> View:
    phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": 740 if phone else 900},
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
    )
    page = context.new_page()
    page.add_init_script(_WATCH)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": DOWN,
            "uploadThroughput": UP,
        },
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    page.goto(site + address, wait_until="load")
    page.wait_for_timeout(500)  # for what moves late
    seen = page.evaluate(_READ)
    context.close()
    parts = [(urlsplit(name), size) for name, size in seen["parts"]]
    return View(
        html=seen["html"] / 1000,
        css=sum(size for part, size in parts if part.path.endswith(".css")) / 1000,
        script=sum(size for part, size in parts if part.path.endswith(".js")) / 1000,
        requests=1 + len(parts),
        elsewhere=sum(part.netloc != urlsplit(site).netloc for part, _ in parts),
        lcp=seen["lcp"] / 1000,
        what=seen["what"],
        cls=seen["cls"],
    )


def addresses(site: str) -> dict[str, str]:
    """The address of a page of each main kind on this site."""

    def one(kind: str) -> str:
        with urllib.request.urlopen(f"{site}/sitemap-{kind}.xml") as answer:
            first = re.search(r"<loc>[^<]*?//[^/]+([^<]*)</loc>", answer.read().decode())
        if first is None:
            raise ValueError(f"{site} has no {kind}")
        return first[1]

    platform = one("platforms")
    slug = platform.rsplit("/", 1)[1]
    return {
        "home": "/",
        "timeline": "/timeline",
        "timeline, filtered": f"/timeline?platform={slug}",
        "change": one("changes"),
        "platform": platform,
        "platform, as of": f"{platform}?asof=2025-01-01",
        "platforms": "/platforms",
        "matrix": "/matrix",
        "guides": "/guides",
        "guide": one("guides"),
        "checklist": "/checklist",
        "search": f"/search?q={slug}",
        "home, German": "/de/",
        "subscribe": "/subscribe",
        "methodology": "/methodology",
    }


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def own_site() -> Iterator[str]:
    """Run a site with the catalog on SQLite, and yield its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        services = ("DATABASE_URL", "REDIS_URL", "STATIC_ROOT")
        environment = {name: text for name, text in os.environ.items() if name not in services}
        environment |= {"VAR_DIR": folder, "SITE_URL": address, "LOG_LEVEL": "ERROR"}
        for command in (["migrate"], ["load_catalog"], ["collectstatic", "--noinput"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity", "0"],
                env=environment,
                check=True,
            )
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2"),
                *("--bind", f"127.0.0.1:{port}", "--log-level", "error", "--no-control-socket"),
            ],
            env=environment,
        )
        try:
            _wait_for(f"{address}/healthz/web")
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address).read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main()
