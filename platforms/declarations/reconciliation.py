"""Loads declarations from files into the database, and keeps edits made at the desk.

Three digests decide what happens to a record: that of its declaration in the file, that of the
present record, and that of the declaration it was loaded from (Declared.declared_digest).
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
    AgeAtSchoolDeclaration,
    AgeInPlacesDeclaration,
    ContactDeclaration,
    Declaration,
    MinAgeDeclaration,
    OperatorBeforeDeclaration,
    OwnerDeclaration,
    PageDeclaration,
    PauseDeclaration,
    PlanDeclaration,
    PlansDeclaration,
    PlatformDeclaration,
    SameAsDeclaration,
)
from platforms.models import Declared, Page, Platform, create_all
from platforms.vocabulary import Access, Category, FetchMode, Origin, PageKind

Row = TypeVar("Row", bound=Declared)
DeclarationT = TypeVar("DeclarationT", bound=Declaration)
Key = TypeVar("Key")
Take = Literal["file", "database"]


@dataclass(frozen=True, slots=True)
class Stored(Generic[Row, DeclarationT]):
    """A record, and a declaration with the same values."""

    row: Row
    declaration: DeclarationT


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record that was edited at the desk and differs from its file.

    file_changed: the file was changed as well since the record was loaded.
    """

    kind: str
    name: str
    file_changed: bool
    differences: tuple[tuple[str, Any, Any], ...]  # key, in the database, in the file


@dataclass(slots=True)
class Report:
    """The results of a load, counted by kind of record."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    renamed: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def touched(self) -> int:
        """The number of records that were created or changed."""
        return self.created.total() + self.changed.total()


#: Columns whose values are those of the declaration.
_SAME_IN_PLATFORM = (
    *("name", "operator", "category", "homepage"),
    *("summary", "note", "listed", "second_review"),
)
_SAME_IN_PAGE = (
    *("kind", "title", "language", "fetch_mode", "access"),
    *("note", "robots_override_reason"),
)
#: Columns of JSON: tuples in the declaration, lists in the database.
_LISTS_IN_PAGE = ("further_urls", "places", "except_places", "some_of", "select", "remove")


def digest(declaration: Declaration, *, leave_out: Iterable[str] = ()) -> str:
    """Return the SHA-256 of a declaration's values; those with their defaults do not count."""
    data = {key: value for key, value in declaration.as_data().items() if key not in leave_out}
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def reconcile(
    kind: str,
    declared: Mapping[Key, DeclarationT],
    stored: Mapping[Key, Stored[Row, DeclarationT]],
    fill: Callable[[Key, DeclarationT, Row | None], Row],
    *,
    report: Report,
    write_parts: Callable[[Row, DeclarationT, bool], None] | None = None,
    take: Take | None = None,
    name: Callable[[Key], str] = str,
    leave_out: Iterable[str] = (),
    kept: set[Key] | None = None,
) -> dict[Key, Row]:
    """Load the declarations of one kind from the files, and return their records by key.

    fill: gives a row, or a new one, the values of a declaration. It is saved here.
    write_parts: writes what belongs to a saved row; the last argument is whether it is new.
    leave_out: keys of a declaration that do not count as a difference.
    take: which side wins if a record was edited; without it the edit stays and is reported.
    kept: gets the keys of records whose edits stay.
    """
    rows: dict[Key, Row] = {}
    new: list[Row] = []
    written: list[tuple[Row, DeclarationT, bool]] = []
    for key, declaration in declared.items():
        record = stored.get(key)
        declared_digest = digest(declaration, leave_out=leave_out)
        if record is None:
            row = rows[key] = fill(key, declaration, None)
            row.origin, row.declared_digest = Origin.CATALOG, declared_digest
            new.append(row)
            written.append((row, declaration, True))
            report.created[kind] += 1
            continue
        row = rows[key] = record.row
        current = digest(record.declaration, leave_out=leave_out)
        if current == declared_digest:
            if (row.declared_digest, row.origin) != (declared_digest, Origin.CATALOG):
                _mark_loaded(row, declared_digest)
            report.left_alone[kind] += 1
        elif row.declared_digest == current or take == "file":
            fill(key, declaration, row)
            row.origin, row.declared_digest = Origin.CATALOG, declared_digest
            row.save()
            written.append((row, declaration, False))
            report.changed[kind] += 1
        else:
            if take == "database":
                _mark_loaded(row, declared_digest)
            else:
                report.conflicts.append(
                    _conflict(kind, name(key), record, declaration, declared_digest, leave_out)
                )
            report.kept[kind] += 1
            if kept is not None:
                kept.add(key)
    create_all(new)
    if write_parts is not None:
        for row, declaration, is_new in written:
            write_parts(row, declaration, is_new)
    report.missing += [
        f"{kind} {name(key)}"
        for key, record in stored.items()
        if key not in declared and record.row.origin == Origin.CATALOG
    ]
    return rows


