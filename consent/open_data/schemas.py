"""The shape of every record of the API. Fields that are not known are null, never left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from consent.open_data.lists.enums import values_of


def shows(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": example})


def of_list(name: str, description: str) -> Any:
    """Return the field for a value of a closed list, with examples of it."""
    return Field(
        description=f"{description} A value of the list “{name}”.",
        examples=list(values_of(name)[:2]),
    )


SAID_BY = (
    "Who says so, or reports it. Null if that is not known, or if the reporters are several or"
    " known by what they published only: `reporters` has all."
)
REPORTERS = "If the basis is reported: everybody who reports it. Else empty."
GIVES_UP = "True for leave and delete: one gives up the plan, the account or what is there."
SCOPE = (
    "What one act covers. one-item of a request: this request only. everything: all that the"
    " account sends, or the organisation, if an admin acts."
)


class DateOf(Schema):
    """A date and how precisely it is known.

    With the precision month or year the value is the first day of that month or year.
    """

    model_config = shows(value="2024-07-16", precision="day")
    value: dt.date = Field(
        description="The day; the first one of the month or year if no more is known."
    )
    precision: str = of_list("precision", "How well it is known. by-day: then at the latest.")


class PeopleAndPlaces(Schema):
    places: list[str] = Field(description="ISO 3166 codes, EU, EEA; empty: everywhere.")
    except_places: list[str] = Field(description="Codes that are left out.")
    some_of: list[str] = Field(description="Certain places among these that sources do not name.")
    people: list[str] = Field(description="Kinds of people; empty: everyone.")
    plans: list[str] = Field(description="These plans only; empty: not limited to any.")
    who: str | None = Field(description="The exact group in words, if there is one.")


class PassageOf(Schema):
    """A quoted passage: a citation of a text of others, which our licence does not cover."""

    side: str = of_list("side", "Before or after the change.")
    sha256: str = Field(description="Of the UTF-8 bytes of the words.")
    words: str | None = Field(
        description="The words; null if they are long, or not at hand. The page of the change has"
        " long ones. Since 1.3."
    )


class SourceOf(Schema):
    url: str = Field(description="Its address.")
    publisher: str = Field(description="Who published it.")
    title: str | None = Field(description="Null if we did not write it down.")
    published: DateOf | None = Field(description="When; null if it has no date.")
    archived_url: str | None = Field(description="A copy in an archive.")
    seen_via: str | None = Field(description="Cited there; the page itself was not read.")
    snapshot_sha256: str | None = Field(description="Of the bytes that we keep, if we do.")
    passages: list[PassageOf] = Field(description="The passages that a claim rests on.")


class WaySinceOf(Schema):
    can_refuse: bool = Field(description="False if there is no way out since then.")
    date: DateOf = Field(description="From then on it was so for all who began on that day.")
    since_is: str = of_list("since_is", "How the day is meant.")


class SinceOf(Schema):
    date: DateOf | None = Field(description="Null if the start is not known or differs by place.")
    since_is: str | None = of_list("since_is", "How the day is meant; null without one.")
    disputed: bool = Field(description="Whether sources disagree.")
    differs_by_place: bool = Field(description="Whether it began on several days.")
    way_since: WaySinceOf | None = Field(
        description="Since when people can refuse as today, or cannot, if that began later than"
        " the use; else null. Since 1.3."
    )
    in_words: str = Field(description="As our pages write it.")


class SentenceOf(Schema):
    use: str = Field(description="The id of the use.")
    purpose: str = of_list(
        "purpose",
        "What it is done for. training, human-review and sharing-for-training count as training.",
    )
    value: str = of_list("state", "The state of the use.")
    disputed: bool = Field(description="Whether sources disagree.")
    in_words: str = Field(description="As our pages write it.")


class SurfaceOf(Schema):
    """Where a control is."""

    surface: str = of_list("surface", "Where it is.")
    path: str | None = Field(description="The way through menus, or the parameter of a request.")
    deep_link: str | None = Field(description="An address that leads there.")


class GuideToOf(Schema):
    """A guide to a control."""

    id: str = Field(description="The id of the guide.")
    title: str = Field(description="Its title.")
    url: str = Field(description="Its page, with the steps.")
    minutes: int | None = Field(description="How long it takes; null if it is not known.")
    trust: str = of_list("trust", "How far the steps can be trusted today.")
    verified: DateOf | None = Field(description="When somebody last walked it; null: nobody yet.")
    updated_at: dt.datetime = Field(
        description="When its words last changed on our record; at first when they came onto it."
    )
    surfaces: list[str] = Field(description="The surfaces that it has steps for.")


class ShareOf(Schema):
    """Some of the people asked about: these plans in these places. Null: all of them."""

    places: str | None = Field(description="In words.")
    plans: list[str] | None = Field(description="By name; empty for people on no named plan.")


class WayOut(Schema):
    """A control chosen as a way out. Since 1.3 with its place and its guides."""

    control: str = Field(description="The id of the control.")
    label: str | None = Field(description="Its words in the product, or ours if it has none.")
    refuse: str = of_list("refuse", "The act that refuses.")
    gives_up: bool = Field(description=f"{GIVES_UP} Since 1.3.")
    by: str = of_list("by", "Who can act.")
    binding: bool = Field(description="False if the platform decides case by case.")
    scope: str = of_list("scope", SCOPE)
    uses: list[str] = Field(description="The ids of the uses that it refuses here.")
    offered: str = Field(
        description="surely: to everybody asked about. perhaps: to some of them, or sources do not"
        " say to whom."
    )
    shares: list[ShareOf] = Field(
        description="Those of the people asked about who need it; empty: all of them. Since 1.3."
    )
    in_words: str = Field(description="The act and the label, as our pages write them.")
    surfaces: list[SurfaceOf] = Field(description="Where it is.")
    guides: list[GuideToOf] = Field(description="Guides that lead through it.")


class PartOf(Schema):
    """People with one answer. Null: in all places, on all plans, of all uses asked about."""

    stance: str = of_list("stance", "Whether it happens.")
    way: str | None = of_list(
        "way", "Whether these people can refuse. Null where nothing is known."
    )
    reason: str | None = of_list("unknown_because", "Why nothing is known.")
    basis: str | None = of_list("word", "The weakest of the sources.")
    said_by: str | None = Field(description="Who says so, or reports it. Since 1.3.")
    disputed: bool = Field(
        description="Whether sources disagree about all that this answer rests on. Since 1.3."
    )
    places: str | None = Field(description="In words.")
    plans: list[str] | None = Field(description="By name; empty for people on no named plan.")
    groups: list[str] | None = Field(
        description="The groups that all sources of it narrow these people to. Since 1.3."
    )
    uses: list[str] | None = Field(
        description="The ids of the uses, if the answer differs by these alone."
    )
    since: SinceOf | None = Field(description="Since when; null if nothing is known.")


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
            "way_since": None,
            "in_words": "since 3 November 2025",
        },
        sentences=[],
        ways_out=[],
        settings=[],
        ways_differ_by=[],
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
        reporters=[],
        disputed=False,
        inferred_from=None,
        short="Yes, unless you opt out",
    )
    platform: str = Field(description="The id of the platform.")
    place: str | None = Field(description="Null: the whole world.")
    people: str = of_list(
        "people",
        "Whose answer it is. Not the kind asked for, if the platform has no accounts of it.",
    )
    plan: str | None = Field(description="The plan asked for, as the platform writes it.")
    asof: dt.date = Field(description="The day of the answer.")
    answer: str = of_list("answer", "As version 1.0 had it.")
    answer_in_words: str = Field(
        description="`short` with reporters and whether it is disputed, as badges have it."
    )
    headline: str = Field(description="The answer as its page has it.")
    differs_by: list[str] = Field(description="By what it differs: values of differs_by.")
    since: SinceOf | None = Field(
        description="Since when `stance` is so: of all parts together where they have the same"
        " stance (the first start, and the last in words), else of the first part. Null: not known."
    )
    sentences: list[SentenceOf] = Field(description="What happens with each use that decides.")
    ways_out: list[WayOut] = Field(
        description="The ways to refuse, best first. Where `way` is none: what is left, at a cost"
        " or judged case by case."
    )
    settings: list[WayOut] = Field(description="What organisations set (1.3).")
    ways_differ_by: list[str] = Field(
        description="By what they differ: place, plan. One for your place and plan is enough"
        " (`shares`). Empty: all are needed. Since 1.3."
    )
    ways_differ_by_place: bool = Field(description="Whether `ways_differ_by` has the place.")
    minutes: int | None = Field(description="How long all of it takes; null: not known.")
    url: str = Field(description="The page that says so.")
    stance: str = of_list("stance", "Whether it happens. Since 1.2, as all that follows.")
    way: str | None = of_list(
        "way",
        "Whether people can refuse. Null where nothing is known, and where it depends: `parts`"
        " have it.",
    )
    lead: str | None = Field(description="The use that comes first.")
    parts: list[PartOf] = Field(description="The fewest audiences with one answer each.")
    reason: str | None = of_list("unknown_because", "Why nothing is known.")
    basis: str | None = of_list("word", "The weakest of the sources of what decides.")
    said_by: str | None = Field(description=SAID_BY)
    reporters: list[str] = Field(description=f"{REPORTERS} Since 1.3.")
    disputed: bool = Field(
        description="Whether sources disagree about all that it rests on. Since 1.3."
    )
    inferred_from: str | None = Field(
        description="The people from whose records the answer is inferred; it is no record itself."
    )
    short: str = Field(
        description="At most 45 characters. Show it with basis, said_by and disputed."
    )


class PlanOf(Schema):
    """A plan of a platform, and for whom it is sold. Since 1.2."""

    name: str = Field(description="As the platform writes it.")
    aliases: list[str] = Field(description="Other and former names.")
    includes: list[str] = Field(description="Plans that the name stands for.")
    people: list[str] = Field(description="Empty if it is not known.")
    paid: bool | None = Field(description="Null if it is not on record.")
    former: bool = Field(description="No longer sold, since an unknown day.")
    since: DateOf | None = Field(description="Its first day.")
    until: DateOf | None = Field(description="The first day without it.")
    kind: str = of_list("plan_kind", "What it is.")


class ResolvedOf(Schema):
    """A platform that a text may mean."""

    id: str = Field(description="The id to ask with.")
    name: str = Field(description="As people call it.")
    operator: str = Field(description="The company that answers for it.")
    category: str = of_list("category", "What kind of service it is.")
    homepage: str = Field(description="Its first page.")
    domains: list[str] = Field(description="Domains that are its own.")
    matched_by: str = of_list("matched_by", "What the text is to it.")
    url: str = Field(description="Our page about it.")


class SameAsOf(Schema):
    """Ids of the same service in the lists of others. Since 1.3."""

    wikidata: str | None = Field(description="Item of Wikidata.")
    tosdr: int | None = Field(description="Service of Terms of Service; Didn't Read.")
    ota: list[str] = Field(description="Collections and services of Open Terms Archive.")
    justdeleteme: str | None = Field(description="Name in the list of JustDeleteMe.")
    datenanfragen: str | None = Field(description="Company record of Datenanfragen.de.")


class PlatformOf(Schema):
    """A platform, with today's answer for anybody."""

    id: str = Field(
        description="Its slug: the end of its address. It may be renamed; old ids lead on."
    )
    name: str = Field(description="As people call it.")
    operator: str = Field(description="The company that answers for it.")
    category: str = of_list("category", "What kind of service it is.")
    homepage: str = Field(description="Its first page.")
    aliases: list[str] = Field(description="Other names, products and domains.")
    summary: str | None = Field(description="What happens to people's data here.")
    domains: list[str] = Field(description="Its own domains. Since 1.3.")
    same_as: SameAsOf = Field(description="Ids in the lists of others.")
    verdict: VerdictOf = Field(description="Today's answer for anybody.")
    url: str = Field(description="Our page about it.")


