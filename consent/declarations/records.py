"""Records → the declarations that would load to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from consent.declarations.evidence import (
    OpenTermsArchiveRecord,
    PassageDeclaration,
    ReferenceDeclaration,
    SourceDeclaration,
)
from consent.declarations.provider_statements import (
    AnswersDeclaration,
    DocumentDeclaration,
    StatementDeclaration,
)
from consent.declarations.revised_fields import written_changes
from consent.declarations.schema import (
    BranchDeclaration,
    ChangedFieldDeclaration,
    ControlDeclaration,
    ControlSurfaceDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    LocalLabelDeclaration,
    LocalTitleDeclaration,
    OfferDeclaration,
    RevisionDeclaration,
    ShortDeclaration,
    StateDeclaration,
    StepDeclaration,
    SurfaceDeclaration,
    UseDeclaration,
    WhoDeclaration,
)
from consent.models import (
    Branch,
    Control,
    Entry,
    Guide,
    Offer,
    ProviderStatement,
    Reference,
    Revision,
    Source,
    State,
    Use,
)
from consent.models.people import ForPeople
from consent.vocabulary import (
    ActCovers,
    Basis,
    By,
    Confidence,
    DataKind,
    DeclaredAnswer,
    Direction,
    Earlier,
    Effect,
    Friction,
    PassageSide,
    PublicationStatus,
    Purpose,
    Reach,
    ReadBy,
    ReferenceKind,
    Refuse,
    RevisionKind,
    SinceIs,
    StatementLaw,
    StateValue,
    Surface,
    Told,
    Topic,
    Why,
)
from platforms.declarations import PartialDate, Stored
from platforms.models import Page, Platform, Snapshot

# Declarations are made here without validation: unfinished records must be comparable too. What is
# exported is validated when it is read back.


def stored_references(**only: Any) -> dict[str, Stored[Reference, ReferenceDeclaration]]:
    """Return every reference by slug. only: lookups that narrow them, as below."""
    return {
        row.slug: Stored(
            row,
            ReferenceDeclaration.model_construct(
                slug=row.slug,
                name=row.name,
                kind=ReferenceKind(row.kind),
                place=row.place,
                url=row.url,
            ),
        )
        for row in Reference.objects.filter(**only).order_by("slug")
    }


# Every act at the desk reads declarations, of few records: most of the time goes into making the
# queries. So these ask for no column and no order that declarations do without.


def _sources_of(path: str = "") -> Prefetch[Any]:
    """Read sources with their snapshots. path: from the records to those cited."""
    snapshots = Snapshot.objects.only("sha256").order_by()
    rows = Source.objects.prefetch_related(
        "passages", Prefetch("snapshot", snapshots), Prefetch("snapshot_before", snapshots)
    )
    return Prefetch(f"{path}sources", rows)


def _entry_at(path: str) -> Prefetch[Any]:
    entries = Entry.objects.only("key", "status", "published_at")
    return Prefetch(path, entries.order_by())


def _platforms() -> Prefetch[Any]:
    return Prefetch("platforms", Platform.objects.only("slug").order_by())


def _pages() -> Prefetch[Any]:
    return Prefetch("pages", Page.objects.only("url").order_by())


def _uses() -> Prefetch[Any]:
    return Prefetch("uses", _named(Use.objects.all()))


def _controls() -> Prefetch[Any]:
    return Prefetch("controls", _named(Control.objects.all()))


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("platform").only("slug", "status", "platform__slug").order_by()


def stored_statements(**only: Any) -> dict[str, Stored[ProviderStatement, StatementDeclaration]]:
    """Return every provider's statement by key."""
    rows = ProviderStatement.objects.filter(**only).prefetch_related(_platforms(), _sources_of())
    return {row.key: Stored(row, _statement(row)) for row in rows.order_by("key")}


