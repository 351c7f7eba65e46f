"""Lists are rows, boxes and names of places at the desk and in the admin: nobody types JSON."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import RequestFactory
from django.urls import reverse

from consent.curation.record_decisions import differences
from consent.models import Branch, Control, Guide, Offer, Use
from platforms.models import Page, Platform
from tests.arranging import arranged
from tests.consent.desk.filling import fill
from tests.factories import (
    make_branch,
    make_change,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of
from tests.sweeps import some

pytestmark = pytest.mark.django_db

RANGE = {"startBefore": "h1", "endAfter": "footer"}
GERMAN = {
    "label": "Beiträge für Training",
    "path": "Einstellungen › Daten",
    "source": "https://x.example/de",
}
MALTESE = {"label": "Tagħlim", "path": "", "source": "https://x.example/mt"}


@pytest.fixture
def superuser(client):
    user = User.objects.create_superuser("root")
    client.force_login(user)
    return user


@pytest.fixture
def filled(superuser):
    """Records whose lists have something in them."""
    with arranged():
        platform = make_platform(
            aliases=["perch", 'The "Perch" app', "Ärger, GmbH"],
            plans=[
                {"name": "Free", "people": ["personal", "minors"], "paid": False},
                {"name": "Free, Pro", "aliases": ["Plus", "Pro"], "since": "2024-07"},
            ],
            parts=["Perch, Live"],
        )
        page = make_page(
            platform,
            select=["main", RANGE],
            remove=[".votes"],
            further_urls=[],
            places=["DE", "US-CA", "EEA"],
            except_places=["LI"],
        )
        use = make_use(platform, data_kinds=["public-posts", "chats"])
        branch = use.branches.get()
        branch.places, branch.except_places, branch.plans = ["EU"], ["DE", "FR"], ["Free, Pro"]
        branch.some_of, branch.people = [], ["personal", "minors"]
        branch.save()
        make_state(branch, "unclear")
        make_state(make_branch(use, some_of=["world"]), "unclear")
        control = make_control(use, former_labels=["Improve, the model", "Data sharing"])
        control.labels = {"de": GERMAN, "mt": MALTESE}
        control.save()
        Offer.objects.create(control=control, places=["US-CA"], people=["minors"], plans=["Free"])
        guide = make_guide(
            platform,
            control,
            plans=["Free"],
            before_you_start=["Log in.", "Open, then wait."],
            caveats=["Not what is trained already."],
            frictions=["several-places"],
        )
        make_source(None, guide=guide)
    return {
        Platform: platform,
        Page: page,
        Use: use,
        Control: control,
        Guide: platform.guides.get(),
    }


def pages_of(client, filled):
    """Every page of the admin with a form that this user may send: the model, and the page."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="root")
    for model in {**filled, **dict.fromkeys(some(admin.site._registry, 8))}:
        model_admin = admin.site._registry[model]
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if model_admin.has_add_permission(request):
            yield model, client.get(reverse(f"{name}_add"), follow=True)
        record = filled.get(model) or model._default_manager.order_by("pk").first()
        if record and model_admin.has_change_permission(request, record):
            yield model, client.get(reverse(f"{name}_change", args=[record.pk]), follow=True)


def forms_of(page):
    """All forms in the context of a page, those of rows and of rows to add too."""
    found = []
    for context in page.context:
        for value in context.flatten().values():
            value = getattr(value, "form", value)
            if isinstance(value, forms.BaseForm):
                found.append(value)
            formset = getattr(value, "formset", value)
            if isinstance(formset, forms.BaseFormSet):
                found += [*formset.forms, formset.empty_form]
    return found


def test_no_page_with_a_form_has_a_field_of_json(client, filled, superuser):
    with arranged():
        fill(superuser)  # a row of every model
    pages = list(pages_of(client, filled))
    seen = set()
    for model, page in pages:
        assert page.status_code == 200, model
        assert forms_of(page), model
        for form in forms_of(page):
            for name, field in form.fields.items():
                seen.add(name)
                assert not isinstance(field, forms.JSONField), (model, name)
        assert_no_json(page)
    lists = {
        *("aliases", "select", "remove", "further_urls", "places", "except_places", "some_of"),
        *("data_kinds", "people", "plans", "former_labels", "before_you_start", "caveats"),
        *("frictions", "labels"),
    }
    assert lists <= seen


