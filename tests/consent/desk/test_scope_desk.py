"""Plans, parts, ages, groups, reasons and short phrases are edited at the desk without a file."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse

from consent.models import Control, Use
from consent.vocabulary import Refuse, Route
from tests.arranging import arranged
from tests.factories import make_branch, make_control, make_platform, make_state, make_use
from tests.pages import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

PLANS = [
    {"name": "Free", "people": ["personal"], "paid": False},
    {"name": "Pro", "aliases": ["Plus", "Premium"], "people": ["personal"], "since": "2024-07"},
    {"name": "Work", "includes": ["Team"], "people": ["organisation"]},
    {"name": "Team", "people": ["organisation"], "kind": "contract"},
]


@pytest.fixture(autouse=True)
def superuser(client):
    client.force_login(User.objects.create_superuser("root"))


@pytest.fixture
def use():
    with arranged():
        platform = make_platform("chirp", plans=PLANS, parts=["Chirp Live"])
        use = make_use(platform, plans=["Pro"], data_kinds=["public-posts"])
        make_state(use, "unclear")
        elsewhere = make_branch(use, places=["EU"], people=["organisation"], plans=["Team"])
        make_state(elsewhere, "not-used")
    return use


def address(record):
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def save(client, record, **typed):
    sent = fields_of(client.get(address(record)), "[name=_save]")
    return client.post(address(record), sent | typed | {"_save": "Save"})


def mistakes(answer):
    assert answer.status_code == 200
    return answer.text


def test_the_plans_of_a_platform_are_rows(client, use):
    sent = fields_of(client.get(address(use.platform)), "[name=_save]")

    assert sent["plans"][:4] == ["Free", "Pro", "Work", "Team"]
    assert sent["plans_aliases"][1] == "Plus; Premium"
    assert sent["plans_paid"][:2] == ["no", ""]
    sent["plans"][4], sent["plans_people"][4] = "Max", "personal organisation"
    sent["plans_paid"][4], sent["plans_until"][4] = "yes", "2026"
    sent |= {"plans_complete": "on", "min_age": "13", "min_age_source": "https://chirp.example/t"}
    assert client.post(address(use.platform), sent | {"_save": "Save"}).status_code == 302
    use.platform.refresh_from_db()
    added = {"name": "Max", "people": ["personal", "organisation"], "paid": True, "until": "2026"}
    assert use.platform.plans == [*PLANS, added]
    assert (use.platform.plans_complete, use.platform.min_age) == (True, 13)


#: What cannot be in a row of plans: row, field, what is typed, and what the page says.
WRONG_PLANS = [
    (0, "plans_since", "July 2024", "write it as &#x27;2024&#x27;"),
    (0, "plans_includes", "Teem", "Free includes &#x27;Teem&#x27;; name another plan of it"),
    (0, "plans_aliases", "pro", "the name &#x27;Pro&#x27; is there twice"),
    (1, "plans_until", "2020", "ends 2020, not after it begins"),
]


def test_a_mistake_in_a_row_of_plans_is_told(client, use):
    shown = fields_of(client.get(address(use.platform)), "[name=_save]") | {"_save": "Save"}
    for place, field, typed, mistake in WRONG_PLANS:
        rows = [*shown[field][:place], typed, *shown[field][place + 1 :]]
        assert mistake in mistakes(client.post(address(use.platform), shown | {field: rows}))


def test_each_plan_is_folded_to_its_name(client, use):
    page = client.get(reverse("admin:platforms_platform_change", args=[use.platform_id]))
    folds = BeautifulSoup(page.content, "lxml").select(".field-plans details:not([open])")
    names = [fold.summary.text for fold in folds]
    assert names == [*(plan["name"] for plan in use.platform.plans), "One more", "One more"]
    assert folds[0].select_one("[name=plans]")["value"] == names[0]


def test_offers_and_surfaces_on_record_are_folded_and_those_of_a_new_control_open(client, use):
    control = make_control(use)
    stored = client.get(reverse("admin:consent_control_change", args=[control.pk]))
    new = client.get(f"{reverse('admin:consent_control_add')}?platform={use.platform_id}")
    folds = "details:not([open]) > summary > .inline-heading"
    found = BeautifulSoup(stored.content, "lxml").select(folds)
    assert [heading["id"] for heading in found] == ["surfaces-heading", "offers-heading"]
    assert not BeautifulSoup(new.content, "lxml").select(folds)


def test_a_plan_and_a_part_that_a_record_names_stay_in_their_lists(client, use):
    with arranged():
        Use.objects.update(part="Chirp Live")
    sent = fields_of(client.get(address(use.platform)), "[name=_save]")
    sent["plans"][1] = "Plus"
    sent["plans_aliases"][1] = ""
    sent["parts"] = ["", ""]

    shown = mistakes(client.post(address(use.platform), sent | {"_save": "Save"}))
    assert "Keep “Pro”: “" in shown
    assert "Keep “Chirp Live”: “" in shown


def test_an_age_needs_the_page_that_says_it(client, use):
    assert "Give the age and the page that says it" in mistakes(
        save(client, use.platform, min_age="16")
    )


def test_a_branch_names_listed_plans_for_its_people_only(client, use):
    unknown = save(client, use, **{"branches-0-plans": ["Premium", ""]})
    assert "No plan &#x27;Premium&#x27;; the list calls it &#x27;Pro&#x27;." in mistakes(unknown)
    of_others = save(client, use, **{"branches-0-plans": ["Team", ""]})
    assert "is for organisation, but this is for personal" in mistakes(of_others)


def test_an_offer_names_listed_plans_only(client, use):
    control = make_control(use)
    with arranged():
        control.offers.create(plans=["Pro"])

    assert "No plan &#x27;Max&#x27;" in mistakes(
        save(client, control, **{"offers-0-plans": ["Max", ""]})
    )


def test_who_why_earlier_and_short_are_stored(client, use):
    saved = save(
        client,
        use,
        **{
            "part": "Chirp Live",
            "short_en": "live posts",
            "short_de": "Live-Beiträge",
            "short_fr": "publications en direct",
            "titles_de": "Ihre Beiträge trainieren Chirp",
            "titles_de_if_not": "Ihre Beiträge trainieren Chirp nicht",
            "branches-0-who": "owners of Chirp Two",
            "branches-0-who_narrows": "on",
            "branches-0-adults": "on",
            "branches-0-states-0-why": "contradictory",
            "branches-0-states-0-said_by": "Chirp Labs",
        },
    )
    assert saved.status_code == 302, mistakes(saved)
    use.refresh_from_db()
    branch = use.branches.first()
    assert use.short == {
        "en": "live posts",
        "de": "Live-Beiträge",
        "fr": "publications en direct",
    }
    assert use.titles == {
        "de": {
            "title": "Ihre Beiträge trainieren Chirp",
            "title_if_not": "Ihre Beiträge trainieren Chirp nicht",
        }
    }
    assert (branch.who_narrows, branch.adults, use.part) == (True, True, "Chirp Live")
    state = branch.states.get()
    assert (state.why, state.said_by) == ("contradictory", "Chirp Labs")


#: What cannot be in the form of a use, and what the page says about it.
WRONG_USE = [
    ({"short_en": "live posts"}, "Write it in all languages: Deutsch, Français."),
    ({"part": "Chirp Studio"}, "Add “Chirp Studio” to the parts of Chirp first."),
    ({"branches-0-who_narrows": "on"}, "Say in words which part of these people it is."),
    (
        {"branches-0-adults": "on", "branches-0-people": ["personal", "minors"]},
        "It cannot be of adults only, and of minors.",
    ),
    ({"branches-1-states-0-why": "not-said"}, "Only an unclear state has a reason"),
    ({"branches-0-states-0-earlier": "gone"}, "Only a state in which data is not used"),
    ({"branches-1-states-0-earlier": "gone"}, "has earlier without a source"),
]


def test_what_cannot_be_is_told_and_not_stored(client, use):
    shown = fields_of(client.get(address(use)), "[name=_save]") | {"_save": "Save"}
    for typed, mistake in WRONG_USE:
        assert mistake in mistakes(client.post(address(use), shown | typed)), typed


def test_a_control_can_be_open_at_times_only(client, use):
    control = make_control(use)

    saved = save(client, control, frictions=["only-at-times"])
    assert saved.status_code == 302, mistakes(saved)
    control.refresh_from_db()
    assert control.frictions == ["only-at-times"]


def test_a_parameter_of_a_request_is_a_route_like_a_switch(use):
    assert Control(refuse=Refuse.SEND_PARAMETER).route == Route.SWITCH
