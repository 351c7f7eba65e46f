"""Subjects of mails about changes: short, neutral, in the tense that fits the date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consent.alerts.subscriptions.choices import joined
from consent.ledger.catalog_words import translated
from consent.ledger.counts import DigestCounts
from consent.ledger.turns import concerns_training
from consent.models import Entry
from consent.vocabulary import DataKind, Effect
from consent.web.date_words import written_short
from platforms.characters import without_controls

#: Most mail programs cut longer subjects in their lists, and show them whole above the mail.
LONGEST_SUBJECT = 70

#: Sentences for an effect in future, present and past tense, the most important effect first.
#: Whole sentences, since other languages have another word order.
_SENTENCES = {
    Effect.DEFAULT_ON: (
        gettext_lazy("%(product)s will turn on AI training for %(data)s"),
        gettext_lazy("%(product)s turns on AI training for %(data)s"),
        gettext_lazy("%(product)s turned on AI training for %(data)s"),
    ),
    Effect.USE_INTRODUCED: (
        gettext_lazy("%(product)s will start AI training on %(data)s"),
        gettext_lazy("%(product)s starts AI training on %(data)s"),
        gettext_lazy("%(product)s started AI training on %(data)s"),
    ),
    Effect.PLEDGE_DROPPED: (
        gettext_lazy("%(product)s will drop its promise not to train AI on %(data)s"),
        gettext_lazy("%(product)s drops its promise not to train AI on %(data)s"),
        gettext_lazy("%(product)s dropped its promise not to train AI on %(data)s"),
    ),
    Effect.OPT_OUT_REMOVED: (
        gettext_lazy("%(product)s will end the opt-out from AI training on %(data)s"),
        gettext_lazy("%(product)s ends the opt-out from AI training on %(data)s"),
        gettext_lazy("%(product)s ended the opt-out from AI training on %(data)s"),
    ),
    Effect.SCOPE_WIDENED: (
        gettext_lazy("%(product)s will widen AI training on %(data)s"),
        gettext_lazy("%(product)s widens AI training on %(data)s"),
        gettext_lazy("%(product)s widened AI training on %(data)s"),
    ),
    Effect.SHARING_WIDENED: (
        gettext_lazy("%(product)s will share %(data)s more widely for AI training"),
        gettext_lazy("%(product)s shares %(data)s more widely for AI training"),
        gettext_lazy("%(product)s shared %(data)s more widely for AI training"),
    ),
    Effect.DEFAULT_OFF: (
        gettext_lazy("%(product)s will turn off AI training for %(data)s"),
        gettext_lazy("%(product)s turns off AI training for %(data)s"),
        gettext_lazy("%(product)s turned off AI training for %(data)s"),
    ),
    Effect.USE_REMOVED: (
        gettext_lazy("%(product)s will end AI training on %(data)s"),
        gettext_lazy("%(product)s ends AI training on %(data)s"),
        gettext_lazy("%(product)s ended AI training on %(data)s"),
    ),
    Effect.PLEDGE_ADDED: (
        gettext_lazy("%(product)s will promise not to train AI on %(data)s"),
        gettext_lazy("%(product)s promises not to train AI on %(data)s"),
        gettext_lazy("%(product)s promised not to train AI on %(data)s"),
    ),
    Effect.OPT_OUT_ADDED: (
        gettext_lazy("%(product)s will add an opt-out from AI training on %(data)s"),
        gettext_lazy("%(product)s adds an opt-out from AI training on %(data)s"),
        gettext_lazy("%(product)s added an opt-out from AI training on %(data)s"),
    ),
    Effect.OPT_OUT_CHANGED: (
        gettext_lazy("%(product)s will move the opt-out from AI training on %(data)s"),
        gettext_lazy("%(product)s moves the opt-out from AI training on %(data)s"),
        gettext_lazy("%(product)s moved the opt-out from AI training on %(data)s"),
    ),
    Effect.SCOPE_NARROWED: (
        gettext_lazy("%(product)s will narrow AI training on %(data)s"),
        gettext_lazy("%(product)s narrows AI training on %(data)s"),
        gettext_lazy("%(product)s narrowed AI training on %(data)s"),
    ),
    Effect.SHARING_NARROWED: (
        gettext_lazy("%(product)s will share %(data)s less widely for AI training"),
        gettext_lazy("%(product)s shares %(data)s less widely for AI training"),
        gettext_lazy("%(product)s shared %(data)s less widely for AI training"),
    ),
    Effect.RETENTION_CHANGED: (
        gettext_lazy("%(product)s will change how long it keeps %(data)s"),
        gettext_lazy("%(product)s changes how long it keeps %(data)s"),
        gettext_lazy("%(product)s changed how long it keeps %(data)s"),
    ),
    Effect.RESUMED: (
        gettext_lazy("%(product)s will resume AI training on %(data)s"),
        gettext_lazy("%(product)s resumes AI training on %(data)s"),
        gettext_lazy("%(product)s resumed AI training on %(data)s"),
    ),
    Effect.PAUSED: (
        gettext_lazy("%(product)s will pause AI training on %(data)s"),
        gettext_lazy("%(product)s pauses AI training on %(data)s"),
        gettext_lazy("%(product)s paused AI training on %(data)s"),
    ),
    Effect.WITHDRAWN: (
        gettext_lazy("%(product)s will withdraw AI training on %(data)s"),
        gettext_lazy("%(product)s withdraws AI training on %(data)s"),
        gettext_lazy("%(product)s withdrew AI training on %(data)s"),
    ),
    Effect.POSTPONED: (
        gettext_lazy("%(product)s will postpone AI training on %(data)s"),
        gettext_lazy("%(product)s postpones AI training on %(data)s"),
        gettext_lazy("%(product)s postponed AI training on %(data)s"),
    ),
}
_COMING, _NOW, _PAST = range(3)


def change_subject(entry: Entry, today: dt.date) -> str:
    """M3: "X turns on AI training for public posts, from 26 Jul 2026"."""
    if entry.effective_on is None and entry.due_on is not None:
        return fitting(translated(entry.title))  # its day has passed, and nobody has seen it
    date = _effective_date(entry)
    has_begun = entry.effective_on is not None and entry.effective_on < today
    sentences = _sentences(entry, _PAST if has_begun else _NOW)
    if not sentences or not date:
        return fitting(*sentences, translated(entry.title))
    dated = [_("%(deed)s, from %(date)s") % {"deed": text, "date": date} for text in sentences]
    # Naming the data matters more than the date; the date more than an unnamed "people's data".
    return fitting(*dated[:-1], sentences[0], *dated[-1:], *sentences, translated(entry.title))


def coming_subject(entry: Entry) -> str:
    """M4: "Coming 26 July 2026: X will turn on AI training for public posts"."""
    date = _effective_date(entry)
    sentences = _sentences(entry, _COMING)
    dated = [_("Coming %(date)s: %(title)s") % {"date": date, "title": text} for text in sentences]
    return fitting(
        # Naming the data matters more than the date, which is the first line of the mail.
        *dated[:-1],
        *sentences[:-1],
        *dated[-1:],
        _("Coming %(date)s: %(title)s") % {"date": date, "title": translated(entry.title)},
        _("Coming: %(title)s") % {"title": translated(entry.title)},
    )


def correction_subject(entry: Entry) -> str:
    """M8: what was wrong, with the title of the corrected entry if it fits."""
    return fitting(
        _("Correction: %(product)s, what we got wrong: %(wrong)s")
        % {"product": product(entry), "wrong": translated((entry.follows or entry).title)},
        _("Correction: %(product)s, what we got wrong") % {"product": product(entry)},
    )


def postponed_subject(entry: Entry, *, moved: bool = False) -> str:
    """M10: "X postponed AI training on public posts to 1 March 2027", or paused, or withdrew.

    moved: this entry's own date was moved (otherwise it follows another entry).
    """
    if not concerns_training(entry):
        return fitting(translated(entry.title))
    effects = set(entry.effects)
    plan = _("%(product)s postponed AI training on %(data)s")
    if Effect.WITHDRAWN in effects:
        plan = _("%(product)s withdrew AI training on %(data)s")
    elif Effect.PAUSED in effects:
        plan = _("%(product)s paused AI training on %(data)s")
    elif (moved or Effect.POSTPONED in effects) and (date := _effective_date(entry)):
        dated = _("%(product)s postponed AI training on %(data)s to %(date)s")
        return fitting(
            *(dated % {**facts, "date": date} for facts in _facts(entry)),
            *(plan % facts for facts in _facts(entry)),
            translated(entry.title),
        )
    return fitting(*(plan % facts for facts in _facts(entry)), translated(entry.title))


def digest_subject(entries: Sequence[Entry], counts: DigestCounts) -> str:
    """M6, M7: "3 changes, 2 turning on: X, Slack"."""
    changes = ngettext("%d change", "%d changes", counts.changes) % counts.changes
    head = _("%(changes)s, %(on)d turning on") % {"changes": changes, "on": counts.turning_on}
    titles = [translated(entry.title) for entry in entries[:2]]
    names = list(dict.fromkeys(product(entry) for entry in entries))
    return fitting(
        f"{head}: {', '.join(titles)}",
        f"{head}: {joined(names)}",
        f"{head}: {joined(names, most=2)}",
        head,
    )


def reminder_subject(entry: Entry, days: int) -> str:
    """M5."""
    left = ngettext(
        "%(days)d day left to opt out of %(name)s",
        "%(days)d days left to opt out of %(name)s",
        days,
    )
    return fitting(left % {"days": days, "name": product(entry)})


def product(entry: Entry) -> str:
    return joined([platform.name for platform in entry.platforms.all()], most=2) or _("A platform")


def fitting(*candidates: str) -> str:
    """Return the first candidate that fits a subject; the last one if none does."""
    lines = [" ".join(without_controls(candidate).split()) for candidate in candidates]
    return next((line for line in lines if len(line) <= LONGEST_SUBJECT), lines[-1])


def _sentences(entry: Entry, tense: int) -> list[str]:
    """Return the sentence with all data kinds, then with fewer; empty if no effect has one.

    All sentences are about training.
    """
    if not concerns_training(entry):
        return []
    for effect, sentences in _SENTENCES.items():
        if effect in entry.effects:
            return [sentences[tense] % facts for facts in _facts(entry)]
    return []


def _facts(entry: Entry) -> list[dict[str, str]]:
    """Return the values for a sentence, from exact to short."""
    return [{"product": product(entry), "data": data} for data in _data(entry)]


def _data(entry: Entry) -> list[str]:
    """Return the kinds of data in words, from exact to short."""
    kinds = [str(DataKind(kind).label) for kind in entry.data_kinds]
    if not kinds:
        return [_("people's data")]
    return list(dict.fromkeys([joined(kinds), joined(kinds, most=2), _("people's data")]))


def _effective_date(entry: Entry) -> str:
    """Return the day of effect, or for which it is announced, with a short month; "" without."""
    if entry.effective_on is not None:
        return written_short(entry.effective_on, entry.effective_precision)
    return written_short(entry.due_on, entry.due_precision) if entry.due_on else ""