def test_the_desks_own_forms_have_none_either(client, filled):
    change = make_change(filled[Page], "We train on nothing.", "We train on posts.")
    published = make_entry(filled[Platform])
    draft = make_entry(filled[Platform], status="draft", published_at=None)
    for place in (
        reverse("admin:consent_change_publish", args=[change.pk]),
        reverse("admin:consent_entry_publish", args=[draft.pk]),
        reverse("admin:consent_entry_revise", args=[published.pk]),
        reverse("admin:platforms_page_preview", args=[filled[Page].pk]),
        reverse("admin:consent_entry_write") + f"?platform={filled[Platform].slug}",
    ):
        page = client.get(place)
        for form in forms_of(page):
            assert not any(isinstance(each, forms.JSONField) for each in form.fields.values())
        assert_no_json(page)
        assert "js/desk-rows.js" in page.text, place


def test_who_only_looks_on_is_shown_no_json_either(client, filled, person):
    client.force_login(person("Desk reader", name="onlooker"))
    for model, record in filled.items():
        name = f"admin:{record._meta.label_lower.replace('.', '_')}_change"
        page = client.get(reverse(name, args=[record.pk]))
        shown = BeautifulSoup(page.content, "lxml").select_one("#content-main").get_text()
        assert not re.search(r"""\[["']|\["|\[\]|\{["']""", shown), model
    use = client.get(reverse("admin:consent_use_change", args=[filled[Use].pk])).text
    assert "public-posts<br>chats" in use


def assert_no_json(page):
    """No box of the page holds a list or an object as JSON."""
    for box in BeautifulSoup(page.content, "lxml").select("textarea, input[type=text][value]"):
        words = box.get_text() if box.name == "textarea" else box["value"]
        try:
            value = json.loads(words)
        except ValueError:
            continue
        assert not isinstance(value, list | dict), box


def test_a_form_posted_as_shown_changes_nothing(client, filled):
    for model, record in filled.items():
        before = values_of(record)
        assert any(isinstance(value, list) and value for value in before[0].values())
        saved = save(client, record)
        assert saved.status_code == 302, (model, errors_of(saved))
        assert values_of(record) == before, model


#: For each kind of list: what is typed into which form, and what is then stored.
TYPED = [
    (Platform, "aliases", ["perch", "", "Pike, the app"], ["perch", "Pike, the app"]),
    (Page, "places", ["Germany", "us-ca", "UK"], ["DE", "US-CA", "GB"]),
    (Page, "further_urls", ["", "{host}/2"], ["{host}/2"]),
    (Use, "data_kinds", ["public-posts", "images-and-video"], ["public-posts", "images-and-video"]),
    (Control, "former_labels", ["Improve"], ["Improve"]),
    (Guide, "caveats", ["One, and\nmore.", "Two."], ["One, and more.", "Two."]),
    (Guide, "frictions", ["needs-reason"], ["needs-reason"]),
]


def test_what_is_typed_into_rows_is_stored(client, filled):
    host = filled[Page].url.rstrip("/")
    filled[Page].except_places = []
    with arranged():
        filled[Page].save()
    for model, name, typed, stored in TYPED:
        record = filled[model]
        saved = save(client, record, **{name: [each.format(host=host) for each in typed]})
        assert saved.status_code == 302, (name, errors_of(saved))
        record.refresh_from_db()
        assert getattr(record, name) == [each.format(host=host) for each in stored]


