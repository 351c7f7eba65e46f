"""The views of the site that answer a question about no service: a list, the timeline, a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from consent.ledger.answers import Stance
from consent.ledger.api_plans import (
    ApiPlan,
    api_plans_by_answer,
    plans_of_providers,
    products_with_plans,
)
from consent.ledger.facts import facts_of_all, listed_of
from consent.ledger.figures import Among, TrainingClass, figures_on
from consent.ledger.filters import TOLD_NOT_KNOWN, TimelineFilters, address
from consent.ledger.flips import Began
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import STANCE_LABELS
from consent.ledger.matrix import line_of_use
from consent.ledger.place_words import listed as listed_words
from consent.ledger.reader_place import place_code
from consent.ledger.state_of_play import Reader
from consent.ledger.turns import Turning, changes_of_platforms, platforms_of
from consent.ledger.who_sets import is_refused_by_admin
from consent.models import Entry, Use
from consent.models.entries import EntryQuerySet
from consent.public.questions.asked_parts import PAYS
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.firsts import FirstRow, turned_on_in
from consent.search.asked_authorities import asks_for_acts
from consent.search.asked_day import AskedDay, asked_day
from consent.search.asked_ways import asked_ways
from consent.search.pages import asks_for, leads_to, pages_for, without_asking
from consent.search.questions import read_subject
from consent.vocabulary import Effect, Friction, People, Purpose, Told
from consent.web.date_words import format_date
from platforms.models import Platform
from platforms.vocabulary import Category

_REFUSED_BY = {
    Friction.MAIL_ONLY: gettext_lazy("Guides to saying no that need an email or a letter"),
    Friction.FORM_ONLY: gettext_lazy("Guides to saying no that need a form"),
}

#: So many products are named. Chosen: a few lines of a phone.
_MOST_PRODUCTS = 12


class Lead(NamedTuple):
    """A link with its words. number: of what it leads to, where that is a list.

    entries: the changes behind it. none: says that there are none on the days that are named, where
    these are the latest of other days. is_opposite: it is about who does not train. beside: further
    links to the same matter. uses: to be shown below it. slugs: of the platforms to be shown below
    it, all of the category if there is one; unknown: if there are none, of those that may belong
    there. counted: the number in words, where it is of changes that turned training on, or of
    plans; names: of the products of these, where they are few; began: how many platforms began in
    the same time; undated: what may have, on a day that is not known.
    """

    address: str
    words: str
    number: int | None = None
    entries: EntryQuerySet | None = None
    is_opposite: bool = False
    beside: Sequence[Lead] = ()
    slugs: Sequence[str] | None = None
    none: str = ""
    uses: Sequence[Use] = ()
    category: Category | None = None
    unknown: Sequence[str] = ()
    counted: str = ""
    names: str = ""
    began: Began | None = None
    undated: Sequence[FirstRow] = ()


def lead_of(asked: AskedQuestion, reader: Reader, today: dt.date) -> Lead | None:
    """Return where a question leads that names no service; None if nowhere."""
    if asks_for("pledge-dropped", asked.sought):
        dropped = {"kind": [Effect.PLEDGE_DROPPED.value]}
        return _timeline(asked, reader, dropped, gettext("Dropped a promise not to train"))
    if asks_for("opt-out-removed", asked.sought):
        removed = {"kind": [Effect.OPT_OUT_REMOVED.value]}
        return _timeline(asked, reader, removed, gettext("Took a way out away"))
    if asks_for("started-first", asked.sought):
        return _turned_on_first(asked, reader)
    if asks_for("told-nobody", asked.sought) and not _category(asked):
        return _told_nobody(asked, reader)
    if asks_for("turned-on", asked.sought) or (asked.day and asks_for("started-in", asked.sought)):
        return _turned_on(asked, reader, today)
    if asks_for("turned-off", asked.sought):
        return _turned_off(asked, reader)
    if not asks_for_acts(asked.sought):  # "who paid a fine"
        if asks_for("sold", asked.sought):
            return _passed_on(asked, reader, today)
        if asks_for("paid", asked.sought):
            return _paid()
    is_past = asked.day is not None and not asked.day.is_open  # then the list is of that day
    if asks_for("all-platforms", asked.sought) and not is_past:
        return _all_platforms(asked, reader, today)
    if ways := asked_ways(asked.sought):
        return _refused_by(ways)
    if asks_for("everything", asked.sought):
        return Lead(reverse("checklist"), gettext("Pick your services and get one list"))
    asks_for_no_training = asks_for("not-training", asked.sought)
    if (asks_for_no_training and leads_to("providers", asked.sought)) or _asks_for_an_api(asked):
        return _plans_that_do_not_train(today)
    if asks_for("by-admin", asked.sought):
        return _set_by_admins(reader, today, _category(asked))
    if asks_for_no_training:
        first, *further = read_subject(asked.rest).categories or (None,)
        lead = _not_training(reader, today, first)
        return lead._replace(beside=[_not_training(reader, today, each) for each in further])
    if _asks_who_of_a_kind_trains(asked):
        return _all_platforms(asked, reader, today)._replace(beside=())
    if asks_for("how-it-was", asked.sought):
        return None
    if asks_for("latest", asked.sought) or _asks_of_days_alone(asked, today):
        return _timeline(asked, reader, {}, gettext("Changes"))
    return None


def _not_training(reader: Reader, today: dt.date, category: Category | None) -> Lead:
    """Return who does not train; of a kind of platform all, those first that do not."""
    words = gettext("Platforms that do not train AI on what people give them")
    query, slugs = {"figure": TrainingClass.NO.value}, None
    figures = figures_on(today, reader, category)
    not_training = figures.platforms[TrainingClass.NO]
    if category:
        words, query["category"] = f"{words} · {category.label}", category.value
        of_kind = (each.slug for each in listed_of(category))
        slugs = list(dict.fromkeys((*not_training, *of_kind)))
    return Lead(
        f"{reverse('platforms')}?{urlencode(query)}",
        words,
        len(not_training),
        is_opposite=True,
        slugs=slugs,
        category=category,
    )


def _refused_by(ways: Sequence[Friction]) -> Lead:
    """Return the guides to refusing in these ways, and beside them one of each platform."""
    leads: list[Lead] = []
    for way in ways:
        guides = [each for each in all_guide_lines() if way in each.frictions]
        guides.sort(key=lambda each: each.platform.name.casefold())
        query = urlencode({"friction": way.value})
        leads.append(Lead(f"{reverse('guides')}?{query}", str(_REFUSED_BY[way]), len(guides)))
        first = {each.platform.name: each.get_absolute_url() for each in reversed(guides)}
        leads += [Lead(first[name], name) for name in reversed(first)]
    return leads[0]._replace(beside=leads[1:])


def _set_by_admins(reader: Reader, today: dt.date, category: Category | None) -> Lead:
    """Return who trains on data of organisations unless an administrator refuses."""
    question = reader._replace(people=People.ORGANISATION).on(today)
    facts = facts_of_all()
    slugs = [
        each.slug for each in listed_of(category) if is_refused_by_admin(facts[each.pk], question)
    ]
    words = gettext("Train AI on data of organisations unless an administrator refuses")
    words = f"{words} · {category.label}" if category else words
    return Lead("#platforms", words, len(slugs), slugs=slugs, category=category)


def _turned_on(asked: AskedQuestion, reader: Reader, today: dt.date) -> Lead:
    """Return who turned training on, and beside it in the other year that is named."""
    lead = _counted(_turning_on(asked, reader))
    if not lead.none:
        days = asked.day
        first, last = (days.first, min(days.last, today)) if days else (None, today)
        assert lead.entries is not None
        turned_on = turned_on_in(first, last, reader.place, platforms_of(lead.entries))
        lead = lead._replace(began=turned_on.began, undated=turned_on.undated)
    other = asked_day(asked.day.rest, today) if asked.day else None
    if other is None or other.is_open or other.first > today:
        return lead
    return lead._replace(beside=[_counted(_turning_on(asked._replace(day=other), reader))])


def _turning_on(asked: AskedQuestion, reader: Reader) -> Lead:
    return _timeline(asked, reader, {"turned": Turning.ON.value}, gettext("Turned training on"))


def _counted(lead: Lead) -> Lead:
    """Return a lead to changes that says of how many platforms they are."""
    if lead.entries is None or not lead.number:
        return lead
    return lead._replace(counted=changes_of_platforms(lead.number, platforms_of(lead.entries)))


def _passed_on(asked: AskedQuestion, reader: Reader, today: dt.date) -> Lead:
    """Return who passes data on to others for training unless people act, use by use."""
    facts, question = facts_of_all(), reader.on(today)
    passed_on = Use.objects.published().filter(purpose=Purpose.SHARING_FOR_TRAINING)
    listed = passed_on.filter(platform__in=Platform.objects.listed()).select_related("platform")
    ordered = listed.order_by("platform__name", "position")
    uses = [use for use in ordered if line_of_use(use, facts, question).verdict.is_warm]
    words = gettext("Data passed on, sold, licensed or left open for training, unless people act")
    widened = {"kind": [Effect.SHARING_WIDENED.value]}
    changes = _timeline(asked, reader, widened, capfirst(str(Effect.SHARING_WIDENED.label)))
    return Lead("#uses", words, len(uses), uses=uses, beside=[changes])


def _paid() -> Lead:
    """Return the changes that say that people are paid for what trains AI."""
    published = Entry.objects.published()
    paying = [each.pk for each in published.only("pk", "title") if PAYS.search(each.title)]
    entries = published.filter(pk__in=paying)
    words = gettext("Changes about pay for training")
    return Lead("#changes", words, len(paying), entries.newest_first())


def _turned_on_first(asked: AskedQuestion, reader: Reader) -> Lead:
    """Return who turned training on, the earliest first; the timeline has the latest first."""
    lead = _counted(_turning_on(asked, reader))
    assert lead.entries is not None
    earliest = gettext("below, the earliest first")
    return lead._replace(words=f"{lead.words} ({earliest})", entries=lead.entries.reverse())


def _told_nobody(asked: AskedQuestion, reader: Reader) -> Lead:
    """Return what was turned on without telling people, and beside it what may have been."""
    told_nobody, perhaps = (
        _timeline(asked, reader, {"turned": Turning.ON.value, "told": told}, words)
        for told, words in (
            (Told.NOT_AT_ALL.value, gettext("Turned training on and told nobody")),
            (TOLD_NOT_KNOWN, gettext("Turned training on; how people were told is not known")),
        )
    )
    return told_nobody._replace(beside=[perhaps])


def _turned_off(asked: AskedQuestion, reader: Reader) -> Lead:
    """Return what was paused or withdrawn, and beside it what was turned off."""
    taken_back = {"kind": [Effect.PAUSED.value, Effect.WITHDRAWN.value]}
    off = _timeline(asked, reader, {"turned": Turning.OFF.value}, gettext("Turned training off"))
    lead = _timeline(asked, reader, taken_back, gettext("Paused or withdrawn"))
    return lead._replace(beside=[off]) if lead.number else off


def _asks_for_an_api(asked: AskedQuestion) -> bool:
    """Return whether a question is which API is good, or good for an organisation."""
    is_for_work = asked.people == People.ORGANISATION
    return asks_for("api", asked.sought) and (is_for_work or asks_for("ranked", asked.sought))


def _asks_who_of_a_kind_trains(asked: AskedQuestion) -> bool:
    """Return whether a question says no more than a kind of platform and training."""
    if asked.day or pages_for(asked.sought):
        return False
    subject = read_subject(asked.rest)
    is_else = subject.other or subject.kinds or subject.wants_way_out or subject.asks_for_changes
    return bool(_category(asked)) and subject.is_about_training and not is_else


def _category(asked: AskedQuestion) -> Category | None:
    """Return the kind of platform in a question; "for work" in it may be about people too."""
    return read_subject(asked.sought).category


def _all_platforms(asked: AskedQuestion, reader: Reader, today: dt.date) -> Lead:
    """Return the platforms that train, of a kind or of all, for a list of them; and the files."""
    words = gettext("All platforms that train AI by default")
    query = {"figure": Among.TRAINS.value}
    slugs: Sequence[str] | None = None
    unknown: Sequence[str] = ()
    if category := _category(asked):
        words, query["category"] = f"{words} · {category.label}", category.value
        of_kind = figures_on(today, reader, category).platforms
        slugs, unknown = of_kind[Among.TRAINS], of_kind[TrainingClass.UNKNOWN]
    people = {"people": reader.people} if reader.people else {}
    return Lead(
        f"{reverse('platforms')}?{urlencode({**query, **people})}",
        words,
        None if slugs is None else len(slugs),
        slugs=slugs,
        category=category,
        unknown=unknown,
        beside=(
            Lead(reverse("matrix"), gettext("Compare all platforms")),
            Lead(reverse("data-csv", args=["platforms"]), "platforms.csv"),
            Lead(reverse("data"), gettext("Data")),
            Lead(reverse("guides"), gettext("All guides to refuse")),
            Lead(reverse("role", args=["companies"]), gettext("For companies")),
        ),
    )


def _plans_that_do_not_train(today: dt.date) -> Lead:
    plans = api_plans_by_answer(today)
    table = reverse("providers")
    agreed, files = Stance.ONLY_IF_AGREED, ("data-providers", "providers-csv")
    none = gettext("Plans for programs that do not train AI on what is sent")
    every = [each for of_answer in plans.values() for each in of_answer]
    return _of_plans(f"{table}?default={Stance.NO.value}", none, plans.get(Stance.NO, ()))._replace(
        is_opposite=True,
        beside=(
            _of_plans(
                f"{table}?default={agreed.value}", str(STANCE_LABELS[agreed]), plans.get(agreed, ())
            ),
            _of_plans(table, gettext("All plans for programs"), every),
            *(Lead(address, address.rpartition("/")[2]) for address in map(reverse, files)),
        ),
    )


def _of_plans(address: str, words: str, plans: Sequence[ApiPlan]) -> Lead:
    counted = plans_of_providers(len(plans), len({each.facts.operator for each in plans}))
    products = products_with_plans(plans)
    names = listed_words(products) if len(products) <= _MOST_PRODUCTS else ""
    return Lead(address, words, len(plans), counted=counted, names=names)


def other_apis(sought: Sequence[str]) -> Lead | None:
    """Return where a question leads that asks, beside a service, which APIs do not train."""
    is_about_apis = asks_for("other-apis", sought) and asks_for("api", sought)
    return _plans_that_do_not_train(timezone.localdate()) if is_about_apis else None


def _asks_of_days_alone(asked: AskedQuestion, today: dt.date) -> bool:
    """Return whether a question asks what changed on days that are not all to come."""
    days = asked.day
    if days is None or (days.first >= today and days.last != today):
        return False
    words = [word for word in days.rest if word in asked.rest]  # not about place and people
    subject = read_subject(without_asking("changes", words))
    asks = subject.asks_for_changes or asks_for("changes", words)
    return subject.says_nothing or (asks and not subject.kinds)


def sign_up_for(platforms: Iterable[Platform], asked: AskedQuestion, request: HttpRequest) -> str:
    """Return the address of the form for mails about changes, with platforms and place chosen."""
    chosen = [("platform", each.slug) for each in platforms]
    if place := place_code(asked.form(request).data["place"]):
        chosen.append(("place", place))
    query = urlencode(chosen)
    return f"{reverse('subscribe')}?{query}" if query else reverse("subscribe")


def span_asked(asked: AskedQuestion) -> dict[str, str]:
    """Return the days of a question as filters of the timeline."""
    if asked.day is None:
        return {}
    return {"since": asked.day.first.isoformat(), "until": asked.day.last.isoformat()}


def _timeline(asked: AskedQuestion, reader: Reader, filters: dict[str, Any], words: str) -> Lead:
    place = {"place": reader.place} if reader.place else {}
    on_days = {**filters, **span_asked(asked), **place}
    entries = TimelineFilters(on_days).shown()
    none = ""
    if asked.day and asked.day.first <= timezone.localdate() and not entries.exists():
        none = _none(words, asked.day)
        entries = TimelineFilters({**filters, **place}).shown()
    else:
        filters = on_days
    if asked.day and not none:
        words = gettext("%(what)s from %(first)s to %(last)s") % {
            "what": words,
            "first": format_date(asked.day.first),
            "last": format_date(asked.day.last),
        }
    filters.pop("place", None)  # which links of the page keep
    return Lead(
        address(reverse("timeline"), urlencode(filters, doseq=True)),
        words,
        entries.count(),
        entries.newest_first(),
        none=none,
    )


def _none(words: str, day: AskedDay) -> str:
    # Translators: "Changes: none from 1 November 2026 to 30 November 2026; the latest:"
    said = gettext("%(what)s: none from %(first)s to %(last)s; the latest:")
    if day.first == day.last:
        said = gettext("%(what)s: none on %(first)s; the latest:")
    days = {"first": format_date(day.first), "last": format_date(day.last)}
    return said % {"what": words, **days}
