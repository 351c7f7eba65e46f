"""Examples of what each role may do; test_walk.py checks every address."""

import pytest
from django.contrib.auth.models import Group

from consent.curation import drafts
from consent.desk.roles import ADMINISTRATOR, CURATOR, EDITOR, READER, ROLES
from tests.factories import make_entry, make_guide, make_platform
from tests.pages import fields_of
from tests.sweeps import some

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

MAILS = "/admin/consent/alert/mails/"


def test_the_mails_of_readers_are_shown_to_nobody_without_the_right(client, person):
    client.force_login(person())
    assert client.get(MAILS).status_code == 403


@pytest.fixture
def filled(change, editor):
    """A published entry and a guide beside the waiting change."""
    guide = make_guide(make_platform())
    return {"change": change, "entry": make_entry(change.page.platform), "guide": guide}


#: What each role may do at least; those after it in the list of roles may do it too.
ALLOWED_FROM = {
    "/admin/consent/change/": READER,
    "/admin/consent/change/{change}/change/": READER,
    "/admin/consent/change/health/": READER,
    "/admin/consent/change/dates/": READER,
    "/admin/consent/change/numbers/": READER,
    "/admin/consent/guide/queue/": READER,
    "/admin/consent/readerreport/queue/": READER,
    "/admin/consent/reportruling/": READER,
    "/admin/consent/guide/{guide}/check/": READER,
    "/admin/consent/decision/": READER,
    "/admin/consent/revision/": READER,
    "/admin/platforms/snapshot/": READER,
    "/admin/consent/change/{change}/publish/": CURATOR,
    "/admin/consent/entry/{entry}/revise/": EDITOR,
    "/admin/consent/entry/write/": CURATOR,
    "/admin/auth/user/": ADMINISTRATOR,
    "/admin/platforms/lentsession/": ADMINISTRATOR,
}


@pytest.mark.parametrize("role", some(ROLES, 2))
def test_each_role_sees_its_pages_and_no_others(client, person, filled, role):
    client.force_login(person(role, name="walker"))
    keys = {name: row.pk for name, row in filled.items()}
    order = list(ROLES)
    for address, least in ALLOWED_FROM.items():
        expected = 200 if order.index(role) >= order.index(least) else 403
        assert client.get(address.format(**keys)).status_code == expected, address


def test_subscribers_are_shown_to_no_role():
    for group in Group.objects.filter(name__in=ROLES):
        names = set(group.permissions.values_list("codename", flat=True))
        assert not [name for name in names if name.endswith(("_subscriber", "_alert", "_token"))]


def test_a_curator_rules_and_cannot_publish_by_hand_either(client, person, filled):
    user = person(CURATOR, name="walker")
    client.force_login(user)
    draft = drafts.draft_entry(filled["change"])
    place = f"/admin/consent/entry/{draft.pk}/publish/"
    sent_on = client.post(place, {"publish": "now"}, follow=True)
    page = fields_of(sent_on, "[name=version]") | {"publish": "now"}
    assert client.post(sent_on.request["PATH_INFO"], page).status_code == 403
    draft.refresh_from_db()
    assert draft.status == "draft"
    client.post(f"/admin/consent/change/{filled['change'].pk}/dismiss/", {"reason": "noise"})
    assert filled["change"].decisions.get().curator == user