def _mark_loaded(row: Declared, declared_digest: str) -> None:
    row.origin = Origin.CATALOG
    row.declared_digest = declared_digest
    row.save(update_fields=["origin", "declared_digest"])


def _conflict(
    kind: str,
    name: str,
    record: Stored[Row, DeclarationT],
    declaration: DeclarationT,
    declared_digest: str,
    leave_out: Iterable[str],
) -> Conflict:
    stored_data, file_data = record.declaration.as_data(), declaration.as_data()
    return Conflict(
        kind,
        name,
        record.row.declared_digest != declared_digest,
        tuple(
            (key, stored_data.get(key), file_data.get(key))
            for key in sorted((stored_data.keys() | file_data.keys()) - set(leave_out))
            if stored_data.get(key) != file_data.get(key)
        ),
    )


def stored_platforms(**only: Any) -> dict[str, Stored[Platform, PlatformDeclaration]]:
    """Return all platforms by slug. only: lookups that narrow them."""
    return {
        row.slug: Stored(
            row,
            PlatformDeclaration.model_construct(
                name=row.name,
                operator=row.operator,
                operators_before=tuple(
                    OperatorBeforeDeclaration.model_validate_json(json.dumps(each))
                    for each in row.operators_before
                ),
                owners=tuple(
                    OwnerDeclaration.model_validate_json(json.dumps(each)) for each in row.owners
                ),
                category=Category(row.category),
                homepage=row.homepage,
                aliases=tuple(row.aliases),
                summary=row.summary,
                note=row.note,
                listed=row.listed,
                second_review=row.second_review,
                contact=_contact(row),
                plans=_plans(row),
                parts=tuple(row.parts),
                min_age=_min_age(row),
                same_as=_same_as(row),
            ),
        )
        for row in Platform.objects.filter(**only).order_by("slug")
    }


def _contact(row: Platform) -> ContactDeclaration | None:
    if not (row.contact_email or row.contact_form or row.contact_post):
        return None
    return ContactDeclaration.model_construct(
        email=row.contact_email,
        form=row.contact_form or None,
        post=row.contact_post,
        source=row.contact_source or None,
    )


def plans_of(row: Platform) -> tuple[PlanDeclaration, ...]:
    """Return the list of plans of a stored platform."""
    return tuple(PlanDeclaration.model_validate_json(json.dumps(plan)) for plan in row.plans)


def _plans(row: Platform) -> PlansDeclaration | None:
    if not row.plans:
        return None
    return PlansDeclaration.model_construct(complete=row.plans_complete, of=plans_of(row))


def _min_age(row: Platform) -> MinAgeDeclaration | None:
    if row.min_age is None:
        return None
    return MinAgeDeclaration.model_construct(
        age=row.min_age,
        source=row.min_age_source,
        elsewhere=tuple(
            AgeInPlacesDeclaration.model_construct(age=each["age"], places=tuple(each["places"]))
            for each in row.min_age_elsewhere
        ),
        at_school=(
            AgeAtSchoolDeclaration.model_construct(**row.min_age_at_school)
            if row.min_age_at_school
            else None
        ),
    )


