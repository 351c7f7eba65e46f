"""Creates one more row for every list of the desk and the admin."""

import datetime as dt
from itertools import count

from django.contrib.auth.models import Group, User
from django.utils import timezone

from consent.curation import decisions, revisions
from consent.curation.reports import decide_report
from consent.curation.verification import check_surface
from consent.ledger.published_figures import record_figures
from consent.models import (
    Alert,
    Bounce,
    Digest,
    Letter,
    ProviderStatement,
    ReaderReport,
    Reference,
    Sample,
    Subscriber,
    Subscription,
    Suggestion,
    TimeStamp,
)
from consent.open_data.stamps.closed_days import close_day
from consent.vocabulary import ReportKind, ReportStatus
from platforms.desk import page_actions
from platforms.models import Gap, LentSession, Outage, Platform, VisitDay
from platforms.outcomes import Outcome
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)

_number = count(1)


def fill(editor):
    """One more row for every list."""
    now, number = timezone.now(), next(_number)
    platform = make_platform()
    page = make_page(
        platform,
        health="failing",
        health_since=now,
        flapping_since=now,
        needs_rule_since=now,
    )
    make_fetch(page, Outcome.TIMEOUT)
    Sample.objects.create(
        month=dt.date(2024, 7, 1), kind="not-raised", page=page, population=number
    )
    page_actions.visit_soon(page, curator=editor, now=now)
    record_figures(now)
    Gap.objects.create(page=page, began_at=now, noticed_at=now, outcome="timeout")
    Outage.objects.create(began_at=now, last_tried_at=now, ended_at=now)
    VisitDay.objects.create(
        page=page, day=now.date(), outcome="read", visits=2, first_at=now, last_at=now
    )
    with arranged():
        Platform.objects.filter(pk=platform.pk).update(second_review=True)
    use = make_use(platform, data_kinds=["public-posts"])
    make_state(use)
    control = make_control(use)
    suggested = make_change(page, f"before {number}", f"after {number}")
    Suggestion.objects.create(
        change=suggested,
        classifier_version=1,
        relevant=True,
        direction="less-control",
        confidence=0.9,
        title=f"Suggested {number}",
    )
    dismissed = make_change(page, f"again {number}", f"afterwards {number}")
    decisions.dismiss(dismissed, curator=editor, reason="noise")
    captured = dismissed.after
    captured.quarantined_as, captured.quarantine_detail = "bot-wall", "a challenge"
    captured.save()
    entry = make_entry(platform, effective_on=now.date(), deadline_on=now.date())
    make_source(entry)
    revisions.correct(entry, reason="A slip.", editor=editor, title=f"Mended {number}")
    draft = make_entry(platform, status="draft", published_at=None)
    make_source(draft)
    decisions.publish_by_hand(draft, curator=editor)
    make_entry(platform, status="draft", published_at=None)
    guide = make_guide(platform, control, source_changed_at=now, source_change=suggested)
    make_source(None, guide=guide)
    check_surface(guide.surfaces.get(), "cannot-check", curator=editor, note="No account.")
    with arranged():
        Reference.objects.create(slug=f"law-{number}", name=f"Law {number}", kind="law", place="EU")
        ProviderStatement.objects.create(
            key=f"statement-{number}",
            law="eu-ai-act-53-1-d",
            provider=f"Provider {number}",
            model="Model",
            chats_with_this_model="yes",
            data_of_other_services="no",
            document_url="https://provider.example/summary",
            readable="by-person",
        )
    LentSession.objects.create(
        platform=platform, lent_by=editor, expires_at=now + dt.timedelta(days=1), cookies=b"sealed"
    )
    mail_to_somebody(entry, number, now)
    closed = close_day(dt.date(2026, 1, 1) + dt.timedelta(days=number))
    TimeStamp.objects.create(day=closed, response=b"a stamp", authority="CN=Test", stamped_at=now)
    for _ in range(2):  # one waits, one is ruled on
        report = ReaderReport.objects.create(
            kind=ReportKind.PLATFORM, name=f"Missed {number}", url="https://missed.example"
        )
    decide_report(report, ReportStatus.ACTED_ON, seen="open", curator=editor, note="Added.")
    User.objects.create_user(f"person-{number}")
    Group.objects.create(name=f"group {number}")


def mail_to_somebody(entry, number, now):
    reader = Subscriber.objects.create(
        address=f"reader-{number}@example.org",
        normalised=f"reader-{number}@example.org",
        state="active",
    )
    subscription = Subscription.objects.create(
        subscriber=reader, scope="everything", frequency="daily"
    )
    digest = Digest.objects.create(subscriber=reader, frequency="daily", up_to=now, due_at=now)
    Alert.objects.create(
        entry=entry,
        subscriber=reader,
        subscription=subscription,
        kind="change",
        frequency="daily",
        due_at=now,
        digest=digest,
    )
    Letter.objects.create(
        kind="welcome", address=reader.address, subscriber=reader, key=f"w{number}", due_at=now
    )
    Bounce.objects.create(subscriber=reader, kind="transient", mail=f"a{number}")
