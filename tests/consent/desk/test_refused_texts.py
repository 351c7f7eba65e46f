"""A refused text that stays: curators see its words where they decide, and decide once."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from consent.models import Change
from platforms.models import PageRuling, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import PageAct
from tests.pages import press
from tests.practice.page_life import PageLife, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]
STUMP = policy(6)


@pytest.mark.parametrize("place", ["changelist", "health"])
def test_a_refused_text_that_stays_is_shown_with_its_first_words(place, admin_client, monkeypatch):
    refused_for_days(monkeypatch)
    shown = admin_client.get(reverse(f"admin:consent_change_{place}")).content.decode()
    assert "Clause 0: we keep your account details" in shown
    assert ">Release<" in shown


def refused_for_days(monkeypatch):
    """A page that was read, and has given half of its text for three days; now is then."""
    life = PageLife()
    life.visit()
    life.live(3, STUMP)
    monkeypatch.setattr(timezone, "now", lambda: life.clock.now)
    return life


@pytest.fixture
def life(monkeypatch):
    return refused_for_days(monkeypatch)


def queue(client):
    return client.get(reverse("admin:consent_change_changelist"))


def texts_of(client):
    """What the queue shows of refused texts; "" if it shows none."""
    shown = queue(client)
    assert shown.status_code == 200
    return shown.content.decode().partition("desk-refused")[2].partition("</details>")[0]


def test_it_stands_beside_what_was_last_read(life, admin_client):
    refused, last_read = texts_of(admin_client).split("Last read")
    assert "most of the text is gone" in refused
    for text, shown in ((life.page.snapshots.last(), refused), (life.page.baseline, last_read)):
        words = text.documents.get().text
        assert f"{len(words)} characters" in shown
        assert words[:60] in shown


def test_the_text_that_is_the_page_is_released_in_the_queue(life, admin_client):
    press(admin_client, queue(admin_client), "act", "release")
    assert Change.objects.get().after == life.page.snapshots.last()
    assert texts_of(admin_client) == ""
    assert life.visit().outcome == Outcome.READ


def test_the_text_that_is_not_the_page_is_refused_however_long_it_stays(
    life, admin_client, admin_user
):
    done = press(admin_client, queue(admin_client), "act", "refuse")
    assert "This text stays refused" in done.content.decode()
    assert texts_of(admin_client) == ""
    assert set(life.live(30)) == {Outcome.COLLAPSED}
    assert not Change.objects.exists()
    admin_client.force_login(admin_user)  # a login ends before that
    assert texts_of(admin_client) == ""
    ruling = PageRuling.objects.get()
    assert ruling.act == PageAct.REFUSE
    assert ruling.after["capture"] == Snapshot.objects.exclude(quarantined_as="").get().pk


def test_another_text_instead_of_it_is_shown_again(life, admin_client, admin_user):
    press(admin_client, queue(admin_client), "act", "refuse")
    life.live(4, policy(6, start=500))
    admin_client.force_login(admin_user)
    assert "Clause 500" in texts_of(admin_client)


def test_a_text_kept_refused_can_be_released_on_its_page(life, admin_client):
    press(admin_client, queue(admin_client), "act", "refuse")
    health = admin_client.get(reverse("admin:platforms_page_health", args=[life.page.pk]))
    assert "kept refused since" in health.content.decode()
    assert "Keep refusing" not in health.content.decode()
    press(admin_client, health, "act", "release")
    assert Change.objects.count() == 1


def test_who_may_not_release_may_not_keep_refusing(life, client, django_user_model):
    onlooker = django_user_model.objects.create_user("onlooker", is_staff=True)
    rights = ("view_page", "view_change")
    onlooker.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(onlooker)
    assert "Last read" in texts_of(client)
    assert "Keep refusing" not in texts_of(client)
    capture = life.page.snapshots.last().pk
    address = reverse("admin:platforms_page_health", args=[life.page.pk])
    assert client.post(address, {"act": "refuse", "capture": capture}).status_code == 403
    assert not PageRuling.objects.exists()
