"""Visits with the system's Chromium: what is read, and that it connects only through the gate."""

import socket
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from platforms.extraction import extract
from platforms.fetching import browser
from platforms.fetching.browser import (
    BrowserUnavailableError,
    descendants,
    find_browser,
    kill_with_children,
    memory_of,
    visit_in_browser,
)
from platforms.fetching.browser_messages import (
    Job,
    read_answer,
    read_job,
    write_answer,
    write_job,
)
from platforms.fetching.cookies import LentCookie
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome
from tests.platforms.fetching.hostile_server import answering, redirecting
from tests.platforms.fetching.local import LOOPBACK, local_policy


def browser_policy(*servers, **overrides):
    limits = {"connect_timeout": 15.0, "read_timeout": 15.0, "total_timeout": 75.0}
    return local_policy(*servers, **(limits | overrides))


@pytest.fixture
def chromium():
    try:
        find_browser(FetchPolicy(browser_as_root=True))
    except BrowserUnavailableError as error:
        pytest.skip(str(error))


@contextmanager
def trap():
    """Open a port that nobody may connect to; yields its number and the connections."""
    knocks = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        over = threading.Event()

        def listen():
            while not over.is_set():
                try:
                    connection, address = listener.accept()
                except TimeoutError:
                    continue
                knocks.append(address)
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1], knocks
        over.set()
        thread.join(2)


SCRIPT = """
fetch("/words").then(answer => answer.json()).then(words => setTimeout(() => {
  document.querySelector("#app").innerHTML =
    `<main><h1>${words.title}</h1><label><input type="checkbox"> Improve the model</label></main>`;
  document.querySelector("input").checked = true;
  document.title = [navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone,
    innerWidth, navigator.userAgent].join(" ");
}, 300));
"""


@pytest.mark.browser
def test_a_page_is_read_after_its_scripts_ran(chromium, serve):
    server = serve(
        {
            "/": redirecting("/app/"),
            "/app/": answering(
                b'<div id="app"></div><img src="/picture"><script src="/app.js"></script>',
                headers={"ETag": '"1"'},
            ),
            "/app.js": answering(SCRIPT.encode(), content_type="text/javascript"),
            "/words": answering(b'{"title": "Your data"}', content_type="application/json"),
        }
    )
    policy = browser_policy(server)

    page = visit_in_browser(server.url(), policy=policy, wait_for="#app main")

    assert b"<h1>Your data</h1>" in page.body
    assert b'<input type="checkbox" checked="">' in page.body
    assert f"<title>en-US UTC 1280 {policy.user_agent}</title>".encode() in page.body
    assert (page.final_url, page.redirects) == (server.url("/app/"), (server.url(),))
    assert (page.content_type, page.etag) == ("text/html; charset=utf-8", "")
    assert page.rendered
    assert {request.path for request in server.requests} == {"/", "/app/", "/app.js", "/words"}
    assert all(r.headers["user-agent"] == policy.user_agent.lower() for r in server.requests)


COMPONENTS = b"""<!doctype html><title>Settings</title><main><h1>Settings</h1>
<opt-out><span>Train on your chats</span><b slot=note>On by default</b></opt-out></main>
<script>
customElements.define("opt-out", class extends HTMLElement {
  constructor() {
    super().attachShadow({mode: "open"}).innerHTML =
      "<style>p {color: blue}</style><p><label><input type=checkbox><slot></slot></label></p>" +
      "<p><slot name=note></slot></p><p><slot name=none>Nothing else</slot></p>";
    this.shadowRoot.querySelector("input").checked = true;
  }
});
</script>"""


@pytest.mark.browser
def test_texts_and_switches_of_components_are_read(chromium, serve):
    server = serve({"/": answering(COMPONENTS)})
    page = visit_in_browser(server.url("/"), policy=browser_policy(server))
    text = extract(page.body, url=page.final_url, select=["main"]).text
    assert text == "# Settings\n\n[x] Train on your chats\n\nOn by default\n\nNothing else"


