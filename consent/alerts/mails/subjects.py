"""Subjects of mails about changes: neutral, and no wider than the record."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.alerts.subscriptions.choices import joined
from consent.ledger.catalog_words import translated
from consent.ledger.counts import DigestCounts
from consent.models import Entry
from consent.vocabulary import Effect
from consent.web.date_words import written_short
from platforms.characters import without_controls

#: Most mail programs cut longer subjects in their lists, and show them whole above the mail. A
#: title is never cut here: its last words often say for whom it holds.
LONGEST_SUBJECT = 70


def change_subject(entry: Entry) -> str:
    """M3: the title, which says what changed, for whom, and who says so, as no formula does."""
    return fitting(translated(entry.title))


def coming_subject(entry: Entry) -> str:
    """M4: "Coming 26 July 2026: X trains on public posts unless people opt out"."""
    title, date = translated(entry.title), _effective_date(entry)
    if not date:
        return fitting(_("Coming: %(title)s") % {"title": title})
    return fitting(_("Coming %(date)s: %(title)s") % {"date": date, "title": title})


def correction_subject(entry: Entry) -> str:
    """M8: what was wrong, with the title of the corrected entry if it fits."""
    return fitting(
        _("Correction: %(product)s, what we got wrong: %(wrong)s")
        % {"product": product(entry), "wrong": translated((entry.follows or entry).title)},
        _("Correction: %(product)s, what we got wrong") % {"product": product(entry)},
    )


def postponed_subject(entry: Entry, *, moved: bool = False) -> str:
    """M10: what was postponed, paused or withdrawn, with the new date if there is one.

    moved: this entry's own date was moved (otherwise it follows another entry).
    """
    title, date = translated(entry.title), _effective_date(entry)
    called_off = not {Effect.WITHDRAWN, Effect.PAUSED}.isdisjoint(entry.effects)
    if moved and date and not called_off:
        return fitting(_("Postponed to %(date)s: %(title)s") % {"date": date, "title": title})
    return fitting(title)


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


def _effective_date(entry: Entry) -> str:
    """Return the day of effect, or for which it is announced, with a short month; "" without."""
    if entry.effective_on is not None:
        return written_short(entry.effective_on, entry.effective_precision)
    return written_short(entry.due_on, entry.due_precision) if entry.due_on else ""
