"""Nobody gets anywhere unless it is said: every address, as everybody."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver

from consent import curation
from consent.roles import ADMINISTRATOR, CURATOR, EDITOR, READER, ROLES
from tests.factories import make_entry, make_guide, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.database]

#: Addresses below these are for those who are let in; all others are for everybody.
PRIVATE = "admin/"
OPEN_IN_PRIVATE = {"admin/login/", "admin/login/code/", "admin/logout/", "admin/jsi18n/"}
MAILS = "/admin/consent/alert/mails/"
_PLACES = re.compile(r"<(?:\w+:)?(\w+)>")


def patterns(resolver=None, before=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def addresses():
    """Every address of the admin, each place in it filled with a number."""
    for route in sorted(set(patterns())):
        if route.startswith(PRIVATE) and route not in OPEN_IN_PRIVATE and "(?P" not in route:
            yield "/" + _PLACES.sub("1", route)


def test_the_walk_reaches_the_desk():
    walked = set(addresses())
    assert {
        "/admin/consent/change/1/publish/",
        "/admin/consent/change/1/undo/",
        "/admin/consent/entry/1/revise/",
        "/admin/consent/guide/1/check/",
        "/admin/consent/readerreport/1/rule/",
        "/admin/platforms/page/1/noise/",
    } <= walked
    assert len(walked) > 80


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_private_address_asks_a_stranger_to_log_in(client, method):
    for address in addresses():
        answer = getattr(client, method)(address)
        assert answer.status_code == 302, address
        assert "/admin/login/" in answer["Location"], address


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_staff_without_a_role_reaches_nothing(client, person, method):
    client.force_login(person())
    harmless = {
        "/admin/",
        "/admin/autocomplete/",
        "/admin/two-factors/",
        "/admin/password_change/",
        "/admin/password_change/done/",
    }
    for address in addresses():
        if address in harmless or address == MAILS:
            continue
        answer = getattr(client, method)(address)
        assert answer.status_code in (302, 403, 404, 405), (address, answer.status_code)
        if answer.status_code == 302:
            assert answer["Location"] in ("/admin/", "/") or "1" in address, address


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
    "/admin/consent/entry/add/": EDITOR,
    "/admin/auth/user/": ADMINISTRATOR,
    "/admin/platforms/lentsession/": ADMINISTRATOR,
}


@pytest.mark.parametrize("role", ROLES)
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


def test_a_curator_rules_and_cannot_publish_by_the_list_either(client, person, filled):
    user = person(CURATOR, name="walker")
    client.force_login(user)
    draft = curation.draft_entry(filled["change"])
    client.post("/admin/consent/entry/", {"action": "publish", "_selected_action": [str(draft.pk)]})
    draft.refresh_from_db()
    assert draft.status == "draft"
    client.post(f"/admin/consent/change/{filled['change'].pk}/dismiss/", {"reason": "noise"})
    assert filled["change"].decisions.get().curator == user
