"""Mails curators about new work at the desk, if they want it; the page on which they choose."""

from __future__ import annotations

import datetime as dt
import logging

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consent.desk.form_pages import form_page
from consent.models import Change, Decision, Entry, ReaderReport, WorkMail
from consent.vocabulary import PublicationStatus, Ruling, WorkFrequency
from consent.web.absolute_urls import absolute_url
from consent.web.page_cache import private_page
from platforms.characters import without_controls
from platforms.desk.curators import curator_of
from platforms.models import CLOCK_SKEW

log = logging.getLogger(__name__)

_SALT = "consent.desk.work_mail"
_DAY = dt.timedelta(hours=24)
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: Lines for one kind of work in a mail; the rest is a number. Chosen.
_MOST_LINES = 20


def send_work_mails(now: dt.datetime | None = None) -> int:
    """Mail each curator what is new since their last mail; return the number of mails.

    Safe to run twice: a curator's mark is moved on before the mail is sent, and back if that fails.
    """
    now = now or timezone.now()
    wanted = WorkMail.objects.exclude(frequency=WorkFrequency.NEVER).exclude(curator__email="")
    active = wanted.filter(curator__is_active=True, curator__is_staff=True)
    return sum(_send(wish, now) for wish in active.select_related("curator"))


def _send(wish: WorkMail, now: dt.datetime) -> int:
    told_up_to = wish.told_up_to
    # A mark in the time to come was set while our clock was wrong: better a day twice than not.
    since = told_up_to if told_up_to <= now + CLOCK_SKEW else now - _DAY
    if wish.frequency == WorkFrequency.DAILY and now - since < _DAY:
        return 0
    parts = new_work(wish, since, now)
    mine = WorkMail.objects.filter(pk=wish.pk, told_up_to=told_up_to)
    if not parts or not mine.update(told_up_to=now):
        return 0
    try:
        _mail(wish, parts).send()
    except Exception:
        # The others still get theirs; this one is tried again by the next task.
        log.exception("Mail about new work to %s failed", wish.curator)
        WorkMail.objects.filter(pk=wish.pk, told_up_to=now).update(told_up_to=told_up_to)
        return 0
    return 1


def new_work(wish: WorkMail, since: dt.datetime, until: dt.datetime) -> dict[str, list[str]]:
    """Return what came up in this time and still waits: a heading, and a line for each."""
    curator: User = wish.curator
    parts: dict[str, list[str]] = {}
    if wish.changes and curator.has_perm("consent.change_change"):
        parts["New changes"] = _changes(wish, since, until)
    if wish.reports and curator.has_perm("consent.change_readerreport"):
        reports = ReaderReport.objects.waiting().filter(sent_at__gt=since, sent_at__lte=until)
        place = absolute_url(reverse("admin:consent_readerreport_queue"))
        # Readers' words stay at the desk: they may hold personal data.
        parts["Reports of readers"] = [
            f"{report.get_kind_display()}: {place}" for report in reports
        ]
    if wish.reviews and curator.has_perm("consent.publish_entry"):
        waiting = Entry.objects.awaiting_second_review().exclude(reviewer=curator)
        fresh = waiting.filter(reviewed_at__gt=since, reviewed_at__lte=until)
        parts["For a second reviewer"] = [_line(entry, "review") for entry in fresh]
    if wish.returned:
        parts["Sent back to you"] = _returned(curator, since, until)
    return {heading: lines for heading, lines in parts.items() if lines}


def _changes(wish: WorkMail, since: dt.datetime, until: dt.datetime) -> list[str]:
    """Return the waiting changes whose suggestion is new; their weight is known only then."""
    suggested = Q(suggestion__created_at__gt=since, suggestion__created_at__lte=until)
    without = Q(suggestion=None, detected_at__gt=since, detected_at__lte=until)
    fresh = Change.objects.waiting().filter(suggested | without & ~Q(no_suggestion=""))
    found = fresh.of_weight(wish.least_weight).select_related("page__platform", "suggestion")
    return [
        f"{(getattr(change, 'suggestion', None) and change.suggestion.headline) or change}: "
        + absolute_url(reverse("admin:consent_change_change", args=[change.pk]))
        for change in found
    ]