@pytest.mark.browser
def test_nothing_gets_past_the_gate(chromium, serve):
    with trap() as (port, knocks):
        private = f"127.0.0.1:{port}"
        markup = f"""<!doctype html><title>Trap</title>
        <link rel="preconnect" href="http://{private}"><link rel="prefetch" href="http://{private}/a">
        <link rel="dns-prefetch" href="http://{private}"><link rel="stylesheet" href="http://{private}/b">
        <iframe src="http://{private}/c"></iframe><img src="http://{private}/d">
        <object data="http://{private}/e"></object><video src="http://{private}/f"></video>
        <script src="http://{private}/g"></script><script src="/inwards"></script>
        <a id="ping" href="#x" ping="http://{private}/h">x</a><main id="done"></main>
        <script>
          const attempt = what => {{ try {{ what(); }} catch (error) {{}} }};
          attempt(() => fetch("http://{private}/i").catch(() => 0));
          attempt(() => fetch("http://[::1]:{port}/j").catch(() => 0));
          attempt(() => fetch("http://localhost:{port}/k").catch(() => 0));
          attempt(() => navigator.sendBeacon("http://{private}/l", "x"));
          attempt(() => new WebSocket("ws://{private}/m"));
          attempt(() => new EventSource("http://{private}/n"));
          attempt(() => new Worker("http://{private}/o"));
          attempt(() => navigator.serviceWorker.register("/worker.js"));
          attempt(() => open("http://{private}/p"));
          attempt(() => new WebTransport("https://{private}/q"));
          attempt(() => new RTCPeerConnection({{iceServers: [{{urls: "stun:{private}"}}]}}));
          attempt(() => document.querySelector("#ping").click());
          fetch("/outwards").catch(() => 0).finally(() => done.textContent = "tried everything");
        </script>"""
        server = serve(
            {
                "/": answering(markup.encode()),
                "/inwards": redirecting(f"http://{private}/r"),
                "/outwards": redirecting("http://10.0.0.1/"),
            }
        )

        page = visit_in_browser(server.url(), policy=browser_policy(server))

    assert b"tried everything" in page.body
    assert knocks == []
    assert "/worker.js" not in {request.path for request in server.requests}


@pytest.mark.browser
def test_a_navigation_by_script_goes_through_the_gate(chromium, serve):
    server = serve(
        {
            "/": answering(b"<script>location.href = '/second'</script>"),
            "/second": redirecting("/login"),
            "/login": answering(b"<main>Welcome back</main>"),
        }
    )

    page = visit_in_browser(server.url(), policy=browser_policy(server), wait_for="main")

    assert b"Welcome back" in page.body
    assert (page.final_url, page.redirects) == (server.url("/login"), (server.url(),))
    assert [request.path for request in server.requests] == ["/", "/second", "/login"]


@pytest.mark.browser
def test_a_page_that_navigates_for_ever_is_abandoned(chromium, serve):
    server = serve(
        {"/": answering(b"<script>location.replace('/?' + Math.random())</script><main></main>")}
    )

    with pytest.raises(TransientFetchError) as raised:
        visit_in_browser(
            server.url(), policy=browser_policy(server, total_timeout=4.0), wait_for="#never"
        )

    assert raised.value.outcome in {Outcome.CONNECTION, Outcome.TIMEOUT}


@pytest.mark.browser
def test_a_busy_page_is_killed_and_leaves_no_process(chromium, serve):
    before = set(descendants(browser.os.getpid()))
    server = serve({"/": answering(b"<main>busy</main><script>for (;;) {}</script>")})
    policy = browser_policy(server, total_timeout=3.0, browser_startup=1.0)

    with pytest.raises(TransientFetchError) as raised:
        visit_in_browser(server.url(), policy=policy)

    assert raised.value.outcome == Outcome.TIMEOUT
    assert set(descendants(browser.os.getpid())) <= before


@pytest.mark.browser
def test_a_page_that_takes_too_much_memory_is_killed(chromium, serve):
    server = serve({"/": answering(b"<script>setInterval(() => 0, 10)</script><main></main>")})

    with pytest.raises(PermanentFetchError) as raised:
        visit_in_browser(
            server.url(),
            policy=browser_policy(server, browser_memory=50_000_000),
            wait_for="#never",
        )

    assert raised.value.outcome == Outcome.TOO_LARGE


