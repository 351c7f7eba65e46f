"""The public records that the API, the CSV files and the dumps share, a list for each resource.

Each record is a plain dict with an id; a list is in the order of ids. What differs by language is
drawn in the language in use.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import Prefetch, TextChoices
from django.urls import reverse
from django.utils import timezone

from consent import vocabulary
from consent.ledger.answers import Answer, DiffersBy, Since, Verdict, Way
from consent.ledger.entry_records import Record, dated, moment, people_and_places, source_records
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.filters import EntryStatus
from consent.ledger.matrix import MatrixFilters, build_matrix
from consent.ledger.matrix_records import matrix_records
from consent.ledger.state_of_play import ANYBODY, Reader, verdicts_of_today
from consent.ledger.turns import Turning
from consent.ledger.verdict import verdict
from consent.ledger.verdict_words import (
    ANSWER_LABELS,
    answer_words,
    headline,
    sentence_words,
    since_words,
    way_words,
)
from consent.models import Branch, Control, Guide, ProviderStatement, Source, State, Use
from consent.models.uses import UseQuerySet
from consent.vocabulary import PublicationStatus
from consent.web.links import absolute_url
from consent.web.parts import part
from platforms import vocabulary as of_platforms
from platforms.characters import cleaned
from platforms.models import Gap, Page, Platform
from platforms.outcomes import Outcome
from platforms.places import Coverage


def platform_records() -> list[Record]:
    """Every listed platform, with today's answer for anybody."""
    verdicts = verdicts_of_today()
    return [
        {
            "id": platform.slug,
            "name": platform.name,
            "operator": platform.operator,
            "category": platform.category,
            "homepage": platform.homepage,
            "aliases": platform.aliases,
            "summary": platform.summary,
            "verdict": verdict_record(platform, verdicts[platform.pk]),
            "url": absolute_url(platform.get_absolute_url()),
        }
        for platform in listed_platforms()
    ]


def use_records() -> list[Record]:
    """Every published use of the listed platforms, for training and for anything else."""
    return [
        {
            "id": _key(use),
            "platform": use.platform.slug,
            "title": use.title,
            "title_if_not": use.title_if_not or None,
            "purpose": use.purpose,
            "is_training": use.is_training,
            "part": use.part or None,
            "covers": use.covers,
            "data_kinds": use.data_kinds,
            "note": use.note or None,
            "branches": [
                {"number": number, **people_and_places(branch), "note": branch.note or None}
                for number, branch in enumerate(use.branches.all(), start=1)
            ],
            "pages": [page.url for page in use.pages.all()],
            "url": _anchor(use.platform, use.slug),
        }
        for use in _uses()
    ]


def state_records() -> list[Record]:
    """Every state that a branch of a published use had, has, or is to have."""
    return [
        record
        for use in _uses()
        for number, branch in enumerate(use.branches.all(), start=1)
        for record in _states_of(use, number, branch)
    ]


def states_on(day: dt.date) -> list[Record]:
    """The state of each branch that holds on a day: the last that has begun and is not pending."""
    known_from = {
        each.key: each.known_from for facts in facts_of_all().values() for each in facts.uses
    }
    holding: dict[tuple[str, int], tuple[dt.date, Record]] = {}
    for record in records("states"):
        starts = record["starts"]
        since = dt.date.fromisoformat(starts["value"]) if starts else None
        known = since or known_from[record["use"]] or dt.date.min
        branch = (record["use"], record["branch"])
        if record["pending"] or known > day:
            continue
        # An undated state is the first of its branch, whenever it became known.
        begun = since or dt.date.min
        if branch not in holding or holding[branch][0] < begun:
            holding[branch] = (begun, record)
    return [record for _begun, record in holding.values()]


def control_records() -> list[Record]:
    """Every published way to refuse."""
    surfaces = ("surface", "path", "deep_link")
    published = Guide.objects.published().order_by("slug")
    controls = (
        Control.objects.published()
        .filter(platform__listed=True)
        .with_details()
        .prefetch_related(Prefetch("guides", published))
    )
    return [
        {
            "id": _key(control),
            "platform": control.platform.slug,
            "label": control.label or None,
            "name": control.name or None,
            "refuse": control.refuse,
            "by": control.by,
            "binding": control.binding,
            "scope": control.scope,
            "reach": control.reach,
            "to": control.to or None,
            "former_labels": control.former_labels,
            "uses": sorted(_key(use) for use in control.uses.all()),
            "surfaces": [
                {name: getattr(each, name) or None for name in surfaces}
                for each in control.surfaces.all()
            ],
            "offers": [
                {
                    **people_and_places(offer),
                    "starts": dated(offer.starts_on, offer.starts_precision),
                    "ends": dated(offer.ends_on, offer.ends_precision),
                }
                for offer in control.offers.all()
            ],
            "guides": [guide.slug for guide in control.guides.all()],
            "note": control.note or None,
            "url": _anchor(control.platform, control.slug),
        }
        for control in controls
    ]


