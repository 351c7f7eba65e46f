"""Links in mails: how long they work, and that nobody can make one."""

import pytest

from consent.alerts.subscriptions import tokens
from tests.consent.alerts.readers import make_reader

#: Made with this key by the code of November 2026, for subscriber 4711.
KEY = "the key of a site that has sent mails for years"
UNSUBSCRIBE = "/u/3mv.z-aj810rylPUju08"

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(clock, settings):
    settings.SECRET_KEY = KEY
    return make_reader(pk=4711, epoch=2)


def test_an_old_unsubscribe_link_works_for_ever(client, clock, reader):
    clock.move(days=3650)
    assert client.post(f"{UNSUBSCRIBE}/now").status_code == 200
    reader.refresh_from_db()
    assert reader.state == "left"


def test_unsubscribe_links_are_still_made_as_before(reader):
    assert f"/u/{tokens.unsubscribe_text(reader.pk)}" == UNSUBSCRIBE


def test_a_link_ends_with_its_address(client, reader):
    link = f"/alerts/{tokens.manage_text(reader)}"
    reader.epoch += 1
    reader.save(update_fields=["epoch"])
    assert client.get(link).status_code == 404


def test_a_link_that_was_changed_opens_nothing(client, reader):
    link = f"/alerts/{tokens.manage_text(reader)}"
    assert client.get(f"{link[:-1]}{'y' if link[-1] == 'x' else 'x'}").status_code == 404
    client.post(f"{UNSUBSCRIBE[:-1]}x/now")
    reader.refresh_from_db()
    assert reader.state == "active"


def test_a_manage_link_works_for_thirty_days(client, clock, reader):
    link = f"/alerts/{tokens.manage_text(reader)}"
    clock.move(days=30)
    assert client.get(link).status_code == 200
    clock.move(seconds=1)
    assert client.get(link).status_code == 410


def test_a_manage_link_cannot_be_made_from_another(client, clock, reader):
    other = make_reader(epoch=2)
    opened = tokens.open_manage(tokens.manage_text(reader))
    assert opened == tokens.ManageLink(reader, expired=False)
    pk, epoch, stamp, signature = tokens.manage_text(reader).split(".")
    clock.move(days=31)
    other_pk, _, fresh, _ = tokens.manage_text(other).split(".")
    for forged in (
        f"{other_pk}.{epoch}.{stamp}.{signature}",
        f"{pk}.{epoch}.{fresh}.{signature}",
        f"{pk}.{stamp}.{signature}",
    ):
        assert client.get(f"/alerts/{forged}").status_code == 404
