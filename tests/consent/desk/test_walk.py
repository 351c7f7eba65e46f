"""Requests every address as every role: nobody gets anywhere without the right to.

A new address belongs either under PUBLIC (consent/web/default_deny.py) or under ASKED, or is one
of the admin's own pages of a model, whose rights are the model's. Any other is found here.
"""

import re
from functools import cache

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

import config.urls
from consent.desk.roles import ADMINISTRATOR, ROLES
from consent.models import Change, Control, Entry, Guide, ReaderReport, Sample, Use
from consent.web.default_deny import PUBLIC
from platforms.models import Page
from tests.consent.desk.filling import fill
from tests.sweeps import DRILL, some

pytestmark = pytest.mark.django_db

#: Of the admin, for whoever stands at the door, and for whoever is in.
AT_THE_DOOR = {"join", "login", "login_code", "logout", "jsi18n"}
FOR_STAFF = {
    "consent_change_mail",
    "consent_change_name",
    "index",
    "records",
    "two_factors",
    "password_change",
    "password_change_done",
}
#: Lead to another page, which asks by itself.
LEADING_ON = {"autocomplete", "view_on_site", "app_list", None}
#: The desk's own pages: the right each asks for.
ASKED = {
    "auth_user_invite": "auth.add_user",
    "consent_alert_mails": "consent.view_alert",
    "consent_alert_sample": "consent.view_alert",
    "consent_alert_written": "consent.view_alert",
    "consent_change_confirm": "consent.change_change",
    "consent_change_dismiss": "consent.change_change",
    "consent_change_hand_over": "consent.change_change",
    "consent_change_merge": "consent.change_change",
    "consent_change_note": "consent.change_change",
    "consent_change_publish": "consent.change_change",
    "consent_change_reopen": "consent.change_change",
    "consent_change_snooze": "consent.change_change",
    "consent_change_undo": "consent.change_change",
    "consent_change_undo_batch": "consent.change_change",
    "consent_change_dates": "consent.view_entry",
    "consent_change_health": "platforms.view_page",
    "consent_change_numbers": "consent.view_decision",
    "consent_change_readings": "platforms.view_page",
    "consent_page_right": "platforms.change_page",
    "consent_change_samples": "consent.view_decision",
    "consent_sample_settle": "consent.change_change",
    "consent_entry_describe_source": "consent.change_entry",
    "consent_entry_hand_over": "consent.change_entry",
    "consent_entry_note": "consent.change_entry",
    "consent_entry_holds": "consent.publish_entry",
    "consent_entry_publish": "consent.change_entry",
    "consent_entry_review": "consent.publish_entry",
    "consent_entry_revise": "consent.publish_entry",
    "consent_entry_unrevise": "consent.publish_entry",
    "consent_entry_write": "consent.add_entry",
    "consent_entry_undo": "consent.publish_entry",
    "consent_entry_reviews": "consent.view_entry",
    "consent_guide_check": "consent.view_guide",
    "consent_guide_queue": "consent.view_guide",
    **{
        f"consent_{record}_{act}": "consent.publish_record"
        for record in ("use", "control", "guide")
        for act in ("publish", "withdraw", "review", "undo")
    },
    "consent_readerreport_queue": "consent.view_readerreport",
    "consent_readerreport_rule": "consent.change_readerreport",
    "platforms_page_health": "platforms.view_page",
    "platforms_page_noise": "platforms.change_page",
    "platforms_page_preview": "platforms.change_page",
    "platforms_page_probe": "platforms.change_page",
}
RECORDS = {"use": Use, "control": Control, "guide": Guide}
#: What a POST asks for where it asks for more than a GET.
ASKED_TO_WRITE = {
    "consent_guide_check": "consent.change_guide",
    "platforms_page_health": "platforms.change_page",
}
#: The admin's pages of a model: the acts of which one is enough, to read and to write.
OF_A_MODEL = {
    "changelist": (("view", "change"), ("view", "change")),
    "add": (("add",), ("add",)),
    "change": (("view", "change"), ("change",)),
    "delete": (("delete",), ("delete",)),
    "history": (("view", "change"), ("view", "change")),
}
#: On PostgreSQL one role is enough: an administrator opens nearly every page.
EVERY_ROLE = [
    pytest.param(role, marks=pytest.mark.database) if role == ADMINISTRATOR else role
    for role in ROLES
]
#: What the walk looks for by name.
TOLD = {
    *("consent_change_health", "consent_change_dismiss", "consent_entry_undo"),
    *("auth_user_changelist", "consent_subscriber_changelist"),
}
_PLACES = re.compile(r"<(?:\w+:)?(\w+)>")


def routes(resolver=None, before=""):
    """Every route and its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.name


def private():
    return {name: route for route, name in routes() if route.startswith("admin/")}


@cache
def models():
    """The admin's pages of models: name → (model, page)."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}": (model, page)
        for model in admin.site._registry
        for page in OF_A_MODEL
    }


def rights_to(name, *, write):
    """Return the rights of which any opens a page, as "app.codename"."""
    if name in ASKED:
        return {(write and ASKED_TO_WRITE.get(name)) or ASKED[name]}
    if name == "auth_user_password_change":
        return {"auth.change_user"}
    model, page = models()[name]
    label, word = model._meta.app_label, model._meta.model_name
    return {f"{label}.{act}_{word}" for act in OF_A_MODEL[page][write]}


