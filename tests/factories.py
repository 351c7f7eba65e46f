"""Small makers of records for tests: sensible values, and whatever the test cares about on top."""

import datetime as dt
import hashlib
from itertools import count
from typing import Any

from django.utils import timezone

from consent.models import (
    Branch,
    Change,
    Control,
    ControlSurface,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    ReaderReport,
    Source,
    State,
    Use,
)
from consent.vocabulary import (
    Basis,
    ChangeStatus,
    Confidence,
    Direction,
    Effect,
    People,
    PublicationStatus,
    Purpose,
    Refuse,
    StateValue,
    Surface,
)
from platforms.models import Document, Fetch, Page, Platform, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import Category, PageKind
from tests.arranging import arranged

_number = count(1)


@arranged()
def make_platform(slug: str = "", **fields: Any) -> Platform:
    slug = slug or f"platform-{next(_number)}"
    defaults = {
        "name": slug.title(),
        "operator": f"{slug.title()} Inc.",
        "category": Category.SOCIAL,
        "homepage": f"https://{slug}.example",
    }
    return Platform.objects.create(slug=slug, **defaults | fields)


def make_page(platform: Platform, **fields: Any) -> Page:
    defaults = {
        "url": f"https://{platform.slug}.example/help/{next(_number)}",
        "kind": PageKind.HELP,
        "title": "About training",
    }
    return Page.objects.create(platform=platform, **defaults | fields)


def make_fetch(page: Page, outcome: Outcome = Outcome.READ, **fields: Any) -> Fetch:
    """A visit, with what the page remembers of it."""
    at = fields.pop("at", None) or timezone.now()
    page.last_visited_at = at
    if outcome.looked:
        page.last_looked_at = at
    page.save(update_fields=["last_visited_at", "last_looked_at"])
    times = {"visit": at, "started_at": at, "finished_at": at}
    return Fetch.objects.create(page=page, outcome=outcome, **times | fields)


_BRANCH_FIELDS = frozenset(
    (
        *("places", "except_places", "some_of", "people", "plans", "who", "who_narrows"),
        *("adults", "only_kinds"),
    )
)


@arranged()
def make_use(platform: Platform, **fields: Any) -> Use:
    """A published use for training, of personal accounts worldwide, without a state.

    Fields of a branch (places, people, plans, who …) go to its only branch.
    """
    of_branch = {name: fields.pop(name) for name in _BRANCH_FIELDS & fields.keys()}
    number = next(_number)
    defaults: dict[str, Any] = {
        "slug": f"use-{number}",
        "title": f"Your public posts train {platform.name}'s models",
        "title_if_not": f"Your public posts do not train {platform.name}'s models",
        "purpose": Purpose.TRAINING,
        "covers": "Public posts",
        "position": platform.uses.count(),
        "status": PublicationStatus.PUBLISHED,
    }
    use = Use.objects.create(platform=platform, **defaults | fields)
    make_branch(use, **of_branch)
    return use


def make_branch(use: Use, **fields: Any) -> Branch:
    """For whom and where one history of states of a use holds."""
    defaults: dict[str, Any] = {"people": [People.PERSONAL.value], "position": use.branches.count()}
    return Branch.objects.create(use=use, **defaults | fields)


@arranged()
def make_state(of: Use | Branch, value: str = StateValue.UNLESS_REFUSED, **fields: Any) -> State:
    """A state of a branch, or of the first branch of a use."""
    branch = of if isinstance(of, Branch) else of.branches.all()[0]
    return State.objects.create(branch=branch, value=value, **fields)


