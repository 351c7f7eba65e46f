"""The process that drives a browser through one visit: `python -m
platforms.fetching.browser_process`.

Reads a job from standard input and writes its answer to the file named on the command line. The
browser can neither resolve names nor connect: each of its requests is held, made by the gate, and
answered from here. It says who we are as plain visits do, and is always the same: language, time
zone, window.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import (
    BrowserContext,
    Page,
    Playwright,
    Request,
    Route,
    WebSocketRoute,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from platforms.fetching import browser_messages as messages
from platforms.fetching.errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.fetching.gate import Answer, Gate
from platforms.fetching.page import FetchedPage
from platforms.fetching.visit import check_answer, request_headers
from platforms.outcomes import Outcome

_MAX_REQUESTS = 300
_TOTAL_BYTES = 4  # times what one answer may have
_KINDS_LOADED = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_AT_REST_AFTER = 1.0  # seconds without a new word
_LONGEST_REST = 15.0  # seconds; some pages never are
_WINDOW = {"width": 1280, "height": 1600}
# Set by the connection or by us; the rest of a request is the browser's.
_HEADERS_NOT_PASSED_ON = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "cookie", "user-agent"}
)
_HEADERS_NOT_ANSWERED = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "alt-svc"}
)

_ARGUMENTS = (
    # No way out but through us: names resolve to nothing, everything goes to a proxy that is not.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--dns-prefetch-disable",
    # One small process for pages.
    "--js-flags=--max-old-space-size=512",
    "--renderer-process-limit=1",
    "--disable-dev-shm-usage",
    "--disable-gpu",
)
_NO_OTHER_WAYS_OUT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "SharedWorker"])
  delete window[name];
"""
# What a person set or a script switched lives in properties, which HTML as text does not show.
_WRITE_STATES_DOWN = """() => {
  const write = root => {
    for (const box of root.querySelectorAll("input[type=checkbox], input[type=radio]"))
      box.toggleAttribute("checked", box.checked);
    for (const option of root.querySelectorAll("option"))
      option.toggleAttribute("selected", option.selected);
    for (const element of root.querySelectorAll("*"))
      if (element.shadowRoot) write(element.shadowRoot);
  };
  write(document);
}"""
# Components keep their words in shadow trees, which HTML as text does not show either: the page is
# copied as it is seen, into a document in which no component lives. "" where there is none.
_AS_IT_IS_SEEN = """() => {
  const isHost = element => element.shadowRoot;
  if (![...document.querySelectorAll("*")].some(isHost)) return "";
  const inert = document.implementation.createHTMLDocument("");
  const copy = (node, into) => {
    const made = into.appendChild(inert.importNode(node, false));
    copyAll((node.shadowRoot || node).childNodes, made);
  };
  const copyAll = (nodes, into) => {
    for (const node of nodes)
      if (node.localName === "slot" && node.getRootNode() instanceof ShadowRoot)
        copyAll(node.assignedNodes({flatten: true}), into);
      else copy(node, into);
  };
  inert.documentElement.remove();
  try { copy(document.documentElement, inert); } catch { return ""; }
  return "<!DOCTYPE html>" + inert.documentElement.outerHTML;
}"""
_LENGTH_OF_TEXT = "() => document.body ? document.body.innerText.length : 0"


