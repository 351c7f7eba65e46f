"""One attempt at a page: fetch, extract, judge. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from platforms.extraction import Document as ExtractedDocument
from platforms.extraction import Part, bundle, combine
from platforms.fetching.browser import BrowserUnavailableError, visit_in_browser
from platforms.fetching.cookies import LentCookie
from platforms.fetching.gate import MayFollow
from platforms.fetching.judgement import COLLAPSE, SHORT, as_verdict, is_empty_shell, judge
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError, TransientFetchError
from platforms.models import Page
from platforms.outcomes import QUARANTINED, Outcome
from platforms.snapshots.documents import read_bytes
from platforms.vocabulary import FetchMode


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The result of a visit, before anything is recorded.

    whole: the whole page was read, because its selectors miss. renews: if the text is the same,
    these bytes replace those of the baseline, in which the selectors match differently.
    edition: refused as the edition of another region, and not for its language.
    """

    outcome: Outcome
    detail: str = ""
    page: FetchedPage | None = None
    extracted: ExtractedDocument | None = None
    status: int | None = None
    transient: bool = False
    retry_after: float | None = None
    whole: bool = False
    renews: bool = False
    edition: bool = False


@dataclass(frozen=True, slots=True)
class KnownState:
    """What earlier visits know of a page.

    length: characters of its text; missed: selectors without a match; both None if the page has
    no baseline yet. opening: title and beginning of its text.
    """

    validators: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    missed: Collection[str] | None = None
    opening: Collection[str] = ()
    cookies: Sequence[LentCookie] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PageFetcher:
    """Fetches pages by plain HTTP or with a browser, according to their fetch mode.

    may_follow: raises FetchError if the target of a redirect must not be read. With a browser it
    is called after the redirect, and the page is then dropped.
    """

    policy: FetchPolicy
    visit: Callable[..., FetchedPage] = visit
    browse: Callable[..., FetchedPage] = visit_in_browser
    may_follow: MayFollow = lambda url: None

    def look(
        self, page: Page, known: KnownState, *, rest: Callable[[], None] = lambda: None
    ) -> FetchResult:
        """Fetch and judge a page. rest: waits between two addresses of a page that has several."""
        if page.further_urls:
            return self._at_all_addresses(page, known, rest)
        try:
            return self._fetch_in_mode(page, page.url, known)
        except FetchError as error:
            return _failed(page, error, lent=bool(known.cookies))

    def _at_all_addresses(
        self, page: Page, known: KnownState, rest: Callable[[], None]
    ) -> FetchResult:
        """Read a text that a site splits over several addresses. One failure fails the whole."""
        parts: list[tuple[str, FetchResult]] = []
        for url in page.addresses:
            if parts:
                rest()
            try:
                result = self._fetch_in_mode(
                    page, url, KnownState(opening=known.opening, cookies=known.cookies)
                )
            except FetchError as error:
                failed = _failed(page, error, lent=bool(known.cookies))
                # The bytes of one address are not the page: they are not kept or compared.
                return replace(failed, detail=f"{url}: {failed.detail}", page=None, extracted=None)
            parts.append((url, result))
        return _combined(page, parts, known)

    def _fetch_in_mode(self, page: Page, url: str, known: KnownState) -> FetchResult:
        """Fetch an address in the page's mode. Without a browser, use plain HTTP and note it."""
        without_browser = ""
        if page.fetch_mode == FetchMode.BROWSER:
            try:
                return self._rendered(page, url, known)
            except BrowserUnavailableError as error:
                without_browser = error.detail
        fetched = self.visit(
            url,
            policy=self.policy,
            etag=known.validators.get("etag", ""),
            last_modified=known.validators.get("last_modified", ""),
            cookies=known.cookies,
            may_follow=self.may_follow,
        )
        if fetched.not_modified:
            return FetchResult(Outcome.NOT_MODIFIED, page=fetched, status=fetched.status)
        extracted = _read(page, fetched)
        if page.fetch_mode == FetchMode.AUTO and is_empty_shell(extracted, fetched):
            try:
                return self._rendered(page, url, known)
            except BrowserUnavailableError as error:
                without_browser = error.detail
        result = _judged(page, fetched, extracted, known)
        if without_browser:
            note = f"read by plain HTTP, for {without_browser}"
            detail = f"{result.detail}; {note}" if result.detail else note
            result = replace(result, detail=detail)
        return result

    def _rendered(self, page: Page, url: str, known: KnownState) -> FetchResult:
        first = page.select[0] if page.select else ""
        fetched = self.browse(
            url,
            policy=self.policy,
            wait_for=first if isinstance(first, str) else "",
            cookies=known.cookies,
        )
        if fetched.final_url != url:
            self.may_follow(fetched.final_url)
        return _judged(page, fetched, _read(page, fetched), known)


