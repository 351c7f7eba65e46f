"""Imports the history in an Open Terms Archive repository, document by document.

Idempotent, and can be resumed: each page of history remembers its last imported commit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import reset_queries, transaction
from django.utils import timezone
from django.utils.text import slugify

from platforms.archive import Archive
from platforms.extraction import Document
from platforms.fetching import reader
from platforms.fetching.judgement import judge
from platforms.fetching.page import FetchedPage
from platforms.fetching.unexpected_language import looks_foreign
from platforms.fetching.visit_errors import FetchError
from platforms.importers.history import (
    ConcurrentImport,
    ImportResult,
    first_own_visit_at,
    import_record,
    last_mark,
    lock_history,
    next_time,
    save_progress,
    skip_record,
    start_history,
)
from platforms.importers.repositories import Commit, Repository, Texts, VersionedDocument
from platforms.models import Page, Platform
from platforms.snapshots.snapshot_record import Received
from platforms.vocabulary import CaptureSource, Category, PageKind

ARCHIVE_NAME = "Open Terms Archive"

#: Limits of a batch, which is one transaction. Chosen: on SQLite all other writers wait for it.
BATCH_SECONDS = 1.0
BATCH_COMMITS = 200

_MARKDOWN = "text/markdown"
#: Types of documents of which a platform has at most one page, and the kind of that page.
_MAIN_TYPES = {"Privacy Policy": PageKind.PRIVACY_POLICY, "Terms of Service": PageKind.TERMS}
_PRIVACY_WORDS = ("privacy", "data", "tracker", "cookie", "consent")
_UNKNOWN = "Not known"
_SAMPLE = 5  # texts from which the language of a document is found; chosen


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """The commits of one document that are to be imported, in time order.

    after_own_visits: number of commits left out because we visited the page ourselves by then.
    """

    document: VersionedDocument
    platform: Platform | None
    page: Page | None
    commits: Sequence[Commit]
    after_own_visits: int


@dataclass(slots=True)
class Summary:
    """The results of an import; those of commits are counted in `results`."""

    results: Counter[ImportResult] = field(default_factory=Counter)
    documents: int = 0
    after_own_visits: int = 0

    @property
    def commits(self) -> int:
        return self.results.total()


def plan_import(
    repository: Repository, *, services: Iterable[str] = (), since: dt.datetime | None = None
) -> list[DocumentPlan]:
    """Return what is to be imported, by document. Reads no text, writes nothing.

    services: names to import, ignoring case; all if empty. since: older commits are left out,
    except for the last one, with which the first one is compared. Raises RepositoryError.
    """
    wanted = {name.casefold() for name in services}
    platforms = _platforms_by_name()
    return [
        _plan_document(repository, document, platforms, since)
        for document in repository.documents()
        if not wanted or wanted & {name.casefold() for name in document.services}
    ]


def import_all(
    repository: Repository,
    plans: Iterable[DocumentPlan],
    *,
    archive: Archive,
    most_bytes: int,
    progress: Callable[[], object] = lambda: None,
) -> Summary:
    """Import what was planned. progress: called after each commit.

    most_bytes: longer texts are skipped. Raises RepositoryError, ConcurrentImport.
    """
    summary = Summary()
    with Texts(repository, most_bytes=most_bytes) as texts:
        for plan in plans:
            summary.after_own_visits += plan.after_own_visits
            if not plan.commits:
                continue
            summary.documents += 1
            for result in _DocumentImport(repository, texts, archive, plan).run():
                summary.results[result] += 1
                progress()
    return summary


def kind_of(document_type: str) -> PageKind:
    """Return the kind of page of a document type: privacy-policy or terms."""
    words = document_type.casefold()
    if any(word in words for word in _PRIVACY_WORDS):
        return PageKind.PRIVACY_POLICY
    return PageKind.TERMS


# What is to be imported


def _plan_document(
    repository: Repository,
    document: VersionedDocument,
    platforms: dict[str, Platform],
    since: dt.datetime | None,
) -> DocumentPlan:
    page = _page_of(repository, document)
    platform = page.platform if page else _platform_of(document.service, platforms)
    commits = _since(document.commits, since)
    if page is not None:
        commits = _new_commits(commits, page)
    planned = _before_own_visits(commits, document, platform)
    return DocumentPlan(document, platform, page, planned, len(commits) - len(planned))


def _page_of(repository: Repository, document: VersionedDocument) -> Page | None:
    """Return the page of history of a document, by its present path or a former one."""
    urls = [repository.file_url(path) for path in document.paths]
    return Page.objects.select_related("platform").filter(url__in=urls).order_by("pk").first()


def _since(commits: Sequence[Commit], since: dt.datetime | None) -> Sequence[Commit]:
    if since is None:
        return commits
    first = next((at for at, commit in enumerate(commits) if commit.seen_at >= since), None)
    return () if first is None else commits[max(0, first - 1) :]


def _new_commits(commits: Sequence[Commit], page: Page) -> Sequence[Commit]:
    mark = last_mark(page)
    last = next((at for at, commit in enumerate(commits) if commit.name == mark), None)
    if last is not None:
        return commits[last + 1 :]
    last_at = page.last_looked_at
    if last_at is None:
        return commits
    # The archive has rewritten its history, so all commits have new names.
    return [commit for commit in commits if commit.seen_at > last_at]


def _before_own_visits(
    commits: Sequence[Commit], document: VersionedDocument, platform: Platform | None
) -> Sequence[Commit]:
    """Leave out commits after our own first visit, if it is clear which page this is."""
    kind = _MAIN_TYPES.get(document.type)
    if platform is None or kind is None:
        return commits
    began_at = first_own_visit_at(list(platform.pages.filter(kind=kind)))
    if began_at is None:
        return commits
    return [commit for commit in commits if commit.seen_at < began_at]


# Which platform a page belongs to


def _platforms_by_name() -> dict[str, Platform]:
    """Return platforms by case-folded name, slug and alias; on a clash the first of these wins."""
    platforms = list(Platform.objects.order_by("pk"))
    names: list[tuple[str, Platform]] = [
        *((platform.name, platform) for platform in platforms),
        *((platform.slug, platform) for platform in platforms),
        *((str(alias), platform) for platform in platforms for alias in platform.aliases),
    ]
    by_name: dict[str, Platform] = {}
    for name, platform in names:
        by_name.setdefault(name.casefold(), platform)
    return by_name


def _platform_of(service: str, platforms: dict[str, Platform]) -> Platform | None:
    return platforms.get(service.casefold()) or platforms.get(_slug_of(service))


def _new_platform(repository: Repository, service: str) -> Platform:
    """Return the platform of a service; create it, unlisted, if there is none."""
    platform, _ = Platform.objects.get_or_create(
        slug=_slug_of(service),
        defaults={
            "name": service[:80],
            "operator": _UNKNOWN,
            "listed": False,
            "category": Category.SOCIAL,
            "homepage": repository.folder_url(service),
            "note": (
                f"Made by an import from {ARCHIVE_NAME}, which names the service and no more: "
                "operator, category and homepage are still to be filled in."
            ),
        },
    )
    return platform


def _slug_of(service: str) -> str:
    slug = slugify(service.replace("_", "-"))[:60].strip("-")
    # Nothing is left of names in other scripts.
    return slug or f"service-{hashlib.sha256(service.encode()).hexdigest()[:12]}"


class _DocumentImport:
    """Imports one document, in short transactions."""

    def __init__(
        self, repository: Repository, texts: Texts, archive: Archive, plan: DocumentPlan
    ) -> None:
        self.repository = repository
        self.texts = texts
        self.archive = archive
        self.plan = plan

    def run(self) -> Iterator[ImportResult]:
        """Import the commits in order; yield the results of each transaction after it."""
        commits = iter(self.plan.commits)
        commit = next(commits, None)
        page_id = self.plan.page.pk if self.plan.page else None
        mark = last_mark(self.plan.page) if self.plan.page else ""
        while commit is not None:
            results: list[ImportResult] = []
            ends_at = time.monotonic() + BATCH_SECONDS
            with transaction.atomic():
                page = lock_history(page_id or self._new_page().pk, mark=mark)
                page_id = page.pk
                while commit is not None and len(results) < BATCH_COMMITS:
                    results.append(self._import_commit(page, commit))
                    commit = next(commits, None)
                    if time.monotonic() > ends_at:
                        break
                self._rename(page)
                save_progress(page)
                mark = last_mark(page)
            # With DEBUG on, Django keeps all queries with their texts in memory.
            reset_queries()
            yield from results

    def _new_page(self) -> Page:
        document = self.plan.document
        platform = self.plan.platform or _new_platform(self.repository, document.service)
        if platform.pages.filter(url=self._url()).exists():
            raise ConcurrentImport(f"another import of {self._url()} has begun")
        page = Page(
            platform=platform,
            url=self._url(),
            kind=kind_of(document.type),
            title=self._title(),
            language=self._language(),
        )
        start_history(page, archive_name=ARCHIVE_NAME, now=timezone.now())
        return page

    def _rename(self, page: Page) -> None:
        """Update URL and title of the page if the document was renamed."""
        if page.url != self._url():
            page.url, page.title = self._url(), self._title()
            page.save(update_fields=["url", "title"])

    def _url(self) -> str:
        return self.repository.file_url(self.plan.document.paths[-1])

    def _title(self) -> str:
        return f"{self.plan.document.type[:180]} ({ARCHIVE_NAME})"

    def _language(self) -> str:
        """Return the language of most texts of a sample, for judging all texts.

        One text is not enough: the first may be an error page.
        """
        commits = self.plan.commits
        sample = commits[:: max(1, len(commits) // _SAMPLE)][:_SAMPLE]
        texts = []
        for commit in sample:
            with suppress(FetchError):
                texts.append(_read(self.texts.of(commit) or b"").text)
        languages = Counter(looks_foreign(text, "en") or "en" for text in texts or [""])
        return languages.most_common(1)[0][0]

    def _import_commit(self, page: Page, commit: Commit) -> ImportResult:
        body = self.texts.of(commit)
        if body is None:
            return skip_record(page, mark=commit.name)
        try:
            extracted = _read(body)
        except FetchError:
            return skip_record(page, mark=commit.name)
        url = self.repository.text_url(commit)
        capture = Received(
            body=b"",
            extracted=extracted,
            seen_at=next_time(page, commit.seen_at),
            final_url=url,
            content_type=_MARKDOWN,
            source=CaptureSource.OPEN_TERMS_ARCHIVE,
            evidence_url=self.repository.commit_url(commit),
        )
        # Without the length of the text before: a text much shorter than that is no failure here,
        # as the archive has accepted it. Otherwise, once a page was cut in half, none of its
        # later versions would be imported.
        verdict = judge(
            FetchedPage(url, url, 200, {"content-type": _MARKDOWN}, body),
            extracted,
            expected_language=page.language,
        )
        return import_record(
            page,
            capture,
            mark=commit.name,
            verdict=verdict,
            archive=self.archive,
            re_extraction=not commit.recording,
        )


def _read(body: bytes) -> Document:
    """Read a text like a page that is visited, so that digests can be compared.

    Raises FetchError (TOO_COSTLY): a repository is written by strangers too.
    """
    return reader.read(body, url="", content_type=_MARKDOWN)
