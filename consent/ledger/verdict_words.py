"""Words below an answer: sentences, states and ways out, in the page's language.

Titles and labels stay in the language of the catalog. The functions ending in _html mark them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext

from consent.ledger.answers import Axis, Line, Sentence, ShortAnswer, Stance, Verdict, Way, WayOut
from consent.ledger.catalog_words import translated, translated_html
from consent.ledger.headline_words import (
    STANCE_LABELS,
    operator_in_brief,
    operator_with_history,
    short_name,
)
from consent.ledger.offers import only_places
from consent.ledger.place_words import (
    in_a_row,
    in_parentheses,
    is_in_page_language,
    listed,
    people_words,
    place_words,
    place_words_in_brief,
)
from consent.ledger.platform_facts import (
    BranchFacts,
    CompaniesBehind,
    ControlFacts,
    StateFacts,
    UseFacts,
    operator_on,
    state_on,
)
from consent.ledger.verdict import are_disputed
from consent.search.asked_works import WORKS, are_named
from consent.search.plain_words import words
from consent.vocabulary import (
    GIVING_UP,
    IN_USE,
    ActCovers,
    DataKind,
    People,
    Purpose,
    Refuse,
    StateValue,
)
from consent.web.page_language import colon, once_per_language
from platforms.places import Coverage, joined

_CHIPS = {
    WayOut.REFUSABLE: StateValue.UNLESS_REFUSED.label,
    WayOut.EACH_TIME: gettext_lazy("On unless you refuse each time"),
    WayOut.EACH_REQUEST: gettext_lazy("On unless each request refuses"),
    WayOut.AT_TIMES: gettext_lazy("On unless you refuse at certain times"),
    WayOut.ORGANISATION: gettext_lazy("On unless your organisation refuses"),
    WayOut.ON_REQUEST: gettext_lazy("On unless %(operator)s accepts your objection"),
    WayOut.HOW_NOT_ON_RECORD: StateValue.UNLESS_REFUSED.label,
}
_UNLESS = {
    WayOut.REFUSABLE: gettext_lazy("%(title)s unless you refuse"),
    WayOut.EACH_TIME: gettext_lazy("%(title)s unless you refuse each time"),
    WayOut.EACH_REQUEST: gettext_lazy("%(title)s unless each request refuses"),
    WayOut.AT_TIMES: gettext_lazy("%(title)s unless you refuse at certain times"),
    WayOut.ORGANISATION: gettext_lazy("%(title)s unless your organisation refuses"),
    WayOut.ON_REQUEST: gettext_lazy("%(title)s unless %(operator)s accepts your objection"),
    WayOut.HOW_NOT_ON_RECORD: gettext_lazy("%(title)s unless you refuse; how is not on record"),
}
#: The same for others than organisations.
_BY_ADMIN = {
    StateValue.UNLESS_REFUSED: gettext_lazy("On unless an administrator refuses"),
    StateValue.ONLY_IF_AGREED: gettext_lazy("Off unless an administrator agrees"),
}
_SENTENCES_BY_ADMIN = {
    StateValue.UNLESS_REFUSED: gettext_lazy("%(title)s unless an administrator refuses"),
    StateValue.ONLY_IF_AGREED: gettext_lazy("%(title)s only if an administrator agrees"),
}
_SENTENCES = {
    StateValue.NO_WAY_OUT: gettext_lazy("%(title)s, and there is no way out"),
    StateValue.NOT_USED: "%(title)s",
    StateValue.UNCLEAR: gettext_lazy("Unclear whether %(title)s"),
    StateValue.NOT_OFFERED: gettext_lazy("Not so, as the feature is not offered: %(title)s"),
}
_ACTS = {
    Refuse.TURN_OFF: gettext_lazy("Turn off %(label)s"),
    Refuse.TURN_ON: gettext_lazy("Turn on %(label)s"),
    Refuse.SUBMIT: gettext_lazy("Send the form %(label)s"),
    Refuse.WRITE: gettext_lazy("Write to %(address)s"),
    Refuse.ASK_ADMIN: gettext_lazy("Ask your admin to refuse %(label)s"),
    Refuse.SEND_PARAMETER: gettext_lazy("Send %(label)s with each request"),
    Refuse.LEAVE: gettext_lazy("Leave %(label)s"),
    Refuse.DELETE: gettext_lazy("Delete %(label)s"),
}
_ACTS_OF_ADMINS = {
    Refuse.TURN_OFF: gettext_lazy("Ask your admin to turn off %(label)s"),
    Refuse.TURN_ON: gettext_lazy("Ask your admin to turn on %(label)s"),
    Refuse.SUBMIT: gettext_lazy("Ask your admin to send %(label)s"),
    Refuse.WRITE: gettext_lazy("Ask your admin to write to %(address)s"),
    Refuse.LEAVE: gettext_lazy("Ask your admin to leave %(label)s"),
    Refuse.DELETE: gettext_lazy("Ask your admin to delete %(label)s"),
}
_LEAVE_AS_IT_IS = {
    Refuse.TURN_OFF: gettext_lazy("Leave %(label)s off"),
    Refuse.TURN_ON: gettext_lazy("Leave %(label)s on"),
}
# The name of a control that has no words in the product follows a colon: nobody shall look for it.
_ACTS_WITH_NAMES = {
    Refuse.TURN_OFF: gettext_lazy("Turn off: %(name)s"),
    Refuse.TURN_ON: gettext_lazy("Turn on: %(name)s"),
    Refuse.SUBMIT: gettext_lazy("Send the form: %(name)s"),
    Refuse.WRITE: gettext_lazy("Write to %(address)s"),
    Refuse.ASK_ADMIN: gettext_lazy("Ask your admin: %(name)s"),
    Refuse.SEND_PARAMETER: gettext_lazy("Send with each request: %(name)s"),
    Refuse.LEAVE: "%(name)s",  # an act itself: "Make your account private"
    Refuse.DELETE: gettext_lazy("Delete: %(name)s"),
}
_LEAVE_NAMES_AS_THEY_ARE = {
    Refuse.TURN_OFF: gettext_lazy("Leave off: %(name)s"),
    Refuse.TURN_ON: gettext_lazy("Leave on: %(name)s"),
}
_REPEATED = {
    ActCovers.THIS_DEVICE: gettext_lazy("%(act)s on each device"),
    ActCovers.ONE_CONVERSATION: gettext_lazy("%(act)s each time"),
    ActCovers.ONE_ITEM: gettext_lazy("%(act)s each time"),
}
#: First words of titles that are no names, and so begin with a small letter within a sentence.
_NO_NAMES = frozenset(
    (
        *("A", "All", "An", "Any", "Anything", "Companies", "Everything", "Other", "Others"),
        *("People", "Some", "The", "What", "Your"),
        *("Anonymised", "Anonymized", "Applicants", "Audio", "Candidates", "Clips", "Code"),
        *("Content", "Conversations", "Data", "Datasets", "De-identified", "Documents"),
        *("Employees", "Error", "Files", "Free", "Identity", "Images", "Makers", "Meetings"),
        *("Messages", "Neighbours", "Optional", "Outside", "Pages", "Parts", "Personal"),
        *("Photos", "Pictures", "Prompts", "Providers", "Queries", "Recordings", "Requests"),
        *("Research", "Session", "Stored", "Survey", "Tasks", "Texts", "Usage", "Videos"),
        *("Website", "Where", "Work", "Works"),
    )
)


#: Longer notes are only on the card of the use. Chosen.
LONGEST_NOTE = 200  # characters
_MOST_NOTES = 3
_NOTHING_TO_REFUSE = {
    Purpose.TRAINING: gettext_lazy(
        "Nothing you can refuse here: %(name)s trains on what you give it."
    ),
    Purpose.HUMAN_REVIEW: gettext_lazy(
        "Nothing you can refuse here: people at %(name)s review what you give it, to improve AI."
    ),
    Purpose.SHARING_FOR_TRAINING: gettext_lazy(
        "Nothing you can refuse here: %(name)s passes what you give it on to AI firms."
    ),
}


def note_beside(verdict: Verdict) -> str:
    """Return the note of a state that leaves no way out, or of what is not offered.

    Else that of what the record says of minors alone, or of the plan alone, that is asked about.
    "" where it is long, there is none, or the headline says it: that accounts are for adults only.
    """
    if verdict.is_for_adults_only:
        return ""
    if verdict.stance == Stance.UNKNOWN:
        states = _unclear_for_minors(verdict)
    elif verdict.way == WayOut.NONE or verdict.is_not_offered:
        value = StateValue.NOT_OFFERED if verdict.is_not_offered else StateValue.NO_WAY_OUT
        states = [line.state for line in verdict.lines if line.value == value]
    else:
        states = _of_asked_alone(verdict)
    notes = [state.note for state in states if state and state.note]
    return next((note for note in notes if len(note) <= LONGEST_NOTE), "")


def notes_without_way(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the short notes of states without a way out, each with the places it is for.

    Those for the plan that is asked about alone, where no place is named and answers differ.
    """
    if verdict.place or not verdict.plan or verdict.stance != Stance.DEPENDS:
        return []
    notes = {
        line.state.note: place_words(line.branch.where)
        for line in verdict.lines
        if line.state and line.value == StateValue.NO_WAY_OUT
        if line.branch.plans == (verdict.plan,) and not line.branch.where.is_worldwide
    }
    return [(where, note) for note, where in notes.items() if note][:_MOST_NOTES]


