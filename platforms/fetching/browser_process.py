"""The process that controls a browser for one visit: `python -m
platforms.fetching.browser_process ANSWER_FILE`.

Reads a job from standard input and writes the answer to a file. The browser cannot resolve names
or connect: each of its requests is intercepted, and the gate makes it. It has the same user agent
as plain visits, and always the same language, time zone and window.
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
from platforms.fetching.gate import Answer, Gate
from platforms.fetching.page import FetchedPage
from platforms.fetching.visit import check_answer, request_headers
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome

_MAX_REQUESTS = 300  # of one visit; chosen
_TOTAL_BYTES = 4  # limit for all answers, as a multiple of that for one; chosen
_KINDS_LOADED = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_STABLE_AFTER = 1.0  # seconds without a change of the text or a request
_LONGEST_WAIT = 15.0  # seconds to wait for that, as some pages never stop
_WINDOW = {"width": 1280, "height": 1600}
# Set by the connection or by us. All others come from the browser.
_HEADERS_NOT_SENT = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "cookie", "user-agent"}
)
_HEADERS_NOT_ANSWERED = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "alt-svc"}
)

_ARGUMENTS = (
    # No connections of its own: no name resolves, and the proxy does not exist.
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
    # One small process for all pages.
    "--js-flags=--max-old-space-size=512",
    "--renderer-process-limit=1",
    "--disable-dev-shm-usage",
    "--disable-gpu",
)
_REMOVE_CONNECTIONS = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "SharedWorker"])
  delete window[name];
"""
# The present states of controls are properties, which are not part of the HTML.
_WRITE_STATES = """() => {
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
# The text of components is in shadow trees, which are not part of the HTML either. The visible page
# is copied to a document in which no scripts run. Returns "" for a page without components.
_VISIBLE_HTML = """() => {
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
    """Makes one visit: connects the browser to the gate."""

    def __init__(self, job: messages.Job, gate: Gate) -> None:
        self._job = job
        self._gate = gate
        self._requests = 0
        self._fetched: dict[str, Answer] = {}  # documents for the browser, by URL

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
        self._keep_document(first)
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
        # Validators belong to the received bytes, not to the page that the scripts made.
        omitted = {"etag", "last-modified", "content-length", "content-encoding"}
        headers = {n: value for n, value in received.headers.items() if n not in omitted}
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
            # The sandbox does not work as root; find_browser() checks whether that is allowed.
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
        context.add_init_script(_REMOVE_CONNECTIONS)
        context.route("**/*", self._answer)
        context.route_web_socket("**/*", _close_socket)
        return context

    def _wait(self, page: Page) -> None:
        """Wait for the watched part, and until the page is stable, within the time allowed.

        A selector that does not appear is no error here: judging reports it.
        """
        if self._job.wait_for:
            try:
                page.wait_for_selector(
                    self._job.wait_for, state="attached", timeout=self._milliseconds(share=0.8)
                )
            except PlaywrightError:
                return
        longest = min(_LONGEST_WAIT, self._milliseconds(share=0.8) / 1000)
        ends_at = time.monotonic() + longest
        last: tuple[int, int] | None = None
        unchanged_since = time.monotonic()
        while time.monotonic() < ends_at:
            now = (_length_of_text(page), self._requests)
            if now != last:
                last, unchanged_since = now, time.monotonic()
            if time.monotonic() - unchanged_since >= _STABLE_AFTER:
                return
            page.wait_for_timeout(100)

    def _milliseconds(self, *, share: float = 1.0) -> float:
        return self._gate.allowance.seconds(self._job.policy.total_timeout) * 1000 * share

    # --- Its requests ------------------------------------------------------------------------

    def _answer(self, route: Route) -> None:
        """Make one of the browser's requests, if it can change the text of the page."""
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
            # A missing script is no error of the visit: the page is judged by its text.
            route.abort("failed")
            return
        if answer.redirects and request.resource_type == "document":
            self._keep_document(answer)
            answer = _redirect_page(answer)
        route.fulfill(status=answer.status, headers=_answer_headers(answer), body=answer.body)

    def _keep_document(self, answer: Answer) -> None:
        """Keep a document at the end of redirects until the browser requests it."""
        self._fetched[_without_fragment(answer.url)] = replace(answer, redirects=())

    def _fetch(self, request: Request) -> Answer:
        url = _without_fragment(request.url)
        if request.method == "GET" and url in self._fetched:
            return self._fetched.pop(url)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in _HEADERS_NOT_SENT and not name.startswith(":")
        }
        ours = request_headers(self._job.policy)
        return self._gate.follow(
            url,
            method=request.method,
            headers=ours | {"Accept": headers.pop("accept", "*/*")} | headers,
            body=request.post_data_buffer if request.method == "POST" else None,
        )


def _length_of_text(page: Page) -> int:
    """Return the number of visible characters; -1 while the browser loads another page."""
    try:
        return int(page.evaluate(_LENGTH_OF_TEXT))
    except PlaywrightError:
        page.wait_for_load_state("domcontentloaded")
        return -1


def _content(page: Page) -> str:
    """Return the page as HTML with the states of controls and the text of components."""
    try:
        return _html_of(page)
    except PlaywrightError:
        # The browser was just leaving the page. Read the next one.
        page.wait_for_load_state("domcontentloaded")
        return _html_of(page)


def _html_of(page: Page) -> str:
    page.evaluate(_WRITE_STATES)
    return page.evaluate(_VISIBLE_HTML) or page.content()


def _redirect_page(answer: Answer) -> Answer:
    """Return a page that sends the browser to the address at the end of redirects.

    The browser would follow a real redirect by itself, but it cannot connect.
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


def _close_socket(socket: WebSocketRoute) -> None:
    socket.close()


def _without_fragment(url: str) -> str:
    return url.split("#", 1)[0]


def work(job: messages.Job) -> FetchedPage | FetchError:
    """Make the visit; return the page or the error."""
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
            return _fetch_error(error)


def _fetch_error(error: PlaywrightError) -> FetchError:
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
