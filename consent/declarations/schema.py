"""The schema of catalog files: uses, controls, entries and guides."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from consent.declarations.evidence import SourceDeclaration
from consent.declarations.revised_fields import FIELD_LABELS
from consent.vocabulary import (
    DERIVED_FRICTIONS,
    FRICTIONS_OF_CONTROLS,
    IN_USE,
    LEFT_ALONE,
    TOLD_ALONE,
    ActCovers,
    Basis,
    By,
    Confidence,
    DataKind,
    Direction,
    Earlier,
    Effect,
    Friction,
    People,
    PublicationStatus,
    Purpose,
    Reach,
    Refuse,
    RevisionKind,
    SinceIs,
    StateValue,
    Surface,
    Told,
    Topic,
    Why,
)
from platforms.declarations import (
    DayOrAtLatest,
    Declaration,
    Line,
    Moment,
    PageDeclaration,
    PartialDate,
    PlatformDeclaration,
    Slug,
    Text,
    Url,
    WhereDeclaration,
)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
#: The slug of a use or a control, or platform/slug for one of another platform.
RecordName = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9-]+/)?[a-z0-9]+(-[a-z0-9]+)*$", max_length=141)
]
Title = Annotated[Line, Field(max_length=80)]
LocalTitle = Annotated[Line, Field(max_length=120)]
Phrase = Annotated[Line, Field(max_length=30)]
Reason = Annotated[str, StringConstraints(max_length=300)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]  # ISO 639-1
MenuPath = Annotated[str, StringConstraints(max_length=500)]
_Published = TypeVar(
    "_Published", "UseDeclaration", "ControlDeclaration", "GuideDeclaration", "EntryDeclaration"
)
#: States in which data was given.
GIVEN = (*IN_USE, StateValue.ONLY_IF_AGREED)
#: The version of the files' form, in their first line.
FORMAT = 2


class PeopleDeclaration(WhereDeclaration):
    """Where and for whom. No plan named: all plans. No people named: see the records."""

    people: tuple[People, ...] = ()
    plans: tuple[Line, ...] = Field(default=(), description="Plans of the platform's list.")


GroupInWords = Annotated[str, StringConstraints(max_length=200)]
_WHO_IN_WORDS = "The exact group in words; shown. No rule reads more of it than ages of minors."


class WhoDeclaration(Declaration):
    """The exact group of a branch in words."""

    names: GroupInWords = Field(
        default="", description="The same as people and plans say, in other words."
    )
    narrows: GroupInWords = Field(
        default="", description="Fewer than people and plans say: the branch is for them alone."
    )

    @model_validator(mode="before")
    @classmethod
    def _is_no_plain_text(cls, data: Any) -> Any:
        if isinstance(data, str):
            raise ValueError(
                "write who: {names: …} if these are the people and plans in other words, "
                "who: {narrows: …} if they are a part of them"
            )
        return data

    @model_validator(mode="after")
    def _is_one_of_the_two(self) -> WhoDeclaration:
        if bool(self.names) == bool(self.narrows):
            raise ValueError(
                "needs names (the people and plans in other words) or narrows (a part of them), "
                "one of the two"
            )
        return self


class StateDeclaration(Declaration):
    """What a use is from one day on, until the next state of the list begins."""

    value: StateValue
    since: PartialDate | None = Field(
        default=None,
        description="Its first day. Left out (first state only): since when is unknown.",
    )
    since_is: SinceIs = SinceIs.EXACT
    opened_by: Key | None = Field(default=None, description="Key of the entry that brought it.")
    basis: Basis | None = Field(default=None, description="For a state that no entry opens.")
    said_by: Annotated[str, StringConstraints(max_length=160)] = Field(
        default="", description="Who says so, where that is not the operator."
    )
    why: Why | None = Field(default=None, description="Why it is unclear. Left out: no record.")
    earlier: Earlier | None = Field(
        default=None,
        description="What became of data given while it was on. Left out: not known.",
    )
    sources: tuple[SourceDeclaration, ...] = ()
    disputed: bool = Field(default=False, description="Sources disagree; the note says how.")
    note: str = ""

    @model_validator(mode="after")
    def _why_is_of_unclear(self) -> StateDeclaration:
        if self.why and self.value != StateValue.UNCLEAR:
            raise ValueError(f"has why, but is {self.value.value}; only unclear has a why")
        if self.earlier and self.value not in LEFT_ALONE:
            allowed = ", ".join(LEFT_ALONE)
            raise ValueError(f"has earlier, but is {self.value.value}; allowed on {allowed}")
        if self.earlier and not (self.opened_by or self.sources):
            raise ValueError("has earlier without a source; add opened_by or sources")
        return self

    @model_validator(mode="after")
    def _dispute_is_explained(self) -> StateDeclaration:
        if self.disputed and not self.note:
            raise ValueError("is disputed without a note; say how the sources disagree")
        if self.since is None and self.since_is != SinceIs.EXACT:
            raise ValueError("has since_is, but no since")
        return self

    def as_written(self) -> dict[str, Any]:
        """Return plain data as a file says it."""
        return _with_sources_as_written(self.as_data(), self.sources)


class BranchDeclaration(PeopleDeclaration):
    """The people in some places for whom one history of states holds."""

    written_first = ("former_slugs",)

    former_slugs: tuple[Slug, ...] = Field(
        default=(), description="Slugs whose addresses lead to this branch."
    )
    people: tuple[People, ...] = (People.PERSONAL,)
    who: WhoDeclaration | None = Field(default=None, description=_WHO_IN_WORDS)
    adults: bool = Field(default=False, description="The source speaks of adults only.")
    only_kinds: tuple[DataKind, ...] = Field(
        default=(), description="The kinds of data that its source names, if fewer than the use."
    )
    states: tuple[StateDeclaration, ...] = Field(min_length=1, description="Oldest first.")
    note: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> BranchDeclaration:
        if self.adults and People.MINORS in self.people:
            raise ValueError("is of adults only, and of minors; take one out")
        given = False
        for state in self.states:
            if state.earlier and not given:
                raise ValueError(
                    "has earlier on a state before which data was neither used nor agreed to"
                )
            given = given or state.value in GIVEN
        return self

    def as_written(self) -> dict[str, Any]:
        """Return plain data as a file says it."""
        return self.as_data() | {"states": [state.as_written() for state in self.states]}


#: The keys of a branch that a use with one branch writes itself (defaults.py).
OF_ONE_BRANCH = (
    *("places", "except", "some_of", "people", "plans", "who", "adults"),
    "states",
)


class ShortDeclaration(Declaration):
    """A phrase for a use, in the languages of the site: "Depends on the use: yes for …"."""

    en: Phrase
    de: Phrase
    fr: Phrase


class LocalTitleDeclaration(Declaration):
    """The title of a use in another language than English, and the one for where it is not so."""

    title: LocalTitle
    title_if_not: Annotated[str, StringConstraints(max_length=120)] = ""


class UseDeclaration(Declaration):
    """What is done with people's data, for one purpose. Its title says what happens."""

    also_written = OF_ONE_BRANCH

    slug: Slug
    former_slugs: tuple[Slug, ...] = Field(default=(), description="Slugs this use had.")
    title: Title = Field(description="What happens: a sentence in the present tense, no period.")
    title_if_not: Annotated[str, StringConstraints(max_length=80)] = Field(
        default="", description="The sentence for where it does not happen."
    )
    titles: dict[LanguageCode, LocalTitleDeclaration] = Field(
        default={}, description="The titles in other languages, by their codes: de, fr."
    )
    short: ShortDeclaration | None = Field(
        default=None, description="Names the use where an answer depends on the use."
    )
    purpose: Purpose
    part: Annotated[str, StringConstraints(max_length=80)] = Field(
        default="", description="The part of the product that it is limited to, of the list."
    )
    trained_by: Annotated[str, StringConstraints(max_length=80)] = Field(
        default="", description="Who trains, by name, where that is not the operator."
    )
    covers: Text = Field(description="Which data it is about, and which not.")
    data_kinds: tuple[DataKind, ...] = Field(min_length=1)
    branches: tuple[BranchDeclaration, ...] = Field(min_length=1)
    pages: tuple[Url, ...] = Field(default=(), description="URLs of the pages this rests on.")
    note: str = ""
    status: PublicationStatus = PublicationStatus.PUBLISHED
    reason: Reason = Field(default="", description="Why draft or retracted.")

    @model_validator(mode="after")
    def _is_complete(self) -> UseDeclaration:
        values = {state.value for branch in self.branches for state in branch.states}
        if StateValue.NOT_USED in values and not self.title_if_not:
            raise ValueError(
                "has a state not-used without title_if_not; say what is so where it does not happen"
            )
        for branch in self.branches:
            if branch.only_kinds and not set(branch.only_kinds) < set(self.data_kinds):
                raise ValueError("only_kinds: name fewer kinds of data than data_kinds of the use")
        if {*self.data_kinds} - {
            kind for branch in self.branches for kind in branch.only_kinds or self.data_kinds
        }:
            raise ValueError("data_kinds has a kind that is in only_kinds of no branch")
        if "en" in self.titles:
            raise ValueError("write the English title under title")
        if any(bool(each.title_if_not) != bool(self.title_if_not) for each in self.titles.values()):
            raise ValueError("titles: write title_if_not in each language, or in none")
        return _with_reason(self)

    def as_written(self) -> dict[str, Any]:
        """Return plain data as a file says it: the keys of an only branch stand in the use."""
        data: dict[str, Any] = {}
        for key, value in self.as_data().items():
            if key != "branches":
                data[key] = value
                continue
            branches = [branch.as_written() for branch in self.branches]
            alone = len(branches) == 1 and not {"note", "former_slugs"} & branches[0].keys()
            data |= branches[0] if alone else {"branches": branches}
        return data


