"""Hostile servers over real sockets: each visit ends with an outcome, in time.

The limits of these visits are 0.3 s for a step and 0.6 s for all of it; one that runs ten times as
long counts as stuck.
"""

import gzip
import socket
import threading
import tracemalloc
import zlib

import brotli
import pytest

from platforms.fetching.gate import Gate
from platforms.fetching.page import FetchedPage
from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome
from tests.platforms.fetching.hostile_server import answer, answering, redirecting
from tests.platforms.fetching.local import local_policy

STUCK_AFTER = 6.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def visit_in_time(url, **kwargs):
    """Visit in a thread, so that a visit that never ends fails its test."""
    results: list[FetchedPage | Exception] = []

    def run():
        try:
            results.append(visit(url, **kwargs))
        except Exception as error:
            results.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(STUCK_AFTER)
    assert results, "the visit never ended"
    if isinstance(results[0], Exception):
        raise results[0]
    return results[0]


def refusal(url, **kwargs):
    with pytest.raises(FetchError) as raised:
        visit_in_time(url, **kwargs)
    return raised.value


def bare_deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def compressed(data, encoding):
    return answering(data, headers={"Content-Encoding": encoding})


def in_chunks(data, size=1000):
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def sending(*pieces, then=None):
    def behave(line, request):
        for piece in pieces:
            line.send(piece)
        if then:
            then(line)

    return behave


ZEROS = bytes(20_000_000)
GZIP_BOMB = gzip.compress(ZEROS)
MANY_HEADERS = b"".join(b"X-%d: y\r\n" % index for index in range(50))

TIMED_OUT = {Outcome.TIMEOUT}
TOO_LARGE = {Outcome.TOO_LARGE}
BROKEN_OFF = {Outcome.CONNECTION}
# How fast this machine is decides which of the two limits is met first.
EITHER_LIMIT = {Outcome.TIMEOUT, Outcome.TOO_LARGE}

