"""Two entries with evidence: of a real imported change, and of a visited practice page."""

import datetime as dt
import io
import json
import lzma

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import call_command

from consent.curation import decisions, drafts
from consent.models import Change, Entry
from consent.open_data.evidence.bundles import build
from platforms.archive import open_archive
from platforms.models import Page
from platforms.vocabulary import Access
from platforms.watch.lent_sessions import encrypt_cookies, lend
from tests.arranging import arranged
from tests.platforms.importers.versions import FIRST, Versions
from tests.practice.site import PracticeSite
from tests.practice.watched import START, Clock, chirp, visit, watcher
from tests.shared_data import shared_file

CASES = "data/changes-dev.jsonl.xz"
#: A change of moderate size in which a platform's policy gains a use for training.
CASE = {"relevant": True, "longest": 60_000}


def built(entry):
    """The bundle of an entry, as the page hands it out."""
    complete = Entry.objects.for_change_page().get(pk=entry.pk)
    return build(complete, open_archive())


def publish(change):
    curator, _ = User.objects.get_or_create(username="ada")
    entry = drafts.draft_entry(change)
    with arranged():
        entry.summary = entry.summary or "What the page says now."
        entry.title = entry.title or "A policy changed"
        entry.effects = entry.effects or ["wording-only"]
        entry.save()
    return decisions.publish(change, entry=entry, curator=curator)


@pytest.fixture
def imported_entry(evidence_places, tmp_path):
    """A change that Open Terms Archive recorded, imported with its real texts."""
    with lzma.open(shared_file(CASES), "rt", encoding="utf-8") as lines:
        cases = map(json.loads, lines)
        case = next(
            case
            for case in cases
            if case["relevant"] and case["effects"] and len(case["after"]) < CASE["longest"]
        )
    versions = Versions(tmp_path / "versions")
    versions.record(case["before"], prefix=FIRST, service="Chirp")
    versions.record(case["after"], service="Chirp", days=30)
    call_command("import_ota", str(versions.folder), stdout=io.StringIO())
    return publish(Change.objects.get())


def visited_twice(site, page):
    """The change between the first two versions of the practice page, found by visits of ours."""
    clock = Clock()
    watch = watcher(site, clock)
    visit(watch, page, clock)
    site.version = 2
    clock.forward(hours=12)
    visit(watch, page, clock)
    return Change.objects.get()


@pytest.fixture
def visited_entry(evidence_places):
    """A change that two visits of ours to a real web server found."""
    with PracticeSite() as site:
        change = visited_twice(site, chirp(site))
    return publish(change)


@pytest.fixture
def lent_entry(evidence_places, settings):
    """The same, of a page that needed an account: it was read with a lent session."""
    settings.SESSION_KEYS = [Fernet.generate_key().decode()]
    hosts = ["127.0.0.1"]
    jar = "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tsecret\n"
    with PracticeSite() as site:
        page = chirp(site)
        Page.objects.update(access=Access.ACCOUNT)
        page.refresh_from_db()
        lend(
            page.platform,
            encrypt_cookies(f"# Netscape HTTP Cookie File\n\n{jar}", hosts=hosts, now=START),
            hosts=hosts,
            lent_by=User.objects.create_user("grace"),
            expires_at=None,
            now=START,
        )
        change = visited_twice(site, page)
    return publish(change)


@pytest.fixture
def long_ago():
    return dt.date(2026, 3, 1)