class Visitor:
    """One visit: the gate on one side, the browser on the other."""

    def __init__(self, job: messages.Job, gate: Gate) -> None:
        self._job = job
        self._gate = gate
        self._requests = 0
        self._ready: dict[str, Answer] = {}  # documents already fetched, by URL

    def visit(self) -> FetchedPage:
        started = time.monotonic()
        first = self._gate.follow(self._job.url, headers=request_headers(self._job.policy))
        received = FetchedPage(
            url=self._job.url,
            final_url=first.url,
            status=first.status,
            headers=first.headers,
            body=first.body,
            elapsed_ms=round((time.monotonic() - started) * 1000),
            redirects=first.redirects,
        )
        check_answer(received)
        if "html" not in received.content_type:
            return received
        self._keep_ready(first)
        with sync_playwright() as playwright:
            body, reached = self._render(playwright, first.url)
        return self._rendered(received, body, reached, time.monotonic() - started)

    def _rendered(
        self, received: FetchedPage, body: bytes, reached: str, seconds: float
    ) -> FetchedPage:
        if not reached.startswith(("http://", "https://")):
            raise TransientFetchError(
                Outcome.CONNECTION, "the page moved on to something that could not be loaded"
            )
        if len(body) > self._job.policy.max_bytes:
            raise PermanentFetchError(
                Outcome.TOO_LARGE, f"more than {self._job.policy.max_bytes} bytes"
            )
        # Validators are those of the bytes the scripts started from, not of what they made.
        dropped = {"etag", "last-modified", "content-length", "content-encoding"}
        headers = {n: value for n, value in received.headers.items() if n not in dropped}
        moved = _without_fragment(reached) != _without_fragment(received.final_url)
        return FetchedPage(
            url=received.url,
            final_url=reached,
            status=received.status,
            headers=headers | {"content-type": "text/html; charset=utf-8"},
            body=body,
            elapsed_ms=round(seconds * 1000),
            redirects=received.redirects + ((received.final_url,) if moved else ()),
            rendered=True,
        )

    # --- Browser -----------------------------------------------------------------------------

    def _render(self, playwright: Playwright, url: str) -> tuple[bytes, str]:
        browser = playwright.chromium.launch(
            executable_path=self._job.browser,
            args=list(_ARGUMENTS),
            # Its sandbox refuses to run as root; find_browser() asks whether that may be.
            chromium_sandbox=os.geteuid() != 0,
            timeout=self._milliseconds(),
        )
        try:
            context = self._context(browser.new_context)
            page = context.new_page()
            page.on("popup", lambda popup: popup.close())
            page.goto(url, wait_until="domcontentloaded", timeout=self._milliseconds())
            self._wait(page)
            return _content(page).encode("utf-8", errors="replace"), page.url
        finally:
            browser.close()

    def _context(self, new_context: Callable[..., BrowserContext]) -> BrowserContext:
        language = self._job.policy.accept_language
        context = new_context(
            user_agent=self._job.policy.user_agent,
            locale="en-US" if language == "en" else language,
            timezone_id="UTC",
            viewport=_WINDOW,
            device_scale_factor=1,
            color_scheme="light",
            reduced_motion="reduce",
            service_workers="block",
            accept_downloads=False,
        )
        context.set_default_timeout(self._milliseconds())
        context.add_init_script(_NO_OTHER_WAYS_OUT)
        context.route("**/*", self._answer)
        context.route_web_socket("**/*", _hang_up)
        return context

    def _wait(self, page: Page) -> None:
        """Wait for what the page is visited for, or until it is at rest; never longer than allowed.

        A selector that does not come is no error here: judging says what is missing.
        """
        if self._job.wait_for:
            try:
                page.wait_for_selector(
                    self._job.wait_for, state="attached", timeout=self._milliseconds(share=0.8)
                )
            except PlaywrightError:
                return
        longest = min(_LONGEST_REST, self._milliseconds(share=0.8) / 1000)
        ends_at = time.monotonic() + longest
        last: tuple[int, int] | None = None
        unchanged_since = time.monotonic()
        while time.monotonic() < ends_at:
            now = (_length_of_text(page), self._requests)
            if now != last:
                last, unchanged_since = now, time.monotonic()
            if time.monotonic() - unchanged_since >= _AT_REST_AFTER:
                return
            page.wait_for_timeout(100)

    def _milliseconds(self, *, share: float = 1.0) -> float:
        return self._gate.allowance.seconds(self._job.policy.total_timeout) * 1000 * share

    # --- Its requests ------------------------------------------------------------------------

    def _answer(self, route: Route) -> None:
        """Make one of the browser's requests, if it is one that a reader of text needs."""
        request = route.request
        self._requests += 1
        if (
            request.resource_type not in _KINDS_LOADED
            or request.method not in _METHODS
            or self._requests > _MAX_REQUESTS
        ):
            route.abort("blockedbyclient")
            return
        try:
            answer = self._fetch(request)
        except (FetchError, TimeoutError):
            # One missing script is the page's own business; the page is judged by its text.
            route.abort("failed")
            return
        if answer.redirects and request.resource_type == "document":
            self._keep_ready(answer)
            answer = _sending_on(answer)
        route.fulfill(status=answer.status, headers=_answer_headers(answer), body=answer.body)

    def _keep_ready(self, answer: Answer) -> None:
        """Keep the document at the end of redirects for when the browser asks for it there."""
        self._ready[_without_fragment(answer.url)] = replace(answer, redirects=())

    def _fetch(self, request: Request) -> Answer:
        url = _without_fragment(request.url)
        if request.method == "GET" and url in self._ready:
            return self._ready.pop(url)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in _HEADERS_NOT_PASSED_ON and not name.startswith(":")
        }
        ours = request_headers(self._job.policy)
        return self._gate.follow(
            url,
            method=request.method,
            headers=ours | {"Accept": headers.pop("accept", "*/*")} | headers,
            body=request.post_data_buffer if request.method == "POST" else None,
        )


