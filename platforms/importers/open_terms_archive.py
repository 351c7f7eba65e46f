"""Tell the history that an Open Terms Archive repository recorded, document by document.

Idempotent and resumable: each page of history names the last commit that was told of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import reset_queries, transaction
from django.utils import timezone
from django.utils.text import slugify

from platforms.archive import Archive
from platforms.extraction import Document, extract
from platforms.fetching.judging import judge
from platforms.fetching.languages import looks_foreign
from platforms.fetching.page import FetchedPage
from platforms.importers.history import (
    Told,
    ToldElsewhere,
    begin,
    done_up_to,
    lock,
    next_moment,
    note_progress,
    own_reading_began_at,
    pass_over,
    tell,
)
from platforms.importers.repositories import Commit, Repository, Texts, VersionedDocument
from platforms.models import Page, Platform
from platforms.snapshots.recording import Received
from platforms.vocabulary import CaptureSource, Category, PageKind

ARCHIVE_NAME = "Open Terms Archive"

#: A batch is one transaction. On SQLite it keeps all other writers waiting, so it is short.
BATCH_SECONDS = 1.0
BATCH_COMMITS = 200

_MARKDOWN = "text/markdown"
#: Types of which a platform has one page at most, and the kind of page that we read of it.
_MAIN_TYPES = {"Privacy Policy": PageKind.PRIVACY_POLICY, "Terms of Service": PageKind.TERMS}
_PRIVACY_WORDS = ("privacy", "data", "tracker", "cookie", "consent")
_UNKNOWN = "Not known"
_SAMPLE = 5  # texts that tell the language of a document


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be told of one document: the commits not told yet, in time order."""

    document: VersionedDocument
    platform: Platform | None
    page: Page | None
    commits: Sequence[Commit]
    left_to_own_reading: int


@dataclass(slots=True)
class Summary:
    """What an import did. told counts commits by what each came to."""

    told: Counter[Told] = field(default_factory=Counter)
    documents: int = 0
    left_to_own_reading: int = 0

    @property
    def commits(self) -> int:
        return self.told.total()


def plan(
    repository: Repository, *, services: Iterable[str] = (), since: dt.datetime | None = None
) -> list[Part]:
    """Return what is to be told, by document. Reads no text, writes nothing.

    services: names to take, in any case; all if empty. since: older commits are left out, but
    for the last one before it, with which the first one after it is compared.
    Raises RepositoryError.
    """
    wanted = {name.casefold() for name in services}
    platforms = _platforms_by_name()
    return [
        _part(repository, document, platforms, since)
        for document in repository.documents()
        if not wanted or wanted & {name.casefold() for name in document.services}
    ]


def tell_all(
    repository: Repository,
    parts: Iterable[Part],
    *,
    archive: Archive,
    most_bytes: int,
    progress: Callable[[], object] = lambda: None,
) -> Summary:
    """Tell what was planned, and return what came of it. progress: called after each commit.

    most_bytes: a text above it is passed over. Raises RepositoryError.
    """
    summary = Summary()
    with Texts(repository, most_bytes=most_bytes) as texts:
        for part in parts:
            summary.left_to_own_reading += part.left_to_own_reading
            if not part.commits:
                continue
            summary.documents += 1
            telling = _Telling(repository, texts, archive, part)
            for told in telling.run():
                summary.told[told] += 1
                progress()
    return summary


def kind_of(document_type: str) -> PageKind:
    """Return the kind of page of a document type: privacy-policy or terms."""
    words = document_type.casefold()
    if any(word in words for word in _PRIVACY_WORDS):
        return PageKind.PRIVACY_POLICY
    return PageKind.TERMS


# What is to be told


def _part(
    repository: Repository,
    document: VersionedDocument,
    platforms: dict[str, Platform],
    since: dt.datetime | None,
) -> Part:
    page = _page_of(repository, document)
    platform = page.platform if page else _platform_of(document.service, platforms)
    commits = _from(document.commits, since)
    if page is not None:
        commits = _not_told(commits, page)
    taken = _before_own_reading(commits, document, platform)
    return Part(document, platform, page, taken, len(commits) - len(taken))


def _page_of(repository: Repository, document: VersionedDocument) -> Page | None:
    """Return the page of a document's history, by the present path or a former one."""
    urls = [repository.file_url(path) for path in document.paths]
    return Page.objects.select_related("platform").filter(url__in=urls).order_by("pk").first()


def _from(commits: Sequence[Commit], since: dt.datetime | None) -> Sequence[Commit]:
    if since is None:
        return commits
    first = next((at for at, commit in enumerate(commits) if commit.seen_at >= since), None)
    return () if first is None else commits[max(0, first - 1) :]


def _not_told(commits: Sequence[Commit], page: Page) -> Sequence[Commit]:
    mark = done_up_to(page)
    last = next((at for at, commit in enumerate(commits) if commit.name == mark), None)
    if last is not None:
        return commits[last + 1 :]
    told_at = page.last_looked_at
    if told_at is None:
        return commits
    # The archive has rewritten its history, which changes the name of every commit.
    return [commit for commit in commits if commit.seen_at > told_at]