@arranged()
def make_control(*uses: Use, **fields: Any) -> Control:
    """A published switch on the web that refuses these uses when it is turned off."""
    path = fields.pop("path", "Settings › Privacy › Training")
    deep_link = fields.pop("deep_link", "")
    surface = fields.pop("surface", Surface.WEB)
    platform = fields.pop("platform", None) or uses[0].platform
    defaults: dict[str, Any] = {
        "slug": f"control-{next(_number)}",
        "refuse": Refuse.TURN_OFF,
        "position": platform.controls.count(),
        "status": PublicationStatus.PUBLISHED,
    }
    if "name" not in fields:
        defaults["label"] = "Improve the model for everyone"
    control = Control.objects.create(platform=platform, **defaults | fields)
    control.uses.add(*uses)
    ControlSurface.objects.create(control=control, surface=surface, path=path, deep_link=deep_link)
    return control


@arranged()
def make_entry(*platforms: Platform, key: str = "", **fields: Any) -> Entry:
    """A published entry, in effect since 26 July 2024 if nothing else is said."""
    key = key or f"entry-{next(_number)}"
    defaults: dict[str, Any] = {
        "title": f"A platform trains on posts ({key})",
        "summary": "Posts are used unless the switch is cleared.",
        "effects": [Effect.DEFAULT_ON.value],
        "direction": Direction.LESS_CONTROL,
        "data_kinds": ["public-posts"],
        "confidence": Confidence.HIGH,
        "basis": Basis.REPORTED,
        "effective_on": dt.date(2024, 7, 26),
        "status": PublicationStatus.PUBLISHED,
        "published_at": timezone.now(),
    }
    entry = Entry.objects.create(key=key, **defaults | fields)
    entry.platforms.add(*platforms)
    return entry


@arranged()
def make_source(entry: Entry, **fields: Any) -> Source:
    defaults = {
        "url": f"https://news.example/{next(_number)}",
        "publisher": "The Example Times",
        "published_on": dt.date(2024, 7, 26),
    }
    return Source.objects.create(entry=entry, **defaults | fields)


@arranged()
def make_guide(platform: Platform, *controls: Control, **fields: Any) -> Guide:
    """A published guide with one surface of two steps."""
    verified_on = fields.pop("verified_on", None)
    defaults: dict[str, Any] = {
        "slug": f"guide-{next(_number)}",
        "title": f"Turn off training on {platform.name}",
        "caveats": ["Models already trained are not changed."],
        "minutes": 3,
        "status": PublicationStatus.PUBLISHED,
    }
    guide = Guide.objects.create(platform=platform, **defaults | fields)
    guide.controls.add(*controls)
    surface = GuideSurface.objects.create(guide=guide, surface=Surface.WEB, verified_on=verified_on)
    for position, act in enumerate(("Open the settings.", "Clear the box."), start=1):
        GuideStep.objects.create(surface=surface, position=position, act=act)
    return guide


def make_report(**fields: Any) -> ReaderReport:
    """An error that a reader reports."""
    return ReaderReport.objects.create(**{"kind": "error", "text": "It was July."} | fields)


def make_snapshot(page: Page, text: str, at: dt.datetime) -> Snapshot:
    """A snapshot that says a text, with the Document taken from it."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    snapshot = Snapshot.objects.create(
        page=page,
        sha256=digest,
        size=len(text),
        content_type="text/html",
        http_status=200,
        final_url=page.url,
        first_seen_at=at,
        last_seen_at=at,
    )
    Document.objects.create(
        snapshot=snapshot, extractor_version=1, rules="whole", text=text, digest=digest
    )
    return snapshot


@arranged()
def make_change(page: Page, before: str, after: str, *, entry: Entry | None = None) -> Change:
    """A raw difference between two snapshots a day apart; published with an entry."""
    now = timezone.now()
    first = make_snapshot(page, before, now - dt.timedelta(days=1))
    second = make_snapshot(page, after, now)
    return Change.objects.create(
        page=page,
        before=first,
        after=second,
        before_document=first.documents.get(),
        after_document=second.documents.get(),
        observed_from=first.last_seen_at,
        observed_to=second.first_seen_at,
        status=ChangeStatus.PUBLISHED if entry else ChangeStatus.WAITING,
        entry=entry,
    )
