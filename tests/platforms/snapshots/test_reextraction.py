"""Re-extraction by newer rules: both texts are kept, and no change is raised."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consent.models import Change
from platforms.extraction import extract
from platforms.extraction.links import Links
from platforms.fetching import reader
from platforms.models import Document, Page, Snapshot
from platforms.snapshots import documents
from tests.practice.site import HELP
from tests.practice.watched import watcher, with_form_inside

pytestmark = pytest.mark.django_db


def visit(site, clock, page, *versions):
    watch = watcher(site, clock)
    for version in versions:
        site.version = version
        page.refresh_from_db()
        clock.now = max(clock.now, page.next_visit_at)
        watch.check_due(page.pk, page.next_visit_at)


def reextract(*arguments):
    out = StringIO()
    call_command("reextract", *arguments, stdout=out, verbosity=0)
    return out.getvalue()


@pytest.mark.database
def test_new_selectors_read_all_stored_snapshots_again(site, clock, page):
    visit(site, clock, page, 1, 2)
    Page.objects.update(remove=["h2"])
    printed = reextract()
    assert "     2  other text" in printed
    for snapshot in Snapshot.objects.all():
        old, new = snapshot.documents.order_by("created_at")
        assert (old.re_extraction, new.re_extraction) == (False, True)
        assert old.text != new.text
    assert Change.objects.count() == 1


def test_a_new_extractor_version_reads_again_too(site, clock, page, monkeypatch):
    visit(site, clock, page, 1)
    monkeypatch.setattr(documents, "EXTRACTOR_VERSION", documents.EXTRACTOR_VERSION + 1)
    assert "     1  same text" in reextract()
    assert Document.objects.count() == 2


def test_links_that_only_newer_rules_find_are_no_change(site, clock, page, monkeypatch):
    site.answers[HELP] = lambda _: with_form_inside("/forms/object")
    with monkeypatch.context() as past:
        past.setattr(documents, "EXTRACTOR_VERSION", documents.EXTRACTOR_VERSION - 1)
        past.setattr(Links, "read_form", lambda *_, **__: ())
        past.setattr(reader, "read", extract)  # the reader process only knows today's rules
        visit(site, clock, page, 1)
    visit(site, clock, page, 1)
    old, new = Document.objects.order_by("created_at")
    assert (old.links, [link["text"] for link in new.links]) == ([], ["Object to training: Send"])
    assert new.re_extraction
    assert not Change.objects.exists()


def test_texts_of_the_present_rules_are_not_read_again(site, clock, page):
    visit(site, clock, page, 1)
    assert "     1  read already" in reextract()
    assert Document.objects.count() == 1


@pytest.mark.database
def test_running_it_twice_changes_nothing_more(site, clock, page):
    visit(site, clock, page, 1)
    Page.objects.update(remove=["h2"])
    reextract()
    assert "     1  read already" in reextract()
    assert Document.objects.count() == 2


def test_a_dry_run_reports_and_stores_nothing(site, clock, page):
    visit(site, clock, page, 1)
    Page.objects.update(remove=["h2"])
    printed = reextract("--dry-run")
    assert "other text    Chirp: About Perch at" in printed
    assert "nothing was kept" in printed
    assert Document.objects.count() == 1


def test_pages_are_chosen_by_platform_url_or_number(site, clock, page):
    visit(site, clock, page, 1)
    Page.objects.update(remove=["h2"])
    for choice in (("--platform", "chirp"), ("--page", page.url), ("--page", str(page.pk))):
        assert "     1  other text" in reextract(*choice, "--dry-run")
    for unknown in (("--platform", "nobody"), ("--page", "https://nobody.example/")):
        with pytest.raises(CommandError):
            reextract(*unknown)


def test_missing_bytes_are_reported_and_the_others_are_read(site, clock, page):
    visit(site, clock, page, 1, 2)
    Page.objects.update(remove=["h2"])
    Snapshot.objects.filter(pk=page.snapshots.earliest("first_seen_at").pk).update(sha256="0" * 64)
    with pytest.raises(CommandError, match="could not be read"):
        reextract()
    assert Document.objects.filter(re_extraction=True).count() == 1


def test_a_return_to_an_earlier_state_under_new_selectors_is_no_change(site, clock, page):
    visit(site, clock, page, 1, 2)
    Page.objects.update(remove=["h2"], validators={})
    visit(site, clock, page, 1)
    assert Change.objects.get().reverted_at == clock.now
    assert Snapshot.objects.count() == 2