class ControlSurfaceDeclaration(Declaration):
    """Where a control is found on one surface."""

    surface: Surface
    path: MenuPath = Field(default="", description="Menu path, parts joined by ' › '.")
    deep_link: Url | None = None


class LocalLabelDeclaration(Declaration):
    """What the product calls a control in another language than English."""

    label: Annotated[Line, StringConstraints(max_length=300)]
    path: MenuPath = Field(default="", description="Menu path in that language.")
    source: Url = Field(description="A page that shows the label in that language.")


class OfferDeclaration(PeopleDeclaration):
    """To whom a control is offered, from when to when. `until` is the first day without it."""

    who: GroupInWords = Field(default="", description=_WHO_IN_WORDS)
    since: PartialDate | None = None
    until: PartialDate | None = None
    opened_by: Key | None = None
    closed_by: Key | None = None
    note: str = ""


class ControlDeclaration(Declaration):
    """A way to refuse (or to agree)."""

    slug: Slug
    former_slugs: tuple[Slug, ...] = Field(default=(), description="Slugs this control had.")
    label: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="The exact words in the product."
    )
    name: Annotated[str, StringConstraints(max_length=160)] = Field(
        default="", description="Our words, if the product has none."
    )
    labels: dict[LanguageCode, LocalLabelDeclaration] = Field(
        default={}, description="The label in other languages, by their codes: de, fr."
    )
    former_labels: tuple[Line, ...] = ()
    uses: tuple[RecordName, ...] = Field(min_length=1, description="All uses that it refuses.")
    refuse: Refuse = Field(description="The act that refuses.")
    by: By = By.PERSON
    binding: bool = Field(
        default=True, description="False: the platform decides case by case, or for some laws only."
    )
    act_covers: ActCovers = ActCovers.EVERYTHING
    reach: Reach = Reach.UNSTATED
    to: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="The address to write to."
    )
    subject: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="The subject that the platform requires of a letter."
    )
    must_name: tuple[Line, ...] = Field(
        default=(), description="What the platform asks a letter to name, one noun phrase each."
    )
    frictions: tuple[Friction, ...] = Field(
        default=(), description="needs-payment, only-at-times; the rest follows or is of guides."
    )
    surfaces: tuple[ControlSurfaceDeclaration, ...] = ()
    offered: tuple[OfferDeclaration, ...] = Field(
        default=(), description="Left out: wherever and while a use it reaches is in use."
    )
    pages: tuple[Url, ...] = Field(default=(), description="URLs of the pages this rests on.")
    note: str = ""
    status: PublicationStatus = PublicationStatus.PUBLISHED
    reason: Reason = Field(default="", description="Why draft or retracted.")

    @model_validator(mode="after")
    def _has_one_name(self) -> ControlDeclaration:
        if bool(self.label) == bool(self.name):
            raise ValueError(
                "needs label (the exact words in the product) or name (our words), one of the two"
            )
        if self.labels and not self.label:
            raise ValueError("has labels in other languages without label")
        if "en" in self.labels:
            raise ValueError("write the English label under label")
        if self.refuse == Refuse.ASK_ADMIN and self.by != By.ADMIN:
            raise ValueError("refuse is ask-admin; write by: admin")
        for friction in self.frictions:
            if friction not in FRICTIONS_OF_CONTROLS:
                raise ValueError(
                    f"friction {friction.value} is not of controls; write it on the guide, or "
                    "leave it out if it follows from the control"
                )
        return _with_reason(self)