def test_selectors_are_typed_as_such_or_as_ranges(client, filled):
    page = filled[Page]
    typed = {
        "select": ["", "#text"],
        "select_start_edge": ["startAfter", "startBefore"],
        "select_start": ["h1", ""],
        "select_end_edge": ["endBefore", "endBefore"],
        "select_end": ["footer", ""],
    }
    assert save(client, page, **typed).status_code == 302
    page.refresh_from_db()
    assert page.select == [{"startAfter": "h1", "endBefore": "footer"}, "#text"]


def labels_of(rows):
    """What is typed into the rows of labels: language, label, path and source of each."""
    names = ("labels_language", "labels", "labels_path", "labels_source")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def test_labels_in_other_languages_are_rows_and_their_change_is_a_decision_to_undo(client, filled):
    control = filled[Control]
    typed = [("fr", "Entraînement", "", "https://x.example/fr"), ("", "", "", "")]
    saved = save(client, control, **labels_of([("de", *GERMAN.values()), *typed]))
    assert saved.status_code == 302, errors_of(saved)
    control.refresh_from_db()
    french = {"label": "Entraînement", "path": "", "source": "https://x.example/fr"}
    assert control.labels == {"de": GERMAN, "fr": french}
    decision = control.decisions.get()
    assert [key for key, _, _ in differences(decision)] == ["labels"]
    page = client.get(reverse("admin:consent_control_change", args=[control.pk]))
    undo = BeautifulSoup(page.content, "lxml").select_one("form.desk-undo")
    client.post(undo["action"], fields_of(page, ".desk-undo [data-key=u]"))
    control.refresh_from_db()
    assert control.labels == {"de": GERMAN, "mt": MALTESE}


def test_a_language_has_one_label_and_none_is_without_the_english_one(client, filled):
    control = filled[Control]
    twice = save(client, control, **labels_of([("de", *GERMAN.values())] * 2))
    assert "There are two labels for one language: de." in twice.text
    unnamed = save(client, control, label="", name="A form")
    assert "Write the English label as well." in unnamed.text
    control.refresh_from_db()
    assert control.labels == {"de": GERMAN, "mt": MALTESE}


#: What is no item of a list, and what the page says about it.
WRONG = [
    (Page, "places", "Atlantis", "is no place that we know"),
    (Page, "further_urls", "no address", "Write a whole web address"),
    (Page, "select_start", "h2", "both ends of a range"),
    (Use, "branches-0-places", "UKK", "is no place that we know"),
    (Control, "labels_source", "no address", "Enter a valid URL"),
    (Control, "labels", "", "Write the label as the product has it"),
    (Control, "labels_language", "", "Choose the language"),
]


def test_what_is_no_item_is_named_with_its_row_and_nothing_typed_is_lost(client, filled):
    for model, name, wrong, says in WRONG:
        record = filled[model]
        before = values_of(record)
        beside = "note" if model is Control else "title"
        page = save(client, record, **{name: [wrong], beside: "Typed beside it"})
        assert page.status_code == 200, name
        words, *_ = sorted(
            {
                words
                for errors in errors_of(page)
                for each in errors.values()
                for words in each
                if says in words
            }
        )
        assert words.startswith("Row 1: "), name
        again = fields_of(page, "[name=_save]")
        assert wrong in again[name], name
        assert again[beside] == "Typed beside it"
        assert values_of(record) == before


def values_of(record):
    """The stored values of a record and of the branches or offers that belong to it."""
    rows = [record, *Branch.objects.filter(use__pk=record.pk), *Offer.objects.all()]
    return [
        {
            field.name: field.value_from_object(row)
            for field in row._meta.concrete_fields
            if not isinstance(field, models.DateTimeField)
        }
        for row in (type(row)._base_manager.get(pk=row.pk) for row in rows)
    ]


def save(client, record, **typed):
    """Post the form of a record as a person does, after typing; `__` stands for a hyphen."""
    place = reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])
    sent = fields_of(client.get(place), "[name=_save]")
    sent |= {name.replace("__", "-"): value for name, value in typed.items()} | {"_save": "1"}
    return client.post(place, sent)


def errors_of(page):
    return [form.errors for form in forms_of(page) if form.is_bound and form.errors]