class BranchOf(PeopleAndPlaces):
    number: int = Field(description="Within the use, from 1.")
    data_kinds: list[str] = Field(description="Values of data_kind, for them. Since 1.3.")
    note: str | None = Field(description="Doubts and limits.")


class UseOf(Schema):
    """What is done with people's data for one purpose, and for whom it has a history of states."""

    id: str = Field(description="Platform and slug. It may be renamed; old ids lead on.")
    platform: str = Field(description="The id of the platform.")
    title: str = Field(description="What happens.")
    title_if_not: str | None = Field(description="The sentence for where it does not happen.")
    purpose: str = of_list("purpose", "What it is done for.")
    is_training: bool = Field(description="Only these uses count in verdicts and figures.")
    part: str | None = Field(description="The part of the product that it is limited to.")
    trained_by: str | None = Field(
        description="Who trains, where that is not the operator. Since 1.3."
    )
    covers: str = Field(description="Which data, and which not.")
    data_kinds: list[str] = Field(description="Values of data_kind.")
    note: str | None = Field(description="Doubts and limits.")
    branches: list[BranchOf] = Field(description="For whom and where each history of states holds.")
    pages: list[str] = Field(description="Addresses of the pages that it rests on.")
    url: str = Field(description="Where our page has it.")


class StateOf(PeopleAndPlaces):
    """What a use is for some people and places, from one day to another."""

    id: str = Field(description="Use, number of the branch, and day.")
    platform: str = Field(description="The id of the platform.")
    use: str = Field(description="The id of the use.")
    is_training: bool = Field(description="Whether the use counts as training.")
    branch: int = Field(description="The number of the branch of the use.")
    value: str = of_list("state", "What happens.")
    starts: DateOf | None = Field(
        description="Null only for a first state of unknown start; answers count it from the day"
        " of the first entry or dated source about its use."
    )
    since_is: str | None = of_list("since_is", "How the start is meant; null without one.")
    ends: DateOf | None = Field(description="The day from which the next state holds.")
    pending: bool = Field(description="Announced for its day and not seen yet.")
    disputed: bool = Field(description="Whether sources disagree.")
    basis: str | None = of_list("basis", "How it is known, if no entry says so.")
    note: str | None = Field(description="Doubts and limits.")
    entry: str | None = Field(description="The id of the entry that opened it.")
    sources: list[SourceOf] = Field(description="Of a state that no entry opened.")