@pytest.fixture
def addresses(person):
    """Return every private address by name, for existing rows."""
    fill(person("Administrator", name="filler"))
    rows = {
        "change_id": Change.objects.waiting().first(),
        "entry_id": Entry.objects.published().first(),
        "guide_id": Guide.objects.first(),
        "report_id": ReaderReport.objects.waiting().first(),
        "page_id": Page.objects.first(),
        "sample_id": Sample.objects.unread().first(),
    }
    by_name = {}
    for name, route in private().items():
        if name in AT_THE_DOOR | LEADING_ON:
            continue
        place = {model: row.pk for model, row in rows.items()} | {"name": "confirm", "id": 1}
        if "record_id" in route:
            place["record_id"] = RECORDS[name.split("_")[1]].objects.order_by("pk").first().pk
        if name in models():
            place["object_id"] = models()[name][0].objects.order_by("pk").first().pk
        by_name[name] = "/" + _PLACES.sub(lambda match, at=place: str(at[match[1]]), route)
    return by_name


def test_every_address_is_public_by_name_or_asks_for_something():
    outside = {name for route, name in routes() if not route.startswith("admin/")}
    listed = {name for name in PUBLIC if not name.startswith("admin:")}
    assert outside == listed, "public? then say so in PUBLIC"
    known = {*AT_THE_DOOR, *FOR_STAFF, *LEADING_ON, *ASKED, *models(), "auth_user_password_change"}
    assert set(private()) - known == set(), "who may open it? say so in ASKED"


def tried(role, may, *, write):
    """Those that this role's turn is to try, of names closed to it and of open ones.

    In a drill each role tries all.
    """
    names = [name for name in private() if name not in {*AT_THE_DOOR, *LEADING_ON, *FOR_STAFF}]
    turn, turns = (0, 1) if DRILL else (["", *ROLES].index(role), 1 + len(ROLES))
    open_to_them = [name for name in names if rights_to(name, write=write) & may]
    closed = [name for name in names if name not in open_to_them]
    return {
        *closed[turn::turns],
        *some(open_to_them[turn::turns], 6),
        *TOLD.intersection(names),
    }


def forgotten(request):
    return HttpResponse("Something that somebody forgot to name.")


urlpatterns = [
    *config.urls.urlpatterns,
    path("forgotten", forgotten, name="forgotten"),
    path("without-a-name", forgotten),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/forgotten", "/without-a-name"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_nobody_named_is_open_to_the_desk_alone(client, person, address, method):
    reach = getattr(client, method)
    answer = reach(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={address}")
    client.force_login(User.objects.create_user("outsider"))
    assert reach(address).status_code == 302
    client.force_login(person("Desk reader"))
    assert reach(address).status_code == 200


@pytest.mark.urls(__name__)
def test_a_page_that_nobody_named_asks_for_the_second_factor_too(client, person, settings):
    settings.DESK_REQUIRES_TWO_FACTORS = True
    client.force_login(person("Administrator"))
    assert client.get("/forgotten")["Location"] == "/admin/login/?next=/forgotten"


def test_public_pages_pay_nothing_for_the_closed_ones(client, person, django_assert_num_queries):
    client.force_login(person("Editor"))
    answers = [client.get("/about")]  # as it is drawn, and as it is kept
    with django_assert_num_queries(0):
        answers.append(client.get("/about"))
    for answer in answers:
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
    assert client.get("/nowhere").status_code == 404


def test_a_stranger_is_asked_to_log_in_everywhere(client, addresses):
    for name, address in addresses.items():
        for reach in (client.get, client.post):
            answer = reach(address)
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/admin/login/"), name


@pytest.mark.parametrize("role", ["", *EVERY_ROLE])
def test_each_role_gets_where_it_may_and_nowhere_else(client, person, addresses, role, request):
    walker = person(role, name="walker")
    client.force_login(walker)
    assert client.get("/admin/").context["bar"].links or not role
    request.getfixturevalue("without_bar")
    may = walker.get_all_permissions()
    opened = {"get": set(), "post": set()}
    for method, names in opened.items():
        for name in tried(role, may, write=method == "post"):
            address = addresses[name]
            answer = getattr(client, method)(address)
            assert answer.status_code < 500, (method, name)
            if rights_to(name, write=method == "post") & may:
                names |= {name} if answer.status_code in (200, 302, 422) else set()
            else:
                assert answer.status_code in (403, 405), (method, name, answer.status_code)
    assert ("consent_change_health" in opened["get"]) == bool(role)
    assert "consent_change_health" not in opened["post"]
    assert "consent_change_dismiss" not in opened["get"]
    assert ("consent_change_dismiss" in opened["post"]) == (role not in ("", "Desk reader"))
    assert "consent_entry_undo" not in opened["get"]
    assert ("consent_entry_undo" in opened["post"]) == (role in ("Editor", "Administrator"))
    for names in opened.values():
        assert ("auth_user_changelist" in names) == (role == "Administrator")
        assert "consent_subscriber_changelist" not in names


def test_what_leads_on_leads_a_person_without_rights_nowhere(client, person, addresses):
    client.force_login(person(name="walker"))
    entry = Entry.objects.published().first()
    for app in ("consent", "platforms", "auth"):
        assert client.get(f"/admin/{app}/").status_code == 404
    query = "app_label=consent&model_name=entry&field_name=follows"
    assert client.get(f"/admin/autocomplete/?{query}").status_code == 403
    answer = client.get(f"/admin/consent/entry/{entry.pk}/", follow=True)
    assert answer.status_code == 403
    assert client.get("/admin/nowhere/").status_code == 404
