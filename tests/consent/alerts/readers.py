"""People who sign up, and what is done to them: small makers for the tests of alerts."""

import datetime as dt
import re
from itertools import count

import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from consent.alerts.subscriptions.choices import Choices, keep
from consent.curation import decisions
from consent.models import Subscriber
from tests.factories import make_entry, make_platform, make_source

_number = count(1)


class Clock:
    """Frozen time that can be moved on."""

    def __init__(self, at):
        self.traveller = time_machine.travel(at, tick=False)

    def __enter__(self):
        self.time = self.traveller.start()
        return self

    def __exit__(self, *_):
        self.traveller.stop()

    def move(self, **by):
        self.time.shift(dt.timedelta(**by))


def make_reader(address="", *subjects, frequency="as-it-happens", **fields):
    """A confirmed subscriber; subjects are pairs of scope and value, everything by default."""
    address = address or f"reader-{next(_number)}@mail.example"
    choices = Choices(
        subjects=subjects or (("everything", ""),),
        frequency=frequency,
        place=fields.pop("place", ""),
        reminders=fields.pop("reminders", False),
    )
    now = timezone.now()
    defaults = {"state": "active", "confirmed_at": now, "kept_at": now}
    reader = Subscriber.objects.create(
        address=address, normalised=address.lower(), **defaults | fields
    )
    keep(reader, choices)
    return reader


def publish(*platforms, **fields):
    """An entry that a curator puts on the timeline now."""
    draft = {"status": "draft", "published_at": None}
    entry = make_entry(*(platforms or (make_platform(),)), **draft | fields)
    make_source(entry)
    curator, _ = User.objects.get_or_create(username="ada")
    return decisions.publish_by_hand(entry, curator=curator)


def links(text):
    """The addresses in a text, each once."""
    return set(re.findall(r"https?://[^\s<>\"')\]]+", text))


def parts(mail):
    """The text and the HTML of a mail."""
    return (
        mail.get_body(("plain",)).get_content(),
        mail.get_body(("html",)).get_content(),
    )


def follow(client, mail, kind="confirm"):
    """Open the page that a mail links to, and press its button."""
    (link,) = [url for url in links(parts(mail)[0]) if f"/{kind}/" in url]
    return client.post(link.removeprefix("https://defaulton.example"))