class ReferenceOf(Schema):
    name: str = Field(description="Its name.")
    kind: str = of_list("reference_kind", "What it is.")
    place: str = Field(description="Where it is competent.")
    url: str = Field(description="Its page.")


class OpenedState(Schema):
    use: str = Field(description="The id of the use.")
    value: str = of_list("state", "What happens since.")
    starts: DateOf | None = Field(description="Since when.")
    since_is: str | None = of_list("since_is", "How the start is meant; null without one.")


class RevisionOf(Schema):
    kind: str = of_list("revision_kind", "What it is.")
    reason: str = Field(description="Why.")
    at: dt.datetime = Field(description="When.")


class EntryOf(PeopleAndPlaces):
    """A change with its dates and sources."""

    id: str = Field(description="Ten hexadecimal digits. They never change.")
    key: str = Field(description="The name of the entry in the catalog. It never changes.")
    number: int | None = Field(description="Of its last public change; it rises with each.")
    version: int | None = Field(description="How often its public record changed, from 1.")
    status: str = Field(description="published or retracted")
    status_reason: str | None = Field(description="Why it was retracted.")
    title: str = Field(description="What happened, in one sentence.")
    summary: str = Field(description="The same in a few.")
    result: str | None = Field(description="What an authority or a court decided.")
    platforms: list[str] = Field(description="The ids of the platforms.")
    topic: str = of_list("topic", "What it is about.")
    effects: list[str] = Field(description="What it does: values of effect.")
    direction: str = of_list("direction", "What it means for people.")
    data_kinds: list[str] = Field(description="Values of data_kind.")
    told: list[str] = Field(description="How people were told: values of told.")
    confidence: str = of_list("confidence", "How sure we are.")
    basis: str = of_list("basis", "How it is known.")
    note: str | None = Field(description="Doubts and disagreements.")
    announced: DateOf | None = Field(description="When it was said in public.")
    decided: DateOf | None = Field(description="The day of the act of an authority or court.")
    due: DateOf | None = Field(description="Announced for this day and not seen yet.")
    effective: DateOf | None = Field(description="When it began.")
    deadline: DateOf | None = Field(description="The last day to refuse.")
    observed_from: dt.datetime | None = Field(
        description="Our last visit that found the page unchanged."
    )
    observed_to: dt.datetime | None = Field(description="Our first visit that found it changed.")
    listed_under: dt.date | None = Field(description="Its day on the timeline.")
    published_at: dt.datetime | None = Field(
        description="When it was published; for the record, not for news."
    )
    first_published_at: dt.datetime | None = Field(description="When it was first shown here.")
    updated_at: dt.datetime = Field(
        description="When its public record last changed; the same in feeds and on its page."
    )
    origin: str = Field(description="How it came to be: by our watch, the catalog or others.")
    reviewed_twice: bool = Field(description="Whether a second person confirmed it.")
    follows: str | None = Field(
        description="The id of the entry that it corrects, postpones, withdraws or complies with."
    )
    outcome: str | None = Field(description="The id of the entry that settled it.")
    uses: list[str] = Field(description="The ids of the uses.")
    controls: list[str] = Field(description="The ids of the controls.")
    references: list[ReferenceOf] = Field(description="Authorities, courts and laws that it names.")
    turned: str | None = of_list(
        "turned",
        "What it did to training; on also where it turned another use off. Null: neither."
        " Since 1.3.",
    )
    states_opened: list[OpenedState] = Field(description="What holds since.")
    sources: list[SourceOf] = Field(description="What it rests on.")
    revisions: list[RevisionOf] = Field(description="Public corrections, the oldest first.")
    url: str = Field(description="Its page.")