class StepDeclaration(Declaration):
    """One act, and what should be seen after it."""

    act: Text
    expect: str = ""


class SurfaceDeclaration(Declaration):
    """The steps on one surface. Only a real walk through them sets `verified`."""

    surface: Surface
    verified: dt.date | None = None
    verified_by: Annotated[str, StringConstraints(max_length=20)] = Field(
        default="", description="Initials."
    )
    steps: tuple[StepDeclaration, ...] = Field(min_length=1)


class GuideDeclaration(Declaration):
    """How to say no."""

    slug: Key
    former_slugs: tuple[Key, ...] = Field(
        default=(), description="Slugs this guide had; addresses with them lead on."
    )
    title: Line = Field(max_length=120)
    controls: tuple[RecordName, ...] = Field(default=(), description="Controls of this platform.")
    pages: tuple[Url, ...] = Field(default=(), description="URLs of the pages these steps rest on.")
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    who: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="For whom these steps are, if not for all whom the control is for."
    )
    plans: tuple[Line, ...] = Field(default=(), description="If steps differ by plan.")
    before_you_start: tuple[Text, ...] = ()
    surfaces: tuple[SurfaceDeclaration, ...]
    frictions: tuple[Friction, ...] = Field(
        default=(), description="What makes it harder than one switch, as steps and sources show."
    )
    how_to_check: str = ""
    caveats: tuple[Text, ...] = Field(default=(), description="What this does not do.")
    sources: tuple[SourceDeclaration, ...] = ()
    note: str = ""
    status: PublicationStatus = PublicationStatus.PUBLISHED
    reason: Reason = Field(default="", description="Why draft or retracted.")

    @model_validator(mode="after")
    def _frictions_are_not_derived(self) -> GuideDeclaration:
        for friction in self.frictions:
            if friction in DERIVED_FRICTIONS:
                raise ValueError(
                    f"friction {friction.value} follows from the controls; leave it out"
                )
        return self

    @model_validator(mode="after")
    def _unpublished_has_reason(self) -> GuideDeclaration:
        return _with_reason(self)


