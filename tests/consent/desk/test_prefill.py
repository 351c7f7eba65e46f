"""What the desk proposes is true: twenty practice cases with labels."""

import datetime as dt

import pytest
from django.urls import reverse

from consent.detection.changes import suggest_once
from consent.models import Entry
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_change,
    make_page,
    make_platform,
    make_state,
    make_use,
)
from tests.pages import press
from tests.practice.cases import CASES, arrange, labelled, published
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def test_there_are_twenty_cases():
    assert len({case["id"] for case in CASES}) == len(CASES) == 20


@pytest.mark.parametrize("case", some(CASES, 2), ids=lambda case: case["id"])
def test_what_is_published_with_the_proposal_ticked_equals_the_label(client, editor, case):
    """Open the form, tick what is proposed, fill in what is not, look, publish."""
    change = arrange(case)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    ticked, typed = ticks_and_words(form, labelled(case, change)["states"])
    assert len(ticked) <= 1
    look = press(client, form, "look", **ticked, **typed)
    assert look.status_code == 200, look.context["form"].errors
    doubts = " ".join(look.context["rehearsal"].doubts)
    for words in case["label"].get("doubts", ()):
        assert words in doubts
    press(client, look, "publish", "now")
    assert published(case, Entry.objects.published().get()) == labelled(case, change)


def ticks_and_words(form, labels):
    """Return the ticks of proposals, and what is typed for other states of the label."""
    ticked, typed = {}, {}
    for row in form.context["rows"]:
        rows = labels.get(row.use.slug) or [None] * len(row.states)
        for state, label in zip(row.states, rows, strict=True):
            assert label or not state.is_proposed
            if state.is_proposed:
                assert state.sentence
                ticked[f"{state.prefix}-agreed"] = "on"
            elif label:
                names = ("value", "starts_on", "since_is")
                typed |= {
                    f"{state.prefix}-{name}": each for name, each in zip(names, label, strict=True)
                }
    return ticked, typed


def test_a_proposal_that_nobody_ticks_opens_no_state(client, editor):
    case = next(each for each in CASES if any(map(any, each["label"]["states"].values())))
    change = arrange(case)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    look = press(client, form, "look")
    unticked = press(client, look, "publish", "now", checked=None)
    assert "No recorded use changes its state: is that so?" in unticked.text
    assert not Entry.objects.published().exists()
    press(client, unticked, "publish", "now")
    entry = Entry.objects.published().get()
    assert not entry.opened_states.exists()


def test_a_proposal_that_was_changed_must_be_ticked(client, editor):
    case = next(each for each in CASES if any(map(any, each["label"]["states"].values())))
    change = arrange(case)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    (state,) = [each for row in form.context["rows"] for each in row.states if each.is_proposed]
    changed = {f"{state.prefix}-value": "unclear"}
    refused = press(client, form, "look", **changed)
    assert "You changed the proposal" in refused.text
    look = press(client, refused, "look", **{f"{state.prefix}-agreed": "on"})
    press(client, look, "publish", "now")
    assert Entry.objects.published().get().opened_states.get().value == "unclear"


def test_words_that_name_no_plan_fill_in_no_branch_of_a_plan(client, editor):
    case = next(each for each in CASES if any(map(any, each["label"]["states"].values())))
    change = arrange(case)
    with arranged():
        for use in change.page.platform.uses.all():
            for branch in list(use.branches.all()):
                paid = make_branch(use, people=branch.people, plans=["Pro"])
                make_state(paid, branch.states.last().value, starts_on=dt.date(2018, 1, 1))
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    states = [each for row in form.context["rows"] for each in row.states]
    assert [each.branch.plans for each in states if each.is_proposed] == [[]]


def test_no_state_is_proposed_that_the_effects_contradict(client, editor):
    """Where words that ask for consent are found to introduce a use, a curator decides."""
    case = next(case for case in CASES if case["id"] == "no-date-stated")
    words = "We use the files that you upload to train our AI models only if you opt in."
    change = arrange(case | {"after": f"{case['before']}\n{words}\n"})
    change.suggestion.effects = ["use-introduced"]
    change.suggestion.save()
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    look = press(client, form, "look")
    assert look.status_code == 200, look.context["form"].errors
    assert not any(state.initial for row in form.context["rows"] for state in row.states)


def missing_of(client, sentence, **branch):
    with arranged():
        platform = make_platform("acme")
        use = make_use(platform, data_kinds=["private-messages"], **branch)
        make_state(use, "not-used")
        page = make_page(platform)
        use.pages.add(page)
    change = make_change(page, "It is free.", f"It is free.\n\n{sentence}")
    suggest_once(change.pk)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    return form.context["missing"]


def test_a_group_of_people_is_no_part_of_a_platform(client, editor):
    words = "We use messages that you exchange with End-Users to train our AI models."
    assert missing_of(client, words) == ""


def test_what_a_branch_is_for_is_not_missing(client, editor):
    words = "When you write in Acme Rooms, we use your messages to train our AI models."
    assert missing_of(client, words, who="People in Acme Rooms") == ""


def test_a_part_that_no_use_is_limited_to_is_named(client, editor):
    words = "When you write in Acme Rooms, we use your messages to train our AI models."
    assert missing_of(client, words).startswith("No use is limited to Acme Rooms")


def test_the_words_are_quoted_where_the_platform_has_no_use_yet(client, editor):
    change = make_change(make_page(make_platform()), "It is free.", "We train AI on your posts.")
    suggest_once(change.pk)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    assert form.context["form"]["quote"].value() == "We train AI on your posts."
