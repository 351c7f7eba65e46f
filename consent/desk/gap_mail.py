"""Mails curators about pages that cannot be read: few at once, all others in one list a week.

Over nine months of real pages each gap and each end of one made 473 mails, and hid the pages that
were really dark. So a mail at once is only for a page of the most important platforms, or for many
pages that go dark within a day, and a list with nothing new waits. Pages that fail in an outage of
our own connection are no news about pages: the mail names the outage.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from consent.models.changes import important_platforms
from consent.web.absolute_urls import absolute_url
from platforms.characters import without_controls
from platforms.models import Gap, Outage, Page
from platforms.outcomes import NO_ANSWER, Outcome
from platforms.signals import page_health_changed
from platforms.watch.outages import Outages, outages_since

log = logging.getLogger(__name__)

#: At most one mail in this time; consent.tasks.send_gap_mail sends the rest. Chosen.
PAUSE = dt.timedelta(minutes=10)
#: Platforms with the most entries, whose pages are worth a mail at once. Chosen.
TOP_PLATFORMS = 30
#: If this share of all watched pages goes dark within a day, that is worth a mail at once. Chosen.
MANY, _A_DAY = 0.1, dt.timedelta(days=1)
#: A page that could be read again within this time comes and goes: it waits for the weekly list.
#: In a replay of nine months two pages that failed every week made a mail each time.
_QUIET = dt.timedelta(days=30)
#: A page with so many gaps within _QUIET comes and goes. Chosen.
_FLAKY = 3
_WEEK = dt.timedelta(days=7)
#: A page that came and went in one of so many weeks before is not named again. Chosen.
_REMEMBERED_WEEKS = 13
_MOST_NAMED = 50
#: A list that says nothing new is sent in one of so many weeks. Chosen: one stub alone made a list
#: in each of 39 weeks.
_REPEATED_WEEKS = 4

_ASK = "Open the address in a browser. Mark the page as moved, or pause it and say why."
_REPEATED = (
    f"While nothing is new, this list is sent in one of {_REPEATED_WEEKS} weeks. The desk's page "
    "health always has all of it."
)
_HELD = (
    "Look at the refused text on the page's health. Release it if it is the page, or mark the page "
    "as moved."
)
_WHAT_TO_DO = {
    **dict.fromkeys(
        (Outcome.COLLAPSED, Outcome.WRONG_LANGUAGE, Outcome.EMPTY, Outcome.SOFT_404), _HELD
    ),
    **dict.fromkeys(
        (Outcome.LOGIN_WALL, Outcome.SESSION_EXPIRED), "Lend a session, or pause it and say why."
    ),
    Outcome.BOT_WALL: "Ask the provider to let us read it, or pause it and say why.",
    Outcome.ROBOTS_DENIED: "Ask the provider, or watch another page with the same statement.",
    Outcome.SELECTOR_MISS: "Try other selectors on the stored captures.",
    Outcome.OWN_FAULT: "The fault is ours: see the log.",
}


@receiver(page_health_changed, dispatch_uid="tell-about-gap")
def tell_after_commit(sender: type[Page], *, gap: Gap, **_: Any) -> None:
    # robust: a mail server that is down must not undo or disturb the visit.
    transaction.on_commit(tell_curators, robust=True)


def tell_curators() -> int:
    """Send one mail about the gaps and outages that cannot wait; return the number of gaps.

    Safe to run twice: gaps are claimed before the mail is sent, and released if sending fails.
    """
    now = timezone.now()
    untold = Gap.objects.open().filter(told_at=None).exists() or Outage.objects.untold().exists()
    if not untold or Gap.objects.told_since(now - PAUSE).exists():
        return 0
    if Outage.objects.on().exists():
        return 0  # no mail would get out, and nobody knows yet which pages are to blame
    begun = [gap for gap in _urgent(now) if _claim(gap, now)]
    outages = [
        outage
        for outage in Outage.objects.untold()
        if Outage.objects.filter(pk=outage.pk, told_at=None).update(told_at=now)
    ]
    found = outages_since(min(gap.began_at for gap in begun)) if begun else Outages()
    ours = [gap for gap in begun if _is_explained(gap, found)]
    theirs = [gap for gap in begun if gap not in ours]
    try:
        if begun or outages:
            _send(_subject(theirs), _body(theirs, ours, outages, now))
    except Exception:
        Gap.objects.filter(pk__in=[gap.pk for gap in begun]).update(told_at=None)
        Outage.objects.filter(pk__in=[outage.pk for outage in outages]).update(told_at=None)
        raise
    return len(begun)


def _urgent(now: dt.datetime) -> list[Gap]:
    """Return the open gaps that nobody was told of and that cannot wait for the weekly list."""
    gaps = Gap.objects.open().with_pages().order_by("began_at")
    recent = gaps.filter(began_at__gt=now - _A_DAY)
    untold = gaps.filter(told_at=None)
    if recent.count() < MANY * Page.objects.watched().count():
        untold = untold.filter(page__platform__in=important_platforms(TOP_PLATFORMS))
    came_back = Gap.objects.filter(ended_at__gte=now - _QUIET).values("page")
    return list(untold.exclude(page__in=came_back))


def _claim(gap: Gap, now: dt.datetime) -> bool:
    return bool(Gap.objects.filter(pk=gap.pk, told_at=None).update(told_at=now))


def send_dark_list() -> int:
    """Send the list of pages that are dark, longest first, if it is due; return how many it names.

    It is due in a week with news: a page that is newly dark, back, or newly comes and goes, or a
    selector that newly misses. A list of what is known is due in each fourth week. A page that
    comes and goes is named once, and again if it stays dark for a week. Selectors alone are in the
    desk's page health and make no list later.
    """
    now = timezone.now()
    last_list = now - _WEEK
    watched = Page.objects.watched().select_related("platform")
    flaky = _come_and_go(now)
    known = {
        page
        for weeks in range(_REMEMBERED_WEEKS)
        for page in _come_and_go(last_list - weeks * _WEEK)
    }
    open_gaps = Gap.objects.open().with_pages().order_by("began_at")
    gaps = list(open_gaps.exclude(page__in=flaky, began_at__gt=last_list))
    ended = Gap.objects.filter(ended_at__gt=last_list, noticed_at__lte=last_list).with_pages()
    still_dark = {gap.page_id for gap in gaps}
    back = list(ended.filter(page__in=watched).exclude(page__in=flaky.keys() | still_dark))
    lost = watched.exclude(read_whole_since=None).order_by("read_whole_since")
    never = watched.filter(last_looked_at=None).exclude(pk__in=[gap.page_id for gap in gaps])
    newly_flaky = sorted(
        watched.filter(pk__in=flaky.keys() - known), key=lambda page: -flaky[page.pk]
    )
    sections = [
        ("Dark, longest first", [_about(gap, now) for gap in gaps]),
        ("Back", [f"{_link(gap.page)}\n  dark for {_days(gap, gap.ended_at)}" for gap in back]),
        ("Never read", [_link(page) for page in never]),
        (
            "Selectors miss; the whole page is read meanwhile. Accept a proposed selector",
            [_link(page) for page in lost],
        ),
        (
            "Come and go. A rule or another address may help",
            [f"{flaky[page.pk]} times: {_link(page)}" for page in newly_flaky],
        ),
    ]
    newly_dark = [gap for gap in gaps if gap.told_at is None or gap.noticed_at > last_list]
    is_news = newly_dark or back or newly_flaky or lost.filter(read_whole_since__gt=last_list)
    is_repeated = now.toordinal() // 7 % _REPEATED_WEEKS == 0
    if not (is_news or (is_repeated and (gaps or never))):
        return 0
    named = sum(len(entries) for _, entries in sections)
    paragraphs = [
        f"{title} ({len(entries)}):\n\n{_listed(entries)}" for title, entries in sections if entries
    ]
    subject = f"The week's list: {_pages(gaps)} dark" + (f", {len(back)} back" if back else "")
    _send(subject, "\n\n".join([*paragraphs, _REPEATED]) + "\n")
    Gap.objects.filter(pk__in=[gap.pk for gap in gaps], told_at=None).update(told_at=now)
    return named


def _come_and_go(at: dt.datetime) -> dict[int, int]:
    """Return the pages that had several gaps in the time before, with their number."""
    gaps = Gap.objects.filter(noticed_at__gt=at - _QUIET, noticed_at__lte=at).order_by()
    counted = gaps.values_list("page").annotate(gaps=Count("pk"))
    return dict(counted.filter(gaps__gte=_FLAKY))


def _listed(entries: Sequence[str]) -> str:
    more = len(entries) - _MOST_NAMED
    rest = [f"and {more} more, on the desk's page health"] if more > 0 else []
    return "\n\n".join([*entries[:_MOST_NAMED], *rest])


def _send(subject: str, body: str) -> None:
    send_mail(without_controls(subject), without_controls(body), None, [settings.CONTACT_EMAIL])


def _subject(gaps: Sequence[Gap]) -> str:
    return f"{_pages(gaps)} cannot be read" if gaps else "Our own connection failed"


def _body(
    gaps: Iterable[Gap], ours: Sequence[Gap], outages: Sequence[Outage], now: dt.datetime
) -> str:
    paragraphs = ["Cannot be read:", *(_about(gap, now) for gap in gaps)] if gaps else []
    if outages or ours:
        paragraphs.append("Our own connection failed. This says nothing about any page.")
    paragraphs += [
        f"  {outage.began_at:%d %b %Y %H:%M} to {outage.ended_at:%d %b %Y %H:%M} UTC, "
        f"{outage.postponed} visits postponed"
        for outage in outages
    ]
    if ours:
        names = "\n".join(f"  {gap.page}" for gap in ours)
        paragraphs.append(f"Probably not reached because of that:\n{names}")
    return "\n\n".join(paragraphs) + "\n"


def _is_explained(gap: Gap, outages: Outages) -> bool:
    last_failed_at = gap.ended_at or gap.page.last_visited_at or gap.began_at
    return outages.explain(gap.outcome, gap.began_at, last_failed_at)


def _about(gap: Gap, now: dt.datetime) -> str:
    outcome = gap.get_outcome_display()
    reason = f"{outcome} ({gap.detail})" if gap.detail else outcome
    return (
        f"{_link(gap.page)}\n  {reason}\n"
        f"  since {gap.began_at:%d %b %Y %H:%M} UTC ({_days(gap, now)})\n"
        f"  {what_to_do(Outcome(gap.outcome))}"
    )


def _days(gap: Gap, until: dt.datetime | None) -> str:
    days = ((until or timezone.now()) - gap.began_at).days
    return f"{days} {'day' if days == 1 else 'days'}"


def what_to_do(outcome: Outcome) -> str:
    """Return what a curator can do about a page that is dark for this reason."""
    if outcome in NO_ANSWER:
        return f"No answer. {_ASK}"
    return _WHAT_TO_DO.get(outcome, _ASK)


def _link(page: Page) -> str:
    desk = absolute_url(reverse("admin:platforms_page_health", args=[page.pk]))
    return f"{page}\n  {page.url}\n  {desk}"


def _pages(gaps: Sequence[Gap]) -> str:
    return "1 page" if len(gaps) == 1 else f"{len(gaps)} pages"