def _revised_field(name: str) -> str:
    if name not in FIELD_LABELS:
        raise ValueError(f"{name!r} is no key of an entry; allowed: {', '.join(FIELD_LABELS)}")
    return name


class ChangedFieldDeclaration(Declaration):
    """One key of an entry before and after a public revision; empty: not stated."""

    field: Annotated[str, AfterValidator(_revised_field)]
    before: str = ""
    after: str = ""


class RevisionDeclaration(Declaration):
    """A public correction of an entry that was published already."""

    on: Moment
    kind: RevisionKind = RevisionKind.CORRECTION
    reason: Text = Field(description="What was wrong; readers see it.")
    changed: tuple[ChangedFieldDeclaration, ...] = ()
    undoes: Moment | None = Field(
        default=None, description="On taken-back: the `on` of the revision that it takes back."
    )


class EntryDeclaration(PeopleDeclaration):
    """One event of the real world, on however many platforms it happened."""

    written_first = (
        *("key", "title", "summary", "result", "platforms", "topic", "uses", "controls"),
        *("references", "effects", "direction", "data_kinds"),
    )

    key: Key = Field(description="Stable; never changed, for it makes the public address.")
    title: Line = Field(max_length=140, description="One sentence, present tense, neutral.")
    summary: Text
    result: str = Field(
        default="",
        max_length=140,
        description="What an act of an authority or a court decided; left out while it is open.",
    )
    who: GroupInWords = Field(default="", description=_WHO_IN_WORDS)
    platforms: tuple[Slug, ...] = Field(
        default=(),
        description="Left out: the platform of this file. Several: in alphabetical order.",
    )
    topic: Topic = Topic.TRAINING
    uses: tuple[RecordName, ...] = Field(
        default=(), description="slug, or platform/slug for a use of another platform."
    )
    controls: tuple[RecordName, ...] = Field(default=(), description="Named like uses.")
    references: tuple[Slug, ...] = Field(default=(), description="Slugs from _references.yaml.")
    effects: tuple[Effect, ...] = Field(min_length=1)
    direction: Direction
    data_kinds: tuple[DataKind, ...] = ()
    announced: DayOrAtLatest | None = Field(
        default=None,
        description="Said in public; 'by 2024-07-01' if it is the day of a record only.",
    )
    decided: PartialDate | None = Field(
        default=None, description="Day of an act of an authority, a court or a complainant."
    )
    due: PartialDate | None = Field(
        default=None, description="Announced for this day, not seen yet."
    )
    effective: DayOrAtLatest | None = Field(
        default=None, description="Has begun; 'by 2024-07-16' if it is the day of a record only."
    )
    deadline: PartialDate | None = None
    observed_from: Moment | None = Field(
        default=None, description="Our last visit that found the page unchanged."
    )
    observed_to: Moment | None = Field(
        default=None, description="Our first visit that found it changed."
    )
    follows: Key | None = Field(
        default=None,
        description="The entry that this one corrects, postpones, withdraws or complies with.",
    )
    outcome: Key | None = Field(
        default=None, description="On an announcement: the entry that settled it."
    )
    told: tuple[Told, ...] = Field(
        default=(), description="How the people concerned were told. Left out: not known."
    )
    confidence: Confidence
    basis: Basis
    note: str = Field(default="", description="Doubts and disagreements of sources; public.")
    sources: tuple[SourceDeclaration, ...] = ()
    status: PublicationStatus = PublicationStatus.PUBLISHED
    reason: Reason = Field(default="", description="Why draft or retracted.")
    published: Moment | None = Field(
        default=None, description="Left out: the day of its newest source or announcement."
    )
    updated: Moment | None = Field(
        default=None, description="Left out: when it was published or last revised."
    )
    revised: tuple[RevisionDeclaration, ...] = Field(
        default=(), description="Public corrections since it was published, oldest first."
    )

    @model_validator(mode="after")
    def _ways_of_telling_fit_together(self) -> EntryDeclaration:
        alone = [way.value for way in self.told if way in TOLD_ALONE]
        if alone and len(self.told) > 1:
            raise ValueError(f"told {alone[0]} stands alone")
        return self

    @model_validator(mode="after")
    def _revisions_are_in_order(self) -> EntryDeclaration:
        if self.revised and self.status == PublicationStatus.DRAFT:
            raise ValueError("is a draft with revised; only what was published is revised")
        for before, after in pairwise(self.revised):
            if after.on < before.on:
                raise ValueError("revised: oldest first; sort them")
        for number, each in enumerate(self.revised):
            earlier = {other.on for other in self.revised[:number]}
            if each.undoes is not None and each.undoes not in earlier:
                raise ValueError(
                    "revised: undoes: no earlier revision of this entry is of "
                    f"{each.undoes:%Y-%m-%d}"
                )
        if len({(each.on, each.reason) for each in self.revised}) < len(self.revised):
            raise ValueError("revised: the same reason twice on one day; make it one revision")
        return self

    @model_validator(mode="after")
    def _unpublished_has_reason(self) -> EntryDeclaration:
        dates = (self.announced, self.decided, self.due, self.effective)
        moments = (self.observed_to, self.published)
        if self.status == PublicationStatus.PUBLISHED and not any((*dates, *moments)):
            raise ValueError("has no date; add announced, decided, effective or observed_to")
        if self.due and self.effective:
            raise ValueError("is due and effective; once it was seen, due becomes effective")
        return _with_reason(self)


class CatalogFile(PlatformDeclaration):
    """One platform, whole. The name of the file is the platform's slug."""

    format: Literal[2]
    pages: tuple[PageDeclaration, ...] = ()
    uses: tuple[UseDeclaration, ...] = Field(default=(), description="In order of weight.")
    controls: tuple[ControlDeclaration, ...] = ()
    entries: tuple[EntryDeclaration, ...] = ()
    guides: tuple[GuideDeclaration, ...] = ()

    def platform(self) -> PlatformDeclaration:
        """Return the declaration of the platform itself."""
        return PlatformDeclaration.model_construct(
            **{name: getattr(self, name) for name in PlatformDeclaration.model_fields}
        )


def _with_reason(declaration: _Published) -> _Published:
    if declaration.status != PublicationStatus.PUBLISHED and not declaration.reason:
        raise ValueError(f"is {declaration.status.value} without a reason; add reason")
    return declaration


def _with_sources_as_written(
    data: dict[str, Any], sources: tuple[SourceDeclaration, ...]
) -> dict[str, Any]:
    if sources:
        data["sources"] = [source.as_written() for source in sources]
    return data
