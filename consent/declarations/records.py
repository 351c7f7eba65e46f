"""Records → the declarations that would load to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import zip_longest

from consent.declarations.dates import PartialDate
from consent.declarations.schema import (
    EntryDeclaration,
    GuideDeclaration,
    OpenTermsArchiveRecord,
    ReferenceDeclaration,
    SettingDeclaration,
    SourceDeclaration,
    StateDeclaration,
    StepDeclaration,
    SurfaceDeclaration,
)
from consent.models import Entry, Guide, Reference, Setting, Source, State
from consent.vocabulary import (
    Basis,
    Confidence,
    DataKind,
    Direction,
    Effect,
    PublicationStatus,
    Reach,
    ReferenceKind,
    Route,
    StateValue,
    Surface,
)
from platforms.declarations import Stored

# Declarations are made here without validation: unfinished records must be comparable too. What is
# exported is validated when it is read back.


def stored_references() -> dict[str, Stored[Reference, ReferenceDeclaration]]:
    """Return every reference by slug."""
    return {
        row.slug: Stored(
            row,
            ReferenceDeclaration.model_construct(
                slug=row.slug,
                name=row.name,
                kind=ReferenceKind(row.kind),
                country=row.country,
                url=row.url,
            ),
        )
        for row in Reference.objects.order_by("slug")
    }


def stored_settings() -> dict[str, Stored[Setting, SettingDeclaration]]:
    """Return every setting by platform/slug, with its states."""
    rows = (
        Setting.objects.select_related("platform")
        .prefetch_related("states__opened_by", "states__closed_by", "pages")
        .order_by("platform__slug", "slug")
    )
    return {f"{row.platform.slug}/{row.slug}": Stored(row, _setting(row)) for row in rows}


def stored_entries() -> dict[str, Stored[Entry, EntryDeclaration]]:
    """Return every entry by key, oldest first within a platform's file."""
    rows = Entry.objects.prefetch_related(
        "platforms", "settings__platform", "references", "sources__snapshot"
    ).order_by("timeline_on", "key")
    return {row.key: Stored(row, _entry(row)) for row in rows}


def stored_guides() -> dict[tuple[str, str], Stored[Guide, GuideDeclaration]]:
    """Return every guide by platform and slug."""
    rows = (
        Guide.objects.select_related("platform")
        .prefetch_related("settings__platform", "pages", "surfaces__steps", "sources__snapshot")
        .order_by("platform__slug", "slug")
    )
    return {(row.platform.slug, row.slug): Stored(row, _guide(row)) for row in rows}


def default_publication(entry: EntryDeclaration) -> dt.datetime | None:
    """Return when a catalog entry counts as published if its file does not say.

    The day of its newest source or announcement, not today: a reload must give the same pages.
    """
    dates = [source.date for source in entry.sources] + [entry.announced]
    days = [date.on for date in dates if date]
    if not days and entry.effective:
        days = [entry.effective.on]
    return dt.datetime.combine(max(days), dt.time(), dt.UTC) if days else entry.observed_to


def _setting(row: Setting) -> SettingDeclaration:
    return SettingDeclaration.model_construct(
        slug=row.slug,
        label=row.label,
        covers=row.covers,
        data_kinds=tuple(map(DataKind, row.data_kinds)),
        audience=row.audience,
        region=row.region,
        path=row.path,
        route=Route(row.route),
        reach=Reach(row.reach),
        deep_link=row.deep_link or None,
        pages=tuple(sorted(page.url for page in row.pages.all())),
        states=_states(row.states.all()),
        note=row.note,
    )


def _states(rows: Iterable[State]) -> tuple[StateDeclaration, ...]:
    ordered = sorted(rows, key=lambda row: row.starts_on or dt.date.min)
    states = []
    for row, following in zip_longest(ordered, ordered[1:]):
        since = PartialDate.of(row.starts_on, row.starts_precision)
        until = PartialDate.of(row.ends_on, row.ends_precision)
        closed_by = row.closed_by.key if row.closed_by else None
        if following is not None and row.ends_on == following.starts_on:
            until = None
            if following.opened_by is not None and closed_by == following.opened_by.key:
                closed_by = None
        states.append(
            StateDeclaration.model_construct(
                value=StateValue(row.value),
                since=since,
                until=until,
                opened_by=row.opened_by.key if row.opened_by else None,
                closed_by=closed_by,
                disputed=row.disputed,
                note=row.note,
            )
        )
    return tuple(states)


def _entry(row: Entry) -> EntryDeclaration:
    declaration = EntryDeclaration.model_construct(
        key=row.key,
        title=row.title,
        summary=row.summary,
        platforms=tuple(sorted(platform.slug for platform in row.platforms.all())),
        settings=_setting_names(row.settings.all()),
        references=tuple(sorted(reference.slug for reference in row.references.all())),
        effects=tuple(map(Effect, row.effects)),
        direction=Direction(row.direction),
        data_kinds=tuple(map(DataKind, row.data_kinds)),
        regions=tuple(row.regions),
        audience=row.audience,
        announced=PartialDate.of(row.announced_on, row.announced_precision),
        effective=PartialDate.of(row.effective_on, row.effective_precision),
        deadline=PartialDate.of(row.deadline_on, row.deadline_precision),
        observed_from=row.observed_from,
        observed_to=row.observed_to,
        confidence=Confidence(row.confidence),
        basis=Basis(row.basis),
        note=row.note,
        sources=tuple(map(_source, row.sources.all())),
        status=PublicationStatus(row.status),
        reason=row.status_reason,
    )
    derived = default_publication(declaration)
    published = row.published_at if row.published_at != derived else None
    updated = row.updated_at if row.updated_at != (row.published_at or derived) else None
    return declaration.model_copy(update={"published": published, "updated": updated})


def _guide(row: Guide) -> GuideDeclaration:
    return GuideDeclaration.model_construct(
        slug=row.slug,
        title=row.title,
        settings=_setting_names(row.settings.all()),
        pages=tuple(sorted(page.url for page in row.pages.all())),
        minutes=row.minutes,
        applies_to=row.applies_to,
        deep_link=row.deep_link or None,
        before_you_start=tuple(row.before_you_start),
        surfaces=tuple(
            SurfaceDeclaration.model_construct(
                surface=Surface(surface.surface),
                verified=surface.verified_on,
                verified_by=surface.verified_by,
                steps=tuple(
                    StepDeclaration.model_construct(act=step.act, expect=step.expect)
                    for step in surface.steps.all()
                ),
            )
            for surface in row.surfaces.all()
        ),
        how_to_check=row.how_to_check,
        caveats=tuple(row.caveats),
        sources=tuple(map(_source, row.sources.all())),
        note=row.note,
        status=PublicationStatus(row.status),
        reason=row.status_reason,
    )


def _source(row: Source) -> SourceDeclaration:
    ota = OpenTermsArchiveRecord.from_file_url(row.archived_url)
    return SourceDeclaration.model_construct(
        url=row.url,
        publisher=row.publisher,
        title=row.title,
        date=PartialDate.of(row.published_on, row.published_precision),
        archived_url=None if ota else row.archived_url or None,
        ota=ota,
        seen_via=row.seen_via,
        quote=row.quote,
        snapshot=row.snapshot.sha256 if row.snapshot else None,
    )


def _setting_names(rows: Iterable[Setting]) -> tuple[str, ...]:
    return tuple(sorted(f"{row.platform.slug}/{row.slug}" for row in rows))