def stored_uses(*where: Q, **only: Any) -> dict[str, Stored[Use, UseDeclaration]]:
    """Return every use by platform/slug, with its branches and states, in order of weight."""
    rows = (
        Use.objects.filter(*where, **only)
        .select_related("platform")
        .prefetch_related(
            _entry_at("branches__states__opened_by"),
            _sources_of("branches__states__"),
            _pages(),
        )
        .order_by("platform__slug", "position", "slug")
    )
    return {f"{row.platform.slug}/{row.slug}": Stored(row, _use(row)) for row in rows}


def stored_controls(*where: Q, **only: Any) -> dict[str, Stored[Control, ControlDeclaration]]:
    """Return every control by platform/slug, in the order of its platform."""
    rows = (
        Control.objects.filter(*where, **only)
        .select_related("platform")
        .prefetch_related(
            _uses(),
            "surfaces",
            _entry_at("offers__opened_by"),
            _entry_at("offers__closed_by"),
            _pages(),
        )
        .order_by("platform__slug", "position", "slug")
    )
    return {f"{row.platform.slug}/{row.slug}": Stored(row, _control(row)) for row in rows}


def stored_entries(*where: Q, **only: Any) -> dict[str, Stored[Entry, EntryDeclaration]]:
    """Return every entry by key, oldest first within a platform's file."""
    opened = State.objects.select_related("branch__use__platform").only(
        *("value", "starts_on", "starts_precision", "since_is", "opened_by"),
        *("branch__position", "branch__use__slug", "branch__use__platform__slug"),
    )
    rows = Entry.objects.filter(*where, **only).prefetch_related(
        _platforms(),
        _uses(),
        _controls(),
        Prefetch("references", Reference.objects.order_by()),
        _sources_of(),
        Prefetch(
            "revisions",
            Revision.objects.order_by("revised_at", "pk").select_related("undoes"),
        ),
        Prefetch("opened_states", opened.order_by()),
        _entry_at("follows"),
        _entry_at("outcome"),
    )
    rows = rows.order_by("timeline_on", "key")
    return {row.key: Stored(row, _entry(row)) for row in rows}


def stored_guides(*where: Q, **only: Any) -> dict[tuple[str, str], Stored[Guide, GuideDeclaration]]:
    """Return every guide by platform and slug."""
    rows = (
        Guide.objects.filter(*where, **only)
        .select_related("platform")
        .prefetch_related(
            _controls(),
            _pages(),
            "surfaces__steps",
            _sources_of(),
        )
        .order_by("platform__slug", "slug")
    )
    return {(row.platform.slug, row.slug): Stored(row, _guide(row)) for row in rows}


def default_publication(entry: EntryDeclaration) -> dt.datetime | None:
    """Return when a catalog entry counts as published if its file does not say.

    The day of its newest source or announcement, not today: a reload must give the same pages.
    """
    dates = [source.date for source in entry.sources] + [entry.announced]
    days = [date.on for date in dates if date]
    if not days:
        days = [date.on for date in (entry.effective, entry.decided, entry.due) if date][:1]
    return dt.datetime.combine(max(days), dt.time(), dt.UTC) if days else entry.observed_to


def default_update(entry: EntryDeclaration, published_at: dt.datetime | None) -> dt.datetime | None:
    """Return when a catalog entry counts as updated if its file does not say."""
    known = [published_at] if published_at else []
    return max([*known, *(revision.on for revision in entry.revised)], default=None)


def _statement(row: ProviderStatement) -> StatementDeclaration:
    return StatementDeclaration.model_construct(
        key=row.key,
        provider=row.provider,
        platforms=tuple(sorted(platform.slug for platform in row.platforms.all())),
        law=StatementLaw(row.law),
        model=row.model,
        dated=PartialDate.of(row.dated_on, row.dated_precision),
        answers=AnswersDeclaration.model_construct(
            chats_with_this_model=DeclaredAnswer(row.chats_with_this_model),
            data_of_other_services=DeclaredAnswer(row.data_of_other_services),
            services_named=row.services_named,
        ),
        document=DocumentDeclaration.model_construct(
            url=row.document_url,
            sha256=row.document_sha256 or None,
            archived_url=row.document_archived_url or None,
        ),
        readable=ReadBy(row.readable),
        note=row.note,
        sources=tuple(map(_source, row.sources.all())),
    )