class GapOf(Schema):
    began_at: dt.datetime = Field(description="Since when it could not be read.")
    ended_at: dt.datetime | None = Field(description="Until when; null: still.")
    reason: str = of_list("reason", "Why.")


class ReservationOf(Schema):
    """A header in which a page speaks of text and data mining, or of use by AI."""

    header: str = Field(description="tdm-reservation, tdm-policy, content-usage or content-signal.")
    value: str = Field(description="As received.")


class PageOf(Schema):
    """A page that is watched, or that a use rests on, and when it was last read."""

    id: str = Field(description="Made from platform and address.")
    platform: str = Field(description="The id of the platform.")
    address: str = Field(description="Where it is.")
    further_addresses: list[str] = Field(description="Where the rest of its text is.")
    kind: str = of_list("page_kind", "What it is.")
    title: str = Field(description="Its title.")
    language: str = Field(description="ISO 639-1 code.")
    access: str = of_list("access", "Whether it is behind a login.")
    watched: bool = Field(description="Whether workers visit it today.")
    health: str = of_list("health", "Whether it can be read.")
    last_visited_at: dt.datetime | None = Field(
        description="Our last visit, with or without success."
    )
    last_read_at: dt.datetime | None = Field(description="Null: never read.")
    reservations: list[ReservationOf] = Field(description="From our latest snapshot of it.")
    gaps: list[GapOf] = Field(description="Times in which it could not be read.")


