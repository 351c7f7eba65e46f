"""The parts of an answer about a platform, as templates draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import get_language

from consent.ledger.answers import Sentence, Since, Verdict, WayOut
from consent.ledger.headline_words import since_words, whose_since
from consent.ledger.place_words import is_in_page_language, people_words
from consent.ledger.platform_facts import UseFacts
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import Elsewhere
from consent.ledger.verdict_words import data_label, data_told
from consent.ledger.way_buttons import WayButton
from consent.ledger.who_sets import Setting
from consent.models import Entry, Guide
from consent.search.pages import Asked
from consent.vocabulary import People
from consent.web.page_language import colon
from platforms.models import Platform

#: Uses, places or changes that are named one by one. Chosen.
MOST_NAMED = 4


class FirstLine(NamedTuple):
    """rest: what a file says. source: the page that it is from. use: whose answer it is.

    records: what it links. dated: what it links by days. details: what is less important than the
    words, after them.
    """

    words: str
    records: Sequence[Entry | Guide | Platform] = ()
    rest: str = ""
    source: str = ""
    use: UseFacts | None = None
    details: str = ""
    dated: Sequence[tuple[str, Entry]] = ()


def linked(label: str, records: Sequence[Entry | Guide]) -> list[FirstLine]:
    """Return the line that links records; none without any."""
    return [FirstLine(f"{label}{colon()}", records)] if records else []


class AskedPart(NamedTuple):
    """One of the things that a question asks: since when, who, what is deleted.

    lines: all that is said of it. main: those that answer it best. begins_with_answer: the first
    line of how people were told is whether they were asked, which comes before the headline.
    """

    what: Asked
    lines: Sequence[FirstLine]
    main: Sequence[FirstLine]
    begins_with_answer: bool = False

    @property
    def further(self) -> list[FirstLine]:
        return [line for line in self.lines if line not in self.main]


class AnswerAbout(NamedTuple):
    """The answer about what was asked. label: what that is, in a language ("": English).

    first: what is said before it; after: below it.
    """

    verdict: Verdict
    label: str = ""
    language: str = ""
    first: Sequence[FirstLine] = ()
    after: Sequence[FirstLine] = ()


class OtherDay(NamedTuple):
    """The answer of an earlier day of the year or month that was asked about."""

    words: str
    answer: Verdict


class TooYoung(NamedTuple):
    """What holds for a child who is too young for an account.

    starts_at: the age from which accounts are open. answer: for younger children, if anything is on
    record of them. notes: what else is said of them, as files have it.
    """

    starts_at: int
    answer: Verdict | None
    notes: Sequence[str]


#: Sentences below an answer of the box. Chosen.
_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """The answer for a reader on a day.

    verdict: about what was asked. about: what that is if it is not all; day: if it is not today;
    language: of both, "" for English. whole: then the answer about all.
    others: answers for other people on the plan, or about uses that the verdict knows nothing of.
    first: what it begins with, by the question; below: days and the like that are asked for, right
    below the headline. parts: what it says below the headline of each
    thing that is asked, where these are several or there is much to say; further: more of each,
    which is folded; folds_rest: so is what nobody asked for, with further_buttons.
    tells_since: one of them is since when; tells_age: for which age. earlier: what held before the
    last day of a year or month that is past. differs_by_place: the buttons are for people in
    different places, where the question names none.
    also: what nobody asked for, and is another answer. differs_there: in the place that is offered.
    elsewhere: what differs outside the place that is named.
    lead_since: of the first use alone, where
    uses that differ have no start together.
    settings: who in an organisation sets what. decides_itself: it agrees, or does not.
    tells_settings: that is asked, and told before what nobody asked for.
    too_young: the child who is asked about; the answer is then that for older minors.
    on_own_plans: the verdict on the plans of those who ask, such as schools, which have its start.
    adults: what is on record of them, where minors ask of whom less is.
    days: beside the answer of a past day, which has no buttons, the whole answers of a second one
    that was named and of today. tells_days_together: of past ones only the headline comes first.
    is_as_now: the answer of today, which is the same, says so.
    age: of the minor who is asked about. is_of_one_place: of several that are named; only_here:
    what happens there, and not in all of the others. folds_beside: of a minor's services, what is
    beside the answer and the way out is folded.
    as_for: the service above it, of the same company, with whose data the same happens, here and
    elsewhere. has_data_above: the answer above, for another place or day, is about the same data.
    """

    platform: Platform
    verdict: Verdict
    buttons: Sequence[WayButton]
    reader: Reader
    others: Sequence[Verdict] = ()
    first: Sequence[FirstLine] = ()
    about: str = ""
    day: str = ""
    language: str = ""
    whole: Verdict | None = None
    earlier: Sequence[OtherDay] = ()
    differs_by_place: bool = False
    also: Sequence[FirstLine] = ()
    differs_there: bool = False
    elsewhere: Elsewhere | None = None
    parts: Sequence[FirstLine] = ()
    further: Sequence[FirstLine] = ()
    folds_rest: bool = False
    further_buttons: Sequence[WayButton] = ()
    below: Sequence[FirstLine] = ()
    tells_since: bool = False
    tells_age: bool = False
    lead_since: Since | None = None
    settings: Sequence[Setting] = ()
    decides_itself: bool = False
    tells_settings: bool = False
    too_young: TooYoung | None = None
    on_own_plans: Sequence[tuple[str, Verdict]] = ()
    adults: Verdict | None = None
    days: Sequence[AnswerLine] = ()
    as_for: Platform | None = None
    has_data_above: bool = False
    age: int | None = None
    is_as_now: bool = False
    is_of_one_place: bool = False
    folds_beside: bool = False
    only_here: Sequence[Sentence] = ()

    @property
    def now(self) -> AnswerLine:
        """The answer of today, which may be the only one."""
        return self.all_days[-1]

    @property
    def label(self) -> str:
        return capfirst(", ".join(filter(None, (self.day, self.about))))

    @property
    def anchor(self) -> str:
        """Where it stands among answers about several services, places and plans."""
        parts = (self.platform.slug, self.reader.place, slugify(self.plan))
        return "-".join(filter(None, ("answer", *parts))).lower()

    @property
    def all_days(self) -> list[AnswerLine]:
        return [self, *self.days]

    @property
    def tells_days_together(self) -> bool:
        return bool(self.days and self.now.day)

    @property
    def is_of_today(self) -> bool:
        return self.verdict.day == timezone.localdate()

    @property
    def address(self) -> str:
        """The page of the platform, for the same reader, on the plan that was typed."""
        return self.reader.page_of(self.platform, self.verdict.day, self.age)

    @property
    def plan(self) -> str:
        return self.reader.plan

    @property
    def sentences(self) -> Sequence[Sentence]:
        """What happens with which data, where and for whom: a headline is often wider."""
        return self.verdict.sentences[:_SENTENCES]

    @property
    def groups(self) -> list[tuple[str, str]]:
        """The words of sources for the minors whom an answer is about: their age, and consent.

        Each with its language; "" for English.
        """
        if self.verdict.people != People.MINORS:
            return []
        named = dict.fromkeys(line.branch.who for line in self.verdict.lines if line.branch.who)
        page = str(get_language())
        return [
            (people_words((), (), who), page if is_in_page_language(who) else "") for who in named
        ]

    @property
    def start_then(self) -> str:
        """Since when an answer of a past day held; "" where that is said below it.

        That is so where it began at several times, or where people could refuse at others.
        """
        since = self.verdict.since
        if self.is_of_today or since is None or self.tells_since:
            return ""
        is_one = since.on and not (since.last or since.way or self.on_own_plans)
        return since_words(since) if is_one and not whose_since(self.verdict) else ""

    @property
    def what_happens(self) -> tuple[object, ...]:
        """What makes that another one for readers: sentences, data, company, and elsewhere."""
        beyond = self.elsewhere.sentences if self.elsewhere else ()
        sentences = (
            (
                *(each.use.title, each.value, each.way, each.disputed),
                *(each.wheres, each.disputed_in, each.plans, each.who),
            )
            for each in (*self.verdict.sentences, *beyond)
        )
        return self.verdict.operator, self.data, *sentences

    @property
    def data(self) -> tuple[str, ...]:
        """Which data is named, and as what."""
        covers, kinds = data_told(self.verdict)
        return data_label(self.verdict), covers, *kinds

    @property
    def address_of_more(self) -> str:
        """The address of sentences beyond those that are shown; "" if there are none."""
        return self.address if len(self.sentences) < len(self.verdict.sentences) else ""

    @property
    def has_nothing_to_refuse(self) -> bool:
        """Whether nobody can refuse this today, nor any other use of the platform."""
        lead = self.verdict.lead
        is_refusable = any(
            each.is_of_another_use for each in (*self.buttons, *self.further_buttons)
        )
        return (
            self.verdict.way == WayOut.NONE
            and self.is_of_today
            and lead is not None
            and lead.is_training
            and not is_refusable
            and not any(other.ways for other in self.others)
        )