def _use(row: Use) -> UseDeclaration:
    return UseDeclaration.model_construct(
        slug=row.slug,
        title=row.title,
        title_if_not=row.title_if_not,
        titles={
            language: LocalTitleDeclaration.model_construct(**each)
            for language, each in row.titles.items()
        },
        short=ShortDeclaration.model_construct(**row.short) if row.short else None,
        purpose=Purpose(row.purpose),
        part=row.part,
        trained_by=row.trained_by,
        covers=row.covers,
        data_kinds=tuple(map(DataKind, row.data_kinds)),
        branches=tuple(map(_branch, row.branches.all())),
        pages=tuple(sorted(page.url for page in row.pages.all())),
        note=row.note,
        status=PublicationStatus(row.status),
        reason=row.status_reason,
    )


def _branch(row: Branch) -> BranchDeclaration:
    return BranchDeclaration.model_construct(
        former_slugs=tuple(row.former_slugs),
        adults=row.adults,
        only_kinds=tuple(map(DataKind, row.only_kinds)),
        states=tuple(map(_state, row.states.all())),
        note=row.note,
        **_where_and_who(row) | {"who": _who(row)},
    )


def _who(row: Branch) -> WhoDeclaration | None:
    if not row.who:
        return None
    if row.who_narrows:
        return WhoDeclaration.model_construct(narrows=row.who)
    return WhoDeclaration.model_construct(names=row.who)


def _state(row: State) -> StateDeclaration:
    return StateDeclaration.model_construct(
        value=StateValue(row.value),
        since=PartialDate.of(row.starts_on, row.starts_precision),
        since_is=SinceIs(row.since_is),
        opened_by=row.opened_by.key if row.opened_by else None,
        basis=Basis(row.basis) if row.basis else None,
        said_by=row.said_by,
        why=Why(row.why) if row.why else None,
        earlier=Earlier(row.earlier) if row.earlier else None,
        sources=tuple(map(_source, row.sources.all())),
        disputed=row.disputed,
        note=row.note,
    )


def _control(row: Control) -> ControlDeclaration:
    return ControlDeclaration.model_construct(
        slug=row.slug,
        label=row.label,
        name=row.name,
        labels={
            language: LocalLabelDeclaration.model_construct(**of_language)
            for language, of_language in row.labels.items()
        },
        former_labels=tuple(row.former_labels),
        uses=_names(row.uses.all()),
        refuse=Refuse(row.refuse),
        by=By(row.by),
        binding=row.binding,
        act_covers=ActCovers(row.act_covers),
        reach=Reach(row.reach),
        to=row.to,
        subject=row.subject,
        must_name=tuple(row.must_name),
        frictions=tuple(map(Friction, row.frictions)),
        surfaces=tuple(
            ControlSurfaceDeclaration.model_construct(
                surface=Surface(surface.surface),
                path=surface.path,
                deep_link=surface.deep_link or None,
            )
            for surface in row.surfaces.all()
        ),
        offered=tuple(map(_offer, row.offers.all())),
        pages=tuple(sorted(page.url for page in row.pages.all())),
        note=row.note,
        status=PublicationStatus(row.status),
        reason=row.status_reason,
    )


def _offer(row: Offer) -> OfferDeclaration:
    return OfferDeclaration.model_construct(
        since=PartialDate.of(row.starts_on, row.starts_precision),
        until=PartialDate.of(row.ends_on, row.ends_precision),
        opened_by=row.opened_by.key if row.opened_by else None,
        closed_by=row.closed_by.key if row.closed_by else None,
        note=row.note,
        **_where_and_who(row),
    )


