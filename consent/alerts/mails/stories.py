"""The content of mails about an entry, loaded from the database once for all recipients."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from consent.alerts.fan_out.announce import turning_on
from consent.alerts.mails.subjects import product
from consent.alerts.subscriptions.choices import joined
from consent.diffing import diff, passages
from consent.ledger.atom_answers import rank
from consent.ledger.dates import Dated, dates_with_announcement, leading_date
from consent.ledger.facts import Facts, control_key, facts_of, use_facts, use_key
from consent.ledger.headline_words import headline
from consent.ledger.offers import only_for
from consent.ledger.place_words import SEMICOLON, people_words, place_words
from consent.ledger.platform_facts import ControlFacts, PlatformFacts
from consent.ledger.question import Question
from consent.ledger.reader_place import place_label
from consent.ledger.turns import Turn, concerns_training, turns_of, way_after
from consent.ledger.verdict import verdict
from consent.ledger.verdict_words import (
    act_html,
    act_words,
    chip_words,
    question_words,
    title_language,
    titles_of,
)
from consent.models import Change, Control, Entry, Guide, Source, Use
from consent.models.people import ForPeople
from consent.vocabulary import PassageSide, People, PublicationStatus, Reach, StateValue
from consent.web.absolute_urls import absolute_url
from consent.web.date_words import format_date
from platforms.models import Platform
from platforms.places import Coverage, merged

#: Characters and passages quoted in a mail. Chosen: the rest is on the linked page.
LONGEST_PASSAGE = 420
MOST_PASSAGES = 2
MOST_WAYS_OUT = 2
MOST_ANSWERS = 3
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_NOT_HAPPENING = {StateValue.NOT_USED, StateValue.NOT_OFFERED}


@dataclass(frozen=True, slots=True)
class Turned:
    """What is done with data, before and after, in words.

    title: a sentence. language: of the title; "" if it is that of curators.
    """

    title: str
    who: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a page before and after; either may be empty."""

    removed: str
    added: str
    page: str
    language: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class WayOut:
    """A way to refuse: the act with the label, as text and as HTML, and the page with the steps."""

    words: str
    html: SafeString
    url: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """on: whether training is turned on. to_come: whether it has not begun, as far as we know.

    advice: what a reader can do, if there is no way out to name. ways_elsewhere: links to platforms
    where other things can be refused, if this cannot. answers: of the platforms whose training it
    is about, today and anywhere: a question and its answer; `in_place` changes them.
    """

    entry: Entry
    url: str
    product: str
    turned: tuple[Turned, ...]
    dates: tuple[tuple[str, str], ...]
    leading: tuple[str, str]
    who: str
    where: str
    quotes: tuple[Quote, ...]
    ways: tuple[WayOut, ...]
    on: bool
    to_come: bool
    advice: str = ""
    ways_elsewhere: tuple[WayOut, ...] = ()
    platforms: tuple[PlatformFacts, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    def in_place(self, place: str) -> Story:
        """Return the story with the answers for a reader's place; "" is anywhere."""
        return replace(self, answers=tuple(answers_in(self.platforms, place)))

    @property
    def title(self) -> str:
        return self.entry.title

    @property
    def deadline(self) -> str:
        """The last day to refuse, in words; "" if there is none."""
        day = self.entry.deadline_on
        return format_date(day, self.entry.deadline_precision) if day else ""

    @property
    def steps_url(self) -> str:
        """The page with the steps of the best way out; the page of the change if there is none."""
        return self.ways[0].url if self.ways else self.url


def load_stories(entry_ids: Iterable[int]) -> dict[int, Story]:
    """Return the stories of these entries, with a fixed number of queries for all of them."""
    guides = Guide.objects.published().order_by("minutes", "pk")
    controls = Control.objects.published().select_related("platform")
    controls = controls.prefetch_related(Prefetch("guides", guides, to_attr="published_guides"))
    entries = list(
        Entry.objects.filter(pk__in=set(entry_ids))
        .select_related("follows", "outcome")
        .prefetch_related(
            "platforms",
            "announcements",
            Prefetch("sources", Source.objects.prefetch_related("passages")),
            Prefetch("controls", controls, to_attr="named_controls"),
            "uses",
            Prefetch("uses__controls", controls, to_attr="public_controls"),
            Prefetch(
                "changes",
                Change.objects.select_related("page", "before_document", "after_document"),
            ),
        )
    )
    turns = turns_of(entries)
    facts = facts_of({platform for entry in entries for platform in entry.platforms.all()})
    on = turning_on(entries)
    return {
        entry.pk: _story(entry, turns.get(entry.pk, []), facts, on=entry.pk in on)
        for entry in entries
    }


def _story(entry: Entry, turns: Sequence[Turn], facts: Facts, *, on: bool) -> Story:
    leading = leading_date(entry)
    ways = tuple(_ways_out(entry, turns, facts))
    platforms = (
        [facts[each.pk] for each in entry.platforms.all()] if concerns_training(entry) else []
    )
    return Story(
        entry=entry,
        url=absolute_url(reverse("change-by-id", args=[entry.public_id])),
        product=product(entry),
        turned=tuple(_turned(turns, facts)),
        dates=tuple(map(in_words, dates_with_announcement(entry))),
        leading=in_words(leading) if leading else (_("Date"), _("not stated")),
        who=_people(entry),
        where=place_words(entry.where),
        quotes=tuple(_quotes(entry)),
        ways=ways,
        on=on,
        to_come=is_to_come(entry),
        advice="" if ways else _advice(entry, turns),
        ways_elsewhere=() if ways or _asks_nothing(turns) else tuple(_ways_elsewhere(platforms)),
        platforms=tuple(platforms),
        answers=tuple(answers_in(platforms, "")),
    )


def answers_in(platforms: Iterable[PlatformFacts], place: str) -> Iterator[tuple[str, str]]:
    """Yield questions and today's answers, as pages give them to readers in a place."""
    for facts in islice(platforms, MOST_ANSWERS):
        where = f" ({place_label(place)})" if place else ""
        yield (
            question_words(facts.name) + where,
            headline(verdict(facts, Question(timezone.localdate(), place))),
        )


def in_words(date: Dated) -> tuple[str, str]:
    """Return the label of a date, and the date."""
    return date.label, format_date(date.on, date.precision)


def is_to_come(entry: Entry) -> bool:
    """Return whether an entry is about something that has not begun, as far as we know."""
    if entry.effective_on is None:
        return entry.due_on is not None
    return entry.effective_on > timezone.localdate()


def _turned(turns: Sequence[Turn], facts: Facts) -> Iterator[Turned]:
    """Yield what turned, once where it is alike for several places or platforms."""
    alike: dict[tuple[str, str, str, str, str], list[Turn]] = {}
    for turn in turns:
        use, values, of_platform = use_facts(turn.use, ()), turn.values, facts[turn.use.platform_id]
        before = str(values.before.label) if values.before else _("not recorded")
        way = way_after(turn, of_platform)
        after = chip_words(values.after, way, of_platform.operator, turn.branch.people)
        told = (titles_of(use).title, title_language(use), _people(turn.branch), before, after)
        alike.setdefault(told, []).append(turn)
    has_several = len({turn.use.platform_id for turn in turns}) > 1
    for (title, language, people, before, after), group in alike.items():
        names = dict.fromkeys(facts[turn.use.platform_id].name for turn in group)
        places = map(place_words, merged(turn.branch.where for turn in group))
        who = f"{people}, {SEMICOLON.join(places)}"
        who = f"{joined(list(names))}{SEMICOLON}{who}" if has_several else who
        yield Turned(title, who, before, after, language)


def _people(record: ForPeople) -> str:
    return people_words(record.people, record.plans, record.who)


def _quotes(entry: Entry) -> list[Quote]:
    """Return the words that an entry rests on, or else the first passages of the change's diff.

    With cited words that the diff has comes what they replaced.
    """
    changed = [
        (change.page, passage)
        for change in entry.compared_changes
        for passage in passages(diff(change.before_document.text, change.after_document.text))
    ]
    cited = [
        (passage, source.publisher)
        for source in entry.sources.all()
        for passage in source.passages.all()
        if passage.words
    ]
    found = [
        Quote(
            _short(passage.removed, words), _short(passage.added, words), page.title, page.language
        )
        for words in (cited_passage.words for cited_passage, _publisher in cited)
        for page, passage in changed
        if any(_plain(words) in _plain(side) for side in (passage.removed, passage.added))
    ]
    quotes = found or [
        Quote("", _short(passage.words), publisher)
        if passage.side == PassageSide.AFTER
        else Quote(_short(passage.words), "", publisher)
        for passage, publisher in cited
    ]
    quotes = quotes or [
        Quote(_short(passage.removed), _short(passage.added), page.title, page.language)
        for page, passage in changed
    ]
    return list(dict.fromkeys(quotes))[:MOST_PASSAGES]


def _advice(entry: Entry, turns: Sequence[Turn]) -> str:
    values = {turn.values.after for turn in turns}
    if values and values <= _NOT_HAPPENING:
        return _("You need to do nothing: it does not happen.")
    if _asks_nothing(turns):
        return _("You need to do nothing, unless you have agreed.")
    return _("We know of no way to refuse this yet.") if concerns_training(entry) else ""


def _asks_nothing(turns: Sequence[Turn]) -> bool:
    """Return whether people need to do nothing: it does not happen, or only if they agree."""
    values = {turn.values.after for turn in turns}
    return bool(values) and values <= _NOT_HAPPENING | {StateValue.ONLY_IF_AGREED}


def _ways_elsewhere(platforms: Iterable[PlatformFacts]) -> Iterator[WayOut]:
    """Yield links to the platforms whose answer names a way out: "unless you opt out"."""
    question = Question(timezone.localdate())
    for facts in islice(platforms, MOST_ANSWERS):
        if verdict(facts, question).ways:
            words = _("What you can refuse on %(name)s") % {"name": facts.name}
            url = absolute_url(reverse("platform", args=[facts.slug]))
            yield WayOut(words, format_html("{}", words), url, None)


def _ways_out(entry: Entry, turns: Sequence[Turn], facts: Facts) -> list[WayOut]:
    """Return the best controls that the entry names, or that reach the uses that it is about."""
    if turns and {turn.values.after for turn in turns} <= _NOT_HAPPENING:
        return []
    day = max(timezone.localdate(), entry.due_on or entry.effective_on or dt.date.min)
    by_key = _controls_by_key(entry, facts)
    named: list[Control] = entry.named_controls  # type: ignore[attr-defined] # of the prefetch
    uses = [use for use in entry.uses.all() if use.status == PublicationStatus.PUBLISHED]
    found = {control.pk: control for use in uses for control in _public_controls(use)}
    found |= {control.pk: control for control in named}
    candidates = [
        (control, known)
        for control in found.values()
        if (known := by_key.get(control_key(control)))
        and known.reach != Reach.PAST_ONLY
        and _is_offered(known, day)
    ]
    offers = {known.key: Coverage.SURELY for _control, known in candidates}
    keys = {use_key(turn.use) for turn in turns}
    candidates.sort(
        key=lambda each: (each[0] not in named, *rank(each[1], offers, keys), each[0].position)
    )
    return [
        _way_out(control, known, entry, turns, day) for control, known in candidates[:MOST_WAYS_OUT]
    ]


def _controls_by_key(entry: Entry, facts: Facts) -> Mapping[str, ControlFacts]:
    return {
        control.key: control
        for platform in entry.platforms.all()
        for control in facts[platform.pk].controls
    }


def _public_controls(use: Use) -> list[Control]:
    return use.public_controls  # type: ignore[attr-defined, no-any-return] # of the prefetch


def _is_offered(control: ControlFacts, day: dt.date) -> bool:
    """Return whether a control is offered to anybody on a day."""
    return not control.offered or any(
        (offer.since is None or offer.since <= day) and (offer.until is None or day < offer.until)
        for offer in control.offered
    )


def _way_out(
    control: Control, known: ControlFacts, entry: Entry, turns: Sequence[Turn], day: dt.date
) -> WayOut:
    agreed = bool(turns) and all(turn.values.after == StateValue.ONLY_IF_AGREED for turn in turns)
    value = StateValue.ONLY_IF_AGREED if agreed else StateValue.UNLESS_REFUSED
    concerned = {kind for turn in turns for kind in turn.branch.people} or set(entry.people)
    by_organisation = concerned == {People.ORGANISATION}
    people = People.ORGANISATION if by_organisation else People.PERSONAL
    platform: Platform = control.platform
    guides: list[Guide] = control.published_guides  # type: ignore[attr-defined] # of the prefetch
    if guides:
        address = guides[0].get_absolute_url()
    else:
        address = f"{platform.get_absolute_url()}#{control.slug}"
    operator = platform.operator
    words = act_words(known, value, people=people, operator=operator)
    html = act_html(known, value, people=people, operator=operator)
    limits = only_for(known, min(concerned, default=people, key=list(People).index), day)
    return WayOut(
        words=f"{words} ({limits})" if limits else words,
        html=format_html("{} ({})", html, limits) if limits else html,
        url=absolute_url(address),
        minutes=known.minutes,
    )


def _short(text: str, words: str = "") -> str:
    """Shorten captured text to one line. It begins with these words if they come late in it."""
    text, words = _plain(text), _plain(words)
    at = text.find(words)
    return Truncator(text[at:] if at + len(words) > LONGEST_PASSAGE else text).chars(
        LONGEST_PASSAGE
    )


def _plain(text: str) -> str:
    """Return a text in one line, without invisible and text-direction characters."""
    return " ".join(_CONTROL.sub(" ", text).split())
