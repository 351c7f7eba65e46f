"""robots.txt: what it allows, and what counts if it cannot be read (RFC 9309)."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protego import Protego

from platforms.fetching.robots import (
    RobotsFile,
    decode_robots,
    fetch_robots,
    groups_for,
    product_token,
    read_robots,
    robots_url,
)
from tests.platforms.fetching.hostile_server import answering, redirecting
from tests.platforms.fetching.local import local_policy

AGENT = "DefaultOn/0.1 (+https://default-on.example/about)"
PAGE = "https://watched.example/help/ai"


def allows(body, url=PAGE, agent=AGENT):
    return read_robots(RobotsFile(200, body)).allows(url, agent)


RULES = [
    ("", True),
    ("User-agent: *\nDisallow:", True),
    ("User-agent: *\nDisallow: /", False),
    ("User-agent: *\nDisallow: /help", False),
    ("User-agent: *\nDisallow: /help\nAllow: /help/ai", True),
    ("User-agent: *\nAllow: /help/ai\nDisallow: /help", True),
    ("User-agent: *\nDisallow: /*ai$", False),
    ("User-agent: *\nDisallow: /help/ai$", False),
    ("User-agent: *\nDisallow: /help/a$", True),
    ("User-agent: DefaultOn\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
    ("User-agent: defaulton\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
    ("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /", True),
    ("User-agent: GPTBot\nUser-agent: DefaultOn\nDisallow: /", False),
    ("user-AGENT: *\ndisALLOW: /help # all of it", False),
    ("User-agent: *\r\nDisallow: /help\r\n", False),
    ("User-agent: *\rDisallow: /help\r", False),
]


@pytest.mark.parametrize(("body", "allowed"), RULES)
def test_the_most_specific_rule_for_us_decides(body, allowed):
    assert allows(body) is allowed


MALFORMED = [
    "Disallow: /",
    ":::::\n\n=\nUser-agent\nDisallow",
    "<!doctype html><html><body>Not here</body></html>",
    "User-agent: *\nDisallow",
    "User-agent: *\nCrawl-delay: soon\nAllow: /",
    "User-agent: *\nRequest-rate: a/b\nVisit-time: x\nSitemap:",
    "User-agent: *\nDisallow: " + "*" * 5_000 + "x",
    "User-agent: *\n" + "Disallow: /" + "%zz" * 100,
    "\x00\x01\x02" * 500,
    "User-agent: *\n" + "Disallow: /x\n" * 50_000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_file_forbids_nothing_and_breaks_nothing(body):
    robots = read_robots(RobotsFile(200, body))

    assert robots.allows(PAGE, AGENT)
    assert robots.crawl_delay(AGENT) is None


@pytest.mark.parametrize(
    ("body", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 20", 20.0),
        ("User-agent: *\nCrawl-delay: 1.5", 1.5),
        ("User-agent: *\nCrawl-delay: 0", None),
        ("User-agent: *\nCrawl-delay: -5", None),
        ("User-agent: Other\nCrawl-delay: 20", None),
        ("User-agent: DefaultOn\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 99", 7.0),
        ("", None),
    ],
)
def test_the_crawl_delay_is_read(body, delay):
    assert read_robots(RobotsFile(200, body)).crawl_delay(AGENT) == delay


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 410, 418])
def test_a_missing_file_forbids_nothing(status):
    assert read_robots(RobotsFile(status)).allows(PAGE, AGENT)


@pytest.mark.parametrize("status", [None, 429, 500, 503, 599])
def test_an_unreachable_file_forbids_everything(status):
    verdict = read_robots(RobotsFile(status)).verdict(PAGE, AGENT)

    assert not verdict.allowed
    assert "cannot be reached" in verdict.reason


@pytest.mark.parametrize("file", [RobotsFile(200, "User-agent: *\nDisallow: /"), RobotsFile(None)])
def test_the_file_itself_may_always_be_read(file):
    assert read_robots(file).allows("https://watched.example/robots.txt", AGENT)


def test_after_thirty_days_the_last_known_rules_count_if_there_are_any():
    gone = RobotsFile(None)
    long = timedelta(days=31)
    known = "User-agent: *\nDisallow: /help"

    assert not read_robots(gone, last_known=known, unreachable_for=timedelta(days=29)).allows(
        "https://watched.example/about", AGENT
    )
    assert read_robots(gone, last_known=known, unreachable_for=long).allows(
        "https://watched.example/about", AGENT
    )
    assert not read_robots(gone, last_known=known, unreachable_for=long).allows(PAGE, AGENT)
    assert read_robots(gone, unreachable_for=long).allows(PAGE, AGENT)


def test_the_file_of_a_url_is_at_the_root_of_its_host():
    assert robots_url("https://a.example:8443/x/y?z#w") == "https://a.example:8443/robots.txt"


def test_our_name_is_the_part_before_the_slash():
    assert product_token(AGENT) == "DefaultOn"
    assert product_token("Plain") == "Plain"


def test_what_follows_500_kilobytes_is_not_read():
    body = b"User-agent: *\nAllow: /\n" + b"#" * 512_000 + b"\nDisallow: /help\n"

    assert allows(decode_robots(body))


def test_bytes_that_are_not_utf8_and_nuls_are_read():
    assert decode_robots(b"\xef\xbb\xbfUser-agent: \xff*\x00") == "User-agent: �*"


# --- Over the wire ----------------------------------------------------------------------------


def fetched(serve, behaviours, **overrides):
    server = serve(behaviours)
    return fetch_robots(server.url("/help/ai"), policy=local_policy(server, **overrides))


def test_a_file_is_fetched_from_the_root(serve):
    body = b"User-agent: *\nDisallow: /help"

    file = fetched(serve, {"/robots.txt": answering(body, content_type="text/plain")})

    assert file == RobotsFile(200, body.decode())


def test_five_redirects_are_followed_and_a_sixth_means_there_is_none(serve):
    steps = {f"/{n}": redirecting(f"/{n + 1}") for n in range(1, 6)}
    rules = answering(b"User-agent: *\nDisallow: /")
    five = {"/robots.txt": redirecting("/1")} | steps | {"/5": rules}
    six = {"/robots.txt": redirecting("/1")} | steps | {"/6": rules}

    assert not read_robots(fetched(serve, five)).allows(PAGE, AGENT)
    assert read_robots(fetched(serve, six)).allows(PAGE, AGENT)


UNREACHABLE = {
    "an error of the server": answering(status="500 Internal Server Error"),
    "a busy server": answering(status="503 Busy", headers={"Retry-After": "9"}),
    "too many requests": answering(status="429 Too Many Requests"),
    "no answer": lambda line, request: line.hang(),
    "a hang-up": lambda line, request: None,
    "a redirect to a private address": redirecting("http://10.0.0.1/robots.txt"),
    "a body without end": lambda line, request: (
        line.send(b"HTTP/1.1 200 OK\r\n\r\n"),
        line.repeat(b"#" * 9000),
    ),
}


@pytest.mark.parametrize("behaviour", UNREACHABLE.values(), ids=UNREACHABLE.keys())
def test_everything_is_forbidden_after(behaviour, serve):
    file = fetched(serve, {"/robots.txt": behaviour})

    assert not read_robots(file).allows(PAGE, AGENT)


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "403 Forbidden", "401 No"])
def test_everything_is_allowed_after(status, serve):
    file = fetched(serve, {"/robots.txt": answering(b"no", status=status)})

    assert read_robots(file).allows(PAGE, AGENT)


LINES = st.sampled_from(
    [
        "User-agent: *",
        "User-agent: DefaultOn",
        "user agent Default",
        "User-agent: GPTBot",
        "User-agent: *on*",
        "User-agent:",
        "Disallow: /",
        "Disallow: /help",
        "Allow: /help/ai",
        "Disallow",
        "Crawl-delay: 7",
        "Sitemap: https://watched.example/sitemap.xml",
        "Host: watched.example",
        "no directive",
        "Unknown: line",
        "# a comment",
        "",
    ]
)


# "Disallow" without a colon and a value ends a list of agents.
@example(["User-agent: *", "Disallow", "User-agent: GPTBot", "Disallow: /"])
@given(st.lists(LINES, max_size=12))
def test_our_groups_alone_have_the_same_rules_as_the_whole_file(lines):
    body = "\n".join(lines)
    whole, ours = Protego.parse(body), Protego.parse(groups_for("DefaultOn", body))

    assert ours.can_fetch(PAGE, "DefaultOn") == whole.can_fetch(PAGE, "DefaultOn")
    assert ours.crawl_delay("DefaultOn") == whole.crawl_delay("DefaultOn")