def _where_and_who(row: ForPeople) -> dict[str, Any]:
    return {
        "places": tuple(row.places),
        "except_places": tuple(row.except_places),
        "some_of": tuple(row.some_of),
        "people": row.kinds_of_people,
        "plans": tuple(row.plans),
        "who": row.who,
    }


def _entry(row: Entry) -> EntryDeclaration:
    declaration = EntryDeclaration.model_construct(
        key=row.key,
        title=row.title,
        summary=row.summary,
        result=row.result,
        platforms=tuple(sorted(platform.slug for platform in row.platforms.all())),
        topic=Topic(row.topic),
        uses=_names(row.uses.all()),
        controls=_names(row.controls.all()),
        references=tuple(sorted(reference.slug for reference in row.references.all())),
        effects=tuple(map(Effect, row.effects)),
        direction=Direction(row.direction),
        data_kinds=tuple(map(DataKind, row.data_kinds)),
        follows=row.follows.key if row.follows else None,
        outcome=row.outcome.key if row.outcome else None,
        announced=PartialDate.of(row.announced_on, row.announced_precision),
        decided=PartialDate.of(row.decided_on, row.decided_precision),
        due=PartialDate.of(row.due_on, row.due_precision),
        effective=PartialDate.of(row.effective_on, row.effective_precision),
        deadline=PartialDate.of(row.deadline_on, row.deadline_precision),
        observed_from=row.observed_from,
        observed_to=row.observed_to,
        told=tuple(map(Told, row.told)),
        confidence=Confidence(row.confidence),
        basis=Basis(row.basis),
        note=row.note,
        sources=tuple(map(_source, row.sources.all())),
        status=PublicationStatus(row.status),
        reason=row.status_reason,
        # Who takes a publication back leaves the log of its revisions; no draft was ever revised.
        revised=() if row.status == PublicationStatus.DRAFT else _revisions(row),
        **_where_and_who(row),
    )
    derived = default_publication(declaration)
    published = row.published_at if row.published_at != derived else None
    # A draft without any date counts as updated when it is loaded: no file says that.
    default = default_update(declaration, row.published_at or derived) or row.updated_at
    updated = row.updated_at if row.updated_at != default else None
    return declaration.model_copy(update={"published": published, "updated": updated})


def _revisions(entry: Entry) -> tuple[RevisionDeclaration, ...]:
    return tuple(map(_revision, entry.revisions.all()))


def _revision(row: Revision) -> RevisionDeclaration:
    return RevisionDeclaration.model_construct(
        on=row.revised_at,
        kind=RevisionKind(row.kind),
        reason=row.reason,
        changed=tuple(
            ChangedFieldDeclaration.model_construct(field=field, before=before, after=after)
            for field, before, after in written_changes(row)
        ),
        undoes=row.undoes.revised_at if row.undoes else None,
    )


def _guide(row: Guide) -> GuideDeclaration:
    return GuideDeclaration.model_construct(
        slug=row.slug,
        title=row.title,
        controls=_names(row.controls.all()),
        pages=tuple(sorted(page.url for page in row.pages.all())),
        minutes=row.minutes,
        who=row.who,
        plans=tuple(row.plans),
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
        frictions=tuple(map(Friction, row.frictions)),
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
        snapshot=row.snapshot.sha256 if row.snapshot else None,
        snapshot_before=row.snapshot_before.sha256 if row.snapshot_before else None,
        extractor=row.extractor,
        # Files hold no words of others: what a curator typed stays in the database.
        passages=tuple(
            PassageDeclaration.model_construct(
                side=PassageSide(passage.side),
                span=f"{passage.starts_at}-{passage.ends_at}",
                sha256=passage.sha256,
            )
            for passage in row.passages.all()
            if passage.starts_at is not None
        ),
    )


def _names(rows: Iterable[Use] | Iterable[Control]) -> tuple[str, ...]:
    return tuple(sorted(f"{row.platform.slug}/{row.slug}" for row in rows))