# --- Without a browser ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (answering(b"<h1>No</h1>", status="404 Not Found"), Outcome.HTTP_ERROR),
        (redirecting("http://10.0.0.1/"), Outcome.PRIVATE_ADDRESS),
        (answering(b"", status="403 No", headers={"cf-mitigated": "challenge"}), Outcome.BOT_WALL),
    ],
)
def test_a_refusal_is_detected_without_a_browser(behaviour, outcome, serve):
    pytest.importorskip("playwright")
    server = serve({"/": behaviour})

    with pytest.raises(FetchError) as raised:
        visit_in_browser(server.url(), policy=browser_policy(server, browser=sys.executable))

    assert raised.value.outcome == outcome


def test_what_is_no_web_page_is_received_without_a_browser(serve):
    pytest.importorskip("playwright")
    server = serve({"/": answering(b"%PDF-1.7", content_type="application/pdf")})

    page = visit_in_browser(server.url(), policy=browser_policy(server, browser=sys.executable))

    assert (page.body, page.content_type) == (b"%PDF-1.7", "application/pdf")


def test_a_browser_that_cannot_start_is_an_error(serve):
    pytest.importorskip("playwright")
    server = serve({"/": answering(b"<main>text</main>")})

    with pytest.raises(TransientFetchError) as raised:
        visit_in_browser(server.url(), policy=browser_policy(server, browser="/bin/false"))

    assert raised.value.outcome == Outcome.CONNECTION
    assert "browser" in raised.value.detail


def test_a_missing_browser_is_an_error_with_advice(monkeypatch):
    with pytest.raises(BrowserUnavailableError, match="FETCH_BROWSER names no file"):
        find_browser(FetchPolicy(browser="/nowhere/chromium"))

    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    with pytest.raises(BrowserUnavailableError, match="FETCH_BROWSER can name one"):
        find_browser(FetchPolicy())

    monkeypatch.setattr(browser.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BrowserUnavailableError, match=r"requirements-browser\.txt"):
        find_browser(FetchPolicy())


def test_the_shell_of_chromium_is_used_before_the_whole(monkeypatch):
    here = {"chromium": "/usr/bin/chromium", "chromium-headless-shell": "/usr/bin/shell"}
    monkeypatch.setattr(browser.shutil, "which", here.get)
    assert find_browser(FetchPolicy(browser_as_root=True)) == "/usr/bin/shell"


def test_a_job_is_read_back_unchanged():
    job = Job(
        "https://a.example/",
        "/usr/bin/chromium",
        FetchPolicy(allowed_networks=LOOPBACK, allowed_ports=frozenset({443, 8443})),
        "main",
        (LentCookie("session", "s3cret", "a.example"),),
    )

    assert read_job(write_job(job)) == job
    assert "s3cret" not in repr(job)


PAGE = FetchedPage(
    "https://a.example/", "https://a.example/b", 200, {"a": "b"}, b"\xff\x00", 5, ("c",)
)


def test_an_answer_is_read_back_unchanged():
    error = TransientFetchError(Outcome.HTTP_ERROR, "HTTP status 503", 503, 9.0, PAGE)

    result = read_answer(write_answer(error))

    assert read_answer(write_answer(PAGE)) == PAGE
    assert type(result) is TransientFetchError
    assert result.args == error.args


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_process_is_killed_with_children_in_other_sessions():
    script = (
        "import subprocess, sys, time;"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " start_new_session=True); time.sleep(60)"
    )
    process = browser.subprocess.Popen([sys.executable, "-c", script])
    ends_at = time.monotonic() + 10
    while not (family := descendants(process.pid)):
        assert time.monotonic() < ends_at
        time.sleep(0.02)
    assert memory_of(process.pid) > 1_000_000

    kill_with_children(process.pid)

    assert process.wait() == -9
    running = descendants(1) + descendants(browser.os.getpid())
    assert not set(family) & set(running)


@pytest.mark.parametrize(
    ("user", "allowed", "runs"), [(0, False, False), (0, True, True), (1, False, True)]
)
def test_root_has_a_browser_only_if_allowed(chromium, monkeypatch, user, allowed, runs):
    monkeypatch.setattr("os.geteuid", lambda: user)
    policy = FetchPolicy(browser_as_root=allowed)
    if runs:
        assert find_browser(policy)
        return
    with pytest.raises(BrowserUnavailableError, match="without its sandbox"):
        find_browser(policy)