def _same_as(row: Platform) -> SameAsDeclaration | None:
    return SameAsDeclaration.model_validate_json(json.dumps(row.same_as)) if row.same_as else None


def is_known_by_import_alone(platform: Platform) -> bool:
    """Return whether an import created a platform, knowing only its name."""
    return not platform.listed and platform.origin == Origin.DESK


def reconcile_platforms(
    declared: Mapping[str, PlatformDeclaration], *, report: Report, take: Take | None = None
) -> dict[str, Platform]:
    """Load platforms from the files, and return them by slug.

    Former slugs are not stored with a platform; consent/declarations/former_slugs.py does that.
    """

    stored = stored_platforms()
    for record in stored.values():
        if is_known_by_import_alone(record.row):
            # Nobody wrote its values, so there is no edit to keep.
            record.row.declared_digest = digest(record.declaration)
    return reconcile(
        "platform",
        declared,
        stored,
        _fill_platform,
        report=report,
        take=take,
        leave_out=("former_slugs",),
    )


def _fill_platform(slug: str, declaration: PlatformDeclaration, row: Platform | None) -> Platform:
    row = row or Platform(slug=slug)
    for name in _SAME_IN_PLATFORM:
        setattr(row, name, getattr(declaration, name))
    row.operators_before = [each.as_data() for each in declaration.operators_before]
    row.owners = [each.as_data() for each in declaration.owners]
    row.aliases = list(declaration.aliases)
    contact = declaration.contact or ContactDeclaration()
    row.contact_email = contact.email
    row.contact_form = contact.form or ""
    row.contact_post = contact.post
    row.contact_source = contact.source or ""
    plans = declaration.plans
    row.plans = [plan.as_data() for plan in plans.of] if plans else []
    row.plans_complete = plans.complete if plans else False
    row.parts = list(declaration.parts)
    age = declaration.min_age
    row.min_age, row.min_age_source = (age.age, age.source) if age else (None, "")
    row.min_age_elsewhere = [each.as_data() for each in age.elsewhere] if age else []
    row.min_age_at_school = age.at_school.as_data() if age and age.at_school else {}
    row.same_as = declaration.same_as.as_data() if declaration.same_as else {}
    return row


PageKey = tuple[str, str]  # slug of the platform, URL


def stored_pages(**only: Any) -> dict[PageKey, Stored[Page, PageDeclaration]]:
    """Return all pages by platform and URL, in the order of the files.

    only: lookups that narrow them.
    """
    rows = Page.objects.filter(**only).select_related("platform")
    return {
        (row.platform.slug, row.url): Stored(row, _declared_page(row))
        for row in rows.order_by("platform__slug", "kind", "url")
    }


def _by_file_url(
    stored: dict[PageKey, Stored[Page, PageDeclaration]], declared: Mapping[PageKey, Any]
) -> dict[PageKey, Stored[Page, PageDeclaration]]:
    """Return pages by their URL in the files, which is a former one if a curator changed it."""
    pages = {}
    for (slug, url), record in stored.items():
        former = [old for old in record.row.former_urls if (slug, old) in declared]
        is_moved = (slug, url) not in declared and bool(former)
        pages[slug, former[-1] if is_moved else url] = record
    return pages


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
    """Load pages from the files, and return them by platform and URL.

    What workers know of a page (health, baseline, next visit) stays.
    """

    def fill(key: PageKey, declaration: PageDeclaration, row: Page | None) -> Page:
        row = row or Page(
            platform=platforms[key[0]], url=declaration.url, next_visit_at=timezone.now()
        )
        for name in _SAME_IN_PAGE:
            setattr(row, name, getattr(declaration, name))
        for name in _LISTS_IN_PAGE:
            setattr(row, name, list(getattr(declaration, name)))
        row.paused_at = declaration.paused.since if declaration.paused else None
        row.paused_reason = declaration.paused.reason if declaration.paused else ""
        return row

    return reconcile(
        "page",
        declared,
        _by_file_url(stored_pages(), declared),
        fill,
        report=report,
        take=take,
        name=lambda key: f"{key[0]}: {key[1]}",
    )
