"""Judges whether a received page is the page itself, and not a wall, an error or an empty shell.

Careful by design, because policies also mention logins and error pages. Phrases count only at the
beginning of a title, heading or sentence, and only on a page with is_tiny other text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from platforms.fetching import phrases
from platforms.fetching.page import FetchedPage
from platforms.fetching.unexpected_language import confirms, looks_foreign, primary
from platforms.fetching.walls import (
    Finding,
    challenge_in_headers,
    challenge_in_markup,
    login_redirect,
    login_target,
)
from platforms.outcomes import Outcome

# Tuned with real walls, error pages and policies (tests/platforms/fetching/test_judgement.py).
SHORT = 1_500  # characters a wall or an error page may have around its message
_FEW = 300  # characters below which every sentence counts, not only the first ones
_NEXT_TO_NOTHING = 200  # characters
_A_SENTENCE = 100  # characters that a shell shows while its scripts load
_FIRST_SENTENCES = 3  # searched on a page that is not very short
_TOP_SENTENCES = 2  # searched for a login if there is no password field
COLLAPSE = 0.25  # share of the previous length; a text no longer than this has collapsed
_STUMP = 0.5  # share of the previous length; below it, earlier texts do not excuse a wall
_COLLAPSE_FLOOR = 1_000  # characters of the previous text; shorter ones cannot collapse


class ReadLink(Protocol):
    """The part of a link that judging needs."""

    @property
    def text(self) -> str: ...


class ReadDocument(Protocol):
    """The part of a Document (platforms.extraction) that judging needs."""

    @property
    def text(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def links(self) -> Sequence[ReadLink]: ...
    @property
    def missed_selectors(self) -> tuple[str, ...]: ...
    @property
    def refresh_url(self) -> str: ...
    @property
    def has_password_field(self) -> bool: ...
    @property
    def whole_page_excerpt(self) -> str: ...
    @property
    def is_script_shell(self) -> bool: ...
    @property
    def failure(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a visit that received an answer. reason: for people, "" for READ."""

    outcome: Outcome
    reason: str = ""


def judge(
    page: FetchedPage,
    document: ReadDocument,
    *,
    expected_language: str = "",
    previous_length: int | None = None,
    previously_missed: Collection[str] | None = None,
    said_before: Collection[str] = (),
    wants_account: bool = False,
) -> Verdict:
    """Return READ, or why this page must not become a baseline.

    expected_language: a tag such as "en"; "" to accept any. previous_length: characters of the
    page's last good text, None on the first visit. previously_missed: the selectors that matched
    nothing in it either; None on the first visit, when one matching selector is enough.
    said_before: title and beginning of that text. These words are not taken for a wall, unless
    the page has become much shorter.
    wants_account: the page was read with a lent session, so a request to log in means that the
    session has expired.
    """
    is_stump = len(document.text) < _STUMP * (previous_length or 0)
    evidence = _Evidence(page, document, () if is_stump else said_before)
    checks: Sequence[Callable[[], Finding | None]] = (
        lambda: challenge_in_headers(page),
        lambda: _not_text(page, document),
        lambda: login_redirect(page) or login_target(page.final_url, document.refresh_url),
        evidence.bot_wall,
        evidence.error_page,
        evidence.login_wall,
        lambda: _sent_to_front_page(page),
        evidence.nothing,
        lambda: _lost_a_part(document, previously_missed),
        lambda: _collapsed(document, previous_length),
        lambda: _wrong_language(document, expected_language),
    )
    for check in checks:
        if finding := check():
            return as_verdict(finding.outcome, finding.reason, lent=wants_account)
    return Verdict(Outcome.READ)


def new_error_line(text: str, before: str) -> str:
    """Return a line that is only an error message and was not in the text before; "" if none is."""
    lines = {phrases.plain(line): line for line in text.splitlines()}
    known = {phrases.plain(line) for line in before.splitlines()}
    for plain, line in lines.items():
        if plain not in known and any(
            phrases.says_only(pattern, plain) for pattern in (phrases.NOT_FOUND, phrases.BROKEN)
        ):
            return line
    return ""


def is_stub(document: ReadDocument) -> bool:
    """Return whether a text is only a message or menus, as of a page that has moved elsewhere."""
    length = len(document.text)
    return length <= _FEW or (length <= SHORT and _is_mostly_links(document))


def is_empty_shell(document: ReadDocument, page: FetchedPage) -> bool:
    """Return whether a browser may find more on this page than plain HTTP did.

    True for a page with no text, or next to none, and with scripts that would load it.
    """
    if page.rendered or b"<script" not in page.body.lower():
        return False
    evidence = _Evidence(page, document)
    return not document.text.strip() or (
        len(document.text) <= _NEXT_TO_NOTHING and evidence.needs_scripts()
    )