def guide_records() -> list[Record]:
    """Every published guide, with its steps and with how far they can be trusted today."""
    guides = Guide.objects.for_page().filter(platform__listed=True)
    return [
        {
            "id": guide.slug,
            "platform": guide.platform.slug,
            "title": guide.title,
            "controls": sorted(
                _key(control)
                for control in guide.controls.all()
                if control.status == PublicationStatus.PUBLISHED
            ),
            "minutes": guide.minutes,
            "who": guide.who or None,
            "plans": guide.plans,
            "before_you_start": guide.before_you_start,
            "frictions": guide.frictions,
            "how_to_check": guide.how_to_check or None,
            "caveats": guide.caveats,
            "trust": guide.trust(),
            "verified": dated(guide.verified_on(), "day"),
            "surfaces": [
                {
                    "surface": surface.surface,
                    "verified": dated(surface.verified_on, "day"),
                    "reported_broken": surface.is_reported_broken(),
                    "steps": [
                        {"act": step.act, "expect": step.expect or None}
                        for step in surface.steps.all()
                    ],
                }
                for surface in guide.surfaces.all()
            ],
            "sources": source_records(guide.sources.all()),
            "updated_at": moment(guide.updated_at),
            "url": absolute_url(guide.get_absolute_url()),
        }
        for guide in guides
    ]


def page_records() -> list[Record]:
    """Every page of a listed platform, with the times in which it could not be read.

    Pages that only imported history knows are left out.
    """
    watched = set(Page.objects.watched().values_list("pk", flat=True))
    pages = Page.objects.living().filter(platform__listed=True).select_related("platform")
    return [
        {
            "id": hashlib.blake2s(
                f"{page.platform.slug} {page.url}".encode(), digest_size=8
            ).hexdigest(),
            "platform": page.platform.slug,
            "address": page.url,
            "further_addresses": page.further_urls,
            "kind": page.kind,
            "title": page.title,
            "language": page.language,
            "access": page.access,
            "watched": page.pk in watched,
            "health": page.health,
            "last_visited_at": moment(page.last_visited_at),
            "last_read_at": moment(page.last_looked_at),
            "gaps": [
                {
                    "began_at": moment(gap.began_at),
                    "ended_at": moment(gap.ended_at),
                    "reason": gap.outcome,
                }
                for gap in page.gaps.all()
            ],
        }
        for page in pages.prefetch_related(Prefetch("gaps", Gap.objects.order_by("began_at", "pk")))
    ]


def declaration_records() -> list[Record]:
    """What providers declare under a law about what they trained on."""
    listed = Prefetch("platforms", Platform.objects.listed())
    return [
        {
            "id": each.key,
            "provider": each.provider,
            "platforms": sorted(platform.slug for platform in each.platforms.all()),
            "law": each.law,
            "model": each.model,
            "dated": dated(each.dated_on, each.dated_precision),
            "chats_with_this_model": each.chats_with_this_model,
            "data_of_other_services": each.data_of_other_services,
            "services_named": each.services_named or None,
            "document_address": each.document_url,
            "document_sha256": each.document_sha256 or None,
            "document_archived_address": each.document_archived_url or None,
            "readable": each.readable,
            "note": each.note or None,
        }
        for each in ProviderStatement.objects.prefetch_related(listed)
    ]


#: The closed lists, by the names of the fields that take their values.
_ENUMS: Mapping[str, type[TextChoices]] = {
    "access": of_platforms.Access,
    "basis": vocabulary.Basis,
    "by": vocabulary.By,
    "category": of_platforms.Category,
    "confidence": vocabulary.Confidence,
    "data_kind": vocabulary.DataKind,
    "declared_answer": vocabulary.DeclaredAnswer,
    "direction": vocabulary.Direction,
    "effect": vocabulary.Effect,
    "entry_status": EntryStatus,
    "friction": vocabulary.Friction,
    "health": of_platforms.Health,
    "law": vocabulary.StatementLaw,
    "page_kind": of_platforms.PageKind,
    "people": vocabulary.People,
    "precision": vocabulary.Precision,
    "purpose": vocabulary.Purpose,
    "reach": vocabulary.Reach,
    "readable": vocabulary.ReadBy,
    "reason": Outcome,
    "reference_kind": vocabulary.ReferenceKind,
    "refuse": vocabulary.Refuse,
    "revision_kind": vocabulary.RevisionKind,
    "scope": vocabulary.ControlScope,
    "since_is": vocabulary.SinceIs,
    "state": vocabulary.StateValue,
    "surface": vocabulary.Surface,
    "told": vocabulary.Told,
    "topic": vocabulary.Topic,
    "trust": vocabulary.Trust,
    "turned": Turning,
}


