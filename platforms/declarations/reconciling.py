"""Files and database side by side: what nobody edited follows the files, edits stay.

Three digests decide about a record: of the declaration in the file now, of the record as it now
stands, and of the declaration it was loaded with (Declared.declared_digest).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from django.utils import timezone

from platforms.declarations.schema import (
    ContactDeclaration,
    Declaration,
    PageDeclaration,
    PauseDeclaration,
    PlatformDeclaration,
)
from platforms.models import Declared, Page, Platform
from platforms.vocabulary import Access, Category, FetchMode, Origin, PageKind

Row = TypeVar("Row", bound=Declared)
Said = TypeVar("Said", bound=Declaration)
Key = TypeVar("Key")
Take = Literal["file", "database"]


@dataclass(frozen=True, slots=True)
class Stored(Generic[Row, Said]):
    """A record, and the declaration that would load to it."""

    row: Row
    declaration: Said


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record edited here that the file says otherwise, with both values of each difference.

    file_changed: the file, too, was changed since the record was loaded.
    """

    kind: str
    name: str
    file_changed: bool
    differences: tuple[tuple[str, Any, Any], ...]  # key, in the database, in the file


@dataclass(slots=True)
class Report:
    """What a load did, per kind of record."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    renamed: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def touched(self) -> int:
        """How many records were created or changed."""
        return self.created.total() + self.changed.total()


#: In place of a digest: a migration converted the record from an older format, and nobody had
#: edited it. `settle` adds what it says since then, so that a later edit shows.
CONVERTED = "converted"


def digest(declaration: Declaration, *, leave_out: Iterable[str] = ()) -> str:
    """Return the SHA-256 of what a declaration says; defaults do not count."""
    said = {key: value for key, value in declaration.as_data().items() if key not in leave_out}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def is_converted(row: Declared) -> bool:
    """Whether a migration made a record by rule, and no load has taken a file for it since."""
    return row.declared_digest.startswith(CONVERTED)


def is_unedited(row: Declared, standing: str) -> bool:
    """Whether nobody edited a record since it was loaded. standing: digest of what it says now."""
    return row.declared_digest in (standing, CONVERTED, _settled(standing))


def settle(stored: Iterable[Stored[Any, Any]], *, leave_out: Iterable[str] = ()) -> None:
    """Note what converted records say, for the next load to tell whether somebody edited them."""
    for one in stored:
        if one.row.declared_digest == CONVERTED:
            one.row.declared_digest = _settled(digest(one.declaration, leave_out=leave_out))
            one.row.save(update_fields=["declared_digest"])


def _settled(standing: str) -> str:
    return f"{CONVERTED} {standing}"[:64]


def reconcile(
    kind: str,
    declared: Mapping[Key, Said],
    stored: Mapping[Key, Stored[Row, Said]],
    write: Callable[[Key, Said, Row | None], Row],
    *,
    report: Report,
    take: Take | None = None,
    name: Callable[[Key], str] = str,
    leave_out: Iterable[str] = (),
    leftovers: list[Row] | None = None,
    kept: set[Key] | None = None,
) -> dict[Key, Row]:
    """Bring records of one kind to what the files say, and return them by key.

    write: makes or changes a row so that it says what is declared, without saving its origin.
    leave_out: keys of a declaration that do not count as a difference.
    take: which side wins where a record was edited here; without it the edit stays and is listed.
    leftovers: gets the records that a migration converted, nobody edited and no file takes up.
    kept: gets the keys of records whose edits stay.
    """
    rows: dict[Key, Row] = {}
    for key, said in declared.items():
        at_hand = stored.get(key)
        wanted = digest(said, leave_out=leave_out)
        if at_hand is None:
            rows[key] = _remember(write(key, said, None), wanted)
            report.created[kind] += 1
            continue
        row = at_hand.row
        rows[key] = row
        standing = digest(at_hand.declaration, leave_out=leave_out)
        if standing == wanted:
            if (row.declared_digest, row.origin) != (wanted, Origin.CATALOG):
                _remember(row, wanted)
            report.left_alone[kind] += 1
        elif is_unedited(row, standing) or take == "file":
            rows[key] = _remember(write(key, said, row), wanted)
            report.changed[kind] += 1
        else:
            if take == "database":
                _remember(row, wanted)
            else:
                file_changed = row.declared_digest != wanted
                report.conflicts.append(
                    _conflict(kind, name(key), at_hand, said, file_changed, leave_out)
                )
            report.kept[kind] += 1
            if kept is not None:
                kept.add(key)
    for key, at_hand in stored.items():
        row = at_hand.row
        if key in declared or row.origin != Origin.CATALOG:
            continue
        standing = digest(at_hand.declaration, leave_out=leave_out)
        if leftovers is not None and is_converted(row) and is_unedited(row, standing):
            leftovers.append(row)
        else:
            report.missing.append(f"{kind} {name(key)}")
    return rows


def _remember(row: Row, wanted: str) -> Row:
    row.origin = Origin.CATALOG
    row.declared_digest = wanted
    row.save(update_fields=["origin", "declared_digest"])
    return row


def _conflict(
    kind: str,
    name: str,
    at_hand: Stored[Row, Said],
    said: Said,
    file_changed: bool,
    leave_out: Iterable[str],
) -> Conflict:
    here, there = at_hand.declaration.as_data(), said.as_data()
    return Conflict(
        kind,
        name,
        file_changed,
        tuple(
            (key, here.get(key), there.get(key))
            for key in sorted((here.keys() | there.keys()) - set(leave_out))
            if here.get(key) != there.get(key)
        ),
    )


def stored_platforms() -> dict[str, Stored[Platform, PlatformDeclaration]]:
    """Return every platform by slug."""
    return {
        row.slug: Stored(
            row,
            PlatformDeclaration.model_construct(
                name=row.name,
                operator=row.operator,
                category=Category(row.category),
                homepage=row.homepage,
                aliases=tuple(row.aliases),
                summary=row.summary,
                note=row.note,
                listed=row.listed,
                second_review=row.second_review,
                contact=_contact(row),
            ),
        )
        for row in Platform.objects.order_by("slug")
    }


def _contact(row: Platform) -> ContactDeclaration | None:
    if not (row.contact_email or row.contact_form or row.contact_post):
        return None
    return ContactDeclaration.model_construct(
        email=row.contact_email, form=row.contact_form or None, post=row.contact_post
    )


def is_known_by_import_alone(platform: Platform) -> bool:
    """Whether a platform was made by an import that knew its name and no more."""
    return not platform.listed and platform.origin == Origin.DESK


def reconcile_platforms(
    declared: Mapping[str, PlatformDeclaration], *, report: Report, take: Take | None = None
) -> dict[str, Platform]:
    """Bring platforms to what the files say, and return them by slug.

    What they were called before is no part of a platform: whoever keeps addresses keeps that.
    """

    def write(slug: str, said: PlatformDeclaration, row: Platform | None) -> Platform:
        row = row or Platform(slug=slug)
        row.name = said.name
        row.operator = said.operator
        row.category = said.category
        row.homepage = said.homepage
        row.aliases = list(said.aliases)
        row.summary = said.summary
        row.note = said.note
        row.second_review = said.second_review
        contact = said.contact or ContactDeclaration()
        row.contact_email = contact.email
        row.contact_form = contact.form or ""
        row.contact_post = contact.post
        row.listed = said.listed
        row.save()
        return row

    stored = stored_platforms()
    for at_hand in stored.values():
        if is_known_by_import_alone(at_hand.row):
            # Nobody wrote what it says, so there is no edit to keep.
            at_hand.row.declared_digest = digest(at_hand.declaration)
    return reconcile(
        "platform",
        declared,
        stored,
        write,
        report=report,
        take=take,
        leave_out=("former_slugs",),
    )


PageKey = tuple[str, str]  # slug of the platform, URL


def stored_pages() -> dict[PageKey, Stored[Page, PageDeclaration]]:
    """Return every page by platform and URL, in the order in which files list them."""
    return {
        (row.platform.slug, row.url): Stored(row, _declared_page(row))
        for row in Page.objects.select_related("platform").order_by("platform__slug", "kind", "url")
    }


def _as_files_name_them(
    stored: dict[PageKey, Stored[Page, PageDeclaration]], declared: Mapping[PageKey, Any]
) -> dict[PageKey, Stored[Page, PageDeclaration]]:
    """Pages by the address that files know them by: one that was moved here may have an old one."""
    named = {}
    for (slug, url), at_hand in stored.items():
        former = [old for old in at_hand.row.former_urls if (slug, old) in declared]
        moved = (slug, url) not in declared and bool(former)
        named[slug, former[-1] if moved else url] = at_hand
    return named


def _declared_page(row: Page) -> PageDeclaration:
    paused = None
    if row.paused_at is not None:
        paused = PauseDeclaration.model_construct(since=row.paused_at, reason=row.paused_reason)
    return PageDeclaration.model_construct(
        url=row.url,
        further_urls=tuple(row.further_urls),
        kind=PageKind(row.kind),
        title=row.title,
        language=row.language,
        places=tuple(row.places),
        except_places=tuple(row.except_places),
        some_of=tuple(row.some_of),
        select=tuple(row.select),
        remove=tuple(row.remove),
        fetch_mode=FetchMode(row.fetch_mode),
        access=Access(row.access),
        note=row.note,
        robots_override_reason=row.robots_override_reason,
        paused=paused,
    )


def reconcile_pages(
    declared: Mapping[PageKey, PageDeclaration],
    platforms: Mapping[str, Platform],
    *,
    report: Report,
    take: Take | None = None,
) -> dict[PageKey, Page]:
    """Bring pages to what the files say, and return them by platform and URL.

    What workers know of a page (health, baseline, next visit) is theirs and stays.
    """

    def write(key: PageKey, said: PageDeclaration, row: Page | None) -> Page:
        row = row or Page(platform=platforms[key[0]], url=said.url, next_visit_at=timezone.now())
        row.further_urls = list(said.further_urls)
        row.kind = said.kind
        row.title = said.title
        row.language = said.language
        row.places = list(said.places)
        row.except_places = list(said.except_places)
        row.some_of = list(said.some_of)
        row.select = list(said.select)
        row.remove = list(said.remove)
        row.fetch_mode = said.fetch_mode
        row.access = said.access
        row.note = said.note
        row.robots_override_reason = said.robots_override_reason
        row.paused_at = said.paused.since if said.paused else None
        row.paused_reason = said.paused.reason if said.paused else ""
        row.save()
        return row

    return reconcile(
        "page",
        declared,
        _as_files_name_them(stored_pages(), declared),
        write,
        report=report,
        take=take,
        name=lambda key: f"{key[0]}: {key[1]}",
    )