def as_verdict(outcome: Outcome, reason: str, *, lent: bool) -> Verdict:
    """Return a verdict. lent: a session was sent, so a login wall means that it has expired."""
    if outcome == Outcome.LOGIN_WALL and lent:
        return Verdict(Outcome.SESSION_EXPIRED, reason)
    return Verdict(outcome, reason)


class _Evidence:
    """The parts of a page's title, and those of its sentences that may show a wall or an error."""

    def __init__(
        self, page: FetchedPage, document: ReadDocument, said_before: Collection[str] = ()
    ) -> None:
        self._page = page
        self._document = document
        self._said_before = said_before
        content = document.text.strip()
        self._length = len(content)
        self._title: list[str] = []
        self._sentences: list[str] = []
        self._headlines: list[str] = []
        if self._length > SHORT:
            if _is_mostly_links(document):
                self._headlines = [*phrases.segments(document.title), *_headings(content)]
            return
        self._title = phrases.segments(document.title)
        around = document.whole_page_excerpt
        # If the whole page is much longer, the rest is navigation, where "Log in" means nothing.
        shown = f"{content}\n{around}" if len(around) <= SHORT else content
        sentences = phrases.sentences(shown)
        self._sentences = sentences if self._length <= _FEW else sentences[:_FIRST_SENTENCES]

    def _matching(self, pattern: re.Pattern[str], *, within: int | None = None) -> str:
        """Return as a reason the title or sentence that begins with the pattern, or ""."""
        for segment in self._title:
            if phrases.opens_with(pattern, segment) and not self._is_about(segment):
                return f"title “{segment[:120]}”"
        for sentence in self._sentences[:within]:
            if phrases.opens_with(pattern, sentence) and not self._is_about(sentence):
                return f"says “{sentence[:120]}”"
        return ""

    def _is_about(self, words: str) -> bool:
        """Return whether the page is about these words: they are in its earlier text or address."""
        for text in self._said_before:
            if words in phrases.segments(text) or words in phrases.sentences(text):
                return True
        name, path = _hyphenated(words), _hyphenated(urlsplit(self._page.url).path)
        return "-" in name and f"-{name}-" in f"-{path}-"

    def bot_wall(self) -> Finding | None:
        if reason := self._matching(phrases.BOT_WALL):
            return Finding(Outcome.BOT_WALL, reason)
        if self._length <= _NEXT_TO_NOTHING:
            return challenge_in_markup(self._page.body)
        return None

    def error_page(self) -> Finding | None:
        for pattern in (phrases.NOT_FOUND, phrases.BROKEN):
            if reason := self._matching(pattern):
                return Finding(Outcome.SOFT_404, reason)
            for headline in self._headlines:
                if phrases.says_only(pattern, headline) and not self._is_about(headline):
                    reason = f"is headed “{headline[:120]}” and holds little but links"
                    return Finding(Outcome.SOFT_404, reason)
        return None

    def login_wall(self) -> Finding | None:
        has_field = self._document.has_password_field
        is_tiny = self._length <= _NEXT_TO_NOTHING
        reason = self._matching(phrases.LOGIN, within=None if has_field else _TOP_SENTENCES)
        if reason and (has_field or self._length <= _FEW):
            return Finding(Outcome.LOGIN_WALL, reason)
        # Guides also begin with "Log in to Example". Without a password field, this only counts in
        # the title of a nearly empty page.
        reason = self._matching(phrases.LOGIN_TITLE, within=None if has_field else 0)
        if reason and (has_field or is_tiny):
            return Finding(Outcome.LOGIN_WALL, reason)
        if has_field and is_tiny:
            return Finding(Outcome.LOGIN_WALL, "a password field and next to nothing else")
        return None

    def needs_scripts(self) -> bool:
        is_shell = self._document.is_script_shell and not self._page.rendered
        return is_shell or self._asks_for_scripts()

    def _asks_for_scripts(self) -> bool:
        return bool(self._matching(phrases.SCRIPT_NEEDED))

    def nothing(self) -> Finding | None:
        """Return a finding for a page that is empty, needs scripts, or lacks the watched part."""
        most = _NEXT_TO_NOTHING if self._asks_for_scripts() else _A_SENTENCE
        if self._length <= most and self.needs_scripts():
            return Finding(Outcome.EMPTY, "next to no text without its scripts")
        if self._length:
            return None
        if self._document.missed_selectors:
            selectors = ", ".join(self._document.missed_selectors)
            return Finding(Outcome.SELECTOR_MISS, f"nothing matches {selectors[:200]}")
        return Finding(Outcome.EMPTY, "no text")