def enum_records() -> list[Record]:
    """Every closed list with its values, and what the pages call them."""
    lists = {
        name: [{"value": str(value), "label": str(label)} for value, label in choices.choices]
        for name, choices in _ENUMS.items()
    }
    lists["answer"] = [
        {"value": answer.value, "label": str(ANSWER_LABELS[answer])} for answer in Answer
    ]
    lists["differs_by"] = [{"value": each.value, "label": each.value} for each in DiffersBy]
    return [{"id": name, "values": values} for name, values in lists.items()]


#: How the list of each resource is made.
RESOURCES: Mapping[str, Callable[[], list[Record]]] = {
    "platforms": platform_records,
    "uses": use_records,
    "states": state_records,
    "controls": control_records,
    "guides": guide_records,
    "pages": page_records,
    "declarations": declaration_records,
    "enums": enum_records,
}


def records(resource: str) -> Sequence[Record]:
    """Return all records of a resource. Shared by many answers: do not modify the result."""

    def make() -> Sequence[Record]:
        return tuple(sorted(map(cleaned, RESOURCES[resource]()), key=lambda each: each["id"]))

    return part(f"open-data-{resource}", timezone.localdate(), make)


def matrix_of(filters: MatrixFilters) -> list[Record]:
    """One record for each platform, kind of data and use, as in the file of the matrix."""
    day = filters.day(timezone.localdate())
    view = build_matrix(listed_platforms(), facts_of_all(), filters, day)
    return list(matrix_records(view))


def verdict_on(platform: Platform, day: dt.date, reader: Reader = ANYBODY) -> Record:
    """Return the answer for a platform as its page gives it."""
    answer = verdict(facts_of_all()[platform.pk], reader.on(day))
    record: Record = cleaned(verdict_record(platform, answer))
    return record


def verdict_record(platform: Platform, answer: Verdict) -> Record:
    """Return a verdict in codes and in words of the language in use."""
    return {
        "platform": platform.slug,
        "place": answer.place or None,
        "people": answer.people,
        "plan": answer.plan or None,
        "asof": answer.day.isoformat(),
        "answer": answer.answer,
        "answer_in_words": answer_words(answer),
        "headline": headline(answer),
        "differs_by": [each.value for each in answer.differs_by],
        "since": _since(answer.since),
        "sentences": [
            {
                "use": each.use.key,
                "value": each.value,
                "disputed": each.disputed,
                "in_words": sentence_words(each, answer.operator),
            }
            for each in answer.sentences
        ],
        "ways_out": [_way(way, answer) for way in answer.ways],
        "ways_differ_by_place": answer.ways_differ_by_place,
        "minutes": answer.minutes,
        "url": absolute_url(platform.get_absolute_url()),
    }


def platform_named(slug: str) -> Platform | None:
    """Return a listed platform."""
    return next((each for each in listed_platforms() if each.slug == slug), None)


def _since(since: Since | None) -> Record | None:
    if since is None:
        return None
    return {
        "date": dated(since.on, since.precision),
        "since_is": since.since_is,
        "disputed": since.disputed,
        "differs_by_place": since.differs_by_place,
        "in_words": since_words(since),
    }


def _way(way: Way, answer: Verdict) -> Record:
    return {
        "control": way.control.key,
        "uses": list(way.uses),
        "offered": "surely" if way.coverage == Coverage.SURELY else "perhaps",
        "in_words": way_words(way, people=answer.people, operator=answer.operator),
    }


def _states_of(use: Use, number: int, branch: Branch) -> Iterable[Record]:
    history = list(branch.states.all())
    for position, state in enumerate(history):
        following = next((each for each in history[position + 1 :] if not each.is_pending), None)
        start = state.starts_on.isoformat() if state.starts_on else "unknown"
        entry = state.opened_by
        is_public = entry is not None and entry.status == PublicationStatus.PUBLISHED
        yield {
            "id": f"{_key(use)}/{number}/{start}",
            "platform": use.platform.slug,
            "use": _key(use),
            "is_training": use.is_training,
            "branch": number,
            **people_and_places(branch),
            "value": state.value,
            "starts": dated(state.starts_on, state.starts_precision),
            "since_is": state.since_is,
            "ends": dated(following.starts_on, following.starts_precision)
            if following and not state.is_pending
            else None,
            "pending": state.is_pending,
            "disputed": state.disputed,
            "basis": state.basis or None,
            "note": state.note or None,
            "entry": entry.public_id if entry is not None and is_public else None,
            "sources": source_records(state.sources.all(), passages=False),
        }


def _uses() -> UseQuerySet:
    sources = Source.objects.select_related("snapshot")
    states = State.objects.select_related("opened_by").prefetch_related(
        Prefetch("sources", sources)
    )
    branches = Branch.objects.prefetch_related(Prefetch("states", states))
    uses = Use.objects.published().filter(platform__listed=True).select_related("platform")
    return uses.prefetch_related(Prefetch("branches", branches), "pages")


def _key(record: Use | Control) -> str:
    return f"{record.platform.slug}/{record.slug}"


def _anchor(platform: Platform, slug: str) -> str:
    return f"{absolute_url(reverse('platform', args=[platform.slug]))}#{slug}"
