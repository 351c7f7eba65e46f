"""Pages made to break the reader: really visited, extracted and judged."""

import threading

import pytest

from platforms.extraction import extract
from platforms.fetching.judgement import judge
from platforms.fetching.visit import visit
from platforms.outcomes import Outcome
from tests.platforms.fetching.hostile_server import answering, redirecting
from tests.platforms.fetching.local import local_policy

STUCK_AFTER = 10.0
WORDS = "We train our models on what you post unless you object in your settings. "


def outcome_of(server, path="/", *, select=(), **kwargs):
    """Visit, extract and judge in a thread, so that no page can stop the tests."""
    results = []

    def run():
        policy = local_policy(server, total_timeout=5.0, read_timeout=2.0, max_bytes=20_000_000)
        page = visit(server.url(path), policy=policy)
        document = extract(
            page.body, url=page.final_url, content_type=page.content_type, select=select
        )
        results.append((judge(page, document, **kwargs).outcome, document))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(STUCK_AFTER)
    assert results, "the page was never judged"
    return results[0]


def paragraphs(encoding="utf-8", text=WORDS):
    return f"<html><body><main>{f'<p>{text}</p>' * 9}</main></body></html>".encode(encoding)


READABLE = {
    "a wrong charset": answering(paragraphs(), content_type="text/html; charset=iso-8859-1"),
    "an unknown charset": answering(paragraphs(), content_type="text/html; charset=klingon-8"),
    "a charset that is no name": answering(paragraphs(), content_type="text/html; charset=\xff;;"),
    "no charset": answering(paragraphs("latin-1"), content_type="text/html"),
    "no content type": answering(paragraphs(), content_type=None),
    "two content types": answering(paragraphs(), headers={"Content-Type": "image/png, x"}),
    "a careless content type": answering(paragraphs(), content_type="application/octet-stream"),
    "NUL bytes in its text": answering(paragraphs().replace(b"train", b"tr\x00ain")),
    "half a character at its end": answering(paragraphs() + b"\xe2\x82"),
    "no markup at all": answering(WORDS.encode() * 9, content_type="text/plain"),
    "a line of ten megabytes": answering(b"<main><p>" + WORDS.encode() * 140_000),
    "200,000 nested tags": answering(
        paragraphs() + b"<div>" * 200_000 + WORDS.encode() + b"</div>" * 200_000
    ),
    "50,000 attributes": answering(
        b"<main "
        + b" ".join(b'a%d="%d"' % (index, index) for index in range(50_000))
        + b">"
        + paragraphs()
    ),
    "100,000 unclosed tags": answering(paragraphs() + b"<b><i><table><tr>" * 25_000),
    "100,000 entities": answering(paragraphs() + b"<p>" + b"&amp;&#x41;&bogus;" * 33_000),
    "an attribute of a megabyte": answering(
        b'<main title="' + b"x" * 1_000_000 + b'">' + paragraphs()
    ),
    "a comment that never ends": answering(paragraphs() + b"<!-- " + b"x" * 500_000),
}


@pytest.mark.parametrize("behaviour", READABLE.values(), ids=READABLE.keys())
def test_a_page_is_read_in_spite_of(behaviour, serve):
    outcome, document = outcome_of(serve({"/": behaviour}), expected_language="en")

    assert outcome == Outcome.READ
    assert "our models on what you post" in document.text


UNREADABLE = {
    "an image called a page": (answering(b"\x89PNG\r\n\x1a\n" + bytes(999)), Outcome.NOT_TEXT),
    "a film": (answering(b"film", content_type="video/mp4"), Outcome.NOT_TEXT),
    "a program called text": (
        answering(b"\x7fELF" + bytes(999), content_type="text/plain"),
        Outcome.NOT_TEXT,
    ),
    "an empty answer": (answering(b""), Outcome.EMPTY),
    "only NULs": (answering(bytes(5000)), Outcome.NOT_TEXT),
    "only comments": (answering(b"<!-- " + WORDS.encode() * 9 + b"-->"), Outcome.EMPTY),
    "only scripts": (answering(b"<script>var a = 1</script>" * 99), Outcome.EMPTY),
    "a login form": (
        answering(b"<title>Log in</title><form><input type=password></form>"),
        Outcome.LOGIN_WALL,
    ),
    "a redirect to a login": (redirecting("/login?next=/"), Outcome.LOGIN_WALL),
    "a challenge": (answering(b"<title>Just a moment...</title>"), Outcome.BOT_WALL),
    "a challenge by header": (
        answering(paragraphs(), headers={"cf-mitigated": "challenge"}),
        Outcome.BOT_WALL,
    ),
    "an error with status 200": (answering(b"<h1>Something went wrong</h1>"), Outcome.SOFT_404),
    "an error in German": (answering(b"<h1>Seite nicht gefunden</h1>"), Outcome.SOFT_404),
    "an error in Japanese, in its old encoding": (
        answering(
            "<h1>ページが見つかりません</h1>".encode("shift_jis"),
            content_type="text/html; charset=shift_jis",
        ),
        Outcome.SOFT_404,
    ),
    "text under a charset that makes it another": (
        answering(paragraphs(), content_type="text/html; charset=utf-16"),
        Outcome.WRONG_LANGUAGE,
    ),
    "a text in French": (
        answering(paragraphs(text="Nous utilisons vos données pour les modèles et vous avez. ")),
        Outcome.WRONG_LANGUAGE,
    ),
}


@pytest.mark.parametrize(("behaviour", "expected"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_nothing_is_read_from(behaviour, expected, serve):
    server = serve({"/": behaviour, "/login": answering(b"<h1>Welcome back</h1>")})

    outcome, _ = outcome_of(server, expected_language="en")

    assert outcome == expected
