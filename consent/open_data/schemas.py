"""The shape of every record of the API. Fields that are not known are null, never left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


def shows(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": example})


class DateOf(Schema):
    """A date and how precisely it is known.

    With the precision month or year the value is the first day of that month or year.
    """

    model_config = shows(value="2024-07-16", precision="day")
    value: dt.date
    precision: str = Field(description="day, month or year; by-day: on that day at the latest")


class PeopleAndPlaces(Schema):
    places: list[str] = Field(description="ISO 3166 codes, EU, EEA; empty: everywhere.")
    except_places: list[str] = Field(description="Codes that are left out.")
    some_of: list[str] = Field(description="Certain places among these that sources do not name.")
    people: list[str] = Field(description="Kinds of people; empty: everyone.")
    plans: list[str] = Field(description="These plans only; empty: not limited to any.")
    who: str = Field(description="The exact group in words, if there is one.")


class PassageOf(Schema):
    """A quoted passage. Its words are those of others: read them on the page of the change."""

    side: str = Field(description="before or after")
    sha256: str = Field(description="Of the UTF-8 bytes of the words.")


class SourceOf(Schema):
    url: str
    publisher: str
    title: str | None = Field(description="Null if we did not write it down.")
    published: DateOf | None
    archived_url: str | None
    seen_via: str | None = Field(description="Cited there; the page itself was not read.")
    snapshot_sha256: str | None = Field(description="Of the bytes that we keep, if we do.")
    passages: list[PassageOf]


class SinceOf(Schema):
    date: DateOf | None = Field(description="Null if the start is not known or differs by place.")
    since_is: str = Field(description="exact, at-latest or at-earliest")
    disputed: bool
    differs_by_place: bool
    in_words: str


class SentenceOf(Schema):
    use: str
    value: str = Field(description="The state of the use.")
    disputed: bool
    in_words: str


class WayOut(Schema):
    control: str
    uses: list[str]
    offered: str = Field(description="surely or perhaps")
    in_words: str


class PartOf(Schema):
    """People with one answer. Null: in all places, on all plans, of all uses asked about."""

    stance: str
    way: str
    reason: str | None
    basis: str | None
    places: str | None = Field(description="In words.")
    plans: list[str] | None = Field(description="An empty text is every plan that is not named.")
    uses: list[str] | None
    since: SinceOf | None


class VerdictOf(Schema):
    """Whether a platform trains AI on the data of some people in a place on a day."""

    model_config = shows(
        platform="linkedin",
        place="CH",
        people="personal",
        plan=None,
        asof="2026-07-01",
        answer="yes-unless-refused",
        answer_in_words="Yes, unless you opt out",
        headline="Yes, unless you opt out",
        differs_by=[],
        since={
            "date": {"value": "2025-11-03", "precision": "day"},
            "since_is": "exact",
            "disputed": False,
            "differs_by_place": False,
            "in_words": "since 3 November 2025",
        },
        sentences=[],
        ways_out=[],
        ways_differ_by_place=False,
        minutes=2,
        url="https://default-on.example/platforms/linkedin",
        stance="yes",
        way="refusable",
        lead="linkedin/generative-ai",
        parts=[],
        reason=None,
        basis="stated",
        said_by="LinkedIn",
        inferred_from=None,
        short="Yes, unless you opt out",
    )
    platform: str
    place: str | None = Field(description="Null: the whole world.")
    people: str
    plan: str | None
    asof: dt.date
    answer: str
    answer_in_words: str
    headline: str
    differs_by: list[str]
    since: SinceOf | None = Field(description="Of the first part; null if nothing is known.")
    sentences: list[SentenceOf]
    ways_out: list[WayOut]
    ways_differ_by_place: bool
    minutes: int | None
    url: str
    stance: str = Field(description="Whether it happens. Since 1.2, as all that follows.")
    way: str = Field(description="Whether people can refuse.")
    lead: str | None = Field(description="The use that comes first.")
    parts: list[PartOf] = Field(description="The fewest audiences with one answer each.")
    reason: str | None = Field(description="Why nothing is known.")
    basis: str | None = Field(description="The weakest of the sources of what decides.")
    said_by: str | None = Field(description="Who says so, of what is stated.")
    inferred_from: str | None = Field(
        description="The people from whose records the answer is inferred; it is no record itself."
    )
    short: str = Field(description="At most 45 characters.")


class PlanOf(Schema):
    """A plan of a platform, and for whom it is sold. Since 1.2."""

    name: str
    aliases: list[str]
    includes: list[str] = Field(description="Plans that the name stands for.")
    people: list[str] = Field(description="Empty if it is not known.")
    paid: bool | None
    former: bool
    since: dt.date | None
    until: dt.date | None
    kind: str


class PlatformOf(Schema):
    id: str
    name: str
    operator: str
    category: str
    homepage: str
    aliases: list[str]
    summary: str
    verdict: VerdictOf = Field(description="Today's answer for anybody.")
    url: str


class BranchOf(PeopleAndPlaces):
    number: int
    note: str | None


class UseOf(Schema):
    id: str
    platform: str
    title: str = Field(description="What happens.")
    title_if_not: str | None = Field(description="The sentence for where it does not happen.")
    purpose: str
    is_training: bool = Field(description="Only these uses count in verdicts and figures.")
    part: str | None
    covers: str
    data_kinds: list[str]
    note: str | None
    branches: list[BranchOf]
    pages: list[str]
    url: str


class StateOf(PeopleAndPlaces):
    id: str
    platform: str
    use: str
    is_training: bool
    branch: int
    value: str
    starts: DateOf | None = Field(description="Null only for a first state of unknown start.")
    since_is: str | None = Field(
        description="exact, at-latest or at-earliest; null without a start"
    )
    ends: DateOf | None = Field(description="The day from which the next state holds.")
    pending: bool = Field(description="Announced for its day and not seen yet.")
    disputed: bool
    basis: str | None
    note: str | None
    entry: str | None = Field(description="The id of the entry that opened it.")
    sources: list[SourceOf]


class ReferenceOf(Schema):
    name: str
    kind: str
    place: str
    url: str


class OpenedState(Schema):
    use: str
    value: str
    starts: DateOf | None
    since_is: str | None = Field(description="Null without a start.")


class RevisionOf(Schema):
    kind: str
    reason: str
    at: dt.datetime


class EntryOf(PeopleAndPlaces):
    id: str = Field(description="Ten hexadecimal digits. They never change.")
    key: str
    number: int | None = Field(description="Of its last public change; it rises with each.")
    version: int | None = Field(description="How often its public record changed, from 1.")
    status: str = Field(description="published or retracted")
    status_reason: str | None
    title: str
    summary: str
    platforms: list[str]
    topic: str
    effects: list[str]
    direction: str
    data_kinds: list[str]
    told: list[str]
    confidence: str
    basis: str
    note: str | None
    announced: DateOf | None
    decided: DateOf | None
    due: DateOf | None = Field(description="Announced for this day and not seen yet.")
    effective: DateOf | None
    deadline: DateOf | None
    observed_from: dt.datetime | None
    observed_to: dt.datetime | None
    listed_under: dt.date | None = Field(description="Its day on the timeline.")
    published_at: dt.datetime | None
    first_published_at: dt.datetime | None = Field(description="When it was first shown here.")
    updated_at: dt.datetime
    origin: str
    reviewed_twice: bool
    follows: str | None
    outcome: str | None
    uses: list[str]
    controls: list[str]
    references: list[ReferenceOf]
    states_opened: list[OpenedState]
    sources: list[SourceOf]
    revisions: list[RevisionOf]
    url: str


class GapOf(Schema):
    began_at: dt.datetime
    ended_at: dt.datetime | None
    reason: str


class PageOf(Schema):
    id: str
    platform: str
    address: str
    further_addresses: list[str]
    kind: str
    title: str
    language: str
    access: str
    watched: bool = Field(description="Whether workers visit it today.")
    health: str
    last_visited_at: dt.datetime | None
    last_read_at: dt.datetime | None = Field(description="Null: never read.")
    gaps: list[GapOf] = Field(description="Times in which it could not be read.")


class DeclarationOf(Schema):
    id: str
    provider: str
    platforms: list[str]
    law: str
    model: str
    dated: DateOf | None
    chats_with_this_model: str
    data_of_other_services: str
    services_named: str | None
    document_address: str
    document_sha256: str | None
    document_archived_address: str | None
    readable: str
    note: str | None


class EnumValue(Schema):
    value: str
    label: str


class EnumOf(Schema):
    id: str
    values: list[EnumValue]


class FigureOf(Schema):
    """A number of platforms on a day, and which these are."""

    model_config = shows(
        id="on-in-part",
        label="On in some places or plans",
        is_class=True,
        asof="2026-11-29",
        number=1,
        of=135,
        platforms=["x"],
    )
    id: str
    label: str
    is_class: bool = Field(description="The classes sum to all listed platforms.")
    asof: dt.date
    number: int
    of: int = Field(description="How many platforms are listed.")
    platforms: list[str] = Field(description="Their ids, in the order of names.")


class MatrixCellOf(Schema):
    """One platform, kind of data and use."""

    platform: str
    category: str
    data_kind: str
    use: str
    purpose: str
    answer: str
    answer_in_words: str
    sentence: str
    since: dt.date | None
    since_precision: str | None
    since_is: str | None
    way_out: str
    place: str | None
    people: str
    url: str
