"""One look at a page: visit it, read it, judge what came. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from platforms.extraction import Document as ExtractedDocument
from platforms.extraction import Part, bundle, combine
from platforms.fetching.browser import BrowserUnavailableError, visit_in_browser
from platforms.fetching.cookies import LentCookie
from platforms.fetching.errors import FetchError, TransientFetchError
from platforms.fetching.gate import MayFollow
from platforms.fetching.judging import as_verdict, is_empty_shell, judge
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.models import Page
from platforms.outcomes import QUARANTINED, Outcome
from platforms.snapshots.documents import read_bytes
from platforms.vocabulary import FetchMode


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What a visit came to, before anything of it is kept."""

    outcome: Outcome
    detail: str = ""
    page: FetchedPage | None = None
    extracted: ExtractedDocument | None = None
    status: int | None = None
    transient: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class KnownState:
    """What is known of a page from before.

    length: characters of the text it had, missed: selectors that found nothing in it; None if
    nothing of the page is kept yet. words: its title and the beginning of its text.
    """

    validators: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    missed: Collection[str] | None = None
    words: Collection[str] = ()
    cookies: Sequence[LentCookie] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PageFetcher:
    """Looks at pages by plain HTTP or with a browser, as each page says.

    may_follow: raises FetchError for an address that a redirect leads to and that is not to be
    read. A browser is asked afterwards, and what it brought from there is dropped.
    """

    policy: FetchPolicy
    visit: Callable[..., FetchedPage] = visit
    browse: Callable[..., FetchedPage] = visit_in_browser
    may_follow: MayFollow = lambda url: None

    def look(
        self, page: Page, known: KnownState, *, rest: Callable[[], None] = lambda: None
    ) -> FetchResult:
        """Return what the page shows. rest: the pause between two of its addresses, if several."""
        if page.further_urls:
            return self._at_all_addresses(page, known, rest)
        try:
            return self._in_its_mode(page, page.url, known)
        except FetchError as error:
            return _at_error(page, error, lent=bool(known.cookies))

    def _at_all_addresses(
        self, page: Page, known: KnownState, rest: Callable[[], None]
    ) -> FetchResult:
        """Read a text that a site splits: what stands in the way of a part does of the whole."""
        parts: list[tuple[str, FetchResult]] = []
        for url in page.addresses:
            if parts:
                rest()
            try:
                seen = self._in_its_mode(
                    page, url, KnownState(words=known.words, cookies=known.cookies)
                )
            except FetchError as error:
                failed = _at_error(page, error, lent=bool(known.cookies))
                # One address alone is nothing to compare the page with, nor to release.
                return replace(failed, detail=f"{url}: {failed.detail}", page=None, extracted=None)
            parts.append((url, seen))
        return _as_one(page, parts, known)

    def _in_its_mode(self, page: Page, url: str, known: KnownState) -> FetchResult:
        """Where a browser is wanted and none is there, plain HTTP has to do; the visit says so."""
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
        seen = _judged(page, fetched, extracted, known)
        if without_browser:
            told = f"read by plain HTTP, for {without_browser}"
            seen = replace(seen, detail=f"{seen.detail}; {told}" if seen.detail else told)
        return seen

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


def _judged(
    page: Page, fetched: FetchedPage, extracted: ExtractedDocument, known: KnownState
) -> FetchResult:
    verdict = judge(
        fetched,
        extracted,
        expected_language=page.language,
        previous_length=known.length,
        previously_missed=known.missed,
        said_before=known.words,
        wants_account=bool(known.cookies),
    )
    return FetchResult(
        verdict.outcome, verdict.reason, fetched, extracted, fetched.status, transient=True
    )


def _as_one(page: Page, parts: Sequence[tuple[str, FetchResult]], known: KnownState) -> FetchResult:
    """Return several addresses as one capture, its bytes a bundle, its text one Document."""
    received = [(part.page, part.extracted) for _, part in parts if part.page and part.extracted]
    pages, documents = zip(*received, strict=True)
    first = pages[0]
    body, content_type = bundle([Part(one.final_url, one.content_type, one.body) for one in pages])
    whole = replace(
        first,
        headers={**first.headers, "content-type": content_type},
        body=body,
        elapsed_ms=sum(one.elapsed_ms for one in pages),
        rendered=any(one.rendered for one in pages),
    )
    text = combine(documents)
    for url, part in parts:
        if part.outcome != Outcome.READ:
            return replace(part, detail=f"{url}: {part.detail}", page=whole, extracted=text)
    seen = _judged(page, first, text, known)
    told = dict.fromkeys(
        detail for detail in (seen.detail, *(p.detail for _, p in parts)) if detail
    )
    return replace(seen, detail="; ".join(told), page=whole)


def _at_error(page: Page, error: FetchError, *, lent: bool) -> FetchResult:
    """An error that brought bytes worth keeping (a wall) is read for the quarantine."""
    verdict = as_verdict(error.outcome, error.detail, lent=lent)
    received = error.page if verdict.outcome in QUARANTINED else None
    extracted = None
    if received:
        try:
            extracted = _read(page, received)
        except FetchError:
            received = None  # a wall that takes too much to read is kept nowhere
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