class PassageOnRecordOf(Schema):
    """Where the words are that an entry rests on. The words are those of others."""

    id: str = Field(description="Entry, source and passage.")
    entry: str = Field(description="The id of the entry.")
    source: str = Field(description="The address of the source.")
    side: str = of_list("side", "Before or after the change.")
    starts_at: int | None = Field(
        description="The first code point in the text of the source; null for typed words."
    )
    ends_at: int | None = Field(description="The code point after the last.")
    sha256: str = Field(description="Of the UTF-8 bytes of the words.")


class CrawlerRuleOf(Schema):
    """What one crawler may read of a site."""

    crawler: str = Field(description="Its name in robots.txt files.")
    operator: str = Field(description="The company that sends it.")
    purpose: str = Field(description="training, search, assistant or data.")
    access: str = Field(description="all, part or none of the site.")
    named: bool = Field(description="False if only the rules for everybody apply to it.")


class PreferenceOf(Schema):
    """A preference that a robots.txt states."""

    header: str = Field(description="Content-Signal or Content-Usage (AIPREF).")
    key: str = Field(description="The use that it is about, such as train-ai.")
    value: str = Field(description="As written, such as n.")
    allowed: bool | None = Field(description="Null for a value that is neither yes nor no.")
    agents: list[str] = Field(description="The crawlers that it is for; empty or *: all.")
    path: str | None = Field(description="The part of the site, if it names one.")


class RobotsOf(Schema):
    """What a robots.txt says to the crawlers of AI companies, from our latest snapshot."""

    id: str = Field(description="The id of the page.")
    platform: str = Field(description="The id of the platform.")
    address: str = Field(description="Where the file is.")
    last_read_at: dt.datetime | None = Field(description="Null: never read.")
    crawlers: list[CrawlerRuleOf] = Field(description="The crawlers that we know.")
    preferences: list[PreferenceOf] = Field(description="What it prefers, for each use.")
    licences: list[str] = Field(description="Addresses of terms in RSL (License lines).")