def read_whole(page: Page, result: FetchResult, known: KnownState) -> FetchResult:
    """Judge the whole page that a visit received. Too short a text keeps the outcome it had.

    page: one that is read whole (known.reading_whole). known: its state, read in the same way.
    """
    assert result.page is not None  # the caller has checked that there are bytes
    extracted = _read(page, result.page)
    again = _judged(page, result.page, extracted, known)
    enough = known.length * COLLAPSE if known.length is not None else SHORT
    if again.outcome == Outcome.READ and len(extracted.text) <= enough:
        again = replace(again, outcome=result.outcome, detail=result.detail)
    return replace(again, whole=True)


def _judged(
    page: Page, fetched: FetchedPage, extracted: ExtractedDocument, known: KnownState
) -> FetchResult:
    verdict = judge(
        fetched,
        extracted,
        expected_language=page.language,
        previous_length=known.length,
        previously_missed=known.missed,
        said_before=known.opening,
        wants_account=bool(known.cookies),
    )
    return FetchResult(
        verdict.outcome, verdict.reason, fetched, extracted, fetched.status, transient=True
    )


def _combined(
    page: Page, parts: Sequence[tuple[str, FetchResult]], known: KnownState
) -> FetchResult:
    """Combine several addresses: the bytes become one bundle, the texts one Document."""
    received = [(part.page, part.extracted) for _, part in parts if part.page and part.extracted]
    pages, documents = zip(*received, strict=True)
    first = pages[0]
    body, content_type = bundle(
        [Part(fetched.final_url, fetched.content_type, fetched.body) for fetched in pages]
    )
    whole = replace(
        first,
        headers={**first.headers, "content-type": content_type},
        body=body,
        elapsed_ms=sum(fetched.elapsed_ms for fetched in pages),
        rendered=any(fetched.rendered for fetched in pages),
    )
    text = combine(documents)
    for url, part in parts:
        if part.outcome != Outcome.READ:
            return replace(part, detail=f"{url}: {part.detail}", page=whole, extracted=text)
    result = _judged(page, first, text, known)
    details = dict.fromkeys(
        detail for detail in (result.detail, *(part.detail for _, part in parts)) if detail
    )
    return replace(result, detail="; ".join(details), page=whole)


def _failed(page: Page, error: FetchError, *, lent: bool) -> FetchResult:
    """Return the result of a failed fetch. The bytes of a wall are extracted for the quarantine."""
    verdict = as_verdict(error.outcome, error.detail, lent=lent)
    received = error.page if verdict.outcome in QUARANTINED else None
    extracted = None
    if received:
        try:
            extracted = _read(page, received)
        except FetchError:
            received = None  # a wall that takes too much to read is not kept
    return FetchResult(
        verdict.outcome,
        verdict.reason,
        received,
        extracted,
        error.status,
        transient=isinstance(error, TransientFetchError),
        retry_after=error.retry_after,
    )


def _read(page: Page, fetched: FetchedPage) -> ExtractedDocument:
    return read_bytes(page, fetched.body, url=fetched.final_url, content_type=fetched.content_type)
