"""Every mail with sample data, as it would be sent. Uses no database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone

from consent.alerts.mails import emails
from consent.alerts.mails.emails import Mail
from consent.alerts.mails.stories import Quote, Story, Turned, WayOut, in_words, is_to_come
from consent.alerts.subscriptions.choices import Choices
from consent.alerts.subscriptions.next_steps import NextSteps
from consent.ledger.dates import dates_of
from consent.ledger.place_words import people_words, place_words
from consent.ledger.platform_facts import ControlFacts
from consent.ledger.verdict_words import act_html, act_words
from consent.models import Alert, Digest, Entry, Guide, Letter, Revision, Subscriber, Token
from consent.vocabulary import (
    AlertKind,
    Effect,
    Frequency,
    LetterKind,
    Refuse,
    RevisionKind,
    TokenPurpose,
)
from consent.web.absolute_urls import absolute_url
from platforms.models import Platform

_WHY = "you asked for: AI training turned on, on any platform, as it happens"


def previews() -> dict[str, Mail]:
    """Return the mails by name, in the order of UX: M1 to M14."""
    return {
        "letter-confirm": emails.confirm(_letter(LetterKind.CONFIRM)),
        "letter-welcome": emails.welcome(
            _letter(LetterKind.WELCOME),
            _wishes(),
            NextSteps([_guide()], f"{reverse('checklist')}?p=chirp"),
        ),
        "alert-change": _alert(AlertKind.CHANGE),
        "alert-coming": _alert(AlertKind.COMING),
        "letter-reminder": emails.reminder(_letter(LetterKind.REMINDER), _story(), 7),
        "digest-daily": _digest(Frequency.DAILY),
        "digest-weekly": _digest(Frequency.WEEKLY),
        "alert-correction": _alert(AlertKind.CORRECTION),
        "letter-revised": emails.revised(_letter(LetterKind.REVISED), _revision()),
        "letter-new-steps": emails.new_steps(_letter(LetterKind.NEW_STEPS), _guide()),
        "alert-postponed": _alert(AlertKind.POSTPONED),
        "letter-manage": emails.manage_link(_letter(LetterKind.MANAGE), _reader()),
        "letter-new-address": emails.new_address(_letter(LetterKind.NEW_ADDRESS)),
        "letter-address-changed": emails.address_changed(_letter(LetterKind.ADDRESS_CHANGED)),
        "letter-not-watched": emails.not_watched(
            _letter(LetterKind.NOT_WATCHED), _platform(), Platform(slug="chirp-2", name="Chirp 2")
        ),
        "letter-still-wanted": emails.still_wanted(_letter(LetterKind.STILL_WANTED), _wishes()),
    }


def _reader() -> Subscriber:
    # Nobody has this key, so the links in a sample end no reader's alerts.
    return Subscriber(pk=0, address="reader@example.org", normalised="reader@example.org")


def _letter(kind: LetterKind, data: dict[str, int] | None = None) -> Letter:
    payload = {
        LetterKind.CONFIRM: Choices(
            subjects=(("data-kind", "voice"), ("data-kind", "chats")), frequency="as-it-happens"
        ).as_json(),
        LetterKind.NEW_ADDRESS: {"address": "reader@example.org"},
    }.get(kind)
    token = None
    if payload is not None:
        purpose = TokenPurpose.CONFIRM if kind == LetterKind.CONFIRM else TokenPurpose.NEW_ADDRESS
        token = Token(purpose=purpose, nonce="0" * 32, payload=payload)
    return Letter(
        pk=12,
        kind=kind,
        address="reader@example.org",
        subscriber=_reader(),
        token=token,
        data=data or {},
    )


def _wishes() -> list[tuple[str, str]]:
    return [
        ("AI training turned on, on any platform", str(Frequency.AS_IT_HAPPENS.label)),
        ("Chirp", str(Frequency.WEEKLY.label)),
    ]


def _platform() -> Platform:
    return Platform(slug="chirp", name="Chirp")


def _guide() -> Guide:
    return Guide(
        slug="chirp-training",
        title="Turn off AI training on Chirp",
        minutes=3,
        platform=_platform(),
    )


def _entry(
    title: str = "Chirp uses public posts to train Perch unless people opt out",
    *,
    deadline: bool = True,
) -> Entry:
    day = timezone.localdate()
    entry = Entry(
        pk=1,
        key="sample",
        public_id="0123456789",
        title=title,
        summary=(
            "Posts, replies and what people type to Perch are used for training. The switch is "
            "set to on for everyone; it can be cleared at any time, for the future only."
        ),
        effects=[str(Effect.DEFAULT_ON)],
        data_kinds=["public-posts", "chats"],
        except_places=["EU", "GB"],
        effective_on=day,
        announced_on=day - dt.timedelta(days=12),
        deadline_on=day + dt.timedelta(days=7) if deadline else None,
        status="published",
        published_at=timezone.now(),
    )
    entry._prefetched_objects_cache = {"platforms": [_platform()], "uses": [], "announcements": []}  # type: ignore[attr-defined] # unsaved, and read as if from the database
    return entry


def _revision() -> Revision:
    reason = "The page speaks of public posts only; private messages are not used."
    changed = [
        {"field": "Data", "before": "public-posts, private-messages", "after": "public-posts"}
    ]
    return Revision(
        pk=1, entry=_entry(), kind=RevisionKind.CORRECTION, reason=reason, changed=changed
    )


def _story(entry: Entry | None = None) -> Story:
    entry = entry or _entry()
    dates = tuple(map(in_words, dates_of(entry)))
    return Story(
        entry=entry,
        url=absolute_url("/changes/0123456789"),
        product="Chirp",
        turned=(
            Turned(
                "Your public posts train Perch",
                "personal accounts, outside the EU and UK",
                "Not used",
                "On unless you refuse",
            ),
        ),
        dates=dates,
        leading=dates[1],
        who=people_words(entry.people),
        where=place_words(entry.where),
        quotes=(
            Quote(
                "We do not use your posts to train our models.",
                "We may use your posts and your interactions to train and refine Perch, unless "
                "you opt out in your settings. <b>hostile</b>",
                "About Perch",
            ),
        ),
        ways=(_way_out(),),
        on=True,
        to_come=is_to_come(entry),
        answers=(("Does Chirp train AI on your data? (Germany)", "Only if you agree"),),
    )


def _way_out() -> WayOut:
    control = ControlFacts(
        key="chirp/learn", uses=(), refuse=Refuse.TURN_OFF, label="Let Perch learn from my posts"
    )
    address = absolute_url("/guides/chirp-training")
    return WayOut(act_words(control), act_html(control), address, minutes=3)


def _alert(kind: AlertKind) -> Mail:
    entry = _entry()
    if kind == AlertKind.COMING:
        entry.effective_on = None
        entry.due_on = timezone.localdate() + dt.timedelta(days=30)
    if kind in (AlertKind.CORRECTION, AlertKind.POSTPONED):
        entry.follows = _entry("Chirp uses private messages to train Perch")
        entry.follows.public_id = "9876543210"
    if kind == AlertKind.POSTPONED:
        entry.title = "Chirp puts off training on public posts to March 2027"
        entry.effects = [str(Effect.POSTPONED)]
        entry.effective_on, entry.due_on = None, dt.date(2027, 3, 1)
    draft = emails.draft_alert(_story(entry), kind)
    alert = Alert(pk=7, entry=entry, subscriber=_reader(), kind=kind)
    return emails.address_alert(draft, alert, _WHY)


def _digest(frequency: Frequency) -> Mail:
    chats = Turned(
        "Your chats train Slate's models", "everyone", "On, no way out", "On unless you refuse"
    )
    files = Turned(
        "Your organisation's files train Slate's models",
        "organisations, EU",
        "On unless you refuse",
        "Off unless you agree",
    )
    stories = [
        _story(),
        replace(
            _story(_entry("Slate adds a switch against training on chats", deadline=False)),
            turned=(chats,),
            on=False,
        ),
        replace(
            _story(_entry("Slate turns off training on files for organisations", deadline=False)),
            turned=(files,),
            where="European Union",
            ways=(),
            on=False,
        ),
    ]
    digest = Digest(pk=3, frequency=frequency, up_to=timezone.now(), subscriber=_reader())
    return emails.digest(digest, stories, "you asked for changes, bundled")