class ChangelogOf(Schema):
    """A version of a public record."""

    id: str = Field(description="The number with leading zeros.")
    number: int = Field(description="It rises with each change; cursors of entries count it too.")
    list: str | None = Field(description="The list of the API that has the record; null: none.")
    kind: str = Field(description="The kind of the record.")
    record: str = Field(
        description="Its id at that time. States change with their use, passages with their entry."
    )
    version: int = Field(description="From 1, as first shown.")
    at: dt.datetime = Field(description="When it was shown.")
    act: str = of_list("act", "What was done.")
    reason: str | None = Field(description="Why, if a reason was given in public.")
    is_gone: bool = Field(description="Whether readers no longer see it.")
    fields: Sequence[str] = Field(
        description="What differs from the version before: keys of the catalog's format, and"
        " `order` for the place among the uses or controls of the platform."
    )


class DeclarationOf(Schema):
    """What a provider declares under a law about what it trained on."""

    id: str = Field(description="A name of ours that stays.")
    provider: str = Field(description="The company.")
    platforms: list[str] = Field(description="The ids of its platforms.")
    law: str = of_list("law", "The law that asks for it.")
    model: str = Field(description="The model that it is about.")
    dated: DateOf | None = Field(description="The date in the document.")
    chats_with_this_model: str = of_list(
        "declared_answer", "Trained on people's interactions with this model."
    )
    data_of_other_services: str = of_list(
        "declared_answer", "Trained on data from the provider's other services."
    )
    services_named: str | None = Field(description="The services that it names.")
    document_address: str = Field(description="Where it is.")
    document_sha256: str | None = Field(description="Of its bytes.")
    document_archived_address: str | None = Field(description="A copy in an archive.")
    readable: str = of_list("readable", "Who can read its answers.")
    note: str | None = Field(description="Doubts and limits.")


class EnumValue(Schema):
    value: str = Field(description="As fields have it.")
    label: str = Field(description="In words, in the language asked for.")
    labels: dict[str, str] = Field(description="In words, by the code of each language. Since 1.3.")


class EnumOf(Schema):
    """A closed list: every value that a field can have, with its words."""

    id: str = Field(description="The name of the list.")
    values: list[EnumValue] = Field(description="Its values.")


class FigureOf(Schema):
    """A number of platforms on a day, and which these are."""

    model_config = shows(
        id="on-in-part",
        label="On in some places or plans",
        is_class=True,
        asof="2026-11-29",
        number=1,
        of=135,
        on_record=133,
        platforms=["x"],
    )
    id: str = Field(description="A name that stays.")
    label: str = Field(description="As our pages call it.")
    is_class: bool = Field(description="The classes sum to all listed platforms.")
    asof: dt.date = Field(description="The day.")
    number: int = Field(description="How many platforms.")
    of: int = Field(description="How many platforms are listed.")
    on_record: int = Field(description="Of how many of them something is on record for the day.")
    platforms: list[str] = Field(description="Their ids, in the order of names.")


class MatrixCellOf(Schema):
    """One platform, kind of data and use."""

    id: str = Field(description="Use and kind of data. Since 1.3, as all ids here.")
    platform_id: str = Field(description="The id of the platform.")
    use_id: str = Field(description="The id of the use.")
    platform: str = Field(description="The name of the platform.")
    category: str = of_list("category", "What kind of service it is.")
    data_kind: str = of_list("data_kind", "The kind of data.")
    use: str = Field(description="The title of the use.")
    purpose: str = of_list("purpose", "What it is done for.")
    answer: str = of_list("answer", "The answer for this use, as version 1.0 had it.")
    answer_in_words: str = Field(description="The answer in at most 45 characters.")
    basis: str | None = of_list("word", "The weakest of the sources.")
    said_by: str | None = Field(description="Who says so, or reports it. Since 1.3.")
    sentence: str | None = Field(description="What happens, in words; null if nothing is known.")
    since: dt.date | None = Field(
        description="Since when; the first day of the month or year if no more is known."
    )
    since_precision: str | None = of_list("precision", "How precisely it is known.")
    since_is: str | None = of_list("since_is", "How the day is meant.")
    way_out: str | None = Field(description="The best ways to refuse, in words.")
    place: str | None = Field(description="The place asked for; null: the whole world.")
    people: str = of_list("people", "Whose answer it is.")
    url: str = Field(description="Where our page has it.")
