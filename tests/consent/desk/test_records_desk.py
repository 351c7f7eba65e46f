"""Uses, controls and guides at the desk: edit, publish, withdraw and undo."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consent.desk.roles import CURATOR
from consent.models import Control, Decision, Reference, State, Use
from consent.vocabulary import Ruling, StateValue
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of, press

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = pytest.mark.django_db


def place(record, name="change"):
    return reverse(f"admin:consent_{record._meta.model_name}_{name}", args=[record.pk])


@pytest.fixture
def platform():
    return make_platform("chirp", plans=[{"name": "Free"}, {"name": "Pro"}])


@pytest.fixture
def use(platform):
    """A public use with two branches; in the EU it is not used."""
    with arranged():
        use = make_use(
            platform,
            title="Your posts train Perch",
            title_if_not="Your posts do not train Perch",
            data_kinds=["public-posts"],
            except_places=["EU"],
        )
        elsewhere = make_branch(use, places=["EU"])
        make_state(use, StateValue.UNLESS_REFUSED, starts_on=dt.date(2024, 7, 16))
        make_state(elsewhere, StateValue.NOT_USED)
    control = make_control(use, label="Block AI training", refuse="turn-on")
    with arranged():
        control.offers.create(except_places=["EU"])
    return use


def test_an_edit_of_what_readers_see_is_a_decision_that_the_bar_takes_back(client, editor, use):
    saved = press(client, client.get(place(use)), "_save", note="Since the last terms.")
    assert "errornote" not in saved.text
    use.refresh_from_db()
    decision = Decision.objects.get()
    assert (use.note, decision.ruling, decision.use) == ("Since the last terms.", "change", use)
    form = client.get(place(use))
    assert "Your last decision:</span> changed" in form.text
    client.post(place(use, "undo"))
    use.refresh_from_db()
    assert use.note == ""
    assert list(use.decisions.order_by("pk").values_list("ruling", flat=True)) == [
        Ruling.CHANGE,
        Ruling.UNDO,
    ]


def test_a_branch_and_its_states_are_written_on_the_page_of_the_use(client, editor, use):
    page = client.get(place(use))
    sent = fields_of(page, "[name=_save]") | {
        "branches-TOTAL_FORMS": "3",
        "branches-2-id": "",
        "branches-2-use": str(use.pk),
        "branches-2-places": ["gb", "US-CA"],
        "branches-2-people": ["personal", "creators"],
        "branches-2-plans": ["Free", "Pro"],
        "branches-2-states-TOTAL_FORMS": "2",
        "branches-2-states-INITIAL_FORMS": "0",
        "branches-2-states-0-value": "not-offered",
        "branches-2-states-0-starts_precision": "day",
        "branches-2-states-0-since_is": "exact",
        "branches-2-states-1-value": "only-if-agreed",
        "branches-2-states-1-starts_on": "2025-03-15",
        "branches-2-states-1-starts_precision": "month",
        "branches-2-states-1-since_is": "at-latest",
        "branches-0-except_places": ["EU", "UK", "US-CA"],
        "_save": "Save",
    }
    answer = client.post(place(use), sent)
    assert answer.status_code == 302, answer.context["errors"]
    branch = use.branches.last()
    assert (branch.places, branch.plans) == (["GB", "US-CA"], ["Free", "Pro"])
    assert branch.people == ["personal", "creators"]
    assert [(state.value, state.starts_on, state.since_is) for state in branch.states.all()] == [
        ("not-offered", None, "exact"),
        ("only-if-agreed", dt.date(2025, 3, 1), "at-latest"),
    ]
    assert Decision.objects.get().ruling == Ruling.CHANGE
    client.post(place(use, "undo"))
    assert use.branches.count() == 2
    assert use.branches.first().except_places == ["EU"]


def open_states(page):
    """The words of branches and states that are unfolded, for each branch of the page."""
    branches = BeautifulSoup(page.content, "lxml").select(".inline-related:not(.empty-form)")
    folds = [branch.select("details.desk-branch, details.desk-use") for branch in branches]
    return [[each.summary.text for each in found if each.has_attr("open")] for found in folds]


def test_branches_and_states_are_folded_until_somebody_works_on_them(client, editor, use):
    page = client.get(place(use))
    assert "On unless you refuse, since 2024-07-16" in page.text
    assert open_states(page) == [[], []]
    typed = {"branches-0-states-0-starts_on": "16.7.2024", "branches-0-states-0-disputed": "on"}
    sent = fields_of(page, "[name=_save]") | typed | {"_save": "Save"}
    words = "On unless you refuse, since 2024-07-16"
    assert open_states(client.post(place(use), sent)) == [[words, words], []]
    address = f"{reverse('admin:consent_use_add')}?platform={use.platform_id}"
    assert open_states(client.get(address)) == [["Its states", "One more state"]]


#: What cannot be in the form of a use, and what the page says about it.
WRONG_USE = [
    ({"title": "Block AI training"}, "begins like a switch"),
    ({"branches-1-places": "UK-ENG"}, "write GB-ENG"),
    ({"branches-1-places": "Europe"}, "is no place that we know"),
    ({"branches-1-places": ["Germany", "DE"]}, "DE twice"),
    ({"branches-1-people": []}, "This field is required"),
    ({"branches-1-places": "US"}, "both speak of personal"),
    ({"branches-0-states-0-disputed": "on"}, "Say how the sources disagree"),
    ({"branches-0-states-0-value": "no-way-out"}, "is offered"),
    ({"branches-0-states-0-DELETE": "on"}, "at least one state"),
]


def test_what_cannot_be_is_named_and_nothing_typed_is_lost(client, editor, use):
    shown = fields_of(client.get(place(use)), "[name=_save]") | {"_save": "Save"}
    valid = {"note": "Words that must survive", "branches-0-note": "These too"}
    for typed, said in WRONG_USE:
        refused = client.post(place(use), shown | valid | typed)
        assert refused.status_code == 200, typed
        assert said in refused.text, typed
        for words in (*valid.values(), *filter(None, typed.values())):
            assert (words if isinstance(words, str) else words[0]) in refused.text, typed
    assert not Decision.objects.exists()
    use.refresh_from_db()
    assert use.note == ""


def test_the_second_of_two_who_move_its_states_is_told(client, editor, person, use):
    mine = fields_of(client.get(place(use)), "[name=_save]") | {"_save": "Save"}
    second_client = Client()
    second_client.force_login(person("Editor", name="bob"))
    theirs = mine | {"branches-0-states-0-starts_on": "2024-01-01"}
    theirs["seen"] = fields_of(second_client.get(place(use)), "[name=_save]")["seen"]
    assert second_client.post(place(use), theirs).status_code == 302
    refused = client.post(place(use), mine | {"branches-0-states-0-starts_on": "2025-01-01"})
    assert "Somebody else edited this" in refused.text
    assert State.objects.get(value="unless-refused").starts_on == dt.date(2024, 1, 1)


def test_a_new_control_is_a_draft_until_it_was_looked_at_and_published(client, editor, use):
    typed = {
        "platform": str(use.platform_id),
        "name": "Objection form <b>",
        "uses": [str(use.pk)],
        "refuse": "submit",
        "binding": None,
    }
    page = client.get(reverse("admin:consent_control_add"))
    saved = press(client, page, "_save", **typed)
    assert "It is a draft" in saved.text
    control = Control.objects.get(slug="objection-form-b")
    assert control.status == "draft"
    look = client.get(place(control, "publish"))
    assert "What readers will get" in look.text
    assert "Send the form: Objection form &lt;b&gt;" in look.text
    assert "Turn on <em>Block AI training</em>" in look.text
    assert "On unless you refuse" in look.text
    assert Control.objects.get(slug="objection-form-b").status == "draft"
    form = fields_of(look, "[name=version]")
    done = client.post(place(control, "publish"), form, follow=True)
    told = BeautifulSoup(done.content, "lxml").select_one(".messagelist")
    assert told.text.strip().startswith("Published: ")
    assert "Objection form &lt;b&gt;" in str(told)
    assert told.a["href"] == use.platform.get_absolute_url()
    control.refresh_from_db()
    assert control.status == "published"
    client.post(place(control, "undo"))
    control.refresh_from_db()
    assert control.status == "draft"


#: What cannot be in the form of a control, and what the page says about it.
WRONG_CONTROL = [
    ({"label": "", "name": ""}, "Write the exact words in the product here"),
    ({"label": "One", "name": "Two"}, "one of the two"),
    ({"refuse": ""}, "This field is required"),
    ({"refuse": "write"}, "to which address"),
    ({"refuse": "ask-admin"}, "an admin"),
    ({"slug": "SLUG-OF-USE"}, "vary it"),
    ({"uses": []}, "This field is required"),
]


def test_a_control_says_what_it_is_called_and_which_act_refuses(client, editor, use):
    control = Control.objects.get()
    shown = fields_of(client.get(place(control)), "[name=_save]") | {"_save": "Save"}
    for typed, said in WRONG_CONTROL:
        sent = {name: use.slug if it == "SLUG-OF-USE" else it for name, it in typed.items()}
        refused = client.post(place(control), shown | sent)
        assert refused.status_code == 200, typed
        assert said in refused.text, typed
    assert not Decision.objects.exists()


def test_what_is_not_complete_is_told_before_it_is_published(client, editor, platform):
    use = make_use(platform, status="draft", data_kinds=["chats"])
    make_state(use, StateValue.UNLESS_REFUSED)
    look = client.get(place(use, "publish"))
    assert "It cannot be published yet" in look.text
    assert "no control that reaches it is offered today. Publish a control first" in look.text
    assert "[name=version]" not in look.text


def test_what_is_withdrawn_needs_a_reason_and_says_so_in_the_log(client, editor, platform):
    guide = make_guide(platform, make_control(make_use(platform)))
    page = client.get(place(guide, "withdraw"))
    assert "Say why" in press_withdraw(client, page, guide, reason=" ").text
    assert "Withdrawn" in press_withdraw(client, page, guide, reason="The form is gone.").text
    guide.refresh_from_db()
    assert (guide.status, guide.status_reason) == ("retracted", "The form is gone.")
    assert client.get(guide.get_absolute_url()).status_code in (404, 410)
    look = client.get(place(guide, "publish"))
    assert "withdrawn, ada: The form is gone." in look.text


def press_withdraw(client, page, record, **typed):
    form = fields_of(page, "[name=version]") | typed
    return client.post(place(record, "withdraw"), form, follow=True)


def test_a_stale_look_publishes_nothing(client, editor, platform):
    use = make_use(platform, status="draft", data_kinds=["chats"])
    make_state(use, StateValue.NOT_USED)
    stale = fields_of(client.get(place(use, "publish")), "[name=version]")
    Use.objects.update(title="Chats train Perch")
    refused = client.post(place(use, "publish"), stale)
    assert "Somebody else changed this" in refused.text
    use.refresh_from_db()
    assert use.status == "draft"


def test_who_may_not_publish_edits_drafts_alone(client, person, use, platform):
    client.force_login(person(CURATOR, name="carol"))
    draft = make_use(platform, status="draft", data_kinds=["chats"])
    make_state(draft, StateValue.NOT_USED)
    press(client, client.get(place(draft)), "_save", title="Chats train Perch")
    draft.refresh_from_db()
    assert draft.title == "Chats train Perch"
    for record, name in ((draft, "publish"), (use, "withdraw"), (use, "undo")):
        assert client.post(place(record, name)).status_code == 403
    assert client.post(place(use), {"title": "Smuggled"}).status_code == 403
    assert not Decision.objects.exists()


def test_nobody_takes_back_what_another_decided(client, editor, person, use):
    press(client, client.get(place(use)), "_save", note="Mine")
    second_client = Client()
    second_client.force_login(person("Editor", name="bob"))
    answer = second_client.post(place(use, "undo"), follow=True)
    assert "only undo your own last decision" in answer.text
    use.refresh_from_db()
    assert use.note == "Mine"


def test_the_words_of_a_source_are_typed_with_it(client, editor, platform):
    draft = make_entry(platform, status="draft", published_at=None, places=["DE"])
    make_source(draft)
    page = client.get(reverse("admin:consent_entry_change", args=[draft.pk]), follow=True)
    press(client, page, "draft", **{"sources-0-words": "We train on <b>posts</b>."})
    passage = draft.sources.get().passages.get()
    assert passage.words == "We train on <b>posts</b>."
    look = client.get(reverse("admin:consent_entry_publish", args=[draft.pk]))
    assert "We train on &lt;b&gt;posts&lt;/b&gt;." in look.text


def test_slugs_are_made_of_the_words_and_never_those_of_another(client, editor, use):
    with arranged():
        Use.objects.update(slug="posts-train-perch", former_slugs=["chats-train-perch"])
    typed = {"platform": str(use.platform_id), "purpose": "training", "covers": "Posts."}
    typed |= {"data_kinds": ["public-posts"], "title_if_not": "Nothing trains Perch"}
    for title, made in (
        ("Posts train Perch", "posts-train-perch-2"),
        ("Chats train Perch", "chats-train-perch-2"),
        ("Faces train Perch", "faces-train-perch"),
    ):
        page = client.get(reverse("admin:consent_use_add"))
        assert "slug" not in fields_of(page, "[name=_save]")
        saved = press(client, page, "_save", title=title, **typed)
        assert "It is a draft" in saved.text, saved.context["errors"]
        assert Use.objects.get(title=title).slug == made


def test_a_platform_and_a_law_get_their_slugs_from_their_names(client):
    client.force_login(User.objects.create_superuser("root"))
    for name, typed in (
        ("platforms_platform", {"operator": "Perch AG", "category": "social"}),
        ("consent_reference", {"kind": "law", "place": "Germany", "url": "https://law.example"}),
    ):
        page = client.get(reverse(f"admin:{name}_add"))
        place = {"homepage": "https://perch.example"} | typed
        saved = press(client, page, "_save", name="Perch & Co", **place)
        assert "was added successfully" in saved.text, saved.context["errors"]
    assert Platform.objects.get(name="Perch & Co").slug == "perch-co"
    assert Reference.objects.values_list("slug", "place").get() == ("perch-co", "DE")
