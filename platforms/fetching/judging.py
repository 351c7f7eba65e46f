"""Whether what was received is the page, judged before its content is (LESSONS.md, noise 5).

Careful by design: a policy that mentions logins and error pages is a policy. Phrases count only
where they open a title, a heading or a sentence of a page that says little else.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from platforms.fetching import phrases
from platforms.fetching.languages import confirms, looks_foreign, primary
from platforms.fetching.page import FetchedPage
from platforms.fetching.walls import (
    Finding,
    challenge_in_headers,
    challenge_in_markup,
    login_redirect,
    login_target,
)
from platforms.outcomes import Outcome

_SHORT = 1_500  # characters a wall or an error page may have around its message
_FEW = 300  # characters below which every sentence counts, not only the first ones
_NEXT_TO_NOTHING = 200
_A_SENTENCE = 100  # what a shell shows while its scripts load; two sentences may be a page
_FIRST_SENTENCES = 3
_TOP_SENTENCES = 2
_COLLAPSE = 0.25
_STUMP = 0.5
_COLLAPSE_FLOOR = 1_000  # characters a page must have had before a loss can be called a collapse


class ReadLink(Protocol):
    """What a judge needs of a link."""

    @property
    def text(self) -> str: ...


class ReadDocument(Protocol):
    """What a judge needs of an extracted Document (platforms.extraction)."""

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
    """The outcome of a visit that received something. reason: in words, "" for READ."""

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
    """Return READ, or why this capture must not become a baseline.

    expected_language: a tag such as "en"; "" to accept any. previous_length: characters of the
    page's last good text, None on the first visit. previously_missed: the selectors that found
    nothing in it either; None on the first visit, when any of several may stand for the page.
    said_before: that text's title and beginning; what a page said when it was good is no wall,
    unless it says little else now.
    wants_account: the page was read with a lent session, so being asked for a login means that
    the session has expired.
    """
    is_stump = len(document.text) < _STUMP * (previous_length or 0)
    seen = _Seen(page, document, () if is_stump else said_before)
    questions: Sequence[Callable[[], Finding | None]] = (
        lambda: challenge_in_headers(page),
        lambda: _not_text(page, document),
        lambda: login_redirect(page) or login_target(page.final_url, document.refresh_url),
        seen.bot_wall,
        seen.error_page,
        seen.login_wall,
        lambda: _sent_to_front_page(page),
        seen.nothing,
        lambda: _lost_a_part(document, previously_missed),
        lambda: _collapsed(document, previous_length),
        lambda: _wrong_language(document, expected_language),
    )
    for ask in questions:
        if finding := ask():
            return as_verdict(finding.outcome, finding.reason, lent=wants_account)
    return Verdict(Outcome.READ)


def is_empty_shell(document: ReadDocument, page: FetchedPage) -> bool:
    """True if a browser may find on this page what plain HTTP did not.

    That is: no text, or next to none, and scripts that would have brought it.
    """
    if page.rendered or b"<script" not in page.body.lower():
        return False
    seen = _Seen(page, document)
    return not document.text.strip() or (
        len(document.text) <= _NEXT_TO_NOTHING and seen.needs_scripts()
    )


def as_verdict(outcome: Outcome, reason: str, *, lent: bool) -> Verdict:
    """Return a verdict. lent: a session was sent, so a login wall means that it has ended."""
    if outcome == Outcome.LOGIN_WALL and lent:
        return Verdict(Outcome.SESSION_EXPIRED, reason)
    return Verdict(outcome, reason)


class _Seen:
    """What the page shows, cut into the parts of its title and the sentences that may tell."""

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
        if self._length > _SHORT:
            if _is_mostly_links(document):
                self._headlines = [*phrases.segments(document.title), *_headings(content)]
            return
        self._title = phrases.segments(document.title)
        around = document.whole_page_excerpt
        # Around a short content lies the navigation of a big site, where "Log in" says nothing.
        shown = f"{content}\n{around}" if len(around) <= _SHORT else content
        found = phrases.sentences(shown)
        self._sentences = found if self._length <= _FEW else found[:_FIRST_SENTENCES]

    def _told_by(self, pattern: re.Pattern[str], *, within: int | None = None) -> str:
        """Return the part of the title or the sentence that opens with the pattern, or ""."""
        for segment in self._title:
            if phrases.opens_with(pattern, segment) and not self._is_its_own(segment):
                return f"title “{segment[:120]}”"
        for sentence in self._sentences[:within]:
            if phrases.opens_with(pattern, sentence) and not self._is_its_own(sentence):
                return f"says “{sentence[:120]}”"
        return ""

    def _is_its_own(self, words: str) -> bool:
        """True if the page is one about these words: it said them before, or is named by them."""
        for known in self._said_before:
            if words in phrases.segments(known) or words in phrases.sentences(known):
                return True
        name, path = _hyphenated(words), _hyphenated(urlsplit(self._page.url).path)
        return "-" in name and f"-{name}-" in f"-{path}-"

    def bot_wall(self) -> Finding | None:
        if told := self._told_by(phrases.BOT_WALL):
            return Finding(Outcome.BOT_WALL, told)
        if self._length <= _NEXT_TO_NOTHING:
            return challenge_in_markup(self._page.body)
        return None

    def error_page(self) -> Finding | None:
        for pattern in (phrases.NOT_FOUND, phrases.BROKEN):
            if told := self._told_by(pattern):
                return Finding(Outcome.SOFT_404, told)
            for headline in self._headlines:
                if phrases.says_only(pattern, headline) and not self._is_its_own(headline):
                    told = f"is headed “{headline[:120]}” and holds little but links"
                    return Finding(Outcome.SOFT_404, told)
        return None

    def login_wall(self) -> Finding | None:
        asks = self._document.has_password_field
        little = self._length <= _NEXT_TO_NOTHING
        told = self._told_by(phrases.LOGIN, within=None if asks else _TOP_SENTENCES)
        if told and (asks or self._length <= _FEW):
            return Finding(Outcome.LOGIN_WALL, told)
        # "Log in to Example" is the first step of many a guide, so it takes a field for it.
        told = self._told_by(phrases.LOGIN_TITLE, within=None if asks else 0)
        if told and (asks or little):
            return Finding(Outcome.LOGIN_WALL, told)
        if asks and little:
            return Finding(Outcome.LOGIN_WALL, "a password field and next to nothing else")
        return None

    def needs_scripts(self) -> bool:
        is_shell = self._document.is_script_shell and not self._page.rendered
        return is_shell or self._asks_for_scripts()

    def _asks_for_scripts(self) -> bool:
        return bool(self._told_by(phrases.SCRIPT_NEEDED))

    def nothing(self) -> Finding | None:
        """An empty page, or one without the watched part; what it needs, if it says so."""
        most = _NEXT_TO_NOTHING if self._asks_for_scripts() else _A_SENTENCE
        if self._length <= most and self.needs_scripts():
            return Finding(Outcome.EMPTY, "next to no text without its scripts")
        if self._length:
            return None
        if self._document.missed_selectors:
            missed = ", ".join(self._document.missed_selectors)
            return Finding(Outcome.SELECTOR_MISS, f"nothing matches {missed[:200]}")
        return Finding(Outcome.EMPTY, "no text")


def _is_mostly_links(document: ReadDocument) -> bool:
    """True of a message between the long menus of a big site that marks up neither of them."""
    return sum(len(link.text) for link in document.links) * 2 >= len(document.text)


def _hyphenated(words: str) -> str:
    """Return words as the names of articles are written in addresses."""
    return re.sub(r"[^\w]+", "-", words.casefold().replace("'", "")).strip("-")


def _headings(text: str) -> list[str]:
    return [phrases.plain(line) for line in text.splitlines() if line.startswith(("# ", "## "))]


def _sent_to_front_page(page: FetchedPage) -> Finding | None:
    """A page that is gone is often answered by the front page of the same site."""
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
    """A part that is not found any more may be gone or only marked up in another way.

    Compared without it, the page would seem to have dropped what that part said.
    """
    if previously_missed is None:
        return None
    lost = [missed for missed in document.missed_selectors if missed not in previously_missed]
    if not lost:
        return None
    names = ", ".join(lost)[:200]
    return Finding(Outcome.SELECTOR_MISS, f"nothing matches {names} any more; the rest was read")


def _collapsed(document: ReadDocument, previous_length: int | None) -> Finding | None:
    if previous_length is None or previous_length < _COLLAPSE_FLOOR:
        return None
    length = len(document.text)
    if length > previous_length * _COLLAPSE:
        return None
    return Finding(Outcome.COLLAPSED, f"{length} characters left of {previous_length}")


def _wrong_language(document: ReadDocument, expected: str) -> Finding | None:
    expected = primary(expected)
    if not expected:
        return None
    if found := looks_foreign(document.text, expected):
        return Finding(Outcome.WRONG_LANGUAGE, f"the text is in {found}, not {expected}")
    declared = primary(document.language)
    # Sites declare the language of their template on pages written in another, so the
    # declaration counts only where the words do not speak against it.
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
    """Return why these bytes are no page to read, in words; "" if they may be one."""
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
    # UTF-16 without a mark is half NULs; a text type is believed up to that.
    allowed = 0.55 if _TEXT_TYPES.match(media_type) and "utf-16" in content_type.lower() else 0.05
    if sample and unprintable / len(sample) > allowed:
        return f"binary data as {media_type or 'an undeclared type'}"
    return ""


def _not_text(page: FetchedPage, document: ReadDocument) -> Finding | None:
    why = why_not_text(page.content_type, page.body) or document.failure
    return Finding(Outcome.NOT_TEXT, why) if why else None
