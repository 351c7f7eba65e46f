"""The bytes of refused states: kept beside their row for 90 days, and never in the archive."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from platforms.archive import open_archive
from platforms.models import Document, Snapshot
from platforms.outcomes import Outcome
from platforms.snapshots.documents import body_of, lacking_todays_reading
from platforms.snapshots.snapshot_record import release
from platforms.vocabulary import CaptureSource
from platforms.watch.pruning import forget_refused_bodies
from tests.practice.page_life import PageLife, policy

pytestmark = pytest.mark.django_db

WALL = policy(6)


@pytest.fixture
def life():
    """A page that was read once and then lost most of its text."""
    life = PageLife()
    life.visit()
    assert life.visit(WALL).outcome == Outcome.COLLAPSED
    return life


def the_refused():
    return Snapshot.objects.exclude(quarantined_as="").get()


def forget(life, *, days):
    life.clock.forward(days=days)
    return forget_refused_bodies(now=life.clock.now)


def test_refused_bytes_are_kept_beside_the_archive(life):
    assert set(open_archive().digests()) == {life.page.baseline.sha256}
    assert body_of(the_refused(), open_archive()) == WALL.encode()


@pytest.mark.database
def test_refused_bytes_go_after_90_days_and_their_text_and_digest_stay(life):
    digest = the_refused().sha256
    assert forget(life, days=89) == 0
    assert forget(life, days=2) == 1
    refused = the_refused()
    assert (refused.refused_body, refused.sha256) == (None, digest)
    assert refused.documents.get().text.startswith("# Privacy policy")


def test_refused_bytes_stay_while_the_page_still_gives_them(life):
    wall = "<!doctype html><title>Birdsong</title><p>Please log in to continue.</p>"
    assert life.visit(wall).outcome == Outcome.LOGIN_WALL
    life.clock.forward(days=100)
    assert life.visit(wall).outcome == Outcome.LOGIN_WALL
    assert forget(life, days=1) == 1  # of the other refused state
    latest = Snapshot.objects.get(quarantined_as=Outcome.LOGIN_WALL)
    assert body_of(latest, open_archive()) == wall.encode()


def test_imported_refused_bytes_stay_until_somebody_decides(life):
    Snapshot.objects.update(source=CaptureSource.WAYBACK)
    assert forget(life, days=400) == 0


def test_the_archive_is_whole_with_and_without_refused_bytes(life):
    call_command("verify_archive", verbosity=0)
    forget(life, days=100)
    call_command("verify_archive", verbosity=0)


def test_released_bytes_enter_the_archive_for_good(life):
    refused = the_refused()
    with transaction.atomic():
        release(life.page, refused, archive=open_archive(), now=life.clock.now)
    assert open_archive().get(refused.sha256) == WALL.encode()
    assert forget(life, days=100) == 0
    refused.refresh_from_db()
    assert body_of(refused, open_archive()) == WALL.encode()
    call_command("verify_archive", verbosity=0)


def test_what_has_no_bytes_any_more_is_not_released(life):
    forget(life, days=100)
    with pytest.raises(ValueError, match="bytes"), transaction.atomic():
        release(life.page, the_refused(), archive=open_archive(), now=life.clock.now)
    assert the_refused().released_at is None


def test_a_new_extractor_reads_refused_bytes_again_only_while_they_are_kept(life):
    Document.objects.update(extractor_version=0)
    assert the_refused() in lacking_todays_reading(life.page)
    forget(life, days=100)
    assert the_refused() not in lacking_todays_reading(life.page)


def test_the_preview_offers_refused_bytes_while_they_are_kept(life, admin_client):
    address = reverse("admin:platforms_page_preview", args=[life.page.pk])
    option = f'value="{the_refused().pk}"'
    assert option in admin_client.get(address).content.decode()
    form = {"capture": the_refused().pk, "select": "main", "remove": "", "seen": ""}
    answer = admin_client.post(address, form)
    assert "Clause 5" in answer.content.decode()
    forget(life, days=100)
    assert option not in admin_client.get(address).content.decode()
