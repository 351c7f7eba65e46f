"""Nobody can change text, state or visibility of public records without a row in the log."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from consent.curation import decisions, drafts
from consent.desk.roles import ADMINISTRATOR, CURATOR, EDITOR, READER, ROLES
from consent.models import Change, Decision, Entry, Guide, GuideSurface, Use
from platforms.models import Page, Platform, RecordVersion
from tests.arranging import arranged
from tests.consent.desk.filling import fill
from tests.consent.public_rows import differing, public_rows
from tests.factories import make_control, make_entry, make_guide, make_page, make_state, make_use
from tests.pages import fields_of, press
from tests.sweeps import DRILL, some

# On PostgreSQL: tests/consent/models/test_guards.py and the rulings in tests/consent/curation.
pytestmark = pytest.mark.django_db

#: Who publishes; nobody else changes anything public, with or without a log.
PUBLISHING = {EDITOR, ADMINISTRATOR}


def whole_use(platform):
    """A use without faults, so that it can be saved."""
    use = make_use(platform, data_kinds=["chats"])
    make_state(use, "not-used")
    return use


@pytest.fixture
def records(person):
    """Return a public and a private row of every model in the admin."""
    fill(person("Administrator", name="filler"))
    platform = Platform.objects.get()
    with arranged():
        make_control(whole_use(platform))
        draft = make_guide(platform, status="draft")
        draft.pages.add(Page.objects.first())
        make_page(platform)
    public = public_rows()
    by_model = {}
    for model in admin.site._registry:
        if model._meta.app_label in ("consent", "platforms"):
            for record in model._base_manager.order_by("pk"):
                is_public = (model._meta.db_table, record.pk) in public
                by_model.setdefault((model, is_public), record)
    return list(by_model.values())


def place(record, name="change"):
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[record.pk])


def variants(page):
    """Yield each field of a form with another value that somebody could type instead."""
    tried = set()
    forms = LexborHTMLParser(page.content).css("form")
    form = next((form for form in forms if form.css_first("[name=_save]")), None)
    for control in form.css("[name]") if form else ():
        given = control.attributes
        name, kind, value = given["name"] or "", given.get("type") or "text", given.get("value")
        if kind in ("submit", "button", "file") or name in ("csrfmiddlewaretoken", "seen"):
            continue
        if name.endswith(("-MIN_NUM_FORMS", "-MAX_NUM_FORMS")):
            continue  # Django prints them for scripts and never reads what is sent back
        if "__prefix__" in name or name in tried:
            continue  # of the row that a script copies; the next box of the same field
        tried.add(name)
        if control.tag == "select":
            options = [option.attributes for option in control.css("option")]
            others = [it.get("value") or "" for it in options if "selected" not in it][:1]
            yield from ((name, [it] if "multiple" in given else it) for it in others)
        elif kind == "checkbox":
            yield name, None if "checked" in given else "on"
        elif kind == "hidden" or kind == "number":
            yield name, str(int(value or 0) + 1) if (value or "0").isdecimal() else "1"
        elif kind == "url" or name.endswith(("url", "homepage", "deep_link")):
            yield name, "https://elsewhere.example/"
        elif re.search(r"_on$|date", name):
            yield name, "2001-01-01"
        else:
            words = control.text() or value or ""
            yield name, '["another"]' if words.strip()[:1] in ("[", "{") else "another-word"


def log_rows():
    return RecordVersion.objects.count() + Decision.objects.count()


def try_out(client, address, sent, before):
    """Send a form, see which public rows differ and whether the log says so, and take it back.

    before: the public rows as they are whenever a form is sent.
    """
    with transaction.atomic():
        logged = log_rows()
        answer = client.post(address, sent)
        changed = differing(before, public_rows())
        was_logged = log_rows() > logged
        transaction.set_rollback(True)
    return answer.status_code, changed, was_logged


# An editor has the forms of an administrator, with fewer fields. What others may not do is forged
# below, and asked of each address in test_walk.py.
@pytest.mark.usefixtures("without_bar")
@pytest.mark.parametrize(
    "role",
    [
        role if role == ADMINISTRATOR else pytest.param(role, marks=pytest.mark.drill)
        for role in ROLES
        if role != EDITOR
    ],
)
def test_no_field_of_the_admin_changes_what_is_public_without_a_log(client, person, records, role):
    client.force_login(person(role, name="me"))
    tried, moved, before = 0, set(), public_rows()
    for record in records:
        page = client.get(place(record))
        tries = list(variants(page)) if page.status_code == 200 else []
        shown = fields_of(page, "[name=_save]") | {"_save": "Save"} if tries else {}
        for name, value in some(tries, 1):
            sent = {key: it for key, it in (shown | {name: value}).items() if it is not None}
            status, changed, told = try_out(client, place(record), sent, before)
            assert status in (200, 302, 403), (place(record), name)
            assert told or not changed, (place(record), name, value, changed)
            assert role in PUBLISHING or not changed, (place(record), name, value, changed)
            tried += 1
            moved |= {table for table, _ in changed}
    if role in PUBLISHING:
        # The walk reached fields that do change what readers see.
        reached = {
            *("consent_use", "consent_branch", "consent_state", "consent_control"),
            *("consent_controlsurface", "consent_guide", "platforms_platform"),
        }
        assert moved & reached
        assert reached <= moved or not DRILL
    assert tried or role == "Desk reader"


#: What a form does not show can be sent all the same.
FORGED = {
    "title": "Smuggled",
    "label": "Smuggled",
    "name": "Smuggled",
    "summary": "Smuggled",
    "slug": "smuggled",
    "status": "published",
    "listed": "on",
    "deep_link": "https://smuggled.example/",
    "verified_on": "2026-01-01",
    "surfaces-0-verified_on": "2026-01-01",
    "steps-0-act": "Smuggled",
    "branches-0-states-0-value": "not-used",
    "platform": "1",
    "guide": "1",
    "_save": "Save",
}


@pytest.mark.usefixtures("without_bar")
@pytest.mark.parametrize("role", [pytest.param(READER, marks=pytest.mark.drill), CURATOR])
def test_what_is_forged_changes_nothing_public(client, person, records, role):
    client.force_login(person(role, name="me"))
    before = public_rows()
    for record in records:
        page = client.get(place(record))
        shown = {}
        if page.status_code == 200 and b'name="_save"' in page.content:
            shown = fields_of(page, "[name=_save]")
        _, changed, _ = try_out(client, place(record), shown | FORGED, before)
        assert not changed, place(record)
        _, changed, _ = try_out(client, place(record, "delete"), {"post": "yes"}, before)
        assert not changed, place(record)


@pytest.fixture
def curator(client, person):
    """A curator who decides on changes but may not publish."""
    user = person(CURATOR, name="carol")
    client.force_login(user)
    return user


def test_a_merged_change_that_is_reopened_does_not_rewrite_what_it_was_merged_into(
    client, curator, change
):
    published = make_entry(change.page.platform, title="What readers see")
    client.post(
        reverse("admin:consent_change_merge", args=[change.pk]), {"into": str(published.pk)}
    )
    change.refresh_from_db()
    assert change.entry == published
    client.post(reverse("admin:consent_change_reopen", args=[change.pk]))
    before = public_rows()
    page = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    answer = press(client, page, "draft", title="Rewritten")
    assert "The draft is saved" in answer.text
    assert public_rows() == before
    draft = Change.objects.get(pk=change.pk).entry
    assert (draft.status, draft.title) == ("draft", "Rewritten")
    assert draft != published


def test_a_change_that_had_a_draft_before_it_was_merged_gets_it_back(client, editor, change):
    draft = drafts.draft_entry(change)
    published = make_entry(change.page.platform)
    decisions.merge(change, into=published, curator=editor)
    decisions.reopen(change, curator=editor)
    change.refresh_from_db()
    assert change.entry == draft


def test_a_change_whose_draft_was_published_by_hand_meanwhile_gets_another(editor, change):
    draft = drafts.draft_entry(change)
    decisions.dismiss(change, curator=editor, reason="noise")
    decisions.publish_by_hand(draft, curator=editor)
    decisions.reopen(change, curator=editor)
    before = public_rows()
    assert drafts.draft_entry(Change.objects.get(pk=change.pk)) != draft
    assert public_rows() == before


def test_nothing_is_merged_into_what_is_not_public(client, editor, change):
    draft = make_entry(change.page.platform, status="draft", published_at=None)
    with pytest.raises(decisions.ValidationError, match="merged into what is published"):
        decisions.merge(change, into=draft, curator=editor)


def test_a_curator_edits_no_public_guide_and_walks_it_all_the_same(client, curator, change):
    guide = make_guide(change.page.platform)
    assert client.post(place(guide), {"title": "Smuggled"}).status_code == 403
    assert client.post(place(guide.surfaces.get()), {"surface": "ios"}).status_code == 403
    walk = client.get(reverse("admin:consent_guide_check", args=[guide.pk]))
    press(client, walk, "outcome", "still-right")
    assert guide.verifications.count() == 1
    assert RecordVersion.objects.get(act_kind="verification").by == curator


def test_a_curator_edits_a_draft_of_a_guide_and_does_not_make_it_public(client, curator, change):
    draft = make_guide(change.page.platform, status="draft")
    page = client.get(place(draft))
    assert 'name="status"' not in page.text
    press(client, page, "_save", title="Better words", status="published")
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("Better words", "draft")


def test_a_surface_stays_with_its_guide(client, editor, change):
    public, draft = (
        make_guide(change.page.platform, status=status) for status in ("published", "draft")
    )
    unwalked = draft.surfaces.get()
    page = client.get(place(unwalked))
    assert 'name="guide"' not in page.text
    press(client, page, "_save", surface="ios", guide=str(public.pk))
    assert GuideSurface.objects.get(pk=unwalked.pk).guide == draft


@pytest.mark.parametrize("make", [make_use, make_page])
def test_who_wants_no_second_reviewer_moves_nothing_to_another_platform(
    client, editor, change, make
):
    touchy = change.page.platform
    with arranged():
        Platform.objects.update(second_review=True)
        easy = Platform.objects.create(slug="easy", name="Easy", operator="Easy", category="social")
    record = make(touchy)
    page = client.get(place(record))
    assert 'name="platform"' not in page.text
    press(client, page, "_save", platform=str(easy.pk))
    assert type(record).objects.get(pk=record.pk).platform == touchy


@pytest.mark.parametrize("make", [whole_use, make_page])
def test_an_administrator_moves_it_and_the_log_says_so(client, person, change, make):
    client.force_login(person(ADMINISTRATOR, name="root-not"))
    with arranged():
        destination = Platform.objects.create(
            slug="o", name="Other", operator="O", category="social"
        )
    record = make(change.page.platform)
    press(client, client.get(place(record)), "_save", platform=str(destination.pk))
    assert type(record).objects.get(pk=record.pk).platform == destination
    kind = "edit" if make is make_page else "decision"
    versions = RecordVersion.objects.filter(act_kind=kind, kind=record._meta.model_name)
    assert versions.latest("number").record_id == record.pk


def test_a_use_with_faults_is_not_moved_either(client, person, change):
    client.force_login(person(ADMINISTRATOR, name="root-not"))
    with arranged():
        destination = Platform.objects.create(
            slug="o", name="Other", operator="O", category="social"
        )
    without_states = make_use(change.page.platform)
    press(client, client.get(place(without_states)), "_save", platform=str(destination.pk))
    assert Use.objects.get(pk=without_states.pk).platform == change.page.platform


def test_an_edit_of_what_is_public_is_logged_with_its_words(client, editor, change):
    platform = change.page.platform
    press(client, client.get(place(platform)), "_save", operator="After")
    logged = RecordVersion.objects.get(act_kind="edit")
    assert (logged.kind, logged.record_id, logged.version) == ("platform", platform.pk, 2)
    assert logged.by == editor
    assert logged.declaration["operator"] == "After"
    assert "After" in client.get(place(logged)).text


def test_saving_a_form_untouched_rules_nothing(client, editor, change):
    use = whole_use(change.page.platform)
    press(client, client.get(place(use)), "_save")
    assert not Decision.objects.exists()


def test_nothing_public_is_deleted_in_the_admin(client, change):
    client.force_login(User.objects.create_superuser("root"))
    records = [make_entry(change.page.platform), make_guide(change.page.platform)]
    for record in [*records, Use.objects.get(), change.page.platform]:
        assert client.post(place(record, "delete"), {"post": "yes"}).status_code == 403
        meta = record._meta
        chosen = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        client.post(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"), chosen)
        assert type(record).objects.filter(pk=record.pk).exists()
    assert Guide.objects.exists()
    assert Entry.objects.exists()
