"""The probe command: one visit to a URL, shown in the terminal."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.platforms.fetching.hostile_server import answering, redirecting
from tests.platforms.fetching.local import LOOPBACK

TEXT = b"<p>We train our models on what you post unless you object.</p>" * 9
ROBOTS = b"<meta name=robots content=noarchive>"
PAGE = b'<html lang="en"><title>Your data</title><nav>Menu</nav><main>' + TEXT + b"</main></html>"


@pytest.fixture
def probe(serve, settings):
    """Return a function that probes a path; returns exit code, output and server."""
    settings.FETCH_ALLOWED_NETWORKS = list(LOOPBACK)
    settings.FETCH_TOTAL_TIMEOUT = 5.0
    settings.FETCH_HOST_PAUSE = 0.0

    def run(behaviours, *arguments, paths=("/",)):
        server = serve(behaviours)
        settings.FETCH_ALLOWED_PORTS = [server.port]
        shown = StringIO()
        code = 0
        try:
            addresses = map(server.url, paths)
            call_command("probe", *addresses, *arguments, stdout=shown, no_color=True)
        except SystemExit as end:
            code = end.code
        return code, shown.getvalue(), server

    return run


def test_a_good_page_is_shown_with_all_details(probe):
    code, shown, _ = probe(
        {
            "/": redirecting("/data"),
            "/data": answering(PAGE.replace(b"<nav>", ROBOTS + b"<nav>"), headers={"ETag": '"1"'}),
        }
    )

    assert code == 0
    for part in (
        "outcome  read (read)",
        "robots.txt  there is no robots.txt (status 404)",
        "redirect  http://127.0.0.1",
        "/data",
        'header  etag: "1"',
        "title  Your data",
        "language  en",
        "to robots  noarchive",
        "    We train our models on what you post unless you object.",
        "selector  main",
    ):
        assert part in shown


def test_a_page_that_cannot_be_read_is_shown_with_the_reason(probe):
    code, shown, _ = probe({"/": answering(b"<h1>Page not found</h1>")})

    assert code == 1
    assert "soft-404" in shown
    assert "because  says “page not found”" in shown


def test_an_error_is_shown_with_its_headers(probe):
    code, shown, _ = probe({"/": answering(b"", status="503 Busy", headers={"Retry-After": "9"})})

    assert code == 1
    assert "HTTP status 503" in shown
    assert "retry-after: 9" in shown


def test_a_page_denied_by_robots_txt_is_visited_only_on_request(probe):
    rules = {"/robots.txt": answering(b"User-agent: *\nDisallow: /\nCrawl-delay: 20")}

    code, shown, server = probe(rules | {"/": answering(PAGE)})
    assert code == 1
    assert "robots-denied" in shown
    assert [request.path for request in server.requests] == ["/robots.txt"]

    code, shown, _ = probe(rules | {"/": answering(PAGE)}, "--despite-robots")
    assert code == 0
    assert "crawl delay  20 s" in shown


def test_robots_txt_also_applies_to_the_target_of_a_redirect(probe):
    rules = {"/robots.txt": answering(b"User-agent: *\nDisallow: /private")}
    places = {"/": redirecting("/private/1"), "/private/1": answering(PAGE)}

    code, shown, server = probe(rules | places)
    assert code == 1
    assert "because  sent on to http://127.0.0.1" in shown
    assert [request.path for request in server.requests] == ["/robots.txt", "/"]

    assert probe(rules | places, "--despite-robots")[0] == 0


def test_several_addresses_are_shown_one_after_the_other(probe):
    parts = {"/1": answering(PAGE), "/2": answering(b"<h1>Page not found</h1>")}

    code, shown, _ = probe(parts, paths=["/1", "/2"])

    assert code == 1
    _, first, second = shown.split("probed  ")
    assert "outcome  read" in first
    assert "outcome  soft-404" in second


def test_selectors_decide_what_is_shown(probe):
    page = answering(b"<main><h1>Title</h1><div id=terms>Terms<i>!</i></div></main>")

    code, shown, _ = probe({"/": page}, "--select", "#terms", "--remove", "i")
    assert code == 0
    assert "    Terms\n" in shown

    code, shown, _ = probe({"/": page}, "--select", "#gone")
    assert code == 1
    assert "nothing matches #gone" in shown


def test_a_shell_is_reported_to_need_a_browser(probe):
    code, shown, _ = probe({"/": answering(b"<div id=root></div><script src=/a.js></script>")})

    assert code == 1
    assert "try again with --browser" in shown


def test_a_long_text_is_cut_with_a_note(probe):
    page = answering(b"<main>" + b"<p>A line of text that is long enough.</p>" * 50 + b"</main>")

    _, shown, _ = probe({"/": page}, "--lines", "5")

    assert shown.count("A line of text") == 3
    assert "more lines" in shown


def test_a_page_cannot_control_the_terminal(probe):
    page = answering("<main><p>\x1b[2Jgone\x9b31m \u202ereversed</p></main>".encode())

    _, shown, _ = probe({"/": page})

    assert not set(shown) & {"\x1b", "\x9b", "\u202e"}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://169.254.169.254/latest", "169.254.169.254 is not a public address"),
        ("ftp://example.org/", "only http and https are visited"),
        ("example.org/terms", "only http and https are visited"),
    ],
)
def test_a_forbidden_address_is_not_reported_as_denied_by_robots_txt(url, reason):
    shown = StringIO()
    with pytest.raises(SystemExit):
        call_command("probe", url, stdout=shown)
    assert "private-address" in shown.getvalue()
    assert reason in shown.getvalue()