HOSTILE = {
    # Time
    "never answers": (lambda line, request: line.hang(), TIMED_OUT),
    "sends its status byte by byte": (
        lambda line, request: line.trickle(answer(b"<p>late</p>")),
        TIMED_OUT,
    ),
    "sends its headers byte by byte": (
        sending(HEAD, then=lambda line: line.trickle(b"X-Slow: " + b"y" * 500)),
        TIMED_OUT,
    ),
    "stops in the middle of its headers": (sending(HEAD, then=lambda line: line.hang()), TIMED_OUT),
    "sends its body byte by byte": (
        sending(HEAD + b"Content-Length: 500\r\n\r\n", then=lambda line: line.trickle(b"z" * 500)),
        TIMED_OUT,
    ),
    "sends its chunks byte by byte": (
        sending(CHUNKED, then=lambda line: line.trickle(b"1\r\nz\r\n" * 200)),
        TIMED_OUT,
    ),
    "stops in the middle of its body": (
        sending(HEAD + b"Content-Length: 500\r\n\r\nhalf", then=lambda line: line.hang()),
        TIMED_OUT,
    ),
    "stops in the middle of a compressed body": (
        sending(
            HEAD + b"Content-Encoding: gzip\r\nContent-Length: 9000\r\n\r\n" + GZIP_BOMB[:50],
            then=lambda line: line.hang(),
        ),
        TIMED_OUT,
    ),
    "says 100 Continue without end": (
        lambda line, request: line.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
        EITHER_LIMIT,
    ),
    # Size
    "sends a body without end": (
        sending(HEAD + b"\r\n", then=lambda line: line.repeat(b"z" * 9000)),
        TOO_LARGE,
    ),
    "sends chunks without end": (
        sending(CHUNKED, then=lambda line: line.repeat(in_chunks(b"z" * 9000))),
        TOO_LARGE,
    ),
    "sends a chunk size without end": (
        sending(CHUNKED, then=lambda line: line.repeat(b"0" * 9000)),
        BROKEN_OFF,
    ),
    "sends a chunk extension without end": (
        sending(CHUNKED + b"5;", then=lambda line: line.repeat(b"x" * 9000)),
        BROKEN_OFF,
    ),
    "sends trailers without end": (
        sending(CHUNKED + b"1\r\nz\r\n0\r\n", then=lambda line: line.repeat(MANY_HEADERS)),
        EITHER_LIMIT,
    ),
    "announces more than we take": (
        sending(HEAD + b"Content-Length: 99999999\r\n\r\n", then=lambda line: line.hang()),
        TOO_LARGE,
    ),
    "sends headers without end": (
        sending(HEAD, then=lambda line: line.repeat(MANY_HEADERS)),
        BROKEN_OFF,
    ),
    "sends one header line without end": (
        sending(HEAD + b"X-Long: ", then=lambda line: line.repeat(b"x" * 9000)),
        BROKEN_OFF,
    ),
    # Compression
    "sends a gzip bomb": (compressed(GZIP_BOMB, "gzip"), TOO_LARGE),
    "sends a gzip bomb in chunks": (
        sending(
            HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
            in_chunks(GZIP_BOMB) + b"0\r\n\r\n",
        ),
        TOO_LARGE,
    ),
    "sends a bomb of many gzip members": (
        compressed(gzip.compress(bytes(50_000)) * 400, "gzip"),
        TOO_LARGE,
    ),
    "sends empty gzip members without end": (
        sending(
            HEAD + b"Content-Encoding: gzip\r\n\r\n",
            then=lambda line: line.repeat(gzip.compress(b"") * 400),
        ),
        EITHER_LIMIT,
    ),
    "sends a deflate bomb": (compressed(zlib.compress(ZEROS), "deflate"), TOO_LARGE),
    "sends a bare deflate bomb": (compressed(bare_deflate(ZEROS), "deflate"), TOO_LARGE),
    "sends a brotli bomb, which we did not ask for": (
        compressed(brotli.compress(ZEROS, quality=1), "br"),
        {Outcome.NOT_TEXT},
    ),
    "sends zstd, which we did not ask for": (compressed(b"\x28\xb5", "zstd"), {Outcome.NOT_TEXT}),
    "packs a gzip bomb twice": (
        compressed(gzip.compress(GZIP_BOMB), "gzip, gzip"),
        {Outcome.NOT_TEXT},
    ),
    "names an encoding nobody knows": (compressed(b"data", "x-rot13"), {Outcome.NOT_TEXT}),
    "cuts its gzip short": (compressed(gzip.compress(b"text" * 99)[:20], "gzip"), BROKEN_OFF),
    "calls plain text gzip": (compressed(b"<p>plain</p>", "gzip"), BROKEN_OFF),
    "damages its gzip in the middle": (
        compressed(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\xff" * 50, "gzip"),
        BROKEN_OFF,
    ),
    # Framing
    "hangs up without a word": (lambda line, request: None, BROKEN_OFF),
    "announces more than it sends": (answering(b"short", length=5000), BROKEN_OFF),
    "announces two lengths": (
        sending(HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello"),
        BROKEN_OFF,
    ),
    "cuts its chunks short": (sending(CHUNKED + b"100\r\nonly this"), BROKEN_OFF),
    "ends without the last chunk": (sending(CHUNKED + b"5\r\nhello\r\n"), BROKEN_OFF),
    "sends a chunk size that is no number": (sending(CHUNKED + b"zz\r\nhello\r\n"), BROKEN_OFF),
    "sends a negative chunk size": (sending(CHUNKED + b"-5\r\nhello\r\n"), BROKEN_OFF),
    "speaks SSH": (sending(b"SSH-2.0-OpenSSH_9.9\r\n"), BROKEN_OFF),
    "speaks HTTP/0.9": (sending(b"<html><p>no head at all</p></html>"), BROKEN_OFF),
    "sends a status that is no number": (sending(b"HTTP/1.1 OK fine\r\n\r\n"), BROKEN_OFF),
    "sends NULs for a head": (sending(b"\x00" * 5000), BROKEN_OFF),
    # Redirects
    "redirects to itself": (redirecting("/"), {Outcome.HTTP_ERROR}),
    "redirects ever deeper": (
        lambda line, request: line.send(
            answer(status="302 Found", headers={"Location": "/?" + "x" * len(request.path)})
        ),
        {Outcome.HTTP_ERROR},
    ),
    "redirects without saying where": (answering(status="302 Found"), {Outcome.HTTP_ERROR}),
    "redirects slowly, again and again": (
        lambda line, request: (line.gone.wait(0.2), redirecting("/")(line, request)),
        TIMED_OUT,
    ),
    "answers 304 to a question not asked": (
        answering(status="304 Not Modified", length=None),
        {Outcome.HTTP_ERROR},
    ),
}


@pytest.mark.parametrize(("behaviour", "outcomes"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_server_that(behaviour, outcomes, serve):
    server = serve({"/": behaviour})

    error = refusal(server.url(), policy=local_policy(server))

    assert error.outcome in outcomes
    assert error.detail


SURVIVED = {
    "an unreadable length is read to the end of the connection": (
        answering(b"<p>text</p>", length="lots"),
        b"<p>text</p>",
    ),
    "a negative length is read to the end of the connection": (
        answering(b"<p>text</p>", length="-7"),
        b"<p>text</p>",
    ),
    "a body longer than announced is cut there": (answering(b"<p>text</p>", length=3), b"<p>"),
    "chunks win over a length": (
        sending(
            HEAD + b"Content-Length: 3\r\n" + CHUNKED[len(HEAD) :] + b"5\r\nhello\r\n0\r\n\r\n"
        ),
        b"hello",
    ),
    "gzip in several members is joined": (
        compressed(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip"),
        b"one two",
    ),
    "gzip cut in the middle of a member's mark is joined": (
        lambda line, request: [
            line.send(HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"),
            line.send(in_chunks(gzip.compress(b"one ") + b"\x1f")),
            line.gone.wait(0.05),
            line.send(in_chunks(gzip.compress(b"two")[1:]) + b"0\r\n\r\n"),
        ],
        b"one two",
    ),
    "padding after gzip is ignored": (
        compressed(gzip.compress(b"text") + bytes(9), "gzip"),
        b"text",
    ),
    "deflate with a zlib header is unpacked": (
        compressed(zlib.compress(b"<p>text</p>"), "deflate"),
        b"<p>text</p>",
    ),
    "bare deflate is unpacked": (
        compressed(bare_deflate(b"<p>text</p>"), "deflate"),
        b"<p>text</p>",
    ),
    "an empty body said to be gzip is empty": (compressed(b"", "gzip"), b""),
    "NULs in a header do no harm": (answering(b"text", headers={"X-Odd": "a\x00b"}), b"text"),
    "folded headers do no harm": (
        sending(b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n  b\r\nContent-Length: 4\r\n\r\ntext"),
        b"text",
    ),
    "an answer without any header is read to the end": (
        sending(b"HTTP/1.1 200 OK\r\n\r\nyes"),
        b"yes",
    ),
}


@pytest.mark.parametrize(("behaviour", "body"), SURVIVED.values(), ids=SURVIVED.keys())
def test_of_odd_answers(behaviour, body, serve):
    server = serve({"/": behaviour})

    assert visit_in_time(server.url(), policy=local_policy(server)).body == body


def test_a_decompression_bomb_takes_no_more_memory_than_a_page(serve):
    server = serve({"/": compressed(GZIP_BOMB, "gzip")})
    policy = local_policy(server, total_timeout=5.0, max_bytes=1_000_000)
    with pytest.raises(FetchError):  # once before measuring, for what is loaded at first use
        visit(server.url(), policy=policy)

    tracemalloc.start()
    try:
        with pytest.raises(FetchError):
            visit(server.url(), policy=policy)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 6_000_000  # of the 20 MB that the bomb would become


def test_the_body_of_a_redirect_is_not_read(serve):
    bomb = answering(
        GZIP_BOMB,
        status="302 Found",
        headers={"Location": "/there", "Content-Encoding": "gzip"},
    )
    server = serve({"/": bomb, "/there": answering(b"text")})

    page = visit_in_time(server.url(), policy=local_policy(server))

    assert (page.body, page.redirects) == (b"text", (server.url(),))


def answer_and_leave(line, request):
    """Answer as if the connection stayed open, and close it when the next request arrives."""
    line.send(answer(b"text"))
    line.connection.recv(65_536)


def test_a_request_on_a_connection_that_was_closed_is_sent_again(serve):
    server = serve({"/": answer_and_leave})

    with Gate(local_policy(server), reuse_connections=True) as gate:
        assert [gate.follow(server.url()).body for _ in range(3)] == [b"text"] * 3


def test_a_form_is_never_sent_twice(serve):
    server = serve({"/": answer_and_leave})

    with Gate(local_policy(server), reuse_connections=True) as gate:
        gate.follow(server.url())
        with pytest.raises(TransientFetchError):
            gate.follow(server.url(), method="POST", body=b"agree=1")


def test_a_server_that_always_hangs_up_is_asked_twice_at_most(serve):
    server = serve({"/": lambda line, request: None})

    with (
        Gate(local_policy(server), reuse_connections=True) as gate,
        pytest.raises(TransientFetchError),
    ):
        gate.follow(server.url())

    assert len(server.requests) <= 2


def test_a_closed_port_is_a_connection_error(serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    policy = local_policy(allowed_ports=frozenset({port}))

    error = refusal(f"http://127.0.0.1:{port}/", policy=policy)

    assert error.outcome == Outcome.CONNECTION
    assert isinstance(error, TransientFetchError)


STATUSES = {
    404: PermanentFetchError,
    410: PermanentFetchError,
    403: PermanentFetchError,
    451: PermanentFetchError,
    408: TransientFetchError,
    429: TransientFetchError,
    500: TransientFetchError,
    502: TransientFetchError,
    503: TransientFetchError,
    520: TransientFetchError,
    501: PermanentFetchError,
    600: PermanentFetchError,
}


@pytest.mark.parametrize(("status", "kind"), STATUSES.items())
def test_an_error_status_is_recorded_as_transient_or_permanent(status, kind, serve):
    server = serve({"/": answering(b"<p>Sorry</p>", status=f"{status} No")})

    error = refusal(server.url(), policy=local_policy(server))

    assert (error.outcome, error.status) == (Outcome.HTTP_ERROR, status)
    assert type(error) is kind
    assert error.page.body == b"<p>Sorry</p>"


REFUSALS = {
    "a challenge by header": (
        answering(b"", status="403 No", headers={"cf-mitigated": "challenge"}),
        Outcome.BOT_WALL,
    ),
    "a challenge by its script": (
        answering(b"<script>window._cf_chl_opt={}</script>", status="403 No"),
        Outcome.BOT_WALL,
    ),
    "a challenge on a busy status": (
        answering(b"<div class=cf-browser-verification>", status="503 No"),
        Outcome.BOT_WALL,
    ),
    "a guard's header": (
        answering(b"", status="403 No", headers={"X-DataDome": "protected"}),
        Outcome.BOT_WALL,
    ),
    "a block in words": (
        answering(b"<title>Blocked</title><h1>Sorry, you have been blocked</h1>", status="403 No"),
        Outcome.BOT_WALL,
    ),
    "a block by the edge": (
        answering(b"<h1>Access Denied</h1>errors.edgesuite.net/18.1", status="403 Forbidden"),
        Outcome.BOT_WALL,
    ),
    "a status of one site's own": (answering(b"", status="999 Request denied"), Outcome.BOT_WALL),
    "a login asked by the protocol": (
        answering(b"", status="401 No", headers={"WWW-Authenticate": "Basic realm=x"}),
        Outcome.LOGIN_WALL,
    ),
    "a login form": (
        answering(b"<form><input type='password'></form>", status="403 No"),
        Outcome.LOGIN_WALL,
    ),
    "a login in words": (
        answering(b"<p>You must be logged in to view this page.</p>", status="401 No"),
        Outcome.LOGIN_WALL,
    ),
    "a redirect to a login that fails": (redirecting("/login"), Outcome.LOGIN_WALL),
    "a plain refusal": (
        answering(b"<h1>403 Forbidden</h1><hr>nginx", status="403 Forbidden"),
        Outcome.HTTP_ERROR,
    ),
    "a busy server": (answering(b"Too many requests", status="429 Busy"), Outcome.HTTP_ERROR),
}


@pytest.mark.parametrize(("behaviour", "outcome"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_is_recognised_as(behaviour, outcome, serve):
    server = serve({"/": behaviour, "/login": answering(b"", status="403 No")})

    error = refusal(server.url(), policy=local_policy(server))

    assert error.outcome == outcome
    assert error.page is not None


@pytest.mark.parametrize("status", [429, 503])
def test_the_requested_wait_of_a_busy_server_is_recorded(status, serve):
    server = serve({"/": answering(status=f"{status} Busy", headers={"Retry-After": "120"})})

    assert refusal(server.url(), policy=local_policy(server)).retry_after == 120.0