def _length_of_text(page: Page) -> int:
    """Return the number of characters to be seen; -1 while the page is being left for another."""
    try:
        return int(page.evaluate(_LENGTH_OF_TEXT))
    except PlaywrightError:
        page.wait_for_load_state("domcontentloaded")
        return -1


def _content(page: Page) -> str:
    """Return the page as HTML, states of switches and words of components included."""
    try:
        return _as_html(page)
    except PlaywrightError:
        # It was being left just then; the page it was left for is the one to read.
        page.wait_for_load_state("domcontentloaded")
        return _as_html(page)


def _as_html(page: Page) -> str:
    page.evaluate(_WRITE_STATES_DOWN)
    return page.evaluate(_AS_IT_IS_SEEN) or page.content()


def _sending_on(answer: Answer) -> Answer:
    """Return a document that leads to where the redirects of another one ended.

    A redirect itself would be followed by the browser, which has no way out.
    """
    script = f"<script>location.replace({json.dumps(answer.url).replace('<', '%3C')})</script>"
    return Answer(answer.url, 200, {"content-type": "text/html"}, script.encode())


def _answer_headers(answer: Answer) -> dict[str, str]:
    headers = {
        name: value for name, value in answer.headers.items() if name not in _HEADERS_NOT_ANSWERED
    }
    if answer.set_cookies:
        headers["set-cookie"] = "\n".join(answer.set_cookies)
    return headers


def _hang_up(socket: WebSocketRoute) -> None:
    socket.close()


def _without_fragment(url: str) -> str:
    return url.split("#", 1)[0]


def work(job: messages.Job) -> FetchedPage | FetchError:
    """Return what the visit came to."""
    total = _TOTAL_BYTES * job.policy.max_bytes
    with Gate(job.policy, reuse_connections=True, total_bytes=total) as gate:
        gate.lend(job.cookies)
        try:
            return Visitor(job, gate).visit()
        except FetchError as error:
            return error
        except TimeoutError:
            return TransientFetchError(Outcome.TIMEOUT, "the page did not come to rest in time")
        except PlaywrightError as error:
            return _browser_trouble(error)


def _browser_trouble(error: PlaywrightError) -> FetchError:
    first_line = (error.message.splitlines() or [""])[0][:200]
    if "Timeout" in error.message:
        return TransientFetchError(Outcome.TIMEOUT, f"the browser waited too long: {first_line}")
    return TransientFetchError(Outcome.CONNECTION, f"the browser gave up: {first_line}")


def main(arguments: list[str]) -> None:
    job = messages.read_job(sys.stdin.buffer.read())
    answer = Path(arguments[0])
    unfinished = answer.with_suffix(".part")
    unfinished.write_bytes(messages.write_answer(work(job)))
    unfinished.replace(answer)


if __name__ == "__main__":
    main(sys.argv[1:])