def _is_mostly_links(document: ReadDocument) -> bool:
    """Return whether links are most of the text, as with a short message between long menus."""
    return sum(len(link.text) for link in document.links) * 2 >= len(document.text)


def _hyphenated(words: str) -> str:
    """Return words as they are in the address of an article: "sign-in-to-example"."""
    return re.sub(r"[^\w]+", "-", words.casefold().replace("'", "")).strip("-")


def _headings(text: str) -> list[str]:
    return [phrases.plain(line) for line in text.splitlines() if line.startswith(("# ", "## "))]


def _sent_to_front_page(page: FetchedPage) -> Finding | None:
    """Return a finding if the site redirected to its front page, as many do for missing pages."""
    asked, reached = urlsplit(page.url), urlsplit(page.final_url)
    same_site = _bare_host(asked.hostname) == _bare_host(reached.hostname)
    if same_site and _is_front(reached.path) and not reached.query and not _is_front(asked.path):
        return Finding(Outcome.SOFT_404, f"sent on to the front page {page.final_url[:200]}")
    return None


def _bare_host(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def _is_front(path: str) -> bool:
    """True for "/", "/en/", "/en-us", "/de/home" and "/index.html"."""
    locale = r"(?:/[a-z]{2}(?:[-_][a-z]{2,4})?)?"
    return bool(re.fullmatch(locale + r"/?(?:home|index\.\w+)?/?", path.lower()))


def _lost_a_part(
    document: ReadDocument, previously_missed: Collection[str] | None
) -> Finding | None:
    """Return a finding if a selector that matched before matches nothing now.

    That part of the page may still be there with other markup. Compared without it, the page
    would seem to have dropped it.
    """
    if previously_missed is None:
        return None
    lost = [selector for selector in document.missed_selectors if selector not in previously_missed]
    if not lost:
        return None
    names = ", ".join(lost)[:200]
    return Finding(Outcome.SELECTOR_MISS, f"nothing matches {names} any more; the rest was read")


def _collapsed(document: ReadDocument, previous_length: int | None) -> Finding | None:
    if previous_length is None or previous_length < _COLLAPSE_FLOOR:
        return None
    length = len(document.text)
    if length > previous_length * COLLAPSE:
        return None
    return Finding(Outcome.COLLAPSED, f"{length} characters left of {previous_length}")


def _wrong_language(document: ReadDocument, expected: str) -> Finding | None:
    expected = primary(expected)
    if not expected:
        return None
    if found := looks_foreign(document.text, expected):
        return Finding(Outcome.WRONG_LANGUAGE, f"the text is in {found}, not {expected}")
    declared = primary(document.language)
    # Sites declare the language of their template also on pages in another language, so the
    # declaration counts only if the text is not clearly in the expected language.
    if declared and declared != expected and not confirms(document.text, expected):
        if len(document.text) < _NEXT_TO_NOTHING:
            return None
        return Finding(Outcome.WRONG_LANGUAGE, f"the page declares {declared}, not {expected}")
    return None


_TEXT_TYPES = re.compile(
    r"(?:text/.*|application/(?:.*[+])?(?:xhtml|xml|pdf|json|javascript)|application/x-pdf)$"
)
_BINARY_TYPES = re.compile(r"(?:image|audio|video|font|model)/")
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an Office file"),
    (b"OggS", "a media file"),
    (b"ID3", "a media file"),
    (b"wOF", "a font"),
)
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)
_UNPRINTABLE = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27})


def why_not_text(content_type: str, body: bytes) -> str:
    """Return why these bytes cannot be read as a page, as a message; "" if they may be one."""
    media_type = content_type.split(";", 1)[0].strip().lower()
    if media_type == "multipart/related":
        return ""  # a bundle of addresses, each judged when it was received
    if _BINARY_TYPES.match(media_type):
        return f"content type {media_type}"
    for signature, name in _SIGNATURES:
        if body.startswith(signature):
            return f"starts like {name}"
    if body.lstrip()[:5] == b"%PDF-" or body.startswith(_BYTE_ORDER_MARKS):
        return ""
    sample = body[:4096]
    unprintable = len(sample) - len(sample.translate(None, _UNPRINTABLE))
    # About half of UTF-16 is NULs, which is accepted if a text type declares it.
    allowed = 0.55 if _TEXT_TYPES.match(media_type) and "utf-16" in content_type.lower() else 0.05
    if sample and unprintable / len(sample) > allowed:
        return f"binary data as {media_type or 'an undeclared type'}"
    return ""


def _not_text(page: FetchedPage, document: ReadDocument) -> Finding | None:
    reason = why_not_text(page.content_type, page.body) or document.failure
    return Finding(Outcome.NOT_TEXT, reason) if reason else None
