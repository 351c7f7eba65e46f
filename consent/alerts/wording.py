"""What a change is called in the subject of a mail: short, neutral, in the tense of its date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from consent.alerts.choices import joined
from consent.models import Entry
from consent.site.dates import written_short
from consent.vocabulary import DataKind, Effect

#: Longer subjects are cut by most readers' lists, often within a word that matters.
LONGEST_SUBJECT = 70

#: What a platform does, by its weightiest effect: to come, now, before; and to what.
_DEEDS: dict[Effect, tuple[str, str, str, str]] = {
    Effect.DEFAULT_ON: ("turn on", "turns on", "turned on", "AI training for {data}"),
    Effect.USE_INTRODUCED: ("start", "starts", "started", "AI training on {data}"),
    Effect.PLEDGE_DROPPED: ("drop", "drops", "dropped", "its promise not to train AI on {data}"),
    Effect.OPT_OUT_REMOVED: ("end", "ends", "ended", "the opt-out from AI training on {data}"),
    Effect.SCOPE_WIDENED: ("widen", "widens", "widened", "AI training on {data}"),
    Effect.SHARING_WIDENED: ("share", "shares", "shared", "{data} more widely for AI training"),
    Effect.DEFAULT_OFF: ("turn off", "turns off", "turned off", "AI training for {data}"),
    Effect.USE_REMOVED: ("end", "ends", "ended", "AI training on {data}"),
    Effect.PLEDGE_ADDED: ("promise", "promises", "promised", "not to train AI on {data}"),
    Effect.OPT_OUT_ADDED: ("add", "adds", "added", "an opt-out from AI training on {data}"),
    Effect.OPT_OUT_CHANGED: ("move", "moves", "moved", "the opt-out from AI training on {data}"),
    Effect.SCOPE_NARROWED: ("narrow", "narrows", "narrowed", "AI training on {data}"),
    Effect.SHARING_NARROWED: ("share", "shares", "shared", "{data} less widely for AI training"),
    Effect.RETENTION_CHANGED: ("change", "changes", "changed", "how long it keeps {data}"),
    Effect.RESUMED: ("resume", "resumes", "resumed", "AI training on {data}"),
    Effect.PAUSED: ("pause", "pauses", "paused", "AI training on {data}"),
    Effect.WITHDRAWN: ("withdraw", "withdraws", "withdrew", "AI training on {data}"),
    Effect.POSTPONED: ("postpone", "postpones", "postponed", "AI training on {data}"),
}


def change_subject(entry: Entry, today: dt.date) -> str:
    """M3: "X turns on AI training for public posts, from 26 Jul 2026"."""
    date = _when(entry)
    tense = 1 if entry.effective_on is None or entry.effective_on >= today else 2
    deeds = [f"{product(entry)} {deed}" for deed in _deeds(entry, tense)]
    if not deeds or not date:
        return fitting(*deeds, entry.title)
    dated = [_("%(deed)s, from %(date)s") % {"deed": deed, "date": date} for deed in deeds]
    # What is used matters more than from when, and a date more than data not named at all.
    return fitting(*dated[:-1], deeds[0], *dated[-1:], *deeds, entry.title)


def coming_subject(entry: Entry) -> str:
    """M4: "Coming 26 July 2026: X will turn on AI training for public posts"."""
    date = _when(entry)
    return fitting(
        *(
            _("Coming %(date)s: %(product)s will %(deed)s")
            % {"date": date, "product": product(entry), "deed": deed}
            for deed in _deeds(entry, 0)
        ),
        _("Coming %(date)s: %(title)s") % {"date": date, "title": entry.title},
        _("Coming: %(title)s") % {"title": entry.title},
    )


def correction_subject(entry: Entry) -> str:
    """M8: what was wrong. The corrected entry's sentence says it if it fits."""
    wrong = entry.follows.title if entry.follows else entry.title
    return fitting(
        _("Correction: %(product)s, what we got wrong: %(wrong)s")
        % {"product": product(entry), "wrong": wrong},
        _("Correction: %(product)s, what we got wrong") % {"product": product(entry)},
    )


def postponed_subject(entry: Entry) -> str:
    """M10: "X postponed AI training on public posts to 1 March 2027", or paused, or withdrew."""
    effects = set(entry.effects)
    verb = _("postponed")
    if Effect.WITHDRAWN in effects:
        verb = _("withdrew")
    elif Effect.PAUSED in effects:
        verb = _("paused")
    date = _when(entry) if Effect.POSTPONED in effects else ""
    plans = [f"{product(entry)} {verb} " + _("AI training on %s") % data for data in _data(entry)]
    return fitting(
        *(
            [_("%(plan)s to %(date)s") % {"plan": plan, "date": date} for plan in plans]
            if date
            else []
        ),
        *plans,
        entry.title,
    )


def digest_subject(entries: Sequence[Entry], turning_on: int) -> str:
    """M6, M7: "3 changes, 2 turning on: X, Slack"."""
    count = len(entries)
    changes = _("1 change") if count == 1 else _("%d changes") % count
    head = _("%(changes)s, %(on)d turning on") % {"changes": changes, "on": turning_on}
    titles = [entry.title for entry in entries[:2]]
    names = list(dict.fromkeys(product(entry) for entry in entries))
    return fitting(
        f"{head}: {', '.join(titles)}",
        f"{head}: {joined(names)}",
        f"{head}: {joined(names, most=2)}",
        head,
    )


def reminder_subject(entry: Entry, days: int) -> str:
    """M5."""
    name = product(entry)
    if days == 1:
        return fitting(_("1 day left to opt out of %s") % name)
    return fitting(_("%(days)d days left to opt out of %(name)s") % {"days": days, "name": name})


def product(entry: Entry) -> str:
    return joined([platform.name for platform in entry.platforms.all()], most=2) or "A platform"


def data_of(entry: Entry) -> str:
    return next(iter(_data(entry)))


def fitting(*candidates: str) -> str:
    """Return the first that is short enough for a subject; the last is cut if none is."""
    one_line = [" ".join(candidate.split()) for candidate in candidates]
    for candidate in one_line:
        if len(candidate) <= LONGEST_SUBJECT:
            return candidate
    return Truncator(one_line[-1]).chars(LONGEST_SUBJECT)


def _deeds(entry: Entry, tense: int) -> list[str]:
    """The deed in words, with all data kinds and with fewer; none for what only a title can say."""
    for effect, forms in _DEEDS.items():
        if effect in entry.effects:
            return [f"{forms[tense]} {forms[3].format(data=data)}" for data in _data(entry)]
    return []


def _data(entry: Entry) -> list[str]:
    """What is used, from exact to short."""
    kinds = [str(DataKind(kind).label) for kind in entry.data_kinds]
    if not kinds:
        return [_("people's data")]
    return list(dict.fromkeys([joined(kinds), joined(kinds, most=2), _("people's data")]))


def _when(entry: Entry) -> str:
    """The date, with its month cut short: a subject has little room."""
    if entry.effective_on is None:
        return ""
    return written_short(entry.effective_on, entry.effective_precision)