def _returned(curator: User, since: dt.datetime, until: dt.datetime) -> list[str]:
    """Return the drafts that a curator had proposed and somebody else sent back."""
    returns = Decision.objects.standing().filter(
        ruling=Ruling.RETURN,
        decided_at__gt=since,
        decided_at__lte=until,
        entry__status=PublicationStatus.DRAFT,
        entry__decisions__ruling=Ruling.PROPOSE,
        entry__decisions__curator=curator,
    )
    others = returns.exclude(curator=curator).select_related("entry").distinct()
    return [
        f"{_line(decision.entry, 'publish')}\n  {decision.note}"
        for decision in others
        if decision.entry is not None
    ]


def _line(entry: Entry, page: str) -> str:
    return f"{entry}: {absolute_url(reverse(f'admin:consent_entry_{page}', args=[entry.pk]))}"


def _mail(wish: WorkMail, parts: dict[str, list[str]]) -> EmailMessage:
    counts = [f"{len(lines)} {heading.lower()}" for heading, lines in parts.items()]
    paragraphs = []
    for heading, lines in parts.items():
        more = len(lines) - _MOST_LINES
        paragraphs += [f"{heading} ({len(lines)})", *lines[:_MOST_LINES]]
        paragraphs += [f"and {more} more"] if more > 0 else []
    off = absolute_url(reverse("work-mail-off", args=[_token(wish)]))
    choose = absolute_url(reverse("admin:consent_change_mail"))
    paragraphs.append(f"-- \nYou chose this mail at the desk. Change it: {choose}\nStop it: {off}")
    return EmailMessage(
        without_controls(f"The desk: {', '.join(counts)}"),
        without_controls("\n\n".join(paragraphs)) + "\n",
        None,
        [wish.curator.email],
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _token(wish: WorkMail) -> str:
    return signing.Signer(salt=_SALT).sign(str(wish.pk))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def stop_work_mail(request: HttpRequest, text: str) -> HttpResponseBase:
    """GET: a page with one button. POST: stop the mail, also by one click (RFC 8058).

    The POST of a mail program comes without cookies; its address contains a signature.
    """
    try:
        number = signing.Signer(salt=_SALT).unsign(text)
    except signing.BadSignature:
        return HttpResponse(status=404)
    if request.method == "POST":
        WorkMail.objects.filter(pk=number).update(frequency=WorkFrequency.NEVER)
    return render(request, "admin/desk/work_mail_off.html", {"done": request.method == "POST"})


class WorkMailForm(forms.ModelForm):
    class Meta:
        model = WorkMail
        fields = ("frequency", "changes", "least_weight", "reports", "reviews", "returned")
        widgets = {
            "frequency": forms.RadioSelect,
            "least_weight": forms.NumberInput(attrs={"step": "0.1"}),
        }


@require_http_methods(["GET", "HEAD", "POST"])
def choose_work_mail(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """The curator's own choice of mails about new work."""
    curator = curator_of(request)
    wish = WorkMail.objects.filter(curator=curator).first() or WorkMail(curator=curator)
    form = WorkMailForm(request.POST if request.method == "POST" else None, instance=wish)
    if request.method == "POST" and form.is_valid():
        chosen = form.save(commit=False)
        if chosen.pk is None:
            chosen.told_up_to = _LONG_AGO  # the first mail names all that waits
        elif "frequency" in form.changed_data:
            chosen.told_up_to = timezone.now()  # what waits already is in the queue
        chosen.save()
        messages.success(request, "Saved.")
        return redirect("admin:consent_change_mail")
    return form_page(
        request,
        site,
        "admin/consent/desk/work_mail.html",
        title="Mail to you",
        form=form,
        address=curator.email,
        from_address=settings.DEFAULT_FROM_EMAIL,
    )
