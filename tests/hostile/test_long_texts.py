"""Texts longer than any column, in each text field of each form: refused or cut, never a fault.

PostgreSQL refuses a text longer than its column, SQLite keeps it. So after each form the walk looks
for a text that is longer than its column.
"""

import datetime as dt
import re

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.validators import MaxLengthValidator
from django.db import connection, models, transaction
from django.db.models.functions import Length
from django.forms import CharField
from selectolax.lexbor import LexborHTMLParser

from consent.alerts.subscriptions import tokens
from consent.desk import site
from consent.models import Guide
from consent.open_data.registration import PARAMETERS
from tests.consent.alerts.readers import Clock, make_reader
from tests.consent.desk.conftest import person  # noqa: F401  (a fixture)
from tests.consent.desk.filling import fill
from tests.consent.desk.test_walk import addresses  # noqa: F401  (a fixture)
from tests.consent.desk.test_walk import models as models_of_admin
from tests.consent.desk.test_walk import routes as all_routes
from tests.pages import _sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.database]

START = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
#: Longer than the longest column of a text of limited length.
LONG = "a" * 1500
BY_TYPE = {"url": f"https://chirp.example/{LONG}", "email": f"{'a' * 300}@mail.example"}
TYPED = 'input[name]:not([type]), input[type="text"], input[type="search"], textarea[name]'
TEXTS = (
    f'{TYPED}, input[type="hidden"], input[type="url"], input[type="email"], input[type="password"]'
)
#: Sent back as they were shown: without them nothing else is looked at.
UNTOUCHED = ("csrfmiddlewaretoken", "started", "version", "seen", "reviewed", "act")


WRITES = re.compile(r'(?:INSERT INTO|UPDATE) "(\w+)"')


@pytest.fixture
def clock():
    with Clock(START) as clock:
        yield clock


def test_a_login_name_longer_than_any_is_refused_and_written_nowhere(client):
    for name in ("a" * 151, "a" * 256, LONG):
        answer = client.post("/admin/login/", {"username": name, "password": "a guess"})
        assert answer.status_code == 200
        assert "at most 150 characters" in answer.text
    assert not AccessAttempt.objects.exists()


def test_a_browser_that_names_itself_at_length_may_log_in(client):
    User.objects.create_superuser("ada", password="a right good password")
    headers = {"user-agent": LONG, "accept": LONG, "accept-language": LONG, "referer": LONG}
    for word, status in (("wrong", 200), ("a right good password", 302)):
        given = {"username": "ada", "password": word}
        assert client.post("/admin/login/", given, headers=headers).status_code == status
    assert overlong({AccessAttempt._meta.db_table}) == []


def test_every_form_of_readers_takes_or_refuses_long_texts(client, clock):
    reader = make_reader()
    fill(User.objects.create_superuser("ada"))
    guide = Guide.objects.published().first()
    confirming = tokens.issue(
        reader, "confirm", {"subjects": [["everything", ""]], "frequency": "daily"}, START
    )
    pages = [
        "/subscribe",
        "/report",
        "/report?about=/platforms",
        "/report/platform",
        f"/guides/{guide.slug}/answer",
        f"/guides/{guide.slug}",
        f"/alerts/{tokens.manage_text(reader)}",
        f"/u/{tokens.unsubscribe_text(reader.pk)}",
        f"/confirm/{tokens.link_text(confirming)}",
        "/checklist",
        "/admin/login/",
    ]
    seen = set()
    fields = [name for page in pages for name in walk(client, page, clock, seen)]
    assert {"about", "address", "name", "url", "username"} <= set(fields)


@pytest.mark.drill
def test_every_form_of_the_desk_takes_or_refuses_long_texts(client, addresses, clock, monkeypatch):  # noqa: F811
    client.force_login(User.objects.create_superuser("bob"))
    monkeypatch.setattr(site, "Bar", lambda request: None)
    own = {name: page for name, page in addresses.items() if name not in models_of_admin()}
    seen = set()
    fields = [name for page in own.values() for name in walk(client, page, clock, seen)]
    assert len(fields) > 40


def test_every_form_of_the_admin_has_the_limits_of_its_columns(rf):
    """These forms are of models, so their limits are enough: the walk above would take minutes."""
    request = rf.get("/")
    request.user = User.objects.create_superuser("ada")
    checked = set()
    for model, of_model in admin.site._registry.items():
        forms = [of_model.get_form(request, change=True)]
        forms += [each.get_formset(request).form for each in of_model.get_inline_instances(request)]
        for form in forms:
            for name, field in form.base_fields.items():
                columns = {each.name: each for each in form._meta.model._meta.concrete_fields}
                most = getattr(columns.get(name), "max_length", None)
                if most and isinstance(field, CharField):
                    limits = [
                        each for each in field.validators if each.__class__ is MaxLengthValidator
                    ]
                    own = name in (form._meta.fields or columns)
                    assert own or any(each.limit_value <= most for each in limits), (model, name)
                    checked.add((form._meta.model._meta.label, name))
    assert len(checked) > 20


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_every_parameter_of_the_api_takes_or_refuses_long_texts(client, name):
    routes = [route for route, known in all_routes() if known == name]
    path = "/" + re.sub(r"<[^>]+>", LONG, routes[0])
    for parameter in sorted(PARAMETERS[name]):
        assert client.get(path, {parameter: LONG}).status_code < 500, (path, parameter)


def walk(client, path, clock, seen):
    """Send each form of a page with each text of it too long, one at a time; return the fields."""
    page = client.get(path, follow=True)
    assert page.status_code < 500, path
    if "html" not in page.get("Content-Type", "") or page.status_code != 200:
        return []
    clock.move(seconds=60)
    fields = []
    for form in LexborHTMLParser(page.content).css("form"):
        target = form.attributes.get("action") or path
        sent = _sent_by(form)
        button = form.css_first("[type=submit][name], button[name]")
        pressed = (
            {button.attributes["name"]: button.attributes.get("value") or ""} if button else {}
        )
        for control in form.css(TEXTS):
            name = control.attributes.get("name")
            if not name or name in UNTOUCHED or target.startswith("http"):
                continue
            kind = (re.sub(r"\d+", "N", target.partition("?")[0]), re.sub(r"-\d+-", "-N-", name))
            if kind in seen:  # the same field for another record, or in another row
                continue
            seen.add(kind)
            fields.append(name)
            value = BY_TYPE.get(control.attributes.get("type"), LONG)
            answer = sent_and_undone(client, form, target, sent | {name: value} | pressed)
            assert answer.status_code < 500, (path, name)
    return fields


def sent_and_undone(client, form, target, fields):
    method = client.post if form.attributes.get("method") == "post" else client.get
    written = set()
    with transaction.atomic(), connection.execute_wrapper(noting(written)):
        answer = method(target, fields)
        found = overlong(written)
        transaction.set_rollback(True)
    assert found == [], (target, fields)
    return answer


def noting(written):
    """Note the tables that statements write."""

    def execute(execute, sql, params, many, context):
        if match := WRITES.match(sql):
            written.add(match[1])
        return execute(sql, params, many, context)

    return execute


def overlong(tables):
    """Texts in these tables that are longer than their column, which only SQLite stores."""
    if connection.vendor != "sqlite":
        return []
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.db_table in tables
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField) and field.max_length
        if model._base_manager.alias(length=Length(field.name))
        .filter(length__gt=field.max_length)
        .exists()
    ]