def _unclear_for_minors(verdict: Verdict) -> list[StateFacts | None]:
    """Return the states of unclear uses of which the record speaks of minors, if they are asked of.

    Of some places only where one is asked about.
    """
    if verdict.people != People.MINORS:
        return []
    return [
        line.state
        for answer in verdict.by_atom.values()
        for line in answer.lines
        if line.value == StateValue.UNCLEAR and line.branch.people == (People.MINORS,)
        if verdict.place or line.branch.where.is_worldwide
    ]


def _of_asked_alone(verdict: Verdict) -> list[StateFacts | None]:
    """Return the states of the lead that are for no others than the minors or the plan asked of.

    Of some places only where one is asked about.
    """
    return [
        line.state
        for line in verdict.lines
        if line.use == verdict.lead
        if line.branch.people == (People.MINORS,) or line.branch.plans == (verdict.plan,)
        if verdict.place or line.branch.where.is_worldwide
    ]


def notes_then(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the short ones of all_notes_then. Long ones are on the page of the platform."""
    notes = [each for each in all_notes_then(verdict) if len(each[1]) <= LONGEST_NOTE]
    return notes[:_MOST_NOTES]


def all_notes_then(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the notes of states that an answer of a past day rests on, and that are over.

    Each after its use and places, where the answer has several.
    """
    has_uses = len({line.use for line in verdict.lines}) > 1
    has_places = len({line.branch.where for line in verdict.lines}) > 1
    told: dict[str, str] = {}
    for line in verdict.lines:
        if line.state and _is_over(line, verdict.day):
            uses = [name_of(line.use)] if has_uses else []
            places = [place_words(line.branch.where)] if has_places else []
            told.setdefault(line.state.note, in_a_row([*uses, *places]))
    for shown in ("", note_beside(verdict)):
        told.pop(shown, None)
    return [(about, note) for note, about in told.items()]


def _is_over(line: Line, day: dt.date) -> bool:
    """Return whether what held on a past day holds no more."""
    today = timezone.localdate()
    return day < today and line.state != state_on(line.use, line.branch, today)


def why_no_way(verdict: Verdict) -> str:
    """Say why an answer names no way out: nothing happens, none can refuse, or it is not known."""
    if verdict.stance == Stance.NO:
        return gettext("Nothing to refuse: the answer is no")
    if verdict.stance == Stance.NOT_ANY_MORE:
        return gettext("Nothing new to refuse; what was given before stays in use")
    if verdict.stance == Stance.NOT_OFFERED:
        return gettext("Nothing to refuse: the feature is not offered")
    if verdict.stance == Stance.ONLY_IF_AGREED:
        if verdict.way == WayOut.ORGANISATION:
            return gettext("Nothing to refuse unless your organisation agrees")
        return gettext("Nothing to refuse unless you agree")
    ways = {part.way for part in verdict.parts if part.stance == Stance.YES}
    if verdict.stance == Stance.YES and ways == {WayOut.NONE}:
        return gettext("There is no way out")
    if ways == {WayOut.NONE}:
        return gettext("Where it is on, there is no way out")
    if ways:
        return gettext("How to refuse is not on record")
    return gettext("No way to refuse is on record")


def nothing_to_refuse(verdict: Verdict) -> str:
    """Say what happens that nobody can refuse: training, or passing data on for it."""
    purpose = verdict.lead.purpose if verdict.lead else Purpose.TRAINING
    return _NOTHING_TO_REFUSE[purpose] % {"name": verdict.platform}


@dataclass(frozen=True, slots=True)
class Titles:
    """What a use does, and what is so where it does not: in the language of the page, if known."""

    title: str
    title_if_not: str
    is_english: bool

    @property
    def asked(self) -> str:
        """The title beside "unclear", so that it claims nothing."""
        is_within = self.is_english and get_language() == settings.LANGUAGE_CODE
        # Translators: a heading beside "Unclear": "Whether your posts train models"
        return gettext("Whether %(title)s") % {
            "title": self.begun_small if is_within else self.title
        }

    @property
    def begun_small(self) -> str:
        """The English title as it is within a sentence."""
        is_no_name = self.title.partition(" ")[0].rstrip(",'") in _NO_NAMES
        return self.title[0].lower() + self.title[1:] if is_no_name else self.title

    def beside(self, values: Collection[StateValue]) -> str:
        """The title to print beside states, so that no claim is beside a "no" or "unclear"."""
        if set(values) == {StateValue.NOT_USED}:
            return self.title_if_not or self.title
        return self.asked if set(values) <= {StateValue.UNCLEAR} else self.title


def name_of(use: UseFacts) -> str:
    """Name a use as briefly as possible: by its phrase, its part, or what happens."""
    return short_name(use) or titles_of(use).title


def titles_of(use: UseFacts) -> Titles:
    """Return the titles of a use for the page that is drawn; the English ones, if it has no others.

    Both are in one language: a use has a second title in each language or in none.
    """
    page = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    for language, title, title_if_not in use.titles:
        if language == page:
            return Titles(title, title_if_not, is_english=False)
    return Titles(use.title, use.title_if_not, is_english=True)


#: How files say in `covers` what a use leaves out.
_LEFT_OUT = "; this use leaves out: "


def left_out(verdict: Verdict) -> list[tuple[UseFacts, str]]:
    """Return the uses that are on whose file says what they leave out, with that part of it.

    It is in English, as files have it.
    """
    return [
        (use, use.covers.partition(_LEFT_OUT)[2])
        for use in _kinds_told(verdict)
        if _LEFT_OUT in use.covers
    ]


def data_told(verdict: Verdict) -> tuple[str, list[str]]:
    """Name the data of the uses that are on for those asked about; of the lead, if none is.

    Of a lead whose file says what it leaves out these words come first, and of other uses the kinds
    that it does not have: "chats" may be private messages, or what is typed into an AI.
    """
    kinds = _kinds_told(verdict)
    told = {kind for of_use in kinds.values() for kind in of_use}
    covers = ""
    lead = verdict.lead
    values = {line.value for line in verdict.lines if line.use in kinds}
    if verdict.stance == Stance.DEPENDS and values == {StateValue.NOT_USED}:
        return "", []  # the sentences say of what, and a list would pass for what is used
    if verdict.stance == Stance.NO or verdict.day < timezone.localdate():
        lead = None  # what a record says of its data is about their use, and of today
    if lead in kinds and _LEFT_OUT in lead.covers and kinds[lead] == set(lead.data_kinds):
        covers, told = lead.covers, told - kinds[lead]
    return covers, kind_labels(kinds, told)


def data_label(verdict: Verdict) -> str:
    """Return what stands before the data of an answer: of a no, that they are not used."""
    if verdict.stance == Stance.NO:
        return gettext("Not used for training")
    return gettext("Data")


def further_data(verdict: Verdict, other: Verdict) -> list[str]:
    """Name the data that another answer is about, and this one is not."""
    told = {kind for kinds in _kinds_told(verdict).values() for kind in kinds}
    kinds = _kinds_told(other)
    return kind_labels(kinds, {kind for each in kinds.values() for kind in each} - told)


def kind_labels(uses: Iterable[UseFacts], kinds: Collection[DataKind]) -> list[str]:
    """Name kinds of data of these uses. Recordings are music where a record calls them so."""
    labels = {kind: [str(kind.label)] for kind in DataKind if kind in kinds}
    heard = [f"{use.title} {use.covers}" for use in uses if DataKind.VOICE in use.data_kinds]
    if DataKind.VOICE in kinds and any(are_named("music", text) for text in heard):
        is_music = all(are_named("music", text) and "voice" not in words(text) for text in heard)
        label = labels[DataKind.VOICE]
        labels[DataKind.VOICE] = [str(WORKS["music"]), *([] if is_music else label)]
    return [label for of_kind in labels.values() for label in of_kind]


def _kinds_told(verdict: Verdict) -> dict[UseFacts, set[DataKind]]:
    """Return the kinds of data of the uses that are on; of the lead, if none is.

    Of a past day, those of states that still hold: of which data an earlier one was is not on
    record.
    """
    on: dict[UseFacts, list[BranchFacts]] = {}
    led: dict[UseFacts, list[BranchFacts]] = {}
    for answer in verdict.by_atom.values():
        for line in answer.lines:
            if _is_over(line, verdict.day):
                continue
            if line.value in IN_USE:
                on.setdefault(line.use, []).append(line.branch)
            if line.use == verdict.lead:
                led.setdefault(line.use, []).append(line.branch)
    return {use: set(use.kinds_of(branches)) for use, branches in (on or led).items()}


def trainers_of(verdict: Verdict) -> str:
    """Say who trains on what is on, where that is not the operator alone."""
    label, names = trainers_named(verdict, CompaniesBehind.without_owners)
    return f"{label}{colon()} {names}" if names else ""


def trainers_named(
    verdict: Verdict, shown: Callable[[CompaniesBehind], CompaniesBehind]
) -> tuple[str, str]:
    """Return "Who trains" or "Who else trains", and the names; both "" for the operator alone.

    shown: what is told of the companies behind each.

    Of others than the operator with their places, if they do not train wherever anybody does.
    """
    on = {line.use for line in verdict.lines if line.is_on}
    trainers = {_trainer(use, verdict.day): use for use in verdict.uses if use in on}
    others = []
    for name, use in trainers.items():
        behind = use.behind_trainer
        if behind and name == use.trained_by:
            in_full = operator_with_history(name, shown(behind))
        else:
            in_full = translated(name)
        if name:
            others.append(in_parentheses(in_full, _only_in(name, verdict)))
    if not others:
        return "", ""
    label = gettext("Who else trains") if "" in trainers else gettext("Who trains")
    return label, listed(others)


def _only_in(trainer: str, verdict: Verdict) -> list[str]:
    """Name where one trains, if others train in further places; nothing if not."""
    on = [(atom.cell, line) for atom, each in verdict.by_atom.items() for line in each.lines]
    cells = dict.fromkeys(cell for cell, line in on if line.is_on)
    own = dict.fromkeys(
        cell for cell, line in on if line.is_on and _trainer(line.use, verdict.day) == trainer
    )
    limited = bool(own) and own != cells
    return [place_words(where) for where in joined(list(own))] if limited else []


def _trainer(use: UseFacts, day: dt.date) -> str:
    if use.purpose == Purpose.SHARING_FOR_TRAINING and not use.trained_by:
        return pgettext("who trains", "others")
    if use.behind_trainer:
        then = operator_on(day, use.trained_by, use.behind_trainer.before)
        return then if then == use.trained_by else operator_in_brief(then)
    return use.trained_by


def people_of(answer: Verdict) -> str:
    """Name the people of an answer, with the words of sources: "creators (channel owners)"."""
    kind = People(answer.people or People.PERSONAL)
    groups = dict.fromkeys(line.branch.who for line in answer.lines if line.branch.who)
    return in_parentheses(str(kind.label), [people_words((), (), who) for who in groups])


def uses_apart(verdict: Verdict, *, with_sentences: bool = False) -> list[tuple[UseFacts, str]]:
    """Return the answers of uses where these differ, but not what headline and sentences say.

    Each says where sources disagree about all of it. with_sentences: all sentences stand beside it,
    not only those of a mixed answer.
    """
    stances: dict[str, set[Stance]] = {}
    for answer in verdict.by_atom.values():
        for key, stance in answer.by_use:
            stances.setdefault(key, set()).add(stance)
    said = {each.use.key for each in verdict.sentences}
    if verdict.stance == Stance.DEPENDS:
        return []
    if len(set().union(*stances.values())) < 2:
        # Where several sentences are about one use, what they leave out looks like no use at all.
        if verdict.stance != Stance.UNKNOWN or len(verdict.sentences) < 2:
            return []
        stances = {key: told for key, told in stances.items() if key not in said}
    found = []
    for use in verdict.uses:
        told = stances.get(use.key)
        is_one_of_two = told == {verdict.stance} or verdict.is_agreed_in_part
        is_said = verdict.is_mixed or (with_sentences and is_one_of_two)
        if told and not (is_said and use.key in said):
            words = str(STANCE_LABELS[next(iter(told)) if len(told) == 1 else Stance.DEPENDS])
            lines = [line for each in verdict.by_atom.values() for line in each.lines]
            if are_disputed(line for line in lines if line.use.key == use.key):
                words = gettext("%(words)s, disputed") % {"words": words}
            found.append((use, words))
    return found


def off_record(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Return the uses that are on record for some only: a name, its language, and for whom not.

    The name claims nothing; in some languages it is a question.
    """
    found = []
    for use in verdict.uses:
        told = {
            atom: any(line.use.key == use.key for line in each.lines)
            for atom, each in verdict.by_atom.items()
        }
        if not any(told.values()) or all(told.values()):
            continue
        by_place = len({atom.cell for atom in told}) > len({a.cell for a in told if told[a]})
        nothing = gettext("nothing on record elsewhere")
        if not by_place:
            nothing = gettext("nothing on record on other plans")
        titles, short = titles_of(use), short_name(use)
        language = "" if titles.is_english and not short else str(get_language())
        found.append((short or titles.asked, language, nothing))
    return found


def title_language(use: UseFacts) -> str:
    """The language of the titles of a use on this page; "" if it is that of curators."""
    return "" if titles_of(use).is_english else str(get_language())


def title_beside(use: UseFacts, alone: Verdict | ShortAnswer) -> str:
    """The title of a use to print beside its own answer: see Titles.beside."""
    titles = titles_of(use)
    if alone.stance in (Stance.NO, Stance.NOT_ANY_MORE):
        return titles.title_if_not or titles.title
    return titles.asked if alone.stance == Stance.UNKNOWN else titles.title


def question_words(name: str) -> str:
    """What an answer answers. name: of a platform, or of several products in one."""
    if " & " in name or " and " in name:
        return gettext("Do %(name)s train AI on your data?") % {"name": name}
    return gettext("Does %(name)s train AI on your data?") % {"name": name}


def chip_words(
    value: StateValue,
    way: WayOut = WayOut.REFUSABLE,
    operator: str = "",
    people: Collection[str] = (),
) -> str:
    """The words of a state beside a title: "On unless your organisation refuses"."""
    if way == WayOut.ORGANISATION and value in _BY_ADMIN and not _are_organisations(people):
        return str(_BY_ADMIN[value])
    if value == StateValue.UNLESS_REFUSED:
        # Some of these people may not be asked about: then nothing is known of their way.
        return str(_CHIPS.get(way, value.label)) % {"operator": operator_in_brief(operator)}
    if value == StateValue.ONLY_IF_AGREED and way == WayOut.ORGANISATION:
        return gettext("Off unless your organisation agrees")
    return str(value.label)


def _are_organisations(people: Collection[str]) -> bool:
    return set(people) == {People.ORGANISATION}


def sentence_words(sentence: Sentence, operator: str = "") -> str:
    """What happens, with the places and people that it is limited to."""
    template, parts = _sentence(sentence, operator)
    return in_parentheses(template % parts, [*_limits(sentence), *_doubts(sentence)])


def sentence_html(
    sentence: Sentence, operator: str = "", *, with_limits: bool = True, is_refused: bool = False
) -> SafeString:
    """Like sentence_words, with a mark on the title on pages in another language.

    with_limits: False where the places and people that it is limited to head it.
    is_refused: after "What this refuses:", where "unless you refuse" would turn it round.
    """
    template, parts = _sentence(sentence, operator)
    if is_refused and sentence.value == StateValue.UNLESS_REFUSED:
        template = "%(title)s"
    if titles_of(sentence.use).is_english:
        parts["title"] = _as_written(parts["title"], "span")
    html = _filled(template, parts)
    limits = _limits_html(sentence) if with_limits else []
    return SafeString(in_parentheses(html, [*limits, *map(escape, _doubts(sentence))]))


def by_limits(sentences: Collection[Sentence]) -> list[tuple[SafeString, list[Sentence]]]:
    """Group sentences by the places and people that they are limited to, which come first.

    Only where several are about one use, and differ in nothing else; else all are one group.
    """
    if len({each.use.key for each in sentences}) == len(sentences):
        return [(SafeString(""), list(sentences))]
    groups: dict[SafeString, list[Sentence]] = {}
    for each in sentences:
        limits = in_a_row(_limits_html(each))
        if each.wheres or not each.plans:  # names of plans keep their letters
            limits = limits[:1].upper() + limits[1:]
        groups.setdefault(SafeString(limits), []).append(each)
    return list(groups.items())


def limits_told(sentence: Sentence) -> str:
    """The places and people that a sentence is limited to; "" if it holds for all."""
    return in_a_row(_limits(sentence))


def doubts_told(sentence: Sentence) -> str:
    """Whether, or where, a sentence is disputed; "" without a doubt."""
    return in_a_row(_doubts(sentence))


def _limits_html(sentence: Sentence) -> list[str]:
    return [
        _as_written(each, "span")
        if each == sentence.who and not is_in_page_language(each)
        else escape(each)
        for each in _limits(sentence)
    ]


def act_words(
    control: ControlFacts,
    value: StateValue = StateValue.UNLESS_REFUSED,
    *,
    people: People = People.PERSONAL,
    operator: str = "",
) -> str:
    """The act and the label together: "Turn off “Improve the model for everyone”".

    value: the state of the use; where it is only-if-agreed, nothing needs to be done.
    people: an organisation acts by itself, others ask their admin.
    """
    label = gettext("“%(label)s”") % {"label": control.label}
    if local := control.label_in(get_language()):
        label = gettext("“%(label)s”") % {"label": local} + f" ({label})"
    return _act(control, value, people) % _objects(control, label, operator)


def act_html(
    control: ControlFacts,
    value: StateValue = StateValue.UNLESS_REFUSED,
    *,
    people: People = People.PERSONAL,
    operator: str = "",
    quoted: bool = False,
) -> SafeString:
    """Like act_words, with the label in <em>, or between quotation marks.

    Both within a sentence of another language, in which an English label would be misread.
    """
    is_foreign = get_language() != settings.LANGUAGE_CODE
    label = _as_written(control.label, "span" if quoted or is_foreign else "em")
    local = escape(control.label_in(get_language()))
    if quoted or is_foreign:
        label = _filled(gettext("“%(label)s”"), {"label": label})
        local = local and _filled(gettext("“%(label)s”"), {"label": local})
    if is_foreign and not quoted:
        label, local = SafeString(f"<em>{label}</em>"), local and SafeString(f"<em>{local}</em>")
    if local:
        label = SafeString(f"{local} ({label})")
    objects = _objects(control, label, operator)
    if control.name:
        objects["name"] = translated_html(control.name)
    return _filled(_act(control, value, people), objects)


def way_words(way: Way, *, people: People = People.PERSONAL, operator: str = "") -> str:
    """A way out: "Turn on “Temporary Chat” each time"."""
    words = act_words(way.control, people=people, operator=operator)
    for template in _qualifiers(way):
        words = template % {"act": words}
    return words


def way_html(
    way: Way,
    value: StateValue = StateValue.UNLESS_REFUSED,
    *,
    people: People = People.PERSONAL,
    operator: str = "",
    quoted: bool = False,
) -> SafeString:
    """Like way_words, with the label in <em>. What is left as it is needs no repetition."""
    html = act_html(way.control, value, people=people, operator=operator, quoted=quoted)
    if value == StateValue.ONLY_IF_AGREED and not way.control.covers_one_at_a_time:
        return html
    for template in _qualifiers(way):
        html = _filled(template, {"act": html})
    return html


_WAYS_DIFFER = {
    (Axis.PLACE,): gettext_lazy("The way out differs by place"),
    (Axis.PLAN,): gettext_lazy("The way out differs by plan"),
    (Axis.PLACE, Axis.PLAN): gettext_lazy("The way out differs by place and plan"),
}


def ways_words(verdict: Verdict) -> str:
    """The best way out and how many more are needed; "" if none is known.

    The minutes are those of all ways together.
    """
    if not verdict.ways:
        return ""
    if verdict.ways_differ_by:
        return str(_WAYS_DIFFER[verdict.ways_differ_by])
    words = way_words(verdict.ways[0], people=verdict.people, operator=verdict.operator)
    for template, parts in _around_ways(verdict):
        words = template % (parts | {"way": words})
    return words


def ways_html(verdict: Verdict) -> SafeString:
    """Like ways_words, with a mark on the label on pages in another language."""
    if not verdict.ways or verdict.ways_differ_by:
        return format_html("{}", ways_words(verdict))
    people, operator = verdict.people, verdict.operator
    html = way_html(verdict.ways[0], people=people, operator=operator, quoted=True)
    for template, parts in _around_ways(verdict):
        html = _filled(template, parts | {"way": html})
    return html


def _around_ways(verdict: Verdict) -> list[tuple[str, dict[str, str]]]:
    """Return the texts to put around the best way out: how many more, and the minutes of all."""
    around: list[tuple[str, dict[str, str]]] = []
    if limits := ", ".join(_limits_of(verdict.ways[0], verdict)):
        around.append(("%(way)s (%(limits)s)", {"limits": limits}))
    if _only_stays_away(verdict):
        around.append((gettext("You cannot refuse, only stay away. %(way)s"), {}))
    if more := len(verdict.ways) - 1:
        template = ngettext("%(way)s, and %(count)s more", "%(way)s, and %(count)s more", more)
        around.append((template, {"count": str(more)}))
    if verdict.minutes is not None:
        minutes = ngettext("%(count)d minute", "%(count)d minutes", verdict.minutes)
        around.append(("%(way)s · %(minutes)s", {"minutes": minutes % {"count": verdict.minutes}}))
    return around


def _limits_of(way: Way, verdict: Verdict) -> list[str]:
    """Say what a way out is for and where, if not for all that is asked about."""
    limits = [] if reaches_lead(way, verdict) else [only_for_uses(way, verdict)]
    if way.shares and all(share.wheres for share in way.shares):
        limits.append(only_places(where for share in way.shares for where in share.wheres))
    return limits


def reaches_lead(way: Way, verdict: Verdict) -> bool:
    """Return whether a way out refuses what an answer is about first."""
    return not {each.lead for each in verdict.by_atom.values()}.isdisjoint(way.uses)


def only_for_uses(way: Way, verdict: Verdict) -> str:
    """Name the uses that a way out refuses: "only for: Meta AI chats"."""
    names = [name_of(use) for use in verdict.uses if use.key in way.uses]
    # Translators: "only for: Meta AI chats", beside a way to refuse
    return gettext("only for: %(uses)s") % {"uses": "; ".join(names)}


def _only_stays_away(verdict: Verdict) -> bool:
    """True if all ways mean giving the product up, and what they end cannot be refused."""
    reached = {use for way in verdict.ways for use in way.uses}
    return all(way.control.refuse in GIVING_UP for way in verdict.ways) and all(
        line.value == StateValue.NO_WAY_OUT for line in verdict.lines if line.use.key in reached
    )


@once_per_language
def _sentence_template(value: StateValue, by_organisation: bool, has_title_if_not: bool) -> str:
    if value == StateValue.ONLY_IF_AGREED:
        if by_organisation:
            return gettext("%(title)s only if your organisation agrees")
        return gettext("%(title)s only if you agree")
    if value == StateValue.NOT_USED and not has_title_if_not:
        # The catalog refuses this; the title alone would say the opposite.
        return gettext("Not used: %(title)s")
    return str(_SENTENCES[value])


def _sentence(sentence: Sentence, operator: str) -> tuple[str, dict[str, str]]:
    value, titles = sentence.value, titles_of(sentence.use)
    title, title_if_not = titles.title, titles.title_if_not
    is_by_admin = sentence.way == WayOut.ORGANISATION and not all(
        _are_organisations(branch.people) for branch in sentence.branches
    )
    if is_by_admin and value in _SENTENCES_BY_ADMIN:
        return str(_SENTENCES_BY_ADMIN[value]), {"title": title}
    if value == StateValue.UNLESS_REFUSED:
        parts = {"title": title, "operator": operator_in_brief(operator)}
        return str(_UNLESS[sentence.way]), parts
    if value == StateValue.NOT_USED:
        title = title_if_not or title
    elif value == StateValue.UNCLEAR and titles.is_english:
        title = titles.begun_small
    template = _sentence_template(value, sentence.way == WayOut.ORGANISATION, bool(title_if_not))
    return template, {"title": title}


def _limits(sentence: Sentence) -> list[str]:
    """Where and for whom it holds."""
    limits = [place_words_in_brief(where) for where in sentence.wheres]
    if sentence.who:
        limits.append(people_words((), (), sentence.who))
    elif sentence.plans:
        limits.append(listed(sentence.plans))
    elif sentence.is_of_other_plans:
        limits.append(gettext("other plans"))
    return limits


def _doubts(sentence: Sentence) -> list[str]:
    if sentence.disputed_in:
        places = listed([place_words(where) for where in sentence.disputed_in])
        return [gettext("disputed: %(places)s") % {"places": places}]
    return [gettext("disputed")] if sentence.disputed else []


def _act(control: ControlFacts, value: StateValue, people: People) -> str:
    refuse = control.refuse
    if control.covers_one_at_a_time:  # off again by itself, so there is nothing to leave on
        value = StateValue.UNLESS_REFUSED
    if not control.label:
        if value == StateValue.ONLY_IF_AGREED and refuse in _LEAVE_NAMES_AS_THEY_ARE:
            return str(_LEAVE_NAMES_AS_THEY_ARE[refuse])
        if control.is_by_admin and people != People.ORGANISATION:
            if refuse == Refuse.WRITE:
                return str(_ACTS_OF_ADMINS[refuse])
            return str(_ACTS_WITH_NAMES[Refuse.ASK_ADMIN])
        return str(_ACTS_WITH_NAMES[refuse])
    if value == StateValue.ONLY_IF_AGREED and refuse in _LEAVE_AS_IT_IS:
        return str(_LEAVE_AS_IT_IS[refuse])
    if control.is_by_admin and people != People.ORGANISATION and refuse in _ACTS_OF_ADMINS:
        return str(_ACTS_OF_ADMINS[refuse])
    if refuse == Refuse.DELETE and control.label.casefold().startswith("delete"):
        return gettext("Choose %(label)s")
    return str(_ACTS[refuse])


def _objects(control: ControlFacts, label: str, operator: str) -> dict[str, str]:
    return {
        "label": label,
        "name": translated(control.name),
        "address": control.to or operator_in_brief(operator) or control.words,
    }


def _qualifiers(way: Way) -> list[str]:
    """Return the texts to put around an act: how often, whether it is offered, and followed."""
    qualifiers = []
    is_said = way.control.refuse == Refuse.SEND_PARAMETER  # "with each request"
    if way.control.act_covers in _REPEATED and not is_said:
        qualifiers.append(str(_REPEATED[way.control.act_covers]))
    if way.coverage == Coverage.PERHAPS:
        qualifiers.append(gettext("%(act)s, if it is offered to you"))
    if not way.control.binding:
        qualifiers.append(gettext("%(act)s (not confirmed that it works)"))
    return qualifiers


def _as_written(text: str, tag: str) -> SafeString:
    """Return a text of the catalog in a tag, with its language if the page has another one."""
    text, language = escape(text), settings.LANGUAGE_CODE
    if get_language() == language:
        return SafeString(text if tag == "span" else f"<em>{text}</em>")
    return SafeString(f'<{tag} lang="{language}">{text}</{tag}>')


def _filled(template: str, parts: dict[str, str]) -> SafeString:
    """Fill a text with %(name)s into HTML, with everything in it escaped."""
    # Not format_html: the matrix has thousands of such texts.
    escaped = {
        name: part if isinstance(part, SafeString) else escape(part) for name, part in parts.items()
    }
    return SafeString(template % escaped)