def _before_own_reading(
    commits: Sequence[Commit], document: VersionedDocument, platform: Platform | None
) -> Sequence[Commit]:
    """Leave out what we have read ourselves, where it is clear which page that is."""
    kind = _MAIN_TYPES.get(document.type)
    if platform is None or kind is None:
        return commits
    began_at = own_reading_began_at(list(platform.pages.filter(kind=kind)))
    if began_at is None:
        return commits
    return [commit for commit in commits if commit.seen_at < began_at]


# Whose page it is


def _platforms_by_name() -> dict[str, Platform]:
    """Return platforms by folded name, slug and alias, where names clash in this order."""
    platforms = list(Platform.objects.order_by("pk"))
    claims: list[tuple[str, Platform]] = [
        *((platform.name, platform) for platform in platforms),
        *((platform.slug, platform) for platform in platforms),
        *((str(alias), platform) for platform in platforms for alias in platform.aliases),
    ]
    found: dict[str, Platform] = {}
    for name, platform in claims:
        found.setdefault(name.casefold(), platform)
    return found


def _platform_of(service: str, platforms: dict[str, Platform]) -> Platform | None:
    return platforms.get(service.casefold()) or platforms.get(_slug_of(service))


def _new_platform(repository: Repository, service: str) -> Platform:
    """Make a platform of a service that nobody has described yet; one that is there stays."""
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
    # Names in other scripts leave nothing of themselves in a slug.
    return slug or f"service-{hashlib.sha256(service.encode()).hexdigest()[:12]}"


class _Telling:
    """The telling of one document: which page, which text, when to commit."""

    def __init__(self, repository: Repository, texts: Texts, archive: Archive, part: Part) -> None:
        self.repository = repository
        self.texts = texts
        self.archive = archive
        self.part = part

    def run(self) -> Iterator[Told]:
        """Tell commit after commit, in short transactions; yield what was committed."""
        commits = iter(self.part.commits)
        commit = next(commits, None)
        page_id = self.part.page.pk if self.part.page else None
        mark = done_up_to(self.part.page) if self.part.page else ""
        while commit is not None:
            committed: list[Told] = []
            ends_at = time.monotonic() + BATCH_SECONDS
            with transaction.atomic():
                page = lock(page_id or self._new_page().pk, mark=mark)
                page_id = page.pk
                while commit is not None and len(committed) < BATCH_COMMITS:
                    committed.append(self._tell(page, commit))
                    commit = next(commits, None)
                    if time.monotonic() > ends_at:
                        break
                self._keep_name(page)
                note_progress(page)
                mark = done_up_to(page)
            # With DEBUG on, Django remembers every query with the texts in it.
            reset_queries()
            yield from committed

    def _new_page(self) -> Page:
        document = self.part.document
        platform = self.part.platform or _new_platform(self.repository, document.service)
        if platform.pages.filter(url=self._url()).exists():
            raise ToldElsewhere(f"another import has begun to tell {self._url()}")
        page = Page(
            platform=platform,
            url=self._url(),
            kind=kind_of(document.type),
            title=self._title(),
            language=self._language(),
        )
        begin(page, archive_name=ARCHIVE_NAME, now=timezone.now())
        return page

    def _keep_name(self, page: Page) -> None:
        """Let the page of a document that was renamed follow it."""
        if page.url != self._url():
            page.url, page.title = self._url(), self._title()
            page.save(update_fields=["url", "title"])

    def _url(self) -> str:
        return self.repository.file_url(self.part.document.paths[-1])

    def _title(self) -> str:
        return f"{self.part.document.type[:180]} ({ARCHIVE_NAME})"

    def _language(self) -> str:
        """Return the language of most of some texts, for the judge of them all.

        One text would not do: the first may be an error page.
        """
        commits = self.part.commits
        sample = commits[:: max(1, len(commits) // _SAMPLE)][:_SAMPLE]
        texts = [_read(self.texts.of(commit) or b"").text for commit in sample]
        languages = Counter(looks_foreign(text, "en") or "en" for text in texts)
        return languages.most_common(1)[0][0]

    def _tell(self, page: Page, commit: Commit) -> Told:
        body = self.texts.of(commit)
        if body is None:
            return pass_over(page, mark=commit.name)
        extracted = _read(body)
        url = self.repository.text_url(commit)
        capture = Received(
            body=b"",
            extracted=extracted,
            seen_at=next_moment(page, commit.seen_at),
            final_url=url,
            content_type=_MARKDOWN,
            source=CaptureSource.OPEN_TERMS_ARCHIVE,
            evidence_url=self.repository.commit_url(commit),
        )
        # Without the length of the text before it: what the archive itself took for a version
        # stays one, however short, or a page cut in half would never be read again.
        verdict = judge(
            FetchedPage(url, url, 200, {"content-type": _MARKDOWN}, body),
            extracted,
            expected_language=page.language,
        )
        return tell(
            page,
            capture,
            mark=commit.name,
            verdict=verdict,
            archive=self.archive,
            re_extraction=not commit.recording,
        )


def _read(body: bytes) -> Document:
    """Read a text as a live page is read, so that digests mean the same."""
    return extract(body, url="", content_type=_MARKDOWN)
